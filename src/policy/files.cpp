// Which role may change what in a file.

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "policy/decide_internal.h"
#include "policy/fold_internal.h"
#include "policy/place_internal.h"
#include "policy/property_internal.h"
#include "text/json.h"

namespace aecos::policy {
namespace {

enum class List : std::uint8_t { may, never, owns };

constexpr std::string_view word(List list) { return list == List::may ? "may" : list == List::never ? "not" : "owns"; }

// A rule about writing, and how it stands to the file that is being judged.
struct Prepared {
  Prepared(const Rule& r, const std::string& role_name, List in_list, std::size_t index)
      : rule(r),
        role(role_name),
        list(in_list),
        name("roles." + role_name + "." + std::string(word(in_list)) + "[" + std::to_string(index) + "]"),
        pattern(folded(r.pattern)),
        properties(r.properties) {}

  bool is_plain() const { return rule.classes.empty() && rule.properties.empty() && rule.elements.empty(); }

  const Rule& rule;
  std::string role;
  List list;
  std::string name;  // "roles.architect.not[0]"
  std::string pattern;
  PropertyPatterns properties;
  bool mine = false;
  bool here = false, there = false;                  // The path is meant exactly, and so is the one it comes from.
  bool touches_here = false, touches_there = false;  // The same however they are written.

  bool fits() const { return here && there; }
  bool touches() const { return touches_here || touches_there; }
  bool is_crossed() const { return touches_here != touches_there; }  // The file comes under the rule, or leaves it.
};

bool is_record(std::string_view path) {
  constexpr std::string_view folder = ".aecos/conflicts/", values = "values/";
  if (!path.starts_with(folder)) return false;
  path.remove_prefix(folder.size());
  if (path.starts_with(values)) return path.find('/', values.size()) == std::string_view::npos;
  return path.ends_with(".json") && path.find('/') == std::string_view::npos;
}

bool is_nothing(const diff::Value& value) { return !value || *value == "null" || *value == "\"\"" || *value == "{}"; }

bool is_one_of(const diff::Value& value, const std::vector<std::string>& values) {
  if (is_nothing(value)) return true;
  const auto document = text::parse_json(*value);
  return document && std::any_of(values.begin(), values.end(), [&](const std::string& one) {
           const auto other = text::parse_json(one);
           return other && text::equal(document->root(), other->root());
         });
}

class Files {
 public:
  Files(const Actor& actor, const Roles& roles, const Update& update, Reasons& reasons)
      : actor_(actor), update_(update), reasons_(reasons), names_(names_of(actor)), plain_names_(folded(names_)) {
    for (const auto& [name, role] : roles.roles) {
      prepare(role.may, name, List::may);
      prepare(role.never, name, List::never);
      prepare(role.owns, name, List::owns);
    }
    for (const FileChange& file : update.files) {
      if (!file.from.empty()) moved_away_.insert(file.from);
    }
  }

  void run() {
    for (const FileChange& file : update_.files) {
      if (file.removed && file.from.empty() && moved_away_.contains(file.path) && file.path != roles_path) continue;
      judge(file);
    }
  }

 private:
  void prepare(const std::vector<Rule>& rules, const std::string& role, List list) {
    const bool mine = std::find(actor_.roles.begin(), actor_.roles.end(), role) != actor_.roles.end();
    for (std::size_t i = 0; i < rules.size(); ++i) {
      if (rules[i].action != "write") continue;
      Prepared one(rules[i], role, list, i);
      one.mine = mine;
      if (!fits_branch(rules[i])) continue;
      if (!rules[i].pattern.empty()) patterns_[one.pattern].insert(rules[i].pattern);
      rules_.push_back(std::move(one));
    }
  }

  bool fits_branch(const Rule& rule) const {
    return rule.branches.empty() || std::any_of(rule.branches.begin(), rule.branches.end(), [&](const std::string& b) {
             return matches(b, update_.branch, names_);
           });
  }

  void look_at(const FileChange& file) {
    const std::string plain = folded(file.path), plain_from = folded(file.from);
    for (Prepared& one : rules_) {
      const std::string& pattern = one.rule.pattern;
      const bool all = pattern.empty();
      one.here = all || matches(pattern, file.path, names_);
      one.there = file.from.empty() ? one.here : all || matches(pattern, file.from, names_);
      one.touches_here = one.here || matches(one.pattern, plain, plain_names_);
      one.touches_there =
          file.from.empty() ? one.touches_here : one.there || matches(one.pattern, plain_from, plain_names_);
    }
  }

