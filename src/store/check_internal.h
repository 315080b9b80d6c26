#pragma once

#include "store/database_internal.h"

namespace aecos::store {

// See Store::check.
Result<std::vector<std::string>> damage_of(Database& database, Connection& connection);

}  // namespace aecos::store
