#include <utility>

#include "store/backup_internal.h"
#include "store/check_internal.h"
#include "store/connection_pool_internal.h"
#include "store/databases_internal.h"
#include "store/group_writer_internal.h"
#include "store/open_internal.h"
#include "store/schema_internal.h"

namespace aecos::store {
namespace {

Result<std::unique_ptr<Database>> database_at(const std::string& address, std::int64_t patience_ms) {
  constexpr std::string_view sqlite = "sqlite:";
  if (address.starts_with(sqlite)) return sqlite_database(address.substr(sqlite.size()));
  if (address.starts_with("postgresql://") || address.starts_with("postgres://")) {
    return postgres_database(address, patience_ms);
  }
  return Error{ErrorCode::invalid_input, "no address of a database: it begins with sqlite: or postgresql://"};
}

class SqlStore final : public Store {
 public:
  SqlStore(std::unique_ptr<Database> database, std::unique_ptr<Connection> connection)
      : database_(std::move(database)), writer_(*database_, std::move(connection)), readers_(*database_) {}

  Result<> write(const Work& work) override { return writer_.write(work); }

  Result<> read(const Work& work) override {
    if (!database_->reads_with_writer()) return readers_.read(work);
    return writer_.alone([&](Connection& connection) -> Result<> {
      auto reading = read_on(*database_, connection, work);
      if (reading.bug) std::rethrow_exception(reading.bug);
      return reading.failure ? Result<>(reading.failure->error) : reading.result;
    });
  }

  Result<> back_up(const std::string& path) override {
    return outside([&](Connection& connection) { return database_->back_up(connection, path); });
  }

  Result<std::vector<std::string>> check() override {
    std::vector<std::string> found;
    AECOS_TRY(outside([&](Connection& connection) -> Result<> {
      AECOS_TRY_ASSIGN(found, damage_of(*database_, connection));
      return {};
    }));
    return found;
  }

 private:
  Result<> outside(const std::function<Result<>(Connection&)>& task) {
    return database_->reads_with_writer() ? writer_.alone(task) : readers_.with_connection(task);
  }

  std::unique_ptr<Database> database_;
  GroupWriter writer_;
  ConnectionPool readers_;  // Ends before the writer: the last connection to SQLite that is closed writes.
};

constexpr std::int64_t usual_patience_ms = 5000;  // A PostgreSQL server has been restarted by then.

}  // namespace

Result<std::unique_ptr<Store>> open(const std::string& address) { return open(address, usual_patience_ms); }

Result<std::unique_ptr<Store>> open(const std::string& address, std::int64_t patience_ms) {
  AECOS_TRY_ASSIGN(auto database, database_at(address, patience_ms));
  AECOS_TRY_ASSIGN(auto connection, database->connect(Use::write));
  AECOS_TRY(migrate(*database, *connection));
  return std::unique_ptr<Store>(std::make_unique<SqlStore>(std::move(database), std::move(connection)));
}

Result<> restore(const std::string& backup, const std::string& address) {
  AECOS_TRY_ASSIGN(const auto database, database_at(address, usual_patience_ms));
  AECOS_TRY_ASSIGN(const auto connection, database->connect(Use::write));
  AECOS_TRY(migrate(*database, *connection));
  try {
    database->begin_write(*connection, 0);
    auto result = fill_from_backup(backup, *connection);
    result ? database->commit(*connection) : connection->run("ROLLBACK");
    return result;
  } catch (const soci::soci_error& error) {
    return database->explain(*connection, error).error;
  }
}

}  // namespace aecos::store
