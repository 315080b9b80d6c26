#include "sync/resolve.h"

#include <algorithm>
#include <array>

#include "diff/words.h"
#include "os/path.h"
#include "revision/agreement.h"
#include "sync/local_records.h"
#include "sync/revisions.h"
#include "sync/set_place.h"
#include "text/json_writer.h"

namespace aecos::sync {
namespace {

using merge::Side;

bool concerns_whole_file(const merge::Conflict& conflict) {
  using merge::ConflictKind;
  bool whole_kind = conflict.kind == ConflictKind::unreadable || conflict.kind == ConflictKind::binary ||
                    conflict.kind == ConflictKind::path;
  return whole_kind || (conflict.at.empty() && conflict.element.global_id.empty());
}

// A file's bytes, or that there is none.
using Content = std::optional<std::string>;

// Puts a decided value into a version of the file.
class Decider {
 public:
  Decider(Workspace& workspace, const OpenConflict& conflict) : workspace_(workspace), conflict_(conflict) {}

  Result<Content> decide(const Content& now, const Decision& decision) {
    if (std::holds_alternative<AsItIs>(decision)) return now;
    if (const NewValue* value = std::get_if<NewValue>(&decision)) return set(now, value->json);
    Side side = std::get<Side>(decision);
    if (concerns_whole_file(record().conflict)) return version(side);
    auto merged = merge_again(now, side);
    if (merged) return merged;
    AECOS_TRY_ASSIGN(merge::Value value, value_text(workspace_, conflict_, side));
    if (!value) return merged;
    return set(now, *value);
  }

 private:
  const Record& record() const { return conflict_.record; }

  Result<Content> set(const Content& now, const std::string& json) {
    if (!now) return Error{ErrorCode::invalid_input, record().path + ": the file is not there any more"};
    const merge::Conflict& conflict = record().conflict;
    AECOS_TRY_ASSIGN(merge::Value standing, value_text(workspace_, conflict_, conflict.chosen));
    AECOS_TRY_ASSIGN(std::string edited, set_place(record().path, *now, conflict.at, json, standing));
    return Content(std::move(edited));
  }

  // The file as a side had it when they met.
  Result<Content> version(Side side) {
    const std::string& hex = revision::side_of(record(), side).file;
    if (hex.empty()) return Content();
    auto id = BlobId::from_hex(hex);
    if (!id) return Error{ErrorCode::invalid_input, record().conflict.id + ": \"" + hex + "\" is no file's id"};
    AECOS_TRY_ASSIGN(std::string bytes, GitTreeSource(workspace_.library()).content(*id, record().path));
    return Content(std::move(bytes));
  }

  // The three versions are merged once more, decided this way and another; what differs between the two results is what
  // the decision changes, and is merged into the file as it is now. It stands against what was edited there since.
  Result<Content> merge_again(const Content& now, Side side) {
    std::array<std::string, 3> versions;
    for (Side each : {Side::base, Side::ours, Side::theirs}) {
      AECOS_TRY_ASSIGN(Content bytes, version(each));
      versions.at(static_cast<std::size_t>(each)) = std::move(bytes).value_or("");
    }
    AECOS_TRY_ASSIGN(std::string wanted, merged_with(versions, side));
    for (Side other : {record().conflict.chosen, Side::ours, Side::theirs, Side::base}) {
      if (other == side) continue;
      AECOS_TRY_ASSIGN(std::string otherwise, merged_with(versions, other));
      if (otherwise == wanted) continue;
      merge::Options options;
      options.path = record().path;
      options.policy = merge::Policy::theirs;
      AECOS_TRY_ASSIGN(merge::Outcome outcome, merge::merge_file(otherwise, now.value_or(""), wanted, options));
      return Content(std::move(outcome.merged));
    }
    return Error{ErrorCode::invalid_input, record().conflict.id + ": the file says the same either way"};
  }

