#include <algorithm>
#include <array>

#include "merge/json_internal.h"
#include "merge/json_style_internal.h"
#include "merge/order_internal.h"

namespace aecos::merge {
namespace {

using text::JsonDocument;
using text::JsonNode;

// How a value that the carrier does not have is laid out.
enum class Layout { one_line, as_written, a_line_each };

// A place to write to: the indentation of its line, and whether its container takes a line for each child.
struct Context {
  std::string_view indentation;
  bool lines;
};

// Recursion is as deep as the documents: json_depth_max.
class Writer {
 public:
  Writer(const JsonDocuments& documents, Side carrier, const diff::JsonRules& rules)
      : documents_(documents), source_(documents.of(carrier)->source()), rules_(rules) {
    bool shows_style = documents.of(carrier)->root().size() > 0;
    bool ours_first = documents.ours->source() <= documents.theirs->source();
    style_ = json_style(shows_style ? *documents.of(carrier) : ours_first ? *documents.ours : *documents.theirs);
  }

  std::string run(const JsonMerged& root, JsonNode carrier_root) {
    out_ = source_.substr(0, carrier_root.span().begin);
    write(root, {"", true});
    out_ += source_.substr(carrier_root.span().end);
    return std::move(out_);
  }

 private:
  void write(const JsonMerged& merged, Context context) {
    JsonNode carrier = merged.carrier;
    bool can_carry = carrier.is_container() && carrier.kind() == merged.value.kind() && carrier.size() > 0;
    if (merged.composed) {
      can_carry ? write_on(merged, context) : write_composed(merged, context);
    } else if (carrier && equal(merged.value, carrier)) {
      out_ += carrier.raw();
    } else if (can_carry) {
      write_on(expand(merged.value, carrier), context);
    } else {
      write_new(merged.value, context);
    }
  }

  // A container as its children, each at its place in the carrier.
  JsonMerged expand(JsonNode value, JsonNode carrier) const {
    JsonMerged merged;
    merged.value = value, merged.carrier = carrier, merged.composed = true;
    merged.children.reserve(value.size());
    if (value.is_object()) {
      expand_members(merged);
      return merged;
    }
    for (JsonNode element : value) merged.children.push_back({element, {}, false, {}, {}});
    for (auto [before, after] : pair_elements(carrier, value, rules_)) merged.children[after].carrier = carrier[before];
    return merged;
  }

  // The order of members means nothing: the carrier's stays.
  static void expand_members(JsonMerged& merged) {
    diff::Symbols symbols;
    std::vector<std::string_view> names;
    std::vector<diff::Symbol> wanted, kept;
    for (JsonNode member : merged.value) {
      wanted.push_back(symbols.of(member.key()));
      names.push_back(member.key());
    }
    for (JsonNode member : merged.carrier) {
      if (merged.value[member.key()]) kept.push_back(symbols.of(member.key()));
    }
    for (diff::Symbol symbol : merged_order({kept, wanted, kept, names}, Side::theirs)) {
      JsonNode member = merged.value[names[symbol]];
      merged.keys.push_back(member.key_raw());
      merged.children.push_back({member, merged.carrier[names[symbol]], false, {}, {}});
    }
  }

  // ---- On the carrier's text ----

  void write_on(const JsonMerged& merged, Context context) {
    JsonNode carrier = merged.carrier;
    bool object = carrier.is_object();
    JsonGaps gaps(carrier, source_);
    std::size_t last = carrier.size() - 1;
    out_ += object ? '{' : '[';
    std::string_view separator = carrier.size() > 1 ? last_line_of(gaps.lead(1)) : new_separator(gaps.lead(0));
    for (std::size_t i = 0; i < merged.children.size(); ++i) {
      const JsonMerged& child = merged.children[i];
      std::size_t place = child.carrier ? child.carrier.position() : 0;
      if (i > 0) out_ += ',';
      if (child.carrier && place > 0) separator = last_line_of(gaps.lead(place));
      std::string_view lead = i == 0 ? gaps.lead(0) : child.carrier && place > 0 ? gaps.lead(place) : separator;
      out_ += lead;
      if (object) {
        out_ += child.carrier ? child.carrier.key_raw() : merged.keys[i];
        out_ += gaps.colon(place);
      }
      bool line = has_line_break(lead);
      write(child, {line ? indentation_of(lead) : context.indentation, line});
      if (child.carrier && place < last && i + 1 < merged.children.size()) out_ += gaps.trail(place);
    }
    if (!merged.children.empty()) out_ += gaps.trail(last);
    out_ += object ? '}' : ']';
  }

