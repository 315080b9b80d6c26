#include "hub/receive.h"

#include <algorithm>
#include <map>

#include "hub/answer.h"
#include "hub/checks.h"
#include "hub/locks.h"
#include "hub/told_checks.h"
#include "revision/judged.h"
#include "text/json_writer.h"

namespace aecos::hub {
namespace {

constexpr std::string_view heads = "refs/heads/";
constexpr std::string_view tags = "refs/tags/";
constexpr std::string_view for_branch = "refs/for/";
constexpr std::size_t name_max = 250;                          // With ".lock" behind it, a file name everywhere.
constexpr std::string_view own_branches = "user/{member}/**";  // Theirs where no rule says otherwise.

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

Error denied(const std::string& why) { return {ErrorCode::denied, why}; }

// The branch that a push to this ref is for, short; empty: it is for none.
std::string branch_of(const std::string& ref) {
  for (const std::string_view prefix : {heads, for_branch}) {
    if (ref.starts_with(prefix)) return ref.substr(prefix.size());
  }
  return "";
}

// Whether there is anything that they may write. Members of a project without such a right may read it.
bool writes_something(const Projects::Entry& entry) {
  if (!entry.standing->roles || entry.access.manage) return entry.access.write;
  const auto writes = [](const policy::Rule& rule) { return rule.action == "write"; };
  return std::any_of(entry.actor.roles.begin(), entry.actor.roles.end(), [&](const std::string& name) {
    const auto role = entry.standing->roles->roles.find(name);
    return role != entry.standing->roles->roles.end() &&
           (std::any_of(role->second.may.begin(), role->second.may.end(), writes) ||
            std::any_of(role->second.owns.begin(), role->second.owns.end(), writes));
  });
}

// A branch that is called as the folder of branches with a rule would keep them from being made. The rule's pattern.
std::string folder_of(const std::optional<policy::Roles>& roles, const std::string& branch) {
  std::vector<std::string> patterns{std::string(own_branches)};
  if (roles) {
    for (const policy::BranchRule& rule : roles->branches) patterns.push_back(rule.pattern);
  }
  for (const std::string& pattern : patterns) {
    for (std::size_t end = pattern.find('/'); end != std::string::npos; end = pattern.find('/', end + 1)) {
      if (policy::matches(pattern.substr(0, end), branch)) return pattern;
    }
  }
  return "";
}

bool differs_by_case(const std::string& one, const std::string& other) {
  return one != other && one.size() == other.size() &&
         std::equal(one.begin(), one.end(), other.begin(), [](char a, char b) { return (a | 0x20) == (b | 0x20); });
}

bool is_inside(const std::string& folder, const std::string& name) {
  return name.size() > folder.size() && name[folder.size()] == '/' && name.starts_with(folder);
}

}  // namespace

struct Receiver::Job {
  Caller caller;
  Projects::Entry entry;
  OpenProject project;
  const git::ReceiveRequest& request;
  std::vector<policy::HeldLock> locks = {};
  std::vector<git::Ref> refs = {};  // As they were when all had come, and those that this push makes.
  std::vector<std::string> lines = {};
  std::vector<event::Draft> refusals = {};
  std::map<std::string, std::string> allowed_secrets = {};  // By the name of the ref.
  std::map<std::string, std::string> checks = {};           // By the name of the ref; see Step::checks.

