#include "sync/words.h"

#include <gtest/gtest.h>

namespace aecos::sync {
namespace {

using diff::Change;
using diff::ChangeKind;

Change change(ChangeKind kind, std::string id, std::string ifc_class, std::string name, std::string at = "",
              diff::Value before = {}, diff::Value after = {}) {
  return {kind, {std::move(id), std::move(ifc_class), std::move(name)}, std::move(at), before, after};
}

TEST(Words, ValuesAreShownAsPeopleWriteThem) {
  EXPECT_EQ(show("\"REI 60\""), "REI 60");
  EXPECT_EQ(show("1.10"), "1.10");
  EXPECT_EQ(show("{ \"a\": [1, 2] }"), "{\"a\":[1,2]}");
  EXPECT_EQ(show(std::nullopt), "–");
  EXPECT_EQ(show("\"\""), "\"\"");
  EXPECT_EQ(show("\"two\\n lines\""), "two lines");
  EXPECT_EQ(show("\"äöüäöü\"", 4), "äöü…");
}

TEST(Words, ClassesAreWords) {
  EXPECT_EQ(class_word("IfcWallStandardCase", 1), "wall");
  EXPECT_EQ(class_word("IfcDoor", 2), "doors");
  EXPECT_EQ(class_word("IfcFlowTerminal", 2), "flow terminals");
  EXPECT_EQ(class_word("IfcMechanicalAssembly", 2), "mechanical assemblies");
  EXPECT_EQ(class_word("", 2), "elements");
}

TEST(Words, ACommitIsToldInBuildingTerms) {
  FileChanges file{
      "models/a.ifc",
      {change(ChangeKind::property, "g1", "IfcWall", "W-12", "Pset_WallCommon.FireRating", "\"REI 60\"", "\"REI 120\""),
       change(ChangeKind::added, "g2", "IfcDoor", "D-1"), change(ChangeKind::added, "g3", "IfcDoor", "D-2"),
       change(ChangeKind::moved, "g1", "IfcWall", "W-12")},
      ""};
  EXPECT_EQ(summarise({file}, 100), "W-12: FireRating REI 60 → REI 120, moved; 2 doors added");
  EXPECT_EQ(summarise({file, {"notes.md", {}, "deleted"}}, 100),
            "W-12: FireRating REI 60 → REI 120, moved; 2 doors added; notes.md deleted");
}

TEST(Words, WhatDoesNotFitIsCounted) {
  std::vector<FileChanges> files;
  for (int i = 0; i < 50; ++i) files.push_back({"f" + std::to_string(i) + ".txt", {}, "added"});
  std::string line = summarise(files, 72);
  EXPECT_EQ(line, "f0.txt added; f1.txt added; f2.txt added; and 47 more changes");
  EXPECT_LE(line.size(), 72U);
}

TEST(Words, ADetailOfASingleElementIsNamed) {
  FileChanges file{"a.ifc", {change(ChangeKind::removed, "2O2Fr$t4X7Zf8NOew3FLKI", "IfcSlab", "")}, ""};
  EXPECT_EQ(summarise({file}, 72), "slab 2O2Fr$t4 removed");
  FileChanges json{"a/b.json", {change(ChangeKind::text, "", "", "", "/width", "3", std::nullopt)}, ""};
  EXPECT_EQ(summarise({json}, 72), "b.json: /width 3 removed");
}

}  // namespace
}  // namespace aecos::sync
