#include <span>

#include "store/schema_internal.h"

namespace aecos::store {
namespace {

// In SQLite's words; Database::adapt makes PostgreSQL's of them. What was released is never changed here: a new version
// is a new list. Names that are words of SQL stand in quotes. WITHOUT ROWID: small rows that lie in the order of their
// key.
constexpr const char* version_1[] = {
    R"(CREATE TABLE users (
         login TEXT NOT NULL PRIMARY KEY,
         name TEXT NOT NULL,
         email TEXT NOT NULL,
         password_hash TEXT NOT NULL,
         administrator INTEGER NOT NULL,
         disabled INTEGER NOT NULL,
         created_us INTEGER NOT NULL
       ) STRICT, WITHOUT ROWID)",

    R"(CREATE TABLE tokens (
         id TEXT NOT NULL PRIMARY KEY,
         hash TEXT NOT NULL UNIQUE,
         kind TEXT NOT NULL,
         login TEXT NOT NULL REFERENCES users (login),
         name TEXT NOT NULL,
         scopes TEXT NOT NULL,
         project TEXT NOT NULL,
         created_us INTEGER NOT NULL,
         expires_us INTEGER NOT NULL,
         used_us INTEGER NOT NULL,
         revoked_us INTEGER NOT NULL
       ) STRICT, WITHOUT ROWID)",
    R"(CREATE INDEX tokens_by_login ON tokens (login, created_us, id))",

    R"(CREATE TABLE projects (
         name TEXT NOT NULL PRIMARY KEY,
         title TEXT NOT NULL,
         created_by TEXT NOT NULL,
         created_us INTEGER NOT NULL,
         archived INTEGER NOT NULL,
         last_sequence INTEGER NOT NULL,
         last_hash TEXT NOT NULL,
         audit_sequence INTEGER NOT NULL
       ) STRICT, WITHOUT ROWID)",

    R"(CREATE TABLE grants (
         project TEXT NOT NULL REFERENCES projects (name),
         login TEXT NOT NULL REFERENCES users (login),
         access TEXT NOT NULL,
         PRIMARY KEY (project, login)
       ) STRICT, WITHOUT ROWID)",
    R"(CREATE INDEX grants_by_login ON grants (login, project))",

    R"(CREATE TABLE events (
         project TEXT NOT NULL REFERENCES projects (name),
         sequence INTEGER NOT NULL,
         id TEXT NOT NULL,
         type TEXT NOT NULL,
         actor TEXT NOT NULL,
         branch TEXT NOT NULL,
         subject TEXT NOT NULL,
         time_us INTEGER NOT NULL,
         json TEXT NOT NULL,
         hash TEXT NOT NULL,
         elements TEXT NOT NULL,
         PRIMARY KEY (project, sequence)
       ) STRICT)",
    R"(CREATE INDEX events_by_type ON events (project, type, sequence))",
    R"(CREATE INDEX events_by_actor ON events (project, actor, sequence))",
    R"(CREATE INDEX events_by_time ON events (project, time_us, sequence))",

    R"(CREATE TABLE event_elements (
         project TEXT NOT NULL,
         element TEXT NOT NULL,
         sequence INTEGER NOT NULL,
         PRIMARY KEY (project, element, sequence),
         FOREIGN KEY (project, sequence) REFERENCES events (project, sequence)
       ) STRICT, WITHOUT ROWID)",

    R"(CREATE TABLE intents (
         id TEXT NOT NULL PRIMARY KEY,
         project TEXT NOT NULL REFERENCES projects (name),
         ref TEXT NOT NULL,
         "from" TEXT NOT NULL,
         "to" TEXT NOT NULL,
         json TEXT NOT NULL,
         created_us INTEGER NOT NULL
       ) STRICT, WITHOUT ROWID)",

    R"(CREATE TABLE locks (
         id TEXT NOT NULL PRIMARY KEY,
         project TEXT NOT NULL REFERENCES projects (name),
         kind TEXT NOT NULL,
         target TEXT NOT NULL,
         property_set TEXT NOT NULL,
         holder TEXT NOT NULL,
         reason TEXT NOT NULL,
         branch TEXT NOT NULL,
         element_name TEXT NOT NULL,
         element_class TEXT NOT NULL,
         acquired_us INTEGER NOT NULL,
         expires_us INTEGER NOT NULL,
         asked_by TEXT NOT NULL,
         asked_message TEXT NOT NULL,
         asked_us INTEGER NOT NULL,
         UNIQUE (project, kind, target, property_set)
       ) STRICT, WITHOUT ROWID)",
    R"(CREATE INDEX locks_by_time ON locks (project, acquired_us, id))",
    R"(CREATE INDEX locks_by_expiry ON locks (expires_us, id))",

    R"(CREATE TABLE change_requests (
         project TEXT NOT NULL REFERENCES projects (name),
         number INTEGER NOT NULL,
         title TEXT NOT NULL,
         text TEXT NOT NULL,
         author TEXT NOT NULL,
         source TEXT NOT NULL,
         target TEXT NOT NULL,
         state TEXT NOT NULL,
         merged_commit TEXT NOT NULL,
         merged_by TEXT NOT NULL,
         created_us INTEGER NOT NULL,
         updated_us INTEGER NOT NULL,
         PRIMARY KEY (project, number)
       ) STRICT, WITHOUT ROWID)",
    R"(CREATE INDEX change_requests_by_state ON change_requests (project, state, number))",

    R"(CREATE TABLE approvals (
         project TEXT NOT NULL,
         number INTEGER NOT NULL,
         login TEXT NOT NULL,
         "commit" TEXT NOT NULL,
         verdict TEXT NOT NULL,
         text TEXT NOT NULL,
         time_us INTEGER NOT NULL,
         PRIMARY KEY (project, number, login),
         FOREIGN KEY (project, number) REFERENCES change_requests (project, number)
       ) STRICT, WITHOUT ROWID)",

    R"(CREATE TABLE checks (
         project TEXT NOT NULL REFERENCES projects (name),
         "commit" TEXT NOT NULL,
         name TEXT NOT NULL,
         state TEXT NOT NULL,
         summary TEXT NOT NULL,
         url TEXT NOT NULL,
         reporter TEXT NOT NULL,
         time_us INTEGER NOT NULL,
         PRIMARY KEY (project, "commit", name)
       ) STRICT, WITHOUT ROWID)",

    R"(CREATE TABLE large_objects (
         project TEXT NOT NULL REFERENCES projects (name),
         oid TEXT NOT NULL,
         size INTEGER NOT NULL,
         uploaded_by TEXT NOT NULL,
         created_us INTEGER NOT NULL,
         PRIMARY KEY (project, oid)
       ) STRICT, WITHOUT ROWID)",

    R"(CREATE TABLE answers (
         key TEXT NOT NULL PRIMARY KEY,
         answer TEXT NOT NULL,
         created_us INTEGER NOT NULL
       ) STRICT, WITHOUT ROWID)",
    R"(CREATE INDEX answers_by_time ON answers (created_us))",

    R"(CREATE TABLE settings (
         name TEXT NOT NULL PRIMARY KEY,
         value TEXT NOT NULL
       ) STRICT, WITHOUT ROWID)",
};

