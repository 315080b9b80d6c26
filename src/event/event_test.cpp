#include "event/event.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/sha256.h"

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

TEST(Audit, AWholeChainHasNoFault) {
  EXPECT_TRUE(faults_of({}).empty());
  EXPECT_TRUE(faults_of(chain(20)).empty());
}

TEST(Audit, EveryChangeOfAByteIsFound) {
  rc::check([] {
    auto entries = chain(5);
    std::string& entry = entries[*rc::gen::inRange<std::size_t>(0, entries.size())];
    char& byte = entry[*rc::gen::inRange<std::size_t>(0, entry.size())];
    byte = static_cast<char>(byte ^ *rc::gen::inRange(1, 256));
    RC_ASSERT(!faults_of(entries).empty());
  });
}

TEST(Audit, EveryRemovalExchangeAndInsertionIsFound) {
  for (std::size_t i = 0; i < 5; ++i) {
    auto removed = chain(6);
    removed.erase(removed.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(faults_of(removed).at(0).what, "seq " + std::to_string(i + 1) + " is missing");
    auto exchanged = chain(6);
    std::swap(exchanged[i], exchanged[i + 1]);
    EXPECT_FALSE(faults_of(exchanged).empty());
    auto twice = chain(6);
    twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(i), twice[i]);
    EXPECT_FALSE(faults_of(twice).empty());
    auto forged = chain(6);
    const Entry before = *read(forged[i]);
    forged.insert(forged.begin() + static_cast<std::ptrdiff_t>(i) + 1, seal(draft(99), i + 2, before.hash).json);
    EXPECT_FALSE(faults_of(forged).empty());
  }
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
