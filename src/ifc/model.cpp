#include "ifc/model.h"

#include <algorithm>

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

void hang(Model& model, Index i) {
  const auto attributes = model.attributes(i);
  const auto hook = static_cast<std::size_t>(model.traits(i).hook);
  if (hook >= attributes.size()) return;
  for (const Index item : model.references(attributes[hook])) model.hung[item].push_back(i);
}

}  // namespace

std::span<const Index> Model::hung_on(Index i) const {
  const auto found = hung.find(i);
  return found == hung.end() ? std::span<const Index>() : std::span<const Index>(found->second);
}

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

std::string Model::text_attribute(Index i, std::size_t attribute) const {
  const auto all = attributes(i);
  if (attribute >= all.size() || !all[attribute].starts_with('\'')) return {};
  return step::decode_string(all[attribute]);
}

Result<Model> read_model(std::string_view text) {
  Model model;
  AECOS_TRY_ASSIGN(model.file, step::read(text));
  if (!model.file.schemas.empty()) model.schema = schema::find(model.file.schemas.front());
  add_classes(model);
  for (Index i = 0; i < model.size(); ++i)
    if (model.traits(i).hook >= 0) hang(model, i);
  return model;
}

}  // namespace aecos::ifc
