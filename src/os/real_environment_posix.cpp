#include <pwd.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <vector>

#include "os/environment.h"
#include "os/path.h"

namespace aecos::os {
namespace {

int number_of(Stream stream) {
  switch (stream) {
    case Stream::input:
      return STDIN_FILENO;
    case Stream::output:
      return STDOUT_FILENO;
    case Stream::error:
      return STDERR_FILENO;
  }
  return -1;
}

struct User {
  std::string name, home;
};

std::optional<User> listed_user() {
  std::vector<char> text(16384);
  struct passwd entry {
  }, *found = nullptr;
  if (::getpwuid_r(::getuid(), &entry, text.data(), text.size(), &found) != 0 || !found) return std::nullopt;
  return User{entry.pw_name, entry.pw_dir};
}

class HiddenPosixInput final : public HiddenInput {
 public:
  explicit HiddenPosixInput(const struct termios& shown) : shown_(shown) {
    struct termios hidden = shown;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  }
  ~HiddenPosixInput() override { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown_); }
  HiddenPosixInput(const HiddenPosixInput&) = delete;
  HiddenPosixInput& operator=(const HiddenPosixInput&) = delete;

 private:
  struct termios shown_;
};

class RealEnvironment final : public Environment {
 public:
  std::optional<std::string> variable(const std::string& name) override {
    const char* value = std::getenv(name.c_str());
    if (!value) return std::nullopt;
    return std::string(value);
  }

  std::string home() override {
    auto set = variable("HOME");
    if (set && is_absolute(*set)) return *set;
    auto listed = listed_user();
    return listed && is_absolute(listed->home) ? listed->home : "";
  }

  std::string config_directory() override {
    auto set = variable("XDG_CONFIG_HOME");
    if (set && is_absolute(*set)) return *set;
    return home().empty() ? "" : join(home(), ".config");
  }

  std::string temporary_directory() override {
    auto set = variable("TMPDIR");
    return set && is_absolute(*set) ? *set : P_tmpdir;
  }

  std::string current_directory() override {
    std::error_code error;
    return std::filesystem::current_path(error).string();
  }

  std::string program() override {
    std::error_code error;
    return std::filesystem::read_symlink("/proc/self/exe", error).string();
  }

  std::string user() override {
    auto listed = listed_user();
    return listed && !listed->name.empty() ? listed->name : "user-" + std::to_string(::getuid());
  }

  std::string host() override {
    char name[256] = {};
    return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
  }

  std::int64_t process_id() override { return ::getpid(); }

  int minutes_east(std::int64_t at_s) override {
    constexpr long minute_s = 60;
    const auto at = static_cast<std::time_t>(at_s);
    std::tm here{};
    return ::localtime_r(&at, &here) == nullptr ? 0 : static_cast<int>(here.tm_gmtoff / minute_s);
  }

  bool is_terminal(Stream stream) override { return ::isatty(number_of(stream)) == 1; }

  std::optional<int> terminal_columns() override {
    struct winsize size {};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
    return size.ws_col;
  }

  std::unique_ptr<HiddenInput> hide_input() override {
    struct termios shown {};
    if (::tcgetattr(STDIN_FILENO, &shown) != 0) return nullptr;
    return std::make_unique<HiddenPosixInput>(shown);
  }
};

}  // namespace

std::unique_ptr<Environment> real_environment() { return std::make_unique<RealEnvironment>(); }

}  // namespace aecos::os
