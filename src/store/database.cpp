#include "store/database_internal.h"

namespace aecos::store {

bool roll_back(Database& database, Connection& connection) {
  try {
    if (database.in_transaction(connection)) connection.run("ROLLBACK");
    return true;
  } catch (const soci::soci_error&) {
    return false;
  }
}

}  // namespace aecos::store
