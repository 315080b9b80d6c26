#include "git/small_pack.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <set>

#include "git/handle_internal.h"
#include "git/inflate_internal.h"
#include "git/tree_object_internal.h"
#include "os/path.h"

namespace aecos::git {
namespace {

using Database = Owned<git_odb, git_odb_free>;
using Object = Owned<git_odb_object, git_odb_object_free>;

constexpr std::size_t objects_max = 100, unpacked_max = std::size_t{4} << 20U, entries_max = 5000;
constexpr std::size_t header_size = 12, sum_size = 20;

git_object_t to_git(ObjectType type) { return git_object_string2type(to_string(type)); }

std::optional<ObjectType> from_git(git_object_t type) {
  if (type == GIT_OBJECT_COMMIT) return ObjectType::commit;
  if (type == GIT_OBJECT_TREE) return ObjectType::tree;
  return type == GIT_OBJECT_BLOB ? std::optional(ObjectType::blob) : std::nullopt;
}

std::uint32_t big_endian(std::string_view four) {
  std::uint32_t number = 0;
  for (const char byte : four) number = number << 8U | static_cast<unsigned char>(byte);
  return number;
}

bool has_its_sum(std::string_view pack) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
  const std::string_view content = pack.substr(0, pack.size() - sum_size);
  return EVP_Digest(content.data(), content.size(), sum.data(), nullptr, EVP_sha1(), nullptr) == 1 &&
         std::memcmp(sum.data(), pack.data() + content.size(), sum_size) == 0;
}

// --- what is plain

bool is_plain_name(std::string_view name) {
  std::string ascii;
  for (const char c : name) {
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x20 || code == 0x7F || c == '/' || c == '\\' || c == ':') return false;
    if (code < 0x80) ascii += static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c);  // Others may not be seen at all.
  }
  return !name.empty() && name != "." && name != ".." && !ascii.starts_with(".git") && !ascii.starts_with("git~");
}

// As git writes trees, with names that nobody takes for others. git's own files in them: such as are there already.
bool is_plain_tree(std::string_view bytes, const std::vector<TreeEntry>& entries, const std::set<std::string>& coming) {
  if (entries.size() > entries_max) return false;
  std::set<std::string_view> names;
  for (const TreeEntry& entry : entries) {
    const bool settings = entry.is_regular() && (entry.name == ".gitattributes" || entry.name == ".gitignore") &&
                          !coming.contains(entry.id.hex());
    if (!names.insert(entry.name).second || !(settings || is_plain_name(entry.name))) return false;
    if (entry.id == BlobId{}) return false;
  }
  std::vector<TreeEntry> sorted = entries;
  return format_tree(sorted) == bytes;
}

