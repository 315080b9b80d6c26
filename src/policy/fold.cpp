#include <algorithm>
#include <utility>

#include "base/utf8.h"
#include "policy/fold_internal.h"

namespace aecos::policy {
namespace {

// Small letters of other scripts that look like the Latin ones. Folded first, so capitals need no entries.
constexpr std::pair<char32_t, char> alike[] = {
    {0x251, 'a'}, {0x261, 'g'}, {0x131, 'i'},  {0x237, 'j'},  {0x3b1, 'a'},  {0x3b9, 'i'},  {0x3ba, 'k'},  {0x3bd, 'v'},
    {0x3bf, 'o'}, {0x3c1, 'p'}, {0x3c5, 'u'},  {0x430, 'a'},  {0x432, 'b'},  {0x433, 'r'},  {0x435, 'e'},  {0x43a, 'k'},
    {0x43c, 'm'}, {0x43d, 'h'}, {0x43e, 'o'},  {0x440, 'p'},  {0x441, 'c'},  {0x442, 't'},  {0x443, 'y'},  {0x445, 'x'},
    {0x455, 's'}, {0x456, 'i'}, {0x458, 'j'},  {0x45b, 'h'},  {0x475, 'v'},  {0x4bb, 'h'},  {0x4cf, 'l'},  {0x501, 'd'},
    {0x51b, 'q'}, {0x51d, 'w'}, {0x561, 'w'},  {0x566, 'q'},  {0x570, 'h'},  {0x578, 'n'},  {0x57d, 'u'},  {0x581, 'g'},
    {0x584, 'f'}, {0x585, 'o'}, {0x1d0f, 'o'}, {0x1d20, 'v'}, {0x1d21, 'w'}, {0x1d22, 'z'}, {0xa731, 's'},
};

constexpr char32_t hangul_first = 0xac00, hangul_last = 0xd7a3;
constexpr char32_t jamo_lead = 0x1100, jamo_vowel = 0x1161, jamo_tail = 0x11a7;

const Folding* folding_of(char32_t code) {
  const auto table = foldings();
  const auto found = std::lower_bound(table.begin(), table.end(), code,
                                      [](const Folding& one, char32_t wanted) { return one.from < wanted; });
  return found != table.end() && found->from == code ? &*found : nullptr;
}

// Letters of mathematics (bold, script ...): 52 of each kind, digits in tens.
char32_t plain_letter(char32_t code) {
  if (code >= 0x1d400 && code < 0x1d6a4) {
    const char32_t letter = (code - 0x1d400) % 52;
    return 'a' + letter % 26;
  }
  if (code >= 0x1d7ce && code <= 0x1d7ff) return '0' + (code - 0x1d7ce) % 10;
  if (code >= 0xff01 && code <= 0xff5e) code -= 0xfee0;
  return code;
}

void append_folded(std::string& out, char32_t code) {
  if (is_invisible(code)) return;
  code = plain_letter(code);
  if (code < 0x80) {
    out += static_cast<char>(code >= 'A' && code <= 'Z' ? code + ('a' - 'A') : code);
    return;
  }
  if (code >= hangul_first && code <= hangul_last) {
    const char32_t place = code - hangul_first;
    append_utf8(out, jamo_lead + place / 588);
    append_utf8(out, jamo_vowel + place % 588 / 28);
    if (place % 28 != 0) append_utf8(out, jamo_tail + place % 28);
    return;
  }
  if (code >= 0x10400 && code < 0x10428)
    code += 0x28;  // Deseret, the one script beyond with case that file systems know.
  const Folding* const folding = folding_of(code);
  const std::array<char16_t, 4> one = {static_cast<char16_t>(code)};
  if (folding == nullptr && code > 0xffff) return append_utf8(out, code);
  for (const char16_t each : folding != nullptr ? folding->to : one) {
    if (each == 0) break;
    if (is_invisible(each)) continue;
    const auto* const found = std::find_if(std::begin(alike), std::end(alike),
                                           [&](const auto& pair) { return pair.first == char32_t{each}; });
    append_utf8(out, found != std::end(alike) ? static_cast<char32_t>(found->second) : char32_t{each});
  }
}

}  // namespace

bool is_invisible(char32_t code) {
  return (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
         (code >= 0x2060 && code <= 0x206f) || code == 0xfeff || code == 0xad || code == 0x34f || code == 0x61c ||
         code == 0x115f || code == 0x1160 || code == 0x17b4 || code == 0x17b5 || code == 0x180b || code == 0x180c ||
         code == 0x180d || code == 0x180e || code == 0x3164 || code == 0xffa0 || (code >= 0xfe00 && code <= 0xfe0f) ||
         (code >= 0xfff0 && code <= 0xfffb) || (code >= 0xe0000 && code <= 0xe0fff) || (code >= 0x80 && code < 0xa0);
}

std::string folded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) append_folded(out, next_utf8(text, at));
  return out;
}

bool is_decomposed(std::string_view text) {
  std::array<char16_t, 4> before = {};
  for (std::size_t at = 0; at < text.size();) {
    const char32_t code = next_utf8(text, at);
    const bool vowel = code >= jamo_vowel && code < jamo_vowel + 21;
    if (vowel && before[0] >= jamo_lead && before[0] < jamo_lead + 19) return true;
    const bool mark = (code >= 0x300 && code <= 0x36f) || code == 0x3099 || code == 0x309a;
    auto* const end = std::find(before.begin(), before.end(), char16_t{0});
    if (mark && end != before.begin() && end != before.end()) {
      *end = static_cast<char16_t>(code);
      const auto table = foldings();
      const auto is_pair = [&](const Folding& one) { return one.to == before; };
      if (std::any_of(table.begin(), table.end(), is_pair)) return true;
      *end = 0;
    }
    const Folding* const folding = folding_of(code);
    before = folding != nullptr ? folding->to : std::array<char16_t, 4>{static_cast<char16_t>(code)};
    if (code >= 'A' && code <= 'Z') before[0] = static_cast<char16_t>(code + ('a' - 'A'));
    if (code > 0xffff) before = {};
  }
  return false;
}

}  // namespace aecos::policy
