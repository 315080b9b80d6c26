#pragma once
// Threads that run what they are given, first come, first served.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace aecos::http {

class WorkerPool {
 public:
  WorkerPool(std::size_t threads, std::size_t waiting_max);
  ~WorkerPool() { stop(); }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False: too many wait already. Jobs must not throw.
  [[nodiscard]] bool try_add(std::function<void()> job);
  void add_always(std::function<void()> job);  // Beyond the limit.
  std::size_t waiting() const;
  // Runs what waits, and ends.
  void stop();

 private:
  void work();

  std::size_t waiting_max_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  std::size_t idle_ = 0;
  bool stopping_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace aecos::http