bool is_digits(std::string_view text, std::size_t least, std::size_t most) {
  return text.size() >= least && text.size() <= most &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "Ana <ana@example.org> 1790000000 +0100"
bool is_plain_person(std::string_view text) {
  constexpr std::size_t digits_max = 11;
  const std::size_t open = text.find('<'), close = text.find('>');
  if (open == std::string_view::npos || close == std::string_view::npos || open < 2 || close < open) return false;
  if (text[open - 1] != ' ' || text[0] == ' ' || text[open - 2] == ' ') return false;
  if (text.find_first_of("<>", open + 1) != close || text.find_first_of("<>", close + 1) != std::string_view::npos)
    return false;
  const std::string_view when = text.substr(close + 1);
  const std::size_t blank = when.rfind(' ');
  if (!when.starts_with(' ') || blank == 0 || blank == std::string_view::npos) return false;
  const std::string_view seconds = when.substr(1, blank - 1), zone = when.substr(blank + 1);
  const bool zone_fits = zone.size() == 5 && (zone[0] == '+' || zone[0] == '-') && is_digits(zone.substr(1), 4, 4);
  return is_digits(seconds, 1, digits_max) && (seconds == "0" || seconds[0] != '0') && zone_fits;
}

// Takes "tree ID" and the like off; absent: there is none.
std::optional<std::string> take_id(std::string_view& bytes, std::string_view word) {
  const std::string_view line = bytes.substr(0, bytes.find('\n'));
  if (!line.starts_with(word) || line.size() != word.size() + GIT_OID_HEXSZ || line.size() == bytes.size())
    return std::nullopt;
  const std::string id(line.substr(word.size()));
  if (id.find_first_not_of("0123456789abcdef") != std::string::npos) return std::nullopt;
  bytes.remove_prefix(line.size() + 1);
  return id;
}

bool take_person(std::string_view& bytes, std::string_view word) {
  const std::string_view line = bytes.substr(0, bytes.find('\n'));
  if (!line.starts_with(word) || line.size() == bytes.size()) return false;
  bytes.remove_prefix(line.size() + 1);
  return is_plain_person(line.substr(word.size()));
}

struct Link {
  std::string id;
  ObjectType type;
};

std::optional<std::vector<Link>> links_of_commit(std::string_view bytes) {
  if (bytes.find('\0') != std::string_view::npos) return std::nullopt;
  const auto tree = take_id(bytes, "tree ");
  if (!tree) return std::nullopt;
  std::vector<Link> links{{*tree, ObjectType::tree}};
  while (const auto parent = take_id(bytes, "parent ")) links.push_back({*parent, ObjectType::commit});
  // A signature or an encoding is for git to look at.
  if (!take_person(bytes, "author ") || !take_person(bytes, "committer ") || !bytes.starts_with('\n'))
    return std::nullopt;
  return links;
}

// --- the pack

class Unpacker {
 public:
  Unpacker(git_odb* odb, std::string_view pack)
      : odb_(odb), pack_(pack), content_(pack.substr(0, pack.size() - sum_size)) {}

  std::optional<std::vector<UnpackedObject>> run() {
    const std::uint32_t count = big_endian(pack_.substr(8, 4));
    if (count > objects_max) return std::nullopt;
    at_ = header_size;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!take_entry()) return std::nullopt;
    }
    if (at_ != content_.size()) return std::nullopt;
    for (const auto& [id, position] : by_id_) coming_.insert(id);
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < objects_.size(); ++i) {
      if (!put_in_order(i, 0, order)) return std::nullopt;
    }
    std::vector<UnpackedObject> ordered;
    for (const std::size_t position : order) ordered.push_back(std::move(objects_[position]));
    return ordered;
  }

 private:
  // --- bytes
  std::optional<unsigned char> next() {
    return at_ < content_.size() ? std::optional(static_cast<unsigned char>(content_[at_++])) : std::nullopt;
  }

  bool take_entry() {
    const std::size_t start = at_;
    auto byte = next();
    if (!byte) return false;
    const unsigned kind = *byte >> 4U & 7U;
    std::uint64_t size = *byte & 15U;
    for (unsigned shift = 4; (*byte & 0x80U) != 0; shift += 7) {
      if (shift > 32 || !(byte = next())) return false;
      size |= std::uint64_t{*byte & 0x7FU} << shift;
    }
    constexpr unsigned offset_delta = 6, id_delta = 7;
    if (kind == offset_delta || kind == id_delta) {
      UnpackedObject base;
      if (!(kind == offset_delta ? find_earlier(start, base) : find_by_id(base))) return false;
      std::string delta;
      return inflate(size, delta) && apply(base, delta) && add(start, std::move(base));
    }
    const auto type = from_git(static_cast<git_object_t>(kind));
    UnpackedObject object;
    if (!type || !inflate(size, object.bytes)) return false;
    object.type = *type;
    return add(start, std::move(object));
  }

  bool inflate(std::uint64_t size, std::string& into) {
    if (size > unpacked_max - unpacked_) return false;
    unpacked_ += size;
    into.resize(size);
    Inflating inflating(content_.substr(at_));
    if (inflating.some(into.data(), into.size()) != into.size() || !inflating.is_at_end()) return false;
    at_ = content_.size() - inflating.rest().size();
    return true;
  }

  // --- deltas
  bool find_earlier(std::size_t start, UnpackedObject& base) {
    auto byte = next();
    if (!byte) return false;
    std::uint64_t back = *byte & 0x7FU;
    while ((*byte & 0x80U) != 0) {
      if (back > small_pack_max || !(byte = next())) return false;
      back = (back + 1) << 7U | (*byte & 0x7FU);
    }
    const auto found = back > start ? by_offset_.end() : by_offset_.find(start - back);
    if (found == by_offset_.end()) return false;
    base = objects_[found->second];
    return true;
  }

  bool find_by_id(UnpackedObject& base) {
    if (content_.size() - at_ < GIT_OID_RAWSZ) return false;
    git_oid oid;
    git_oid_fromraw(&oid, reinterpret_cast<const unsigned char*>(content_.data() + at_));
    at_ += GIT_OID_RAWSZ;
    if (const auto found = by_id_.find(git_oid_tostr_s(&oid)); found != by_id_.end()) {
      base = objects_[found->second];
      return true;
    }
    std::size_t size = 0;
    git_object_t kind = GIT_OBJECT_INVALID;
    if (git_odb_read_header(&size, &kind, odb_, &oid) < 0 || size > unpacked_max - unpacked_) return false;
    git_odb_object* raw = nullptr;
    if (git_odb_read(&raw, odb_, &oid) < 0) return false;
    const Object object(raw);
    const auto type = from_git(git_odb_object_type(raw));
    if (!type) return false;
    base.type = *type;
    base.bytes.assign(static_cast<const char*>(git_odb_object_data(raw)), git_odb_object_size(raw));
    return true;
  }

  // Makes of the base what the delta says.
  bool apply(UnpackedObject& base, std::string_view delta) {
    const auto size_at_front = [&]() -> std::optional<std::uint64_t> {
      std::uint64_t size = 0;
      for (unsigned shift = 0; shift <= 28; shift += 7) {
        if (delta.empty()) return std::nullopt;
        const auto byte = static_cast<unsigned char>(delta[0]);
        delta.remove_prefix(1);
        size |= std::uint64_t{byte & 0x7FU} << shift;
        if ((byte & 0x80U) == 0) return size;
      }
      return std::nullopt;
    };
    const auto before = size_at_front(), after = size_at_front();
    if (!before || !after || *before != base.bytes.size() || *after > unpacked_max - unpacked_) return false;
    unpacked_ += *after;
    std::string made;
    made.reserve(*after);
    while (!delta.empty()) {
      const auto op = static_cast<unsigned char>(delta[0]);
      delta.remove_prefix(1);
      std::string_view piece;
      if ((op & 0x80U) != 0) {
        if (!copied(op, delta, base.bytes, piece)) return false;
      } else {
        if (op == 0 || op > delta.size()) return false;
        piece = delta.substr(0, op);
        delta.remove_prefix(op);
      }
      if (piece.size() > *after - made.size()) return false;
      made += piece;
    }
    base.bytes = std::move(made);
    return base.bytes.size() == *after;
  }

  static bool copied(unsigned op, std::string_view& delta, std::string_view from, std::string_view& piece) {
    std::array<std::uint64_t, 7> parts{};  // Four of the offset, three of the size.
    for (unsigned i = 0; i < parts.size(); ++i) {
      if ((op >> i & 1U) == 0) continue;
      if (delta.empty()) return false;
      parts[i] = static_cast<unsigned char>(delta[0]);
      delta.remove_prefix(1);
    }
    const std::uint64_t offset = parts[0] | parts[1] << 8U | parts[2] << 16U | parts[3] << 24U;
    std::uint64_t size = parts[4] | parts[5] << 8U | parts[6] << 16U;
    if (size == 0) size = 0x10000;
    if (offset > from.size() || size > from.size() - offset) return false;
    piece = from.substr(offset, size);
    return true;
  }

  bool add(std::size_t start, UnpackedObject object) {
    git_oid oid;
    if (git_odb_hash(&oid, object.bytes.data(), object.bytes.size(), to_git(object.type)) < 0) return false;
    object.id = git_oid_tostr_s(&oid);
    by_offset_[start] = objects_.size();
    by_id_.emplace(object.id, objects_.size());
    objects_.push_back(std::move(object));
    return true;
  }

  // --- what refers to what
  std::optional<std::vector<Link>> links_of(const UnpackedObject& object) const {
    if (object.type == ObjectType::blob) return std::vector<Link>();
    if (object.type == ObjectType::commit) return links_of_commit(object.bytes);
    const auto entries = parse_tree(object.bytes);
    if (!entries || !is_plain_tree(object.bytes, *entries, coming_)) return std::nullopt;
    std::vector<Link> links;
    for (const TreeEntry& entry : *entries) {
      if (entry.mode == FileMode::submodule) continue;
      links.push_back({entry.id.hex(), entry.is_folder() ? ObjectType::tree : ObjectType::blob});
    }
    return links;
  }

  // Behind all that it refers to.
  bool put_in_order(std::size_t position, std::size_t depth, std::vector<std::size_t>& order) {
    const UnpackedObject& object = objects_[position];
    if (depth > objects_max || !done_.insert(object.id).second) return depth <= objects_max;
    const auto links = links_of(object);
    if (!links) return false;
    for (const Link& link : *links) {
      const auto found = by_id_.find(link.id);
      if (found == by_id_.end() ? !is_there(link) : objects_[found->second].type != link.type) return false;
      if (found != by_id_.end() && !put_in_order(found->second, depth + 1, order)) return false;
    }
    order.push_back(position);
    return true;
  }

  bool is_there(const Link& link) const {
    git_oid oid;
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    return git_oid_fromstr(&oid, link.id.c_str()) == 0 && git_odb_read_header(&size, &type, odb_, &oid) == 0 &&
           type == to_git(link.type);
  }

  git_odb* odb_;
  std::string_view pack_, content_;
  std::size_t at_ = 0;
  std::uint64_t unpacked_ = 0;
  std::vector<UnpackedObject> objects_;
  std::map<std::size_t, std::size_t> by_offset_;
  std::map<std::string, std::size_t> by_id_;
  std::set<std::string> coming_, done_;
};

}  // namespace

