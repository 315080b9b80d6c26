#pragma once
// What the implementations of FileSystem share.

#include <string>
#include <string_view>

#include "base/result.h"

namespace aecos::os {

inline constexpr std::string_view temporary_prefix = ".aecos-tmp-";

Result<> check_path(const std::string& path);

}  // namespace aecos::os
