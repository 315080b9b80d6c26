#include "hub/forges.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <sstream>

#include "base/sha256.h"
#include "forge/comment.h"
#include "hub/forge_order.h"
#include "hub/forge_report.h"
#include "hub/signature.h"
#include "text/json_writer.h"

namespace aecos::hub {
namespace {

using forge::Delivery;
using What = Delivery::What;

constexpr std::int64_t second_us = 1'000'000;
constexpr std::int64_t refusals_every_us = 60 * second_us, list_every_us = 30 * second_us;
constexpr std::size_t jobs_max = 1000, listed_max = 100, looked_at_max = 20;
constexpr int attempts_max = 5;
constexpr std::int64_t list_timeout_ms = 5000;  // Of one call; somebody waits for it.
constexpr std::int64_t first_wait_s = 10;

std::string quoted(const std::string& text) { return text::json_quote(text); }

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::istringstream stream(text);
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

// Whoever may write forge.json must not be able to have the token sent to a machine of theirs.
bool is_trusted(const forge::Settings& settings, const std::vector<std::string>& allowed) {
  if (settings.api == forge::default_api(settings.kind)) return true;
  const std::string host = forge::host_of(settings.api);
  const std::size_t colon = host.rfind(':');
  const bool has_port = colon != std::string::npos && host.find(']', colon) == std::string::npos;
  const std::string bare = has_port ? host.substr(0, colon) : host;
  return std::any_of(allowed.begin(), allowed.end(), [&](const std::string& entry) {
    return entry == host || entry == bare || entry + ":443" == host || entry == host + ":443";
  });
}

std::string type_of(const Delivery& delivery) {
  switch (delivery.what) {
    case What::push:
      return "forge.push";
    case What::pull_request:
      return "pullRequest." + delivery.action;
    case What::review:
      return "pullRequest.reviewed";
    case What::team:
      return "team.changed";
    case What::other:
      break;
  }
  return "";
}

std::string summary_of(const Delivery& delivery) {
  const std::string who = delivery.actor.empty() ? "Somebody" : delivery.actor;
  const std::string request = "pull request " + std::to_string(delivery.number) + " (" + delivery.title + ")";
  switch (delivery.what) {
    case What::push:
      return who +
             (delivery.after.empty()    ? " removed the branch "
              : delivery.before.empty() ? " made the branch "
                                        : " pushed to ") +
             delivery.branch;
    case What::pull_request:
      return who + " " + delivery.action + " " + request;
    case What::review:
      return (delivery.member.empty() ? who : delivery.member) +
             (delivery.action == "approved"            ? " approved "
              : delivery.action == "changes-requested" ? " asks for changes of "
              : delivery.action == "dismissed"         ? " takes back the review of "
                                                       : " commented on ") +
             request;
    case What::team:
      if (delivery.member.empty()) return "The team " + delivery.team + " was changed";
      return delivery.member +
             (delivery.action == "added"     ? " came to "
              : delivery.action == "removed" ? " left "
                                             : " has other rights in ") +
             "the team " + delivery.team;
    case What::other:
      break;
  }
  return "";
}

bool is_ancestor(const git::Repository& repository, const std::string& older, const std::string& newer) {
  const auto a = CommitId::from_hex(older), b = CommitId::from_hex(newer);
  if (!a || !b || !repository.has_object(*a) || !repository.has_object(*b)) return false;
  const auto is_inside = repository.is_ancestor(*a, *b);
  return is_inside && *is_inside;
}

// Those that can be read.
std::vector<std::string> all_projects(store::Store& store) {
  constexpr std::size_t at_once = 500;
  std::vector<std::string> names;
  const auto more = [&](store::Tables& tables) -> Result<bool> {
    AECOS_TRY_ASSIGN(const auto rows, tables.projects(names.empty() ? "" : names.back(), at_once));
    for (const store::Project& row : rows) names.push_back(row.name);
    return rows.size() == at_once;
  };
  for (bool goes_on = true; goes_on;) {
    goes_on = false;
    const Result<> read = store.read([&](store::Tables& tables) -> Result<> {
      AECOS_TRY_ASSIGN(goes_on, more(tables));
      return {};
    });
    if (!read) break;
  }
  return names;
}

Error no_forge(const std::string& project) {
  return {ErrorCode::not_found, "there is no forge for " + project + " here"};
}

// Of a team, GitHub says neither when nor what was before, so that the same text may be told twice and be true twice.
bool is_text_told_once(const Delivery& delivery) { return delivery.what != What::team; }

}  // namespace

Result<forge::Settings> Forges::settings(const std::string& project) {
  const Error none = no_forge(project);
  if (!is_project_name(project)) return none;
  std::optional<store::Project> row;
  const Result<> done = parts_.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(row, tables.project(project));
    return {};
  });
  AECOS_TRY(done);
  if (!row || row->archived) return none;
  AECOS_TRY_ASSIGN(OpenProject opened, projects_.open(project));
  AECOS_TRY_ASSIGN(const auto standing, projects_.standing(opened));
  AECOS_TRY_ASSIGN(const TreeId tree, opened.library().tree_of(standing->head));
  if (!tree) return none;
  AECOS_TRY_ASSIGN(const auto entry, opened.repository.find_entry(tree, std::string(forge::settings_path)));
  if (!entry || !entry->is_regular()) return none;
  AECOS_TRY_ASSIGN(const std::string json, opened.repository.read_blob(entry->id));
  auto settings = forge::parse_settings(json);
  if (settings) return settings;
  return Error{ErrorCode::invalid_input, std::string(forge::settings_path) + ":" + settings.error().message};
}

