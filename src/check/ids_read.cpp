#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <map>

#include "check/ids_internal.h"
#include "step/file.h"
#include "xml/document.h"

namespace aecos::check {
namespace {

constexpr std::string_view ids_namespace = "http://standards.buildingsmart.org/IDS";
constexpr std::string_view xsd_namespace = "http://www.w3.org/2001/XMLSchema";
constexpr std::string_view xsi_namespace = "http://www.w3.org/2001/XMLSchema-instance";

using xml::local_name;
using xml::Node;
using xml::prefix_of;
using xml::trimmed;

bool is(Node node, std::string_view name, std::string_view space = ids_namespace) {
  return node.local_name() == name && node.space() == space;
}

// The elements of a node one after the other, as a sequence of XML Schema wants them.
class Children {
 public:
  explicit Children(Node parent) : at_(parent.first()) {}
  bool done() const { return !at_; }
  Node here() const { return at_; }
  // The element, if it is the next one.
  Node take(std::string_view name, std::string_view space = ids_namespace) {
    if (!at_ || !is(at_, name, space)) return {};
    const Node found = at_;
    at_ = at_.next();
    return found;
  }

 private:
  Node at_;
};

class Reader {
 public:
  explicit Reader(std::string_view xml) : xml_(xml) {}

  Result<Ids> run() {
    if (xml_.size() > most_bytes) return fault(0, "the file is larger than 16 MB; no list of requirements is");
    AECOS_TRY_ASSIGN(const xml::Document document, xml::Document::parse(xml_));
    const Node root = document.root();
    if (!is(root, "ids"))
      return fault(root, "the root is <" + std::string(root.name()) + ">, not <ids> of " + std::string(ids_namespace));
    AECOS_TRY(only_attributes(root, {}));
    AECOS_TRY(only_elements(root));
    Children children(root);
    const Node info = children.take("info"), list = children.take("specifications");
    if (!info) return fault(root, "<info> is missing");
    if (!list || !children.done())
      return fault(list ? children.here() : root, "<ids> holds <info> and <specifications>, and nothing else");
    AECOS_TRY(read_info(info));
    AECOS_TRY(read_specifications(list));
    return std::move(ids_);
  }

 private:
  Error fault(std::size_t offset, const std::string& what) const { return ids_fault(xml_, offset, what); }
  Error fault(Node node, const std::string& what) const { return fault(node.offset(), where_ + what); }
  Result<> only_attributes(Node node, std::initializer_list<std::string_view> names) const {
    for (const auto& [name, value] : node.attributes()) {
      if (name == "xmlns" || name.starts_with("xmlns:") || name.starts_with("xml:")) continue;
      if (!prefix_of(name).empty() && node.space_of(prefix_of(name)) == xsi_namespace) continue;
      if (std::find(names.begin(), names.end(), name) == names.end())
        return fault(node, "<" + std::string(node.name()) + "> has no attribute \"" + std::string(name) + "\"");
    }
    return {};
  }

  Result<> only_elements(Node node) const {
    if (!node.has_loose_text()) return {};
    return fault(node, "<" + std::string(node.name()) + "> has text between its elements");
  }

  Result<std::string> text_of(Node node) const {
    if (const Node child = node.first())
      return fault(child, "<" + std::string(node.name()) + "> holds text, not elements");
    return node.text();
  }

  Result<> read_info(Node info) {
    AECOS_TRY(only_attributes(info, {}));
    AECOS_TRY(only_elements(info));
    Children children(info);
    const Node title = children.take("title");
    if (!title) return fault(info, "<info> begins with <title>");
    AECOS_TRY_ASSIGN(ids_.title, text_of(title));
    for (const std::string_view name :
         {"copyright", "version", "description", "author", "date", "purpose", "milestone"}) {
      const Node node = children.take(name);
      if (!node) continue;
      AECOS_TRY_ASSIGN(const std::string text, text_of(node));
      if (name == "date" && !has_form("date", trimmed(text)))
        return fault(node, "<date> is \"" + text + "\", not a day like 2026-03-31");
      if (name == "author" && !is_address(text)) return fault(node, "<author> is \"" + text + "\", not a mail address");
    }
    if (!children.done())
      return fault(children.here(), "<" + std::string(children.here().name()) + "> is not allowed here in <info>");
    return {};
  }

