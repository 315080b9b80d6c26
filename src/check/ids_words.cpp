#include "check/ids.h"

namespace aecos::check {
namespace {

std::string equals(const IdsValue& value) { return value.given ? " = " + in_words(value) : ""; }

std::string words(const EntityFacet& entity) {
  return in_words(entity.name) + (entity.predefined_type.given ? " of type " + in_words(entity.predefined_type) : "");
}
std::string words(const AttributeFacet& attribute) { return in_words(attribute.name) + equals(attribute.value); }
std::string words(const PropertyFacet& property) {
  const std::string type = property.data_type.empty() ? "" : " (" + property.data_type + ")";
  return in_words(property.set) + "." + in_words(property.name) + type + equals(property.value);
}
std::string words(const ClassificationFacet& classification) {
  return "a classification by " + in_words(classification.system) + equals(classification.value);
}
std::string words(const MaterialFacet& material) {
  return material.value.given ? "a material" + equals(material.value) : "a material";
}
std::string words(const PartOfFacet& part) {
  const char* how = "part of ";
  if (part.relations == part_group) how = "in the group ";
  if (part.relations == part_contained) how = "contained in ";
  if (part.relations == part_nests) how = "nested in ";
  if (part.relations == part_aggregates) how = "an aggregated part of ";
  return how + words(part.whole);
}

}  // namespace

std::string in_words(const Facet& facet) {
  return std::visit([](const auto& what) { return words(what); }, facet.what);
}

}  // namespace aecos::check
