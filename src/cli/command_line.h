#pragma once
// The commands and options of the program, described. What reads them (CLI11) is seen by command_line.cpp alone: its
// headers take longer to compile than most commands.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace aecos::cli {

class Option {
 public:
  explicit Option(CLI::Option& option) : option_(option) {}
  Option* required();
  Option* type_name(const std::string& name);  // As --help shows its value: "FILE".
  Option* expected(int least, int most);       // So many values.
  Option* excludes(const Option* other);
  Option* excludes(const std::string& other);  // By its name.
  Option* one_of(const std::vector<std::string>& words);
  Option* between(int least, int most);
  Option* at_once();  // Taken where it stands, before what comes behind it is looked at.
  Option* by_default(const std::vector<std::string>& words);

 private:
  CLI::Option& option_;
};

// A command, with its options and the commands below it. What is bound to an option must live as long as it is parsed;
// what is returned lives as long as the command.
class Command {
 public:
  explicit Command(CLI::App& app);
  ~Command();
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  Command* add_subcommand(const std::string& name, const std::string& text);
  Command* add_option_group(const std::string& title);
  // Of a whole number, a text, texts, or a text that may be absent. A name without dashes: by its position.
  template <class T>
  Option* add_option(const std::string& name, T& value, const std::string& text = "");
  // `take` may refuse the word; the message is shown with the option's name.
  Option* add_word(const std::string& name, std::function<Result<>(const std::string&)> take, const std::string& text);
  Option* add_flag(const std::string& name, bool& value, const std::string& text = "");

  Command* alias(const std::string& name);
  Command* footer(const std::string& text);
  Command* group(const std::string& title);                  // Empty: --help does not show it.
  Command* require_subcommand(int least = 1, int most = 0);  // Most 0: any number.
  Command* require_option(int count);
  void on_parsed(std::function<void()> run);  // Once everything is read.
  bool has_parsed_subcommand() const;

 private:
  Command* keep(CLI::App& app);
  Option* keep(CLI::Option* option);

  CLI::App& app_;
  std::vector<std::unique_ptr<Command>> commands_;
  std::vector<std::unique_ptr<Option>> options_;
};

struct CommandLineText {
  std::string name, about, version, footer;
};

struct Parsed {
  enum class Kind { done, shown, refused };
  Kind kind = Kind::done;
  std::string text;  // To be shown (--help, --version), or what is wrong.
};

// Describes the commands, then reads the arguments and runs what was asked for.
Parsed parse_command_line(const CommandLineText& text, const std::function<void(Command&)>& describe,
                          const std::vector<std::string>& arguments);

}  // namespace aecos::cli
