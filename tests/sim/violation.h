#pragma once
// What a run was for: something is not as it must always be.

#include <stdexcept>
#include <string>

#include "base/result.h"

namespace aecos::sim {

class Violation : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

inline void require(bool holds, const std::string& otherwise) {
  if (!holds) throw Violation(otherwise);
}

// For what cannot fail in a simulation, or must not.
template <class T>
T must(Result<T> result, const std::string& doing) {
  if (!result) throw Violation(doing + ": " + result.error().message);
  return *std::move(result);
}
inline void must(const Result<>& result, const std::string& doing) {
  if (!result) throw Violation(doing + ": " + result.error().message);
}

}  // namespace aecos::sim
