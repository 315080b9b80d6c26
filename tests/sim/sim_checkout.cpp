#include "sim/sim_checkout.h"

#include "os/path.h"
#include "sim/parcel.h"

namespace aecos::sim {
namespace {

Result<> add_files_below(os::FileSystem& files, const std::string& root, const std::string& folder,
                         std::map<std::string, os::FileStatus>& found) {
  AECOS_TRY_ASSIGN(const std::vector<os::DirectoryEntry> entries, files.list(os::join(root, folder)));
  for (const os::DirectoryEntry& entry : entries) {
    const std::string path = os::join(folder, entry.name);
    if (path == ".git") continue;
    if (entry.type == os::FileType::directory) {
      AECOS_TRY(add_files_below(files, root, path, found));
    } else {
      AECOS_TRY_ASSIGN(found[path], files.status(os::join(root, path)));
    }
  }
  return {};
}

Result<> add_files_of(const git::Repository& repository, TreeId tree, const std::string& folder,
                      std::map<std::string, TreeEntry>& found) {
  AECOS_TRY_ASSIGN(const std::vector<TreeEntry> entries, repository.read_tree(tree));
  for (const TreeEntry& entry : entries) {
    const std::string path = os::join(folder, entry.name);
    if (entry.is_folder()) {
      AECOS_TRY(add_files_of(repository, entry.tree_id(), path, found));
    } else {
      found[path] = entry;
    }
  }
  return {};
}

// "refs/for/develop" is for "refs/heads/develop".
std::string branch_of(const std::string& ref) {
  constexpr std::string_view for_branch = "refs/for/";
  return ref.starts_with(for_branch) ? "refs/heads/" + ref.substr(for_branch.size()) : ref;
}

std::string index_entry(FileMode mode, const std::string& id) {
  return std::to_string(static_cast<unsigned>(mode)) + " " + id;
}

}  // namespace

Result<std::map<std::string, os::FileStatus>> files_below(os::FileSystem& files, const std::string& root) {
  std::map<std::string, os::FileStatus> found;
  AECOS_TRY(add_files_below(files, root, "", found));
  return found;
}

Result<std::map<std::string, TreeEntry>> files_of(const git::Repository& repository, TreeId tree) {
  std::map<std::string, TreeEntry> found;
  AECOS_TRY(add_files_of(repository, tree, "", found));
  return found;
}

Result<std::vector<git::WorkTreeChange>> SimCheckout::changes() {
  using Kind = git::WorkTreeChange::Kind;
  AECOS_TRY_ASSIGN(const auto head, repository_.read_ref("HEAD"));
  TreeId tree;
  if (head) {
    AECOS_TRY_ASSIGN(const git::Commit commit, repository_.read_commit(*head));
    tree = commit.tree;
  }
  AECOS_TRY_ASSIGN(auto known, files_of(repository_, tree));
  AECOS_TRY_ASSIGN(const auto there, files_below(place_.files, place_.root));
  AECOS_TRY_ASSIGN(auto kinds, staged(known));
  for (const auto& [path, status] : there) {
    const auto entry = known.find(path);
    if (entry == known.end()) {
      kinds[path] = Kind::added;
      continue;
    }
    AECOS_TRY_ASSIGN(const os::MappedFile file, place_.files.map(os::join(place_.root, path)));
    const bool executable = (status.mode & 0100U) != 0;
    const bool same =
        git::hash_blob(file.bytes()) == entry->second.id && executable == (entry->second.mode == FileMode::executable);
    if (!same) kinds[path] = Kind::modified;
    known.erase(entry);
  }
  for (const auto& [path, entry] : known) kinds[path] = Kind::deleted;
  std::vector<git::WorkTreeChange> changes;
  for (const auto& [path, kind] : kinds) changes.push_back({path, kind});
  return changes;
}

// What the index does not have as HEAD does.
Result<std::map<std::string, git::WorkTreeChange::Kind>> SimCheckout::staged(
    const std::map<std::string, TreeEntry>& head) {
  std::map<std::string, git::WorkTreeChange::Kind> kinds;
  AECOS_TRY_ASSIGN(auto entries, index());
  for (const auto& [path, entry] : head) {
    const auto found = entries.find(path);
    if (found == entries.end() || found->second != index_entry(entry.mode, entry.id.hex()))
      kinds[path] = git::WorkTreeChange::Kind::staged;
    if (found != entries.end()) entries.erase(found);
  }
  for (const auto& [path, what] : entries) kinds[path] = git::WorkTreeChange::Kind::staged;
  return kinds;
}

Result<std::vector<BlobId>> SimCheckout::store(const std::vector<std::string>& paths) {
  std::vector<BlobId> ids;
  for (const std::string& path : paths) {
    auto file = place_.files.map(os::join(place_.root, path));
    if (!file) return Error{ErrorCode::unavailable, "git hash-object: " + file.error().message};
    AECOS_TRY_ASSIGN(const BlobId id, repository_.write_blob(file->bytes()));
    ids.push_back(id);
  }
  return ids;
}

Result<std::vector<std::string>> SimCheckout::smudge(const std::vector<Placement>& placements) {
  std::vector<std::string> files;
  for (const Placement& placement : placements) {
    AECOS_TRY_ASSIGN(std::string bytes, repository_.read_blob(placement.id));
    files.push_back(std::move(bytes));
  }
  return files;
}

Result<std::map<std::string, std::string>> SimCheckout::index() {
  std::map<std::string, std::string> entries;
  auto text = place_.files.read(git_folder() + "/index");
  if (!text && text.error().code == ErrorCode::not_found) return entries;
  if (!text) return std::move(text).error();
  std::string_view rest = *text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1);
    entries[std::string(line.substr(line.find('\t') + 1))] = line.substr(0, line.find('\t'));
  }
  return entries;
}

