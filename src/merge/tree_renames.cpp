#include <algorithm>

#include "merge/tree_internal.h"

namespace aecos::merge {
namespace {

// git's id of a file without bytes. Empty files are alike without being the same.
bool is_empty_file(BlobId id) { return id.hex() == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"; }

class RenameSearch {
 public:
  RenameSearch(TreeReader& reader, const Differences& differences, Side side, const TreeOptions& options)
      : reader_(reader), differences_(differences), side_(side), options_(options) {}

  Result<Renames> run() {
    for (const auto& [path, triple] : differences_) {
      const auto& here = triple.of(side_);
      if (triple.base && !here && triple.base->mode != FileMode::submodule) gone_.emplace(path, *triple.base);
      if (!triple.base && here && here->mode != FileMode::submodule) added_.emplace(path, *here);
    }
    if (gone_.empty() || added_.empty()) return Renames{};
    AECOS_TRY(match_elements());
    match_equal(true);
    match_by_folder();
    match_equal(false);
    AECOS_TRY(match_similar());
    AECOS_TRY(find_folders());
    return std::move(renames_);
  }

 private:
  using Files = std::map<std::string, Leaf, std::less<>>;

  void match(const std::string& from, const std::string& to) {
    renames_.files.emplace(from, to);
    gone_.erase(from);
    added_.erase(to);
  }

  // Element folders are known by the GlobalId of their element; their files follow it.
  Result<> match_elements() {
    AECOS_TRY_ASSIGN(const auto before, elements(gone_));
    if (before.empty()) return {};
    AECOS_TRY_ASSIGN(const auto after, elements(added_));
    for (const auto& [global_id, folder] : before) {
      const auto moved = after.find(global_id);
      if (moved != after.end()) match_folder(folder, moved->second);
    }
    return {};
  }

  // By GlobalId; one that several folders have is left out.
  Result<std::map<std::string, std::string>> elements(const Files& files) {
    std::map<std::string, std::string> folders;
    std::set<std::string> ambiguous;
    for (const auto& [path, leaf] : files) {
      if (name_of(path) != "metadata.json" || !leaf.is_regular()) continue;
      AECOS_TRY_ASSIGN(const std::string metadata, reader_.content(leaf.id, path));
      const std::string global_id = read_element(metadata).global_id;
      if (global_id.empty()) continue;
      if (!folders.emplace(global_id, folder_of(path)).second) ambiguous.insert(global_id);
    }
    for (const std::string& global_id : ambiguous) folders.erase(global_id);
    return folders;
  }

  void match_folder(const std::string& from, const std::string& to) {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (auto file = gone_.lower_bound(from + "/"); file != gone_.end() && is_below(from, file->first); ++file) {
      std::string target = to + file->first.substr(from.size());
      if (added_.contains(target)) pairs.emplace_back(file->first, std::move(target));
    }
    for (const auto& [old_path, new_path] : pairs) match(old_path, new_path);
  }

  // Files of an element move with their element, or not at all.
  bool moves_alone(const std::string& path) {
    const std::string folder(folder_of(path));
    for (const char* name : {"metadata.json", "element.ifc"}) {
      const auto sibling = differences_.find(join(folder, name));
      if (sibling != differences_.end() && (sibling->second.base || sibling->second.of(side_))) return false;
    }
    return true;
  }

  // Files of equal bytes: those that are alone in being so, or all, those of the same name first.
  void match_equal(bool alone) {
    std::map<BlobId, std::pair<std::vector<std::string>, std::vector<std::string>>> by_id;
    for (const auto& [path, leaf] : gone_)
      if (!is_empty_file(leaf.id) && moves_alone(path)) by_id[leaf.id].first.push_back(path);
    for (const auto& [path, leaf] : added_)
      if (const auto found = by_id.find(leaf.id); found != by_id.end() && moves_alone(path))
        found->second.second.push_back(path);
    for (auto& [id, paths] : by_id) {
      auto& [from, to] = paths;
      if (alone && (from.size() != 1 || to.size() != 1)) continue;
      const auto by_name = [](const std::string& a, const std::string& b) { return name_of(a) < name_of(b); };
      std::stable_sort(from.begin(), from.end(), by_name);
      std::stable_sort(to.begin(), to.end(), by_name);
      match_same_names(from, to);
      for (std::size_t i = 0; i < std::min(from.size(), to.size()); ++i) match(from[i], to[i]);
    }
  }

  // Both sorted by name. Takes out what it matches.
  void match_same_names(std::vector<std::string>& from, std::vector<std::string>& to) {
    std::vector<std::string> from_left, to_left;
    std::size_t i = 0, j = 0;
    while (i < from.size() && j < to.size()) {
      const auto a = name_of(from[i]), b = name_of(to[j]);
      if (a == b)
        match(from[i++], to[j++]);
      else if (a < b)
        from_left.push_back(std::move(from[i++]));
      else
        to_left.push_back(std::move(to[j++]));
    }
    std::move(from.begin() + static_cast<std::ptrdiff_t>(i), from.end(), std::back_inserter(from_left));
    std::move(to.begin() + static_cast<std::ptrdiff_t>(j), to.end(), std::back_inserter(to_left));
    from = std::move(from_left);
    to = std::move(to_left);
  }

  // Where most files of a folder went, the rest that has its old name there went too.
  void match_by_folder() {
    const auto votes = count_votes();
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const auto& [path, leaf] : gone_) {
      const auto target = moved_folder(votes, folder_of(path));
      if (!target) continue;
      std::string to = join(*target, name_of(path));
      const auto there = added_.find(to);
      if (there != added_.end() && there->second.is_regular() == leaf.is_regular() && moves_alone(path))
        pairs.emplace_back(path, std::move(to));
    }
    for (const auto& [from, to] : pairs) match(from, to);
  }

  using Votes = std::map<std::string, std::map<std::string, std::size_t>, std::less<>>;

  // "a/b/f" -> "c/b/f" is a vote for "a/b" -> "c/b" and for "a" -> "c".
  Votes count_votes() {
    Votes votes;
    for (const auto& [from, to] : renames_.files) {
      std::string_view old_folder = folder_of(from), new_folder = folder_of(to);
      while (!old_folder.empty() && old_folder != new_folder) {
        ++votes[std::string(old_folder)][std::string(new_folder)];
        if (name_of(old_folder) != name_of(new_folder)) break;
        old_folder = folder_of(old_folder);
        new_folder = folder_of(new_folder);
      }
    }
    return votes;
  }

  static std::optional<std::string> moved_folder(const Votes& votes, std::string_view folder) {
    const auto candidates = votes.find(folder);
    if (candidates == votes.end()) return std::nullopt;
    const std::pair<const std::string, std::size_t>* best = nullptr;
    bool tie = false;
    for (const auto& candidate : candidates->second) {
      tie = best != nullptr && candidate.second == best->second ? true : tie;
      if (best != nullptr && candidate.second <= best->second) continue;
      best = &candidate;
      tie = false;
    }
    return tie ? std::nullopt : std::optional(best->first);
  }

  // Only for files that the other side changed: elsewhere a deletion and an addition come to the same.
  Result<> match_similar() {
    std::vector<std::string> sources, targets;
    for (const auto& [path, leaf] : gone_) {
      const auto& theirs = differences_.find(path)->second.of(other(side_));
      if (theirs && theirs->is_regular() && *theirs != leaf && leaf.is_regular() && moves_alone(path))
        sources.push_back(path);
    }
    if (sources.empty()) return {};
    for (const auto& [path, leaf] : added_)
      if (leaf.is_regular() && moves_alone(path)) targets.push_back(path);
    if (targets.size() > options_.rename_limit) return {};
    Similarity similarity;
    for (const std::string& path : targets) {
      AECOS_TRY_ASSIGN(const std::string bytes, reader_.content(added_.at(path).id, path));
      similarity.add(bytes);
    }
    for (const std::string& path : sources) {
      AECOS_TRY_ASSIGN(const std::string bytes, reader_.content(gone_.at(path).id, path));
      const auto best = similarity.best(bytes);
      if (best && added_.contains(targets[*best])) match(path, targets[*best]);
    }
    return {};
  }

  Result<> find_folders() {
    const auto votes = count_votes();
    for (const auto& [folder, candidates] : votes) {
      const auto target = moved_folder(votes, folder);
      if (!target) continue;
      AECOS_TRY_ASSIGN(const auto left, reader_.find(side_, folder));
      if (!left) renames_.folders.emplace(folder, *target);
    }
    return {};
  }

  TreeReader& reader_;
  const Differences& differences_;
  Side side_;
  const TreeOptions& options_;
  Files gone_, added_;
  Renames renames_;
};

}  // namespace

Result<Renames> find_renames(TreeReader& reader, const Differences& differences, Side side,
                             const TreeOptions& options) {
  return RenameSearch(reader, differences, side, options).run();
}

}  // namespace aecos::merge
