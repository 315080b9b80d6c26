#pragma once
// What the git program does for a sync, done with files in memory and letters.

#include <functional>
#include <map>

#include "git/checkout.h"
#include "git/repository.h"
#include "sim/desk_files.h"
#include "sim/ledger.h"
#include "sim/messages.h"

namespace aecos::sim {

using Ask = std::function<Answer(Request)>;  // Waits for the answer.

class SimCheckout final : public git::Checkout {
 public:
  struct Place {
    std::string login, root;
    Machine& machine;
    DeskFiles& files;
    Ledger& ledger;
    Ask ask;
  };
  SimCheckout(Place place, git::Repository repository) : place_(std::move(place)), repository_(std::move(repository)) {}

  Result<std::vector<git::WorkTreeChange>> changes() override;
  Result<std::vector<BlobId>> store(const std::vector<std::string>& paths) override;
  Result<std::vector<std::string>> smudge(const std::vector<Placement>& placements) override;
  Result<> set_index(const std::vector<TreeEdit>& edits) override;
  Result<std::vector<std::string>> ignorable(const std::vector<std::string>&) override {
    return std::vector<std::string>();
  }
  Result<> fetch(const git::Transfer& transfer) override;
  Result<std::vector<git::RefUpdate>> push(const git::Transfer& transfer) override;
  Result<std::vector<RemoteRef>> list_remote(const std::string& remote,
                                             const std::vector<std::string>& patterns) override;

  // The index: path to mode and id, as set_index left it.
  Result<std::map<std::string, std::string>> index();

 private:
  Result<std::map<std::string, git::WorkTreeChange::Kind>> staged(const std::map<std::string, TreeEntry>& head);
  Result<Answer> ask(decltype(Request::what) what);
  Result<git::RefUpdate> refuse_here(const git::RefUpdate& update, CommitId remote, CommitId own) const;
  std::string git_folder() const { return place_.root + "/.git"; }

  Place place_;
  git::Repository repository_;
};

// All files below a folder but those of git's, by path from there.
Result<std::map<std::string, os::FileStatus>> files_below(os::FileSystem& files, const std::string& root);
// All files of a tree.
Result<std::map<std::string, TreeEntry>> files_of(const git::Repository& repository, TreeId tree);

}  // namespace aecos::sim
