#pragma once
// From tokens to instances: open addressing, for tokens are hashes already.

#include <cstdint>
#include <vector>

#include "step/file.h"

namespace aecos::ifc {

// Stands for one thing with an identity, the same in every version of a model: an element by its GlobalId, a material
// by its name. 0: no identity.
using Token = std::uint64_t;

class TokenTable {
 public:
  // no_instance if there is none. 0 is never there.
  step::Index find(Token token) const {
    return slots_.empty() || token == 0 ? step::no_instance : slots_[slot(token)].instance;
  }
  std::size_t size() const { return count_; }
  bool contains(Token token) const { return find(token) != step::no_instance; }

  // False: it is there already, and stays as it is.
  bool insert(Token token, step::Index instance) {
    if (contains(token)) return false;
    set(token, instance);
    return true;
  }
  void set(Token token, step::Index instance) {
    if ((count_ + 1) * 2 > slots_.size()) grow();
    Slot& at = slots_[slot(token)];
    if (at.token == 0) ++count_;
    at = {token, instance};
  }
  // Room for so many.
  void reserve(std::size_t count) {
    while (slots_.size() < count * 2) grow();
  }
  void erase(Token token) {
    if (!contains(token)) return;
    std::size_t gap = slot(token);
    slots_[gap] = {};
    --count_;
    // What lies behind in one run with it may have its place there.
    for (std::size_t k = next(gap); slots_[k].token != 0; k = next(k)) {
      const Slot moved = slots_[k];
      slots_[k] = {};
      slots_[slot(moved.token)] = moved;
    }
  }

 private:
  struct Slot {
    Token token = 0;
    step::Index instance = step::no_instance;
  };

  std::size_t next(std::size_t k) const { return (k + 1) & (slots_.size() - 1); }
  // Where it is, or else where it would be.
  std::size_t slot(Token token) const {
    std::size_t k = (token ^ (token >> 32U)) & (slots_.size() - 1);
    while (slots_[k].token != 0 && slots_[k].token != token) k = next(k);
    return k;
  }
  void grow() {
    const std::vector<Slot> old = std::move(slots_);
    slots_.assign(old.empty() ? 64 : old.size() * 2, {});
    for (const Slot& one : old)
      if (one.token != 0) slots_[slot(one.token)] = one;
  }

  std::vector<Slot> slots_;  // A power of two; at most half of them taken.
  std::size_t count_ = 0;
};

}  // namespace aecos::ifc
