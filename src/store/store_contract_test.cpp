// What every table keeps to, in both databases.

#include "store/store_test_internal.h"

namespace aecos::store {
namespace {

using StoreContract = StoreTest;
INSTANTIATE_TEST_SUITE_P(, StoreContract, testing::Values(Where::sqlite_file, Where::sqlite_memory, Where::postgres),
                         name_of);

constexpr std::int64_t late_us = 9'007'199'254'740'993;  // More than a double can hold.

ErrorCode code_of(const Result<>& result) {
  EXPECT_FALSE(result) << "it should have failed";
  EXPECT_EQ(result.error().message.find('\n'), std::string::npos) << result.error().message;
  EXPECT_FALSE(result.error().message.empty());
  return result.error().code;
}

template <class Record, class Name>
std::vector<std::string> names(const std::vector<Record>& records, Name Record::*member) {
  std::vector<std::string> result;
  for (const auto& record : records) {
    if constexpr (std::is_same_v<Name, std::string>) {
      result.push_back(record.*member);
    } else {
      result.push_back(std::to_string(record.*member));
    }
  }
  return result;
}

using Names = std::vector<std::string>;

// --- people

TEST_P(StoreContract, AUserComesBackAsItWas) {
  User ana{"ana", "Ana \"Ö\" O'Neil; DROP TABLE users", "ana@example.org", "$hash:1", true, false, late_us};
  must_write([&](Tables& tables) { return tables.add_user(ana); });
  const auto find = [](Tables& tables) { return tables.user("ana"); };
  EXPECT_EQ(read(find), ana);
  ana = {"ana", "", "a@b", "", false, true, 7};
  must_write([&](Tables& tables) { return tables.update_user(ana); });
  EXPECT_EQ(read(find), ana);
  EXPECT_EQ(read([](Tables& tables) { return tables.user("bob"); }), std::nullopt);
}

TEST_P(StoreContract, AUserIsThereOnce) {
  add_user("ana");
  const auto twice = write([](Tables& tables) { return tables.add_user({.login = "ana"}); });
  EXPECT_EQ(code_of(twice), ErrorCode::changed_meanwhile);
  EXPECT_EQ(twice.error().message, "the user ana is there already");
  const auto nobody = write([](Tables& tables) { return tables.update_user({.login = "bob"}); });
  EXPECT_EQ(code_of(nobody), ErrorCode::changed_meanwhile);
  EXPECT_EQ(nobody.error().message, "the user bob is not there any more");
}

TEST_P(StoreContract, UsersArePagedInTheOrderOfTheBytes) {
  for (const auto* login : {"b", "a", "c", "B", "é", "a-b", "ab", "a.b", "a_b"}) add_user(login);
  const auto after = [&](const std::string& login, std::size_t limit) {
    return names(read([&](Tables& tables) { return tables.users(login, limit); }), &User::login);
  };
  EXPECT_EQ(after("", 100), (Names{"B", "a", "a-b", "a.b", "a_b", "ab", "b", "c", "é"}));
  EXPECT_EQ(after("", 2), (Names{"B", "a"}));
  EXPECT_EQ(after("a", 3), (Names{"a-b", "a.b", "a_b"}));
  EXPECT_EQ(after("é", 3), Names{});
  EXPECT_EQ(after("", 0), Names{});
  EXPECT_EQ(after("c", std::numeric_limits<std::size_t>::max()), (Names{"é"}));
  EXPECT_EQ(read([](Tables& tables) { return tables.count_users(); }), 9U);
}

TEST_P(StoreContract, ATokenIsFoundByHashAndById) {
  add_user("ana");
  Token token{"T1", std::string(64, 'a'), "personal", "ana", "laptop", {"write", "read"}, "house", 1, 2, 3, late_us};
  must_write([&](Tables& tables) { return tables.add_token(token); });
  EXPECT_EQ(read([&](Tables& tables) { return tables.token_by_hash(token.hash); }), token);
  EXPECT_EQ(read([&](Tables& tables) { return tables.token("T1"); }), token);
  EXPECT_EQ(read([&](Tables& tables) { return tables.token_by_hash("T1"); }), std::nullopt);
  token.used_us = 8;
  token.scopes = {};
  must_write([&](Tables& tables) { return tables.update_token(token); });
  EXPECT_EQ(read([&](Tables& tables) { return tables.token("T1"); }), token);
  must_write([&](Tables& tables) { return tables.remove_token("T1"); });
  must_write([&](Tables& tables) { return tables.remove_token("T1"); });
  EXPECT_EQ(read([&](Tables& tables) { return tables.token("T1"); }), std::nullopt);
  EXPECT_EQ(code_of(write([&](Tables& tables) { return tables.update_token(token); })), ErrorCode::changed_meanwhile);
}

TEST_P(StoreContract, TokensDifferInIdAndHashAndBelongToSomebody) {
  add_user("ana");
  const auto add = [&](const Token& token) { return write([&](Tables& tables) { return tables.add_token(token); }); };
  ASSERT_TRUE(add({.id = "T1", .hash = "1", .login = "ana", .created_us = 1}));
  ASSERT_TRUE(add({.id = "T2", .hash = "2", .login = "ana", .created_us = 3}));
  ASSERT_TRUE(add({.id = "T3", .hash = "3", .login = "ana", .created_us = 2}));
  EXPECT_EQ(code_of(add({.id = "T1", .hash = "4", .login = "ana"})), ErrorCode::changed_meanwhile);
  EXPECT_EQ(code_of(add({.id = "T4", .hash = "1", .login = "ana"})), ErrorCode::changed_meanwhile);
  EXPECT_EQ(code_of(add({.id = "T4", .hash = "4", .login = "bob"})), ErrorCode::not_found);
  const auto same_hash = [](Tables& tables) { return tables.update_token({.id = "T1", .hash = "2", .login = "ana"}); };
  EXPECT_EQ(code_of(write(same_hash)), ErrorCode::changed_meanwhile);
  const auto found = read([](Tables& tables) { return tables.tokens("ana"); });
  EXPECT_EQ(names(found, &Token::id), (Names{"T2", "T3", "T1"}));
}

// --- projects

TEST_P(StoreContract, AProjectComesBackAsItWas) {
  Project house{"house", "The house", "ana", late_us, true, 0, "", 4};
  must_write([&](Tables& tables) { return tables.add_project(house); });
  const auto find = [](Tables& tables) { return tables.project("house"); };
  EXPECT_EQ(read(find), house);
  EXPECT_EQ(code_of(write([&](Tables& tables) { return tables.add_project(house); })), ErrorCode::changed_meanwhile);
  EXPECT_EQ(code_of(write([&](Tables& tables) { return tables.update_project({.name = "hut"}); })),
            ErrorCode::changed_meanwhile);
}

TEST_P(StoreContract, UpdatingAProjectLeavesItsEventsAlone) {
  add_project("house");
  must_write([](Tables& tables) { return append(tables, "house"); });
  must_write([](Tables& tables) {
    return tables.update_project({"house", "New", "somebody", 99, true, 50, "another", 1});
  });
  EXPECT_EQ(read([](Tables& tables) { return tables.project("house"); }),
            (Project{"house", "New", "", 0, true, 1, "hash 1", 1}));
}

TEST_P(StoreContract, ProjectsArePaged) {
  for (const auto* name : {"c", "a", "b"}) add_project(name);
  const auto found = read([](Tables& tables) { return tables.projects("a", 5); });
  EXPECT_EQ(names(found, &Project::name), (Names{"b", "c"}));
}

TEST_P(StoreContract, TheLastGrantCountsAndAnEmptyOneTakesItAway) {
  add_project("house");
  add_project("barn");
  add_user("ana");
  add_user("bob");
  const auto grant = [&](const Grant& given) { must_write([&](Tables& t) { return t.set_grant(given); }); };
  grant({"house", "bob", "read"});
  grant({"house", "ana", "read"});
  grant({"house", "ana", "manage"});
  grant({"barn", "ana", "write"});
  const auto of_house = [](Tables& tables) { return tables.grants("house"); };
  EXPECT_EQ(read(of_house), (std::vector<Grant>{{"house", "ana", "manage"}, {"house", "bob", "read"}}));
  EXPECT_EQ(read([](Tables& tables) { return tables.grants_of("ana"); }),
            (std::vector<Grant>{{"barn", "ana", "write"}, {"house", "ana", "manage"}}));
  grant({"house", "ana", ""});
  grant({"house", "nobody", ""});
  EXPECT_EQ(read(of_house), (std::vector<Grant>{{"house", "bob", "read"}}));
  const auto nobody = [](Tables& tables) { return tables.set_grant({"house", "nobody", "read"}); };
  EXPECT_EQ(code_of(write(nobody)), ErrorCode::not_found);
}

// --- events

TEST_P(StoreContract, AnEventIsGivenItsPlaceInTheChain) {
  add_project("house");
  add_project("barn");
  for (const auto* project : {"house", "barn", "house", "house"}) {
    must_write([&](Tables& tables) { return append(tables, project); });
  }
  expect_unbroken(events("house"));
  EXPECT_EQ(events("house").size(), 3U);
  EXPECT_EQ(events("barn").size(), 1U);
  const auto house = read([](Tables& tables) { return tables.project("house"); });
  EXPECT_EQ(house->last_sequence, 3U);
  EXPECT_EQ(house->last_hash, "hash 3");
}

TEST_P(StoreContract, AnEventComesBackAsItWasSealed) {
  add_project("house");
  Event event{"", 77, "01J", "commit.integrated", "ana", "develop", "W-12", late_us, "", "", {"b", "a", "b", ""}};
  Event appended;
  must_write([&](Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(appended, tables.append_event("house", sealed(event)));
    return {};
  });
  event.project = "house";
  event.sequence = 1;
  event.json = "{\"after\":\"\"}";
  event.hash = "hash 1";
  EXPECT_EQ(appended, event);
  EXPECT_EQ(events("house"), std::vector{event});
}

TEST_P(StoreContract, NoEventWithoutItsProject) {
  bool was_sealed = false;
  const auto result = write([&](Tables& tables) -> Result<> {
    AECOS_TRY(tables.append_event("house", [&](const Tables::Place&) {
      was_sealed = true;
      return Event{};
    }));
    return {};
  });
  EXPECT_EQ(code_of(result), ErrorCode::not_found);
  EXPECT_EQ(result.error().message, "there is no project house");
  EXPECT_FALSE(was_sealed);
}

TEST_P(StoreContract, AnEventIsFoundByEachOfItsManyElements) {
  add_project("house");
  Event event;
  for (int i = 0; i < 75; ++i) event.elements.push_back("element " + std::to_string(i));
  must_write([&](Tables& tables) { return append(tables, "house", event); });
  for (const auto& element : event.elements) {
    EXPECT_EQ(read([&](Tables& t) { return t.events({.project = "house", .element = element}); }).size(), 1U)
        << element;
  }
}

class EventQueries : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped()) return;
    add_project("house");
    add_project("barn");
    const auto add = [&](const char* type, const char* actor, std::int64_t time_us, std::vector<std::string> elements) {
      const Event event{.type = type, .actor = actor, .time_us = time_us, .elements = std::move(elements)};
      must_write([&](Tables& tables) { return append(tables, "house", event); });
      must_write([&](Tables& tables) { return append(tables, "barn", event); });
    };
    add("lock.taken", "ana", 10, {"wall"});             // 1
    add("commit.pushed", "ana", 20, {"wall", "door"});  // 2
    add("lock.freed", "bob", 40, {"door"});             // 3
    add("locked", "bob", 30, {});                       // 4
    add("lock", "ana", 50, {"wall"});                   // 5
    add("lock.taken", "bob", 60, {"wall", "roof"});     // 6
  }

  Names found(EventQuery query) {
    query.project = "house";
    const auto events = read([&](Tables& tables) { return tables.events(query); });
    for (const auto& event : events) EXPECT_EQ(event.project, "house");
    return names(events, &Event::sequence);
  }
};
INSTANTIATE_TEST_SUITE_P(, EventQueries, testing::Values(Where::sqlite_file, Where::sqlite_memory, Where::postgres),
                         name_of);

