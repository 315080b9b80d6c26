#include <utility>

#include "http/event_queue_internal.h"

namespace aecos::http {

bool EventQueue::send(std::shared_ptr<const std::string> bytes) {
  const std::lock_guard lock(mutex_);
  if (state_ != State::open) return false;
  if (bytes->empty()) return true;
  if (waiting_ + bytes->size() > waiting_max_) {
    state_ = State::overflowed;
    batch_ = {};
    notify();
    return false;
  }
  waiting_ += bytes->size();
  batch_.push_back(std::move(bytes));
  notify();
  return true;
}

void EventQueue::close() {
  const std::lock_guard lock(mutex_);
  if (state_ != State::open) return;
  state_ = State::closing;
  notify();
}

bool EventQueue::is_open() const {
  const std::lock_guard lock(mutex_);
  return state_ == State::open;
}

EventQueue::State EventQueue::look() {
  const std::lock_guard lock(mutex_);
  is_notified_ = false;
  return state_;
}

EventQueue::Batch EventQueue::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(batch_, {});
}

void EventQueue::was_written(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  waiting_ -= bytes;
}

void EventQueue::end() {
  Batch dropped;
  const std::lock_guard lock(mutex_);
  if (state_ == State::open) state_ = State::closing;
  dropped.swap(batch_);
  wake_ = nullptr;
}

void EventQueue::notify() {
  if (is_notified_ || !wake_) return;
  is_notified_ = true;
  wake_();
}

}  // namespace aecos::http
