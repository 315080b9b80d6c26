// The order of the telling, and what nothing refers to.

#include <algorithm>
#include <deque>
#include <map>

#include "diff/ifc_description_internal.h"
#include "diff/step_text_internal.h"
#include "text/json_writer.h"

namespace aecos::diff {

std::vector<Change> Description::run() {
  for (const Index i : delta_.removed) collect(before_, i);
  for (const Index i : delta_.added) collect(after_, i);
  collect_links();
  find_hosts();
  describe_schema();
  for (const ObjectChange& change : delta_.changed) describe_changed(change);
  for (const PropertySetChange& change : delta_.property_sets) collect_sets(change);
  describe_sets();
  describe_links();
  describe_relations();
  describe_loose();
  describe_wholes();
  describe_left_over();
  return sorted();
}

void Description::describe_loose() {
  if (delta_.loose_added.empty() && delta_.loose_removed.empty()) return;
  const auto values_of = [](const Model& model) {
    return std::unordered_set<std::uint64_t>(model.value.begin(), model.value.end());
  };
  const auto old_values = values_of(base_);
  const auto new_values = values_of(side_);
  std::map<std::pair<std::string, std::string>, std::deque<Index>> gone;
  const auto key = [](const ElementRef& ref) { return std::pair(ref.ifc_class, ref.name); };
  for (const Index i : delta_.loose_removed) {
    if (new_values.contains(base_.value[i]))
      left_over_.emplace_back(false, i);
    else
      gone[key(element_ref(base_, i))].push_back(i);
  }
  for (const Index i : delta_.loose_added) {
    if (old_values.contains(side_.value[i])) {
      left_over_.emplace_back(true, i);
      continue;
    }
    const ElementRef ref = element_ref(side_, i);
    auto& waiting = gone[key(ref)];
    const Index old = waiting.empty() ? no_instance : waiting.front();
    if (!waiting.empty()) waiting.pop_front();
    describe_loose_pair(ref, old, i);
  }
  for (const Index i : delta_.loose_removed) {
    auto& waiting = gone[key(element_ref(base_, i))];
    if (waiting.empty() || waiting.front() != i) continue;
    waiting.pop_front();
    describe_loose_pair(element_ref(base_, i), i, no_instance);
  }
}

void Description::describe_left_over() {
  if (!entries_.empty()) return;
  for (const auto& [added, i] : left_over_)
    describe_loose_pair(element_ref(added ? side_ : base_, i), added ? no_instance : i, added ? i : no_instance);
}

void Description::describe_loose_pair(const ElementRef& ref, Index b, Index s) {
  if (b != no_instance && s != no_instance && base_.traits(b).role == Role::property_set) {
    for (PropertyDifference& difference : compare_sets(base_, b, side_, s))
      add(b, {difference.kind, ref, difference.at, std::move(difference.before), std::move(difference.after)});
    return;
  }
  const auto say = [&](const Model& model, Index i) -> Value {
    if (i == no_instance) return std::nullopt;
    if (model.traits(i).role == Role::property_set) return property_set_json(model, i);
    return instance(model, i);
  };
  Value before = say(base_, b);
  Value after = say(side_, s);
  if (before == after) {
    before = b == no_instance ? Value() : content_json(base_.value[b]);
    after = s == no_instance ? Value() : content_json(side_.value[s]);
  }
  add(b != no_instance ? b : base_.size() + s,
      {ChangeKind::resource, ref, ref.ifc_class, std::move(before), std::move(after)});
}

Value Description::value(const Model& model, Index i, std::size_t attribute) const {
  if (generous()) return attribute_value_json(model, i, attribute);
  return content_json(attribute_content(model, i, attribute));
}

std::uint64_t Description::attribute_content(const Model& model, Index i, std::size_t attribute) {
  const auto attributes = model.attributes(i);
  return attribute < attributes.size() ? ifc::attribute_value(model, i, attribute, attributes[attribute]) : 0;
}

Value Description::instance(const Model& model, Index i) const {
  if (generous()) return instance_json(model, i);
  return content_json(model.value[i]);
}

std::size_t Description::order_of(const Version& version, Index i) const {
  if (&version == &before_) return i;
  const Index found = base_.by_token.find(side_.token[i]);
  return found != no_instance ? found : base_.size() + i;
}

void Description::add(std::size_t order, Change change) {
  const auto size = [](const Value& value) { return value ? value->size() : 0; };
  bytes_ += sizeof(Entry) + change.at.size() + size(change.before) + size(change.after);
  entries_.push_back({order, std::move(change)});
}

std::vector<Change> Description::sorted() {
  std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.order < b.order; });
  std::vector<Change> changes;
  changes.reserve(entries_.size());
  for (Entry& entry : entries_) changes.push_back(std::move(entry.change));
  return changes;
}

}  // namespace aecos::diff
