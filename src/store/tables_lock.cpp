#include "store/tables_internal.h"

namespace aecos::store {

Result<> SqlTables::add_lock(const Lock& lock) {
  AECOS_TRY_ASSIGN(const auto added, change(statements<Lock>().insert, of_record(lock)));
  if (added == 0) return Error{ErrorCode::changed_meanwhile, lock.target + " is locked already"};
  return {};
}

Result<> SqlTables::update_lock(const Lock& lock) { return update(lock); }

Result<> SqlTables::remove_lock(const std::string& id) {
  AECOS_TRY(change("DELETE FROM locks WHERE id = :id", of(id)));
  return {};
}

Result<std::optional<Lock>> SqlTables::lock(const std::string& id) { return find<Lock>("WHERE id = :id", of(id)); }

Result<std::vector<Lock>> SqlTables::locks(const std::string& project) {
  return select<Lock>("WHERE project = :project ORDER BY acquired_us, id", of(project));
}

Result<std::vector<Lock>> SqlTables::locks_expired(std::int64_t now_us) {
  return select<Lock>("WHERE expires_us > 0 AND expires_us <= :now ORDER BY expires_us, id", of(now_us));
}

}  // namespace aecos::store
