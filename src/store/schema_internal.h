#pragma once
// The tables as SQL, and how those of an earlier version become those of the present one.

#include "store/database_internal.h"

namespace aecos::store {

// In one transaction. invalid_input: the tables are of a later version than we know.
Result<> migrate(Database& database, Connection& connection);

// Every table's name, those that others refer to first; without the one that holds the version.
std::vector<std::string> table_names();
int schema_version();

}  // namespace aecos::store
