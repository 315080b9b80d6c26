#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "cli/demo_proof.h"
#include "sample/house.h"
#include "sample/re_export.h"

namespace aecos::cli {
namespace {

constexpr int rounds = 10;

TEST(DemoScript, EveryEditIsNoticedAndNoneIsThereBefore) {
  const std::string house = sample::house();
  const sample::Editor before = *sample::Editor::open(house, "");
  for (const DemoEdit& edit : demo_script(rounds)) {
    EXPECT_FALSE(edit.is_in(before)) << edit.what;
    sample::Editor editor = *open_demo_model(house, edit.person, edit.round);
    ASSERT_TRUE(edit.make(editor)) << edit.what;
    EXPECT_TRUE(edit.is_in(*sample::Editor::open(editor.text(), ""))) << edit.what;
    const std::string exported = *sample::re_export(editor.text(), 3);
    EXPECT_TRUE(edit.is_in(*sample::Editor::open(exported, ""))) << edit.what;
  }
}

TEST(DemoScript, OnlyDeliberateConflictsHaveAPlaceInCommon) {
  std::map<std::pair<std::string, std::string>, std::vector<const DemoEdit*>> places;
  const std::vector<DemoEdit> edits = demo_script(rounds);
  for (const DemoEdit& edit : edits)
    if (!edit.at.empty()) places[{edit.element, edit.at}].push_back(&edit);
  std::size_t conflicts = 0;
  for (const auto& [place, there] : places) {
    if (there.size() == 1) continue;
    ++conflicts;
    ASSERT_EQ(there.size(), 2U) << place.second;
    EXPECT_EQ(there[0]->round, there[1]->round);
    EXPECT_NE(there[0]->person, there[1]->person);
    EXPECT_NE(there[0]->value, there[1]->value);
  }
  EXPECT_EQ(conflicts, 3U);  // Of rounds 3, 5 and 10.
}

TEST(DemoScript, EverybodyEditsInEveryRound) {
  std::map<int, std::map<std::size_t, int>> count;
  for (const DemoEdit& edit : demo_script(rounds)) ++count[edit.round][edit.person];
  EXPECT_EQ(count.size(), static_cast<std::size_t>(rounds));
  for (const auto& [round, people] : count) EXPECT_EQ(people.size(), demo_people_count) << round;
}

TEST(DemoRecords, AnEditIsRecordedWhereItsValueStandsOnEitherSide) {
  const std::vector<DemoEdit> edits = demo_script(4);
  const DemoEdit& edit = *std::find_if(edits.begin(), edits.end(), [](const DemoEdit& one) { return one.round == 3; });
  revision::Record record;
  record.conflict.element.global_id = edit.element;
  record.conflict.at = edit.at;
  record.conflict.ours = "\"REI 45\"";
  record.conflict.theirs = edit.value;
  EXPECT_TRUE(is_recorded(edit, {record}));
  record.conflict.theirs = "\"REI 15\"";
  EXPECT_FALSE(is_recorded(edit, {record}));
  record.conflict.ours = edit.value;
  EXPECT_TRUE(is_recorded(edit, {record}));
  record.conflict.element.global_id = sample::house_id("W-09");
  EXPECT_FALSE(is_recorded(edit, {record}));
}

TEST(DemoProof, HoldsOnlyIfNothingIsLostInventedOrDifferent) {
  DemoProof sound;
  sound.trees.resize(demo_people_count);
  sound.clean = demo_people_count;
  EXPECT_TRUE(sound.holds());
  DemoProof other = sound;
  other.trees[3].bytes[0] = 1;
  EXPECT_FALSE(other.holds());
  other = sound;
  other.lost.push_back("Ana: W-01 moved");
  EXPECT_FALSE(other.holds());
  other = sound;
  other.invented.push_back("W-02: moved");
  EXPECT_FALSE(other.holds());
  other = sound;
  other.clean = 4;
  EXPECT_FALSE(other.holds());
  EXPECT_FALSE(DemoProof().holds());
}

}  // namespace
}  // namespace aecos::cli
