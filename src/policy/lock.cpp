#include <algorithm>

#include "policy/decide_internal.h"
#include "policy/fold_internal.h"
#include "policy/place_internal.h"

namespace aecos::policy {
namespace {

bool is_in_set(const Place& place, const std::string& set) {
  const std::string plain = folded(set);
  if (place.at.empty() || place.identity || place.opaque) return true;
  return std::any_of(place.folded_names.begin(), place.folded_names.end(),
                     [&](const PropertyName& name) { return !name.set || *name.set == plain; });
}

bool is_locked_path(const std::string& target, const std::string& path) {
  std::string_view plain_target = target;
  while (plain_target.ends_with('/')) plain_target.remove_suffix(1);
  const std::string plain = folded(path);
  return plain == plain_target || (plain.starts_with(plain_target) && plain[plain_target.size()] == '/');
}

bool is_locked(const HeldLock& lock, const FileChange& file, const std::vector<Place>& places) {
  if (lock.kind == "path") {
    const std::string target = folded(lock.target);
    return is_locked_path(target, file.path) || (!file.from.empty() && is_locked_path(target, file.from));
  }
  if (is_untold(file)) return true;
  return std::any_of(places.begin(), places.end(), [&](const Place& place) {
    const bool element = std::find(place.ids.begin(), place.ids.end(), lock.target) != place.ids.end();
    if (!element) return false;
    // That the file is about the element says nothing of what changes in it.
    if (&place == &places.front() && places.size() > 1) return false;
    return lock.kind != "properties" || is_in_set(place, lock.property_set);
  });
}

}  // namespace

void judge_locks(const Actor& actor, const Update& update, const std::vector<HeldLock>& locks, bool deny,
                 Reasons& reasons) {
  const bool others =
      std::any_of(locks.begin(), locks.end(), [&](const HeldLock& l) { return l.holder != actor.login; });
  if (!others) return;
  std::vector<bool> told(locks.size());
  for (const FileChange& file : update.files) {
    const std::vector<Place> places = places_of(file);
    for (std::size_t i = 0; i < locks.size(); ++i) {
      const HeldLock& lock = locks[i];
      if (told[i] || lock.holder == actor.login || !is_locked(lock, file, places)) continue;
      // What may be in a file that cannot be read is refused, but nobody is warned of it.
      const bool maybe = lock.kind != "path" && is_untold(file);
      if (maybe && !deny) continue;
      told[i] = true;
      const std::string what = (lock.kind == "properties" ? lock.property_set + " of " : "") + lock.target;
      reasons.add({in_words(what) + " is locked by " + in_words(lock.holder) +
                       (lock.reason.empty() ? "" : " (" + in_words(lock.reason) + ")") +
                       (maybe ? ", and what changes in " + in_words(file.path) + " cannot be told" : "") +
                       ": ask them, or who may manage locks",
                   "lock " + lock.id, file.path, lock.kind == "path" ? "" : lock.target, ""});
    }
  }
}

}  // namespace aecos::policy
