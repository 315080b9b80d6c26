#include "diff/json.h"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace aecos::diff {
namespace {

using text::JsonKind;
using text::JsonNode;

bool can_name(JsonNode node) { return node.is_string() || node.is_number(); }

// What a text or number is called in a step; "1" and 1 differ by their quotes elsewhere, here by kind.
std::string name_of(JsonNode node) { return std::string(node.as_string().value_or(node.raw())); }

// By hash: a collision only makes an array one without identity.
using Seen = std::unordered_set<std::uint64_t>;

bool told_apart_by(std::span<const JsonNode> versions, std::string_view member) {
  return std::ranges::all_of(versions, [&](JsonNode array) {
    Seen seen;
    return std::ranges::all_of(array, [&](JsonNode element) {
      JsonNode name = element[member];
      return can_name(name) && seen.insert(name.hash()).second;
    });
  });
}

bool are_different_scalars(std::span<const JsonNode> versions) {
  return std::ranges::all_of(versions, [](JsonNode array) {
    Seen seen;
    return std::ranges::all_of(
        array, [&](JsonNode element) { return !element.is_container() && seen.insert(element.hash()).second; });
  });
}

JsonNode first_element(std::span<const JsonNode> versions) {
  for (JsonNode array : versions) {
    if (array.size() > 0) return array[0];
  }
  return {};
}

}  // namespace

JsonRules json_rules(std::string_view path) {
  JsonRules rules;
  rules.path_is_key = path.ends_with(".ifcx");
  rules.geometry = path.ends_with(".geojson");
  return rules;
}

ListIdentity list_identity(std::span<const JsonNode> versions, const JsonRules& rules) {
  using namespace std::string_view_literals;
  JsonNode first = first_element(versions);
  if (first.is_object()) {
    for (std::string_view member :
         {"path"sv, "id"sv, "guid"sv, "GlobalId"sv, "globalId"sv, "uuid"sv, "name"sv, "key"sv}) {
      if (member == "path" && !rules.path_is_key) continue;
      if (first[member] && told_apart_by(versions, member)) return {ListIdentity::Kind::member, member};
    }
  } else if (first && !first.is_container() && !(rules.geometry && first.is_number()) &&
             are_different_scalars(versions)) {
    return {ListIdentity::Kind::value, {}};
  }
  return {};
}

JsonNode identity_of(JsonNode element, const ListIdentity& identity) {
  return identity.kind == ListIdentity::Kind::member ? element[identity.member] : element;
}

std::string identity_step(JsonNode element, const ListIdentity& identity) {
  std::string name = name_of(identity_of(element, identity));
  return text::pointer_step("[" + std::string(identity.member) + "=" + name + "]");
}

Symbol JsonSymbols::of(JsonNode node) {
  constexpr Symbol none = UINT32_MAX;
  Symbol& first = by_hash_.try_emplace(node.hash(), none).first->second;
  for (Symbol symbol = first; symbol != none; symbol = known_[symbol].next) {
    if (equal(node, known_[symbol].node)) return symbol;
  }
  known_.push_back({node, first});
  return first = static_cast<Symbol>(known_.size() - 1);
}

std::vector<Symbol> JsonSymbols::of_children(JsonNode array) {
  std::vector<Symbol> symbols;
  symbols.reserve(array.size());
  for (JsonNode element : array) symbols.push_back(of(element));
  return symbols;
}

namespace {

std::vector<Pair> pair_by_identity(JsonNode before, JsonNode after, const ListIdentity& identity) {
  JsonSymbols symbols;
  for (JsonNode element : before) symbols.of(identity_of(element, identity));  // All different: 0, 1, 2 ...
  std::vector<Pair> pairs;
  for (JsonNode element : after) {
    Symbol place = symbols.of(identity_of(element, identity));
    if (place < before.size()) pairs.push_back({place, element.position()});
  }
  return pairs;
}

std::vector<Pair> pair_by_position(JsonNode before, JsonNode after) {
  JsonSymbols symbols;
  std::vector<Symbol> a = symbols.of_children(before), b = symbols.of_children(after);
  std::vector<Pair> pairs;
  std::size_t a_at = 0, b_at = 0;
  auto pair_up = [&](std::size_t count) {
    for (; count > 0; --count) pairs.push_back({a_at++, b_at++});
  };
  auto pair_facing = [&](std::size_t a_end, std::size_t b_end) {
    if (a_end - a_at == b_end - b_at) pair_up(a_end - a_at);
    a_at = a_end, b_at = b_end;
  };
  for (const CommonRun& run : common_runs(a, b)) {
    pair_facing(run.a, run.b);
    pair_up(run.length);
  }
  pair_facing(a.size(), b.size());
  return pairs;
}

}  // namespace

std::vector<Pair> pair_elements(JsonNode before, JsonNode after, const JsonRules& rules) {
  ListIdentity identity = list_identity(std::array{before, after}, rules);
  if (identity.kind == ListIdentity::Kind::position) return pair_by_position(before, after);
  return pair_by_identity(before, after, identity);
}

