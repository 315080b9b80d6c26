#include "hub/receive.h"

#include <algorithm>

#include "hub/checks.h"
#include "hub/locks.h"
#include "revision/judged.h"
#include "text/json_writer.h"

namespace aecos::hub {
namespace {

constexpr std::string_view heads = "refs/heads/";
constexpr std::string_view tags = "refs/tags/";
constexpr std::string_view for_branch = "refs/for/";

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

Error denied(const std::string& why) { return {ErrorCode::denied, why}; }

}  // namespace

struct Receiver::Job {
  const Caller& caller;
  const Projects::Entry& entry;
  OpenProject project;
  std::vector<policy::HeldLock> locks;
  std::vector<std::string> lines;
  // A name that differs from a branch's only by case would be the same file on some machines.
  std::vector<git::Ref> refs;
};

Pushed Receiver::receive(const Caller& caller, const Projects::Entry& entry, const git::ReceiveRequest& request,
                         git::ByteReader& pack, const std::function<bool()>& is_cancelled) {
  Pushed pushed;
  const auto fail = [&](const Error& error) {
    pushed.problem = first_line(error.message);
    for (const git::RefCommand& command : request.commands)
      pushed.refs.push_back({command.ref, "the pack was not taken"});
    return pushed;
  };
  auto project = projects_.open(entry.row.name);
  if (!project) return fail(project.error());
  std::unique_ptr<git::Quarantine> quarantine;
  if (request.has_pack()) {
    const git::Quarantine::Place place{parts_.files, parts_.processes, project->folder, parts_.config.git_home(),
                                       os::random_hex(parts_.random, 8)};
    auto unpacked = git::Quarantine::unpack(place, pack, {parts_.config.pack_max, is_cancelled});
    if (!unpacked) return fail(unpacked.error());
    quarantine = *std::move(unpacked);
    if (auto seen = project->repository.add_objects(quarantine->objects()); !seen) return fail(seen.error());
  }
  auto locks = held_locks(parts_.store, entry.row.name, parts_.clock.now_us());
  if (!locks) return fail(locks.error());
  auto refs = project->repository.list_raw_refs();
  if (!refs) return fail(refs.error());
  Job job{caller, entry, *std::move(project), *std::move(locks), {}, *std::move(refs)};
  bool any = false, all = true;
  for (const git::RefCommand& command : request.commands) {
    const auto judged = judge(job, command);
    pushed.refs.push_back({command.ref, judged ? "" : first_line(judged.error().message)});
    any = any || judged;
    all = all && judged;
    if (judged) continue;
    job.lines.push_back(judged.error().message);
    tell_refused(job, command, judged.error().message);
  }
  if (request.atomic && !all) {
    for (git::RefReport& ref : pushed.refs) {
      if (ref.problem.empty()) ref.problem = "not done, as another was refused";
    }
    any = false;
  }
  if (any && quarantine) {
    if (auto taken = quarantine->take_over(); !taken) {
      pushed.refs.clear();
      return fail(taken.error());
    }
  }
  for (std::size_t i = 0; any && i < request.commands.size(); ++i) {
    if (!pushed.refs[i].problem.empty()) continue;
    const auto done = carry_out(job, request.commands[i]);
    if (done) continue;
    pushed.refs[i].problem = first_line(done.error().message);
    job.lines.push_back(done.error().message);
    if (done.error().code == ErrorCode::denied) tell_refused(job, request.commands[i], done.error().message);
  }
  pushed.lines = std::move(job.lines);
  return pushed;
}

Result<> Receiver::judge(Job& job, const git::RefCommand& command) {
  const auto same_but_case = [&](const git::Ref& ref) {
    return ref.name != command.ref && ref.name.size() == command.ref.size() &&
           std::equal(ref.name.begin(), ref.name.end(), command.ref.begin(),
                      [](char a, char b) { return (a | 0x20) == (b | 0x20); });
  };
  if (std::any_of(job.refs.begin(), job.refs.end(), same_but_case))
    return denied("there is a ref that differs from " + command.ref + " only by case");
  if (command.ref.starts_with(for_branch)) {
    const std::string branch = command.ref.substr(for_branch.size());
    if (!command.to) return denied(command.ref + " cannot be removed");
    if (auto commit = job.project.repository.read_commit(command.to); !commit)
      return denied(command.ref + ": only commits can be integrated");
    const bool is_there = std::any_of(job.refs.begin(), job.refs.end(),
                                      [&](const git::Ref& ref) { return ref.name == std::string(heads) + branch; });
    if (!is_there && branch != job.entry.standing->shared_branch)
      return denied("there is no branch " + branch + " to integrate into");
    return {};  // What it means is judged when it is merged.
  }
  if (command.ref.starts_with(heads)) return judge_branch(job, command, command.ref.substr(heads.size()));
  if (command.ref.starts_with(tags)) {
    if (!job.entry.actor.may_write) return denied(job.caller.login() + " may not write here");
    if (command.from && !job.entry.access.manage) return denied(command.ref + ": tags stay as they are");
    return {};
  }
  return denied(command.ref + ": branches, tags and refs/for/BRANCH can be pushed, nothing else");
}

Result<> Receiver::judge_branch(Job& job, const git::RefCommand& command, const std::string& branch) {
  const Standing& standing = *job.entry.standing;
  policy::Update update;
  update.branch = branch;
  CommitId base = command.from;
  if (command.to) {
    if (auto commit = job.project.repository.read_commit(command.to); !commit)
      return denied(branch + ": a branch is of commits");
  }
  const auto now =
      std::find_if(job.refs.begin(), job.refs.end(), [&](const git::Ref& ref) { return ref.name == command.ref; });
  const bool is_there = now != job.refs.end();
  if (!command.to) {
    update.kind = policy::Update::Kind::remove;
    if (branch == standing.shared_branch) return denied(branch + " is what everybody shares: it cannot be removed");
  } else if (!is_there) {
    update.kind = policy::Update::Kind::create;
    if (standing.head) {
      AECOS_TRY_ASSIGN(const std::vector<CommitId> bases,
                       job.project.repository.merge_bases(standing.head, command.to));
      base = bases.empty() ? CommitId{} : bases[0];
    }
  } else {
    AECOS_TRY_ASSIGN(const bool forward, job.project.repository.is_ancestor(command.from, command.to));
    // Somebody was faster: it is merged, and judged then.
    if (forward && now->target != command.from) return {};
    if (!forward) {
      update.kind = policy::Update::Kind::force;
      if (branch == standing.shared_branch) return denied(branch + " is what everybody shares: its history stays");
    }
  }
  // The first push to the shared branch starts the project; later ones go as its rule says, or are integrated.
  const bool shared = branch == standing.shared_branch;
  update.through = shared ? policy::Through::integration : policy::Through::push;
  if (command.to) {
    AECOS_TRY_ASSIGN(const TreeId before, job.project.library().tree_of(base));
    AECOS_TRY_ASSIGN(const TreeId after, job.project.library().tree_of(command.to));
    AECOS_TRY_ASSIGN(update.files, revision::judged(job.project.library(), before, after));
    auto roles = revision::roles_of(job.project.library(), after);
    if (roles) {
      update.roles_after = *std::move(roles);
    } else {
      update.roles_fault = roles.error().message;
    }
  }
  const policy::Decision decision = policy::decide(job.entry.actor, standing.roles, update, job.locks);
  for (const policy::Reason& warning : decision.warnings) job.lines.push_back("warning: " + warning.what);
  if (decision.allowed) return {};
  std::string text;
  for (const policy::Reason& reason : decision.reasons) text += (text.empty() ? "" : "\n") + reason.what;
  return denied(text);
}

Result<> Receiver::carry_out(Job& job, const git::RefCommand& command) {
  std::string branch;
  if (command.ref.starts_with(for_branch)) {
    branch = command.ref.substr(for_branch.size());
  } else if (command.ref.starts_with(heads) && command.to) {
    const std::string name = command.ref.substr(heads.size());
    AECOS_TRY_ASSIGN(const auto now, job.project.repository.read_ref(command.ref));
    const bool late = now && command.from && *now != command.from;
    bool forward = true;
    if (late) {
      AECOS_TRY_ASSIGN(forward, job.project.repository.is_ancestor(command.from, command.to));
    }
    if (forward && (late || name == job.entry.standing->shared_branch)) branch = name;
  }
  if (branch.empty()) {
    auto moved = integrator_.move({job.entry.row.name, command.ref, command.from, command.to, job.caller.login()});
    if (!moved && moved.error().code == ErrorCode::changed_meanwhile)
      return Error{ErrorCode::changed_meanwhile, "somebody else moved it; fetch and push again"};
    return moved;
  }
  Offer offer{job.entry.row.name, branch, command.to, job.entry.actor, job.caller.user.name, job.caller.user.email};
  if (offer.name.empty()) offer.name = job.caller.login();
  if (offer.email.empty()) offer.email = job.caller.login() + "@hub";
  // A branch that is not protected may be pushed to as well as integrated into.
  AECOS_TRY_ASSIGN(const Integrated done, integrator_.integrate(offer));
  for (const std::string& warning : done.warnings) job.lines.push_back("warning: " + warning);
  job.lines.push_back(std::string("aecos: ") + (done.was_there ? "is in " : "integrated into ") + branch + " as " +
                      done.commit.hex());
  if (done.conflicts != 0)
    job.lines.push_back("aecos: " + std::to_string(done.conflicts) +
                        (done.conflicts == 1 ? " conflict was" : " conflicts were") +
                        " recorded; both values are kept (aecos conflicts)");
  return {};
}

void Receiver::tell_refused(const Job& job, const git::RefCommand& command, const std::string& why) {
  event::Draft draft = events_.draft(job.entry.row.name, "push.rejected", job.caller.login());
  draft.subject = draft.branch = command.ref;
  draft.commit = command.to ? command.to.hex() : "";
  draft.summary = job.caller.login() + " was refused: " + first_line(why);
  draft.more = {{"reasons", text::json_quote(why)}};
  if (auto told = events_.commit({draft}); !told)
    parts_.log.write(Level::error, "a refused push could not be told", {{"why", told.error().message}});
}

}  // namespace aecos::hub
