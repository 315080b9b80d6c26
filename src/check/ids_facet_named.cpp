// Attributes, materials and classifications.

#include <algorithm>

#include "check/ids_facet_internal.h"
#include "check/ids_property.h"

namespace aecos::check {
namespace {

using ifc::Index;
using ifc::no_instance;

class AttributeTest final : public FacetTest {
 public:
  AttributeTest(const Facts& facts, const AttributeFacet& facet)
      : facts_(facts), facet_(facet), positions_(facts.model.file.keywords.size()) {
    for (std::size_t k = 0; k < positions_.size(); ++k) {
      const schema::Entity* const entity = facts.model.classes[k].entity;
      for (std::size_t at = 0; entity != nullptr && at < entity->attributes.size(); ++at)
        if (!entity->attributes[at].derived && matches(facet.name, entity->attributes[at].name))
          positions_[k].push_back(static_cast<std::uint8_t>(at));
    }
  }

  // One at least says something, and all that do say what is asked for.
  bool fulfilled(Index i, std::string* why) const override {
    bool any = false;
    for (const std::uint8_t at : positions(i)) {
      if (!populated(i, at)) continue;
      any = true;
      if (!fits(i, at, why)) return false;
    }
    if (!any && why != nullptr) *why = "has no " + in_words(facet_.name);
    return any;
  }
  bool absent(Index i) const override {
    const auto& all = positions(i);
    return std::all_of(all.begin(), all.end(), [&](std::uint8_t at) { return is_null(facts_.model.attribute(i, at)); });
  }
  bool present(Index i, std::string* what) const override {
    const auto& all = positions(i);
    const auto found =
        std::find_if(all.begin(), all.end(), [&](std::uint8_t at) { return populated(i, at) && fits(i, at, nullptr); });
    if (found != all.end() && what != nullptr) *what = "has " + name(i, *found) + " = " + said(i, *found);
    return found != all.end();
  }

 private:
  const std::vector<std::uint8_t>& positions(Index i) const {
    return positions_[facts_.model.file.instances[i].keyword];
  }
  static bool is_null(std::string_view text) { return text.empty() || text == "$" || text == "*"; }
  std::string name(Index i, std::size_t at) const {
    return std::string(facts_.model.traits(i).entity->attributes[at].name);
  }
  std::string said(Index i, std::size_t at) const {
    RawProperty property;
    read_attribute(facts_, i, at, property);
    return property.values.size() == 1 ? shown(facts_, property.values.front())
                                       : std::string(facts_.model.attribute(i, at).substr(0, 40));
  }

  bool populated(Index i, std::size_t at) const {
    const std::string_view text = facts_.model.attribute(i, at);
    if (is_null(text)) return false;
    if (text.front() == '(') return text.find_first_not_of("( )\t\r\n") != std::string_view::npos;
    if (text.front() == '#') return true;
    RawProperty property;
    read_attribute(facts_, i, at, property);
    return !property.values.empty() && !is_empty(property.values.front());
  }

  bool fits(Index i, std::size_t at, std::string* why) const {
    if (!facet_.value.given) return true;
    RawProperty property;
    read_attribute(facts_, i, at, property);
    std::string scratch;
    const bool good = property.values.size() == 1 && facts_.model.attribute(i, at).front() != '(' &&
                      matches(facts_, property.values.front(), facet_.value, scratch);
    if (!good && why != nullptr) *why = name(i, at) + " is " + said(i, at) + ", not " + in_words(facet_.value);
    return good;
  }

  const Facts& facts_;
  const AttributeFacet& facet_;
  std::vector<std::vector<std::uint8_t>> positions_;  // By keyword.
};

class MaterialTest final : public FacetTest {
 public:
  MaterialTest(const Facts& facts, const MaterialFacet& facet) : facts_(facts), facet_(facet) {
    for (const auto& [material, names] : facts.material_names)
      fits_[material] = !facet.value.given || std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        return matches(facet.value, name);
      });
  }
  bool fulfilled(Index i, std::string* why) const override {
    const auto found = materials(i);
    const bool fits = std::any_of(found.begin(), found.end(), [&](Index material) { return fits_.at(material); });
    if (!fits && why != nullptr)
      *why = found.empty() ? "has no material" : "its material is " + listed(found) + ", not " + in_words(facet_.value);
    return fits;
  }
  bool absent(Index i) const override { return materials(i).empty(); }
  bool present(Index i, std::string* what) const override {
    const bool there = fulfilled(i, nullptr);
    if (there && what != nullptr) *what = "has the material " + listed(materials(i));
    return there;
  }

