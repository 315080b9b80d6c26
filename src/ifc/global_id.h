#pragma once

#include <string>
#include <string_view>

namespace aecos::ifc {

// A GlobalId (22 characters) that depends on `key` alone: another key, another id.
std::string global_id(std::string_view key);

// 22 letters of a GlobalId. The first may be one that is too large for 128 bits: some programs write such, and findings
// are about them.
bool looks_like_global_id(std::string_view text);

// As IFC writes them: 22 characters of its base 64, the first of two bits.
bool is_global_id(std::string_view text);

}  // namespace aecos::ifc
