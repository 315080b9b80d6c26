#include "element/folder.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "base/hash.h"

namespace aecos::element {
namespace {

constexpr std::size_t words_length_max = 40, id_length = 8;

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

// The letters of western languages in ASCII, by their UTF-8.
constexpr std::array<std::pair<std::string_view, std::string_view>, 44> spelled{{
    {"ä", "ae"}, {"ö", "oe"}, {"ü", "ue"}, {"Ä", "ae"}, {"Ö", "oe"}, {"Ü", "ue"}, {"ß", "ss"}, {"æ", "ae"}, {"Æ", "ae"},
    {"ø", "oe"}, {"Ø", "oe"}, {"å", "aa"}, {"Å", "aa"}, {"é", "e"},  {"è", "e"},  {"ê", "e"},  {"ë", "e"},  {"É", "e"},
    {"È", "e"},  {"á", "a"},  {"à", "a"},  {"â", "a"},  {"ã", "a"},  {"Á", "a"},  {"À", "a"},  {"í", "i"},  {"ì", "i"},
    {"î", "i"},  {"ï", "i"},  {"ó", "o"},  {"ò", "o"},  {"ô", "o"},  {"õ", "o"},  {"ú", "u"},  {"ù", "u"},  {"û", "u"},
    {"ç", "c"},  {"Ç", "c"},  {"ñ", "n"},  {"Ñ", "n"},  {"ł", "l"},  {"ś", "s"},  {"ž", "z"},  {"š", "s"},
}};

std::string to_ascii(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto found = std::find_if(spelled.begin(), spelled.end(),
                                    [&](const auto& pair) { return text.substr(at).starts_with(pair.first); });
    if (found != spelled.end()) {
      out += found->second;
      at += found->first.size();
    } else {
      out += text[at++];
    }
  }
  return out;
}

// "W-12" -> "w12", "Basic Wall:Interior" -> "basic-wall-interior".
std::string words(std::string_view text) {
  const std::string ascii = to_ascii(text);
  std::string out;
  for (std::size_t k = 0; k < ascii.size(); ++k) {
    const bool joins = ascii[k] == '-' && k + 1 < ascii.size() && ascii[k + 1] >= '0' && ascii[k + 1] <= '9';
    if (is_letter_or_digit(ascii[k]))
      out += lower(ascii[k]);
    else if (!out.empty() && out.back() != '-' && !joins && static_cast<unsigned char>(ascii[k]) < 0x80)
      out += '-';
  }
  if (out.size() > words_length_max) out.resize(words_length_max);
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

std::string beginning(std::string_view name, std::string_view ifc_class) {
  std::string kind = words(ifc_class.starts_with("Ifc") ? ifc_class.substr(3) : ifc_class);
  if (kind.ends_with("standardcase")) kind.resize(kind.size() - std::string_view("standardcase").size());
  const std::string named = words(name);
  if (named.empty()) return kind;
  // A name that says the class itself needs it not twice.
  if (kind.empty() || named == kind || named.starts_with(kind + "-")) return named;
  std::string all = kind + "-" + named;
  if (all.size() > words_length_max) all.resize(words_length_max);
  while (all.back() == '-') all.pop_back();
  return all;
}

// '$' means something to shells.
std::string safe_id(std::string_view global_id, std::size_t length) {
  std::string out;
  for (const char c : global_id.substr(0, length)) out += is_letter_or_digit(c) || c == '_' ? c : '-';
  return out;
}

std::string hexadecimal(std::uint64_t number, std::size_t digits) {
  std::string out;
  for (std::size_t k = 0; k < digits; ++k) out += "0123456789abcdef"[(number >> (60 - 4 * k)) & 15U];
  return out;
}

std::string joined(const std::string& first, const std::string& second) {
  return first.empty() ? "e-" + second : first + "-" + second;
}

}  // namespace

std::string slug_of(std::string_view name, std::string_view ifc_class, std::string_view global_id) {
  return joined(beginning(name, ifc_class), safe_id(global_id, id_length));
}

std::string long_slug_of(std::string_view name, std::string_view ifc_class, std::string_view global_id) {
  return slug_of(name, ifc_class, global_id) + "-" + hexadecimal(hash_bytes(global_id), 12);
}

}  // namespace aecos::element
