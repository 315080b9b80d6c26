#include "sample/random_edits.h"

#include <array>

#include "ifc/draft.h"

namespace aecos::sample {
namespace {

using ifc::real_text, ifc::quoted;

using Done = std::string;  // Empty: this edit is not possible here.

class RandomEdits {
 public:
  RandomEdits(Editor& editor, Dice& dice)
      : editor_(editor), dice_(dice), elements_(editor.elements()), storeys_(editor.storeys()) {}

  bool possible() const { return !elements_.empty(); }

  Done one() {
    using Kind = Done (RandomEdits::*)(const std::string&);
    constexpr std::array<Kind, 12> kinds{&RandomEdits::rename,     &RandomEdits::rename,     &RandomEdits::new_property,
                                         &RandomEdits::edit_value, &RandomEdits::edit_value, &RandomEdits::edit_value,
                                         &RandomEdits::drop_value, &RandomEdits::move,       &RandomEdits::move,
                                         &RandomEdits::add_wall,   &RandomEdits::add_window, &RandomEdits::remove};
    const std::string element = dice_.pick(elements_);
    if (!editor_.has(element)) return {};
    if (!storeys_.empty() && dice_.below(12) == 0) return rehouse(element);
    return (this->*kinds[dice_.below(kinds.size())])(element);
  }

 private:
  std::string number() { return std::to_string(dice_.below(1000)); }

  static Done said(const Result<>& result, const std::string& words) { return result ? words : Done(); }

  Done rename(const std::string& element) {
    const std::string name = "Name " + number();
    return said(editor_.rename(element, name), "renamed " + element + " to " + name);
  }

  Done new_property(const std::string& element) {
    const std::string name = "Note " + std::to_string(dice_.below(4));
    const std::string value = "IFCLABEL(" + quoted("it's " + number()) + ")";
    return said(editor_.set_property(element, "Aecos_Notes", name, value), "set " + name + " of " + element);
  }

  // An existing property gets another value of its own kind.
  Done edit_value(const std::string& element) {
    const auto properties = editor_.properties(element);
    if (properties.empty()) return {};
    const auto& [place, old] = dice_.pick(properties);
    const std::size_t dot = place.find('.');
    const std::string value = another(old);
    if (value.empty()) return {};
    return said(editor_.set_property(element, place.substr(0, dot), place.substr(dot + 1), value),
                "set " + place + " of " + element + " to " + value);
  }

  std::string another(const std::string& value) {
    const std::string kind = value.substr(0, value.find('('));
    if (kind == "IFCLABEL" || kind == "IFCTEXT" || kind == "IFCIDENTIFIER") return kind + "('v " + number() + "')";
    if (kind == "IFCBOOLEAN") return value.ends_with("(.T.)") ? "IFCBOOLEAN(.F.)" : "IFCBOOLEAN(.T.)";
    if (kind == "IFCREAL" || kind == "IFCTHERMALTRANSMITTANCEMEASURE") return kind + "(0." + number() + ")";
    if (kind == "IFCLENGTHMEASURE" || kind == "IFCPOSITIVELENGTHMEASURE") return kind + "(1" + number() + ".5)";
    return {};
  }

  Done drop_value(const std::string& element) {
    const auto properties = editor_.properties(element);
    if (properties.empty()) return {};
    const std::string place = dice_.pick(properties).first;
    const std::size_t dot = place.find('.');
    return said(editor_.remove_property(element, place.substr(0, dot), place.substr(dot + 1)),
                "removed " + place + " of " + element);
  }

  Done move(const std::string& element) {
    const double by = static_cast<double>(1 + dice_.below(500)) / 4;
    return said(editor_.move(element, by, dice_.below(2) ? by : 0, 0), "moved " + element);
  }

  Done rehouse(const std::string& element) {
    const std::string storey = dice_.pick(storeys_);
    return said(editor_.put_into(element, storey), "put " + element + " into " + storey);
  }

  Done add_wall(const std::string&) {
    if (storeys_.empty()) return {};
    NewWall wall;
    wall.name = "New wall " + number();
    wall.storey = dice_.pick(storeys_);
    wall.x = static_cast<double>(dice_.below(9000));
    wall.length = static_cast<double>(500 + dice_.below(4000));
    const auto made = editor_.add_wall(wall);
    return made ? "added " + wall.name + " " + *made : Done();
  }

  Done add_window(const std::string& element) {
    const std::string name = "New window " + number();
    const auto made = editor_.add_window(element, name, static_cast<double>(dice_.below(3000)), 900);
    return made ? "added " + name + " " + *made + " in " + element : Done();
  }

  Done remove(const std::string& element) { return said(editor_.remove(element), "removed " + element); }

  Editor& editor_;
  Dice& dice_;
  std::vector<std::string> elements_, storeys_;
};

}  // namespace

std::vector<std::string> edit_at_random(Editor& editor, Dice& dice, std::size_t count) {
  RandomEdits edits(editor, dice);
  std::vector<std::string> done;
  for (std::size_t tries = 0; edits.possible() && done.size() < count && tries < 40 * count + 40; ++tries)
    if (std::string words = edits.one(); !words.empty()) done.push_back(std::move(words));
  return done;
}

}  // namespace aecos::sample
