#include "diff/markdown.h"

#include <algorithm>
#include <functional>
#include <map>

#include "diff/diff.h"
#include "text/json_writer.h"
#include "text/value.h"

namespace aecos::diff {

using text::MarkdownKind;
using text::MarkdownNode;

bool equal(MarkdownRef a, MarkdownRef b) {
  if (!a || !b) return !a && !b;
  std::size_t lines = a.node->end - a.node->begin;
  if (b.node->end - b.node->begin != lines) return false;
  for (std::size_t i = 0; i < lines; ++i) {
    std::string_view x = a.document->lines[a.node->begin + i].content, y = b.document->lines[b.node->begin + i].content;
    if (i == 0) x.remove_prefix(a.node->offset), y.remove_prefix(b.node->offset);
    if (x != y) return false;
  }
  return true;
}

bool is_composed(MarkdownRef part) {
  switch (part.node->kind) {
    case MarkdownKind::document:
      return true;
    case MarkdownKind::list:
    case MarkdownKind::item:
    case MarkdownKind::front_matter:
    case MarkdownKind::table:
      return part.size() > 0;
    default:
      return false;
  }
}

namespace {

bool has_title(MarkdownKind kind) {
  return kind == MarkdownKind::heading || kind == MarkdownKind::entry || kind == MarkdownKind::row;
}

// What makes a child equal to another: its kind and its text; of an item not its marker, which may be only a number.
std::string content_of(MarkdownRef child) {
  std::string text = child.plain();
  if (child.node->kind == MarkdownKind::item) text.erase(0, item_marker(*child.document, *child.node).size());
  return static_cast<char>('a' + static_cast<int>(child.node->kind)) + text;
}

// What is the same part by what it is called, whatever is in it.
bool is_named(MarkdownKind kind) { return has_title(kind) || kind == MarkdownKind::front_matter; }

std::string name_of(MarkdownRef child) {
  bool titled = has_title(child.node->kind);
  return static_cast<char>('a' + static_cast<int>(child.node->kind)) + (titled ? child.node->title : std::string());
}

std::vector<std::size_t> word_hashes(std::string_view text) {
  constexpr std::string_view space = " \t\r\n|";  // And what stands between the cells of a row.
  std::vector<std::size_t> hashes;
  while (true) {
    std::size_t begin = text.find_first_not_of(space);
    if (begin == std::string_view::npos) break;
    std::size_t end = std::min(text.find_first_of(space, begin), text.size());
    hashes.push_back(std::hash<std::string_view>{}(text.substr(begin, end - begin)));
    text.remove_prefix(end);
  }
  std::ranges::sort(hashes);
  return hashes;
}

// The share of words that two texts have in common, from 0 to 1.
double likeness(const std::vector<std::size_t>& a, const std::vector<std::size_t>& b) {
  if (a.empty() && b.empty()) return 1;
  std::vector<std::size_t> common;
  std::ranges::set_intersection(a, b, std::back_inserter(common));
  return 2.0 * static_cast<double>(common.size()) / static_cast<double>(a.size() + b.size());
}

class ChildPairer {
 public:
  ChildPairer(MarkdownRef before, MarkdownRef after) : before_(before), after_(after) {}

  std::vector<Pair> run() {
    partner_before_.assign(before_.size(), none);
    partner_.assign(after_.size(), none);
    for (std::size_t i = 0; i < before_.size(); ++i) before_texts_.push_back(content_of(before_[i]));
    for (std::size_t i = 0; i < after_.size(); ++i) after_texts_.push_back(content_of(after_[i]));
    std::vector<CommonRun> runs = pair_sequence();
    pair_by([&](std::size_t i) { return before_texts_[i]; }, [&](std::size_t i) { return after_texts_[i]; });
    auto name = [](MarkdownRef child) { return is_named(child.node->kind) ? name_of(child) : std::string(); };
    pair_by([&](std::size_t i) { return name(before_[i]); }, [&](std::size_t i) { return name(after_[i]); });
    pair_gaps(runs);
    pair_moved();
    std::vector<Pair> pairs;
    for (std::size_t i = 0; i < partner_.size(); ++i) {
      if (partner_[i] != none) pairs.push_back({partner_[i], i});
    }
    return pairs;
  }

