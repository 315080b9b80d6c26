#pragma once
// Who is in what, now: told by those who are, forgotten when they say nothing for a while; never stored.

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "hub/events.h"
#include "os/clock.h"

namespace aecos::hub {

struct Present {
  std::string login;
  std::string client;                        // Of one person's several.
  std::string branch, path, element, state;  // "editing", "looking", "syncing"; each may be empty.
  std::int64_t since_us = 0, seen_us = 0;
};

class Presence {
 public:
  Presence(os::Clock& clock, Events& events) : clock_(clock), events_(events) {}
  // Told to whoever listens if it is news.
  void set(const std::string& project, Present present);
  void leave(const std::string& project, const std::string& login, const std::string& client);
  std::vector<Present> list(const std::string& project);  // By login, then client.
  void forget_silent();

 private:
  void announce(const std::string& project, const Present& present, bool gone);
  os::Clock& clock_;
  Events& events_;
  std::mutex mutex_;
  std::map<std::string, std::map<std::pair<std::string, std::string>, Present>> present_;
};

}  // namespace aecos::hub
