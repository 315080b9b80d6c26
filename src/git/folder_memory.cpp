#include <algorithm>
#include <cstring>

#include "base/hash.h"
#include "git/folder_memory_internal.h"

namespace aecos::git {
namespace {

constexpr std::string_view format = "aecos folders 1\n";

template <class Number>
void append(std::string& bytes, Number number) {
  char raw[sizeof number];
  std::memcpy(raw, &number, sizeof number);
  bytes.append(raw, sizeof number);
}

void append_text(std::string& bytes, std::string_view text) {
  append(bytes, static_cast<std::uint32_t>(text.size()));
  bytes += text;
}

// False, and stays so, once the bytes end too soon.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  template <class Number>
  Number number() {
    Number value{};
    if (rest_.size() < sizeof value) return fail(), value;
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }
  std::string text() {
    const auto size = number<std::uint32_t>();
    if (rest_.size() < size) return fail(), std::string();
    std::string text(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return text;
  }
  bool done() const { return rest_.empty(); }
  bool good() const { return good_; }

 private:
  void fail() {
    good_ = false;
    rest_ = {};
  }
  std::string_view rest_;
  bool good_ = true;
};

}  // namespace

bool is_met_before(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return a.empty() && !b.empty();
  const std::size_t common = std::min(a.size(), b.size());
  if (const int order = std::memcmp(a.data(), b.data(), common); order != 0) return order < 0;
  const auto next = [common](std::string_view path) {
    return path.size() > common ? static_cast<unsigned char>(path[common]) : (path.size() == common ? '/' : 0);
  };
  if (a.size() == b.size()) return false;
  return next(a) < next(b) || (next(a) == next(b) && a.size() < b.size());
}

std::string to_bytes(const FolderMemory& memory) {
  std::string bytes;
  for (const KnownFolder& folder : memory) {
    append_text(bytes, folder.path);
    append(bytes, folder.ctime_ns);
    append(bytes, folder.inode);
    append(bytes, folder.tracked);
    append(bytes, static_cast<std::uint32_t>(folder.strangers.size()));
    for (const Stranger& stranger : folder.strangers) {
      append(bytes, static_cast<std::uint8_t>(stranger.type));
      append_text(bytes, stranger.name);
    }
  }
  std::string file(format);
  append(file, hash_bytes(bytes));
  return file += bytes;
}

FolderMemory from_bytes(std::string_view bytes) {
  if (!bytes.starts_with(format)) return {};
  Reader reader(bytes.substr(format.size()));
  const auto hash = reader.number<std::uint64_t>();
  if (!reader.good() || hash_bytes(bytes.substr(format.size() + sizeof hash)) != hash) return {};
  FolderMemory memory;
  while (!reader.done()) {
    KnownFolder& folder = memory.emplace_back();
    folder.path = reader.text();
    folder.ctime_ns = reader.number<std::int64_t>();
    folder.inode = reader.number<std::uint64_t>();
    folder.tracked = reader.number<std::uint64_t>();
    for (auto count = reader.number<std::uint32_t>(); count > 0 && reader.good(); --count) {
      const auto type = os::FileType{reader.number<std::uint8_t>()};
      folder.strangers.push_back({reader.text(), type});
    }
  }
  return reader.good() ? memory : FolderMemory();
}

}  // namespace aecos::git
