#include "diff/json.h"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/hash.h"
#include "merge/conflict_internal.h"
#include "merge/json_internal.h"
#include "merge/order_internal.h"
#include "merge/sequence.h"

namespace aecos::merge {
namespace {

using diff::Change;
using diff::ListIdentity;
using diff::Symbol;
using text::JsonDocument;
using text::JsonNode;

Value value_of(JsonNode node) { return node ? Value(compact(node)) : std::nullopt; }

// What stands at a place in the merged file; nothing where it is gone.
using Place = std::optional<JsonMerged>;

class JsonMerger {
 public:
  // `element`: the one that the document is about, or empty.
  JsonMerger(const Options& options, const diff::JsonRules& rules, Side carrier, diff::ElementRef element,
             Outcome& outcome)
      : options_(options), rules_(rules), carrier_(carrier), element_(std::move(element)), outcome_(outcome) {}

  // Recursion is as deep as the documents: json_depth_max.
  Place merge(const JsonTriple& at_place, const std::string& at) {
    const auto& [base, ours, theirs] = at_place;
    if (equal(ours, theirs)) {
      if (!equal(base, ours)) take(Side::ours, true, base, ours, at);
      return whole(ours, at_place);
    }
    if (equal(base, ours)) {
      take(Side::theirs, false, base, theirs, at);
      return whole(theirs, at_place);
    }
    if (equal(base, theirs)) {
      take(Side::ours, false, base, ours, at);
      return whole(ours, at_place);
    }
    if (!ours || !theirs) return conflict(ConflictKind::deleted_changed, at_place, at, keep_change(!ours));
    if (ours.is_object() && theirs.is_object() && (!base || base.is_object())) return merge_objects(at_place, at);
    if (ours.is_array() && theirs.is_array() && (!base || base.is_array())) return merge_arrays(at_place, at);
    return conflict_of_values(at_place, at);
  }

 private:
  Place whole(JsonNode value, const JsonTriple& at_place) const {
    if (!value) return std::nullopt;
    JsonMerged merged;
    merged.value = value, merged.carrier = at_place.of(carrier_);
    return merged;
  }

  JsonMerged composed(const JsonTriple& at_place) const {
    JsonMerged merged;
    merged.value = at_place.ours, merged.carrier = at_place.of(carrier_), merged.composed = true;
    return merged;
  }

  void take(Side side, bool both, JsonNode before, JsonNode after, const std::string& at) {
    std::vector<Change> changes;
    diff::json_changes(before, after, at, rules_, changes);
    for (Change& change : changes) {
      change.element = element_;
      outcome_.taken.push_back({side, both, std::move(change)});
    }
  }

  Side record(ConflictKind kind, const std::string& at, Value base, Value ours, Value theirs,
              const std::optional<Rule>& rule = {}) {
    Conflict& conflict = outcome_.conflicts.emplace_back();
    conflict.element = element_, conflict.at = at, conflict.kind = kind;
    conflict.base = std::move(base), conflict.ours = std::move(ours), conflict.theirs = std::move(theirs);
    return settle(conflict, options_, rule);
  }

  Place conflict(ConflictKind kind, const JsonTriple& at_place, const std::string& at,
                 const std::optional<Rule>& rule = {}) {
    Side chosen = record(kind, at, value_of(at_place.base), value_of(at_place.ours), value_of(at_place.theirs), rule);
    if (at.empty() && !at_place.of(chosen)) {  // A document is never without a value.
      chosen = outcome_.conflicts.back().chosen = options_.integrated;
      outcome_.conflicts.back().because = "there is no base";
    }
    return whole(at_place.of(chosen), at_place);
  }

  Place conflict_of_values(const JsonTriple& at_place, const std::string& at) {
    return conflict(at_place.base ? ConflictKind::both_changed : ConflictKind::both_added, at_place, at);
  }

  // Members of an object or elements of a keyed list: each symbol's place in each version.
  struct Table {
    std::vector<JsonTriple> rows;         // By symbol.
    std::vector<std::string_view> names;  // By symbol.
    std::vector<Symbol> base, ours, theirs;

