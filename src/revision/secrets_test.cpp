#include "revision/secrets.h"

#include <gtest/gtest.h>

#include "os/memory_file_system.h"

namespace aecos::revision {
namespace {

// Put together here, so that this file has none itself.
std::string token(char letter) {
  std::string text = "gh";
  text += "p_";
  for (int k = 0; k < 36; ++k) text += k % 5 == 0 ? letter : static_cast<char>('a' + (k * 7 + letter) % 26);
  return text;
}

class Secrets : public testing::Test {
 protected:
  Secrets() {
    EXPECT_TRUE(files.create_directories("/house.git/objects"));
    EXPECT_TRUE(files.create_directories("/house.git/refs"));
    EXPECT_TRUE(files.write("/house.git/HEAD", "ref: refs/heads/develop\n"));
    repository.emplace(*git::Repository::open_in(files, {"/house.git"}));
  }

  using Files = std::vector<std::pair<std::string, std::optional<std::string>>>;  // Absent: taken away.

  CommitId commit(const std::vector<CommitId>& parents, const Files& changed, const std::string& message = "change\n") {
    std::vector<TreeEdit> edits;
    for (const auto& [path, text] : changed)
      edits.push_back({path, !text, FileMode::file, text ? *repository->write_blob(*text) : BlobId{}});
    const TreeId before = parents.empty() ? TreeId{} : repository->read_commit(parents[0])->tree;
    const git::Signature ana{"Ana", "ana@example.org", time_s++, 0};
    return *repository->write_commit({*repository->write_tree(before, edits), parents, ana, ana, message});
  }

  std::vector<std::string> found(CommitId from, std::vector<CommitId> hide = {}) {
    const auto secrets = new_secrets(*repository, {{from}, std::move(hide)});
    EXPECT_TRUE(secrets) << secrets.error().message;
    std::vector<std::string> places;
    for (const SecretAt& secret : *secrets)
      places.push_back(secret.path + ":" + std::to_string(secret.finding.line) + " " +
                       std::to_string(age(secret.commit)));
    return places;
  }

  // How many commits were made before.
  std::int64_t age(CommitId id) { return repository->read_commit(id)->author.time_s - first_s; }

  using Places = std::vector<std::string>;
  static constexpr std::int64_t first_s = 1'790'000'000;
  std::int64_t time_s = first_s;
  os::MemoryFileSystem files;
  std::optional<git::Repository> repository;
};

TEST_F(Secrets, OneThatComesAndGoesIsFoundWhereItCame) {
  const CommitId start = commit({}, {{"a.md", "one\n"}});
  const CommitId with = commit({start}, {{"folder/b.md", "x\n" + token('k') + "\n"}});
  const CommitId after = commit({with}, {{"folder/b.md", std::nullopt}});
  EXPECT_EQ(found(after), Places{"folder/b.md:2 1"});
  EXPECT_EQ(found(after, {start}), Places{"folder/b.md:2 1"});
  EXPECT_EQ(found(after, {with}), Places{});
}

TEST_F(Secrets, AnOldOneHoldsNobodyUp) {
  const CommitId start = commit({}, {{"a.md", token('k') + "\n"}});
  const CommitId edited = commit({start}, {{"a.md", "more\n" + token('k') + "\n"}});
  const CommitId other = commit({edited}, {{"a.md", token('k') + "\n" + token('m') + "\n"}});
  EXPECT_EQ(found(edited, {start}), Places{});
  EXPECT_EQ(found(other, {start}), Places{"a.md:2 2"});
}

TEST_F(Secrets, AMergeHasWhatNoParentHas) {
  const CommitId start = commit({}, {{"a.md", "one\n"}, {"b.md", "two\n"}});
  const CommitId ours = commit({start}, {{"a.md", token('k')}});
  const CommitId theirs = commit({start}, {{"b.md", token('m')}});
  const CommitId clean = commit({ours, theirs}, {{"b.md", token('m')}});
  const CommitId evil = commit({ours, theirs}, {{"b.md", token('m')}, {"a.md", token('k') + "\n" + token('n')}});
  EXPECT_EQ(found(clean, {ours, theirs}), Places{});
  EXPECT_EQ(found(evil, {ours, theirs}), Places{"a.md:2 4"});
}

TEST_F(Secrets, MessagesAreLookedAt) {
  const CommitId start = commit({}, {{"a.json", "{\"key\": \"" + token('k') + "\"}"}});
  const CommitId said = commit({start}, {{"b.md", "two\n"}}, "Use it\n\nwith " + token('m') + "\n");
  const CommitId removed = commit({said}, {{"a.json", "{}"}}, "key: " + token('k') + " is gone\n");
  EXPECT_EQ(found(said, {start}), Places{":3 1"});
  EXPECT_EQ(found(removed, {said}), Places{});  // A message that says what was changed brings nothing in.
}

TEST_F(Secrets, LargeObjectsPointersAreNone) {
  const std::string pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + std::string(32, 'a') +
                              "0123456789abcdef0123456789abcdef\nsize 12345\n";
  EXPECT_EQ(found(commit({}, {{"big.ifc", pointer}, {".env", pointer}})), Places{});
}

// A folder that has the next one under two names, thirty times: a thousand million files.
TEST_F(Secrets, FoldersInEachOtherAreOpenedOnce) {
  TreeId tree = *repository->write_tree({}, {{"x", false, FileMode::file, *repository->write_blob(token('k'))}});
  for (int depth = 0; depth < 30; ++depth)
    tree = *repository->write_tree(
        {}, {{"a", false, FileMode::folder, BlobId{tree.bytes}}, {"b", false, FileMode::folder, BlobId{tree.bytes}}});
  const git::Signature ana{"Ana", "ana@example.org", time_s++, 0};
  EXPECT_EQ(found(*repository->write_commit({tree, {}, ana, ana, "bomb\n"})).size(), 1U);
  for (int depth = 0; depth < 120; ++depth)
    tree = *repository->write_tree({}, {{"a", false, FileMode::folder, BlobId{tree.bytes}}});
  const CommitId deep = *repository->write_commit({tree, {}, ana, ana, "deep\n"});
  EXPECT_EQ(new_secrets(*repository, {{deep}}).error().code, ErrorCode::denied);
}

TEST_F(Secrets, WordsAreALineWithoutTheSecret) {
  const CommitId with = commit({}, {{"a\nb.md", token('k')}});
  const auto secrets = *new_secrets(*repository, {{with}});
  ASSERT_EQ(secrets.size(), 1U);
  EXPECT_EQ(in_words(secrets[0]), "a?b.md:1 in " + with.hex().substr(0, 10) +
                                      ": looks like a github-token (fingerprint " + secrets[0].finding.fingerprint +
                                      ")");
}

}  // namespace
}  // namespace aecos::revision
