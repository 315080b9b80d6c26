#include "store/tables_internal.h"

namespace aecos::store {

Result<ChangeRequest> SqlTables::add_change_request(ChangeRequest request) {
  AECOS_TRY(hold_project(request.project));
  AECOS_TRY_ASSIGN(const auto row,
                   cells("SELECT COALESCE(MAX(number), 0) + 1 FROM change_requests WHERE project = :project",
                         of(request.project), std::array{Kind::number}));
  request.number = static_cast<std::uint64_t>(std::get<long long>(row.value().front()));
  AECOS_TRY(insert(request));
  return request;
}

Result<> SqlTables::update_change_request(const ChangeRequest& request) { return update(request); }

Result<std::optional<ChangeRequest>> SqlTables::change_request(const std::string& project, std::uint64_t number) {
  return find<ChangeRequest>("WHERE project = :project AND number = :number", of(project, number));
}

Result<std::vector<ChangeRequest>> SqlTables::change_requests(const std::string& project, const std::string& state,
                                                              std::uint64_t before, std::size_t limit) {
  std::string where = "WHERE project = :project AND number < :before";
  Values values = of(project, before == 0 ? largest : at_most_largest(before));
  if (!state.empty()) {
    where += " AND state = :state";
    values.add(state);
  }
  values.add(at_most_largest(limit));
  return select<ChangeRequest>(where + " ORDER BY number DESC LIMIT :count", values);
}

Result<> SqlTables::set_approval(const Approval& approval) { return put(approval); }

Result<std::vector<Approval>> SqlTables::approvals(const std::string& project, std::uint64_t number) {
  return select<Approval>("WHERE project = :project AND number = :number ORDER BY time_us, login", of(project, number));
}

Result<> SqlTables::set_check(const Check& check) { return put(check); }

Result<std::vector<Check>> SqlTables::checks(const std::string& project, const std::string& commit) {
  return select<Check>("WHERE project = :project AND \"commit\" = :id ORDER BY name", of(project, commit));
}

}  // namespace aecos::store
