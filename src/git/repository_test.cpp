#include "git/repository.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "git/scratch_test_internal.h"

namespace aecos::git {
namespace {

TreeEdit put(const std::string& path, BlobId id) { return {path, false, FileMode::file, id}; }
TreeEdit take(const std::string& path) { return {path, true, FileMode::file, {}}; }

class RepositoryTest : public testing::Test {
 protected:
  // The paths of a tree, as git lists them.
  std::string list(TreeId tree) { return scratch.git({"ls-tree", "-r", "--name-only", tree.hex()}); }
  CommitId commit_of(TreeId tree, std::vector<CommitId> parents, std::int64_t time_s = 1000) {
    const Signature ana{"Ana Ö", "ana@example.org", time_s, 60};
    auto id = repository.write_commit({tree, std::move(parents), ana, ana, "A change\n\nAecos-Actor: ana\n"});
    EXPECT_TRUE(id);
    return *id;
  }

  Scratch scratch;
  Repository repository = scratch.open();
};

TEST_F(RepositoryTest, OpensFromAFolderInside) {
  scratch.write("models/arch/a.txt", "a");
  auto opened = Repository::open(scratch.folder() + "/models/arch");
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->work_tree(), scratch.folder());
  EXPECT_EQ(opened->git_folder(), scratch.folder() + "/.git");
}

TEST_F(RepositoryTest, SaysThatThereIsNone) {
  auto opened = Repository::open("/");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::not_found);
}

TEST_F(RepositoryTest, RefusesSha256) {
  const Scratch other("--object-format=sha256");
  auto opened = Repository::open(other.folder());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::invalid_input);
  EXPECT_NE(opened.error().message.find("SHA-256"), std::string::npos) << opened.error().message;
}

TEST_F(RepositoryTest, RefusesWhatItDoesNotKnow) {
  scratch.git({"config", "core.repositoryformatversion", "1"});
  scratch.git({"config", "extensions.refStorage", "files"});
  EXPECT_NE(Repository::open(scratch.folder()).error().message.find("reftable"), std::string::npos);
  scratch.write(".git/config", "[core]\nrepositoryformatversion = 1\n[extensions]\nquantum = true\n");
  EXPECT_NE(Repository::open(scratch.folder()).error().message.find("quantum"), std::string::npos);
}

TEST_F(RepositoryTest, OpensPartialClonesAndExtraWorkTrees) {
  scratch.git({"config", "core.repositoryformatversion", "1"});
  scratch.git({"config", "extensions.partialClone", "origin"});
  scratch.git({"config", "extensions.worktreeConfig", "true"});
  EXPECT_TRUE(Repository::open(scratch.folder()));
  scratch.write("a", "a");
  scratch.commit();
  scratch.git({"worktree", "add", "-q", "-b", "side", "side"});
  auto side = Repository::open(scratch.folder() + "/side");
  ASSERT_TRUE(side);
  EXPECT_EQ(side->common_folder(), scratch.folder() + "/.git");
  EXPECT_NE(side->git_folder(), side->common_folder());
  EXPECT_EQ(*side->head_branch(), "refs/heads/side");
}

TEST_F(RepositoryTest, BlobsComeBackByteForByte) {
  const std::string bytes("a\0b\r\nc", 6);
  const auto id = repository.write_blob(bytes);
  ASSERT_TRUE(id);
  EXPECT_EQ(*repository.read_blob(*id), bytes);
  EXPECT_EQ(*repository.blob_size(*id), 6U);
  EXPECT_EQ(repository.read_blob(BlobId{{1}}).error().code, ErrorCode::not_found);
}

