#include "merge/tree.h"

#include <algorithm>

#include "merge/conflict_internal.h"
#include "merge/tree_internal.h"

namespace aecos::merge {
namespace {

constexpr std::string_view own_folder = ".aecos";
constexpr std::string_view records_folder = ".aecos/conflicts";

std::string object(std::string_view key, std::string_view text) {
  return "{\"" + std::string(key) + "\":\"" + std::string(text) + "\"}";
}

Value value_of(const std::optional<Leaf>& leaf) {
  if (!leaf) return std::nullopt;
  return object(leaf->mode == FileMode::submodule ? "commit" : "blob", leaf->id.hex());
}

// What goes to one path of the merged tree.
struct Placed {
  Leaf leaf;
  Side from = Side::ours;  // Whose it is; base: of both.
  std::string was;         // Its path in base; empty: it is new.
};

class TreeMerge {
 public:
  TreeMerge(TreeSource& source, TreeId base, TreeId ours, TreeId theirs, const TreeOptions& options)
      : reader_(source, base, ours, theirs), options_(options) {}

  Result<TreeOutcome> run() {
    AECOS_TRY_ASSIGN(differences_, collect_differences(reader_));
    AECOS_TRY_ASSIGN(ours_moved_, find_renames(reader_, differences_, Side::ours, options_));
    AECOS_TRY_ASSIGN(theirs_moved_, find_renames(reader_, differences_, Side::theirs, options_));
    for (const auto& [from, to] : ours_moved_.files) targets_[0].emplace(to, from);
    for (const auto& [from, to] : theirs_moved_.files) targets_[1].emplace(to, from);
    AECOS_TRY(keep_elements(Side::ours));
    AECOS_TRY(keep_elements(Side::theirs));
    for (const auto& [path, triple] : differences_) {
      if (triple.base) AECOS_TRY(place_known(path, triple));
    }
    for (const auto& [path, triple] : differences_) {
      if (!triple.base) AECOS_TRY(place_new(path, triple));
    }
    AECOS_TRY(part_files_from_folders());
    note_alike_names();
    return finish();
  }

 private:
  const Renames& moved(Side side) const { return side == Side::ours ? ours_moved_ : theirs_moved_; }
  const std::map<std::string, std::string, std::less<>>& targets(Side side) const {
    return targets_[side == Side::ours ? 0 : 1];
  }

  // Where the base file of that path is on a side; empty: nowhere.
  std::string path_on(Side side, const std::string& path, const Triple& triple) const {
    if (triple.of(side)) return path;
    const auto renamed = moved(side).files.find(path);
    return renamed == moved(side).files.end() ? "" : renamed->second;
  }

  const std::optional<Leaf>& leaf_at(Side side, const std::string& path) const {
    static const std::optional<Leaf> nothing;
    const auto found = differences_.find(path);
    return found == differences_.end() ? nothing : found->second.of(side);
  }

  Options options_for(const std::string& path) const {
    Options options = options_.file;
    options.path = path;
    return options;
  }

  static BlobId blob_of(const std::optional<Leaf>& leaf) { return leaf && leaf->is_regular() ? leaf->id : BlobId{}; }

  // Records a conflict and says which side stands.
  Side record(const std::string& path, Conflict conflict, const std::optional<Rule>& rule = {},
              const Triple& files = {}) {
    const Side side = settle(conflict, options_for(path), rule);
    outcome_.conflicts.push_back(
        {path, std::move(conflict), blob_of(files.base), blob_of(files.ours), blob_of(files.theirs)});
    return side;
  }

  void place(const std::string& path, Leaf leaf, Side from, const std::string& was = {}) {
    placed_[path].push_back({leaf, from, was});
  }

  // --- element folders that one side deleted

