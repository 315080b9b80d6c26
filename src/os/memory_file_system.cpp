#include "os/memory_file_system.h"

#include <deque>

#include "os/file_system_internal.h"
#include "os/path.h"

namespace aecos::os {
namespace {

constexpr int links_max = 40;

struct Node {
  FileStatus status;
  std::shared_ptr<const std::string> bytes = std::make_shared<const std::string>();  // Of a link: its target.
  std::map<std::string, std::shared_ptr<Node>, std::less<>> children;
};

// Where a path leads: the folder, the name in it, and what is there (null: nothing). The root has no name.
struct Place {
  std::shared_ptr<Node> folder;
  std::string name;
  std::shared_ptr<Node> node;
  std::vector<std::string> way = {};  // The names from the root to `folder`.
};

Error not_found(const std::string& path) { return Error{ErrorCode::not_found, path + ": No such file or directory"}; }
Error denied(const std::string& path, const std::string& why) { return Error{ErrorCode::denied, path + ": " + why}; }

bool is_folder(const Node& node) { return node.status.type == FileType::directory; }

void put_in_front(std::deque<std::string>& parts, std::string_view path) {
  std::vector<std::string> added;
  for (std::size_t at = 0; at < path.size();) {
    auto end = std::min(path.find('/', at), path.size());
    auto part = path.substr(at, end - at);
    if (!part.empty() && part != ".") added.emplace_back(part);
    at = end + 1;
  }
  parts.insert(parts.begin(), added.begin(), added.end());
}

using Stack = std::vector<std::pair<std::string, std::shared_ptr<Node>>>;  // The root first.

Place place_of(Stack stack) {
  Place place;
  std::tie(place.name, place.node) = stack.back();
  stack.pop_back();
  if (!stack.empty()) place.folder = stack.back().second;
  for (std::size_t i = 1; i < stack.size(); ++i) place.way.push_back(stack[i].first);
  return place;
}

// The usual case: no "..", no link on the way. Absent: there is one. Gives no way.
std::optional<Result<Place>> find_plainly(const std::shared_ptr<Node>& root, const std::string& path) {
  const std::shared_ptr<Node> nothing;
  const std::shared_ptr<Node>*folder = nullptr, *node = &root;
  std::string_view name;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view part = std::string_view(path).substr(at, end - at);
    at = end + 1;
    if (part.empty() || part == ".") continue;
    if (*node && (*node)->status.type == FileType::symlink) return std::nullopt;
    if (!*node || !is_folder(**node)) return not_found(path);
    if (part == "..") return std::nullopt;
    const auto child = (*node)->children.find(part);
    folder = node;
    node = child == (*folder)->children.end() ? &nothing : &child->second;
    name = part;
  }
  if (*node && (*node)->status.type == FileType::symlink) return std::nullopt;
  return Place{folder != nullptr ? *folder : nullptr, std::string(name), *node};
}

Result<Place> find(const std::shared_ptr<Node>& root, const std::string& path, bool follow_last,
                   bool with_way = false) {
  AECOS_TRY(check_path(path));
  if (!with_way) {
    if (auto plain = find_plainly(root, path)) return *std::move(plain);
  }
  std::deque<std::string> parts;
  put_in_front(parts, path);
  Stack stack = {{"", root}};
  for (int links = 0; !parts.empty();) {
    auto part = std::move(parts.front());
    parts.pop_front();
    if (!is_folder(*stack.back().second)) return not_found(path);
    if (part == "..") {
      if (stack.size() > 1) stack.pop_back();
      continue;
    }
    auto child = stack.back().second->children.find(part);
    bool missing = child == stack.back().second->children.end();
    if (missing && !parts.empty()) return not_found(path);
    if (missing || child->second->status.type != FileType::symlink || (parts.empty() && !follow_last)) {
      stack.emplace_back(part, missing ? nullptr : child->second);
      continue;
    }
    if (++links > links_max) return Error{ErrorCode::invalid_input, path + ": Too many levels of symbolic links"};
    if (is_absolute(*child->second->bytes)) stack.resize(1);
    put_in_front(parts, *child->second->bytes);
  }
  return place_of(std::move(stack));
}

Result<Place> find_existing(const std::shared_ptr<Node>& root, const std::string& path, bool follow_last,
                            bool with_way = false) {
  AECOS_TRY_ASSIGN(auto place, find(root, path, follow_last, with_way));
  if (!place.node) return not_found(path);
  return place;
}

}  // namespace

struct MemoryFileSystem::Disk {
  std::shared_ptr<Node> root = make(FileType::directory, 0755);
  std::map<std::uint64_t, std::string> holders;  // By inode.
  std::uint64_t changes = 0;

