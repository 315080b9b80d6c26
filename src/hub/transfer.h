#pragma once
// What people send and get piece by piece. Each transfer holds a thread of the hub as long as it lasts, so nobody may
// have nearly all of them, and none may last for ever.

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "http/server.h"
#include "os/clock.h"

namespace aecos::hub {

class Transfers {
 public:
  explicit Transfers(std::size_t threads) : each_max_(threads < 4 ? 1 : threads - threads / 4) {}

  // One that is under way as long as the object lives.
  class Ticket {
   public:
    Ticket() = default;
    Ticket(Transfers& transfers, std::string who) : transfers_(&transfers, Leave{std::move(who)}) {}

   private:
    struct Leave {
      std::string who;
      void operator()(Transfers* transfers) const { transfers->leave(who); }
    };
    std::unique_ptr<Transfers, Leave> transfers_{nullptr, Leave{}};
  };
  // unavailable: that many of theirs are under way already.
  Result<Ticket> begin(const std::string& login) { return enter("user " + login, each_max_); }
  // For what needs much memory. unavailable: others need it just now.
  Result<Ticket> begin_large() { return enter("large", 2); }

 private:
  Result<Ticket> enter(const std::string& who, std::size_t most);
  void leave(const std::string& who);

  std::size_t each_max_;
  std::mutex mutex_;
  std::map<std::string, std::size_t> under_way_;
};

// A conversation whose client must not be too slow. Only the time spent on waiting for it counts.
class PacedConversation {
 public:
  PacedConversation(http::Conversation& conversation, os::Clock& clock) : conversation_(conversation), clock_(clock) {}
  Result<std::size_t> read(std::span<char> into);
  Result<> write(std::string_view bytes);

 private:
  Result<> count(std::size_t bytes, std::int64_t since_us);

  http::Conversation& conversation_;
  os::Clock& clock_;
  std::int64_t waited_us_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace aecos::hub
