#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <thread>

#include "os/posix_internal.h"
#include "os/process.h"

extern char** environ;

namespace aecos::os {
namespace {

using Time = std::chrono::steady_clock::time_point;
using std::chrono::milliseconds;

constexpr milliseconds look_around(50);     // How often a program that says nothing is looked after.
constexpr milliseconds time_to_end(1000);   // Between asking it to end and killing it.
constexpr milliseconds time_to_drain(200);  // For output after the end, where something it left running holds the pipe.

Time now() { return std::chrono::steady_clock::now(); }

struct Pipe {
  Descriptor read_end, write_end;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return posix_error("pipe", errno);
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

void set_nonblocking(const Descriptor& file) { ::fcntl(*file, F_SETFL, ::fcntl(*file, F_GETFL) | O_NONBLOCK); }

// A program that ends without reading its input must not end us: the signal is held back in this thread and, if it
// came, taken away.
class SigpipeGuard {
 public:
  SigpipeGuard() {
    ::sigemptyset(&sigpipe_);
    ::sigaddset(&sigpipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
    was_pending_ = is_pending();
  }
  ~SigpipeGuard() {
    int number = 0;
    if (!was_pending_ && is_pending()) ::sigwait(&sigpipe_, &number);
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  SigpipeGuard(const SigpipeGuard&) = delete;
  SigpipeGuard& operator=(const SigpipeGuard&) = delete;
  const sigset_t& before() const { return before_; }

 private:
  static bool is_pending() {
    sigset_t pending;
    return ::sigpending(&pending) == 0 && ::sigismember(&pending, SIGPIPE) == 1;
  }
  sigset_t sigpipe_, before_;
  bool was_pending_ = false;
};

std::vector<std::string> environment_of(const Command& command) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry; ++entry) {
    std::string_view text = *entry;
    if (command.clean_environment && !text.starts_with("PATH=")) continue;
    if (!command.environment.contains(std::string(text.substr(0, text.find('='))))) result.emplace_back(text);
  }
  for (const auto& [name, value] : command.environment) {
    if (value) result.push_back(name + "=" + *value);
  }
  return result;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

bool has_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

Result<> check(const Command& command) {
  bool bad = command.argv.empty() || command.argv[0].empty() || has_nul(command.directory);
  for (const auto& argument : command.argv) bad = bad || has_nul(argument);
  for (const auto& [name, value] : command.environment) {
    bad = bad || name.empty() || has_nul(name) || name.find('=') != std::string::npos || has_nul(value.value_or(""));
  }
  if (bad) return Error{ErrorCode::invalid_input, "a command that cannot be run"};
  return {};
}

// The three pipes, with our ends.
struct Streams {
  Descriptor input, output, error;
};

class SpawnSettings {
 public:
  SpawnSettings() {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
  }
  ~SpawnSettings() {
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  void set_signals(const sigset_t& mask) {
    sigset_t defaults;
    ::sigemptyset(&defaults);
    ::sigaddset(&defaults, SIGPIPE);
    ::posix_spawnattr_setsigdefault(&attributes, &defaults);
    ::posix_spawnattr_setsigmask(&attributes, &mask);
  }

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

Result<pid_t> spawn(const Command& command, const sigset_t& mask, Streams& streams) {
  AECOS_TRY_ASSIGN(auto input, make_pipe());
  AECOS_TRY_ASSIGN(auto output, make_pipe());
  AECOS_TRY_ASSIGN(auto error, make_pipe());
  SpawnSettings settings;
  ::posix_spawn_file_actions_adddup2(&settings.actions, *input.read_end, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&settings.actions, *output.write_end, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&settings.actions, *error.write_end, STDERR_FILENO);
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 34)
  // Nothing else of ours: a socket that a program keeps open cannot be listened on again when we are started anew.
  ::posix_spawn_file_actions_addclosefrom_np(&settings.actions, STDERR_FILENO + 1);
#endif
  if (!command.directory.empty()) {
    ::posix_spawn_file_actions_addchdir_np(&settings.actions, command.directory.c_str());
  }
  settings.set_signals(mask);
  int group = command.may_ask ? 0 : POSIX_SPAWN_SETPGROUP;
  ::posix_spawnattr_setflags(&settings.attributes,
                             static_cast<short>(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | group));
  auto argv = command.argv;
  auto environment = environment_of(command);
  pid_t pid = 0;
  int failure = ::posix_spawnp(&pid, argv[0].c_str(), &settings.actions, &settings.attributes, pointers_to(argv).data(),
                               pointers_to(environment).data());
  if (failure != 0) {
    return posix_error(command.directory.empty() ? argv[0] : argv[0] + " in " + command.directory, failure);
  }
  streams = {std::move(input.write_end), std::move(output.read_end), std::move(error.read_end)};
  set_nonblocking(streams.input);
  set_nonblocking(streams.output);
  set_nonblocking(streams.error);
  return pid;
}

// Cuts a stream into lines as they come.
class LineCutter {
 public:
  explicit LineCutter(const std::function<void(std::string_view)>& on_line) : on_line_(on_line) {}
  void add(std::string_view bytes) {
    if (!on_line_) return;
    for (char c : bytes) {
      bool second_half = c == '\n' && last_ == '\r';
      last_ = c;
      if (second_half) continue;
      if (c == '\n' || c == '\r') {
        on_line_(line_);
        line_.clear();
      } else {
        line_ += c;
      }
    }
  }
  void finish() {
    if (on_line_ && !line_.empty()) on_line_(line_);
  }

