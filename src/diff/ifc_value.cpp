#include "diff/ifc_value.h"

#include <algorithm>
#include <vector>

#include "diff/step_text_internal.h"
#include "diff/unique_names_internal.h"
#include "step/token.h"
#include "text/json_writer.h"

namespace aecos::diff {
namespace {

using ifc::ClassTraits;
using ifc::Index;
using ifc::Model;
using ifc::no_instance;
using ifc::Role;
using step::TokenKind;
using text::json_quote;

constexpr int depth_max = 32;              // Of instances written out one in the other; beyond that, STEP text.
constexpr std::size_t parts_max = 20'000;  // How many of them; the same.
constexpr std::size_t nesting_max = 20;    // Of lists in one attribute; what is deeper is quoted as it stands.

// The position of the attribute "Name"; -1: the class has none.
int name_position(const ClassTraits& traits) {
  if (traits.entity == nullptr) return traits.role == Role::object ? 2 : -1;
  for (const std::string_view name : {"Name", "LayerSetName", "StyleName", "ProfileName", "ContextIdentifier"})
    if (const int at = schema::attribute_index(*traits.entity, name); at >= 0) return at;
  return -1;
}

std::string name_of(const Model& model, Index i) {
  const int at = name_position(model.traits(i));
  return at < 0 ? std::string() : model.text_attribute(i, static_cast<std::size_t>(at));
}

// "LayerSetName" -> "layerSetName".
std::string member_name(std::string_view attribute) {
  std::string name(attribute);
  if (!name.empty() && name[0] >= 'A' && name[0] <= 'Z') name[0] = static_cast<char>(name[0] + ('a' - 'A'));
  return name;
}

// Classes that are told by their attributes. Shapes and profiles are not, nor what is told by values of more than one
// type.
bool said_by_attribute(std::string_view keyword) {
  constexpr std::string_view beginnings[] = {
      "IFCMATERIAL",
      "IFCCLASSIFICATION",
      "IFCDOCUMENT",
      "IFCLIBRARY",
      "IFCPRESENTATIONSTYLEASSIGNMENT",
      "IFCSURFACESTYLE",
      "IFCCOLOUR",
      "IFCSIUNIT",
      "IFCUNITASSIGNMENT",
      "IFCCONVERSIONBASEDUNIT",
      "IFCMEASUREWITHUNIT",
      "IFCDERIVEDUNIT",
      "IFCMONETARYUNIT",
      "IFCDIMENSIONALEXPONENTS",
      "IFCPOSTALADDRESS",
      "IFCTELECOMADDRESS",
      "IFCPERSON",
      "IFCORGANIZATION",
      "IFCACTORROLE",
  };
  return std::any_of(std::begin(beginnings), std::end(beginnings),
                     [&](std::string_view beginning) { return keyword.starts_with(beginning); });
}

class Printer {
 public:
  explicit Printer(const Model& model) : model_(model) {}

  Value attribute(Index i, std::size_t at) {
    const auto attributes = model_.attributes(i);
    if (at >= attributes.size()) return std::nullopt;
    const ClassTraits& traits = model_.traits(i);
    return text(attributes[at], at < 64 && ((traits.unordered >> at) & 1U));
  }

  // One attribute as it stands in a file.
  Value text(std::string_view text, bool unordered) {
    if (text == "$" || text == "*" || text.empty()) return std::nullopt;
    const auto members = text.starts_with('(') ? step::split(text) : std::vector<std::string_view>();
    if (text.starts_with('(') && members.empty()) return std::nullopt;  // Empty as good as omitted.
    if (unordered) return collection(members);
    return tokens(text);
  }

  std::string instance(Index i) {
    if (model_.traits(i).rooted()) return rooted(i);
    if (depth_ >= depth_max || parts_left_ == 0) return as_step(i);
    --parts_left_;
    ++depth_;
    const Value found = known(i);
    --depth_;
    return found ? *found : as_step(i);
  }

  Value property(Index i) {
    const std::string& keyword = model_.file.keyword(i);
    const auto has = [&](std::string_view name) { return keyword == name; };
    if (has("IFCPROPERTYSINGLEVALUE") || has("IFCPROPERTYENUMERATEDVALUE") || has("IFCPROPERTYLISTVALUE"))
      return attribute(i, 2);
    if (has("IFCPROPERTYREFERENCEVALUE")) return attribute(i, 3);
    if (has("IFCPROPERTYBOUNDEDVALUE")) return bounded(i);
    if (has("IFCCOMPLEXPROPERTY")) return named_members(i, 3);
    if (has("IFCPHYSICALCOMPLEXQUANTITY")) return named_members(i, 2);
    if (keyword.starts_with("IFCQUANTITY")) return attribute(i, 3);
    return instance(i);
  }

