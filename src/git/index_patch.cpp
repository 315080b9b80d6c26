#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <set>

#include "git/index_file_internal.h"
#include "git/index_patch_internal.h"

namespace aecos::git {
namespace {

constexpr std::size_t hash_size = 20;
constexpr std::size_t extension_head = 8;

void put(char* at, std::uint64_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) *at++ = static_cast<char>(number >> shift & 0xFFU);
}

void put_time(char* at, std::int64_t time_ns) {
  constexpr std::int64_t second = 1'000'000'000;
  put(at, static_cast<std::uint64_t>(time_ns / second));
  put(at + 4, static_cast<std::uint64_t>(time_ns % second));
}

// The fields that stand before the flags.
void put_record(char* at, const IndexPatch& patch) {
  std::memset(at, 0, 40);
  if (patch.status.found) {
    put_time(at, patch.status.ctime_ns);
    put_time(at + 8, patch.status.mtime_ns);
    put(at + 16, patch.status.device);
    put(at + 20, patch.status.inode);
    put(at + 28, patch.status.user);
    put(at + 32, patch.status.group);
    put(at + 36, patch.status.size);
  }
  put(at + 24, static_cast<std::uint32_t>(patch.mode));
  std::memcpy(at + 40, patch.id.bytes.data(), hash_size);
}

// The extension TREE, with the folders in `changed` marked as having changed.
class FolderRewrite {
 public:
  FolderRewrite(std::string_view rest, const std::set<std::string, std::less<>>& changed)
      : rest_(rest), changed_(changed) {}

  // False: it is broken.
  bool run(std::string& out) {
    struct Open {
      std::string path;
      bool changed;
      std::size_t left;  // Children still to come.
    };
    std::vector<Open> open;
    while (!rest_.empty() || !open.empty()) {
      while (!open.empty() && open.back().left == 0) open.pop_back();
      if (rest_.empty()) return open.empty();
      const bool parent_changed = open.empty() || open.back().changed;
      if (!open.empty()) --open.back().left;
      const std::size_t end = rest_.find('\0');
      if (end == std::string_view::npos) return false;
      std::string path;
      if (parent_changed) {
        path = open.empty() || open.back().path.empty() ? "" : open.back().path + "/";
        path += rest_.substr(0, end);
      }
      const bool is_changed = parent_changed && changed_.contains(path);
      std::size_t children = 0;
      if (!copy(out, end, is_changed, children)) return false;
      open.push_back({std::move(path), is_changed, children});
    }
    return true;
  }

 private:
  bool copy(std::string& out, std::size_t name_end, bool is_changed, std::size_t& children) {
    const std::size_t line = rest_.find('\n', name_end);
    const std::size_t blank = rest_.find(' ', name_end);
    if (line == std::string_view::npos || blank == std::string_view::npos || blank > line) return false;
    if (std::from_chars(rest_.data() + blank + 1, rest_.data() + line, children).ec != std::errc()) return false;
    const bool has_id = rest_[name_end + 1] != '-';
    const std::size_t size = line + 1 + (has_id ? hash_size : 0);
    if (rest_.size() < size) return false;
    if (is_changed) {
      out += rest_.substr(0, name_end + 1);
      out += "-1";
      out += rest_.substr(blank, line + 1 - blank);
    } else {
      out += rest_.substr(0, size);
    }
    rest_.remove_prefix(size);
    return true;
  }

  std::string_view rest_;
  const std::set<std::string, std::less<>>& changed_;
};

std::set<std::string, std::less<>> folders_of(const std::vector<IndexPatch>& patches) {
  std::set<std::string, std::less<>> folders{""};
  for (const IndexPatch& patch : patches)
    for (std::size_t slash = patch.path.find('/'); slash != std::string::npos; slash = patch.path.find('/', slash + 1))
      folders.insert(patch.path.substr(0, slash));
  return folders;
}

// False: an extension that knows more of the records than can be kept true here.
bool append_extensions(std::string& out, std::string_view rest, const std::vector<IndexPatch>& patches) {
  while (rest.size() >= extension_head) {
    const std::string_view name = rest.substr(0, 4);
    std::size_t size = 0;
    for (std::size_t i = 4; i < extension_head; ++i) size = size << 8U | static_cast<unsigned char>(rest[i]);
    if (rest.size() - extension_head < size || name == "FSMN") return false;
    const std::string_view whole = rest.substr(0, extension_head + size);
    rest.remove_prefix(whole.size());
    if (name == "EOIE" || name == "IEOT") continue;  // Where things lie, for reading in parallel: not true any more.
    if (name != "TREE") {
      out += whole;
      continue;
    }
    const std::size_t start = out.size();
    out += whole.substr(0, extension_head);
    if (!FolderRewrite(whole.substr(extension_head), folders_of(patches)).run(out)) return false;
    put(out.data() + start + 4, out.size() - start - extension_head);
  }
  return rest.empty();
}

bool append_hash(std::string& out) {
  unsigned char hash[EVP_MAX_MD_SIZE];
  if (EVP_Digest(out.data(), out.size(), hash, nullptr, EVP_sha1(), nullptr) != 1) return false;
  out.append(reinterpret_cast<const char*>(hash), hash_size);
  return true;
}

}  // namespace

std::optional<std::string> patch_index(std::string_view bytes, const std::vector<IndexPatch>& patches) {
  const auto index = parse_index(bytes);
  if (!index) return std::nullopt;
  std::string out(bytes.substr(0, index->records_end));
  for (const IndexPatch& patch : patches) {
    const auto record =
        std::lower_bound(index->records.begin(), index->records.end(), patch.path,
                         [](const IndexRecord& candidate, const std::string& path) { return candidate.path < path; });
    if (record == index->records.end() || record->path != patch.path || record->stage != 0 || record->intent_to_add ||
        record->skip_work_tree)
      return std::nullopt;
    put_record(out.data() + record->offset, patch);
  }
  std::string_view extensions = bytes.substr(index->records_end);
  extensions.remove_suffix(hash_size);
  if (!append_extensions(out, extensions, patches) || !append_hash(out)) return std::nullopt;
  return out;
}

}  // namespace aecos::git
