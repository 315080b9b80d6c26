// The laws of the merge for random Markdown and plain texts with random edits on both sides.

#include "merge/laws_test_internal.h"
#include "text/json.h"
#include "text/lines.h"

namespace aecos::merge {
namespace {

using laws::chance;
using laws::pick;

// A document as blocks of lines; every word of content is a mark.
struct Block {
  enum class Kind { heading, paragraph, list, table, code, entry } kind = Kind::paragraph;
  int level = 1;
  std::vector<std::string> words;               // heading, paragraph: words; list: items; code: lines
  std::vector<std::vector<std::string>> cells;  // table: rows
};
using Blocks = std::vector<Block>;

class Maker {
 public:
  std::string mark() { return "w" + std::to_string(1000 + ++count_); }

  Block block() {
    Block block;
    block.kind = static_cast<Block::Kind>(pick(5));
    block.level = 1 + static_cast<int>(pick(3));
    std::size_t size = block.kind == Block::Kind::paragraph ? 4 + pick(20) : 1 + pick(5);
    for (std::size_t i = 0; i < size; ++i) block.words.push_back(mark());
    if (block.kind == Block::Kind::table) {
      for (std::size_t i = 0; i < size; ++i) block.cells.push_back({mark(), mark(), mark()});
      block.words.resize(1);
    }
    return block;
  }

  Blocks document() {
    Blocks blocks;
    for (std::size_t i = pick(9); i > 0; --i) blocks.push_back(block());
    return blocks;
  }

