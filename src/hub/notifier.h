#pragma once
// Telling people: what is to be told lies in the outbox from the moment the event is stored, and is taken out when the
// channel has it. Each channel gets its events in their order, at least once; whoever is down is tried again.

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "hub/projects.h"
#include "hub/secrets.h"
#include "notify/channel.h"
#include "routing/settings.h"

namespace aecos::hub {

// Whom "ana", "role:structural" or "everybody" stands for.
void add_people(const std::string& to, const Standing& standing, const std::vector<store::Grant>& grants,
                std::set<std::string>& people);

class Notifier {
 public:
  using ChannelName = store::Tables::ChannelName;

  Notifier(const Parts& parts, Projects& projects, Events& events, Secrets& secrets)
      : parts_(parts), projects_(projects), events_(events), secrets_(secrets) {}
  ~Notifier() { stop(); }
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  // In the transaction that stores the event: what is to be told of it, and to whom.
  Result<> enqueue(store::Tables& tables, const event::Draft& draft, const store::Event& event);
  // After it: these can be delivered.
  void wake(const std::vector<store::Event>& events);
  // What somebody set (a watch, a secret, a channel's state) counts from now on.
  void forget(const std::string& project);

  // Delivers until stop(). `hub_url`: how people reach the hub, for links.
  Result<> start(const std::string& hub_url);
  void stop();

  // What a channel would be sent of an event: the service's own format, without its address.
  struct Preview {
    std::string kind, content_type, body;
    std::vector<std::string> routed_to;  // Channels the event goes to as the settings are.
  };
  Result<Preview> preview(const std::string& project, std::uint64_t sequence, const std::string& channel);
  // Sends a message that says it is a test, now, and says what became of it.
  Result<notify::Outcome> test(const std::string& project, const std::string& channel, const std::string& login);
  // Sends again what was given up, and what waits for a channel that was disabled. Gives their number. Sequence 0: all.
  Result<std::size_t> replay(const std::string& project, const std::string& channel, std::uint64_t sequence);

  struct Counts {
    std::uint64_t delivered = 0, attempts_failed = 0, given_up = 0;
  };
  Counts counts() const;

 private:
  // One channel of one project.
  struct Lane {
    ChannelName name;
    std::unique_ptr<http::Client> client;
    std::int64_t due_us = 0;         // When there may be something to do; 0: when woken.
    std::int64_t not_before_us = 0;  // What the service asked for.
    bool is_running = false;
    [[nodiscard]] std::int64_t next_us() const { return std::max(due_us, not_before_us); }
  };
  using Group = std::vector<store::Delivery>;
  struct Work {
    std::vector<store::Delivery> rows;  // That are due, in their order.
    std::vector<store::Event> events;   // Of the rows.
    std::int64_t due_us = 0;            // Where there are none: when to look again; 0: when woken.
    std::optional<routing::Channel> channel;
  };

  Result<std::shared_ptr<const Standing>> standing(const std::string& project);
  Result<> add_inbox_items(store::Tables& tables, const event::Draft& draft, const store::Event& event,
                           const Standing& standing, const std::vector<std::string>& inboxes);
  void schedule(const ChannelName& name, std::int64_t due_us);
  void run();
  std::int64_t run_lane(Lane& lane);
  Result<Work> work_of(const ChannelName& name);
  std::vector<std::size_t> group_ends(const Work& work) const;
  Result<notify::Target> target_of(const std::string& project, const routing::Channel& channel);
  Result<std::vector<std::string>> addresses_of(const std::string& project, const std::vector<std::string>& to);
  notify::Outcome send(Lane& lane, const routing::Channel& channel, const std::vector<store::Event>& events);
  notify::Outcome send_stories(http::Client& client, const notify::Target& target,
                               const std::vector<event::Story>& stories, const std::string& event_json);
  // Writes down what became of a group. When to go on; absent: at once.
  Result<std::optional<std::int64_t>> settle(Lane& lane, const Group& group, const notify::Outcome& outcome,
                                             const std::vector<std::uint64_t>& delivered, bool is_about_failure);
  event::Draft failure(const ChannelName& name, const std::string& why, const std::string& what);
  std::int64_t backoff_us(std::uint64_t attempts) const;

  Parts parts_;
  Projects& projects_;
  Events& events_;
  Secrets& secrets_;
  std::string hub_url_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool is_ending_ = false;
  std::map<ChannelName, std::shared_ptr<Lane>> lanes_;
  std::map<std::string, std::shared_ptr<const Standing>> standings_;
  std::set<std::string> stale_;  // Projects whose settings were changed by an event that is being stored.
  std::vector<std::thread> workers_;
  Counts counts_;
};

}  // namespace aecos::hub
