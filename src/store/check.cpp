#include "store/check_internal.h"

namespace aecos::store {
namespace {

void check_sequences(Connection& connection, std::vector<std::string>& found) {
  static constexpr std::array kinds{Kind::text, Kind::number, Kind::number, Kind::number, Kind::number};
  static const std::string sql =
      "SELECT p.name, p.last_sequence, COUNT(e.sequence), COALESCE(MIN(e.sequence), 0), COALESCE(MAX(e.sequence), 0) "
      "FROM projects p LEFT JOIN events e ON e.project = p.name GROUP BY p.name, p.last_sequence ORDER BY p.name";
  connection.rows(sql, {}, kinds, [&](const std::vector<Cell>& row) {
    const auto number = [&](std::size_t i) { return std::get<long long>(row[i]); };
    const auto last = number(1), count = number(2), smallest = number(3), largest = number(4);
    const auto project = "project " + std::get<std::string>(row[0]) + ": ";
    if (largest != last) {
      found.push_back(project + "its last event should be " + std::to_string(last) + ", and is " +
                      std::to_string(largest));
    }
    if (count != largest || (count > 0 && smallest != 1)) {
      found.push_back(project + std::to_string(largest - count) + " events are missing among the first " +
                      std::to_string(largest));
    }
  });
}

void check_hashes(Connection& connection, std::vector<std::string>& found) {
  static const std::string sql =
      "SELECT p.name FROM projects p JOIN events e ON e.project = p.name AND e.sequence = p.last_sequence "
      "WHERE e.hash <> p.last_hash ORDER BY p.name";
  connection.rows(sql, {}, std::array{Kind::text}, [&](const std::vector<Cell>& row) {
    found.push_back("project " + std::get<std::string>(row[0]) + ": the hash of its last event is another one");
  });
}

}  // namespace

Result<std::vector<std::string>> damage_of(Database& database, Connection& connection) {
  std::optional<Failure> failure;
  std::vector<std::string> found;
  try {
    database.begin_read(connection);
    found = database.damage(connection);
    check_sequences(connection, found);
    check_hashes(connection, found);
  } catch (const soci::soci_error& error) {
    failure = database.explain(connection, error);
  }
  roll_back(database, connection);
  if (failure && failure->error.code == ErrorCode::unavailable && !found.empty()) {
    found.push_back(failure->error.message);  // Damaged so far that no more can be read.
    return found;
  }
  if (failure) return failure->error;
  return found;
}

}  // namespace aecos::store