  // {"name": value, ...} of the properties in an attribute.
  Value named_members(Index i, std::size_t at) {
    const auto attributes = model_.attributes(i);
    if (at >= attributes.size()) return std::nullopt;
    if (depth_ >= depth_max || parts_left_ == 0) return as_step(i);
    --parts_left_;
    ++depth_;
    std::string out = "{";
    UniqueNames names;
    for (const Index property_at : model_.references(attributes[at]))
      add_member(out, names.of(model_.text_attribute(property_at, 0)), property(property_at).value_or("null"));
    --depth_;
    return out += '}';
  }

  Value predefined_set(Index i) {
    const ClassTraits& traits = model_.traits(i);
    std::string out = "{";
    constexpr std::size_t own = 4;  // Behind GlobalId, OwnerHistory, Name, Description.
    const std::size_t count = model_.attributes(i).size();
    for (std::size_t k = own; k < count; ++k)
      if (const Value value = attribute(i, k); value)
        add_member(out,
                   traits.entity != nullptr && k < traits.entity->attributes.size()
                       ? std::string(traits.entity->attributes[k].name)
                       : attribute_place(model_, i, k),
                   *value);
    return out += '}';
  }

 private:
  static void add_member(std::string& out, std::string_view name, std::string_view json) {
    if (out.size() > 1) out += ',';
    out += json_quote(name);
    out += ':';
    out += json;
  }

  std::string collection(const std::vector<std::string_view>& members) {
    std::vector<std::string> parts;
    for (const std::string_view member : members) parts.push_back(text(member, false).value_or("null"));
    std::sort(parts.begin(), parts.end());
    std::string out = "[";
    for (const std::string& part : parts) {
      if (out.size() > 1) out += ',';
      out += part;
    }
    return out += ']';
  }

  // Typed values lose their type, or are an array where they hold several.
  std::string tokens(std::string_view text) {
    std::string out;
    std::vector<bool> silent;  // Per open parenthesis: whether it belongs to a typed value.
    step::Tokens tokens(text);
    bool typed = false;
    for (step::Token token = tokens.next(); token.kind != TokenKind::end; token = tokens.next()) {
      if (token.kind == TokenKind::open) {
        if (silent.size() >= nesting_max) return json_quote(text);
        silent.push_back(typed);
        if (!typed) out += '[';
      } else if (token.kind == TokenKind::close) {
        if (silent.empty()) return json_quote(text);
        if (!silent.back()) out += ']';
        silent.pop_back();
      } else if (token.kind == TokenKind::comma) {
        if (silent.empty() || silent.back()) return json_quote(text);  // No typed value of the standard has two.
        out += ',';
      } else if (token.kind != TokenKind::keyword) {
        out += scalar(token);
      }
      typed = token.kind == TokenKind::keyword;
    }
    return out;
  }

  std::string scalar(const step::Token& token) {
    switch (token.kind) {
      case TokenKind::reference: {
        const Index to = model_.reference(token.text);
        return to == no_instance ? "null" : instance(to);
      }
      case TokenKind::number:
        if (const auto number = plain_number(token.text)) return *number;
        return json_quote(token.text);
      case TokenKind::string:
        return json_quote(step::decode_string(token.text));
      case TokenKind::omitted:
      case TokenKind::derived:
        return "null";
      case TokenKind::enumeration:
        return enumeration(token.text);
      case TokenKind::binary:
        return json_quote(token.text.substr(1, token.text.size() - std::min<std::size_t>(2, token.text.size())));
      default:
        return json_quote(token.text);
    }
  }

  static std::string enumeration(std::string_view text) {
    if (text == ".T." || text == ".t.") return "true";
    if (text == ".F." || text == ".f.") return "false";
    return json_quote(text.size() < 2 ? text : text.substr(1, text.size() - 2));
  }

  // Absent: only STEP text says all of it.
  Value known(Index i) {
    const ClassTraits& traits = model_.traits(i);
    if (traits.role == Role::owner_history) return "null";
    const std::string& keyword = model_.file.keyword(i);
    if (keyword == "IFCLOCALPLACEMENT") return local_placement(i);
    if (keyword == "IFCAXIS2PLACEMENT3D" || keyword == "IFCAXIS2PLACEMENT2D") return axis_placement(i);
    if (keyword == "IFCCARTESIANPOINT" || keyword == "IFCDIRECTION") return attribute(i, 0);
    if (keyword == "IFCMATERIAL") return json_quote(model_.text_attribute(i, 0));
    if (said_by_attribute(keyword) && traits.role != Role::annotation) return by_attribute(i);
    return std::nullopt;
  }

