#include "text/markdown.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <span>

#include "base/ascii.h"

namespace aecos::text {
namespace {

struct FreeNode {
  void operator()(cmark_node* node) const { cmark_node_free(node); }
};
struct FreeParser {
  void operator()(cmark_parser* parser) const { cmark_parser_free(parser); }
};

constexpr std::string_view blanks = " \t\r\v\f";

bool is_blank(std::string_view line) { return trimmed(line, blanks).empty(); }

// What cmark is shown of each line. It looks for emphasis and links, too, of which nothing is kept here: with a million
// brackets that costs half a gigabyte. Where a stretch has very many such characters, those that begin no block are
// left out, letter for letter.
class Shown {
 public:
  std::string_view line(std::string_view content) {
    if (is_blank(content)) count_ = 0;
    line_.clear();
    for (std::size_t i = 0; i < content.size(); ++i) {
      if (inline_marks.find(content[i]) == std::string_view::npos || ++count_ <= most) continue;
      if (content[i] != '[' && i < block_marks_end) continue;
      if (line_.empty()) line_ = content;
      line_[i] = 'x';
    }
    return line_.empty() ? content : line_;
  }

 private:
  static constexpr std::string_view inline_marks = "[*_`~!";
  static constexpr std::size_t most = 1000, block_marks_end = 100;
  std::size_t count_ = 0;  // Since the last blank line.
  std::string line_;
};

std::unique_ptr<cmark_node, FreeNode> parse(std::span<const Line> lines) {
  static const bool registered = (cmark_gfm_core_extensions_ensure_registered(), true);
  std::unique_ptr<cmark_parser, FreeParser> parser(cmark_parser_new(CMARK_OPT_DEFAULT));
  cmark_syntax_extension* tables = registered ? cmark_find_syntax_extension("table") : nullptr;
  if (tables) cmark_parser_attach_syntax_extension(parser.get(), tables);
  Shown shown;
  for (const Line& line : lines) {
    const std::string_view text = shown.line(line.content);
    cmark_parser_feed(parser.get(), text.data(), text.size());
    cmark_parser_feed(parser.get(), "\n", 1);
  }
  return std::unique_ptr<cmark_node, FreeNode>(cmark_parser_finish(parser.get()));
}

// "## Fire doors ##" -> "Fire doors"; the line under another heading is left out.
std::string heading_title(std::span<const Line> lines, std::size_t offset) {
  std::string title;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string_view line =
        trimmed(lines[i].content.substr(i == 0 ? std::min(offset, lines[i].content.size()) : 0), blanks);
    if (i > 0 && (line.find_first_not_of('=') == std::string_view::npos ||
                  line.find_first_not_of('-') == std::string_view::npos))
      break;
    if (!title.empty()) title += ' ';
    title += line;
  }
  if (lines.size() != 1 || !title.starts_with('#')) return title;
  std::string_view text = std::string_view(title).substr(std::min(title.find_first_not_of('#'), title.size()));
  std::size_t last = text.find_last_not_of('#');
  bool closed = last != std::string_view::npos && last + 1 < text.size() && (text[last] == ' ' || text[last] == '\t');
  return std::string(trimmed(closed ? text.substr(0, last + 1) : last == std::string_view::npos ? "" : text, blanks));
}

// Makes the tree from cmark's, whose positions are only trusted as far as they make sense.
class Reader {
 public:
  Reader(std::span<const Line> lines, std::size_t first_line) : lines_(lines), first_line_(first_line) {}

  std::vector<MarkdownNode> blocks(cmark_node* parent, std::size_t begin, std::size_t end, std::size_t offset,
                                   std::size_t depth) const {
    std::vector<MarkdownNode> nodes;
    std::size_t done = begin;
    for (cmark_node* child = cmark_node_first_child(parent); child; child = cmark_node_next(child)) {
      std::optional<MarkdownNode> node = block(child, done, end, depth);
      if (!node) continue;
      add_loose_lines(done, node->begin, nodes);
      done = node->end;
      nodes.push_back(std::move(*node));
    }
    add_loose_lines(done, end, nodes);
    if (!nodes.empty() && nodes[0].begin == begin) nodes[0].offset = std::max(nodes[0].offset, offset);
    return nodes;
  }

