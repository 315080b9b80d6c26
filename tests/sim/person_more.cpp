// What a person does with other commands than sync, and what happens to their machine.

#include <algorithm>

#include "os/path.h"
#include "sim/person.h"
#include "sim/violation.h"
#include "sync/file_names.h"
#include "sync/open_conflicts.h"
#include "sync/resolve.h"
#include "sync/undo.h"

namespace aecos::sim {

std::set<std::string> Person::marks_of_head(const std::set<std::string>& paths) {
  const git::Repository repository = this->repository();
  return marks_of(must(repository.read_ref("HEAD"), "HEAD").value_or(CommitId{}), paths);
}

std::set<std::string> Person::marks_of(CommitId commit, const std::set<std::string>& paths) {
  std::set<std::string> marks;
  if (!commit) return marks;
  const git::Repository repository = this->repository();
  for (const auto& [path, entry] :
       must(files_of(repository, must(repository.read_commit(commit), "marks").tree), "marks")) {
    const bool is_meant = std::any_of(paths.begin(), paths.end(), [&, &file = path](const std::string& each) {
      return file == each || file.starts_with(each + "/");
    });
    if (paths.empty() || is_meant) marks.merge(mark_set(must(repository.read_blob(entry.id), path)));
  }
  return marks;
}

namespace {

void take_out(std::set<std::string>& from, const std::set<std::string>& those) {
  std::erase_if(from, [&](const std::string& mark) { return those.contains(mark); });
}

}  // namespace

std::string Person::resolve_something() {
  std::string id;
  std::set<std::string> gone;
  sync::Decision decision = around_.dice.one_in(2) ? merge::Side::ours : merge::Side::theirs;
  if (around_.dice.one_in(4)) decision = sync::AsItIs{};
  const std::string told = at_once("resolves", [&]() -> Result<> {
    sync::Workspace workspace = open();
    AECOS_TRY_ASSIGN(const auto head, workspace.head());
    AECOS_TRY_ASSIGN(const auto conflicts, sync::open_conflicts(workspace, head.commit));
    if (conflicts.empty()) return {};
    const sync::OpenConflict conflict = around_.dice.pick(conflicts);
    id = conflict.record.conflict.id;
    const std::string path = conflict.record.path;
    gone = marks_of_head({path, std::string(revision::record_path(id))});
    if (const auto file = machine_.disk.read(full(path))) gone.merge(mark_set(*file));
    const auto resolved = sync::resolve(workspace, id, decision);
    if (resolved) {
      take_out(gone, marks_of_head());
    } else if (machine_.has_power()) {
      gone.clear();
    }
    if (!resolved) return resolved.error();
    return {};
  });
  if (id.empty()) return "";
  // Where the power failed, what was decided may be done at the next start.
  around_.ledger.removed(login_, gone);
  return told + " " + id + (gone.empty() ? "" : " -" + *gone.begin());
}

std::string Person::undo() {
  std::set<std::string> gone;
  bool is_known = false;
  const std::string told = at_once("undoes", [&]() -> Result<> {
    sync::Workspace workspace = open();
    AECOS_TRY_ASSIGN(const sync::Journal journal, sync::read_journal(files_, workspace.journal_path()));
    if (journal.last) {
      gone = marks_of(journal.last->to);
      take_out(gone, marks_of(journal.last->from));
    }
    const auto undone = sync::undo(workspace);
    if (!undone) return undone.error();
    is_known = true;
    take_out(gone, marks_of_head());
    return {};
  });
  if (!is_known && is_up_) return told;
  around_.ledger.removed(login_, gone);
  return told;
}

std::string Person::commit_with_git() {
  if (!saving_.empty()) return "";
  return at_once("commits with git", [&]() -> Result<> {
    sync::Workspace workspace = open();
    AECOS_TRY_ASSIGN(const sync::Journal journal, sync::read_journal(files_, workspace.journal_path()));
    if (journal.placing || !journal.waiting.empty()) return {};
    AECOS_TRY_ASSIGN(const auto changes, workspace.checkout().changes());
    std::vector<TreeEdit> edits;
    for (const git::WorkTreeChange& change : changes) {
      if (sync::is_leftover(change.path) || os::is_temporary_name(os::name_of(change.path))) continue;
      TreeEdit edit{change.path, !os::exists(machine_.disk, full(change.path)), FileMode::file, {}};
      if (!edit.remove) {
        if (is_executable(change.path)) edit.mode = FileMode::executable;
        AECOS_TRY_ASSIGN(edit.id, workspace.repository.write_blob(read(change.path)));
      }
      edits.push_back(std::move(edit));
    }
    if (edits.empty()) return {};
    AECOS_TRY_ASSIGN(const auto head, workspace.head());
    AECOS_TRY_ASSIGN(const TreeId before, workspace.tree_of(head.commit));
    AECOS_TRY_ASSIGN(const TreeId tree, workspace.repository.write_tree(before, edits));
    AECOS_TRY_ASSIGN(const git::Signature actor, workspace.signature());
    git::NewCommit commit{tree, {}, actor, actor, "By hand\n"};
    if (head.commit) commit.parents.push_back(head.commit);
    AECOS_TRY_ASSIGN(const CommitId made, workspace.repository.write_commit(commit));
    AECOS_TRY(workspace.checkout().set_index(edits));
    const auto expected = head.commit ? std::optional(head.commit) : std::nullopt;
    return workspace.repository.update_ref(head.branch, expected, made, "commit");
  });
}

std::string Person::start_push() {
  const bool own = around_.has_hub && around_.dice.one_in(2);
  const std::string to = own ? "refs/heads/user/" + login_ + "/desk" : "refs/heads/develop";
  return start("pushes to " + to, [this, to] {
    sync::Workspace workspace = open();
    const auto head = workspace.head();
    if (!head || !head->commit) return;
    git::Transfer transfer;
    transfer.refspecs = {head->commit.hex() + ":" + to};
    const auto pushed = workspace.checkout().push(transfer);
    outcome_ = !pushed ? pushed.error().message : pushed->at(0).reason.empty() ? "done" : pushed->at(0).reason;
  });
}

// --- locks

std::string Person::lock_something() {
  std::string path = pick_file();
  if (path.empty()) return "";
  if (around_.dice.one_in(3)) path = path.substr(0, path.find('/') + 1);
  const auto lease_s = static_cast<std::int64_t>(60 + around_.dice.below(3600));
  around_.network.ask({login_, AcquireLock{path, lease_s}}, [this](const Answer& answer) {
    if (!answer.error && !answer.lock.empty()) locks_.insert(answer.lock);
  });
  return login_ + " asks for a lock on " + path;
}

std::string Person::use_lock() {
  if (locks_.empty()) return "";
  const std::string id = *locks_.begin();
  if (around_.dice.one_in(3)) {
    around_.network.ask({login_, ProlongLock{id}}, [](const Answer&) {});
    return login_ + " prolongs lock " + id;
  }
  locks_.erase(id);
  around_.network.ask({login_, ReleaseLock{id}}, [](const Answer&) {});
  return login_ + " releases lock " + id;
}

std::string Person::break_lock(const std::string& id) {
  around_.network.ask({login_, ReleaseLock{id, true}}, [](const Answer&) {});
  return login_ + " breaks lock " + id;
}

// --- faults

std::string Person::fail_at(std::uint64_t moment) {
  machine_.files.fail_power_at(moment);
  return login_ + "'s power will fail in " + std::to_string(moment) + " moments";
}

void Person::kill() {
  machine_.cut_power();
  if (sync_) sync_->end();
  sync_.reset();
  is_up_ = false;
}

void Person::restart() {
  if (!machine_.has_power() && sync_) sync_->end();
  if (!machine_.has_power()) sync_.reset();
  machine_.files.restart();
  is_up_ = true;
}

std::string Person::hold_a_file(bool hold) {
  if (held_) machine_.files.unlock_by_other(full(*held_));
  const std::string told = held_ ? login_ + " lets go of " + *held_ : "";
  held_.reset();
  if (!hold) return told;
  const std::string path = pick_file();
  if (path.empty()) return told;
  held_ = path;
  machine_.files.lock_by_other(full(path));
  return told + login_ + " holds " + path;
}

// --- for the judge

std::map<std::string, std::string> Person::work_tree() {
  std::map<std::string, std::string> files;
  for (const auto& [path, status] : must(files_below(machine_.disk, root_), "the work tree")) {
    if (!sync::is_leftover(path)) files[path] = must(machine_.disk.read(full(path)), path);
  }
  return files;
}

std::map<std::string, std::string> Person::index() {
  SimCheckout checkout({login_, root_, machine_, files_, around_.ledger, {}}, repository());
  return must(checkout.index(), "the index");
}

bool Person::is_executable(const std::string& path) {
  return (must(machine_.disk.status(full(path)), path).mode & 0100U) != 0;
}

std::string Person::left_behind() {
  const sync::Workspace workspace = open();
  const auto journal = must(sync::read_journal(machine_.disk, workspace.journal_path()), "the journal");
  if (journal.placing) return "a sync that is not done";
  if (!journal.waiting.empty()) return journal.waiting.begin()->first + " waiting";
  for (const auto& [path, status] : must(files_below(machine_.disk, root_), "the work tree")) {
    if (os::is_temporary_name(os::name_of(path))) return path;
  }
  return "";
}

}  // namespace aecos::sim
