#include "store/tables_internal.h"

namespace aecos::store {

Result<> SqlTables::add_user(const User& user) { return insert(user); }
Result<> SqlTables::update_user(const User& user) { return update(user); }

Result<std::optional<User>> SqlTables::user(const std::string& login) {
  return find<User>("WHERE login = :login", of(login));
}

Result<std::vector<User>> SqlTables::users(const std::string& after_login, std::size_t limit) {
  return select<User>("WHERE login > :login ORDER BY login LIMIT :count", of(after_login, at_most_largest(limit)));
}

Result<std::size_t> SqlTables::count_users() {
  AECOS_TRY_ASSIGN(const auto row, cells("SELECT COUNT(*) FROM users", {}, std::array{Kind::number}));
  return static_cast<std::size_t>(std::get<long long>(row.value().front()));
}

Result<> SqlTables::add_token(const Token& token) { return insert(token); }
Result<> SqlTables::update_token(const Token& token) { return update(token); }

Result<> SqlTables::remove_token(const std::string& id) {
  AECOS_TRY(change("DELETE FROM tokens WHERE id = :id", of(id)));
  return {};
}

Result<std::optional<Token>> SqlTables::token_by_hash(const std::string& hash) {
  return find<Token>("WHERE hash = :hash", of(hash));
}

Result<std::optional<Token>> SqlTables::token(const std::string& id) { return find<Token>("WHERE id = :id", of(id)); }

Result<std::vector<Token>> SqlTables::tokens(const std::string& login) {
  return select<Token>("WHERE login = :login ORDER BY created_us DESC, id DESC", of(login));
}

}  // namespace aecos::store
