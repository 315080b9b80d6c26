// Which instance is which: the same token for the same thing in every version of a model.

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <set>
#include <unordered_map>

#include "base/hash.h"
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

Doubles identify_rooted(Model& model) {
  Doubles doubles;
  for (Index i = 0; i < model.size(); ++i) {
    const ClassTraits& traits = model.traits(i);
    if (traits.role == Role::owner_history) model.token[i] = relation_salt;
    if (traits.role != Role::object && traits.role != Role::relation) continue;
    const Token token = global_id_token(model, i);
    model.token[i] = token;
    if (token == 0) continue;
    const auto [first, fresh] = model.by_token.emplace(token, i);
    if (fresh) continue;
    auto& group = doubles[token];
    if (group.empty()) group.push_back(first->second);
    group.push_back(i);
  }
  return doubles;
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
  model.by_token[model.token[i]] = i;
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
  const auto alone = model.by_token.find(token);
  if (group != doubles.end()) {
    for (const Index i : group->second) sharers.push_back(sharer(model, i));
  } else if (alone != model.by_token.end()) {
    sharers.push_back(sharer(model, alone->second));
  }
  if (alone != model.by_token.end()) model.by_token.erase(alone);
  std::stable_sort(sharers.begin(), sharers.end(),
                   [](const Sharer& a, const Sharer& b) { return a.likeness < b.likeness; });
  return sharers;
}

void separate_doubles(std::span<Model* const> models, const std::vector<Doubles>& doubles) {
  std::set<Token> tokens;
  for (const Doubles& some : doubles)
    for (const auto& [token, group] : some) tokens.insert(token);
  for (const Token token : tokens) {
    const std::vector<Sharer> known = take_sharers(*models[0], doubles[0], token);
    for (std::size_t k = 0; k < known.size(); ++k) give_token(*models[0], known[k].i, token, k);
    for (std::size_t m = 1; m < models.size(); ++m)
      match_sharers(known, *models[m], take_sharers(*models[m], doubles[m], token), token);
  }
}

// Things that may be the same although the GlobalId is not: those of the base and those of the side that have no
// partner.
struct Unpaired {
  std::vector<Index> lost, found;
};

Unpaired unpaired(const Model& base, const Model& side) {
  const auto all = [](const Model& one, const Model& other) {
    std::vector<Index> alone;
    for (Index i = 0; i < one.size(); ++i)
      if (one.traits(i).movable_identity && one.token[i] != 0 && !other.by_token.contains(one.token[i]))
        alone.push_back(i);
    return alone;
  };
  return {all(base, side), all(side, base)};
}

void follow(const Model& base, Index b, Model& side, Index s) {
  side.by_token.erase(side.token[s]);
  side.token[s] = base.token[b];
  side.by_token.emplace(side.token[s], s);
}

std::uint64_t name_key(const Model& model, Index i) {
  if (model.traits(i).is("IFCPROJECT")) return model.traits(i).hash;
  return mix(model.traits(i).hash, hash_bytes(model.name(i)));
}

// Types of the same class and name that are those of the same elements: some exporters write a type for each element,
// many of one name.
void follow_elements(const Model& base, Model& side) {
  const Unpaired alone = unpaired(base, side);
  if (alone.lost.empty() || alone.found.empty()) return;
  // By element and name of the type: the type.
  const auto types_of_elements = [](const Model& model, const std::vector<Index>& types) {
    const std::set<Index> wanted(types.begin(), types.end());
    std::map<std::pair<Token, std::uint64_t>, Index> found;
    for (Index i = 0; i < model.size(); ++i) {
      const ClassTraits& traits = model.traits(i);
      if (!traits.is("IFCRELDEFINESBYTYPE")) continue;
      const auto attributes = model.attributes(i);
      const Index type = model.reference(attribute_at(attributes, traits.relating));
      if (!wanted.contains(type)) continue;
      for (const Index element : model.references(attribute_at(attributes, traits.members)))
        found.emplace(std::pair(model.token[element], name_key(model, type)), type);
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
    follow(base, pair.first, side, pair.second);
  }
}

// Types, storeys and the like that lost their GlobalId: the same class and name, once on either side.
void follow_names(const Model& base, Model& side) {
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
  const auto lost = count(base, alone.lost);
  for (const auto& [name, candidate] : count(side, alone.found)) {
    const auto partner = lost.find(name);
    if (partner == lost.end() || partner->second.second != 1 || candidate.second != 1) continue;
    follow(base, partner->second.first, side, candidate.first);
  }
}

// A name identifies a resource only where it is the only one of that name in every version.
void identify_resources(std::span<Model* const> models) {
  std::vector<std::vector<std::pair<Index, Token>>> named(models.size());
  std::unordered_map<Token, bool> ambiguous;
  for (std::size_t m = 0; m < models.size(); ++m) {
    const Model& model = *models[m];
    std::unordered_map<Token, int> count;
    for (Index i = 0; i < model.size(); ++i) {
      if (model.traits(i).role != Role::resource) continue;
      const Token token = name_token(model, i);
      if (token == 0) continue;
      named[m].emplace_back(i, token);
      if (++count[token] > 1) ambiguous[token] = true;
    }
  }
  for (std::size_t m = 0; m < models.size(); ++m) {
    for (const auto& [i, token] : named[m]) {
      if (ambiguous.contains(token)) continue;
      models[m]->token[i] = token;
      models[m]->by_token.emplace(token, i);
    }
  }
}

void identify_placements(Model& model) {
  for (Index i = 0; i < model.size(); ++i) {
    if (!model.traits(i).product || model.token[i] == 0) continue;
    const auto attributes = model.attributes(i);
    const Index placement = attributes.size() > 5 ? model.reference(attributes[5]) : no_instance;
    if (placement == no_instance || !model.traits(placement).placement) continue;
    const auto [at, fresh] = model.placed.emplace(placement, model.token[i]);
    if (!fresh) at->second = std::min(at->second, model.token[i]);
  }
}

void count_uses(Model& model) {
  model.uses.assign(model.size(), 0);
  for (Index i = 0; i < model.size(); ++i) {
    const ClassTraits& traits = model.traits(i);
    for (const Index to : model.file.refs_of(i))
      if (to != no_instance && !(traits.placement && model.placed.contains(to))) ++model.uses[to];
  }
  for (Index i = 0; i < model.size() && !model.hung_first.empty(); ++i)
    model.uses[i] -= static_cast<std::uint32_t>(model.hung_on(i).size());
}

}  // namespace

void identify(std::span<Model* const> models) {
  std::vector<Doubles> doubles;
  for (Model* model : models) {
    model->token.assign(model->size(), 0);
    doubles.push_back(identify_rooted(*model));
  }
  separate_doubles(models, doubles);
  for (Model* side : models.subspan(1)) {
    follow_elements(*models.front(), *side);
    follow_names(*models.front(), *side);
  }
  identify_resources(models);
  for (Model* model : models) {
    identify_placements(*model);
    count_uses(*model);
  }
}

}  // namespace aecos::ifc