  Result<std::string> merged_with(const std::array<std::string, 3>& versions, Side side) {
    merge::Options options;
    options.path = record().path;
    options.choices[record().conflict.id] = side;
    AECOS_TRY_ASSIGN(merge::Outcome outcome, merge::merge_file(versions[0], versions[1], versions[2], options));
    bool met = std::any_of(outcome.conflicts.begin(), outcome.conflicts.end(),
                           [&](const merge::Conflict& conflict) { return conflict.id == record().conflict.id; });
    if (!met) return Error{ErrorCode::invalid_input, record().conflict.id + ": the conflict cannot be met again"};
    return std::move(outcome.merged);
  }

  Workspace& workspace_;
  const OpenConflict& conflict_;
};

std::string decided_word(const Decision& decision) {
  if (const Side* side = std::get_if<Side>(&decision)) return std::string(merge::to_string(*side));
  return std::holds_alternative<AsItIs>(decision) ? "as-is" : "value";
}

class Resolver {
 public:
  Resolver(Workspace& workspace, const Decision& decision, std::vector<std::string> reasons)
      : workspace_(workspace), decision_(decision), reasons_(std::move(reasons)) {}

  Result<Resolution> settle_recorded(const std::string& id) {
    if (workspace_.repository.activity() != git::Activity::none) {
      return Error{ErrorCode::invalid_input, "git is in the middle of a merge or the like here; finish it first"};
    }
    AECOS_TRY_ASSIGN(Journal journal, recover(workspace_));
    AECOS_TRY_ASSIGN(Committed committed, commit_saved(workspace_, journal));
    resolution_.commits = std::move(committed.commits);
    AECOS_TRY_ASSIGN(OpenConflict conflict, find_conflict(workspace_, committed.head, id));
    AECOS_TRY(check_not_held(committed, conflict.record.path));
    resolution_.record = conflict.record;
    AECOS_TRY_ASSIGN(std::vector<TreeEdit> edits, edits_for(conflict, committed.head));
    AECOS_TRY_ASSIGN(resolution_.commit, commit(committed.head, edits, conflict));
    AECOS_TRY_ASSIGN(const Workspace::Head head, workspace_.head());
    AECOS_TRY_ASSIGN(Placed placed, move_to(workspace_, journal, {head.branch, committed.head}, resolution_.commit,
                                            "aecos resolve " + id));
    resolution_.waiting = std::move(placed.waiting);
    return std::move(resolution_);
  }

  // In the work tree and index, where plain git's merge waits to be committed.
  Result<Resolution> settle_local(const OpenConflict& conflict) {
    resolution_.record = conflict.record;
    const std::string path = workspace_.full(conflict.record.path);
    AECOS_TRY_ASSIGN(os::Seen seen, os::look(workspace_.world.files, path));
    Content now;
    if (seen) {
      AECOS_TRY_ASSIGN(now, workspace_.world.files.read(path));
    }
    AECOS_TRY_ASSIGN(Content decided, Decider(workspace_, conflict).decide(now, decision_));
    if (decided && decided != now) AECOS_TRY(workspace_.world.files.write(path, *decided, {{}, seen}));
    if (!decided && now) AECOS_TRY(workspace_.world.files.remove(path));
    AECOS_TRY(workspace_.world.files.remove(
        os::join(workspace_.state, "conflicts/" + conflict.record.conflict.id + ".json")));
    AECOS_TRY_ASSIGN(std::vector<Record> left, read_local_records(workspace_.world.files, workspace_.state));
    resolution_.open_in_path = static_cast<std::size_t>(std::count_if(
        left.begin(), left.end(), [&](const Record& record) { return record.path == conflict.record.path; }));
    if (resolution_.open_in_path == 0) AECOS_TRY(workspace_.program.add({conflict.record.path}));
    return std::move(resolution_);
  }

  Result<> foresee(const OpenConflict& conflict) {
    AECOS_TRY_ASSIGN(const Workspace::Head head, workspace_.head());
    AECOS_TRY(edits_for(conflict, head.commit));
    return {};
  }

