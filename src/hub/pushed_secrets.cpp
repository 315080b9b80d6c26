#include "hub/pushed_secrets.h"

#include <algorithm>
#include <optional>

#include "base/utf8.h"
#include "revision/secrets.h"
#include "text/json_writer.h"

namespace aecos::hub {
namespace {

using Secrets = std::vector<revision::SecretAt>;

constexpr std::size_t told_max = 20, reason_max = 300;

// What leads from what is known to a commit, the newest first. Absent: it is much, and git's own walk is the better
// way.
Result<std::optional<std::vector<git::Commit>>> few_new_commits(const OpenProject& project, const Incoming& incoming) {
  constexpr std::size_t most = 50;
  std::unordered_set<CommitId> seen(incoming.known.begin(), incoming.known.end());
  std::vector<git::Commit> commits;
  std::deque<CommitId> open{incoming.to};
  for (; !open.empty(); open.pop_front()) {
    if (!seen.insert(open.front()).second || incoming.judged.has(project.name, open.front())) continue;
    if (commits.size() == most) return std::optional<std::vector<git::Commit>>();
    AECOS_TRY_ASSIGN(commits.emplace_back(), project.repository.read_commit(open.front()));
    open.insert(open.end(), commits.back().parents.begin(), commits.back().parents.end());
  }
  return std::optional(std::move(commits));
}

Result<Secrets> secrets_in(const OpenProject& project, const Incoming& incoming) {
  AECOS_TRY_ASSIGN(const auto few, few_new_commits(project, incoming));
  if (!few) return revision::new_secrets(project.repository, {{incoming.to}, incoming.known});
  revision::SecretSearch search(project.repository);
  std::vector<CommitId> ids;
  for (auto commit = few->rbegin(); commit != few->rend(); ++commit) {
    AECOS_TRY(search.look_at(*commit));
    ids.push_back(commit->id);
  }
  Secrets secrets = std::move(search).take();
  if (secrets.empty()) incoming.judged.add(project.name, ids);
  // Not all that is known was met on the way.
  if (!secrets.empty()) return revision::new_secrets(project.repository, {{incoming.to}, incoming.known});
  return secrets;
}

// Absent: the push does not say that it is to let them in.
std::optional<std::string_view> reason_in(const std::vector<std::string>& options) {
  for (const std::string_view option : options) {
    if (option.starts_with(allow_secret_option)) return option.substr(allow_secret_option.size());
  }
  return std::nullopt;
}

bool is_reason(std::string_view text) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; };
  const bool is_blank = text.find_first_not_of(' ') == std::string_view::npos;
  return !is_blank && text.size() <= reason_max && is_utf8(text) && std::none_of(text.begin(), text.end(), is_control);
}

Error refusal(const Secrets& secrets, const std::string& advice) {
  std::string text = revision::in_words(secrets[0]) + "; " + advice;
  for (std::size_t k = 1; k < std::min(secrets.size(), told_max); ++k) text += "\n" + revision::in_words(secrets[k]);
  if (secrets.size() > told_max) text += "\nand " + std::to_string(secrets.size() - told_max) + " more";
  return {ErrorCode::denied, text};
}

std::string to_json(std::string_view reason, const Secrets& secrets) {
  text::JsonWriter json;
  json.begin_object().member("reason", reason).member("inAll", secrets.size()).key("secrets").begin_array();
  for (std::size_t k = 0; k < std::min(secrets.size(), told_max); ++k) {
    const revision::SecretAt& secret = secrets[k];
    json.begin_object().member("path", secret.path).member("line", secret.finding.line);
    json.member("commit", secret.commit.hex()).member("rule", secret.finding.rule);
    json.member("fingerprint", secret.finding.fingerprint).end_object();
  }
  json.end_array().end_object();
  return std::move(json).take();
}

}  // namespace

void JudgedCommits::add(const std::string& project, const std::vector<CommitId>& commits) {
  constexpr std::size_t kept = 10'000;
  const std::lock_guard lock(mutex_);
  Known& known = projects_[project];
  for (const CommitId commit : commits) {
    if (known.commits.insert(commit).second) known.order.push_back(commit);
  }
  for (; known.order.size() > kept; known.order.pop_front()) known.commits.erase(known.order.front());
}

bool JudgedCommits::has(const std::string& project, CommitId commit) const {
  const std::lock_guard lock(mutex_);
  const auto known = projects_.find(project);
  return known != projects_.end() && known->second.commits.contains(commit);
}

Result<std::string> judge_secrets(OpenProject& project, const Projects::Entry& entry, const Incoming& incoming) {
  AECOS_TRY_ASSIGN(const Secrets secrets, secrets_in(project, incoming));
  if (secrets.empty()) return std::string();
  const auto reason = reason_in(incoming.options);
  if (!reason)
    return refusal(secrets,
                   "take it out of the history, or, if it is none, let who may manage secrets push it with "
                   "-o aecos.allow-secret=REASON");
  if (!policy::may_manage(entry.standing->roles, entry.actor, "secrets"))
    return refusal(secrets, entry.actor.login + " may not let it in: ask who may manage secrets");
  if (!is_reason(*reason))
    return refusal(secrets, "aecos.allow-secret=REASON wants a reason, one line of at most 300 bytes");
  return to_json(*reason, secrets);
}

}  // namespace aecos::hub
