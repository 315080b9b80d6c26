#include <soci/sqlite3/soci-sqlite3.h>

#include "os/file_system.h"
#include "store/backup_internal.h"
#include "store/schema_internal.h"
#include "store/sqlite_internal.h"

namespace aecos::store {
namespace {

Columns columns_of(Connection& backup, const std::string& table) {
  Columns columns;
  backup.rows("SELECT name, type FROM pragma_table_info('" + table + "') ORDER BY cid", {},
              std::array{Kind::text, Kind::text}, [&](const std::vector<Cell>& row) {
                if (!columns.names.empty()) columns.names += ", ";
                columns.names += '"' + std::get<std::string>(row[0]) + '"';
                columns.kinds.push_back(std::get<std::string>(row[1]) == "INTEGER" ? Kind::number : Kind::text);
              });
  return columns;
}

class Inserter {
 public:
  Inserter(Connection& connection, const std::string& table, const Columns& columns) : connection_(connection) {
    std::string parameters;
    for (std::size_t i = 0; i < columns.kinds.size(); ++i) {
      (parameters += i == 0 ? ":v" : ", :v") += std::to_string(i);
    }
    sql_ = "INSERT INTO " + table + " (" + columns.names + ") VALUES (" + parameters + ")";
  }

  void operator()(const std::vector<Cell>& row) const {
    Values values;
    for (const auto& cell : row) {
      if (const auto* number = std::get_if<long long>(&cell)) values.add(static_cast<std::int64_t>(*number));
      if (const auto* text = std::get_if<std::string>(&cell)) values.add(*text);
    }
    connection_.change(sql_, values);
  }

 private:
  Connection& connection_;
  std::string sql_;
};

Result<> fill(const std::string& part, const EachRow& each_row) {
  const auto database = private_sqlite_database(part);
  AECOS_TRY_ASSIGN(const auto copy, database->connect(Use::write));
  AECOS_TRY(migrate(*database, *copy));
  try {
    copy->run("PRAGMA foreign_keys = OFF");
    copy->run("BEGIN IMMEDIATE");
    for (const auto& table : table_names()) {
      const auto columns = columns_of(*copy, table);
      each_row(table, columns, Inserter(*copy, table, columns));
    }
    copy->run("COMMIT");
    copy->run("PRAGMA journal_mode = DELETE");  // One file, that can be copied anywhere.
  } catch (const soci::sqlite3_soci_error& error) {
    return explain_sqlite(part, error).error;
  }
  return {};
}

Result<> finish(const std::string& part) {
  try {
    const auto copy = connect_to_sqlite(part);
    copy->run("PRAGMA synchronous = FULL");
    copy->run("PRAGMA user_version = 1");  // VACUUM INTO leaves it to the system when to write; a commit does not.
    const auto damage = copy->text("PRAGMA quick_check(1)");
    if (damage != "ok") return Error{ErrorCode::unavailable, "what was read is damaged (" + damage + ")"};
    return {};
  } catch (const soci::soci_error& error) {
    return explain_sqlite(part, error).error;
  }
}

}  // namespace

Result<> back_up_file(const std::string& path, const std::function<Result<>(const std::string& part)>& fill_part) {
  const auto files = os::real_file_system();
  const auto part = path + ".part";
  if (os::exists(*files, path)) return Error{ErrorCode::invalid_input, path + " is there already"};
  if (os::exists(*files, part)) AECOS_TRY(files->remove(part));
  auto result = fill_part(part);
  if (result) result = finish(part);
  if (result) result = files->rename(part, path);
  if (!result && os::exists(*files, part)) (void)!files->remove(part);
  return result;
}

Result<> back_up_rows(const std::string& path, const EachRow& each_row) {
  return back_up_file(path, [&](const std::string& part) { return fill(part, each_row); });
}

Result<> fill_from_backup(const std::string& path, Connection& connection) {
  AECOS_TRY(os::real_file_system()->status(path));  // SQLite would make it.
  try {
    const auto backup = connect_to_sqlite(path);
    backup->run("PRAGMA query_only = ON");
    const auto version = backup->number("SELECT COALESCE(MAX(version), 0) FROM schema_version");
    if (version != schema_version()) {
      return Error{ErrorCode::invalid_input, path + " is of version " + std::to_string(version) + ", and not " +
                                                 std::to_string(schema_version()) +
                                                 ": restore it with the aecos that made it"};
    }
    for (const auto& table : table_names()) {
      if (connection.number("SELECT COUNT(*) FROM " + table) != 0) {
        return Error{ErrorCode::invalid_input, "the database to restore into is not empty: it has " + table};
      }
      const auto columns = columns_of(*backup, table);
      Inserter insert(connection, table, columns);
      backup->rows("SELECT " + columns.names + " FROM " + table, {}, columns.kinds, insert);
    }
    return {};
  } catch (const soci::sqlite3_soci_error& error) {
    return explain_sqlite(path, error).error;
  }
}

}  // namespace aecos::store
