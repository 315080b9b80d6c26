#include "diff/words.h"

#include <gtest/gtest.h>

namespace aecos::diff {
namespace {

Change change_of(ChangeKind kind, std::string at, Value before, Value after) {
  return {kind, {"g", "IfcWall", "W-1"}, std::move(at), std::move(before), std::move(after)};
}

TEST(Words, ValuesAreShownAsPeopleWriteThem) {
  EXPECT_EQ(show("\"REI 60\""), "REI 60");
  EXPECT_EQ(show("1.10"), "1.10");
  EXPECT_EQ(show("5000.0"), "5000");
  EXPECT_EQ(show("2.600000000000001"), "2.6");
  EXPECT_EQ(show("{ \"a\": [1, 2] }"), "{\"a\":[1,2]}");
  EXPECT_EQ(show(std::nullopt), "–");
  EXPECT_EQ(show("\"\""), "\"\"");
  EXPECT_EQ(show("\"two\\n lines\""), "two lines");
  EXPECT_EQ(show("\"äöüäöü\"", 4), "äöü…");
}

TEST(Words, ThingsAreShownByWhatTellsThemApart) {
  EXPECT_EQ(show(R"({"globalId":"123456789","class":"IfcWallType","name":"Brick 200"})"), "Brick 200");
  EXPECT_EQ(show(R"({"globalId":"123456789","class":"IfcWallType"})"), "wall type 12345678");
  EXPECT_EQ(
      show(R"({"relativeTo":{"globalId":"1","class":"IfcBuildingStorey","name":"Level 1"},"location":[1.0,2.5,0.0]})"),
      "(1, 2.5, 0) in Level 1");
  EXPECT_EQ(show(R"({"styles":["Red"],"layers":["A-WALL"],"content":"1"})"), "Red on layer A-WALL");
  EXPECT_EQ(show(R"({"representations":[{"identifier":"Body","type":"Brep","items":2}],"content":"1"})"),
            "Body Brep ×2");
  EXPECT_EQ(
      show(R"({"class":"IfcMaterialLayerSetUsage","forLayerSet":{"class":"IfcMaterialLayerSet","materialLayers":[)"
           R"({"class":"IfcMaterialLayer","material":"Brick","layerThickness":0.2},)"
           R"({"class":"IfcMaterialLayer","material":"Plaster","layerThickness":0.015}],"layerSetName":"Outer"}})"),
      "Outer: Brick 0.2, Plaster 0.015");
  EXPECT_EQ(show(R"({"class":"IfcClassificationReference","identification":"21.2","name":"Walls"})"), "21.2 Walls");
  EXPECT_EQ(show(R"({"class":"IfcRelFillsElement",)"
                 R"("relatingOpeningElement":{"globalId":"1","class":"IfcOpeningElement","name":"O"}})"),
            "O");
  EXPECT_EQ(show(R"({"class":"IfcBlock","step":"#1=IFCBLOCK();"})"), "block");
}

TEST(Words, ClassesAreWords) {
  EXPECT_EQ(class_word("IfcWallStandardCase", 1), "wall");
  EXPECT_EQ(class_word("IfcDoor", 2), "doors");
  EXPECT_EQ(class_word("IfcFlowTerminal", 2), "flow terminals");
  EXPECT_EQ(class_word("IfcMechanicalAssembly", 2), "mechanical assemblies");
  EXPECT_EQ(class_word("IfcBuildingStorey", 2), "storeys");
  EXPECT_EQ(class_word("", 2), "elements");
}

TEST(Words, MovementsAreMeasured) {
  const auto moved = [](const std::string& distance) {
    return in_words(change_of(ChangeKind::moved, "Placement", R"({"location":[0,0,0]})",
                              R"({"location":[1,0,0],"distance_m":)" + distance + "}"));
  };
  EXPECT_EQ(moved("1.2"), "moved 1.20 m");
  EXPECT_EQ(moved("0.003"), "moved 3 mm");
  EXPECT_EQ(moved("0.0025"), "moved 2.5 mm");
  const auto placed = [](const std::string& before, const std::string& after) {
    const Change one = change_of(ChangeKind::moved, "Placement", R"({"relativeTo":{"name":"O-1"})" + before + "}",
                                 R"({"relativeTo":{"name":"L-1"})" + after + R"(,"distance_m":0})");
    return in_words(one) + (stays_in_place(one) ? ", stays" : "");
  };
  EXPECT_EQ(placed("", R"(,"refDirection":[0,1,0])"), "turned");
  EXPECT_EQ(placed(R"(,"axis":[0,1,0])", R"(,"axis":[0,0,1])"), "turned");
  EXPECT_EQ(placed(R"(,"axis":[0.0,0.0,1.0])", R"(,"refDirection":[1,0,0])"), "placed anew where it was, stays");
  EXPECT_EQ(in_words(change_of(ChangeKind::moved, "Placement", {}, {})), "moved");
}

TEST(Words, ChangesSayFromWhatToWhat) {
  EXPECT_EQ(in_words(change_of(ChangeKind::property, "Pset_WallCommon.FireRating", "\"REI 60\"", "\"REI 120\"")),
            "FireRating REI 60 → REI 120");
  EXPECT_EQ(in_words(change_of(ChangeKind::property, "Pset_WallCommon.FireRating", "\"REI 60\"", {}), true),
            "Pset_WallCommon.FireRating REI 60 removed");
  EXPECT_EQ(in_words(change_of(ChangeKind::added, "Level 1", {}, "{}")), "added on Level 1");
  EXPECT_EQ(in_words(change_of(ChangeKind::removed, "", "{}", {})), "removed");
  EXPECT_EQ(in_words(change_of(ChangeKind::relation, "Openings", {}, "{}")), "opening added");
  EXPECT_EQ(in_words(change_of(ChangeKind::relation, "Fills", "\"a\"", "\"b\"")), "Fills a → b");
  EXPECT_EQ(in_words(change_of(ChangeKind::renamed, "Name", "\"a\"", "\"b\"")), "renamed from a");
}

TEST(Words, PlacementsInTheSameThingAreLocations) {
  const auto placement = [](const std::string& parent, const std::string& location) {
    return R"({"relativeTo":{"globalId":")" + parent + R"(","name":")" + parent + R"("},"location":)" + location + "}";
  };
  Shown both = show_both(change_of(ChangeKind::moved, "Placement", placement("L1", "[6.69999998808,10.0,0.5]"),
                                   placement("L1", "[4.5,10.0,0.5]")));
  EXPECT_EQ(both.before, "(6.7, 10, 0.5)");
  EXPECT_EQ(both.after, "(4.5, 10, 0.5)");
  both =
      show_both(change_of(ChangeKind::moved, "Placement", placement("L1", "[1.0,2.0]"), placement("L2", "[1.0,2.0]")));
  EXPECT_EQ(both.before, "(1, 2) in L1");
  EXPECT_EQ(both.after, "(1, 2) in L2");
}

TEST(Words, PlacesInAnElementsMetadataAreSaidAsThoseInAModel) {
  Change one = change_of(ChangeKind::text, "/properties/Pset_WallCommon/FireRating", "\"a\"", "\"b\"");
  one.element = {};
  EXPECT_EQ(in_words(one), "/properties/Pset_WallCommon/FireRating a → b");
  one.element.global_id = "3cUkl32yn9qRSPvBJVyWYp";
  EXPECT_EQ(in_words(one), "FireRating a → b");
  EXPECT_EQ(in_words(one, true), "Pset_WallCommon.FireRating a → b");
  one.at = "/compliance/fire/status";
  EXPECT_EQ(place_in_words(one), "compliance.fire.status");
  one.at = "";
  one.before.reset();
  EXPECT_EQ(in_words(one), "added");
}

TEST(Words, ValuesThatLookAlikeAreToldApart) {
  EXPECT_EQ(in_words(change_of(ChangeKind::property, "P.A", "2.600000000000001", "2.6000000000000005")),
            "A 2.600000000000001 → 2.6000000000000005");
}

}  // namespace
}  // namespace aecos::diff