TEST_P(EventQueries, ArePagedInBothDirections) {
  EXPECT_EQ(found({}), (Names{"1", "2", "3", "4", "5", "6"}));
  EXPECT_EQ(found({.after = 2, .limit = 2}), (Names{"3", "4"}));
  EXPECT_EQ(found({.after = 6}), Names{});
  EXPECT_EQ(found({.after = std::numeric_limits<std::uint64_t>::max()}), Names{});
  EXPECT_EQ(found({.newest_first = true, .limit = 3}), (Names{"6", "5", "4"}));
  EXPECT_EQ(found({.after = 4, .newest_first = true, .limit = 2}), (Names{"3", "2"}));
  EXPECT_EQ(found({.after = 1, .newest_first = true}), Names{});
  EXPECT_EQ(found({.limit = 0}), Names{});
  EXPECT_EQ(found({.limit = std::numeric_limits<std::size_t>::max()}).size(), 6U);
}

TEST_P(EventQueries, ByTypeOrByWhatTypesBeginWith) {
  EXPECT_EQ(found({.type = "lock.taken"}), (Names{"1", "6"}));
  EXPECT_EQ(found({.type = "lock."}), (Names{"1", "3", "6"}));
  EXPECT_EQ(found({.type = "lock"}), (Names{"5"}));
  EXPECT_EQ(found({.type = "lock%"}), Names{});
}

