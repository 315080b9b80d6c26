#include <limits>
#include <memory>

#include "cli/command.h"
#include "sample/house.h"
#include "sample/random_edits.h"
#include "sample/rates.h"
#include "sample/re_export.h"

namespace aecos::cli {
namespace {

struct Arguments {
  std::string output, from, rates;
  int storeys = 2;
  std::size_t edits = 0;
  std::uint64_t seed = 1;
  bool re_export = false;
};

Result<std::string> start(Context& context, const Arguments& arguments) {
  if (arguments.from.empty()) return sample::house({.storeys = arguments.storeys});
  AECOS_TRY_ASSIGN(const os::MappedFile file, open_input(context, arguments.from));
  return std::string(file.bytes());
}

Result<int> run(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(std::string text, start(context, arguments));
  if (arguments.edits > 0) {
    auto editor = sample::Editor::open(text, "seed " + std::to_string(arguments.seed));
    if (!editor) return Error{editor.error().code, at_file(arguments.from, editor.error().message)};
    sample::Dice dice(arguments.seed);
    for (const std::string& done : sample::edit_at_random(*editor, dice, arguments.edits))
      context.terminal.say(printable(done));
    text = editor->text();
  }
  if (arguments.re_export) {
    auto exported = sample::re_export(text, arguments.seed);
    if (!exported) return Error{exported.error().code, at_file(arguments.from, exported.error().message)};
    text = *std::move(exported);
  }
  AECOS_TRY(context.files.write(context.path(arguments.output), text));
  if (!arguments.rates.empty()) AECOS_TRY(context.files.write(context.path(arguments.rates), sample::rates()));
  return exit_ok;
}

}  // namespace

void add_sample(Command& app, Context& context) {
  auto arguments = std::make_shared<Arguments>();
  Command* command = app.add_subcommand("sample", "Write a sample house, or an edited or re-exported copy of a model");
  command->add_option("OUT", arguments->output, "The IFC file to write")->required();
  const Option* from =
      command->add_option("--from", arguments->from, "Start from this model instead of the house")->type_name("FILE");
  command->add_option("--storeys", arguments->storeys, "How many storeys the house has")
      ->between(1, 100000)
      ->excludes(from);
  command->add_option("--edits", arguments->edits, "Make so many random edits, and say which")
      ->between(0, std::numeric_limits<int>::max());
  command->add_option("--seed", arguments->seed, "Decides the edits and the re-export")->type_name("N");
  command->add_flag("--re-export", arguments->re_export,
                    "Write it as another export would: new STEP ids, order, number texts, and GlobalIds of\n"
                    "relationships and property sets");
  command
      ->add_option("--rates", arguments->rates,
                   "Also write what the house's parts cost, for aecos cost: .aecos/rates.csv")
      ->type_name("FILE");
  command->footer("To try merge, diff and sync with. The same options write the same bytes.");
  on_run(*command, context, [&context, arguments] { return run(context, *arguments); });
}

}  // namespace aecos::cli
