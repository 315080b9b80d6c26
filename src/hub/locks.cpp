#include "hub/locks.h"

#include <algorithm>

#include "hub/answer.h"

namespace aecos::hub {
namespace {

constexpr std::int64_t second_us = 1'000'000;
constexpr std::int64_t lease_max_s = 365LL * 24 * 3600;
constexpr std::size_t line_max = 1000;
constexpr std::size_t reason_max = 500;  // It comes in an address.

// A place within another: a set of an element's properties, a file in a folder.
bool overlap(const store::Lock& a, const store::Lock& b) {
  if ((a.kind == "path") != (b.kind == "path")) return false;
  if (a.kind == "path") {
    if (a.target == b.target) return true;
    const bool inside = b.target.ends_with('/') && a.target.starts_with(b.target);
    return inside || (a.target.ends_with('/') && b.target.starts_with(a.target));
  }
  if (a.target != b.target) return false;
  return a.kind == "element" || b.kind == "element" || a.property_set == b.property_set;
}

Error unknown(const std::string& id) { return {ErrorCode::not_found, "there is no lock " + id}; }

}  // namespace

std::string title_of(const store::Lock& lock) {
  const std::string name = lock.element_name.empty() ? lock.target : lock.element_name;
  return lock.kind == "properties" ? lock.property_set + " of " + name : name;
}

Result<std::vector<policy::HeldLock>> held_locks(store::Store& store, const std::string& project, std::int64_t now_us) {
  std::vector<policy::HeldLock> held;
  const Result<> done = store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(const std::vector<store::Lock> locks, tables.locks(project));
    for (const store::Lock& lock : locks) {
      if (lock.expires_us <= now_us) continue;
      held.push_back({lock.id, lock.kind, lock.target, lock.property_set, lock.holder, lock.reason});
    }
    return {};
  });
  AECOS_TRY(done);
  return held;
}

event::Draft Locks::told(const std::string& type, const std::string& actor, const store::Lock& lock,
                         const std::string& summary) {
  event::Draft draft = events_.draft(lock.project, type, actor);
  draft.subject = lock.id;
  draft.branch = lock.branch;
  draft.summary = summary;
  draft.more = {{"holder", text::json_quote(lock.holder)}};
  if (lock.kind == "path") {
    draft.elements = {{{}, lock.target, {}}};
  } else {
    draft.elements = {{{lock.target, lock.element_class, lock.element_name}, "", {}}};
  }
  return draft;
}

