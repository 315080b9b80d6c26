#include "sim/fiber.h"

#include <cstdint>
#include <utility>

namespace aecos::sim {
namespace {

constexpr std::size_t stack_size = 1U << 20U;  // Of which the system gives what is touched.

}  // namespace

Fiber::Fiber(std::function<void()> body) : body_(std::move(body)), stack_(new char[stack_size]) {
  getcontext(&inside_);
  inside_.uc_stack.ss_sp = stack_.get();
  inside_.uc_stack.ss_size = stack_size;
  inside_.uc_link = &outside_;
  const auto self = reinterpret_cast<std::uintptr_t>(this);
  makecontext(&inside_, reinterpret_cast<void (*)()>(&Fiber::enter), 2, static_cast<unsigned>(self >> 32U),
              static_cast<unsigned>(self & 0xffffffffU));
}

void Fiber::enter(unsigned high, unsigned low) {
  auto* const self = reinterpret_cast<Fiber*>(std::uintptr_t{high} << 32U | low);
  try {
    self->body_();
  } catch (const Ended&) {
  } catch (...) {
    self->thrown_ = std::current_exception();
  }
  self->over_ = true;
}

void Fiber::go_on() {
  if (over_) return;
  begun_ = true;
  swapcontext(&outside_, &inside_);
  if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
}

void Fiber::end() {
  ending_ = true;
  if (!begun_) over_ = true;
  go_on();
}

void Fiber::pause() {
  swapcontext(&inside_, &outside_);
  if (ending_) throw Ended{};
}

}  // namespace aecos::sim
