// Which instance is which: the same token for the same thing in every version of a model.

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <set>
#include <unordered_map>

#include "base/hash.h"
#include "base/parallel.h"
#include "ifc/model.h"
#include "step/token.h"

namespace aecos::ifc {
namespace {

constexpr std::uint64_t relation_salt = 0x72656c6174696f6eULL;

// The first attribute as it stands, quotes and all: GlobalIds need no decoding.
std::string_view first_attribute(const Model& model, Index i) {
  step::Tokens tokens(model.file.args(i));
  tokens.next();
  return tokens.next().text;
}

Token global_id_token(const Model& model, Index i) {
  const std::string_view text = first_attribute(model, i);
  if (!text.starts_with('\'') || text.size() < 3) return 0;
  const Token token = hash_bytes(text);
  return model.traits(i).role == Role::relation ? mix(token, relation_salt) : token;
}

// Class and name(s); 0 where there is no name.
Token name_token(const Model& model, Index i) {
  const ClassTraits& traits = model.traits(i);
  const auto attributes = model.attributes(i);
  if (attributes.empty()) return 0;
  if (traits.entity != nullptr && traits.entity->name.ends_with("Context")) {
    Token token = traits.hash;
    for (const std::size_t k : {0U, 1U, 8U})  // Identifier, type, target view.
      if (k < attributes.size()) token = mix(token, hash_bytes(attributes[k]));
    return token;
  }
  const int at = traits.entity == nullptr ? 0 : schema::attribute_index(*traits.entity, "Name");
  if (at < 0 || static_cast<std::size_t>(at) >= attributes.size()) return 0;
  const std::string_view name = attributes[static_cast<std::size_t>(at)];
  if (!name.starts_with('\'') || name.size() < 3) return 0;
  return mix(traits.hash, hash_bytes(step::decode_string(name)));
}

// Which instances share a GlobalId with others: real files have them. Without those that have it alone.
using Doubles = std::unordered_map<Token, std::vector<Index>>;

// What is looked at more than once, in the order of the file.
struct Lists {
  Doubles doubles;
  std::vector<Index> movable, resources, types;  // Types: relations that give elements their type.
};

// With `base`, what stands there in the same bytes is taken over.
Lists identify_rooted(Model& model, const Model* base) {
  Lists lists;
  model.token.assign(model.size(), 0);
  if (base != nullptr) model.by_token.reserve(base->by_token.size());
  for (Index i = 0; i < model.size(); ++i) {
    const ClassTraits& traits = model.traits(i);
    if (traits.movable_identity) lists.movable.push_back(i);
    if (traits.role == Role::resource) lists.resources.push_back(i);
    if (traits.defines_by_type) lists.types.push_back(i);
    if (traits.role == Role::owner_history) model.token[i] = relation_salt;
    if (traits.role != Role::object && traits.role != Role::relation) continue;
    const Index same = base == nullptr || model.file.same.empty() ? no_instance : model.file.same[i];
    const Token token = same == no_instance ? global_id_token(model, i) : base->token[same];
    model.token[i] = token;
    if (token == 0) continue;
    if (model.by_token.insert(token, i)) continue;
    auto& group = lists.doubles[token];
    if (group.empty()) group.push_back(model.by_token.find(token));
    group.push_back(i);
  }
  return lists;
}

// One of several instances with one GlobalId, and what tells it apart: from class, name and other plain attributes down
// to nothing.
struct Sharer {
  static constexpr std::size_t levels = 4;
  std::array<std::uint64_t, levels> likeness;
  Index i;
};

Sharer sharer(const Model& model, Index i) {
  const std::uint64_t of_class = model.traits(i).hash;
  const std::uint64_t of_name = mix(of_class, hash_bytes(model.name(i)));
  std::uint64_t of_content = of_name;
  const auto attributes = model.attributes(i);
  for (std::size_t k = 3; k < attributes.size(); ++k)  // Behind GlobalId, owner history and name.
    if (attributes[k].find('#') == std::string_view::npos) of_content = mix(of_content, hash_bytes(attributes[k]));
  return {{of_content, of_name, of_class, 0}, i};
}

void give_token(Model& model, Index i, Token token, std::size_t ordinal) {
  model.token[i] = ordinal == 0 ? token : mix(token, ordinal);
  model.by_token.set(model.token[i], i);
}

// Each of the side's gets the token of the one in base that is most like it; those left over get tokens of their own.
void match_sharers(const std::vector<Sharer>& known, Model& side, std::vector<Sharer> sharers, Token token) {
  std::vector<bool> used(known.size());
  for (std::size_t level = 0; level < Sharer::levels; ++level) {
    std::unordered_map<std::uint64_t, std::deque<std::size_t>> waiting;
    for (std::size_t k = 0; k < known.size(); ++k)
      if (!used[k]) waiting[known[k].likeness[level]].push_back(k);
    std::erase_if(sharers, [&](const Sharer& one) {
      const auto found = waiting.find(one.likeness[level]);
      if (found == waiting.end() || found->second.empty()) return false;
      const std::size_t ordinal = found->second.front();
      found->second.pop_front();
      used[ordinal] = true;
      give_token(side, one.i, token, ordinal);
      return true;
    });
  }
  for (std::size_t k = 0; k < sharers.size(); ++k) give_token(side, sharers[k].i, token, known.size() + k);
}

// All that have the GlobalId, in an order that is not that of the file.
std::vector<Sharer> take_sharers(Model& model, const Doubles& doubles, Token token) {
  std::vector<Sharer> sharers;
  const auto group = doubles.find(token);
  const Index alone = model.by_token.find(token);
  if (group != doubles.end()) {
    for (const Index i : group->second) sharers.push_back(sharer(model, i));
  } else if (alone != no_instance) {
    sharers.push_back(sharer(model, alone));
  }
  model.by_token.erase(token);
  std::stable_sort(sharers.begin(), sharers.end(),
                   [](const Sharer& a, const Sharer& b) { return a.likeness < b.likeness; });
  return sharers;
}

void separate_doubles(std::span<Model* const> models, const std::vector<Lists>& lists) {
  std::set<Token> tokens;
  for (const Lists& some : lists)
    for (const auto& [token, group] : some.doubles) tokens.insert(token);
  for (const Token token : tokens) {
    const std::vector<Sharer> known = take_sharers(*models[0], lists[0].doubles, token);
    for (std::size_t k = 0; k < known.size(); ++k) give_token(*models[0], known[k].i, token, k);
    for (std::size_t m = 1; m < models.size(); ++m)
      match_sharers(known, *models[m], take_sharers(*models[m], lists[m].doubles, token), token);
  }
}

// Things that may be the same although the GlobalId is not: those of the base and those of the side that have no
// partner.
struct Unpaired {
  std::vector<Index> lost, found;
};

// A version and what is listed of it.
struct Version {
  Model& model;
  const Lists& lists;
};

Unpaired unpaired(const Version& base, const Version& side) {
  const auto all = [](const Version& one, const Version& other) {
    std::vector<Index> alone;
    for (const Index i : one.lists.movable)
      if (one.model.token[i] != 0 && !other.model.by_token.contains(one.model.token[i])) alone.push_back(i);
    return alone;
  };
  return {all(base, side), all(side, base)};
}

void follow(const Model& base, Index b, Model& side, Index s) {
  side.by_token.erase(side.token[s]);
  side.token[s] = base.token[b];
  side.by_token.insert(side.token[s], s);
}

std::uint64_t name_key(const Model& model, Index i) {
  if (model.traits(i).is("IFCPROJECT")) return model.traits(i).hash;
  return mix(model.traits(i).hash, hash_bytes(model.name(i)));
}

// Types of the same class and name that are those of the same elements: some exporters write a type for each element,
// many of one name.
void follow_elements(const Version& base, const Version& side) {
  const Unpaired alone = unpaired(base, side);
  if (alone.lost.empty() || alone.found.empty()) return;
  // By element and name of the type: the type.
  const auto types_of_elements = [](const Version& version, const std::vector<Index>& types) {
    const Model& model = version.model;
    const std::set<Index> wanted(types.begin(), types.end());
    std::map<std::pair<Token, std::uint64_t>, Index> found;
    for (const Index i : version.lists.types) {
      const auto type = model.refs_in(i, static_cast<std::size_t>(model.traits(i).relating));
      if (type.size() != 1 || !wanted.contains(type[0])) continue;
      for (const Index element : model.refs_in(i, static_cast<std::size_t>(model.traits(i).members)))
        if (element != no_instance) found.emplace(std::pair(model.token[element], name_key(model, type[0])), type[0]);
    }
    return found;
  };
  const auto before = types_of_elements(base, alone.lost);
  std::map<std::pair<Index, Index>, std::size_t> votes;
  for (const auto& [element, s] : types_of_elements(side, alone.found))
    if (const auto was = before.find(element); was != before.end()) ++votes[{was->second, s}];
  std::vector<std::pair<std::size_t, std::pair<Index, Index>>> order;
  for (const auto& [pair, count] : votes) order.emplace_back(count, pair);
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::set<Index> taken_base, taken_side;
  for (const auto& [count, pair] : order) {
    if (taken_base.contains(pair.first) || taken_side.contains(pair.second)) continue;
    taken_base.insert(pair.first);
    taken_side.insert(pair.second);
    follow(base.model, pair.first, side.model, pair.second);
  }
}

// Types, storeys and the like that lost their GlobalId: the same class and name, once on either side.
void follow_names(const Version& base, const Version& side) {
  const Unpaired alone = unpaired(base, side);
  if (alone.lost.empty() || alone.found.empty()) return;
  const auto key = [](const Model& model, Index i) {
    const std::uint64_t name = name_key(model, i);
    const bool is_type = model.traits(i).properties > 0;
    return is_type ? mix(name, hash_bytes(model.text_attribute(i, 7))) : name;  // Tag of a type.
  };
  const auto count = [&](const Model& model, const std::vector<Index>& those) {
    std::unordered_map<std::uint64_t, std::pair<Index, int>> counted;
    for (const Index i : those) {
      auto& [at, times] = counted[key(model, i)];
      at = i;
      ++times;
    }
    return counted;
  };
  const auto lost = count(base.model, alone.lost);
  for (const auto& [name, candidate] : count(side.model, alone.found)) {
    const auto partner = lost.find(name);
    if (partner == lost.end() || partner->second.second != 1 || candidate.second != 1) continue;
    follow(base.model, partner->second.first, side.model, candidate.first);
  }
}

// A name identifies a resource only where it is the only one of that name in every version.
void identify_resources(std::span<Model* const> models, const std::vector<Lists>& lists) {
  std::vector<std::vector<std::pair<Index, Token>>> named(models.size());
  std::unordered_map<Token, bool> ambiguous;
  for (std::size_t m = 0; m < models.size(); ++m) {
    std::unordered_map<Token, int> count;
    for (const Index i : lists[m].resources) {
      const Token token = name_token(*models[m], i);
      if (token == 0) continue;
      named[m].emplace_back(i, token);
      if (++count[token] > 1) ambiguous[token] = true;
    }
  }
  for (std::size_t m = 0; m < models.size(); ++m) {
    for (const auto& [i, token] : named[m]) {
      if (ambiguous.contains(token)) continue;
      models[m]->token[i] = token;
      models[m]->by_token.insert(token, i);
    }
  }
}

void identify_placements(Model& model) {
  model.placed.assign(model.size(), no_instance);
  for (Index i = 0; i < model.size(); ++i) {
    if (!model.traits(i).product || model.token[i] == 0) continue;
    const auto placement = model.refs_in(i, 5);
    if (placement.size() != 1 || placement[0] == no_instance || !model.traits(placement[0]).placement) continue;
    Index& product = model.placed[placement[0]];
    if (product == no_instance || model.token[i] < model.token[product]) product = i;
  }
}

void count_uses(Model& model) {
  model.uses.assign(model.size(), 0);
  for (Index i = 0; i < model.size(); ++i) {
    const ClassTraits& traits = model.traits(i);
    for (const Index to : model.file.refs_of(i))
      if (to != no_instance && !(traits.placement && model.is_placed(to))) ++model.uses[to];
  }
  for (Index i = 0; i < model.size() && !model.hung_first.empty(); ++i)
    model.uses[i] -= static_cast<std::uint32_t>(model.hung_on(i).size());
}

}  // namespace

bool has_global_id(const Model& model, std::string_view quoted) {
  const Token token = hash_bytes(quoted);
  return model.by_token.contains(token) || model.by_token.contains(mix(token, relation_salt));
}

void identify(std::span<Model* const> models) {
  std::vector<Lists> lists(models.size());
  lists[0] = identify_rooted(*models[0], nullptr);
  in_parallel(models.size() - 1, [&](std::size_t m) { lists[m + 1] = identify_rooted(*models[m + 1], models[0]); });
  separate_doubles(models, lists);
  for (std::size_t m = 1; m < models.size(); ++m) {
    const Version base{*models[0], lists[0]}, side{*models[m], lists[m]};
    follow_elements(base, side);
    follow_names(base, side);
  }
  identify_resources(models, lists);
  in_parallel(models.size(), [&](std::size_t m) {
    identify_placements(*models[m]);
    count_uses(*models[m]);
  });
}

}  // namespace aecos::ifc