TEST_F(RepositoryTest, TreesTakeEditsAnywhere) {
  const BlobId x = *repository.write_blob("x");
  const BlobId y = *repository.write_blob("y");
  const TreeId first = *repository.write_tree({}, {put("b/c/d", x), put("a", x), put("b.txt", x), put("b/z", x)});
  EXPECT_EQ(list(first), "a\nb.txt\nb/c/d\nb/z\n");
  const TreeId second = *repository.write_tree(first, {take("b/c/d"), put("b/z", y), put("ä/ö", y)});
  EXPECT_EQ(list(second), "a\nb.txt\nb/z\nä/ö\n");
  EXPECT_EQ(repository.find_entry(second, "b/z")->value().id, y);
  EXPECT_FALSE(repository.find_entry(second, "b/c")->has_value());
  EXPECT_FALSE(repository.find_entry(second, "a/b")->has_value());
  EXPECT_EQ(*repository.write_tree(second, {}), second);
  EXPECT_EQ(scratch.git({"fsck", "--strict", "--no-dangling"}), "");
}

TEST_F(RepositoryTest, AFileBecomesAFolderAndBack) {
  const BlobId x = *repository.write_blob("x");
  const TreeId file = *repository.write_tree({}, {put("a", x), put("k", x)});
  const TreeId folder = *repository.write_tree(file, {take("a"), put("a/b", x)});
  EXPECT_EQ(list(folder), "a/b\nk\n");
  EXPECT_EQ(*repository.write_tree(folder, {take("a/b"), put("a", x)}), file);
  EXPECT_EQ(*repository.write_tree(folder, {put("a", x)}), file);
}

