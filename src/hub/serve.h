#pragma once
// The hub as a process: everything opened, recovered, listening, and kept up while it runs.

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "http/server.h"
#include "hub/hub.h"

namespace aecos::hub {

// What the hub is given by whoever starts it.
struct World {
  os::FileSystem& files;
  os::Clock& clock;
  os::Random& random;
  os::ProcessRunner& processes;
};

// Random for many threads.
class SharedRandom final : public os::Random {
 public:
  explicit SharedRandom(os::Random& random) : random_(random) {}
  void fill(std::span<std::byte> bytes) override {
    const std::lock_guard lock(mutex_);
    random_.fill(bytes);
  }

 private:
  std::mutex mutex_;
  os::Random& random_;
};

// The data folder, opened: the store, the log, and a lock that keeps a second hub out.
class Opened {
 public:
  // unavailable: another hub runs on it, or it cannot be opened.
  static Result<std::unique_ptr<Opened>> open(const World& world, Config config);
  Parts parts() { return {config, world.files, world.clock, random, world.processes, *store, *log}; }

  World world;
  Config config;
  SharedRandom random;
  std::unique_ptr<os::FileLock> lock;
  std::unique_ptr<Log> log;
  std::unique_ptr<store::Store> store;

 private:
  Opened(const World& given, Config settings) : world(given), config(std::move(settings)), random(given.random) {}
};

// Settles what was under way when the hub was killed; before anybody is served.
Result<> recover(Hub& hub);

class Service {
 public:
  // Recovers what was under way, and listens.
  static Result<std::unique_ptr<Service>> start(Opened& opened);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  Hub& hub() { return hub_; }
  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  [[nodiscard]] std::string url() const;
  // Absent: there are users already.
  [[nodiscard]] const std::optional<std::string>& first_secret() const { return first_secret_; }
  void stop(std::int64_t grace_ms);

 private:
  explicit Service(Opened& opened) : opened_(opened), hub_(opened.parts()) {}
  Result<> write_control_file();
  void keep_up();
  void tidy_up();

  Opened& opened_;
  Hub hub_;
  std::optional<std::string> first_secret_;
  std::unique_ptr<http::Server> server_;
  std::mutex mutex_;
  std::condition_variable ending_;
  bool is_ending_ = false;
  std::map<std::string, std::string> told_trouble_;  // Of the audit trail, by project; the keeper's.
  std::set<std::string> to_tidy_;                    // Projects that somebody changed.
  std::thread keeper_, tidier_;
};

// Where and how the hub that runs on a data folder is reached by whoever may read that folder. not_found: none runs.
struct Control {
  std::string url, secret;
};
Result<Control> read_control_file(os::FileSystem& files, const std::string& data);

http::Router make_router(Hub& hub, const std::function<http::Server::Counts()>& counts);

}  // namespace aecos::hub
