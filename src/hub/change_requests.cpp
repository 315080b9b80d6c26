#include "hub/change_requests.h"

#include <algorithm>

#include "check/waivers.h"
#include "git/receive.h"
#include "hub/answer.h"
#include "hub/checks.h"
#include "hub/validation.h"
#include "revision/integrate.h"

namespace aecos::hub {
namespace {

constexpr std::string_view heads = "refs/heads/";
constexpr std::size_t title_max = 200, text_max = 20'000, url_max = 2000;

// Others follow it by a click: none that runs a script.
bool is_web_address(std::string_view url) {
  const bool is_known = url.empty() || url.starts_with("https://") || url.starts_with("http://");
  return is_known && !url.ends_with("://") && is_line(url, url_max) && url.find(' ') == std::string_view::npos;
}

Result<CommitId> branch_of(OpenProject& project, const std::string& branch) {
  if (!git::is_well_formed_ref(std::string(heads) + branch)) return CommitId{};
  AECOS_TRY_ASSIGN(const auto commit, project.repository.read_ref(std::string(heads) + branch));
  return commit.value_or(CommitId{});
}

std::string name_of(const store::ChangeRequest& request) {
  return "change request " + std::to_string(request.number) + " (" + request.title + ")";
}

}  // namespace

event::Draft ChangeRequests::told(const std::string& type, const std::string& actor,
                                  const store::ChangeRequest& request, const std::string& summary) {
  event::Draft draft = events_.draft(request.project, type, actor);
  draft.subject = std::to_string(request.number);
  draft.branch = request.target;
  draft.summary = summary;
  draft.more = {{"author", text::json_quote(request.author)}};
  return draft;
}

Result<store::ChangeRequest> ChangeRequests::open(const Projects::Entry& entry, store::ChangeRequest wish) {
  if (wish.title.empty() || !is_line(wish.title, title_max) || !is_text(wish.text, text_max))
    return Error{ErrorCode::invalid_input,
                 "a change request has a title, one line of up to 200 characters, and a text of up to 20000"};
  AECOS_TRY_ASSIGN(OpenProject project, projects_.open(entry.row.name));
  for (const std::string* branch : {&wish.source, &wish.target}) {
    AECOS_TRY_ASSIGN(const CommitId commit, branch_of(project, *branch));
    if (!commit) return Error{ErrorCode::invalid_input, "there is no branch '" + *branch + "'"};
  }
  if (wish.source == wish.target) return Error{ErrorCode::invalid_input, "a branch cannot be merged into itself"};
  wish.project = entry.row.name;
  wish.author = entry.actor.login;
  wish.state = "open";
  wish.created_us = wish.updated_us = parts_.clock.now_us();
  store::ChangeRequest made;
  auto done = events_.commit_telling([&](store::Tables& tables) -> Result<std::vector<event::Draft>> {
    AECOS_TRY_ASSIGN(made, tables.add_change_request(wish));
    return std::vector{told("changeRequest.opened", wish.author, made, wish.author + " opened " + name_of(made))};
  });
  if (!done) return std::move(done).error();
  return made;
}

// What the hub itself would say if it were merged now; what it says then is what counts.
Result<> ChangeRequests::add_own(OpenProject& project, const store::ChangeRequest& request,
                                 const policy::BranchRule& rule, State& state) {
  const auto asks = [](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), validate_check) != names.end();
  };
  const bool required = asks(rule.checks);
  if ((!required && !asks(rule.advisory)) || request.state != "open" || !state.source || !state.target) return {};
  const std::string key =
      project.name + " " + state.source.hex() + " " + state.target.hex() + " " + check::day_of(parts_.clock.now_us());
  store::Check made{project.name, state.source.hex(), std::string(validate_check)};
  if (!foreseen(key, made)) {
    revision::Maker maker;
    maker.signature = {"aecos", "aecos@hub", 0, 0};
    maker.branch = request.target;
    AECOS_TRY_ASSIGN(const auto merged, revision::integrate(project.library(), state.target, state.source, "", maker));
    AECOS_TRY_ASSIGN(const TreeId tree, project.library().tree_of(merged.commit));
    const auto gate = validate_whole(parts_, projects_, project, tree);
    const bool passed = gate && gate->compared.fresh.empty() && gate->compared.fresh_untold == 0;
    made.state = passed ? "passed" : "failed";
    if (!gate) made.summary = "not made: " + gate.error().message;
    if (gate && !passed) made.summary = revision::in_words(gate->compared, false);
    made.time_us = parts_.clock.now_us();
    if (gate) keep_foreseen(key, made);  // What could not be made now may be made when it is asked for next.
  }
  state.checks.push_back(made);
  if (required && made.state != "passed")
    state.foreseen.push_back("check validate: " + made.summary.substr(0, made.summary.find('\n')));
  return {};
}

