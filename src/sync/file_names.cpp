#include "sync/file_names.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/ascii.h"
#include "os/path.h"

namespace aecos::sync {
namespace {

constexpr std::array prefixes{"~$", ".~lock.", "._"};
constexpr std::array suffixes{"~",    ".tmp", ".temp",   ".lock",  ".lck",  ".bak",        ".part",    ".filepart",
                              ".swp", ".swo", ".swx",    ".dwl",   ".dwl2", ".blend1",     ".skb",     ".bpn",
                              ".sv$", ".ac$", ".fcstd1", ".fcbak", ".slog", ".crdownload", ".partial", ".kate-swp"};
constexpr std::array names{"thumbs.db", ".ds_store", "desktop.ini", ".directory"};
constexpr std::array folders{"__macosx", "$recycle.bin"};

// Revit's "name.0001.rvt" (also .rfa, .rte).
bool is_revit_backup(std::string_view name) {
  if (name.size() < 10 || !(name.ends_with(".rvt") || name.ends_with(".rfa") || name.ends_with(".rte"))) return false;
  std::string_view number = name.substr(name.size() - 9, 5);
  return number[0] == '.' && std::all_of(number.begin() + 1, number.end(), is_digit);
}

}  // namespace

bool is_leftover(std::string_view path) {
  std::string low = lower(path);
  std::string_view name = os::name_of(low);
  auto starts = [&](std::string_view prefix) { return name.starts_with(prefix); };
  auto ends = [&](std::string_view suffix) { return name.ends_with(suffix) && name.size() > suffix.size(); };
  if (std::any_of(prefixes.begin(), prefixes.end(), starts)) return true;
  if (std::any_of(suffixes.begin(), suffixes.end(), ends)) return true;
  if (std::find(names.begin(), names.end(), name) != names.end()) return true;
  auto inside = [&](std::string_view folder) { return ("/" + low).find("/" + std::string(folder) + "/") != low.npos; };
  return std::any_of(folders.begin(), folders.end(), inside) || is_revit_backup(name);
}

std::vector<std::string> lock_files_of(std::string_view path) {
  std::string folder(os::parent_of(path));
  std::string name(os::name_of(path));
  std::string stem = name.substr(0, name.size() - os::extension_of(name).size());
  std::vector<std::string> beside{"~$" + name,   ".~lock." + name + "#", stem + ".dwl",
                                  name + ".lck", name + ".lock",         "." + name + ".swp"};
  // Long names lose their first two characters to the mark.
  if (name.size() > 8) beside.push_back("~$" + name.substr(2));
  for (std::string& file : beside) file = os::join(folder, file);
  return beside;
}

bool is_safe_path(std::string_view path) {
  if (path.empty() || path.front() == '/' || path.find('\0') != std::string_view::npos) return false;
  std::string low = lower(path);
  std::string_view rest = low;
  while (true) {
    std::string_view part = rest.substr(0, rest.find('/'));
    if (part.empty() || part == "." || part == ".." || part == ".git" || part.starts_with("git~")) return false;
    if (part.size() == rest.size()) return true;
    rest.remove_prefix(part.size() + 1);
  }
}

}  // namespace aecos::sync