TEST_P(EventQueries, ByElement) {
  EXPECT_EQ(found({.element = "wall"}), (Names{"1", "2", "5", "6"}));
  EXPECT_EQ(found({.after = 1, .element = "wall", .limit = 2}), (Names{"2", "5"}));
  EXPECT_EQ(found({.element = "wall", .newest_first = true, .limit = 1}), (Names{"6"}));
  EXPECT_EQ(found({.element = "cellar"}), Names{});
}

TEST_P(EventQueries, ByActorAndTime) {
  EXPECT_EQ(found({.actor = "bob"}), (Names{"3", "4", "6"}));
  EXPECT_EQ(found({.since_us = 30}), (Names{"3", "4", "5", "6"}));
  EXPECT_EQ(found({.since_us = 35}), (Names{"3", "5", "6"})) << "time need not go with the sequence";
  EXPECT_EQ(found({.since_us = 61}), Names{});
}

TEST_P(EventQueries, ByAllOfItTogether) {
  EXPECT_EQ(found({.after = 1, .since_us = 5, .type = "lock.", .element = "wall", .actor = "bob"}), (Names{"6"}));
  EXPECT_EQ(found({.after = 6,
                   .since_us = 5,
                   .type = "lock.taken",
                   .element = "wall",
                   .actor = "ana",
                   .newest_first = true,
                   .limit = 9}),
            (Names{"1"}));
}

