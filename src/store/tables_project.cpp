#include "store/tables_internal.h"

namespace aecos::store {

Result<> SqlTables::add_project(const Project& project) { return insert(project); }

Result<> SqlTables::update_project(const Project& project) {
  AECOS_TRY_ASSIGN(const auto changed,
                   change("UPDATE projects SET title = :title, archived = :archived, "
                          "audit_sequence = :audit WHERE name = :name",
                          of(project.title, project.archived, project.audit_sequence, project.name)));
  if (changed == 0) return gone(project);
  return {};
}

Result<std::optional<Project>> SqlTables::project(const std::string& name) {
  return find<Project>("WHERE name = :name", of(name));
}

Result<std::vector<Project>> SqlTables::projects(const std::string& after_name, std::size_t limit) {
  return select<Project>("WHERE name > :name ORDER BY name LIMIT :count", of(after_name, at_most_largest(limit)));
}

Result<> SqlTables::set_grant(const Grant& grant) {
  if (!grant.access.empty()) return put(grant);
  AECOS_TRY(change("DELETE FROM grants WHERE project = :project AND login = :login", of(grant.project, grant.login)));
  return {};
}

Result<std::vector<Grant>> SqlTables::grants(const std::string& project) {
  return select<Grant>("WHERE project = :project ORDER BY login", of(project));
}

Result<std::vector<Grant>> SqlTables::grants_of(const std::string& login) {
  return select<Grant>("WHERE login = :login ORDER BY project", of(login));
}

Result<> SqlTables::add_large_object(const LargeObject& object) {
  AECOS_TRY(change(statements<LargeObject>().insert, of_record(object)));
  return {};
}

Result<std::optional<LargeObject>> SqlTables::large_object(const std::string& project, const std::string& oid) {
  return find<LargeObject>("WHERE project = :project AND oid = :oid", of(project, oid));
}

}  // namespace aecos::store