  void judge(const FileChange& file) {
    if (file.path == roles_path && file.from.empty()) return;  // See judge_roles_file().
    if (!file.removed && is_name_of_another(file)) return;
    look_at(file);
    const std::vector<Place> places = places_of(file);
    const bool record =
        file.kind == FileChange::Kind::file && is_record(file.path) && (file.from.empty() || is_record(file.from));
    if (record) return judge_record(file, places[0]);
    if (is_untold(file)) return judge_untold(file);
    const bool same = !file.added && !file.removed && file.from.empty() && file.readable && file.changes.empty();
    if (same) return judge_same(file, places[0]);
    // What moves is judged as a whole too, and so is what nothing else is known of.
    const bool whole = !file.from.empty() || places.size() == 1;
    for (std::size_t i = whole ? 0 : 1; i < places.size(); ++i) judge(file, places[i]);
  }

  void judge(const FileChange& file, const Place& place) {
    if (const Prepared* const found = forbidden(place)) {
      return refuse(file, place, found->name, [&] {
        return "may not change " + what(file, place) + ": no " + found->role + " may" + ask(file, place);
      });
    }
    const bool own_property = is_owned(file, place, true), own = own_property || is_owned(file, place, false);
    if (const Prepared* const found = owned_by_others(place, own_property, own)) {
      return refuse(file, place, found->name, [&] {
        return "may not change " + what(file, place) + ", which " + found->role + " owns: ask " + found->role;
      });
    }
    if (own || is_allowed(place)) return;
    refuse(file, place, no_rule(),
           [&] { return "may not change " + what(file, place) + ": no rule allows it" + ask(file, place); });
  }

  // Whether a rule that forbids, or gives to others, is about the place in any respect.
  bool touches(const Prepared& one, const Place& place) const {
    if (!one.touches()) return false;
    // Whoever could take an element or a file out of a rule could change it there, and put it back.
    if (place.moved && place.ids.empty() && one.is_crossed()) return true;
    const Rule& rule = one.rule;
    const auto is_meant = [&](const std::string& id) {
      return std::find(rule.elements.begin(), rule.elements.end(), id) != rule.elements.end();
    };
    if (!rule.elements.empty() && std::none_of(place.ids.begin(), place.ids.end(), is_meant)) return false;
    const bool unknown = place.classes.empty() && !place.ids.empty();
    if (!rule.classes.empty() && !unknown && std::none_of(place.classes.begin(), place.classes.end(), [&](auto& name) {
          return is_any(name, rule.classes);
        }))
      return false;
    if (rule.properties.empty()) return true;
    if (one.is_crossed() || (place.identity && !(rule.classes.empty() && rule.elements.empty()))) return true;
    if (place.with_element && is_one_of(place.before, rule.initial) && is_one_of(place.after, rule.initial))
      return false;
    return one.properties.overlaps(place);
  }

  // Whether a rule that allows is about the place in every respect, whatever the element was and is.
  bool allows(const Prepared& one, const Place& place) const {
    const Rule& rule = one.rule;
    if (!rule.properties.empty() && !one.properties.covers(place)) return false;
    const auto is_meant = [&](const std::string& id) {
      return std::find(rule.elements.begin(), rule.elements.end(), id) != rule.elements.end();
    };
    if (!rule.elements.empty() && (place.ids.empty() || !std::all_of(place.ids.begin(), place.ids.end(), is_meant)))
      return false;
    if (rule.classes.empty() || place.shared) return true;
    return !place.classes.empty() && std::all_of(place.classes.begin(), place.classes.end(),
                                                 [&](const std::string& name) { return is_any(name, rule.classes); });
  }

  bool is_any(const std::string& name, const std::vector<std::string>& classes) const {
    return std::any_of(classes.begin(), classes.end(), [&](const std::string& wanted) {
      const auto [found, fresh] = is_class_.try_emplace({name, wanted});
      if (fresh) found->second = is_class(name, wanted);
      return found->second;
    });
  }

