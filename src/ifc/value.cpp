// Hashes of content: the Merkle tree of a model, cut where things have an identity.

#include <bit>
#include <charconv>

#include "base/hash.h"
#include "ifc/model.h"
#include "step/token.h"

namespace aecos::ifc {
namespace {

using step::TokenKind;

constexpr std::uint64_t omitted = 0x6f6d6974746564ULL;
constexpr std::uint64_t cyclic = 0x6379636c6963ULL;
constexpr std::uint64_t nowhere = 0x6e6f7768657265ULL;
constexpr std::uint64_t placement_of = 0x706c6163656dULL;
constexpr std::uint64_t hook_mark = 0x686f6f6bULL;

std::uint64_t hash_number(std::string_view text) {
  double number = 0;
  if (!step::number_value(text, number)) return hash_bytes(text);
  if (number == 0) return mix(1, 0);  // 0. and -0. are equal.
  const bool whole_and_large = text.size() > 15 && text.find_first_of(".eE") == std::string_view::npos;
  return whole_and_large ? hash_bytes(text) : mix(1, std::bit_cast<std::uint64_t>(number));
}

std::uint64_t hash_upper(std::string_view text) {
  char buffer[64];
  if (text.size() > sizeof buffer) return hash_bytes(text);
  for (std::size_t i = 0; i < text.size(); ++i)
    buffer[i] = text[i] >= 'a' && text[i] <= 'z' ? static_cast<char>(text[i] - 32) : text[i];
  return hash_bytes({buffer, text.size()});
}

bool is_plain(std::string_view text) {
  for (const char c : text)
    if (c == '\\' || static_cast<unsigned char>(c) >= 0x80) return false;
  return true;
}

std::uint64_t hash_string(std::string_view token) {
  // Strings that need no decoding hash as they stand, so the decoded ones must look the same: quotes doubled again.
  if (is_plain(token)) return hash_bytes(token);
  const std::string decoded = step::decode_string(token);
  std::string quoted = "'";
  for (const char c : decoded) quoted.append(c == '\'' ? 2 : 1, c);
  return hash_bytes(quoted += '\'');
}

// One pass over the arguments of an instance.
class Hasher {
 public:
  Hasher(const Model& model, Index owner) : model_(model), owner_(owner), traits_(model.traits(owner)) {}

  template <class Each>  // each(position, hash)
  void attributes(std::string_view args, Each&& each) {
    step::Tokens tokens(args);
    tokens.next();
    if (traits_.entity == nullptr && model_.file.keyword(owner_).empty()) return each(0, sequence(tokens));  // Complex.
    for (std::size_t at = 0;; ++at) {
      step::Token token = tokens.next();
      if (token.kind == TokenKind::close || token.kind == TokenKind::end) return;
      each(at, attribute(at, token, tokens));
      token = tokens.next();
      if (token.kind != TokenKind::comma) return;
    }
  }

  std::uint64_t attribute(std::size_t at, step::Token first, step::Tokens& tokens) {
    at_ = at;
    if (first.kind == TokenKind::open) return (traits_.unordered >> at) & 1U ? collection(tokens) : list(tokens);
    if (first.kind == TokenKind::keyword) return typed(first, tokens);
    return scalar(first);
  }

 private:
  // Up to the closing parenthesis, in order.
  std::uint64_t list(step::Tokens& tokens) {
    const std::uint64_t hash = sequence(tokens);
    return hash == empty_ ? omitted : hash;
  }

  std::uint64_t sequence(step::Tokens& tokens) {
    std::uint64_t hash = empty_;
    for (int depth = 1;;) {
      const step::Token token = tokens.next();
      if (token.kind == TokenKind::end) return hash;
      if (token.kind == TokenKind::open) ++depth;
      if (token.kind == TokenKind::close && --depth == 0) return hash;
      if (token.kind == TokenKind::comma) continue;
      hash = mix(hash, token.kind == TokenKind::open ? 2U : token.kind == TokenKind::close ? 3U : scalar(token));
    }
  }

  // The members in any order.
  std::uint64_t collection(step::Tokens& tokens) {
    std::uint64_t sum = 0;
    std::uint64_t count = 0;
    for (;;) {
      step::Token token = tokens.next();
      if (token.kind == TokenKind::close || token.kind == TokenKind::end) break;
      if (token.kind == TokenKind::comma) continue;
      ++count;
      sum += mix(token.kind == TokenKind::open      ? sequence(tokens)
                 : token.kind == TokenKind::keyword ? typed(token, tokens)
                                                    : scalar(token),
                 5);
    }
    return count == 0 ? omitted : mix(sum, count);
  }

  std::uint64_t typed(const step::Token& keyword, step::Tokens& tokens) {
    const std::uint64_t name = hash_upper(keyword.text);
    tokens.next();
    return mix(name, sequence(tokens));
  }

  std::uint64_t scalar(const step::Token& token) {
    switch (token.kind) {
      case TokenKind::reference:
        return reference(token.text);
      case TokenKind::number:
        return hash_number(token.text);
      case TokenKind::string:
        return hash_string(token.text);
      case TokenKind::omitted:
        return omitted;
      default:
        return hash_upper(token.text);
    }
  }

  std::uint64_t reference(std::string_view text) {
    const std::uint64_t id = step::reference_id(text);
    const Index to = model_.file.find(id);
    if (to == no_instance) return mix(nowhere, 0);
    if (traits_.role == Role::annotation && static_cast<int>(at_) == traits_.hook) return hook_mark;
    return reference_value(model_, owner_, to);
  }

