// Objects that one version alone has.

#include <deque>

#include "base/hash.h"
#include "diff/ifc_description_internal.h"
#include "diff/step_text_internal.h"

namespace aecos::diff {

void Description::describe_wholes() {
  pair_redrawn();
  tell_parts(before_, delta_.removed);
  tell_parts(after_, delta_.added);
  for (const Index i : delta_.removed) describe_whole(before_, i);
  for (const auto& [b, s] : redrawn_) describe_redrawn(b, s);
  for (const Index i : delta_.added) describe_whole(after_, i);
}

void Description::pair_redrawn() {
  for (const bool with_name : {true, false}) {
    std::unordered_map<std::uint64_t, std::deque<Index>> gone;
    for (const Index b : delta_.removed)
      if (const auto key = drawn_key(before_, b, with_name); key != 0) gone[key].push_back(b);
    for (const Index s : delta_.added) {
      const auto key = drawn_key(after_, s, with_name);
      const auto waiting = key == 0 ? gone.end() : gone.find(key);
      if (waiting == gone.end() || waiting->second.empty()) continue;
      const Index b = waiting->second.front();
      waiting->second.pop_front();
      before_.find(b)->told = after_.find(s)->told = true;
      redrawn_.emplace_back(b, s);
    }
  }
}

std::uint64_t Description::drawn_key(Version& version, Index i, bool with_name) const {
  const Model& model = version.model;
  const Whole* const whole = version.find(i);
  if (whole == nullptr || whole->told || !model.traits(i).product) return 0;
  const auto attributes = model.attributes(i);
  if (attributes.size() < 7 || !attributes[5].starts_with('#') || !attributes[6].starts_with('#')) return 0;
  const auto values = ifc::attribute_values(model, i);
  std::uint64_t key = mix(mix(model.traits(i).hash, values[5]), mix(values[6], whole->type));
  if (with_name) key = mix(key, hash_bytes(model.name(i)));
  return key == 0 ? 1 : key;
}

void Description::tell_parts(Version& version, const std::vector<Index>& objects) {
  for (const Index i : objects) {
    Whole* const part = version.find(i);
    Whole* const host = part == nullptr || part->host == no_instance ? nullptr : version.find(part->host);
    if (host == nullptr || part->told) continue;
    part->told = true;
    if (!generous()) continue;
    append_json(host->parts, version.whole_json(i, *part));
    bytes_ += part->properties.size() + part->relations.size();
  }
}

Value Description::whole(Version& version, Index i) {
  if (!generous()) return content_json(version.model.value[i]);
  return version.whole_json(i, *version.find(i));
}

void Description::describe_whole(Version& version, Index i) {
  const bool added = &version == &after_;
  const auto tell = [&](ChangeKind kind, Index about, std::string at, Value content) {
    Change change = {kind, element_ref(version.model, about), std::move(at), {}, {}};
    (added ? change.after : change.before) = std::move(content);
    add(order_of(version, about), std::move(change));
  };
  const Whole* const one = version.find(i);
  if (one == nullptr && version.model.traits(i).role == Role::resource)
    tell(ChangeKind::resource, i, class_name(version.model, i), instance(version.model, i));
  if (one == nullptr || one->told) return;
  if (one->host != no_instance)
    tell(ChangeKind::relation, one->host, one->place, whole(version, i));
  else
    tell(added ? ChangeKind::added : ChangeKind::removed, i, one->container, whole(version, i));
}

void Description::describe_redrawn(Index b, Index s) {
  add(b, {ChangeKind::redrawn, element_ref(side_, s), base_.global_id(b), whole(before_, b), whole(after_, s)});
}

}  // namespace aecos::diff
