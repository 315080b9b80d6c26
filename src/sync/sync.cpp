#include "sync/sync.h"

#include <algorithm>
#include <set>
#include <utility>

#include "check/waivers.h"
#include "git/objects_between.h"
#include "revision/gate.h"
#include "revision/judged.h"
#include "sync/git_versions.h"
#include "sync/outcomes.h"
#include "sync/revisions.h"
#include "sync/secrets.h"

namespace aecos::sync {
namespace {

constexpr int attempts_max = 100;
constexpr int fetches_max = 10;
constexpr int cycles_max = 4;  // Each takes in what was saved while the one before was at work.

std::string short_name(const std::string& ref) {
  constexpr std::string_view prefix = "refs/heads/";
  return ref.starts_with(prefix) ? ref.substr(prefix.size()) : ref;
}

// The files of conflict records in a tree.
Result<std::vector<TreeEntry>> record_entries(Workspace& workspace, TreeId tree) {
  if (!tree) return std::vector<TreeEntry>{};
  AECOS_TRY_ASSIGN(const auto folder, workspace.repository.find_entry(tree, revision::records_folder));
  if (!folder || !folder->is_folder()) return std::vector<TreeEntry>{};
  AECOS_TRY_ASSIGN(std::vector<TreeEntry> entries, workspace.repository.read_tree(folder->tree_id()));
  std::erase_if(entries, [](const TreeEntry& entry) {
    return revision::record_id(std::string(revision::records_folder) + "/" + entry.name).empty();
  });
  return entries;
}

class Cycle {
 public:
  Cycle(Workspace& workspace, const SyncOptions& options, SyncReport& report)
      : workspace_(workspace), options_(options), report_(report) {}

  Result<> run() {
    AECOS_TRY(check_activity());
    AECOS_TRY_ASSIGN(Journal journal, recover(workspace_));
    AECOS_TRY_ASSIGN(const Workspace::Head head, workspace_.head());
    report_.branch = short_name(head.branch);
    say(State::settle);
    AECOS_TRY_ASSIGN(Committed committed, commit_saved(workspace_, journal, !options_.allow_secret.empty()));
    take_over(committed);
    AECOS_TRY_ASSIGN(CommitId target, exchange(committed.head));
    report_.head = target;
    if (target) AECOS_TRY(place(journal, {head.branch, committed.head}, target));
    return {};
  }

  bool again() const {
    return std::any_of(report_.waiting.begin(), report_.waiting.end(), [](const Waiting& file) { return file.edited; });
  }

 private:
  void say(State state, const std::string& detail = "") const {
    if (options_.progress) options_.progress(state, detail);
  }

  Result<> check_activity() const {
    if (workspace_.repository.activity() == git::Activity::none) return {};
    return Error{ErrorCode::invalid_input,
                 "git is in the middle of a merge, rebase or the like here; finish or abort it first (git status)"};
  }

  void take_over(Committed& committed) {
    std::move(committed.commits.begin(), committed.commits.end(), std::back_inserter(report_.commits));
    std::move(committed.opened.begin(), committed.opened.end(), std::back_inserter(report_.opened));
    report_.held = std::move(committed.held);
  }

  // Where branch and work tree go. Trouble with the remote does not stop what can be done without it.
  Result<CommitId> exchange(CommitId head) {
    report_.offline = options_.offline || !workspace_.has_remote();
    if (report_.offline) return head;
    CommitId target = head;
    Result<> exchanged = exchange_online(head, target);
    if (exchanged) return target;
    ErrorCode code = exchanged.error().code;
    if (code != ErrorCode::unavailable && code != ErrorCode::denied && code != ErrorCode::not_found) {
      return std::move(exchanged).error();
    }
    report_.trouble = std::move(exchanged).error();
    if (code == ErrorCode::not_found) report_.trouble->code = ErrorCode::unavailable;
    return target;
  }

