#include "hub/notifier.h"

#include <algorithm>
#include <chrono>

#include "os/zone.h"
#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::hub {
namespace {

constexpr std::size_t workers = 8;
constexpr std::size_t rows_at_once = 50;
constexpr std::int64_t second_us = 1'000'000;
constexpr std::int64_t look_again_us = 30 * second_us;
constexpr std::string_view waiting = "waiting", failed = "failed";
constexpr std::string_view failure_type = "notification.failed";

bool changes_settings(const event::Draft& draft) {
  return std::any_of(draft.elements.begin(), draft.elements.end(), [](const event::ElementChange& element) {
    return element.path == routing::settings_path || element.path == policy::roles_path;
  });
}

bool are_failures(const std::vector<store::Event>& events) {
  return std::all_of(events.begin(), events.end(),
                     [](const store::Event& event) { return event.type == failure_type; });
}

// The one whom an event is about, besides who did it.
void add_concerned(const event::Draft& draft, std::set<std::string>& people) {
  if (draft.type == "element.generated") return;  // Its author is who the file says it is.
  for (const auto& [name, json] : draft.more) {
    if (name != "holder" && name != "author" && name != "askedBy") continue;
    if (const auto document = text::parse_json(json))
      if (const auto login = document->root().as_string()) people.insert(std::string(*login));
  }
}

}  // namespace

void add_people(const std::string& to, const Standing& standing, const std::vector<store::Grant>& grants,
                std::set<std::string>& people) {
  constexpr std::string_view role_prefix = "role:";
  if (to == "everybody") {
    for (const store::Grant& grant : grants) people.insert(grant.login);
    if (standing.roles)
      for (const auto& [login, member] : standing.roles->members) people.insert(login);
  } else if (to.starts_with(role_prefix)) {
    const std::string role = to.substr(role_prefix.size());
    if (!standing.roles) return;
    for (const auto& [login, member] : standing.roles->members) {
      if (std::find(member.roles.begin(), member.roles.end(), role) != member.roles.end()) people.insert(login);
    }
  } else {
    people.insert(to);
  }
}

Result<std::shared_ptr<const Standing>> Notifier::standing(const std::string& project) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = standings_.find(project); known != standings_.end()) return known->second;
  }
  AECOS_TRY_ASSIGN(auto read, projects_.standing_or_last(project));
  const std::lock_guard lock(mutex_);
  standings_[project] = read;
  return read;
}

void Notifier::forget(const std::string& project) {
  const std::lock_guard lock(mutex_);
  standings_.erase(project);
}

// --- into the outbox

Result<> Notifier::enqueue(store::Tables& tables, const event::Draft& draft, const store::Event& event) {
  if (changes_settings(draft)) {
    const std::lock_guard lock(mutex_);
    stale_.insert(draft.project);
  }
  AECOS_TRY_ASSIGN(const auto standing, this->standing(draft.project));
  std::vector<std::string> inboxes;
  if (standing->notify) {
    for (const std::string& name : routing::channels_for(*standing->notify, standing->roles, draft)) {
      const routing::Channel& channel = *standing->notify->channel(name);
      if (channel.kind == "inbox") {
        inboxes.push_back(name);
        continue;
      }
      // A channel is not told of itself.
      if (draft.type == failure_type && draft.subject == name) continue;
      store::Delivery delivery{draft.project, name, event.sequence, std::string(waiting), 0, draft.time_us, 0, {}};
      delivery.next_us = routing::due_us(channel, draft.type, draft.time_us, os::zone_minutes);
      AECOS_TRY(tables.add_delivery(delivery));
    }
  }
  return add_inbox_items(tables, draft, event, *standing, inboxes);
}

