// What the XML Schema of IDS cannot say: that classes, attributes, types and values exist in the schemas of IFC and fit
// each other. What no model could satisfy is a fault of the IDS, not of the model.

#include <algorithm>

#include "check/ids_classes.h"
#include "check/ids_internal.h"

namespace aecos::check {
namespace {

using schema::Attribute;
using schema::Entity;
using schema::Schema;
using schema::ValueKind;

// The value is one of that type, and restricted as that type is. Empty: it is; else what is wrong.
std::string misfit(const IdsValue& value, std::string_view base) {
  if (!value.given) return {};
  if (value.restricted)
    return value.base == base ? ""
                              : "the restriction is of xs:" + value.base + ", the value is an xs:" + std::string(base);
  const std::string& text = value.literals.front().text;
  if (has_form(base, text)) return {};
  std::string hint = base == "boolean" ? "; write true or false" : base == "double" ? "; write it like 42.3" : "";
  return "\"" + text + "\" is no xs:" + std::string(base) + hint;
}

bool is_empty(const IdsValue& value) { return value.simple() != nullptr && value.simple()->empty(); }

// The attributes of a class that a file holds, by the names asked for.
std::vector<const Attribute*> attributes_named(const IdsValue& name, const Entity& entity) {
  std::vector<const Attribute*> found;
  for (const Attribute& attribute : entity.attributes)
    if (!attribute.derived && matches(name, attribute.name)) found.push_back(&attribute);
  return found;
}

// Texts that were asked for and that no class has: an enumeration may not name what does not exist either.
bool has_attribute(std::string_view name, const std::vector<const Entity*>& entities) {
  return std::any_of(entities.begin(), entities.end(),
                     [&](const Entity* entity) { return schema::attribute_index(*entity, name) >= 0; });
}

// Classes that names are compared with, so that no file keeps a processor busy for long.
constexpr std::size_t most_work = 20'000'000;

class Audit {
 public:
  Audit(std::string_view xml, std::size_t& work) : xml_(xml), work_(work) {}

  Result<> run(const Specification& specification) {
    specification_ = &specification;
    if (specification.applicability.empty())
      return fault(specification.offset, "<applicability> is empty: it would be about everything in a model");
    if (specification.cardinality == Cardinality::prohibited && !specification.requirements.empty())
      return fault(specification.offset, "what is prohibited has no requirements: they would never be looked at");
    for (const schema::Version version : specification.versions) {
      schema_ = &schema::get(version);
      AECOS_TRY(look_at_classes());
      for (const Facet& facet : specification.applicability) AECOS_TRY(look_at(facet, false));
      for (const Facet& facet : specification.requirements) AECOS_TRY(look_at(facet, true));
    }
    return {};
  }

 private:
  Error fault(std::size_t offset, const std::string& what) const {
    return ids_fault(xml_, offset, "specification \"" + specification_->name.substr(0, 80) + "\": " + what);
  }
  Error fault(const Facet& facet, const std::string& what) const {
    return fault(facet.offset, std::string(facet_name(facet)) + ": " + what +
                                   (schema_ == nullptr ? "" : " (" + std::string(schema_->name()) + ")"));
  }

  Result<> count_work(const Facet& facet, std::size_t classes) const {
    work_ += classes;
    return work_ <= most_work ? Result<>()
                              : fault(facet, "there is too much in one file to hold it to the schemas; split it");
  }

  // The classes that the specification is about.
  Result<> look_at_classes() {
    classes_ = {};
    any_class_ = true;
    for (const Facet& facet : specification_->applicability) {
      const auto* const entity = std::get_if<EntityFacet>(&facet.what);
      if (entity == nullptr) continue;
      AECOS_TRY_ASSIGN(classes_, look_at_entity(facet, *entity));
      any_class_ = false;
    }
    if (any_class_)
      for (const Entity& entity : schema_->entities()) classes_.entities.push_back(&entity);
    return {};
  }

