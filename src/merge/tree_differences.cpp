#include <algorithm>
#include <array>
#include <cstring>

#include "merge/tree_internal.h"

namespace aecos::merge {
namespace {

constexpr std::size_t path_limit = 4096;

// git's order: folders sort as if their name ended in a slash. A file and a folder of one name are two things.
int compare(const TreeEntry& a, const TreeEntry& b) {
  const std::size_t common = std::min(a.name.size(), b.name.size());
  if (const int order = std::memcmp(a.name.data(), b.name.data(), common); order != 0) return order;
  const auto next = [common](const TreeEntry& entry) -> int {
    if (entry.name.size() > common) return static_cast<unsigned char>(entry.name[common]);
    return entry.is_folder() ? '/' : 0;
  };
  return next(a) - next(b);
}

class Walk {
 public:
  Walk(TreeReader& reader, Differences& differences) : reader_(reader), differences_(differences) {}

  Result<> run() {
    pending_.push_back({"", {reader_.root(Side::base), reader_.root(Side::ours), reader_.root(Side::theirs)}});
    while (!pending_.empty()) {
      const Pending next = std::move(pending_.back());
      pending_.pop_back();
      AECOS_TRY(visit(next));
    }
    return {};
  }

 private:
  struct Pending {
    std::string path;
    std::array<TreeId, 3> ids;
  };

  Result<> visit(const Pending& folder) {
    if (folder.ids[0] == folder.ids[1] && folder.ids[1] == folder.ids[2]) return {};
    if (folder.path.size() > path_limit)
      return Error{ErrorCode::invalid_input, folder.path.substr(0, 80) + "...: folders nested too deep"};
    std::array<TreeReader::Folder, 3> folders;
    std::array<std::size_t, 3> at{};
    for (std::size_t i = 0; i < 3; ++i) {
      AECOS_TRY_ASSIGN(folders[i], reader_.folder(folder.ids[i]));
    }
    while (true) {
      std::array<const TreeEntry*, 3> entries{};
      const TreeEntry* first = nullptr;
      for (std::size_t i = 0; i < 3; ++i) {
        if (at[i] == folders[i]->size()) continue;
        entries[i] = &(*folders[i])[at[i]];
        if (first == nullptr || compare(*entries[i], *first) < 0) first = entries[i];
      }
      if (first == nullptr) return {};
      for (std::size_t i = 0; i < 3; ++i) {
        if (entries[i] == nullptr || compare(*entries[i], *first) != 0)
          entries[i] = nullptr;
        else
          ++at[i];
      }
      note(folder.path, *first, entries);
    }
  }

  void note(const std::string& folder, const TreeEntry& named, const std::array<const TreeEntry*, 3>& entries) {
    const auto same = [](const TreeEntry* a, const TreeEntry* b) {
      return a == b || (a != nullptr && b != nullptr && a->id == b->id && a->mode == b->mode);
    };
    if (same(entries[0], entries[1]) && same(entries[1], entries[2])) return;
    std::string path = join(folder, named.name);
    if (named.is_folder()) {
      Pending below{std::move(path), {}};
      for (std::size_t i = 0; i < 3; ++i)
        if (entries[i] != nullptr) below.ids[i] = entries[i]->tree_id();
      pending_.push_back(std::move(below));
      return;
    }
    const auto leaf = [](const TreeEntry* entry) {
      return entry == nullptr ? std::optional<Leaf>() : Leaf{entry->mode, entry->id};
    };
    differences_.emplace(std::move(path), Triple{leaf(entries[0]), leaf(entries[1]), leaf(entries[2])});
  }

  TreeReader& reader_;
  Differences& differences_;
  std::vector<Pending> pending_;
};

}  // namespace

Result<TreeReader::Folder> TreeReader::folder(TreeId id) {
  static const auto nothing = std::make_shared<const std::vector<TreeEntry>>();
  if (!id) return nothing;
  Folder& folder = folders_[id];
  if (!folder) {
    AECOS_TRY_ASSIGN(auto entries, source_.entries(id));
    folder = std::make_shared<const std::vector<TreeEntry>>(std::move(entries));
  }
  return folder;
}

Result<std::optional<TreeEntry>> TreeReader::find(Side side, std::string_view path) {
  TreeEntry here{"", FileMode::folder, BlobId{root(side).bytes}};
  while (!path.empty()) {
    if (!here.is_folder()) return std::optional<TreeEntry>();
    AECOS_TRY_ASSIGN(const Folder entries, folder(here.tree_id()));
    const std::string_view name = path.substr(0, path.find('/'));
    const auto found = std::find_if(entries->begin(), entries->end(), [&](const auto& e) { return e.name == name; });
    if (found == entries->end()) return std::optional<TreeEntry>();
    here = *found;
    path.remove_prefix(std::min(path.size(), name.size() + 1));
  }
  return std::optional<TreeEntry>(here);
}

Result<Differences> collect_differences(TreeReader& reader) {
  Differences differences;
  AECOS_TRY(Walk(reader, differences).run());
  return differences;
}

std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string join(std::string_view folder, std::string_view name) {
  std::string path(folder);
  if (!path.empty()) path += '/';
  return path += name;
}

bool is_below(std::string_view folder, std::string_view path) {
  return folder.empty() || (path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/');
}

}  // namespace aecos::merge