  const git::Ref* find(const std::string& name) const {
    const auto found = std::find_if(refs.begin(), refs.end(), [&](const git::Ref& ref) { return ref.name == name; });
    return found == refs.end() ? nullptr : &*found;
  }
};

Pushed Receiver::receive(const Caller& caller, const Projects::Entry& entry, const git::ReceiveRequest& request,
                         git::ByteReader& pack, const std::function<bool()>& is_cancelled) {
  Pushed pushed;
  const auto fail = [&](const Error& error) {
    pushed.problem = first_line(message_for_clients(error));
    pushed.refs.clear();
    for (const git::RefCommand& command : request.commands)
      pushed.refs.push_back({command.ref, "the pack was not taken"});
    return pushed;
  };
  auto project = projects_.open(entry.row.name);
  if (!project) return fail(project.error());
  Job job{caller, entry, *std::move(project), request};
  auto quarantine = take_in(job, pack, is_cancelled);
  if (!quarantine) {
    const bool is_refusal = quarantine.error().code != ErrorCode::unavailable;
    if (is_refusal) note_refused(job, request.commands.at(0), quarantine.error().message);
    tell_refused(job);
    return fail(quarantine.error());
  }
  std::vector<Way> ways;
  for (const git::RefCommand& command : request.commands) {
    const auto judged = judge(job, command);
    pushed.refs.push_back({command.ref, judged ? "" : first_line(message_for_clients(judged.error()))});
    ways.push_back(judged ? *judged : Way::move);
    if (!judged) note_refused(job, command, judged.error().message);
    if (judged && command.to && job.find(command.ref) == nullptr) job.refs.push_back({command.ref, command.to});
  }
  const auto is_judged = [](const git::RefReport& ref) { return ref.problem.empty(); };
  const bool all = std::all_of(pushed.refs.begin(), pushed.refs.end(), is_judged);
  const bool any = std::any_of(pushed.refs.begin(), pushed.refs.end(), is_judged) && (all || !request.atomic);
  if (!any) {
    for (git::RefReport& ref : pushed.refs) {
      if (ref.problem.empty()) ref.problem = "not done, as another was refused";
    }
  } else if (const auto taken = *quarantine ? (*quarantine)->take_over() : Result<>(); !taken) {
    (*quarantine)->drop();
    return fail(taken.error());
  } else {
    carry_out(job, ways, pushed.refs);
  }
  if (*quarantine) (*quarantine)->drop();
  tell_refused(job);
  pushed.lines = std::move(job.lines);
  return pushed;
}

// The objects apart from the repository, and who pushes them. Absent: nothing was sent.
Result<std::unique_ptr<git::Quarantine>> Receiver::take_in(Job& job, git::ByteReader& pack,
                                                           const std::function<bool()>& is_cancelled) {
  std::unique_ptr<git::Quarantine> quarantine;
  if (job.request.has_pack()) {
    const git::Quarantine::Place place{parts_.files,       parts_.processes,         job.project.repository,
                                       job.project.folder, parts_.config.git_home(), os::random_hex(parts_.random, 8)};
    AECOS_TRY_ASSIGN(quarantine, git::Quarantine::unpack(place, pack, {parts_.config.pack_max, is_cancelled}));
    AECOS_TRY(quarantine->show_to(job.project.repository));
  }
  Result<> let = let_in(job);
  if (let) return quarantine;
  if (quarantine) quarantine->drop();
  return std::move(let).error();
}

// A push may be on its way for long: what counts is who they are, and how the project stands, when all of it is here.
Result<> Receiver::let_in(Job& job) {
  std::optional<store::Token> token;
  std::optional<store::User> user;
  const Result<> read = parts_.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(token, tables.token(job.caller.token.id));
    AECOS_TRY_ASSIGN(user, tables.user(job.caller.login()));
    return {};
  });
  AECOS_TRY(read);
  if (job.caller.token.kind != "control") {
    const bool over =
        !token || token->revoked_us != 0 || (token->expires_us != 0 && token->expires_us <= parts_.clock.now_us());
    if (over || !user || user->disabled)
      return denied(job.caller.login() + " may not push any more: the token is no longer valid");
    job.caller = Caller{*std::move(user), *std::move(token)};
  }
  AECOS_TRY_ASSIGN(job.entry, projects_.enter(job.caller, job.entry.row.name, Projects::Need::write));
  AECOS_TRY_ASSIGN(job.locks, held_locks(parts_.store, job.entry.row.name, parts_.clock.now_us()));
  AECOS_TRY_ASSIGN(job.refs, job.project.repository.list_raw_refs());
  return {};
}

Result<Receiver::Way> Receiver::judge(Job& job, const git::RefCommand& command) {
  AECOS_TRY_ASSIGN(const Way way, judge_ref(job, command));
  AECOS_TRY(judge_secrets(job, command));
  return way;
}