  // Where the other side changed or newly refers to such an element, its folder stays as the other side has it.
  Result<> keep_elements(Side deleter) {
    std::map<std::string, std::string> suspects;  // Folders, and the file of theirs that refers to them.
    for (const auto& [path, triple] : differences_) {
      if (!triple.base || triple.of(deleter) || !is_element_file(name_of(path))) continue;
      const std::string folder(folder_of(path));
      if (folder.empty() || suspects.contains(folder) || !path_on(deleter, path, triple).empty()) continue;
      AECOS_TRY_ASSIGN(const auto left, reader_.find(deleter, folder));
      if (!left) suspects.emplace(folder, "");
    }
    if (suspects.empty()) return {};
    AECOS_TRY(find_references(other(deleter), suspects));
    for (const auto& [folder, referrer] : suspects) {
      const bool changed = is_touched(other(deleter), folder);
      if (changed || !referrer.empty()) AECOS_TRY(keep_element(deleter, folder, changed ? "" : referrer));
    }
    return {};
  }

  bool is_touched(Side side, const std::string& folder) const {
    for (auto file = differences_.lower_bound(folder + "/");
         file != differences_.end() && is_below(folder, file->first); ++file) {
      if (file->second.of(side) == file->second.base) continue;
      if (file->second.of(side) || !path_on(side, file->first, file->second).empty()) return true;
    }
    return false;
  }

  Result<> keep_element(Side deleter, const std::string& folder, const std::string& referrer) {
    const Side keeper = other(deleter);
    Conflict conflict;
    conflict.kind = referrer.empty() ? ConflictKind::deleted_changed : ConflictKind::deleted_referenced;
    conflict.at = referrer;
    AECOS_TRY_ASSIGN(conflict.element, element_of(folder));
    AECOS_TRY_ASSIGN(conflict.base, folder_value(Side::base, folder));
    AECOS_TRY_ASSIGN((keeper == Side::ours ? conflict.ours : conflict.theirs), folder_value(keeper, folder));
    Rule rule = keep_change(deleter == Side::ours);
    if (!referrer.empty()) rule.because = "the element is still referred to";
    const bool kept = record(folder, std::move(conflict), rule) != deleter;
    for (auto file = differences_.lower_bound(folder + "/");
         file != differences_.end() && is_below(folder, file->first); ++file)
      settled_.emplace(file->first, kept ? keeper : deleter);
    return {};
  }

  Result<Value> folder_value(Side side, const std::string& folder) {
    AECOS_TRY_ASSIGN(const auto entry, reader_.find(side, folder));
    return entry ? Value(object("tree", entry->id.hex())) : Value();
  }

  Result<ElementRef> element_of(const std::string& folder) {
    const std::string path = folder + "/metadata.json";
    AECOS_TRY_ASSIGN(const auto entry, reader_.find(Side::base, path));
    if (!entry || !entry->is_regular()) return ElementRef{};
    AECOS_TRY_ASSIGN(const std::string metadata, reader_.content(entry->id, path));
    return read_element(metadata);
  }

  // Fills in, for the folders whose element some file of `side` names and did not name in base, that file.
  Result<> find_references(Side side, std::map<std::string, std::string>& suspects) {
    std::map<std::string, std::string, std::less<>> folder_by_id;
    std::set<std::string, std::less<>> ids;
    for (const auto& [folder, referrer] : suspects) {
      AECOS_TRY_ASSIGN(const ElementRef element, element_of(folder));
      if (!element.global_id.empty() && ids.insert(element.global_id).second)
        folder_by_id.emplace(element.global_id, folder);
    }
    if (ids.empty()) return {};
    for (const auto& [path, triple] : differences_) {
      const auto& now = triple.of(side);
      if (!now || now == triple.base || !now->is_regular() || is_below(own_folder, path)) continue;
      AECOS_TRY_ASSIGN(const std::string text, reader_.content(now->id, path));
      std::set<std::string> named = find_global_ids(text, ids);
      if (named.empty()) continue;
      AECOS_TRY(forget_old_references(side, path, triple, ids, named));
      for (const std::string& id : named) {
        std::string& referrer = suspects[folder_by_id[id]];
        if (referrer.empty() && !is_below(folder_by_id[id], path)) referrer = path;
      }
    }
    return {};
  }

