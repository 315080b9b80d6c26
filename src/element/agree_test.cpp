#include "element/agree.h"

#include <gtest/gtest.h>

#include "element/editor.h"
#include "element/folder.h"
#include "element/json_patch_internal.h"

namespace aecos::element {
namespace {

const std::string wall = "3cUkl32yn9qRSPvBJVyWYp";

// One wall with a property set, a quantity and a storey.
std::string model(const std::string& rating = "REI 60", const std::string& name = "W-12", bool bearing = true) {
  return "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n"
         "FILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n"
         "#1=IFCSIUNIT(*,.LENGTHUNIT.,.MILLI.,.METRE.);\n#2=IFCUNITASSIGNMENT((#1));\n"
         "#3=IFCPROJECT('0KhR8hr7H8eewFRKm6V1bJ',$,'P',$,$,$,$,$,#2);\n"
         "#4=IFCBUILDINGSTOREY('2KhR8hr7H8eewFRKm6V1bJ',$,'Level 1',$,$,$,$,$,.ELEMENT.,0.);\n"
         "#5=IFCWALL('" +
         wall + "',$,'" + name +
         "',$,$,$,$,$,$);\n"
         "#6=IFCPROPERTYSINGLEVALUE('FireRating',$,IFCLABEL('" +
         rating + "'),$);\n#7=IFCPROPERTYSINGLEVALUE('LoadBearing',$,IFCBOOLEAN(" + (bearing ? ".T." : ".F.") +
         "),$);\n#8=IFCPROPERTYSET('1KhR8hr7H8eewFRKm6V1bJ',$,'Pset_WallCommon',$,(#6,#7));\n"
         "#9=IFCRELDEFINESBYPROPERTIES('1LhR8hr7H8eewFRKm6V1bJ',$,$,$,(#5),#8);\n"
         "#10=IFCQUANTITYLENGTH('Length',$,$,5000.,$);\n"
         "#11=IFCELEMENTQUANTITY('1MhR8hr7H8eewFRKm6V1bJ',$,'Qto_WallBaseQuantities',$,$,(#10));\n"
         "#12=IFCRELDEFINESBYPROPERTIES('1NhR8hr7H8eewFRKm6V1bJ',$,$,$,(#5),#11);\n"
         "#13=IFCRELCONTAINEDINSPATIALSTRUCTURE('1PhR8hr7H8eewFRKm6V1bJ',$,$,$,(#5),#4);\n"
         "ENDSEC;\nEND-ISO-10303-21;\n";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

std::string metadata() { return metadata_text(*describe(model())); }

TEST(Describe, SaysWhatTheFileStates) {
  const auto told = describe(model());
  ASSERT_TRUE(told) << told.error().message;
  EXPECT_EQ(told->ifc_class, "IfcWall");
  EXPECT_EQ(told->storey, "Level 1");
  ASSERT_EQ(told->statements.size(), 3U);
  EXPECT_EQ(told->statements[0], (Statement{"Pset_WallCommon", "FireRating", "\"REI 60\"", "", false}));
  EXPECT_EQ(told->statements[2].unit, "mm");
  EXPECT_EQ(disagreements(metadata(), model())->size(), 0U);
}

TEST(Describe, APropertyThatCannotBeReadIsNotStated) {
  const auto told = describe(replaced(model(), "IFCLABEL('REI 60')", "IFCLAB]EL('REI 60')"));
  ASSERT_TRUE(told) << told.error().message;
  ASSERT_EQ(told->statements.size(), 2U);
  EXPECT_EQ(told->statements[0].name, "LoadBearing");
}

TEST(Agree, WhatDidNotChangeKeepsItsBytes) {
  const auto agreed = agree(metadata(), model(), metadata(), model());
  ASSERT_TRUE(agreed) << agreed.error().message;
  EXPECT_EQ(agreed->metadata, metadata());
  EXPECT_EQ(agreed->ifc, model());
  EXPECT_TRUE(agreed->disagreements.empty());
}

TEST(Agree, AChangeInMetadataGoesIntoTheModelAndTouchesNothingElse) {
  const std::string edited = replaced(metadata(), "REI 60", "REI 120");
  const auto agreed = agree(metadata(), model(), edited, model());
  ASSERT_TRUE(agreed) << agreed.error().message;
  EXPECT_EQ(agreed->metadata, edited);
  EXPECT_EQ(agreed->ifc, model("REI 120"));
}

TEST(Agree, AChangeInTheModelGoesIntoMetadataAndTouchesNothingElse) {
  const auto agreed = agree(metadata(), model(), metadata(), model("REI 120", "W-13"));
  ASSERT_TRUE(agreed) << agreed.error().message;
  EXPECT_EQ(agreed->metadata, replaced(replaced(metadata(), "REI 60", "REI 120"), "W-12", "W-13"));
  EXPECT_EQ(agreed->ifc, model("REI 120", "W-13"));
}

TEST(Agree, ChangesOfTwoPropertiesMeet) {
  const auto agreed = agree(metadata(), model(), replaced(metadata(), "true", "false"), model("REI 120"));
  ASSERT_TRUE(agreed) << agreed.error().message;
  EXPECT_EQ(agreed->ifc, model("REI 120", "W-12", false));
  EXPECT_TRUE(agreed->disagreements.empty());
  EXPECT_TRUE(disagreements(agreed->metadata, agreed->ifc)->empty());
}

TEST(Agree, TwoValuesOfOnePropertyAreADisagreementAndTheModelsStands) {
  const auto agreed = agree(metadata(), model(), replaced(metadata(), "REI 60", "REI 90"), model("REI 120"));
  ASSERT_TRUE(agreed) << agreed.error().message;
  ASSERT_EQ(agreed->disagreements.size(), 1U);
  EXPECT_EQ(agreed->disagreements[0],
            (Disagreement{"Pset_WallCommon.FireRating", "\"REI 60\"", "\"REI 90\"", "\"REI 120\""}));
  EXPECT_EQ(agreed->ifc, model("REI 120"));
  EXPECT_EQ(agreed->metadata, replaced(metadata(), "REI 60", "REI 120"));
}

// A frame with the wall's storey and others.
std::string frame(const std::string& more) {
  return replaced(model(), "ENDSEC;\nEND-ISO",
                  "#20=IFCBUILDINGSTOREY('2LhR8hr7H8eewFRKm6V1bJ',$,'Level 2',$,$,$,$,$,"
                  ".ELEMENT.,3000.);\n" +
                      more + "ENDSEC;\nEND-ISO");
}

TEST(Agree, AStoreyInMetadataMovesTheElementIntoTheOnlyOneOfThatName) {
  const std::string edited = replaced(metadata(), "Level 1", "Level 2");
  const auto agreed = agree(metadata(), model(), edited, model(), [] { return frame(""); });
  ASSERT_TRUE(agreed) << agreed.error().message;
  EXPECT_EQ(agreed->metadata, edited);
  EXPECT_EQ(describe(agreed->ifc, wall)->storey, "Level 2");
  EXPECT_TRUE(agreed->disagreements.empty());
  EXPECT_TRUE(disagreements(agreed->metadata, agreed->ifc)->empty());
  // Together with what else was said.
  const auto both = agree(metadata(), model(), replaced(edited, "REI 60", "REI 90"), model(), [] { return frame(""); });
  EXPECT_EQ(describe(both->ifc, wall)->storey, "Level 2");
  EXPECT_NE(both->ifc.find("'REI 90'"), std::string::npos);
}

TEST(Agree, AStoreyThatThereIsNotOnceIsADisagreement) {
  const std::string edited = replaced(metadata(), "Level 1", "Level 2");
  const std::string second = "#21=IFCBUILDINGSTOREY('2MhR8hr7H8eewFRKm6V1bJ',$,'Level 2',$,$,$,$,$,.ELEMENT.,6000.);\n";
  for (const Frame& around : {Frame(), Frame([] { return std::string(); }), Frame([&] { return frame(second); }),
                              Frame([] { return model(); }), Frame([] { return std::string("no model"); })}) {
    const auto agreed = agree(metadata(), model(), edited, model(), around);
    ASSERT_TRUE(agreed) << agreed.error().message;
    EXPECT_EQ(agreed->ifc, model());
    EXPECT_EQ(agreed->metadata, metadata());
    ASSERT_EQ(agreed->disagreements.size(), 1U);
    EXPECT_EQ(agreed->disagreements[0], (Disagreement{"Storey", "\"Level 1\"", "\"Level 2\"", "\"Level 1\""}));
  }
}

TEST(Agree, NoStoreyIsTheSameHoweverItIsSaid) {
  const std::string nowhere = replaced(model(),
                                       "#13=IFCRELCONTAINEDINSPATIALSTRUCTURE('1PhR8hr7H8eewFRKm6V1bJ',$,$,$,(#5),"
                                       "#4);\n",
                                       "");
  const std::string told = metadata_text(*describe(nowhere));
  EXPECT_TRUE(disagreements(told, nowhere)->empty());
  EXPECT_TRUE(disagreements(*with_member(told, {"storey"}, ""), nowhere)->empty());
  EXPECT_TRUE(disagreements(*with_member(told, {"storey"}, "\"\""), nowhere)->empty());
  EXPECT_EQ(disagreements(*with_member(told, {"storey"}, "\"Level 1\""), nowhere)->size(), 1U);
}

TEST(Agree, TheSameChangeInBothIsNone) {
  const auto agreed = agree(metadata(), model(), replaced(metadata(), "REI 60", "REI 90"), model("REI 90"));
  ASSERT_TRUE(agreed);
  EXPECT_TRUE(agreed->disagreements.empty());
  EXPECT_EQ(agreed->ifc, model("REI 90"));
}

TEST(Agree, NewAndRemovedPropertiesAndQuantitiesGoTheSameWay) {
  std::string edited = *with_member(metadata(), {"properties", "Pset_New", "Cost"}, "12.5");
  edited = *with_member(edited, {"properties", "Pset_WallCommon", "LoadBearing"}, "");
  edited = *with_member(edited, {"quantities", "Length", "value"}, "6000");
  const auto agreed = agree(metadata(), model(), edited, model());
  ASSERT_TRUE(agreed) << agreed.error().message;
  EXPECT_EQ(agreed->metadata, edited);
  EXPECT_TRUE(disagreements(agreed->metadata, agreed->ifc)->empty());
  const auto editor = Editor::open(agreed->ifc, "");
  EXPECT_EQ(editor->property(wall, "Pset_New", "Cost"), "IFCREAL(12.5)");
  EXPECT_EQ(editor->property(wall, "Pset_WallCommon", "LoadBearing"), std::nullopt);
  const auto back = agree(agreed->metadata, agreed->ifc, agreed->metadata, model());
  ASSERT_TRUE(back);
  EXPECT_TRUE(disagreements(back->metadata, model())->empty());
}

TEST(Agree, WhatTheModelCannotSayIsADisagreement) {
  const auto agreed = agree(metadata(), model(), replaced(metadata(), "Level 1", "Level 2"), model());
  ASSERT_TRUE(agreed);
  ASSERT_EQ(agreed->disagreements.size(), 1U);
  EXPECT_EQ(agreed->disagreements[0].at, "Storey");
  EXPECT_EQ(agreed->metadata, metadata());
}

TEST(Agree, UnknownMembersAndLayoutStay) {
  const std::string own = "{\"globalId\":\"" + wall +
                          "\",  \"name\":\"W-12\",\"class\":\"IfcWall\",\"storey\":\"Level 1\",\n\t\"mine\": [1, 2 ],"
                          "\"properties\":{\"Pset_WallCommon\":{\"FireRating\":\"REI 60\" , \"LoadBearing\":true}}, "
                          "\"quantities\":{\"Length\":{\"value\":5e3}}}";
  const auto agreed = agree(own, model(), own, model("REI 120"));
  ASSERT_TRUE(agreed);
  EXPECT_EQ(agreed->metadata, replaced(own, "REI 60", "REI 120"));
}

TEST(Agree, ANewFolderStatesInEachWhatOneOfThemDoes) {
  const auto agreed = agree("", "", "{\"globalId\": \"" + wall + "\"}\n", model());
  ASSERT_TRUE(agreed);
  EXPECT_TRUE(disagreements(agreed->metadata, agreed->ifc)->empty());
  EXPECT_EQ(agreed->ifc, model());
}

TEST(Agree, AFileThatCannotBeReadIsNamed) {
  const auto agreed = agree("", "", "{", model());
  ASSERT_FALSE(agreed);
  EXPECT_NE(agreed.error().message.find("metadata.json"), std::string::npos);
}

TEST(WithMember, SetsAddsAndRemovesInPlace) {
  EXPECT_EQ(*with_member("{\n  \"a\": 1\n}\n", {"b"}, "2"), "{\n  \"a\": 1,\n  \"b\": 2\n}\n");
  EXPECT_EQ(*with_member("{}", {"a", "b"}, "2"), "{\"a\": {\"b\": 2}}");
  EXPECT_EQ(*with_member("{\"a\":1,\"b\":2}", {"a"}, ""), "{\"b\":2}");
  EXPECT_EQ(*with_member("{\"a\":1,\"b\":2}", {"b"}, ""), "{\"a\":1}");
  EXPECT_EQ(*with_member("{\"a\":1}", {"a"}, ""), "{}");
  EXPECT_FALSE(with_member("[1]", {"a"}, "1"));
}

}  // namespace
}  // namespace aecos::element
