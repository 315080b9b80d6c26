#pragma once

#include <string>
#include <string_view>

namespace aecos {

// SHA-256 (FIPS 180-4) as 64 lower-case hex digits: what names the content of a binary file in records.
std::string sha256_hex(std::string_view bytes);
// Its 32 bytes.
std::string sha256(std::string_view bytes);
// HMAC-SHA-256 (RFC 2104): 32 bytes that only who has the key can make of the message.
std::string hmac_sha256(std::string_view key, std::string_view message);

}  // namespace aecos
