#include "os/path.h"

#include <algorithm>

namespace aecos::os {

std::string join(std::string_view folder, std::string_view path) {
  if (folder.empty() || is_absolute(path)) return std::string(path);
  std::string joined(folder);
  if (path.empty()) return joined;
  if (joined.back() != '/') joined += '/';
  return joined += path;
}

std::string_view parent_of(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  auto slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  while (slash > 0 && path[slash - 1] == '/') --slash;
  return path.substr(0, slash == 0 ? 1 : slash);
}

std::string_view name_of(std::string_view path) {
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string extension_of(std::string_view path) {
  auto name = name_of(path);
  auto dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {};
  std::string extension(name.substr(dot));
  for (char& c : extension) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return extension;
}

bool is_absolute(std::string_view path) { return path.starts_with('/'); }

std::string normal(std::string_view path) {
  std::string result = is_absolute(path) ? "/" : "";
  std::size_t fixed = result.size();  // What ".." cannot take away.
  for (std::size_t at = 0; at < path.size();) {
    auto end = std::min(path.find('/', at), path.size());
    auto part = path.substr(at, end - at);
    at = end + 1;
    if (part.empty() || part == ".") continue;
    bool up = part == "..";
    if (up && result.size() > fixed) {
      auto slash = result.rfind('/');
      result.resize(slash == std::string::npos || slash < fixed ? fixed : slash);
      continue;
    }
    if (up && is_absolute(path)) continue;
    if (!result.empty() && result.back() != '/') result += '/';
    result += part;
    if (up) fixed = result.size();
  }
  return result.empty() ? "." : result;
}

bool is_inside(std::string_view folder, std::string_view path) {
  if (folder == ".") return !is_absolute(path) && path != ".." && !path.starts_with("../");
  if (!path.starts_with(folder)) return false;
  return path.size() == folder.size() || folder.ends_with('/') || path[folder.size()] == '/';
}

}  // namespace aecos::os
