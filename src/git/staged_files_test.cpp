#include "git/staged_files.h"

#include <gtest/gtest.h>

#include "git/scratch_test_internal.h"

namespace aecos::git {
namespace {

TEST(StagedFiles, FollowsTheIndex) {
  Scratch scratch;
  auto files = os::real_file_system();
  StagedFiles staged(*files, scratch.folder() + "/.git/index");
  EXPECT_FALSE(staged.find("a"));
  for (const char* version : {"2", "4"}) {
    scratch.git({"config", "index.version", version});
    scratch.write("a", version);
    scratch.write("models/" + std::string(5000, 'x').substr(0, 200) + "/b", "1");
    scratch.write("models/c", version);
    scratch.git({"add", "-A"});
    scratch.git({"update-index", "--index-version", version});
    Repository repository = scratch.open();
    ASSERT_TRUE(staged.find("models/c"));
    EXPECT_EQ(*repository.read_blob(*staged.find("models/c")), version);
    EXPECT_EQ(*staged.find("a"), *staged.find("models/c"));
    EXPECT_TRUE(staged.find("models/" + std::string(200, 'x') + "/b"));
    EXPECT_FALSE(staged.find("models"));
    EXPECT_FALSE(staged.find("models/d"));
  }
}

TEST(StagedFiles, AnUnmergedPathIsOurs) {
  Scratch scratch;
  scratch.write("a", "1");
  scratch.commit();
  scratch.git({"checkout", "-q", "-b", "side"});
  scratch.write("a", "2");
  scratch.commit();
  scratch.git({"checkout", "-q", "main"});
  scratch.write("a", "3");
  scratch.commit();
  (void)scratch.program().try_run({"merge", "side"});
  auto files = os::real_file_system();
  StagedFiles staged(*files, scratch.folder() + "/.git/index");
  ASSERT_TRUE(staged.find("a"));
  EXPECT_EQ(*scratch.open().read_blob(*staged.find("a")), "3");
}

TEST(StagedFiles, AnIndexThatCannotBeReadHasNothing) {
  Scratch scratch;
  scratch.write("a", "1");
  scratch.commit();
  auto files = os::real_file_system();
  const std::string path = scratch.folder() + "/.git/index";
  const std::string whole = scratch.read(".git/index");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    scratch.write(".git/index", whole.substr(0, size));
    (void)StagedFiles(*files, path).find("a");
  }
  scratch.write(".git/index", std::string(5000, '\xff'));
  EXPECT_FALSE(StagedFiles(*files, path).find("a"));
}

}  // namespace
}  // namespace aecos::git
