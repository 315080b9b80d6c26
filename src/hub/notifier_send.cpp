// What the notifier sends, and to where.

#include <algorithm>
#include <sstream>

#include "hub/notifier.h"

namespace aecos::hub {
namespace {

using Verdict = notify::Outcome::Verdict;

constexpr std::int64_t timeout_ms = 20'000, connect_timeout_ms = 5'000;

http::OutgoingRule rule_of(const Config& config) {
  http::OutgoingRule rule;
  std::istringstream words(config.notify_allowed);
  for (std::string word; words >> word;) rule.allowed_hosts.push_back(word);
  return rule;
}

notify::Outcome again(const std::string& why) {
  notify::Outcome outcome;
  outcome.verdict = Verdict::again;
  outcome.why = why;
  return outcome;
}

Result<std::vector<event::Entry>> read_all(const std::vector<store::Event>& events) {
  std::vector<event::Entry> entries;
  for (const store::Event& event : events) {
    AECOS_TRY_ASSIGN(event::Entry entry, event::read(event.json));
    entries.push_back(std::move(entry));
  }
  return entries;
}

// Right of the @ in the ids of mails.
std::string host_of(const std::string& url) {
  const std::size_t start = url.find("://") == std::string::npos ? 0 : url.find("://") + 3;
  return url.substr(start, url.find_first_of(":/", start) - start);
}

std::int64_t to_ms(std::int64_t time_us) { return time_us / 1000; }

}  // namespace

Result<std::vector<std::string>> Notifier::addresses_of(const std::string& project,
                                                        const std::vector<std::string>& to) {
  AECOS_TRY_ASSIGN(const auto known, standing(project));
  std::set<std::string> addresses;
  std::set<std::string> people;
  std::vector<store::Grant> grants;
  const Result<> done = parts_.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(grants, tables.grants(project));
    return {};
  });
  AECOS_TRY(done);
  for (const std::string& each : to) {
    if (each.find('@') != std::string::npos)
      addresses.insert(each);
    else
      add_people(each, *known, grants, people);
  }
  for (const std::string& login : people) {
    std::optional<store::User> user;
    const Result<> read = parts_.store.read([&](store::Tables& tables) -> Result<> {
      AECOS_TRY_ASSIGN(user, tables.user(login));
      return {};
    });
    AECOS_TRY(read);
    if (user && user->disabled) continue;
    if (user && !user->email.empty()) {
      addresses.insert(user->email);
    } else if (known->roles) {
      const auto member = known->roles->members.find(login);
      if (member != known->roles->members.end() && !member->second.email.empty())
        addresses.insert(member->second.email);
    }
  }
  if (addresses.empty()) return Error{ErrorCode::invalid_input, "nobody the mail would go to has an address"};
  return std::vector<std::string>(addresses.begin(), addresses.end());
}

Result<notify::Target> Notifier::target_of(const std::string& project, const routing::Channel& channel) {
  notify::Target target;
  AECOS_TRY_ASSIGN(target.kind, notify::kind_of(channel.kind));
  target.url = channel.url;
  if (!channel.secret.empty()) {
    AECOS_TRY_ASSIGN(target.url, secrets_.get(project, channel.secret));
  }
  if (!channel.signing.empty()) {
    AECOS_TRY_ASSIGN(std::string signing, secrets_.get(project, channel.signing));
    target.secrets.push_back(std::move(signing));
    // While it is being replaced, receivers know either.
    if (auto former = secrets_.get(project, channel.signing + "-former")) target.secrets.push_back(*std::move(former));
  }
  if (channel.form == "card") target.teams_form = notify::TeamsForm::card;
  target.thread_id = channel.thread;
  if (target.kind == notify::Kind::mail) {
    if (parts_.config.mail_server.empty())
      return Error{ErrorCode::invalid_input, "the hub has no mail server; set mail.server and mail.from"};
    target.mail_from = parts_.config.mail_from;
    AECOS_TRY_ASSIGN(target.mail_to, addresses_of(project, channel.to));
  }
  AECOS_TRY(notify::check(target));
  return target;
}