  Result<> forget_old_references(Side side, const std::string& path, const Triple& triple,
                                 const std::set<std::string, std::less<>>& ids, std::set<std::string>& named) {
    const auto renamed = targets(side).find(path);
    const std::string old_path = renamed == targets(side).end() ? path : renamed->second;
    const auto& before = renamed == targets(side).end() ? triple.base : leaf_at(Side::base, old_path);
    if (!before || !before->is_regular()) return {};
    AECOS_TRY_ASSIGN(const std::string text, reader_.content(before->id, old_path));
    for (const std::string& id : find_global_ids(text, ids)) named.erase(id);
    return {};
  }

  // --- files that were in base

  Result<> place_known(const std::string& path, const Triple& triple) {
    if (const auto settled = settled_.find(path); settled != settled_.end()) {
      place_as_on(settled->second, path, triple);
      return {};
    }
    const std::string ours = path_on(Side::ours, path, triple);
    const std::string theirs = path_on(Side::theirs, path, triple);
    if (ours.empty() && theirs.empty()) return {};
    if (ours.empty() || theirs.empty()) return place_half_deleted(path, triple, ours, theirs);
    const std::string target = common_path(path, triple, ours, theirs);
    Triple versions{triple.base, leaf_at(Side::ours, ours), leaf_at(Side::theirs, theirs)};
    return place_merged(target, versions, path);
  }

  // The element was settled as a whole: each of its files is as that side has it.
  void place_as_on(Side side, const std::string& path, const Triple& triple) {
    const std::string there = path_on(side, path, triple);
    if (!there.empty()) place(there, *leaf_at(side, there), side, triple.base ? path : "");
  }

  Result<> place_half_deleted(const std::string& path, const Triple& triple, const std::string& ours,
                              const std::string& theirs) {
    const Side keeper = ours.empty() ? Side::theirs : Side::ours;
    const std::string& there = ours.empty() ? theirs : ours;
    const std::optional<Leaf> leaf = leaf_at(keeper, there);
    if (leaf == triple.base && there == path) return {};  // Deleted by the one, left alone by the other.
    if (is_below(records_folder, path)) {
      place(there, *leaf, keeper, path);
      return {};
    }
    Conflict conflict;
    conflict.kind = ConflictKind::deleted_changed;
    conflict.base = value_of(triple.base);
    (keeper == Side::ours ? conflict.ours : conflict.theirs) = value_of(leaf);
    Triple files{triple.base, {}, {}};
    (keeper == Side::ours ? files.ours : files.theirs) = leaf;
    if (record(there, std::move(conflict), keep_change(ours.empty()), files) == keeper)
      place(there, *leaf, keeper, path);
    return {};
  }

  std::string common_path(const std::string& base, const Triple& triple, const std::string& ours,
                          const std::string& theirs) {
    if (ours == theirs || theirs == base) return ours;
    if (ours == base) return theirs;
    Conflict conflict;
    conflict.kind = ConflictKind::path;
    conflict.base = '"' + escaped(base) + '"';
    conflict.ours = '"' + escaped(ours) + '"';
    conflict.theirs = '"' + escaped(theirs) + '"';
    // Recorded where the file is; settle decides, so ask first.
    Conflict asked = conflict;
    const Side side = settle(asked, options_for(base));
    const std::string& path = side == Side::base ? base : side == Side::ours ? ours : theirs;
    const Triple files{triple.base, leaf_at(Side::ours, ours), leaf_at(Side::theirs, theirs)};
    outcome_.conflicts.push_back(
        {path, std::move(asked), blob_of(files.base), blob_of(files.ours), blob_of(files.theirs)});
    return path;
  }

  static std::string escaped(const std::string& text) {
    std::string json;
    for (const char c : text) {
      if (c == '"' || c == '\\') json += '\\';
      if (static_cast<unsigned char>(c) >= 0x20) {
        json += c;
        continue;
      }
      json += "\\u00";
      json += "0123456789abcdef"[c >> 4];
      json += "0123456789abcdef"[c & 15];
    }
    return json;
  }

  // --- files that were not in base

