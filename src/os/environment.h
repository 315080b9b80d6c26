#pragma once
// What the process was given by whoever started it. Only main reads it; everybody else is handed what they need.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace aecos::os {

enum class Stream : std::uint8_t { input, output, error };

class HiddenInput {
 public:
  virtual ~HiddenInput() = default;
};

class Environment {
 public:
  virtual ~Environment() = default;
  // An empty variable is there, and empty.
  virtual std::optional<std::string> variable(const std::string& name) = 0;
  // HOME, or what the system's user list says. Empty: none.
  virtual std::string home() = 0;
  // Where a user's settings belong (XDG_CONFIG_HOME, or .config in the home folder). Empty: nowhere.
  virtual std::string config_directory() = 0;
  virtual std::string temporary_directory() = 0;
  // Absolute.
  virtual std::string current_directory() = 0;
  // The absolute path of the running program. Empty: not known.
  virtual std::string program() = 0;
  // The login name, or "user-1000" if the system has no name for the user.
  virtual std::string user() = 0;
  virtual std::string host() = 0;
  virtual std::int64_t process_id() = 0;
  // Minutes east of UTC that the clocks here show at a time (seconds since 1970).
  virtual int minutes_east(std::int64_t at_s) = 0;
  virtual bool is_terminal(Stream stream) = 0;
  // Absent: standard output is no terminal, or its width is not known.
  virtual std::optional<int> terminal_columns() = 0;
  // As long as what it gives lives, nothing is shown of what is typed. Null: standard input is no terminal.
  virtual std::unique_ptr<HiddenInput> hide_input() = 0;
};

std::unique_ptr<Environment> real_environment();

// As filled in, for tests.
class FixedEnvironment final : public Environment {
 public:
  struct Values {
    std::map<std::string, std::string> variables = {};
    std::string home = "/home/ana", config = "/home/ana/.config", temporary = "/scratch", current = "/home/ana";
    std::string program = "/usr/bin/aecos", user = "ana", host = "desk";
    std::int64_t process_id = 1;
    int minutes_east = 0;
    bool terminal = false;
    std::optional<int> columns = {};
  };
  explicit FixedEnvironment(Values values) : values_(std::move(values)) {}
  std::optional<std::string> variable(const std::string& name) override;
  std::string home() override { return values_.home; }
  std::string config_directory() override { return values_.config; }
  std::string temporary_directory() override { return values_.temporary; }
  std::string current_directory() override { return values_.current; }
  std::string program() override { return values_.program; }
  std::string user() override { return values_.user; }
  std::string host() override { return values_.host; }
  std::int64_t process_id() override { return values_.process_id; }
  int minutes_east(std::int64_t) override { return values_.minutes_east; }
  bool is_terminal(Stream) override { return values_.terminal; }
  std::optional<int> terminal_columns() override { return values_.columns; }
  std::unique_ptr<HiddenInput> hide_input() override { return nullptr; }

 private:
  Values values_;
};

}  // namespace aecos::os
