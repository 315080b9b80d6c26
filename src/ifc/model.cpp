#include "ifc/model.h"

#include <algorithm>

#include "base/hash.h"
#include "base/parallel.h"
#include "step/token.h"

namespace aecos::ifc {
namespace {

// A class that the schema does not know but whose instances begin with a GlobalId is taken as an object.
bool begins_with_global_id(std::string_view args) {
  step::Tokens tokens(args);
  if (tokens.next().kind != step::TokenKind::open) return false;
  const step::Token token = tokens.next();
  if (token.kind != step::TokenKind::string || token.text.size() != 24) return false;
  return std::all_of(token.text.begin() + 1, token.text.end() - 1, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '$';
  });
}

void add_classes(Model& model) {
  for (const std::string& keyword : model.file.keywords) model.classes.push_back(traits_of(model.schema, keyword));
  std::vector<bool> seen(model.classes.size());
  for (Index i = 0; i < model.size(); ++i) {
    const std::uint32_t keyword = model.file.instances[i].keyword;
    if (seen[keyword]) continue;
    seen[keyword] = true;
    ClassTraits& traits = model.classes[keyword];
    if (traits.entity == nullptr && begins_with_global_id(model.file.args(i))) {
      traits.role = Role::object;
      traits.ignored = 1;
    }
  }
}

void add_hung(Model& model) {
  std::vector<std::pair<Index, Index>> pairs;  // What hangs on what.
  for (Index i = 0; i < model.size(); ++i) {
    if (model.traits(i).hook < 0) continue;
    for (const Index item : model.refs_in(i, static_cast<std::size_t>(model.traits(i).hook)))
      if (item != no_instance) pairs.emplace_back(item, i);
  }
  if (pairs.empty()) return;
  model.hung_first.assign(model.size() + 1, 0);
  for (const auto& [item, annotation] : pairs) ++model.hung_first[item + 1];
  for (Index i = 0; i < model.size(); ++i) model.hung_first[i + 1] += model.hung_first[i];
  model.hung_list.resize(pairs.size());
  std::vector<Index> next(model.hung_first.begin(), model.hung_first.end() - 1);
  for (const auto& [item, annotation] : pairs) model.hung_list[next[item]++] = annotation;
}

void add_attachments(Model& model) {
  std::vector<Attachment> found;
  std::vector<std::uint64_t> keys(model.size(), 0);
  const auto add = [&](Index object, Index set, Index relation) {
    if (object == no_instance || set == no_instance || model.traits(set).role != Role::property_set) return;
    if (keys[set] == 0) keys[set] = mix(model.traits(set).hash, hash_bytes(model.name(set)));
    found.push_back({object, set, relation, keys[set]});
  };
  for (Index i = 0; i < model.size(); ++i) {
    const ClassTraits& traits = model.traits(i);
    if (traits.defines_by_properties) {
      const auto sets = model.refs_in(i, 5);
      for (const Index object : model.refs_in(i, 4))
        for (const Index set : sets) add(object, set, i);
    } else if (traits.role == Role::object && traits.properties >= 0) {
      for (const Index set : model.refs_in(i, static_cast<std::size_t>(traits.properties))) add(i, set, no_instance);
    }
  }
  // Sorted by object, otherwise in the order in which they were found.
  model.attached_first.assign(model.size() + 1, 0);
  for (const Attachment& one : found) ++model.attached_first[one.object + 1];
  for (Index i = 0; i < model.size(); ++i) model.attached_first[i + 1] += model.attached_first[i];
  model.attachments.resize(found.size());
  std::vector<Index> next(model.attached_first.begin(), model.attached_first.end() - 1);
  for (const Attachment& one : found) model.attachments[next[one.object]++] = one;
}

}  // namespace

std::vector<std::string_view> Model::attributes(Index i) const { return step::split(file.args(i)); }

Index Model::reference(std::string_view attribute) const {
  return attribute.starts_with('#') ? file.find(step::reference_id(attribute)) : no_instance;
}

std::vector<Index> Model::references(std::string_view text) const {
  std::vector<Index> found;
  step::Tokens tokens(text);
  for (step::Token next = tokens.next(); next.kind != step::TokenKind::end; next = tokens.next()) {
    if (next.kind != step::TokenKind::reference) continue;
    const Index i = file.find(step::reference_id(next.text));
    if (i != no_instance) found.push_back(i);
  }
  return found;
}

std::string_view Model::attribute(Index i, std::size_t at) const { return step::nth(file.args(i), at).text; }

std::span<const Index> Model::refs_in(Index i, std::size_t at) const {
  const step::Nth found = step::nth(file.args(i), at);
  return file.refs_of(i).subspan(found.first_ref, found.refs);
}

Index relating_of(const Model& model, Index relation) {
  const int at = model.traits(relation).relating;
  if (at < 0) return no_instance;
  const auto found = model.refs_in(relation, static_cast<std::size_t>(at));
  return found.size() == 1 ? found[0] : no_instance;
}

std::string Model::text_attribute(Index i, std::size_t at) const {
  const std::string_view text = attribute(i, at);
  return text.starts_with('\'') ? step::decode_string(text) : std::string();
}

Result<Model> read_model(std::string_view text, const step::File* base) {
  Model model;
  AECOS_TRY_ASSIGN(model.file, base == nullptr ? step::read(text) : step::read_like(text, *base));
  if (!model.file.schemas.empty()) model.schema = schema::find(model.file.schemas.front());
  add_classes(model);
  in_parallel(2, [&](std::size_t k) { k == 0 ? add_hung(model) : add_attachments(model); });
  return model;
}

}  // namespace aecos::ifc