  const Prepared* forbidden(const Place& place) const {
    const auto found = std::find_if(rules_.begin(), rules_.end(), [&](const Prepared& one) {
      return one.mine && one.list == List::never && touches(one, place);
    });
    return found == rules_.end() ? nullptr : &*found;
  }

  // Who owns a property owns it also where others own the element or the file.
  const Prepared* owned_by_others(const Place& place, bool own_property, bool own) const {
    const auto found = std::find_if(rules_.begin(), rules_.end(), [&](const Prepared& one) {
      const bool mine = one.mine || own_property || (own && one.rule.properties.empty());
      return !mine && one.list == List::owns && touches(one, place);
    });
    return found == rules_.end() ? nullptr : &*found;
  }

  // What one owns one may write, a property in every file that is there and says something of it.
  bool is_owned(const FileChange& file, const Place& place, bool property) const {
    const bool stays = !file.added && !file.removed && file.from.empty();
    return std::any_of(rules_.begin(), rules_.end(), [&](const Prepared& one) {
      return one.mine && one.list == List::owns && one.fits() && one.rule.properties.empty() != property &&
             (stays || !property) && allows(one, place);
    });
  }

  // Where a file moves, what allows it here need not be what allows it there.
  bool is_allowed(const Place& place, const std::string& role = "") const {
    const auto by = [&](bool Prepared::*side) {
      return std::any_of(rules_.begin(), rules_.end(), [&](const Prepared& one) {
        return (role.empty() ? one.mine : one.role == role) && one.list == List::may && one.*side && allows(one, place);
      });
    };
    return by(&Prepared::here) && by(&Prepared::there);
  }

  bool is_allowed_plainly() const {
    const auto by = [&](bool Prepared::*side) {
      return std::any_of(rules_.begin(), rules_.end(), [&](const Prepared& one) {
        return one.mine && one.list == List::may && one.*side && one.is_plain();
      });
    };
    return by(&Prepared::here) && by(&Prepared::there);
  }

  // Anybody who may write anything may say that a conflict is settled; how it is settled is judged where it stands.
  void judge_record(const FileChange& file, const Place& place) {
    const auto writes = [](const Prepared& one) { return one.mine && one.list != List::never; };
    const auto found = std::find_if(rules_.begin(), rules_.end(), [&](const Prepared& one) {
      return one.mine && one.list == List::never && one.is_plain() && touches(one, place);
    });
    if (found == rules_.end() && std::any_of(rules_.begin(), rules_.end(), writes)) return;
    refuse(file, place, found == rules_.end() ? no_rule() : found->name,
           [&] { return "may not change " + in_words(file.path) + ": nothing may be written" + ask(file, place); });
  }

  // Other bytes, or another mode, that mean the same.
  void judge_same(const FileChange& file, const Place& place) {
    const auto found = std::find_if(rules_.begin(), rules_.end(), [&](const Prepared& one) {
      return one.mine ? one.list == List::never && one.is_plain() && touches(one, place)
                      : one.list == List::owns && one.is_plain() && touches(one, place);
    });
    const bool building = is_building_data(file, file.path);
    const bool allowed = std::any_of(rules_.begin(), rules_.end(), [&](const Prepared& one) {
      return one.mine && one.here && (one.list == List::may || (one.list == List::owns && building));
    });
    if (found == rules_.end() && allowed) return;
    refuse(file, place, found == rules_.end() ? no_rule() : found->name,
           [&] { return "may not write " + in_words(file.path) + ask(file, place); });
  }

  // What cannot be told is allowed only where nothing that it says could matter.
  void judge_untold(const FileChange& file) {
    Place place;
    const auto found = std::find_if(rules_.begin(), rules_.end(), [&](const Prepared& one) {
      return one.touches() && (one.mine ? one.list == List::never : one.list == List::owns);
    });
    const bool allowed = is_allowed_plainly();
    if (found == rules_.end() && allowed) return;
    const bool plain = found == rules_.end() || found->is_plain();
    const std::string name = found == rules_.end() ? no_rule() : found->name;
    refuse(file, place, name, [&] {
      if (plain && !allowed && is_writable_in_part())
        return why_untold(file) + ", and not everything in it may be changed";
      if (plain) return "may not write " + in_words(file.path) + ": no rule allows it" + ask(file, place);
      const std::string whose =
          found->mine ? "what no " + found->role + " may change" : "what " + found->role + " owns";
      return why_untold(file) + ", and it may be " + whose + (found->mine ? ask(file, place) : ": ask " + found->role);
    });
  }