 private:
  static constexpr std::size_t none = SIZE_MAX;
  static constexpr std::size_t gap_max = 40;  // The cost of comparing all with all is the product.

  void pair(std::size_t before, std::size_t after) { partner_[after] = before, partner_before_[before] = after; }

  std::vector<CommonRun> pair_sequence() {
    Symbols symbols;
    std::vector<std::string_view> a(before_texts_.begin(), before_texts_.end());
    std::vector<std::string_view> b(after_texts_.begin(), after_texts_.end());
    std::vector<Symbol> a_symbols = symbols.of_all(a), b_symbols = symbols.of_all(b);
    std::vector<CommonRun> runs = common_runs(a_symbols, b_symbols);
    for (const CommonRun& run : runs) {
      for (std::size_t i = 0; i < run.length; ++i) pair(run.a + i, run.b + i);
    }
    return runs;
  }

  // Pairs the first that is left of one name with the first, the second with the second ...
  template <class NameBefore, class NameAfter>
  void pair_by(NameBefore name_before, NameAfter name_after) {
    std::map<std::string, std::vector<std::size_t>> waiting;
    for (std::size_t i = before_.size(); i-- > 0;) {
      if (partner_before_[i] == none) waiting[name_before(i)].push_back(i);
    }
    waiting.erase("");
    for (std::size_t i = 0; i < after_.size(); ++i) {
      if (partner_[i] != none) continue;
      auto found = waiting.find(name_after(i));
      if (found == waiting.end() || found->second.empty()) continue;
      pair(found->second.back(), i);
      found->second.pop_back();
    }
  }

  void pair_gaps(const std::vector<CommonRun>& runs) {
    std::size_t a = 0, b = 0;
    for (const CommonRun& run : runs) {
      pair_gap(a, run.a, b, run.b);
      a = run.a + run.length, b = run.b + run.length;
    }
    pair_gap(a, before_.size(), b, after_.size());
  }

  void pair_gap(std::size_t a_begin, std::size_t a_end, std::size_t b_begin, std::size_t b_end) {
    std::vector<std::size_t> a, b;
    for (std::size_t i = a_begin; i < a_end; ++i) {
      if (partner_before_[i] == none) a.push_back(i);
    }
    for (std::size_t i = b_begin; i < b_end; ++i) {
      if (partner_[i] == none) b.push_back(i);
    }
    if (a.empty() || b.empty()) return;
    if (a.size() <= gap_max && b.size() <= gap_max) return pair_most_alike(a, b);
    if (a.size() != b.size()) return;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (before_[a[i]].node->kind == after_[b[i]].node->kind) pair(a[i], b[i]);
    }
  }

  // Little, for what stands where another of its kind stood.
  double replaced(std::size_t a, std::size_t b) const {
    MarkdownKind kind = before_[a].node->kind;
    bool keyed = kind == MarkdownKind::entry || kind == MarkdownKind::row;
    return kind == after_[b].node->kind && !keyed ? 0.01 : 0;
  }

  // What was both moved and changed: the most alike first.
  void pair_moved() {
    std::vector<std::size_t> a, b;
    for (std::size_t i = 0; i < before_.size(); ++i) {
      if (partner_before_[i] == none) a.push_back(i);
    }
    for (std::size_t i = 0; i < after_.size(); ++i) {
      if (partner_[i] == none) b.push_back(i);
    }
    if (a.empty() || b.empty() || a.size() > gap_max || b.size() > gap_max) return;
    read_words(a, b);
    struct Candidate {
      double worth;
      std::size_t before, after;
    };
    std::vector<Candidate> candidates;
    for (std::size_t i : a) {
      for (std::size_t j : b) {
        if (double value = worth(i, j); value > 0) candidates.push_back({value, i, j});
      }
    }
    std::ranges::stable_sort(candidates, std::greater<>(), &Candidate::worth);
    for (const Candidate& c : candidates) {
      if (partner_before_[c.before] == none && partner_[c.after] == none) pair(c.before, c.after);
    }
  }

