#include "hub/events.h"

#include <algorithm>
#include <array>
#include <span>

namespace aecos::hub {
namespace {

constexpr std::size_t recent_max = 2000;
constexpr std::size_t batch = 500;

store::Event to_row(const event::Draft& draft, const event::Sealed& sealed, std::uint64_t sequence) {
  store::Event row;
  row.project = draft.project;
  row.sequence = sequence;
  row.id = draft.id;
  row.type = draft.type;
  row.actor = draft.actor;
  row.branch = draft.branch;
  row.subject = draft.subject;
  row.time_us = draft.time_us;
  row.json = sealed.json;
  row.hash = sealed.hash;
  row.elements = sealed.elements;
  return row;
}

}  // namespace

std::string frame_of(const std::string& type, const std::string& json, std::uint64_t sequence) {
  std::string frame = sequence == 0 ? "" : "id: " + std::to_string(sequence) + "\n";
  return frame + "event: " + type + "\ndata: " + json + "\n\n";
}

event::Draft Events::draft(const std::string& project, const std::string& type, const std::string& actor) {
  event::Draft draft;
  std::array<std::byte, 10> random;
  parts_.random.fill(random);
  draft.time_us = parts_.clock.now_us();
  draft.id = event::make_id(draft.time_us, {reinterpret_cast<const char*>(random.data()), random.size()});
  draft.project = project;
  draft.type = type;
  draft.actor = actor;
  return draft;
}

Result<std::vector<store::Event>> Events::commit(const std::vector<event::Draft>& drafts, const Work& work) {
  return commit_telling([&](store::Tables& tables) -> Result<std::vector<event::Draft>> {
    if (work) AECOS_TRY(work(tables));
    return drafts;
  });
}

Result<std::vector<store::Event>> Events::commit_telling(const TellingWork& work) {
  std::vector<store::Event> stored;
  const Result<> done = parts_.store.write([&](store::Tables& tables) -> Result<> {
    stored.clear();
    AECOS_TRY_ASSIGN(const std::vector<event::Draft> drafts, work(tables));
    for (const event::Draft& draft : drafts) {
      auto added = tables.append_event(draft.project, [&](const store::Tables::Place& place) {
        return to_row(draft, event::seal(draft, place.sequence, place.previous_hash), place.sequence);
      });
      if (!added) return std::move(added).error();
      stored.push_back(*std::move(added));
      if (outbox_) AECOS_TRY(outbox_(tables, draft, stored.back()));
    }
    return {};
  });
  AECOS_TRY(done);
  publish(stored);
  if (stored_ && !stored.empty()) stored_(stored);
  return stored;
}

std::shared_ptr<Events::Channel> Events::channel(const std::string& project) {
  const std::lock_guard lock(mutex_);
  auto& found = channels_[project];
  if (!found) found = std::make_shared<Channel>();
  return found;
}

void Events::publish(const std::vector<store::Event>& events) {
  for (const store::Event& event : events) {
    const auto to = channel(event.project);
    auto frame = std::make_shared<const std::string>(frame_of(event.type, event.json, event.sequence));
    const std::lock_guard lock(to->mutex);
    if (to->last == 0 && to->listeners.empty()) {
      // Nobody has listened yet: whoever comes reads the stored ones.
      continue;
    }
    to->early.emplace(event.sequence, std::move(frame));
    while (!to->early.empty() && to->early.begin()->first <= to->last + 1) {
      if (to->early.begin()->first == to->last + 1) deliver(*to, to->early.begin()->first, to->early.begin()->second);
      to->early.erase(to->early.begin());
    }
  }
  const std::lock_guard lock(mutex_);
  for (const store::Event& event : events) changed_.insert(event.project);
}

// With the channel's lock held.
void Events::deliver(Channel& channel, std::uint64_t sequence, const Frame& frame) {
  channel.last = sequence;
  channel.recent.emplace_back(sequence, frame);
  if (channel.recent.size() > recent_max) channel.recent.pop_front();
  for (auto each = channel.listeners.begin(); each != channel.listeners.end();) {
    ++sent_;
    each = each->second(frame) ? std::next(each) : channel.listeners.erase(each);
  }
}

Result<std::uint64_t> Events::send_stored(const std::string& project, std::uint64_t after, const Send& send,
                                          bool& open) {
  while (open) {
    std::vector<store::Event> events;
    const Result<> done = parts_.store.read([&](store::Tables& tables) -> Result<> {
      store::EventQuery query;
      query.project = project;
      query.after = after;
      query.limit = batch;
      AECOS_TRY_ASSIGN(events, tables.events(query));
      return {};
    });
    AECOS_TRY(done);
    for (const store::Event& event : events) {
      open = open && send(std::make_shared<const std::string>(frame_of(event.type, event.json, event.sequence)));
      after = event.sequence;
    }
    if (events.size() < batch) break;
  }
  return after;
}

// With the channel's lock held: from here on nothing that is published is missed.
Result<> Events::start(Channel& channel, const std::string& project) {
  if (channel.last != 0) return {};
  return parts_.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(const auto row, tables.project(project));
    if (row) channel.last = row->last_sequence;
    return {};
  });
}

Result<std::uint64_t> Events::subscribe(const std::string& project, std::uint64_t after, Send send) {
  bool open = true;
  AECOS_TRY_ASSIGN(std::uint64_t sent, send_stored(project, after, send, open));
  const auto to = channel(project);
  const std::lock_guard lock(to->mutex);
  AECOS_TRY(start(*to, project));
  // What came since is among the recent ones, unless there were very many.
  if (!to->recent.empty() && to->recent.front().first <= sent + 1) {
    for (const auto& [sequence, frame] : to->recent) {
      if (sequence > sent) open = open && send(frame);
    }
  } else if (sent < to->last) {
    AECOS_TRY_ASSIGN(sent, send_stored(project, sent, send, open));
    for (auto each = to->early.begin(); each != to->early.end() && each->first <= sent;) each = to->early.erase(each);
    to->last = std::max(to->last, sent);
  }
  std::uint64_t id = 0;
  {
    const std::lock_guard all(mutex_);
    id = next_listener_++;
  }
  if (open) to->listeners.emplace(id, std::move(send));
  return id;
}

void Events::unsubscribe(const std::string& project, std::uint64_t id) {
  const auto to = channel(project);
  const std::lock_guard lock(to->mutex);
  to->listeners.erase(id);
}

void Events::announce(const std::string& project, const std::string& type, const std::string& json) {
  const auto to = channel(project);
  const auto frame = std::make_shared<const std::string>(frame_of(type, json, 0));
  const std::lock_guard lock(to->mutex);
  for (auto each = to->listeners.begin(); each != to->listeners.end();) {
    each = each->second(frame) ? std::next(each) : to->listeners.erase(each);
  }
}

void Events::note_changed(const std::string& project) {
  const std::lock_guard lock(mutex_);
  changed_.insert(project);
}

std::vector<std::string> Events::take_changed() {
  const std::lock_guard lock(mutex_);
  const std::set<std::string> changed = std::exchange(changed_, {});
  return {changed.begin(), changed.end()};
}

}  // namespace aecos::hub