notify::Outcome Notifier::send(Lane& lane, const routing::Channel& channel, const std::vector<store::Event>& events) {
  const auto target = target_of(lane.name.project, channel);
  if (!target) return again(target.error().message);
  const auto entries = read_all(events);
  if (!entries) return again(entries.error().message);
  std::vector<event::Story> stories;
  if (target->kind == notify::Kind::mail && channel.digest) {
    for (const event::Entry& entry : *entries) stories.push_back(event::story_of({&entry, 1}, hub_url_));
  } else {
    stories.push_back(event::story_of(*entries, hub_url_));
  }
  const notify::Outcome outcome = send_stories(*lane.client, *target, stories, events.back().json);
  if (outcome.verdict == Verdict::delivered) {
    const std::lock_guard lock(mutex_);
    counts_.delivered += events.size();
  }
  return outcome;
}

notify::Outcome Notifier::send_stories(http::Client& client, const notify::Target& target,
                                       const std::vector<event::Story>& stories, const std::string& event_json) {
  const std::string host = host_of(hub_url_);
  notify::Sending sending;
  sending.id = stories.front().id;
  sending.time_ms = to_ms(parts_.clock.now_us());
  sending.event_json = event_json;
  if (!host.empty()) sending.hub_name = host;
  if (target.kind == notify::Kind::mail) {
    const auto mail = notify::render_mail(target, stories, sending);
    if (!mail) return notify::judge_failure(target, mail.error());
    http::MailServer server;
    server.url = parts_.config.mail_server;
    server.user = parts_.config.mail_user;
    server.ca_file = parts_.config.mail_ca_file;
    server.may_be_plain = parts_.config.mail_plain;
    if (!parts_.config.mail_password_file.empty()) {
      const auto password = parts_.files.read(parts_.config.mail_password_file);
      if (!password) return again("the mail server's password cannot be read");
      server.password = password->substr(0, password->find_first_of("\r\n"));
    }
    const auto answer = http::send_mail(server, *mail);
    return answer ? notify::judge(*answer) : notify::judge_failure(target, answer.error());
  }
  auto call = notify::render(target, stories.front(), sending);
  if (!call) return notify::judge_failure(target, call.error());
  call->timeout_ms = timeout_ms;
  call->connect_timeout_ms = connect_timeout_ms;
  call->guard = http::guard_by(rule_of(parts_.config));
  const auto response = client.send(*call);
  return response ? notify::judge(target, *response) : notify::judge_failure(target, response.error());
}