// --- what the forge tells

Result<> Forges::refuse(const std::string& project, const forge::Settings& settings, const std::string& why) {
  const std::int64_t now_us = parts_.clock.now_us();
  std::uint64_t count = 0;
  {
    const std::lock_guard lock(mutex_);
    Refusals& refusals = refusals_[project];
    ++refusals.untold;
    if (refusals.told_us != 0 && now_us - refusals.told_us < refusals_every_us) return {};
    count = std::exchange(refusals.untold, 0);
    refusals.told_us = now_us;
  }
  event::Draft draft = events_.draft(project, "forge.refused", "");
  draft.subject = settings.repository;
  draft.summary = (count == 1 ? "A delivery" : std::to_string(count) + " deliveries") + " in the name of " +
                  std::string(forge::name_of(settings.kind)) + " refused: " + why;
  draft.more = {{"forge", quoted(std::string(forge::to_string(settings.kind)))},
                {"refused", std::to_string(count)},
                {"why", quoted(why)}};
  const auto told = events_.commit({draft});
  return told ? Result<>() : Result<>(told.error());
}

event::Draft Forges::draft_of(const std::string& project, const forge::Settings& settings, const Delivery& delivery) {
  event::Draft draft = events_.draft(project, type_of(delivery), "");
  const std::string forge(forge::to_string(settings.kind));
  // Logins of a forge are not those of the hub, where nobody's has a colon.
  if (!delivery.actor.empty()) draft.actor = forge + ":" + delivery.actor;
  draft.summary = summary_of(delivery);
  draft.more = {{"forge", quoted(forge)}, {"repository", quoted(settings.repository)}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) draft.more.emplace_back(name, quoted(value));
  };
  add("url", delivery.url);
  if (delivery.what == What::team) {
    draft.subject = delivery.team;
    add("member", delivery.member);
    add("change", delivery.action);
    return draft;
  }
  draft.branch = delivery.target.empty() ? delivery.branch : delivery.target;
  draft.subject = delivery.what == What::push ? delivery.branch : std::to_string(delivery.number);
  if (CommitId::from_hex(delivery.after)) draft.commit = delivery.after;  // Not those of SHA-256.
  if (CommitId::from_hex(delivery.before)) add("before", delivery.before);
  if (delivery.what == What::push) return draft;
  add("source", delivery.branch);
  add("title", delivery.title);
  add("openedBy", delivery.author);
  add("state", delivery.state);
  if (delivery.what == What::review) {
    add("reviewer", delivery.member);
    add("verdict", delivery.action);
  }
  return draft;
}

