#pragma once

#include <string>
#include <string_view>

namespace aecos::ifc {

// A GlobalId (22 characters) that depends on `key` alone: another key, another id.
std::string global_id(std::string_view key);

// As IFC writes them: 22 characters of its base 64, the first of two bits.
bool is_global_id(std::string_view text);

}  // namespace aecos::ifc
