// What the tables of notifications keep to, in both databases.

#include "store/store_test_internal.h"

namespace aecos::store {
namespace {

class StoreNotify : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    add_user("ana");
    add_project("house");
    for (int k = 1; k <= 5; ++k) add_event("house");
  }
  void add_event(const std::string& project) {
    must_write([&](Tables& tables) -> Result<> {
      const auto stored = tables.append_event(project, [&](const Tables::Place& place) {
        Event event;
        event.project = project;
        event.sequence = place.sequence;
        event.id = std::to_string(place.sequence);
        return event;
      });
      return stored ? Result<>() : Result<>(stored.error());
    });
  }
  void add_delivery(const std::string& channel, std::uint64_t sequence, const std::string& state = "waiting") {
    must_write([&](Tables& tables) { return tables.add_delivery({"house", channel, sequence, state, 0, 7, 8, ""}); });
  }
  std::vector<std::uint64_t> sequences(const std::string& channel, const std::string& state, std::uint64_t after = 0) {
    std::vector<std::uint64_t> found;
    for (const Delivery& each :
         read([&](Tables& tables) { return tables.deliveries("house", channel, state, after, 100); }))
      found.push_back(each.sequence);
    return found;
  }
};
INSTANTIATE_TEST_SUITE_P(, StoreNotify, testing::Values(Where::sqlite_file, Where::sqlite_memory, Where::postgres),
                         name_of);

using Sequences = std::vector<std::uint64_t>;

TEST_P(StoreNotify, DeliveriesComeInTheOrderOfTheEvents) {
  for (const std::uint64_t sequence : {3U, 1U, 2U}) add_delivery("slack", sequence);
  add_delivery("teams", 1);
  EXPECT_EQ(sequences("slack", "waiting"), (Sequences{1, 2, 3}));
  EXPECT_EQ(sequences("slack", "", 1), (Sequences{2, 3}));
  EXPECT_EQ(read([](Tables& tables) { return tables.deliveries("house", "slack", "", 0, 1); }),
            (std::vector<Delivery>{{"house", "slack", 1, "waiting", 0, 7, 8, ""}}));
}

TEST_P(StoreNotify, WhatWasDeliveredIsGoneAndWhatFailedStays) {
  for (std::uint64_t sequence = 1; sequence <= 4; ++sequence) add_delivery("slack", sequence);
  must_write([](Tables& tables) { return tables.update_delivery({"house", "slack", 2, "failed", 3, 7, 9, "400 no"}); });
  for (const std::uint64_t sequence : {1U, 3U, 3U})
    must_write([&](Tables& tables) { return tables.remove_delivery("house", "slack", sequence); });
  EXPECT_EQ(sequences("slack", "waiting"), Sequences{4});
  EXPECT_EQ(sequences("slack", "failed"), Sequences{2});
}

TEST_P(StoreNotify, ChannelsThatSomethingWaitsFor) {
  add_delivery("teams", 1);
  add_delivery("slack", 1);
  add_delivery("slack", 2);
  add_delivery("mail", 1, "failed");
  const std::vector<Tables::ChannelName> waiting{{"house", "slack"}, {"house", "teams"}};
  EXPECT_EQ(read([](Tables& tables) { return tables.channels_with_deliveries(); }), waiting);
}

TEST_P(StoreNotify, ADeliveryIsOfAnEventThatIsThere) {
  EXPECT_FALSE(write([](Tables& tables) {
    return tables.add_delivery({"house", "slack", 99, "waiting", 0, 7, 8, ""});
  }));
}

TEST_P(StoreNotify, TheLastStateOfAChannelCounts) {
  must_write([](Tables& tables) { return tables.set_channel_state({"house", "slack", "410 gone", 5}); });
  must_write([](Tables& tables) { return tables.set_channel_state({"house", "slack", "", 6}); });
  EXPECT_EQ(read([](Tables& tables) { return tables.channel_states("house"); }),
            (std::vector<ChannelState>{{"house", "slack", "", 6}}));
}

TEST_P(StoreNotify, SecretsAreReplacedAndTakenAway) {
  must_write([](Tables& tables) { return tables.set_secret({"house", "B", "00ff", "ana", 5}); });
  must_write([](Tables& tables) { return tables.set_secret({"house", "A", "01", "ana", 5}); });
  must_write([](Tables& tables) { return tables.set_secret({"house", "B", "02", "ana", 6}); });
  EXPECT_EQ(read([](Tables& tables) { return tables.secrets("house"); }),
            (std::vector<Secret>{{"house", "A", "01", "ana", 5}, {"house", "B", "02", "ana", 6}}));
  must_write([](Tables& tables) { return tables.remove_secret("house", "B"); });
  EXPECT_EQ(read([](Tables& tables) { return tables.secrets("house"); }).size(), 1U);
  const auto gone = write([](Tables& tables) { return tables.remove_secret("house", "B"); });
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, ErrorCode::not_found);
}

TEST_P(StoreNotify, EverybodyWatchesTheirOwn) {
  const Watch element{"house", "ana", "element", "2O2Fr$t4X7Zf8NOew3FLOH", 5};
  const Watch property{"house", "ana", "property", "*.LoadBearing", 5};
  for (const Watch& watch : {property, element, element})
    must_write([&](Tables& tables) { return tables.set_watch(watch); });
  EXPECT_EQ(read([](Tables& tables) { return tables.watches("house"); }), (std::vector<Watch>{element, property}));
  must_write([&](Tables& tables) { return tables.remove_watch(element); });
  must_write([&](Tables& tables) { return tables.remove_watch(element); });
  EXPECT_EQ(read([](Tables& tables) { return tables.watches("house"); }), std::vector<Watch>{property});
}

TEST_P(StoreNotify, TheInboxIsReadUpToAnEvent) {
  for (std::uint64_t sequence = 1; sequence <= 3; ++sequence) {
    const auto time = static_cast<std::int64_t>(sequence * 10);
    must_write([&](Tables& tables) { return tables.add_inbox_item({"house", "ana", sequence, "watched", time, 0}); });
  }
  must_write([](Tables& tables) { return tables.add_inbox_item({"house", "ana", 1, "route", 99, 0}); });
  must_write([](Tables& tables) { return tables.mark_read("ana", "house", 2, 77); });
  must_write([](Tables& tables) { return tables.mark_read("ana", "house", 2, 78); });
  const InboxItem first{"house", "ana", 1, "watched", 10, 77}, second{"house", "ana", 2, "watched", 20, 77};
  const InboxItem third{"house", "ana", 3, "watched", 30, 0};
  const auto inbox = [&](const std::string& project, bool unread, std::int64_t before, std::size_t limit) {
    return read([&](Tables& tables) { return tables.inbox("ana", project, unread, before, limit); });
  };
  EXPECT_EQ(inbox("", false, 0, 10), (std::vector<InboxItem>{third, second, first}));
  EXPECT_EQ(inbox("house", true, 0, 10), std::vector<InboxItem>{third});
  EXPECT_EQ(inbox("barn", false, 0, 10), std::vector<InboxItem>{});
  EXPECT_EQ(inbox("", false, 30, 1), std::vector<InboxItem>{second});
}

}  // namespace
}  // namespace aecos::store