 private:
  // Of the other file of an element's folder: what is decided here is written through to it.
  static bool says_the_same(const Record& one, const Record& other) {
    const auto said = [](const merge::Conflict& conflict) {
      const std::string place = diff::place_in_words({diff::ChangeKind::text, conflict.element, conflict.at, {}, {}});
      return std::array{conflict.element.global_id, place, show(conflict.base), show(conflict.ours),
                        show(conflict.theirs)};
    };
    const std::string folder = revision::element_folder(one.path);
    return !folder.empty() && folder == revision::element_folder(other.path) && one.path != other.path &&
           !one.conflict.element.global_id.empty() && said(one.conflict) == said(other.conflict);
  }

  static Result<> check_not_held(const Committed& committed, const std::string& path) {
    for (const Held& held : committed.held) {
      if (held.path == path)
        return Error{ErrorCode::invalid_input, path + ": " + held.reason + "; mend the file first"};
    }
    return {};
  }

  Result<std::vector<TreeEdit>> edits_for(const OpenConflict& conflict, CommitId head) {
    AECOS_TRY_ASSIGN(TreeId tree, workspace_.tree_of(head));
    const Record& record = conflict.record;
    AECOS_TRY_ASSIGN(std::optional<TreeEntry> entry, workspace_.repository.find_entry(tree, record.path));
    AECOS_TRY_ASSIGN(std::vector<OpenConflict> all, open_conflicts(workspace_, head));
    std::vector<TreeEdit> edits;
    for (const OpenConflict& other : all) {
      const Record& one = other.record;
      if (one.conflict.id != record.conflict.id && !says_the_same(one, record)) continue;
      edits.push_back({revision::record_path(one.conflict.id), true, FileMode::file, {}});
      AECOS_TRY(add_unused_values(one, head, edits));
    }
    AECOS_TRY(add_file(conflict, entry, edits));
    for (const OpenConflict& other : all) resolution_.open_in_path += other.record.path == record.path;
    resolution_.open_in_path -= 1;
    return edits;
  }

  Result<> add_file(const OpenConflict& conflict, const std::optional<TreeEntry>& entry, std::vector<TreeEdit>& edits) {
    if (entry && !entry->is_regular()) {
      return std::holds_alternative<AsItIs>(decision_)
                 ? Result<>()
                 : Error{ErrorCode::invalid_input, conflict.record.path + ": not a file; settle it with --as-is"};
    }
    Content now;
    if (entry) {
      AECOS_TRY_ASSIGN(now, GitTreeSource(workspace_.library()).content(entry->id, conflict.record.path));
    }
    AECOS_TRY_ASSIGN(Content decided, Decider(workspace_, conflict).decide(now, decision_));
    if (decided == now) return {};
    if (!decided) {
      edits.push_back({conflict.record.path, true, FileMode::file, {}});
      return {};
    }
    AECOS_TRY_ASSIGN(BlobId blob,
                     entry ? GitTreeSource(workspace_.library()).store(conflict.record.path, *decided, entry->id)
                           : workspace_.repository.write_blob(*decided));
    edits.push_back({conflict.record.path, false, entry ? entry->mode : FileMode::file, blob});
    return {};
  }

