// What changed in objects that both versions have.

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

#include "diff/ifc_description_internal.h"
#include "diff/ifc_place_internal.h"
#include "diff/step_text_internal.h"
#include "text/json_writer.h"

namespace aecos::diff {

using text::json_quote;

void Description::describe_schema() {
  const auto name = [](const Model& model) -> Value {
    if (model.file.schemas.empty()) return std::nullopt;
    return json_quote(model.file.schemas.front());
  };
  if (base_.schema != side_.schema || (base_.schema == nullptr && name(base_) != name(side_)))
    add(0, {ChangeKind::resource, {}, "FILE_SCHEMA", name(base_), name(side_)});
}

void Description::describe_changed(const ObjectChange& change) {
  const std::size_t before = entries_.size();
  const ElementRef ref = element_ref(side_, change.side);
  if (change.reclassified) {
    add(change.base, {ChangeKind::reclassified, ref, "Class", json_quote(class_name(base_, change.base)),
                      json_quote(class_name(side_, change.side))});
    describe_other_class(change, ref);
  } else {
    for (const std::uint16_t k : change.attributes) describe_attribute(change, ref, k);
  }
  describe_annotations(change, ref);
  if (entries_.size() == before && !told_as_links_.contains(change.base))
    add(change.base, {attribute_kind(side_, change.side, root_attributes - 1), ref, class_name(side_, change.side),
                      content_json(base_.value[change.base]), content_json(side_.value[change.side])});
}

void Description::describe_other_class(const ObjectChange& change, const ElementRef& ref) {
  std::map<std::string, std::pair<int, int>> places;
  for (const std::uint16_t k : change.attributes) {
    places.try_emplace(attribute_place(base_, change.base, k), -1, -1).first->second.first = k;
    places.try_emplace(attribute_place(side_, change.side, k), -1, -1).first->second.second = k;
  }
  const std::size_t old_count = base_.attributes(change.base).size();
  const std::size_t new_count = side_.attributes(change.side).size();
  for (const auto& [place, at] : places) {
    const auto& [b, s] = at;
    const bool old_there = b >= 0 && static_cast<std::size_t>(b) < old_count;
    const bool new_there = s >= 0 && static_cast<std::size_t>(s) < new_count;
    if (old_there && new_there && b == s) {
      describe_attribute(change, ref, static_cast<std::uint16_t>(b));
      continue;
    }
    Value before = old_there ? value(base_, change.base, static_cast<std::size_t>(b)) : std::nullopt;
    Value after = new_there ? value(side_, change.side, static_cast<std::size_t>(s)) : std::nullopt;
    if (before != after) add(change.base, {ChangeKind::attribute, ref, place, std::move(before), std::move(after)});
  }
}

void Description::describe_attribute(const ObjectChange& change, const ElementRef& ref, std::uint16_t k) {
  const ClassTraits& traits = side_.traits(change.side);
  const bool end = static_cast<int>(k) == traits.members || static_cast<int>(k) == traits.relating;
  if (end && told_as_links_.contains(change.base)) return;
  const ChangeKind kind = attribute_kind(side_, change.side, k);
  std::string place = attribute_place(side_, change.side, k);
  if (kind == ChangeKind::reshaped) return describe_shape(change, ref, k, std::move(place));
  if (traits.role == Role::relation) place = after_.meaning(change.side).place + " (" + place + ")";
  Value before = value(base_, change.base, k);
  Value after = value(side_, change.side, k);
  if (kind == ChangeKind::moved && after) add_distance(change, k, *after);
  if (before == after) {
    before = content_json(attribute_content(base_, change.base, k));
    after = content_json(attribute_content(side_, change.side, k));
  }
  add(change.base, {kind, ref, std::move(place), std::move(before), std::move(after)});
}

void Description::describe_shape(const ObjectChange& change, const ElementRef& ref, std::uint16_t k,
                                 std::string place) {
  const bool looks = old_shapes_.attribute(change.base, k) == new_shapes_.attribute(change.side, k);
  Change one = {looks ? ChangeKind::restyled : ChangeKind::reshaped, ref, std::move(place), {}, {}};
  const auto there = [k](const Model& model, Index i) {
    const auto attributes = model.attributes(i);
    return k < attributes.size() && !model.references(attributes[k]).empty();
  };
  const auto say = [&](const Model& model, Index i) -> Value {
    if (!there(model, i)) return std::nullopt;
    return looks ? looks_json(model, i, k, looks_left_) : shape_json(model, i, k);
  };
  one.before = say(base_, change.base);
  one.after = say(side_, change.side);
  add(change.base, std::move(one));
}

void Description::add_distance(const ObjectChange& change, std::uint16_t k, std::string& after) {
  const auto reference = [k](const Model& model, Index i) {
    const auto attributes = model.attributes(i);
    return k < attributes.size() ? model.reference(attributes[k]) : no_instance;
  };
  if (old_unit_m_ == 0) {
    old_unit_m_ = length_unit_m(base_);
    new_unit_m_ = length_unit_m(side_);
  }
  const auto distance = distance_m({base_, reference(base_, change.base), old_unit_m_},
                                   {side_, reference(side_, change.side), new_unit_m_});
  if (!distance || after.size() < 3 || !after.ends_with('}')) return;
  after.pop_back();
  after += ",\"distance_m\":" + text::json_number(std::round(*distance * 1e6) / 1e6) + "}";
}

void Description::describe_annotations(const ObjectChange& change, const ElementRef& ref) {
  const auto hung = [](const Model& model, Index i) {
    std::vector<std::pair<std::uint64_t, Index>> all;
    for (const Index one : model.hung_on(i))
      all.emplace_back(model.token[one] != 0 ? model.token[one] : model.value[one], one);
    std::sort(all.begin(), all.end());
    return all;
  };
  const auto old_all = hung(base_, change.base);
  const auto new_all = hung(side_, change.side);
  const auto less = [](const auto& a, const auto& b) { return a.first < b.first; };
  std::vector<std::pair<std::uint64_t, Index>> gone, come;
  std::set_difference(old_all.begin(), old_all.end(), new_all.begin(), new_all.end(), std::back_inserter(gone), less);
  std::set_difference(new_all.begin(), new_all.end(), old_all.begin(), old_all.end(), std::back_inserter(come), less);
  const ChangeKind kind = base_.traits(change.base).role == Role::object ? ChangeKind::attribute : ChangeKind::resource;
  for (std::size_t k = 0; k < std::max(gone.size(), come.size()); ++k) {
    const bool was = k < gone.size();
    const bool is = k < come.size();
    const std::string place = is ? class_name(side_, come[k].second) : class_name(base_, gone[k].second);
    add(change.base, {kind, ref, place, was ? instance(base_, gone[k].second) : std::nullopt,
                      is ? instance(side_, come[k].second) : std::nullopt});
  }
}

}  // namespace aecos::diff
