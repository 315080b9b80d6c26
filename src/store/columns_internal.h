#pragma once
// Which column each member of a record lies in, and the statements that follow from it.

#include <array>
#include <string>
#include <tuple>
#include <utility>

#include "store/records.h"
#include "store/values_internal.h"

namespace aecos::store {

template <class Record, class Member>
struct Column {
  const char* name;
  Member Record::*member;
};
template <class Record, class Member>
Column(const char*, Member Record::*) -> Column<Record, Member>;

// The first `keys` columns are the primary key.
template <class Record>
struct Table;

template <>
struct Table<User> {
  static constexpr auto name = "users", one = "user";
  static constexpr std::size_t keys = 1;
  static constexpr std::tuple columns{Column{"login", &User::login},
                                      Column{"name", &User::name},
                                      Column{"email", &User::email},
                                      Column{"password_hash", &User::password_hash},
                                      Column{"administrator", &User::administrator},
                                      Column{"disabled", &User::disabled},
                                      Column{"created_us", &User::created_us}};
};

template <>
struct Table<Token> {
  static constexpr auto name = "tokens", one = "token";
  static constexpr std::size_t keys = 1;
  static constexpr std::tuple columns{Column{"id", &Token::id},
                                      Column{"hash", &Token::hash},
                                      Column{"kind", &Token::kind},
                                      Column{"login", &Token::login},
                                      Column{"name", &Token::name},
                                      Column{"scopes", &Token::scopes},
                                      Column{"project", &Token::project},
                                      Column{"created_us", &Token::created_us},
                                      Column{"expires_us", &Token::expires_us},
                                      Column{"used_us", &Token::used_us},
                                      Column{"revoked_us", &Token::revoked_us}};
};

template <>
struct Table<Project> {
  static constexpr auto name = "projects", one = "project";
  static constexpr std::size_t keys = 1;
  static constexpr std::tuple columns{Column{"name", &Project::name},
                                      Column{"title", &Project::title},
                                      Column{"created_by", &Project::created_by},
                                      Column{"created_us", &Project::created_us},
                                      Column{"archived", &Project::archived},
                                      Column{"last_sequence", &Project::last_sequence},
                                      Column{"last_hash", &Project::last_hash},
                                      Column{"audit_sequence", &Project::audit_sequence}};
};

template <>
struct Table<Grant> {
  static constexpr auto name = "grants", one = "grant";
  static constexpr std::size_t keys = 2;
  static constexpr std::tuple columns{Column{"project", &Grant::project}, Column{"login", &Grant::login},
                                      Column{"access", &Grant::access}};
};

template <>
struct Table<Event> {
  static constexpr auto name = "events", one = "event";
  static constexpr std::size_t keys = 2;
  static constexpr std::tuple columns{
      Column{"project", &Event::project}, Column{"sequence", &Event::sequence}, Column{"id", &Event::id},
      Column{"type", &Event::type},       Column{"actor", &Event::actor},       Column{"branch", &Event::branch},
      Column{"subject", &Event::subject}, Column{"time_us", &Event::time_us},   Column{"json", &Event::json},
      Column{"hash", &Event::hash},       Column{"elements", &Event::elements}};
};

template <>
struct Table<Intent> {
  static constexpr auto name = "intents", one = "intent";
  static constexpr std::size_t keys = 1;
  static constexpr std::tuple columns{Column{"id", &Intent::id},
                                      Column{"project", &Intent::project},
                                      Column{"ref", &Intent::ref},
                                      Column{"from", &Intent::from},
                                      Column{"to", &Intent::to},
                                      Column{"json", &Intent::json},
                                      Column{"created_us", &Intent::created_us}};
};

template <>
struct Table<Lock> {
  static constexpr auto name = "locks", one = "lock";
  static constexpr std::size_t keys = 1;
  static constexpr std::tuple columns{Column{"id", &Lock::id},
                                      Column{"project", &Lock::project},
                                      Column{"kind", &Lock::kind},
                                      Column{"target", &Lock::target},
                                      Column{"property_set", &Lock::property_set},
                                      Column{"holder", &Lock::holder},
                                      Column{"reason", &Lock::reason},
                                      Column{"branch", &Lock::branch},
                                      Column{"element_name", &Lock::element_name},
                                      Column{"element_class", &Lock::element_class},
                                      Column{"acquired_us", &Lock::acquired_us},
                                      Column{"expires_us", &Lock::expires_us},
                                      Column{"asked_by", &Lock::asked_by},
                                      Column{"asked_message", &Lock::asked_message},
                                      Column{"asked_us", &Lock::asked_us}};
};

template <>
struct Table<ChangeRequest> {
  static constexpr auto name = "change_requests", one = "change request";
  static constexpr std::size_t keys = 2;
  static constexpr std::tuple columns{Column{"project", &ChangeRequest::project},
                                      Column{"number", &ChangeRequest::number},
                                      Column{"title", &ChangeRequest::title},
                                      Column{"text", &ChangeRequest::text},
                                      Column{"author", &ChangeRequest::author},
                                      Column{"source", &ChangeRequest::source},
                                      Column{"target", &ChangeRequest::target},
                                      Column{"state", &ChangeRequest::state},
                                      Column{"merged_commit", &ChangeRequest::merged_commit},
                                      Column{"merged_by", &ChangeRequest::merged_by},
                                      Column{"created_us", &ChangeRequest::created_us},
                                      Column{"updated_us", &ChangeRequest::updated_us}};
};

template <>
struct Table<Approval> {
  static constexpr auto name = "approvals", one = "approval";
  static constexpr std::size_t keys = 3;
  static constexpr std::tuple columns{Column{"project", &Approval::project}, Column{"number", &Approval::number},
                                      Column{"login", &Approval::login},     Column{"commit", &Approval::commit},
                                      Column{"verdict", &Approval::verdict}, Column{"text", &Approval::text},
                                      Column{"time_us", &Approval::time_us}};
};

template <>
struct Table<Check> {
  static constexpr auto name = "checks", one = "check";
  static constexpr std::size_t keys = 3;
  static constexpr std::tuple columns{Column{"project", &Check::project},   Column{"commit", &Check::commit},
                                      Column{"name", &Check::name},         Column{"state", &Check::state},
                                      Column{"summary", &Check::summary},   Column{"url", &Check::url},
                                      Column{"reporter", &Check::reporter}, Column{"time_us", &Check::time_us}};
};

template <>
struct Table<LargeObject> {
  static constexpr auto name = "large_objects", one = "large object";
  static constexpr std::size_t keys = 2;
  static constexpr std::tuple columns{
      Column{"project", &LargeObject::project}, Column{"oid", &LargeObject::oid}, Column{"size", &LargeObject::size},
      Column{"uploaded_by", &LargeObject::uploaded_by}, Column{"created_us", &LargeObject::created_us}};
};

template <>
struct Table<Delivery> {
  static constexpr auto name = "deliveries", one = "delivery";
  static constexpr std::size_t keys = 3;
  static constexpr std::tuple columns{
      Column{"project", &Delivery::project},   Column{"channel", &Delivery::channel},
      Column{"sequence", &Delivery::sequence}, Column{"state", &Delivery::state},
      Column{"attempts", &Delivery::attempts}, Column{"created_us", &Delivery::created_us},
      Column{"next_us", &Delivery::next_us},   Column{"error", &Delivery::error}};
};

template <>
struct Table<ChannelState> {
  static constexpr auto name = "channel_states", one = "channel";
  static constexpr std::size_t keys = 2;
  static constexpr std::tuple columns{
      Column{"project", &ChannelState::project}, Column{"channel", &ChannelState::channel},
      Column{"disabled", &ChannelState::disabled}, Column{"changed_us", &ChannelState::changed_us}};
};

template <>
struct Table<Secret> {
  static constexpr auto name = "secrets", one = "secret";
  static constexpr std::size_t keys = 2;
  static constexpr std::tuple columns{Column{"project", &Secret::project}, Column{"name", &Secret::name},
                                      Column{"sealed", &Secret::sealed}, Column{"set_by", &Secret::set_by},
                                      Column{"set_us", &Secret::set_us}};
};

template <>
struct Table<Watch> {
  static constexpr auto name = "watches", one = "watch";
  static constexpr std::size_t keys = 4;
  static constexpr std::tuple columns{Column{"project", &Watch::project}, Column{"login", &Watch::login},
                                      Column{"kind", &Watch::kind}, Column{"target", &Watch::target},
                                      Column{"since_us", &Watch::since_us}};
};

template <>
struct Table<InboxItem> {
  static constexpr auto name = "inbox", one = "inbox item";
  static constexpr std::size_t keys = 3;
  static constexpr std::tuple columns{Column{"project", &InboxItem::project},   Column{"login", &InboxItem::login},
                                      Column{"sequence", &InboxItem::sequence}, Column{"reason", &InboxItem::reason},
                                      Column{"time_us", &InboxItem::time_us},   Column{"read_us", &InboxItem::read_us}};
};

template <class Record, class Visit>
constexpr void for_each_column(const Visit& visit) {
  std::apply([&](const auto&... column) { (visit(column), ...); }, Table<Record>::columns);
}

template <class Record>
constexpr std::size_t column_count = std::tuple_size_v<decltype(Table<Record>::columns)>;

template <class Record>
constexpr auto kinds_of() {
  return std::apply([]<class... Member>(const Column<Record, Member>&...) { return std::array{kind_of<Member>...}; },
                    Table<Record>::columns);
}

template <class Record>
Record record_of(std::vector<Cell>& cells) {
  Record record;
  std::size_t at = 0;
  for_each_column<Record>([&](const auto& column) { take(cells[at++], record.*column.member); });
  return record;
}

// Those from `begin` to before `end`.
template <class Record>
void add_columns(Values& values, const Record& record, std::size_t begin = 0, std::size_t end = column_count<Record>) {
  std::size_t at = 0;
  for_each_column<Record>([&](const auto& column) {
    if (at >= begin && at < end) values.add(record.*column.member);
    ++at;
  });
}

struct Statements {
  std::string select;  // To be followed by FROM.
  std::string from;    // The table.
  std::string insert;  // Changes no row if one that must be unique is there already.
  std::string update;  // By key; takes the other columns, then the keys.
  std::string upsert;
};
Statements statements_for(const std::string& table, const std::vector<std::string>& columns, std::size_t keys);

template <class Record>
const Statements& statements() {
  static const Statements made = [] {
    std::vector<std::string> names;
    for_each_column<Record>([&](const auto& column) { names.emplace_back(column.name); });
    return statements_for(Table<Record>::name, names, Table<Record>::keys);
  }();
  return made;
}

}  // namespace aecos::store
