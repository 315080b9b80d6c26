#include "sim/ref_watch.h"

#include "sim/judge.h"
#include "sim/violation.h"

namespace aecos::sim {
namespace {

TreeId tree_of(const git::Repository& repository, CommitId commit) {
  return commit ? must(repository.read_commit(commit), "a commit of the shared branch").tree : TreeId{};
}

std::string moved_by(const std::string& ref, const std::string& login) {
  return ref + " was moved by " + (login.empty() ? "the hub" : login) + ": ";
}

}  // namespace

void RefWatch::look(const git::Repository& repository, const std::string& login) {
  std::map<std::string, CommitId> now;
  for (const git::Ref& ref : must(repository.list_raw_refs(), "the refs")) now[ref.name] = ref.target;
  if (now == refs_) return;
  const std::map<std::string, CommitId> before = std::exchange(refs_, std::move(now));
  const auto target = [](const std::map<std::string, CommitId>& refs, const std::string& ref) {
    const auto found = refs.find(ref);
    return found == refs.end() ? CommitId{} : found->second;
  };
  for (const auto& [ref, to] : refs_) {
    if (target(before, ref) != to) judge(repository, ref, target(before, ref), to, login);
  }
  for (const auto& [ref, from] : before) {
    if (!refs_.contains(ref)) judge(repository, ref, from, {}, login);
  }
  const CommitId shared = target(refs_, shared_ref);
  if (shared && (way_.empty() || way_.back() != shared)) way_.push_back(shared);
}

void RefWatch::judge(const git::Repository& repository, const std::string& ref, CommitId from, CommitId to,
                     const std::string& login) const {
  const std::string what = moved_by(ref, login);
  if (ref == "refs/aecos/audit") {
    require(login.empty(), what + "only the hub writes it");
    require(to && (!from || must(repository.is_ancestor(from, to), ref)), what + "what was told is gone");
    return;
  }
  require(!judges_roles_ || team_.role_of(login) != Role::reader, what + "they may only read");
  if (ref == shared_ref) return judge_shared(repository, from, to, login);
  const std::string own = "refs/heads/user/" + login + "/";
  const bool others = ref.starts_with("refs/heads/user/") && !ref.starts_with(own);
  require(!judges_roles_ || !others || team_.role_of(login) == Role::coordinator, what + "it is somebody else's");
}

void RefWatch::judge_shared(const git::Repository& repository, CommitId from, CommitId to,
                            const std::string& login) const {
  const std::string what = moved_by(shared_ref, login);
  require(bool(to), what + "it is gone");
  require(!from || must(repository.is_ancestor(from, to), shared_ref),
          what + from.hex().substr(0, 8) + " is not in " + to.hex().substr(0, 8));
  const auto files =
      must(revision::difference(repository, tree_of(repository, from), tree_of(repository, to)), shared_ref);
  judge_files(repository, files);
  if (from) judge_merge(repository, from, to);
  if (judges_roles_) judge_rights(files, login);
}

void RefWatch::judge_rights(const std::vector<revision::FileDifference>& files, const std::string& login) const {
  const std::string what = moved_by(shared_ref, login);
  for (const revision::FileDifference& file : files) {
    const bool is_record = file.path.starts_with(".aecos/conflicts/");
    require(is_record || team_.may_write(login, file.path), what + "they may not write " + file.path);
    for (const auto& [target, holder] : locked) {
      const bool is_in = target == file.path || (target.ends_with('/') && file.path.starts_with(target));
      require(!is_in || holder == login, what + file.path + " is locked by " + holder);
    }
  }
}

}  // namespace aecos::sim
