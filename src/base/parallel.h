#pragma once
// Work on all processors. What the tasks throw is thrown again here, the first one of it.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace aecos {

// Asked of the system once: it reads files to answer.
inline std::size_t processor_count() {
  static const std::size_t count = std::max(1U, std::thread::hardware_concurrency());
  return count;
}

// task(0) to task(count - 1), in any order, on as many threads as there are processors; returns when all are done.
template <class Task>
void in_parallel(std::size_t count, const Task& task) {
  std::atomic<std::size_t> next = 0;
  std::exception_ptr trouble;
  std::mutex trouble_mutex;
  const auto work = [&] {
    try {
      for (std::size_t k = next++; k < count; k = next++) task(k);
    } catch (...) {
      const std::lock_guard lock(trouble_mutex);
      if (!trouble) trouble = std::current_exception();
    }
  };
  std::vector<std::jthread> others;
  for (std::size_t k = 1; k < std::min(count, processor_count()); ++k) others.emplace_back(work);
  work();
  others.clear();  // Waits for them.
  if (trouble) std::rethrow_exception(trouble);
}

}  // namespace aecos
