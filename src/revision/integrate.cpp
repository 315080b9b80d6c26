#include "revision/integrate.h"

#include <algorithm>
#include <map>
#include <set>

#include "os/clock.h"
#include "revision/agreement.h"
#include "revision/content.h"
#include "revision/message.h"
#include "revision/origin.h"

namespace aecos::revision {
namespace {

using merge::Side;

class Integrator {
 public:
  Integrator(const Library& library, const Maker& maker, CommitId base, CommitId ours, CommitId theirs)
      : library_(library), maker_(maker), source_(library), base_(base), ours_(ours), theirs_(theirs) {}

  Result<TreeId> merge(TreeId base, merge::Policy policy, Integration& result) {
    base_tree_ = base;
    AECOS_TRY_ASSIGN(ours_tree_, library_.tree_of(ours_));
    AECOS_TRY_ASSIGN(theirs_tree_, library_.tree_of(theirs_));
    merge::TreeOptions options;
    options.file.policy = policy;
    AECOS_TRY_ASSIGN(options.file.latest, later_side());
    AECOS_TRY_ASSIGN(merge::TreeOutcome outcome,
                     merge::merge_trees(source_, base_tree_, ours_tree_, theirs_tree_, options));
    for (const merge::PathChange& change : outcome.changes) result.merged_files += change.side == Side::base;
    std::vector<TreeEdit> edits = std::move(outcome.edits);
    for (const merge::PathConflict& conflict : outcome.conflicts) AECOS_TRY(record(conflict, edits, result));
    AECOS_TRY_ASSIGN(const TreeId merged, library_.repository.write_tree(ours_tree_, edits));
    return let_elements_agree(merged, edits, result);
  }

 private:
  Result<Side> later_side() {
    AECOS_TRY_ASSIGN(git::Commit ours, library_.repository.read_commit(ours_));
    AECOS_TRY_ASSIGN(git::Commit theirs, library_.repository.read_commit(theirs_));
    return theirs.committer.time_s >= ours.committer.time_s ? Side::theirs : Side::ours;
  }

  // One side may have changed what metadata.json states, the other one what element.ifc states. A side that changed
  // both has seen to it itself, unless the other one touched the element, too.
  Result<TreeId> let_elements_agree(TreeId merged, const std::vector<TreeEdit>& edits, Integration& result) {
    std::map<std::string, int> files;
    for (const TreeEdit& edit : edits) {
      const std::string folder = element_folder(edit.path);
      if (!folder.empty() && !edit.remove) ++files[folder];
    }
    std::set<std::string> folders;
    for (const auto& [folder, count] : files) {
      AECOS_TRY_ASSIGN(const auto before, entry_of(base_tree_, folder));
      AECOS_TRY_ASSIGN(const auto ours, entry_of(ours_tree_, folder));
      if (count == 1 || before != ours) folders.insert(folder);
    }
    if (folders.empty()) return merged;
    AECOS_TRY_ASSIGN(Agreed agreed, agree(library_, base_tree_, merged, folders, maker_));
    if (agreed.edits.empty()) return merged;
    std::move(agreed.opened.begin(), agreed.opened.end(), std::back_inserter(result.opened));
    return library_.repository.write_tree(merged, agreed.edits);
  }

  Result<std::optional<TreeEntry>> entry_of(TreeId tree, const std::string& path) {
    if (!tree) return std::optional<TreeEntry>();
    return library_.repository.find_entry(tree, path);
  }

  Result<> record(const merge::PathConflict& found, std::vector<TreeEdit>& edits, Integration& result) {
    if (is_in_records(found.path)) return {};
    const std::string path = record_path(found.conflict.id);
    bool known = !ids_.insert(found.conflict.id).second;
    for (TreeId tree : {ours_tree_, theirs_tree_}) {
      AECOS_TRY_ASSIGN(std::optional<TreeEntry> entry, library_.repository.find_entry(tree, path));
      known = known || entry.has_value();
    }
    if (known) return {};
    Record record;
    record.conflict = found.conflict;
    record.path = found.path;
    record.branch = maker_.branch;
    record.opened = os::to_utc_text(maker_.signature.time_s * 1'000'000);
    AECOS_TRY(fill(record.base, base_, base_tree_, record));
    AECOS_TRY(fill(record.ours, ours_, ours_tree_, record));
    AECOS_TRY(fill(record.theirs, theirs_, theirs_tree_, record));
    AECOS_TRY_ASSIGN(std::string json, to_json(record, [&](std::string_view bytes) { return keep(bytes, edits); }));
    AECOS_TRY_ASSIGN(BlobId blob, library_.repository.write_blob(json));
    edits.push_back({path, false, FileMode::file, blob});
    result.opened.push_back(std::move(record));
    return {};
  }

