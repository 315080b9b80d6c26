#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace aecos::http {

// The content of a gzip (RFC 1952) body. invalid_input: it is broken, or more than `most` bytes.
Result<std::string> gunzip(std::string_view bytes, std::size_t most);

}  // namespace aecos::http
