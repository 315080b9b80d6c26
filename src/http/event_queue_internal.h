#pragma once
// What waits to be sent on an event stream: between those who send, in any thread, and the connection.

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "http/server.h"

namespace aecos::http {

class EventQueue final : public EventStream {
 public:
  // `wake`: tells the connection, in any thread, that there is something for it. Not called after end().
  EventQueue(std::size_t waiting_max, std::function<void()> wake) : waiting_max_(waiting_max), wake_(std::move(wake)) {}
  bool send(std::shared_ptr<const std::string> bytes) override;
  void close() override;
  bool is_open() const override;

  // For the connection. Whatever changes after a look wakes it again; so it looks before it takes.
  enum class State { open, closing, overflowed };
  State look();
  // What was sent since; it counts as waiting until it was written.
  using Batch = std::vector<std::shared_ptr<const std::string>>;
  Batch take();
  void was_written(std::size_t bytes);
  void end();

 private:
  void notify();

  const std::size_t waiting_max_;
  mutable std::mutex mutex_;
  std::function<void()> wake_;
  Batch batch_;
  std::size_t waiting_ = 0;
  State state_ = State::open;
  bool is_notified_ = false;
};

}  // namespace aecos::http