Result<> SimCheckout::set_index(const std::vector<TreeEdit>& edits) {
  if (edits.empty()) return {};
  AECOS_TRY_ASSIGN(auto entries, index());
  for (const TreeEdit& edit : edits) {
    if (edit.remove) {
      entries.erase(edit.path);
    } else {
      entries[edit.path] = index_entry(edit.mode, edit.id.hex());
    }
  }
  std::string text;
  for (const auto& [path, what] : entries) text += what + "\t" + path + "\n";
  return place_.files.write(git_folder() + "/index", text);
}

Result<Answer> SimCheckout::ask(decltype(Request::what) what) {
  Answer answer = place_.ask({place_.login, std::move(what)});
  if (answer.error) return *std::move(answer.error);
  return answer;
}

Result<> SimCheckout::fetch(const git::Transfer& transfer) {
  const std::string& refspec = transfer.refspecs.at(0);
  const std::size_t colon = refspec.find(':');
  const std::string from = refspec.substr(1, colon - 1), to = refspec.substr(colon + 1);
  Fetch wish{from, {}};
  for (const char* name : {to.c_str(), "HEAD"}) {
    AECOS_TRY_ASSIGN(const auto have, repository_.read_ref(name));
    if (have) wish.haves.push_back(*have);
  }
  AECOS_TRY_ASSIGN(const Answer answer, ask(std::move(wish)));
  if (!answer.tip) return Error{ErrorCode::not_found, "couldn't find remote ref " + from};
  AECOS_TRY(unpack_parcel(place_.files, git_folder() + "/objects", answer.parcel));
  AECOS_TRY_ASSIGN(const auto now, repository_.read_ref(to));
  if (now == answer.tip) return {};
  return repository_.update_ref(to, now, *answer.tip, "fetch");
}

// What git itself refuses before anything is sent.
Result<git::RefUpdate> SimCheckout::refuse_here(const git::RefUpdate& update, CommitId remote, CommitId own) const {
  git::RefUpdate refused = update;
  refused.kind = git::RefUpdate::Kind::updated;
  if (!remote) return refused;
  AECOS_TRY_ASSIGN(const bool forward,
                   repository_.has_object(remote) ? repository_.is_ancestor(remote, own) : Result<bool>(false));
  if (forward) return refused;
  refused.kind = git::RefUpdate::Kind::rejected;
  refused.reason = repository_.has_object(remote) ? "non-fast-forward" : "fetch first";
  return refused;
}

Result<std::vector<git::RefUpdate>> SimCheckout::push(const git::Transfer& transfer) {
  using Kind = git::RefUpdate::Kind;
  const std::string& refspec = transfer.refspecs.at(0);
  const CommitId own = CommitId::from_hex(refspec.substr(0, 40)).value();
  git::RefUpdate update{Kind::up_to_date, own.hex(), refspec.substr(41), ""};
  AECOS_TRY_ASSIGN(const Answer there, ask(ListRefs{}));
  Push push{{{update.remote, {}, own}}, ""};
  std::vector<CommitId> haves;
  for (const git::Ref& ref : there.refs) {
    haves.push_back(ref.target);
    if (ref.name == update.remote) push.commands[0].from = ref.target;
  }
  if (push.commands[0].from == own) return std::vector{update};
  AECOS_TRY_ASSIGN(update, refuse_here(update, push.commands[0].from, own));
  if (update.kind == Kind::rejected) return std::vector{update};
  AECOS_TRY_ASSIGN(push.parcel, make_parcel(place_.files, git_folder(), repository_, {own}, haves));
  AECOS_TRY_ASSIGN(const Answer answer, ask(std::move(push)));
  for (const std::string& line : answer.pushed.lines) {
    if (transfer.progress) transfer.progress("remote: " + line);
  }
  update.reason = answer.pushed.problem.empty() ? answer.pushed.refs.at(0).problem : answer.pushed.problem;
  if (!update.reason.empty()) update.kind = Kind::rejected;
  if (update.reason.empty()) place_.ledger.confirmed({place_.login, branch_of(update.remote), own});
  return std::vector{update};
}

Result<std::vector<git::Checkout::RemoteRef>> SimCheckout::list_remote(const std::string&,
                                                                       const std::vector<std::string>& patterns) {
  std::vector<RemoteRef> refs;
  for (const std::string& ref : patterns) {
    AECOS_TRY_ASSIGN(const Answer answer, ask(Fetch{ref, {}}));
    if (answer.tip) refs.push_back({ref, *answer.tip});
  }
  return refs;
}

}  // namespace aecos::sim
