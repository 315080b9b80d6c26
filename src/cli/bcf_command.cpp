#include <memory>

#include "base/count.h"
#include "bcf/bcf.h"
#include "cli/command.h"
#include "cli/project.h"
#include "sync/settle_topics.h"
#include "text/json_writer.h"

namespace aecos::cli {
namespace {

using What = sync::TopicOutcome::What;

struct Arguments {
  std::string file;
  bool json = false, trial = false;
};

Result<bcf::Archive> read_archive(Context& context, const std::string& file) {
  AECOS_TRY_ASSIGN(const os::MappedFile mapped, open_input(context, file));
  auto archive = bcf::read(mapped.bytes());
  if (!archive) return Error{archive.error().code, at_file(file, archive.error().message)};
  return archive;
}

void member_if_any(text::JsonWriter& json, std::string_view name, const std::string& content) {
  if (!content.empty()) json.member(name, content);
}

void member_if_any(text::JsonWriter& json, std::string_view name, const std::optional<bcf::TimeUs>& date) {
  if (date) json.member(name, bcf::date_text(*date));
}

void write(text::JsonWriter& json, std::string_view name, const std::vector<std::string>& words) {
  json.key(name).begin_array();
  for (const std::string& word : words) json.value(word);
  json.end_array();
}

void write(text::JsonWriter& json, const bcf::Viewpoint& viewpoint) {
  json.begin_object().member("guid", viewpoint.guid).key("selection").begin_array();
  for (const bcf::Component& component : viewpoint.selection) json.value(component.ifc_guid);
  json.end_array().member("defaultVisibility", viewpoint.default_visibility).key("exceptions").begin_array();
  for (const bcf::Component& component : viewpoint.exceptions) json.value(component.ifc_guid);
  json.end_array();
  if (viewpoint.camera) {
    const bcf::Camera& camera = *viewpoint.camera;
    json.key("camera").begin_object().member("kind", camera.perspective ? "perspective" : "orthogonal");
    const auto vector = [&](std::string_view name, const bcf::Vector& at) {
      json.key(name).begin_array().value(at[0]).value(at[1]).value(at[2]).end_array();
    };
    vector("position", camera.position);
    vector("direction", camera.direction);
    vector("up", camera.up);
    json.end_object();
  }
  member_if_any(json, "snapshot", viewpoint.snapshot);
  json.end_object();
}

void write(text::JsonWriter& json, const bcf::Topic& topic) {
  json.begin_object().member("guid", topic.guid).member("title", topic.title);
  member_if_any(json, "serverAssignedId", topic.server_assigned_id);
  json.member("type", topic.type).member("status", topic.status);
  member_if_any(json, "priority", topic.priority);
  write(json, "labels", topic.labels);
  write(json, "referenceLinks", topic.reference_links);
  member_if_any(json, "created", topic.creation_date);
  member_if_any(json, "author", topic.creation_author);
  member_if_any(json, "modified", topic.modified_date);
  member_if_any(json, "modifiedAuthor", topic.modified_author);
  member_if_any(json, "due", topic.due_date);
  member_if_any(json, "assignedTo", topic.assigned_to);
  member_if_any(json, "stage", topic.stage);
  member_if_any(json, "description", topic.description);
  json.key("files").begin_array();
  for (const bcf::File& file : topic.files) {
    json.begin_object().member("name", file.filename);
    member_if_any(json, "ifcProject", file.ifc_project);
    member_if_any(json, "reference", file.reference);
    json.end_object();
  }
  json.end_array().key("comments").begin_array();
  for (const bcf::Comment& comment : topic.comments) {
    json.begin_object().member("author", comment.author).member("text", comment.text);
    member_if_any(json, "date", comment.date);
    json.end_object();
  }
  json.end_array().key("viewpoints").begin_array();
  for (const bcf::Viewpoint& viewpoint : topic.viewpoints) write(json, viewpoint);
  json.end_array().end_object();
}

void show_json(Terminal& terminal, const bcf::Archive& archive) {
  text::JsonWriter json(2);
  json.begin_object().member("version", bcf::to_string(archive.version));
  member_if_any(json, "projectId", archive.project_id);
  member_if_any(json, "project", archive.project_name);
  json.key("topics").begin_array();
  for (const bcf::Topic& topic : archive.topics) write(json, topic);
  json.end_array();
  write(json, "faults", archive.faults);
  json.end_object();
  terminal.raw(std::move(json).take());
}

void show_table(Terminal& terminal, const bcf::Archive& archive) {
  Table table;
  for (const bcf::Topic& topic : archive.topics) {
    std::size_t selected = 0;
    for (const bcf::Viewpoint& viewpoint : topic.viewpoints) selected += viewpoint.selection.size();
    table.add({{topic.guid.substr(0, 8), Paint::yellow},
               {printable(topic.status)},
               {printable(topic.type)},
               {printable(topic.title), Paint::bold},
               {counted(selected, "element") + ", " + counted(topic.comments.size(), "comment"), Paint::dim}});
  }
  table.print(terminal);
  terminal.say("BCF " + std::string(bcf::to_string(archive.version)) + ", " + counted(archive.topics.size(), "topic") +
               (archive.project_name.empty() ? "" : ", " + printable(archive.project_name)));
}

void warn_of_faults(Terminal& terminal, const bcf::Archive& archive) {
  for (const std::string& fault : archive.faults) terminal.warn("left out: " + printable(fault));
}

Result<int> show(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(const bcf::Archive archive, read_archive(context, arguments.file));
  arguments.json ? show_json(context.terminal, archive) : show_table(context.terminal, archive);
  if (!arguments.json) warn_of_faults(context.terminal, archive);
  return archive.faults.empty() ? exit_ok : exit_findings;
}

void say_outcome(Terminal& terminal, const sync::TopicOutcome& topic, bool trial) {
  const bool settled = topic.what == What::settled;
  const std::string word = settled && trial ? "would settle" : std::string(to_string(topic.what));
  std::string line = terminal.paint(settled                         ? Paint::green
                                    : topic.what == What::undecided ? Paint::red
                                                                    : Paint::dim,
                                    word) +
                     "  " + (topic.conflict.empty() ? topic.guid.substr(0, 8) : printable(topic.conflict)) + "  " +
                     printable(topic.title);
  if (settled)
    line += ": " + printable(topic.decision) + (topic.author.empty() ? "" : " (" + printable(topic.author) + ")");
  if (!topic.note.empty()) line += ": " + printable(topic.note);
  terminal.say(line);
}

void say(Terminal& terminal, const sync::TopicsReport& report, bool trial) {
  for (const sync::CommitMade& commit : report.commits)
    terminal.say(terminal.paint(Paint::green, "saved") + "  " + printable(commit.subject));
  for (const sync::TopicOutcome& topic : report.topics) say_outcome(terminal, topic, trial);
  for (const sync::Waiting& file : report.waiting) terminal.warn(file.path + ": " + file.reason);
  const std::size_t settled = report.count(What::settled);
  terminal.say(counted(report.topics.size(), "topic") + ", " + std::to_string(settled) +
               (trial ? " would be settled" : " settled") + (settled > 0 && !trial ? "; aecos sync shares it" : ""));
}

void say_json(Terminal& terminal, const sync::TopicsReport& report, const bcf::Archive& archive, bool trial) {
  text::JsonWriter json(2);
  json.begin_object().member("dryRun", trial).member("settled", report.count(What::settled));
  json.key("topics").begin_array();
  for (const sync::TopicOutcome& topic : report.topics) {
    json.begin_object().member("guid", topic.guid).member("title", topic.title).member("what", to_string(topic.what));
    member_if_any(json, "conflict", topic.conflict);
    member_if_any(json, "decision", topic.decision);
    member_if_any(json, "author", topic.author);
    member_if_any(json, "note", topic.note);
    if (topic.commit) json.member("commit", topic.commit.hex());
    json.end_object();
  }
  json.end_array();
  write(json, "faults", archive.faults);
  json.end_object();
  terminal.raw(std::move(json).take());
}

Result<int> import(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(const bcf::Archive archive, read_archive(context, arguments.file));
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  AECOS_TRY_ASSIGN(const sync::TopicsReport report, sync::settle_topics(workspace, archive, arguments.trial));
  if (!workspace.left_over.empty()) context.terminal.warn(workspace.left_over);
  if (arguments.json) {
    say_json(context.terminal, report, archive, arguments.trial);
  } else {
    say(context.terminal, report, arguments.trial);
    warn_of_faults(context.terminal, archive);
  }
  return report.count(What::undecided) + archive.faults.size() == 0 ? exit_ok : exit_findings;
}

}  // namespace

void add_bcf(Command& app, Context& context) {
  Command* command = app.add_subcommand("bcf", "Topics of the BIM Collaboration Format, made here or elsewhere");
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* what, Result<int> (*run)(Context&, const Arguments&)) {
    auto arguments = std::make_shared<Arguments>();
    Command* sub = command->add_subcommand(name, what);
    sub->add_option("FILE", arguments->file, "A .bcf or .bcfzip archive, version 2.0, 2.1 or 3.0")->required();
    sub->add_flag("--json", arguments->json, "Answer in JSON");
    if (run == import) sub->add_flag("--dry-run", arguments->trial, "Tell what would be done, and do nothing");
    on_run(*sub, context, [&context, arguments, run] { return run(context, *arguments); });
    return sub;
  };
  add("show", "List the topics of an archive", show)->footer("Exit status: 0, or 1 if something could not be read.");
  add("import", "Settle conflicts as it was decided in their topics", import)
      ->footer(
          "A topic settles its conflict when it is closed and a comment says nothing but ours, theirs, base, as-is or\n"
          "value: VALUE. docs/BCF.md tells more. Exit status: 0, or 1 if a closed topic could not be settled.");
  command->footer("aecos conflicts --bcf FILE and aecos validate --bcf FILE write such archives.");
}

}  // namespace aecos::cli