  std::shared_ptr<Node> make(FileType type, std::uint32_t mode) {
    auto node = std::make_shared<Node>();
    node->status.type = type;
    node->status.mode = mode;
    node->status.inode = ++changes;
    touch(*node);
    return node;
  }

  void touch(Node& node) { node.status.mtime_ns = static_cast<std::int64_t>(++changes) * 1'000'000; }

  void set_bytes(Node& node, std::string_view bytes) {
    node.bytes = std::make_shared<const std::string>(bytes);
    node.status.size = bytes.size();
    touch(node);
  }

  void put(const Place& place, std::shared_ptr<Node> node) {
    place.folder->children[place.name] = std::move(node);
    touch(*place.folder);
  }

  Result<std::shared_ptr<Node>> file(const std::string& path) {
    AECOS_TRY_ASSIGN(auto place, find_existing(root, path, true));
    if (is_folder(*place.node)) return denied(path, "not a file");
    return place.node;
  }

  class Lock final : public FileLock {
   public:
    Lock(std::shared_ptr<Disk> disk, std::shared_ptr<Node> node, bool was_left)
        : disk_(std::move(disk)), node_(std::move(node)), was_left_(was_left) {}
    ~Lock() override {
      disk_->holders.erase(node_->status.inode);
      if (!leave_) disk_->set_bytes(*node_, "");
    }

    bool was_left() const override { return was_left_; }
    void leave() override { leave_ = true; }

   private:
    std::shared_ptr<Disk> disk_;
    std::shared_ptr<Node> node_;
    bool was_left_, leave_ = false;
  };
};

MemoryFileSystem::MemoryFileSystem() : disk_(std::make_shared<Disk>()) {}
MemoryFileSystem::~MemoryFileSystem() = default;

Result<std::string> MemoryFileSystem::read(const std::string& path) {
  AECOS_TRY_ASSIGN(auto node, disk_->file(path));
  return *node->bytes;
}

Result<MappedFile> MemoryFileSystem::map(const std::string& path) {
  AECOS_TRY_ASSIGN(auto node, disk_->file(path));
  return MappedFile(node->bytes, *node->bytes);
}

Result<FileStatus> MemoryFileSystem::status(const std::string& path) {
  AECOS_TRY_ASSIGN(auto place, find_existing(disk_->root, path, false));
  return place.node->status;
}

Result<std::vector<DirectoryEntry>> MemoryFileSystem::list(const std::string& path) {
  AECOS_TRY_ASSIGN(auto place, find_existing(disk_->root, path, true));
  if (!is_folder(*place.node)) return denied(path, "not a folder");
  std::vector<DirectoryEntry> entries;
  for (const auto& [name, node] : place.node->children) entries.push_back({name, node->status.type});
  return entries;
}

Result<std::string> MemoryFileSystem::read_link(const std::string& path) {
  AECOS_TRY_ASSIGN(auto place, find_existing(disk_->root, path, false));
  if (place.node->status.type != FileType::symlink) {
    return Error{ErrorCode::invalid_input, path + ": not a symbolic link"};
  }
  return *place.node->bytes;
}

Result<std::string> MemoryFileSystem::resolve(const std::string& path) {
  AECOS_TRY_ASSIGN(auto place, find_existing(disk_->root, path, true, true));
  std::string resolved = "/";
  for (const auto& name : place.way) resolved = join(resolved, name);
  return join(resolved, place.name);
}

Result<> MemoryFileSystem::write(const std::string& path, std::string_view bytes, const WriteOptions& options) {
  AECOS_TRY_ASSIGN(auto place, find(disk_->root, path, false));
  if (place.node && is_folder(*place.node)) return denied(path, "is a folder");
  AECOS_TRY(check_unchanged(options, place.node ? Seen(place.node->status) : Seen(), path));
  bool replaces_file = place.node && place.node->status.type == FileType::file;
  auto mode = options.mode ? *options.mode : replaces_file ? place.node->status.mode : 0644;
  auto node = disk_->make(FileType::file, mode);
  disk_->set_bytes(*node, bytes);
  disk_->put(place, node);
  return {};
}

Result<> MemoryFileSystem::append(const std::string& path, std::string_view bytes) {
  AECOS_TRY_ASSIGN(auto place, find(disk_->root, path, true));
  if (!place.node) return not_found(path);
  if (is_folder(*place.node)) return denied(path, "is a folder");
  disk_->set_bytes(*place.node, *place.node->bytes + std::string(bytes));
  return {};
}

