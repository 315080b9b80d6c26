#pragma once
// Backups: always a SQLite file with the tables of schema.cpp, whichever database they come from.

#include <functional>

#include "store/database_internal.h"

namespace aecos::store {

struct Columns {
  std::string names;  // "a", "b"
  std::vector<Kind> kinds;
};
using OnRow = std::function<void(std::vector<Cell>&)>;
// Calls back with every row of the table.
using EachRow = std::function<void(const std::string& table, const Columns& columns, const OnRow& on_row)>;

// invalid_input: there is something at that path. Throws what `each_row` throws.
Result<> back_up_rows(const std::string& path, const EachRow& each_row);

// The same where `fill` makes the file, at the path it is given. The backup is on the disk, and whole, before it has
// its name.
Result<> back_up_file(const std::string& path, const std::function<Result<>(const std::string& part)>& fill);

// Into tables without rows; the connection is in a transaction.
Result<> fill_from_backup(const std::string& path, Connection& connection);

}  // namespace aecos::store