  std::string rooted(Index i) {
    std::string out = "{";
    add_member(out, "globalId", json_quote(model_.global_id(i)));
    add_member(out, "class", json_quote(class_name(model_, i)));
    if (const std::string name = model_.name(i); !name.empty()) add_member(out, "name", json_quote(name));
    return out += '}';
  }

  std::string as_step(Index i) {
    std::string out = "{";
    add_member(out, "class", json_quote(class_name(model_, i)));
    // What a list repeats without end is not written without end.
    if (step_bytes_ > 1'000'000 + 4 * model_.file.text.size()) return out += '}';
    const std::string text = step_text(model_, i);
    step_bytes_ += text.size();
    add_member(out, "step", json_quote(text));
    return out += '}';
  }

  // {"relativeTo":…,"location":…,"axis":…,"refDirection":…}
  Value local_placement(Index i) {
    const auto attributes = model_.attributes(i);
    const Index relative = attributes.size() > 1 ? model_.reference(attributes[1]) : no_instance;
    if (relative == no_instance) return std::nullopt;
    std::string out = "{";
    if (const Index to = model_.reference(attributes[0]); to != no_instance) {
      const Index product = model_.is_placed(to) ? model_.by_token.find(model_.product_on(to)) : no_instance;
      add_member(out, "relativeTo", product != no_instance ? rooted(product) : instance(to));
    }
    return add_axes(relative, out) ? Value(out += '}') : std::nullopt;
  }

  Value axis_placement(Index i) {
    std::string out = "{";
    return add_axes(i, out) ? Value(out += '}') : std::nullopt;
  }

  bool add_axes(Index i, std::string& out) {
    const auto attributes = model_.attributes(i);
    const bool flat = model_.file.keyword(i) == "IFCAXIS2PLACEMENT2D";
    if (!flat && model_.file.keyword(i) != "IFCAXIS2PLACEMENT3D") return false;
    for (std::size_t k = 0; k < attributes.size(); ++k) {
      const Index to = model_.reference(attributes[k]);
      if (to == no_instance) continue;
      const std::string& keyword = model_.file.keyword(to);
      if (keyword != (k == 0 ? "IFCCARTESIANPOINT" : "IFCDIRECTION")) return false;
      const std::string_view name = k == 0 ? "location" : k == 1 && !flat ? "axis" : "refDirection";
      add_member(out, name, attribute(to, 0).value_or("null"));
    }
    return true;
  }

  // {"class":…,"forLayerSet":{…}}
  Value by_attribute(Index i) {
    const ClassTraits& traits = model_.traits(i);
    if (traits.entity == nullptr) return std::nullopt;
    std::string out = "{";
    add_member(out, "class", json_quote(traits.entity->name));
    for (std::size_t k = 0; k < traits.entity->attributes.size(); ++k)
      if (const Value value = attribute(i, k); value)
        add_member(out, member_name(traits.entity->attributes[k].name), *value);
    return out += '}';
  }

  Value bounded(Index i) {
    std::string out = "{";
    constexpr std::pair<std::string_view, std::size_t> places[] = {{"lower", 3}, {"upper", 2}, {"setPoint", 5}};
    for (const auto& [name, at] : places)
      if (const Value value = attribute(i, at); value) add_member(out, name, *value);
    return out.size() == 1 ? Value() : out += '}';
  }

