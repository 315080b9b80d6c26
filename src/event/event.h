#pragma once
// What happened in a project, as a CloudEvents 1.0 envelope, and the chain that shows if any of it was changed.
//
//   {"specversion":"1.0","id":"01J…","source":"/projects/house","type":"commit.integrated","subject":"develop",
//    "time":"2026-11-25T09:00:00.000000Z","datacontenttype":"application/json",
//    "data":{"project":"house","seq":17,"actor":"ana","branch":"develop", … ,"previousHash":"…","hash":"…"}}
//
// The hash is the SHA-256 of the text with an empty "hash"; the text is kept and sent byte for byte as it was sealed.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "diff/change.h"
#include "diff/summary.h"

namespace aecos::event {

struct ElementChange {
  diff::ElementRef element;
  std::string path;                   // Of the file that states it.
  std::vector<diff::Change> changes;  // May be empty: the element is only named.
  std::string storey = {};            // Where it is: "Level 1"; empty: not known.
};

// The changes of files, put together by element, in their order.
std::vector<ElementChange> by_element(const std::vector<diff::FileChanges>& files);

struct Draft {
  std::string id;       // ULID: see make_id.
  std::string project;  // Name.
  std::string type;     // "commit.integrated" …
  std::string subject;  // What it is about: a branch, a lock's id, a change request's number.
  std::string actor;    // Login; empty: the hub itself.
  std::string branch, commit;
  std::int64_t time_us = 0;
  std::vector<ElementChange> elements;
  std::string summary;                                    // One line for people.
  std::vector<std::pair<std::string, std::string>> more;  // Further members of data: name, JSON text.
};

struct Sealed {
  std::string json;
  std::string hash;                   // 64 hex digits.
  std::vector<std::string> elements;  // GlobalIds, each once.
};

// `previous_hash` is empty for the first (sequence 1). Values too large for an event (over 400 bytes of JSON) are left
// out of it, with their size in their place; so are elements beyond the first 200 and changes beyond 1,000 in all, with
// their number. Throws std::logic_error for what can be no event: no id, project or type, or `more` that is no JSON or
// says again what the event says already.
Sealed seal(const Draft& draft, std::uint64_t sequence, const std::string& previous_hash);

// One event as read back.
struct Entry {
  std::uint64_t sequence = 0;
  std::string id, type, subject, actor, branch, commit, time, summary, project;
  std::string previous_hash, hash;
  std::vector<diff::ElementRef> elements;
  std::string json;
};
// invalid_input: no event of a project as CloudEvents 1.0 wants it, or none that seal() made.
Result<Entry> read(std::string_view json);

// What was told, as far as the event has it: without the time, and without what was too large.
Result<Draft> draft_of(std::string_view json);

// Something is wrong with a chain: where and what, in words.
struct Fault {
  std::uint64_t sequence = 0;
  std::string what;  // "seq 17 is missing", "seq 12 was changed", "seq 9 does not follow seq 8" …
};
// Follows a chain from its beginning, or from an entry that is known to be right. Finds an entry that was removed,
// changed, put in another place, or put in between. What is true of all chains it cannot find: that the end was cut
// off, or all from some entry on was written and sealed anew; these show by what somebody else saw, see expect().
class Verifier {
 public:
  Verifier() = default;
  // What follows the entry of that sequence, which had that hash.
  Verifier(std::uint64_t sequence, std::string hash) : last_(sequence), last_hash_(std::move(hash)) {}

  void add(std::string_view json);  // The next entry, in the order it lies.
  // What `hash` the entry of that sequence had according to somebody else (a commit's trailer, a backup).
  void expect(std::uint64_t sequence, const std::string& hash);
  std::vector<Fault> finish();  // In the order they were found; the expectations last, in the order of the sequence.
  std::uint64_t count() const { return count_; }
  std::string last_hash() const { return last_hash_; }
  std::uint64_t last_sequence() const { return last_; }

 private:
  void follow(const Entry& entry);

  std::vector<Fault> faults_;
  std::vector<std::pair<std::uint64_t, std::string>> expected_;
  std::map<std::uint64_t, std::string> seen_;  // What the entry's hash truly is.
  std::uint64_t count_ = 0, last_ = 0;
  std::string last_hash_, project_;
};

// A ULID: 48 bits of milliseconds, 80 random bits (exactly ten bytes), 26 characters; sorts by time.
std::string make_id(std::int64_t time_us, std::string_view ten_random_bytes);

}  // namespace aecos::event
