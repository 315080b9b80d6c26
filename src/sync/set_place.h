#pragma once
// Putting a value that somebody chose into one place of a file.

#include <string>
#include <string_view>

#include "base/result.h"
#include "merge/merge.h"

namespace aecos::sync {

// `at` as in changes and conflicts; `value` is JSON text. `standing` is what stands there as far as is known: in text
// and Markdown the place is found by it. Everything else in the file stays byte for byte. invalid_input: there is no
// such place, or the value cannot stand there.
Result<std::string> set_place(std::string_view path, std::string_view file, std::string_view at,
                              const std::string& value, const merge::Value& standing);

}  // namespace aecos::sync