  // The hub merges: what is committed here is offered as it is, and what became of it is fetched.
  Result<> exchange_with_hub(CommitId head, CommitId& target) {
    AECOS_TRY_ASSIGN(const CommitId known, workspace_.tracking());
    report_.attempts = 1;
    AECOS_TRY_ASSIGN(const bool is_shared, contains(known, head));
    CommitId integrated;
    if (!is_shared) {
      const Result<> foreseen = foresee_validation(known, head);
      auto offered = foreseen ? offer(head) : Result<CommitId>(foreseen.error());
      if (!offered && offered.error().code != ErrorCode::denied) return std::move(offered).error();
      report_.pushed = bool(offered);
      if (offered) {
        integrated = *offered;
      } else {
        report_.trouble = std::move(offered).error();
      }
    }
    if (integrated && integrated == head) {
      AECOS_TRY(workspace_.repository.update_ref(workspace_.tracking_ref(), known ? std::optional(known) : std::nullopt,
                                                 head, "aecos sync: integrated"));
    } else {
      AECOS_TRY_ASSIGN(const bool is_here, contains(known, options_.announced));
      if ((!is_shared || !options_.announced || !is_here) && !fetch_from_hub(known)) AECOS_TRY(fetch());
    }
    AECOS_TRY_ASSIGN(const CommitId shared, workspace_.tracking());
    say(State::merge);
    AECOS_TRY_ASSIGN(const revision::Maker maker, workspace_.maker());
    AECOS_TRY_ASSIGN(Integration merged, integrate(workspace_.library(), shared, head, subject(), maker));
    target = merged.commit;
    AECOS_TRY_ASSIGN(report_.shared, contains(shared, head));
    if (integrated && integrated != head) AECOS_TRY(opened_at_hub(integrated));
    return opened(merged);
  }

  // What the hub could not merge of the work that was offered: in the merge's tree, and in none that it merged.
  Result<> opened_at_hub(CommitId integrated) {
    if (!workspace_.repository.has_object(integrated)) return {};
    AECOS_TRY_ASSIGN(const git::Commit merge, workspace_.repository.read_commit(integrated));
    if (merge.parents.size() < 2) return {};
    std::set<std::string> known;
    for (const CommitId parent : merge.parents) {
      AECOS_TRY_ASSIGN(const TreeId tree, workspace_.tree_of(parent));
      AECOS_TRY_ASSIGN(const auto entries, record_entries(workspace_, tree));
      for (const TreeEntry& entry : entries) known.insert(entry.name);
    }
    AECOS_TRY_ASSIGN(const auto entries, record_entries(workspace_, merge.tree));
    for (const TreeEntry& entry : entries) {
      if (known.contains(entry.name)) continue;
      AECOS_TRY_ASSIGN(const std::string json, workspace_.repository.read_blob(entry.id));
      if (auto record = revision::parse_record(json)) report_.opened.push_back(*std::move(record));
    }
    return {};
  }

  // Where the shared branch is to stay valid, what the hub would refuse is not even pushed. denied: it is that;
  // whatever cannot be told here, the hub tells.
  Result<> foresee_validation(CommitId shared, CommitId head) {
    constexpr std::uint64_t bytes_max = 64U << 20U;  // What is more is the hub's to look at.
    const auto shared_tree = workspace_.tree_of(shared);
    const revision::Library library = workspace_.library();
    const auto roles = shared_tree ? revision::roles_of(library, *shared_tree) : shared_tree.error();
    if (!shared || !roles) return {};
    const policy::BranchRule rule = policy::rule_for(*roles, workspace_.project.shared_branch);
    if (std::find(rule.checks.begin(), rule.checks.end(), "validate") == rule.checks.end()) return {};
    say(State::check, "validating");
    AECOS_TRY_ASSIGN(const revision::Maker maker, workspace_.maker());
    const auto merged = integrate(library, shared, head, subject(), maker);
    const auto tree = merged ? workspace_.tree_of(merged->commit) : merged.error();
    if (!tree) return {};
    revision::OutcomeStore outcomes(workspace_.world.files, outcomes_folder(workspace_));
    const auto gate = revision::pass_gate(
        library, *shared_tree, *tree,
        {revision::project_options(), check::day_of(workspace_.world.clock.now_us()), &outcomes, bytes_max});
    if (!gate || (gate->compared.fresh.empty() && gate->compared.fresh_untold == 0)) return {};
    std::string words = revision::in_words(gate->compared);
    for (std::size_t at = 0; (at = words.find('\n', at)) != std::string::npos;) words.replace(at, 1, "; ");
    return Error{ErrorCode::denied,
                 "nothing was pushed, as the hub would refuse it; it is committed here, and shared "
                 "when it is mended: check validate: " +
                     words};
  }