  Result<> place_new(const std::string& path, const Triple& triple) {
    if (const auto settled = settled_.find(path); settled != settled_.end()) {
      place_as_on(settled->second, path, triple);
      return {};
    }
    const bool ours_new = triple.ours && !targets(Side::ours).contains(path);
    const bool theirs_new = triple.theirs && !targets(Side::theirs).contains(path);
    if (ours_new && theirs_new) return place_merged(path, triple, "");
    if (!ours_new && !theirs_new) return {};
    const Side side = ours_new ? Side::ours : Side::theirs;
    AECOS_TRY_ASSIGN(const std::string target, follow_folder(path, other(side)));
    place(target, *triple.of(side), side);
    return {};
  }

  // A new file in a folder that the other side moved goes where the folder went, if there is room.
  Result<std::string> follow_folder(const std::string& path, Side mover) {
    for (std::string_view folder = folder_of(path); !folder.empty(); folder = folder_of(folder)) {
      const auto renamed = moved(mover).folders.find(folder);
      if (renamed == moved(mover).folders.end()) continue;
      std::string target = renamed->second + path.substr(folder.size());
      AECOS_TRY_ASSIGN(const bool taken, is_taken(target));
      return taken ? path : target;
    }
    return path;
  }

  Result<bool> is_taken(const std::string& path) {
    if (placed_.contains(path)) return true;
    for (const Side side : {Side::ours, Side::theirs}) {
      AECOS_TRY_ASSIGN(const auto entry, reader_.find(side, path));
      if (entry) return true;
    }
    return false;
  }

  // --- one file that both sides have

  Result<> place_merged(const std::string& path, const Triple& triple, const std::string& was) {
    const auto& [base, ours, theirs] = triple;
    if (ours == theirs || theirs == base) {
      place(path, *ours, ours == theirs ? Side::base : Side::ours, was);
      return {};
    }
    if (ours == base) {
      place(path, *theirs, Side::theirs, was);
      return {};
    }
    if (ours->is_regular() && theirs->is_regular()) return place_merged_file(path, triple, was);
    if (ours->mode != theirs->mode) return place_both(path, triple, was);
    Conflict conflict;
    conflict.kind = base ? ConflictKind::both_changed : ConflictKind::both_added;
    AECOS_TRY_ASSIGN(conflict.base, link_value(base, path));
    AECOS_TRY_ASSIGN(conflict.ours, link_value(ours, path));
    AECOS_TRY_ASSIGN(conflict.theirs, link_value(theirs, path));
    const Side side = record(path, std::move(conflict));
    const std::optional<Leaf>& chosen = triple.of(side);
    if (chosen) place(path, *chosen, side, was);
    return {};
  }

  Result<Value> link_value(const std::optional<Leaf>& leaf, const std::string& path) {
    if (!leaf || leaf->mode != FileMode::symlink) return value_of(leaf);
    AECOS_TRY_ASSIGN(const std::string target, reader_.content(leaf->id, path));
    return Value(object("link", escaped(target)));
  }

  Result<> place_merged_file(const std::string& path, const Triple& triple, const std::string& was) {
    const auto& [base, ours, theirs] = triple;
    const FileMode mode = base && base->mode == ours->mode ? theirs->mode : ours->mode;
    const bool has_base = base && base->is_regular();
    if (ours->id == theirs->id || (has_base && theirs->id == base->id)) {
      place(path, {mode, ours->id}, mode == ours->mode ? Side::ours : Side::base, was);
      return {};
    }
    if (has_base && ours->id == base->id) {
      place(path, {mode, theirs->id}, mode == theirs->mode ? Side::theirs : Side::base, was);
      return {};
    }
    if (is_below(records_folder, path)) {
      const Side side = options_.file.integrated == Side::theirs ? Side::theirs : Side::ours;
      place(path, *triple.of(side), side, was);
      return {};
    }
    AECOS_TRY_ASSIGN(const BlobId id, merge_contents(path, triple, was));
    place(path, {mode, id}, Side::base, was);
    return {};
  }

