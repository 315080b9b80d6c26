#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "diff/ifc_property_internal.h"
#include "diff/ifc_value.h"
#include "diff/step_text_internal.h"
#include "diff/unique_names_internal.h"
#include "text/json_writer.h"

namespace aecos::diff {
namespace {

using ifc::Index;
using ifc::Model;
using ifc::no_instance;

constexpr std::size_t root_attributes = 4;  // GlobalId, OwnerHistory, Name, Description.

struct Property {
  std::string name;
  Index at;  // Of the property.
};

// In the order of the file; the second of a name is called "Name (2)".
std::vector<Property> properties_of(const Model& model, Index set) {
  const auto attributes = model.attributes(set);
  const auto at = static_cast<std::size_t>(model.traits(set).properties);
  std::vector<Property> found;
  if (at >= attributes.size()) return found;
  UniqueNames names;
  for (const Index property : model.references(attributes[at]))
    found.push_back({names.of(model.text_attribute(property, 0)), property});
  return found;
}

ChangeKind kind_of(const Model& model, Index property) {
  const std::string& keyword = model.file.keyword(property);
  const bool quantity = keyword.starts_with("IFCQUANTITY") || keyword.starts_with("IFCPHYSICAL");
  return quantity ? ChangeKind::quantity : ChangeKind::property;
}

class Comparison {
 public:
  Comparison(const Model& base, Index before, const Model& side, Index after)
      : base_(base),
        before_(before),
        side_(side),
        after_(after),
        name_(before != no_instance ? set_name(base, before) : set_name(side, after)) {}

  std::vector<PropertyDifference> run() {
    const bool old_list = before_ != no_instance && base_.traits(before_).properties >= 0;
    const bool new_list = after_ != no_instance && side_.traits(after_).properties >= 0;
    if (before_ != no_instance && after_ != no_instance) compare_root();
    if (old_list || new_list)
      compare_properties();
    else
      compare_attributes();
    if (found_.empty()) whole();
    return std::move(found_);
  }

 private:
  void add(ChangeKind kind, const std::string& property, Value before, Value after) {
    found_.push_back({kind, name_ + "." + property, std::move(before), std::move(after)});
  }

  // The description of the set, and for quantities how they were measured.
  void compare_root() {
    const auto before = ifc::attribute_values(base_, before_);
    const auto after = ifc::attribute_values(side_, after_);
    for (std::size_t k = 2; k < std::min(before.size(), after.size()); ++k) {
      if (before[k] == after[k] || static_cast<int>(k) == base_.traits(before_).properties) continue;
      if (k >= root_attributes && base_.traits(before_).properties < 0) continue;  // See compare_attributes().
      found_.push_back({ChangeKind::property, name_ + " (" + attribute_place(base_, before_, k) + ")",
                        attribute_value_json(base_, before_, k), attribute_value_json(side_, after_, k)});
    }
  }

  void compare_properties() {
    const auto before = before_ == no_instance ? std::vector<Property>() : properties_of(base_, before_);
    const auto after = after_ == no_instance ? std::vector<Property>() : properties_of(side_, after_);
    std::unordered_map<std::string_view, Index> partners;
    for (const Property& one : after) partners.emplace(one.name, one.at);
    for (const Property& one : before) {
      const auto partner = partners.find(one.name);
      if (partner == partners.end()) {
        add(kind_of(base_, one.at), one.name, said(base_, one.at), std::nullopt);
        continue;
      }
      if (base_.value[one.at] != side_.value[partner->second]) compare_pair(one, partner->second);
      partners.erase(partner);
    }
    for (const Property& one : after)
      if (partners.contains(one.name)) add(kind_of(side_, one.at), one.name, std::nullopt, said(side_, one.at));
  }

  // A property without a value is there all the same.
  static Value said(const Model& model, Index property) { return property_json(model, property).value_or("null"); }

  void compare_pair(const Property& one, Index partner) {
    Value before = property_json(base_, one.at);
    Value after = property_json(side_, partner);
    if (before == after) {  // Its unit, type or description.
      before = text::json_quote(step_text(base_, one.at));
      after = text::json_quote(step_text(side_, partner));
    }
    add(kind_of(side_, partner), one.name, std::move(before), std::move(after));
  }

  // Of sets that have attributes instead of a list: IfcDoorLiningProperties.
  void compare_attributes() {
    const auto before = before_ == no_instance ? std::vector<std::uint64_t>() : ifc::attribute_values(base_, before_);
    const auto after = after_ == no_instance ? std::vector<std::uint64_t>() : ifc::attribute_values(side_, after_);
    for (std::size_t k = root_attributes; k < std::max(before.size(), after.size()); ++k) {
      if (k < before.size() && k < after.size() && before[k] == after[k]) continue;
      Value old_value = k < before.size() ? attribute_value_json(base_, before_, k) : std::nullopt;
      Value new_value = k < after.size() ? attribute_value_json(side_, after_, k) : std::nullopt;
      if (old_value == new_value) continue;
      const Model& model = k < before.size() ? base_ : side_;
      const std::string place = attribute_place(model, k < before.size() ? before_ : after_, k);
      add(ChangeKind::property, place, std::move(old_value), std::move(new_value));
    }
  }

  // Nothing in particular: an empty set came or went, or what differs cannot be named.
  void whole() {
    const auto content = [](const Model& model, Index set) -> Value {
      if (set == no_instance) return std::nullopt;
      return property_set_json(model, set);
    };
    Value before = content(base_, before_);
    Value after = content(side_, after_);
    if (before == after) {
      before = before_ == no_instance ? Value() : content_json(base_.value[before_]);
      after = after_ == no_instance ? Value() : content_json(side_.value[after_]);
    }
    found_.push_back({ChangeKind::property, name_, std::move(before), std::move(after)});
  }

  const Model& base_;
  const Index before_;
  const Model& side_;
  const Index after_;
  const std::string name_;
  std::vector<PropertyDifference> found_;
};

}  // namespace

std::vector<PropertyDifference> compare_sets(const Model& base, Index before, const Model& side, Index after) {
  return Comparison(base, before, side, after).run();
}

bool renamed_set(const Model& base, Index before, const Model& side, Index after) {
  if (base.traits(before).hash != side.traits(after).hash || base.name(before) == side.name(after)) return false;
  auto old_values = ifc::attribute_values(base, before);
  auto new_values = ifc::attribute_values(side, after);
  if (old_values.size() != new_values.size() || old_values.size() <= root_attributes) return false;
  old_values[2] = new_values[2] = 0;
  return old_values == new_values;
}

std::string set_name(const Model& model, Index set) {
  const std::string name = model.name(set);
  return name.empty() ? element_ref(model, set).ifc_class : name;
}

}  // namespace aecos::diff
