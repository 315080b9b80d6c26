#pragma once
// Connections for those who read at the same time.

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>

#include "store/database_internal.h"
#include "store/store.h"

namespace aecos::store {

class ConnectionPool {
 public:
  explicit ConnectionPool(Database& database) : database_(database) {}

  // One transaction that sees one state. Waits while all connections are in use.
  Result<> read(const Store::Work& work);
  // With a connection outside of a transaction.
  Result<> with_connection(const std::function<Result<>(Connection&)>& task);

 private:
  class Lease;
  std::unique_ptr<Connection> take_idle();
  void give_back(std::unique_ptr<Connection> connection);
  void drop_idle();

  Database& database_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t lent_ = 0;
};

// The work in a transaction that only reads. A failure is the database's.
struct Reading {
  Result<> result;
  std::exception_ptr bug;
  std::optional<Failure> failure;
  bool is_usable = true;  // The connection, from now on.
};
Reading read_on(Database& database, Connection& connection, const Store::Work& work);

}  // namespace aecos::store
