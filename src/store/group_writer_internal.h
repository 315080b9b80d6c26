#pragma once
// The one thread that writes. It takes all the works that wait and commits them together, each in a savepoint.

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <mutex>
#include <random>
#include <thread>

#include "store/database_internal.h"
#include "store/store.h"

namespace aecos::store {

class GroupWriter {
 public:
  GroupWriter(Database& database, std::unique_ptr<Connection> connection);
  ~GroupWriter();  // After all that was asked for before.
  GroupWriter(const GroupWriter&) = delete;
  GroupWriter& operator=(const GroupWriter&) = delete;

  // Returns when the work is durable; rethrows what it throws.
  Result<> write(const Store::Work& work);
  // With the connection to itself, outside of a transaction.
  Result<> alone(const std::function<Result<>(Connection&)>& task);
  // How many have asked and are not yet served.
  std::size_t waiting();

 private:
  struct Job {
    const Store::Work* work = nullptr;  // This or the other.
    const std::function<Result<>(Connection&)>* task = nullptr;
    Result<> result;
    std::exception_ptr bug;
    std::promise<Result<>> promise;
  };
  using Jobs = std::vector<std::shared_ptr<Job>>;

  Result<> ask(const std::shared_ptr<Job>& job);
  void run();
  Jobs next();
  void serve(const Jobs& jobs);
  std::optional<Failure> commit(const Jobs& jobs);
  std::optional<Failure> attempt(const Jobs& jobs, int conflicts);
  std::optional<Failure> do_work(Job& job, bool is_one_of_many);
  void roll_back();
  Result<> have_connection();
  void pause(std::int64_t about_ms);

  Database& database_;
  std::unique_ptr<Connection> connection_;  // None: lost.
  std::minstd_rand random_{std::random_device{}()};

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<std::shared_ptr<Job>> waiting_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace aecos::store
