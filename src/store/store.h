#pragma once
// The hub's tables in SQLite (embedded) or PostgreSQL. What write() returned from is on the disk.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/records.h"

namespace aecos::store {

// The tables inside one transaction. Absent: there is no such row. Errors: unavailable: the database does not answer,
// is full or damaged; changed_meanwhile: a row that must be unique is there already, or (update) is gone.
// Any error makes the transaction fail as a whole, if the work returns it.
class Tables {
 public:
  virtual ~Tables() = default;

  // --- people
  virtual Result<> add_user(const User& user) = 0;
  virtual Result<> update_user(const User& user) = 0;  // By login.
  virtual Result<std::optional<User>> user(const std::string& login) = 0;
  virtual Result<std::vector<User>> users(const std::string& after_login, std::size_t limit) = 0;  // By login.
  virtual Result<std::size_t> count_users() = 0;
  virtual Result<> add_token(const Token& token) = 0;
  virtual Result<> update_token(const Token& token) = 0;  // By id.
  virtual Result<> remove_token(const std::string& id) = 0;
  virtual Result<std::optional<Token>> token_by_hash(const std::string& hash) = 0;
  virtual Result<std::optional<Token>> token(const std::string& id) = 0;
  virtual Result<std::vector<Token>> tokens(const std::string& login) = 0;  // Newest first; all kinds.

  // --- projects
  virtual Result<> add_project(const Project& project) = 0;
  virtual Result<> update_project(const Project& project) = 0;  // title, archived, audit_sequence.
  virtual Result<std::optional<Project>> project(const std::string& name) = 0;
  virtual Result<std::vector<Project>> projects(const std::string& after_name, std::size_t limit) = 0;
  virtual Result<> set_grant(const Grant& grant) = 0;  // Empty access: takes it away.
  virtual Result<std::vector<Grant>> grants(const std::string& project) = 0;
  virtual Result<std::vector<Grant>> grants_of(const std::string& login) = 0;

  // --- events
  // Gives the event the next sequence of its project and the hash of the one before; `seal` makes of them the json and
  // the hash that are stored. Sequences have no gap, whatever fails.
  struct Place {
    std::uint64_t sequence = 0;
    std::string previous_hash;  // Empty: it is the first.
  };
  using Seal = std::function<Event(const Place&)>;
  virtual Result<Event> append_event(const std::string& project, const Seal& seal) = 0;
  virtual Result<std::vector<Event>> events(const EventQuery& query) = 0;

  // --- intents
  virtual Result<> add_intent(const Intent& intent) = 0;
  virtual Result<> remove_intent(const std::string& id) = 0;
  virtual Result<std::vector<Intent>> intents() = 0;  // Oldest first.

  // --- locks
  // changed_meanwhile: the same place (project, kind, target, property set) is locked already.
  virtual Result<> add_lock(const Lock& lock) = 0;
  virtual Result<> update_lock(const Lock& lock) = 0;  // By id.
  virtual Result<> remove_lock(const std::string& id) = 0;
  virtual Result<std::optional<Lock>> lock(const std::string& id) = 0;
  virtual Result<std::vector<Lock>> locks(const std::string& project) = 0;  // By time of acquisition, then id.
  virtual Result<std::vector<Lock>> locks_expired(std::int64_t now_us) = 0;

  // --- change requests and checks
  virtual Result<ChangeRequest> add_change_request(ChangeRequest request) = 0;  // Its number is given here.
  virtual Result<> update_change_request(const ChangeRequest& request) = 0;
  virtual Result<std::optional<ChangeRequest>> change_request(const std::string& project, std::uint64_t number) = 0;
  // Newest first; `state` empty: all; `before` 0: from the newest.
  virtual Result<std::vector<ChangeRequest>> change_requests(const std::string& project, const std::string& state,
                                                             std::uint64_t before, std::size_t limit) = 0;
  virtual Result<> set_approval(const Approval& approval) = 0;  // One a person and request: the last counts.
  virtual Result<std::vector<Approval>> approvals(const std::string& project, std::uint64_t number) = 0;
  virtual Result<> set_check(const Check& check) = 0;
  virtual Result<std::vector<Check>> checks(const std::string& project, const std::string& commit) = 0;

