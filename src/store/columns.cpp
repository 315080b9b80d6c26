#include "store/columns_internal.h"

namespace aecos::store {
namespace {

using Names = std::span<const std::string>;

// What `one` makes of each name, with `between` in between.
template <class One>
std::string list(Names names, const char* between, const One& one) {
  std::string text;
  for (const auto& name : names) (text += text.empty() ? "" : between) += one(name);
  return text;
}

std::string quoted(const std::string& name) { return '"' + name + '"'; }
std::string parameter(const std::string& name) { return ':' + name; }
std::string equals_parameter(const std::string& name) { return quoted(name) + " = :" + name; }
std::string equals_new(const std::string& name) { return quoted(name) + " = excluded." + quoted(name); }

}  // namespace

Statements statements_for(const std::string& table, const std::vector<std::string>& columns, std::size_t keys) {
  const Names all = columns, key = all.first(keys), others = all.subspan(keys);
  const auto insert = "INSERT INTO " + table + " (" + list(all, ", ", quoted) + ") VALUES (" +
                      list(all, ", ", parameter) + ") ON CONFLICT ";
  return {"SELECT " + list(all, ", ", quoted) + ' ', "FROM " + table + ' ', insert + "DO NOTHING",
          "UPDATE " + table + " SET " + list(others, ", ", equals_parameter) + " WHERE " +
              list(key, " AND ", equals_parameter),
          insert + "(" + list(key, ", ", quoted) + ") DO UPDATE SET " + list(others, ", ", equals_new)};
}

}  // namespace aecos::store
