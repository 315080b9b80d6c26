#include <algorithm>
#include <bit>
#include <iterator>

#include "store/tables_internal.h"

namespace aecos::store {
namespace {

// "(:p0, :e0, :s0), …": rows that go into event_elements in one statement.
std::string insert_elements(std::size_t count) {
  std::string rows;
  for (std::size_t i = 0; i < count; ++i) {
    const auto n = std::to_string(i);
    rows += (i == 0 ? "(:p" : ", (:p") + n + ", :e" + n + ", :s" + n + ")";
  }
  return "INSERT INTO event_elements (project, element, sequence) VALUES " + rows + " ON CONFLICT DO NOTHING";
}

}  // namespace

Result<Tables::Place> SqlTables::hold_project(const std::string& name) {
  AECOS_TRY(writable());
  static constexpr std::array kinds{Kind::number, Kind::text};
  static const auto sql = std::string("SELECT last_sequence, last_hash FROM projects WHERE name = :name");
  AECOS_TRY_ASSIGN(auto row, cells(sql + database_.and_hold_the_row(), of(name), kinds));
  if (!row) return Error{ErrorCode::not_found, "there is no project " + name};
  return Place{static_cast<std::uint64_t>(std::get<long long>((*row)[0])) + 1, std::get<std::string>((*row)[1])};
}

Result<Event> SqlTables::append_event(const std::string& project, const Seal& seal) {
  AECOS_TRY_ASSIGN(const auto place, hold_project(project));
  auto event = seal(place);
  event.project = project;
  event.sequence = place.sequence;
  AECOS_TRY(insert(event));
  AECOS_TRY(add_elements(event));
  AECOS_TRY(change("UPDATE projects SET last_sequence = :sequence, last_hash = :hash WHERE name = :name",
                   of(event.sequence, event.hash, project)));
  return event;
}

// Few statements, and each asks the server once: the last element fills up the last of them.
Result<> SqlTables::add_elements(const Event& event) {
  const auto& elements = event.elements;
  for (std::size_t at = 0; at < elements.size();) {
    const auto count = std::bit_ceil(std::min<std::size_t>(elements.size() - at, 64));
    Values values;
    for (std::size_t i = 0; i < count; ++i, ++at) {
      values.add(event.project);
      values.add(at < elements.size() ? elements[at] : elements.back());
      values.add(event.sequence);
    }
    AECOS_TRY(change(insert_elements(count), values));
  }
  return {};
}

// Types are few. Each for itself is found in the index in the order that is asked for.
Result<std::vector<Event>> SqlTables::events(const EventQuery& query) {
  if (!query.type.ends_with('.')) return events_of(query);
  AECOS_TRY_ASSIGN(const auto types, types_that_begin(query.project, query.type));
  std::vector<Event> all;
  auto of_one = query;
  for (const auto& type : types) {
    of_one.type = type;
    AECOS_TRY_ASSIGN(auto some, events_of(of_one));
    std::move(some.begin(), some.end(), std::back_inserter(all));
  }
  std::sort(all.begin(), all.end(), [&](const Event& a, const Event& b) {
    return query.newest_first ? a.sequence > b.sequence : a.sequence < b.sequence;
  });
  if (all.size() > query.limit) all.resize(query.limit);
  return all;
}

Result<std::vector<std::string>> SqlTables::types_that_begin(const std::string& project, const std::string& with) {
  std::vector<std::string> types;
  auto behind = with;
  ++behind.back();
  for (auto last = with;; last = types.back()) {
    AECOS_TRY_ASSIGN(auto next, text("SELECT type FROM events WHERE project = :project AND type > :last AND "
                                     "type < :behind ORDER BY type LIMIT 1",
                                     of(project, last, behind)));
    if (!next) return types;
    types.push_back(*std::move(next));
  }
}

Result<std::vector<Event>> SqlTables::events_of(const EventQuery& query) {
  std::string from = statements<Event>().from;
  if (!query.element.empty()) from = "FROM event_elements JOIN events USING (project, sequence) ";
  from += "WHERE project = :project";
  Values values = of(query.project);
  const auto and_that = [&](const char* condition, const auto& value) {
    from += condition;
    values.add(value);
  };
  if (!query.element.empty()) and_that(" AND element = :element", query.element);
  const auto after = at_most_largest(query.after);
  if (query.after != 0 || !query.newest_first) {
    and_that(query.newest_first ? " AND sequence < :after" : " AND sequence > :after", after);
  }
  if (query.since_us != 0) {
    // The first of them is found in the index by time, so that older ones need not be looked at; the sum is there to
    // keep the planners from the index by sequence.
    and_that(" AND sequence >= (SELECT MIN(sequence + 0) FROM events WHERE project = :of", query.project);
    and_that(" AND time_us >= :begin)", query.since_us);
    and_that(" AND time_us >= :since", query.since_us);
  }
  if (!query.type.empty()) and_that(" AND type = :type", query.type);
  if (!query.actor.empty()) and_that(" AND actor = :actor", query.actor);
  from += query.newest_first ? " ORDER BY sequence DESC" : " ORDER BY sequence";
  const auto limit = at_most_largest(query.limit);
  and_that(" LIMIT :count", limit);
  return select_from<Event>(from, values);
}

Result<> SqlTables::add_intent(const Intent& intent) { return insert(intent); }

Result<> SqlTables::remove_intent(const std::string& id) {
  AECOS_TRY(change("DELETE FROM intents WHERE id = :id", of(id)));
  return {};
}

Result<std::vector<Intent>> SqlTables::intents() { return select<Intent>("ORDER BY created_us, id", {}); }

}  // namespace aecos::store