// In every commit that comes, also where the last one has it no more: whoever may read has the history.
Result<> Receiver::judge_secrets(Job& job, const git::RefCommand& command) {
  if (!command.to || command.ref.starts_with(tags)) return {};  // What a tag names came with a branch.
  Incoming incoming{command.to, {}, job.request.push_options, judged_};
  for (const git::Ref& ref : job.refs) {
    if (ref.name.starts_with(heads)) incoming.known.push_back(ref.target);
  }
  AECOS_TRY_ASSIGN(job.allowed_secrets[command.ref], hub::judge_secrets(job.project, job.entry, incoming));
  return {};
}

Result<Receiver::Way> Receiver::judge_ref(Job& job, const git::RefCommand& command) {
  if (!writes_something(job.entry)) return denied(job.caller.login() + " may not write here: no role lets them");
  if (command.ref.starts_with(for_branch)) return judge_integration(job, command);
  if (!command.ref.starts_with(heads) && !command.ref.starts_with(tags))
    return denied(command.ref + ": branches, tags and refs/for/BRANCH can be pushed, nothing else");
  if (command.to && job.find(command.ref) == nullptr) AECOS_TRY(judge_name(job, command));
  if (command.ref.starts_with(tags)) return judge_tag(job, command);
  return judge_branch(job, command, branch_of(command.ref));
}

// Of a ref that is to be made. A ref is a file somewhere, and some machines take names for others.
Result<> Receiver::judge_name(const Job& job, const git::RefCommand& command) {
  if (command.ref.size() > name_max) return denied("a name of more than 250 bytes: " + command.ref.substr(0, 50) + "…");
  if (const std::string fault = policy::path_fault(command.ref); !fault.empty())
    return denied(command.ref + ": the name " + fault);
  for (const git::Ref& ref : job.refs) {
    if (differs_by_case(ref.name, command.ref))
      return denied("there is a ref that differs from " + command.ref + " only by case");
    if (is_inside(ref.name, command.ref) || is_inside(command.ref, ref.name))
      return denied(command.ref + ": there is " + ref.name + ", and one cannot be a folder of the other");
  }
  if (!command.ref.starts_with(heads)) return {};
  const std::string pattern = folder_of(job.entry.standing->roles, branch_of(command.ref));
  if (pattern.empty()) return {};
  return denied(command.ref + ": it would be in the way of the branches " + pattern);
}

Result<Receiver::Way> Receiver::judge_integration(Job& job, const git::RefCommand& command) {
  const std::string branch = branch_of(command.ref);
  if (!command.to) return denied(command.ref + " cannot be removed");
  const auto commit = job.project.repository.read_commit(command.to);
  if (!commit) return denied(command.ref + ": only commits can be integrated");
  const git::Ref* const now = job.find(std::string(heads) + branch);
  if (now == nullptr && branch != job.entry.standing->shared_branch)
    return denied("there is no branch " + branch + " to integrate into");
  AECOS_TRY_ASSIGN(const TreeId before, job.project.library().tree_of(now ? now->target : CommitId{}));
  AECOS_TRY(check_extent(job.project.repository, before, commit->tree));
  return Way::merge;  // What it means is judged when it is merged.
}

Result<Receiver::Way> Receiver::judge_branch(Job& job, const git::RefCommand& command, const std::string& branch) {
  const Standing& standing = *job.entry.standing;
  const git::Ref* const now = job.find(command.ref);
  const bool shared = branch == standing.shared_branch;
  policy::Update update;
  update.branch = branch;
  // The first push to the shared branch starts the project; later ones go as its rule says, or are integrated.
  update.through = shared ? policy::Through::integration : policy::Through::push;
  CommitId base = command.from;
  if (command.to) {
    if (auto commit = job.project.repository.read_commit(command.to); !commit)
      return denied(branch + ": a branch is of commits");
  }
  if (!command.to) {
    update.kind = policy::Update::Kind::remove;
    if (now == nullptr) return denied("there is no branch " + branch);
    if (shared) return denied(branch + " is what everybody shares: it cannot be removed");
  } else if (now == nullptr) {
    update.kind = policy::Update::Kind::create;
    base = {};
    if (standing.head) {
      AECOS_TRY_ASSIGN(const std::vector<CommitId> bases,
                       job.project.repository.merge_bases(standing.head, command.to));
      if (!bases.empty()) base = bases[0];
    }
  } else {
    if (!command.from)
      return Error{ErrorCode::changed_meanwhile, "somebody else made " + branch + "; fetch and push again"};
    AECOS_TRY_ASSIGN(const bool forward, job.project.repository.is_ancestor(command.from, command.to));
    // Somebody was faster: it is merged, and judged then.
    if (forward && now->target != command.from) return judge_integration(job, command);
    if (!forward) {
      update.kind = policy::Update::Kind::force;
      if (shared) return denied(branch + " is what everybody shares: its history stays");
    }
  }
  AECOS_TRY(decide(job, std::move(update), base, command.to));
  if (shared) return Way::merge;  // Which asks for its checks.
  if (command.to) AECOS_TRY(check(job, command, branch));
  return Way::move;
}