  Result<BlobId> merge_contents(const std::string& path, const Triple& triple, const std::string& was) {
    std::string before;
    if (triple.base && triple.base->is_regular()) {
      AECOS_TRY_ASSIGN(before, reader_.content(triple.base->id, was.empty() ? path : was));
    }
    AECOS_TRY_ASSIGN(const std::string ours, reader_.content(triple.ours->id, path));
    AECOS_TRY_ASSIGN(const std::string theirs, reader_.content(triple.theirs->id, path));
    Outcome merged = merge_any(before, ours, theirs, options_for(path));
    const Side like =
        !merged.conflicts.empty() && merged.conflicts[0].chosen == Side::theirs ? Side::theirs : Side::ours;
    for (Conflict& conflict : merged.conflicts)
      outcome_.conflicts.push_back(
          {path, std::move(conflict), blob_of(triple.base), triple.ours->id, triple.theirs->id});
    taken_[path] = std::move(merged.taken);
    if (merged.merged == ours) return triple.ours->id;
    if (merged.merged == theirs) return triple.theirs->id;
    return reader_.source().store(path, merged.merged, triple.of(like)->id);
  }

  // A file here, a link or submodule there: both stay, one of them under another name.
  Result<> place_both(const std::string& path, const Triple& triple, const std::string& was) {
    const Side aside = choose_path(path, triple) == Side::theirs ? Side::ours : Side::theirs;
    place(path, *triple.of(other(aside)), other(aside), was);
    AECOS_TRY_ASSIGN(const std::string name, free_name(path, aside));
    place(name, *triple.of(aside), aside);
    return {};
  }

  Side choose_path(const std::string& path, const Triple& triple) {
    Conflict conflict;
    conflict.kind = ConflictKind::path;
    conflict.base = value_of(triple.base);
    conflict.ours = value_of(triple.ours);
    conflict.theirs = value_of(triple.theirs);
    return record(path, std::move(conflict), {}, triple);
  }

  // "a/house.ifc" -> "a/house~theirs.ifc"
  Result<std::string> free_name(const std::string& path, Side side) {
    const std::string_view name = name_of(path);
    const std::size_t dot = name.rfind('.');
    const std::size_t stem =
        path.size() - name.size() + (dot == std::string_view::npos || dot == 0 ? name.size() : dot);
    for (int number = 1;; ++number) {
      std::string candidate = path.substr(0, stem) + "~" + std::string(to_string(side)) +
                              (number > 1 ? std::to_string(number) : "") + path.substr(stem);
      AECOS_TRY_ASSIGN(const bool taken, is_taken(candidate));
      if (!taken) return candidate;
    }
  }

  // --- what cannot lie side by side

  Result<> part_files_from_folders() {
    AECOS_TRY(part_namesakes());
    std::vector<std::string> in_the_way;
    for (auto file = placed_.begin(); file != placed_.end(); ++file) {
      const auto below = placed_.lower_bound(file->first + "/");
      if (below != placed_.end() && is_below(file->first, below->first)) in_the_way.push_back(file->first);
    }
    for (const std::string& path : in_the_way) {
      Placed file = std::move(placed_[path].front());
      placed_.erase(path);
      const Side side = file.from == Side::base ? Side::ours : file.from;
      AECOS_TRY_ASSIGN(const std::string name, free_name(path, side));
      Conflict conflict;
      conflict.kind = ConflictKind::path;
      Triple files;
      (side == Side::ours ? files.ours : files.theirs) = file.leaf;
      (side == Side::ours ? conflict.ours : conflict.theirs) = value_of(file.leaf);
      AECOS_TRY_ASSIGN((side == Side::ours ? conflict.theirs : conflict.ours), folder_value(other(side), path));
      record(name, std::move(conflict), Rule{side, "a file and a folder cannot have one name: both stay"}, files);
      placed_[name].push_back(std::move(file));
    }
    return {};
  }

  // Two different files that a rename brought to one path.
  Result<> part_namesakes() {
    std::vector<std::string> crowded;
    for (const auto& [path, files] : placed_)
      if (files.size() > 1) crowded.push_back(path);
    for (const std::string& path : crowded) {
      std::vector<Placed> files = std::move(placed_[path]);
      std::stable_sort(files.begin(), files.end(), [](const Placed& a, const Placed& b) {
        return (a.from != Side::theirs) > (b.from != Side::theirs);
      });
      placed_[path] = {files[0]};
      for (std::size_t i = 1; i < files.size(); ++i) {
        if (files[i].leaf == files[0].leaf) continue;
        const Triple both{{}, files[0].leaf, files[i].leaf};
        const bool keep_first = i > 1 || choose_path(path, both) != Side::theirs;
        Placed& aside = keep_first ? files[i] : files[0];
        if (!keep_first) placed_[path] = {files[i]};
        AECOS_TRY_ASSIGN(const std::string name, free_name(path, keep_first ? Side::theirs : Side::ours));
        placed_[name].push_back(aside);
      }
    }
    return {};
  }

