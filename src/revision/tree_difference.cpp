#include "revision/tree_difference.h"

#include <algorithm>
#include <utility>

namespace aecos::revision {
namespace {

using Entries = std::vector<TreeEntry>;

struct FolderPair {
  std::string prefix;  // "" or with a '/' at its end.
  TreeId from, to;
};

class Walk {
 public:
  explicit Walk(const git::Repository& repository) : repository_(repository) {}

  Result<std::vector<FileDifference>> run(TreeId from, TreeId to) {
    open_.push_back({"", from, to});
    while (!open_.empty()) {  // A stack of our own: trees may be as deep as somebody likes.
      FolderPair pair = std::move(open_.back());
      open_.pop_back();
      if (pair.from != pair.to) AECOS_TRY(compare(pair));
    }
    std::sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return std::move(found_);
  }

 private:
  Result<Entries> read(TreeId id) {
    if (!id) return Entries{};
    AECOS_TRY_ASSIGN(Entries entries, repository_.read_tree(id));
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return entries;
  }

  Result<> compare(const FolderPair& pair) {
    AECOS_TRY_ASSIGN(Entries from, read(pair.from));
    AECOS_TRY_ASSIGN(Entries to, read(pair.to));
    auto a = from.begin(), b = to.begin();
    while (a != from.end() || b != to.end()) {
      bool only_a = b == to.end() || (a != from.end() && a->name < b->name);
      bool only_b = a == from.end() || (b != to.end() && b->name < a->name);
      const TreeEntry* before = only_b ? nullptr : &*a++;
      const TreeEntry* after = only_a ? nullptr : &*b++;
      if (before && after && *before == *after) continue;
      entry(pair.prefix, before, after);
    }
    return {};
  }

  void entry(const std::string& prefix, const TreeEntry* before, const TreeEntry* after) {
    const std::string path = prefix + (before ? before->name : after->name);
    bool folder_before = before && before->is_folder();
    bool folder_after = after && after->is_folder();
    if (folder_before || folder_after) {
      open_.push_back(
          {path + "/", folder_before ? before->tree_id() : TreeId{}, folder_after ? after->tree_id() : TreeId{}});
    }
    FileDifference found{path, version(before), version(after)};
    if (found.before || found.after) found_.push_back(std::move(found));
  }

  static std::optional<FileVersion> version(const TreeEntry* entry) {
    if (!entry || entry->is_folder()) return std::nullopt;
    return FileVersion{entry->mode, entry->id};
  }

  const git::Repository& repository_;
  std::vector<FolderPair> open_;
  std::vector<FileDifference> found_;
};

}  // namespace

Result<std::vector<FileDifference>> difference(const git::Repository& repository, TreeId from, TreeId to) {
  return Walk(repository).run(from, to);
}

std::vector<TreeEdit> to_edits(const std::vector<FileDifference>& differences) {
  std::vector<TreeEdit> edits;
  for (const auto& [path, before, after] : differences) {
    edits.push_back(after ? TreeEdit{path, false, after->mode, after->id} : TreeEdit{path, true, FileMode::file, {}});
  }
  return edits;
}

}  // namespace aecos::revision
