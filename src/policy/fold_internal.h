#pragma once
// Text as file systems that take no notice of case, and readers who do not look closely, see it.

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace aecos::policy {

struct Folding {
  char16_t from;
  std::array<char16_t, 4> to;  // Ends at the first zero.
};
// Sorted by `from`.
std::span<const Folding> foldings();

// Two texts that can be taken for each other fold to the same: without case, in one form of normalisation, without what
// cannot be seen, with letters of other scripts as the Latin ones they look like. Only to compare with; folding it
// again changes nothing.
std::string folded(std::string_view text);

// What cannot be seen, turns the direction of writing, or is passed over by HFS+.
bool is_invisible(char32_t code);

// Whether it has a letter and a mark behind it for which there is one letter, as macOS may write them.
bool is_decomposed(std::string_view text);

}  // namespace aecos::policy