  Result<std::string> keep(std::string_view bytes, std::vector<TreeEdit>& edits) {
    AECOS_TRY_ASSIGN(BlobId blob, library_.repository.write_blob(bytes));
    if (kept_.insert(blob).second) edits.push_back({large_value_path(blob.hex()), false, FileMode::file, blob});
    return blob.hex();
  }

  Result<> fill(RecordSide& side, CommitId commit, TreeId tree, const Record& record) {
    if (!commit) return {};
    AECOS_TRY_ASSIGN(std::optional<TreeEntry> entry, library_.repository.find_entry(tree, record.path));
    if (entry && entry->is_regular()) side.file = entry->id.hex();
    side.commit = commit.hex();
    if (commit == base_) return {};
    AECOS_TRY_ASSIGN(Origin origin,
                     find_origin(library_, commit, base_, record.path, record.conflict.element, record.conflict.at));
    side.commit = origin.commit.hex();
    side.author = origin.author;
    return {};
  }

  Library library_;
  const Maker& maker_;
  GitTreeSource source_;
  CommitId base_, ours_, theirs_;
  TreeId base_tree_, ours_tree_, theirs_tree_;
  std::set<std::string> ids_;
  std::set<BlobId> kept_;
};

// The common ancestor's tree; where there are several, they merged.
Result<TreeId> common_tree(const Library& library, const std::vector<CommitId>& bases) {
  if (bases.empty()) return TreeId{};
  AECOS_TRY_ASSIGN(TreeId tree, library.tree_of(bases[0]));
  for (std::size_t i = 1; i < bases.size(); ++i) {
    AECOS_TRY_ASSIGN(std::vector<CommitId> older, library.repository.merge_bases(bases[0], bases[i]));
    AECOS_TRY_ASSIGN(TreeId base, library.tree_of(older.empty() ? CommitId{} : older[0]));
    AECOS_TRY_ASSIGN(TreeId other, library.tree_of(bases[i]));
    GitTreeSource source(library);
    merge::TreeOptions options;
    options.file.policy = merge::Policy::base;
    AECOS_TRY_ASSIGN(merge::TreeOutcome outcome, merge::merge_trees(source, base, tree, other, options));
    AECOS_TRY_ASSIGN(tree, library.repository.write_tree(tree, outcome.edits));
  }
  return tree;
}

}  // namespace

Result<Integration> integrate(const Library& library, CommitId ours, CommitId theirs, const std::string& subject,
                              const Maker& maker) {
  if (!theirs || ours == theirs) return Integration{ours, false, {}, 0};
  if (!ours) return Integration{theirs, false, {}, 0};
  AECOS_TRY_ASSIGN(std::vector<CommitId> bases, library.repository.merge_bases(ours, theirs));
  if (!bases.empty() && bases[0] == theirs) return Integration{ours, false, {}, 0, bases};
  if (!bases.empty() && bases[0] == ours && !maker.always_merge) return Integration{theirs, false, {}, 0, bases};
  AECOS_TRY_ASSIGN(TreeId base_tree, common_tree(library, bases));
  Integration result;
  result.is_new = true;
  Integrator integrator(library, maker, bases.empty() ? CommitId{} : bases[0], ours, theirs);
  AECOS_TRY_ASSIGN(TreeId tree, integrator.merge(base_tree, maker.policy, result));
  const git::Signature& actor = maker.signature;
  AECOS_TRY_ASSIGN(
      result.commit,
      library.repository.write_commit(
          {tree, {ours, theirs}, actor, actor, merge_message(subject, result.opened, maker.trailers, actor)}));
  result.bases = std::move(bases);
  return result;
}

Result<Integration> apply(const Library& library, CommitId head, CommitId from, CommitId to, const std::string& message,
                          const Maker& maker) {
  AECOS_TRY_ASSIGN(TreeId base_tree, library.tree_of(from));
  AECOS_TRY_ASSIGN(TreeId head_tree, library.tree_of(head));
  Integration result;
  Integrator integrator(library, maker, from, head, to);
  AECOS_TRY_ASSIGN(TreeId tree, integrator.merge(base_tree, merge::Policy::ours, result));
  if (tree == head_tree) return result;
  result.is_new = true;
  const git::Signature& actor = maker.signature;
  AECOS_TRY_ASSIGN(result.commit, library.repository.write_commit({tree, {head}, actor, actor, message}));
  return result;
}

}  // namespace aecos::revision