Result<Notifier::Preview> Notifier::preview(const std::string& project, std::uint64_t sequence,
                                            const std::string& channel_name) {
  AECOS_TRY_ASSIGN(const auto known, standing(project));
  if (!known->notify_fault.empty())
    return Error{ErrorCode::invalid_input, std::string(routing::settings_path) + ": " + known->notify_fault};
  std::vector<store::Event> events;
  std::vector<store::Delivery> rows;
  const Result<> done = parts_.store.read([&](store::Tables& tables) -> Result<> {
    store::EventQuery query;
    query.project = project;
    query.after = sequence - 1;
    query.limit = 1;
    AECOS_TRY_ASSIGN(events, tables.events(query));
    return {};
  });
  AECOS_TRY(done);
  if (events.empty() || events.front().sequence != sequence)
    return Error{ErrorCode::not_found, "there is no event " + std::to_string(sequence) + " in " + project};
  AECOS_TRY_ASSIGN(const event::Entry entry, event::read(events.front().json));
  Preview preview;
  if (known->notify) {
    AECOS_TRY_ASSIGN(const event::Draft draft, event::draft_of(events.front().json));
    preview.routed_to = routing::channels_for(*known->notify, known->roles, draft);
  }
  const event::Story story = event::story_of({&entry, 1}, hub_url_);
  notify::Target target;
  target.kind = notify::Kind::slack;
  target.url = "https://example.org/";
  if (!channel_name.empty()) {
    const routing::Channel* const channel = known->notify ? known->notify->channel(channel_name) : nullptr;
    if (channel == nullptr)
      return Error{ErrorCode::not_found,
                   "there is no channel " + channel_name + " in " + std::string(routing::settings_path)};
    if (channel->kind == "inbox") return Error{ErrorCode::invalid_input, "an inbox has the event as it is"};
    AECOS_TRY_ASSIGN(target.kind, notify::kind_of(channel->kind));
    if (channel->form == "card") target.teams_form = notify::TeamsForm::card;
    target.mail_to = {"somebody@example.org"};
    target.mail_from = parts_.config.mail_from.empty() ? "aecos@example.org" : parts_.config.mail_from;
  }
  preview.kind = std::string(notify::to_string(target.kind));
  notify::Sending sending;
  sending.id = story.id;
  sending.time_ms = to_ms(parts_.clock.now_us());
  sending.event_json = events.front().json;
  if (target.kind == notify::Kind::mail) {
    AECOS_TRY_ASSIGN(const http::Mail mail, notify::render_mail(target, {&story, 1}, sending));
    preview.content_type = "message/rfc822";
    preview.body = mail.message;
    return preview;
  }
  AECOS_TRY_ASSIGN(const http::Call call, notify::render(target, story, sending));
  preview.content_type = std::string(call.headers.get("Content-Type"));
  preview.body = call.body;
  return preview;
}

Result<notify::Outcome> Notifier::test(const std::string& project, const std::string& channel_name,
                                       const std::string& login) {
  AECOS_TRY_ASSIGN(const auto known, standing(project));
  const routing::Channel* const channel = known->notify ? known->notify->channel(channel_name) : nullptr;
  if (channel == nullptr)
    return Error{ErrorCode::not_found,
                 "there is no channel " + channel_name + " in " + std::string(routing::settings_path) +
                     (known->notify_fault.empty() ? "" : ", which cannot be read: " + known->notify_fault)};
  if (channel->kind == "inbox") return Error{ErrorCode::invalid_input, "an inbox needs no test"};
  AECOS_TRY_ASSIGN(const notify::Target target, target_of(project, *channel));
  event::Draft draft = events_.draft(project, "notification.test", login);
  draft.subject = channel_name;
  draft.summary = login + " tests the channel " + channel_name + ": everything works";
  const event::Sealed sealed = event::seal(draft, 1, "");
  AECOS_TRY_ASSIGN(const event::Entry entry, event::read(sealed.json));
  const auto client = http::make_client(parts_.config.ca_file);
  return send_stories(*client, target, {event::story_of({&entry, 1}, hub_url_)}, sealed.json);
}

Result<std::size_t> Notifier::replay(const std::string& project, const std::string& channel, std::uint64_t sequence) {
  std::size_t count = 0;
  const Result<> done = parts_.store.write([&](store::Tables& tables) -> Result<> {
    count = 0;
    AECOS_TRY(tables.set_channel_state({project, channel, "", parts_.clock.now_us()}));
    constexpr std::size_t all = 1'000'000;
    AECOS_TRY_ASSIGN(const auto rows, tables.deliveries(project, channel, "", sequence == 0 ? 0 : sequence - 1,
                                                        sequence == 0 ? all : 1));
    for (store::Delivery row : rows) {
      if (sequence != 0 && row.sequence != sequence) continue;
      row.state = "waiting";
      row.attempts = 0;
      row.next_us = 0;
      row.created_us = parts_.clock.now_us();
      AECOS_TRY(tables.update_delivery(row));
      ++count;
    }
    return {};
  });
  AECOS_TRY(done);
  schedule({project, channel}, 1);
  return count;
}

}  // namespace aecos::hub
