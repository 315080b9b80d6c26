#include <memory>

#include "cli/bcf_report.h"
#include "cli/command.h"
#include "cli/project.h"
#include "os/path.h"
#include "revision/to_json.h"
#include "revision/words.h"
#include "sync/open_conflicts.h"

namespace aecos::cli {
namespace {

using merge::Side;
using sync::OpenConflict;

struct Arguments {
  std::string id;
  BcfOptions bcf;
  bool json = false;
};

void write_side(text::JsonWriter& json, const OpenConflict& conflict, Side side) {
  const revision::RecordSide& known = revision::side_of(conflict.record, side);
  json.key(merge::to_string(side)).begin_object();
  if (auto value = revision::value_of(conflict.record, side)) json.key("value").raw(*value);
  if (!known.large_value.empty()) json.member("blob", known.large_value);
  if (!known.commit.empty()) json.member("commit", known.commit);
  if (!known.author.empty()) json.member("author", known.author);
  json.end_object();
}

void write(text::JsonWriter& json, const OpenConflict& conflict) {
  const revision::Record& record = conflict.record;
  json.begin_object().member("id", record.conflict.id).member("path", record.path).member("branch", record.branch);
  json.member("opened", record.opened).member("local", conflict.local).key("element");
  revision::write(json, record.conflict.element);
  json.member("at", record.conflict.at).member("kind", merge::to_string(record.conflict.kind));
  for (Side side : {Side::base, Side::ours, Side::theirs}) write_side(json, conflict, side);
  json.member("chosen", merge::to_string(record.conflict.chosen)).member("because", record.conflict.because);
  json.end_object();
}

std::string subject_of(const revision::Record& record) {
  std::string who = revision::title(record.conflict.element);
  return who.empty() ? record.path : who;
}

std::string value_of(const revision::Record& record, Side side, std::size_t length_max) {
  if (!revision::side_of(record, side).large_value.empty()) return "(a large value)";
  return revision::show(revision::value_of(record, side), length_max);
}

void list(Terminal& terminal, const std::vector<OpenConflict>& conflicts) {
  if (conflicts.empty()) return terminal.say("No open conflicts.");
  Table table;
  for (const OpenConflict& conflict : conflicts) {
    const revision::Record& record = conflict.record;
    auto side = [&](Side which) {
      const std::string& author = revision::side_of(record, which).author;
      return value_of(record, which, 24) + (author.empty() ? "" : " (" + author + ")");
    };
    table.add({{record.conflict.id, Paint::yellow},
               {printable(subject_of(record)), Paint::bold},
               {printable(record.conflict.at.empty() ? "the whole file" : record.conflict.at)},
               {printable(side(Side::ours) + " or " + side(Side::theirs))}});
  }
  table.print(terminal);
  terminal.say("\naecos conflicts ID tells more; aecos resolve ID settles one.");
}

std::string kind_in_words(merge::ConflictKind kind) {
  using merge::ConflictKind;
  switch (kind) {
    case ConflictKind::both_changed:
      return "Both changed it, differently.";
    case ConflictKind::deleted_changed:
      return "One deleted what the other changed.";
    case ConflictKind::deleted_referenced:
      return "One deleted what the other's work needs.";
    case ConflictKind::both_added:
      return "Both added it, differently.";
    case ConflictKind::cardinality:
      return "Both set what there can be only one of.";
    case ConflictKind::list_order:
      return "Both changed the order, differently.";
    case ConflictKind::unreadable:
      return "A version cannot be read as its file type, so that the whole file was kept.";
    case ConflictKind::binary:
      return "Both changed a file that cannot be merged.";
    case ConflictKind::path:
      return "Both put something different at this path.";
  }
  return "";
}

Result<> tell(Terminal& terminal, sync::Workspace& workspace, const OpenConflict& conflict) {
  const revision::Record& record = conflict.record;
  const diff::ElementRef& element = record.conflict.element;
  terminal.say(terminal.paint(Paint::bold, printable(subject_of(record))) + "  " +
               printable(record.conflict.at.empty() ? "the whole file" : record.conflict.at));
  if (!element.global_id.empty()) terminal.say(printable(element.ifc_class + " " + element.global_id));
  terminal.say(printable(record.path) + (conflict.local ? ", unmerged by git" : ", since " + printable(record.opened)));
  terminal.say(kind_in_words(record.conflict.kind) + "\n");
  Table table;
  for (Side side : {Side::base, Side::ours, Side::theirs}) {
    const revision::RecordSide& known = revision::side_of(record, side);
    AECOS_TRY_ASSIGN(merge::Value value, sync::value_text(workspace, conflict, side));
    bool stands = side == record.conflict.chosen;
    std::string who =
        known.author + (known.commit.empty() ? "" : (known.author.empty() ? "" : " ") + known.commit.substr(0, 8));
    table.add({{std::string(merge::to_string(side))},
               {printable(revision::show(value, 120)), stands ? Paint::green : Paint::plain},
               {printable(who), Paint::dim},
               {stands ? "stands (" + printable(record.conflict.because) + ")" : ""}});
  }
  table.print(terminal, 2);
  const std::string& id = record.conflict.id;
  const bool is_model = os::extension_of(record.path) == ".ifc";  // A new value is put in there by who can draw it.
  terminal.say("\nSettle it with one of");
  for (const char* const how : {" --ours", " --theirs", " --base"}) terminal.say("  aecos resolve " + id + how);
  if (!is_model) terminal.say("  aecos resolve " + id + " --value VALUE");
  terminal.say("  aecos resolve " + id + " --as-is   (the file is right as it is now)");
  return {};
}

Result<int> run(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  AECOS_TRY_ASSIGN(sync::Workspace::Head head, workspace.head());
  std::vector<OpenConflict> conflicts;
  if (arguments.id.empty()) {
    AECOS_TRY_ASSIGN(conflicts, sync::open_conflicts(workspace, head.commit));
  } else {
    AECOS_TRY_ASSIGN(OpenConflict conflict, sync::find_conflict(workspace, head.commit, arguments.id));
    conflicts.push_back(std::move(conflict));
  }
  AECOS_TRY(write_bcf(context, arguments.bcf, workspace, head.commit, conflicts));
  if (arguments.json) {
    text::JsonWriter json(2);
    json.begin_array();
    for (const OpenConflict& conflict : conflicts) write(json, conflict);
    json.end_array();
    context.terminal.raw(std::move(json).take());
  } else if (arguments.id.empty()) {
    list(context.terminal, conflicts);
  } else {
    AECOS_TRY(tell(context.terminal, workspace, conflicts[0]));
  }
  return conflicts.empty() ? exit_ok : exit_findings;
}

}  // namespace

void add_conflicts(Command& app, Context& context) {
  auto arguments = std::make_shared<Arguments>();
  Command* command = app.add_subcommand("conflicts", "The conflicts that wait for somebody to settle them");
  command->add_option("ID", arguments->id, "Tell all about this one; its first characters will do");
  command->add_flag("--json", arguments->json, "Answer in JSON");
  add_bcf_options(*command, arguments->bcf);
  command->footer("Exit status: 0 none, 1 there are some.");
  on_run(*command, context, [&context, arguments] { return run(context, *arguments); });
}

}  // namespace aecos::cli
