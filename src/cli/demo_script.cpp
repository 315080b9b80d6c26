#include "cli/demo_script.h"

#include "sample/house.h"
#include "step/token.h"

namespace aecos::cli {
namespace {

using sample::Editor;
using sample::house_id;

constexpr std::size_t ana = 0, ben = 1, cem = 2, dora = 3, eli = 4;
constexpr const char* wall_set = "Pset_WallCommon";

struct Property {
  std::string set, name;
  std::string kind;   // "IFCLABEL"
  std::string value;  // As STEP text: "'REI 90'".
};

// 'REI 90' -> "REI 90", .T. -> true, numbers as they are.
std::string as_json(const std::string& step_value) {
  if (step_value == ".T.") return "true";
  if (step_value == ".F.") return "false";
  if (step_value.front() != '\'') return step_value;
  return '"' + step_value.substr(1, step_value.size() - 2) + '"';
}

std::string shown(const std::string& step_value) {
  const std::string json = as_json(step_value);
  return json.front() == '"' ? json.substr(1, json.size() - 2) : json;
}

// Exports spell numbers in their own way.
bool is_same(const std::string& one, const std::string& other) {
  const auto inside = [](const std::string& value) {
    const std::size_t open = value.find('(');
    return value.substr(open + 1, value.rfind(')') - open - 1);
  };
  double a = 0, b = 0;
  const bool numbers = step::number_value(inside(one), a) && step::number_value(inside(other), b);
  return one == other || (numbers && a == b);
}

DemoEdit set(std::size_t person, int round, const std::string& name, const std::string& before,
             const Property& property) {
  DemoEdit edit{.person = person, .round = round};
  edit.element = house_id(name);
  edit.at = property.set + "." + property.name;
  edit.value = as_json(property.value);
  edit.what = name + " " + property.name + " " + (before.empty() ? "" : before + " → ") + shown(property.value);
  const std::string value = property.kind + "(" + property.value + ")";
  edit.make = [=, id = edit.element](Editor& editor) {
    return editor.set_property(id, property.set, property.name, value);
  };
  edit.is_in = [=, id = edit.element](const Editor& editor) {
    const auto now = editor.property(id, property.set, property.name);
    return now && is_same(*now, value);
  };
  return edit;
}

DemoEdit rename(std::size_t person, int round, const std::string& name, const std::string& new_name) {
  DemoEdit edit{.person = person, .round = round};
  edit.element = house_id(name);
  edit.at = "Name";
  edit.what = name + " renamed " + new_name;
  edit.make = [=, id = edit.element](Editor& editor) { return editor.rename(id, new_name); };
  edit.is_in = [=, id = edit.element](const Editor& editor) { return editor.name(id) == new_name; };
  return edit;
}

DemoEdit move(std::size_t person, int round, const std::string& name, double by_mm) {
  DemoEdit edit{.person = person, .round = round};
  edit.element = house_id(name);
  edit.at = "Placement";
  edit.what = name + " moved " + std::to_string(static_cast<int>(by_mm)) + " mm";
  const auto before = Editor::open(sample::house(), "")->location(edit.element);
  edit.make = [=, id = edit.element](Editor& editor) { return editor.move(id, by_mm, 0, 0); };
  edit.is_in = [=, id = edit.element](const Editor& editor) {
    const auto now = editor.location(id);
    return before && now && now->front() == before->front() + by_mm;
  };
  return edit;
}

DemoEdit remove(std::size_t person, int round, const std::string& name) {
  DemoEdit edit{.person = person, .round = round};
  edit.element = house_id(name);
  edit.what = name + " deleted";
  edit.make = [id = edit.element](Editor& editor) { return editor.remove(id); };
  edit.is_in = [id = edit.element](const Editor& editor) { return !editor.has(id); };
  return edit;
}

DemoEdit add_wall(std::size_t person, int round, const std::string& name) {
  DemoEdit edit{.person = person, .round = round};
  edit.what = "wall " + name + " added";
  const sample::NewWall wall{.name = name,
                             .storey = house_id("Storey 0"),
                             .x = 6500,
                             .y = 4000,
                             .length = 3000,
                             .thickness = 115,
                             .height = 2800};
  edit.make = [wall](Editor& editor) -> Result<> {
    AECOS_TRY(editor.add_wall(wall));
    return {};
  };
  edit.is_in = [name](const Editor& editor) {
    for (const std::string& element : editor.elements())
      if (editor.name(element) == name) return true;
    return false;
  };
  return edit;
}

// The story: first all edit one wall, then all the model, then two contradict each other, then all edit the wall again.
std::vector<DemoEdit> story() {
  const char *label = "IFCLABEL", *number = "IFCREAL";
  return {
      set(ana, 1, "W-01", "EW-300", {wall_set, "Reference", "IFCIDENTIFIER", "'EW-300-S'"}),
      set(ben, 1, "W-01", "true", {wall_set, "LoadBearing", "IFCBOOLEAN", ".F."}),
      set(cem, 1, "W-01", "REI 60", {wall_set, "FireRating", label, "'REI 90'"}),
      set(dora, 1, "W-01", "0.24", {wall_set, "ThermalTransmittance", "IFCTHERMALTRANSMITTANCEMEASURE", "0.18"}),
      set(eli, 1, "W-01", "", {wall_set, "AcousticRating", label, "'54 dB'"}),
      add_wall(ana, 2, "W-13"),
      move(ben, 2, "W-05", 250),
      remove(cem, 2, "F-06"),
      set(dora, 2, "F-02", "0.9",
          {"Pset_WindowCommon", "ThermalTransmittance", "IFCTHERMALTRANSMITTANCEMEASURE", "0.7"}),
      rename(eli, 2, "R-03", "Music room"),
      set(ana, 3, "W-02", "REI 60", {wall_set, "FireRating", label, "'REI 30'"}),
      set(cem, 3, "W-02", "REI 60", {wall_set, "FireRating", label, "'REI 120'"}),
      set(ben, 3, "W-02", "", {"Structure", "Utilisation", number, "0.82"}),
      set(dora, 3, "W-02", "0.24", {wall_set, "ThermalTransmittance", "IFCTHERMALTRANSMITTANCEMEASURE", "0.15"}),
      set(eli, 3, "W-02", "", {wall_set, "AcousticRating", label, "'57 dB'"}),
      rename(ana, 4, "W-01", "South wall"),
      set(ben, 4, "W-01", "", {"Structure", "Utilisation", number, "0.64"}),
      set(cem, 4, "W-01", "", {wall_set, "Combustible", "IFCBOOLEAN", ".F."}),
      move(dora, 4, "W-03", 60),
      set(eli, 4, "W-01", "", {"Acoustics", "Absorption", number, "0.05"}),
  };
}

void add_round(std::vector<DemoEdit>& edits, int round) {
  const std::string value = "'round " + std::to_string(round) + "'";
  const std::string wall = round % 2 ? "W-01" : "W-0" + std::to_string(2 + round % 8);
  for (std::size_t person = 0; person < demo_people_count; ++person) {
    const std::string place = std::string(demo_people[person].name) + " " + std::to_string(round);
    edits.push_back(set(person, round, wall, "", {"Rounds", place, "IFCLABEL", value}));
  }
  if (round % 5) return;
  const std::string contested = "Contested " + std::to_string(round);
  for (const std::size_t person : {static_cast<std::size_t>(round / 5) % 4, eli})
    edits.push_back(set(person, round, "W-01", "",
                        {"Rounds", contested, "IFCLABEL", "'" + std::string(demo_people[person].name) + "'"}));
}

}  // namespace

std::vector<DemoEdit> demo_script(int rounds) {
  std::vector<DemoEdit> edits = story();
  for (int round = edits.back().round + 1; round <= rounds; ++round) add_round(edits, round);
  return edits;
}

std::string demo_wall() { return house_id("W-01"); }

}  // namespace aecos::cli