// What the branch asks of a version that is pushed to it, as far as the hub looks itself: others can report only of
// what is here already. A new branch is held against what the team shares.
Result<> Receiver::check(Job& job, const git::RefCommand& command, const std::string& branch) {
  const Standing& standing = *job.entry.standing;
  policy::BranchRule rule = policy::rule_for(standing.roles, branch);
  for (std::vector<std::string>* const names : {&rule.checks, &rule.advisory})
    std::erase_if(*names, [](const std::string& name) { return !is_own_check(name); });
  if (rule.checks.empty() && rule.advisory.empty()) return {};
  const git::Ref* const now = job.find(command.ref);
  const revision::Library library = job.project.library();
  AECOS_TRY_ASSIGN(const TreeId before, library.tree_of(now != nullptr ? now->target : standing.head));
  AECOS_TRY_ASSIGN(const TreeId after, library.tree_of(command.to));
  ChecksMade made = run_checks(parts_, projects_, job.project, {command.to, before, after, rule.checks, rule.advisory});
  for (const std::string& warning : made.warnings) job.lines.push_back("warning: " + warning);
  if (made.passed) {
    job.checks[command.ref] = std::move(made.json);
    return {};
  }
  for (event::Draft& told : told_checks(events_, job.project.name, branch, command.to, job.caller.login(), made.json))
    job.refusals.push_back(std::move(told));
  return std::move(made.passed).error();
}

Result<> Receiver::decide(Job& job, policy::Update update, CommitId before, CommitId after) {
  if (after) {
    const revision::Library library = job.project.library();
    AECOS_TRY_ASSIGN(const TreeId from, library.tree_of(before));
    AECOS_TRY_ASSIGN(const TreeId to, library.tree_of(after));
    AECOS_TRY_ASSIGN(update.files, look_at_changes(job.project, from, to));
    auto roles = revision::roles_of(library, to);
    if (roles) {
      update.roles_after = *std::move(roles);
    } else {
      update.roles_fault = roles.error().message;
    }
  }
  const policy::Decision decision = policy::decide(job.entry.actor, job.entry.standing->roles, update, job.locks);
  for (const policy::Reason& warning : decision.warnings) job.lines.push_back("warning: " + warning.what);
  if (decision.allowed) return {};
  std::string text;
  for (const policy::Reason& reason : decision.reasons) text += (text.empty() ? "" : "\n") + reason.what;
  return denied(text);
}

Result<Receiver::Way> Receiver::judge_tag(Job& job, const git::RefCommand& command) {
  const bool is_there = job.find(command.ref) != nullptr;
  if (is_there && !job.entry.access.manage) return denied(command.ref + ": tags stay as they are");
  if (!command.to && !is_there) return denied("there is no tag " + command.ref);
  if (!command.to) return Way::move;
  std::vector<CommitId> coming;
  for (const git::RefCommand& other : job.request.commands) {
    if (!branch_of(other.ref).empty() && job.project.repository.read_commit(other.to)) coming.push_back(other.to);
  }
  AECOS_TRY(check_tagged(job, command, std::move(coming)));
  return Way::move;
}

