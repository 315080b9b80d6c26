#include <algorithm>
#include <memory>

#include "cli/command.h"
#include "cli/find_element.h"
#include "cli/moment.h"
#include "cli/project.h"
#include "revision/message.h"
#include "revision/to_json.h"
#include "revision/words.h"
#include "sync/history.h"

namespace aecos::cli {
namespace {

struct Arguments {
  std::string element, property;
  bool json = false;
};

std::string as_json(const std::vector<sync::Blame>& blames) {
  text::JsonWriter json(2);
  json.begin_array();
  for (const sync::Blame& blame : blames) {
    json.begin_object().member("path", blame.path).member("commit", blame.commit.id.hex());
    json.member("time", os::to_utc_text(blame.commit.author.time_s * 1'000'000));
    json.member("author", blame.commit.author.name).key("change");
    revision::write(json, blame.change);
    json.end_object();
  }
  json.end_array();
  return std::move(json).take();
}

bool is_origin(const sync::Blame& blame) {
  return blame.change.kind == diff::ChangeKind::added || blame.change.kind == diff::ChangeKind::redrawn ||
         blame.change.kind == diff::ChangeKind::removed;
}

void say(Context& context, const std::vector<sync::Blame>& blames) {
  Table table;
  for (const sync::Blame& blame : blames) {
    std::string place = is_origin(blame) ? "the element" : blame.change.at;
    std::string told = is_origin(blame)
                           ? revision::describe(blame.change)
                           : revision::show(blame.change.before, 30) + " → " + revision::show(blame.change.after, 30);
    table.add({{printable(place), Paint::bold},
               {printable(told)},
               {printable(blame.commit.author.name), Paint::blue},
               {moment_text(context, blame.commit.author.time_s), Paint::dim},
               {short_id(blame.commit.id), Paint::yellow},
               {printable(revision::subject_of(blame.commit.message)), Paint::dim}});
  }
  table.print(context.terminal);
}

Result<int> run(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  AECOS_TRY_ASSIGN(CommitId head, workspace.repository.resolve_commit("HEAD"));
  AECOS_TRY_ASSIGN(const std::string element, global_id_of(context, workspace, arguments.element));
  AECOS_TRY_ASSIGN(std::vector<sync::Blame> blames, sync::blame(workspace, head, element, arguments.property));
  std::stable_sort(blames.begin(), blames.end(), [](const sync::Blame& a, const sync::Blame& b) {
    return a.commit.author.time_s > b.commit.author.time_s;
  });
  // A place that was set stands before where all else came from; asked for one, the element's origin only if need be.
  std::stable_partition(blames.begin(), blames.end(), [](const sync::Blame& blame) { return !is_origin(blame); });
  if (!arguments.property.empty() && !blames.empty() && !is_origin(blames[0])) std::erase_if(blames, is_origin);
  arguments.json ? context.terminal.raw(as_json(blames)) : say(context, blames);
  return exit_ok;
}

}  // namespace

void add_blame(Command& app, Context& context) {
  auto arguments = std::make_shared<Arguments>();
  Command* command = app.add_subcommand("blame", "Who set the values of an element, and when");
  command->add_option("ELEMENT", arguments->element, "Its GlobalId, name or folder")->required();
  command->add_option("PROPERTY", arguments->property, "Only this one: FireRating, Pset_WallCommon.FireRating, Name");
  command->add_flag("--json", arguments->json, "Answer in JSON");
  on_run(*command, context, [&context, arguments] { return run(context, *arguments); });
}

}  // namespace aecos::cli
