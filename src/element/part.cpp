#include <algorithm>

#include "base/hash.h"
#include "element/part_internal.h"
#include "step/token.h"

namespace aecos::element {

using ifc::ClassTraits;
using ifc::Role;
namespace {

bool is_layer(const Part& part, Index i) { return part.traits(i).layer; }

// Annotations, by what they hang on.
void add_hung(Model& model) {
  std::vector<std::pair<Index, Index>> pairs;
  for (Index i = 0; i < model.size(); ++i) {
    if (model.traits(i).hook < 0) continue;
    for (const Index item : model.refs_in(i, static_cast<std::size_t>(model.traits(i).hook)))
      if (item != no_instance) pairs.emplace_back(item, i);
  }
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  model.hung_first.assign(model.size() + 1, 0);
  model.hung_list.clear();
  for (const auto& [item, annotation] : pairs) {
    ++model.hung_first[item + 1];
    model.hung_list.push_back(annotation);
  }
  for (Index i = 0; i < model.size(); ++i) model.hung_first[i + 1] += model.hung_first[i];
}

// A placement that several products share stands for none of them.
void add_placed(Model& model) {
  model.placed.assign(model.size(), no_instance);
  std::vector<bool> shared(model.size());
  for (Index i = 0; i < model.size(); ++i) {
    if (!model.traits(i).product) continue;
    const auto placement = model.refs_in(i, at_placement);
    if (placement.size() != 1 || placement[0] == no_instance || !model.traits(placement[0]).placement) continue;
    Index& product = model.placed[placement[0]];
    if (product != no_instance) shared[placement[0]] = true;
    product = i;
  }
  for (Index i = 0; i < model.size(); ++i)
    if (shared[i]) model.placed[i] = no_instance;
}

}  // namespace

const ClassTraits& ClassCache::traits(const schema::Schema* schema, const std::string& keyword) {
  auto& known = known_[schema];
  const auto found = known.find(keyword);
  return found != known.end() ? found->second : known.emplace(keyword, ifc::traits_of(schema, keyword)).first->second;
}

Result<Part> read_part(std::string_view text, ClassCache& cache) {
  Part part;
  AECOS_TRY_ASSIGN(part.model.file, step::read(text));
  Model& model = part.model;
  if (!model.file.schemas.empty()) model.schema = schema::find(model.file.schemas.front());
  for (const std::string& keyword : model.file.keywords) model.classes.push_back(cache.traits(model.schema, keyword));
  complete(part);
  return part;
}

void complete(Part& part) {
  for (std::size_t k = 0; k < part.model.classes.size(); ++k) {
    ClassTraits& traits = part.model.classes[k];
    if (traits.entity == nullptr) traits.role = Role::value;
  }
  add_hung(part.model);
  add_placed(part.model);
}

std::uint64_t name_token(const Part& part, Index i) {
  const ClassTraits& traits = part.traits(i);
  if (traits.entity == nullptr) return 0;
  if (traits.entity->name.ends_with("Context")) {
    std::uint64_t token = traits.hash;
    for (const std::size_t k : {0U, 1U, 8U})  // Identifier, type, target view.
      token = mix(token, hash_bytes(part.model.attribute(i, k)));
    return token;
  }
  const int at = schema::attribute_index(*traits.entity, "Name");
  if (at < 0) return 0;
  const std::string name = part.model.text_attribute(i, static_cast<std::size_t>(at));
  return name.empty() ? 0 : mix(traits.hash, hash_bytes(name));
}

namespace {

constexpr std::uint64_t relation_salt = 0x72656c6174696f6eULL;

// By GlobalId.
std::uint64_t rooted_token(const Part& part, Index i) {
  const std::uint64_t id = hash_bytes(part.model.attribute(i, 0));
  return part.is_relation(i) ? mix(id, relation_salt) : id;
}

}  // namespace

std::uint64_t identity(const Part& part, Index i, const Ambiguous& ambiguous) {
  const ClassTraits& traits = part.traits(i);
  if (part.is_object(i) || part.is_whole_relation(i)) {
    if (traits.is("IFCPROJECT")) return traits.hash;
    const std::uint64_t id = rooted_token(part, i);
    return ambiguous.global_ids.contains(id) ? mix(id, part.model.file.instances[i].id) : id;
  }
  if (traits.entity == nullptr || traits.role != Role::resource) return 0;
  const std::uint64_t name = name_token(part, i);
  return name == 0 || ambiguous.names.contains(name) ? 0 : name;
}

Ambiguous find_ambiguous(const Part& part) {
  Ambiguous found;
  std::unordered_set<std::uint64_t> ids, names;
  for (Index i = 0; i < part.model.size(); ++i) {
    if (part.is_object(i) || part.is_whole_relation(i)) {
      const std::uint64_t id = rooted_token(part, i);
      if (!ids.insert(id).second) found.global_ids.insert(id);
    } else if (part.traits(i).role == Role::resource) {
      const std::uint64_t name = name_token(part, i);
      if (name != 0 && !names.insert(name).second) found.names.insert(name);
    }
  }
  return found;
}

int member_attribute(const Part& part, Index i) {
  const ClassTraits& traits = part.traits(i);
  if (traits.layer) return traits.hook;
  if (!part.is_relation(i) || traits.members < 0 || traits.ordered_members) return -1;
  return traits.members;
}

bool is_definition(const Part& part, Index i) {
  const ClassTraits& traits = part.traits(i);
  if (traits.entity == nullptr || is_layer(part, i)) return false;
  // Styles without a name belong to what wears them.
  if (traits.role == Role::resource) return !traits.entity->name.ends_with("Style") || name_token(part, i) != 0;
  if (traits.role == Role::owner_history) return true;
  const std::string& keyword = part.model.file.keyword(i);
  if (keyword == "IFCREPRESENTATIONMAP") return true;
  if (keyword.starts_with("IFCMATERIAL")) return !keyword.ends_with("USAGE") && keyword != "IFCMATERIALLIST";
  return keyword == "IFCPERSON" || keyword == "IFCORGANIZATION" || keyword == "IFCPERSONANDORGANIZATION" ||
         keyword == "IFCAPPLICATION";
}

std::string_view header_text(const Part& part) {
  constexpr std::string_view end = "ENDSEC;";
  const std::string_view header = part.model.file.header;
  return header.ends_with(end) ? header.substr(0, header.size() - end.size()) : header;
}

std::uint64_t borrowed_print(const Part& part, const std::vector<Index>& borrowed) {
  std::vector<std::uint64_t> all;
  for (const Index i : borrowed) all.push_back(part.content[i]);
  std::sort(all.begin(), all.end());
  std::uint64_t print = all.size();
  for (const std::uint64_t one : all) print = mix(print, one);
  return print;
}

}  // namespace aecos::element