TEST_P(StoreContract, IntentsAreThereUntilTheyAreDone) {
  add_project("house");
  const Intent late{"I1", "house", "refs/heads/develop", "", std::string(40, 'b'), "{}", 20};
  const Intent early{"I2", "house", "refs/heads/main", std::string(40, 'a'), "", "{\"a\":1}", 10};
  must_write([&](Tables& tables) { return tables.add_intent(late); });
  must_write([&](Tables& tables) { return tables.add_intent(early); });
  EXPECT_EQ(code_of(write([&](Tables& tables) { return tables.add_intent(early); })), ErrorCode::changed_meanwhile);
  const auto all = [](Tables& tables) { return tables.intents(); };
  EXPECT_EQ(read(all), (std::vector{early, late}));
  must_write([&](Tables& tables) { return tables.remove_intent("I2"); });
  EXPECT_EQ(read(all), (std::vector{late}));
}

// --- locks

TEST_P(StoreContract, ALockComesBackAsItWas) {
  add_project("house");
  Lock lock{"L1",   "house",   "properties", "0abc", "Pset_Wall", "ana",   "fire", "develop",
            "W-12", "IfcWall", 10,           20,     "bob",       "soon?", 15};
  must_write([&](Tables& tables) { return tables.add_lock(lock); });
  EXPECT_EQ(read([](Tables& tables) { return tables.lock("L1"); }), lock);
  lock.expires_us = late_us;
  lock.asked_by = "";
  must_write([&](Tables& tables) { return tables.update_lock(lock); });
  EXPECT_EQ(read([](Tables& tables) { return tables.lock("L1"); }), lock);
  must_write([&](Tables& tables) { return tables.remove_lock("L1"); });
  EXPECT_EQ(read([](Tables& tables) { return tables.lock("L1"); }), std::nullopt);
  EXPECT_EQ(code_of(write([&](Tables& tables) { return tables.update_lock(lock); })), ErrorCode::changed_meanwhile);
}

TEST_P(StoreContract, APlaceIsLockedOnce) {
  add_project("house");
  add_project("barn");
  const auto add = [&](const Lock& lock) { return write([&](Tables& tables) { return tables.add_lock(lock); }); };
  const Lock wall{.id = "L1", .project = "house", .kind = "properties", .target = "wall", .property_set = "A"};
  ASSERT_TRUE(add(wall));
  auto other = wall;
  EXPECT_EQ(code_of(add(other)), ErrorCode::changed_meanwhile);
  other.id = "L2";
  EXPECT_EQ(code_of(add(other)), ErrorCode::changed_meanwhile);
  for (auto member : {&Lock::project, &Lock::kind, &Lock::target, &Lock::property_set}) {
    other = wall;
    other.id = "another " + std::to_string(member == &Lock::project ? 0 : ++other.acquired_us) + wall.*member;
    other.*member = member == &Lock::project ? "barn" : "another";
    EXPECT_TRUE(add(other)) << other.id;
  }
  other.target = "wall";
  other.kind = "properties";
  other.property_set = "A";
  other.project = "house";
  EXPECT_EQ(code_of(write([&](Tables& t) { return t.update_lock(other); })), ErrorCode::changed_meanwhile);
}