  static bool is_address(std::string_view text) {
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos || at == 0 || text.find('@', at + 1) != std::string_view::npos) return false;
    const std::size_t point = text.find('.', at);
    return point != std::string_view::npos && point > at + 1 && point + 1 < text.size();
  }

  Result<> read_specifications(Node list) {
    AECOS_TRY(only_attributes(list, {}));
    AECOS_TRY(only_elements(list));
    Children children(list);
    while (const Node node = children.take("specification")) {
      if (ids_.specifications.size() == most_specifications)
        return fault(node,
                     "there are more than " + std::to_string(most_specifications) + " specifications; split the file");
      where_ = "specification \"" + std::string(node.attribute("name")).substr(0, 80) + "\": ";
      AECOS_TRY(read_specification(node));
      where_.clear();
    }
    if (!children.done())
      return fault(children.here(), "<" + std::string(children.here().name()) + "> is not a <specification>");
    if (ids_.specifications.empty()) return fault(list, "there is no <specification>");
    return {};
  }

  Result<> read_specification(Node node) {
    AECOS_TRY(only_attributes(node, {"name", "ifcVersion", "identifier", "description", "instructions"}));
    AECOS_TRY(only_elements(node));
    Specification specification;
    specification.offset = node.offset();
    if (!node.has("name")) return fault(node, "the attribute \"name\" is missing");
    specification.name = node.attribute("name");
    specification.identifier = node.attribute("identifier");
    specification.description = node.attribute("description");
    specification.instructions = node.attribute("instructions");
    AECOS_TRY(read_versions(node, specification));
    Children children(node);
    const Node applicability = children.take("applicability");
    if (!applicability) return fault(node, "<applicability> is missing");
    AECOS_TRY(read_occurs(applicability, specification));
    AECOS_TRY(read_applicability(applicability, specification));
    if (const Node requirements = children.take("requirements")) {
      AECOS_TRY(only_attributes(requirements, {"description"}));
      AECOS_TRY(read_requirements(requirements, specification));
    }
    if (!children.done())
      return fault(children.here(), "<" + std::string(children.here().name()) + "> is not allowed here");
    ids_.specifications.push_back(std::move(specification));
    return {};
  }

  Result<> read_versions(Node node, Specification& specification) const {
    std::string_view rest = trimmed(node.attribute("ifcVersion"));
    if (rest.empty()) return fault(node, "the attribute \"ifcVersion\" is missing: IFC2X3, IFC4 or IFC4X3_ADD2");
    while (!rest.empty()) {
      const std::string_view word = rest.substr(0, rest.find_first_of(" \t\r\n"));
      rest = trimmed(rest.substr(word.size()));
      const bool known = word == "IFC2X3" || word == "IFC4" || word == "IFC4X3_ADD2";
      if (!known) return fault(node, "ifcVersion \"" + std::string(word) + "\" is none of IFC2X3, IFC4, IFC4X3_ADD2");
      specification.versions.push_back(word == "IFC2X3" ? schema::Version::ifc2x3
                                       : word == "IFC4" ? schema::Version::ifc4
                                                        : schema::Version::ifc4x3);
    }
    return {};
  }

  Result<> read_occurs(Node node, Specification& specification) const {
    AECOS_TRY(only_attributes(node, {"minOccurs", "maxOccurs"}));
    // By the XML Schema maxOccurs would be 1 where it is left out, which IDS has no meaning for.
    const std::string low(node.attribute("minOccurs", "1"));
    const std::string high(node.attribute("maxOccurs", low == "1" ? "unbounded" : "1"));
    if (high == "unbounded" && (low == "1" || low == "0")) {
      specification.cardinality = low == "1" ? Cardinality::required : Cardinality::optional;
      return {};
    }
    if (low == "0" && high == "0") {
      specification.cardinality = Cardinality::prohibited;
      return {};
    }
    return fault(node, "minOccurs=\"" + low + "\" maxOccurs=\"" + high +
                           "\" means nothing in IDS; there are 1 and unbounded (required), 0 and unbounded (optional), "
                           "0 and 0 (prohibited)");
  }

  Result<> read_applicability(Node node, Specification& specification) {
    AECOS_TRY(only_elements(node));
    Children children(node);
    std::vector<Facet>& facets = specification.applicability;
    if (const Node entity = children.take("entity")) AECOS_TRY(read_facet(entity, false, facets));
    for (const std::string_view name : {"partOf", "classification", "attribute", "property", "material"})
      while (const Node facet = children.take(name)) AECOS_TRY(read_facet(facet, false, facets));
    if (!children.done())
      return fault(children.here(),
                   "<" + std::string(children.here().name()) + "> is not allowed here in <applicability>");
    return {};
  }