const char* to_string(ObjectType type) {
  return type == ObjectType::commit ? "commit" : type == ObjectType::tree ? "tree" : "blob";
}

std::optional<std::vector<UnpackedObject>> unpack_small_pack(const Repository& repository, std::string_view pack) {
  constexpr std::string_view start{"PACK\0\0\0\2", 8};
  if (pack.size() < header_size + sum_size || pack.size() > small_pack_max || !pack.starts_with(start) ||
      !has_its_sum(pack))
    return std::nullopt;
  git_odb* odb = nullptr;
  if (git_repository_odb(&odb, repository.handle_->repository) < 0) return std::nullopt;
  const Database database(odb);
  return Unpacker(odb, pack).run();
}

namespace {

// As git keeps one by itself: "TYPE SIZE", a NUL and the bytes, compressed.
std::string to_loose(const UnpackedObject& object) {
  constexpr int level = 1;
  const std::string whole = std::string(to_string(object.type)) + " " + std::to_string(object.bytes.size()) +
                            std::string(1, '\0') + object.bytes;
  uLongf size = ::compressBound(whole.size());
  std::string packed(size, '\0');
  ::compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(whole.data()),
              whole.size(), level);
  packed.resize(size);
  return packed;
}

// What found its folder gone is written once more, in the same order.
Result<> write_where_folders_went(os::FileSystem& files, const std::vector<os::FileToWrite>& all,
                                  std::vector<Result<>>& written) {
  std::vector<std::size_t> places;
  std::vector<os::FileToWrite> again;
  std::vector<std::string> folders;
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (written[i] || written[i].error().code != ErrorCode::not_found) continue;
    places.push_back(i);
    again.push_back(all[i]);
    folders.emplace_back(os::parent_of(all[i].path));
  }
  if (again.empty()) return {};
  AECOS_TRY(files.create_all_directories(folders));
  std::vector<Result<>> now = files.write_all(again);
  for (std::size_t k = 0; k < places.size(); ++k) written[places[k]] = std::move(now[k]);
  return {};
}

}  // namespace

Result<> store_objects(os::FileSystem& files, const std::string& objects_folder,
                       const std::vector<UnpackedObject>& objects) {
  os::WriteOptions options;
  options.mode = 0444;
  std::vector<std::string> folders, packed;
  std::vector<os::FileToWrite> missing;
  packed.reserve(objects.size());
  for (const UnpackedObject& object : objects) {
    const std::string folder = os::join(objects_folder, object.id.substr(0, 2));
    std::string path = os::join(folder, object.id.substr(2));
    if (os::exists(files, path)) continue;
    if (!os::exists(files, folder)) folders.push_back(folder);
    missing.push_back({std::move(path), packed.emplace_back(to_loose(object)), options});
  }
  AECOS_TRY(files.create_all_directories(folders));
  std::vector<Result<>> written = files.write_all(missing);
  for (int attempt = 1; attempt < object_attempts_max; ++attempt)
    AECOS_TRY(write_where_folders_went(files, missing, written));
  Result<> done;
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (done && !written[i]) {
      done = written[i];
    } else if (!done && written[i]) {
      static_cast<void>(files.remove(missing[i].path));  // It may refer to the one that is not there.
    }
  }
  return done;
}

}  // namespace aecos::git