TEST_P(StoreContract, LocksAreListedByTimeAndByExpiry) {
  add_project("house");
  add_project("barn");
  const auto add = [&](const char* id, const char* project, std::int64_t acquired, std::int64_t expires) {
    const Lock lock{.id = id, .project = project, .target = id, .acquired_us = acquired, .expires_us = expires};
    must_write([&](Tables& tables) { return tables.add_lock(lock); });
  };
  add("b", "house", 2, 30);
  add("a", "house", 2, 0);
  add("c", "house", 1, 50);
  add("d", "barn", 0, 20);
  EXPECT_EQ(names(read([](Tables& t) { return t.locks("house"); }), &Lock::id), (Names{"c", "a", "b"}));
  EXPECT_EQ(names(read([](Tables& t) { return t.locks_expired(30); }), &Lock::id), (Names{"d", "b"}));
  EXPECT_EQ(names(read([](Tables& t) { return t.locks_expired(19); }), &Lock::id), Names{});
}

// --- change requests and checks

TEST_P(StoreContract, ChangeRequestsAreNumberedInTheirProject) {
  add_project("house");
  add_project("barn");
  const auto add = [&](ChangeRequest request) {
    must_write([&](Tables& tables) -> Result<> {
      AECOS_TRY_ASSIGN(request, tables.add_change_request(request));
      return {};
    });
    return request;
  };
  const ChangeRequest wanted{"house", 55, "T", "text", "ana", "wall", "main", "open", "", "", 1, late_us};
  auto first = add(wanted);
  EXPECT_EQ(first.number, 1U);
  EXPECT_EQ(add(wanted).number, 2U);
  EXPECT_EQ(add({.project = "barn"}).number, 1U);
  EXPECT_EQ(add(wanted).number, 3U);
  first.state = "merged";
  first.merged_commit = "abc";
  must_write([&](Tables& tables) { return tables.update_change_request(first); });
  EXPECT_EQ(read([](Tables& tables) { return tables.change_request("house", 1); }), first);
  EXPECT_EQ(read([](Tables& tables) { return tables.change_request("house", 9); }), std::nullopt);
  const auto list = [&](const std::string& state, std::uint64_t before, std::size_t limit) {
    return names(read([&](Tables& t) { return t.change_requests("house", state, before, limit); }),
                 &ChangeRequest::number);
  };
  EXPECT_EQ(list("", 0, 10), (Names{"3", "2", "1"}));
  EXPECT_EQ(list("open", 0, 10), (Names{"3", "2"}));
  EXPECT_EQ(list("", 3, 1), (Names{"2"}));
  const auto lost = [](Tables& tables) -> Result<> {
    AECOS_TRY(tables.add_change_request({.project = "hut"}));
    return {};
  };
  EXPECT_EQ(code_of(write(lost)), ErrorCode::not_found);
  EXPECT_EQ(code_of(write([](Tables& t) { return t.update_change_request({.project = "house", .number = 9}); })),
            ErrorCode::changed_meanwhile);
}

TEST_P(StoreContract, TheLastApprovalOfEachPersonCounts) {
  add_project("house");
  const Approval first{"house", 1, "bob", "c1", "changes-requested", "no", 10};
  const Approval ana{"house", 1, "ana", "c1", "approved", "", 20};
  const Approval second{"house", 1, "bob", "c2", "approved", "yes", 30};
  EXPECT_EQ(code_of(write([&](Tables& tables) { return tables.set_approval(ana); })), ErrorCode::not_found);
  must_write([&](Tables& tables) -> Result<> {
    AECOS_TRY(tables.add_change_request({.project = "house"}));
    for (const auto& approval : {first, ana, second}) AECOS_TRY(tables.set_approval(approval));
    return {};
  });
  EXPECT_EQ(read([](Tables& tables) { return tables.approvals("house", 1); }), (std::vector{ana, second}));
  EXPECT_TRUE(read([](Tables& tables) { return tables.approvals("house", 2); }).empty());
}

