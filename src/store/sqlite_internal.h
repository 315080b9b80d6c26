#pragma once

#include "store/database_internal.h"

namespace aecos::store {

// As it is: without any setting. Throws what SOCI throws.
std::unique_ptr<Connection> connect_to_sqlite(const std::string& path);
Failure explain_sqlite(const std::string& path, const soci::soci_error& error);
// Without a lock on the file: of one that nobody else knows.
std::unique_ptr<Database> private_sqlite_database(const std::string& path);

}  // namespace aecos::store