  bool is_writable_in_part() const {
    return std::any_of(rules_.begin(), rules_.end(),
                       [](const Prepared& one) { return one.mine && one.list == List::may && one.fits(); });
  }

  static std::string why_untold(const FileChange& file) {
    const std::string path = in_words(file.path);
    if (file.kind == FileChange::Kind::symlink) return "may not write " + path + ": a link stands for another file";
    if (file.kind == FileChange::Kind::submodule) return "may not write " + path + ": it is another repository";
    if (!file.from.empty() && file.readable)
      return "may not rename " + in_words(file.from) + " to " + path + ": it would be read as something else";
    return "may not write " + path + ": what changes in it cannot be told";
  }

  // A path that somebody, or Windows or macOS, takes for one that a rule is about.
  bool is_name_of_another(const FileChange& file) {
    const std::string plain = folded(file.path);
    for (const auto& same : patterns_) {
      const std::string& pattern = same.first;
      const std::set<std::string>& written = same.second;
      const auto is_meant = [&](const std::string& one) { return matches(one, file.path); };
      if (std::any_of(written.begin(), written.end(), is_meant)) continue;
      const auto is_alike = [&](const std::string& one) { return can_be_taken_for(one, pattern, file.path, plain); };
      const auto found = std::find_if(written.begin(), written.end(), is_alike);
      if (found == written.end()) continue;
      refuse(file, Place(), "", [&] {
        return "may not write " + in_words(file.path) + ": it can be taken for a name under \"" + in_words(*found) +
               "\", which it is not; write it as the rule does";
      });
      return true;
    }
    return false;
  }

  // Whom to ask: the roles that may.
  std::string ask(const FileChange& file, const Place& place) const {
    std::vector<std::string> who;
    std::set<std::string> seen;
    for (const Prepared& one : rules_) {
      if (one.mine || !seen.insert(one.role).second || who.size() == 3) continue;
      const auto stops = [&](const Prepared& other) {
        return touches(other, place) && (other.role == one.role ? other.list == List::never : other.list == List::owns);
      };
      const bool owns = std::any_of(rules_.begin(), rules_.end(), [&](const Prepared& other) {
        return other.role == one.role && other.list == List::owns && other.fits() && !place.at.empty() && !file.added &&
               !file.removed && allows(other, place);
      });
      const bool may = owns || (is_allowed(place, one.role) && std::none_of(rules_.begin(), rules_.end(), stops));
      if (may) who.push_back(one.role);
    }
    return who.empty() ? "; nobody may, ask who manages the roles" : "; ask " + in_words(who, " or ");
  }

  std::string no_rule() const {
    std::string name;
    for (const std::string& role : actor_.roles) name += (name.empty() ? "roles." : ", roles.") + role + ".may";
    return name.empty() ? "members." + actor_.login : name;
  }

  static std::string what(const FileChange& file, const Place& place) {
    const std::string name = in_words(place.element.name.empty() ? place.element.global_id : place.element.name);
    if (name.empty() && place.at.empty()) return in_words(file.path);
    if (place.at.empty()) return name;
    return in_words(place.at) + (name.empty() ? " in " + in_words(file.path) : " of " + name);
  }

  template <class Words>
  void refuse(const FileChange& file, const Place& place, const std::string& rule, const Words& words) {
    if (reasons_.full()) return reasons_.skip();
    reasons_.add({in_words(actor_.login) + " " + words(), rule, file.path, place.element.global_id, place.at});
  }

  const Actor& actor_;
  const Update& update_;
  Reasons& reasons_;
  const Names names_, plain_names_;
  std::vector<Prepared> rules_;
  std::map<std::string, std::set<std::string>> patterns_;  // Folded, and as they are written.
  std::set<std::string> moved_away_;
  mutable std::map<std::pair<std::string, std::string>, bool> is_class_;
};

}  // namespace

void judge_files(const Actor& actor, const Roles& roles, const Update& update, Reasons& reasons) {
  Files(actor, roles, update, reasons).run();
}

}  // namespace aecos::policy
