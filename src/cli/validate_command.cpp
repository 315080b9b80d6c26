#include <map>
#include <memory>

#include "check/validate.h"
#include "cli/bcf_report.h"
#include "cli/command.h"
#include "cli/validate_files.h"

namespace aecos::cli {
namespace {

constexpr std::size_t elements_shown = 8;  // Of one rule or specification, on a terminal.

struct Arguments {
  ValidateSources sources;
  BcfOptions bcf;
  bool json = false, all = false, no_rules = false;
  std::string sarif, html, naming;
  std::size_t most = 1000;
};

std::string where(const check::Finding& finding) {
  return printable(finding.path) + (finding.line > 0 ? ":" + std::to_string(finding.line) : "");
}

// The element; of what is about a file as a whole, the file.
std::string who(const check::Finding& finding) {
  if (finding.ifc_class.empty()) return where(finding);
  return printable(finding.ifc_class + (finding.name.empty() ? "" : " " + finding.name));
}

void say_group(Terminal& terminal, const std::string& title, const std::vector<const check::Finding*>& findings,
               bool all) {
  const check::Finding& first = *findings.front();
  terminal.say(
      terminal.paint(first.severity == check::Severity::error ? Paint::red : Paint::yellow, printable(title)) + "  " +
      terminal.paint(Paint::dim, std::to_string(findings.size()) + (findings.size() == 1 ? " finding" : " findings")));
  Table table;
  for (std::size_t k = 0; k < findings.size() && (all || k < elements_shown); ++k) {
    const check::Finding& finding = *findings[k];
    table.add({{who(finding), Paint::bold},
               {finding.global_id.empty() ? "" : printable(finding.global_id), Paint::dim},
               {finding.ifc_class.empty() ? "" : where(finding), Paint::dim},
               {printable(finding.message +
                          (finding.expired.empty() ? "" : " (the waiver " + finding.expired + " is over)"))}});
  }
  table.print(terminal, 2);
  if (!all && findings.size() > elements_shown)
    terminal.say("  and " + std::to_string(findings.size() - elements_shown) + " more; --all shows them");
  if (!first.mend.empty()) terminal.say("  " + terminal.paint(Paint::green, "to mend it: ") + printable(first.mend));
}

// What somebody lets pass, a line for each waiver.
void say_waived(Terminal& terminal, const check::Report& report) {
  Table table;
  bool any = false;
  for (const check::WaiverUse& use : report.waivers) {
    if (use.expired || use.findings == 0) continue;
    any = true;
    const check::Waiver& waiver = use.waiver;
    table.add({{"waived", Paint::yellow},
               {std::to_string(use.findings)},
               {printable(waiver.specification.empty() ? waiver.rule : waiver.specification), Paint::bold},
               {printable(waiver.element.empty() ? waiver.path : waiver.element), Paint::dim},
               {"until " + printable(waiver.until), Paint::dim},
               {printable(waiver.by + ": " + waiver.reason)}});
  }
  if (any) table.print(terminal, 0);
}

void say(Terminal& terminal, const check::Report& report, bool all) {
  std::vector<std::pair<std::string, std::vector<const check::Finding*>>> groups;
  std::map<std::pair<std::string, std::string>, std::size_t> known;
  for (const check::Finding& finding : report.findings) {
    if (!finding.waiver.empty()) continue;
    const std::string title = finding.group.empty() ? finding.rule : finding.group;
    const auto [at, added] = known.try_emplace({title, finding.group.empty() ? "" : finding.mend}, groups.size());
    if (added) groups.push_back({title, {}});
    groups[at->second].second.push_back(&finding);
  }
  for (const auto& [title, findings] : groups) say_group(terminal, title, findings, all);
  say_waived(terminal, report);
  for (const std::string& note : report.notes) terminal.warn(printable(note));
  std::size_t passed = 0;
  for (const auto& one : report.specifications) passed += one.pass ? 1 : 0;
  std::string summary = std::to_string(report.files) + (report.files == 1 ? " file, " : " files, ");
  if (!report.specifications.empty())
    summary +=
        std::to_string(passed) + " of " + std::to_string(report.specifications.size()) + " specifications passed, ";
  const std::size_t errors = report.errors();
  summary += errors == 0 ? "no faults" : std::to_string(errors) + (errors == 1 ? " fault" : " faults");
  if (const std::size_t waived = report.waived(); waived > 0) summary += ", " + std::to_string(waived) + " waived";
  if (report.untold > 0)
    summary += " (" + std::to_string(report.untold) + " more than --most are counted and not told)";
  terminal.say(terminal.paint(errors == 0 ? Paint::green : Paint::red, summary));
}

Result<int> run(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(ValidateInput input, collect_input(context, arguments.sources));
  if (input.validation.files.empty() && !arguments.sources.changed)
    return Error{ErrorCode::not_found,
                 "there is nothing to validate: no .ifc, no metadata.json, no .aecos; name a file or a folder"};
  check::ValidateOptions& options = input.validation.options;
  options.findings = arguments.most;
  options.rules_of_ifc = !arguments.no_rules;
  options.iso19650_names = arguments.naming == "iso19650";
  AECOS_TRY_ASSIGN(const revision::Validated validated, revision::validate(input.validation));
  const check::Report& report = validated.report;
  if (!arguments.sarif.empty())
    AECOS_TRY(context.files.write(context.path(arguments.sarif), check::report_sarif(report)));
  if (!arguments.html.empty())
    AECOS_TRY(context.files.write(context.path(arguments.html), check::report_html(report, "Validation")));
  AECOS_TRY(write_bcf(context, arguments.bcf, arguments.sources, input, report));
  arguments.json ? context.terminal.raw(check::report_json(report)) : say(context.terminal, report, arguments.all);
  return report.errors() == 0 ? exit_ok : exit_findings;
}

}  // namespace

void add_validate(Command& app, Context& context) {
  auto arguments = std::make_shared<Arguments>();
  Command* command = app.add_subcommand(
      "validate", "Hold models to requirements (IDS), to the rules of IFC, and the project to its own");
  Option* what =
      command->add_option("WHAT", arguments->sources.what, "Files and folders, or one revision (default: the project)");
  command->add_flag("--changed", arguments->sources.changed, "Only files and elements that differ from the last commit")
      ->excludes(what);
  command->add_option("--ids", arguments->sources.ids, "Requirements beside those in .aecos/ids; may be given often")
      ->type_name("FILE");
  command->add_flag("--json", arguments->json, "Answer in JSON");
  command->add_option("--sarif", arguments->sarif, "Also write a report for forges (SARIF 2.1.0)")->type_name("FILE");
  command->add_option("--html", arguments->html, "Also write a page to read or print")->type_name("FILE");
  add_bcf_options(*command, arguments->bcf);
  command->add_flag("--all", arguments->all, "Show every element, not the first ones of each group");
  command
      ->add_option("--most", arguments->most, "So many findings of one specification or file are told; all are counted")
      ->type_name("N");
  command->add_flag("--ids-only", arguments->no_rules, "Leave the rules of IFC out");
  command->add_option("--naming", arguments->naming, "Hold names of model files to a convention")->one_of({"iso19650"});
  command->footer("docs/VALIDATION.md says what is checked. Exit status 0: no faults, 1: there are some.");
  on_run(*command, context, [&context, arguments] { return run(context, *arguments); });
}

}  // namespace aecos::cli