Result<> Notifier::add_inbox_items(store::Tables& tables, const event::Draft& draft, const store::Event& event,
                                   const Standing& standing, const std::vector<std::string>& inboxes) {
  std::map<std::string, std::string> reasons;  // By login; the first holds.
  const auto add = [&](const std::set<std::string>& people, const char* reason) {
    for (const std::string& login : people) {
      if (login != draft.actor) reasons.emplace(login, reason);
    }
  };
  std::set<std::string> concerned, watching, managing, routed;
  add_concerned(draft, concerned);
  if (!draft.elements.empty()) {
    AECOS_TRY_ASSIGN(const auto watches, tables.watches(draft.project));
    for (const store::Watch& watch : watches) {
      const bool is_element = watch.kind == "element";
      if (routing::is_about(draft, {is_element ? watch.target : "", is_element ? "" : watch.target}))
        watching.insert(watch.login);
    }
  }
  std::vector<store::Grant> grants;
  if (draft.type == failure_type || !inboxes.empty()) {
    AECOS_TRY_ASSIGN(grants, tables.grants(draft.project));
  }
  if (draft.type == failure_type)
    for (const store::Grant& grant : grants)
      if (grant.access == "manage") managing.insert(grant.login);
  for (const std::string& name : inboxes)
    for (const std::string& to : standing.notify->channel(name)->to) add_people(to, standing, grants, routed);
  add(concerned, "yours");
  add(watching, "watched");
  add(managing, "managing");
  add(routed, "route");
  for (const auto& [login, reason] : reasons)
    AECOS_TRY(tables.add_inbox_item({draft.project, login, event.sequence, reason, draft.time_us, 0}));
  return {};
}

void Notifier::wake(const std::vector<store::Event>& events) {
  std::set<std::string> projects;
  std::vector<ChannelName> names;
  {
    const std::lock_guard lock(mutex_);
    for (const store::Event& event : events) {
      projects.insert(event.project);
      if (stale_.erase(event.project) != 0) standings_.erase(event.project);
    }
  }
  for (const std::string& project : projects) {
    const auto known = standing(project);
    if (!known || !(*known)->notify) continue;
    for (const routing::Channel& channel : (*known)->notify->channels) {
      if (channel.kind != "inbox") names.push_back({project, channel.name});
    }
  }
  for (const ChannelName& name : names) schedule(name, 1);
}

// --- out of it

// Earlier than planned, never later; a lane that runs looks again by itself.
void Notifier::schedule(const ChannelName& name, std::int64_t due_us) {
  const std::lock_guard lock(mutex_);
  auto& lane = lanes_[name];
  if (!lane) lane = std::make_shared<Lane>(Lane{name, nullptr, 0, 0, false});
  if (lane->due_us == 0 || due_us < lane->due_us) lane->due_us = due_us;
  changed_.notify_one();
}

Result<> Notifier::start(const std::string& hub_url) {
  hub_url_ = hub_url;
  std::vector<ChannelName> names;
  const Result<> done = parts_.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(names, tables.channels_with_deliveries());
    return {};
  });
  AECOS_TRY(done);
  for (const ChannelName& name : names) schedule(name, 1);
  for (std::size_t k = 0; k < workers; ++k) workers_.emplace_back([this] { run(); });
  return {};
}

void Notifier::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
    for (const auto& [name, lane] : lanes_) {
      if (lane->is_running && lane->client) lane->client->cancel();
    }
  }
  changed_.notify_all();
  for (std::thread& worker : workers_) worker.join();
  workers_.clear();
}

void Notifier::run() {
  std::unique_lock lock(mutex_);
  while (!is_ending_) {
    std::shared_ptr<Lane> next;
    for (const auto& [name, lane] : lanes_) {
      if (!lane->is_running && lane->due_us != 0 && (!next || lane->next_us() < next->next_us())) next = lane;
    }
    const std::int64_t now = parts_.clock.now_us();
    if (!next || next->next_us() > now) {
      const std::int64_t wait_us = next ? std::min(next->next_us() - now, look_again_us) : look_again_us;
      changed_.wait_for(lock, std::chrono::microseconds(wait_us));
      continue;
    }
    next->is_running = true;
    next->due_us = 0;
    if (!next->client) next->client = http::make_client(parts_.config.ca_file);
    lock.unlock();
    const std::int64_t due_us = run_lane(*next);
    lock.lock();
    next->is_running = false;
    // Who woke it meanwhile may have come too late to be seen.
    if (next->due_us == 0) next->due_us = due_us;
    changed_.notify_one();
  }
}

