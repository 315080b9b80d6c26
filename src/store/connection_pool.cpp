#include <chrono>
#include <thread>

#include "store/connection_pool_internal.h"
#include "store/tables_internal.h"

namespace aecos::store {

// A place among the connections, with the connection that is in it, if any.
class ConnectionPool::Lease {
 public:
  explicit Lease(ConnectionPool& pool) : pool_(pool), connection_(pool.take_idle()) {}
  ~Lease() { pool_.give_back(std::move(connection_)); }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  Result<> have_connection() {
    if (connection_) return {};
    AECOS_TRY_ASSIGN(connection_, pool_.database_.connect(Use::read));
    return {};
  }
  Connection& operator*() { return *connection_; }
  void drop() { connection_.reset(); }

 private:
  ConnectionPool& pool_;
  std::unique_ptr<Connection> connection_;
};

Result<> ConnectionPool::read(const Store::Work& work) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::milliseconds(database_.patience_ms());
  Lease lease(*this);
  while (true) {
    Reading reading;
    auto ready = lease.have_connection();
    if (ready) {
      reading = read_on(database_, *lease, work);
      if (!reading.is_usable) lease.drop();
    } else {
      reading.failure = Failure{Trouble::connection, ready.error()};
    }
    if (!reading.failure) {
      if (reading.bug) std::rethrow_exception(reading.bug);
      return reading.result;
    }
    if (reading.failure->trouble == Trouble::connection) drop_idle();  // Lost like this one.
    if (reading.failure->trouble == Trouble::database || Clock::now() >= deadline) return reading.failure->error;
    if (!ready) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

Result<> ConnectionPool::with_connection(const std::function<Result<>(Connection&)>& task) {
  Lease lease(*this);
  AECOS_TRY(lease.have_connection());
  auto result = task(*lease);
  if (!result) lease.drop();
  return result;
}

std::unique_ptr<Connection> ConnectionPool::take_idle() {
  std::unique_lock lock(mutex_);
  returned_.wait(lock, [&] { return lent_ < database_.readers_max(); });
  ++lent_;
  if (idle_.empty()) return nullptr;
  auto connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

void ConnectionPool::give_back(std::unique_ptr<Connection> connection) {
  {
    const std::lock_guard lock(mutex_);
    --lent_;
    if (connection) idle_.push_back(std::move(connection));
  }
  returned_.notify_one();
}

void ConnectionPool::drop_idle() {
  std::vector<std::unique_ptr<Connection>> dropped;
  const std::lock_guard lock(mutex_);
  dropped.swap(idle_);
}

Reading read_on(Database& database, Connection& connection, const Store::Work& work) {
  Reading reading;
  try {
    connection.drop_broken();
    database.begin_read(connection);
    SqlTables tables(database, connection, Use::read);
    try {
      reading.result = work(tables);
    } catch (...) {
      reading.bug = std::current_exception();
    }
    reading.failure = tables.failure();
  } catch (const soci::soci_error& error) {
    reading.failure = database.explain(connection, error);
  }
  if (reading.failure && reading.failure->trouble == Trouble::work) {
    reading.result = reading.failure->error;
    reading.failure.reset();
  }
  reading.is_usable = roll_back(database, connection);
  return reading;
}

}  // namespace aecos::store
