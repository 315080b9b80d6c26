#include <algorithm>

#include "check/ids_classes.h"
#include "check/ids_facet_internal.h"
#include "step/token.h"

namespace aecos::check {
namespace {

using ifc::Index;
using ifc::no_instance;

std::string enumeration(std::string_view text) {
  return text.size() > 2 && text.front() == '.' ? std::string(text.substr(1, text.size() - 2)) : "";
}

std::string user_type(const Facts& facts, Index i) {
  for (const std::string_view name : {"ElementType", "ProcessType", "ResourceType", "ObjectType"}) {
    const std::string_view text = facts.attribute(i, name);
    if (text.starts_with('\'')) return step::decode_string(text);
  }
  return {};
}

// An instance's own predefined type matches by its item, or, where that is USERDEFINED, by the text that says which.
bool matches_own(const Facts& facts, Index i, const IdsValue& value, std::string& seen) {
  const std::string item = enumeration(facts.attribute(i, "PredefinedType"));
  if (item.empty()) return false;
  seen = item;
  if (matches(value, item)) return true;
  if (item != "USERDEFINED") return false;
  const std::string text = user_type(facts, i);
  if (!text.empty()) seen = text;
  return !text.empty() && matches(value, text);
}

// A type's predefined type stands for all its occurrences; theirs counts where the type's says nothing.
bool matches_predefined(const Facts& facts, Index i, const IdsValue& value, std::string& seen) {
  const Index type = facts.type(i);
  if (type != no_instance) {
    const std::string item = enumeration(facts.attribute(type, "PredefinedType"));
    if (!item.empty() && item != "NOTDEFINED") return matches_own(facts, type, value, seen);
  }
  return matches_own(facts, i, value, seen);
}

class EntityTest final : public FacetTest {
 public:
  EntityTest(const Facts& facts, const EntityFacet& facet)
      : facts_(facts), facet_(facet), keywords_(keywords_named(facts, facet.name)) {}
  bool fulfilled(Index i, std::string* why) const override { return is_entity(facts_, keywords_, facet_, i, why); }
  bool absent(Index) const override { return false; }
  bool present(Index i, std::string*) const override { return fulfilled(i, nullptr); }

 private:
  const Facts& facts_;
  const EntityFacet& facet_;
  KeywordSet keywords_;
};

// Found from the wholes down, so that it costs each relation once, however deep parts lie in parts.
class PartOfTest final : public FacetTest {
 public:
  PartOfTest(const Facts& facts, const PartOfFacet& facet) : facet_(facet), part_(facts.model.size()) {
    const KeywordSet keywords = keywords_named(facts, facet.whole.name);
    std::vector<Index> waiting;
    for (std::size_t k = 0; k < facts.by_keyword.size(); ++k) {
      if (!keywords.of[k] && !keywords.any_typed) continue;
      for (const Index i : facts.by_keyword[k])
        if (!facts.parts.of(i).empty() && is_entity(facts, keywords, facet.whole, i, nullptr)) waiting.push_back(i);
    }
    while (!waiting.empty()) {
      const Index whole = waiting.back();
      waiting.pop_back();
      for (const Part& part : facts.parts.of(whole)) {
        if ((part.relation & facet.relations) == 0 || part_[part.part]) continue;
        part_[part.part] = true;
        waiting.push_back(part.part);
      }
    }
  }
  bool fulfilled(Index i, std::string* why) const override {
    if (why != nullptr && !part_[i]) *why = "is not part of " + in_words(facet_.whole.name);
    return part_[i];
  }
  bool absent(Index) const override { return false; }
  bool present(Index i, std::string* what) const override {
    if (what != nullptr && part_[i]) *what = "is part of " + in_words(facet_.whole.name);
    return part_[i];
  }

 private:
  const PartOfFacet& facet_;
  std::vector<bool> part_;
};

}  // namespace

KeywordSet keywords_named(const Facts& facts, const IdsValue& name) {
  KeywordSet found;
  const std::size_t size = facts.model.file.keywords.size();
  found.of.resize(size);
  found.typed_by.resize(size);
  const ClassSet classes = classes_named(name, *facts.model.schema);
  found.any_typed = !classes.typed_by.empty();
  for (std::size_t k = 0; k < size; ++k) {
    const schema::Entity* const entity = facts.model.classes[k].entity;
    if (entity == nullptr) continue;
    found.of[k] = std::find(classes.entities.begin(), classes.entities.end(), entity) != classes.entities.end();
    found.typed_by[k] = std::find(classes.typed_by.begin(), classes.typed_by.end(), entity) != classes.typed_by.end();
  }
  return found;
}

bool is_entity(const Facts& facts, const KeywordSet& keywords, const EntityFacet& facet, Index i, std::string* why) {
  const auto& instances = facts.model.file.instances;
  bool found = keywords.of[instances[i].keyword];
  if (!found && keywords.any_typed) {
    const Index type = facts.type(i);
    found = type != no_instance && keywords.typed_by[instances[type].keyword];
  }
  if (!found) {
    if (why != nullptr) *why = "is an " + facts.model.file.keyword(i) + ", not " + in_words(facet.name);
    return false;
  }
  if (!facet.predefined_type.given) return true;
  std::string seen;
  const bool fits = matches_predefined(facts, i, facet.predefined_type, seen);
  if (!fits && why != nullptr)
    *why = (seen.empty() ? "has no predefined type" : "has the predefined type " + seen) + ", not " +
           in_words(facet.predefined_type);
  return fits;
}

std::unique_ptr<FacetTest> make_test(const Facts& facts, const EntityFacet& facet) {
  return std::make_unique<EntityTest>(facts, facet);
}
std::unique_ptr<FacetTest> make_test(const Facts& facts, const PartOfFacet& facet) {
  return std::make_unique<PartOfTest>(facts, facet);
}

}  // namespace aecos::check