  Result<> read_requirements(Node node, Specification& specification) {
    AECOS_TRY(only_elements(node));
    for (Children children(node); !children.done();) {
      const Node facet = children.here();
      const std::string_view name = local_name(facet.name());
      if (!children.take(name))
        return fault(facet, "<" + std::string(facet.name()) + "> is not of the namespace of IDS");
      AECOS_TRY(read_facet(facet, true, specification.requirements));
    }
    return {};
  }

  Result<> read_facet(Node node, bool requirement, std::vector<Facet>& facets) {
    if (++facets_ > most_facets)
      return fault(node, "there are more than " + std::to_string(most_facets) + " facets; split the file");
    AECOS_TRY(only_elements(node));
    Facet facet;
    facet.offset = node.offset();
    facet.instructions = node.attribute("instructions");
    const std::string_view name = local_name(node.name());
    AECOS_TRY(read_facet_attributes(node, name, requirement, facet));
    Children children(node);
    if (name == "entity") {
      AECOS_TRY_ASSIGN(facet.what, read_entity(node, children));
    } else if (name == "attribute") {
      AttributeFacet attribute;
      AECOS_TRY(read_value(node, children, "name", true, attribute.name));
      AECOS_TRY(read_value(node, children, "value", false, attribute.value));
      facet.what = std::move(attribute);
    } else if (name == "property") {
      PropertyFacet property;
      AECOS_TRY(read_value(node, children, "propertySet", true, property.set));
      AECOS_TRY(read_value(node, children, "baseName", true, property.name));
      AECOS_TRY(read_value(node, children, "value", false, property.value));
      property.data_type = node.attribute("dataType");
      facet.what = std::move(property);
    } else if (name == "classification") {
      ClassificationFacet classification;
      AECOS_TRY(read_value(node, children, "value", false, classification.value));
      AECOS_TRY(read_value(node, children, "system", true, classification.system));
      facet.what = std::move(classification);
    } else if (name == "material") {
      MaterialFacet material;
      AECOS_TRY(read_value(node, children, "value", false, material.value));
      facet.what = std::move(material);
    } else if (name == "partOf") {
      AECOS_TRY_ASSIGN(facet.what, read_part_of(node, children));
    } else {
      return fault(node, "there is no facet <" + std::string(node.name()) + ">");
    }
    if (!children.done())
      return fault(children.here(),
                   "<" + std::string(children.here().name()) + "> is not allowed here in <" + std::string(name) + ">");
    facets.push_back(std::move(facet));
    return {};
  }

  Result<> read_facet_attributes(Node node, std::string_view name, bool requirement, Facet& facet) const {
    for (const auto& [key, value] : node.attributes()) {
      const bool known =
          (key == "relation" && name == "partOf") || (key == "dataType" && name == "property") ||
          (requirement && (key == "instructions" || (key == "cardinality" && name != "entity"))) ||
          (requirement && key == "uri" && (name == "classification" || name == "property" || name == "material")) ||
          key.starts_with("xmlns") || key.starts_with("xml:");
      if (!known)
        return fault(node, "<" + std::string(name) + "> has no attribute \"" + std::string(key) + "\"" +
                               (requirement ? "" : " in <applicability>"));
    }
    const std::string_view cardinality = node.attribute("cardinality", "required");
    if (cardinality == "optional" && name != "partOf") {
      facet.cardinality = Cardinality::optional;
    } else if (cardinality == "prohibited") {
      facet.cardinality = Cardinality::prohibited;
    } else if (cardinality != "required") {
      return fault(node,
                   "cardinality=\"" + std::string(cardinality) + "\" is not allowed in <" + std::string(name) + ">");
    }
    return {};
  }

  Result<EntityFacet> read_entity(Node node, Children& children) {
    EntityFacet entity;
    AECOS_TRY(read_value(node, children, "name", true, entity.name));
    AECOS_TRY(read_value(node, children, "predefinedType", false, entity.predefined_type));
    const std::string* const type = entity.predefined_type.simple();
    if (type != nullptr && type->empty()) entity.predefined_type = {};  // Asks for nothing.
    return entity;
  }