Result<Forges::Received> Forges::receive(const std::string& project, const http::Headers& headers,
                                         std::string_view body) {
  const auto found = settings(project);
  if (!found && found.error().code == ErrorCode::invalid_input) {  // Who asks has not shown who they are.
    parts_.log.write(Level::warn, "a delivery of a forge cannot be taken",
                     {{"project", project}, {"why", found.error().message}});
    return no_forge(project);
  }
  if (!found) return found.error();
  const forge::Settings& known = *found;
  const auto secret = secrets_.get(project, known.webhook);
  if (!secret && secret.error().code != ErrorCode::not_found) return secret.error();
  const std::int64_t now_s = parts_.clock.now_us() / second_us;
  const auto delivery = forge::read_delivery(known.kind, headers, body, secret ? *secret : "", now_s);
  if (!delivery && delivery.error().code == ErrorCode::denied) {
    AECOS_TRY(
        refuse(project, known, secret ? delivery.error().message : "the secret " + known.webhook + " is not set"));
    return Error{ErrorCode::denied, "the delivery is not signed with the secret that is known here"};
  }
  if (!delivery) return delivery.error();
  if (delivery->what == What::other) return Received{false, "nothing here has to do with " + delivery->event};
  const auto lower = [](std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
  };
  if (delivery->what != What::team && lower(delivery->repository) != lower(known.repository))
    return Received{false, "it is about another repository than " + known.repository};
  return keep(project, known, *delivery, body);
}

Result<Forges::Received> Forges::keep(const std::string& project, const forge::Settings& known,
                                      const Delivery& delivery, std::string_view body) {
  const std::string prefix = "forge " + project + " ";
  std::vector<std::string> keys{prefix + "id " + delivery.id};
  if (is_text_told_once(delivery)) keys.push_back(prefix + "text " + sha256_hex(body));
  const std::int64_t now_us = parts_.clock.now_us();
  const Received again{false, "it was told before"};
  Received received;
  AECOS_TRY_ASSIGN(const OpenProject opened, projects_.open(project));
  const auto is_inside = [&](const std::string& older, const std::string& newer) {
    return is_ancestor(opened.repository, older, newer);
  };
  const event::Draft draft = draft_of(project, known, delivery);
  auto stored = events_.commit_telling([&](store::Tables& tables) -> Result<std::vector<event::Draft>> {
    received = again;
    for (const std::string& key : keys) {
      AECOS_TRY_ASSIGN(const auto answer, tables.answer(key));
      if (answer) return std::vector<event::Draft>{};
    }
    for (const std::string& key : keys) AECOS_TRY(tables.keep_answer(key, "taken", now_us));
    AECOS_TRY_ASSIGN(const std::string newer, note_order(tables, project, delivery, is_inside));
    received.note = newer;
    if (!newer.empty()) return std::vector<event::Draft>{};
    received.is_new = true;
    return std::vector{draft};
  });
  if (!stored && stored.error().code == ErrorCode::changed_meanwhile) return again;  // At the same time.
  if (!stored) return std::move(stored).error();
  if (stored->empty()) return received;
  received.sequence = stored->front().sequence;
  received.note = "taken";
  if (delivery.what == What::pull_request && delivery.state == "open") enqueue({project, delivery, 0, 0});
  return received;
}

// --- what the forge is told

Result<std::string> Forges::app_token(http::Client& client, const std::string& project, const forge::Settings& known,
                                      forge::Access access) {
  constexpr std::int64_t renewed_before_s = 300;
  {
    const std::lock_guard lock(mutex_);
    const auto kept = tokens_.find(project);
    if (kept != tokens_.end() && kept->second.settings == known &&
        kept->second.made.until_s > access.now_s + renewed_before_s)
      return kept->second.made.token;
  }
  const std::string claims = forge::app_claims(known.app, access.now_s);
  AECOS_TRY_ASSIGN(const std::string key, secrets_.get(project, known.token));
  const auto signature = sign_rs256(key, claims);
  if (!signature)
    return Error{ErrorCode::invalid_input, "the secret " + known.token + ": " + signature.error().message};
  access.token = forge::app_statement(claims, *signature);
  AECOS_TRY_ASSIGN(forge::AppToken made, forge::installation_token(access, client, known.installation));
  const std::lock_guard lock(mutex_);
  tokens_[project] = {known, made};
  return made.token;
}

