// Names of files that are nobody's to write.

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "policy/fold_internal.h"
#include "policy/policy.h"

namespace aecos::policy {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t path_max = 4096, segment_max = 255;  // Of file systems; bytes.
constexpr std::string_view own_folder = ".aecos";
constexpr std::array git_names{".gitattributes"sv, ".lfsconfig"sv, ".gitmodules"sv, ".gitignore"sv};
constexpr std::array own_names{"roles.json"sv, "project.json"sv, "notify.json"sv,
                               "rates.csv"sv,  "conflicts"sv,    "ids"sv};
constexpr std::array devices{"con"sv, "prn"sv, "aux"sv, "nul"sv, "conin$"sv, "conout$"sv};

// Characters that look like a dot, a slash or a backslash.
bool is_false_separator(char32_t code) {
  constexpr std::array<char32_t, 15> codes{0xff0e, 0xff0f, 0xff3c, 0x2024, 0x2025, 0x2026, 0x2044, 0x2215,
                                           0x29f8, 0xfe52, 0x2571, 0x3002, 0xff61, 0x29f5, 0xfe68};
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

std::string character_fault(std::string_view path) {
  for (std::size_t at = 0; at < path.size();) {
    const char32_t code = next_utf8(path, at);
    if (code < ' ' || code == 0x7f || is_invisible(code)) return "has characters that cannot be seen";
    if (code == '\\' || is_false_separator(code)) return "has a character that can be taken for '/' or '.'";
    if (code == ':') return "has a ':', behind which Windows looks for a part of another file";
  }
  return "";
}

// "ROLES~1.JSO", under which Windows finds roles.json.
bool is_short_name(std::string_view segment) {
  const std::string_view stem = segment.substr(0, segment.find('.'));
  const std::string_view ending = segment.substr(std::min(stem.size() + 1, segment.size()));
  const std::size_t tilde = stem.rfind('~');
  if (tilde == std::string_view::npos || tilde == 0 || tilde + 1 == stem.size() || stem.size() > 8) return false;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return ending.size() <= 3 && std::all_of(stem.begin() + static_cast<std::ptrdiff_t>(tilde) + 1, stem.end(), is_digit);
}

bool is_device(std::string_view plain) {
  std::string_view stem = plain.substr(0, plain.find('.'));
  while (stem.ends_with(' ')) stem.remove_suffix(1);
  if (std::find(devices.begin(), devices.end(), stem) != devices.end()) return true;
  return stem.size() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")) && stem[3] >= '0' && stem[3] <= '9';
}

std::string taken_for(std::string_view name) { return "can be taken for " + std::string(name) + ", which it is not"; }

std::string segment_fault(std::string_view segment, std::string_view plain) {
  if (segment.empty() || segment == "." || segment == "..") return "has an empty part or leads elsewhere";
  if (segment.ends_with('.') || segment.ends_with(' '))
    return "has a part that ends in a dot or blank, which Windows drops";
  if (segment.size() > segment_max) return "has a part longer than " + std::to_string(segment_max) + " bytes";
  if (plain == ".git") return "is git's own";
  if (is_short_name(plain)) return "is a short name that Windows may use for another file";
  if (is_device(plain)) return "is a device for Windows";
  for (const std::string_view name : git_names) {
    if (plain == name && segment != name) return taken_for(name);
  }
  if (plain == "metadata.json" && segment != plain) return taken_for("metadata.json");
  return "";
}

// Below .aecos, whose files have names that everybody goes by.
std::string own_fault(std::string_view path, std::string_view plain) {
  const std::size_t slash = path.find('/'), plain_slash = plain.find('/');
  if (plain.substr(0, plain_slash) != own_folder) return "";
  if (path.substr(0, slash) != own_folder) return taken_for(own_folder);
  if (slash == std::string_view::npos) return "is the folder of what the team agreed on";
  path.remove_prefix(slash + 1);
  plain.remove_prefix(plain_slash + 1);
  const std::string_view name = path.substr(0, path.find('/')), plain_name = plain.substr(0, plain.find('/'));
  for (const std::string_view own : own_names) {
    if (plain_name == own && name != own) return taken_for(own);
  }
  const bool is_file = name.ends_with(".json") || name.ends_with(".csv");
  const bool own = std::find(own_names.begin(), own_names.end(), name) != own_names.end();
  if (own && is_file == (name.size() != path.size()))
    return std::string(name) + (is_file ? " is a file, no folder" : " is a folder, no file");
  return "";
}

}  // namespace

std::string path_fault(std::string_view path) {
  if (!is_utf8(path)) return "is not UTF-8";
  if (path.size() > path_max) return "is longer than " + std::to_string(path_max) + " bytes";
  if (std::string fault = character_fault(path); !fault.empty()) return fault;
  if (is_decomposed(path)) return "has letters in parts, as macOS may write them (NFD): it looks like another name";
  std::string_view rest = path;
  while (true) {
    const std::size_t end = rest.find('/');
    const std::string_view segment = rest.substr(0, end);
    if (std::string fault = segment_fault(segment, folded(segment)); !fault.empty()) return fault;
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return own_fault(path, folded(path));
}

}  // namespace aecos::policy