  Result<PartOfFacet> read_part_of(Node node, Children& children) {
    PartOfFacet part;
    static const std::map<std::string_view, std::uint8_t> relations = {
        {"IFCRELAGGREGATES", part_aggregates},
        {"IFCRELASSIGNSTOGROUP", part_group},
        {"IFCRELCONTAINEDINSPATIALSTRUCTURE", part_contained},
        {"IFCRELNESTS", part_nests},
        {"IFCRELVOIDSELEMENT IFCRELFILLSELEMENT", part_voids | part_fills}};
    if (node.has("relation")) {
      const std::string_view relation = node.attribute("relation");
      const auto found = relations.find(relation);
      if (found == relations.end())
        return fault(node, "relation=\"" + std::string(relation) + "\" is none of those that IDS follows");
      part.relations = found->second;
    }
    const Node entity = children.take("entity");
    if (!entity) return fault(node, "<partOf> holds an <entity>");
    AECOS_TRY(only_attributes(entity, {}));
    AECOS_TRY(only_elements(entity));
    Children inner(entity);
    AECOS_TRY_ASSIGN(part.whole, read_entity(entity, inner));
    if (!inner.done())
      return fault(inner.here(), "<" + std::string(inner.here().name()) + "> is not allowed here in <entity>");
    return part;
  }

  Result<> read_value(Node parent, Children& children, std::string_view name, bool needed, IdsValue& value) {
    const Node node = children.take(name);
    if (!node && needed)
      return fault(parent,
                   "<" + std::string(name) + "> is missing in <" + std::string(local_name(parent.name())) + ">");
    if (!node) return {};
    AECOS_TRY(only_attributes(node, {}));
    AECOS_TRY(only_elements(node));
    value.given = true;
    Children inner(node);
    if (const Node simple = inner.take("simpleValue")) {
      AECOS_TRY(only_attributes(simple, {}));
      AECOS_TRY_ASSIGN(const std::string text, text_of(simple));
      AECOS_TRY(add_literal(simple, text, value));
    } else if (const Node restriction = inner.take("restriction", xsd_namespace)) {
      AECOS_TRY(read_restriction(restriction, value));
    } else {
      return fault(node, "<" + std::string(name) + "> holds a <simpleValue> or an <xs:restriction>");
    }
    if (!inner.done()) return fault(inner.here(), "<" + std::string(name) + "> holds only one value");
    return {};
  }

  Result<> add_literal(Node node, const std::string& text, IdsValue& value) {
    if (++literals_ > most_literals)
      return fault(node, "there are more than " + std::to_string(most_literals) + " values; split the file");
    value.literals.push_back({text, ids_number(text)});
    return {};
  }

  Result<> read_restriction(Node node, IdsValue& value) {
    AECOS_TRY(only_attributes(node, {"base", "id"}));
    AECOS_TRY(only_elements(node));
    value.restricted = true;
    const std::string_view base = node.attribute("base");
    if (base.empty() || node.space_of(prefix_of(base)) != xsd_namespace)
      return fault(node, "the base \"" + std::string(base) + "\" of the restriction is no type of XML Schema");
    value.base = local_name(base);
    static constexpr std::string_view known = " string boolean date dateTime double duration integer time ";
    if (known.find(" " + value.base + " ") == std::string_view::npos)
      return fault(
          node,
          "the base \"" + std::string(base) +
              "\" is none of xs:string, xs:double, xs:integer, xs:boolean, xs:date, xs:dateTime, xs:time, xs:duration");
    bool any = false;
    for (Children children(node); !children.done();) {
      const Node part = children.here();
      const std::string_view name = local_name(part.name());
      if (!children.take(name, xsd_namespace))
        return fault(part, "<" + std::string(part.name()) + "> is not of the namespace of XML Schema");
      if (name == "annotation") continue;
      any = true;
      AECOS_TRY(read_part(part, name, value));
    }
    if (!any) return fault(node, "the restriction restricts nothing");
    if (value.min_length.value_or(0) > value.max_length.value_or(std::string::npos))
      return fault(node, "minLength is above maxLength");
    if (value.lower && value.upper) return check_bounds(node, value);
    return {};
  }

