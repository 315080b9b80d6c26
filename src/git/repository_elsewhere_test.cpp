#include <gtest/gtest.h>

#include "git/repository.h"
#include "os/faulty_file_system.h"
#include "os/memory_file_system.h"

namespace aecos::git {
namespace {

class RepositoryElsewhere : public testing::Test {
 protected:
  RepositoryElsewhere() {
    EXPECT_TRUE(files.create_directories("/house.git/objects"));
    EXPECT_TRUE(files.write("/house.git/HEAD", "ref: refs/heads/develop\n"));
    repository.emplace(*Repository::open_in(files, {"/house.git"}));
  }

  NewCommit commit_of(std::string_view text) {
    const TreeId tree = *repository->write_tree({}, {{"a.txt", false, FileMode::file, *repository->write_blob(text)}});
    const Signature ana{"Ana", "ana@example.org", 1'790'000'000, 0};
    return {tree, {}, ana, ana, "A text\n"};
  }

  os::MemoryFileSystem disk;
  os::FaultyFileSystem files{disk};
  std::optional<Repository> repository;
};

TEST_F(RepositoryElsewhere, KeepsObjectsAndRefs) {
  const CommitId commit = *repository->write_commit(commit_of("one"));
  ASSERT_TRUE(repository->update_ref("refs/heads/develop", std::nullopt, commit, ""));
  const Repository again = *Repository::open_in(files, {"/house.git"});
  EXPECT_EQ(*again.read_ref("HEAD"), commit);
  EXPECT_EQ(*again.read_blob(again.find_entry(again.read_commit(commit)->tree, "a.txt").operator*()->id), "one");
  EXPECT_EQ(repository->update_ref("refs/heads/develop", std::nullopt, commit, "").error().code,
            ErrorCode::changed_meanwhile);
}

TEST_F(RepositoryElsewhere, WhatDoesNotFitOnTheDiskIsNotWritten) {
  const NewCommit commit = commit_of("one");
  files.set_space_left(0);
  EXPECT_EQ(repository->write_blob("another").error().code, ErrorCode::unavailable);
  const auto written = repository->write_commit(commit);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::unavailable);
  EXPECT_NE(written.error().message.find("No space left"), std::string::npos) << written.error().message;
}

}  // namespace
}  // namespace aecos::git
