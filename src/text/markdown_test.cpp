#include "text/markdown.h"

#include <gtest/gtest.h>

#include <random>

namespace aecos::text {
namespace {

// The tree on one line: kinds with titles, children in brackets.
std::string show(const MarkdownNode& node) {
  std::string shown(to_string(node.kind));
  if (!node.title.empty()) shown += ":" + node.title;
  if (node.children.empty()) return shown;
  shown += "[";
  for (const MarkdownNode& child : node.children) shown += (&child == node.children.data() ? "" : " ") + show(child);
  return shown + "]";
}

std::string show(std::string_view source) { return show(read_markdown(source).root); }

TEST(Markdown, HeadingsHaveTitlesAndLevels) {
  MarkdownDocument document = read_markdown("intro\n\n# A\ntext\n## B #\n\nTitle\nof two\n=====\n\nSub ##\n---\n");
  EXPECT_EQ(show(document.root),
            "document[paragraph heading:A paragraph heading:B heading:Title of two heading:Sub ##]");
  EXPECT_EQ(document.root.children[3].level, 2);
  EXPECT_EQ(document.root.children[4].level, 1);
}

TEST(Markdown, KnowsItsBlocks) {
  EXPECT_EQ(show("p\n\n| a | b |\n|---|---|\n| 1 | 2 |\n| x\\|y | 3 |\n\n```cpp\n# no heading\n```\n\n> "
                 "q\n\n---\n\n<div>\n</div>\n"),
            "document[paragraph table[row:1 row:x\\|y] code quote rule html]");
  EXPECT_EQ(show("- a\n- b\n  - c\n\n    more\n1. x\n2. y\n"),
            "document[list[item[paragraph] item[paragraph list[item[paragraph paragraph]]]] "
            "list[item[paragraph] item[paragraph]]]");
  EXPECT_EQ(show("[a]: http://x\n[b]: http://y\n\ntext [a]\n"), "document[definition definition paragraph]");
}

TEST(Markdown, FrontMatterHasEntries) {
  EXPECT_EQ(show("---\ntitle: House\ntags:\n  - a\n  - b\n# note\n---\n\ntext\n"),
            "document[front matter[entry:title entry:tags] paragraph]");
  EXPECT_EQ(show("---\nnot yaml\n---\ntext\n"), "document[front matter paragraph]");
  EXPECT_EQ(show("---\na: 1\na: 2\n---\n"), "document[front matter]");
}

TEST(Markdown, ItemsBeginBehindTheirMarkers) {
  MarkdownDocument document = read_markdown("10. one\n    two\n11. - three\n");
  const MarkdownNode& list = document.root.children[0];
  EXPECT_EQ(plain_text(document, list.children[0].children[0]), "one\n    two");
  EXPECT_EQ(plain_text(document, list.children[0]), "10. one\n    two");
  EXPECT_EQ(plain_text(document, list.children[1].children[0]), "- three");
  EXPECT_EQ(plain_text(document, list.children[1].children[0].children[0].children[0]), "three");
}

TEST(Markdown, TextIsKeptWithItsLineEnds) {
  MarkdownDocument document = read_markdown("# A\r\n\r\none\r\ntwo\r\n");
  const MarkdownNode& paragraph = document.root.children[1];
  EXPECT_EQ(raw_text(document, paragraph), "one\r\ntwo");
  EXPECT_EQ(plain_text(document, paragraph), "one\ntwo");
}

// Every line that is not blank is in exactly one child, in order.
void expect_covered(const MarkdownDocument& document, const MarkdownNode& node) {
  if (node.children.empty() || node.kind == MarkdownKind::front_matter || node.kind == MarkdownKind::table) return;
  std::size_t at = node.begin;
  for (const MarkdownNode& child : node.children) {
    ASSERT_GE(child.begin, at);
    ASSERT_GT(child.end, child.begin);
    ASSERT_LE(child.end, node.end);
    for (; at < child.begin; ++at) {
      ASSERT_EQ(document.lines[at].content.find_first_not_of(" \t\r\v\f"), std::string_view::npos);
    }
    at = child.end;
    expect_covered(document, child);
  }
  for (; at < node.end; ++at) {
    ASSERT_EQ(document.lines[at].content.find_first_not_of(" \t\r\v\f"), std::string_view::npos);
  }
}

TEST(Markdown, AnyTextIsCovered) {
  std::mt19937 random(1);
  const std::vector<std::string> pieces = {
      "# h", "text", "- a",   "  - b", "1. x", "> q",    "```", "    code", "",     "",      "| a | b |", "|---|-|",
      "---", "===",  "<div>", "\t",    "* *",  "[a]: b", "- ",  "  deep",   "\xFF", "- - c", "a: b"};
  for (int round = 0; round < 3000; ++round) {
    std::string source;
    for (std::size_t lines = random() % 14; lines > 0; --lines) source += pieces[random() % pieces.size()] + "\n";
    SCOPED_TRACE(source);
    MarkdownDocument document = read_markdown(source);
    expect_covered(document, document.root);
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(Markdown, DeepNestingEndsAtTheLimit) {
  std::string source;
  for (int i = 0; i < 20000; ++i) source += "- ";
  MarkdownDocument document = read_markdown(source + "x\n" + std::string(50000, '>') + "\n");
  std::size_t depth = 0;
  for (const MarkdownNode* node = &document.root; !node->children.empty(); node = &node->children[0]) ++depth;
  EXPECT_LE(depth, markdown_depth_max + 2);
}

TEST(Markdown, ManyMarksInAStretchChangeNoBlock) {
  std::string marks;
  for (int i = 0; i < 3000; ++i) marks += "[a*b_c`d ";
  const std::string source =
      "# Top\n\n" + marks + "\n***\n- one\n- two\n\n```\n[x\n```\n\n" + marks + "\n\n[a]: /b\n\nend\n";
  const MarkdownDocument document = read_markdown(source);
  std::vector<MarkdownKind> kinds;
  for (const MarkdownNode& node : document.root.children) kinds.push_back(node.kind);
  const std::vector<MarkdownKind> expected{MarkdownKind::heading,    MarkdownKind::paragraph, MarkdownKind::rule,
                                           MarkdownKind::list,       MarkdownKind::code,      MarkdownKind::paragraph,
                                           MarkdownKind::definition, MarkdownKind::paragraph};
  EXPECT_EQ(kinds, expected);
}

}  // namespace
}  // namespace aecos::text