    OrderInput order() const { return {base, ours, theirs, names}; }
    void add(Symbol symbol, std::string_view name, JsonNode node, Side side) {
      if (symbol >= rows.size()) rows.resize(symbol + 1), names.resize(symbol + 1);
      names[symbol] = name;
      (side == Side::base ? rows[symbol].base : side == Side::ours ? rows[symbol].ours : rows[symbol].theirs) = node;
      (side == Side::base ? base : side == Side::ours ? ours : theirs).push_back(symbol);
    }
    // What one side deleted and the other left alone has no part in the order.
    void drop_deleted() {
      std::erase_if(ours, [&](Symbol s) { return !rows[s].theirs && equal(rows[s].base, rows[s].ours); });
      std::erase_if(theirs, [&](Symbol s) { return !rows[s].ours && equal(rows[s].base, rows[s].theirs); });
    }
    // Deletions have no place in the merged order but are to be reported: what only base lists, and what was dropped.
    std::vector<Symbol> gone(const std::vector<Symbol>& order) const {
      std::vector<bool> there(rows.size());
      for (Symbol symbol : order) there[symbol] = true;
      std::vector<Symbol> gone;
      std::ranges::copy_if(base, std::back_inserter(gone), [&](Symbol symbol) { return !there[symbol]; });
      return gone;
    }
  };

  static constexpr std::array sides = {Side::base, Side::ours, Side::theirs};

  Place merge_objects(const JsonTriple& at_place, const std::string& at) {
    Table table;
    diff::Symbols symbols;
    for (Side side : sides) {
      for (JsonNode member : at_place.of(side)) table.add(symbols.of(member.key()), member.key(), member, side);
    }
    table.drop_deleted();
    std::vector<Symbol> order = merged_order(table.order(), natural_leader(table.order(), order_change(table.order())));
    JsonMerged object = composed(at_place);
    auto step = [&](Symbol symbol) { return at + "/" + text::pointer_step(table.names[symbol]); };
    for (Symbol symbol : order) {
      const JsonTriple& row = table.rows[symbol];
      Place member = merge(row, step(symbol));
      if (!member) continue;
      object.keys.push_back((row.ours ? row.ours : row.theirs ? row.theirs : row.base).key_raw());
      object.children.push_back(std::move(*member));
    }
    for (Symbol symbol : table.gone(order)) merge(table.rows[symbol], step(symbol));
    return object;
  }

  Place merge_arrays(const JsonTriple& at_place, const std::string& at) {
    ListIdentity identity = diff::list_identity(std::array{at_place.base, at_place.ours, at_place.theirs}, rules_);
    if (identity.kind == ListIdentity::Kind::member) return merge_keyed(at_place, identity, at);
    if (identity.kind == ListIdentity::Kind::value && is_set(at_place)) return merge_keyed(at_place, identity, at);
    if (!at_place.base) return conflict_of_values(at_place, at);
    return merge_by_position(at_place, at);
  }

  // Whether an array of different scalars is used as a set: the sides add, remove and move, and do not both put values
  // of their own in the place of others, as in a vector. What was empty before could be a vector unless it holds texts.
  static bool is_set(const JsonTriple& at_place) {
    const auto& [base, ours, theirs] = at_place;
    if (base.size() == 0) {
      return std::ranges::all_of(ours, &JsonNode::is_string) && std::ranges::all_of(theirs, &JsonNode::is_string);
    }
    diff::JsonSymbols table;
    std::vector<Symbol> b = table.of_children(base), o = table.of_children(ours), t = table.of_children(theirs);
    return !replaces(b, o, t) || !replaces(b, t, o);
  }

  // Whether values that the other side does not have stand where others were removed.
  static bool replaces(std::span<const Symbol> before, std::span<const Symbol> after, std::span<const Symbol> other) {
    std::vector<std::uint8_t> in(before.size() + after.size() + other.size());  // Bits: before, after, other.
    for (Symbol symbol : before) in[symbol] |= 1;
    for (Symbol symbol : after) in[symbol] |= 2;
    for (Symbol symbol : other) in[symbol] |= 4;
    std::size_t before_at = 0, after_at = 0;
    auto replaced_until = [&](std::size_t before_end, std::size_t after_end) {
      auto removed = before.subspan(before_at, before_end - before_at),
           added = after.subspan(after_at, after_end - after_at);
      return std::ranges::any_of(removed, [&](Symbol symbol) { return !(in[symbol] & 2); }) &&
             std::ranges::any_of(added, [&](Symbol symbol) { return in[symbol] == 2; });
    };
    for (const diff::CommonRun& run : diff::common_runs(before, after)) {
      if (replaced_until(run.a, run.b)) return true;
      before_at = run.a + run.length, after_at = run.b + run.length;
    }
    return replaced_until(before.size(), after.size());
  }