TEST_F(RepositoryTest, NothingLeftIsTheEmptyTree) {
  const BlobId x = *repository.write_blob("x");
  const TreeId one = *repository.write_tree({}, {put("a/b/c", x)});
  EXPECT_EQ(repository.write_tree(one, {take("a/b/c")})->hex(), "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
  EXPECT_EQ(*repository.write_tree(one, {take("no/such")}), one);
}

TEST_F(RepositoryTest, RefusesPathsThatGitRefuses) {
  const BlobId x = *repository.write_blob("x");
  for (const char* path : {"", "/a", "a//b", "a/", "../a", "a/./b", ".git/config", "a/.GIT/x"})
    EXPECT_FALSE(repository.write_tree({}, {put(path, x)})) << path;
  EXPECT_FALSE(repository.write_tree({}, {put("a", x), put("a/b", x)}));
  EXPECT_FALSE(repository.write_tree({}, {put("a", x), take("a")}));
}

TEST_F(RepositoryTest, ManyEditsInOneFolder) {
  const BlobId x = *repository.write_blob("x");
  std::vector<TreeEdit> edits;
  for (int i = 0; i < 500; ++i) edits.push_back(put("e/" + std::to_string(i) + "/f", x));
  const TreeId all = *repository.write_tree({}, edits);
  for (TreeEdit& edit : edits) edit.remove = edit.path != "e/7/f";
  edits[7].id = *repository.write_blob("y");
  EXPECT_EQ(list(*repository.write_tree(all, edits)), "e/7/f\n");
}

TEST_F(RepositoryTest, CommitsCarryEverything) {
  const TreeId tree = *repository.write_tree({}, {put("a", *repository.write_blob("x"))});
  const CommitId first = commit_of(tree, {});
  const CommitId second = commit_of(tree, {first}, 2000);
  const Commit read = *repository.read_commit(second);
  EXPECT_EQ(read.tree, tree);
  EXPECT_EQ(read.parents, std::vector{first});
  EXPECT_EQ(read.author, (Signature{"Ana Ö", "ana@example.org", 2000, 60}));
  EXPECT_EQ(read.message, "A change\n\nAecos-Actor: ana\n");
  EXPECT_EQ(scratch.git({"log", "-1", "--format=%an %ad", "--date=iso", second.hex()}),
            "Ana Ö 1970-01-01 01:33:20 +0100\n");
}

TEST_F(RepositoryTest, RefsMoveOnlyFromWhereTheyAreExpected) {
  const CommitId a = commit_of(*repository.write_tree({}, {}), {});
  const CommitId b = commit_of(*repository.write_tree({}, {}), {a});
  const std::string name = "refs/heads/user/ana/work";
  EXPECT_EQ(repository.update_ref(name, a, b, "x").error().code, ErrorCode::changed_meanwhile);
  EXPECT_TRUE(repository.update_ref(name, std::nullopt, a, "created"));
  EXPECT_EQ(repository.update_ref(name, std::nullopt, b, "x").error().code, ErrorCode::changed_meanwhile);
  EXPECT_EQ(repository.update_ref(name, b, a, "x").error().code, ErrorCode::changed_meanwhile);
  EXPECT_TRUE(repository.update_ref(name, a, b, "moved"));
  EXPECT_EQ(*repository.read_ref(name), b);
  EXPECT_EQ(repository.list_refs("refs/heads/user/")->size(), 1U);
  EXPECT_EQ(repository.delete_ref(name, a).error().code, ErrorCode::changed_meanwhile);
  EXPECT_TRUE(repository.delete_ref(name, b));
  EXPECT_FALSE(repository.read_ref(name)->has_value());
}

TEST_F(RepositoryTest, AnotherProcessMovingTheRefIsSeen) {
  scratch.write("a", "1");
  const CommitId first = scratch.commit();
  EXPECT_EQ(*repository.read_ref("HEAD"), first);
  scratch.write("a", "2");
  const CommitId second = scratch.commit();
  EXPECT_EQ(*repository.read_ref("refs/heads/main"), second);
  EXPECT_FALSE(repository.update_ref("refs/heads/main", first, first, "x"));
}

TEST_F(RepositoryTest, HeadMayBeUnbornOrDetached) {
  EXPECT_EQ(*repository.head_branch(), "refs/heads/main");
  EXPECT_FALSE(repository.read_ref("HEAD")->has_value());
  scratch.commit();
  scratch.git({"checkout", "-q", "--detach"});
  EXPECT_FALSE(repository.head_branch()->has_value());
}

TEST_F(RepositoryTest, RevisionsResolveAsInGit) {
  scratch.write("m/a.txt", "one");
  const CommitId first = scratch.commit();
  scratch.git({"tag", "-a", "-m", "t", "v1"});
  scratch.write("m/a.txt", "two");
  scratch.commit();
  EXPECT_EQ(*repository.resolve_commit("HEAD~1"), first);
  EXPECT_EQ(*repository.resolve_commit("v1"), first);
  EXPECT_EQ(*repository.resolve_commit(first.hex().substr(0, 8)), first);
  EXPECT_EQ(*repository.read_blob(*repository.resolve_blob("v1:m/a.txt")), "one");
  EXPECT_EQ(*repository.resolve_tree("v1"), repository.read_commit(first)->tree);
  EXPECT_EQ(repository.resolve_commit("nope").error().code, ErrorCode::not_found);
  EXPECT_EQ(repository.resolve_commit("v1:m/a.txt").error().code, ErrorCode::invalid_input);
}

TEST_F(RepositoryTest, HistoryKnowsWhereItForked) {
  const TreeId tree = *repository.write_tree({}, {});
  const CommitId root = commit_of(tree, {}, 1);
  const CommitId a = commit_of(tree, {root}, 2);
  const CommitId b1 = commit_of(tree, {root}, 3);
  const CommitId b2 = commit_of(tree, {b1}, 4);
  EXPECT_EQ(*repository.merge_bases(a, b2), std::vector{root});
  EXPECT_EQ(repository.ahead_behind(a, b2)->ahead, 1U);
  EXPECT_EQ(repository.ahead_behind(a, b2)->behind, 2U);
  EXPECT_TRUE(*repository.is_ancestor(root, b2));
  EXPECT_TRUE(*repository.is_ancestor(a, a));
  EXPECT_FALSE(*repository.is_ancestor(a, b2));
  const CommitId alone = commit_of(tree, {}, 5);
  EXPECT_TRUE(repository.merge_bases(alone, a)->empty());
  const CommitId m1 = commit_of(tree, {a, b2}, 6);
  const CommitId m2 = commit_of(tree, {b2, a}, 7);
  EXPECT_EQ(repository.merge_bases(m1, m2)->size(), 2U);
}

TEST_F(RepositoryTest, WhatIsNewIsWhatTheOtherDoesNotHave) {
  const TreeId tree = *repository.write_tree({}, {});
  std::mt19937 random(11);
  std::vector<CommitId> commits;
  std::map<CommitId, std::set<CommitId>> reached;  // With itself.
  for (int k = 0; k < 60; ++k) {
    std::vector<CommitId> parents;
    const std::size_t wanted = random() % 8;  // Mostly one; now and then none, or two.
    for (std::size_t p = 0; p < (wanted == 0 ? 0U : wanted == 1 ? 2U : 1U) && !commits.empty(); ++p)
      parents.push_back(commits[random() % commits.size()]);
    if (parents.size() == 2 && parents[0] == parents[1]) parents.pop_back();
    const CommitId made = commit_of(tree, parents, static_cast<std::int64_t>(random() % 1000));  // Clocks go wrong.
    std::set<CommitId>& all = reached[made];
    all.insert(made);
    for (const CommitId parent : parents) all.insert(reached[parent].begin(), reached[parent].end());
    commits.push_back(made);
  }
  for (int round = 0; round < 400; ++round) {
    const CommitId from = round % 20 == 0 ? CommitId{} : commits[random() % commits.size()];
    const CommitId to = commits[random() % commits.size()];
    const auto bases = from ? *repository.merge_bases(from, to) : std::vector<CommitId>();
    std::set<CommitId> seen, wanted;
    ASSERT_TRUE(
        repository.walk_new(from, to, bases, [&](const Commit& commit) { return seen.insert(commit.id).second; }));
    for (const CommitId each : reached[to])
      if (!from || !reached[from].contains(each)) wanted.insert(each);
    EXPECT_EQ(seen, wanted) << from.hex() << ".." << to.hex();
  }
}

TEST_F(RepositoryTest, HistoryOfAPathLeavesOutWhatDidNotTouchIt) {
  scratch.write("e/w/a", "1");
  scratch.commit("one");
  scratch.write("other", "1");
  const CommitId two = scratch.commit("two");
  scratch.write("e/w/a", "2");
  scratch.commit("three");
  scratch.git({"checkout", "-q", "-b", "side", two.hex()});
  scratch.write("other", "2");
  scratch.commit("four");
  scratch.git({"merge", "-q", "-m", "merge", "main"});
  std::string seen;
  const auto note = [&](const Commit& commit) {
    seen += commit.message.substr(0, commit.message.find('\n')) + " ";
    return true;
  };
  const CommitId head = *repository.resolve_commit("HEAD");
  ASSERT_TRUE(repository.walk({{head}, {}, "e/w", false}, note));
  EXPECT_EQ(seen, "three one ");
  seen.clear();
  ASSERT_TRUE(repository.walk({{head}, {two}, "", false}, note));
  EXPECT_EQ(seen.substr(0, 6), "merge ");
  EXPECT_EQ(seen.size(), std::string("merge four three ").size());
}

TEST_F(RepositoryTest, ConfigurationIsReadAndWritten) {
  EXPECT_FALSE(repository.config("aecos.none")->has_value());
  ASSERT_TRUE(repository.set_config("merge.aecos.driver", "'/a b/aecos' merge-driver %O %A"));
  EXPECT_EQ(scratch.git({"config", "merge.aecos.driver"}), "'/a b/aecos' merge-driver %O %A\n");
  scratch.git({"config", "merge.aecos.driver", "other"});
  EXPECT_EQ(*repository.config("merge.aecos.driver"), "other");
  scratch.git({"config", "--add", "remote.o.fetch", "a"});
  scratch.git({"config", "--add", "remote.o.fetch", "b"});
  EXPECT_EQ(*repository.config_all("remote.o.fetch"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(repository.unset_config("remote.o.fetch"));
  EXPECT_TRUE(repository.unset_config("remote.o.fetch"));
  EXPECT_TRUE(repository.config_all("remote.o.fetch")->empty());
  EXPECT_EQ(repository.user(7, 60)->name, "Ana");
  ASSERT_TRUE(repository.set_config("user.name", ""));
  EXPECT_NE(repository.user(7, 60).error().message.find("user.name"), std::string::npos);
}

TEST_F(RepositoryTest, SeesWhatPlainGitIsDoing) {
  scratch.write("a", "1");
  scratch.commit();
  scratch.git({"checkout", "-q", "-b", "side"});
  scratch.write("a", "2");
  scratch.commit();
  scratch.git({"checkout", "-q", "main"});
  scratch.write("a", "3");
  scratch.commit();
  EXPECT_EQ(repository.activity(), Activity::none);
  (void)scratch.program().try_run({"merge", "side"});
  EXPECT_EQ(repository.activity(), Activity::merge);
  scratch.git({"merge", "--abort"});
  (void)scratch.program().try_run({"rebase", "side"});
  EXPECT_EQ(repository.activity(), Activity::rebase);
}

TEST_F(RepositoryTest, KnowsWhatIsPlacedAsItIs) {
  scratch.write(
      ".gitattributes",
      "*.ifc filter=aecos\n*.txt text\n*.bat eol=crlf\n*.png binary\n*.c ident\n*.u working-tree-encoding=UTF-16\n"
      "*.json merge=aecos diff=aecos\n");
  scratch.write("deep/.gitattributes", "*.json filter=lfs\n");
  const Repository opened = scratch.open();
  for (const char* path : {"a.json", "deep/a.png", "elements/w/metadata.json", "x", "a.png"})
    EXPECT_TRUE(opened.is_placed_as_it_is(path)) << path;
  for (const char* path : {"a.ifc", "b/c.txt", "a.bat", "a.c", "a.u", "deep/a.json"})
    EXPECT_FALSE(opened.is_placed_as_it_is(path)) << path;
  scratch.git({"config", "core.autocrlf", "true"});
  EXPECT_FALSE(scratch.open().is_placed_as_it_is("a.json"));
}

// Whatever lies where an object should, reading it ends, with an error or with what was stored.
TEST_F(RepositoryTest, ReadsNothingOutOfADamagedObject) {
  std::string content;
  for (int i = 0; i < 3000; ++i) content += std::to_string(i * 7919 % 1000) + (i % 5 == 0 ? "\n" : ";");
  const auto id = repository.write_blob(content);
  ASSERT_TRUE(id);
  const std::string path = scratch.folder() + "/.git/objects/" + id->hex().substr(0, 2) + "/" + id->hex().substr(2);
  const auto files = os::real_file_system();
  const auto stored = files->read(path);
  ASSERT_TRUE(stored);
  const std::string& sound = *stored;
  ASSERT_GT(sound.size(), 100U);
  EXPECT_EQ(*scratch.open().read_blob(*id), content);
  EXPECT_EQ(*scratch.open().blob_size(*id), content.size());
  for (std::size_t cut = 0; cut < sound.size(); cut += cut < 50 ? 1 : 97) {
    ASSERT_TRUE(files->write(path, sound.substr(0, cut)));
    EXPECT_FALSE(scratch.open().read_blob(*id)) << cut;
  }
  for (std::size_t at = 0; at < sound.size(); at += at < 50 ? 1 : 97) {
    std::string broken = sound;
    broken[at] = static_cast<char>(broken[at] ^ 0x10);
    ASSERT_TRUE(files->write(path, broken));
    const auto read = scratch.open().read_blob(*id);
    EXPECT_TRUE(!read || *read == content) << at;
  }
  ASSERT_TRUE(files->write(path, sound + "more"));
  const auto read = scratch.open().read_blob(*id);
  EXPECT_TRUE(!read || *read == content);
}

}  // namespace
}  // namespace aecos::git
