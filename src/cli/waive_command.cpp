// aecos waive, aecos waivers: findings that somebody lets pass, with a reason and until a day.

#include <algorithm>
#include <memory>
#include <set>

#include "check/compare.h"
#include "check/validate.h"
#include "check/waivers.h"
#include "cli/command.h"
#include "cli/find_element.h"
#include "cli/hub_link.h"
#include "cli/project.h"
#include "cli/validate_files.h"
#include "text/json_writer.h"

namespace aecos::cli {
namespace {

constexpr std::size_t shown_max = 5;

struct Arguments {
  std::string what, rule, specification, reason, until, remove;
  bool force = false, json = false;
};

// The project as it is here, validated.
Result<check::Report> validated(ValidateInput& input) {
  AECOS_TRY_ASSIGN(revision::Validated done, revision::validate(input.validation));
  return std::move(done.report);
}

// Empty: there is none.
Result<std::string> waivers_file(Context& context, const sync::Workspace& workspace) {
  const std::string path = workspace.full(std::string(check::waivers_path));
  if (!os::exists(context.files, path)) return std::string();
  AECOS_TRY_ASSIGN(std::string file, context.files.read(path));
  if (const auto parsed = check::parse_waivers(file); !file.empty() && !parsed)
    return Error{parsed.error().code, at_file(check::waivers_path, parsed.error().message)};
  return file;
}

Result<std::string> author(sync::Workspace& workspace) {
  AECOS_TRY_ASSIGN(const auto member, workspace.repository.config("aecos.member"));
  if (member && !member->empty()) return *member;
  AECOS_TRY_ASSIGN(const git::Signature me, workspace.signature());
  return me.name;
}

bool is_meant(const check::Waiver& waiver, const check::Finding& finding) {
  return finding.severity == check::Severity::error && finding.waiver.empty() && check::covers(waiver, finding);
}

// Of copies of one fault the first.
std::vector<const check::Finding*> findings_of(const check::Report& report, const check::Waiver& waiver) {
  std::vector<const check::Finding*> meant;
  std::set<check::CopyKey> copies;
  for (const check::Finding& finding : report.findings) {
    if (!is_meant(waiver, finding)) continue;
    if (!check::may_have_copies(finding) || copies.insert(check::copy_key(finding)).second) meant.push_back(&finding);
  }
  return meant;
}

// Findings know elements of files that lie outside the project's folders, too.
Result<> set_object(Context& context, const sync::Workspace& workspace, const check::Report& report,
                    const std::string& what, check::Waiver& waiver) {
  std::set<std::string> named;
  for (const check::Finding& finding : report.findings)
    if (!finding.global_id.empty() && finding.name == what) named.insert(finding.global_id);
  if (named.size() > 1)
    return Error{ErrorCode::invalid_input,
                 std::to_string(named.size()) + " elements are called " + what + "; name one by its GlobalId"};
  if (named.size() == 1) {
    waiver.element = *named.begin();
    return {};
  }
  AECOS_TRY_ASSIGN(ElementOrPath object, find_element_or_path(context, workspace, what));
  waiver.element = std::move(object.global_id);
  waiver.path = std::move(object.path);
  return {};
}

// What is not said is taken from the findings, if they leave no choice.
Result<> set_subject(const check::Report& report, check::Waiver& waiver) {
  if (!waiver.rule.empty() || !waiver.specification.empty()) return {};
  std::set<std::pair<std::string, std::string>> kinds;  // Specification; rule, where there is none.
  for (const check::Finding* const finding : findings_of(report, waiver))
    kinds.insert({finding->group, finding->group.empty() ? finding->rule : ""});
  if (kinds.size() == 1) {
    waiver.specification = kinds.begin()->first;
    waiver.rule = kinds.begin()->second;
    return {};
  }
  if (kinds.empty())
    return Error{ErrorCode::not_found,
                 "aecos validate finds nothing wrong there that is not waived; name --rule or "
                 "--specification and --force for what is to come"};
  std::string names;
  for (const auto& [group, rule] : kinds) names += (names.empty() ? "" : ", ") + (group.empty() ? rule : group);
  return Error{ErrorCode::invalid_input,
               "there is more than one thing wrong: " + names + "; name one with --specification or --rule"};
}

void say_added(Context& context, const check::Waiver& waiver, const std::vector<const check::Finding*>& findings) {
  context.terminal.say(context.terminal.paint(Paint::green, waiver.id) + " lets " + std::to_string(findings.size()) +
                       (findings.size() == 1 ? " finding" : " findings") + " pass until " + waiver.until +
                       (findings.empty() ? "; there is none yet." : ":"));
  for (std::size_t k = 0; k < std::min(findings.size(), shown_max); ++k)
    context.terminal.say("  " + printable(check::in_one_line(*findings[k])));
  if (findings.size() > shown_max)
    context.terminal.say("  and " + std::to_string(findings.size() - shown_max) + " more");
}

void write(text::JsonWriter& json, const check::Waiver& waiver) {
  json.member("id", waiver.id).member("rule", waiver.rule).member("specification", waiver.specification);
  json.member("element", waiver.element).member("path", waiver.path).member("reason", waiver.reason);
  json.member("until", waiver.until).member("by", waiver.by).member("at", waiver.at);
}

Result<int> waive(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(ValidateInput input, collect_input(context, {}));
  if (!input.workspace) return open_workspace(context).error();
  input.validation.each_copy = true;  // A waiver of a path is about the copy that lies there.
  AECOS_TRY_ASSIGN(const check::Report report, validated(input));
  check::Waiver waiver;
  waiver.rule = arguments.rule;
  waiver.specification = arguments.specification;
  waiver.reason = arguments.reason;
  waiver.until = arguments.until;
  waiver.at = input.validation.today;
  AECOS_TRY_ASSIGN(waiver.by, author(*input.workspace));
  AECOS_TRY(set_object(context, *input.workspace, report, arguments.what, waiver));
  AECOS_TRY(set_subject(report, waiver));
  waiver.id = check::waiver_id(waiver);
  if (const std::string why = check::waiver_fault(waiver); !why.empty()) return Error{ErrorCode::invalid_input, why};
  const auto findings = findings_of(report, waiver);
  if (findings.empty() && !arguments.force)
    return Error{ErrorCode::not_found,
                 "aecos validate finds nothing that this would let pass; --force for what is to come"};
  AECOS_TRY_ASSIGN(std::string json, waivers_file(context, *input.workspace));
  // One that is over, or ends too early, is replaced.
  const auto without = json.empty() ? Result<std::string>(json) : check::remove_waiver(json, waiver.id);
  if (without) json = *without;
  AECOS_TRY_ASSIGN(const std::string written, check::add_waiver(json, waiver));
  AECOS_TRY(context.files.write(input.workspace->full(std::string(check::waivers_path)), written));
  if (!arguments.json) return say_added(context, waiver, findings), exit_ok;
  text::JsonWriter answer(2);
  write(answer.begin_object(), waiver);
  context.terminal.raw(std::move(answer.member("findings", findings.size()).end_object()).take());
  return exit_ok;
}

std::string state_of(const check::WaiverUse& use) {
  return use.expired ? "over" : use.early ? "not yet" : use.findings == 0 ? "unused" : "active";
}

void say_all(Terminal& terminal, const std::vector<check::WaiverUse>& waivers) {
  Table table;
  for (const check::WaiverUse& use : waivers) {
    const check::Waiver& waiver = use.waiver;
    const std::string state = state_of(use);
    table.add({{printable(waiver.id), Paint::bold},
               {state, state == "active" ? Paint::green : Paint::yellow},
               {std::to_string(use.findings) + (use.findings == 1 ? " finding" : " findings")},
               {printable(waiver.specification.empty() ? waiver.rule : waiver.specification)},
               {printable(waiver.element.empty() ? waiver.path : waiver.element), Paint::dim},
               {"until " + printable(waiver.until)},
               {printable(waiver.by + ": " + waiver.reason)}});
  }
  if (!waivers.empty()) return table.print(terminal, 0);
  terminal.say("Nothing is waived.");
}

Result<int> remove(Context& context, const std::string& id, bool as_json) {
  AECOS_TRY_ASSIGN(const sync::Workspace workspace, open_workspace(context));
  AECOS_TRY_ASSIGN(const std::string json, waivers_file(context, workspace));
  AECOS_TRY_ASSIGN(const std::string written, check::remove_waiver(json, id));
  AECOS_TRY(context.files.write(workspace.full(std::string(check::waivers_path)), written));
  if (as_json) {
    text::JsonWriter answer(2);
    answer.begin_object().member("removed", id).end_object();
    return context.terminal.raw(std::move(answer).take()), exit_ok;
  }
  context.terminal.say(printable(id) + " is taken back.");
  return exit_ok;
}

Result<int> list(Context& context, const Arguments& arguments) {
  if (!arguments.remove.empty()) return remove(context, arguments.remove, arguments.json);
  AECOS_TRY_ASSIGN(ValidateInput input, collect_input(context, {}));
  if (!input.workspace) return open_workspace(context).error();
  AECOS_TRY(waivers_file(context, *input.workspace));
  AECOS_TRY_ASSIGN(const check::Report report, validated(input));
  if (!arguments.json) return say_all(context.terminal, report.waivers), exit_ok;
  text::JsonWriter json(2);
  json.begin_object().key("waivers").begin_array();
  for (const check::WaiverUse& use : report.waivers) {
    write(json.begin_object(), use.waiver);
    json.member("state", state_of(use)).member("findings", use.findings).end_object();
  }
  json.end_array().end_object();
  context.terminal.raw(std::move(json).take());
  return exit_ok;
}

}  // namespace

void add_waive(Command& app, Context& context) {
  auto arguments = std::make_shared<Arguments>();
  Command* command = app.add_subcommand("waive", "Let a finding of aecos validate pass, with a reason and until a day");
  command->add_option("WHAT", arguments->what, "An element (GlobalId or name), or a path (elements/wall-*/**)")
      ->required();
  command->add_option("--specification", arguments->specification, "What was asked for: the specification's name")
      ->type_name("NAME");
  command->add_option("--rule", arguments->rule, "The rule, as aecos validate --json has it")->type_name("ID");
  command->add_option("--reason", arguments->reason, "Why it may pass; everybody sees it")->required();
  command->add_option("--until", arguments->until, "The last day, at most a year from now: 2027-03-01")
      ->required()
      ->type_name("DATE");
  command->add_flag("--force", arguments->force, "Also if nothing is found that it would let pass");
  command->add_flag("--json", arguments->json, "Answer in JSON");
  command->footer(
      "It goes into .aecos/waivers.json, and to the team with the next sync. docs/VALIDATION.md says more.");
  on_run(*command, context, [&context, arguments] { return waive(context, *arguments); });
}

void add_waivers(Command& app, Context& context) {
  auto arguments = std::make_shared<Arguments>();
  Command* command = app.add_subcommand("waivers", "List what is let pass, until when, and whether it is still needed");
  command->add_option("--remove", arguments->remove, "Take one back")->type_name("ID");
  command->add_flag("--json", arguments->json, "Answer in JSON");
  on_run(*command, context, [&context, arguments] { return list(context, *arguments); });
}

}  // namespace aecos::cli