  static constexpr std::uint64_t empty_ = 0x656d707479ULL;
  const Model& model_;
  const Index owner_;
  const ClassTraits& traits_;
  std::size_t at_ = 0;
};

std::uint64_t own_value(const Model& model, Index i) {
  const ClassTraits& traits = model.traits(i);
  std::uint64_t hash = traits.hash;
  Hasher(model, i).attributes(model.file.args(i), [&](std::size_t at, std::uint64_t value) {
    if (at < 64 && ((traits.ignored >> at) & 1U)) value = 0;
    hash = mix(hash, value);
  });
  return hash;
}

// Annotations add to what they hang on: their own content, for a layer who it is.
std::uint64_t hung_value(const Model& model, Index i) {
  std::uint64_t sum = 0;
  for (const Index annotation : model.hung_on(i))
    sum += mix(model.token[annotation] != 0 ? model.token[annotation] : model.value[annotation], 7);
  return sum;
}

// Walks what an instance depends on, without recursion: files may be deep, and cyclic.
class Walk {
 public:
  Walk(Model& model, const Model* base) : model_(model), base_(base), state_(model.size(), fresh) {}

  Result<> run() {
    for (Index i = 0; i < model_.size(); ++i) {
      if (state_[i] == fresh) stack_.push_back(i);
      while (!stack_.empty()) {
        if (!step(stack_.back())) return fault(stack_.back());
      }
    }
    return {};
  }

 private:
  enum State : std::uint8_t { fresh, entered, done };

  bool step(Index i) {
    if (state_[i] == done) return stack_.pop_back(), true;
    const bool first = state_[i] == fresh;
    state_[i] = entered;
    if (first && push_missing(i)) return true;
    if (const Index partner = same_in_base(i); partner != no_instance) {
      model_.value[i] = base_->value[partner];
    } else {
      if (step::check_arguments(model_.file.args(i)).offset != std::string_view::npos) return false;
      model_.value[i] = own_value(model_, i);
      if (const std::uint64_t hung = hung_value(model_, i); hung != 0) model_.value[i] = mix(model_.value[i], hung);
    }
    state_[i] = done;
    stack_.pop_back();
    return true;
  }

  // True when something must be computed first. What is already entered is a cycle and is cut there.
  bool push_missing(Index i) {
    const ClassTraits& traits = model_.traits(i);
    const std::size_t before = stack_.size();
    const auto want = [&](Index to) {
      if (to != no_instance && model_.token[to] == 0 && state_[to] != done) {
        if (state_[to] == entered)
          model_.value[to] = cyclic;
        else
          stack_.push_back(to);
      }
    };
    const bool annotation = traits.role == Role::annotation;
    const Index hook = annotation ? hook_of(i) : no_instance;
    for (const Index to : model_.file.refs_of(i))
      if (to != hook && !(traits.placement && model_.placed.contains(to))) want(to);
    if (!model_.hung.empty())
      for (const Index to : model_.hung_on(i)) want(to);
    return stack_.size() != before;
  }

  Index hook_of(Index i) const {
    const auto attributes = model_.attributes(i);
    const auto hook = static_cast<std::size_t>(model_.traits(i).hook);
    return hook < attributes.size() ? model_.reference(attributes[hook]) : no_instance;
  }

  // The instance of base with the same id, bytes and meaning of its references.
  Index same_in_base(Index i) const {
    if (base_ == nullptr) return no_instance;
    const Index partner = base_->file.find(model_.file.instances[i].id);
    if (partner == no_instance || model_.file.source(i) != base_->file.source(partner)) return no_instance;
    if (!model_.hung_on(i).empty() || !base_->hung_on(partner).empty()) return no_instance;
    const auto ours = model_.file.refs_of(i);
    const auto theirs = base_->file.refs_of(partner);
    for (std::size_t k = 0; k < ours.size(); ++k) {
      if ((ours[k] == no_instance) != (theirs[k] == no_instance)) return no_instance;
      if (ours[k] == no_instance) continue;
      if (reference_value(model_, i, ours[k]) != reference_value(*base_, partner, theirs[k])) return no_instance;
    }
    return partner;
  }

  Result<> fault(Index i) const {
    const step::Fault found = step::check_arguments(model_.file.args(i));
    const step::Instance& instance = model_.file.instances[i];
    return Error{ErrorCode::invalid_input,
                 step::position(model_.file.text, instance.begin + instance.args + found.offset) + ": #" +
                     std::to_string(instance.id) + ": " + found.what};
  }

  Model& model_;
  const Model* base_;
  std::vector<State> state_;
  std::vector<Index> stack_;
};

}  // namespace

std::uint64_t reference_value(const Model& model, Index from, Index i) {
  if (model.traits(from).placement) {
    const auto owner = model.placed.find(i);
    if (owner != model.placed.end()) return mix(placement_of, owner->second);
  }
  return model.token[i] != 0 ? model.token[i] : model.value[i];
}

Result<> compute_values(Model& model, const Model* base) {
  model.value.assign(model.size(), 0);
  return Walk(model, base).run();
}

std::vector<std::uint64_t> attribute_values(const Model& model, Index i) {
  std::vector<std::uint64_t> values;
  const std::uint64_t ignored = model.traits(i).ignored;
  Hasher(model, i).attributes(model.file.args(i), [&](std::size_t at, std::uint64_t value) {
    values.push_back(at < 64 && ((ignored >> at) & 1U) ? 0 : value);
  });
  return values;
}

std::uint64_t attribute_value(const Model& model, Index owner, std::size_t attribute, std::string_view text) {
  step::Tokens tokens(text);
  const step::Token first = tokens.next();
  return Hasher(model, owner).attribute(attribute, first, tokens);
}

}  // namespace aecos::ifc