  Result<bool> contains(CommitId shared, CommitId commit) const {
    if (!commit || commit == shared) return true;
    if (!shared || !workspace_.repository.has_object(commit)) return false;
    return workspace_.repository.is_ancestor(commit, shared);
  }

  // The commit that the shared branch has it as; zero: the hub did not say. denied: the hub's rules forbid it.
  Result<CommitId> offer(CommitId head) {
    say(State::exchange, "pushing");
    git::Transfer transfer;
    transfer.remote = workspace_.project.remote;
    transfer.refspecs = {head.hex() + ":refs/for/" + workspace_.project.shared_branch};
    if (!options_.allow_secret.empty()) transfer.push_options = {"aecos.allow-secret=" + options_.allow_secret};
    transfer.may_ask = options_.may_ask;
    CommitId integrated;
    std::string reasons;
    transfer.progress = [&](std::string_view line) { read_answer(line, integrated, reasons); };
    AECOS_TRY_ASSIGN(const std::vector<git::RefUpdate> updates, workspace_.checkout().push(transfer));
    for (const git::RefUpdate& update : updates) {
      if (update.kind != git::RefUpdate::Kind::rejected) continue;
      return Error{ErrorCode::denied, workspace_.project.remote + " refused " + workspace_.project.shared_branch +
                                          ": " + (reasons.empty() ? update.reason : reasons)};
    }
    return integrated;
  }

  void read_answer(std::string_view line, CommitId& integrated, std::string& reasons) {
    constexpr std::string_view remote = "remote: ", warning = "warning: ";
    if (!line.starts_with(remote)) return;
    line.remove_prefix(remote.size());
    while (line.ends_with(' ')) line.remove_suffix(1);
    const std::size_t as = line.rfind(" as ");
    if (line.starts_with("aecos: ") && as != std::string_view::npos) {
      integrated = CommitId::from_hex(line.substr(as + 4)).value_or(CommitId{});
    } else if (line.starts_with(warning)) {
      report_.warnings.emplace_back(line.substr(warning.size()));
    } else if (!line.starts_with("aecos: ")) {
      reasons += (reasons.empty() ? "" : "; ") + std::string(line);
    }
  }

  Result<> exchange_online(CommitId head, CommitId& target) {
    AECOS_TRY_ASSIGN(const auto hub, workspace_.repository.config("aecos.hub"));
    if (hub && !hub->empty()) return exchange_with_hub(head, target);
    for (report_.attempts = 1; report_.attempts <= attempts_max; ++report_.attempts) {
      AECOS_TRY(fetch());
      AECOS_TRY_ASSIGN(CommitId shared, workspace_.tracking());
      say(State::merge);
      AECOS_TRY_ASSIGN(const revision::Maker maker, workspace_.maker());
      AECOS_TRY_ASSIGN(Integration merged, integrate(workspace_.library(), shared, head, subject(), maker));
      target = merged.commit;
      report_.shared = target == shared;
      if (report_.shared || !target) return opened(merged);
      AECOS_TRY_ASSIGN(bool pushed, push(target));
      if (pushed) {
        report_.pushed = report_.shared = true;
        report_.shared_before = shared;
        report_.shared_after = target;
        return opened(merged);
      }
      back_off(report_.attempts, "somebody was faster, once more");
    }
    return Error{ErrorCode::unavailable, "others were faster " + std::to_string(attempts_max) + " times; try again"};
  }

  Result<> opened(Integration& merged) {
    std::move(merged.opened.begin(), merged.opened.end(), std::back_inserter(report_.opened));
    return {};
  }