 private:
  // Lines that are part of no block: definitions of links.
  void add_loose_lines(std::size_t begin, std::size_t end, std::vector<MarkdownNode>& nodes) const {
    for (std::size_t i = begin; i < end; ++i) {
      if (is_blank(lines_[i].content)) continue;
      MarkdownNode node;
      node.kind = MarkdownKind::definition, node.begin = i, node.end = i + 1;
      nodes.push_back(std::move(node));
    }
  }

  std::optional<MarkdownNode> block(cmark_node* source, std::size_t begin, std::size_t end, std::size_t depth) const {
    MarkdownNode node;
    node.kind = kind_of(source);
    node.begin = line_of(cmark_node_get_start_line(source), begin, end);
    node.end = std::max(node.begin, line_of(cmark_node_get_end_line(source) + 1, begin, end));
    while (node.end > node.begin && is_blank(lines_[node.end - 1].content)) --node.end;
    while (node.begin < node.end && is_blank(lines_[node.begin].content)) ++node.begin;
    if (node.begin == node.end) return std::nullopt;
    auto column = static_cast<std::size_t>(std::max(cmark_node_get_start_column(source), 1) - 1);
    if (inside_item(source)) node.offset = std::min(column, lines_[node.begin].content.size());
    fill(node, source, depth);
    return node;
  }

  // cmark counts lines from 1; the front matter is not part of what it saw.
  std::size_t line_of(int number, std::size_t begin, std::size_t end) const {
    std::size_t line = static_cast<std::size_t>(std::max(number, 1) - 1) + first_line_;
    return std::clamp(line, begin, end);
  }

  static bool inside_item(cmark_node* source) {
    cmark_node_type parent = cmark_node_get_type(cmark_node_parent(source));
    return parent == CMARK_NODE_ITEM || parent == CMARK_NODE_LIST;
  }

  static MarkdownKind kind_of(cmark_node* source) {
    cmark_node_type type = cmark_node_get_type(source);
    if (type == CMARK_NODE_HEADING) return MarkdownKind::heading;
    if (type == CMARK_NODE_PARAGRAPH) return MarkdownKind::paragraph;
    if (type == CMARK_NODE_LIST) return MarkdownKind::list;
    if (type == CMARK_NODE_ITEM) return MarkdownKind::item;
    if (type == CMARK_NODE_CODE_BLOCK) return MarkdownKind::code;
    if (type == CMARK_NODE_BLOCK_QUOTE) return MarkdownKind::quote;
    if (type == CMARK_NODE_HTML_BLOCK) return MarkdownKind::html;
    if (type == CMARK_NODE_THEMATIC_BREAK) return MarkdownKind::rule;
    bool table = cmark_node_get_type_string(source) == std::string_view("table");
    return table ? MarkdownKind::table : MarkdownKind::definition;
  }

  void fill(MarkdownNode& node, cmark_node* source, std::size_t depth) const {
    if (node.kind == MarkdownKind::heading) {
      node.level = cmark_node_get_heading_level(source);
      node.title = heading_title(lines_.subspan(node.begin, node.end - node.begin), node.offset);
    } else if (node.kind == MarkdownKind::table) {
      add_rows(node);
    } else if ((node.kind == MarkdownKind::list || node.kind == MarkdownKind::item) && depth < markdown_depth_max) {
      node.children = blocks(source, node.begin, node.end, node.offset, depth + 1);
    }
  }

  void add_rows(MarkdownNode& table) const {
    for (std::size_t i = table.begin + 2; i < table.end; ++i) {
      MarkdownNode row;
      row.kind = MarkdownKind::row, row.begin = i, row.end = i + 1;
      std::vector<std::string_view> cells = table_cells(lines_[i].content);
      if (!cells.empty()) row.title = cells[0];
      table.children.push_back(std::move(row));
    }
  }

