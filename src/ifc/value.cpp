// Hashes of content: the Merkle tree of a model, cut where things have an identity.

#include <algorithm>
#include <bit>
#include <charconv>
#include <numeric>

#include "base/hash.h"
#include "base/parallel.h"
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

// One pass over the arguments of an instance, or over the text of one attribute.
class Hasher {
 public:
  // `said`: by instance, what a reference to it stands for; absent: looked up in the model.
  Hasher(const Model& model, Index owner, const std::vector<SharedNumber>* said = nullptr)
      : model_(model), owner_(owner), traits_(model.traits(owner)), said_(said) {}

  // False once something was met that arguments may not have; see step::check_arguments for what and where.
  bool is_sound() const { return sound_; }

  template <class Each>  // each(position, hash)
  void attributes(Each&& each) {
    refs_ = model_.file.refs_of(owner_);
    in_order_ = true;
    step::Tokens tokens(model_.file.args(owner_));
    tokens.next();
    if (traits_.entity == nullptr && model_.file.keyword(owner_).empty()) return complex(tokens, each);
    step::Token token = tokens.next();
    if (token.kind != TokenKind::close) {
      for (std::size_t at = 0;; ++at) {
        each(at, attribute(at, token, tokens));
        token = tokens.next();
        if (token.kind != TokenKind::comma) break;
        token = tokens.next();
      }
    }
    sound_ = sound_ && token.kind == TokenKind::close && tokens.next().kind == TokenKind::end;
  }

  std::uint64_t attribute(std::size_t at, step::Token first, step::Tokens& tokens) {
    at_ = at;
    if (first.kind == TokenKind::open)
      return at < 64 && ((traits_.unordered >> at) & 1U) ? collection(tokens) : list(tokens);
    if (first.kind == TokenKind::keyword) return typed(first, tokens);
    return scalar(first);
  }

 private:
  // A()B(): in the order of the file.
  template <class Each>
  void complex(step::Tokens& tokens, Each&& each) {
    std::uint64_t hash = of_nothing;
    step::Token token = tokens.next();
    for (; token.kind == TokenKind::keyword; token = tokens.next()) hash = mix(hash, typed(token, tokens));
    sound_ = sound_ && token.kind == TokenKind::close && tokens.next().kind == TokenKind::end;
    each(0, hash);
  }

  std::uint64_t list(step::Tokens& tokens) {
    const std::uint64_t hash = sequence(tokens);
    return hash == of_nothing ? omitted : hash;
  }

  // Up to the closing parenthesis, in order; lists in it without recursion.
  std::uint64_t sequence(step::Tokens& tokens) {
    std::uint64_t hash = of_nothing;
    bool wants_value = true, may_close = true;
    for (int depth = 1;;) {
      const step::Token token = tokens.next();
      switch (token.kind) {
        case TokenKind::end:
          sound_ = false;
          return hash;
        case TokenKind::open:
          sound_ = sound_ && wants_value;
          ++depth;
          hash = mix(hash, 2);
          may_close = true;
          continue;
        case TokenKind::close:
          sound_ = sound_ && may_close;
          if (--depth == 0) return hash;
          hash = mix(hash, 3);
          wants_value = false;
          may_close = true;
          continue;
        case TokenKind::comma:
          sound_ = sound_ && !wants_value;
          wants_value = true;
          may_close = false;
          continue;
        case TokenKind::keyword:
          sound_ = sound_ && wants_value;
          hash = mix(hash, hash_upper(token.text));
          may_close = false;
          continue;
        default:
          sound_ = sound_ && wants_value;
          hash = mix(hash, scalar(token));
          wants_value = false;
          may_close = true;
      }
    }
  }

  // The members in any order; a reference that leads nowhere is none.
  std::uint64_t collection(step::Tokens& tokens) {
    std::uint64_t sum = 0, count = 0;
    step::Token token = tokens.next();
    if (token.kind == TokenKind::close) return omitted;
    for (;;) {
      const std::uint64_t member = token.kind == TokenKind::open      ? sequence(tokens)
                                   : token.kind == TokenKind::keyword ? typed(token, tokens)
                                                                      : scalar(token);
      if (member != nowhere) {
        ++count;
        sum += mix(member, 5);
      }
      token = tokens.next();
      if (token.kind != TokenKind::comma) break;
      token = tokens.next();
    }
    sound_ = sound_ && token.kind == TokenKind::close;
    return count == 0 ? omitted : mix(sum, count);
  }

