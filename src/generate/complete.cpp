#include <algorithm>
#include <cmath>

#include "generate/complete_internal.h"
#include "generate/match.h"

namespace aecos::generate {
namespace {

std::string words_of(std::string_view field) {
  const FieldRule* rule = find_field(field);
  return std::string(rule->words.empty() ? rule->name : rule->words);
}

// What has to be true for the default to make sense.
bool applies(const Element& element, const std::string& field) {
  const bool section = field == "width" || field == "depth" || (field == "height" && element.kind == "duct");
  const bool has_section = element.has("diameter") || element.has("profile");
  if (section && has_section && element.kind != "stair") return false;
  if (field == "pitch") return element.has("form");
  return true;
}

double default_value(const Work& work, const Default& usual) {
  const Element& element = work.element();
  if (usual.value == "storey") return storey_height_m(work);
  if (usual.value == "ceiling") return element.truth("vertical") ? 0 : storey_height_m(work) - 0.4;
  if (usual.value == "roof") {
    const std::string storey = element.text("storey");
    return storey.find("oof") != std::string::npos ? 0 : storey_height_m(work);
  }
  if (usual.value != "below") {
    const std::vector<Token> tokens = tokenise(usual.value);
    return tokens[0].number;
  }
  const SteelProfile* profile = vocabulary().profile(element.text("profile"));
  const double depth = profile ? profile->depth / 1000 : element.number("depth", element.number("diameter"));
  return storey_height_m(work) - depth;
}

void assume_usual(Work& work) {
  Element& element = work.element();
  if (element.kind == "roof" && element.has("pitch"))
    element.assume("form", text_field("gable", Basis::assumed, "it has a pitch"));
  if (const Noun* noun = vocabulary().noun_of_use(element.text("use"))) {
    if (element.ifc_class.empty()) element.ifc_class = noun->what_else("class");
    if (element.predefined.empty()) element.predefined = noun->what_else("predefined");
    double sides[3] = {0, 0, 0};
    std::size_t i = 0;
    for (const Token& token : tokenise(noun->what_else("size"))) {
      if (token.kind == TokenKind::number && i < 3) sides[i++] = token.number;
    }
    const std::string because = "the size of a usual " + element.text("use");
    const char* names[3] = {"length", "width", "height"};
    for (i = 0; i < 3; ++i)
      if (sides[i] > 0) element.assume(names[i], number_field(sides[i], Basis::assumed, because));
  }
  for (const Default& usual : work.kind().defaults)
    if (applies(element, usual.field))
      element.assume(usual.field, number_field(default_value(work, usual), Basis::assumed, usual.because));
}

void assume_walls_of_pipes(Work& work) {
  Element& element = work.element();
  if (element.kind == "duct") element.assume("thickness", number_field(0.001, Basis::assumed, "usual sheet"));
  if (element.kind != "pipe" || !element.has("diameter")) return;
  if (const Field* wall = element.find(raw_pipe_wall)) element.assume("thickness", *wall);
  const double diameter = element.number("diameter");
  for (const auto& [size, pipe] : vocabulary().nominal)
    if (pipe.diameter_m >= diameter - 1e-9)
      return element.assume("thickness", number_field(std::min(pipe.wall_m, diameter / 4), Basis::assumed,
                                                      "that of DN " + std::to_string(size)));
  element.assume("thickness", number_field(diameter * 0.025, Basis::assumed, "a fortieth of the diameter"));
}

void assume_steps(Work& work) {
  Element& element = work.element();
  if (element.kind != "stair" || !element.has("height")) return;
  constexpr double riser_max = 0.18;
  element.assume("risers", number_field(std::ceil(element.number("height") / riser_max - 1e-9), Basis::assumed,
                                        "no riser is higher than 180 mm"));
  const double riser = element.number("height") / std::max(1.0, element.number("risers"));
  if (riser < 0.1 || riser > 0.22)
    work.refuse("impossible: risers", "risers of " + number_text(std::round(riser * 1000)) +
                                          " mm cannot be climbed; they have 100 to 220 mm");
}

void ask_for_needs(Work& work) {
  const Element& element = work.element();
  for (const std::string& need : work.kind().needs) {
    if (element.has(need)) continue;
    std::string message = work.called() + ": what is its " + words_of(need) + "?";
    if (need == "host") message = work.called() + ": in which wall? Say its name, such as \"in W-12\"";
    if (element.has(raw_area)) message += " Its area alone does not say";
    work.ask(need, message);
  }
}

bool within(const FieldRule& rule, const Field& field) {
  if (rule.type == FieldType::text || rule.type == FieldType::truth) return true;
  if (rule.type != FieldType::point)
    return field.number >= rule.least - 1e-12 && field.number <= rule.most &&
           (rule.type != FieldType::count || field.number == std::floor(field.number));
  return std::all_of(field.point.begin(), field.point.end(),
                     [&](double each) { return each >= rule.least && each <= rule.most; });
}

void check_limits(Work& work) {
  for (const auto& [name, field] : work.element().fields) {
    const FieldRule* rule = find_field(name);
    if (!rule || field.basis == Basis::assumed || within(*rule, field)) continue;
    work.refuse("impossible: " + name, work.called() + " cannot have the " + words_of(name) + " " +
                                           value_text(*rule, field) + "; it is from " + number_text(rule->least) +
                                           " to " + number_text(rule->most));
  }
}

void check_shape(Work& work) {
  const Element& element = work.element();
  constexpr double elements_max = 500;
  if (element.number("count", 1) * element.number("rows", 1) > elements_max)
    work.refuse("impossible: count", "that would be more than " + number_text(elements_max) + " at once");
  if (element.kind == "ramp" && element.number("length") > 0 &&
      element.number("height") / element.number("length") > 0.25)
    work.refuse("impossible: slope", "the ramp would rise by more than 1 in 4; make it longer");
  const double thickness = element.number("thickness"), across = element.number("diameter", element.number("width", 1));
  const bool hollow = element.kind == "pipe" || element.kind == "duct";
  if (hollow && 2 * thickness >= std::min(across, element.number("height", across)))
    work.refuse("impossible: thickness", work.called() + " is not as wide as its own walls are thick");
  const double area = element.number(raw_area), sides = element.number("length") * element.number("width");
  if (area > 0 && sides > 0 && std::abs(area - sides) > 0.01 * area)
    work.refuse("conflict: area", "the sides make " + number_text(sides) + " m2, not " + number_text(area));
}

void check_taken(Work& work) {
  for (const auto& [name, field] : work.element().fields) {
    const FieldRule* rule = find_field(name);
    if (!rule || rule->common || rule->property || work.kind().takes.contains(name)) continue;
    work.refuse("impossible: " + name, work.called() + " has no " + words_of(name));
  }
  if (!work.element().layers.empty() && !work.kind().takes.contains("layers"))
    work.refuse("impossible: layers", work.called() + " has no layers");
}

void check_name(Work& work) {
  const std::string name = work.element().text("name");
  if (name.empty()) return;
  const auto& all = work.reading.specification.elements;
  const bool twice = std::any_of(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(work.index),
                                 [&](const Element& each) { return each.text("name") == name; });
  if (twice || work.context.names.contains(name))
    work.refuse("conflict: name", "there is something called " + name + " already; take another name");
}

bool has_problem(const Work& work) {
  return std::any_of(work.reading.problems.begin(), work.reading.problems.end(), [&](const Problem& each) {
    return each.element == work.index && each.kind != ProblemKind::not_understood;
  });
}

void complete_element(Work& work) {
  find_host(work);
  find_storey(work);
  settle_sizes(work);
  settle_place(work);
  assume_usual(work);
  assume_walls_of_pipes(work);
  assume_steps(work);
  check_taken(work);
  check_limits(work);
  check_shape(work);
  check_name(work);
  ask_for_needs(work);
  if (!has_problem(work)) fit_host(work);
  std::erase_if(work.element().fields, [](const auto& each) { return each.first.starts_with('_'); });
}

char slot_of(FieldType type) {
  switch (type) {
    case FieldType::length:
      return 'L';
    case FieldType::count:
      return 'I';
    case FieldType::point:
      return 'P';
    case FieldType::angle:
      return 'A';
    default:
      return 'N';
  }
}

}  // namespace

std::string Work::called() const {
  const std::string name = element().text("name"), use = element().text("use");
  if (!name.empty()) return name;
  std::string words;
  for (const char c : element().kind) {
    const bool upper = c >= 'A' && c <= 'Z';
    words += upper ? std::string(" ") + static_cast<char>(c - 'A' + 'a') : std::string(1, c);
  }
  return "the " + (use.empty() ? words : use);
}

Reading complete(Reading reading, const Context& context) {
  // What holds openings first, so that its size is known.
  for (const bool hosted : {false, true}) {
    for (std::size_t i = 0; i < reading.specification.elements.size(); ++i) {
      Work work{reading, context, i};
      if (work.kind().takes.contains("host") == hosted) complete_element(work);
    }
  }
  return reading;
}

bool answer(Reading& reading, const Problem& question, std::string_view said, const Context& context) {
  const FieldRule* rule = find_field(question.key);
  const std::vector<Token> tokens = tokenise(said);
  if (!rule || tokens.empty()) return false;
  Element& element = reading.specification.elements[question.element];
  if (rule->type == FieldType::text) return element.set(rule->name, text_field(std::string(said))), true;
  const auto slot = match_slot({tokens, context}, slot_of(rule->type));
  if (!slot) return false;
  Field field = rule->type == FieldType::point ? point_field(slot->numbers) : number_field(slot->number);
  if (!slot->has_unit) field.basis = Basis::reading, field.because = "no unit was said";
  element.set(rule->name, std::move(field));
  return true;
}

}  // namespace aecos::generate
