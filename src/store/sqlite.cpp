#include <soci/sqlite3/soci-sqlite3.h>

#include "os/file_system.h"
#include "store/backup_internal.h"
#include "store/databases_internal.h"
#include "store/sqlite_internal.h"

namespace aecos::store {
namespace {

constexpr auto in_memory = ":memory:";

std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) (result += c) += c == '\'' ? "'" : "";
  return result + '\'';
}

sqlite_api::sqlite3* handle_of(Connection& connection) {
  return static_cast<soci::sqlite3_session_backend*>(connection.session().get_backend())->conn_;
}

// A program may have only one connection that writes and checkpoints, up to SQLite 3.51.2 at least: a checkpoint
// beside another connection's write can destroy the write-ahead log.
class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(std::string path, std::unique_ptr<os::FileLock> lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  Result<std::unique_ptr<Connection>> connect(Use use) override {
    try {
      auto connection = connect_to_sqlite(path_);
      if (use == Use::read) {
        connection->run("PRAGMA query_only = ON");
        connection->run("PRAGMA wal_autocheckpoint = 0");
        return connection;
      }
      AECOS_TRY(prepare_to_write(*connection));
      return connection;
    } catch (const soci::soci_error& error) {
      return explain_sqlite(path_, error).error;
    }
  }

  Failure explain(Connection& connection, const soci::soci_error& error) const override {
    auto failure = explain_sqlite(path_, error);
    if (!in_transaction(connection)) failure.trouble = Trouble::database;  // It has been rolled back as a whole.
    return failure;
  }

  bool in_transaction(Connection& connection) const override {
    return sqlite_api::sqlite3_get_autocommit(handle_of(connection)) == 0;
  }

  void begin_migration(Connection& connection) override { connection.run("BEGIN IMMEDIATE"); }
  void begin_write(Connection& connection, int) override { connection.run("BEGIN IMMEDIATE"); }
  void begin_read(Connection& connection) override { connection.run("BEGIN"); }
  void commit(Connection& connection) override { connection.run("COMMIT"); }

  std::int64_t patience_ms() const override { return 0; }

  bool reads_with_writer() const override { return path_ == in_memory; }
  std::size_t readers_max() const override { return 8; }
  std::size_t works_in_a_commit_max() const override { return 256; }

  const char* and_hold_the_row() const override { return ""; }  // Who writes is alone.
  std::string adapt(std::string definition) const override { return definition; }

  Result<> back_up(Connection& connection, const std::string& path) override;
  std::vector<std::string> damage(Connection& connection) override;

 private:
  Result<> prepare_to_write(Connection& connection) const;

  std::string path_;
  std::unique_ptr<os::FileLock> lock_;
};

Result<> SqliteDatabase::prepare_to_write(Connection& connection) const {
  connection.run("PRAGMA foreign_keys = ON");
  connection.run("PRAGMA trusted_schema = OFF");
  if (path_ == in_memory) return {};
  if (const auto damage = connection.text("PRAGMA quick_check(1)"); damage != "ok") {
    return Error{ErrorCode::unavailable, path_ + " is damaged (" + damage + "): restore the last backup"};
  }
  if (const auto mode = connection.text("PRAGMA journal_mode = WAL"); mode != "wal") {
    return Error{ErrorCode::invalid_input,
                 path_ + " lies where SQLite cannot keep a write-ahead log: put it on a disk of this machine"};
  }
  connection.run("PRAGMA synchronous = FULL");
  connection.run("PRAGMA journal_size_limit = 67108864");
  return {};
}

Result<> SqliteDatabase::back_up(Connection& connection, const std::string& path) {
  return back_up_file(path, [&](const std::string& part) -> Result<> {
    try {
      connection.run("PRAGMA query_only = OFF");
      connection.run("VACUUM INTO " + quoted(part));
      if (!reads_with_writer()) connection.run("PRAGMA query_only = ON");
      return {};
    } catch (const soci::soci_error& error) {
      return explain_sqlite(path_, error).error;
    }
  });
}

