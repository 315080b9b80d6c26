#include <memory>

#include "cli/command.h"
#include "merge/normalise.h"

namespace aecos::cli {
namespace {

struct Arguments {
  std::string against, file, output;
};

// "theirs:12:3: …" -> "house.ifc:12:3: …"; the version before it is "base".
Error name_file(const Error& error, const Arguments& arguments) {
  for (const auto& [side, file] :
       {std::pair<std::string_view, std::string_view>("base:", arguments.against), {"theirs:", arguments.file}}) {
    if (!error.message.starts_with(side)) continue;
    const std::string rest = error.message.substr(side.size());
    return {error.code, rest.starts_with(' ') ? std::string(file) + ":" + rest : at_file(file, rest)};
  }
  return {error.code, at_file(arguments.file, error.message)};
}

Result<int> run(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(os::MappedFile base, open_input(context, arguments.against));
  AECOS_TRY_ASSIGN(os::MappedFile file, open_input(context, arguments.file));
  context.terminal.progress("normalising " + arguments.file);
  auto normal = merge::normalise_ifc(base.bytes(), file.bytes());
  if (!normal) return name_file(normal.error(), arguments);
  if (arguments.output.empty()) {
    context.terminal.raw(*normal);
    return exit_ok;
  }
  AECOS_TRY(context.files.write(context.path(arguments.output), *normal));
  context.terminal.say(printable(arguments.output) + (*normal == base.bytes() ? ": the same as " : ": written like ") +
                       printable(arguments.against));
  return exit_ok;
}

}  // namespace

void add_normalise(Command& app, Context& context) {
  auto arguments = std::make_shared<Arguments>();
  Command* command = app.add_subcommand(
      "normalise", "Give a re-exported IFC file the numbering, order and formatting of the version before it");
  command->add_option("--against", arguments->against, "The version before it")->required()->type_name("BASE");
  command->add_option("FILE", arguments->file, "The re-exported file")->required();
  command->add_option("-o,--output", arguments->output, "Where the result goes; without it, to standard output")
      ->type_name("FILE");
  on_run(*command, context, [&context, arguments] { return run(context, *arguments); });
}

}  // namespace aecos::cli
