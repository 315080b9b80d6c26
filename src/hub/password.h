#pragma once
// Secrets of people: how they are made and how they are kept.

#include <string>
#include <string_view>

#include "os/random.h"

namespace aecos::hub {

// scrypt (RFC 7914), with its parameters and salt: "scrypt$32768$8$1$SALT$HASH". Takes about 0.1 s on purpose.
std::string hash_password(std::string_view password, os::Random& random);
bool is_password(std::string_view password, std::string_view hash);

// "aecos_" and 48 hex digits.
std::string new_secret(os::Random& random);

// For comparing what an attacker may guess at: takes as long whatever differs.
bool equal_secrets(std::string_view a, std::string_view b);

}  // namespace aecos::hub
