#include "hub/large_objects.h"

#include <openssl/evp.h>

#include <memory>

#include "base/sha256.h"
#include "os/path.h"

namespace aecos::hub {
namespace {

constexpr std::size_t piece_size = 256U << 10U;

class Sha256 {
 public:
  Sha256() { EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr); }
  void add(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }
  std::string hex() {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_DigestFinal_ex(context_.get(), digest, &size);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
      text += digits[digest[i] >> 4U];
      text += digits[digest[i] & 15U];
    }
    return text;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
};

}  // namespace

std::string LargeObjects::path_of(const std::string& oid) const {
  return os::join(folder_, oid.substr(0, 2) + "/" + oid.substr(2, 2) + "/" + oid);
}

bool LargeObjects::has(const std::string& oid, std::uint64_t size) const {
  const auto status = files_.status(path_of(oid));
  return status && status->type == os::FileType::file && status->size == size;
}

Result<std::string> LargeObjects::read_lfs(std::string_view pointer, const std::string& path) {
  const auto wanted = git::parse_lfs_pointer(pointer);
  if (!wanted) return Error{ErrorCode::invalid_input, path + ": not a Git LFS pointer"};
  auto bytes = files_.read(path_of(wanted->oid));
  if (!bytes || bytes->size() != wanted->size)
    return Error{ErrorCode::unavailable, path + ": its content was not uploaded (git lfs push)"};
  return bytes;
}

Result<std::string> LargeObjects::write_lfs(std::string_view content, const std::string& path) {
  static_cast<void>(path);
  const std::string oid = sha256_hex(content);
  if (!has(oid, content.size())) {
    AECOS_TRY(files_.create_directories(std::string(os::parent_of(path_of(oid)))));
    AECOS_TRY(files_.write(path_of(oid), content));
  }
  return "version https://git-lfs.github.com/spec/v1\noid sha256:" + oid + "\nsize " + std::to_string(content.size()) +
         "\n";
}

Result<> LargeObjects::take(const std::string& oid, std::uint64_t size, const Pull& pull) {
  AECOS_TRY(files_.create_directories(std::string(os::parent_of(path_of(oid)))));
  Sha256 hash;
  std::uint64_t taken = 0;
  bool ended = false;
  const auto next = [&]() -> Result<std::string> {
    if (ended) return std::string();
    std::string piece(piece_size, '\0');
    AECOS_TRY_ASSIGN(const std::size_t count, pull(piece));
    piece.resize(count);
    taken += count;
    hash.add(piece);
    if (count != 0 && taken <= size) return piece;
    ended = true;
    if (taken != size)
      return Error{ErrorCode::invalid_input, "the object has " + std::string(taken > size ? "more" : "fewer") +
                                                 " than " + std::to_string(size) + " bytes"};
    if (hash.hex() != oid) return Error{ErrorCode::invalid_input, "the bytes are not those of object " + oid};
    return std::string();
  };
  return files_.write_pieces(path_of(oid), next);
}

}  // namespace aecos::hub