  Result<ClassSet> look_at_entity(const Facet& facet, const EntityFacet& entity) const {
    AECOS_TRY(count_work(facet, entity.name.restricted ? schema_->entities().size() : 1));
    if (is_empty(entity.name)) return fault(facet, "the name is empty");
    if (entity.name.restricted && entity.name.base != "string")
      return fault(facet, "names are restricted as xs:string");
    for (const IdsValue::Literal& literal : entity.name.literals) {
      IdsValue one;
      one.given = true;
      one.literals.push_back(literal);
      if (!classes_named(one, *schema_).empty()) continue;
      const Entity* const other = schema_->entity(literal.text);
      if (other != nullptr)
        return fault(facet,
                     "classes are written in upper case: " + std::string(other->keyword) + ", not " + literal.text);
      return fault(facet, "there is no class " + literal.text);
    }
    ClassSet found = classes_named(entity.name, *schema_);
    if (found.empty()) return fault(facet, "no class is " + in_words(entity.name));
    if (entity.predefined_type.given) AECOS_TRY(look_at_predefined_type(facet, entity.predefined_type, found));
    return found;
  }

  Result<> look_at_predefined_type(const Facet& facet, const IdsValue& value, const ClassSet& classes) const {
    bool any = false, open = false;
    std::vector<std::string_view> items;
    const auto add = [&](const Entity& entity) {
      const int at = schema::attribute_index(entity, "PredefinedType");
      if (at < 0) return;
      any = true;
      const schema::Type* const type = entity.attributes[static_cast<std::size_t>(at)].shape.type;
      if (type == nullptr) return;
      items.insert(items.end(), type->items.begin(), type->items.end());
      open = open || schema::has_item(*type, "USERDEFINED");
    };
    for (const Entity* const entity : classes.entities) add(*entity);
    for (const Entity* const entity : classes.typed_by) add(*entity);
    if (!any) return fault(facet, "this class has no predefined type");
    if (value.restricted && value.base != "string") return fault(facet, "predefined types are restricted as xs:string");
    if (open) return {};
    for (const IdsValue::Literal& literal : value.literals)
      if (std::find(items.begin(), items.end(), literal.text) == items.end())
        return fault(facet, "this class has no predefined type " + literal.text);
    if (std::none_of(items.begin(), items.end(), [&](std::string_view item) { return matches(value, item); }))
      return fault(facet, "this class has no predefined type " + in_words(value));
    return {};
  }

  Result<> look_at(const Facet& facet, bool requirement) const {
    if (const auto* const entity = std::get_if<EntityFacet>(&facet.what))
      return requirement ? look_at_required_entity(facet, *entity) : Result<>();
    if (const auto* const attribute = std::get_if<AttributeFacet>(&facet.what))
      return look_at_attribute(facet, *attribute);
    if (const auto* const property = std::get_if<PropertyFacet>(&facet.what)) return look_at_property(facet, *property);
    if (const auto* const part = std::get_if<PartOfFacet>(&facet.what)) return look_at_part(facet, *part);
    if (const auto* const material = std::get_if<MaterialFacet>(&facet.what))
      return look_at_names(facet, {&material->value}, material->value.given);
    const auto& classification = std::get<ClassificationFacet>(facet.what);
    const bool needed = requirement && facet.cardinality == Cardinality::required;
    if (needed && !can_be_classified()) return fault(facet, "what this is about cannot be classified");
    return look_at_names(facet, {&classification.system, &classification.value}, classification.value.given);
  }

  bool can_be_classified() const {
    return fits("IFCRELASSOCIATESCLASSIFICATION", "RelatedObjects", classes_) ||
           fits("IFCEXTERNALREFERENCERELATIONSHIP", "RelatedResourceObjects", classes_) ||
           fits("IFCMATERIALCLASSIFICATIONRELATIONSHIP", "ClassifiedMaterial", classes_);
  }

