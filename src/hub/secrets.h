#pragma once
// Secrets that a project's channels need: addresses of webhooks, keys to sign with. They lie in the database encrypted,
// and the key to them lies beside it, so that a copy of the database alone tells nothing.

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "hub/parts.h"

namespace aecos::hub {

// AES-256-GCM: hex digits of the nonce (12 bytes, not used before), what was encrypted, and the tag. `about` is what it
// belongs to: it can be opened with the same only.
std::string seal_secret(std::string_view key, std::string_view nonce, std::string_view secret, std::string_view about);
// invalid_input: it was sealed with another key, for something else, or was changed.
Result<std::string> open_secret(std::string_view key, std::string_view sealed, std::string_view about);

class Secrets {
 public:
  explicit Secrets(const Parts& parts) : parts_(parts) {}

  // invalid_input: no name (letters, digits, - and _), or not one line.
  Result<> set(const std::string& project, const std::string& name, const std::string& value, const std::string& login);
  Result<> remove(const std::string& project, const std::string& name);
  // not_found: the hub was given none of that name.
  Result<std::string> get(const std::string& project, const std::string& name);
  Result<std::vector<store::Secret>> list(const std::string& project);  // By name.

 private:
  // Made where it is not there yet.
  Result<std::string> key();

  Parts parts_;
  std::mutex mutex_;
  std::string key_;
};

}  // namespace aecos::hub
