#pragma once
// What every command gets, and how one is added: a file `NAME_command.cpp` defines `void add_NAME(Command&,
// Context&)`, which describes its options and runs when they are parsed; program.cpp lists them all.

#include <functional>
#include <iosfwd>
#include <string>

#include "base/result.h"
#include "cli/command_line.h"
#include "cli/exit_status.h"
#include "cli/terminal.h"
#include "os/clock.h"
#include "os/environment.h"
#include "os/file_system.h"
#include "os/process.h"
#include "os/random.h"

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
void on_run(Command& app, Context& context, Run run);

// A file's bytes; the error names the file and says what to do.
Result<os::MappedFile> open_input(Context& context, const std::string& argument);

// A line of standard input, so that the secret is in no list of processes and no history. Whoever types it is asked for
// `what`, and sees nothing of it.
Result<std::string> read_secret(Context& context, const std::string& what);

// "house.ifc" and "12:3: no header" -> "house.ifc:12:3: no header"; other messages get ": " between.
std::string at_file(std::string_view file, std::string_view message);

void add_merge(Command& app, Context& context);
void add_diff(Command& app, Context& context);
void add_normalise(Command& app, Context& context);
void add_sync(Command& app, Context& context);
void add_status(Command& app, Context& context);
void add_conflicts(Command& app, Context& context);
void add_resolve(Command& app, Context& context);
void add_bcf(Command& app, Context& context);
void add_undo(Command& app, Context& context);
void add_log(Command& app, Context& context);
void add_blame(Command& app, Context& context);
void add_visualise(Command& app, Context& context);
void add_doctor(Command& app, Context& context);
void add_generate(Command& app, Context& context);
void add_init(Command& app, Context& context);
void add_demo(Command& app, Context& context);
void add_sample(Command& app, Context& context);
void add_hub(Command& app, Context& context);
void add_hub_demo(Command& hub, Context& context);
void add_login(Command& app, Context& context);
void add_lock(Command& app, Context& context);
void add_unlock(Command& app, Context& context);
void add_locks(Command& app, Context& context);
void add_audit(Command& app, Context& context);
void add_secret_scan(Command& app, Context& context);  // aecos secrets
void add_validate(Command& app, Context& context);
void add_cost(Command& app, Context& context);
void add_waive(Command& app, Context& context);
void add_waivers(Command& app, Context& context);
void add_notify(Command& app, Context& context);
void add_roles(Command& app, Context& context);
void add_watch(Command& app, Context& context);
void add_inbox(Command& app, Context& context);
void add_import(Command& app, Context& context);
void add_export(Command& app, Context& context);
void add_element(Command& app, Context& context);
void add_team_status(Command& sync, Context& context);  // aecos sync status
// What git calls: not shown in the help.
void add_git_drivers(Command& app, Context& context);
void add_git_filters(Command& app, Context& context);
void add_hook(Command& app, Context& context);

}  // namespace aecos::cli
