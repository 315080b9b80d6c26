#include <algorithm>
#include <array>

#include "diff/json.h"
#include "merge/json_internal.h"
#include "merge/json_style_internal.h"

namespace aecos::merge {

using text::JsonDocument;
using text::JsonNode;

std::string_view indentation_of(std::string_view gap) {
  std::size_t at = gap.rfind('\n');
  return at == std::string_view::npos ? std::string_view() : gap.substr(at + 1);
}

std::string_view last_line_of(std::string_view gap) {
  std::size_t at = gap.rfind('\n');
  if (at == std::string_view::npos) return gap;
  return gap.substr(at > 0 && gap[at - 1] == '\r' ? at - 1 : at);
}

bool has_only_scalars(JsonNode container) { return std::ranges::none_of(container, &JsonNode::is_container); }

std::size_t JsonGaps::after(std::size_t child) const {
  return source_.find_first_not_of(" \t\r\n", container_[child].span().end);
}

std::string_view JsonGaps::lead(std::size_t child) const {
  JsonNode node = container_[child];
  std::size_t begin = child == 0 ? container_.span().begin + 1 : after(child - 1) + 1;
  return cut(begin, container_.is_object() ? node.key_span().begin : node.span().begin);
}

std::string_view JsonGaps::trail(std::size_t child) const { return cut(container_[child].span().end, after(child)); }

std::string_view JsonGaps::colon(std::size_t child) const {
  return cut(container_[child].key_span().end, container_[child].span().begin);
}

namespace {

// Looks at containers in order until every habit has been seen.
class StyleReader {
 public:
  explicit StyleReader(std::string_view source) : source_(source) {}

  bool complete() const { return lines_ && colon_ && comma_ && lists_; }

  void look(JsonNode container) {
    JsonGaps gaps(container, source_);
    any_ = true;
    std::string_view lead = gaps.lead(0);
    if (!lines_ && has_line_break(lead)) look_at_lines(container, lead);
    if (!colon_ && container.is_object()) {
      style_.colon = gaps.colon(0);
      colon_ = true;
    }
    if (container.size() < 2) return;
    if (std::string_view second = gaps.lead(1); !comma_ && !has_line_break(second)) {
      style_.comma_gap = second;
      comma_ = true;
    }
    if (!lists_ && container.is_array() && has_only_scalars(container)) {
      style_.scalar_lists_inline = !has_line_break(lead);
      lists_ = true;
    }
  }

  JsonStyle style() {
    style_.lines = lines_ || !any_;
    if (!comma_ && colon_ && style_.colon == ":") style_.comma_gap = "";
    return style_;
  }

 private:
  void look_at_lines(JsonNode container, std::string_view lead) {
    lines_ = true;
    std::string_view begin = last_line_of(lead);
    style_.line_break = begin.substr(0, begin.find('\n') + 1);
    std::string_view inner = indentation_of(lead);
    std::string_view line = source_.substr(0, container.span().begin);
    line = line.substr(line.rfind('\n') + 1);
    std::string_view outer = line.substr(0, std::min(line.find_first_not_of(" \t"), line.size()));
    style_.unit = inner.starts_with(outer) ? inner.substr(outer.size()) : inner;
  }

  std::string_view source_;
  JsonStyle style_;
  bool any_ = false, lines_ = false, colon_ = false, comma_ = false, lists_ = false;
};

}  // namespace

JsonStyle json_style(const JsonDocument& document) {
  StyleReader reader(document.source());
  for (std::uint32_t i = 0; i < document.node_count() && !reader.complete(); ++i) {
    if (document.node(i).size() > 0) reader.look(document.node(i));
  }
  return reader.style();
}

namespace {

// Whether two documents differ in the way they write what they have in common.
class WritingComparer {
 public:
  WritingComparer(const JsonDocument& a, const JsonDocument& b, const diff::JsonRules& rules)
      : a_(a), b_(b), rules_(rules) {}

  bool differ() const { return head(a_) != head(b_) || tail(a_) != tail(b_) || differ(a_.root(), b_.root()); }

 private:
  static std::string_view head(const JsonDocument& d) { return d.source().substr(0, d.root().span().begin); }
  static std::string_view tail(const JsonDocument& d) { return d.source().substr(d.root().span().end); }

  bool differ(JsonNode a, JsonNode b) const {
    if (a.kind() != b.kind()) return false;
    if (!a.is_container()) return a.raw() != b.raw() && equal(a, b);
    JsonGaps a_gaps(a, a_.source()), b_gaps(b, b_.source());
    std::vector<diff::Pair> pairs = a.is_object() ? pair_members(a, b) : pair_elements(a, b, rules_);
    if (a.is_object() && !std::ranges::is_sorted(pairs, {}, &diff::Pair::before)) return true;
    return std::ranges::any_of(pairs, [&](diff::Pair pair) {
      auto [i, j] = pair;
      bool same_begin = (i == 0) == (j == 0), same_end = (i + 1 == a.size()) == (j + 1 == b.size());
      return (same_begin && a_gaps.lead(i) != b_gaps.lead(j)) || (same_end && a_gaps.trail(i) != b_gaps.trail(j)) ||
             a[i].key_raw() != b[j].key_raw() || (a.is_object() && a_gaps.colon(i) != b_gaps.colon(j)) ||
             differ(a[i], b[j]);
    });
  }

  static std::vector<diff::Pair> pair_members(JsonNode a, JsonNode b) {
    std::vector<diff::Pair> pairs;
    for (JsonNode member : b) {
      if (JsonNode other = a[member.key()]) pairs.push_back({other.position(), member.position()});
    }
    return pairs;
  }

  const JsonDocument& a_;
  const JsonDocument& b_;
  const diff::JsonRules& rules_;
};

}  // namespace

Side json_carrier(const JsonDocuments& documents, const diff::JsonRules& rules) {
  const auto& [base, ours, theirs] = documents;
  auto differ = [&](const JsonDocument& a, const JsonDocument& b) { return WritingComparer(a, b, rules).differ(); };
  Side smaller = theirs->source() < ours->source() ? Side::theirs : Side::ours;
  if (!base) return smaller;
  bool by_ours = differ(*base, *ours), by_theirs = differ(*base, *theirs);
  if (by_ours != by_theirs) return by_ours ? Side::ours : Side::theirs;
  if (!by_ours || differ(*ours, *theirs)) return Side::base;
  return smaller;
}

}  // namespace aecos::merge