  // --- large objects
  virtual Result<> add_large_object(const LargeObject& object) = 0;  // One that is there already is no error.
  virtual Result<std::optional<LargeObject>> large_object(const std::string& project, const std::string& oid) = 0;

  // --- answers to requests that may be repeated
  // The answer given before for this key; absent: none.
  virtual Result<std::optional<std::string>> answer(const std::string& key) = 0;
  virtual Result<> keep_answer(const std::string& key, const std::string& answer, std::int64_t now_us) = 0;
  virtual Result<> forget_answers(std::int64_t before_us) = 0;

  // --- notifications
  virtual Result<> add_delivery(const Delivery& delivery) = 0;
  virtual Result<> update_delivery(const Delivery& delivery) = 0;
  virtual Result<> remove_delivery(const std::string& project, const std::string& channel,
                                   std::uint64_t sequence) = 0;  // One that is not there is no error.
  // In the order of the events, those after that one; `state` empty: all.
  virtual Result<std::vector<Delivery>> deliveries(const std::string& project, const std::string& channel,
                                                   const std::string& state, std::uint64_t after,
                                                   std::size_t limit) = 0;
  struct ChannelName {
    std::string project, channel;
    auto operator<=>(const ChannelName&) const = default;
  };
  virtual Result<std::vector<ChannelName>> channels_with_deliveries() = 0;  // That wait; each once, sorted.
  virtual Result<> set_channel_state(const ChannelState& state) = 0;
  virtual Result<std::vector<ChannelState>> channel_states(const std::string& project) = 0;
  virtual Result<> set_secret(const Secret& secret) = 0;
  virtual Result<> remove_secret(const std::string& project, const std::string& name) = 0;
  virtual Result<std::vector<Secret>> secrets(const std::string& project) = 0;  // By name.
  virtual Result<> set_watch(const Watch& watch) = 0;
  virtual Result<> remove_watch(const Watch& watch) = 0;                       // One that is not there is no error.
  virtual Result<std::vector<Watch>> watches(const std::string& project) = 0;  // By login, kind, target.
  virtual Result<> add_inbox_item(const InboxItem& item) = 0;  // One that is there already stays as it is.
  // Newest first; `project` empty: of all; `before_us` 0: from the newest.
  virtual Result<std::vector<InboxItem>> inbox(const std::string& login, const std::string& project, bool unread_only,
                                               std::int64_t before_us, std::size_t limit) = 0;
  // Those of the project up to that event.
  virtual Result<> mark_read(const std::string& login, const std::string& project, std::uint64_t up_to_sequence,
                             std::int64_t now_us) = 0;

  // --- settings
  virtual Result<std::optional<std::string>> setting(const std::string& name) = 0;
  virtual Result<> set_setting(const std::string& name, const std::string& value) = 0;
};

class Store {
 public:
  using Work = std::function<Result<>(Tables&)>;
  virtual ~Store() = default;
  // One transaction: all of the work or nothing. Returns when it is durable. The work may be called again if somebody
  // else was in the way, so it must not do anything but read and write tables. From any thread; with SQLite one after
  // the other, many in one commit.
  virtual Result<> write(const Work& work) = 0;
  // A consistent view; writing in it is an error. From any thread.
  virtual Result<> read(const Work& work) = 0;
  // A copy of everything as of now into the file or folder, which must not be there.
  virtual Result<> back_up(const std::string& path) = 0;
  // Damage, in words; empty: none was found.
  virtual Result<std::vector<std::string>> check() = 0;
};

// "sqlite:/data/hub.db" (made if it is not there), "sqlite::memory:", "postgresql://user@host/database". Brings the
// tables to the present version, in one transaction. invalid_input: they are of a later version, or no such database.
Result<std::unique_ptr<Store>> open(const std::string& address);

// Fills the database at the address, which must be empty, with what back_up made (of either kind of database).
Result<> restore(const std::string& backup, const std::string& address);

}  // namespace aecos::store