  Result<> check_bounds(Node node, const IdsValue& value) const {
    const bool numbers = value.lower->number && value.upper->number;
    const bool empty =
        numbers ? *value.lower->number > *value.upper->number || (*value.lower->number == *value.upper->number &&
                                                                  !(value.lower->inclusive && value.upper->inclusive))
                : value.lower->text > value.upper->text;
    if (empty && value.base != "duration") return fault(node, "no value is both " + in_words(value));
    return {};
  }

  Result<> read_part(Node node, std::string_view name, IdsValue& value) {
    AECOS_TRY(only_attributes(node, {"value", "fixed", "id"}));
    if (!node.has("value")) return fault(node, "<" + std::string(node.name()) + "> has no value");
    const std::string text(node.attribute("value"));
    const bool number = value.base == "double" || value.base == "integer";
    if (name == "enumeration") {
      if (!has_form(value.base, text)) return fault(node, "\"" + text + "\" is no xs:" + value.base);
      return add_literal(node, text, value);
    }
    if (name == "pattern") {
      if (number) return fault(node, "a pattern is for texts, not for xs:" + value.base);
      return add_pattern(node, text, value);
    }
    if (name.ends_with("clusive") && (name.starts_with("min") || name.starts_with("max"))) {
      if (value.base == "string" || value.base == "boolean")
        return fault(node, "xs:" + value.base + " has no order: " + std::string(name) + " does not apply");
      if (!has_form(value.base, text)) return fault(node, "\"" + text + "\" is no xs:" + value.base);
      std::optional<IdsValue::Bound>& bound = name.starts_with("min") ? value.lower : value.upper;
      if (bound) return fault(node, std::string(name) + " is one bound too many");
      bound = IdsValue::Bound{text, ids_number(text), name.ends_with("Inclusive")};
      return {};
    }
    return read_count(node, name, text, value);
  }

  Result<> read_count(Node node, std::string_view name, const std::string& text, IdsValue& value) const {
    const bool digits = name == "totalDigits" || name == "fractionDigits";
    std::optional<std::size_t>* const target = name == "length"           ? &value.length
                                               : name == "minLength"      ? &value.min_length
                                               : name == "maxLength"      ? &value.max_length
                                               : name == "totalDigits"    ? &value.total_digits
                                               : name == "fractionDigits" ? &value.fraction_digits
                                                                          : nullptr;
    if (target == nullptr) return fault(node, "<" + std::string(node.name()) + "> is not supported in a restriction");
    if (digits ? value.base != "double" && value.base != "integer" : value.base != "string")
      return fault(node, std::string(name) + " does not apply to xs:" + value.base);
    std::size_t count = 0;
    const std::string_view number = trimmed(text);
    const auto parsed = std::from_chars(number.data(), number.data() + number.size(), count);
    if (number.empty() || parsed.ptr != number.data() + number.size() || parsed.ec != std::errc())
      return fault(node, std::string(name) + " is \"" + text + "\", not a count");
    *target = count;
    return {};
  }

  Result<> add_pattern(Node node, const std::string& text, IdsValue& value) {
    auto found = patterns_.find(text);
    if (found == patterns_.end()) {
      if (patterns_.size() == most_patterns)
        return fault(node, "there are more than " + std::to_string(most_patterns) + " patterns; split the file");
      auto compiled = Pattern::compile(text);
      if (!compiled) return fault(node, compiled.error().message);
      found = patterns_.emplace(text, *std::move(compiled)).first;
      if (text.starts_with('^') || text.ends_with('$'))
        ids_.notes.push_back(
            where_ + "the pattern \"" + text +
            "\" has ^ or $, which XML Schema takes as plain characters; a pattern always is for the whole text");
    }
    value.patterns.push_back(found->second);
    return {};
  }

  std::string_view xml_;
  Ids ids_;
  std::string where_;
  std::map<std::string, Pattern> patterns_;
  std::size_t facets_ = 0, literals_ = 0;
};

}  // namespace

Error ids_fault(std::string_view xml, std::size_t offset, const std::string& what) {
  return {ErrorCode::invalid_input, step::position(xml, std::min(offset, xml.size())) + ": " + what};
}

Result<Ids> read_ids_structure(std::string_view xml) {
  Reader reader(xml);
  return reader.run();
}

Result<Ids> read_ids(std::string_view xml) {
  AECOS_TRY_ASSIGN(Ids ids, read_ids_structure(xml));
  AECOS_TRY(audit(ids, xml));
  return ids;
}

}  // namespace aecos::check