  std::span<const Line> lines_;
  std::size_t first_line_;
};

// The number of lines of the front matter, its two fences included; 0: there is none.
std::size_t front_matter_size(std::span<const Line> lines) {
  if (lines.empty() || lines[0].content != "---") return 0;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].content == "---" || lines[i].content == "...") return i + 1;
  }
  return 0;
}

// The key of "key: value" at the left margin; empty for any other line.
std::string_view entry_key(std::string_view line) {
  if (line.empty() || std::string_view(" \t-#{}[]&*!|>'\"%@`?,").find(line[0]) != std::string_view::npos) return {};
  std::size_t colon = line.find(':');
  bool ends = colon != std::string_view::npos &&
              (colon + 1 == line.size() || line[colon + 1] == ' ' || line[colon + 1] == '\t');
  return ends ? trimmed(line.substr(0, colon), blanks) : std::string_view();
}

MarkdownNode front_matter(std::span<const Line> lines, std::size_t size) {
  MarkdownNode node;
  node.kind = MarkdownKind::front_matter, node.end = size;
  for (std::size_t i = 1; i + 1 < size; ++i) {
    std::string_view key = entry_key(lines[i].content);
    bool known = std::ranges::any_of(node.children, [&](const MarkdownNode& entry) { return entry.title == key; });
    bool continues = key.empty() && (is_blank(lines[i].content) || lines[i].content.find_first_of(" \t-#") == 0);
    if ((key.empty() && (!continues || node.children.empty())) || (!key.empty() && known)) {
      node.children.clear();
      return node;
    }
    if (key.empty()) {
      node.children.back().end = i + 1;
    } else {
      node.children.push_back({MarkdownKind::entry, i, i + 1, 0, std::string(key), 0, {}});
    }
  }
  return node;
}

}  // namespace

std::string_view to_string(MarkdownKind kind) {
  static constexpr std::string_view names[] = {"document", "front matter", "entry", "heading",   "paragraph",
                                               "table",    "row",          "list",  "item",      "code",
                                               "quote",    "html",         "rule",  "definition"};
  return names[static_cast<std::size_t>(kind)];
}

MarkdownDocument read_markdown(std::string_view source) {
  MarkdownDocument document;
  document.lines = split_lines(source);
  std::span<const Line> lines = document.lines;
  document.root.end = lines.size();
  std::size_t front = front_matter_size(lines);
  if (front > 0) document.root.children.push_back(front_matter(lines, front));
  auto tree = parse(lines.subspan(front));
  std::ranges::move(Reader(lines, front).blocks(tree.get(), front, lines.size(), 0, 0),
                    std::back_inserter(document.root.children));
  return document;
}

std::vector<std::string_view> table_cells(std::string_view line) {
  line = trimmed(line, blanks);
  if (line.starts_with('|')) line.remove_prefix(1);
  std::vector<std::string_view> cells;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[i] == '|') {
      cells.push_back(trimmed(line.substr(begin, i - begin), blanks));
      begin = i + 1;
    }
  }
  if (begin < line.size()) cells.push_back(trimmed(line.substr(begin), blanks));
  return cells;
}

std::string_view item_marker(const MarkdownDocument& document, const MarkdownNode& item) {
  std::string_view line = document.lines[item.begin].content.substr(item.offset);
  bool same_line = !item.children.empty() && item.children[0].begin == item.begin;
  return same_line ? line.substr(0, item.children[0].offset - item.offset) : line;
}

namespace {

std::string join(const MarkdownDocument& document, const MarkdownNode& node, bool own_ends) {
  std::string text;
  for (std::size_t i = node.begin; i < node.end; ++i) {
    const Line& line = document.lines[i];
    text += i == node.begin ? line.content.substr(std::min(node.offset, line.content.size())) : line.content;
    if (i + 1 < node.end) text += own_ends ? line.end : "\n";
  }
  return text;
}

}  // namespace

std::string raw_text(const MarkdownDocument& document, const MarkdownNode& node) { return join(document, node, true); }
std::string plain_text(const MarkdownDocument& document, const MarkdownNode& node) {
  return join(document, node, false);
}

}  // namespace aecos::text