  Place merge_keyed(const JsonTriple& at_place, const ListIdentity& identity, const std::string& at) {
    Table table;
    diff::JsonSymbols symbols;
    for (Side side : sides) {
      for (JsonNode element : at_place.of(side)) {
        JsonNode name = identity_of(element, identity);
        table.add(symbols.of(name), name.raw(), element, side);
      }
    }
    if (identity.kind == ListIdentity::Kind::member) follow_renames(table, identity.member);
    table.drop_deleted();
    std::vector<Symbol> order = merged_order(table.order(), order_leader(table.order(), at_place, identity, at));
    JsonMerged array = composed(at_place);
    auto step = [&](const JsonTriple& row) {
      return at + "/" + identity_step(row.ours ? row.ours : row.theirs ? row.theirs : row.base, identity);
    };
    for (Symbol symbol : order) {
      Place element = merge(table.rows[symbol], step(table.rows[symbol]));
      if (element) array.children.push_back(std::move(*element));
    }
    for (Symbol symbol : table.gone(order)) merge(table.rows[symbol], step(table.rows[symbol]));
    return array;
  }

  // An element that one side gave another identity is still that element: where one is gone from a side and a new one,
  // unknown to the other side, has at least half of its other members.
  static void follow_renames(Table& table, std::string_view member) {
    for (auto [side, other] :
         {std::pair(&JsonTriple::ours, &JsonTriple::theirs), {&JsonTriple::theirs, &JsonTriple::ours}}) {
      std::unordered_multimap<std::uint64_t, Symbol> gone;  // By member and value.
      for (Symbol symbol : table.base) {
        if (!(table.rows[symbol].*side)) {
          for (JsonNode child : table.rows[symbol].base)
            gone.emplace(mix(hash_bytes(child.key()), child.hash()), symbol);
        }
      }
      for (Symbol& symbol : side == &JsonTriple::ours ? table.ours : table.theirs) {
        JsonTriple& row = table.rows[symbol];
        if (row.base || row.*other || gone.empty()) continue;
        Symbol old = most_alike(row.*side, gone, member);
        if (old == no_symbol || table.rows[old].*side) continue;
        table.rows[old].*side = std::exchange(row.*side, JsonNode());
        symbol = old;
      }
    }
  }

  static constexpr Symbol no_symbol = UINT32_MAX;

  static Symbol most_alike(JsonNode element, const std::unordered_multimap<std::uint64_t, Symbol>& gone,
                           std::string_view member) {
    std::map<Symbol, std::size_t> shared;
    constexpr std::ptrdiff_t telling = 16;  // A value that more of them have tells nothing.
    for (JsonNode child : element) {
      auto [first, last] = gone.equal_range(mix(hash_bytes(child.key()), child.hash()));
      if (child.key() == member || std::distance(first, last) > telling) continue;
      for (auto found = first; found != last; ++found) ++shared[found->second];
    }
    auto best = std::ranges::max_element(shared, {}, [](const auto& entry) { return entry.second; });
    bool enough = best != shared.end() && best->second * 2 >= element.size() - 1;
    return enough ? best->first : no_symbol;
  }

  // Whose order a keyed list follows, with its conflict or what was taken.
  Side order_leader(const OrderInput& input, const JsonTriple& at_place, const ListIdentity& identity,
                    const std::string& at) {
    OrderChange change = order_change(input);
    auto order = [&](Side side) { return Value(list_order(at_place.of(side), identity)); };
    if (change == OrderChange::conflict) {
      return record(ConflictKind::list_order, at, order(Side::base), order(Side::ours), order(Side::theirs));
    }
    Side leader = natural_leader(input, change);
    if (change != OrderChange::none) {
      Change moved{diff::ChangeKind::text, {}, at, order(Side::base), order(leader)};
      moved.element = element_;
      outcome_.taken.push_back({leader, change == OrderChange::both, std::move(moved)});
    }
    return leader;
  }

  Place merge_by_position(const JsonTriple& at_place, const std::string& at) {
    diff::JsonSymbols symbols;
    std::vector<Symbol> base = symbols.of_children(at_place.base), ours = symbols.of_children(at_place.ours),
                        theirs = symbols.of_children(at_place.theirs);
    std::vector<Region> regions = merge_sequences(base, ours, theirs, Touching::merges);
    if (is_doubled(regions, base, ours, theirs)) return conflict_of_lists(at_place, base, ours, theirs, at);
    for (const Region& region : regions) {
      if (region.kind != Region::Kind::conflict || can_pair(region, at_place) || can_keep_both(region, at_place))
        continue;
      return conflict_of_lists(at_place, base, ours, theirs, at);
    }
    JsonMerged array = composed(at_place);
    for (const Region& region : regions) add_region(region, at_place, at, array);
    return array;
  }

