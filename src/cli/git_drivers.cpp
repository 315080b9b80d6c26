// What git calls to merge and to show files: the merge driver, the external diff and the text conversion.

#include <memory>

#include "cli/change_list.h"
#include "cli/command.h"
#include "cli/git_merge.h"
#include "diff/diff.h"
#include "diff/ifc_listing.h"

namespace aecos::cli {
namespace {

// git gives up at any other status: what cannot be shown is said.
Result<int> say_failure(Context& context, Result<int> status) {
  if (!status) context.terminal.say("  cannot be shown: " + printable(status.error().message));
  return exit_ok;
}

// As git calls an external diff: path old-file old-hex old-mode new-file new-hex new-mode [new-path what]; of an
// unmerged path only the path.
Result<int> show_difference(Context& context, const std::vector<std::string>& arguments) {
  if (arguments.size() < 7) {
    if (!arguments.empty()) context.terminal.say(printable(arguments[0]) + ": unmerged; see aecos conflicts");
    return exit_ok;
  }
  const std::string& path = arguments.size() > 7 ? arguments[7] : arguments[0];
  const bool is_new = arguments[1] == "/dev/null";
  const bool is_gone = arguments[4] == "/dev/null";
  os::MappedFile before, after;
  if (!is_new) {
    AECOS_TRY_ASSIGN(before, open_input(context, arguments[1]));
  }
  if (!is_gone) {
    AECOS_TRY_ASSIGN(after, open_input(context, arguments[4]));
  }
  std::string title = path;
  if (path != arguments[0]) title = arguments[0] + " → " + path;
  if (is_new) title += " (new)";
  if (is_gone) title += " (deleted)";
  if (!is_new && !is_gone && arguments[3] != arguments[6])
    title += " (mode " + arguments[3] + " → " + arguments[6] + ")";
  context.terminal.say(context.terminal.paint(Paint::bold, printable(title)));
  if (is_new || is_gone) {
    const auto bytes = is_new ? after.bytes().size() : before.bytes().size();
    context.terminal.say("  a whole model, " + std::to_string(bytes) + " bytes");
    return exit_ok;
  }
  const auto changes = diff::diff_file(path, before.bytes(), after.bytes());
  if (!changes) {
    context.terminal.say("  " + printable(changes.error().message));
  } else if (changes->empty()) {
    context.terminal.say("  written anew, nothing changed");
  } else {
    print_changes(context.terminal, *changes, 2);
  }
  return exit_ok;
}

// For git show and git log -p, which compare texts: one line for each thing a model says.
Result<int> convert_to_text(Context& context, const std::string& file) {
  AECOS_TRY_ASSIGN(const os::MappedFile bytes, open_input(context, file));
  const auto listing = diff::list_ifc(bytes.bytes());
  context.terminal.raw(listing ? std::string_view(*listing) : bytes.bytes());
  return exit_ok;
}

}  // namespace

void add_git_drivers(Command& app, Context& context) {
  auto merge = std::make_shared<GitMerge>();
  Command* driver = app.add_subcommand("merge-driver", "Called by git: merge a file that both sides changed");
  driver->group("");
  driver->add_option("BASE", merge->base)->required();
  driver->add_option("OURS", merge->ours, "Is overwritten with the result")->required();
  driver->add_option("THEIRS", merge->theirs)->required();
  driver->add_option("MARKER", merge->marker_size)->required();
  driver->add_option("PATH", merge->path)->required();
  on_run(*driver, context, [&context, merge] { return run_git_merge(context, *merge); });

  auto arguments = std::make_shared<std::vector<std::string>>();
  Command* show = app.add_subcommand("diff-driver", "Called by git: show what changed in a model");
  show->group("");
  show->add_option("ARGUMENTS", *arguments)->expected(1, 9);
  on_run(*show, context, [&context, arguments] { return say_failure(context, show_difference(context, *arguments)); });

  auto file = std::make_shared<std::string>();
  Command* convert = app.add_subcommand("textconv", "Called by git: a model as lines of text");
  convert->group("");
  convert->add_option("FILE", *file)->required();
  on_run(*convert, context, [&context, file] { return convert_to_text(context, *file); });
}

}  // namespace aecos::cli
