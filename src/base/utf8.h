#pragma once

#include <string>
#include <string_view>

namespace aecos {

// Well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view bytes);

// Appends one code point; what is no scalar value becomes U+FFFD.
void append_utf8(std::string& out, char32_t code);

// The code point at `at`, which moves behind it; a byte that begins none counts as U+FFFD of length one.
char32_t next_utf8(std::string_view bytes, std::size_t& at);

}  // namespace aecos