// What is due of a channel; gives when to come back, 0: when woken.
std::int64_t Notifier::run_lane(Lane& lane) {
  const auto work = work_of(lane.name);
  if (!work) return parts_.clock.now_us() + second_us;
  if (work->rows.empty()) return work->due_us;
  std::vector<std::uint64_t> delivered;  // Sequences that are not written down yet.
  std::size_t begin = 0;
  for (const std::size_t end : group_ends(*work)) {
    const auto first = static_cast<std::ptrdiff_t>(begin), last = static_cast<std::ptrdiff_t>(end);
    const Group group(work->rows.begin() + first, work->rows.begin() + last);
    const std::vector<store::Event> events(work->events.begin() + first, work->events.begin() + last);
    notify::Outcome outcome;
    if (work->channel) {
      outcome = send(lane, *work->channel, events);
    } else {
      outcome.verdict = notify::Outcome::Verdict::refused;
      outcome.why = "there is no such channel any more";
    }
    begin = end;
    const bool is_last = end == work->rows.size();
    if (outcome.pause_ms != 0) {
      const std::lock_guard lock(mutex_);
      lane.not_before_us = parts_.clock.now_us() + outcome.pause_ms * 1000;
    }
    if (outcome.verdict == notify::Outcome::Verdict::delivered) {
      for (const store::Delivery& row : group) delivered.push_back(row.sequence);
      if (!is_last && outcome.pause_ms == 0) continue;
    }
    const auto settled = settle(lane, group, outcome, delivered, are_failures(events));
    if (!settled) return parts_.clock.now_us() + second_us;
    delivered.clear();
    if (*settled) return **settled;
    if (outcome.pause_ms != 0) break;
  }
  return 1;  // There may be more.
}

// Each event to a program; people get what happened together in one message.
std::vector<std::size_t> Notifier::group_ends(const Work& work) const {
  std::vector<std::size_t> ends;
  const bool is_program = work.channel && work.channel->kind == "webhook";
  for (std::size_t k = 1; k < work.rows.size() && is_program; ++k) ends.push_back(k);
  ends.push_back(work.rows.size());
  return ends;
}

Result<Notifier::Work> Notifier::work_of(const ChannelName& name) {
  Work work;
  AECOS_TRY_ASSIGN(const auto known, standing(name.project));
  if (known->notify)
    if (const routing::Channel* channel = known->notify->channel(name.channel)) work.channel = *channel;
  const std::int64_t now = parts_.clock.now_us();
  const Result<> done = parts_.store.read([&](store::Tables& tables) -> Result<> {
    work.rows.clear();
    work.events.clear();
    AECOS_TRY_ASSIGN(const auto states, tables.channel_states(name.project));
    for (const store::ChannelState& state : states) {
      if (state.channel == name.channel && !state.disabled.empty()) return {};
    }
    AECOS_TRY_ASSIGN(auto rows, tables.deliveries(name.project, name.channel, std::string(waiting), 0, rows_at_once));
    if (rows.empty()) return {};
    std::size_t due = 0;
    std::int64_t earliest = rows.front().next_us;
    for (std::size_t k = 0; k < rows.size(); ++k) {
      earliest = std::min(earliest, rows[k].next_us);
      if (rows[k].next_us <= now) due = k + 1;
    }
    // What failed is tried before what comes after it.
    if (rows.front().attempts > 0 && rows.front().next_us > now) {
      due = 0;
      earliest = rows.front().next_us;
    }
    if (due == 0) {
      work.due_us = earliest;
      return {};
    }
    rows.resize(due);
    for (const store::Delivery& row : rows) {
      store::EventQuery query;
      query.project = name.project;
      query.after = row.sequence - 1;
      query.limit = 1;
      AECOS_TRY_ASSIGN(auto found, tables.events(query));
      if (found.empty()) return Error{ErrorCode::unavailable, "an event is gone"};
      work.events.push_back(std::move(found.front()));
    }
    work.rows = std::move(rows);
    return {};
  });
  AECOS_TRY(done);
  return work;
}

