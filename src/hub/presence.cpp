#include "hub/presence.h"

#include "text/json_writer.h"

namespace aecos::hub {
namespace {

constexpr std::int64_t silence_max_us = 90'000'000;
constexpr std::size_t clients_max = 10'000;  // In one project.

}  // namespace

void Presence::announce(const std::string& project, const Present& present, bool gone) {
  text::JsonWriter json;
  json.begin_object().member("login", present.login).member("client", present.client);
  if (!gone) {
    json.member("branch", present.branch).member("path", present.path).member("element", present.element);
    json.member("state", present.state);
  } else {
    json.member("state", "gone");
  }
  json.end_object();
  events_.announce(project, "presence", std::move(json).take());
}

void Presence::set(const std::string& project, Present present) {
  present.seen_us = present.since_us = clock_.now_us();
  {
    const std::lock_guard lock(mutex_);
    auto& all = present_[project];
    const auto key = std::make_pair(present.login, present.client);
    const auto found = all.find(key);
    if (found != all.end()) {
      const Present& old = found->second;
      const bool same = old.branch == present.branch && old.path == present.path && old.element == present.element &&
                        old.state == present.state;
      found->second.seen_us = present.seen_us;
      if (same) return;
      found->second = present;
    } else if (all.size() < clients_max) {
      all.emplace(key, present);
    }
  }
  announce(project, present, false);
}

void Presence::leave(const std::string& project, const std::string& login, const std::string& client) {
  Present gone;
  {
    const std::lock_guard lock(mutex_);
    auto& all = present_[project];
    const auto found = all.find({login, client});
    if (found == all.end()) return;
    gone = found->second;
    all.erase(found);
  }
  announce(project, gone, true);
}

std::vector<Present> Presence::list(const std::string& project) {
  forget_silent();
  const std::lock_guard lock(mutex_);
  std::vector<Present> list;
  for (const auto& [key, present] : present_[project]) list.push_back(present);
  return list;
}

void Presence::forget_silent() {
  std::vector<std::pair<std::string, Present>> gone;
  {
    const std::lock_guard lock(mutex_);
    const std::int64_t now_us = clock_.now_us();
    for (auto& [project, all] : present_) {
      for (auto each = all.begin(); each != all.end();) {
        if (now_us - each->second.seen_us <= silence_max_us) {
          ++each;
          continue;
        }
        gone.emplace_back(project, each->second);
        each = all.erase(each);
      }
    }
  }
  for (const auto& [project, present] : gone) announce(project, present, true);
}

}  // namespace aecos::hub