  std::string subject() const { return "Merge " + report_.branch + " into " + workspace_.project.shared_branch; }

  // False: git is to do it, and to say what is wrong.
  bool fetch_from_hub(CommitId known) {
    git::Repository& repository = workspace_.repository;
    if (options_.hub == nullptr || !known || !repository.has_everything()) return false;
    say(State::exchange, "fetching");
    const auto objects = options_.hub->objects_since(known);
    if (!objects || !*objects) return false;
    const auto head = git::take_objects(repository, workspace_.world.files, **objects);
    return head && (*head == known ||
                    repository.update_ref(workspace_.tracking_ref(), known, *head, "aecos sync: what is new"));
  }

  Result<> fetch() {
    say(State::exchange, "fetching");
    git::Transfer transfer;
    transfer.remote = workspace_.project.remote;
    transfer.refspecs = {"+" + workspace_.shared_ref() + ":" + workspace_.tracking_ref()};
    transfer.may_ask = options_.may_ask;
    transfer.progress = [&](std::string_view line) { say(State::exchange, std::string(line)); };
    Result<> fetched = workspace_.checkout().fetch(transfer);
    // A git in the background, or one that outlived a sync that was killed, moves the same ref.
    const auto in_the_way = [&] { return !fetched && fetched.error().code == ErrorCode::changed_meanwhile; };
    for (int tries = 1; in_the_way() && tries < fetches_max; ++tries) {
      back_off(tries, "another git fetches here, once more");
      fetched = workspace_.checkout().fetch(transfer);
    }
    if (in_the_way()) return Error{ErrorCode::unavailable, fetched.error().message};
    if (fetched || fetched.error().code != ErrorCode::not_found) return fetched;
    // A repository that nobody has pushed to yet has no shared branch.
    AECOS_TRY_ASSIGN(auto refs,
                     workspace_.checkout().list_remote(workspace_.project.remote, {workspace_.shared_ref()}));
    if (!refs.empty()) return fetched;
    AECOS_TRY_ASSIGN(CommitId known, workspace_.tracking());
    if (known) AECOS_TRY(workspace_.repository.delete_ref(workspace_.tracking_ref(), known));
    return {};
  }

  // What a hub would refuse; other remotes take everything.
  Result<> check_secrets(CommitId commit) {
    if (!options_.allow_secret.empty()) return {};
    AECOS_TRY_ASSIGN(const std::vector<SecretAt> secrets, secrets_to_share(workspace_, commit));
    if (secrets.empty()) return {};
    return Error{ErrorCode::denied, "nothing was pushed: " + revision::in_words(secrets[0]) +
                                        "; take it out of the history, or, if it is none, say why with aecos sync "
                                        "--allow-secret REASON"};
  }

  // False: somebody else was faster.
  Result<bool> push(CommitId commit) {
    AECOS_TRY(check_secrets(commit));
    say(State::exchange, "pushing");
    git::Transfer transfer;
    transfer.remote = workspace_.project.remote;
    transfer.refspecs = {commit.hex() + ":" + workspace_.shared_ref()};
    transfer.may_ask = options_.may_ask;
    AECOS_TRY_ASSIGN(std::vector<git::RefUpdate> updates, workspace_.checkout().push(transfer));
    for (const git::RefUpdate& update : updates) {
      if (update.is_behind()) return false;
      if (update.kind == git::RefUpdate::Kind::rejected) {
        return Error{ErrorCode::denied,
                     workspace_.project.remote + " refused " + workspace_.project.shared_branch + ": " + update.reason};
      }
    }
    return true;
  }

  // Everybody who lost the race waits for another while, so that they do not meet again.
  void back_off(int attempts, const std::string& why) {
    std::uint64_t most_ms = std::uint64_t{20} << std::min(attempts, 6);
    std::uint64_t wait_ms = os::random_number(workspace_.world.random) % most_ms;
    say(State::exchange, why);
    workspace_.world.clock.sleep_us(static_cast<std::int64_t>(wait_ms) * 1000);
  }

