#include "git/program.h"

#include <gtest/gtest.h>

#include "git/scratch_test_internal.h"

namespace aecos::git {
namespace {

using Kind = WorkTreeChange::Kind;

class ProgramTest : public testing::Test {
 protected:
  Scratch scratch;
  Program program = scratch.program();
  Repository repository = scratch.open();
};

TEST_F(ProgramTest, ChangesAreAgainstHead) {
  scratch.write("kept", "1");
  scratch.write("a/changed", "1");
  scratch.write("a/gone", "1");
  scratch.write("restored", "1");
  scratch.write(".gitignore", "*.tmp\n");
  scratch.commit();
  EXPECT_TRUE(program.changes()->empty());
  scratch.write("a/changed", "2");
  scratch.write("new/ä ö\n.txt", "1");
  scratch.write("new/x.tmp", "1");
  scratch.write("staged", "1");
  scratch.git({"add", "staged"});
  std::filesystem::remove(scratch.folder() + "/a/gone");
  std::filesystem::remove(scratch.folder() + "/restored");
  scratch.git({"add", "-A", "restored"});
  scratch.write("restored", "1");
  auto changes = program.changes();
  ASSERT_TRUE(changes);
  const std::vector<WorkTreeChange> wanted{{"a/changed", Kind::modified},
                                           {"a/gone", Kind::deleted},
                                           {"new/ä ö\n.txt", Kind::added},
                                           {"restored", Kind::staged},
                                           {"staged", Kind::added}};
  EXPECT_EQ(*changes, wanted);
}

TEST_F(ProgramTest, ChangesInAnUnbornRepositoryAreAdditions) {
  scratch.write("a", "1");
  scratch.write("b", "1");
  scratch.git({"add", "a"});
  EXPECT_EQ(*program.changes(), (std::vector<WorkTreeChange>{{"a", Kind::added}, {"b", Kind::added}}));
}

TEST_F(ProgramTest, StagedAndTakenBackIsOnlyStaged) {
  scratch.write("a", "1");
  scratch.commit();
  scratch.write("a", "2");
  scratch.git({"add", "a"});
  scratch.write("a", "1");
  scratch.write("b", "1");
  scratch.git({"add", "b"});
  std::filesystem::remove(scratch.folder() + "/b");
  EXPECT_EQ(*program.changes(), (std::vector<WorkTreeChange>{{"a", Kind::staged}, {"b", Kind::staged}}));
}

TEST_F(ProgramTest, UnmergedPathsAreSaidToBeSo) {
  scratch.write("a", "1");
  scratch.commit();
  scratch.git({"checkout", "-q", "-b", "side"});
  scratch.write("a", "2");
  scratch.commit();
  scratch.git({"checkout", "-q", "main"});
  scratch.write("a", "3");
  scratch.commit();
  (void)program.try_run({"merge", "side"});
  EXPECT_EQ(*program.changes(), (std::vector<WorkTreeChange>{{"a", Kind::unmerged}}));
  EXPECT_EQ(program.index_entries({"a"})->size(), 3U);
  EXPECT_EQ(program.write_index_tree().error().code, ErrorCode::invalid_input);
  const BlobId chosen = *repository.write_blob("4");
  ASSERT_TRUE(program.set_index({{"a", false, FileMode::file, chosen}}));
  EXPECT_EQ(*program.index_entries({"a"}), (std::vector<IndexEntry>{{"a", FileMode::file, chosen, 0}}));
}

TEST_F(ProgramTest, ModesLinksAndRepositoriesInside) {
  scratch.write("run", "1");
  scratch.commit();
  scratch.git({"init", "-q", "inner"});
  scratch.write("inner/x", "1");
  std::filesystem::create_symlink("run", scratch.folder() + "/link");
  std::filesystem::permissions(scratch.folder() + "/run", std::filesystem::perms::owner_all);
  EXPECT_EQ(*program.changes(), (std::vector<WorkTreeChange>{{"link", Kind::added}, {"run", Kind::modified}}));
  ASSERT_TRUE(program.add({"link", "run"}));
  const auto entries = program.index_entries({});
  ASSERT_EQ(entries->size(), 2U);
  EXPECT_EQ(entries->at(0).mode, FileMode::symlink);
  EXPECT_EQ(entries->at(1).mode, FileMode::executable);
}

TEST_F(ProgramTest, AddTakesWhatIsThereAndWhatIsNot) {
  scratch.write("a/b", "1");
  scratch.write("c", "1");
  scratch.write("d", "1");
  scratch.commit();
  std::filesystem::remove_all(scratch.folder() + "/a");
  scratch.write("a", "now a file");
  std::filesystem::remove(scratch.folder() + "/c");
  scratch.write("c/x", "now a folder");
  std::filesystem::remove(scratch.folder() + "/d");
  ASSERT_TRUE(program.add({"a", "a/b", "c", "c/x", "d"}));
  const auto tree = program.write_index_tree();
  ASSERT_TRUE(tree);
  EXPECT_EQ(scratch.git({"ls-tree", "-r", "--name-only", tree->hex()}), "a\nc/x\n");
  EXPECT_EQ(*repository.read_blob(repository.find_entry(*tree, "a")->value().id), "now a file");
}

TEST_F(ProgramTest, FilesBehindAFolderThatBecameALinkAreGone) {
  scratch.write("a/b", "1");
  scratch.write("a/c", "1");
  scratch.write("z/b", "1");
  scratch.commit();
  std::filesystem::remove_all(scratch.folder() + "/a");
  std::filesystem::create_symlink("z", scratch.folder() + "/a");
  const auto changes = program.changes();
  ASSERT_TRUE(changes);
  EXPECT_EQ(*changes,
            (std::vector<WorkTreeChange>{{"a", Kind::added}, {"a/b", Kind::deleted}, {"a/c", Kind::deleted}}));
  ASSERT_TRUE(program.add({"a", "a/b", "a/c"}));
  EXPECT_EQ(scratch.git({"ls-files"}), "a\nz/b\n");
}

TEST_F(ProgramTest, FiltersAndLineEndingsApply) {
  scratch.git({"config", "filter.upper.clean", "tr a-z A-Z"});
  scratch.git({"config", "filter.upper.smudge", "tr A-Z a-z"});
  scratch.write(".gitattributes", "*.up filter=upper\n*.crlf text eol=crlf\n");
  scratch.write("x.up", "shout");
  scratch.write("y.crlf", "a\r\nb\r\n");
  scratch.write("with \"quote\" and\nbreak", "plain");
  const auto ids = program.store({"x.up", "y.crlf", "with \"quote\" and\nbreak"});
  ASSERT_TRUE(ids);
  EXPECT_EQ(*repository.read_blob(ids->at(0)), "SHOUT");
  EXPECT_EQ(*repository.read_blob(ids->at(1)), "a\nb\n");
  EXPECT_EQ(*repository.read_blob(ids->at(2)), "plain");
  EXPECT_EQ(*program.store_bytes("other.up", "shout"), ids->at(0));
  const auto placed = program.smudge(
      {{ids->at(0), "x.up"}, {ids->at(1), "y.crlf"}, {ids->at(2), "any\nname"}, {ids->at(0), "plain.txt"}});
  ASSERT_TRUE(placed) << placed.error().message;
  EXPECT_EQ(*placed, (std::vector<std::string>{"shout", "a\r\nb\r\n", "plain", "SHOUT"}));
  EXPECT_EQ(program.smudge({{BlobId{{7}}, "x"}}).error().code, ErrorCode::not_found);
}

TEST_F(ProgramTest, IgnoredPathsAreNamed) {
  scratch.write(".gitignore", "*.tmp\n/build/\n");
  EXPECT_EQ(*program.ignored({"a.tmp", "b", "build/x", "ä.tmp"}),
            (std::vector<std::string>{"a.tmp", "build/x", "ä.tmp"}));
  EXPECT_TRUE(program.ignored({"b"})->empty());
}

class TransportTest : public ProgramTest {
 protected:
  TransportTest() {
    hub.git({"init", "-q", "--bare", "hub.git"});
    scratch.git({"remote", "add", "origin", hub.folder() + "/hub.git"});
    scratch.write("a", "1");
    first = scratch.commit();
  }
  Transfer to(std::vector<std::string> refspecs) {
    Transfer transfer;
    transfer.refspecs = std::move(refspecs);
    return transfer;
  }
  Scratch hub;
  CommitId first;
};

TEST_F(TransportTest, PushFetchAndBeingLate) {
  auto pushed = program.push(to({"refs/heads/main:refs/heads/develop"}));
  ASSERT_TRUE(pushed);
  ASSERT_EQ(pushed->size(), 1U);
  EXPECT_EQ(pushed->at(0).kind, RefUpdate::Kind::created);
  EXPECT_EQ(pushed->at(0).remote, "refs/heads/develop");
  pushed = program.push(to({"refs/heads/main:refs/heads/develop"}));
  EXPECT_EQ(pushed->at(0).kind, RefUpdate::Kind::up_to_date);

  Scratch other;
  other.git({"remote", "add", "origin", hub.folder() + "/hub.git"});
  Program theirs = other.program();
  ASSERT_TRUE(theirs.fetch({}));
  EXPECT_EQ(*other.open().read_ref("refs/remotes/origin/develop"), first);
  other.git({"reset", "-q", "--hard", "origin/develop"});
  other.write("b", "1");
  const CommitId faster = other.commit();
  EXPECT_EQ(theirs.push(to({"HEAD:refs/heads/develop"}))->at(0).kind, RefUpdate::Kind::updated);

  scratch.write("c", "1");
  scratch.commit();
  pushed = program.push(to({"refs/heads/main:refs/heads/develop"}));
  ASSERT_TRUE(pushed);
  EXPECT_EQ(pushed->at(0).kind, RefUpdate::Kind::rejected);
  EXPECT_TRUE(pushed->at(0).is_behind()) << pushed->at(0).reason;
  std::string said;
  Transfer fetch = to({});
  fetch.progress = [&](std::string_view line) { said += line; };
  ASSERT_TRUE(program.fetch(fetch));
  EXPECT_NE(said.find("develop"), std::string::npos);
  EXPECT_EQ(*repository.read_ref("refs/remotes/origin/develop"), faster);
  const auto listed = program.list_remote("origin");
  ASSERT_EQ(listed->size(), 1U);
  EXPECT_EQ(listed->at(0).id, faster);
}

TEST_F(TransportTest, ARefusalOfTheOtherSideIsNotBeingLate) {
  hub.write("hub.git/hooks/pre-receive", "#!/bin/sh\necho no such role >&2\nexit 1\n");
  std::filesystem::permissions(hub.folder() + "/hub.git/hooks/pre-receive", std::filesystem::perms::owner_all);
  std::string said;
  Transfer push = to({"refs/heads/main:refs/heads/develop"});
  push.progress = [&](std::string_view line) { said += std::string(line) + "\n"; };
  const auto pushed = program.push(push);
  ASSERT_TRUE(pushed);
  EXPECT_EQ(pushed->at(0).kind, RefUpdate::Kind::rejected);
  EXPECT_FALSE(pushed->at(0).is_behind());
  EXPECT_EQ(pushed->at(0).reason, "pre-receive hook declined");
  EXPECT_NE(said.find("no such role"), std::string::npos);
}

TEST_F(TransportTest, ALeaseHoldsOnlyWhileNobodyMovedTheRef) {
  ASSERT_TRUE(program.push(to({"refs/heads/main:refs/heads/work"})));
  scratch.git({"commit", "-q", "--amend", "--allow-empty", "-m", "other"});
  Transfer push = to({"refs/heads/main:refs/heads/work"});
  push.lease = {"refs/heads/work:" + CommitId{{1}}.hex()};
  EXPECT_TRUE(program.push(push)->at(0).is_behind());
  push.lease = {"refs/heads/work:" + first.hex()};
  EXPECT_EQ(program.push(push)->at(0).kind, RefUpdate::Kind::forced);
}

TEST_F(TransportTest, TellsThatAnotherGitMovesTheTrackingRefs) {
  ASSERT_TRUE(program.push(to({"refs/heads/main:refs/heads/develop"})));
  scratch.git({"update-ref", "-d", "refs/remotes/origin/develop"});
  scratch.write(".git/refs/remotes/origin/develop.lock", "");
  const auto fetched = program.fetch(to({}));
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().code, ErrorCode::changed_meanwhile) << fetched.error().message;
}

TEST_F(TransportTest, SaysWhichRemoteCannotBeReached) {
  Transfer missing = to({});
  missing.remote = hub.folder() + "/nowhere.git";
  const auto fetched = program.fetch(missing);
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().code, ErrorCode::not_found);
  EXPECT_NE(fetched.error().message.find("nowhere.git"), std::string::npos);
  missing.remote = "http://127.0.0.1:1/x.git";
  EXPECT_EQ(program.fetch(missing).error().code, ErrorCode::unavailable);
  EXPECT_FALSE(program.push(missing));
  EXPECT_FALSE(program.list_remote("nobody"));
}

