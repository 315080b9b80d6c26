// Which instance is which: the same token for the same thing in every version of a model.

#include <algorithm>
#include <map>
#include <tuple>

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

// Two rooted instances with one GlobalId: real files have them. Told apart by class and name, then by order.
void separate_doubles(Model& model, std::vector<Index>& doubles) {
  const auto key = [&](Index i) { return std::tuple(model.token[i], model.traits(i).hash, model.name(i), i); };
  std::sort(doubles.begin(), doubles.end(), [&](Index a, Index b) { return key(a) < key(b); });
  std::uint64_t ordinal = 1;
  for (const Index i : doubles) {
    model.token[i] = mix(model.token[i], ordinal++);
    model.by_token.emplace(model.token[i], i);
  }
}

void identify_rooted(Model& model) {
  std::vector<Index> doubles;
  for (Index i = 0; i < model.size(); ++i) {
    const ClassTraits& traits = model.traits(i);
    if (traits.role == Role::owner_history) model.token[i] = relation_salt;
    if (traits.role != Role::object && traits.role != Role::relation) continue;
    const Token token = global_id_token(model, i);
    model.token[i] = token;
    if (token != 0 && !model.by_token.emplace(token, i).second) doubles.push_back(i);
  }
  separate_doubles(model, doubles);
}

// Types, storeys and the like that lost their GlobalId: the same class and name, once on either side.
void follow_names(const Model& base, Model& side) {
  std::unordered_map<Token, std::pair<Index, int>> lost;
  const auto unpaired = [](const Model& one, const Model& other, Index i) {
    return one.traits(i).movable_identity && one.token[i] != 0 && !other.by_token.contains(one.token[i]);
  };
  const auto key = [](const Model& model, Index i) {
    if (model.traits(i).is("IFCPROJECT")) return model.traits(i).hash;
    Token token = mix(model.traits(i).hash, hash_bytes(model.name(i)));
    if (model.traits(i).properties > 0) token = mix(token, hash_bytes(model.text_attribute(i, 7)));  // Tag of a type.
    return token;
  };
  for (Index i = 0; i < base.size(); ++i) {
    if (!unpaired(base, side, i)) continue;
    auto& [at, count] = lost[key(base, i)];
    at = i;
    ++count;
  }
  if (lost.empty()) return;
  std::unordered_map<Token, std::pair<Index, int>> found;
  for (Index i = 0; i < side.size(); ++i) {
    if (!unpaired(side, base, i)) continue;
    auto& [at, count] = found[key(side, i)];
    at = i;
    ++count;
  }
  for (const auto& [name, candidate] : found) {
    const auto partner = lost.find(name);
    if (partner == lost.end() || partner->second.second != 1 || candidate.second != 1) continue;
    side.by_token.erase(side.token[candidate.first]);
    side.token[candidate.first] = base.token[partner->second.first];
    side.by_token.emplace(side.token[candidate.first], candidate.first);
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
  for (Model* model : models) {
    model->token.assign(model->size(), 0);
    identify_rooted(*model);
  }
  for (Model* side : models.subspan(1)) follow_names(*models.front(), *side);
  identify_resources(models);
  for (Model* model : models) {
    identify_placements(*model);
    count_uses(*model);
  }
}

}  // namespace aecos::ifc