  // A list as one value. Where things were only put in another order, that is what the conflict is about.
  Place conflict_of_lists(const JsonTriple& at_place, std::vector<Symbol> base, std::vector<Symbol> ours,
                          std::vector<Symbol> theirs, const std::string& at) {
    for (std::vector<Symbol>* list : {&base, &ours, &theirs}) std::ranges::sort(*list);
    bool things = std::ranges::all_of(at_place.base, &JsonNode::is_container);
    bool reordered = things && base == ours && base == theirs;
    return conflict(reordered ? ConflictKind::list_order : ConflictKind::both_changed, at_place, at);
  }

  // Whether an element would stand in the list more often than it should: moved by both to different places, moved by
  // one and removed by the other, added by both at different places.
  static bool is_doubled(const std::vector<Region>& regions, std::span<const Symbol> base, std::span<const Symbol> ours,
                         std::span<const Symbol> theirs) {
    std::size_t count = base.size() + ours.size() + theirs.size();
    std::vector<std::ptrdiff_t> in_base(count), in_ours(count), in_theirs(count), room(count);
    for (Symbol symbol : base) ++in_base[symbol];
    for (Symbol symbol : ours) ++in_ours[symbol];
    for (Symbol symbol : theirs) ++in_theirs[symbol];
    for (std::size_t i = 0; i < count; ++i) {
      bool added = in_ours[i] >= in_base[i] && in_theirs[i] >= in_base[i];
      room[i] = added ? std::max(in_ours[i], in_theirs[i]) : in_ours[i] + in_theirs[i] - in_base[i];
    }
    auto fits = [&](std::span<const Symbol> list, const Range& range) {
      return std::ranges::all_of(list.subspan(range.begin, range.size()),
                                 [&](Symbol symbol) { return --room[symbol] >= 0; });
    };
    return !std::ranges::all_of(regions, [&](const Region& region) {
      if (region.kind == Region::Kind::conflict) return true;
      return region.kind == Region::Kind::theirs ? fits(theirs, region.theirs) : fits(ours, region.ours);
    });
  }

  static bool all_in(const Region& region, const JsonTriple& at_place, bool (JsonNode::*is)() const) {
    auto all = [&](JsonNode list, Range range) {
      for (std::size_t i = range.begin; i < range.end; ++i) {
        if (!(list[i].*is)()) return false;
      }
      return true;
    };
    return all(at_place.base, region.base) && all(at_place.ours, region.ours) && all(at_place.theirs, region.theirs);
  }

  // Elements that face each other are versions of one thing; a side may have deleted all of them.
  static bool can_pair(const Region& region, const JsonTriple& at_place) {
    auto fits = [&](const Range& range) { return range.size() == region.base.size() || range.empty(); };
    return !region.base.empty() && fits(region.ours) && fits(region.theirs) &&
           all_in(region, at_place, &JsonNode::is_container);
  }

  // Different objects added at one place are different things.
  static bool can_keep_both(const Region& region, const JsonTriple& at_place) {
    return region.base.empty() && all_in(region, at_place, &JsonNode::is_object);
  }

  void add_region(const Region& region, const JsonTriple& at_place, const std::string& at, JsonMerged& array) {
    if (region.kind == Region::Kind::conflict && region.base.empty()) return add_both(region, at_place, at, array);
    std::size_t count = std::max({region.base.size(), region.ours.size(), region.theirs.size()});
    bool facing = std::ranges::all_of(std::array{region.base, region.ours, region.theirs},
                                      [&](const Range& range) { return range.size() == count || range.empty(); });
    if (!facing) return add_replaced(region, at_place, at, array);
    for (std::size_t i = 0; i < count; ++i) {
      auto pick = [i](JsonNode list, const Range& range) { return range.empty() ? JsonNode() : list[range.begin + i]; };
      add({pick(at_place.base, region.base), pick(at_place.ours, region.ours), pick(at_place.theirs, region.theirs)},
          at, array);
    }
  }

  void add(const JsonTriple& element, const std::string& at, JsonMerged& array) {
    Place place = merge(element, at + "/" + std::to_string(array.children.size()));
    if (place) array.children.push_back(std::move(*place));
  }

