#include "sim/judge.h"

#include <algorithm>

#include "os/path.h"
#include "sim/hub_remote.h"
#include "sim/person.h"
#include "sim/violation.h"
#include "step/file.h"
#include "text/json.h"

namespace aecos::sim {
namespace {

using revision::FileDifference;

std::string in_short(CommitId commit) { return commit.hex().substr(0, 8); }

TreeId shared_tree(const git::Repository& repository) {
  const auto tip = must(repository.read_ref(shared_ref), shared_ref);
  return tip ? must(repository.read_commit(*tip), shared_ref).tree : TreeId{};
}

TreeId tree_of(const git::Repository& repository, CommitId commit) {
  return must(repository.read_commit(commit), in_short(commit)).tree;
}

void judge_file(const std::string& path, const std::string& text) {
  const std::string type = os::extension_of(path);
  if (type == ".json") must(text::parse_json(text), path);
  if (type != ".ifc") return;
  const step::File file = must(step::read(text), path);
  require(file.missing.empty(), path + ": it refers to an instance that is not there");
}

// A file that is gone may have moved with its folder, and what others put into that folder moves with it.
bool may_have_moved(const FileDifference& file, const std::string& path) {
  return !file.after && path.starts_with(std::string(os::parent_of(file.path)) + "/");
}

bool changed_the_same(const std::vector<FileDifference>& one, const std::vector<FileDifference>& other) {
  return std::any_of(one.begin(), one.end(), [&](const FileDifference& file) {
    return std::any_of(other.begin(), other.end(), [&](const FileDifference& each) {
      return each.path == file.path || may_have_moved(file, each.path) || may_have_moved(each, file.path);
    });
  });
}

// All objects from some on, each looked at once.
class Walker {
 public:
  explicit Walker(const git::Repository& repository) : repository_(repository) {}

  void commit(CommitId first) {
    std::vector<CommitId> left{first};
    while (!left.empty()) {
      const CommitId id = left.back();
      left.pop_back();
      if (!seen_.insert(id.hex()).second) continue;
      const git::Commit read = must(repository_.read_commit(id), "commit " + in_short(id));
      tree(read.tree);
      left.insert(left.end(), read.parents.begin(), read.parents.end());
    }
  }

 private:
  void tree(TreeId id) {
    if (!seen_.insert(id.hex()).second) return;
    for (const TreeEntry& entry : must(repository_.read_tree(id), "a tree")) {
      if (entry.is_folder()) {
        tree(entry.tree_id());
      } else if (seen_.insert(entry.id.hex()).second) {
        const std::string bytes = must(repository_.read_blob(entry.id), entry.name);
        require(git::hash_blob(bytes) == entry.id, entry.name + " is not what it was");
      }
    }
  }