  void read_words(const std::vector<std::size_t>& a, const std::vector<std::size_t>& b) {
    for (std::size_t i : a) before_words_.try_emplace(i, word_hashes(std::string_view(before_texts_[i]).substr(1)));
    for (std::size_t i : b) after_words_.try_emplace(i, word_hashes(std::string_view(after_texts_[i]).substr(1)));
  }

  // What it is worth to take two children for one; 0 for two that are not.
  double worth(std::size_t a, std::size_t b) const {
    MarkdownKind kind = before_[a].node->kind;
    if (kind != after_[b].node->kind) return 0;
    double alike = likeness(before_words_.at(a), after_words_.at(b));
    return alike >= (has_title(kind) ? 0.5 : 0.4) ? alike : 0;
  }

  // The pairs in sequence that are worth most together.
  void pair_most_alike(const std::vector<std::size_t>& a, const std::vector<std::size_t>& b) {
    read_words(a, b);
    std::vector<std::vector<double>> best(a.size() + 1, std::vector<double>(b.size() + 1)), worths = best;
    for (std::size_t i = a.size(); i-- > 0;) {
      for (std::size_t j = b.size(); j-- > 0;) {
        bool facing = (i == 0 && j == 0) || (i + 1 == a.size() && j + 1 == b.size());
        worths[i][j] = std::max(worth(a[i], b[j]), facing ? replaced(a[i], b[j]) : 0);
        double with = worths[i][j] > 0 ? worths[i][j] + best[i + 1][j + 1] : 0;
        best[i][j] = std::max({with, best[i + 1][j], best[i][j + 1]});
      }
    }
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
      if (worths[i][j] > 0 && best[i][j] == worths[i][j] + best[i + 1][j + 1]) {
        pair(a[i++], b[j++]);
      } else if (best[i][j] == best[i + 1][j]) {
        ++i;
      } else {
        ++j;
      }
    }
  }

  MarkdownRef before_, after_;
  std::vector<std::string> before_texts_, after_texts_;
  std::map<std::size_t, std::vector<std::size_t>> before_words_, after_words_;
  std::vector<std::size_t> partner_before_, partner_;
};

}  // namespace

std::vector<Pair> pair_children(MarkdownRef before, MarkdownRef after) { return ChildPairer(before, after).run(); }

std::string addition_key(MarkdownRef part) { return is_named(part.node->kind) ? name_of(part) : content_of(part); }

namespace {

// Names children one after the other; the headings among them are where the ones after them are.
class PlaceNamer {
 public:
  explicit PlaceNamer(const std::string& at) : at_(at) {}

  std::string name(MarkdownRef child) {
    const MarkdownNode& node = *child.node;
    if (node.kind == MarkdownKind::heading) return begin_section(node) + ", heading";
    bool titled = has_title(node.kind);
    int count = ++counts_[name_of(child)];
    std::string name = node.kind == MarkdownKind::row ? "row " : "";
    name += titled ? node.title : std::string(to_string(node.kind));
    if (count > 1 || !is_named(node.kind))
      name += titled ? " (" + std::to_string(count) + ")" : " " + std::to_string(count);
    return section() + (section().empty() ? "" : ", ") + name;
  }

 private:
  const std::string& section() const { return open_.empty() ? at_ : open_.back().path; }

  std::string begin_section(const MarkdownNode& heading) {
    while (!open_.empty() && open_.back().level >= heading.level) open_.pop_back();
    std::string path = section() + (section().empty() ? "" : open_.empty() ? ", " : " > ") + heading.title;
    int count = ++sections_[path];
    if (count > 1) path += " (" + std::to_string(count) + ")";
    open_.push_back({heading.level, path});
    counts_.clear();
    return path;
  }

