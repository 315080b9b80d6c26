#include "speckle/shape_source.h"

#include <gtest/gtest.h>

#include "speckle/building.h"
#include "speckle/speckle_test_internal.h"

namespace aecos::speckle {
namespace {

std::vector<std::uint64_t> keys_of(const std::string& text) {
  const auto model = ifc::read_model(text);
  std::vector<std::uint64_t> keys;
  for (const Drawable& each : ShapeSource(*model).drawables()) keys.push_back(each.key);
  return keys;
}

// Which of the two walls would be made anew.
std::string changed(SmallModel other) {
  const auto before = keys_of(text_of({})), after = keys_of(text_of(other));
  EXPECT_EQ(after.size(), 2U);
  return std::string(before[0] == after[0] ? "" : "first ") + (before[1] == after[1] ? "" : "second ");
}

TEST(ShapeSource, OnlyElementsWithABodyAreDrawn) {
  const std::string text = text_of({});
  const auto model = ifc::read_model(text);
  std::string names;
  for (const Drawable& each : ShapeSource(*model).drawables()) names += model->name(each.instance) + " ";
  EXPECT_EQ(names, "W-1 W-2 ");
}

TEST(ShapeSource, AKeyFollowsFromWhatIsSeenOfTheElementAlone) {
  EXPECT_EQ(changed({}), "");
  EXPECT_EQ(changed({.wall_name = "W-9"}), "");
  EXPECT_EQ(changed({.owner = "$"}), "");
  EXPECT_EQ(changed({.depth = "3.5"}), "first ");
  EXPECT_EQ(changed({.opening_depth = "1."}), "first ");
  EXPECT_EQ(changed({.place = "1."}), "first ");
  EXPECT_EQ(changed({.red = "0.9"}), "first ");
  EXPECT_EQ(changed({.level = "1."}), "first second ");
}

TEST(ShapeSource, AKeyDoesNotDependOnIds) {
  std::string text = text_of({}), renumbered;
  for (std::size_t i = 0; i < text.size(); ++i) {
    renumbered += text[i];
    if (text[i] == '#') renumbered += "9";
  }
  EXPECT_EQ(keys_of(text), keys_of(renumbered));
}

TEST(ShapeSource, AShapeThatHoldsItselfEnds) {
  std::string text = text_of({});
  const std::string solid = "#26=IFCEXTRUDEDAREASOLID(#24,$,#25,3.);";
  text.replace(text.find(solid), solid.size(), "#26=IFCBOOLEANRESULT(.UNION.,#26,#46);");
  EXPECT_EQ(keys_of(text).size(), 2U);
}

TEST(ShapeSource, AFileHasWhatTheShapeNeedsAndNothingElse) {
  const std::string text = text_of({});
  const auto model = ifc::read_model(text);
  ShapeSource source(*model);
  const std::vector<ifc::Index> first{source.drawables()[0].instance};
  const std::string file = source.file_of(first);
  const auto read = ifc::read_model(file);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->file.missing.empty());
  for (const char* needed :
       {"#30=IFCWALL", "IFCOPENINGELEMENT", "IFCRELVOIDSELEMENT", "IFCSTYLEDITEM", "IFCPROJECT", "IFCSIUNIT"})
    EXPECT_NE(file.find(needed), std::string::npos) << needed;
  for (const char* other : {"#40=", "#46=", "IFCPRESENTATIONLAYER", "IFCPROPERTYSET", "IFCOWNERHISTORY"})
    EXPECT_EQ(file.find(other), std::string::npos) << other;
  const auto again = ShapeSource(*read).drawables();
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].key, source.drawables()[0].key);
}

struct Written {
  Kept kept;
  Building building;
};

Written written(const std::string& text) {
  Written made;
  const auto model = ifc::read_model(text);
  made.building = write_building(
      *model, "house.ifc", [](ifc::Index) { return std::vector<Reference>(); }, made.kept.sink());
  return made;
}

TEST(Building, StoreysAreCollectionsAndElementsAreDataObjects) {
  const Written made = written(text_of({}));
  EXPECT_EQ(made.building.elements, 2U);
  ASSERT_EQ(made.building.parts.size(), 1U);
  EXPECT_EQ(made.building.parts[0].key, "house.ifc#0000000000000000000002");
  EXPECT_EQ(made.building.parts[0].name, "Level 1");
  const text::JsonDocument storey = made.kept.read(made.building.parts[0].object.id);
  EXPECT_EQ(storey.root()["ifcType"].as_string(), "IfcBuildingStorey");
  ASSERT_EQ(storey.root()["elements"].size(), 2U);
  const text::JsonDocument wall =
      made.kept.read(*to_object_id(*storey.root()["elements"][0]["referencedId"].as_string()));
  const text::JsonNode root = wall.root();
  EXPECT_EQ(root["speckle_type"].as_string(), "Objects.Data.DataObject");
  EXPECT_EQ(root["applicationId"].as_string(), "0000000000000000000005");
  EXPECT_EQ(root["name"].as_string(), "W-1");
  EXPECT_EQ(root["ifcType"].as_string(), "IfcWall");
  EXPECT_EQ(root["properties"]["Property Sets"]["Pset_WallCommon"]["FireRating"].as_string(), "REI 60");
  EXPECT_EQ(root["properties"]["Attributes"]["Tag"].as_string(), "T");
  EXPECT_EQ(root["properties"]["Building Storey"].as_string(), "Level 1");
}

TEST(Building, AChangeMakesTheElementAnewAndWhatItStandsIn) {
  const Written before = written(text_of({})), after = written(text_of({.wall_name = "W-9"}));
  std::size_t same = 0;
  for (const auto& [id, json] : after.kept.objects) same += before.kept.objects.count(id);
  EXPECT_EQ(after.kept.objects.size(), 5U);  // Two walls, the storey, the project, the file.
  EXPECT_EQ(same, 1U);
}

TEST(Building, WhatIsInAnotherFileIsNotShownHere) {
  std::string text = text_of({});
  const std::string place = "'W-2',$,";
  text.replace(text.find(place), place.size(), "'W-2','aecos:reference',");
  EXPECT_EQ(written(text).building.elements, 1U);
  EXPECT_EQ(keys_of(text).size(), 1U);
}

TEST(Building, APartOfWhatIsInAnotherFileIsShownHere) {
  std::string text = text_of({});
  const std::string place = "'W-2',$,", list = "(#30,#40),#12", end = "ENDSEC;\nEND";
  text.replace(text.find(place), place.size(), "'W-2','aecos:reference',");
  text.replace(text.find(list), list.size(), "(#40),#12");
  text.replace(text.rfind(end), 0, "#90=IFCRELAGGREGATES('000000000000000000000B',#1,$,$,#40,(#30));\n");
  const Written made = written(text);
  ASSERT_EQ(made.building.parts.size(), 1U);
  EXPECT_EQ(made.building.parts[0].name, "Level 1");
  EXPECT_EQ(made.building.elements, 1U);
}

TEST(Building, WhatStandsNowhereIsShownToo) {
  std::string text = text_of({});
  const std::string list = "(#30,#40),#12";
  text.replace(text.find(list), list.size(), "(#40),#12");
  const Written made = written(text);
  EXPECT_EQ(made.building.elements, 2U);
  EXPECT_EQ(made.building.parts.size(), 2U);
}

}  // namespace
}  // namespace aecos::speckle
