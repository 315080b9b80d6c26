#include "git/objects_between.h"

#include <gtest/gtest.h>

#include "git/scratch_test_internal.h"
#include "os/faulty_file_system.h"

namespace aecos::git {
namespace {

class ObjectsBetween : public testing::Test {
 protected:
  CommitId head() { return *CommitId::from_hex(source_.git({"rev-parse", "HEAD"}).substr(0, 40)); }
  CommitId save(const std::string& path, const std::string& content) {
    source_.write(path, content);
    source_.commit();
    return head();
  }
  std::string between(CommitId from, CommitId to) {
    const auto bytes = objects_between(source_.open(), from, to);
    EXPECT_TRUE(bytes && *bytes);
    return bytes && *bytes ? **bytes : "";
  }

  Scratch source_, target_;
  std::unique_ptr<os::FileSystem> files_ = os::real_file_system();
};

TEST_F(ObjectsBetween, BringsWhatIsNew) {
  save("a/b/c.txt", "1");
  const CommitId first = save("d.txt", "1");
  target_.git({"fetch", "-q", source_.folder(), "HEAD:refs/heads/known"});
  save("a/b/c.txt", "2");
  source_.git({"checkout", "-q", "-b", "side", first.hex()});
  save("a/e/f.txt", "3");
  source_.git({"checkout", "-q", "-"});
  source_.git({"merge", "-q", "--no-edit", "side"});
  std::filesystem::remove(source_.folder() + "/d.txt");
  const CommitId last = save("a/b/g.txt", "4");

  Repository target = target_.open();
  const auto taken = take_objects(target, *files_, between(first, last));
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_EQ(*taken, last);
  target_.git({"update-ref", "refs/heads/known", last.hex()});
  EXPECT_EQ(target_.git({"fsck", "--full", "--strict", "--no-dangling"}), "");
  EXPECT_EQ(target_.git({"ls-tree", "-r", "known"}), source_.git({"ls-tree", "-r", "HEAD"}));
}

TEST_F(ObjectsBetween, NothingIsNew) {
  const CommitId only = save("a", "1");
  target_.git({"fetch", "-q", source_.folder(), "HEAD:refs/heads/known"});
  Repository target = target_.open();
  const auto taken = take_objects(target, *files_, between(only, only));
  ASSERT_TRUE(taken);
  EXPECT_EQ(*taken, only);
}

TEST_F(ObjectsBetween, MuchAndUnknownIsLeftToGit) {
  const CommitId first = save("a", "1");
  const CommitId last = save("a", std::string(100'000, 'x'));
  BetweenLimits limits;
  limits.bytes_max = 50'000;
  EXPECT_FALSE(*objects_between(source_.open(), first, last, limits));
  limits = {};
  limits.commits_max = 0;
  EXPECT_FALSE(*objects_between(source_.open(), first, last, limits));
  EXPECT_FALSE(*objects_between(source_.open(), last, first));
  EXPECT_FALSE(*objects_between(source_.open(), *CommitId::from_hex(std::string(40, '1')), last));
  EXPECT_FALSE(objects_between(source_.open(), first, *CommitId::from_hex(std::string(40, '1'))));
}

TEST_F(ObjectsBetween, BrokenOrIncompleteOnesAreRefused) {
  const CommitId first = save("a", "1"), second = save("b/c", "2"), third = save("b/d", "3");
  const std::string sound = between(second, third);
  Repository empty = target_.open();
  EXPECT_FALSE(take_objects(empty, *files_, sound));  // What it rests on is not here.
  target_.git({"fetch", "-q", source_.folder(), second.hex() + ":refs/heads/known"});
  for (std::size_t cut = 0; cut < sound.size(); ++cut) {
    Repository target = target_.open();
    EXPECT_FALSE(take_objects(target, *files_, sound.substr(0, cut)));
    std::string flipped = sound;
    flipped[cut] = static_cast<char>(flipped[cut] ^ 0x20);
    const auto taken = take_objects(target, *files_, flipped);
    EXPECT_TRUE(!taken || *taken == third);
  }
  EXPECT_EQ(target_.git({"fsck", "--full", "--no-dangling"}), "");
  Repository target = target_.open();
  EXPECT_TRUE(take_objects(target, *files_, sound));
  static_cast<void>(first);
}

TEST_F(ObjectsBetween, AFullDiskLeavesNothingWithoutWhatItRefersTo) {
  const CommitId first = save("a", "1"), second = save("b/c", "2");
  target_.git({"fetch", "-q", source_.folder(), first.hex() + ":refs/heads/known"});
  const std::string sound = between(first, second);
  const std::vector<std::string> came{second.hex(), source_.git({"rev-parse", "HEAD^{tree}"}).substr(0, 40),
                                      source_.git({"rev-parse", "HEAD:b"}).substr(0, 40),
                                      source_.git({"rev-parse", "HEAD:b/c"}).substr(0, 40)};
  const auto is_there = [&](const std::string& id) {
    return os::exists(*files_, target_.folder() + "/.git/objects/" + id.substr(0, 2) + "/" + id.substr(2));
  };
  bool taken = false;
  for (std::uint64_t space = 0; !taken && space < 2000; ++space) {
    os::FaultyFileSystem faulty(*files_);
    faulty.set_space_left(space);
    Repository target = target_.open();
    taken = static_cast<bool>(take_objects(target, faulty, sound));
    for (std::size_t i = 0; i + 1 < came.size(); ++i)
      EXPECT_TRUE(!is_there(came[i]) || is_there(came[i + 1])) << "with room for " << space;
  }
  EXPECT_TRUE(taken);
}

}  // namespace
}  // namespace aecos::git