Result<forge::Access> Forges::access(http::Client& client, const std::string& project, const forge::Settings& known) {
  const std::vector<std::string> allowed = words_of(parts_.config.notify_allowed);
  if (!is_trusted(known, allowed))
    return Error{ErrorCode::denied, "the token is not sent to " + forge::host_of(known.api) +
                                        ", which the hub's administrator has not named in notify.allow"};
  forge::Access access;
  access.kind = known.kind;
  access.repository = known.repository;
  access.api = known.api;
  http::OutgoingRule rule;
  rule.allowed_hosts = allowed;
  access.guard = http::guard_by(rule);
  access.now_s = parts_.clock.now_us() / second_us;
  auto token = known.app.empty() ? secrets_.get(project, known.token) : app_token(client, project, known, access);
  AECOS_TRY_ASSIGN(access.token, std::move(token));
  return access;
}

Result<Forges::Listed> Forges::pull_requests(const std::string& project, const forge::Settings& known) {
  const std::int64_t now_us = parts_.clock.now_us();
  Listed listed;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = listed_.find(project); found != listed_.end()) listed = found->second;
    if (listed.asked_us != 0 && now_us < listed.asked_us + list_every_us) return listed;
    listed.asked_us = now_us;
    listed_[project] = listed;  // Who asks meanwhile gets what was known.
  }
  const auto client = http::make_client(parts_.config.ca_file);
  const auto ask = [&]() -> Result<> {
    AECOS_TRY_ASSIGN(forge::Access how, access(*client, project, known));
    how.timeout_ms = list_timeout_ms;
    const auto forge = forge::connect(how, *client);
    auto requests = forge->open_pull_requests(listed_max, looked_at_max);
    listed.asked_us += std::max<std::int64_t>(0, forge->wait_s() * second_us - list_every_us);
    if (!requests) return std::move(requests).error();
    listed.requests = *std::move(requests);
    return {};
  };
  const Result<> done = ask();
  listed.fault = done ? "" : done.error().message;
  const std::lock_guard lock(mutex_);
  listed_[project] = listed;
  return listed;
}

Result<std::vector<std::string>> Forges::members(const std::string& project, const forge::Settings& known,
                                                 const std::string& team) {
  const auto client = http::make_client(parts_.config.ca_file);
  AECOS_TRY_ASSIGN(const forge::Access how, access(*client, project, known));
  return forge::connect(how, *client)->members(team);
}

void Forges::enqueue(Job job) {
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(jobs_, [&](const Job& each) { return is_same(each, job); });
    if (jobs_.size() >= jobs_max) return;
    jobs_.push_back(std::move(job));
  }
  changed_.notify_all();
}

// What was delivered meanwhile is newer.
void Forges::add_missed(Job job) {
  const std::lock_guard lock(mutex_);
  const bool is_there = std::any_of(jobs_.begin(), jobs_.end(), [&](const Job& each) { return is_same(each, job); });
  if (!is_there && jobs_.size() < jobs_max) jobs_.push_back(std::move(job));
}

Result<> Forges::start(const std::string& hub_url) {
  hub_url_ = hub_url;
  worker_ = std::thread([this] { run(); });
  return {};
}

void Forges::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
    if (at_work_ != nullptr) at_work_->cancel();
  }
  changed_.notify_all();
  if (worker_.joinable()) worker_.join();
}