namespace {

Value value_of(JsonNode node) { return node ? Value(compact(node)) : std::nullopt; }

// Walks two versions of one place.
class Differ {
 public:
  Differ(const JsonRules& rules, std::vector<Change>& changes) : rules_(rules), changes_(changes) {}

  void compare(JsonNode before, JsonNode after, const std::string& at) {
    if (equal(before, after)) return;
    if (before.is_object() && after.is_object()) {
      compare_objects(before, after, at);
    } else if (before.is_array() && after.is_array()) {
      compare_arrays(before, after, at);
    } else {
      changes_.push_back({ChangeKind::text, {}, at, value_of(before), value_of(after)});
    }
  }

 private:
  void compare_objects(JsonNode before, JsonNode after, const std::string& at) {
    for (JsonNode member : after) compare(before[member.key()], member, at + "/" + text::pointer_step(member.key()));
    for (JsonNode member : before) {
      if (!after[member.key()]) compare(member, {}, at + "/" + text::pointer_step(member.key()));
    }
  }

  void compare_arrays(JsonNode before, JsonNode after, const std::string& at) {
    ListIdentity identity = list_identity(std::array{before, after}, rules_);
    bool positions = identity.kind == ListIdentity::Kind::position;
    auto step = [&](JsonNode element) {
      return at + "/" + (positions ? std::to_string(element.position()) : identity_step(element, identity));
    };
    std::vector<bool> kept(before.size());
    std::vector<Pair> pairs = positions ? pair_by_position(before, after) : pair_by_identity(before, after, identity);
    auto pair = pairs.begin();
    for (JsonNode element : after) {
      bool paired = pair != pairs.end() && pair->after == element.position();
      if (paired) kept[pair->before] = true;
      compare(paired ? before[(pair++)->before] : JsonNode(), element, step(element));
    }
    for (JsonNode element : before) {
      if (!kept[element.position()]) compare(element, {}, step(element));
    }
    bool ascending = std::ranges::is_sorted(pairs, {}, &Pair::before);
    if (!ascending) {
      changes_.push_back({ChangeKind::text, {}, at, list_order(before, identity), list_order(after, identity)});
    }
  }

  const JsonRules& rules_;
  std::vector<Change>& changes_;
};

}  // namespace

std::string list_order(JsonNode array, const ListIdentity& identity) {
  std::string names;
  for (JsonNode element : array) {
    names += names.empty() ? "" : ",";
    names += identity_of(element, identity).raw();
  }
  return "[" + names + "]";
}

void json_changes(JsonNode before, JsonNode after, const std::string& at, const JsonRules& rules,
                  std::vector<Change>& changes) {
  Differ(rules, changes).compare(before, after, at);
}

namespace {

// The element that a step like "[name=Walls]" names.
JsonNode element_named(JsonNode array, const std::string& step) {
  std::size_t equals = step.find('=');
  if (step.size() < 3 || step.front() != '[' || step.back() != ']' || equals == std::string::npos) return {};
  std::string member = step.substr(1, equals - 1), name = step.substr(equals + 1, step.size() - equals - 2);
  for (JsonNode element : array) {
    JsonNode id = member.empty() ? element : element[member];
    if (id && !id.is_container() && name_of(id) == name) return element;
  }
  return {};
}

}  // namespace

JsonNode find_place(const text::JsonDocument& document, std::string_view at) {
  JsonNode node = document.root();
  while (node && !at.empty()) {
    if (at[0] != '/') return {};
    std::size_t end = std::min(at.find('/', 1), at.size());
    std::string step = text::key_of_step(at.substr(1, end - 1));
    if (node.is_array()) {
      node = step.starts_with('[') ? element_named(node, step) : text::element_at(node, step);
    } else {
      node = node[step];
    }
    at.remove_prefix(end);
  }
  return node;
}

ElementRef element_of(JsonNode root) {
  const auto text = [&](const char* member) { return std::string(root[member].as_string().value_or("")); };
  if (!root.is_object() || !root["globalId"].as_string()) return {};
  return {text("globalId"), text("class"), text("name")};
}

Result<std::vector<Change>> diff_json(std::string_view before, std::string_view after, std::string_view path) {
  std::vector<text::JsonDocument> documents;
  std::array<JsonNode, 2> roots;
  std::array<std::string_view, 2> sources = {before, after};
  for (std::size_t i = 0; i < 2; ++i) {
    if (sources[i].empty()) continue;
    auto document = text::parse_json(sources[i]);
    if (!document) return Error{document.error().code, (i == 0 ? "before: " : "after: ") + document.error().message};
    roots[i] = document->root();
    documents.push_back(*std::move(document));
  }
  std::vector<Change> changes;
  json_changes(roots[0], roots[1], "", json_rules(path), changes);
  ElementRef element = element_of(roots[1]);
  if (element.global_id.empty()) element = element_of(roots[0]);
  for (Change& change : changes) change.element = element;
  return changes;
}

}  // namespace aecos::diff
