#include <algorithm>

#include "check/ids_facet_internal.h"
#include "check/ids_property.h"

namespace aecos::check {
namespace {

using ifc::Index;
using ifc::no_instance;

// Which of the names of a model are as asked for.
class NameMatch {
 public:
  NameMatch(const NamePool& pool, const IdsValue& value) {
    if (const std::string* const simple = value.simple()) {
      one_ = pool.find(*simple).value_or(none);
      return;
    }
    many_.resize(pool.texts().size());
    for (std::size_t k = 1; k < many_.size(); ++k) many_[k] = matches(value, pool.texts()[k]);
  }
  bool operator()(std::uint32_t name) const { return name != 0 && (many_.empty() ? name == one_ : many_[name]); }

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  std::uint32_t one_ = none;
  std::vector<bool> many_;
};

// What one property says about what is asked for.
enum class Says { nothing, other_type, other_value, yes, not_supported };

// One property of an element: where it stands, and under which name.
struct Found {
  Index holder;            // The property, or the predefined set.
  std::uint8_t attribute;  // Of a predefined set; else not used.
  bool predefined;
  std::uint32_t name;  // By number in the pool; of predefined ones their position and a mark.
};

struct FoundSet {
  std::uint32_t name;
  std::vector<Found> properties;
};

class PropertyTest final : public FacetTest {
 public:
  PropertyTest(const Facts& facts, const PropertyFacet& facet)
      : facts_(facts), facet_(facet), set_fits_(facts.names, facet.set), name_fits_(facts.names, facet.name) {}

  // Every matching set has a matching property that says something, and all of them say what is asked for.
  bool fulfilled(Index i, std::string* why) const override {
    std::vector<FoundSet> sets;
    find(i, sets);
    if (sets.empty() && why != nullptr) *why = "has no property set " + in_words(facet_.set);
    return !sets.empty() &&
           std::all_of(sets.begin(), sets.end(), [&](const FoundSet& set) { return fulfilled(set, why); });
  }
  bool absent(Index i) const override {
    std::vector<FoundSet> sets;
    find(i, sets);
    return std::all_of(sets.begin(), sets.end(), [](const FoundSet& set) { return set.properties.empty(); });
  }
  bool present(Index i, std::string* what) const override {
    std::vector<FoundSet> sets;
    find(i, sets);
    for (const FoundSet& set : sets) {
      for (const Found& property : set.properties) {
        if (says(property, nullptr) != Says::yes) continue;
        if (what != nullptr) *what = "has " + set_name(set) + "." + property_name(property);
        return true;
      }
    }
    return false;
  }

 private:
  // The occurrence's sets, and those of its type, property by property where both have one of that name.
  void find(Index i, std::vector<FoundSet>& out) const {
    find_in(i, out, false);
    const Index type = facts_.type(i);
    if (type != no_instance) find_in(type, out, true);
  }

  void find_in(Index i, std::vector<FoundSet>& out, bool inherited) const {
    for (const ifc::Attachment& attachment : facts_.model.attachments_of(i))
      add_set(attachment.property_set, out, inherited);
    for (const Index set : facts_.extended_sets.of(i)) add_set(set, out, inherited);
  }

  void add_set(Index set, std::vector<FoundSet>& out, bool inherited) const {
    const std::uint32_t name = facts_.name_of[set];
    if (!set_fits_(name)) return;
    auto found = std::find_if(out.begin(), out.end(), [&](const FoundSet& one) { return one.name == name; });
    if (found == out.end()) found = out.insert(out.end(), FoundSet{name, {}});
    const std::size_t own = inherited ? found->properties.size() : 0;
    const auto add = [&](const Found& property) {
      const auto end = found->properties.begin() + static_cast<std::ptrdiff_t>(own);
      if (std::none_of(found->properties.begin(), end, [&](const Found& one) { return one.name == property.name; }))
        found->properties.push_back(property);
    };
    const PropertySet holder = facts_.property_set(set);
    if (holder.predefined) return add_predefined(set, add);
    if (holder.properties < 0) return;
    for (const Index property : facts_.model.refs_in(set, static_cast<std::size_t>(holder.properties)))
      if (property != no_instance && name_fits_(facts_.name_of[property]))
        add({property, 0, false, facts_.name_of[property]});
  }

  template <class Add>
  void add_predefined(Index set, const Add& add) const {
    const schema::Entity* const entity = facts_.model.traits(set).entity;
    for (std::size_t at = 4; entity != nullptr && at < entity->attributes.size(); ++at)
      if (matches(facet_.name, entity->attributes[at].name))
        add(Found{set, static_cast<std::uint8_t>(at), true, predefined_mark + static_cast<std::uint32_t>(at)});
  }

  bool fulfilled(const FoundSet& set, std::string* why) const {
    bool any = false;
    for (const Found& property : set.properties) {
      const Says answer = says(property, why);
      if (answer == Says::nothing) continue;
      if (answer != Says::yes) {
        if (why != nullptr) *why = set_name(set) + "." + property_name(property) + " " + *why;
        return false;
      }
      any = true;
    }
    if (any) return true;
    if (why != nullptr)
      *why = set_name(set) + (set.properties.empty() ? " has no " : " has no value for ") + in_words(facet_.name);
    return false;
  }

  Says says(const Found& property, std::string* why) const {
    RawProperty raw;
    property.predefined ? read_attribute(facts_, property.holder, property.attribute, raw)
                        : read_property(facts_, property.holder, raw);
    if (!raw.supported) {
      if (why != nullptr)
        *why = "is a " + facts_.model.file.keyword(property.holder) + ", of which IDS does not know the value";
      return Says::not_supported;
    }
    std::erase_if(raw.values, [](const RawValue& value) { return is_empty(value); });
    if (raw.values.empty()) return Says::nothing;
    bool typed = false;
    std::string scratch;
    for (const RawValue& value : raw.values) {
      if (!facet_.data_type.empty() && value.type != facet_.data_type) continue;
      typed = true;
      if (matches(facts_, value, facet_.value, scratch)) return Says::yes;
    }
    if (why != nullptr)
      *why = typed ? "is " + shown(facts_, raw.values.front()) + ", not " + in_words(facet_.value)
                   : "is an " + std::string(raw.values.front().type) + ", not an " + facet_.data_type;
    return typed ? Says::other_value : Says::other_type;
  }

  std::string set_name(const FoundSet& set) const { return facts_.names.texts()[set.name]; }
  std::string property_name(const Found& property) const {
    if (property.predefined)
      return std::string(facts_.model.traits(property.holder).entity->attributes[property.attribute].name);
    return facts_.names.texts()[property.name];
  }

  static constexpr std::uint32_t predefined_mark = 0xF0000000;
  const Facts& facts_;
  const PropertyFacet& facet_;
  NameMatch set_fits_, name_fits_;
};

}  // namespace

std::unique_ptr<FacetTest> make_test(const Facts& facts, const PropertyFacet& facet) {
  return std::make_unique<PropertyTest>(facts, facet);
}

}  // namespace aecos::check
