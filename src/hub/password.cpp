#include "hub/password.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <charconv>
#include <cstdint>
#include <vector>

namespace aecos::hub {
namespace {

constexpr std::uint64_t cost = 32768, block = 8, parallel = 1;
constexpr std::uint64_t memory_max = 64U << 20U;
constexpr std::size_t hash_size = 32;

std::string to_hex(const std::vector<unsigned char>& bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

// Empty: the parameters are beyond what is allowed.
std::string derive(std::string_view password, std::string_view salt, std::uint64_t n, std::uint64_t r,
                   std::uint64_t p) {
  std::vector<unsigned char> hash(hash_size);
  const int done = EVP_PBE_scrypt(password.data(), password.size(), reinterpret_cast<const unsigned char*>(salt.data()),
                                  salt.size(), n, r, p, memory_max, hash.data(), hash.size());
  return done == 1 ? to_hex(hash) : "";
}

}  // namespace

std::string hash_password(std::string_view password, os::Random& random) {
  const std::string salt = os::random_hex(random, 16);
  return "scrypt$" + std::to_string(cost) + "$" + std::to_string(block) + "$" + std::to_string(parallel) + "$" + salt +
         "$" + derive(password, salt, cost, block, parallel);
}

bool is_password(std::string_view password, std::string_view hash) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = hash.find('$');
    parts.push_back(hash.substr(0, end));
    if (end == std::string_view::npos) break;
    hash.remove_prefix(end + 1);
  }
  if (parts.size() != 6 || parts[0] != "scrypt") return false;
  const auto number = [&](std::size_t i) {
    std::uint64_t value = 0;
    std::from_chars(parts[i].data(), parts[i].data() + parts[i].size(), value);
    return value;
  };
  const std::string again = derive(password, parts[4], number(1), number(2), number(3));
  return !again.empty() && equal_secrets(again, parts[5]);
}

std::string new_secret(os::Random& random) { return "aecos_" + os::random_hex(random, 24); }

bool equal_secrets(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace aecos::hub
