#include <algorithm>
#include <cstring>
#include <span>

#include "git/head_difference_internal.h"

namespace aecos::git {
namespace {

using Records = std::span<const IndexRecord>;

// Folders sort as if their name ended in a slash, in trees and so in the index.
int compare(std::string_view a, bool a_is_folder, std::string_view b, bool b_is_folder) {
  const std::size_t common = std::min(a.size(), b.size());
  if (const int order = std::memcmp(a.data(), b.data(), common); order != 0) return order;
  const auto next = [common](std::string_view name, bool is_folder) -> int {
    if (name.size() > common) return static_cast<unsigned char>(name[common]);
    return is_folder ? '/' : 0;
  };
  return next(a, a_is_folder) - next(b, b_is_folder);
}

// The next thing in a folder as the index has it: a file (with its stages), or all that lies in a folder.
struct Child {
  std::string_view name;
  bool is_folder = false;
  Records records;
};

// Few records are in most folders, so the end is looked for near the beginning first.
template <class Inside>
std::size_t count_while(Records records, Inside inside) {
  std::size_t bound = 1;
  while (bound < records.size() && inside(records[bound])) bound *= 2;
  const Records between = records.subspan(bound / 2, std::min(bound, records.size()) - bound / 2);
  const auto end = std::partition_point(between.begin(), between.end(), inside);
  return bound / 2 + static_cast<std::size_t>(end - between.begin());
}

Child first_child(Records records, std::size_t depth) {
  const std::string_view path = records[0].path;
  const std::size_t slash = path.find('/', depth);
  Child child{path.substr(depth, slash == std::string_view::npos ? slash : slash - depth), slash != path.npos, {}};
  const std::string_view shared = path.substr(0, child.is_folder ? slash + 1 : path.size());
  child.records = records.first(count_while(records, [&](const IndexRecord& record) {
    return child.is_folder ? record.path.starts_with(shared) : record.path == shared;
  }));
  return child;
}

const CachedFolder* find_child(const CachedFolder* folder, std::string_view name) {
  if (folder == nullptr) return nullptr;
  const auto found = std::lower_bound(
      folder->children.begin(), folder->children.end(), name, [](const CachedFolder& child, std::string_view wanted) {
        return child.name.size() != wanted.size() ? child.name.size() < wanted.size() : child.name < wanted;
      });
  return found != folder->children.end() && found->name == name ? &*found : nullptr;
}

class Comparison {
 public:
  explicit Comparison(const Repository& repository) : repository_(repository) {}

  Result<> folder(const std::string& path, TreeId head, const CachedFolder* cached, Records records) {
    if (cached != nullptr && cached->id && cached->id == head) return {};
    AECOS_TRY_ASSIGN(const std::vector<TreeEntry> entries, repository_.read_tree(head));
    const std::size_t depth = path.empty() ? 0 : path.size() + 1;
    auto entry = entries.begin();
    while (entry != entries.end() || !records.empty()) {
      const Child child = records.empty() ? Child() : first_child(records, depth);
      const int order = records.empty() ? -1
                        : entry == entries.end()
                            ? 1
                            : compare(entry->name, entry->is_folder(), child.name, child.is_folder);
      if (order >= 0) records = records.subspan(child.records.size());
      if (order > 0) {
        only_in_index(child.records);
        continue;
      }
      const std::string below = path.empty() ? entry->name : path + "/" + entry->name;
      if (entry->is_folder()) {
        AECOS_TRY(
            folder(below, entry->tree_id(), find_child(cached, entry->name), order == 0 ? child.records : Records()));
      } else if (order < 0 || is_other(child.records, *entry)) {
        found[below] = *entry;
      }
      ++entry;
    }
    return {};
  }

  HeadDifference found;

 private:
  void only_in_index(Records records) {
    for (const IndexRecord& record : records)
      if (record.stage == 0) found.emplace(record.path, std::nullopt);
  }

  static bool is_other(Records records, const TreeEntry& entry) {
    const IndexRecord& record = records[0];
    if (record.stage != 0) return false;
    return record.intent_to_add || record.id != entry.id || record.mode != static_cast<std::uint32_t>(entry.mode);
  }

  const Repository& repository_;
};

}  // namespace

Result<HeadDifference> head_difference(const Repository& repository, TreeId head, const IndexFile& index) {
  Comparison comparison(repository);
  AECOS_TRY(comparison.folder("", head, &index.root, index.records));
  return std::move(comparison.found);
}

}  // namespace aecos::git