Result<Locks::Taken> Locks::acquire(const Projects::Entry& entry, const Wish& wish) {
  const bool known = wish.kind == "element" || wish.kind == "properties" || wish.kind == "path";
  if (!known || wish.target.empty() || (wish.kind == "properties") != !wish.property_set.empty())
    return Error{ErrorCode::invalid_input,
                 "a lock is on an element (its GlobalId), on one property set of it, or on a path"};
  for (const std::string* text :
       {&wish.target, &wish.property_set, &wish.reason, &wish.branch, &wish.element_name, &wish.element_class}) {
    if (!is_line(*text, line_max))
      return Error{ErrorCode::invalid_input, "what is said of a lock has one line of up to 1000 characters each"};
  }
  if (wish.lease_s < 0 || wish.lease_s > lease_max_s) return Error{ErrorCode::invalid_input, "a lease is up to a year"};
  if (wish.kind == "path") {
    const std::string fault =
        policy::path_fault(wish.target.ends_with('/') ? wish.target.substr(0, wish.target.size() - 1) : wish.target);
    if (!fault.empty()) return Error{ErrorCode::invalid_input, "the path " + fault};
  }
  const std::int64_t now_us = parts_.clock.now_us();
  store::Lock lock;
  lock.id = "l-" + os::random_hex(parts_.random, 8);
  lock.project = entry.row.name;
  lock.kind = wish.kind;
  lock.target = wish.target;
  lock.property_set = wish.property_set;
  lock.holder = entry.actor.login;
  lock.reason = wish.reason;
  lock.branch = wish.branch;
  lock.element_name = wish.element_name;
  lock.element_class = wish.element_class;
  lock.acquired_us = now_us;
  lock.expires_us = now_us + (wish.lease_s != 0 ? wish.lease_s : parts_.config.lock_lease_s) * second_us;
  Taken taken;
  auto done = events_.commit_telling([&](store::Tables& tables) -> Result<std::vector<event::Draft>> {
    std::vector<event::Draft> drafts;
    AECOS_TRY_ASSIGN(const std::vector<store::Lock> held, tables.locks(lock.project));
    for (const store::Lock& other : held) {
      if (!overlap(lock, other)) continue;
      if (other.expires_us <= now_us) {
        AECOS_TRY(tables.remove_lock(other.id));
        drafts.push_back(told("lock.expired", "", other, title_of(other) + " is free again: the lease was over"));
      } else if (other.holder != lock.holder) {
        taken = {other, false};
        return drafts;
      } else if (other.kind == lock.kind && other.target == lock.target && other.property_set == lock.property_set) {
        taken = {other, false};
        taken.lock.expires_us = std::max(other.expires_us, lock.expires_us);
        AECOS_TRY(tables.update_lock(taken.lock));
        return drafts;
      }
    }
    AECOS_TRY(tables.add_lock(lock));
    taken = {lock, true};
    drafts.push_back(told("lock.acquired", lock.holder, lock,
                          lock.holder + " locked " + title_of(lock) + (lock.reason.empty() ? "" : ": " + lock.reason)));
    return drafts;
  });
  if (!done) return std::move(done).error();
  return taken;
}

Result<std::vector<store::Lock>> Locks::list(const std::string& project) {
  std::vector<store::Lock> locks;
  const Result<> done = parts_.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(locks, tables.locks(project));
    return {};
  });
  AECOS_TRY(done);
  std::erase_if(locks, [&](const store::Lock& lock) { return lock.expires_us <= parts_.clock.now_us(); });
  return locks;
}

Result<store::Lock> Locks::find(const std::string& project, const std::string& id) {
  std::optional<store::Lock> lock;
  const Result<> done = parts_.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(lock, tables.lock(id));
    return {};
  });
  AECOS_TRY(done);
  if (!lock || lock->project != project) return unknown(id);
  return *std::move(lock);
}

Result<store::Lock> Locks::heartbeat(const Projects::Entry& entry, const std::string& id, std::int64_t lease_s) {
  if (lease_s < 0 || lease_s > lease_max_s) return Error{ErrorCode::invalid_input, "a lease is up to a year"};
  AECOS_TRY_ASSIGN(store::Lock lock, find(entry.row.name, id));
  if (lock.holder != entry.actor.login)
    return Error{ErrorCode::denied, title_of(lock) + " is locked by " + lock.holder};
  const std::int64_t now_us = parts_.clock.now_us();
  if (lock.expires_us <= now_us) return unknown(id);
  lock.expires_us = now_us + (lease_s != 0 ? lease_s : parts_.config.lock_lease_s) * second_us;
  const Result<> done = parts_.store.write([&](store::Tables& tables) { return tables.update_lock(lock); });
  AECOS_TRY(done);
  return lock;
}

