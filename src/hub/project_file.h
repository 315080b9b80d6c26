#pragma once
// The files of .aecos/, as validation holds all of them to what the program can use.

#include <string_view>

#include "base/result.h"

namespace aecos::hub {

// Why a file of that path could not be used: notify.json, forge.json, and what revision::parse_own_file() knows.
Result<> parse_project_file(std::string_view path, std::string_view bytes);

}  // namespace aecos::hub
