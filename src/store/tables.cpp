#include "store/tables_internal.h"

namespace aecos::store {

Result<std::optional<std::vector<Cell>>> SqlTables::cells(const std::string& sql, const Values& values,
                                                          std::span<const Kind> kinds) {
  std::optional<std::vector<Cell>> first;
  return guarded<std::optional<std::vector<Cell>>>(values, [&] {
    connection_.rows(sql, values, kinds, [&](const std::vector<Cell>& row) {
      if (!first) first = row;
    });
    return std::move(first);
  });
}

Result<std::optional<std::string>> SqlTables::text(const std::string& sql, const Values& values) {
  AECOS_TRY_ASSIGN(auto row, cells(sql, values, std::array{Kind::text}));
  if (!row) return std::optional<std::string>();
  return std::optional<std::string>(std::get<std::string>(std::move(row->front())));
}

Result<std::optional<std::string>> SqlTables::answer(const std::string& key) {
  return text("SELECT answer FROM answers WHERE key = :key", of(key));
}

Result<> SqlTables::keep_answer(const std::string& key, const std::string& answer, std::int64_t now_us) {
  AECOS_TRY_ASSIGN(const auto added, change("INSERT INTO answers (key, answer, created_us) VALUES (:key, :answer, "
                                            ":now) ON CONFLICT DO NOTHING",
                                            of(key, answer, now_us)));
  if (added == 0) return Error{ErrorCode::changed_meanwhile, "this request has been answered already"};
  return {};
}

Result<> SqlTables::forget_answers(std::int64_t before_us) {
  AECOS_TRY(change("DELETE FROM answers WHERE created_us < :before", of(before_us)));
  return {};
}

Result<std::optional<std::string>> SqlTables::setting(const std::string& name) {
  return text("SELECT value FROM settings WHERE name = :name", of(name));
}

Result<> SqlTables::set_setting(const std::string& name, const std::string& value) {
  AECOS_TRY(
      change("INSERT INTO settings (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value "
             "= excluded.value",
             of(name, value)));
  return {};
}

}  // namespace aecos::store