 private:
  std::size_t count_ = 0;
};

template <class T>
auto place(std::vector<T>& list, std::size_t position) {
  return list.begin() + static_cast<std::ptrdiff_t>(position);
}

void edit(Blocks& blocks, Maker& maker, bool moves) {
  std::size_t what = pick(8);
  if (blocks.empty() || what == 0) {
    blocks.insert(place(blocks, pick(blocks.size() + 1)), maker.block());
    return;
  }
  std::size_t position = pick(blocks.size());
  Block& block = blocks[position];
  if (what == 1) {
    blocks.erase(place(blocks, position));
  } else if (what == 2 && moves) {
    Block moved = block;
    blocks.erase(place(blocks, position));
    blocks.insert(place(blocks, pick(blocks.size() + 1)), moved);
  } else if (block.kind == Block::Kind::table) {
    std::size_t row = pick(block.cells.size());
    if (what == 3) {
      block.cells.insert(place(block.cells, row), {maker.mark(), maker.mark(), maker.mark()});
    } else if (what == 4 && block.cells.size() > 1) {
      block.cells.erase(place(block.cells, row));
    } else {
      block.cells[row][1 + pick(2)] = maker.mark();
    }
  } else {
    std::size_t word = pick(block.words.size());
    if (what == 3) {
      block.words.insert(place(block.words, word), maker.mark());
    } else if (what == 4 && block.words.size() > 1) {
      block.words.erase(place(block.words, word));
    } else {
      block.words[word] = maker.mark();
    }
  }
}

Blocks edited(Blocks blocks, Maker& maker) {
  std::size_t edits = 1 + pick(4);
  for (std::size_t i = 0; i < edits; ++i) edit(blocks, maker, edits == 1);
  return blocks;
}

std::string write(const Blocks& blocks, const std::string& line_end) {
  std::string out;
  auto line = [&](const std::string& text) { (out += text) += line_end; };
  for (const Block& block : blocks) {
    if (!out.empty()) line("");
    std::string joined;
    for (const std::string& word : block.words) joined += (joined.empty() ? "" : " ") + word;
    switch (block.kind) {
      case Block::Kind::heading:
        line(std::string(static_cast<std::size_t>(block.level), '#') + " " + joined);
        break;
      case Block::Kind::list:
        line("List:");  // Two lists without anything between them would be one.
        line("");
        for (const std::string& word : block.words) line("- " + word);
        break;
      case Block::Kind::table:
        line("| Mark | " + block.words[0] + " | Rating |");
        line("|------|---|---:|");
        for (const auto& row : block.cells) line("| " + row[0] + " | " + row[1] + " | " + row[2] + " |");
        break;
      case Block::Kind::code:
        line("```");
        for (const std::string& word : block.words) line(word);
        line("```");
        break;
      default:
        line(joined);
    }
  }
  return out;
}

laws::Marks marks_of(std::string_view text) {
  laws::Marks marks;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(text.find_first_not_of("w0123456789", at), text.size());
    if (end - at >= 5 && text[at] == 'w') marks.emplace(text.substr(at, end - at));
    at = end + 1;
  }
  return marks;
}

struct Case {
  std::string base, ours, theirs;
  Options options;
};

Case any_case() {
  Maker maker;
  Blocks base = maker.document();
  std::string end = chance(30) ? "\r\n" : "\n";
  auto side_end = [&] { return chance(15) ? std::string("\r\n") : end; };
  Case made{write(base, end), write(edited(base, maker), side_end()), write(edited(base, maker), side_end()), {}};
  for (std::string* side : {&made.ours, &made.theirs}) {
    if (chance(10) && side->ends_with("\n")) side->pop_back();
    if (side->ends_with("\r")) side->pop_back();
  }
  made.options.policy = static_cast<Policy>(pick(5));
  made.options.integrated = chance(50) ? Side::ours : Side::theirs;
  RC_LOG() << "base\n" << made.base << "\nours\n" << made.ours << "\ntheirs\n" << made.theirs << "\n";
  return made;
}

void check_marks(const Case& made, laws::Merge merge) {
  auto outcome = merge(made.base, made.ours, made.theirs, made.options);
  RC_ASSERT(bool(outcome));
  RC_LOG() << "merged\n" << laws::show(*outcome);
  laws::MarkedMerge marks{
      marks_of(made.base), marks_of(made.ours), marks_of(made.theirs), marks_of(outcome->merged), {}};
  for (const Conflict& conflict : outcome->conflicts) {
    for (const Value& value : {conflict.base, conflict.ours, conflict.theirs}) {
      if (value) marks.conflicts.merge(marks_of(*value));
    }
  }
  laws::check_nothing_lost(marks);
}

TEST(MarkdownLaws, GeneralLaws) {
  laws::check([] {
    Case made = any_case();
    laws::check_general_laws(&merge_markdown, made.base, made.ours, made.theirs, made.options);
  });
}

TEST(MarkdownLaws, NothingIsLostOrInvented) {
  laws::check([] { check_marks(any_case(), &merge_markdown); });
}

TEST(TextLaws, GeneralLaws) {
  laws::check([] {
    Case made = any_case();
    laws::check_general_laws(&merge_text, made.base, made.ours, made.theirs, made.options);
  });
}

TEST(TextLaws, WhatConflictsIsRecordedAndTheRestIsMerged) {
  laws::check([] {
    Case made = any_case();
    auto outcome = merge_text(made.base, made.ours, made.theirs, made.options);
    laws::Marks merged = marks_of(outcome->merged), recorded;
    for (const Conflict& conflict : outcome->conflicts) {
      for (const Value& value : {conflict.base, conflict.ours, conflict.theirs}) {
        if (value) recorded.merge(marks_of(*value));
      }
    }
    laws::Marks base = marks_of(made.base);
    for (const std::string& side : {made.ours, made.theirs}) {
      for (const std::string& mark : marks_of(side)) {
        if (!base.contains(mark)) RC_ASSERT(merged.contains(mark) || recorded.contains(mark));
      }
    }
  });
}

// Any bytes, as people and programs leave them.
std::string any_text() {
  static const std::vector<std::string> pieces = {
      "a",           "b ",    "\n",    "\n",      "\r\n",   "# h\n", "- x\n", "  - y\n", "| a | b |\n|-|-|\n",
      "| 1 | 2 |\n", "```\n", "\n\n",  "---\n",   "k: v\n", "> q\n", "\xFF",  "\t",      "1. z\n",
      "    c\n",     "===\n", "<p>\n", "[a]: b\n"};
  std::string text;
  for (std::size_t i = pick(12); i > 0; --i) text += pieces[pick(pieces.size())];
  return text;
}

TEST(MarkdownLaws, GeneralLawsHoldForAnyText) {
  laws::check([] {
    std::string base = any_text(), ours = any_text(), theirs = any_text();
    RC_LOG() << "base\n" << base << "\nours\n" << ours << "\ntheirs\n" << theirs << "\n";
    laws::check_general_laws(&merge_markdown, base, ours, theirs, {});
    laws::check_general_laws(&merge_text, base, ours, theirs, {});
  });
}

}  // namespace
}  // namespace aecos::merge
