#pragma once
// What the hub keeps in SQL, one struct a table row. Times are microseconds since 1970 UTC; 0: never.

#include <cstdint>
#include <string>
#include <vector>

namespace aecos::store {

struct User {
  std::string login = {};  // Lower case; letters, digits, '-', '_', '.'; unique.
  std::string name = {}, email = {};
  std::string password_hash = {};  // As hub/password.h writes it; empty: no password, tokens only.
  bool administrator = false;
  bool disabled = false;
  std::int64_t created_us = 0;
  bool operator==(const User&) const = default;
};

// Anything that lets somebody in: the secret itself is never stored, only its SHA-256.
struct Token {
  std::string id = {};    // Public.
  std::string hash = {};  // 64 hex digits; unique.
  std::string kind = {};  // "personal", "session", "once" (a link that works one time)
  std::string login = {};
  std::string name = {};
  std::vector<std::string> scopes = {};  // "read", "write", "admin" ...; no blanks in them.
  std::string project = {};              // Empty: all of the user's.
  std::int64_t created_us = 0, expires_us = 0, used_us = 0, revoked_us = 0;
  bool operator==(const Token&) const = default;
};

struct Project {
  std::string name = {};  // In addresses; lower case letters, digits, '-', '_', '.'; unique.
  std::string title = {};
  std::string created_by = {};
  std::int64_t created_us = 0;
  bool archived = false;
  std::uint64_t last_sequence = 0;  // Of its events.
  std::string last_hash = {};
  std::uint64_t audit_sequence = 0;  // Up to here they are in refs/aecos/audit.
  bool operator==(const Project&) const = default;
};

// Who may do what in a project as long as its repository has no roles.json, and who may manage it whatever that says.
struct Grant {
  std::string project = {}, login = {};
  std::string access = {};  // "read", "write", "manage"
  bool operator==(const Grant&) const = default;
};

struct Event {
  std::string project = {};
  std::uint64_t sequence = 0;  // 1, 2, 3 ... without a gap.
  std::string id = {}, type = {}, actor = {}, branch = {}, subject = {};
  std::int64_t time_us = 0;
  std::string json = {};  // The whole event, as it is sent and chained; see event/event.h.
  std::string hash = {};
  std::vector<std::string> elements = {};  // GlobalIds it is about; to be found by.
  bool operator==(const Event&) const = default;
};

struct EventQuery {
  std::string project = {};
  std::uint64_t after = 0;  // Sequence; those behind it.
  std::int64_t since_us = 0;
  std::string type = {};     // Empty: all. "lock." with the dot: all that begin so.
  std::string element = {};  // GlobalId; empty: all.
  std::string actor = {};
  bool newest_first = false;  // Then `after` (if not 0) means before.
  std::size_t limit = 100;
};

// A move of a ref that has been decided on. It is done, or taken back, when it is not in the table any more.
struct Intent {
  std::string id = {};
  std::string project = {}, ref = {};
  std::string from = {}, to = {};  // Commit ids, 40 hex digits; empty: the ref is not there.
  std::string json = {};           // What to tell when it is done.
  std::int64_t created_us = 0;
  bool operator==(const Intent&) const = default;
};

struct Lock {
  std::string id = {};
  std::string project = {};
  std::string kind = {};    // "element", "properties" (one set of an element), "path"
  std::string target = {};  // GlobalId or path; a path that ends in '/' is a folder.
  std::string property_set = {};
  std::string holder = {};  // Login.
  std::string reason = {}, branch = {};
  std::string element_name = {}, element_class = {};
  std::int64_t acquired_us = 0, expires_us = 0;
  std::string asked_by = {}, asked_message = {};  // Somebody who would like to have it.
  std::int64_t asked_us = 0;
  bool operator==(const Lock&) const = default;
};

struct ChangeRequest {
  std::string project = {};
  std::uint64_t number = 0;  // 1, 2, 3 ... in its project.
  std::string title = {}, text = {}, author = {};
  std::string source = {}, target = {};  // Branches, short.
  std::string state = {};                // "open", "merged", "closed"
  std::string merged_commit = {}, merged_by = {};
  std::int64_t created_us = 0, updated_us = 0;
  bool operator==(const ChangeRequest&) const = default;
};

struct Approval {
  std::string project = {};
  std::uint64_t number = 0;
  std::string login = {};
  std::string commit = {};   // What was looked at.
  std::string verdict = {};  // "approved", "changes-requested"
  std::string text = {};
  std::int64_t time_us = 0;
  bool operator==(const Approval&) const = default;
};

// What a check says of a commit; the last word of that name counts.
struct Check {
  std::string project = {}, commit = {}, name = {};
  std::string state = {};  // "passed", "failed", "pending"
  std::string summary = {}, url = {}, reporter = {};
  std::int64_t time_us = 0;
  bool operator==(const Check&) const = default;
};

struct LargeObject {
  std::string project = {}, oid = {};  // SHA-256, 64 hex digits.
  std::uint64_t size = 0;
  std::string uploaded_by = {};
  std::int64_t created_us = 0;
  bool operator==(const LargeObject&) const = default;
};

// An event on its way to a channel of its project. It is there until the channel has taken it.
struct Delivery {
  std::string project = {}, channel = {};
  std::uint64_t sequence = 0;  // The event's.
  std::string state = {};      // "waiting", "failed" (given up; it can be asked for again)
  std::uint64_t attempts = 0;
  std::int64_t created_us = 0;
  std::int64_t next_us = 0;  // Not before.
  std::string error = {};    // What went wrong last.
  bool operator==(const Delivery&) const = default;
};

// What is known of a channel besides its settings.
struct ChannelState {
  std::string project = {}, channel = {};
  std::string disabled = {};  // Why nothing is sent any more; empty: it works.
  std::int64_t changed_us = 0;
  bool operator==(const ChannelState&) const = default;
};

// A secret that a channel needs, by the name that settings call it.
struct Secret {
  std::string project = {}, name = {};
  std::string sealed = {};  // Encrypted; see hub/secrets.h.
  std::string set_by = {};
  std::int64_t set_us = 0;
  bool operator==(const Secret&) const = default;
};

// What somebody wants to hear of, besides what the project's settings tell them.
struct Watch {
  std::string project = {}, login = {};
  std::string kind = {};    // "element", "property"
  std::string target = {};  // GlobalId; "Pset_WallCommon.FireRating", "*.LoadBearing"
  std::int64_t since_us = 0;
  bool operator==(const Watch&) const = default;
};

// An event that somebody is told of within the hub.
struct InboxItem {
  std::string project = {}, login = {};
  std::uint64_t sequence = 0;  // The event's.
  std::string reason = {};     // Why it is told: "watched", "route", "yours", "managing"
  std::int64_t time_us = 0, read_us = 0;
  bool operator==(const InboxItem&) const = default;
};

}  // namespace aecos::store
