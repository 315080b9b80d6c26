// What needs Linux to be shown: limits and permissions.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <cstdlib>

#include "os/file_system.h"
#include "os/path.h"
#include "os/watcher.h"

namespace aecos::os {
namespace {

class LinuxWatcherTest : public testing::Test {
 protected:
  LinuxWatcherTest() { EXPECT_TRUE(files->create_directories(join(root, "a/b"))); }
  ~LinuxWatcherTest() override { EXPECT_TRUE(remove_all(*files, root)); }

  std::unique_ptr<FileSystem> files = real_file_system();
  std::string root = testing::TempDir() + "aecos-watcher-linux-" + std::to_string(::getpid());
};

// In a process of its own, whose user may have so many watches.
bool limit_watches(const char* count) {
  if (::unshare(CLONE_NEWUSER) != 0) return false;
  const int file = ::open("/proc/sys/user/max_inotify_watches", O_WRONLY | O_CLOEXEC);
  const bool done = file >= 0 && ::write(file, count, 1) == 1;
  ::close(file);
  return done;
}

TEST_F(LinuxWatcherTest, WhoReachesTheLimitIsToldWhatToDo) {
  constexpr int cannot = 3;
  const auto body = [&] {
    if (!limit_watches("2")) std::_Exit(cannot);
    const auto watcher = watch_folder(root, {});
    if (watcher) std::_Exit(1);
    const Error& error = watcher.error();
    const bool is_told = error.code == ErrorCode::unavailable &&
                         error.message.find("sysctl fs.inotify.max_user_watches=") != std::string::npos;
    std::_Exit(is_told ? 0 : 2);
  };
  EXPECT_EXIT(
      body(), [](int status) { return WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == cannot; }, "");
}

TEST_F(LinuxWatcherTest, ALimitReachedLaterIsToldAndOvercome) {
  constexpr int cannot = 3;
  const auto body = [&] {
    if (!limit_watches("3")) std::_Exit(cannot);
    const auto watcher = watch_folder(root, {});
    if (!watcher) std::_Exit(1);
    if (!files->create_directories(join(root, "a/c"))) std::_Exit(2);
    if ((*watcher)->wait(-1)) std::_Exit(4);
    if ((*watcher)->wait(-1)) std::_Exit(5);
    if (!files->remove(join(root, "a/b"))) std::_Exit(6);
    const auto changed = (*watcher)->wait(-1);
    std::_Exit(changed && changed->everything ? 0 : 7);
  };
  EXPECT_EXIT(
      body(), [](int status) { return WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == cannot; }, "");
}

TEST_F(LinuxWatcherTest, AFolderThatMayBeReadAgainIsWatched) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const std::string folder = join(root, "a");
  EXPECT_TRUE(files->set_mode(folder, 0));
  auto watcher = *watch_folder(root, {});
  EXPECT_TRUE(files->set_mode(folder, 0755));
  EXPECT_EQ(watcher->wait(-1)->paths, (std::vector<std::string>{"a", "a/b"}));
  EXPECT_TRUE(files->create_directories(join(root, "a/b/c")));
  EXPECT_EQ(watcher->wait(-1)->paths, std::vector<std::string>{"a/b/c"});
}

}  // namespace
}  // namespace aecos::os