  // Large values that no other record refers to go with the record.
  Result<> add_unused_values(const Record& record, CommitId head, std::vector<TreeEdit>& edits) {
    std::vector<std::string> hashes;
    for (Side side : {Side::base, Side::ours, Side::theirs}) {
      const std::string& hash = revision::side_of(record, side).large_value;
      if (!hash.empty() && std::find(hashes.begin(), hashes.end(), hash) == hashes.end()) hashes.push_back(hash);
    }
    if (hashes.empty()) return {};
    AECOS_TRY_ASSIGN(std::vector<OpenConflict> all, open_conflicts(workspace_, head));
    AECOS_TRY_ASSIGN(TreeId tree, workspace_.tree_of(head));
    for (const std::string& hash : hashes) {
      bool used = std::any_of(all.begin(), all.end(), [&](const OpenConflict& other) {
        const Record& one = other.record;
        return one.conflict.id != record.conflict.id &&
               (one.base.large_value == hash || one.ours.large_value == hash || one.theirs.large_value == hash);
      });
      AECOS_TRY_ASSIGN(std::optional<TreeEntry> entry,
                       workspace_.repository.find_entry(tree, revision::large_value_path(hash)));
      if (!used && entry) edits.push_back({revision::large_value_path(hash), true, FileMode::file, {}});
    }
    return {};
  }

  Result<CommitId> commit(CommitId head, const std::vector<TreeEdit>& edits, const OpenConflict& conflict) {
    AECOS_TRY_ASSIGN(TreeId tree, workspace_.tree_of(head));
    AECOS_TRY_ASSIGN(TreeId edited, workspace_.repository.write_tree(tree, edits));
    if (const std::string folder = revision::element_folder(conflict.record.path); !folder.empty()) {
      AECOS_TRY_ASSIGN(const revision::Maker maker, workspace_.maker());
      AECOS_TRY_ASSIGN(const revision::Agreed agreed,
                       revision::agree(workspace_.library(), tree, edited, {folder}, maker));
      AECOS_TRY_ASSIGN(edited, workspace_.repository.write_tree(edited, agreed.edits));
    }
    AECOS_TRY_ASSIGN(git::Signature actor, workspace_.signature());
    const Record& record = conflict.record;
    std::string owner = title(record.conflict.element);
    if (owner.empty()) owner = std::string(os::name_of(record.path));
    std::string subject = "Settle " + owner + (record.conflict.at.empty() ? "" : ": " + record.conflict.at) + ": ";
    if (const NewValue* value = std::get_if<NewValue>(&decision_)) {
      subject += show(value->json);
    } else if (const Side* side = std::get_if<Side>(&decision_)) {
      AECOS_TRY_ASSIGN(merge::Value side_value, value_text(workspace_, conflict, *side));
      subject += show(side_value);
    } else {
      subject += "as it is";
    }
    std::vector<std::string> lines{record.path,
                                   "  ours " + show(record.conflict.ours) + " (" + record.ours.author + ")",
                                   "  theirs " + show(record.conflict.theirs) + " (" + record.theirs.author + ")"};
    lines.insert(lines.end(), reasons_.begin(), reasons_.end());
    std::string message = revision::plain_message(
        subject, lines, {"Aecos-Resolved: " + record.conflict.id + " " + decided_word(decision_)}, actor);
    return workspace_.repository.write_commit({edited, {head}, actor, actor, message});
  }

  Workspace& workspace_;
  const Decision& decision_;
  std::vector<std::string> reasons_;
  Resolution resolution_;
};

}  // namespace

std::string json_of(const std::string& value) { return text::parse_json(value) ? value : text::json_quote(value); }

Result<Resolution> resolve(Workspace& workspace, const std::string& id, const Decision& decision,
                           std::vector<std::string> reasons) {
  AECOS_TRY_ASSIGN(std::unique_ptr<os::FileLock> held, lock(workspace));
  AECOS_TRY_ASSIGN(Workspace::Head head, workspace.head());
  AECOS_TRY_ASSIGN(OpenConflict conflict, find_conflict(workspace, head.commit, id));
  Resolver resolver(workspace, decision, std::move(reasons));
  if (conflict.local) return resolver.settle_local(conflict);
  return resolver.settle_recorded(conflict.record.conflict.id);
}

Result<> can_resolve(Workspace& workspace, const OpenConflict& conflict, const Decision& decision) {
  return conflict.local ? Result<>() : Resolver(workspace, decision, {}).foresee(conflict);
}

}  // namespace aecos::sync