constexpr const char* version_2[] = {
    R"(CREATE TABLE deliveries (
         project TEXT NOT NULL,
         channel TEXT NOT NULL,
         sequence INTEGER NOT NULL,
         state TEXT NOT NULL,
         attempts INTEGER NOT NULL,
         created_us INTEGER NOT NULL,
         next_us INTEGER NOT NULL,
         error TEXT NOT NULL,
         PRIMARY KEY (project, channel, sequence),
         FOREIGN KEY (project, sequence) REFERENCES events (project, sequence)
       ) STRICT, WITHOUT ROWID)",
    R"(CREATE INDEX deliveries_by_state ON deliveries (state, project, channel, sequence))",

    R"(CREATE TABLE channel_states (
         project TEXT NOT NULL REFERENCES projects (name),
         channel TEXT NOT NULL,
         disabled TEXT NOT NULL,
         changed_us INTEGER NOT NULL,
         PRIMARY KEY (project, channel)
       ) STRICT, WITHOUT ROWID)",

    R"(CREATE TABLE secrets (
         project TEXT NOT NULL REFERENCES projects (name),
         name TEXT NOT NULL,
         sealed TEXT NOT NULL,
         set_by TEXT NOT NULL,
         set_us INTEGER NOT NULL,
         PRIMARY KEY (project, name)
       ) STRICT, WITHOUT ROWID)",

    R"(CREATE TABLE watches (
         project TEXT NOT NULL REFERENCES projects (name),
         login TEXT NOT NULL REFERENCES users (login),
         kind TEXT NOT NULL,
         target TEXT NOT NULL,
         since_us INTEGER NOT NULL,
         PRIMARY KEY (project, login, kind, target)
       ) STRICT, WITHOUT ROWID)",

    R"(CREATE TABLE inbox (
         project TEXT NOT NULL,
         login TEXT NOT NULL,
         sequence INTEGER NOT NULL,
         reason TEXT NOT NULL,
         time_us INTEGER NOT NULL,
         read_us INTEGER NOT NULL,
         PRIMARY KEY (project, login, sequence),
         FOREIGN KEY (project, sequence) REFERENCES events (project, sequence)
       ) STRICT, WITHOUT ROWID)",
    R"(CREATE INDEX inbox_by_time ON inbox (login, time_us, project, sequence))",
};

using Definitions = std::span<const char* const>;
constexpr Definitions versions[] = {version_1, version_2};

void create_missing(Database& database, Connection& connection, std::size_t present) {
  for (auto version = present; version < std::size(versions); ++version) {
    for (const auto* definition : versions[version]) connection.run(database.adapt(definition));
  }
  if (present == std::size(versions)) return;
  connection.run("DELETE FROM schema_version");
  connection.run("INSERT INTO schema_version (version) VALUES (" + std::to_string(std::size(versions)) + ")");
}

}  // namespace

Result<> migrate(Database& database, Connection& connection) {
  try {
    database.begin_migration(connection);
    connection.run(database.adapt("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL) STRICT"));
    const auto present = connection.number("SELECT COALESCE(MAX(version), 0) FROM schema_version");
    if (present > schema_version()) {
      roll_back(database, connection);
      return Error{ErrorCode::invalid_input, "the database is of version " + std::to_string(present) +
                                                 ", this program knows versions up to " +
                                                 std::to_string(schema_version()) + ": use a later aecos"};
    }
    create_missing(database, connection, static_cast<std::size_t>(present));
    database.commit(connection);
    return {};
  } catch (const soci::soci_error& error) {
    auto failure = database.explain(connection, error);
    roll_back(database, connection);
    return std::move(failure.error);
  }
}

std::vector<std::string> table_names() {
  constexpr std::string_view create = "CREATE TABLE ";
  std::vector<std::string> names;
  for (const auto version : versions) {
    for (const std::string_view definition : version) {
      if (!definition.starts_with(create)) continue;
      const auto rest = definition.substr(create.size());
      names.emplace_back(rest.substr(0, rest.find(' ')));
    }
  }
  return names;
}

int schema_version() { return static_cast<int>(std::size(versions)); }

}  // namespace aecos::store
