#pragma once
// What SQLite and PostgreSQL do differently.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/connection_internal.h"

namespace aecos::store {

enum class Trouble : std::uint8_t {
  work,        // What was asked for cannot be: the transaction can be rolled back to where that began, and go on.
  conflict,    // Somebody else was in the way: once more from the beginning.
  connection,  // Lost: once more on another.
  database,    // Full, damaged, locked by a stranger: the transaction is over.
};

struct Failure {
  Trouble trouble = Trouble::database;
  Error error;
};

enum class Use : std::uint8_t { write, read };

// Functions without Result throw what SOCI throws, to be explained by explain(). From any thread, a connection from one
// at a time.
class Database {
 public:
  virtual ~Database() = default;

  virtual Result<std::unique_ptr<Connection>> connect(Use use) = 0;
  virtual Failure explain(Connection& connection, const soci::soci_error& error) const = 0;
  virtual bool in_transaction(Connection& connection) const = 0;

  // Nobody else changes tables meanwhile; there may be none yet.
  virtual void begin_migration(Connection& connection) = 0;
  // `conflicts`: how often it has failed by one. After two, it waits until nobody else can be in the way.
  virtual void begin_write(Connection& connection, int conflicts) = 0;
  virtual void begin_read(Connection& connection) = 0;
  virtual void commit(Connection& connection) = 0;

  // How long to wait for a database that does not answer.
  virtual std::int64_t patience_ms() const = 0;

  // There is one connection for everything.
  virtual bool reads_with_writer() const = 0;
  virtual std::size_t readers_max() const = 0;
  virtual std::size_t works_in_a_commit_max() const = 0;

  // To append to a SELECT of one row that nobody else shall change before the transaction ends.
  virtual const char* and_hold_the_row() const = 0;
  // Makes of a statement of schema.cpp one of this database.
  virtual std::string adapt(std::string definition) const = 0;

  virtual Result<> back_up(Connection& connection, const std::string& path) = 0;
  // What the database itself says of its state; see Store::check.
  virtual std::vector<std::string> damage(Connection& connection) = 0;
};

// Rolls back what is open, if anything is; false: the connection is of no use any more.
bool roll_back(Database& database, Connection& connection);

}  // namespace aecos::store