Result<store::Lock> Locks::release(const Projects::Entry& entry, const std::string& id, bool force,
                                   const std::string& reason) {
  if (!is_line(reason, reason_max))
    return Error{ErrorCode::invalid_input, "a reason has one line of up to 500 characters"};
  AECOS_TRY_ASSIGN(const store::Lock lock, find(entry.row.name, id));
  const bool own = lock.holder == entry.actor.login;
  if (!own && !force)
    return Error{ErrorCode::denied,
                 title_of(lock) + " is locked by " + lock.holder + "; ask for it, or break the lock"};
  if (!own && !policy::may_manage(entry.standing->roles, entry.actor, "locks"))
    return Error{ErrorCode::denied, entry.actor.login + " may not break the lock of " + lock.holder +
                                        ": that is for who may manage locks"};
  const std::string summary = own ? lock.holder + " released " + title_of(lock)
                                  : entry.actor.login + " broke the lock of " + lock.holder + " on " + title_of(lock) +
                                        (reason.empty() ? "" : ": " + reason);
  auto done = events_.commit({told(own ? "lock.released" : "lock.broken", entry.actor.login, lock, summary)},
                             [&](store::Tables& tables) { return tables.remove_lock(id); });
  if (!done && done.error().code == ErrorCode::changed_meanwhile) return unknown(id);
  if (!done) return std::move(done).error();
  return lock;
}

Result<store::Lock> Locks::ask(const Projects::Entry& entry, const std::string& id, const std::string& message) {
  if (!is_line(message, line_max))
    return Error{ErrorCode::invalid_input, "a message has one line of up to 1000 characters"};
  AECOS_TRY_ASSIGN(store::Lock lock, find(entry.row.name, id));
  if (lock.holder == entry.actor.login) return Error{ErrorCode::invalid_input, "the lock is your own"};
  lock.asked_by = entry.actor.login;
  lock.asked_message = message;
  lock.asked_us = parts_.clock.now_us();
  const std::string summary =
      lock.asked_by + " asks " + lock.holder + " for " + title_of(lock) + (message.empty() ? "" : ": " + message);
  auto done = events_.commit({told("lock.asked", entry.actor.login, lock, summary)},
                             [&](store::Tables& tables) { return tables.update_lock(lock); });
  if (!done) return std::move(done).error();
  return lock;
}

Result<store::Lock> Locks::hand_over(const Projects::Entry& entry, const std::string& id) {
  AECOS_TRY_ASSIGN(store::Lock lock, find(entry.row.name, id));
  if (lock.holder != entry.actor.login)
    return Error{ErrorCode::denied, title_of(lock) + " is locked by " + lock.holder};
  if (lock.asked_by.empty()) return Error{ErrorCode::invalid_input, "nobody has asked for the lock"};
  const std::string before = lock.holder;
  const std::int64_t now_us = parts_.clock.now_us();
  lock.holder = lock.asked_by;
  lock.reason = lock.asked_message;
  lock.asked_by = lock.asked_message = "";
  lock.asked_us = 0;
  lock.acquired_us = now_us;
  lock.expires_us = now_us + parts_.config.lock_lease_s * second_us;
  auto done = events_.commit(
      {told("lock.acquired", lock.holder, lock, before + " handed " + title_of(lock) + " to " + lock.holder)},
      [&](store::Tables& tables) { return tables.update_lock(lock); });
  if (!done) return std::move(done).error();
  return lock;
}

Result<std::size_t> Locks::expire() {
  std::size_t count = 0;
  const std::int64_t now_us = parts_.clock.now_us();
  std::vector<store::Lock> over;
  const Result<> looked = parts_.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(over, tables.locks_expired(now_us));
    return {};
  });
  AECOS_TRY(looked);
  if (over.empty()) return count;
  auto done = events_.commit_telling([&](store::Tables& tables) -> Result<std::vector<event::Draft>> {
    std::vector<event::Draft> drafts;
    AECOS_TRY_ASSIGN(const std::vector<store::Lock> locks, tables.locks_expired(now_us));
    for (const store::Lock& lock : locks) {
      AECOS_TRY(tables.remove_lock(lock.id));
      drafts.push_back(
          told("lock.expired", "", lock, title_of(lock) + " is free again: the lease of " + lock.holder + " was over"));
    }
    count = drafts.size();
    return drafts;
  });
  if (!done) return std::move(done).error();
  return count;
}

}  // namespace aecos::hub
