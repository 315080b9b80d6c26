#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

namespace aecos::git {

// As git does with folders of objects that are all in a pack by now.
class Pruner {
 public:
  explicit Pruner(const std::string& objects)
      : thread_([this, objects] {
          for (std::error_code code; !is_over_; std::this_thread::sleep_for(std::chrono::milliseconds(10)))
            for (const auto& entry : std::filesystem::directory_iterator(objects, code))
              if (entry.path().filename().string().size() == 2)
                pruned_ += std::filesystem::is_empty(entry.path(), code) && std::filesystem::remove(entry.path(), code);
        }) {}
  ~Pruner() { end(); }
  int end() {
    is_over_ = true;
    if (thread_.joinable()) thread_.join();
    return pruned_;
  }

 private:
  std::atomic<bool> is_over_ = false;
  std::atomic<int> pruned_ = 0;
  std::thread thread_;
};

}  // namespace aecos::git
