#include "sim/hub_remote.h"

#include <algorithm>

#include "hub/serve.h"
#include "sim/violation.h"

namespace aecos::sim {
namespace {

using Need = hub::Projects::Need;

bool overlap(const store::Lock& a, const store::Lock& b) {
  const auto inside = [](const std::string& folder, const std::string& path) {
    return folder == path || (folder.ends_with('/') && path.starts_with(folder));
  };
  return inside(a.target, b.target) || inside(b.target, a.target);
}

}  // namespace

HubRemote::HubRemote(Time& time, std::uint64_t seed, const Team& team, Break made)
    : made_(made),
      team_(team),
      machine_(time, seed),
      store_(must(store::open("sqlite::memory:"), "the database"), machine_),
      git_(machine_.files, made == Break::lose_object),
      watch_(team, true) {
  config_.data = "/hub";
  set_up(team);
  store_.forgets_intents = made == Break::forget_intent;
}

void HubRemote::set_up(const Team& team) {
  for (const std::string& made : {config_.repositories(), config_.large_objects(), config_.git_home()})
    must(machine_.files.create_directories(made), made);
  restart();
  for (const Member& member : team.members) {
    store::User user;
    user.login = user.name = member.login;
    user.email = member.login + "@example.org";
    must(hub_->accounts.add_user(user, ""), member.login);
    secrets_[member.login] = must(hub_->accounts.issue({member.login, "sim", "", {"admin"}}), member.login).secret;
  }
  must(hub_->projects.create(project, "House", team.members[0].login), "the project");
  listen();
  for (const Member& member : team.members) {
    if (&member == &team.members[0]) continue;
    const char* const access = member.role == Role::reader ? "read" : "write";
    must(store_.write([&](store::Tables& tables) {
      return tables.set_grant({project, member.login, access});
    }),
         access);
  }
}

git::Repository HubRemote::repository() {
  return must(git::Repository::open_in(machine_.disk, {folder()}), "the hub's repository");
}

void HubRemote::fill_disk(bool full) {
  store_.is_full = full;
  machine_.files.set_space_left(full ? 0 : std::numeric_limits<std::uint64_t>::max());
}

void HubRemote::crash() {
  machine_.cut_power();
  hub_.reset();
}

void HubRemote::calm() {
  machine_.files.restart();
  store_.restart();
}

void HubRemote::restart(const Failing& failing) {
  hub_.reset();
  calm();
  hub_ = std::make_unique<hub::Hub>(
      hub::Parts{config_, files_, machine_.clock, machine_.random, git_, store_, log_,
                 [this](const std::string& path) { return git::Repository::open_in(machine_.files, {path}); }});
  if (last_heard_ != 0) listen();
  if (made_ == Break::skip_recover) return;
  fail_in_files(failing.in_files);
  fail_in_store(failing.in_store);
  try {
    const Result<> recovered = hub::recover(*hub_);
    require(recovered || !machine_.has_power() || store_.is_full,
            "the hub cannot recover: " + (recovered ? "" : recovered.error().message));
  } catch (const os::PowerLoss&) {
  }
  if (!machine_.has_power()) hub_.reset();
}

void HubRemote::listen() {
  must(hub_->events.subscribe(project, last_heard_,
                              [this](const hub::Frame& frame) {
                                hear(*frame);
                                return true;
                              }),
       "listening");
}

// "id: 17\nevent: commit.integrated\ndata: {…}\n\n"
void HubRemote::hear(const std::string& frame) {
  constexpr std::size_t missed_one_in = 9;
  const auto line = [&](const std::string& name) {
    const std::size_t at = frame.find(name + ": ");
    return at == std::string::npos ? ""
                                   : frame.substr(at + name.size() + 2, frame.find('\n', at) - at - name.size() - 2);
  };
  if (line("id").empty()) return;
  const std::uint64_t sequence = std::stoull(line("id"));
  if (made_ == Break::drop_event && ++missed_ % missed_one_in == 0) return;
  if (made_ != Break::drop_event && sequence != last_heard_ + 1)
    heard_wrong_ = "event " + line("id") + " came after " + std::to_string(last_heard_);
  last_heard_ = sequence;
  const auto entry = event::read(line("data"));
  if (!entry) heard_wrong_ = "event " + line("id") + ": " + entry.error().message;
  if (!entry) return;
  heard_.push_back(entry->id);
  if (announce && entry->type == "commit.integrated") announce(CommitId::from_hex(entry->commit).value_or(CommitId{}));
}

std::vector<store::Lock> HubRemote::locks() { return must(hub_->locks.list(project), "the locks"); }

void HubRemote::note_locked() {
  watch_.locked.clear();
  for (const store::Lock& lock : locks()) watch_.locked[lock.target] = lock.holder;
}

void HubRemote::keep_up() {
  if (!hub_) return;
  try {
    for (const std::string& changed : hub_->events.take_changed()) static_cast<void>(hub_->audit.write(changed));
    static_cast<void>(hub_->locks.expire());
  } catch (const os::PowerLoss&) {
  }
  if (!machine_.has_power()) hub_.reset();
  look("");
}

std::optional<Answer> HubRemote::serve(const Request& request) {
  if (!hub_) return std::nullopt;
  std::optional<Answer> given;
  if (team_.locks_forbid && made_ != Break::two_owners) note_locked();
  try {
    auto answered = answer(request);
    given = answered ? *std::move(answered) : Answer{std::move(answered).error()};
  } catch (const os::PowerLoss&) {
  }
  look(request.login);
  if (machine_.has_power()) return given;
  hub_.reset();
  if (made_ != Break::ack_early || !std::holds_alternative<Push>(request.what)) return std::nullopt;
  Answer early;
  for (const git::RefCommand& command : std::get<Push>(request.what).commands) {
    early.pushed.refs.push_back({command.ref, ""});
    early.pushed.lines.push_back("aecos: integrated into develop as " + command.to.hex());
  }
  return early;
}

void HubRemote::look(const std::string& login) {
  require(heard_wrong_.empty(), heard_wrong_);
  const git::Repository repository = this->repository();
  watch_.look(repository, login);
}

Result<Answer> HubRemote::answer(const Request& request) {
  const std::string& login = made_ == Break::admit_all ? team_.members[0].login : request.login;
  AECOS_TRY_ASSIGN(const hub::Caller caller, hub_->accounts.by_secret(secrets_.at(login)));
  return std::visit([&](const auto& wish) { return answer(caller, wish); }, request.what);
}

Result<Answer> HubRemote::answer(const hub::Caller& caller, const ListRefs&) {
  AECOS_TRY_ASSIGN(const auto entry, hub_->projects.enter(caller, project, Need::write));
  AECOS_TRY_ASSIGN(const hub::OpenProject opened, hub_->projects.open(project));
  Answer answer;
  AECOS_TRY_ASSIGN(answer.refs, opened.repository.list_raw_refs());
  std::erase_if(answer.refs, [](const git::Ref& ref) { return ref.name.starts_with("refs/aecos/"); });
  return answer;
}

Result<Answer> HubRemote::answer(const hub::Caller& caller, const Push& push) {
  AECOS_TRY_ASSIGN(const auto entry, hub_->projects.enter(caller, project, Need::write));
  git::ReceiveRequest request;
  request.commands = push.commands;
  request.report_status = request.side_band = true;
  std::string_view rest = push.parcel;
  git::ByteReader reader([&](std::span<char> into) -> Result<std::size_t> {
    const std::string_view piece = rest.substr(0, into.size());
    std::copy(piece.begin(), piece.end(), into.begin());
    rest.remove_prefix(piece.size());
    return piece.size();
  });
  Answer answer;
  answer.pushed = hub_->receiver.receive(caller, entry, request, reader, [] { return false; });
  if (made_ == Break::apply_twice) integrate_again(push);
  return answer;
}

void HubRemote::integrate_again(const Push& push) {
  git::Repository repository = this->repository();
  const auto head = *repository.read_ref("refs/heads/develop");
  const CommitId pushed = push.commands.at(0).to;
  if (!head || head == pushed || !repository.has_object(pushed) || !*repository.is_ancestor(pushed, *head)) return;
  git::NewCommit twice{repository.read_commit(*head)->tree, {*head, pushed}, {"twice", "twice", 0, 0}, {}, "twice"};
  twice.committer = twice.author;
  must(repository.update_ref("refs/heads/develop", *head, must(repository.write_commit(twice), "twice"), ""), "twice");
}

Result<Answer> HubRemote::answer(const hub::Caller& caller, const Fetch& fetch) {
  AECOS_TRY_ASSIGN(const auto entry, hub_->projects.enter(caller, project, Need::read));
  AECOS_TRY_ASSIGN(const hub::OpenProject opened, hub_->projects.open(project));
  Answer answer;
  AECOS_TRY_ASSIGN(answer.tip, opened.repository.read_ref(fetch.ref));
  if (!answer.tip) return answer;
  AECOS_TRY_ASSIGN(answer.parcel, make_parcel(machine_.files, folder(), opened.repository, {*answer.tip}, fetch.haves));
  return answer;
}

Result<Answer> HubRemote::answer(const hub::Caller& caller, const AcquireLock& wish) {
  AECOS_TRY_ASSIGN(const auto entry, hub_->projects.enter(caller, project, Need::write));
  Answer answer;
  if (made_ == Break::two_owners) {
    store::Lock lock;
    lock.id = answer.lock = "l-" + os::random_hex(machine_.random, 8);
    lock.project = project;
    lock.kind = "path";
    lock.target = wish.path;
    lock.holder = caller.login();
    lock.acquired_us = machine_.clock.now_us();
    lock.expires_us = lock.acquired_us + wish.lease_s * 1'000'000;
    static_cast<void>(store_.write([&](store::Tables& tables) { return tables.add_lock(lock); }));
  } else {
    hub::Locks::Wish asked;
    asked.kind = "path";
    asked.target = wish.path;
    asked.lease_s = wish.lease_s;
    AECOS_TRY_ASSIGN(const hub::Locks::Taken taken, hub_->locks.acquire(entry, asked));
    if (taken.lock.holder == caller.login()) answer.lock = taken.lock.id;
  }
  judge_locks();
  return answer;
}

Result<Answer> HubRemote::answer(const hub::Caller& caller, const ReleaseLock& wish) {
  AECOS_TRY_ASSIGN(const auto entry, hub_->projects.enter(caller, project, Need::write));
  AECOS_TRY_ASSIGN(const store::Lock before, hub_->locks.find(project, wish.id));
  const auto released = hub_->locks.release(entry, wish.id, wish.force, "");
  const bool own = before.holder == caller.login();
  const bool may = own || (wish.force && team_.role_of(caller.login()) == Role::coordinator);
  require(!released || may || made_ == Break::admit_all, caller.login() + " broke the lock of " + before.holder);
  AECOS_TRY(released);
  return Answer{};
}

Result<Answer> HubRemote::answer(const hub::Caller& caller, const ProlongLock& wish) {
  AECOS_TRY_ASSIGN(const auto entry, hub_->projects.enter(caller, project, Need::write));
  AECOS_TRY_ASSIGN(const store::Lock lock, hub_->locks.heartbeat(entry, wish.id, 0));
  judge_locks();
  Answer answer;
  answer.lock = lock.id;
  return answer;
}

// Nothing is held by two at the same time.
void HubRemote::judge_locks() {
  const auto locks = this->locks();
  for (auto one = locks.begin(); one != locks.end(); ++one) {
    const auto other = std::find_if(std::next(one), locks.end(), [&](const store::Lock& each) {
      return each.holder != one->holder && overlap(*one, each);
    });
    if (other == locks.end()) continue;
    throw Violation(one->target + " is locked by " + one->holder + " and by " + other->holder);
  }
}

}  // namespace aecos::sim
