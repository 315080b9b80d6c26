#include <algorithm>
#include <charconv>
#include <cstring>

#include "git/index_file_internal.h"

namespace aecos::git {
namespace {

constexpr std::size_t id_size = 20;
constexpr std::size_t fixed_size = 62;  // Of a record, before the extended flags and the path.

std::uint32_t number(const char* at) {
  const auto byte = [at](int i) { return std::uint32_t{static_cast<unsigned char>(at[i])}; };
  return byte(0) << 24U | byte(1) << 16U | byte(2) << 8U | byte(3);
}

std::int64_t time_at(const char* at) { return std::int64_t{number(at)} * 1'000'000'000 + number(at + 4); }

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  Result<IndexFile> read() {
    const Error broken{ErrorCode::invalid_input, "the index is broken"};
    if (bytes_.size() < 12 + id_size || !bytes_.starts_with("DIRC")) return broken;
    version_ = number(bytes_.data() + 4);
    const std::uint32_t count = number(bytes_.data() + 8);
    if (version_ < 2 || version_ > 4 || count > bytes_.size() / fixed_size) return broken;
    bytes_.remove_suffix(id_size);
    at_ = 12;
    file_.records.reserve(count);
    if (version_ == 4) file_.paths.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i)
      if (!read_record()) return broken;
    file_.records_end = at_;
    AECOS_TRY(read_extensions());
    return std::move(file_);
  }

 private:
  bool read_record() {
    if (bytes_.size() - at_ < fixed_size) return false;
    const char* fields = bytes_.data() + at_;
    IndexRecord record;
    record.offset = at_;
    record.ctime_ns = time_at(fields);
    record.mtime_ns = time_at(fields + 8);
    record.inode = number(fields + 20);
    record.mode = number(fields + 24);
    record.size = number(fields + 36);
    std::memcpy(record.id.bytes.data(), fields + 40, id_size);
    const std::uint32_t flags = number(fields + 58) & 0xFFFFU;
    record.assume_unchanged = (flags & 0x8000U) != 0;
    record.stage = static_cast<std::uint8_t>(flags >> 12U & 3U);
    std::size_t from = at_ + fixed_size;
    if ((flags & 0x4000U) != 0) {
      if (bytes_.size() - from < 2) return false;
      const auto high = static_cast<unsigned char>(bytes_[from]);
      record.skip_work_tree = (high & 0x40U) != 0;
      record.intent_to_add = (high & 0x20U) != 0;
      from += 2;
    }
    return version_ == 4 ? read_packed_path(record, from) : read_path(record, from, flags & 0xFFFU);
  }

  bool read_path(IndexRecord& record, std::size_t from, std::size_t length) {
    if (length == 0xFFF) {
      const std::size_t end = bytes_.find('\0', from);
      if (end == std::string_view::npos) return false;
      length = end - from;
    }
    if (bytes_.size() < from + length + 1) return false;
    record.path = bytes_.substr(from, length);
    at_ += (from - at_ + length + 8) / 8 * 8;
    if (at_ > bytes_.size()) return false;
    file_.records.push_back(record);
    return true;
  }

  // How many bytes of the path before to drop, then the new end.
  bool read_packed_path(IndexRecord& record, std::size_t from) {
    std::size_t drop = 0;
    for (bool first = true;; first = false) {
      if (from >= bytes_.size() || drop > bytes_.size()) return false;
      const auto byte = static_cast<unsigned char>(bytes_[from++]);
      drop = (first ? 0 : (drop + 1) << 7U) | (byte & 0x7FU);
      if ((byte & 0x80U) == 0) break;
    }
    const std::size_t end = bytes_.find('\0', from);
    const std::string_view before = file_.records.empty() ? std::string_view() : file_.records.back().path;
    if (end == std::string_view::npos || drop > before.size()) return false;
    std::string path(before.substr(0, before.size() - drop));
    path += bytes_.substr(from, end - from);
    record.path = file_.paths.emplace_back(std::move(path));
    at_ = end + 1;
    file_.records.push_back(record);
    return true;
  }

  Result<> read_extensions() {
    while (bytes_.size() - at_ >= 8) {
      const std::string_view name = bytes_.substr(at_, 4);
      const std::size_t size = number(bytes_.data() + at_ + 4);
      at_ += 8;
      if (size > bytes_.size() - at_) return Error{ErrorCode::invalid_input, "the index is broken"};
      // Extensions in small letters change what the records mean: link (split), sdir (sparse).
      if (name[0] >= 'a' && name[0] <= 'z')
        return Error{ErrorCode::invalid_input, "the index has the extension " + std::string(name)};
      if (name == "TREE") {
        std::string_view rest = bytes_.substr(at_, size);
        if (!read_folders(rest)) file_.root = {};
      }
      at_ += size;
    }
    return {};
  }

  // "<name>\0<records or -1> <children>\n<id unless -1>", then its children, each likewise.
  bool read_folders(std::string_view& rest) {
    std::vector<std::pair<CachedFolder*, std::size_t>> open;  // Folder, children still to come.
    if (!read_folder(rest, file_.root, open)) return false;
    while (!open.empty()) {
      auto& [folder, left] = open.back();
      if (left == 0) {
        open.pop_back();
        continue;
      }
      --left;
      if (!read_folder(rest, folder->children.emplace_back(), open)) return false;
    }
    return true;
  }

  static bool read_folder(std::string_view& rest, CachedFolder& folder,
                          std::vector<std::pair<CachedFolder*, std::size_t>>& open) {
    const std::size_t end = rest.find('\0');
    const std::size_t line = rest.find('\n');
    if (end == std::string_view::npos || line == std::string_view::npos || line < end) return false;
    folder.name = rest.substr(0, end);
    const std::string_view counts = rest.substr(end + 1, line - end - 1);
    const std::size_t blank = counts.find(' ');
    if (blank == std::string_view::npos) return false;
    std::size_t children = 0;
    const std::string_view digits = counts.substr(blank + 1);
    if (std::from_chars(digits.data(), digits.data() + digits.size(), children).ec != std::errc()) return false;
    const bool valid = counts[0] != '-';
    rest.remove_prefix(line + 1);
    if (children > rest.size() / 6) return false;
    if (valid) {
      if (rest.size() < id_size) return false;
      std::memcpy(folder.id.bytes.data(), rest.data(), id_size);
      rest.remove_prefix(id_size);
    }
    folder.children.reserve(children);  // So that pointers into it stay.
    open.emplace_back(&folder, children);
    return true;
  }

  std::string_view bytes_;
  std::uint32_t version_ = 0;
  std::size_t at_ = 0;
  IndexFile file_;
};

}  // namespace

Result<IndexFile> parse_index(std::string_view bytes) { return Reader(bytes).read(); }

}  // namespace aecos::git
