#include "hub/secrets.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>

#include "routing/settings.h"

namespace aecos::hub {
namespace {

constexpr std::size_t key_size = 32, nonce_size = 12, tag_size = 16;
constexpr std::uint32_t own_only = 0600;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    text += digits[static_cast<unsigned char>(c) >> 4U];
    text += digits[static_cast<unsigned char>(c) & 15U];
  }
  return text;
}

// Absent: there is something else than pairs of hex digits, in small letters.
std::optional<std::string> from_hex(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  if (text.size() % 2 != 0 || text.find_first_not_of(digits) != std::string_view::npos) return std::nullopt;
  std::string bytes;
  for (std::size_t at = 0; at < text.size(); at += 2)
    bytes += static_cast<char>(digits.find(text[at]) << 4U | digits.find(text[at + 1]));
  return bytes;
}

// Of a private key: several.
bool is_line(std::string_view text) {
  constexpr std::size_t longest = 8000;
  const bool is_key = text.starts_with("-----BEGIN ");
  const auto is_plain = [&](char c) { return (c >= ' ' && c <= '~') || (is_key && c == '\n'); };
  return !text.empty() && text.size() <= longest && std::all_of(text.begin(), text.end(), is_plain);
}

std::string place_of(const std::string& project, const std::string& name) { return project + "\n" + name; }

Error not_ours() { return {ErrorCode::invalid_input, "a secret cannot be opened with this hub's key; set it again"}; }

std::string random_bytes(os::Random& random, std::size_t count) {
  std::string bytes(count, '\0');
  random.fill(std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

}  // namespace

std::string seal_secret(std::string_view key, std::string_view nonce, std::string_view secret, std::string_view about) {
  const Cipher cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  std::string hidden(secret.size(), '\0'), tag(tag_size, '\0');
  int count = 0;
  const bool done =
      cipher && key.size() == key_size && nonce.size() == nonce_size &&
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key), bytes_of(nonce)) == 1 &&
      EVP_EncryptUpdate(cipher.get(), nullptr, &count, bytes_of(about), static_cast<int>(about.size())) == 1 &&
      EVP_EncryptUpdate(cipher.get(), bytes_of(hidden), &count, bytes_of(secret), static_cast<int>(secret.size())) ==
          1 &&
      EVP_EncryptFinal_ex(cipher.get(), nullptr, &count) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tag_size, tag.data()) == 1;
  if (!done) throw std::logic_error("a secret could not be encrypted");
  return to_hex(nonce) + to_hex(hidden) + to_hex(tag);
}

Result<std::string> open_secret(std::string_view key, std::string_view sealed, std::string_view about) {
  const auto bytes = from_hex(sealed);
  if (!bytes || bytes->size() < nonce_size + tag_size || key.size() != key_size) return not_ours();
  const std::string_view all = *bytes, hidden = all.substr(nonce_size, all.size() - nonce_size - tag_size);
  std::string tag(all.substr(all.size() - tag_size)), secret(hidden.size(), '\0'), rest(tag_size, '\0');
  const Cipher cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  int count = 0;
  const bool done =
      cipher && EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key), bytes_of(all)) == 1 &&
      EVP_DecryptUpdate(cipher.get(), nullptr, &count, bytes_of(about), static_cast<int>(about.size())) == 1 &&
      EVP_DecryptUpdate(cipher.get(), bytes_of(secret), &count, bytes_of(hidden), static_cast<int>(hidden.size())) ==
          1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tag_size, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), bytes_of(rest), &count) == 1;
  if (!done) return not_ours();
  return secret;
}

Result<std::string> Secrets::key() {
  const std::lock_guard lock(mutex_);
  if (!key_.empty()) return key_;
  const std::string path =
      parts_.config.secret_key.empty() ? parts_.config.data + "/secret.key" : parts_.config.secret_key;
  auto read = parts_.files.read(path);
  if (!read && read.error().code != ErrorCode::not_found) return read;
  if (!read) {
    os::WriteOptions options;
    options.mode = own_only;
    options.only_over = os::Seen();
    const std::string text = to_hex(random_bytes(parts_.random, key_size)) + "\n";
    AECOS_TRY(parts_.files.write(path, text, options));
    // Were there secrets before, they cannot be opened any more; each says so when it is needed.
    parts_.log.write(Level::info, "a new key for secrets was made", {{"file", path}});
    read = text;
  }
  const auto bytes = from_hex(std::string_view(*read).substr(0, read->find_first_of("\r\n")));
  if (!bytes || bytes->size() != key_size)
    return Error{ErrorCode::unavailable, path + ": a key of 64 hex digits is wanted"};
  key_ = *bytes;
  return key_;
}

Result<> Secrets::set(const std::string& project, const std::string& name, const std::string& value,
                      const std::string& login) {
  constexpr std::size_t more = 20;  // For what is put behind a name, as "-former".
  if (!routing::is_name(name, routing::name_max + more))
    return Error{ErrorCode::invalid_input, "a secret's name has letters, digits, - and _"};
  if (!is_line(value))
    return Error{ErrorCode::invalid_input,
                 "value: one line of at most 8000 ASCII characters, or a key as PEM, is wanted"};
  AECOS_TRY_ASSIGN(const std::string by, key());
  store::Secret secret{project, name};
  secret.sealed = seal_secret(by, random_bytes(parts_.random, nonce_size), value, place_of(project, name));
  secret.set_by = login;
  secret.set_us = parts_.clock.now_us();
  return parts_.store.write([&](store::Tables& tables) { return tables.set_secret(secret); });
}

Result<> Secrets::remove(const std::string& project, const std::string& name) {
  return parts_.store.write([&](store::Tables& tables) { return tables.remove_secret(project, name); });
}

Result<std::string> Secrets::get(const std::string& project, const std::string& name) {
  AECOS_TRY_ASSIGN(const auto secrets, list(project));
  const auto found = std::find_if(secrets.begin(), secrets.end(), [&](const auto& each) { return each.name == name; });
  if (found == secrets.end())
    return Error{ErrorCode::not_found, "the hub has no secret " + name + "; set it with aecos notify secret set"};
  AECOS_TRY_ASSIGN(const std::string by, key());
  return open_secret(by, found->sealed, place_of(project, name));
}

Result<std::vector<store::Secret>> Secrets::list(const std::string& project) {
  std::vector<store::Secret> secrets;
  const Result<> done = parts_.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(secrets, tables.secrets(project));
    return {};
  });
  AECOS_TRY(done);
  return secrets;
}

}  // namespace aecos::hub
