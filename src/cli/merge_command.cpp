#include <algorithm>
#include <array>
#include <memory>

#include "cli/command.h"
#include "merge/merge.h"
#include "os/path.h"
#include "revision/to_json.h"
#include "revision/words.h"

namespace aecos::cli {
namespace {

struct Arguments {
  std::string base, ours, theirs, output, conflicts, path;
  merge::Policy policy = merge::Policy::integrated;
  bool json = false;
};

constexpr std::array policies{merge::Policy::integrated, merge::Policy::ours, merge::Policy::theirs,
                              merge::Policy::latest, merge::Policy::base};

Result<merge::Policy> policy_named(const std::string& word) {
  auto found = std::find_if(policies.begin(), policies.end(), [&](auto policy) { return to_string(policy) == word; });
  if (found == policies.end()) return Error{ErrorCode::invalid_input, "no policy is called " + word};
  return *found;
}

// The file type must not depend on how a caller names temporary files.
std::string merged_path(const Arguments& arguments) {
  if (!arguments.path.empty()) return arguments.path;
  bool same_type = os::extension_of(arguments.output) == os::extension_of(arguments.ours);
  return std::string(os::name_of(same_type ? arguments.output : arguments.ours));
}

struct Count {
  std::size_t ours = 0, theirs = 0, both = 0;
};

Count count(const merge::Outcome& outcome) {
  Count count;
  for (const merge::Taken& taken : outcome.taken) {
    ++(taken.both ? count.both : taken.side == merge::Side::ours ? count.ours : count.theirs);
  }
  return count;
}

std::string numbered(std::size_t count, std::string_view word) {
  return std::to_string(count) + " " + std::string(word) + (count == 1 ? "" : "s");
}

std::string summary(const std::string& path, const merge::Outcome& outcome) {
  Count taken = count(outcome);
  std::string line =
      path + ": " + numbered(taken.ours, "change") + " from ours, " + std::to_string(taken.theirs) + " from theirs";
  if (taken.both) line += ", " + std::to_string(taken.both) + " made by both";
  if (outcome.conflicts.empty()) return line + "; no conflicts";
  line += "; " + numbered(outcome.conflicts.size(), "conflict") + ":";
  constexpr std::size_t shown_max = 3;
  for (std::size_t i = 0; i < outcome.conflicts.size() && i < shown_max; ++i) {
    const merge::Conflict& conflict = outcome.conflicts[i];
    std::string who = revision::title(conflict.element);
    line += (i ? ", " : " ") + (who.empty() ? "" : who + " ") + (conflict.at.empty() ? "whole" : conflict.at);
  }
  if (outcome.conflicts.size() > shown_max) line += " …";
  return line;
}

void write_conflicts(text::JsonWriter& json, const merge::Outcome& outcome, const std::string& path) {
  json.begin_array();
  for (const merge::Conflict& conflict : outcome.conflicts) revision::write(json, conflict, path);
  json.end_array();
}

std::string as_json(const merge::Outcome& outcome, const Arguments& arguments, const std::string& path) {
  Count taken = count(outcome);
  text::JsonWriter json(2);
  json.begin_object().member("path", path).member("output", arguments.output);
  json.member("policy", merge::to_string(arguments.policy));
  json.key("counts").begin_object().member("ours", taken.ours).member("theirs", taken.theirs);
  json.member("both", taken.both).member("conflicts", outcome.conflicts.size()).end_object();
  json.key("conflicts");
  write_conflicts(json, outcome, path);
  json.key("taken").begin_array();
  for (const merge::Taken& edit : outcome.taken) revision::write(json, edit);
  json.end_array().end_object();
  return std::move(json).take();
}

// "ours:12:3: …" -> "house.ifc:12:3: …": the side's name becomes the file's.
Error name_file(const Error& error, const Arguments& arguments) {
  for (auto [side, file] :
       {std::pair{"base", &arguments.base}, {"ours", &arguments.ours}, {"theirs", &arguments.theirs}}) {
    std::string_view message = error.message;
    if (!message.starts_with(side)) continue;
    message.remove_prefix(std::string_view(side).size());
    if (message.starts_with(':')) return {error.code, *file + std::string(message) + "; nothing was written"};
  }
  return {error.code, error.message + "; nothing was written"};
}

Result<int> run(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(os::MappedFile base, open_input(context, arguments.base));
  AECOS_TRY_ASSIGN(os::MappedFile ours, open_input(context, arguments.ours));
  AECOS_TRY_ASSIGN(os::MappedFile theirs, open_input(context, arguments.theirs));
  merge::Options options;
  options.path = merged_path(arguments);
  options.policy = arguments.policy;
  context.terminal.progress("merging " + options.path);
  auto outcome = merge::merge_file(base.bytes(), ours.bytes(), theirs.bytes(), options);
  if (!outcome) return name_file(outcome.error(), arguments);
  AECOS_TRY(context.files.write(context.path(arguments.output), outcome->merged));
  if (!arguments.conflicts.empty()) {
    text::JsonWriter json(2);
    write_conflicts(json, *outcome, options.path);
    AECOS_TRY(context.files.write(context.path(arguments.conflicts), std::move(json).take()));
  }
  if (arguments.json) {
    context.terminal.raw(as_json(*outcome, arguments, options.path));
  } else {
    context.terminal.say(printable(summary(arguments.output, *outcome)));
  }
  return outcome->conflicts.empty() ? exit_ok : exit_findings;
}

}  // namespace

void add_merge(Command& app, Context& context) {
  auto arguments = std::make_shared<Arguments>();
  Command* command = app.add_subcommand("merge", "Merge three versions of a file into one that keeps both sides' work");
  command->add_option("BASE", arguments->base, "The version both started from")->required();
  command->add_option("OURS", arguments->ours, "One edited version")->required();
  command->add_option("THEIRS", arguments->theirs, "The other edited version")->required();
  command->add_option("-o,--output", arguments->output, "Where the merged file goes; may be one of the inputs")
      ->required()
      ->type_name("FILE");
  command->add_option("--conflicts", arguments->conflicts, "Write the conflicts there, as JSON")->type_name("FILE");
  command->add_option("--path", arguments->path, "What the file is called in the project; decides its type")
      ->type_name("NAME");
  command
      ->add_word(
          "--policy",
          [arguments](const std::string& word) -> Result<> {
            AECOS_TRY_ASSIGN(arguments->policy, policy_named(word));
            return {};
          },
          "Whose value goes into the file where both changed it (default: integrated)")
      ->type_name("integrated|ours|theirs|latest|base");
  command->add_flag("--json", arguments->json, "Tell everything as JSON, also what was resolved by itself");
  command->footer(
      "Exit status: 0 merged, 1 merged with conflicts (each chosen by the policy and reported),\n"
      "2 an input cannot be used and nothing was written.");
  on_run(*command, context, [&context, arguments] { return run(context, *arguments); });
}

}  // namespace aecos::cli
