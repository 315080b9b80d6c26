#pragma once

#include <string>
#include <string_view>

namespace aecos::text {

// Bytes as a JSON value without loss: a string, or {"base64":"..."} for what is not UTF-8.
std::string bytes_value(std::string_view bytes);

}  // namespace aecos::text
