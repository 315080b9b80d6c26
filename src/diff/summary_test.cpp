#include "diff/summary.h"

#include <gtest/gtest.h>

#include "diff/brief.h"

namespace aecos::diff {
namespace {

Change change(ChangeKind kind, const std::string& name, std::string at = "", Value before = {}, Value after = {},
              std::string ifc_class = "IfcWall") {
  return {kind, {"id of " + name, std::move(ifc_class), name}, std::move(at), std::move(before), std::move(after)};
}

Change fire_rating(const std::string& wall, const std::string& after) {
  return change(ChangeKind::property, wall, "Pset_WallCommon.FireRating", "\"REI 60\"", '"' + after + '"');
}

TEST(Summary, NothingIsNothing) { EXPECT_EQ(summarise(std::vector<Change>(), 100), ""); }

TEST(Summary, WhatElementsHaveInCommonIsSaidOnce) {
  EXPECT_EQ(summarise({fire_rating("W-12", "REI 120"), change(ChangeKind::added, "D-1", "Level 1", {}, {}, "IfcDoor"),
                       change(ChangeKind::added, "D-2", "Level 1", {}, {}, "IfcDoor"), change(ChangeKind::moved, "W-1"),
                       change(ChangeKind::moved, "W-2"), change(ChangeKind::moved, "W-3")},
                      200),
            "W-12: FireRating REI 60 → REI 120; 2 doors added on Level 1; 3 walls moved");
  EXPECT_EQ(
      summarise({fire_rating("W-1", "REI 120"), fire_rating("W-2", "REI 120"), fire_rating("W-3", "REI 90")}, 200),
      "FireRating REI 60 → REI 120 on 2 walls; W-3: FireRating REI 60 → REI 90");
}

TEST(Summary, ManyDifferentValuesAreCounted) {
  std::vector<Change> changes;
  for (int k = 0; k < 7; ++k) changes.push_back(fire_rating("W-" + std::to_string(k), "REI " + std::to_string(k)));
  EXPECT_EQ(summarise(changes, 200), "FireRating changed on 7 walls");
  changes.clear();
  for (int k = 0; k < 7; ++k)
    changes.push_back(
        change(ChangeKind::renamed, "W-" + std::to_string(k), "Name", "\"a\"", '"' + std::to_string(k) + '"'));
  EXPECT_EQ(summarise(changes, 200), "7 walls renamed");
}

TEST(Summary, ChangesOfOneElementStandTogether) {
  EXPECT_EQ(summarise({fire_rating("W-12", "REI 120"), change(ChangeKind::removed, "D-1", "", {}, {}, "IfcDoor"),
                       change(ChangeKind::moved, "W-12")},
                      100),
            "W-12: FireRating REI 60 → REI 120, moved; D-1 removed");
}

TEST(Summary, FilesAreNamedWhereNoMoreCanBeSaid) {
  EXPECT_EQ(summarise({{"models/a.ifc", {fire_rating("W-1", "REI 90")}, ""}, {"doc/notes.md", {}, "deleted"}}, 100),
            "W-1: FireRating REI 60 → REI 90; notes.md deleted");
  EXPECT_EQ(summarise({{"a/b.json", {{ChangeKind::text, {}, "/width", "3", {}}}, ""}}, 72), "b.json: /width 3 removed");
}

TEST(Summary, WhatTwoFilesSayOfAnElementIsSaidOnce) {
  Change fire = fire_rating("W-1", "REI 90"), other = fire;
  fire.element.global_id = other.element.global_id = "0000000000000000000001";
  other.after = "\"REI 120\"";
  EXPECT_EQ(summarise({{"w1/element.ifc", {fire}, ""}, {"w1/metadata.json", {fire}, ""}}, 100),
            "W-1: FireRating REI 60 → REI 90");
  Change pointer = fire;
  pointer.kind = ChangeKind::text;
  pointer.at = "/properties/Pset_WallCommon/FireRating";
  EXPECT_EQ(summarise({{"w1/element.ifc", {fire}, ""}, {"w1/metadata.json", {pointer}, ""}}, 100),
            "W-1: FireRating REI 60 → REI 90");
  EXPECT_NE(summarise({{"w1/element.ifc", {fire}, ""}, {"w1/metadata.json", {other}, ""}}, 100),
            "W-1: FireRating REI 60 → REI 90");
}

Change added(const std::string& name, const std::string& ifc_class, const std::string& at = "", Value content = "{}") {
  return change(ChangeKind::added, name, at, {}, std::move(content), ifc_class);
}

Change reference(const std::string& name, const std::string& ifc_class, const std::string& at) {
  return added(name, ifc_class, at, R"({"description":"aecos:reference"})");
}

FileChanges new_element(const std::string& slug, const std::string& name, const std::string& ifc_class) {
  Change context = change(ChangeKind::resource, "", "IfcGeometricRepresentationContext", {}, "1");
  return {"elements/" + slug + "/element.ifc",
          {context, added("House", "IfcProject"), reference("Site", "IfcSite", "House"),
           reference("Level 1", "IfcBuildingStorey", "Site"), added("Concrete wall 200", "IfcWallType"),
           reference("W-1", "IfcWall", "Level 1"), added("Opening", "IfcOpeningElement", "W-1"),
           added(name, ifc_class, "Level 1")},
          "",
          true};
}

TEST(Summary, OfANewElementFolderTheElementIsTold) {
  const FileChanges file = new_element("door-d1", "D-1", "IfcDoor");
  EXPECT_EQ(summarise({file}, 200), "D-1 added on Level 1; Opening added on W-1");
  const FileChanges metadata{
      "elements/door-d1/metadata.json", {change(ChangeKind::text, "D-1", "", {}, "{}")}, "", true};
  const FileChanges words{"elements/door-d1/spec.md", {change(ChangeKind::text, "", "", {}, "\"# D-1\"")}, "", true};
  EXPECT_EQ(summarise({file, metadata, words}, 200), "D-1 added on Level 1; Opening added on W-1");
  EXPECT_EQ(brief({file, metadata, words}).size(), 1U);
  EXPECT_EQ(brief(brief({file, metadata, words}))[0].changes.size(), 2U);
  const FileChanges unread{"elements/door-d1/element.ifc", {}, "added", true};
  EXPECT_EQ(brief({unread, metadata, words})[0].path, metadata.path);
  EXPECT_EQ(summarise({unread, {"elements/door-d2/element.ifc", {}, "added", true}}, 200), "2 elements added");
}

TEST(Summary, WhatNewElementFoldersHaveInCommonIsSaidOnce) {
  const FileChanges beam{"elements/beam-b1/element.ifc", {added("B-1", "IfcBeam", "Level 1")}, "", true};
  const FileChanges other{"elements/beam-b2/element.ifc", {added("B-2", "IfcBeam", "Level 1")}, "", true};
  EXPECT_EQ(summarise({beam, other, {"notes.md", {}, "changed"}}, 200), "2 beams added on Level 1; notes.md changed");
}

TEST(Summary, AnEditThatAddsTellsAllThatItAdds) {
  FileChanges file = new_element("door-d1", "D-1", "IfcDoor");
  file.whole = false;
  EXPECT_EQ(brief({file})[0].changes.size(), file.changes.size());
  // Nothing but what is not worth it: it is told all the same.
  FileChanges bare{"models/a.ifc", {change(ChangeKind::resource, "", "IfcMaterial", {}, "1")}, "", true};
  EXPECT_EQ(brief({bare})[0].changes.size(), 1U);
}

TEST(Summary, OfAWholeModelWhatIsBuiltComesFirst) {
  const FileChanges file{"models/a.ifc",
                         {added("House", "IfcProject"), added("Level 1", "IfcBuildingStorey", "Site"),
                          added("Brick", "IfcWallType"), added("W-1", "IfcWall", "Level 1")},
                         "",
                         true};
  EXPECT_EQ(summarise({file}, 200), "W-1 added on Level 1; Level 1 added on Site; Brick added");
}

TEST(Summary, TheBuildingComesFirstAndOtherFilesByName) {
  Change wall;
  wall.kind = ChangeKind::added;
  wall.element = {"2O2Fr$t4X7Zf8NOew3FNr2", "IfcWall", "W-1"};
  Change lines;
  lines.kind = ChangeKind::text;
  lines.at = "lines 1-9";
  lines.after = "\"code,rate\"";
  Change content;
  content.kind = ChangeKind::text;
  content.at = "content";
  content.before = content.after = R"({"size":7})";
  EXPECT_EQ(summarise({{".aecos/rates.csv", {lines}, "", true}, {"c.bcf", {content}, ""}, {"m.ifc", {wall}, ""}}, 100),
            "W-1 added; rates.csv added; c.bcf changed");
  EXPECT_EQ(summarise({{".aecos/rates.csv", {lines}, ""}}, 100), "rates.csv: lines 1-9 code,rate added");
}

TEST(Summary, WhatDoesNotFitIsCounted) {
  std::vector<FileChanges> files;
  for (int i = 0; i < 50; ++i) files.push_back({"f" + std::to_string(i) + ".txt", {}, "added"});
  EXPECT_EQ(summarise(files, 72), "f0.txt added; f1.txt added; f2.txt added; and 47 more changes");
  EXPECT_EQ(summarise({change(ChangeKind::moved, std::string(200, 'x'))}, 50).find("…"), 49U);
}

}  // namespace
}  // namespace aecos::diff