 private:
  // An occurrence's own, else its type's.
  std::span<const Index> materials(Index i) const {
    const auto own = facts_.materials.of(i);
    const Index type = facts_.type(i);
    return own.empty() && type != no_instance ? facts_.materials.of(type) : own;
  }
  std::string listed(std::span<const Index> materials) const {
    std::string out;
    for (const Index material : materials)
      for (const std::string& name : facts_.material_names.at(material))
        if (out.size() < 80) out += (out.empty() ? "" : ", ") + name;
    return out.empty() ? "without a name" : out;
  }

  const Facts& facts_;
  const MaterialFacet& facet_;
  std::unordered_map<Index, bool> fits_;
};

class ClassificationTest final : public FacetTest {
 public:
  ClassificationTest(const Facts& facts, const ClassificationFacet& facet) : facts_(facts), facet_(facet) {
    for (const auto& [reference, classified] : facts.classified) fits_[reference] = fits(classified);
  }
  bool fulfilled(Index i, std::string* why) const override {
    bool found = false, any = false;
    each(i, [&](Index reference) {
      any = true;
      found = found || fits_.at(reference);
    });
    if (!found && why != nullptr)
      *why = any ? "its classification is " + listed(i) + ", not " + wanted()
                 : "has no classification by " + in_words(facet_.system);
    return found;
  }
  bool absent(Index i) const override {
    bool any = false;
    each(i, [&](Index) { any = true; });
    return !any;
  }
  bool present(Index i, std::string* what) const override {
    const bool there = fulfilled(i, nullptr);
    if (there && what != nullptr) *what = "has the classification " + listed(i);
    return there;
  }

 private:
  bool fits(const Classified& classified) const {
    if (!matches(facet_.system, classified.system.value_or(""))) return false;
    if (!classified.system && facet_.system.given) return false;
    return !facet_.value.given || std::any_of(classified.codes.begin(), classified.codes.end(),
                                              [&](const std::string& code) { return matches(facet_.value, code); });
  }
  std::string wanted() const {
    return in_words(facet_.system) + (facet_.value.given ? " " + in_words(facet_.value) : "");
  }

  // An occurrence's own, and those of its type by systems that it has none of.
  template <class Do>
  void each(Index i, const Do& task) const {
    const auto own = facts_.classifications.of(i);
    for (const Index reference : own) task(reference);
    const Index type = facts_.type(i);
    if (type == no_instance) return;
    for (const Index reference : facts_.classifications.of(type)) {
      const auto& system = facts_.classified.at(reference).system;
      if (std::none_of(own.begin(), own.end(), [&](Index mine) { return facts_.classified.at(mine).system == system; }))
        task(reference);
    }
  }
  std::string listed(Index i) const {
    std::string out;
    each(i, [&](Index reference) {
      const Classified& one = facts_.classified.at(reference);
      if (out.size() < 80)
        out += (out.empty() ? "" : ", ") + one.system.value_or("(no system)") +
               (one.codes.empty() ? "" : " " + one.codes.front());
    });
    return out;
  }

  const Facts& facts_;
  const ClassificationFacet& facet_;
  std::unordered_map<Index, bool> fits_;
};

}  // namespace

std::unique_ptr<FacetTest> make_test(const Facts& facts, const AttributeFacet& facet) {
  return std::make_unique<AttributeTest>(facts, facet);
}
std::unique_ptr<FacetTest> make_test(const Facts& facts, const MaterialFacet& facet) {
  return std::make_unique<MaterialTest>(facts, facet);
}
std::unique_ptr<FacetTest> make_test(const Facts& facts, const ClassificationFacet& facet) {
  return std::make_unique<ClassificationTest>(facts, facet);
}

}  // namespace aecos::check
