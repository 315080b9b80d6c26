#include <soci/postgresql/soci-postgresql.h>

#include <algorithm>
#include <array>
#include <atomic>

#include "store/backup_internal.h"
#include "store/databases_internal.h"

namespace aecos::store {
namespace {

constexpr auto migration_lock = "4161297";  // Any number that nobody else uses.

PGconn* handle_of(Connection& connection) {
  return static_cast<soci::postgresql_session_backend*>(connection.session().get_backend())->conn_;
}

std::string one_line(const std::string& text) {
  std::string line;
  for (const char c : text) {
    const bool is_blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!is_blank) line += c;
    if (is_blank && !line.empty() && line.back() != ' ') line += ' ';
  }
  while (line.ends_with(' ') || line.ends_with('.')) line.pop_back();
  return line;
}

// Without user, password and settings.
std::string shown(const std::string& address) {
  auto rest = address.substr(address.find("://") + 3);
  rest = rest.substr(0, rest.find('?'));
  if (const auto at = rest.rfind('@'); at != std::string::npos) rest.erase(0, at + 1);
  return "PostgreSQL" + (rest.empty() || rest == "/" ? "" : " at " + rest);
}

// A server or network that is gone is noticed within a minute, whatever the system's own patience is.
std::string with_settings(std::string address) {
  static constexpr std::array settings{"connect_timeout=5",     "keepalives_idle=20",     "keepalives_interval=10",
                                       "keepalives_count=3",    "tcp_user_timeout=30000", "client_encoding=UTF8",
                                       "application_name=aecos"};
  for (const std::string_view setting : settings) {
    if (address.find(setting.substr(0, setting.find('=') + 1)) != std::string::npos) continue;
    (address += address.find('?') == std::string::npos ? '?' : '&') += setting;
  }
  return address;
}

class PostgresDatabase final : public Database {
 public:
  PostgresDatabase(const std::string& address, std::int64_t patience_ms)
      : address_(with_settings(address)), name_(shown(address)), patience_ms_(patience_ms) {}

  Result<std::unique_ptr<Connection>> connect(Use use) override;
  Failure explain(Connection& connection, const soci::soci_error& error) const override;

  bool in_transaction(Connection& connection) const override {
    return PQtransactionStatus(handle_of(connection)) != PQTRANS_IDLE;
  }

  void begin_migration(Connection& connection) override {
    connection.run(std::string("BEGIN; SELECT pg_advisory_xact_lock(") + migration_lock + ")");
  }

  // Works are as if one came after the other, as in SQLite. The table's lock, which is taken before the transaction
  // sees anything, puts those who were in each other's way into a queue.
  void begin_write(Connection& connection, int conflicts) override {
    connection.run(std::string("BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE schema_version IN ") +
                   (conflicts < 2 ? "ROW SHARE" : "EXCLUSIVE") + " MODE");
  }

  void begin_read(Connection& connection) override {
    connection.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  }

  void commit(Connection& connection) override {
    // It would roll back a failed one, and call that a success.
    if (PQtransactionStatus(handle_of(connection)) == PQTRANS_INERROR) throw soci::soci_error("a failed transaction");
    connection.run("COMMIT");
  }

  std::int64_t patience_ms() const override { return patience_ms_; }
  bool reads_with_writer() const override { return false; }
  std::size_t readers_max() const override { return 8; }
  std::size_t works_in_a_commit_max() const override { return 60; }  // With more savepoints than 64 it gets slow.

  // Weaker than FOR UPDATE: does not stand in the way of rows that refer to this one.
  const char* and_hold_the_row() const override { return " FOR NO KEY UPDATE"; }

  std::string adapt(std::string definition) const override {
    static constexpr std::array<std::array<const char*, 2>, 4> words{
        {{", WITHOUT ROWID", ""}, {" STRICT", ""}, {" INTEGER", " BIGINT"}, {" TEXT", " TEXT COLLATE \"C\""}}};
    for (const auto& [from, to] : words) {
      for (auto at = definition.find(from); at != std::string::npos; at = definition.find(from, at + 1)) {
        definition.replace(at, std::string_view(from).size(), to);
      }
    }
    return definition;
  }

  Result<> back_up(Connection& connection, const std::string& path) override;
  std::vector<std::string> damage(Connection& connection) override;

 private:
  Error no_connection(const std::string& words) const;