bool ChangeRequests::foreseen(const std::string& key, store::Check& made) {
  const std::lock_guard lock(mutex_);
  const auto known = foreseen_.find(key);
  if (known != foreseen_.end()) made = known->second;
  return known != foreseen_.end();
}

void ChangeRequests::keep_foreseen(const std::string& key, const store::Check& made) {
  constexpr std::size_t foreseen_max = 1000;
  const std::lock_guard lock(mutex_);
  if (foreseen_.size() >= foreseen_max) foreseen_.clear();
  foreseen_[key] = made;
}

Result<store::ChangeRequest> ChangeRequests::find(const std::string& project, std::uint64_t number) {
  std::optional<store::ChangeRequest> request;
  const Result<> done = parts_.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(request, tables.change_request(project, number));
    return {};
  });
  AECOS_TRY(done);
  if (!request) return Error{ErrorCode::not_found, "there is no change request " + std::to_string(number)};
  return *std::move(request);
}

Result<ChangeRequests::State> ChangeRequests::state(const Projects::Entry& entry, const store::ChangeRequest& request) {
  AECOS_TRY_ASSIGN(State state, look(entry, request));
  AECOS_TRY_ASSIGN(OpenProject project, projects_.open(entry.row.name));
  AECOS_TRY(add_own(project, request, policy::rule_for(entry.standing->roles, request.target), state));
  return state;
}

Result<ChangeRequests::State> ChangeRequests::look(const Projects::Entry& entry, const store::ChangeRequest& request) {
  State state;
  AECOS_TRY_ASSIGN(OpenProject project, projects_.open(entry.row.name));
  AECOS_TRY_ASSIGN(state.source, branch_of(project, request.source));
  AECOS_TRY_ASSIGN(state.target, branch_of(project, request.target));
  const Result<> done = parts_.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(state.approvals, tables.approvals(request.project, request.number));
    AECOS_TRY_ASSIGN(state.checks, tables.checks(request.project, state.source.hex()));
    return {};
  });
  AECOS_TRY(done);
  if (request.state != "open") state.missing.push_back("it is " + request.state);
  if (!state.source) state.missing.push_back("the branch " + request.source + " is gone");
  if (!state.target) state.missing.push_back("the branch " + request.target + " is gone");
  const policy::BranchRule rule = policy::rule_for(entry.standing->roles, request.target);
  std::size_t approved = 0;
  for (const store::Approval& approval : state.approvals) {
    // What was approved is what was looked at: a push after it asks for another look.
    const bool holds = approval.commit == state.source.hex();
    approved += holds && approval.verdict == "approved" && approval.login != request.author;
    if (holds && approval.verdict != "approved") state.missing.push_back(approval.login + " asks for changes");
  }
  if (approved < rule.approvals)
    state.missing.push_back(std::to_string(rule.approvals - approved) + " more approval" +
                            (rule.approvals - approved == 1 ? "" : "s"));
  for (const std::string& name : rule.checks) {
    if (is_own_check(name)) continue;  // Made when it is merged.
    const auto found =
        std::find_if(state.checks.begin(), state.checks.end(), [&](const auto& each) { return each.name == name; });
    if (found == state.checks.end() || found->state != "passed")
      state.missing.push_back("check " + name +
                              (found == state.checks.end() ? " was not reported" : " is " + found->state));
  }
  return state;
}

