#pragma once
// The two there are.

#include "store/database_internal.h"

namespace aecos::store {

// An absolute path, or ":memory:". Takes the file for itself as long as the object lives.
Result<std::unique_ptr<Database>> sqlite_database(const std::string& path);
// A connection URI of libpq.
Result<std::unique_ptr<Database>> postgres_database(const std::string& address, std::int64_t patience_ms);

}  // namespace aecos::store