std::vector<Result<>> MemoryFileSystem::write_all(std::span<const FileToWrite> written) {
  std::vector<Result<>> results;
  for (const auto& file : written) results.push_back(write(file.path, file.bytes, file.options));
  return results;
}

Result<> MemoryFileSystem::symlink(const std::string& target, const std::string& path) {
  AECOS_TRY(check_path(target));
  AECOS_TRY_ASSIGN(auto place, find(disk_->root, path, false));
  if (target.empty()) return not_found(path);
  if (place.node && is_folder(*place.node)) return denied(path, "is a folder");
  auto node = disk_->make(FileType::symlink, 0777);
  disk_->set_bytes(*node, target);
  disk_->put(place, node);
  return {};
}

Result<> MemoryFileSystem::set_mode(const std::string& path, std::uint32_t mode) {
  AECOS_TRY_ASSIGN(auto place, find_existing(disk_->root, path, false));
  if (place.node->status.type == FileType::symlink) {
    return Error{ErrorCode::invalid_input, path + ": a symbolic link has no mode"};
  }
  place.node->status.mode = mode;
  return {};
}

Result<> MemoryFileSystem::rename(const std::string& from, const std::string& to) {
  AECOS_TRY_ASSIGN(auto source, find_existing(disk_->root, from, false));
  AECOS_TRY_ASSIGN(auto target, find(disk_->root, to, false, true));
  if (target.node == source.node) return {};
  if (!source.folder) return denied(from, "is the root");
  // A folder cannot be moved below itself.
  for (auto folder = disk_->root; const auto& name : target.way) {
    folder = folder->children.at(name);
    if (folder == source.node) return Error{ErrorCode::invalid_input, to + ": lies in " + from};
  }
  if (target.node) {
    if (is_folder(*source.node) != is_folder(*target.node)) return denied(to, "of another type than " + from);
    if (!target.node->children.empty()) return denied(to, "Directory not empty");
  }
  source.folder->children.erase(source.name);
  disk_->touch(*source.folder);
  disk_->put(target, source.node);
  return {};
}

Result<> MemoryFileSystem::remove(const std::string& path) {
  AECOS_TRY_ASSIGN(auto place, find_existing(disk_->root, path, false));
  if (!place.folder) return denied(path, "is the root");
  if (!place.node->children.empty()) return denied(path, "Directory not empty");
  place.folder->children.erase(place.name);
  disk_->touch(*place.folder);
  return {};
}

Result<> MemoryFileSystem::create_directories(const std::string& path) {
  AECOS_TRY(check_path(path));
  if (const auto there = find(disk_->root, path, true); there && there->node && is_folder(*there->node)) return {};
  for (std::size_t end = 0; end < path.size();) {
    end = std::min(path.find('/', end + 1), path.size());
    auto place = find(disk_->root, path.substr(0, end), true);
    // A link that leads nowhere is something too.
    bool dangling = place && !place->node && exists(*this, path.substr(0, end));
    if (!place || dangling) return denied(path.substr(0, end), "not a folder");
    if (place->node && !is_folder(*place->node)) return denied(path.substr(0, end), "not a folder");
    if (!place->node) disk_->put(*place, disk_->make(FileType::directory, 0755));
  }
  return {};
}

Result<std::unique_ptr<FileLock>> MemoryFileSystem::try_lock(const std::string& path, const std::string& holder) {
  AECOS_TRY_ASSIGN(auto place, find(disk_->root, path, false));
  if (!place.node) disk_->put(place, place.node = disk_->make(FileType::file, 0644));
  if (is_folder(*place.node)) return denied(path, "is a folder");
  if (place.node->status.type == FileType::symlink) return Error{ErrorCode::invalid_input, path + ": a symbolic link"};
  auto [held, taken] = disk_->holders.try_emplace(place.node->status.inode, holder);
  if (!taken) return Error{ErrorCode::denied, held->second};
  const bool was_left = place.node->status.size > 0;
  disk_->set_bytes(*place.node, holder + "\n");
  return std::make_unique<Disk::Lock>(disk_, place.node, was_left);
}

Result<std::optional<std::string>> MemoryFileSystem::lock_holder(const std::string& path) {
  AECOS_TRY_ASSIGN(auto place, find(disk_->root, path, true));
  auto held = place.node ? disk_->holders.find(place.node->status.inode) : disk_->holders.end();
  if (held == disk_->holders.end()) return std::optional<std::string>();
  return std::optional<std::string>(held->second);
}

bool MemoryFileSystem::is_locked_by_other(const std::string& path) {
  auto place = find(disk_->root, path, true);
  return place && place->node && disk_->holders.contains(place->node->status.inode);
}

}  // namespace aecos::os