void Forges::catch_up(http::Client& client) {
  for (const std::string& project : all_projects(parts_.store)) {
    const auto known = settings(project);
    if (!known) continue;
    const auto how = access(client, project, *known);
    if (!how) continue;
    const auto requests = forge::connect(*how, client)->open_pull_requests(listed_max, 0);
    if (!requests) {
      parts_.log.write(Level::warn, "a forge's pull requests could not be asked for",
                       {{"project", project}, {"why", requests.error().message}});
      continue;
    }
    for (const forge::PullRequest& request : *requests) {
      Delivery delivery;
      delivery.what = What::pull_request;
      delivery.number = request.number;
      delivery.branch = request.source;
      delivery.target = request.target;
      delivery.after = request.commit;
      add_missed({project, delivery, 0, attempts_max - 1});
    }
  }
}

void Forges::run() {
  const auto client = http::make_client(parts_.config.ca_file);
  std::unique_lock lock(mutex_);
  at_work_ = client.get();
  lock.unlock();
  catch_up(*client);
  lock.lock();
  while (!is_ending_) {
    const std::int64_t now_us = parts_.clock.now_us();
    const auto due = std::find_if(jobs_.begin(), jobs_.end(), [&](const Job& job) { return job.due_us <= now_us; });
    if (due == jobs_.end()) {
      changed_.wait_for(lock, std::chrono::seconds(1));
      continue;
    }
    Job job = std::move(*due);
    jobs_.erase(due);
    lock.unlock();
    const std::int64_t wait_s = work(*client, job);
    lock.lock();
    const bool is_replaced =
        std::any_of(jobs_.begin(), jobs_.end(), [&](const Job& each) { return is_same(each, job); });
    if (wait_s == 0 || is_replaced || ++job.attempts >= attempts_max) continue;
    job.due_us = parts_.clock.now_us() + wait_s * second_us;
    jobs_.push_back(std::move(job));
  }
  at_work_ = nullptr;
}

std::int64_t Forges::work(http::Client& client, const Job& job) {
  std::int64_t wait_s = 0;
  const Result<> done = report(client, job, wait_s);
  if (done) return 0;
  parts_.log.write(
      Level::warn, "a pull request could not be reported on",
      {{"project", job.project}, {"number", std::to_string(job.delivery.number)}, {"why", done.error().message}});
  if (done.error().code != ErrorCode::unavailable) return 0;
  return wait_s > 0 ? wait_s : first_wait_s << static_cast<unsigned>(2 * job.attempts);
}

Result<> Forges::report(http::Client& client, const Job& job, std::int64_t& wait_s) {
  const Delivery& delivery = job.delivery;
  const auto known = settings(job.project);
  if (!known && known.error().code == ErrorCode::not_found) return {};
  if (!known) return known.error();
  AECOS_TRY_ASSIGN(const forge::Access how, access(client, job.project, *known));
  AECOS_TRY_ASSIGN(OpenProject project, projects_.open(job.project));
  CommitId target = CommitId::from_hex(delivery.before).value_or(CommitId{});
  const CommitId source = CommitId::from_hex(delivery.after).value_or(CommitId{});
  if (!target || !project.repository.has_object(target)) {
    AECOS_TRY_ASSIGN(const auto head, project.repository.read_ref("refs/heads/" + delivery.target));
    target = head.value_or(CommitId{});
  }
  if (!has_both(project, target, source))
    return Error{ErrorCode::unavailable, "its commits are not in the hub's repository; they may come yet"};
  AECOS_TRY_ASSIGN(forge::Report report, report_of(project, target, source));
  report.source = delivery.branch;
  report.target = delivery.target;
  if (!hub_url_.empty())
    report.url = hub_url_ + "/projects/" + job.project + "/pull-requests/" + std::to_string(delivery.number);
  forge::Status status;
  status.state = report.conflicts_in_all == 0 ? forge::Status::State::success : forge::Status::State::failure;
  status.summary = forge::status_line_of(report);
  status.url = report.url;
  const auto forge = forge::connect(how, client);
  Result<> done = forge->set_status(delivery.after, status);
  if (done) done = forge->keep_comment(delivery.number, forge::marker_of(job.project), forge::comment_of(report));
  wait_s = forge->wait_s();
  return done;
}

}  // namespace aecos::hub
