// The laws of the merge for random JSON documents with random edits on both sides, written in random styles.

#include "merge/laws_test_internal.h"
#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::merge {
namespace {

using laws::chance;
using laws::pick;

// A value with marks for scalars.
struct Node {
  enum class Kind { scalar, object, array } kind = Kind::scalar;
  std::string scalar;  // JSON text
  std::vector<std::pair<std::string, Node>> children;
  std::size_t shape = 0;  // Of arrays: what their elements are.
};

// Makes values of ever new marks.
class Maker {
 public:
  // Regular: every array has elements of one kind, which have an identity.
  explicit Maker(bool regular = false) : regular_(regular) {}

  bool regular() const { return regular_; }

  Node scalar() {
    if (chance(70)) return text_scalar();
    Node node;
    node.scalar = std::to_string(1000 + ++count_) + (chance(50) ? ".50" : "");
    return node;
  }

  Node text_scalar() {
    Node node;
    node.scalar = text::json_quote("m" + std::to_string(1000 + ++count_));
    return node;
  }

  Node value(std::size_t depth) {
    std::size_t kind = depth == 0 ? 0 : pick(6);
    if (kind < 2) return scalar();
    if (kind < 4) return object(depth - 1);
    return array(depth - 1);
  }

  Node object(std::size_t depth) {
    Node node;
    node.kind = Node::Kind::object;
    for (std::size_t i = pick(4); i > 0; --i) node.children.emplace_back(key(), value(depth));
    return node;
  }

  Node array(std::size_t depth) {
    Node node;
    node.kind = Node::Kind::array;
    node.shape = regular_ ? 4 + pick(2) : pick(4);
    for (std::size_t i = pick(5); i > 0; --i) node.children.emplace_back("", element(node, depth));
    return node;
  }

  // Of an array of scalars, of anything, of objects with names; in one that is not regular sometimes of another.
  Node element(const Node& array, std::size_t depth) {
    std::size_t shape = !regular_ && chance(10) ? pick(4) : array.shape;
    if (shape == 0) return scalar();
    if (shape == 4) return text_scalar();
    if (shape != 5 && (shape == 1 || depth == 0)) return value(depth);
    Node node = depth == 0 ? object(0) : object(depth - 1);
    node.children.emplace(node.children.begin(), shape == 2 ? "id" : "name", scalar());
    return node;
  }

  std::string key() { return "k" + std::to_string(++count_); }

 private:
  bool regular_;
  std::size_t count_ = 0;
};

bool is_name(const std::string& key) { return key == "id" || key == "name"; }

// Names are edited only where nothing else is: who gives an element a new name and new content has made another one.
// So has who moves an element without a name and edits it.
void collect(Node& node, bool names, std::vector<Node*>& all) {
  all.push_back(&node);
  for (auto& [key, child] : node.children) {
    if (names || !is_name(key)) collect(child, names, all);
  }
}

struct Kinds {
  bool names, moves;
};

void edit(Node& root, Maker& maker, Kinds kinds) {
  std::vector<Node*> all;
  collect(root, kinds.names, all);
  Node& node = *all[pick(all.size())];
  if (node.kind == Node::Kind::scalar) {
    node = maker.regular() ? maker.text_scalar() : chance(80) ? maker.scalar() : maker.value(1);
    return;
  }
  bool object = node.kind == Node::Kind::object;
  std::size_t size = node.children.size();
  auto at = [&](std::size_t place) { return node.children.begin() + static_cast<std::ptrdiff_t>(place); };
  std::size_t what = pick(4);
  if (what == 0 && size > 0) {
    std::size_t gone = pick(size);
    if (kinds.names || !is_name(node.children[gone].first)) node.children.erase(at(gone));
  } else if (what == 1 && size > 1 && (object || kinds.moves)) {
    std::size_t from = pick(size);
    auto child = node.children[from];
    node.children.erase(at(from));
    node.children.insert(at(pick(size)), std::move(child));
  } else {
    node.children.emplace(at(pick(size + 1)), object ? maker.key() : "",
                          object ? maker.value(1) : maker.element(node, 1));
  }
}

Node edited(Node root, Maker& maker) {
  std::size_t edits = 1 + pick(4);
  for (std::size_t i = 0; i < edits; ++i)
    edit(root, maker, {edits == 1 && !maker.regular(), edits == 1 || maker.regular()});
  return root;
}

// ---- Writing ----

struct Style {
  std::size_t indent = 2;
  std::string line_break = "\n", colon = ": ", comma = ",";
  bool reversed = false;  // The members of objects.
};

Style any_style() {
  Style style;
  style.indent = pick(3) * 2;
  if (style.indent == 0) style.line_break = "";
  if (chance(20)) style.colon = " : ";
  if (chance(20) && style.indent > 0) style.line_break = "\r\n";
  if (chance(20)) style.comma = " ,";
  style.reversed = chance(20);
  return style;
}

void write(const Node& node, const Style& style, std::size_t depth, std::string& out) {
  if (node.kind == Node::Kind::scalar) {
    out += node.scalar;
    return;
  }
  bool object = node.kind == Node::Kind::object;
  auto line = [&](std::size_t level) { (out += style.line_break).append(level * style.indent, ' '); };
  out += object ? '{' : '[';
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const auto& [key, child] = node.children[object && style.reversed ? node.children.size() - 1 - i : i];
    if (i > 0) out += style.comma;
    line(depth + 1);
    if (object) (out += text::json_quote(key)) += style.colon;
    write(child, style, depth + 1, out);
  }
  if (!node.children.empty()) line(depth);
  out += object ? '}' : ']';
}

