// Builds the real parts and passes them in; the program itself is in program.cpp.

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "cli/hook.h"
#include "cli/ifcmerge.h"
#include "cli/program.h"

namespace {

using aecos::os::Environment;
using aecos::os::Stream;

aecos::cli::Terminal make_terminal(Environment& environment) {
  std::string kind = environment.variable("TERM").value_or("");
  bool colour = environment.variable("NO_COLOR").value_or("").empty() && kind != "dumb";
  bool error_is_terminal = environment.is_terminal(Stream::error);
  aecos::cli::Terminal::Options options;
  // Started by git, standard output is its pager, which shows colours.
  bool git_pager = environment.variable("GIT_PAGER_IN_USE").value_or("") == "true";
  options.colour = colour && (environment.is_terminal(Stream::output) || git_pager);
  options.error_colour = colour && error_is_terminal;
  options.live = error_is_terminal && kind != "dumb";
  options.width = static_cast<std::size_t>(std::max(20, environment.terminal_columns().value_or(100)));
  return {std::cout, std::cerr, options};
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  auto files = aecos::os::real_file_system();
  auto clock = aecos::os::real_clock();
  auto random = aecos::os::real_random();
  auto processes = aecos::os::real_process_runner();
  auto environment = aecos::os::real_environment();
  auto terminal = make_terminal(*environment);
  aecos::cli::Context context{
      terminal, *files, *clock, *random, *processes, *environment, environment->current_directory()};
  context.input = &std::cin;
  context.output = &std::cout;
  const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  const std::string called = argc > 0 ? argv[0] : "";
  int status = aecos::cli::is_ifcmerge(called)     ? aecos::cli::run_ifcmerge(arguments, context)
               : aecos::cli::is_pre_commit(called) ? aecos::cli::run_program({"hook", "pre-commit"}, context)
                                                   : aecos::cli::run_program(arguments, context);
  std::cout.flush();
  if (!std::cout) {
    std::cerr << "aecos: the output could not be written; is the disk full?\n";
    status = status ? status : aecos::cli::exit_unavailable;
  }
  return status;
}
