#pragma once
// One input of a fuzzer as several texts.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace aecos::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// What stands between lines of "%%%%"; missing parts are empty.
inline std::vector<std::string_view> parts_of(std::string_view text, std::size_t count) {
  constexpr std::string_view mark = "%%%%\n";
  std::vector<std::string_view> parts;
  while (parts.size() + 1 < count) {
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos) break;
    parts.push_back(text.substr(0, at));
    text.remove_prefix(at + mark.size());
  }
  parts.push_back(text);
  parts.resize(count);
  return parts;
}

// A law that does not hold ends the program, in every build.
inline void require(bool holds, const char* law) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", law);
  std::abort();
}

}  // namespace aecos::fuzz