TEST_F(ProgramTest, GitFailuresCarryItsWords) {
  const auto failed = program.run({"rev-parse", "--verify", "nope"});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "git rev-parse: Needed a single revision");
}

TEST(Lfs, PointersAreRecognised) {
  const std::string oid(64, 'a');
  const std::string pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + oid + "\nsize 12\n";
  ASSERT_TRUE(parse_lfs_pointer(pointer));
  EXPECT_EQ(parse_lfs_pointer(pointer)->oid, oid);
  EXPECT_EQ(parse_lfs_pointer(pointer)->size, 12U);
  EXPECT_FALSE(parse_lfs_pointer("version https://git-lfs.github.com/spec/v1\nsize 12\n"));
  EXPECT_FALSE(parse_lfs_pointer("ISO-10303-21;"));
  EXPECT_FALSE(parse_lfs_pointer(pointer.substr(0, 80) + "\nsize 12\n"));
  EXPECT_FALSE(parse_lfs_pointer(pointer + std::string(1024, 'x')));
}

TEST_F(ProgramTest, LfsContentComesAndGoes) {
  if (!program.run({"lfs", "version"})) GTEST_SKIP() << "git-lfs is not installed";
  const std::string content(100000, 'x');
  const auto pointer = program.write_lfs(content, "a.ifc");
  ASSERT_TRUE(pointer) << pointer.error().message;
  EXPECT_EQ(parse_lfs_pointer(*pointer)->size, content.size());
  EXPECT_EQ(*program.read_lfs(*pointer, "a.ifc"), content);
  std::string other = *pointer;
  other[other.find("sha256:") + 7] ^= 1;
  const auto missing = program.read_lfs(other, "a.ifc");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::unavailable);
}

TEST(ShellQuoted, IsOneWord) {
  EXPECT_EQ(shell_quoted("/usr/bin/aecos"), "/usr/bin/aecos");
  EXPECT_EQ(shell_quoted("/a b/o'x"), "'/a b/o'\\''x'");
  EXPECT_EQ(shell_quoted(""), "''");
}

}  // namespace
}  // namespace aecos::git
