#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace aecos::hub {

// RSASSA-PKCS1-v1_5 with SHA-256 (RS256 of RFC 7518), as bytes. `pem` is a private RSA key; invalid_input: it is none.
Result<std::string> sign_rs256(std::string_view pem, std::string_view text);

}  // namespace aecos::hub