  // Other elements than before, in another number, from one side or the same from both.
  void add_replaced(const Region& region, const JsonTriple& at_place, const std::string& at, JsonMerged& array) {
    Region::Kind kind = region.kind;
    auto fill = [&](JsonTriple& element, JsonNode node) {
      if (kind != Region::Kind::theirs) element.ours = node;
      if (kind != Region::Kind::ours) element.theirs = node;
    };
    bool from_theirs = kind == Region::Kind::theirs;
    const Range& old_range = region.base;
    for (std::size_t i = old_range.begin; i < old_range.end; ++i) {
      JsonTriple removed{at_place.base[i], at_place.base[i], at_place.base[i]};
      fill(removed, {});
      add(removed, at, array);
    }
    const Range& range = from_theirs ? region.theirs : region.ours;
    for (std::size_t i = 0; i < range.size(); ++i) {
      JsonTriple added;
      if (kind != Region::Kind::theirs) added.ours = at_place.ours[region.ours.begin + i];
      if (kind != Region::Kind::ours) added.theirs = at_place.theirs[region.theirs.begin + i];
      add(added, at, array);
    }
  }

  // Additions of both at one place: one side's, then the other's that are not among them. Which comes first depends on
  // what they are, not on whose they are.
  void add_both(const Region& region, const JsonTriple& at_place, const std::string& at, JsonMerged& array) {
    auto slice = [](JsonNode list, const Range& range) {
      std::vector<JsonNode> nodes;
      for (std::size_t i = range.begin; i < range.end; ++i) nodes.push_back(list[i]);
      return nodes;
    };
    std::vector<JsonNode> ours = slice(at_place.ours, region.ours), theirs = slice(at_place.theirs, region.theirs);
    auto text = [](JsonNode node) { return compact(node); };
    bool theirs_first = std::ranges::lexicographical_compare(theirs, ours, {}, text, text);
    diff::JsonSymbols symbols;
    std::vector<JsonTriple> rows;
    std::vector<std::vector<std::size_t>> waiting;  // By symbol: rows of the first side without a partner, last first.
    auto put = [&](const std::vector<JsonNode>& nodes, JsonNode JsonTriple::*side, bool first) {
      for (JsonNode node : nodes) {
        Symbol symbol = symbols.of(node);
        if (symbol >= waiting.size()) waiting.resize(symbol + 1);
        std::size_t row = rows.size();
        if (first || waiting[symbol].empty()) {
          rows.emplace_back();
        } else {
          row = waiting[symbol].back();
          waiting[symbol].pop_back();
        }
        rows[row].*side = node;
        if (first) waiting[symbol].push_back(row);
      }
    };
    put(theirs_first ? theirs : ours, theirs_first ? &JsonTriple::theirs : &JsonTriple::ours, true);
    put(theirs_first ? ours : theirs, theirs_first ? &JsonTriple::ours : &JsonTriple::theirs, false);
    for (const JsonTriple& row : rows) add(row, at, array);
  }

  const Options& options_;
  diff::JsonRules rules_;
  Side carrier_;
  diff::ElementRef element_;
  Outcome& outcome_;
};

Error in_version(Side side, const Error& error) {
  return {ErrorCode::invalid_input, std::string(to_string(side)) + ":" + error.message};
}

// A merge that needs no reading: the text that stands, with what changed as far as it can be read.
Outcome take_whole(std::string_view base, std::string_view ours, std::string_view theirs, const Options& options) {
  Outcome outcome;
  outcome.merged = base == ours ? theirs : ours;
  auto changes = diff::diff_json(base, outcome.merged, options.path);
  if (!changes) return outcome;
  for (Change& change : *changes) {
    outcome.taken.push_back({base == ours ? Side::theirs : Side::ours, ours == theirs, std::move(change)});
  }
  return outcome;
}

}  // namespace

Result<Outcome> merge_json(std::string_view base, std::string_view ours, std::string_view theirs,
                           const Options& options) {
  if (ours == theirs || base == ours || base == theirs) return take_whole(base, ours, theirs, options);
  std::optional<JsonDocument> base_document;
  if (!base.empty()) {
    auto document = text::parse_json(base);
    if (!document) return in_version(Side::base, document.error());
    base_document = *std::move(document);
  }
  auto our_document = text::parse_json(ours);
  if (!our_document) return in_version(Side::ours, our_document.error());
  auto their_document = text::parse_json(theirs);
  if (!their_document) return in_version(Side::theirs, their_document.error());

  JsonDocuments documents{base_document ? &*base_document : nullptr, &*our_document, &*their_document};
  diff::JsonRules rules = diff::json_rules(options.path);
  Side carrier = json_carrier(documents, rules);
  Outcome outcome;
  JsonNode base_root = base_document ? base_document->root() : JsonNode();
  diff::ElementRef element = diff::element_of(base_root ? base_root : our_document->root());
  JsonMerger merger(options, rules, carrier, std::move(element), outcome);
  Place merged = merger.merge({base_root, our_document->root(), their_document->root()}, "");
  if (merged) outcome.merged = write_json(*merged, documents, carrier, rules);
  return outcome;
}

}  // namespace aecos::merge
