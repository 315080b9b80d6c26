#include <algorithm>
#include <istream>
#include <memory>

#include "cli/command.h"
#include "cli/generate_files.h"
#include "cli/project.h"
#include "cli/watch.h"
#include "generate/read.h"
#include "text/json_writer.h"

namespace aecos::cli {
namespace {

struct Arguments {
  std::vector<std::string> words;
  std::string from, seed;
  bool dry_run = false, json = false, partial = false, endpoint = false, sync = false;

  std::string text() const {
    std::string all;
    for (const std::string& word : words) all += (all.empty() ? "" : " ") + word;
    return all;
  }
};

using generate::Basis, generate::Element, generate::Problem, generate::ProblemKind, generate::Reading;

std::string mark(const generate::FieldRule& rule, const generate::Field& field) {
  const std::string name(rule.words.empty() ? rule.name : rule.words);
  const bool length = rule.type == generate::FieldType::length;
  return name + " " + generate::value_text(rule, field) + (length ? " m" : "");
}

// What was understood of one element, and what is assumed.
void say_element(Terminal& terminal, const Element& element) {
  std::string said;
  std::vector<std::string> notes;
  for (const generate::FieldRule& rule : generate::field_rules()) {
    const generate::Field* field = element.find(rule.name);
    if (!field) continue;
    if (field->basis != Basis::assumed) said += (said.empty() ? "" : ", ") + mark(rule, *field);
    if (field->basis == Basis::said) continue;
    notes.push_back((field->basis == Basis::assumed ? "assumed: " : "read as: ") + mark(rule, *field) +
                    (field->because.empty() ? "" : " (" + field->because + ")"));
  }
  std::string layers;
  for (const generate::Layer& layer : element.layers)
    layers +=
        (layers.empty() ? "; layers " : " + ") + layer.material + " " + generate::number_text(layer.thickness_m) + " m";
  terminal.say(terminal.paint(Paint::bold, element.kind) + ": " + printable(said + layers));
  for (const std::string& note : notes) terminal.say("  " + terminal.paint(Paint::dim, printable(note)));
}

void write_json(Context& context, const Reading& reading, const generate::Built* built, bool written) {
  text::JsonWriter json(2);
  json.begin_object().member("status", generate::status_of(reading.problems));
  const auto specification = text::parse_json(generate::to_json(reading.specification));
  json.key("specification").value(specification->root());
  json.key("problems").begin_array();
  for (const Problem& problem : reading.problems) {
    const char* kind = problem.kind == ProblemKind::missing          ? "missing"
                       : problem.kind == ProblemKind::not_understood ? "notUnderstood"
                                                                     : "refused";
    json.begin_object().member("kind", kind).member("key", problem.key).member("element", problem.element);
    json.member("message", problem.message).end_object();
  }
  json.end_array().member("written", written).key("elements").begin_array();
  for (const generate::BuiltElement& each : built ? built->elements : std::vector<generate::BuiltElement>{}) {
    json.begin_object().member("globalId", each.global_id).member("class", each.ifc_class);
    json.member("name", each.name).member("path", each.path).end_object();
  }
  json.end_array().key("edited").begin_array();
  for (const generate::EditedFile& each : built ? built->edited : std::vector<generate::EditedFile>{})
    json.value(each.path);
  json.end_array().end_object();
  context.terminal.raw(std::move(json).take());
}

bool can_ask(Context& context, const Arguments& arguments) {
  return !arguments.json && context.input && context.environment.is_terminal(os::Stream::input) &&
         context.environment.is_terminal(os::Stream::error);
}

// A question on the terminal; no answer ends it.
std::optional<std::string> ask(Context& context, const std::string& question) {
  context.terminal.say(printable(question));
  std::string line;
  if (!std::getline(*context.input, line)) return std::nullopt;
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
  if (line.empty()) return std::nullopt;
  return line;
}

// What is missing is asked for, as long as somebody answers.
Reading ask_back(Context& context, Reading said, const generate::Context& project) {
  Reading completed = generate::complete(said, project);
  while (generate::status_of(completed.problems) == "ask") {
    const auto question = std::find_if(completed.problems.begin(), completed.problems.end(),
                                       [](const Problem& each) { return each.kind == ProblemKind::missing; });
    const auto answer = ask(context, question->message);
    if (!answer) break;
    if (!generate::answer(said, *question, *answer, project)) {
      context.terminal.say("That is not understood.");
      continue;
    }
    completed = generate::complete(said, project);
  }
  return completed;
}

// Words that mean nothing are left out only where that was wanted.
void leave_out(Context& context, Reading& reading) {
  for (const Problem& problem : reading.problems)
    if (problem.kind == ProblemKind::not_understood) context.terminal.warn(problem.message + " and left out");
  std::erase_if(reading.problems, [](const Problem& each) { return each.kind == ProblemKind::not_understood; });
}

// On a terminal, whoever said it decides.
bool may_leave_out(Context& context, const Reading& said) {
  if (generate::status_of(said.problems) != "part") return false;
  for (const Problem& problem : said.problems) context.terminal.say(printable(problem.message) + ".");
  const auto yes = ask(context, "Make it without that? (yes or no)");
  return yes && (*yes == "y" || *yes == "yes");
}

Result<Reading> understand(Context& context, const Arguments& arguments, const sync::Workspace& workspace,
                           const generate::Context& project) {
  Reading said;
  if (!arguments.from.empty()) {
    AECOS_TRY_ASSIGN(const os::MappedFile file, open_input(context, arguments.from));
    auto specification = generate::from_json(file.bytes());
    if (!specification) return Error{ErrorCode::invalid_input, at_file(arguments.from, specification.error().message)};
    said.specification = *std::move(specification);
  } else if (arguments.endpoint) {
    AECOS_TRY_ASSIGN(const GenerateEndpoint endpoint, read_endpoint(context, workspace));
    AECOS_TRY_ASSIGN(said.specification, ask_endpoint(context, endpoint, arguments.text(), project));
  } else {
    said = generate::read(arguments.text(), project);
  }
  const bool partial = arguments.partial || (can_ask(context, arguments) && may_leave_out(context, said));
  if (partial) leave_out(context, said);
  Reading reading = can_ask(context, arguments) ? ask_back(context, said, project) : generate::complete(said, project);
  if (partial) leave_out(context, reading);
  return reading;
}

std::string message_of(const Reading& reading) {
  const std::string_view status = generate::status_of(reading.problems);
  std::string text;
  for (const Problem& problem : reading.problems) {
    const bool counts = status == "no" ? problem.kind == ProblemKind::refused : true;
    if (counts) text += (text.empty() ? "" : "; ") + problem.message;
  }
  if (status == "part") text += "; --partial leaves it out";
  return text + "; nothing was made";
}

generate::BuildOptions build_options(Context& context, const Arguments& arguments, const sync::Workspace& workspace) {
  generate::BuildOptions options;
  options.seed = arguments.seed.empty() ? os::random_hex(context.random, 16) : arguments.seed;
  options.project_key = workspace.project.id.empty() ? "project" : workspace.project.id;
  options.time = os::to_utc_text(context.clock.now_us()).substr(0, 19);
  const auto signature = workspace.signature();
  options.author = signature ? signature->name : context.environment.user();
  options.text = arguments.text();
  options.provenance_from = !arguments.from.empty() ? "specification" : arguments.endpoint ? "endpoint" : "text";
  return options;
}

void say_built(Terminal& terminal, const generate::Built& built, bool written) {
  for (const generate::BuiltElement& each : built.elements)
    terminal.say(terminal.paint(Paint::green, written ? "made " : "would make ") + each.ifc_class + " " +
                 terminal.paint(Paint::bold, printable(each.name)) + " in " + printable(each.path));
  for (const generate::EditedFile& each : built.edited)
    terminal.say((written ? "changed " : "would change ") + printable(each.path));
}

Result<int> share(Context& context, sync::Workspace& workspace) {
  AECOS_TRY_ASSIGN(const sync::SyncReport report, sync::sync(workspace, {}));
  say_report(context.terminal, report, false);
  if (report.trouble) return Error{report.trouble->code, report.trouble->message};
  return report.opened.empty() ? exit_ok : exit_findings;
}

Result<int> run(Context& context, const Arguments& arguments) {
  if (arguments.words.empty() == arguments.from.empty())
    return Error{ErrorCode::invalid_input, "say what to make, or name a specification with --from; one of both"};
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  AECOS_TRY_ASSIGN(const generate::Context project, project_context(context, workspace));
  AECOS_TRY_ASSIGN(const Reading reading, understand(context, arguments, workspace, project));
  if (!arguments.json)
    for (const Element& element : reading.specification.elements) say_element(context.terminal, element);
  if (!reading.problems.empty()) {
    if (arguments.json) write_json(context, reading, nullptr, false);
    return Error{ErrorCode::invalid_input, message_of(reading)};
  }
  const auto read_file = [&](const std::string& path) { return context.files.read(workspace.full(path)); };
  AECOS_TRY_ASSIGN(
      const generate::Built built,
      generate::build(reading.specification, project, build_options(context, arguments, workspace), read_file));
  if (!arguments.dry_run) AECOS_TRY(place_built(context, workspace, built));
  if (arguments.json) {
    write_json(context, reading, &built, !arguments.dry_run);
  } else {
    say_built(context.terminal, built, !arguments.dry_run);
  }
  return arguments.sync && !arguments.dry_run ? share(context, workspace) : exit_ok;
}

}  // namespace

void add_generate(Command& app, Context& context) {
  auto arguments = std::make_shared<Arguments>();
  Command* command = app.add_subcommand("generate", "Make building elements from a sentence");
  command->add_option("WORDS", arguments->words, "\"a 5 m long concrete wall, 200 mm thick, REI 120, with a door\"");
  command->add_flag("--dry-run", arguments->dry_run, "Say what would be made; make nothing");
  command->add_flag("--json", arguments->json, "Answer in JSON");
  command->add_flag("--partial", arguments->partial, "Leave out what is not understood");
  command->add_option("--from", arguments->from, "A specification in JSON instead of words")->type_name("FILE");
  command->add_flag("--endpoint", arguments->endpoint, "Let the model that .aecos/generate.json names read the words");
  command->add_flag("--sync", arguments->sync, "Share it at once")->excludes("--json");
  command->add_option("--seed", arguments->seed, "Makes the same GlobalIds again for the same text")->type_name("TEXT");
  command->footer(
      "What is not said is asked for, or assumed and told. Nothing is made of a sentence that contradicts itself or\n"
      "is not understood as a whole. docs/GENERATE.md lists what is understood.");
  on_run(*command, context, [&context, arguments] { return run(context, *arguments); });
}

}  // namespace aecos::cli