  struct Section {
    int level;
    std::string path;
  };
  std::string at_;
  std::vector<Section> open_;
  std::map<std::string, int> sections_, counts_;
};

}  // namespace

std::vector<std::string> child_places(const std::string& at, MarkdownRef part) {
  PlaceNamer namer(at);
  std::vector<std::string> places;
  for (std::size_t i = 0; i < part.size(); ++i) places.push_back(namer.name(part[i]));
  return places;
}

std::string order_value(MarkdownRef part) {
  text::JsonWriter json;
  json.begin_array();
  for (std::size_t i = 0; i < part.size(); ++i) {
    std::string text = part[i].node->title.empty() ? part[i].plain() : part[i].node->title;
    json.value(text.substr(0, text.find('\n')));
  }
  return std::move(json.end_array()).take();
}

std::string head_of(MarkdownRef part) {
  const MarkdownNode& node = *part.node;
  if (node.kind == MarkdownKind::item) return std::string(item_marker(*part.document, node));
  if (node.kind != MarkdownKind::table) return {};
  std::string head;
  for (std::size_t i = node.begin; i < std::min(node.begin + 2, node.end); ++i) {
    std::string_view line = part.document->lines[i].content;
    head += i == node.begin ? std::string(line.substr(node.offset)) : "\n" + std::string(line);
  }
  return head;
}

Value value_of(MarkdownRef part) { return part ? Value(text::bytes_value(part.raw())) : std::nullopt; }

void markdown_changes(MarkdownRef before, MarkdownRef after, const std::string& at, std::vector<Change>& changes) {
  if (equal(before, after)) return;
  bool composed = before && after && before.node->kind == after.node->kind && is_composed(before) && is_composed(after);
  if (!composed) {
    changes.push_back({ChangeKind::text, {}, at, value_of(before), value_of(after)});
    return;
  }
  std::size_t count = changes.size();
  std::vector<Pair> pairs = pair_children(before, after);
  std::vector<std::string> old_places = child_places(at, before), new_places = child_places(at, after);
  std::vector<bool> kept(before.size());
  auto pair = pairs.begin();
  for (std::size_t i = 0; i < after.size(); ++i) {
    bool paired = pair != pairs.end() && pair->after == i;
    if (paired) kept[pair->before] = true;
    markdown_changes(paired ? before[(pair++)->before] : MarkdownRef(), after[i], new_places[i], changes);
  }
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (!kept[i]) markdown_changes(before[i], {}, old_places[i], changes);
  }
  if (!std::ranges::is_sorted(pairs, {}, &Pair::before)) {
    std::string place = at.empty() ? "order" : at + ", order";
    changes.push_back({ChangeKind::text, {}, place, order_value(before), order_value(after)});
  }
  std::string old_head = head_of(before), new_head = head_of(after);
  if (old_head != new_head) {
    changes.push_back({ChangeKind::text, {}, at + ", head", text::bytes_value(old_head), text::bytes_value(new_head)});
  }
  // Blank lines between the children.
  if (changes.size() == count) changes.push_back({ChangeKind::text, {}, at, value_of(before), value_of(after)});
}

namespace {

MarkdownRef root_of(const text::MarkdownDocument& document, std::string_view source) {
  return source.empty() ? MarkdownRef() : MarkdownRef{&document, &document.root};
}

}  // namespace

std::vector<Change> diff_markdown(std::string_view before, std::string_view after) {
  if (std::max(before.size(), after.size()) > text::markdown_size_max) return diff_text(before, after);
  text::MarkdownDocument old_document = text::read_markdown(before), new_document = text::read_markdown(after);
  std::vector<Change> changes;
  markdown_changes(root_of(old_document, before), root_of(new_document, after), "", changes);
  return changes.empty() && before != after ? diff_text(before, after) : changes;
}

}  // namespace aecos::diff