  Result<> place(Journal& journal, const Workspace::Head& head, CommitId target) {
    say(State::place);
    if (head.commit != target) {
      AECOS_TRY_ASSIGN(std::vector<FileDifference> coming, GitVersions(workspace_).difference(head.commit, target));
      std::vector<FileChanges> told = changes_of(workspace_.library(), coming, {64U << 20U, 100});
      std::move(told.begin(), told.end(), std::back_inserter(report_.received));
      if (!coming.empty()) journal.last = Placing{head.branch, head.commit, target};
    }
    AECOS_TRY_ASSIGN(Placed placed, move_to(workspace_, journal, head, target, "aecos sync: " + subject()));
    report_.placed.insert(report_.placed.end(), placed.paths.begin(), placed.paths.end());
    report_.waiting = std::move(placed.waiting);
    return {};
  }

  Workspace& workspace_;
  const SyncOptions& options_;
  SyncReport& report_;
};

}  // namespace

std::string_view to_string(State state) {
  switch (state) {
    case State::settle:
      return "settle";
    case State::check:
      return "check";
    case State::commit:
      return "commit";
    case State::exchange:
      return "exchange";
    case State::merge:
      return "merge";
    case State::place:
      return "place";
  }
  return "";
}

Result<Placed> move_to(Workspace& workspace, Journal& journal, const Workspace::Head& from, CommitId to,
                       const std::string& log_message) {
  AECOS_TRY_ASSIGN(const Workspace::Head now, workspace.head());
  if (now != from) return Error{ErrorCode::changed_meanwhile, from.branch + ": something else was committed meanwhile"};
  GitVersions versions(workspace);
  Desk desk = desk_of(workspace, versions);
  return place(desk, {from.branch, from.commit, to}, journal, log_message);
}

Result<Journal> recover(Workspace& workspace) {
  auto journal = read_journal(workspace.world.files, workspace.journal_path());
  if (!journal) return journal;
  if (!journal->placing) return journal;
  const Placing placing = *journal->placing;
  AECOS_TRY_ASSIGN(Workspace::Head head, workspace.head());
  bool still_there = head.branch == placing.branch && head.commit == placing.from;
  bool arrived = head.branch == placing.branch && head.commit == placing.to;
  if (still_there) {
    AECOS_TRY(
        move_to(workspace, *journal, head, placing.to, "aecos sync: go on with " + placing.to.hex().substr(0, 8)));
  } else if (arrived) {
    AECOS_TRY(move_to(workspace, *journal, head, placing.to, ""));
  } else {
    // Somebody committed or switched branches since. What was placed then counts as an edit of the version before, and
    // merges with itself.
    journal->placing.reset();
    AECOS_TRY(write_journal(workspace.world.files, workspace.journal_path(), *journal));
  }
  return journal;
}

Result<std::size_t> count_conflicts(Workspace& workspace, CommitId commit) {
  AECOS_TRY_ASSIGN(const TreeId tree, workspace.tree_of(commit));
  AECOS_TRY_ASSIGN(const auto entries, record_entries(workspace, tree));
  return entries.size();
}

Result<SyncReport> sync(Workspace& workspace, const SyncOptions& options) {
  AECOS_TRY_ASSIGN(std::unique_ptr<os::FileLock> held, lock(workspace));
  SyncReport report;
  report.shared_branch = workspace.project.shared_branch;
  if (!workspace.left_over.empty()) report.warnings.push_back(std::exchange(workspace.left_over, {}));
  if (!workspace.project_fault.empty()) report.warnings.push_back(workspace.project_fault + "; defaults are used");
  for (int cycles = 1;; ++cycles) {
    Cycle cycle(workspace, options, report);
    Result<> done = cycle.run();
    bool moved = !done && done.error().code == ErrorCode::changed_meanwhile;
    if (!done && (!moved || cycles >= cycles_max)) return std::move(done).error();
    if (done && (!cycle.again() || cycles >= cycles_max)) break;
  }
  AECOS_TRY_ASSIGN(report.open_conflicts, count_conflicts(workspace, report.head));
  return report;
}

}  // namespace aecos::sync
