#include "store/connection_internal.h"

namespace aecos::store {

Statement::Statement(soci::session& session, const std::string& sql, const Values& like, std::span<const Kind> out)
    : statement_(session) {
  for (const auto& value : like.all()) {
    value.index() == 0 ? in_.emplace_back(0LL) : in_.emplace_back(std::string());
  }
  for (const auto kind : out) kind == Kind::number ? out_.emplace_back(0LL) : out_.emplace_back(std::string());
  statement_.alloc();
  for (auto& cell : out_) std::visit([&](auto& value) { statement_.exchange(soci::into(value)); }, cell);
  for (auto& cell : in_) std::visit([&](auto& value) { statement_.exchange(soci::use(value)); }, cell);
  statement_.prepare(sql);
  statement_.define_and_bind();
}

long long Statement::change(const Values& values) {
  set(values);
  statement_.execute(true);
  return statement_.get_affected_rows();
}

void Statement::set(const Values& values) {
  for (std::size_t i = 0; i < in_.size(); ++i) {
    if (const auto* number = std::get_if<long long>(&values.all()[i])) {
      std::get<long long>(in_[i]) = *number;
    } else {
      std::get<std::string>(in_[i]).assign(std::get<std::string_view>(values.all()[i]));
    }
  }
}

std::string Connection::text(const std::string& sql) {
  std::string value;
  session_->once << sql, soci::into(value);
  return value;
}

long long Connection::number(const std::string& sql) {
  long long value = 0;
  session_->once << sql, soci::into(value);
  return value;
}

long long Connection::change(const std::string& sql, const Values& values) {
  auto& statement = prepared(sql, values, {});
  try {
    return statement.change(values);
  } catch (...) {
    set_aside(sql);
    throw;
  }
}

Statement& Connection::prepared(const std::string& sql, const Values& like, std::span<const Kind> out) {
  auto& statement = statements_[sql];
  if (!statement) statement = std::make_unique<Statement>(*session_, sql, like, out);
  return *statement;
}

void Connection::set_aside(const std::string& sql) {
  const auto found = statements_.find(sql);
  broken_.push_back(std::move(found->second));
  statements_.erase(found);
}

}  // namespace aecos::store