Result<std::optional<std::int64_t>> Notifier::settle(Lane& lane, const Group& group, const notify::Outcome& outcome,
                                                     const std::vector<std::uint64_t>& delivered,
                                                     bool is_about_failure) {
  using Verdict = notify::Outcome::Verdict;
  const std::int64_t now = parts_.clock.now_us();
  std::optional<std::int64_t> later;
  store::Delivery head = group.front();
  const bool is_too_old = outcome.verdict == Verdict::again && !outcome.is_rate_limit &&
                          now - head.created_us > parts_.config.give_up_s * second_us && head.attempts > 0;
  const bool is_given_up = outcome.verdict == Verdict::refused || is_too_old;
  if (outcome.verdict == Verdict::again && !is_too_old) {
    ++head.attempts;
    head.next_us = now + std::max(outcome.retry_after_ms * 1000, outcome.is_rate_limit ? 0 : backoff_us(head.attempts));
    head.error = outcome.why;
    later = head.next_us;
  }
  const auto stored = events_.commit_telling([&](store::Tables& tables) -> Result<std::vector<event::Draft>> {
    for (const std::uint64_t sequence : delivered)
      AECOS_TRY(tables.remove_delivery(lane.name.project, lane.name.channel, sequence));
    if (outcome.verdict == Verdict::delivered) return std::vector<event::Draft>{};
    if (outcome.verdict == Verdict::gone) {
      AECOS_TRY(tables.set_channel_state({lane.name.project, lane.name.channel, outcome.why, now}));
      return std::vector<event::Draft>{failure(lane.name, outcome.why, "is disabled")};
    }
    if (!is_given_up) {
      AECOS_TRY(tables.update_delivery(head));
      return std::vector<event::Draft>{};
    }
    for (store::Delivery row : group) {
      row.state = failed;
      ++row.attempts;
      row.error = outcome.why;
      AECOS_TRY(tables.update_delivery(row));
    }
    // Two channels that take nothing must not tell each other of it for ever.
    if (is_about_failure) return std::vector<event::Draft>{};
    return std::vector<event::Draft>{failure(lane.name, outcome.why, "did not take a message")};
  });
  if (!stored) return stored.error();
  const std::lock_guard lock(mutex_);
  if (outcome.verdict == Verdict::again) ++counts_.attempts_failed;
  if (is_given_up) counts_.given_up += group.size();
  if (outcome.verdict == Verdict::gone) later = 0;
  return later;
}

event::Draft Notifier::failure(const ChannelName& name, const std::string& why, const std::string& what) {
  event::Draft draft = events_.draft(name.project, std::string(failure_type), "");
  draft.subject = name.channel;
  draft.summary = "The channel " + name.channel + " " + what + ": " + why;
  draft.more = {{"channel", text::json_quote(name.channel)}, {"reason", text::json_quote(why)}};
  return draft;
}

// 100 ms, 200 ms … an hour, give or take a fifth, so that many do not come back at once.
std::int64_t Notifier::backoff_us(std::uint64_t attempts) const {
  constexpr std::int64_t first_us = 100'000, most_us = 3600 * second_us;
  constexpr std::uint64_t doublings = 16;
  const std::int64_t plain = std::min(most_us, first_us << std::min(attempts - 1, doublings));
  std::array<std::byte, 1> dice{};
  parts_.random.fill(dice);
  return plain - plain / 5 + plain * 2 / 5 * std::to_integer<int>(dice[0]) / 255;
}

Notifier::Counts Notifier::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace aecos::hub
