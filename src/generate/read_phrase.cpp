// What is said of one thing.

#include <cmath>
#include <numbers>

#include "generate/read_internal.h"

namespace aecos::generate {
namespace {

constexpr std::string_view no_unit = "no unit was said: from 50 on it is millimetres, below that metres";

Field length_field(const Slot& slot) {
  return slot.has_unit ? number_field(slot.number) : number_field(slot.number, Basis::reading, std::string(no_unit));
}

// "Steel" and "Steel S355": one says more than the other.
bool says_more(const std::string& more, const std::string& less) { return more.starts_with(less + " "); }

}  // namespace

std::string PhraseReader::words_of(const Item& item) const {
  std::string text;
  for (std::size_t i = item.token; i < item.token + item.size; ++i)
    text += (i > item.token && !tokens_[i].glued ? " " : "") + tokens_[i].original;
  return text;
}

void PhraseReader::conflict(std::string_view field, const std::string& message) {
  reading_.problems.push_back(
      {ProblemKind::refused, "conflict: " + std::string(field), reading_.specification.elements.size() - 1, message});
}

void PhraseReader::set(std::string_view field, Field value) {
  const Field* before = element().find(field);
  const FieldRule* rule = find_field(field);
  if (!before || !rule || before->same_value(value)) return element().set(field, std::move(value));
  if (field == "material" && says_more(before->text, value.text)) return;
  if (field == "material" && says_more(value.text, before->text)) return element().set(field, std::move(value));
  const std::string name(rule->words.empty() ? rule->name : rule->words);
  conflict(field, name + " is said twice: " + value_text(*rule, *before) + " and " + value_text(*rule, value));
}

// Values of which there may be several.
void PhraseReader::append(std::string_view field, double number, Basis basis) {
  Field all = element().find(field) ? *element().find(field) : point_field({}, basis);
  all.point.push_back(number);
  element().set(field, std::move(all));
}

void PhraseReader::add(const Phrase& phrase) {
  reading_.specification.elements.emplace_back();
  used_.assign(items_.size(), false);
  take_noun(items_[phrase.noun]);
  take_layers(phrase);
  const bool first = reading_.specification.elements.size() == 1;
  for (std::size_t i = phrase.begin; i < phrase.end; ++i) {
    const Item& item = items_[i];
    current_ = &item;
    if (used_[i]) continue;
    if (item.kind == ItemKind::said) take_said(item, first && i < phrase.number_from);
    if (item.kind != ItemKind::number) continue;
    if (i >= phrase.number_from && i < phrase.noun) {
      set("count", number_field(item.number));
    } else {
      const std::string words = words_of(item);
      reading_.problems.push_back({ProblemKind::not_understood, words, reading_.specification.elements.size() - 1,
                                   "“" + words + "”: it is not clear what this number is"});
    }
  }
  const bool hosted = vocabulary().kind(element().kind)->takes.contains("host");
  if (!heading_.empty() && !hosted && !element().has("storey")) element().set("storey", text_field(heading_));
}

void PhraseReader::take_noun(const Item& item) {
  element().kind = item.noun->kind;
  if (item.plural) element().set(raw_plural, truth_field(true));
  for (const auto& [name, value] : item.noun->also) {
    if (name == "predefined") {
      element().predefined = value;
    } else if (name == "class") {
      element().ifc_class = value;
    } else if (name != "size") {
      assign(name, value, nullptr);
    }
  }
  if (!item.name.empty()) set("name", text_field(item.name));
}

// Two or more of "LENGTH MATERIAL", one behind the other.
void PhraseReader::take_layers(const Phrase& phrase) {
  const auto is = [&](std::size_t i, std::string_view action) {
    return i < phrase.end && items_[i].kind == ItemKind::said &&
           items_[i].match.pattern->actions[0].starts_with(action);
  };
  std::vector<std::size_t> run;
  for (std::size_t i = phrase.begin; i < phrase.end; ++i) {
    const bool pair = is(i, "bare") && is(i + 1, "material");
    const bool between = items_[i].kind == ItemKind::separator || items_[i].kind == ItemKind::filler;
    if (pair) run.push_back(i), ++i;
    if (!pair && !between && run.size() >= 2) break;
    if (!pair && !between) run.clear();
  }
  if (run.size() < 2) return;
  for (const std::size_t i : run) {
    element().layers.push_back({items_[i + 1].match.slots[0].text, items_[i].match.slots[0].number});
    used_[i] = used_[i + 1] = true;
  }
}

void PhraseReader::take_said(const Item& item, bool before_first_noun) {
  const Match& match = item.match;
  const std::size_t elements = reading_.specification.elements.size();
  for (const std::string& action : match.pattern->actions) {
    const std::size_t equal = action.find('=');
    const std::string field = action.substr(0, equal);
    if (action == "heading") {
      heading_ = match.slots[0].text;
    } else if (field == "storey" && (before_first_noun && elements == 1)) {
      heading_ = match.slots[0].text;
    } else if (equal == std::string::npos) {
      take_special(action, match);
    } else {
      const std::string value = action.substr(equal + 1);
      assign(field, value, value == "$1" ? &match.slots[0] : nullptr);
    }
  }
}

// A field from a slot, or from what the grammar says.
void PhraseReader::assign(const std::string& field, const std::string& value, const Slot* slot) {
  const FieldRule* rule = find_field(field);
  switch (rule->type) {
    case FieldType::truth:
      return set(field, truth_field(value == "yes"));
    case FieldType::text:
      return set(field, text_field(slot ? slot->text : value));
    case FieldType::point:
      return set(field, point_field(slot->numbers));
    case FieldType::length:
      return set(field, length_field(*slot));
    default:
      return set(field, number_field(slot ? slot->number : static_cast<double>(std::stoi(value))));
  }
}

void PhraseReader::take_special(const std::string& action, const Match& match) {
  if (action == "host_here") return set("host", text_field("#last"));
  take_lengths(action, match);
  take_ratings(action, match);
  take_rows(action, match);
}

void PhraseReader::take_lengths(const std::string& action, const Match& match) {
  const Slot* slot = match.slots.empty() ? nullptr : &match.slots[0];
  if (action == "bare") append(raw_bare, slot->number, Basis::reading);
  if (action == "extent") set("length", length_field(*slot));
  if (action == "round") element().set(raw_round, truth_field(true));
  if (action == "square") element().set(raw_square, length_field(*slot));
  if (action == "area") element().set(raw_area, number_field(slot->number));
  if (action == "from_end") element().set(raw_from_end, length_field(*slot));
  if (action == "radius") {
    Field field = length_field(*slot);
    field.number *= 2;
    set("diameter", std::move(field));
  }
  if (action == "sides") {
    if (element().has(raw_sides)) return conflict("sides", "sides are said twice");
    element().set(raw_sides,
                  point_field(slot->numbers, slot->has_unit ? Basis::said : Basis::reading, std::string(no_unit)));
  }
  if (action == "nominal") {
    const auto found = vocabulary().nominal.find(static_cast<int>(slot->number));
    if (found == vocabulary().nominal.end()) {
      reading_.problems.push_back({ProblemKind::refused, "unknown: diameter",
                                   reading_.specification.elements.size() - 1,
                                   "DN " + number_text(slot->number) + " is no size in the table; say the diameter"});
      return;
    }
    set("diameter", number_field(found->second.diameter_m));
    element().set(raw_pipe_wall, number_field(found->second.wall_m, Basis::assumed,
                                              "the usual wall of DN " + number_text(slot->number)));
  }
}

void PhraseReader::take_ratings(const std::string& action, const Match& match) {
  const auto number = [&] { return number_text(match.slots[0].number); };
  if (action == "hours") set("fire", text_field(number() + " h"));
  if (action == "minutes") set("fire", text_field(number() + " min"));
  if (action == "acoustic") set("acoustic", text_field("Rw " + number() + " dB"));
  if (action == "stc") set("acoustic", text_field("STC " + number()));
}

void PhraseReader::take_rows(const std::string& action, const Match& match) {
  const auto& slots = match.slots;
  if (action == "along") element().set(raw_along, length_field(slots[0]));
  if (action == "across") element().set(raw_across, truth_field(true));
  if (action == "end_to_end") element().set(raw_end_to_end, truth_field(true));
  if (action == "count_rows" || action == "grid_sides") {
    set("count", number_field(slots[0].number));
    set("rows", number_field(slots[1].number));
  }
  if (action == "grid_sides") {
    set("spacing", number_field(slots[2].numbers[0]));
    set("rowSpacing", number_field(slots[2].numbers[1]));
  }
  const bool line = action == "start_end" || action == "along_line";
  if (line) {
    std::vector<double> both = slots[0].numbers;
    if (both.size() != slots[1].numbers.size()) return conflict("position", "one end has a height, the other has none");
    both.insert(both.end(), slots[1].numbers.begin(), slots[1].numbers.end());
    element().set(raw_line, point_field(std::move(both)));
  }
  if (action == "run") {
    set("direction", number_field(slots[0].number));
    set("length", length_field(slots[1]));
  }
}

// "a wall with a door on level 1": where the door is, its wall is.
void PhraseReader::pass_storey(std::size_t from, std::size_t to) {
  auto& elements = reading_.specification.elements;
  const Field* said = elements[from].find("storey");
  if (!said) return;
  const Field* other = elements[to].find("storey");
  if (other && !other->same_value(*said))
    reading_.problems.push_back(
        {ProblemKind::refused, "conflict: storey", from, "it is said to be on another storey than its wall"});
  if (!other) elements[to].set("storey", *said);
  elements[from].fields.erase("storey");
}

void PhraseReader::find_hosts(const std::vector<Phrase>& phrases) {
  auto& elements = reading_.specification.elements;
  const auto can_hold = [&](std::size_t i) { return elements[i].kind == "wall"; };
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const bool hosted = elements[i].kind == "door" || elements[i].kind == "window" || elements[i].kind == "opening";
    const bool here = elements[i].text("host") == "#last";
    if (!hosted || (elements[i].has("host") && !here)) continue;
    elements[i].fields.erase("host");
    std::size_t before = i;
    while (before > 0 && !can_hold(before - 1)) --before;
    if (before > 0) {
      elements[i].set("host", text_field("#" + std::to_string(before)));
      pass_storey(i, before - 1);
    } else if (i + 1 < elements.size() && can_hold(i + 1)) {
      // "a door in a 5 m long wall"
      const std::size_t in = phrases[i + 1].begin;
      const bool within =
          in > 0 && items_[in - 1].kind == ItemKind::filler && tokens_[items_[in - 1].token].text == "in";
      if (within) elements[i].set("host", text_field("#" + std::to_string(i + 2)));
      if (within) pass_storey(i, i + 1);
    }
  }
}

}  // namespace aecos::generate
