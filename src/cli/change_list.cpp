#include "cli/change_list.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "base/count.h"
#include "diff/words.h"

namespace aecos::cli {
namespace {

using diff::Change;
using diff::ChangeKind;

constexpr std::size_t place_width_max = 44;  // One long place must not push all values to the right.
constexpr std::size_t value_length_max = 80;
constexpr std::size_t names_max = 4;  // Of elements told together.

bool is_whole(ChangeKind kind) {
  return kind == ChangeKind::added || kind == ChangeKind::removed || kind == ChangeKind::redrawn;
}

struct Cell {
  std::string text;
  Paint paint = Paint::plain;
  bool operator==(const Cell&) const = default;
};

// One thing that changed: where, and from what to what.
struct Line {
  std::string place;
  std::vector<Cell> cells;
};

struct Block {
  std::vector<const Change*> wholes;  // One for each element, where they came or went.
  std::vector<diff::ElementRef> elements;
  std::vector<Line> lines;
};

std::string place_of(const Change& change) {
  switch (change.kind) {
    case ChangeKind::moved:
      return "placement";
    case ChangeKind::reshaped:
      return "shape";
    case ChangeKind::restyled:
      return "looks";
    case ChangeKind::renamed:
      return "name";
    case ChangeKind::retyped:
      return "type";
    case ChangeKind::material:
      return "material";
    case ChangeKind::group:
      return "group";
    case ChangeKind::container:
      return change.at == "Parent" ? "part of" : "container";
    case ChangeKind::reclassified:
      return change.at == "Class" ? "class" : "classification";
    case ChangeKind::resource:
      return change.at == change.element.ifc_class ? "" : change.at;
    default:
      return diff::place_in_words(change);
  }
}

std::vector<Cell> values_of(const Change& change) {
  const bool came = !change.before && change.after;
  const bool gone = change.before && !change.after;
  if (came) return {{"+ " + diff::show(change.after, value_length_max), Paint::green}};
  if (gone) return {{"− " + diff::show(change.before, value_length_max), Paint::red}};
  std::vector<Cell> cells;
  if (const std::string far = diff::how_far(change); !far.empty()) {
    if (far == "turned") return {{far}};
    cells.push_back({"moved " + far + "  "});
  }
  if (diff::stays_in_place(change)) return {{diff::in_words(change)}};
  const diff::Shown both = diff::show_both(change, value_length_max);
  const bool digest = both.before.starts_with("{\"content\"");  // Says only that it is different.
  if (both.before == both.after || digest) return {{"changed"}};
  if (change.kind == ChangeKind::reshaped && change.before && change.after)
    if (diff::show(change.before) == diff::show(change.after)) return {{diff::show(change.after) + ", changed"}};
  cells.push_back({both.before, Paint::red});
  cells.push_back({" → "});
  cells.push_back({both.after, Paint::green});
  return cells;
}

// The same text for elements that can be told together.
std::string likeness(const Block& block) {
  std::string text = diff::class_word(block.elements[0].ifc_class, 1);
  if (block.elements[0].global_id.empty()) text += "\n" + block.elements[0].ifc_class + "\n" + block.elements[0].name;
  for (const Change* whole : block.wholes) text += std::string("\n") + std::string(to_string(whole->kind)) + whole->at;
  for (const Line& line : block.lines) {
    text += "\n" + line.place;
    for (const Cell& cell : line.cells) text += "\t" + cell.text;
  }
  return text;
}

// One block for each element.
std::vector<Block> blocks_of(const std::vector<Change>& changes) {
  std::vector<Block> blocks;
  std::unordered_map<std::string, std::size_t> known;
  const bool all_stay = std::all_of(changes.begin(), changes.end(), diff::stays_in_place);
  for (const Change& change : changes) {
    if (!all_stay && diff::stays_in_place(change)) continue;
    const diff::ElementRef& element = change.element;
    const std::string key =
        element.global_id.empty() ? "\n" + element.ifc_class + "\n" + element.name : element.global_id;
    const auto [at, fresh] = known.try_emplace(key, blocks.size());
    if (fresh) blocks.push_back({{}, {element}, {}});
    Block& block = blocks[at->second];
    if (is_whole(change.kind))
      block.wholes.push_back(&change);
    else
      block.lines.push_back({printable(place_of(change)), values_of(change)});
  }
  return blocks;
}

std::vector<Block> told_together(std::vector<Block> blocks) {
  std::vector<Block> together;
  std::unordered_map<std::string, std::size_t> known;
  for (Block& block : blocks) {
    const auto [at, fresh] = known.try_emplace(likeness(block), together.size());
    if (fresh)
      together.push_back(std::move(block));
    else
      together[at->second].elements.push_back(std::move(block.elements[0]));
  }
  return together;
}

class Printer {
 public:
  Printer(Terminal& terminal, std::size_t indent) : terminal_(terminal), indent_(indent) {}