TEST_P(StoreContract, TheLastWordOfEachCheckCounts) {
  add_project("house");
  const Check pending{"house", "c1", "ids", "pending", "", "", "bot", 1};
  const Check passed{"house", "c1", "ids", "passed", "fine", "https://example.org/1", "bot", 2};
  const Check secrets{"house", "c1", "a-secrets", "failed", "a key", "", "hub", 1};
  const Check other{"house", "c2", "ids", "failed", "", "", "bot", 3};
  for (const auto& check : {pending, passed, secrets, other}) {
    must_write([&](Tables& tables) { return tables.set_check(check); });
  }
  EXPECT_EQ(read([](Tables& tables) { return tables.checks("house", "c1"); }), (std::vector{secrets, passed}));
}

// --- the rest

TEST_P(StoreContract, ALargeObjectMayBeAddedAgain) {
  add_project("house");
  const LargeObject object{"house", std::string(64, 'f'), 5'000'000'000, "ana", 7};
  must_write([&](Tables& tables) { return tables.add_large_object(object); });
  must_write([&](Tables& tables) { return tables.add_large_object({"house", object.oid, 1, "bob", 8}); });
  EXPECT_EQ(read([&](Tables& tables) { return tables.large_object("house", object.oid); }), object);
  EXPECT_EQ(read([&](Tables& tables) { return tables.large_object("barn", object.oid); }), std::nullopt);
}

TEST_P(StoreContract, AnAnswerIsGivenOnceAndForgottenInTime) {
  const auto keep = [&](const std::string& key, std::int64_t now_us) {
    return write([&](Tables& tables) { return tables.keep_answer(key, "answer to " + key, now_us); });
  };
  ASSERT_TRUE(keep("a", 10));
  ASSERT_TRUE(keep("b", 20));
  EXPECT_EQ(code_of(keep("a", 30)), ErrorCode::changed_meanwhile);
  EXPECT_EQ(read([](Tables& tables) { return tables.answer("a"); }), "answer to a");
  must_write([](Tables& tables) { return tables.forget_answers(20); });
  EXPECT_EQ(read([](Tables& tables) { return tables.answer("a"); }), std::nullopt);
  EXPECT_EQ(read([](Tables& tables) { return tables.answer("b"); }), "answer to b");
}

TEST_P(StoreContract, TheLastValueOfASettingCounts) {
  EXPECT_EQ(read([](Tables& tables) { return tables.setting("key"); }), std::nullopt);
  for (const auto* value : {"one", "two"}) {
    must_write([&](Tables& tables) { return tables.set_setting("key", value); });
  }
  EXPECT_EQ(read([](Tables& tables) { return tables.setting("key"); }), "two");
  must_write([&](Tables& tables) { return tables.set_setting("key", ""); });
  EXPECT_EQ(read([](Tables& tables) { return tables.setting("key"); }), "");
}

TEST_P(StoreContract, AnyTextIsKeptAndWhatIsNoTextRefused) {
  const std::string odd = "\"quoted\" 'twice' :name $1 ? \\ % \x01 \r\n\t 😀 " + std::string(1 << 20, 'x');
  must_write([&](Tables& tables) { return tables.set_setting("odd", odd); });
  EXPECT_EQ(read([](Tables& tables) { return tables.setting("odd"); }), odd);
  for (const auto& bad : {std::string("\xff"), std::string("a\0b", 3), std::string("\xed\xa0\x80")}) {
    EXPECT_EQ(code_of(write([&](Tables& t) { return t.set_setting("bad", bad); })), ErrorCode::invalid_input);
    const auto found = store->read([&](Tables& tables) -> Result<> {
      AECOS_TRY(tables.user(bad));
      return {};
    });
    EXPECT_EQ(code_of(found), ErrorCode::invalid_input);
  }
  add_project("house");
  EXPECT_EQ(code_of(write([&](Tables& tables) { return append(tables, "house", {.elements = {"a\nb"}}); })),
            ErrorCode::invalid_input);
  const LargeObject huge{.project = "house", .oid = "1", .size = std::numeric_limits<std::uint64_t>::max()};
  EXPECT_EQ(code_of(write([&](Tables& tables) { return tables.add_large_object(huge); })), ErrorCode::invalid_input);
}

}  // namespace
}  // namespace aecos::store
