#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <optional>
#include <sstream>
#include <utility>

namespace aecos::cli {
namespace {

constexpr std::size_t column_width = 28;

std::string names_of_commands(const CLI::App& app) {
  std::string names;
  for (const CLI::App* command : app.get_subcommands({})) {
    if (!command->get_group().empty()) names += (names.empty() ? "" : ", ") + command->get_name();
  }
  return names;
}

Parsed not_parsed(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    std::ostringstream out;
    app.exit(error, out, out);  // --help and --version.
    return {Parsed::Kind::shown, out.str()};
  }
  const auto used = app.get_subcommands();
  std::string help = app.get_name();
  for (auto below = used; !below.empty(); below = below.front()->get_subcommands())
    if (!below.front()->get_name().empty()) help += " " + below.front()->get_name();
  std::string what = error.what();
  const auto code = static_cast<CLI::ExitCodes>(error.get_exit_code());
  if (used.empty() && (code == CLI::ExitCodes::RequiredError || code == CLI::ExitCodes::ExtrasError)) {
    const std::vector<std::string> rest = app.remaining();
    if (rest.empty()) what = "say what to do";
    if (!rest.empty()) what = "there is no " + std::string(rest[0].starts_with('-') ? "option " : "command ") + rest[0];
    what += "; the commands are " + names_of_commands(app);
  }
  return {Parsed::Kind::refused, what + "; see " + help + " --help"};
}

}  // namespace

// --- options

Option* Option::required() {
  option_.required();
  return this;
}

Option* Option::type_name(const std::string& name) {
  option_.type_name(name);
  return this;
}

Option* Option::expected(int least, int most) {
  option_.expected(least, most);
  return this;
}

Option* Option::excludes(const Option* other) {
  option_.excludes(&other->option_);
  return this;
}

Option* Option::excludes(const std::string& other) {
  option_.excludes(other);
  return this;
}

Option* Option::one_of(const std::vector<std::string>& words) {
  option_.check(CLI::IsMember(words));
  return this;
}

Option* Option::between(int least, int most) {
  option_.check(CLI::Range(least, most));
  return this;
}

Option* Option::at_once() {
  option_.trigger_on_parse();
  return this;
}

Option* Option::by_default(const std::vector<std::string>& words) {
  option_.default_val(words);
  return this;
}

// --- commands

Command::Command(CLI::App& app) : app_(app) {}
Command::~Command() = default;

Command* Command::keep(CLI::App& app) { return commands_.emplace_back(std::make_unique<Command>(app)).get(); }

Option* Command::keep(CLI::Option* option) { return options_.emplace_back(std::make_unique<Option>(*option)).get(); }

Command* Command::add_subcommand(const std::string& name, const std::string& text) {
  return keep(*app_.add_subcommand(name, text));
}

Command* Command::add_option_group(const std::string& title) { return keep(*app_.add_option_group(title)); }

template <class T>
Option* Command::add_option(const std::string& name, T& value, const std::string& text) {
  return keep(app_.add_option(name, value, text));
}

template Option* Command::add_option(const std::string&, int&, const std::string&);
template Option* Command::add_option(const std::string&, long&, const std::string&);
template Option* Command::add_option(const std::string&, unsigned long&, const std::string&);
template Option* Command::add_option(const std::string&, long long&, const std::string&);
template Option* Command::add_option(const std::string&, unsigned long long&, const std::string&);
template Option* Command::add_option(const std::string&, std::string&, const std::string&);
template Option* Command::add_option(const std::string&, std::vector<std::string>&, const std::string&);
template Option* Command::add_option(const std::string&, std::optional<std::string>&, const std::string&);

Option* Command::add_word(const std::string& name, std::function<Result<>(const std::string&)> take,
                          const std::string& text) {
  return keep(app_.add_option_function<std::string>(
      name,
      [name, take = std::move(take)](const std::string& word) {
        if (const Result<> taken = take(word); !taken) throw CLI::ValidationError(name, taken.error().message);
      },
      text));
}

Option* Command::add_flag(const std::string& name, bool& value, const std::string& text) {
  return keep(app_.add_flag(name, value, text));
}

Command* Command::alias(const std::string& name) {
  app_.alias(name);
  return this;
}

Command* Command::footer(const std::string& text) {
  app_.footer(text);
  return this;
}

Command* Command::group(const std::string& title) {
  app_.group(title);
  return this;
}

Command* Command::require_subcommand(int least, int most) {
  app_.require_subcommand(static_cast<std::size_t>(least), static_cast<std::size_t>(most));
  return this;
}

Command* Command::require_option(int count) {
  app_.require_option(count);
  return this;
}

void Command::on_parsed(std::function<void()> run) { app_.final_callback(std::move(run)); }

bool Command::has_parsed_subcommand() const { return !app_.get_subcommands().empty(); }

Parsed parse_command_line(const CommandLineText& text, const std::function<void(Command&)>& describe,
                          const std::vector<std::string>& arguments) {
  CLI::App app(text.about, text.name);
  Command command(app);
  try {
    app.set_version_flag("--version", text.version);
    app.get_formatter()->column_width(column_width);
    app.require_subcommand(1, 1);
    app.footer(text.footer);
    describe(command);
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    return {};
  } catch (const CLI::ParseError& error) {
    return not_parsed(app, error);
  }
}

}  // namespace aecos::cli
