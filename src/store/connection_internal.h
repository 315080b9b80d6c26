#pragma once
// One connection to a database with its prepared statements. Throws what SOCI throws. Of one thread at a time.

#include <soci/soci.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/columns_internal.h"

namespace aecos::store {

class Statement {
 public:
  Statement(soci::session& session, const std::string& sql, const Values& like, std::span<const Kind> out);

  // The number of rows that changed.
  long long change(const Values& values);
  // To the last row always: a statement in SQLite that was not brought to its end holds its view of the database.
  template <class OnRow>
  void select(const Values& values, const OnRow& on_row) {
    set(values);
    for (bool more = statement_.execute(true); more; more = statement_.fetch()) on_row(out_);
  }

 private:
  void set(const Values& values);

  std::vector<Cell> in_, out_;  // Bound by address.
  soci::statement statement_;
};

class Connection {
 public:
  explicit Connection(std::unique_ptr<soci::session> session) : session_(std::move(session)) {}

  // Without values and rows; not kept. May be several with ';' in PostgreSQL.
  void run(const std::string& sql) { session_->once << sql; }
  // Of the first row, if there is one.
  std::string text(const std::string& sql);
  long long number(const std::string& sql);

  long long change(const std::string& sql, const Values& values);

  template <class Record>
  std::vector<Record> select(const std::string& sql, const Values& values) {
    static constexpr auto kinds = kinds_of<Record>();
    std::vector<Record> records;
    rows(sql, values, kinds, [&](std::vector<Cell>& cells) { records.push_back(record_of<Record>(cells)); });
    return records;
  }

  template <class OnRow>
  void rows(const std::string& sql, const Values& values, std::span<const Kind> kinds, const OnRow& on_row) {
    auto& statement = prepared(sql, values, kinds);
    try {
      statement.select(values, on_row);
    } catch (...) {
      set_aside(sql);
      throw;
    }
  }

  // To be called where no transaction is open: only there can PostgreSQL be told that statements are not needed.
  void drop_broken() { broken_.clear(); }

  soci::session& session() { return *session_; }

 private:
  Statement& prepared(const std::string& sql, const Values& like, std::span<const Kind> out);
  void set_aside(const std::string& sql);

  std::unique_ptr<soci::session> session_;
  std::unordered_map<std::string, std::unique_ptr<Statement>> statements_;
  std::vector<std::unique_ptr<Statement>> broken_;  // SOCI's state after an error is not to be relied on.
};

}  // namespace aecos::store
