#pragma once
// The tables within a transaction on a connection.

#include <algorithm>
#include <limits>

#include "store/database_internal.h"
#include "store/store.h"

namespace aecos::store {

class SqlTables final : public Tables {
 public:
  SqlTables(Database& database, Connection& connection, Use use)
      : database_(database), connection_(connection), use_(use) {}

  // The first statement that failed; all later ones have failed with it, and so has the work, whatever it says.
  const std::optional<Failure>& failure() const { return failure_; }

  Result<> add_user(const User& user) override;
  Result<> update_user(const User& user) override;
  Result<std::optional<User>> user(const std::string& login) override;
  Result<std::vector<User>> users(const std::string& after_login, std::size_t limit) override;
  Result<std::size_t> count_users() override;
  Result<> add_token(const Token& token) override;
  Result<> update_token(const Token& token) override;
  Result<> remove_token(const std::string& id) override;
  Result<std::optional<Token>> token_by_hash(const std::string& hash) override;
  Result<std::optional<Token>> token(const std::string& id) override;
  Result<std::vector<Token>> tokens(const std::string& login) override;

  Result<> add_project(const Project& project) override;
  Result<> update_project(const Project& project) override;
  Result<std::optional<Project>> project(const std::string& name) override;
  Result<std::vector<Project>> projects(const std::string& after_name, std::size_t limit) override;
  Result<> set_grant(const Grant& grant) override;
  Result<std::vector<Grant>> grants(const std::string& project) override;
  Result<std::vector<Grant>> grants_of(const std::string& login) override;

  Result<Event> append_event(const std::string& project, const Seal& seal) override;
  Result<std::vector<Event>> events(const EventQuery& query) override;

  Result<> add_intent(const Intent& intent) override;
  Result<> remove_intent(const std::string& id) override;
  Result<std::vector<Intent>> intents() override;

  Result<> add_lock(const Lock& lock) override;
  Result<> update_lock(const Lock& lock) override;
  Result<> remove_lock(const std::string& id) override;
  Result<std::optional<Lock>> lock(const std::string& id) override;
  Result<std::vector<Lock>> locks(const std::string& project) override;
  Result<std::vector<Lock>> locks_expired(std::int64_t now_us) override;

  Result<ChangeRequest> add_change_request(ChangeRequest request) override;
  Result<> update_change_request(const ChangeRequest& request) override;
  Result<std::optional<ChangeRequest>> change_request(const std::string& project, std::uint64_t number) override;
  Result<std::vector<ChangeRequest>> change_requests(const std::string& project, const std::string& state,
                                                     std::uint64_t before, std::size_t limit) override;
  Result<> set_approval(const Approval& approval) override;
  Result<std::vector<Approval>> approvals(const std::string& project, std::uint64_t number) override;
  Result<> set_check(const Check& check) override;
  Result<std::vector<Check>> checks(const std::string& project, const std::string& commit) override;

  Result<> add_large_object(const LargeObject& object) override;
  Result<std::optional<LargeObject>> large_object(const std::string& project, const std::string& oid) override;

  Result<std::optional<std::string>> answer(const std::string& key) override;
  Result<> keep_answer(const std::string& key, const std::string& answer, std::int64_t now_us) override;
  Result<> forget_answers(std::int64_t before_us) override;

  Result<> add_delivery(const Delivery& delivery) override;
  Result<> update_delivery(const Delivery& delivery) override;
  Result<> remove_delivery(const std::string& project, const std::string& channel, std::uint64_t sequence) override;
  Result<std::vector<Delivery>> deliveries(const std::string& project, const std::string& channel,
                                           const std::string& state, std::uint64_t after, std::size_t limit) override;
  Result<std::vector<ChannelName>> channels_with_deliveries() override;
  Result<> set_channel_state(const ChannelState& state) override;
  Result<std::vector<ChannelState>> channel_states(const std::string& project) override;
  Result<> set_secret(const Secret& secret) override;
  Result<> remove_secret(const std::string& project, const std::string& name) override;
  Result<std::vector<Secret>> secrets(const std::string& project) override;
  Result<> set_watch(const Watch& watch) override;
  Result<> remove_watch(const Watch& watch) override;
  Result<std::vector<Watch>> watches(const std::string& project) override;
  Result<> add_inbox_item(const InboxItem& item) override;
  Result<std::vector<InboxItem>> inbox(const std::string& login, const std::string& project, bool unread_only,
                                       std::int64_t before_us, std::size_t limit) override;
  Result<> mark_read(const std::string& login, const std::string& project, std::uint64_t up_to_sequence,
                     std::int64_t now_us) override;