// What a tag names was judged when it came into a branch, or is judged as it comes now.
Result<> Receiver::check_tagged(Job& job, const git::RefCommand& command, std::vector<CommitId> coming) {
  const auto commit = job.project.repository.resolve_commit(command.to.hex());
  if (!commit) return denied(command.ref + ": a tag is of a commit");
  git::HistoryQuery query{{*commit}, std::move(coming), ""};
  for (const git::Ref& ref : job.refs) {
    if (ref.name.starts_with(heads)) query.hide.push_back(ref.target);
  }
  bool is_part = true;
  AECOS_TRY(job.project.repository.walk(query, [&](const git::Commit&) {
    is_part = false;
    return false;
  }));
  if (!is_part) return denied(command.ref + ": a tag is of what is part of a branch; push that first");
  return {};
}

void Receiver::carry_out(Job& job, const std::vector<Way>& ways, std::vector<git::RefReport>& reports) {
  for (const bool for_tags : {false, true}) {
    for (std::size_t i = 0; i < ways.size(); ++i) {
      const git::RefCommand& command = job.request.commands[i];
      if (command.ref.starts_with(tags) != for_tags || !reports[i].problem.empty()) continue;
      const auto done = carry_out(job, command, ways[i]);
      if (done) continue;
      reports[i].problem = first_line(message_for_clients(done.error()));
      if (done.error().code == ErrorCode::denied) {
        note_refused(job, command, done.error().message);
      } else {
        job.lines.push_back(message_for_clients(done.error()));
      }
    }
  }
}

Result<> Receiver::carry_out(Job& job, const git::RefCommand& command, Way way) {
  if (way == Way::merge) return merge(job, command, branch_of(command.ref));
  if (command.ref.starts_with(tags) && command.to) {
    AECOS_TRY_ASSIGN(job.refs, job.project.repository.list_raw_refs());
    AECOS_TRY(check_tagged(job, command, {}));
  }
  auto moved = integrator_.move({job.entry.row.name, command.ref, command.from, command.to, job.caller.login(),
                                 job.allowed_secrets[command.ref], job.checks[command.ref]});
  if (moved || moved.error().code != ErrorCode::changed_meanwhile) return moved;
  if (command.ref.starts_with(heads) && command.from && command.to) {
    AECOS_TRY_ASSIGN(const bool forward, job.project.repository.is_ancestor(command.from, command.to));
    if (forward) return merge(job, command, branch_of(command.ref));
  }
  return Error{ErrorCode::changed_meanwhile, "somebody else moved it; fetch and push again"};
}

Result<> Receiver::merge(Job& job, const git::RefCommand& command, const std::string& branch) {
  Offer offer{job.entry.row.name, branch, command.to, job.entry.actor, job.caller.user.name, job.caller.user.email};
  offer.allowed_secrets = job.allowed_secrets[command.ref];
  if (offer.name.empty()) offer.name = job.caller.login();
  if (offer.email.empty()) offer.email = job.caller.login() + "@hub";
  AECOS_TRY_ASSIGN(const Integrated done, integrator_.integrate(offer));
  judged_.add(job.project.name, {done.commit});
  for (const std::string& warning : done.warnings) job.lines.push_back("warning: " + warning);
  job.lines.push_back(std::string("aecos: ") + (done.was_there ? "is in " : "integrated into ") + branch + " as " +
                      done.commit.hex());
  if (done.conflicts != 0)
    job.lines.push_back("aecos: " + std::to_string(done.conflicts) +
                        (done.conflicts == 1 ? " conflict was" : " conflicts were") +
                        " recorded; both values are kept (aecos conflicts)");
  return {};
}

void Receiver::note_refused(Job& job, const git::RefCommand& command, const std::string& why) {
  job.lines.push_back(why);
  event::Draft draft = events_.draft(job.entry.row.name, "push.rejected", job.caller.login());
  draft.subject = draft.branch = command.ref;
  draft.commit = command.to ? command.to.hex() : "";
  draft.summary = job.caller.login() + " was refused: " + first_line(why);
  draft.more = {{"reasons", text::json_quote(why)}};
  job.refusals.push_back(std::move(draft));
}

void Receiver::tell_refused(Job& job) {
  if (job.refusals.empty()) return;
  if (auto told = events_.commit(job.refusals); !told)
    parts_.log.write(Level::error, "a refused push could not be told", {{"why", told.error().message}});
}

}  // namespace aecos::hub
