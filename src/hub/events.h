#pragma once
// Telling what happened: events go into the database with the state they report, and from there to whoever listens.

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "event/event.h"
#include "hub/parts.h"

namespace aecos::hub {

// Bytes of a server-sent event, shared by all who get it.
using Frame = std::shared_ptr<const std::string>;

class Events {
 public:
  explicit Events(const Parts& parts) : parts_(parts) {}

  // A draft with an id and the time filled in.
  event::Draft draft(const std::string& project, const std::string& type, const std::string& actor);

  // One transaction: the work, then the events in order. When it is durable, listeners are told.
  using Work = std::function<Result<>(store::Tables&)>;
  Result<std::vector<store::Event>> commit(const std::vector<event::Draft>& drafts, const Work& work = {});
  // The same where the work itself decides what is to be told, as it goes.
  using TellingWork = std::function<Result<std::vector<event::Draft>>(store::Tables&)>;
  Result<std::vector<store::Event>> commit_telling(const TellingWork& work);

  // What is done with each event in the transaction that stores it, and with all of them when that is durable. Set
  // before anything happens.
  using Outbox = std::function<Result<>(store::Tables& tables, const event::Draft& draft, const store::Event& event)>;
  using Stored = std::function<void(const std::vector<store::Event>& events)>;
  void set_outbox(Outbox outbox, Stored stored) {
    outbox_ = std::move(outbox);
    stored_ = std::move(stored);
  }

  // Calls `send` for every event after that sequence, the stored ones first, then those to come, in order and without
  // a gap, until it returns false or unsubscribe is called. From any thread; `send` must not block.
  using Send = std::function<bool(const Frame&)>;
  Result<std::uint64_t> subscribe(const std::string& project, std::uint64_t after, Send send);
  void unsubscribe(const std::string& project, std::uint64_t id);
  // To whoever listens now; not kept.
  void announce(const std::string& project, const std::string& type, const std::string& json);

  // Projects with events since the last call, or that somebody named meanwhile.
  std::vector<std::string> take_changed();
  void note_changed(const std::string& project);
  std::uint64_t sent() const { return sent_; }  // Frames, since the start.

 private:
  struct Channel {
    std::mutex mutex;
    std::uint64_t last = 0;                // Sequence; 0: nothing was published since the start.
    std::map<std::uint64_t, Frame> early;  // Published before the one in front of them.
    std::deque<std::pair<std::uint64_t, Frame>> recent;
    std::map<std::uint64_t, Send> listeners;
  };
  std::shared_ptr<Channel> channel(const std::string& project);
  void publish(const std::vector<store::Event>& events);
  void deliver(Channel& channel, std::uint64_t sequence, const Frame& frame);
  Result<std::uint64_t> send_stored(const std::string& project, std::uint64_t after, const Send& send, bool& open);
  Result<> start(Channel& channel, const std::string& project);

  Parts parts_;
  Outbox outbox_;
  Stored stored_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Channel>> channels_;
  std::set<std::string> changed_;
  std::uint64_t next_listener_ = 1;
  std::atomic<std::uint64_t> sent_ = 0;
};

// "id: 17\nevent: commit.integrated\ndata: {…}\n\n"
std::string frame_of(const std::string& type, const std::string& json, std::uint64_t sequence);

}  // namespace aecos::hub