  const git::Repository& repository_;
  std::set<std::string> seen_;
};

}  // namespace

void judge_files(const git::Repository& repository, const std::vector<FileDifference>& files) {
  for (const FileDifference& file : files) {
    if (file.after) judge_file(file.path, must(repository.read_blob(file.after->id), file.path));
  }
}

void judge_merge(const git::Repository& repository, CommitId from, CommitId to) {
  const git::Commit merge = must(repository.read_commit(to), in_short(to));
  if (merge.parents.size() != 2 || merge.parents[0] != from) return;
  const CommitId other = merge.parents[1];
  const std::vector<CommitId> bases = must(repository.merge_bases(from, other), "what they have in common");
  require(bases.empty() || bases[0] != other, in_short(other) + " was merged although it was there");
  if (bases.size() != 1) return;
  const TreeId base = tree_of(repository, bases[0]), ours = tree_of(repository, from),
               theirs = tree_of(repository, other);
  const auto there = must(revision::difference(repository, base, ours), "ours");
  const auto come = must(revision::difference(repository, base, theirs), "theirs");
  if (changed_the_same(there, come)) return;
  require(must(revision::difference(repository, ours, merge.tree), "merge") == come &&
              must(revision::difference(repository, theirs, merge.tree), "merge") == there,
          "the merge " + in_short(to) + " of different files has not just the changes of both");
}

void judge_confirmed(const git::Repository& repository, const Ledger& ledger) {
  std::map<std::string, std::set<CommitId>> branches;
  for (const Ledger::Confirmed& push : ledger.confirmed()) {
    const auto [branch, is_new] = branches.try_emplace(push.branch);
    if (is_new) {
      const auto tip = must(repository.read_ref(push.branch), push.branch);
      require(tip.has_value(), push.branch + ", which " + push.who + " pushed to, is gone");
      must(repository.walk({{*tip}},
                           [&](const git::Commit& commit) {
                             branch->second.insert(commit.id);
                             return true;
                           }),
           push.branch);
    }
    require(branch->second.contains(push.commit),
            in_short(push.commit) + " is not in " + push.branch + ", but " + push.who + " was told it is");
  }
}

void judge_objects(const git::Repository& repository) {
  Walker walker(repository);
  for (const git::Ref& ref : must(repository.list_raw_refs(), "the refs")) walker.commit(ref.target);
}

void judge_edits(const git::Repository& repository, const Ledger& ledger) {
  std::set<std::string> in_files, in_records;
  for (const auto& [path, entry] : must(files_of(repository, shared_tree(repository)), "the files")) {
    const std::string text = must(repository.read_blob(entry.id), path);
    (path.starts_with(".aecos/conflicts/") ? in_records : in_files).merge(mark_set(text));
    judge_file(path, text);
  }
  ledger.check(in_files, in_records);
}

void judge_person(Person& person, const git::Repository& shared) {
  const std::string& who = person.login();
  const auto wanted = must(files_of(shared, shared_tree(shared)), "the files");
  auto found = person.work_tree();
  for (const auto& [path, entry] : wanted) {
    const auto file = found.find(path);
    require(file != found.end(), who + " does not have " + path);
    const bool same =
        git::hash_blob(file->second) == entry.id && person.is_executable(path) == (entry.mode == FileMode::executable);
    require(same, who + " has " + path + " otherwise than the others");
    found.erase(file);
  }
  require(found.empty(), who + " has " + (found.empty() ? "" : found.begin()->first) + ", which the others do not");
  const git::Repository own = person.repository();
  const auto head = must(own.read_ref("HEAD"), "HEAD");
  require(head && tree_of(own, *head) == shared_tree(shared), who + "'s branch is not as the shared one");
  std::map<std::string, std::string> entries;
  for (const auto& [path, entry] : wanted)
    entries[path] = std::to_string(static_cast<unsigned>(entry.mode)) + " " + entry.id.hex();
  const auto index = person.index();
  for (const auto& [path, what] : entries) {
    const auto entry = index.find(path);
    require(entry != index.end() && entry->second == what,
            who + "'s index has " + path + " otherwise than their branch");
  }
  require(index.size() == entries.size(), who + "'s index has what their branch has not");
  judge_objects(own);
  const std::string left = person.left_behind();
  require(left.empty(), who + " still has " + left);
}

void judge_events(HubRemote& remote) {
  hub::Hub& hub = remote.hub();
  const auto faults = must(hub.audit.verify(HubRemote::project), "the audit trail");
  require(faults.empty(), "the audit trail: " + (faults.empty() ? "" : faults[0].what));
  std::vector<store::Event> events;
  std::vector<store::Intent> intents;
  must(hub.parts.store.read([&](store::Tables& tables) -> Result<> {
    store::EventQuery query;
    query.project = HubRemote::project;
    query.limit = 1'000'000;
    AECOS_TRY_ASSIGN(events, tables.events(query));
    AECOS_TRY_ASSIGN(intents, tables.intents());
    return {};
  }),
       "the events");
  require(intents.empty(), "a move that was under way was not settled");
  std::map<std::string, int> told;
  for (const store::Event& event : events) {
    if (event.type == "commit.integrated" && event.branch == "develop")
      ++told[must(event::read(event.json), "an event").commit];
  }
  for (const CommitId commit : remote.refs().way())
    require(told[commit.hex()] == 1,
            "that develop went to " + in_short(commit) + " was told " + std::to_string(told[commit.hex()]) + " times");
  const auto tip = must(remote.repository().read_ref(hub::audit_ref), "the audit trail");
  require(tip.has_value(), "there is no audit trail");
  const auto lines = must(hub::read_audit(remote.repository(), *tip), "the audit trail");
  require(lines.size() == events.size(),
          "the audit trail has " + std::to_string(lines.size()) + " of " + std::to_string(events.size()) + " events");
  const auto& heard = remote.heard();
  require(heard.size() == events.size(),
          "a listener heard " + std::to_string(heard.size()) + " of " + std::to_string(events.size()) + " events");
  for (std::size_t i = 0; i < heard.size(); ++i) require(heard[i] == events[i].id, "a listener heard another event");
}

}  // namespace aecos::sim