  std::uint64_t typed(const step::Token& keyword, step::Tokens& tokens) {
    const std::uint64_t name = hash_upper(keyword.text);
    sound_ = sound_ && tokens.next().kind == TokenKind::open;
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
      case TokenKind::enumeration:
      case TokenKind::binary:
      case TokenKind::derived:
        return hash_upper(token.text);
      default:
        sound_ = false;
        return 0;
    }
  }

  std::uint64_t reference(std::string_view text) {
    Index to = no_instance;
    if (!in_order_)
      to = model_.file.find(step::reference_id(text));
    else if (next_ref_ < refs_.size())
      to = refs_[next_ref_++];
    if (to == no_instance) return nowhere;
    if (traits_.role == Role::annotation && static_cast<int>(at_) == traits_.hook) return hook_mark;
    return said_ == nullptr || traits_.placement ? reference_value(model_, owner_, to) : std::uint64_t{(*said_)[to]};
  }

  static constexpr std::uint64_t of_nothing = 0x656d707479ULL;
  const Model& model_;
  const Index owner_;
  const ClassTraits& traits_;
  const std::vector<SharedNumber>* const said_;
  std::size_t at_ = 0;
  std::span<const Index> refs_;  // Of the whole instance: its references come in this order.
  std::size_t next_ref_ = 0;
  bool in_order_ = false;
  bool sound_ = true;
};

// False: the arguments are not well-formed.
bool own_value(const Model& model, Index i, const std::vector<SharedNumber>& said, std::uint64_t& hash) {
  const ClassTraits& traits = model.traits(i);
  hash = traits.hash;
  Hasher hasher(model, i, &said);
  hasher.attributes([&](std::size_t at, std::uint64_t value) {
    if (at < 64 && ((traits.ignored >> at) & 1U)) value = 0;
    hash = mix(hash, value);
  });
  return hasher.is_sound() || step::check_arguments(model.file.args(i)).offset == std::string_view::npos;
}

// Annotations add to what they hang on: their own content, for a layer who it is.
std::uint64_t hung_value(const Model& model, Index i) {
  std::uint64_t sum = 0;
  for (const Index annotation : model.hung_on(i))
    sum += mix(model.token[annotation] != 0 ? model.token[annotation] : model.value[annotation], 7);
  return sum;
}

// Walks what an instance depends on, without recursion: files may be deep, and cyclic. Several walks may go over one
// model at once: each takes over what another one has worked out by then. None of them can say the same of a cycle
// wherever it enters it, so then, and where something is malformed, they give up, and one walk alone decides.
class Walk {
 public:
  // `said`: what a reference to each instance stands for, as far as it is known; 0 where it is not.
  Walk(Model& model, const Model* base, std::vector<SharedNumber>& said, bool alone)
      : model_(model), base_(base), said_(said), alone_(alone), state_(model.size(), fresh) {}

  // False: this needs a walk alone; of a walk alone: the arguments of fault_at() are malformed.
  bool run(Index first, Index end) {
    std::vector<Index> left(end - first);
    std::iota(left.begin(), left.end(), first);
    if (!pass_over(left)) return false;
    for (const Index i : left) {
      if (state_[i] == fresh) stack_.push_back(i);
      while (!stack_.empty())
        if (!step(stack_.back())) return false;
    }
    return true;
  }
  Index fault_at() const { return stack_.back(); }

 private:
  enum State : std::uint8_t { fresh, entered, done };

  // What depends on nothing that is missing, in the order of the file: memory is fast then. What is left after some
  // passes needs more than a few others first.
  bool pass_over(std::vector<Index>& left) {
    constexpr int passes_max = 12;
    for (int pass = 0; pass < passes_max && !left.empty(); ++pass) {
      const std::size_t before = left.size();
      std::size_t kept = 0;
      for (const Index i : left) {
        if (is_done(i)) continue;
        if (for_each_missing(i, [](Index) { return false; })) {
          if (!compute(i)) return stack_.push_back(i), false;
        } else {
          left[kept++] = i;
        }
      }
      left.resize(kept);
      if (before - kept < before / 8) break;
    }
    return true;
  }

  bool step(Index i) {
    if (is_done(i)) return stack_.pop_back(), true;
    const bool first = state_[i] == fresh;
    state_[i] = entered;
    if (first && push_missing(i)) return !gave_up_;
    if (!compute(i)) return false;
    stack_.pop_back();
    return true;
  }

  // False: its arguments are malformed.
  bool compute(Index i) {
    if (const Index partner = same_in_base(i); partner != no_instance) {
      set(i, base_->value[partner]);
    } else {
      std::uint64_t value = 0;
      if (!own_value(model_, i, said_, value)) return false;
      if (const std::uint64_t hung = hung_value(model_, i); hung != 0) value = mix(value, hung);
      set(i, value == 0 ? 1 : value);
    }
    state_[i] = done;
    return true;
  }

  void set(Index i, std::uint64_t value) {
    model_.value[i] = value;
    if (model_.token[i] == 0) said_[i] = value;
  }

  // What others refer to is done only when they can: another walk sets `said_` last.
  bool is_done(Index i) {
    if (state_[i] == fresh && (model_.token[i] == 0 ? said_[i] : model_.value[i]) != 0) state_[i] = done;
    return state_[i] == done;
  }

  // True when something must be computed first. What is already entered is a cycle and is cut there.
  bool push_missing(Index i) {
    const std::size_t before = stack_.size();
    for_each_missing(i, [&](Index to) {
      if (state_[to] != entered)
        stack_.push_back(to);
      else if (alone_)
        set(to, cyclic);
      else
        gave_up_ = true;
      return true;
    });
    return stack_.size() != before || gave_up_;
  }

