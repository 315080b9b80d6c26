#include "event/event.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <stdexcept>

namespace aecos::event {
namespace {

Draft draft(int number) {
  Draft draft;
  draft.id = make_id(1'795'598'130'000'000 + number, "0123456789");
  draft.project = "house";
  draft.type = "commit.integrated";
  draft.subject = "develop";
  draft.actor = "ana";
  draft.branch = "develop";
  draft.time_us = 1'795'598'130'123'456;
  draft.summary = "W-" + std::to_string(number) + ": FireRating REI 60 → REI 90";
  draft.elements = {{{"3cUkl32yn9qRSPvBJVyWYp", "IfcWall", "W-12"},
                     "models/house.ifc",
                     {{diff::ChangeKind::property, {}, "Pset_WallCommon.FireRating", "\"REI 60\"", "\"REI 90\""}}}};
  return draft;
}

std::vector<std::string> chain(int count) {
  std::vector<std::string> entries;
  std::string last;
  for (int i = 1; i <= count; ++i) {
    const Sealed sealed = seal(draft(i), static_cast<std::uint64_t>(i), last);
    entries.push_back(sealed.json);
    last = sealed.hash;
  }
  return entries;
}

std::vector<Fault> faults_of(const std::vector<std::string>& entries) {
  Verifier verifier;
  for (const std::string& entry : entries) verifier.add(entry);
  return verifier.finish();
}

TEST(Event, IsReadAsItWasSealed) {
  const Sealed sealed = seal(draft(1), 7, "abc");
  const Entry entry = *read(sealed.json);
  EXPECT_EQ(entry.sequence, 7U);
  EXPECT_EQ(entry.type, "commit.integrated");
  EXPECT_EQ(entry.actor, "ana");
  EXPECT_EQ(entry.time, "2026-11-25T09:15:30.123456Z");
  EXPECT_EQ(entry.previous_hash, "abc");
  EXPECT_EQ(entry.hash, sealed.hash);
  EXPECT_EQ(entry.elements.at(0).name, "W-12");
  EXPECT_EQ(sealed.elements, std::vector<std::string>{"3cUkl32yn9qRSPvBJVyWYp"});
  EXPECT_EQ(sealed.json.find('\n'), std::string::npos);
}

TEST(Event, WhatIsTooLargeIsNamedByItsSize) {
  Draft large = draft(1);
  large.elements[0].changes[0].after = "\"" + std::string(1000, 'x') + "\"";
  large.elements.resize(250, large.elements[0]);
  const std::string json = seal(large, 1, "").json;
  EXPECT_NE(json.find("{\"leftOut\":1002}"), std::string::npos);
  EXPECT_NE(json.find("\"elementsInAll\":250"), std::string::npos);
}

TEST(Event, IdsSortByTime) {
  EXPECT_EQ(make_id(0, std::string(10, '\0')), std::string(26, '0'));
  EXPECT_LT(make_id(1000, std::string(10, '\xff')), make_id(2000, std::string(10, '\0')));
  EXPECT_EQ(make_id(1'469'918'176'385'000, "0123456789").substr(0, 10), "01ARYZ6S41");
}

TEST(Event, IsOneLineWhateverItSays) {
  Draft draft_of_lines = draft(1);
  draft_of_lines.summary = "two\nlines\x01\xff";
  draft_of_lines.elements[0].changes[0].before = "{\n  \"a\": 1\n}";
  draft_of_lines.elements[0].changes[0].after = "no JSON";
  draft_of_lines.more = {{"links", "{\n\"dashboard\": \"/p/house\" }"}};
  const Sealed sealed = seal(draft_of_lines, 1, "");
  EXPECT_EQ(sealed.json.find('\n'), std::string::npos);
  ASSERT_TRUE(read(sealed.json)) << read(sealed.json).error().message;
  EXPECT_NE(sealed.json.find(R"("before":{"a":1},"after":"no JSON")"), std::string::npos);
  EXPECT_NE(sealed.json.find(R"("links":{"dashboard":"/p/house"})"), std::string::npos);
}

TEST(Event, HasWhatCloudEventsWants) {
  Draft strange = draft(1);
  strange.project = "Haus am See/ä";
  const std::string json = seal(strange, 1, "").json;
  EXPECT_NE(json.find("\"source\":\"/projects/Haus%20am%20See%2F%C3%A4\""), std::string::npos);
  EXPECT_EQ(read(json)->project, strange.project);
  for (auto member : {&Draft::id, &Draft::project, &Draft::type}) {
    Draft without = draft(1);
    (without.*member).clear();
    EXPECT_THROW(seal(without, 1, ""), std::logic_error);
  }
  Draft bare;
  bare.id = "1";
  bare.project = "p";
  bare.type = "t";
  bare.time_us = -1;
  EXPECT_EQ(read(seal(bare, 1, "").json)->time, "1970-01-01T00:00:00.000000Z");
  bare.time_us = INT64_MAX;
  EXPECT_EQ(read(seal(bare, 1, "").json)->time, "9999-12-31T23:59:59.999999Z");
}

TEST(Event, SaysNothingTwice) {
  for (const char* name : {"hash", "seq", "actor", "elements", "previousHash"}) {
    Draft twice = draft(1);
    twice.more = {{name, "1"}};
    EXPECT_THROW(seal(twice, 1, ""), std::logic_error) << name;
  }
  Draft broken = draft(1);
  broken.more = {{"x", "{"}};
  EXPECT_THROW(seal(broken, 1, ""), std::logic_error);
}

TEST(Event, WhatIsNoneIsNotRead) {
  for (const char* json : {"", "{}", "[]", "null", R"({"specversion":"1.0","data":{"seq":1}})",
                           R"({"specversion":"1.0","id":"1","source":"/projects/p","type":"t","time":"x","data":[]})",
                           R"({"specversion":"0.3","id":"1","source":"/projects/p","type":"t","time":"x",)"
                           R"("data":{"project":"p","seq":1}})",
                           R"({"specversion":"1.0","id":"1","source":"/projects/q","type":"t","time":"x",)"
                           R"("data":{"project":"p","seq":1}})"}) {
    EXPECT_FALSE(read(json)) << json;
  }
}

TEST(Audit, AWholeChainHasNoFault) {
  EXPECT_TRUE(faults_of({}).empty());
  EXPECT_TRUE(faults_of(chain(20)).empty());
}

TEST(Audit, AChainCanBeFollowedFromAKnownEntry) {
  const auto entries = chain(9);
  Verifier verifier(5, read(entries[4])->hash);
  for (std::size_t i = 5; i < 9; ++i) verifier.add(entries[i]);
  EXPECT_TRUE(verifier.finish().empty());
  EXPECT_EQ(verifier.last_sequence(), 9U);
  EXPECT_EQ(verifier.last_hash(), read(entries[8])->hash);
  Verifier other(5, read(entries[3])->hash);
  other.add(entries[5]);
  EXPECT_EQ(other.finish().size(), 1U);
}

// Every byte of a chain, each changed into another one, left out, and doubled.
TEST(Audit, EveryChangeOfAByteIsFoundAndIsOneFault) {
  const auto entries = chain(3);
  for (std::size_t i = 0; i < entries[1].size(); ++i) {
    auto changed = entries;
    changed[1][i] = static_cast<char>(changed[1][i] ^ 1);
    EXPECT_FALSE(faults_of(changed).empty()) << i;
    auto shorter = entries;
    shorter[1].erase(i, 1);
    EXPECT_FALSE(faults_of(shorter).empty()) << i;
    auto longer = entries;
    longer[1].insert(i, 1, longer[1][i]);
    EXPECT_FALSE(faults_of(longer).empty()) << i;
  }
  auto changed = entries;
  changed[1].replace(changed[1].find("REI 90"), 6, "REI 30");
  ASSERT_EQ(faults_of(changed).size(), 1U);
  EXPECT_EQ(faults_of(changed)[0].what, "seq 2 was changed");
}

Draft any_draft() {
  Draft any = draft(*rc::gen::inRange(1, 1000));
  any.actor = *rc::gen::arbitrary<std::string>();
  any.summary = *rc::gen::arbitrary<std::string>();
  any.elements.resize(*rc::gen::inRange<std::size_t>(0, 3), any.elements[0]);
  return any;
}

std::vector<std::string> any_chain() {
  std::vector<std::string> entries;
  std::string last;
  const auto count = *rc::gen::inRange<std::size_t>(2, 9);
  for (std::size_t i = 1; i <= count; ++i) {
    const Sealed sealed = seal(any_draft(), i, last);
    entries.push_back(sealed.json);
    last = sealed.hash;
  }
  return entries;
}

TEST(Audit, EveryChangeOfAnyChainIsFound) {
  rc::check([] {
    const auto entries = any_chain();
    RC_ASSERT(faults_of(entries).empty());
    auto changed = entries;
    const auto one = *rc::gen::inRange<std::size_t>(0, entries.size());
    const auto other = *rc::gen::inRange<std::size_t>(0, entries.size());
    switch (*rc::gen::inRange(0, 6)) {
      case 0: {
        char& byte = changed[one][*rc::gen::inRange<std::size_t>(0, changed[one].size())];
        byte = static_cast<char>(byte ^ *rc::gen::inRange(1, 256));
        break;
      }
      case 1:  // Not the last: see ACutOrRewrittenChainIsFoundByWhatSomebodyElseSaw.
        changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(one % (entries.size() - 1)));
        break;
      case 2:
        RC_PRE(one != other);
        std::swap(changed[one], changed[other]);
        break;
      case 3:
        changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(other), changed[one]);
        break;
      case 4: {  // Put in between, sealed as if it followed.
        const Entry before = *read(entries[one]);
        changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(one) + 1,
                       seal(any_draft(), before.sequence + 1, before.hash).json);
        RC_PRE(one + 1 < entries.size());
        break;
      }
      default: {  // Sealed anew in its place.
        RC_PRE(one + 1 < entries.size());
        const Entry old = *read(entries[one]);
        changed[one] = seal(any_draft(), old.sequence, old.previous_hash).json;
        RC_PRE(changed[one] != entries[one]);
      }
    }
    RC_ASSERT(!faults_of(changed).empty());
  });
}

TEST(Audit, WhatHappenedToAChainIsTold) {
  const auto entries = chain(6);
  const auto first = [](const std::vector<std::string>& all) {
    const auto faults = faults_of(all);
    return faults.empty() ? std::string() : faults.front().what;
  };
  for (std::size_t i = 0; i < 5; ++i) {
    auto removed = entries;
    removed.erase(removed.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(first(removed), "seq " + std::to_string(i + 1) + " is missing");
    EXPECT_EQ(faults_of(removed).size(), 1U);
    auto twice = entries;
    twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(i), twice[i]);
    EXPECT_EQ(first(twice), "seq " + std::to_string(i + 1) + " is there twice");
    EXPECT_EQ(faults_of(twice).size(), 1U);
    auto forged = entries;
    const Entry before = *read(forged[i]);
    forged.insert(forged.begin() + static_cast<std::ptrdiff_t>(i) + 1, seal(draft(99), i + 2, before.hash).json);
    EXPECT_EQ(first(forged), "there are two of seq " + std::to_string(i + 2));
  }
  auto gap = entries;
  gap.erase(gap.begin() + 1, gap.begin() + 4);
  EXPECT_EQ(first(gap), "seq 2 to 4 are missing");
  auto late = entries;
  std::rotate(late.begin() + 1, late.begin() + 2, late.begin() + 4);
  EXPECT_EQ(first(late), "seq 2 is missing");
  EXPECT_EQ(faults_of(late).at(1).what, "seq 2 stands behind seq 4");
  auto garbage = entries;
  garbage.insert(garbage.begin(), "garbage");
  EXPECT_EQ(first(garbage).find("at the beginning: what lies there is "), 0U);
  auto elsewhere = entries;
  Draft other = draft(2);
  other.project = "garage";
  elsewhere[5] = seal(other, 6, read(entries[4])->hash).json;
  EXPECT_EQ(first(elsewhere), "seq 6 is of another project, garage");
}

TEST(Audit, AnEntrySealedAnewDoesNotFitTheNext) {
  auto entries = chain(3);
  Draft other = draft(2);
  other.actor = "ben";
  entries[1] = seal(other, 2, read(entries[1])->previous_hash).json;
  EXPECT_EQ(faults_of(entries).at(0).what, "seq 3 does not follow the seq 2 that is there");
}

TEST(Audit, ACutOrRewrittenChainIsFoundByWhatSomebodyElseSaw) {
  const auto entries = chain(4);
  Verifier cut;
  for (int i = 0; i < 3; ++i) cut.add(entries[static_cast<std::size_t>(i)]);
  cut.expect(4, read(entries[3])->hash);
  EXPECT_EQ(cut.finish().at(0).what, "seq 4 was there once, and is not any more");
  Verifier rewritten;
  std::string last;
  for (int i = 1; i <= 4; ++i) {
    Draft other = draft(i);
    other.actor = "nobody";
    const Sealed sealed = seal(other, static_cast<std::uint64_t>(i), last);
    last = sealed.hash;
    rewritten.add(sealed.json);
  }
  rewritten.expect(2, read(entries[1])->hash);
  EXPECT_EQ(rewritten.finish().at(0).what, "seq 2 is not the one that was there once");
}

}  // namespace
}  // namespace aecos::event
