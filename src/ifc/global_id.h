#pragma once

#include <string>
#include <string_view>

namespace aecos::ifc {

// A GlobalId (22 characters) that depends on `key` alone: another key, another id.
std::string global_id(std::string_view key);

}  // namespace aecos::ifc
