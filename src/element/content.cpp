// What each instance of a part says, as a number that two parts of one model agree on.

#include <bit>

#include "base/hash.h"
#include "element/part_internal.h"
#include "step/token.h"

namespace aecos::element {

using ifc::Role;
using step::TokenKind;
namespace {

constexpr std::uint64_t omitted = 0x6f6d6974746564ULL, cyclic = 0x6379636c6963ULL, nowhere = 0x6e6f7768657265ULL;
constexpr std::uint64_t hook_mark = 0x686f6f6bULL, history = 0x686973746f7279ULL, placement_of = 0x706c6163656dULL;

std::uint64_t hash_number(std::string_view text) {
  double number = 0;
  const bool whole_and_large = text.size() > 15 && text.find_first_of(".eE") == std::string_view::npos;
  if (whole_and_large || !step::number_value(text, number)) return hash_bytes(text);
  return mix(1, number == 0 ? 0 : std::bit_cast<std::uint64_t>(number));
}

std::uint64_t hash_string(std::string_view token) {
  for (const char c : token)
    if (c == '\\' || static_cast<unsigned char>(c) >= 0x80) return hash_bytes(step::decode_string(token));
  return hash_bytes(step::decode_string(token));
}

class Hasher {
 public:
  Hasher(Part& part, const Ambiguous& ambiguous) : part_(part), ambiguous_(ambiguous) {}

  // Walks what an instance depends on, without recursion.
  void run() {
    Model& model = part_.model;
    part_.content.assign(model.size(), 0);
    identity_.resize(model.size());
    for (Index i = 0; i < model.size(); ++i) identity_[i] = identity(part_, i, ambiguous_);
    for (Index i = 0; i < model.size(); ++i) {
      if (part_.content[i] == 0) stack_.push_back(i);
      while (!stack_.empty()) step(stack_.back());
    }
  }

 private:
  static constexpr std::uint64_t entered = 1;  // No content is ever that.

  bool unordered(Index i, std::size_t at) const { return at < 64 && ((part_.traits(i).unordered >> at) & 1U); }

  // Known without looking at what it says.
  bool is_known(Index to) const {
    return identity_[to] != 0 || part_.content[to] > entered || part_.traits(to).role == Role::owner_history;
  }

  void step(Index i) {
    if (part_.content[i] > entered) return stack_.pop_back();
    const bool first = part_.content[i] == 0;
    part_.content[i] = entered;
    if (first) {
      const std::size_t before = stack_.size();
      const auto push = [&](Index to) {
        if (to != no_instance && !is_known(to) && part_.content[to] == 0 && !stands_for_product(i, to))
          stack_.push_back(to);
      };
      const Index hook = hook_of(i);
      for (const Index to : part_.model.file.refs_of(i))
        if (to != hook) push(to);
      for (const Index to : part_.model.hung_on(i))
        if (!part_.traits(to).layer) push(to);
      if (stack_.size() != before) return;
    }
    std::uint64_t value = of(i);
    part_.content[i] = value <= entered ? 2 : value;
    stack_.pop_back();
  }

  // An annotation does not depend on what it hangs on, but the other way round.
  Index hook_of(Index i) const {
    const ifc::ClassTraits& traits = part_.traits(i);
    if (traits.role != Role::annotation) return no_instance;
    const auto found = part_.model.refs_in(i, static_cast<std::size_t>(traits.hook));
    return found.size() == 1 ? found[0] : no_instance;
  }

  std::uint64_t of(Index i) {
    const ifc::ClassTraits& traits = part_.traits(i);
    const bool plain = !part_.model.file.keyword(i).empty();
    std::uint64_t hash = traits.hash;
    const auto attributes = step::split(part_.model.file.args(i));
    if (!plain) return hash_bytes(part_.model.file.args(i));
    for (std::size_t at = 0; at < attributes.size(); ++at) {
      if (at == 0 && traits.role == Role::property_set) continue;  // Its GlobalId is not what it says.
      step::Tokens tokens(attributes[at]);
      hash = mix(hash, unordered(i, at) ? collection(i, at, tokens) : sequence(i, at, tokens));
    }
    std::uint64_t hung = 0;
    for (const Index annotation : part_.model.hung_on(i))
      if (!part_.traits(annotation).layer) hung += mix(reference(annotation), 7);
    return hung == 0 ? hash : mix(hash, hung);
  }

  bool stands_for_product(Index from, Index to) const {
    return part_.traits(from).placement && part_.model.is_placed(to);
  }

  std::uint64_t reference(Index to) const {
    if (part_.traits(to).role == Role::owner_history) return history;
    if (identity_[to] != 0) return identity_[to];
    return part_.content[to] > entered ? part_.content[to] : cyclic;
  }

  std::uint64_t scalar(Index i, std::size_t at, const step::Token& token) const {
    switch (token.kind) {
      case TokenKind::reference: {
        const Index to = part_.model.file.find(step::reference_id(token.text));
        if (to == no_instance) return nowhere;
        const ifc::ClassTraits& traits = part_.traits(i);
        if (traits.role == Role::annotation && static_cast<int>(at) == traits.hook) return hook_mark;
        if (stands_for_product(i, to)) return mix(placement_of, identity_[part_.model.placed[to]]);
        return reference(to);
      }
      case TokenKind::number:
        return hash_number(token.text);
      case TokenKind::string:
        return hash_string(token.text);
      case TokenKind::omitted:
        return omitted;
      default:
        return hash_bytes(token.text);
    }
  }

  std::uint64_t sequence(Index i, std::size_t at, step::Tokens& tokens) const {
    std::uint64_t hash = 0;
    for (step::Token token = tokens.next(); token.kind != TokenKind::end; token = tokens.next())
      if (token.kind != TokenKind::comma) hash = mix(hash, scalar(i, at, token));
    return hash;
  }

  // Members in any order; those that are lists or typed values count as a whole.
  std::uint64_t collection(Index i, std::size_t at, step::Tokens& tokens) const {
    std::uint64_t sum = 0, member = 0;
    int depth = 0;
    bool any = false;
    for (step::Token token = tokens.next(); token.kind != TokenKind::end; token = tokens.next()) {
      if (token.kind == TokenKind::open && depth++ == 0) continue;
      if (token.kind == TokenKind::close && --depth == 0) break;
      if (token.kind == TokenKind::comma && depth <= 1) {
        sum += mix(member, 5);
        member = 0;
      } else if (token.kind != TokenKind::comma) {
        member = mix(member, scalar(i, at, token));
        any = true;
      }
    }
    return any ? mix(sum + mix(member, 5), 9) : omitted;
  }

  Part& part_;
  const Ambiguous& ambiguous_;
  std::vector<std::uint64_t> identity_;
  std::vector<Index> stack_;
};

}  // namespace

void hash_content(Part& part, const Ambiguous& ambiguous) { Hasher(part, ambiguous).run(); }

}  // namespace aecos::element