  std::string address_, name_;
  std::int64_t patience_ms_;
  std::atomic<bool> has_answered_ = false;
};

Result<std::unique_ptr<Connection>> PostgresDatabase::connect(Use) {
  // SOCI 4.0 never frees a connection that could not be made, so it is not asked to try.
  const std::unique_ptr<PGconn, void (*)(PGconn*)> probe(PQconnectdb(address_.c_str()), &PQfinish);
  if (PQstatus(probe.get()) != CONNECTION_OK) return no_connection(one_line(PQerrorMessage(probe.get())));
  try {
    auto connection = std::make_unique<Connection>(std::make_unique<soci::session>(soci::postgresql, address_));
    PQsetNoticeProcessor(
        handle_of(*connection), [](void*, const char*) {}, nullptr);  // Else it prints them.
    connection->run(
        "SET client_min_messages TO error; SET idle_in_transaction_session_timeout TO '60s';"
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'");
    if (!has_answered_ && connection->text("SHOW server_encoding") != "UTF8") {
      return Error{ErrorCode::invalid_input, name_ + ": the database must have the encoding UTF8"};
    }
    has_answered_ = true;
    return connection;
  } catch (const soci::soci_error& error) {
    return no_connection(one_line(error.get_error_message()));
  }
}

Error PostgresDatabase::no_connection(const std::string& words) const {
  if (!has_answered_ && PQping(address_.c_str()) == PQPING_OK) {
    return Error{ErrorCode::invalid_input, name_ + " does not let us in (" + words + "): mend the address"};
  }
  return Error{ErrorCode::unavailable, name_ + " does not answer (" + words + "): look whether it runs"};
}

Failure PostgresDatabase::explain(Connection& connection, const soci::soci_error& error) const {
  const auto* known = dynamic_cast<const soci::postgresql_soci_error*>(&error);
  const auto state = known ? known->sqlstate() : std::string();
  const auto words = one_line(error.get_error_message());
  const auto is = [&](auto... begin) { return (state.starts_with(begin) || ...); };
  const auto unavailable = [&](Trouble trouble, const std::string& message) {
    return Failure{trouble, {ErrorCode::unavailable, name_ + message}};
  };
  if (PQstatus(handle_of(connection)) != CONNECTION_OK || is("08", "57P", "25P03")) {
    return unavailable(Trouble::connection, " was lost (" + words + "): look whether it runs");
  }
  if (is("40")) return unavailable(Trouble::conflict, ": others changed the same rows all the time: try again");
  if (is("23505")) {
    return {Trouble::work, {ErrorCode::changed_meanwhile, "there is one like it already (" + words + ")"}};
  }
  if (is("23503")) {
    return {Trouble::work, {ErrorCode::not_found, "there is no such project, user or change request"}};
  }
  if (is("22", "54")) {
    return {Trouble::work, {ErrorCode::invalid_input, "the database cannot keep that (" + words + ")"}};
  }
  if (is("53100")) return unavailable(Trouble::database, ": no room is left on its disk: make some, then try again");
  if (is("XX001", "XX002")) {
    return unavailable(Trouble::database, " is damaged (" + words + "): restore the last backup");
  }
  return unavailable(Trouble::database, ": " + words);
}

Result<> PostgresDatabase::back_up(Connection& connection, const std::string& path) {
  const auto each_row = [&](const std::string& table, const Columns& columns, const OnRow& on_row) {
    connection.run("DECLARE of_" + table + " CURSOR FOR SELECT " + columns.names + " FROM " + table);
    bool more = true;
    while (more) {
      more = false;
      connection.rows("FETCH 500 FROM of_" + table, {}, columns.kinds, [&](std::vector<Cell>& row) {
        more = true;
        on_row(row);
      });
    }
  };
  std::optional<Failure> failure;
  Result<> result;
  try {
    begin_read(connection);
    result = back_up_rows(path, each_row);
  } catch (const soci::soci_error& error) {
    failure = explain(connection, error);
  }
  roll_back(*this, connection);
  return failure ? failure->error : result;
}

std::vector<std::string> PostgresDatabase::damage(Connection& connection) {
  if (connection.text("SHOW fsync") == "on") return {};
  return {"PostgreSQL runs with fsync off: what it says is written may be lost"};
}

}  // namespace

Result<std::unique_ptr<Database>> postgres_database(const std::string& address, std::int64_t patience_ms) {
  if (address.find_first_of(" \t\r\n\"") != std::string::npos || address.find('\0') != std::string::npos) {
    return Error{ErrorCode::invalid_input,
                 "no address of a database: blanks and quotes must be written as %20 and %22"};
  }
  return std::unique_ptr<Database>(std::make_unique<PostgresDatabase>(address, patience_ms));
}

}  // namespace aecos::store