std::vector<std::string> SqliteDatabase::damage(Connection& connection) {
  std::vector<std::string> found;
  const auto add = [&](const std::vector<Cell>& row) { found.push_back(std::get<std::string>(row.front())); };
  connection.rows("PRAGMA integrity_check(100)", {}, std::array{Kind::text}, add);
  if (found == std::vector<std::string>{"ok"}) found.clear();
  connection.rows(R"(SELECT DISTINCT "table" || ' refers to a row in ' || parent || ' that is not there'
                     FROM pragma_foreign_key_check)",
                  {}, std::array{Kind::text}, add);
  return found;
}

}  // namespace

std::unique_ptr<Connection> connect_to_sqlite(const std::string& path) {
  const auto where = path == in_memory ? "dbname=" + path : "dbname=\"" + path + "\" timeout=10";
  auto connection = std::make_unique<Connection>(std::make_unique<soci::session>(soci::sqlite3, where));
  sqlite_api::sqlite3_extended_result_codes(handle_of(*connection), 1);
  return connection;
}

Failure explain_sqlite(const std::string& path, const soci::soci_error& error) {
  const auto* known = dynamic_cast<const soci::sqlite3_soci_error*>(&error);
  const int code = known ? known->result() : SQLITE_ERROR;
  auto words = error.get_error_message();
  if (const auto colon = words.find(": "); words.starts_with("sqlite3_") && colon != std::string::npos) {
    words.erase(0, colon + 2);
  }
  const auto of_database = [&](const std::string& message) {
    return Failure{Trouble::database, {ErrorCode::unavailable, message}};
  };
  if (code == SQLITE_CONSTRAINT_FOREIGNKEY) {
    return {Trouble::work, {ErrorCode::not_found, "there is no such project, user or change request"}};
  }
  if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY) {
    return {Trouble::work, {ErrorCode::changed_meanwhile, "there is one like it already (" + words + ")"}};
  }
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
      return {Trouble::work, {ErrorCode::invalid_input, "the database cannot keep that (" + words + ")"}};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return of_database("another program holds " + path + ": end it, then try again");
    case SQLITE_FULL:
      return of_database("no room is left for " + path + ": make some, then try again");
    case SQLITE_IOERR:
      return of_database("the disk with " + path + " fails (" + words + "): look into the system's log");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return of_database(path + " is damaged, or no SQLite database (" + words + "): restore the last backup");
    case SQLITE_CANTOPEN:
      return of_database(path + " cannot be opened: look whether its folder is there and may be written to");
    case SQLITE_READONLY:
      return of_database(path + " may not be written to: look at its permissions");
    default:
      return of_database(path + ": " + words);
  }
}

std::unique_ptr<Database> private_sqlite_database(const std::string& path) {
  return std::make_unique<SqliteDatabase>(path, nullptr);
}

Result<std::unique_ptr<Database>> sqlite_database(const std::string& path) {
  if (path == in_memory) return private_sqlite_database(path);
  if (path.empty() || path.find_first_of("\"\n") != std::string::npos || path.find('\0') != std::string::npos) {
    return Error{ErrorCode::invalid_input, "sqlite:" + path + ": no possible path"};
  }
  const auto files = os::real_file_system();
  const auto resolved = files->resolve(path);  // By whatever names it is known, there is one lock.
  const auto file = resolved ? *resolved : path;
  auto lock = files->try_lock(file + ".lock", "a hub");
  if (!lock && lock.error().code == ErrorCode::not_found) {
    return Error{ErrorCode::invalid_input, file + " cannot be made: its folder is not there"};
  }
  if (!lock && lock.error().code == ErrorCode::denied) {
    return Error{ErrorCode::denied, file + " is in use (" + lock.error().message + "): one hub alone may use it"};
  }
  if (!lock) return lock.error();
  return std::unique_ptr<Database>(std::make_unique<SqliteDatabase>(file, *std::move(lock)));
}

}  // namespace aecos::store
