#include "sync/sync.h"

#include <gtest/gtest.h>

#include "os/memory_file_system.h"
#include "sync/workspace.h"

namespace aecos::sync {
namespace {

constexpr const char* root = "/home/house";

Result<os::Finished> no_program(const os::Command& command) {
  return Error{ErrorCode::not_found, command.argv.at(0) + ": not here"};
}

// A work tree without folders, and a remote that takes whatever is pushed.
class FlatCheckout final : public git::Checkout {
 public:
  FlatCheckout(os::FileSystem& files, git::Repository repository, std::function<void()> meanwhile)
      : files_(files), repository_(std::move(repository)), meanwhile_(std::move(meanwhile)) {}

  Result<std::vector<git::WorkTreeChange>> changes() override {
    using Kind = git::WorkTreeChange::Kind;
    std::map<std::string, BlobId> known;
    AECOS_TRY_ASSIGN(const auto head, repository_.read_ref("HEAD"));
    if (head) {
      AECOS_TRY_ASSIGN(const git::Commit commit, repository_.read_commit(*head));
      AECOS_TRY_ASSIGN(const std::vector<TreeEntry> entries, repository_.read_tree(commit.tree));
      for (const TreeEntry& entry : entries) known[entry.name] = BlobId{entry.id};
    }
    std::vector<git::WorkTreeChange> changes;
    AECOS_TRY_ASSIGN(const auto there, files_.list(root));
    for (const os::DirectoryEntry& entry : there) {
      if (entry.type != os::FileType::file) continue;
      const bool is_new = !known.contains(entry.name);
      if (is_new || known[entry.name] != git::hash_blob(*files_.read(std::string(root) + "/" + entry.name)))
        changes.push_back({entry.name, is_new ? Kind::added : Kind::modified});
      known.erase(entry.name);
    }
    for (const auto& [name, id] : known) changes.push_back({name, Kind::deleted});
    return changes;
  }
  Result<std::vector<BlobId>> store(const std::vector<std::string>& paths) override {
    std::vector<BlobId> ids;
    for (const std::string& path : paths)
      ids.push_back(*repository_.write_blob(*files_.read(std::string(root) + "/" + path)));
    return ids;
  }
  Result<std::vector<std::string>> smudge(const std::vector<Placement>& placements) override {
    std::vector<std::string> texts;
    for (const Placement& placement : placements) texts.push_back(*repository_.read_blob(placement.id));
    return texts;
  }
  Result<> set_index(const std::vector<TreeEdit>&) override { return {}; }
  Result<std::vector<std::string>> ignorable(const std::vector<std::string>&) override {
    return std::vector<std::string>();
  }
  Result<> fetch(const git::Transfer&) override {
    if (meanwhile_) std::exchange(meanwhile_, {})();
    return {};
  }
  Result<std::vector<git::RefUpdate>> push(const git::Transfer& transfer) override {
    const std::string& refspec = transfer.refspecs.at(0);
    return std::vector{git::RefUpdate{git::RefUpdate::Kind::updated, refspec.substr(0, 40), refspec.substr(41), ""}};
  }
  Result<std::vector<RemoteRef>> list_remote(const std::string&, const std::vector<std::string>&) override {
    return std::vector<RemoteRef>();
  }

 private:
  os::FileSystem& files_;
  git::Repository repository_;
  std::function<void()> meanwhile_;
};

class Sync : public testing::Test {
 protected:
  Sync() {
    EXPECT_TRUE(files.create_directories(std::string(root) + "/.git/objects"));
    EXPECT_TRUE(files.write(std::string(root) + "/.git/HEAD", "ref: refs/heads/develop\n"));
    save("a.txt", "one\n");
  }

  void save(const std::string& name, const std::string& text) {
    EXPECT_TRUE(files.write(std::string(root) + "/" + name, text));
  }
  git::Repository repository() {
    return *git::Repository::open_in(files, {std::string(root) + "/.git",
                                             root,
                                             {{"user.name", "Ana"},
                                              {"user.email", "ana@example.org"},
                                              {"remote.origin.url", "https://example.org/house.git"}}});
  }
  // `meanwhile`: called while the remote is asked for the first time.
  Result<SyncReport> run(std::function<void()> meanwhile = {}, const SyncOptions& options = {}) {
    auto checkout = std::make_unique<FlatCheckout>(files, repository(), std::move(meanwhile));
    Workspace workspace = Workspace::open_with({files, clock, random, processes}, repository(), std::move(checkout));
    return sync(workspace, options);
  }
  CommitId head() { return **repository().read_ref("HEAD"); }
  // As git commit does.
  CommitId commit(const std::string& name, const std::string& text) {
    save(name, text);
    git::Repository git = repository();
    const TreeId tree =
        *git.write_tree(git.read_commit(head())->tree, {{name, false, FileMode::file, *git.write_blob(text)}});
    const git::Signature ana{"Ana", "ana@example.org", 1'790'000'000, 0};
    const CommitId made = *git.write_commit({tree, {head()}, ana, ana, "By hand\n"});
    EXPECT_TRUE(git.update_ref("refs/heads/develop", head(), made, "commit"));
    return made;
  }

  os::MemoryFileSystem files;
  os::ManualClock clock{1'790'000'000'000'000};
  os::SeededRandom random{1};
  os::ScriptedProcessRunner processes{no_program};
};

TEST_F(Sync, WhatIsCommittedWithGitMeanwhileStays) {
  CommitId made;
  const auto report = run([&] { made = commit("b.txt", "two\n"); });
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(head(), made);
  EXPECT_EQ(report->head, made);
  EXPECT_TRUE(report->shared);
  EXPECT_EQ(*files.read(std::string(root) + "/b.txt"), "two\n");
}

// Put together here, so that this file has none itself.
std::string token(char letter) {
  std::string text = "gh";
  text += "p_";
  for (int k = 0; k < 36; ++k) text += k % 5 == 0 ? letter : static_cast<char>('a' + (k * 7 + letter) % 26);
  return text;
}

TEST_F(Sync, HoldsBackTheFileWithASecretAlone) {
  save("key.txt", "x\n" + token('k') + "\n");
  const auto report = run();
  ASSERT_TRUE(report) << report.error().message;
  ASSERT_EQ(report->held.size(), 1U);
  EXPECT_EQ(report->held[0].path, "key.txt");
  EXPECT_TRUE(report->held[0].reason.starts_with("2: looks like a github-token")) << report->held[0].reason;
  ASSERT_EQ(report->commits.size(), 1U);
  EXPECT_EQ(report->commits[0].paths, std::vector<std::string>{"a.txt"});
  SyncOptions options;
  options.allow_secret = "made up";
  const auto allowed = run({}, options);
  ASSERT_TRUE(allowed) << allowed.error().message;
  EXPECT_TRUE(allowed->held.empty());
  EXPECT_EQ(allowed->commits.at(0).paths, std::vector<std::string>{"key.txt"});
  save("key.txt", token('k') + "\nmore\n");
  EXPECT_TRUE(run()->held.empty());  // It was there before.
}

TEST_F(Sync, PushesNoSecretThatWasCommittedByHand) {
  ASSERT_TRUE(run());
  commit("key.txt", token('k'));
  const auto report = run();
  ASSERT_TRUE(report) << report.error().message;
  ASSERT_TRUE(report->trouble);
  EXPECT_EQ(report->trouble->code, ErrorCode::denied);
  EXPECT_FALSE(report->pushed);
}

}  // namespace
}  // namespace aecos::sync
