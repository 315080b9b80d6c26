#pragma once
// Secrets in what commits add. A finding counts only where no parent has the same one in its version of the file, so
// that whoever edits around an old one is not held up, and one that comes and goes within a few commits is found.

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "check/secrets.h"
#include "git/repository.h"

namespace aecos::revision {

struct SecretAt {
  std::string path;  // Empty: the commit's message.
  CommitId commit;   // Zero: in none.
  check::SecretFinding finding;
};

// "models/notes.md:12 in 1a2b3c4d5e: looks like a github-token (fingerprint 0123456789abcdef)"
std::string in_words(const SecretAt& secret);

// Looks through commits one after the other. Blobs are read and searched once, whatever paths and commits have them,
// and only those that are new; what Git LFS keeps elsewhere is not looked into. Ends where it has found `secrets_max`.
class SecretSearch {
 public:
  static constexpr std::size_t secrets_max = 1000;

  explicit SecretSearch(const git::Repository& repository) : repository_(repository) {}

  // denied: its folders lie in each other deeper than anybody needs.
  Result<> look_at(const git::Commit& commit);
  // What a tree has and none of those before it.
  Result<> look_at(const std::vector<TreeId>& before, TreeId after);
  // What a file has and none of its versions before.
  Result<> look_at(const std::string& path, const std::vector<BlobId>& before, BlobId after);

  [[nodiscard]] std::vector<SecretAt> take() && { return std::move(found_); }

 private:
  using Findings = std::vector<check::SecretFinding>;
  struct Step {
    std::string prefix;  // "" or with a '/' at its end.
    std::vector<TreeId> before;
    TreeId after;
    std::size_t depth = 0;
  };
  Result<> open(Step step);
  Result<const Findings*> findings_in(BlobId blob, check::SecretNaming naming);

  const git::Repository& repository_;
  CommitId commit_;
  Findings in_message_;
  std::vector<Step> open_;
  std::set<std::pair<std::vector<TreeId>, TreeId>> seen_;
  std::map<std::pair<BlobId, check::SecretNaming>, Findings> searched_;
  std::vector<SecretAt> found_;
};

// Of every commit that the query names, the oldest first.
Result<std::vector<SecretAt>> new_secrets(const git::Repository& repository, const git::HistoryQuery& query);

}  // namespace aecos::revision