  void run(const std::vector<Block>& blocks) {
    for (const Block& block : blocks)
      for (const Line& line : block.lines) place_width_ = std::max(place_width_, display_width(line.place));
    place_width_ = std::min(place_width_, place_width_max);
    for (const Block& block : blocks) {
      const bool headed = !block.elements[0].ifc_class.empty() || !block.elements[0].name.empty();
      if (headed) heading(block);
      for (const Line& line : block.lines) row(line, indent_ + (headed ? 4 : 0));
    }
  }

 private:
  void heading(const Block& block) {
    const Change* const whole = block.wholes.empty() ? nullptr : block.wholes.front();
    const bool added = whole != nullptr && whole->kind == ChangeKind::added;
    const bool removed = whole != nullptr && whole->kind == ChangeKind::removed;
    const Paint paint = added ? Paint::green : removed ? Paint::red : Paint::bold;
    const std::string sign = added ? "+ " : removed ? "− " : whole != nullptr ? "± " : "~ ";
    std::vector<Cell> cells = {{sign, paint}, {names(block), paint}};
    const std::string details = about(block);
    if (!details.empty()) cells.push_back({"  " + details, Paint::dim});
    if (whole != nullptr && whole->kind == ChangeKind::redrawn) cells.push_back({"  drawn again"});
    if ((added || removed) && !whole->at.empty())
      cells.push_back({printable((added ? "  on " : "  from ") + whole->at)});
    print(cells, indent_);
  }

  // "W-1, W-2, W-3, W-4 and 8 more", "exterior ×3".
  static std::string names(const Block& block) {
    std::vector<std::pair<std::string, std::size_t>> titles;
    std::unordered_map<std::string, std::size_t> known;
    for (const diff::ElementRef& element : block.elements) {
      const auto [at, fresh] = known.try_emplace(diff::title(element), titles.size());
      if (fresh) titles.emplace_back(at->first, 0);
      ++titles[at->second].second;
    }
    std::string text;
    std::size_t rest = block.elements.size();
    for (std::size_t k = 0; k < titles.size() && (k < names_max || k + 1 == titles.size()); ++k) {
      const auto& [title, count] = titles[k];
      text += (k > 0 ? ", " : "") + printable(title) + (count > 1 ? " ×" + std::to_string(count) : "");
      rest -= count;
    }
    return rest == 0 ? text : text + " and " + std::to_string(rest) + " more";
  }

  static std::string about(const Block& block) {
    const diff::ElementRef& first = block.elements[0];
    if (first.ifc_class.empty()) return {};
    const std::size_t count = block.elements.size();
    if (count > 1) return std::to_string(count) + " " + printable(diff::class_word(first.ifc_class, count));
    if (first.name.empty() && first.global_id.empty()) return {};  // The class is the name.
    return printable(diff::class_word(first.ifc_class, 1) + (first.global_id.empty() ? "" : "  " + first.global_id));
  }

  void row(const Line& line, std::size_t indent) {
    std::vector<Cell> cells;
    if (!line.place.empty()) {
      const std::size_t width = display_width(line.place);
      cells.push_back({line.place + std::string(width < place_width_ ? place_width_ - width + 2 : 2, ' ')});
    }
    cells.insert(cells.end(), line.cells.begin(), line.cells.end());
    print(cells, indent);
  }

  // Cut to the width only where a person looks.
  void print(const std::vector<Cell>& cells, std::size_t indent) {
    std::string text(indent, ' ');
    std::size_t used = indent;
    for (const Cell& cell : cells) {
      std::string plain = printable(cell.text);
      if (terminal_.colour()) plain = fit(plain, terminal_.width() > used ? terminal_.width() - used : 0);
      used += display_width(plain);
      text += terminal_.paint(cell.paint, plain);
    }
    terminal_.say(text);
  }

  Terminal& terminal_;
  const std::size_t indent_;
  std::size_t place_width_ = 0;
};

}  // namespace

void print_changes(Terminal& terminal, const std::vector<Change>& changes, std::size_t indent, bool each) {
  std::vector<Block> blocks = blocks_of(changes);
  if (!each) blocks = told_together(std::move(blocks));
  Printer(terminal, indent).run(blocks);
}

std::string count_changes(const std::vector<Change>& changes) {
  if (changes.empty()) return "no changes";
  std::set<std::string_view> touched;
  std::size_t added = 0, removed = 0, redrawn = 0;
  for (const Change& change : changes) {
    if (is_whole(change.kind))
      ++(change.kind == ChangeKind::added ? added : change.kind == ChangeKind::removed ? removed : redrawn);
    else if (!change.element.global_id.empty())
      touched.insert(change.element.global_id);
  }
  std::string text;
  const auto add = [&](std::size_t count, const std::string& what) {
    if (count > 0) text += (text.empty() ? "" : ", ") + what;
  };
  add(touched.size(), counted(touched.size(), "element") + " changed");
  add(added, std::to_string(added) + " added");
  add(removed, std::to_string(removed) + " removed");
  add(redrawn, std::to_string(redrawn) + " drawn again");
  return (text.empty() ? "" : text + "; ") + counted(changes.size(), "change");
}

}  // namespace aecos::cli
