#include <memory>

#include "cli/command.h"
#include "cli/demo_report.h"
#include "os/path.h"
#include "revision/words.h"

namespace aecos::cli {
namespace {

struct Arguments {
  std::string keep;
  int rounds = 4;
};

Result<DemoRecords> records_now(DemoTeam& team) {
  DemoRecords now;
  AECOS_TRY_ASSIGN(const sync::Workspace at, team.workspace(0));
  AECOS_TRY_ASSIGN(const sync::Workspace::Head head, at.head());
  AECOS_TRY_ASSIGN(DemoView view, team.look(0));
  now.commit = head.commit;
  now.records = std::move(view.records);
  return now;
}

std::string first_of(const std::string& text, std::size_t lines) {
  std::size_t end = 0;
  for (std::size_t line = 0; line < lines && end < text.size(); ++line)
    end = std::min(text.find('\n', end), text.size() - 1) + 1;
  return text.substr(0, end);
}

// The person whose value does not stand settles the first conflict in favour of it, and everybody gets that.
Result<> settle_one(Context& context, DemoTeam& team, const DemoRecords& conflicts) {
  constexpr std::size_t ben = 1, cem = 2;
  Terminal& terminal = context.terminal;
  terminal.say("");
  terminal.say(terminal.paint(Paint::bold, "Where two values cannot both stand"));
  AECOS_TRY_ASSIGN(const os::Finished listed, team.aecos(ben, {"conflicts"}));
  show_command(terminal, ben, "aecos conflicts", first_of(listed.output, 6));
  if (conflicts.records.empty()) return Error{ErrorCode::unavailable, "the conflict of round 3 was not recorded"};
  const merge::Conflict& first = conflicts.records.front().conflict;
  const std::string other = first.chosen == merge::Side::ours ? "--theirs" : "--ours";
  AECOS_TRY_ASSIGN(const os::Finished settled, team.aecos(cem, {"resolve", first.id, other}));
  show_command(terminal, cem, "aecos resolve " + first.id + " " + other, settled.output);
  const std::int64_t since_us = context.clock.monotonic_us();
  AECOS_TRY(team.settle());
  const auto& value = other == "--theirs" ? first.theirs : first.ours;
  terminal.say("  After " + std::to_string((context.clock.monotonic_us() - since_us) / 1000) + " ms all five have " +
               printable(revision::title(first.element) + " " + first.at + " " + revision::show(value)));
  return {};
}

Result<int> play(Context& context, DemoTeam& team, const Arguments& arguments) {
  context.terminal.progress("making a repository and five work trees");
  show_people(context.terminal, arguments.keep);
  AECOS_TRY(team.set_up());
  std::vector<DemoEdit> edits = demo_script(arguments.rounds);
  AECOS_TRY(team.play(edits));
  show_time_line(context.terminal, edits, team);
  AECOS_TRY(show_wall(context.terminal, team));
  AECOS_TRY_ASSIGN(const DemoRecords conflicts, records_now(team));
  AECOS_TRY(settle_one(context, team, conflicts));
  AECOS_TRY_ASSIGN(const DemoProof proof, prove(team, edits, conflicts));
  show_proof(context.terminal, proof, conflicts.records.size());
  context.terminal.say("");
  context.terminal.say(proof.holds()
                           ? context.terminal.paint(Paint::green, "Nothing was lost.")
                           : context.terminal.paint(Paint::red, "Something was lost: this is a fault of aecos."));
  return proof.holds() ? exit_ok : exit_findings;
}

Result<int> run(Context& context, const Arguments& arguments) {
  const bool keep = !arguments.keep.empty();
  if (keep && os::exists(context.files, context.path(arguments.keep)))
    return Error{ErrorCode::invalid_input, arguments.keep + " is there already; name a new folder"};
  const std::string name = "aecos-demo-" + os::random_hex(context.random, 6);
  const std::string root =
      keep ? context.path(arguments.keep) : os::join(context.environment.temporary_directory(), name);
  DemoTeam team(context, root);
  const auto status = play(context, team, arguments);
  if (keep) return status;
  if (!status || *status != exit_ok) {
    context.terminal.warn("what there is was left in " + root);
    return status;
  }
  AECOS_TRY(os::remove_all(context.files, root));
  return status;
}

}  // namespace

void add_demo(Command& app, Context& context) {
  auto arguments = std::make_shared<Arguments>();
  Command* command = app.add_subcommand("demo", "Show five people at work on one house at the same time");
  command->add_option("--rounds", arguments->rounds, "How often all edit at once (default: 4)")->between(4, 1000);
  command->add_option("--keep", arguments->keep, "Keep the repository and the work trees in this new folder")
      ->type_name("FOLDER");
  command->footer(
      "Works in a temporary folder and needs no network. Exit status 0: nothing was lost, 1: something was.");
  on_run(*command, context, [&context, arguments] { return run(context, *arguments); });
}

}  // namespace aecos::cli
