#include "revision/secrets.h"

#include <algorithm>

#include "base/utf8.h"

namespace aecos::revision {
namespace {

constexpr std::size_t depth_max = 100;

Result<std::vector<TreeEntry>> read(const git::Repository& repository, TreeId tree) {
  if (!tree) return std::vector<TreeEntry>();
  return repository.read_tree(tree);
}

// The entries of several trees side by side, by name, in the order in which git keeps them; of a tree that has them in
// another one, some are not found. A file and a folder of one name are two.
class SideBySide {
 public:
  static Result<SideBySide> of(const git::Repository& repository, const std::vector<TreeId>& trees) {
    SideBySide sides;
    for (const TreeId tree : trees) {
      AECOS_TRY_ASSIGN(sides.trees_.emplace_back(), read(repository, tree));
    }
    sides.places_.resize(trees.size());
    return sides;
  }

  // What each of them has by that name; to be asked in order.
  std::vector<BlobId> find(const TreeEntry& wanted) {
    std::vector<BlobId> ids;
    for (std::size_t k = 0; k < trees_.size(); ++k) {
      std::size_t& at = places_[k];
      while (at < trees_[k].size() && precedes(trees_[k][at], wanted)) ++at;
      const bool is_there = at < trees_[k].size() && !precedes(wanted, trees_[k][at]);
      if (is_there && trees_[k][at].mode != FileMode::submodule) ids.push_back(trees_[k][at].id);
    }
    return ids;
  }

 private:
  // A folder stands where its name with a '/' would.
  static bool precedes(const TreeEntry& a, const TreeEntry& b) {
    const std::size_t common = std::min(a.name.size(), b.name.size());
    if (const int order = a.name.compare(0, common, b.name, 0, common); order != 0) return order < 0;
    return next(a, common) < next(b, common);
  }
  static unsigned char next(const TreeEntry& entry, std::size_t at) {
    if (at < entry.name.size()) return static_cast<unsigned char>(entry.name[at]);
    return entry.is_folder() ? '/' : '\0';
  }

  std::vector<std::vector<TreeEntry>> trees_;
  std::vector<std::size_t> places_;
};

// A path as part of a line, whatever is in it.
std::string on_one_line(std::string_view path) {
  constexpr std::size_t bytes_max = 300;
  std::string line;
  for (std::size_t at = 0; at < path.size();) {
    if (line.size() > bytes_max) return line + "…";
    const char32_t code = next_utf8(path, at);
    append_utf8(line, code < U' ' || code == 0x7f ? U'?' : code);
  }
  return line;
}

}  // namespace

std::string in_words(const SecretAt& secret) {
  constexpr std::size_t shown = 10;
  std::string text = secret.path.empty() ? "the message" : on_one_line(secret.path);
  text += ":" + std::to_string(secret.finding.line);
  if (secret.commit) text += " in " + secret.commit.hex().substr(0, shown);
  return text + ": looks like a " + secret.finding.rule + " (fingerprint " + secret.finding.fingerprint + ")";
}

Result<> SecretSearch::look_at(const git::Commit& commit) {
  std::vector<TreeId> before;
  for (const CommitId parent : commit.parents) {
    auto read = repository_.read_commit(parent);
    if (read) before.push_back(read->tree);
    // A shallow clone ends here: what its first commits have is known to others.
    if (!read && read.error().code == ErrorCode::not_found) return {};
    if (!read) return std::move(read).error();
  }
  commit_ = commit.id;
  in_message_ = check::find_secrets(commit.message, check::SecretNaming::nowhere);
  AECOS_TRY(look_at(before, commit.tree));
  for (check::SecretFinding& finding : in_message_) found_.push_back({"", commit_, std::move(finding)});
  in_message_.clear();
  return {};
}

Result<> SecretSearch::look_at(const std::vector<TreeId>& before, TreeId after) {
  open_ = {{"", before, after}};
  while (!open_.empty() &&
         found_.size() < secrets_max) {  // A stack of our own: trees may be as deep as somebody likes.
    Step step = std::move(open_.back());
    open_.pop_back();
    AECOS_TRY(open(std::move(step)));
  }
  return {};
}

// Nowhere twice: a few folders may stand in each other again and again.
Result<> SecretSearch::open(Step step) {
  const bool is_known = std::find(step.before.begin(), step.before.end(), step.after) != step.before.end();
  if (is_known || !step.after || !seen_.emplace(step.before, step.after).second) return {};
  if (step.depth > depth_max)
    return Error{ErrorCode::denied, "more than " + std::to_string(depth_max) + " folders lie in each other"};
  AECOS_TRY_ASSIGN(const std::vector<TreeEntry> entries, read(repository_, step.after));
  AECOS_TRY_ASSIGN(SideBySide old, SideBySide::of(repository_, step.before));
  for (const TreeEntry& entry : entries) {
    const std::vector<BlobId> before = old.find(entry);
    if (std::find(before.begin(), before.end(), entry.id) != before.end()) continue;
    if (entry.is_folder()) {
      Step inside{step.prefix + entry.name + "/", {}, entry.tree_id(), step.depth + 1};
      for (const BlobId id : before) inside.before.push_back(TreeId{id.bytes});
      open_.push_back(std::move(inside));
    } else if (entry.mode != FileMode::submodule) {
      AECOS_TRY(look_at(step.prefix + entry.name, before, entry.id));
    }
  }
  return {};
}

Result<> SecretSearch::look_at(const std::string& path, const std::vector<BlobId>& before, BlobId after) {
  if (found_.size() >= secrets_max) return {};
  const check::SecretNaming naming = check::secret_naming(path);
  AECOS_TRY_ASSIGN(const Findings* const here, findings_in(after, naming));
  if (here->empty() && in_message_.empty()) return {};
  Findings added = *here;
  for (const BlobId old : before) {
    AECOS_TRY_ASSIGN(const Findings* const known, findings_in(old, naming));
    check::leave_out(added, *known);
    check::leave_out(in_message_, *known);  // The message says what was changed.
  }
  for (check::SecretFinding& finding : added) found_.push_back({path, commit_, std::move(finding)});
  return {};
}

// Lives as long as the search.
Result<const SecretSearch::Findings*> SecretSearch::findings_in(BlobId blob, check::SecretNaming naming) {
  const auto known = searched_.find({blob, naming});
  if (known != searched_.end()) return &known->second;
  AECOS_TRY_ASSIGN(const std::string bytes, repository_.read_blob(blob));
  return &searched_.emplace(std::pair(blob, naming), check::find_secrets(bytes, naming)).first->second;
}

Result<std::vector<SecretAt>> new_secrets(const git::Repository& repository, const git::HistoryQuery& query) {
  std::vector<git::Commit> commits;
  AECOS_TRY(repository.walk(query, [&](const git::Commit& commit) {
    commits.push_back(commit);
    return true;
  }));
  SecretSearch search(repository);
  for (auto commit = commits.rbegin(); commit != commits.rend(); ++commit) AECOS_TRY(search.look_at(*commit));
  return std::move(search).take();
}

}  // namespace aecos::revision
