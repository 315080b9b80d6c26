#include "sim/plain_remote.h"

#include "git/hosting.h"
#include "sim/parcel.h"
#include "sim/violation.h"

namespace aecos::sim {
namespace {

constexpr const char* folder = "/srv/house.git";

}  // namespace

PlainRemote::PlainRemote(Time& time, std::uint64_t seed, const Team& team, Break made)
    : made_(made), machine_(time, seed), watch_(team, false) {
  must(git::create_bare(machine_.files, folder, "develop"), "a bare repository");
}

git::Repository PlainRemote::repository() {
  return must(git::Repository::open_in(machine_.disk, {folder}), "the remote's repository");
}

void PlainRemote::crash() {
  machine_.cut_power();
  up_ = false;
}

void PlainRemote::restart() {
  machine_.files.restart();
  up_ = true;
}

std::optional<Answer> PlainRemote::serve(const Request& request) {
  if (!up_) return std::nullopt;
  std::optional<Answer> given;
  try {
    auto answered = answer(request);
    given = answered ? *std::move(answered) : Answer{std::move(answered).error()};
  } catch (const os::PowerLoss&) {
  }
  watch_.look(repository(), request.login);
  if (machine_.has_power()) return given;
  up_ = false;
  return std::nullopt;
}

Result<Answer> PlainRemote::answer(const Request& request) {
  if (const Push* push = std::get_if<Push>(&request.what)) return take(*push);
  AECOS_TRY_ASSIGN(const git::Repository repository, git::Repository::open_in(machine_.files, {folder}));
  Answer answer;
  if (const Fetch* fetch = std::get_if<Fetch>(&request.what)) {
    AECOS_TRY_ASSIGN(answer.tip, repository.read_ref(fetch->ref));
    if (!answer.tip) return answer;
    AECOS_TRY_ASSIGN(answer.parcel, make_parcel(machine_.files, folder, repository, {*answer.tip}, fetch->haves));
    return answer;
  }
  AECOS_TRY_ASSIGN(answer.refs, repository.list_raw_refs());
  return answer;
}

Result<Answer> PlainRemote::take(const Push& push) {
  AECOS_TRY(unpack_parcel(machine_.files, std::string(folder) + "/objects", push.parcel));
  AECOS_TRY_ASSIGN(git::Repository repository, git::Repository::open_in(machine_.files, {folder}));
  Answer answer;
  for (const git::RefCommand& command : push.commands) {
    AECOS_TRY_ASSIGN(std::string problem, move(repository, command));
    answer.pushed.refs.push_back({command.ref, std::move(problem)});
  }
  return answer;
}

// Why not; empty: it was moved.
Result<std::string> PlainRemote::move(git::Repository& repository, const git::RefCommand& command) const {
  AECOS_TRY_ASSIGN(const auto now, repository.read_ref(command.ref));
  const bool as_expected = now.value_or(CommitId{}) == command.from;
  if (!as_expected && made_ != Break::break_cas) return std::string("failed to update ref");
  auto moved = repository.update_ref(command.ref, now, command.to, "push");
  if (moved) return std::string();
  if (moved.error().code == ErrorCode::changed_meanwhile) return std::string("failed to update ref");
  return std::move(moved).error();
}

}  // namespace aecos::sim
