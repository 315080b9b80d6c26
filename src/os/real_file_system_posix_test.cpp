// What only the real file system can show: other programs' locks, special files, permissions.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/file_system.h"
#include "os/path.h"
#include "os/posix_internal.h"

namespace aecos::os {
namespace {

class RealFileSystemPosix : public testing::Test {
 protected:
  RealFileSystemPosix() { EXPECT_TRUE(files->create_directories(root)); }
  ~RealFileSystemPosix() override { EXPECT_TRUE(remove_all(*files, root)); }
  std::string at(std::string_view path) { return join(root, path); }

  std::unique_ptr<FileSystem> files = real_file_system();
  std::string root = testing::TempDir() + "aecos-posix-" + std::to_string(::getpid());
};

TEST_F(RealFileSystemPosix, BothKindsOfLocksOfOtherProgramsAreSeen) {
  EXPECT_TRUE(files->write(at("a"), "1"));
  EXPECT_FALSE(files->is_locked_by_other(at("a")));
  {
    Descriptor other(::open(at("a").c_str(), O_RDWR));
    ASSERT_EQ(::flock(*other, LOCK_EX), 0);
    EXPECT_TRUE(files->is_locked_by_other(at("a")));
  }
  EXPECT_FALSE(files->is_locked_by_other(at("a")));
  Descriptor other(::open(at("a").c_str(), O_RDWR));
  struct flock part {};
  part.l_type = F_WRLCK;
  part.l_start = 0;
  part.l_len = 1;
  ASSERT_EQ(::fcntl(*other, F_OFD_SETLK, &part), 0);
  EXPECT_TRUE(files->is_locked_by_other(at("a")));
}

TEST_F(RealFileSystemPosix, APipeIsNotWaitedFor) {
  ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
  EXPECT_EQ(files->read(at("pipe")).error().code, ErrorCode::denied);
  EXPECT_EQ(files->status(at("pipe"))->type, FileType::other);
  EXPECT_FALSE(files->is_locked_by_other(at("pipe")));
}

TEST_F(RealFileSystemPosix, FilesWithoutASizeAreReadToTheirEnd) {
  if (!exists(*files, "/proc/self/status")) GTEST_SKIP() << "no /proc here";
  EXPECT_NE(files->read("/proc/self/status")->find("Pid:"), std::string::npos);
  EXPECT_NE(files->map("/proc/self/status")->bytes().find("Pid:"), std::string_view::npos);
}

TEST_F(RealFileSystemPosix, ANewFileHasWhatTheUmaskLeaves) {
  auto before = ::umask(027);
  EXPECT_TRUE(files->write(at("a"), "1"));
  ::umask(before);
  EXPECT_EQ(files->status(at("a"))->mode, 0640u);
}

TEST_F(RealFileSystemPosix, ARefusedWriteLeavesTheOldFile) {
  if (::geteuid() == 0) GTEST_SKIP() << "nothing is refused to root";
  EXPECT_TRUE(files->write(at("a"), "1"));
  EXPECT_TRUE(files->set_mode(root, 0500));
  EXPECT_EQ(files->write(at("a"), "2").error().code, ErrorCode::denied);
  EXPECT_EQ(files->remove(at("a")).error().code, ErrorCode::denied);
  EXPECT_TRUE(files->set_mode(root, 0700));
  EXPECT_EQ(*files->read(at("a")), "1");
}

TEST_F(RealFileSystemPosix, AFullDiskLeavesTheOldFileAndNothingElse) {
  EXPECT_TRUE(files->write(at("a"), "1"));
  struct SmallFilesOnly {
    SmallFilesOnly() {
      ::getrlimit(RLIMIT_FSIZE, &before);
      auto small = before;
      small.rlim_cur = 1000;
      ::setrlimit(RLIMIT_FSIZE, &small);
      handler = ::signal(SIGXFSZ, SIG_IGN);
    }
    ~SmallFilesOnly() {
      ::setrlimit(RLIMIT_FSIZE, &before);
      ::signal(SIGXFSZ, handler);
    }
    rlimit before{};
    sighandler_t handler;
  };
  {
    SmallFilesOnly limited;
    EXPECT_EQ(files->write(at("a"), std::string(5000, 'x')).error().code, ErrorCode::unavailable);
  }
  EXPECT_EQ(*files->read(at("a")), "1");
  EXPECT_EQ(files->list(root)->size(), 1u);
}

}  // namespace
}  // namespace aecos::os
