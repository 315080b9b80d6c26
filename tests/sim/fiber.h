#pragma once
// Something that goes on step by step beside others in one thread: a sync that waits for the network, say.

#include <ucontext.h>

#include <exception>
#include <functional>
#include <memory>

namespace aecos::sim {

class Fiber {
 public:
  // Thrown by pause() in a fiber that is to end.
  struct Ended {};

  explicit Fiber(std::function<void()> body);
  ~Fiber() { end(); }
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // Until the body pauses or is over; what it throws (but Ended) is thrown here.
  void go_on();
  // Like kill: the body is left where it paused.
  void end();
  [[nodiscard]] bool is_over() const { return over_; }
  // Only in the body, and not in a handler of an exception.
  void pause();

 private:
  static void enter(unsigned high, unsigned low);

  std::function<void()> body_;
  std::unique_ptr<char[]> stack_;
  ucontext_t inside_{}, outside_{};
  std::exception_ptr thrown_;
  bool begun_ = false, over_ = false, ending_ = false;
};

}  // namespace aecos::sim