  // New names that differ in case alone are one file on some people's machines.
  void note_alike_names() {
    std::map<std::string, std::pair<std::string, Side>> by_folded;
    for (const auto& [path, files] : placed_) {
      const auto& ours = leaf_at(Side::ours, path);
      const auto& theirs = leaf_at(Side::theirs, path);
      if (ours && theirs) continue;
      const Side side = ours ? Side::ours : Side::theirs;
      for (std::size_t end = path.find('/');; end = path.find('/', end + 1)) {
        const std::string part = path.substr(0, end);
        const auto [known, added] = by_folded.emplace(folded(part), std::pair(part, side));
        if (!added && known->second.first != part && known->second.second != side) {
          Conflict conflict;
          conflict.kind = ConflictKind::path;
          const bool first_is_ours = known->second.second == Side::ours;
          conflict.ours = '"' + escaped(first_is_ours ? known->second.first : part) + '"';
          conflict.theirs = '"' + escaped(first_is_ours ? part : known->second.first) + '"';
          if (noted_.insert(part).second)
            record(part, std::move(conflict), Rule{side, "the names differ in case alone: both stay"});
        }
        if (end == std::string::npos) break;
      }
    }
  }

  static std::string folded(std::string text) {
    for (char& c : text)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
  }

  // --- the answer

  Result<TreeOutcome> finish() {
    std::set<std::string_view> moved_from;
    for (const auto& [path, files] : placed_) moved_from.insert(files.front().was);
    for (const auto& [path, triple] : differences_) {
      if (!triple.ours || placed_.contains(path)) continue;
      outcome_.edits.push_back({path, true, FileMode::file, {}});
      if (!moved_from.contains(path)) outcome_.changes.push_back({path, Side::theirs, true, {}, {}});
    }
    for (auto& [path, files] : placed_) {
      const Placed& file = files.front();
      const bool changed = leaf_at(Side::ours, path) != file.leaf;
      if (changed) outcome_.edits.push_back({path, false, file.leaf.mode, file.leaf.id});
      const auto taken = taken_.find(path);
      if (!changed && taken == taken_.end()) continue;
      outcome_.changes.push_back({path, file.from == Side::ours ? Side::theirs : file.from, false,
                                  file.was == path ? "" : file.was,
                                  taken == taken_.end() ? std::vector<Taken>() : std::move(taken->second)});
    }
    const auto by_path = [](const auto& a, const auto& b) { return a.path < b.path; };
    std::sort(outcome_.edits.begin(), outcome_.edits.end(), by_path);
    std::sort(outcome_.changes.begin(), outcome_.changes.end(), by_path);
    std::stable_sort(outcome_.conflicts.begin(), outcome_.conflicts.end(), by_path);
    return std::move(outcome_);
  }

  TreeReader reader_;
  const TreeOptions& options_;
  Differences differences_;
  Renames ours_moved_, theirs_moved_;
  std::map<std::string, std::string, std::less<>> targets_[2];  // New path -> path in base.
  std::map<std::string, Side, std::less<>> settled_;            // Files of elements that stay or go as a whole.
  std::map<std::string, std::vector<Placed>, std::less<>> placed_;
  std::map<std::string, std::vector<Taken>> taken_;
  std::set<std::string> noted_;
  TreeOutcome outcome_;
};

}  // namespace

Result<TreeOutcome> merge_trees(TreeSource& source, TreeId base, TreeId ours, TreeId theirs,
                                const TreeOptions& options) {
  return TreeMerge(source, base, ours, theirs, options).run();
}

}  // namespace aecos::merge
