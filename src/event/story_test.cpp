#include "event/story.h"

#include <gtest/gtest.h>

namespace aecos::event {
namespace {

Entry entry_of(Draft draft, std::uint64_t sequence = 17) {
  draft.id = "01J" + std::to_string(sequence);
  draft.project = "house";
  draft.time_us = 1'795'000'000'000'000;
  const auto entry = read(seal(draft, sequence, "").json);
  EXPECT_TRUE(entry);
  return *entry;
}

Draft commit(const std::string& actor, std::vector<ElementChange> elements) {
  Draft draft;
  draft.type = "commit.integrated";
  draft.actor = actor;
  draft.branch = draft.subject = "develop";
  draft.commit = std::string(40, 'a');
  draft.summary = "W-12: FireRating REI 60 → REI 120";
  draft.elements = std::move(elements);
  return draft;
}

ElementChange wall(const std::string& id, diff::ChangeKind kind, const std::string& at, diff::Value before,
                   diff::Value after) {
  const diff::ElementRef element{id, "IfcWall", "W-12"};
  return {element, "models/house.ifc", {{kind, element, at, std::move(before), std::move(after)}}, "Level 1"};
}

TEST(Story, TellsAChangeInBuildingTerms) {
  const Entry entry = entry_of(commit("ana", {wall("0000000000000000000001", diff::ChangeKind::property,
                                                   "Pset_WallCommon.FireRating", R"("REI 60")", R"("REI 120")")}));
  const Story story = story_of({&entry, 1}, "https://hub.example.org");
  EXPECT_EQ(story.title, "ana changed 1 element on develop");
  EXPECT_EQ(story.summary, "W-12: FireRating REI 60 → REI 120");
  ASSERT_EQ(story.lines.size(), 1U);
  EXPECT_EQ(story.lines[0], (StoryLine{"W-12", "0000000000000000000001", "Pset_WallCommon.FireRating", "REI 60",
                                       "REI 120", "Level 1"}));
  EXPECT_EQ(story.weight, Weight::note);
  EXPECT_EQ(story.thread, "element/0000000000000000000001");
  const std::vector<std::pair<std::string, std::string>> facts{
      {"Project", "house"}, {"Branch", "develop"}, {"Where", "Level 1"}};
  EXPECT_EQ(story.facts, facts);
  ASSERT_EQ(story.links.size(), 2U);
  EXPECT_EQ(story.links[0].url, "https://hub.example.org/projects/house/events/17");
  EXPECT_EQ(story.links[1].url, "https://hub.example.org/projects/house/view?element=0000000000000000000001");
  EXPECT_TRUE(story_of({&entry, 1}, "").links.empty());
}

TEST(Story, CountsWhatIsMuch) {
  std::vector<ElementChange> walls;
  for (int k = 0; k < 300; ++k)
    walls.push_back(wall(std::to_string(1'000'000 + k), diff::ChangeKind::property, "Name", "1", "2"));
  const Entry entry = entry_of(commit("ana", walls));
  const Story story = story_of({&entry, 1}, "");
  EXPECT_EQ(story.title, "ana changed 300 elements on develop");
  ASSERT_EQ(story.lines.size(), 1U);
  EXPECT_EQ(story.lines[0].element, "W-12, W-12, W-12 and 197 more");
  EXPECT_EQ(story.lines_in_all, 101U);  // An event names two hundred.
}

TEST(Story, WhatIsDifferentIsToldOneByOne) {
  std::vector<ElementChange> walls;
  for (int k = 0; k < 50; ++k)
    walls.push_back(wall(std::to_string(1'000'000 + k), diff::ChangeKind::property, "Name", "1", std::to_string(k)));
  const Entry entry = entry_of(commit("ana", walls));
  const Story story = story_of({&entry, 1}, "");
  EXPECT_EQ(story.lines.size(), 20U);
  EXPECT_EQ(story.lines_in_all, 50U);
}

TEST(Story, TellsSeveralTogether) {
  std::vector<Entry> entries;
  for (const char* actor : {"ana", "ben", "cleo", "ana"})
    entries.push_back(entry_of(commit(actor, {wall("w" + std::to_string(entries.size()), diff::ChangeKind::moved,
                                                   "Placement", "[0,0,0]", "[1,0,0]")}),
                               entries.size() + 1));
  const Story story = story_of(entries, "");
  EXPECT_EQ(story.title, "ana, ben and 1 other changed 4 elements on develop in 4 saves");
  ASSERT_EQ(story.lines.size(), 1U);
  EXPECT_EQ(story.lines[0].element, "W-12, W-12, W-12 and 1 more");
  EXPECT_EQ(story.id, story_of(entries, "").id);
  entries.pop_back();
  EXPECT_NE(story.id, story_of(entries, "").id);
}

TEST(Story, AConflictShowsBothValues) {
  Draft draft = commit("ben", {wall("0000000000000000000001", diff::ChangeKind::text, "Pset_WallCommon.FireRating",
                                    R"("REI 90")", R"("REI 120")")});
  draft.type = "conflict.opened";
  draft.subject = "c-5f0c9a1b77e2";
  draft.summary = "W-12: Pset_WallCommon.FireRating is wanted two ways";
  const Entry entry = entry_of(draft);
  const Story story = story_of({&entry, 1}, "https://hub");
  EXPECT_EQ(story.weight, Weight::problem);
  EXPECT_EQ(story.title, draft.summary);
  EXPECT_EQ(story.lines[0].what, "Pset_WallCommon.FireRating: REI 90 or REI 120");
  EXPECT_EQ(story.links[0], (StoryLink{"Decide", "https://hub/projects/house/conflicts/c-5f0c9a1b77e2"}));
  EXPECT_EQ(story.thread, "conflict/c-5f0c9a1b77e2");
}

TEST(Story, SaysWhatChangesCostTogether) {
  const auto with_cost = [](const char* json, std::uint64_t sequence) {
    Draft draft = commit("ana", {});
    draft.more.emplace_back("cost", json);
    return entry_of(draft, sequence);
  };
  const std::vector<Entry> entries{with_cost(R"({"currency":"EUR","difference":"+1250.00","missingRates":3})", 1),
                                   with_cost(R"({"currency":"EUR","difference":"-0.50","missingRates":1,)"
                                             R"("others":[{"currency":"JPY","difference":"-9000"}]})",
                                             2)};
  const auto cost_of = [](std::span<const Entry> some) {
    for (const auto& [name, value] : story_of(some, "").facts)
      if (name == "Cost") return value;
    return std::string("none");
  };
  EXPECT_EQ(cost_of(entries), "+1,249.50 EUR, -9,000 JPY, 1 element without a rate");
  EXPECT_EQ(cost_of({&entries[0], 1}), "+1,250.00 EUR, 3 elements without a rate");
  const Entry same = with_cost(R"({"currency":"EUR","difference":"0.00","missingRates":3})", 3);
  EXPECT_EQ(cost_of({&same, 1}), "none");
  for (const char* odd : {R"({"skipped":"too large"})", R"({"currency":"EUR","difference":"1e999"})", "7", "[]"}) {
    const Entry entry = with_cost(odd, 4);
    EXPECT_EQ(cost_of({&entry, 1}), "none") << odd;
  }
}

TEST(Story, ASentenceExplainsTheCommitThatBroughtItsElement) {
  const ElementChange added = wall("0000000000000000000001", diff::ChangeKind::added, "Level 1", std::nullopt, "{}");
  Draft sentence = commit("ana", {{added.element, "elements/wall-w12/metadata.json", {}, "Level 1"}});
  sentence.type = "element.generated";
  sentence.summary = "W-12 from the sentence: wall W-12, 5 m";
  Draft saved = commit("ana", {added});
  saved.summary = "W-12 added on Level 1";
  const std::vector<Entry> entries{entry_of(saved, 1), entry_of(sentence, 2)};
  const Story story = story_of(entries, "");
  EXPECT_EQ(story.title, "ana changed 1 element on develop");
  EXPECT_EQ(story.summary, "W-12 added on Level 1; W-12 from the sentence: wall W-12, 5 m");
  EXPECT_EQ(story.lines.size(), 1U);
  const Story alone = story_of({&entries[1], 1}, "");
  EXPECT_EQ(alone.title, sentence.summary);
  EXPECT_TRUE(alone.lines.empty());
}

TEST(Story, OfWhatIsMixedTheGravestCounts) {
  Draft lock;
  lock.type = "lock.asked";
  lock.actor = "ben";
  lock.summary = "ben asks ana for W-12";
  Draft failed;
  failed.type = "check.failed";
  failed.summary = "Check ids: failed";
  const std::vector<Entry> entries{entry_of(lock, 1), entry_of(failed, 2)};
  const Story story = story_of(entries, "");
  EXPECT_EQ(story.type, "check.failed");
  EXPECT_EQ(story.weight, Weight::problem);
  EXPECT_EQ(story.title, "2 things happened in house");
  EXPECT_EQ(story.summary, "ben asks ana for W-12; Check ids: failed");
  EXPECT_EQ(story.actor, "ben and the hub");
}

TEST(Story, ADraftComesBackFromItsEvent) {
  const Draft draft = commit(
      "ana", {wall("0000000000000000000001", diff::ChangeKind::property, "Pset_WallCommon.X", std::nullopt, "1.5")});
  const auto back = draft_of(entry_of(draft).json);
  ASSERT_TRUE(back);
  ASSERT_EQ(back->elements.size(), 1U);
  EXPECT_EQ(back->elements[0].storey, "Level 1");
  EXPECT_EQ(back->elements[0].changes[0].kind, diff::ChangeKind::property);
  EXPECT_EQ(back->elements[0].changes[0].before, std::nullopt);
  EXPECT_EQ(back->elements[0].changes[0].after, "1.5");
}

}  // namespace
}  // namespace aecos::event
