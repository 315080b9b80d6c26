#pragma once

#include <string>
#include <string_view>

namespace aecos {

// SHA-256 (FIPS 180-4) as 64 lower-case hex digits: what names the content of a binary file in records.
std::string sha256_hex(std::string_view bytes);

}  // namespace aecos
