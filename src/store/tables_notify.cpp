#include "store/tables_internal.h"

namespace aecos::store {

Result<> SqlTables::add_delivery(const Delivery& delivery) { return insert(delivery); }
Result<> SqlTables::update_delivery(const Delivery& delivery) { return update(delivery); }

Result<> SqlTables::remove_delivery(const std::string& project, const std::string& channel, std::uint64_t sequence) {
  AECOS_TRY(change("DELETE FROM deliveries WHERE project = :project AND channel = :channel AND sequence = :sequence",
                   of(project, channel, at_most_largest(sequence))));
  return {};
}

Result<std::vector<Delivery>> SqlTables::deliveries(const std::string& project, const std::string& channel,
                                                    const std::string& state, std::uint64_t after, std::size_t limit) {
  std::string where = "WHERE project = :project AND channel = :channel AND sequence > :after";
  Values values = of(project, channel, at_most_largest(after));
  if (!state.empty()) {
    where += " AND state = :state";
    values.add(state);
  }
  values.add(at_most_largest(limit));
  return select<Delivery>(where + " ORDER BY sequence LIMIT :count", values);
}

Result<std::vector<Tables::ChannelName>> SqlTables::channels_with_deliveries() {
  // One row of each is enough, and its columns are a record's.
  AECOS_TRY_ASSIGN(const auto first,
                   select<Delivery>("WHERE state = 'waiting' AND sequence = (SELECT MIN(other.sequence) "
                                    "FROM deliveries AS other WHERE other.project = deliveries.project "
                                    "AND other.channel = deliveries.channel AND other.state = 'waiting') "
                                    "ORDER BY project, channel",
                                    of()));
  std::vector<ChannelName> names;
  names.reserve(first.size());
  for (const Delivery& delivery : first) names.push_back({delivery.project, delivery.channel});
  return names;
}

Result<> SqlTables::set_channel_state(const ChannelState& state) { return put(state); }

Result<std::vector<ChannelState>> SqlTables::channel_states(const std::string& project) {
  return select<ChannelState>("WHERE project = :project ORDER BY channel", of(project));
}

Result<> SqlTables::set_secret(const Secret& secret) { return put(secret); }

Result<> SqlTables::remove_secret(const std::string& project, const std::string& name) {
  AECOS_TRY_ASSIGN(const auto changed,
                   change("DELETE FROM secrets WHERE project = :project AND name = :name", of(project, name)));
  if (changed == 0) return Error{ErrorCode::not_found, "there is no secret " + name + " in " + project};
  return {};
}

Result<std::vector<Secret>> SqlTables::secrets(const std::string& project) {
  return select<Secret>("WHERE project = :project ORDER BY name", of(project));
}

Result<> SqlTables::set_watch(const Watch& watch) { return put(watch); }

Result<> SqlTables::remove_watch(const Watch& watch) {
  AECOS_TRY(
      change("DELETE FROM watches WHERE project = :project AND login = :login AND kind = :kind AND target = :target",
             of(watch.project, watch.login, watch.kind, watch.target)));
  return {};
}

Result<std::vector<Watch>> SqlTables::watches(const std::string& project) {
  return select<Watch>("WHERE project = :project ORDER BY login, kind, target", of(project));
}

Result<> SqlTables::add_inbox_item(const InboxItem& item) {
  AECOS_TRY(change(statements<InboxItem>().insert, of_record(item)));
  return {};
}

Result<std::vector<InboxItem>> SqlTables::inbox(const std::string& login, const std::string& project, bool unread_only,
                                                std::int64_t before_us, std::size_t limit) {
  std::string where = "WHERE login = :login AND time_us < :before";
  Values values = of(login, before_us == 0 ? std::numeric_limits<std::int64_t>::max() : before_us);
  if (!project.empty()) {
    where += " AND project = :project";
    values.add(project);
  }
  if (unread_only) where += " AND read_us = 0";
  values.add(at_most_largest(limit));
  return select<InboxItem>(where + " ORDER BY time_us DESC, project, sequence DESC LIMIT :count", values);
}

Result<> SqlTables::mark_read(const std::string& login, const std::string& project, std::uint64_t up_to_sequence,
                              std::int64_t now_us) {
  AECOS_TRY(
      change("UPDATE inbox SET read_us = :now WHERE login = :login AND project = :project AND "
             "sequence <= :sequence AND read_us = 0",
             of(now_us, login, project, at_most_largest(up_to_sequence))));
  return {};
}

}  // namespace aecos::store
