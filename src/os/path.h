#pragma once
// Paths are UTF-8 text with '/' between the parts, on every system. These functions look at the text alone.

#include <string>
#include <string_view>

namespace aecos::os {

// "a/b" + "c/d" = "a/b/c/d". An absolute `path` stands alone, an empty `folder` or `path` adds nothing.
std::string join(std::string_view folder, std::string_view path);

// "a/b/c" -> "a/b", "/a" -> "/", "a" -> "": the folder `path` lies in; "" is the current one.
std::string_view parent_of(std::string_view path);

// "a/b/c.ifc" -> "c.ifc".
std::string_view name_of(std::string_view path);

// "a/b/c.IFC" -> ".ifc", in lower case; "" for "a/.b" and "a.b/c".
std::string extension_of(std::string_view path);

bool is_absolute(std::string_view path);

// Without ".", empty parts and, as far as possible, "..": "/a/./b//../c" -> "/a/c", "a/../../b" -> "../b", "" -> ".".
// Takes no notice of symbolic links: see FileSystem::resolve.
std::string normal(std::string_view path);

// Whether `path` is `folder` or lies below it. Both normal, and both absolute or both relative.
bool is_inside(std::string_view folder, std::string_view path);

}  // namespace aecos::os
