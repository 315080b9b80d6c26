#include <algorithm>
#include <array>

#include "merge/line_ends_internal.h"
#include "merge/markdown_internal.h"
#include "merge/sequence.h"
#include "text/lines.h"

namespace aecos::merge {
namespace {

using diff::Symbol;
using text::MarkdownKind;

constexpr std::string_view space = " \t\r\n";

// A word with the white space after it.
struct Word {
  std::string_view text;
  std::string gap;
};

std::vector<Word> split_words(std::string_view text) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(text.find_first_of(space, at), text.size());
    std::size_t next = std::min(text.find_first_not_of(space, end), text.size());
    words.push_back({text.substr(at, end - at), std::string(text.substr(end, next - end))});
    at = next;
  }
  return words;
}

// Two spaces before a line end break the line in the printed text: that is content, not form.
std::string content_of(const Word& word) {
  return std::string(word.text) + (word.gap.starts_with("  ") && word.gap.find('\n') != std::string::npos ? "\n" : "");
}

using Words = std::array<std::vector<Word>, 3>;

class WordMerger {
 public:
  explicit WordMerger(Words words) : words_(std::move(words)) {}

  std::optional<std::string> run() {
    std::array<std::vector<std::string>, 3> contents;
    std::array<std::vector<Symbol>, 3> symbols;
    diff::Symbols table;
    for (std::size_t i = 0; i < 3; ++i) {
      for (const Word& word : words_[i]) contents[i].push_back(content_of(word));
      for (const std::string& content : contents[i]) symbols[i].push_back(table.of(content));
    }
    for (const Region& region : merge_sequences(symbols[0], symbols[1], symbols[2], Touching::conflicts)) {
      if (region.kind == Region::Kind::conflict) return std::nullopt;
      add(region);
    }
    return std::move(out_);
  }

 private:
  void add(const Region& region) {
    bool theirs = region.kind == Region::Kind::theirs;
    const Range& range = theirs ? region.theirs : region.ours;
    for (std::size_t i = 0; i < range.size(); ++i) {
      const Word& word = words_[theirs ? 2 : 1][range.begin + i];
      put(word.text);
      gap_ = word.gap;
      if (region.kind == Region::Kind::unchanged) {
        gap_ = merged_form(words_[0][region.base.begin + i].gap, gap_, words_[2][region.theirs.begin + i].gap);
      }
    }
  }

  void put(std::string_view word) {
    if (!out_.empty()) out_ += gap_.empty() ? " " : gap_;
    out_ += word;
  }

  Words words_;
  std::string gap_, out_;
};

// The text as it would stand by itself, without the indentation of the item it is in.
std::string dedent(std::string_view text, std::size_t indentation) {
  std::string out;
  for (const text::Line& line : text::split_lines(text)) {
    std::size_t blank = out.empty() ? 0 : std::min(line.content.find_first_not_of(" \t"), line.content.size());
    (out += line.content.substr(std::min(blank, indentation))) += line.end;
  }
  return out;
}

bool is_one_block(const std::string& text, const MarkdownRef& like) {
  text::MarkdownDocument document = text::read_markdown(dedent(text, like.node->offset));
  if (document.root.children.size() != 1) return false;
  const text::MarkdownNode& block = document.root.children[0];
  return block.kind == like.node->kind && block.level == like.node->level;
}

}  // namespace

const std::string& merged_form(const std::string& base, const std::string& ours, const std::string& theirs) {
  if (ours == base || theirs == base || ours == theirs) return merged_of(base, ours, theirs);
  return std::min(ours, theirs);
}

std::optional<std::string> merge_words(std::string_view base, std::string_view ours, std::string_view theirs) {
  return WordMerger({split_words(base), split_words(ours), split_words(theirs)}).run();
}

std::optional<std::string> merge_lines(std::string_view base, std::string_view ours, std::string_view theirs) {
  std::array<std::vector<text::Line>, 3> lines = {text::split_lines(base), text::split_lines(ours),
                                                  text::split_lines(theirs)};
  std::array<std::vector<Symbol>, 3> lists;
  diff::Symbols symbols;
  for (std::size_t i = 0; i < 3; ++i) lists[i] = symbols.of_all(text::line_contents(lines[i]));
  std::string out;
  for (const Region& region : merge_sequences(lists[0], lists[1], lists[2], Touching::conflicts)) {
    if (region.kind == Region::Kind::conflict) return std::nullopt;
    bool from_theirs = region.kind == Region::Kind::theirs;
    const Range& range = from_theirs ? region.theirs : region.ours;
    for (std::size_t i = range.begin; i < range.end; ++i) {
      if (!out.empty()) out += '\n';
      out += lines[from_theirs ? 2 : 1][i].content;
    }
  }
  return out;
}

std::optional<std::string> merge_block(const MarkdownTriple& block) {
  MarkdownKind kind = block.ours.node->kind;
  if (!block.base || block.base.node->kind != kind || block.theirs.node->kind != kind) return std::nullopt;
  std::string base = block.base.plain(), ours = block.ours.plain(), theirs = block.theirs.plain();
  bool prose = kind == MarkdownKind::paragraph || kind == MarkdownKind::heading;
  std::optional<std::string> merged = prose ? merge_words(base, ours, theirs) : merge_lines(base, ours, theirs);
  if (!merged && kind == MarkdownKind::quote) merged = merge_words(base, ours, theirs);
  bool plain = kind == MarkdownKind::definition || kind == MarkdownKind::entry || kind == MarkdownKind::front_matter;
  if (merged && !plain && !is_one_block(*merged, block.ours)) return std::nullopt;
  return merged;
}

}  // namespace aecos::merge
