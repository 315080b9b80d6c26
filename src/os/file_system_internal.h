#pragma once
// What the implementations of FileSystem share.

#include <string>
#include <string_view>

#include "os/file_system.h"

namespace aecos::os {

inline constexpr std::string_view temporary_prefix = ".aecos-tmp-";

Result<> check_path(const std::string& path);
Result<> check_unchanged(const WriteOptions& options, const Seen& now, const std::string& path);

}  // namespace aecos::os