  std::string_view new_separator(std::string_view first_lead) const {
    return has_line_break(first_lead) ? last_line_of(first_lead) : style_.comma_gap;
  }

  // ---- What the carrier does not have ----

  void write_composed(const JsonMerged& merged, Context context) {
    bool object = merged.value.is_object();
    bool scalars = std::ranges::none_of(
        merged.children, [](const JsonMerged& child) { return child.composed || child.value.is_container(); });
    bool lines = style_.lines && context.lines && (object || !scalars || !style_.scalar_lists_inline);
    std::string inner = std::string(context.indentation) + std::string(style_.unit);
    out_ += object ? '{' : '[';
    for (std::size_t i = 0; i < merged.children.size(); ++i) {
      begin_child(i, lines, inner, "");
      if (object) (out_ += merged.keys[i]) += style_.colon;
      write(merged.children[i], {inner, lines});
    }
    if (lines && !merged.children.empty()) new_line(context.indentation);
    out_ += object ? '}' : ']';
  }

  void begin_child(std::size_t position, bool line, std::string_view indentation, std::string_view padding) {
    if (position > 0) out_ += ',';
    if (line) {
      new_line(indentation);
    } else {
      out_ += position > 0 ? style_.comma_gap : padding;
    }
  }

  void new_line(std::string_view indentation) { (out_ += style_.line_break) += indentation; }

  void write_new(JsonNode value, Context context) {
    if (value.size() == 0) {
      out_ += value.raw();
      return;
    }
    const JsonDocument& from = document_of(value);
    JsonStyle style = json_style(from);
    bool has_lines = has_line_break(value.raw()), may_have_lines = style_.lines && context.lines;
    Layout layout = !may_have_lines ? Layout::one_line
                    : has_lines     ? Layout::as_written
                    : style.lines   ? Layout::one_line
                                    : Layout::a_line_each;
    bool fits = layout == Layout::as_written
                    ? indentation_of(JsonGaps(value, from.source()).trail(value.size() - 1)) == context.indentation
                    : layout == Layout::one_line && !has_lines;
    if (fits && style == style_) {
      out_ += value.raw();
    } else {
      respell(value, from.source(), layout, std::string(context.indentation));
    }
  }

  const JsonDocument& document_of(JsonNode node) const {
    while (node.parent()) node = node.parent();
    for (Side side : {Side::base, Side::ours}) {
      if (documents_.of(side) && documents_.of(side)->root() == node) return *documents_.of(side);
    }
    return *documents_.theirs;
  }

  // The value with this document's white space, scalars and keys as they are written.
  void respell(JsonNode value, std::string_view source, Layout layout, const std::string& indentation) {
    if (value.size() == 0) {
      out_ += value.raw();
      return;
    }
    JsonGaps gaps(value, source);
    std::string inner = indentation + std::string(style_.unit);
    bool each =
        layout == Layout::a_line_each && (value.is_object() || !has_only_scalars(value) || !style_.scalar_lists_inline);
    auto breaks = [&](std::string_view gap) { return each || (layout == Layout::as_written && has_line_break(gap)); };
    out_ += value.is_object() ? '{' : '[';
    for (std::size_t i = 0; i < value.size(); ++i) {
      std::string_view lead = gaps.lead(i);
      begin_child(i, breaks(lead), inner, has_line_break(lead) ? "" : lead);
      if (value.is_object()) (out_ += value[i].key_raw()) += style_.colon;
      respell(value[i], source, layout, inner);
    }
    std::string_view tail = gaps.trail(value.size() - 1);
    if (breaks(tail)) {
      new_line(indentation);
    } else if (!has_line_break(tail)) {
      out_ += tail;
    }
    out_ += value.is_object() ? '}' : ']';
  }

  const JsonDocuments& documents_;
  std::string_view source_;
  diff::JsonRules rules_;
  JsonStyle style_;
  std::string out_;
};

}  // namespace

std::string write_json(const JsonMerged& root, const JsonDocuments& documents, Side carrier,
                       const diff::JsonRules& rules) {
  return Writer(documents, carrier, rules).run(root, documents.of(carrier)->root());
}

}  // namespace aecos::merge
