#include "diff/ifc.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/hash.h"
#include "diff/ifc_place_internal.h"
#include "diff/ifc_property_internal.h"
#include "diff/ifc_shape_internal.h"
#include "diff/ifc_value.h"
#include "diff/ifc_whole_internal.h"
#include "diff/step_text_internal.h"
#include "step/ifczip.h"
#include "step/token.h"
#include "text/json_writer.h"

namespace aecos::diff {
namespace {

using ifc::ClassTraits;
using ifc::no_instance;
using ifc::Role;
using text::json_quote;

constexpr std::size_t root_attributes = 4;  // GlobalId, OwnerHistory, Name, Description.
// What is repeated for very many elements is not written out for each of them.
constexpr std::size_t bytes_max = 256'000'000;
constexpr std::size_t looks_max = 2'000'000;  // Instances looked at for the names of styles.

class Description {
 public:
  Description(const Model& base, const Model& side, const Delta& delta)
      : base_(base), side_(side), delta_(delta), before_(base), after_(side), old_shapes_(base), new_shapes_(side) {}

  std::vector<Change> run() {
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

 private:
  struct Link {
    bool added;
    Token member;
    Index relation;
    Index instance;
  };
  struct Entry {
    std::size_t order;
    Change change;
  };

  // ---- What is in one version only.

  void collect(Version& version, Index i) {
    const ClassTraits& traits = version.model.traits(i);
    const bool added = &version == &after_;
    if (traits.role == Role::object)
      version.alone.emplace(i, Whole());
    else if (traits.role == Role::relation && !add_ordered(added ? no_instance : i, added ? i : no_instance))
      relations_.emplace_back(added, i);
  }

  // Relations whose members have an order are units of the delta; what their members gained or lost are links.
  void collect_links() {
    for (const LinkChange& link : delta_.links)
      links_.push_back({link.added, link.member, link.relation, link.instance});
    for (const ObjectChange& change : delta_.changed) collect_ordered(change);
    std::stable_partition(links_.begin(), links_.end(), [](const Link& link) { return !link.added; });
  }

  void collect_ordered(const ObjectChange& change) {
    const ClassTraits& traits = side_.traits(change.side);
    if (!traits.ordered_members || change.reclassified) return;
    const bool other_end = std::count(change.attributes.begin(), change.attributes.end(), traits.relating) > 0;
    const bool gone = other_end && add_ordered(change.base, no_instance);
    const bool come = add_ordered(other_end ? no_instance : change.base, change.side);
    if (gone || come) told_as_links_.insert(change.base);
  }

  static std::vector<std::pair<Token, Index>> members_of(const Model& model, Index relation) {
    std::vector<std::pair<Token, Index>> members;
    if (relation == no_instance) return members;
    const auto attributes = model.attributes(relation);
    const auto at = static_cast<std::size_t>(model.traits(relation).members);
    if (at >= attributes.size()) return members;
    for (const Index i : model.references(attributes[at]))
      members.emplace_back(model.token[i] != 0 ? model.token[i] : model.value[i], i);
    return members;
  }

  // Whether any link came out of it.
  bool add_ordered(Index before, Index after) {
    const Model& model = before != no_instance ? base_ : side_;
    if (!model.traits(before != no_instance ? before : after).ordered_members) return false;
    std::unordered_map<Token, int> balance;
    const auto old_members = members_of(base_, before);
    const auto new_members = members_of(side_, after);
    for (const auto& [token, i] : old_members) ++balance[token];
    for (const auto& [token, i] : new_members) --balance[token];
    const std::size_t count = links_.size();
    for (const auto& [token, i] : old_members)
      if (balance[token] > 0) links_.push_back({false, token, before, i});
    for (const auto& [token, i] : new_members)
      if (balance[token] < 0) links_.push_back({true, token, after, i});
    return links_.size() != count;
  }

  // Openings and ports that came or went are told with the object they are in.
  void find_hosts() {
    for (const auto& [added, relation] : relations_) {
      Version& version = added ? after_ : before_;
      const auto ends = ends_of(version.model, relation);
      for (const Index part : ends)
        for (const Index host : ends) set_host(version, part, host, relation);
    }
    for (const Link& link : links_) {
      Version& version = link.added ? after_ : before_;
      if (version.meaning(link.relation).kind != ChangeKind::container) continue;
      const Index host = relating(version.model, link.relation);
      if (host != no_instance && version.model.traits(host).product)
        set_host(version, link.instance, host, link.relation);
    }
  }

  static void set_host(Version& version, Index part, Index host, Index relation) {
    Whole* const whole = version.find(part);
    if (whole == nullptr || whole->host != no_instance || part == host) return;
    if (!belongs_to_host(version.model, part) || belongs_to_host(version.model, host)) return;
    const std::string& place = version.meaning(relation).place;
    const bool port = version.model.file.keyword(part).ends_with("PORT");
    if (place != "Openings" && place != "Projections" && !port) return;  // Not "Fills".
    whole->host = host;
    whole->place = port ? "Ports" : place;
  }

  static Index relating(const Model& model, Index relation) {
    const int at = model.traits(relation).relating;
    const auto attributes = model.attributes(relation);
    if (at < 0 || static_cast<std::size_t>(at) >= attributes.size()) return no_instance;
    return model.reference(attributes[static_cast<std::size_t>(at)]);
  }

  // ---- Objects in both.

  void describe_schema() {
    const auto name = [](const Model& model) -> Value {
      if (model.file.schemas.empty()) return std::nullopt;
      return json_quote(model.file.schemas.front());
    };
    if (base_.schema != side_.schema || (base_.schema == nullptr && name(base_) != name(side_)))
      add(0, {ChangeKind::resource, {}, "FILE_SCHEMA", name(base_), name(side_)});
  }

  void describe_changed(const ObjectChange& change) {
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

  // Attributes of one name stand side by side, wherever they are.
  void describe_other_class(const ObjectChange& change, const ElementRef& ref) {
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

  void describe_attribute(const ObjectChange& change, const ElementRef& ref, std::uint16_t k) {
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

  void describe_shape(const ObjectChange& change, const ElementRef& ref, std::uint16_t k, std::string place) {
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

  void add_distance(const ObjectChange& change, std::uint16_t k, std::string& after) const {
    const auto reference = [k](const Model& model, Index i) {
      const auto attributes = model.attributes(i);
      return k < attributes.size() ? model.reference(attributes[k]) : no_instance;
    };
    const auto distance = distance_m(base_, reference(base_, change.base), side_, reference(side_, change.side));
    if (!distance || after.size() < 3 || !after.ends_with('}')) return;
    after.pop_back();
    after += ",\"distance_m\":" + text::json_number(std::round(*distance * 1e6) / 1e6) + "}";
  }

  void describe_annotations(const ObjectChange& change, const ElementRef& ref) {
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
    const ChangeKind kind =
        base_.traits(change.base).role == Role::object ? ChangeKind::attribute : ChangeKind::resource;
    for (std::size_t k = 0; k < std::max(gone.size(), come.size()); ++k) {
      const bool was = k < gone.size();
      const bool is = k < come.size();
      const std::string place = is ? class_name(side_, come[k].second) : class_name(base_, gone[k].second);
      add(change.base, {kind, ref, place, was ? instance(base_, gone[k].second) : std::nullopt,
                        is ? instance(side_, come[k].second) : std::nullopt});
    }
  }

  // ---- Property sets.

  void collect_sets(const PropertySetChange& change) {
    const auto in = [&](const Model& model) {
      const auto found = model.by_token.find(change.object);
      return found == model.by_token.end() ? no_instance : found->second;
    };
    const Index b = in(base_);
    const Index s = in(side_);
    Whole* const gone = b == no_instance ? nullptr : before_.find(b);
    Whole* const come = s == no_instance ? nullptr : after_.find(s);
    if (gone != nullptr && change.base != no_instance && generous())
      before_.add_set(*gone, change.base);
    else if (come != nullptr && change.side != no_instance && generous())
      after_.add_set(*come, change.side);
    else if (gone == nullptr && come == nullptr)
      sets_.push_back({change, b, s});
  }

  struct SetOfObject {
    PropertySetChange change;
    Index base;
    Index side;
  };

  // Those of one object follow each other.
  void describe_sets() {
    for (std::size_t k = 0; k < sets_.size();) {
      std::size_t end = k;
      while (end < sets_.size() && sets_[end].change.object == sets_[k].change.object) ++end;
      pair_renamed(k, end);
      for (; k < end; ++k)
        if (sets_[k].change.base != no_instance || sets_[k].change.side != no_instance) describe_set(sets_[k]);
    }
  }

  // A set that lost its name and a new one with the same properties are one.
  void pair_renamed(std::size_t begin, std::size_t end) {
    constexpr std::size_t sets_max = 100;  // Of one object; no building has more.
    if (end - begin > sets_max) return;
    for (std::size_t k = begin; k < end; ++k) {
      PropertySetChange& gone = sets_[k].change;
      for (std::size_t n = begin; n < end && gone.base != no_instance && gone.side == no_instance; ++n) {
        PropertySetChange& come = sets_[n].change;
        if (come.base != no_instance || come.side == no_instance) continue;
        if (renamed_set(base_, gone.base, side_, come.side)) std::swap(gone.side, come.side);
      }
    }
  }

  void describe_set(const SetOfObject& one) {
    const PropertySetChange& change = one.change;
    const bool known = one.base != no_instance || one.side != no_instance;
    ElementRef ref = one.side != no_instance      ? element_ref(side_, one.side)
                     : one.base != no_instance    ? element_ref(base_, one.base)
                     : change.side != no_instance ? element_ref(side_, change.side)
                                                  : element_ref(base_, change.base);
    const std::size_t order = !known ? after_everything() : order_of(one.base, one.side);
    for (const PropertyDifference& difference : differences(change.base, change.side))
      add(order, {difference.kind, ref, difference.at, difference.before, difference.after});
  }

  // Many elements may share one set: compared once.
  const std::vector<PropertyDifference>& differences(Index b, Index s) {
    const auto [found, fresh] = compared_.try_emplace(std::uint64_t{b} << 32U | s);
    auto& [all, times] = found->second;
    if (fresh && b != no_instance && s != no_instance && renamed_set(base_, b, side_, s))
      all = {
          {ChangeKind::property, set_name(base_, b), json_quote(set_name(base_, b)), json_quote(set_name(side_, s))}};
    else if (fresh)
      all = compare_sets(base_, b, side_, s);
    if (!generous() && ++times > 1 && all.size() > 1) {
      const auto content = [](const Model& model, Index set) -> Value {
        if (set == no_instance) return std::nullopt;
        return content_json(model.value[set]);
      };
      all = {{all[0].kind, b != no_instance ? set_name(base_, b) : set_name(side_, s), content(base_, b),
              content(side_, s)}};
    }
    return all;
  }

  // ---- Relations.

  void describe_links() {
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

  // Into the account of an object that is in one version only. False: there is none.
  bool absorb(Version& version, const Link& link) {
    Whole* whole = version.find(link.instance);
    const Index to = relating(version.model, link.relation);
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

  void describe_link(const Link* gone, const Link* come) {
    const Link& one = come != nullptr ? *come : *gone;
    Version& version = come != nullptr ? after_ : before_;
    const Version::Meaning& meaning = version.meaning(one.relation);
    const auto say = [&](Version& where, const Link* link) -> Value {
      if (link == nullptr) return std::nullopt;
      if (!generous()) return content_json(relation_key(where.model, link->relation));
      return where.relating_json(link->relation);
    };
    Value before = say(before_, gone);
    Value after = say(after_, come);
    if (before == after) {  // Related to the same, but otherwise.
      before = before_.relation_json(gone->relation, base_.traits(gone->relation).members);
      after = after_.relation_json(come->relation, side_.traits(come->relation).members);
    }
    if (before == after) {
      before = content_json(relation_key(base_, gone->relation));
      after = content_json(relation_key(side_, come->relation));
    }
    const Model& model = version.model;
    const bool object = model.traits(one.instance).role == Role::object;
    const ElementRef ref = object ? element_ref(model, one.instance) : element_ref(model, one.relation);
    add(order_of(version, object ? one.instance : one.relation),
        {meaning.kind, ref, meaning.place, std::move(before), std::move(after)});
  }

  // Relations one to one that came or went.
  void describe_relations() {
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

  // The object that it is told of; no_instance if it is part of the account of an object that came or went. Openings
  // and ports do not take it with them: whoever is at the other end is touched.
  Index absorb_relation(Version& version, Index relation) {
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

  // What it is about; the relation itself where that is nothing.
  static Index subject(const Model& model, Index relation) {
    const Index found = subject_of(model, relation);
    return found == no_instance ? relation : found;
  }

  static int position_of(const Model& model, Index relation, Index end) {
    const auto attributes = model.attributes(relation);
    for (std::size_t k = root_attributes; k < attributes.size(); ++k)
      if (model.reference(attributes[k]) == end) return static_cast<int>(k);
    return -1;
  }

  void describe_relation(std::pair<Index, Index> gone, std::pair<Index, Index> come) {
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

  // ---- What nothing refers to.

  void describe_loose() {
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

  // What is in both versions, but referred to in one of them only, is no news beside the change that did it.
  void describe_left_over() {
    if (!entries_.empty()) return;
    for (const auto& [added, i] : left_over_)
      describe_loose_pair(element_ref(added ? side_ : base_, i), added ? no_instance : i, added ? i : no_instance);
  }

  void describe_loose_pair(const ElementRef& ref, Index b, Index s) {
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
      before = content_json(base_.value[b]);
      after = content_json(side_.value[s]);
    }
    add(b != no_instance ? b : base_.size() + s,
        {ChangeKind::resource, ref, ref.ifc_class, std::move(before), std::move(after)});
  }

  // ---- Objects that came or went.

  void describe_wholes() {
    pair_redrawn();
    tell_parts(before_, delta_.removed);
    tell_parts(after_, delta_.added);
    for (const Index i : delta_.removed) describe_whole(before_, i);
    for (const auto& [b, s] : redrawn_) describe_redrawn(b, s);
    for (const Index i : delta_.added) describe_whole(after_, i);
  }

  void pair_redrawn() {
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

  // Class, placement, shape and type; 0 for what is not drawn.
  std::uint64_t drawn_key(Version& version, Index i, bool with_name) const {
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

  // Openings and ports of an object that came or went with it are parts of its account.
  void tell_parts(Version& version, const std::vector<Index>& objects) {
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

  Value whole(Version& version, Index i) {
    if (!generous()) return content_json(version.model.value[i]);
    return version.whole_json(i, *version.find(i));
  }

  void describe_whole(Version& version, Index i) {
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

  void describe_redrawn(Index b, Index s) {
    add(b, {ChangeKind::redrawn, element_ref(side_, s), base_.global_id(b), whole(before_, b), whole(after_, s)});
  }

  // ---- Helpers.

  bool generous() const { return bytes_ < bytes_max; }

  Value value(const Model& model, Index i, std::size_t attribute) const {
    if (generous()) return attribute_value_json(model, i, attribute);
    return content_json(attribute_content(model, i, attribute));
  }

  static std::uint64_t attribute_content(const Model& model, Index i, std::size_t attribute) {
    const auto attributes = model.attributes(i);
    return attribute < attributes.size() ? ifc::attribute_value(model, i, attribute, attributes[attribute]) : 0;
  }

  Value instance(const Model& model, Index i) const {
    if (generous()) return instance_json(model, i);
    return content_json(model.value[i]);
  }

  // The place in base; what is not there comes behind, in the order of the side.
  std::size_t order_of(Index base, Index side) const { return base != no_instance ? base : base_.size() + side; }
  std::size_t order_of(const Version& version, Index i) const {
    if (&version == &before_) return i;
    const auto found = side_.token[i] == 0 ? base_.by_token.end() : base_.by_token.find(side_.token[i]);
    return found != base_.by_token.end() ? found->second : base_.size() + i;
  }
  std::size_t after_everything() const { return std::size_t{base_.size()} + side_.size(); }

  void add(std::size_t order, Change change) {
    const auto size = [](const Value& value) { return value ? value->size() : 0; };
    bytes_ += sizeof(Entry) + change.at.size() + size(change.before) + size(change.after);
    entries_.push_back({order, std::move(change)});
  }

  std::vector<Change> sorted() {
    std::stable_sort(entries_.begin(), entries_.end(),
                     [](const Entry& a, const Entry& b) { return a.order < b.order; });
    std::vector<Change> changes;
    changes.reserve(entries_.size());
    for (Entry& entry : entries_) changes.push_back(std::move(entry.change));
    return changes;
  }

  const Model& base_;
  const Model& side_;
  const Delta& delta_;
  Version before_;
  Version after_;
  ShapeValues old_shapes_;
  ShapeValues new_shapes_;
  std::vector<Link> links_;                        // Removed ones first.
  std::vector<std::pair<bool, Index>> relations_;  // One to one: added, relation.
  std::vector<std::pair<Index, Index>> redrawn_;
  std::vector<SetOfObject> sets_;
  std::unordered_set<Index> told_as_links_;  // Relations of base.
  std::unordered_map<std::uint64_t, std::pair<std::vector<PropertyDifference>, int>> compared_;
  std::vector<std::pair<bool, Index>> left_over_;  // Loose: added, instance.
  std::vector<Entry> entries_;
  std::size_t bytes_ = 0;
  std::size_t looks_left_ = looks_max;
};

}  // namespace

std::vector<Change> describe(const Model& base, const Model& side, const Delta& delta) {
  return Description(base, side, delta).run();
}

namespace {

// A file without instances, of the same schema as the other version.
std::string empty_file(std::string_view other) {
  const auto model = ifc::read_model(other);
  std::string schema = "''";
  if (model && !model->file.schemas.empty()) schema = step::encode_string(model->file.schemas.front());
  return "ISO-10303-21;HEADER;FILE_SCHEMA((" + schema + "));ENDSEC;DATA;ENDSEC;END-ISO-10303-21;";
}

Error named(Error error, std::string_view version) {
  error.message.insert(0, std::string(version) + ": ");
  return error;
}

Result<std::string> unpacked(std::string_view version, const char* name) {
  if (!step::is_zip(version)) return std::string(version);
  auto packed = step::unpack(version);
  if (!packed) return named(packed.error(), name);
  return std::move(packed->text);
}

Result<std::vector<Change>> diff_ifczip(std::string_view before, std::string_view after) {
  AECOS_TRY_ASSIGN(const std::string base, unpacked(before, "before"));
  AECOS_TRY_ASSIGN(const std::string side, unpacked(after, "after"));
  return diff_ifc(base, side);
}

}  // namespace

Result<std::vector<Change>> diff_ifc(std::string_view before, std::string_view after) {
  if (step::is_zip(before) || step::is_zip(after)) return diff_ifczip(before, after);
  std::string nothing;
  if (before.empty() != after.empty()) {
    nothing = empty_file(before.empty() ? after : before);
    (before.empty() ? before : after) = nothing;
  }
  auto base = ifc::read_model(before);
  if (!base) return named(base.error(), "before");
  auto side = ifc::read_model(after);
  if (!side) return named(side.error(), "after");
  Model* const models[] = {&*base, &*side};
  ifc::identify(models);
  if (auto values = ifc::compute_values(*base, nullptr); !values) return named(values.error(), "before");
  if (auto values = ifc::compute_values(*side, &*base); !values) return named(values.error(), "after");
  return describe(*base, *side, compare(*base, *side));
}

}  // namespace aecos::diff