std::string write(const Node& node, const Style& style) {
  std::string out;
  write(node, style, 0, out);
  return out + style.line_break;
}

// ---- Reading marks ----

void add_marks(text::JsonNode node, laws::Marks& marks) {
  if (node.is_string()) marks.emplace(*node.as_string());
  if (node.is_number()) marks.insert(text::canonical_number(node.raw()));
  for (text::JsonNode child : node) add_marks(child, marks);
}

laws::Marks marks_of(const std::string& source) {
  auto document = text::parse_json(source);
  RC_ASSERT(bool(document));
  laws::Marks marks;
  add_marks(document->root(), marks);
  return marks;
}

struct Case {
  std::string base, ours, theirs;
  Options options;
};

Case any_case(bool restyled, bool regular = false) {
  Maker maker(regular);
  Node base = chance(80) ? maker.object(3) : maker.array(3);
  Node ours = edited(base, maker), theirs = edited(base, maker);
  Style style = any_style();
  auto side_style = [&] { return restyled && chance(50) ? any_style() : style; };
  Case made{write(base, style), write(ours, side_style()), write(theirs, side_style()), {}};
  if (chance(10)) made.base.clear();
  made.options.path = chance(80) ? "a.json" : "a.geojson";
  made.options.policy = static_cast<Policy>(pick(5));
  made.options.integrated = chance(50) ? Side::ours : Side::theirs;
  RC_LOG() << "base\n" << made.base << "\nours\n" << made.ours << "\ntheirs\n" << made.theirs << "\n";
  return made;
}

TEST(JsonLaws, GeneralLaws) {
  laws::check([] {
    Case made = any_case(true);
    laws::check_general_laws(&merge_json, made.base, made.ours, made.theirs, made.options);
  });
}

TEST(JsonLaws, NothingIsLostOrInvented) {
  laws::check([] {
    Case made = any_case(true, chance(50));
    auto outcome = merge_json(made.base, made.ours, made.theirs, made.options);
    RC_ASSERT(bool(outcome));
    RC_LOG() << laws::show(*outcome);
    laws::MarkedMerge marks{{}, marks_of(made.ours), marks_of(made.theirs), marks_of(outcome->merged), {}};
    if (!made.base.empty()) marks.base = marks_of(made.base);
    for (const Conflict& conflict : outcome->conflicts) {
      for (const Value& value : {conflict.base, conflict.ours, conflict.theirs}) {
        if (value) marks.conflicts.merge(marks_of(*value));
      }
    }
    laws::check_nothing_lost(marks);
  });
}

// Merging the result again with a side brings nothing new.
TEST(JsonLaws, MergingAgainChangesNothing) {
  laws::check([] {
    Case made = any_case(true, true);
    auto first = merge_json(made.base, made.ours, made.theirs, made.options);
    if (!first->conflicts.empty()) RC_DISCARD("conflict");
    for (const std::string& side : {made.ours, made.theirs}) {
      auto again = merge_json(made.base, first->merged, side, made.options);
      RC_LOG() << laws::show(*first) << laws::show(*again);
      auto one = text::parse_json(first->merged), other = text::parse_json(again->merged);
      RC_ASSERT(equal(one->root(), other->root()));
      RC_ASSERT(again->conflicts.empty());
    }
  });
}

// Lines of base that neither side touched are in the result as they were: one value a line, one edit a side.
TEST(JsonLaws, WhatNobodyTouchedKeepsItsBytes) {
  laws::check([] {
    Maker maker;
    Node base = maker.object(3);
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < 6; ++i) base.children.emplace_back(maker.key(), maker.scalar());
    Style style = any_style();
    Node ours = base, theirs = base;
    std::size_t first = pick(base.children.size()), second = pick(base.children.size());
    if (first == second) RC_DISCARD("same place");
    ours.children[first].second = maker.scalar(), theirs.children[second].second = maker.scalar();
    Node both = ours;
    both.children[second].second = theirs.children[second].second;
    auto outcome = merge_json(write(base, style), write(ours, style), write(theirs, style), Options());
    RC_ASSERT(outcome->merged == write(both, style));
    RC_ASSERT(outcome->conflicts.empty());
  });
}

}  // namespace
}  // namespace aecos::merge
