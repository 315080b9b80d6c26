// What came and went between objects.

#include <algorithm>
#include <deque>
#include <map>

#include "diff/ifc_description_internal.h"
#include "diff/step_text_internal.h"
#include "text/json_writer.h"

namespace aecos::diff {

using text::json_quote;

void Description::collect(Version& version, Index i) {
  const ClassTraits& traits = version.model.traits(i);
  const bool added = &version == &after_;
  if (traits.role == Role::object)
    version.alone.emplace(i, Whole());
  else if (traits.role == Role::relation && !add_ordered(added ? no_instance : i, added ? i : no_instance))
    relations_.emplace_back(added, i);
}

void Description::collect_links() {
  for (const LinkChange& link : delta_.links)
    links_.push_back({link.added, link.member, link.relation, link.instance, link.relating});
  for (const ObjectChange& change : delta_.changed) collect_ordered(change);
  std::stable_partition(links_.begin(), links_.end(), [](const Link& link) { return !link.added; });
}

void Description::collect_ordered(const ObjectChange& change) {
  const ClassTraits& traits = side_.traits(change.side);
  if (!traits.ordered_members || change.reclassified) return;
  const bool other_end = std::count(change.attributes.begin(), change.attributes.end(), traits.relating) > 0;
  const bool gone = other_end && add_ordered(change.base, no_instance);
  const bool come = add_ordered(other_end ? no_instance : change.base, change.side);
  if (gone || come) told_as_links_.insert(change.base);
}

std::vector<std::pair<Token, Index>> Description::members_of(const Model& model, Index relation) {
  std::vector<std::pair<Token, Index>> members;
  if (relation == no_instance) return members;
  const auto attributes = model.attributes(relation);
  const auto at = static_cast<std::size_t>(model.traits(relation).members);
  if (at >= attributes.size()) return members;
  for (const Index i : model.references(attributes[at]))
    members.emplace_back(model.token[i] != 0 ? model.token[i] : model.value[i], i);
  return members;
}

bool Description::add_ordered(Index before, Index after) {
  const Model& model = before != no_instance ? base_ : side_;
  if (!model.traits(before != no_instance ? before : after).ordered_members) return false;
  std::unordered_map<Token, int> balance;
  const auto old_members = members_of(base_, before);
  const auto new_members = members_of(side_, after);
  for (const auto& [token, i] : old_members) ++balance[token];
  for (const auto& [token, i] : new_members) --balance[token];
  const std::size_t count = links_.size();
  for (const auto& [token, i] : old_members)
    if (balance[token] > 0) links_.push_back({false, token, before, i, ifc::relating_of(base_, before)});
  for (const auto& [token, i] : new_members)
    if (balance[token] < 0) links_.push_back({true, token, after, i, ifc::relating_of(side_, after)});
  return links_.size() != count;
}

void Description::find_hosts() {
  for (const auto& [added, relation] : relations_) {
    Version& version = added ? after_ : before_;
    const auto ends = ends_of(version.model, relation);
    for (const Index part : ends)
      for (const Index host : ends) set_host(version, part, host, relation);
  }
  for (const Link& link : links_) {
    Version& version = link.added ? after_ : before_;
    if (version.meaning(link.relation).kind != ChangeKind::container) continue;
    const Index host = link.relating;
    if (host != no_instance && version.model.traits(host).product)
      set_host(version, link.instance, host, link.relation);
  }
}

void Description::set_host(Version& version, Index part, Index host, Index relation) {
  Whole* const whole = version.find(part);
  if (whole == nullptr || whole->host != no_instance || part == host) return;
  if (!belongs_to_host(version.model, part) || belongs_to_host(version.model, host)) return;
  const std::string& place = version.meaning(relation).place;
  const bool port = version.model.file.keyword(part).ends_with("PORT");
  if (place != "Openings" && place != "Projections" && !port) return;  // Not "Fills".
  whole->host = host;
  whole->place = port ? "Ports" : place;
}

void Description::describe_links() {
  std::map<std::pair<Token, std::string>, std::deque<Link>> gone;
  std::vector<Link> order;
  for (const Link& link : links_) {
    Version& version = link.added ? after_ : before_;
    if (absorb(version, link)) continue;
    auto& waiting = gone[{link.member, version.meaning(link.relation).place}];
    if (!link.added) {
      waiting.push_back(link);
      order.push_back(link);
    } else if (waiting.empty()) {
      describe_link(nullptr, &link);
    } else {
      describe_link(&waiting.front(), &link);
      waiting.pop_front();
    }
  }
  for (const Link& link : order) {
    auto& waiting = gone[{link.member, before_.meaning(link.relation).place}];
    if (waiting.empty() || waiting.front().relation != link.relation) continue;
    describe_link(&link, nullptr);
    waiting.pop_front();
  }
}

bool Description::absorb(Version& version, const Link& link) {
  Whole* whole = version.find(link.instance);
  const Index to = link.relating;
  const bool own = whole != nullptr;
  if (!own && version.model.traits(link.instance).role != Role::object && to != no_instance) whole = version.find(to);
  if (whole == nullptr) return false;
  const Version::Meaning& meaning = version.meaning(link.relation);
  if (own && to != no_instance && meaning.kind == ChangeKind::container) whole->container = version.model.name(to);
  if (own && to != no_instance && meaning.kind == ChangeKind::retyped) whole->type = version.model.token[to];
  if (!generous()) return true;
  std::string members;
  append_json(members, "class", json_quote(class_name(version.model, link.relation)));
  append_json(members, "to", own ? version.relating_json(link.relation) : version.relation_json(link.relation, -1));
  append_json(whole->relations, "{" + members + "}");
  bytes_ += members.size();
  return true;
}

void Description::describe_link(const Link* gone, const Link* come) {
  const Link& one = come != nullptr ? *come : *gone;
  Version& version = come != nullptr ? after_ : before_;
  const Version::Meaning& meaning = version.meaning(one.relation);
  const auto say = [&](Version& where, const Link* link) -> Value {
    if (link == nullptr) return std::nullopt;
    if (!generous()) return content_json(ifc::relation_key(where.model, link->relation));
    return where.relating_json(link->relation);
  };
  Value before = say(before_, gone);
  Value after = say(after_, come);
  if (before == after) {  // Related to the same, but otherwise.
    before = before_.relation_json(gone->relation, base_.traits(gone->relation).members);
    after = after_.relation_json(come->relation, side_.traits(come->relation).members);
  }
  if (before == after) {
    before = content_json(ifc::relation_key(base_, gone->relation));
    after = content_json(ifc::relation_key(side_, come->relation));
  }
  const Model& model = version.model;
  const bool object = model.traits(one.instance).role == Role::object;
  const ElementRef ref = object ? element_ref(model, one.instance) : element_ref(model, one.relation);
  add(order_of(version, object ? one.instance : one.relation),
      {meaning.kind, ref, meaning.place, std::move(before), std::move(after)});
}

void Description::describe_relations() {
  std::map<std::pair<Token, std::string>, std::deque<std::pair<Index, Index>>> gone;  // Relation, subject.
  std::vector<std::pair<Token, std::string>> order;
  for (const auto& [added, relation] : relations_) {
    Version& version = added ? after_ : before_;
    const Index subject = absorb_relation(version, relation);
    if (subject == no_instance) continue;
    const std::pair key(version.model.token[subject], version.meaning(relation).place);
    auto& waiting = gone[key];
    if (!added) {
      waiting.emplace_back(relation, subject);
      order.push_back(key);
    } else if (waiting.empty()) {
      describe_relation({no_instance, no_instance}, {relation, subject});
    } else {
      describe_relation(waiting.front(), {relation, subject});
      waiting.pop_front();
    }
  }
  for (const auto& key : order) {
    auto& waiting = gone[key];
    if (waiting.empty()) continue;
    describe_relation(waiting.front(), {no_instance, no_instance});
    waiting.pop_front();
  }
}

Index Description::absorb_relation(Version& version, Index relation) {
  const auto ends = ends_of(version.model, relation);
  Index stays = no_instance;
  Index alone = no_instance;
  for (const Index end : ends) {
    const Whole* const whole = version.find(end);
    if (whole == nullptr)
      stays = end;
    else if (alone == no_instance || version.find(alone)->host != no_instance)
      alone = end;
  }
  if (alone == no_instance) return subject(version.model, relation);
  Whole& whole = *version.find(alone);
  const bool own_host = whole.host != no_instance && std::find(ends.begin(), ends.end(), whole.host) != ends.end();
  if (stays != no_instance && whole.host != no_instance && !own_host) return stays;
  if (generous()) {
    const std::string json = version.relation_json(relation, position_of(version.model, relation, alone));
    append_json(whole.relations, json);
    bytes_ += json.size();
  }
  return no_instance;
}

Index Description::subject(const Model& model, Index relation) {
  const Index found = subject_of(model, relation);
  return found == no_instance ? relation : found;
}

int Description::position_of(const Model& model, Index relation, Index end) {
  const auto attributes = model.attributes(relation);
  for (std::size_t k = root_attributes; k < attributes.size(); ++k)
    if (model.reference(attributes[k]) == end) return static_cast<int>(k);
  return -1;
}

void Description::describe_relation(std::pair<Index, Index> gone, std::pair<Index, Index> come) {
  Version& version = come.first != no_instance ? after_ : before_;
  const auto& [relation, about] = come.first != no_instance ? come : gone;
  const auto say = [](const Version& where, const std::pair<Index, Index>& one) -> Value {
    if (one.first == no_instance) return std::nullopt;
    return where.relation_json(one.first, position_of(where.model, one.first, one.second));
  };
  Value before = say(before_, gone);
  Value after = say(after_, come);
  if (before == after) {
    before = content_json(base_.value[gone.first]);
    after = content_json(side_.value[come.first]);
  }
  add(order_of(version, about), {ChangeKind::relation, element_ref(version.model, about),
                                 version.meaning(relation).place, std::move(before), std::move(after)});
}

}  // namespace aecos::diff
