#include <algorithm>
#include <charconv>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "diff/step_text_internal.h"
#include "step/token.h"
#include "text/json_writer.h"

namespace aecos::diff {
namespace {

using ifc::ClassTraits;
using ifc::Index;
using ifc::Model;
using ifc::no_instance;
using ifc::Role;
using step::TokenKind;

class Writer {
 public:
  explicit Writer(const Model& model) : model_(model) {}

  std::string run(Index root) {
    number(root);
    for (std::size_t at = 0; at < queue_.size(); ++at) instance(queue_[at]);
    return std::move(out_);
  }

 private:
  std::size_t number(Index i) {
    const auto [found, fresh] = numbers_.try_emplace(i, queue_.size() + 1);
    if (fresh) queue_.push_back(i);
    return found->second;
  }

  void instance(Index i) {
    const ClassTraits& traits = model_.traits(i);
    if (!out_.empty()) out_ += '\n';
    out_ += '#' + std::to_string(numbers_.at(i)) + '=' + model_.file.keyword(i);
    if (model_.file.keyword(i).empty())
      tokens(model_.file.args(i));  // Complex: "(A()B())".
    else
      arguments(i, traits);
    out_ += ';';
    if (traits.rooted() || model_.hung_list.empty()) return;
    for (const Index annotation : by_value(model_.hung_on(i))) number(annotation);
  }

  void arguments(Index i, const ClassTraits& traits) {
    const auto attributes = model_.attributes(i);
    const std::size_t root_attributes = 3;
    const std::size_t count = traits.rooted() ? std::min(attributes.size(), root_attributes) : attributes.size();
    out_ += '(';
    for (std::size_t k = 0; k < count; ++k) {
      if (k > 0) out_ += ',';
      if (traits.layer && static_cast<int>(k) == traits.hook)
        out_ += "()";  // All that is on the layer, here or elsewhere.
      else if (k < 64 && ((traits.unordered >> k) & 1U) && attributes[k].starts_with('('))
        collection(attributes[k]);
      else
        tokens(attributes[k]);
    }
    out_ += ')';
  }

  std::vector<Index> by_value(std::span<const Index> instances) const {
    std::vector<Index> sorted(instances.begin(), instances.end());
    std::stable_sort(sorted.begin(), sorted.end(), [&](Index a, Index b) { return key(a) < key(b); });
    return sorted;
  }

  std::uint64_t key(Index i) const {
    if (i == no_instance || i >= model_.value.size()) return 0;
    return model_.token[i] != 0 ? model_.token[i] : model_.value[i];
  }

  std::uint64_t key(std::string_view member) const {
    return member.starts_with('#') ? key(model_.reference(member)) : hash_bytes(member);
  }

  void collection(std::string_view text) {
    std::vector<std::pair<std::uint64_t, std::string_view>> members;
    for (const std::string_view member : step::split(text)) members.emplace_back(key(member), member);
    std::stable_sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    out_ += '(';
    for (std::size_t k = 0; k < members.size(); ++k) {
      if (k > 0) out_ += ',';
      tokens(members[k].second);
    }
    out_ += ')';
  }

  void tokens(std::string_view text) {
    step::Tokens tokens(text);
    for (step::Token token = tokens.next(); token.kind != TokenKind::end; token = tokens.next()) {
      if (token.kind == TokenKind::reference)
        reference(token.text);
      else if (token.kind == TokenKind::number)
        number_text(token.text);
      else if (token.kind == TokenKind::string)
        out_ += step::encode_string(step::decode_string(token.text));
      else
        out_ += token.text;
    }
  }

  void number_text(std::string_view token) {
    std::string text = plain_number(token).value_or(std::string(token));
    const std::size_t exponent = text.find('e');
    if (exponent != std::string::npos) text[exponent] = 'E';
    if (exponent != std::string::npos && text.find('.') == std::string::npos) text.insert(exponent, ".");
    out_ += text;
  }

  void reference(std::string_view text) {
    const Index to = model_.reference(text);
    if (to == no_instance || model_.traits(to).role == Role::owner_history)
      out_ += '$';
    else
      out_ += '#' + std::to_string(number(to));
  }

  const Model& model_;
  std::unordered_map<Index, std::size_t> numbers_;
  std::vector<Index> queue_;
  std::string out_;
};

}  // namespace

std::string step_text(const Model& model, Index i) { return Writer(model).run(i); }

std::optional<std::string> plain_number(std::string_view token) {
  double value = 0;
  if (!step::number_value(token, value)) return std::nullopt;
  if (token.find_first_of(".eE") != std::string_view::npos) {
    std::string text = text::json_number(value == 0 ? 0 : value);
    if (text.find_first_of(".eE") == std::string::npos) text += ".0";
    return text;
  }
  const std::size_t first = std::min(token.find_first_not_of("+-0"), token.size());
  if (first == token.size()) return "0";
  return (token.front() == '-' ? "-" : "") + std::string(token.substr(first));
}

std::string content_json(std::uint64_t hash) {
  char digits[16];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, hash, 16);
  return "{\"content\":\"" + std::string(digits, end) + "\"}";
}

}  // namespace aecos::diff
