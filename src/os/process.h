#pragma once
// Running other programs, without a shell in between.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace aecos::os {

struct Command {
  std::vector<std::string> argv = {};  // argv[0] is looked up in PATH unless it has a '/'.
  std::string directory = {};          // Empty: the current one.
  // Added to our own environment; an absent value takes the variable out.
  std::map<std::string, std::optional<std::string>> environment = {};

  // Start from an empty environment but for PATH, instead of our own.
  bool clean_environment = false;

  std::string input = {};  // What it reads.
  // If set, instead of `input`: called for one piece after another until it gives an empty one. It may block, as on a
  // slow network client; meanwhile what the program says is not read, and neither `timeout_ms` nor `is_cancelled` is
  // looked at.
  std::function<std::string()> next_input = {};

  // If set, gets the bytes of standard output as they come, and they are not kept in Finished. It may block: the
  // program then waits. False: nothing more is wanted, as if cancelled.
  std::function<bool(std::string_view)> on_output = {};
  // Asked at least every 50 ms while it runs and no callback blocks; true: it is ended, as by a timeout.
  std::function<bool()> is_cancelled = {};

  // If set, gets each line as it comes, without its end, be that \n, \r\n or \r (as in progress bars). Lines are also
  // kept in Finished.
  std::function<void(std::string_view)> on_output_line = {}, on_error_line = {};

  // Absent: no limit. Then the program and all it started are asked to end (SIGTERM) and, after a second, killed.
  std::optional<std::int64_t> timeout_ms = {};
  // It may ask the person at the terminal something (a password): it stays in our process group, so that Ctrl-C reaches
  // it too, and a timeout ends it alone.
  bool may_ask = false;
};

struct Finished {
  int status = 0;  // What it returned; 128 + the signal's number if a signal ended it.
  bool timed_out = false;
  bool cancelled = false;
  std::string output = {}, error = {};  // All it wrote to standard output and standard error.
  bool ok() const { return status == 0 && !timed_out && !cancelled; }
};

class ProcessRunner {
 public:
  virtual ~ProcessRunner() = default;
  // Runs it and waits. That it failed is no Error; that it could not be started is: not_found (no such program or
  // folder), denied, invalid_input (no argv, NUL characters), unavailable.
  virtual Result<Finished> run(const Command& command) = 0;
};

std::unique_ptr<ProcessRunner> real_process_runner();

// Answers as told and notes what was asked, for tests.
class ScriptedProcessRunner final : public ProcessRunner {
 public:
  using Answer = std::function<Result<Finished>(const Command&)>;
  explicit ScriptedProcessRunner(Answer answer) : answer_(std::move(answer)) {}
  Result<Finished> run(const Command& command) override;
  const std::vector<Command>& commands() const { return commands_; }

 private:
  Answer answer_;
  std::vector<Command> commands_;
};

}  // namespace aecos::os
