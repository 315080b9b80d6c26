#pragma once
// A PostgreSQL server of the tests' own, in a temporary folder, reached by a socket in it only.

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "os/environment.h"
#include "os/process.h"

namespace aecos::store {

class PostgresServer {
 public:
  // Null: PostgreSQL is not installed, or cannot be started here.
  static std::unique_ptr<PostgresServer> start_new() {
    auto server = std::make_unique<PostgresServer>();
    return server->set_up() && server->start() ? std::move(server) : nullptr;
  }

  PostgresServer() = default;
  ~PostgresServer() {
    stop();
    if (!folder_.empty()) run({"rm", "-rf", folder_});
  }
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  bool start() {
    end_ = false;
    // Ends when its input does, which is when we stop it or are gone, however that came about.
    server_ = std::thread([this] {
      os::Command command{as_user({"sh", "-c",
                                   "\"$0/postgres\" -D \"$1/data\" -k \"$1\" -c listen_addresses= > \"$1/log\" 2>&1 &"
                                   "cat > /dev/null; kill -INT $!; wait $!",
                                   programs_, folder_})};
      command.directory = folder_;
      command.next_input = [this] {
        std::unique_lock lock(mutex_);
        ended_.wait(lock, [&] { return end_; });
        return std::string();
      };
      (void)!runner_->run(command);
    });
    for (int attempt = 0; attempt < 1000; ++attempt) {
      if (run({programs_ + "/pg_isready", "-q", "-h", folder_}).ok()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      end_ = true;
    }
    ended_.notify_one();
    if (server_.joinable()) server_.join();
  }

  // With settings of libpq behind it: "&options=...".
  std::string address() const { return "postgresql://postgres@/postgres?host=" + folder_; }

 private:
  bool set_up() {
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
      const auto programs = (entry.path() / "bin").string();
      if (std::filesystem::exists(programs + "/postgres")) programs_ = std::max(programs_, programs);
    }
    if (programs_.empty()) return false;
    const auto made = run({"mktemp", "-d", "-t", "aecos-postgres-XXXXXX"});
    if (!made.ok()) return false;
    folder_ = made.output.substr(0, made.output.find('\n'));
    return run({programs_ + "/initdb", "-D", folder_ + "/data", "-U", "postgres", "-A", "trust", "-E", "UTF8",
                "--locale=C.UTF-8", "--no-sync"})
        .ok();
  }

  // PostgreSQL does not run as root.
  std::vector<std::string> as_user(std::vector<std::string> argv) const {
    if (os::real_environment()->user() != "root") return argv;
    std::vector<std::string> full{"runuser", "-u", "postgres", "--"};
    full.insert(full.end(), argv.begin(), argv.end());
    return full;
  }

  os::Finished run(std::vector<std::string> argv) const {
    os::Command command{as_user(std::move(argv))};
    command.directory = std::filesystem::temp_directory_path().string();
    auto finished = runner_->run(command);
    return finished ? *finished : os::Finished{127};
  }

  std::unique_ptr<os::ProcessRunner> runner_ = os::real_process_runner();
  std::string programs_, folder_;
  std::thread server_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool end_ = false;
};

}  // namespace aecos::store
