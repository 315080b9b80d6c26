#pragma once
// Asking a forge, and telling it: one interface for GitHub, GitLab and Gitea. What is sent goes through the client that
// is given, so that nothing here opens a connection of its own. Not for two threads at once.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "forge/settings.h"
#include "http/client.h"

namespace aecos::forge {

// How a forge is reached. The token is sent to `api` alone and is in no message.
struct Access {
  Kind kind = Kind::github;
  std::string repository = {};
  std::string api = {};
  std::string token = {};  // Of a GitHub App's installation, or a personal one. Empty: what everybody may see.
  http::Guard guard = {};  // Of every call; see http::Call.
  std::int64_t now_s = 0;  // Seconds since 1970: forges say when their limits end.
  std::int64_t timeout_ms = 20'000;  // Of one call.
};

// Texts are users' own, on one line and of limited length.
struct PullRequest {
  std::uint64_t number = 0;
  std::string title = {}, author = {};
  std::string source = {}, target = {};  // Branches.
  std::string url = {};
  std::string commit = {};  // The source's, hex digits.
  bool is_draft = false;
  std::string checks = {};       // "passed", "failed", "pending"; empty: there are none, or they are not known.
  std::uint64_t approvals = 0;   // Of the last looks that people took at it.
  std::uint64_t objections = 0;  // They ask for changes.
  std::int64_t updated_us = 0;
  bool operator==(const PullRequest&) const = default;
};

struct Status {
  enum class State : std::uint8_t { pending, success, failure };
  State state = State::success;
  std::string name = "aecos";
  std::string summary = {};  // One line; what is too long for the forge is cut.
  std::string url = {};      // May be empty.
};

// What a forge holds pushes to a branch to.
struct Protection {
  bool is_protected = false;
  std::uint64_t approvals = 0;
  std::vector<std::string> checks = {};
  bool everybody_pushes = true;        // Who may write to the repository.
  std::vector<std::string> push = {};  // Otherwise these: "ana", "team:structural", "role:Maintainers".
  bool operator==(const Protection&) const = default;
};

// Errors: denied: the token is not accepted, or may not do it; not_found: it is not there, or the token may not see it;
// unavailable: no answer, a broken one, or too many calls (then wait_s says how long to wait); invalid_input: the forge
// does not take what it was sent. Messages are one line, without tokens.
class Forge {
 public:
  virtual ~Forge() = default;
  // The newest first, at most `count_max`; of the first `looked_at_max` also the checks and approvals, which need a
  // call or two each.
  virtual Result<std::vector<PullRequest>> open_pull_requests(std::size_t count_max, std::size_t looked_at_max) = 0;
  virtual Result<> set_status(const std::string& commit, const Status& status) = 0;
  // The comment that begins with the marker ("<!-- aecos:house -->") gets this text, which begins with it too; there is
  // a new one if none does. Nothing is sent if it has the text already.
  virtual Result<> keep_comment(std::uint64_t number, const std::string& marker, const std::string& text) = 0;
  // Logins of a team ("acme/structural") or group ("acme/sub/structural"), sorted; at most 10,000.
  virtual Result<std::vector<std::string>> members(const std::string& team) = 0;
  virtual Result<Protection> protection(const std::string& branch) = 0;
  // Seconds that the last answer asked to wait before the next call; 0: none.
  virtual std::int64_t wait_s() const = 0;
};

std::unique_ptr<Forge> connect(Access access, http::Client& client);

}  // namespace aecos::forge