 private:
  const std::function<void(std::string_view)>& on_line_;
  std::string line_;
  char last_ = 0;
};

// What goes into the program.
class Feed {
 public:
  Feed(const Command& command, Descriptor pipe) : command_(command), pipe_(std::move(pipe)) {
    if (!command.next_input) rest_ = command.input;
  }
  const Descriptor& pipe() const { return pipe_; }

  void start() { refill(); }

  void push() {
    auto count = ::write(*pipe_, rest_.data(), rest_.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count < 0) return pipe_.close();  // It does not want to read more.
    rest_.remove_prefix(static_cast<std::size_t>(count));
    refill();
  }

 private:
  void refill() {
    if (rest_.empty() && command_.next_input) rest_ = piece_ = command_.next_input();
    if (rest_.empty()) pipe_.close();
  }

  const Command& command_;
  Descriptor pipe_;
  std::string piece_;
  std::string_view rest_;
};

// One of the two streams that come out of it.
class Drain {
 public:
  using Take = std::function<bool(std::string_view)>;
  Drain(Descriptor pipe, std::string& kept, const std::function<void(std::string_view)>& on_line, const Take& take)
      : pipe_(std::move(pipe)), kept_(kept), lines_(on_line), take_(take) {}
  const Descriptor& pipe() const { return pipe_; }

  // False: there is nothing at the moment, or never more.
  bool pull() {
    std::array<char, 65536> piece;
    auto count = ::read(*pipe_, piece.data(), piece.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (count <= 0) {
      pipe_.close();
      return false;
    }
    std::string_view bytes(piece.data(), static_cast<std::size_t>(count));
    lines_.add(bytes);
    if (!take_) {
      kept_ += bytes;
    } else if (!refused_) {
      refused_ = !take_(bytes);
    }
    return true;
  }

  // As much as a pipe can hold: all that a program which has ended can have left.
  void pull_what_is_there() {
    for (int piece = 0; piece < 16 && pipe_ && pull();) ++piece;
  }
  void finish() { lines_.finish(); }
  bool is_refused() const { return refused_; }

 private:
  Descriptor pipe_;
  std::string& kept_;
  LineCutter lines_;
  const Take& take_;
  bool refused_ = false;
};

class Run {
 public:
  Run(const Command& command, pid_t pid, Streams streams, Finished& finished)
      : pid_(pid),
        group_(command.may_ask ? pid : -pid),
        command_(command),
        finished_(finished),
        input_(command, std::move(streams.input)),
        output_(std::move(streams.output), finished.output, command.on_output_line, command.on_output),
        error_(std::move(streams.error), finished.error, command.on_error_line, no_take_) {
    if (command.timeout_ms) deadline_ = now() + milliseconds(*command.timeout_ms);
  }
  ~Run() {  // A callback threw.
    if (!ended_) {
      ::kill(group_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  void wait() {
    input_.start();
    while (!is_over()) {
      exchange();
      look_after();
    }
    output_.finish();
    error_.finish();
    if (output_.is_refused()) finished_.cancelled = true;  // Even if it ended by itself just then.
  }

 private:
  bool is_over() const {
    if (!ended_) return false;
    return (!output_.pipe() && !error_.pipe()) || now() >= *drain_until_;
  }

  // Moves bytes in both directions, until something happened or it is time to look after the program.
  void exchange() {
    std::array<pollfd, 3> watched = {pollfd{input_.pipe() ? *input_.pipe() : -1, POLLOUT, 0},
                                     pollfd{output_.pipe() ? *output_.pipe() : -1, POLLIN, 0},
                                     pollfd{error_.pipe() ? *error_.pipe() : -1, POLLIN, 0}};
    bool silent = !output_.pipe() && !error_.pipe();
    if (silent) std::this_thread::sleep_for(milliseconds(1));  // Its end is near.
    auto limit = silent ? 0 : static_cast<int>(look_around.count());
    if (::poll(watched.data(), watched.size(), limit) <= 0) return;
    if (watched[0].revents) input_.push();
    if (watched[1].revents) output_.pull();
    if (watched[2].revents) error_.pull();
  }

  void look_after() {
    if (ended_) return;
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid_) {
      return end();
    }
    if (!is_ending_ && (output_.is_refused() || (command_.is_cancelled && command_.is_cancelled()))) {
      finished_.cancelled = true;
      deadline_ = now();
    }
    if (!deadline_ || now() < *deadline_) return;
    ::kill(group_, is_ending_ ? SIGKILL : SIGTERM);
    is_ending_ = true;
    finished_.timed_out = finished_.timed_out || !finished_.cancelled;
    deadline_ = now() + time_to_end;
  }

  void end() {
    // Whatever it started goes too; its number is ours until waitpid.
    if (is_ending_) ::kill(group_, SIGKILL);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    ended_ = true;
    finished_.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    output_.pull_what_is_there();
    error_.pull_what_is_there();
    drain_until_ = now() + time_to_drain;
  }

  pid_t pid_, group_;
  const Command& command_;
  Finished& finished_;
  const Drain::Take no_take_;
  Feed input_;
  Drain output_, error_;
  std::optional<Time> deadline_, drain_until_;
  bool ended_ = false, is_ending_ = false;
};

class RealProcessRunner final : public ProcessRunner {
 public:
  Result<Finished> run(const Command& command) override {
    AECOS_TRY(check(command));
    SigpipeGuard guard;
    Streams streams;
    AECOS_TRY_ASSIGN(auto pid, spawn(command, guard.before(), streams));
    Finished finished;
    Run(command, pid, std::move(streams), finished).wait();
    return finished;
  }
};

}  // namespace

std::unique_ptr<ProcessRunner> real_process_runner() { return std::make_unique<RealProcessRunner>(); }

}  // namespace aecos::os