  Result<std::optional<std::string>> setting(const std::string& name) override;
  Result<> set_setting(const std::string& name, const std::string& value) override;

 private:
  static constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

  template <class... Value>
  static Values of(const Value&... value) {
    Values values;
    (values.add(value), ...);
    return values;
  }
  static std::uint64_t at_most_largest(std::uint64_t number) { return std::min(number, largest); }

  // The database's own errors go no further than this.
  template <class Answer, class Ask>
  Result<Answer> guarded(const Values& values, const Ask& ask) {
    if (failure_) return failure_->error;
    if (!values.validity()) return values.validity().error();
    try {
      return ask();
    } catch (const soci::soci_error& error) {
      failure_ = database_.explain(connection_, error);
      return failure_->error;
    }
  }

  Result<> writable() const {
    if (use_ == Use::write) return {};
    return Error{ErrorCode::denied, "only reading is allowed here: use Store::write"};
  }

  // The number of rows changed.
  Result<long long> change(const std::string& sql, const Values& values) {
    AECOS_TRY(writable());
    return guarded<long long>(values, [&] { return connection_.change(sql, values); });
  }

  template <class Record>
  Result<std::vector<Record>> select_from(const std::string& from, const Values& values) {
    return guarded<std::vector<Record>>(
        values, [&] { return connection_.select<Record>(statements<Record>().select + from, values); });
  }

  template <class Record>
  Result<std::vector<Record>> select(const std::string& where, const Values& values) {
    return select_from<Record>(statements<Record>().from + where, values);
  }

  template <class Record>
  Result<std::optional<Record>> find(const std::string& where, const Values& values) {
    AECOS_TRY_ASSIGN(auto records, select<Record>(where, values));
    if (records.empty()) return std::optional<Record>();
    return std::optional<Record>(std::move(records.front()));
  }

  // Columns that are not a whole record, of at most one row.
  Result<std::optional<std::vector<Cell>>> cells(const std::string& sql, const Values& values,
                                                 std::span<const Kind> kinds);
  Result<std::optional<std::string>> text(const std::string& sql, const Values& values);

  template <class Record>
  static Values of_record(const Record& record) {
    Values values;
    add_columns(values, record);
    return values;
  }

  template <class Record>
  Result<> insert(const Record& record) {
    AECOS_TRY_ASSIGN(const auto changed, change(statements<Record>().insert, of_record(record)));
    if (changed == 0) return Error{ErrorCode::changed_meanwhile, named(record) + " is there already"};
    return {};
  }

  template <class Record>
  Result<> update(const Record& record) {
    Values values;
    add_columns(values, record, Table<Record>::keys);
    add_columns(values, record, 0, Table<Record>::keys);
    AECOS_TRY_ASSIGN(const auto changed, change(statements<Record>().update, values));
    if (changed == 0) return gone(record);
    return {};
  }

  template <class Record>
  Result<> put(const Record& record) {
    AECOS_TRY(change(statements<Record>().upsert, of_record(record)));
    return {};
  }

  template <class Record>
  static Error gone(const Record& record) {
    return Error{ErrorCode::changed_meanwhile, named(record) + " is not there any more"};
  }

  // "the user ana"
  template <class Record>
  static std::string named(const Record& record) {
    const auto values = of_record(record);
    std::string text = std::string("the ") + Table<Record>::one;
    for (const auto& value : values.all().first(Table<Record>::keys)) {
      text += ' ';
      if (const auto* number = std::get_if<long long>(&value)) text += std::to_string(*number);
      if (const auto* word = std::get_if<std::string_view>(&value)) text += *word;
    }
    return text;
  }

  // What is next in a project; others wait until this transaction has ended.
  Result<Place> hold_project(const std::string& name);
  Result<> add_elements(const Event& event);
  // With the type as it is in the query, whole.
  Result<std::vector<Event>> events_of(const EventQuery& query);
  Result<std::vector<std::string>> types_that_begin(const std::string& project, const std::string& with);

  Database& database_;
  Connection& connection_;
  Use use_;
  std::optional<Failure> failure_;
};

}  // namespace aecos::store
