#include "revision/conflict_topic.h"

#include <gtest/gtest.h>

namespace aecos::revision {
namespace {

using What = TopicDecision::What;

Record record() {
  Record made;
  made.conflict.id = "c-12ab";
  made.conflict.element = {"3cUkl32yn9qRSPvBJVyWYp", "IfcWall", "W-12"};
  made.conflict.at = "Pset_WallCommon.FireRating";
  made.conflict.base = "\"REI 30\"";
  made.conflict.ours = "\"REI 60\"";
  made.conflict.theirs = "\"REI 90\"";
  made.path = "models/house.ifc";
  made.opened = "2026-11-29T15:00:00Z";
  made.ours = {"1111", "Ana", "", ""};
  made.theirs = {"2222", "Bo", "", ""};
  return made;
}

std::string said(std::string_view line) {
  const auto decision = decision_in(line);
  if (!decision) return "nothing";
  switch (decision->what) {
    case What::base:
      return "base";
    case What::ours:
      return "ours";
    case What::theirs:
      return "theirs";
    case What::as_is:
      return "as-is";
    case What::value:
      break;
  }
  return "=" + decision->value;
}

bcf::Comment comment(const std::string& text, std::optional<bcf::TimeUs> date, const std::string& author = "Bo") {
  bcf::Comment made;
  made.text = text;
  made.date = date;
  made.author = author;
  return made;
}

std::string decided(const std::vector<bcf::Comment>& comments, const std::vector<std::string>& labels = {}) {
  bcf::Topic topic;
  topic.comments = comments;
  topic.labels = labels;
  const auto decision = decision_of(topic);
  return decision ? decision->said + " by " + decision->author : decision.error().message;
}

TEST(ConflictTopic, TellsWhatStandsAgainstWhat) {
  const bcf::Topic topic = topic_of(record(), {}, {});
  EXPECT_EQ(topic.title, "W-12, Pset_WallCommon.FireRating: REI 60 or REI 90");
  EXPECT_EQ(topic.guid, topic_guid("c-12ab"));
  EXPECT_NE(topic.description.find("ours: REI 60   (Ana, commit 1111)"), std::string::npos) << topic.description;
  EXPECT_NE(topic.description.find("base: REI 30\n"), std::string::npos);
  ASSERT_EQ(topic.viewpoints.size(), 1U);
  EXPECT_EQ(topic.viewpoints[0].selection.at(0).ifc_guid, "3cUkl32yn9qRSPvBJVyWYp");
  bcf::Archive archive = conflict_archive({});
  archive.topics = {topic};
  for (const bcf::Version version : {bcf::Version::v2_1, bcf::Version::v3_0}) {
    archive.version = version;
    EXPECT_TRUE(bcf::write(archive));
  }
}

TEST(ConflictTopic, IsKnownAgainByItsIdOrItsDescription) {
  bcf::Topic topic = topic_of(record(), {}, {});
  EXPECT_EQ(conflict_id_of(topic), "c-12ab");
  topic.server_assigned_id = "TOPIC-7";
  EXPECT_EQ(conflict_id_of(topic), "c-12ab");
  topic.guid = bcf::guid_of("another");
  EXPECT_EQ(conflict_id_of(topic), "");
}

TEST(ConflictTopic, AsItIsMadeItDecidesNothing) {
  const auto decision = decision_of(topic_of(record(), {}, {}));
  ASSERT_FALSE(decision);
  EXPECT_NE(decision.error().message.find("closed without a decision"), std::string::npos);
}

TEST(Decision, IsALineThatSaysNothingElse) {
  for (const char* line : {"theirs", " Theirs. ", "THEIRS!", "aecos: theirs", "Aecos:theirs", "--theirs",
                           "aecos resolve --theirs", "take theirs", "Decision: keep theirs", "\"theirs\"", "*theirs*"})
    EXPECT_EQ(said(line), "theirs") << line;
  EXPECT_EQ(said("ours"), "ours");
  EXPECT_EQ(said("base"), "base");
  EXPECT_EQ(said("as is"), "as-is");
  EXPECT_EQ(said("As-Is"), "as-is");
  for (const char* line : {"", "theirs looks wrong", "not theirs", "ours or theirs?", "value", "value:", "values: 1",
                           "the value: 3", "yes"})
    EXPECT_EQ(said(line), "nothing") << line;
}

TEST(Decision, AValueKeepsItsOwnSigns) {
  EXPECT_EQ(said("value: REI 90"), "=REI 90");
  EXPECT_EQ(said("Aecos: Value = REI 90."), "=REI 90.");
  EXPECT_EQ(said("value: \"REI 90\""), "=\"REI 90\"");
  EXPECT_EQ(said("value: value: a"), "=value: a");
  EXPECT_EQ(said("value=12.5"), "=12.5");
}

TEST(Decision, TheLastByTimeCounts) {
  EXPECT_EQ(decided({comment("theirs", 20, "Bo"), comment("ours", 10, "Ana")}), "theirs by Bo");
  EXPECT_EQ(decided({comment("ours\nno, wait\ntheirs", 1)}), "theirs by Bo");
  EXPECT_EQ(decided({comment("ours", 10), comment("looks good to me", 20)}), "ours by Bo");
  bcf::Comment edited = comment("base", 1, "Ana");
  edited.modified_date = 30;
  edited.modified_author = "Cem";
  EXPECT_EQ(decided({comment("theirs", 20), edited}), "base by Cem");
}

TEST(Decision, WhatCouldBeEitherIsNotGuessed) {
  const std::string unclear = "and no dates that say which is the last";
  EXPECT_NE(decided({comment("theirs", 20), comment("ours", 20)}).find(unclear), std::string::npos);
  EXPECT_NE(decided({comment("theirs", 20), comment("ours", {})}).find(unclear), std::string::npos);
  EXPECT_EQ(decided({comment("theirs", 20), comment("theirs", {})}), "theirs by Bo");
  EXPECT_NE(decided({}, {"ours", "theirs"}).find(unclear), std::string::npos);
}

TEST(Decision, LabelsDecideWhereNoCommentDoes) {
  EXPECT_EQ(decided({}, {"aecos", "ours"}), "ours by ");
  EXPECT_EQ(decided({comment("theirs", 1)}, {"ours"}), "theirs by Bo");
}

}  // namespace
}  // namespace aecos::revision
