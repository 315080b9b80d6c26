#pragma once

#include <cstddef>
#include <string>

namespace aecos {

// (1, "fault") -> "1 fault", (2, "fault") -> "2 faults", (2, "element has", "elements have") -> "2 elements have".
inline std::string counted(std::size_t count, const std::string& one, const std::string& many = {}) {
  return std::to_string(count) + " " + (count == 1 ? one : many.empty() ? one + "s" : many);
}

}  // namespace aecos