Result<store::Approval> ChangeRequests::approve(const Projects::Entry& entry, std::uint64_t number,
                                                const std::string& verdict, const std::string& text) {
  if (verdict != "approved" && verdict != "changes-requested")
    return Error{ErrorCode::invalid_input, "a verdict is approved or changes-requested"};
  if (!is_text(text, text_max)) return Error{ErrorCode::invalid_input, "the text has up to 20000 characters"};
  AECOS_TRY_ASSIGN(const store::ChangeRequest request, find(entry.row.name, number));
  if (request.state != "open") return Error{ErrorCode::invalid_input, name_of(request) + " is " + request.state};
  if (!policy::may_approve(entry.standing->roles, entry.actor, request.target))
    return Error{ErrorCode::denied, entry.actor.login + " may not approve changes of " + request.target};
  if (request.author == entry.actor.login && verdict == "approved")
    return Error{ErrorCode::denied, "nobody approves their own change request"};
  AECOS_TRY_ASSIGN(const State now, look(entry, request));
  store::Approval approval{entry.row.name, number, entry.actor.login,    now.source.hex(),
                           verdict,        text,   parts_.clock.now_us()};
  const std::string summary =
      entry.actor.login + (verdict == "approved" ? " approved " : " asks for changes of ") + name_of(request);
  auto done = events_.commit({told(verdict == "approved" ? "changeRequest.approved" : "changeRequest.changesRequested",
                                   entry.actor.login, request, summary)},
                             [&](store::Tables& tables) { return tables.set_approval(approval); });
  if (!done) return std::move(done).error();
  return approval;
}

Result<store::Check> ChangeRequests::report(const Projects::Entry& entry, store::Check check) {
  const bool known = check.state == "passed" || check.state == "failed" || check.state == "pending";
  const auto commit = CommitId::from_hex(check.commit);
  if (!known || check.name.empty() || !is_line(check.name, title_max) || !is_text(check.summary, text_max) || !commit)
    return Error{ErrorCode::invalid_input, "a check has a commit, a name, and a state: passed, failed or pending"};
  if (!is_web_address(check.url)) return Error{ErrorCode::invalid_input, "url: an http or https address is wanted"};
  if (is_own_check(check.name))
    return Error{ErrorCode::denied, "the check " + check.name + " is made by the hub itself"};
  check.commit = commit->hex();
  check.project = entry.row.name;
  check.reporter = entry.actor.login;
  check.time_us = parts_.clock.now_us();
  event::Draft draft = events_.draft(check.project, "check." + check.state, check.reporter);
  draft.subject = check.name;
  draft.commit = check.commit;
  draft.summary = "Check " + check.name + ": " + check.state + (check.summary.empty() ? "" : ": " + check.summary);
  auto done = events_.commit({draft}, [&](store::Tables& tables) { return tables.set_check(check); });
  if (!done) return std::move(done).error();
  return check;
}

Result<store::ChangeRequest> ChangeRequests::merge(const Projects::Entry& entry, const Caller& caller,
                                                   std::uint64_t number) {
  AECOS_TRY_ASSIGN(store::ChangeRequest request, find(entry.row.name, number));
  AECOS_TRY_ASSIGN(const State now, look(entry, request));
  if (!now.missing.empty()) {
    std::string text = name_of(request) + " cannot be merged yet";
    for (const std::string& what : now.missing) text += (&what == &now.missing.front() ? ": " : ", ") + what;
    return Error{ErrorCode::denied, text};
  }
  Offer offer{entry.row.name, request.target, now.source, entry.actor, caller.user.name, caller.user.email};
  if (offer.name.empty()) offer.name = caller.login();
  if (offer.email.empty()) offer.email = caller.login() + "@hub";
  offer.through = policy::Through::change_request;
  offer.change_request = number;
  AECOS_TRY_ASSIGN(const Integrated done, integrator_.integrate(offer));
  request.state = "merged";
  request.merged_commit = done.commit.hex();
  request.merged_by = caller.login();
  request.updated_us = parts_.clock.now_us();
  auto told_it = events_.commit(
      {told("changeRequest.merged", caller.login(), request, caller.login() + " merged " + name_of(request))},
      [&](store::Tables& tables) { return tables.update_change_request(request); });
  if (!told_it) return std::move(told_it).error();
  return request;
}

Result<store::ChangeRequest> ChangeRequests::close(const Projects::Entry& entry, std::uint64_t number) {
  AECOS_TRY_ASSIGN(store::ChangeRequest request, find(entry.row.name, number));
  if (request.state != "open") return Error{ErrorCode::invalid_input, name_of(request) + " is " + request.state};
  if (request.author != entry.actor.login && !policy::may_approve(entry.standing->roles, entry.actor, request.target) &&
      !entry.access.manage)
    return Error{ErrorCode::denied, entry.actor.login + " may not close " + name_of(request)};
  request.state = "closed";
  request.updated_us = parts_.clock.now_us();
  auto done = events_.commit(
      {told("changeRequest.closed", entry.actor.login, request, entry.actor.login + " closed " + name_of(request))},
      [&](store::Tables& tables) { return tables.update_change_request(request); });
  if (!done) return std::move(done).error();
  return request;
}

}  // namespace aecos::hub