  const Model& model_;
  int depth_ = 0;
  std::size_t parts_left_ = parts_max;
  std::size_t step_bytes_ = 0;
};

// Classes of relations, subclasses included, and what they say. The first that fits.
struct Meaning {
  std::string_view keyword;
  ChangeKind kind;
  std::string_view place;
};
constexpr Meaning meanings[] = {
    {"IFCRELCONTAINEDINSPATIALSTRUCTURE", ChangeKind::container, "Container"},
    {"IFCRELAGGREGATES", ChangeKind::container, "Parent"},
    {"IFCRELNESTS", ChangeKind::container, "Parent"},
    {"IFCRELASSOCIATESMATERIAL", ChangeKind::material, "Material"},
    {"IFCRELDEFINESBYTYPE", ChangeKind::retyped, "Type"},
    {"IFCRELASSOCIATESCLASSIFICATION", ChangeKind::reclassified, "Classification"},
    {"IFCRELASSIGNSTOGROUP", ChangeKind::group, "Group"},
    {"IFCRELVOIDSELEMENT", ChangeKind::relation, "Openings"},
    {"IFCRELPROJECTSELEMENT", ChangeKind::relation, "Projections"},
    {"IFCRELFILLSELEMENT", ChangeKind::relation, "Fills"},
    {"IFCRELCONNECTSPORTTOELEMENT", ChangeKind::relation, "Ports"},
    {"IFCRELCONNECTSPORTS", ChangeKind::relation, "Connections"},
    {"IFCRELCONNECTSELEMENTS", ChangeKind::relation, "Connections"},
    {"IFCRELSPACEBOUNDARY", ChangeKind::relation, "Boundaries"},
    {"IFCRELCOVERSBLDGELEMENTS", ChangeKind::relation, "Covers"},
    {"IFCRELCOVERSSPACES", ChangeKind::relation, "Covers"},
    {"IFCRELREFERENCEDINSPATIALSTRUCTURE", ChangeKind::relation, "References"},
    {"IFCRELASSOCIATESDOCUMENT", ChangeKind::relation, "Documents"},
};

const Meaning* meaning_of(const Model& model, Index relation) {
  const schema::Entity* const entity = model.traits(relation).entity;
  if (entity == nullptr || model.schema == nullptr) return nullptr;
  for (const Meaning& meaning : meanings) {
    const schema::Entity* const known = model.schema->entity(meaning.keyword);
    if (known != nullptr && entity->is_a(*known)) return &meaning;
  }
  return nullptr;
}

}  // namespace

std::string class_name(const Model& model, Index i) {
  const ClassTraits& traits = model.traits(i);
  return traits.entity != nullptr ? std::string(traits.entity->name) : model.file.keyword(i);
}

ChangeKind attribute_kind(const Model& model, Index i, std::size_t attribute) {
  const ClassTraits& traits = model.traits(i);
  if (traits.role == Role::relation) return ChangeKind::relation;
  if (traits.role != Role::object) return ChangeKind::resource;
  const std::string place = attribute_place(model, i, attribute);
  if (place == "Name" || attribute == 2) return ChangeKind::renamed;
  if (place == "Placement") return ChangeKind::moved;
  if (place == "Representation" || place == "RepresentationMaps") return ChangeKind::reshaped;
  if (place == "RepresentationContexts" || place == "UnitsInContext") return ChangeKind::resource;
  return ChangeKind::attribute;
}

ChangeKind relation_kind(const Model& model, Index relation) {
  const Meaning* const meaning = meaning_of(model, relation);
  return meaning == nullptr ? ChangeKind::relation : meaning->kind;
}

std::string relation_place(const Model& model, Index relation) {
  const Meaning* const meaning = meaning_of(model, relation);
  return meaning == nullptr ? class_name(model, relation) : std::string(meaning->place);
}

Index subject_of(const Model& model, Index relation) {
  const ClassTraits& traits = model.traits(relation);
  const auto attributes = model.attributes(relation);
  Index found = no_instance;
  int best = 0;
  constexpr std::size_t own = 4;
  for (std::size_t k = own; k < attributes.size(); ++k) {
    const auto targets = model.references(attributes[k]);
    if (targets.empty() || model.traits(targets.front()).role != Role::object) continue;
    int rank = 1;
    if (traits.entity != nullptr && k < traits.entity->attributes.size()) {
      const std::string_view name = traits.entity->attributes[k].name;
      rank = name.starts_with("Related") && targets.size() == 1 ? 4 : name.starts_with("Relating") ? 3 : 2;
    }
    if (rank > best) found = targets.front(), best = rank;
  }
  return found;
}

ElementRef element_ref(const Model& model, Index i) {
  const ClassTraits& traits = model.traits(i);
  if (traits.role == Role::object) return {model.global_id(i), class_name(model, i), model.name(i)};
  if (traits.role == Role::relation) {
    if (const Index subject = subject_of(model, i); subject != no_instance) return element_ref(model, subject);
    return {model.global_id(i), class_name(model, i), model.name(i)};
  }
  return {"", class_name(model, i), name_of(model, i)};
}

std::string attribute_place(const Model& model, Index i, std::size_t attribute) {
  const schema::Entity* const entity = model.traits(i).entity;
  if (entity == nullptr || attribute >= entity->attributes.size()) return "attribute " + std::to_string(attribute + 1);
  const std::string_view name = entity->attributes[attribute].name;
  return name == "ObjectPlacement" ? "Placement" : std::string(name);
}

Value attribute_value_json(const Model& model, Index i, std::size_t attribute) {
  return Printer(model).attribute(i, attribute);
}

Value instance_json(const Model& model, Index i) { return Printer(model).instance(i); }

Value property_json(const Model& model, Index property) { return Printer(model).property(property); }

Value property_set_json(const Model& model, Index set) {
  const ClassTraits& traits = model.traits(set);
  if (traits.properties < 0) return Printer(model).predefined_set(set);
  return Printer(model).named_members(set, static_cast<std::size_t>(traits.properties));
}

}  // namespace aecos::diff