  // each(instance that i depends on and that is not known yet), until it says false; whether it never did.
  template <class Each>
  bool for_each_missing(Index i, const Each& each) {
    const ClassTraits& traits = model_.traits(i);
    const auto is_missing = [&](Index to) {
      if (to == no_instance) return false;
      return said_[to] == 0 || (state_[to] == entered && model_.token[to] == 0);
    };
    const bool annotation = traits.role == Role::annotation;
    const Index hook = annotation ? hook_of(i) : no_instance;
    for (const Index to : model_.file.refs_of(i))
      if (to != hook && is_missing(to) && !(traits.placement && model_.is_placed(to)) && !each(to)) return false;
    for (const Index to : model_.hung_on(i))
      if (is_missing(to) && !each(to)) return false;
    return true;
  }

  Index hook_of(Index i) const {
    const auto attributes = model_.attributes(i);
    const auto hook = static_cast<std::size_t>(model_.traits(i).hook);
    return hook < attributes.size() ? model_.reference(attributes[hook]) : no_instance;
  }

  // The instance of base with the same id, bytes and meaning of its references.
  Index same_in_base(Index i) const {
    if (base_ == nullptr) return no_instance;
    const Index partner = model_.file.same.empty() ? no_instance : model_.file.same[i];
    if (partner == no_instance) return no_instance;
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

  Model& model_;
  const Model* base_;
  std::vector<SharedNumber>& said_;
  const bool alone_;
  bool gave_up_ = false;
  std::vector<State> state_;
  std::vector<Index> stack_;
};

void add_links(Model& model) {
  model.links.clear();
  for (Index i = 0; i < model.size(); ++i) {
    const ClassTraits& traits = model.traits(i);
    if (!traits.has_links()) continue;
    const auto members = model.refs_in(i, static_cast<std::size_t>(traits.members));
    if (members.empty()) continue;
    const std::uint64_t key = relation_key(model, i);
    const Index relating = relating_of(model, i);
    for (const Index member : members) {
      if (member == no_instance) continue;
      const Token token = model.token[member] != 0 ? model.token[member] : Token{model.value[member]};
      model.links.push_back({key, token, i, member, relating});
    }
  }
}

Error fault(const Model& model, Index i) {
  const step::Fault found = step::check_arguments(model.file.args(i));
  const step::Instance& instance = model.file.instances[i];
  return {ErrorCode::invalid_input, step::position(model.file.text, instance.begin + instance.args + found.offset) +
                                        ": #" + std::to_string(instance.id) + ": " + found.what};
}

// On all processors. False: it needs one walk alone.
bool walk_together(Model& model, const Model* base, std::vector<SharedNumber>& said) {
  const std::size_t count = processor_count();
  std::atomic<bool> done = true;
  in_parallel(count, [&](std::size_t k) {
    const auto part = [&](std::size_t n) { return static_cast<Index>(std::size_t{model.size()} * n / count); };
    if (!Walk(model, base, said, false).run(part(k), part(k + 1))) done = false;
  });
  return done;
}

}  // namespace

std::uint64_t reference_value(const Model& model, Index from, Index i) {
  if (model.traits(from).placement) {
    if (model.is_placed(i)) return mix(placement_of, model.product_on(i));
  }
  return model.token[i] != 0 ? model.token[i] : model.value[i];
}

Result<> compute_values(Model& model, const Model* base) {
  constexpr Index worthwhile = 10'000;
  model.value = std::vector<SharedNumber>(model.size());
  std::vector<SharedNumber> said(model.size());
  const auto known = [&] { std::copy(model.token.begin(), model.token.end(), said.begin()); };
  known();
  if (model.size() < worthwhile || !walk_together(model, base, said)) {
    std::fill(model.value.begin(), model.value.end(), SharedNumber());
    known();
    Walk walk(model, base, said, true);
    if (!walk.run(0, model.size())) return fault(model, walk.fault_at());
  }
  add_links(model);
  return {};
}

std::uint64_t relation_key(const Model& model, Index relation) {
  const ClassTraits& traits = model.traits(relation);
  std::uint64_t key = traits.hash;
  for (std::size_t k = 4;; ++k) {
    if (static_cast<int>(k) == traits.members) continue;
    const std::string_view text = model.attribute(relation, k);
    if (text.empty()) break;
    key = mix(key, k < 64 && ((traits.ignored >> k) & 1U) ? 0 : attribute_value(model, relation, k, text));
  }
  return key;
}

std::vector<std::uint64_t> attribute_values(const Model& model, Index i) {
  std::vector<std::uint64_t> values;
  const std::uint64_t ignored = model.traits(i).ignored;
  Hasher(model, i).attributes(
      [&](std::size_t at, std::uint64_t value) { values.push_back(at < 64 && ((ignored >> at) & 1U) ? 0 : value); });
  return values;
}

std::uint64_t attribute_value(const Model& model, Index owner, std::size_t attribute, std::string_view text) {
  step::Tokens tokens(text);
  const step::Token first = tokens.next();
  return Hasher(model, owner).attribute(attribute, first, tokens);
}

}  // namespace aecos::ifc
