#include "cli/demo_report.h"

#include <algorithm>
#include <map>

#include "revision/words.h"
#include "sync/history.h"

namespace aecos::cli {
namespace {

constexpr std::size_t edits_shown_max = 20;

std::string right(const std::string& text, std::size_t width) {
  const std::size_t taken = display_width(text);
  return std::string(width > taken ? width - taken : 0, ' ') + text;
}

std::string milliseconds(std::int64_t us) { return std::to_string((us + 500) / 1000); }

std::string seconds(std::int64_t us) {
  const std::int64_t ms = (us + 500) / 1000;
  std::string part = std::to_string(ms % 1000);
  return std::to_string(ms / 1000) + "." + std::string(3 - part.size(), '0') + part;
}

Table::Cell arrival(const DemoEdit& edit, std::size_t person) {
  if (person == edit.person) return {right("·", 5), Paint::dim};
  const auto& reached = edit.reached_us[person];
  return {right(reached ? milliseconds(*reached - edit.saved_us) : "never", 5), reached ? Paint::plain : Paint::red};
}

std::vector<std::int64_t> arrivals(const std::vector<DemoEdit>& edits) {
  std::vector<std::int64_t> all;
  for (const DemoEdit& edit : edits)
    for (std::size_t person = 0; person < demo_people_count; ++person)
      if (person != edit.person && edit.reached_us[person]) all.push_back(*edit.reached_us[person] - edit.saved_us);
  std::sort(all.begin(), all.end());
  return all;
}

void heading(Terminal& terminal, const std::string& text) {
  terminal.say("");
  terminal.say(terminal.paint(Paint::bold, text));
}

Paint paint_of(std::size_t person) {
  constexpr std::array paints{Paint::blue, Paint::green, Paint::red, Paint::yellow, Paint::bold};
  return paints[person];
}

Paint paint_of(const std::string& name) {
  for (std::size_t person = 0; person < demo_people_count; ++person)
    if (name == demo_people[person].name) return paint_of(person);
  return Paint::dim;
}

// IFCLABEL('REI 90') -> REI 90
std::string shown(const std::string& step_value) {
  const std::size_t open = step_value.find('(');
  if (open == std::string::npos) return step_value;
  const std::string inside = step_value.substr(open + 1, step_value.rfind(')') - open - 1);
  if (inside == ".T.") return "true";
  if (inside == ".F.") return "false";
  return inside.starts_with('\'') ? inside.substr(1, inside.size() - 2) : inside;
}

}  // namespace

void show_people(Terminal& terminal, const std::string& where) {
  terminal.say(terminal.paint(Paint::bold, "Five people, one house") +
               ": five work trees, one bare git repository, every command a process of its own");
  Table table;
  for (std::size_t person = 0; person < demo_people_count; ++person) {
    const DemoPerson& one = demo_people[person];
    table.add({{one.name, paint_of(person)},
               {one.role},
               {one.re_exports ? "saves re-exports: all ids, order and numbers anew, every time" : "saves native IFC",
                Paint::dim}});
  }
  table.print(terminal, 2);
  if (!where.empty()) terminal.say("  All of it is kept in " + printable(where));
}

void show_time_line(Terminal& terminal, const std::vector<DemoEdit>& edits, const DemoTeam& team) {
  heading(terminal, "Who saved what, and after how many ms it was in whose work tree");
  Table table;
  std::vector<Table::Cell> titles{{"round", Paint::dim}, {right("s", 6), Paint::dim}, {""}, {""}};
  for (const DemoPerson& person : demo_people) titles.push_back({right(person.name, 5), Paint::dim});
  table.add(titles);
  int round = 0;
  for (std::size_t i = 0; i < std::min(edits.size(), edits_shown_max); ++i) {
    const DemoEdit& edit = edits[i];
    std::vector<Table::Cell> row{{edit.round == round ? "" : right(std::to_string(edit.round), 5), Paint::dim},
                                 {right(seconds(edit.saved_us - team.started_us()), 6), Paint::dim},
                                 {demo_people[edit.person].name, paint_of(edit.person)},
                                 {printable(edit.what)}};
    for (std::size_t person = 0; person < demo_people_count; ++person) row.push_back(arrival(edit, person));
    table.add(row);
    round = edit.round;
  }
  table.print(terminal, 2);
  const std::vector<std::int64_t> all = arrivals(edits);
  if (edits.size() > edits_shown_max)
    terminal.say("  … and " + std::to_string(edits.size() - edits_shown_max) + " more edits");
  const DemoTeam::Counts counts = team.counts();
  terminal.say("  Half of them had arrived after " + milliseconds(all[all.size() / 2]) + " ms, all after " +
               milliseconds(all.back()) + " ms; of " + std::to_string(counts.syncs) + " syncs " +
               std::to_string(counts.beaten) + " pushed again because somebody else was faster");
}

Result<> show_wall(Terminal& terminal, DemoTeam& team) {
  AECOS_TRY_ASSIGN(sync::Workspace at, team.workspace(0));
  AECOS_TRY_ASSIGN(const sync::Workspace::Head head, at.head());
  AECOS_TRY_ASSIGN(const auto blames, sync::blame(at, head.commit, demo_wall(), ""));
  std::map<std::string, std::string> authors;
  for (const sync::Blame& blame : blames) authors.emplace(blame.change.at, blame.commit.author.name);
  AECOS_TRY_ASSIGN(const DemoView view, team.look(0));
  AECOS_TRY_ASSIGN(const sample::Editor model, sample::Editor::open(view.model, ""));
  heading(terminal, "The wall that all five edited, as everybody has it (aecos blame " + demo_wall() + ")");
  Table table;
  const auto add = [&](const std::string& place, const std::string& value) {
    const auto found = authors.find(place);
    const std::string author = found == authors.end() ? "as drawn" : found->second;
    table.add({{printable(place)}, {printable(value), Paint::bold}, {author, paint_of(author)}});
  };
  add("Name", model.name(demo_wall()));
  std::size_t others = 0;
  for (const auto& [place, value] : model.properties(demo_wall()))
    place.starts_with("Rounds.") ? static_cast<void>(++others) : add(place, shown(value));
  table.print(terminal, 2);
  if (others) terminal.say("  and " + std::to_string(others) + " properties of later rounds");
  return {};
}

void show_command(Terminal& terminal, std::size_t person, const std::string& line, const std::string& output) {
  terminal.say("  " + terminal.paint(paint_of(person), demo_people[person].name) + terminal.paint(Paint::dim, "$ ") +
               line);
  for (std::size_t at = 0; at < output.size();) {
    const std::size_t end = std::min(output.find('\n', at), output.size());
    if (end > at) terminal.say("    " + printable(output.substr(at, end - at)));
    at = end + 1;
  }
}

void show_proof(Terminal& terminal, const DemoProof& proof, std::size_t conflicts) {
  heading(terminal, "Looked up in all five repositories and work trees");
  const auto line = [&](bool good, const std::string& text) {
    terminal.say("  " + (good ? terminal.paint(Paint::green, "✓") : terminal.paint(Paint::red, "✗")) + " " + text);
  };
  line(proof.identical(), proof.identical() ? "all five branches have the tree " + proof.trees.front().hex()
                                            : "the five branches have different trees:");
  for (std::size_t person = 0; person < proof.trees.size() && !proof.identical(); ++person)
    terminal.say("      " + proof.trees[person].hex() + "  " + demo_people[person].name);
  line(proof.clean == demo_people_count,
       std::to_string(proof.clean) + " of 5 work trees hold the files of that tree and nothing else");
  const std::size_t edits = proof.in_model + proof.recorded + proof.lost.size();
  line(proof.lost.empty(), std::to_string(proof.in_model) + " of " + std::to_string(edits) +
                               " edits are in all five models, " + std::to_string(proof.recorded) + " in the " +
                               (conflicts == 1 ? "conflict" : std::to_string(conflicts) + " conflicts") +
                               " that all five have on record");
  for (const std::string& edit : proof.lost) terminal.say("      lost: " + printable(edit));
  line(proof.invented.empty(),
       "nothing else changed: made one after the other, without any merge, the edits give the same model");
  for (const std::string& difference : proof.invented) terminal.say("      " + printable(difference));
}

}  // namespace aecos::cli