  // Values that are names in any case. Optional says nothing unless a value is asked for.
  Result<> look_at_names(const Facet& facet, std::initializer_list<const IdsValue*> values, bool has_value) const {
    for (const IdsValue* const value : values) {
      if (is_empty(*value)) return fault(facet, "a value is empty; leave it out, or ask for a pattern");
      if (value->restricted && value->base != "string")
        return fault(facet, "names are restricted as xs:string, not as xs:" + value->base);
    }
    if (facet.cardinality == Cardinality::optional && !has_value)
      return fault(facet, "what is optional and has no value can never fail");
    return {};
  }

  Result<> look_at_required_entity(const Facet& facet, const EntityFacet& entity) const {
    AECOS_TRY_ASSIGN(const ClassSet wanted, look_at_entity(facet, entity));
    const auto both = [](const std::vector<const Entity*>& a, const std::vector<const Entity*>& b) {
      return std::any_of(a.begin(), a.end(),
                         [&](const Entity* one) { return std::find(b.begin(), b.end(), one) != b.end(); });
    };
    if (!both(wanted.entities, classes_.entities) && !both(wanted.typed_by, classes_.typed_by))
      return fault(facet, "nothing that this is about can be " + in_words(entity.name) + "; subclasses do not count");
    return {};
  }

  Result<> look_at_attribute(const Facet& facet, const AttributeFacet& attribute) const {
    if (attribute.name.restricted && attribute.name.base != "string")
      return fault(facet, "names are restricted as xs:string");
    AECOS_TRY(count_work(facet, classes_.entities.size()));
    std::vector<const Entity*> entities = classes_.entities;
    entities.insert(entities.end(), classes_.typed_by.begin(), classes_.typed_by.end());
    for (const IdsValue::Literal& literal : attribute.name.literals)
      if (!has_attribute(literal.text, entities))
        return fault(facet, "no class that this is about has an attribute \"" + literal.text +
                                "\"; inverse and derived ones cannot be checked");
    if (facet.cardinality == Cardinality::optional && (!attribute.value.given || is_empty(attribute.value)))
      return fault(facet, "what is optional and has no value can never fail");
    std::vector<std::string_view> bases;
    bool any = false;
    for (const Entity* const entity : entities) {
      for (const Attribute* const found : attributes_named(attribute.name, *entity)) {
        any = true;
        const std::string_view base = xsd_base(found->shape);
        if (!base.empty() && std::find(bases.begin(), bases.end(), base) == bases.end()) bases.push_back(base);
      }
    }
    if (!any)
      return fault(facet, "no class that this is about has an attribute " + in_words(attribute.name) + " in its files");
    if (!attribute.value.given) return {};
    if (bases.empty())
      return fault(facet, "values of \"" + in_words(attribute.name) +
                              "\" cannot be checked: they are objects, lists or of several types");
    std::string wrong;
    for (const std::string_view base : bases) {
      wrong = misfit(attribute.value, base);
      if (wrong.empty()) return {};
    }
    return fault(facet, in_words(attribute.name) + ": " + wrong);
  }

  Result<> look_at_property(const Facet& facet, const PropertyFacet& property) const {
    if (is_empty(property.set) || is_empty(property.name))
      return fault(facet, "the name of the property or of its set is empty");
    for (const IdsValue* const name : {&property.set, &property.name})
      if (name->restricted && name->base != "string") return fault(facet, "names are restricted as xs:string");
    const bool typed = !property.data_type.empty();
    if (property.value.given && !typed) return fault(facet, "a value needs a dataType");
    if (facet.cardinality == Cardinality::optional && !typed)
      return fault(facet, "what is optional and has no dataType can never fail");
    if (!typed) return {};
    const schema::Type* const type = schema_->type(property.data_type);
    if (type == nullptr || type->keyword != property.data_type)
      return fault(facet, "there is no dataType " + property.data_type + (type ? "; it is written in upper case" : ""));
    const std::string_view base = xsd_base(*type);
    if (base.empty())
      return property.value.given || type->shape.kind == ValueKind::select
                 ? fault(facet, "values of " + property.data_type + " cannot be checked")
                 : Result<>();
    const std::string wrong = misfit(property.value, base);
    if (!wrong.empty()) return fault(facet, in_words(property.name) + " (" + property.data_type + "): " + wrong);
    return look_at_items(facet, property, *type);
  }

