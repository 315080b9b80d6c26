#include "cli/program.h"

#include <istream>
#include <utility>

#include "os/path.h"

namespace aecos::cli {
namespace {

// The order of `aecos --help`.
void add_commands(Command& app, Context& context) {
  add_init(app, context);
  add_sync(app, context);
  add_status(app, context);
  add_conflicts(app, context);
  add_resolve(app, context);
  add_bcf(app, context);
  add_undo(app, context);
  add_lock(app, context);
  add_unlock(app, context);
  add_locks(app, context);
  add_watch(app, context);
  add_inbox(app, context);
  add_notify(app, context);
  add_roles(app, context);
  add_audit(app, context);
  add_secret_scan(app, context);
  add_validate(app, context);
  add_cost(app, context);
  add_waive(app, context);
  add_waivers(app, context);
  add_login(app, context);
  add_log(app, context);
  add_blame(app, context);
  add_visualise(app, context);
  add_doctor(app, context);
  add_import(app, context);
  add_export(app, context);
  add_element(app, context);
  add_generate(app, context);
  add_diff(app, context);
  add_merge(app, context);
  add_normalise(app, context);
  add_hub(app, context);
  add_demo(app, context);
  add_sample(app, context);
  add_git_drivers(app, context);
  add_git_filters(app, context);
  add_hook(app, context);
}

int report_bug(Context& context, std::string_view what) {
  context.terminal.fail({ErrorCode::unavailable, "this is a fault of aecos " + std::string(version) + ": " +
                                                     std::string(what) + "; nothing was left half-written"});
  return exit_bug;
}

}  // namespace

std::string Context::path(std::string_view argument) const { return os::normal(os::join(directory, argument)); }

void on_run(Command& app, Context& context, Run run) {
  app.on_parsed([&context, run = std::move(run)] {
    Result<int> status = run();
    if (!status) context.terminal.fail(status.error());
    context.status = status ? *status : exit_status(status.error().code);
  });
}

std::string at_file(std::string_view file, std::string_view message) {
  bool place = !message.empty() && message[0] >= '0' && message[0] <= '9';
  return std::string(file) + (place ? ":" : ": ") + std::string(message);
}

Result<std::string> read_secret(Context& context, const std::string& what) {
  constexpr std::size_t key_size_max = 64U << 10U;
  const auto hidden = context.environment.hide_input();
  if (hidden) context.terminal.progress(what + ":");
  std::string line;
  const bool read = context.input != nullptr && std::getline(*context.input, line);
  if (hidden) context.terminal.clear_progress();
  if (line.ends_with('\r')) line.pop_back();
  if (line.starts_with("-----BEGIN ")) {  // A key has several lines.
    for (std::string next; std::getline(*context.input, next) && line.size() < key_size_max;) {
      if (next.ends_with('\r')) next.pop_back();
      line += "\n" + next;
      if (next.starts_with("-----END ")) break;
    }
  }
  if (read && !line.empty()) return line;
  return Error{ErrorCode::invalid_input, "a password or token is read from standard input, one line; there is none"};
}

Result<os::MappedFile> open_input(Context& context, const std::string& argument) {
  auto file = context.files.map(context.path(argument));
  if (!file && file.error().code == ErrorCode::not_found) {
    return Error{ErrorCode::not_found, argument + ": no such file; check the path"};
  }
  return file;
}

int run_program(const std::vector<std::string>& arguments, Context& context) {
  const CommandLineText text{
      "aecos",
      "Several people, one building model: semantic merge and sync of IFC, JSON and Markdown over git.",
      "aecos " + std::string(version),
      "Exit status: 0 done, 1 done with conflicts or findings, 2 input unusable, 3 somebody else is at it,\n"
      "4 not allowed, 5 remote or program not reachable, 70 a fault of aecos.",
  };
  const auto describe = [&context](Command& app) {
    app.add_word(
           "-C",
           [&context](const std::string& folder) -> Result<> {
             context.directory = context.path(folder);
             return {};
           },
           "Work in this folder instead of the current one")
        ->type_name("FOLDER")
        ->at_once();
    add_commands(app, context);
  };
  try {
    const Parsed parsed = parse_command_line(text, describe, arguments);
    if (parsed.kind == Parsed::Kind::done) return context.status;
    if (parsed.kind == Parsed::Kind::shown) {
      context.terminal.raw(parsed.text);
      return exit_ok;
    }
    context.terminal.fail({ErrorCode::invalid_input, parsed.text});
    return exit_unusable;
  } catch (const std::exception& error) {
    return report_bug(context, error.what());
  }
}

}  // namespace aecos::cli
