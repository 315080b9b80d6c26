#pragma once
// What every command gets, and how one is added: a file `NAME_command.cpp` defines `void add_NAME(CLI::App&,
// Context&)`, which describes its options and runs when they are parsed; program.cpp lists them all.

#include <functional>
#include <iosfwd>
#include <string>

#include "base/result.h"
#include "cli/exit_status.h"
#include "cli/terminal.h"
#include "os/clock.h"
#include "os/environment.h"
#include "os/file_system.h"
#include "os/process.h"
#include "os/random.h"

namespace CLI {
class App;
}

namespace aecos::cli {

struct Context {
  Terminal& terminal;
  os::FileSystem& files;
  os::Clock& clock;
  os::Random& random;
  os::ProcessRunner& processes;
  os::Environment& environment;
  std::string directory;           // Absolute; what paths on the command line are relative to (-C).
  int status = exit_ok;            // What the program will return.
  std::istream* input = nullptr;   // Standard input; set by main.
  std::ostream* output = nullptr;  // Standard output, for what must be byte for byte, unbuffered by the terminal.

  std::string path(std::string_view argument) const;  // On the command line -> absolute.
};

// The parts of a command: `app` is its own subcommand, `run` returns the exit status. `run` may refer to the options
// that were bound, as those live as long as `options` (captured by it).
using Run = std::function<Result<int>()>;
void on_run(CLI::App& app, Context& context, Run run);

// A file's bytes; the error names the file and says what to do.
Result<os::MappedFile> open_input(Context& context, const std::string& argument);

// A line of standard input, so that the secret is in no list of processes and no history. Whoever types it is asked for
// `what`, and sees nothing of it.
Result<std::string> read_secret(Context& context, const std::string& what);

// "house.ifc" and "12:3: no header" -> "house.ifc:12:3: no header"; other messages get ": " between.
std::string at_file(std::string_view file, std::string_view message);

void add_merge(CLI::App& app, Context& context);
void add_diff(CLI::App& app, Context& context);
void add_normalise(CLI::App& app, Context& context);
void add_sync(CLI::App& app, Context& context);
void add_status(CLI::App& app, Context& context);
void add_conflicts(CLI::App& app, Context& context);
void add_resolve(CLI::App& app, Context& context);
void add_bcf(CLI::App& app, Context& context);
void add_undo(CLI::App& app, Context& context);
void add_log(CLI::App& app, Context& context);
void add_blame(CLI::App& app, Context& context);
void add_visualise(CLI::App& app, Context& context);
void add_doctor(CLI::App& app, Context& context);
void add_generate(CLI::App& app, Context& context);
void add_init(CLI::App& app, Context& context);
void add_demo(CLI::App& app, Context& context);
void add_sample(CLI::App& app, Context& context);
void add_hub(CLI::App& app, Context& context);
void add_hub_demo(CLI::App& hub, Context& context);
void add_login(CLI::App& app, Context& context);
void add_lock(CLI::App& app, Context& context);
void add_unlock(CLI::App& app, Context& context);
void add_locks(CLI::App& app, Context& context);
void add_audit(CLI::App& app, Context& context);
void add_secret_scan(CLI::App& app, Context& context);  // aecos secrets
void add_validate(CLI::App& app, Context& context);
void add_cost(CLI::App& app, Context& context);
void add_waive(CLI::App& app, Context& context);
void add_waivers(CLI::App& app, Context& context);
void add_notify(CLI::App& app, Context& context);
void add_roles(CLI::App& app, Context& context);
void add_watch(CLI::App& app, Context& context);
void add_inbox(CLI::App& app, Context& context);
void add_import(CLI::App& app, Context& context);
void add_export(CLI::App& app, Context& context);
void add_element(CLI::App& app, Context& context);
void add_team_status(CLI::App& sync, Context& context);  // aecos sync status
// What git calls: not shown in the help.
void add_git_drivers(CLI::App& app, Context& context);
void add_git_filters(CLI::App& app, Context& context);
void add_hook(CLI::App& app, Context& context);

}  // namespace aecos::cli