  // A value of an enumeration is one of its items.
  Result<> look_at_items(const Facet& facet, const PropertyFacet& property, const schema::Type& type) const {
    if (type.shape.kind != ValueKind::enumeration) return {};
    for (const IdsValue::Literal& literal : property.value.literals)
      if (!schema::has_item(type, literal.text) && property.set.simple() == nullptr)
        return fault(facet, property.data_type + " has no item " + literal.text);
    return {};
  }

  Result<> look_at_part(const Facet& facet, const PartOfFacet& part) const {
    AECOS_TRY_ASSIGN(const ClassSet wholes, look_at_entity(facet, part.whole));
    struct Relation {
      std::uint8_t flag;
      std::string_view keyword, whole, part;
    };
    static constexpr Relation relations[] = {
        {part_aggregates, "IFCRELAGGREGATES", "RelatingObject", "RelatedObjects"},
        {part_group, "IFCRELASSIGNSTOGROUP", "RelatingGroup", "RelatedObjects"},
        {part_contained, "IFCRELCONTAINEDINSPATIALSTRUCTURE", "RelatingStructure", "RelatedElements"},
        {part_nests, "IFCRELNESTS", "RelatingObject", "RelatedObjects"},
        {part_voids, "IFCRELVOIDSELEMENT", "RelatingBuildingElement", "RelatedOpeningElement"},
        {part_fills, "IFCRELFILLSELEMENT", "RelatingOpeningElement", "RelatedBuildingElement"}};
    bool whole_fits = false, part_fits = false;
    for (const Relation& relation : relations) {
      if ((part.relations & relation.flag) == 0) continue;
      whole_fits = whole_fits || fits(relation.keyword, relation.whole, wholes);
      part_fits = part_fits || fits(relation.keyword, relation.part, classes_);
    }
    if (!whole_fits) return fault(facet, "nothing can be part of " + in_words(part.whole.name) + " by this relation");
    if (!part_fits) return fault(facet, "what this is about cannot be part of anything by this relation");
    return {};
  }

  bool fits(std::string_view keyword, std::string_view end, const ClassSet& classes) const {
    const Entity* const relation = schema_->entity(keyword);
    const int at = relation == nullptr ? -1 : schema::attribute_index(*relation, end);
    if (at < 0) return false;
    const schema::Shape& shape = relation->attributes[static_cast<std::size_t>(at)].shape;
    if (!classes.typed_by.empty()) return true;
    return std::any_of(classes.entities.begin(), classes.entities.end(), [&](const Entity* entity) {
      return shape.entity != nullptr ? entity->is_a(*shape.entity)
                                     : shape.type != nullptr && schema_->accepts(*shape.type, *entity);
    });
  }

  std::string_view xml_;
  std::size_t& work_;  // Classes that were looked at, for the whole file.
  const Specification* specification_ = nullptr;
  const Schema* schema_ = nullptr;
  ClassSet classes_;
  bool any_class_ = false;
};

}  // namespace

Result<> audit(Ids& ids, std::string_view xml) {
  std::size_t work = 0;
  for (const Specification& specification : ids.specifications) AECOS_TRY(Audit(xml, work).run(specification));
  return {};
}

std::string_view facet_name(const Facet& facet) {
  static constexpr std::string_view names[] = {"entity",         "attribute", "property",
                                               "classification", "material",  "partOf"};
  return names[facet.what.index()];
}

}  // namespace aecos::check
