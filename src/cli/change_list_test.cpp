#include "cli/change_list.h"

#include <gtest/gtest.h>

#include <sstream>

namespace aecos::cli {
namespace {

using diff::Change;
using diff::ChangeKind;

Change change(ChangeKind kind, const std::string& name, std::string at = "", diff::Value before = {},
              diff::Value after = {}) {
  return {kind, {"guid-" + name, "IfcWall", name}, std::move(at), std::move(before), std::move(after)};
}

std::string printed(const std::vector<Change>& changes, bool each = false, bool colour = false) {
  std::ostringstream out, error;
  Terminal terminal(out, error, {colour, false, false, 60});
  print_changes(terminal, changes, 0, each);
  return out.str();
}

TEST(ChangeList, ByElementWithPlacesInOneColumn) {
  EXPECT_EQ(printed({change(ChangeKind::property, "W-1", "Pset.FireRating", "\"REI 60\"", "\"REI 120\""),
                     change(ChangeKind::renamed, "W-1", "Name", "\"W\"", "\"W-1\""),
                     change(ChangeKind::property, "W-2", "Pset.A", {}, "1.0"),
                     change(ChangeKind::property, "W-2", "Pset.B", "2", {})}),
            "~ W-1  wall  guid-W-1\n"
            "    Pset.FireRating  REI 60 → REI 120\n"
            "    name             W → W-1\n"
            "~ W-2  wall  guid-W-2\n"
            "    Pset.A           + 1\n"
            "    Pset.B           − 2\n");
}

TEST(ChangeList, ElementsThatCameOrWentAreOneLine) {
  EXPECT_EQ(
      printed({change(ChangeKind::added, "W-1", "Level 1", {}, "{}"), change(ChangeKind::removed, "W-2", "", "{}"),
               change(ChangeKind::redrawn, "W-3", "old", "{}", "{}")}),
      "+ W-1  wall  guid-W-1  on Level 1\n"
      "− W-2  wall  guid-W-2\n"
      "± W-3  wall  guid-W-3  drawn again\n");
}

TEST(ChangeList, TheSameForManyIsToldOnce) {
  std::vector<Change> changes;
  for (int k = 1; k <= 7; ++k)
    changes.push_back(change(ChangeKind::material, "W-" + std::to_string(k), "Material", "\"Brick\"", "\"Clay\""));
  EXPECT_EQ(printed(changes), "~ W-1, W-2, W-3, W-4 and 3 more  7 walls\n    material  Brick → Clay\n");
  EXPECT_EQ(printed(changes, true).substr(0, 55), "~ W-1  wall  guid-W-1\n    material  Brick → Clay\n~ W-");
}

TEST(ChangeList, WhatStaysInPlaceIsToldOnlyWhereNothingElseIs) {
  const Change stays = change(ChangeKind::moved, "W-1", "Placement", R"({"relativeTo":"a"})", R"({"distance_m":0})");
  const Change turned = change(ChangeKind::moved, "W-2", "Placement", "{}", R"({"axis":[0,1,0],"distance_m":0})");
  EXPECT_EQ(printed({stays, turned}), "~ W-2  wall  guid-W-2\n    placement  turned\n");
  EXPECT_EQ(printed({stays}), "~ W-1  wall  guid-W-1\n    placement  placed anew where it was\n");
}

TEST(ChangeList, TheSameNameIsSaidOnce) {
  Change other = change(ChangeKind::moved, "W-1");
  other.element.global_id = "another";
  EXPECT_EQ(printed({change(ChangeKind::moved, "W-1"), other}), "~ W-1 ×2  2 walls\n    placement  changed\n");
}

TEST(ChangeList, WhatAFileSaysCannotMoveTheCursor) {
  const std::string text = printed({change(ChangeKind::property, "W\x1b[2J", "P.\nA", "\"a\"", "\"\\u001b[31m\"")});
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
}

TEST(ChangeList, CutToTheWidthWhereAPersonLooks) {
  const std::string text =
      printed({change(ChangeKind::property, "W", "P.A", "1", '"' + std::string(75, 'x') + '"')}, false, true);
  EXPECT_NE(text.find("…"), std::string::npos);
}

TEST(ChangeList, CountsSayWhatThereIs) {
  EXPECT_EQ(count_changes({}), "no changes");
  EXPECT_EQ(count_changes({change(ChangeKind::moved, "W-1"), change(ChangeKind::renamed, "W-1"),
                           change(ChangeKind::added, "W-2")}),
            "1 element changed, 1 added; 3 changes");
}

}  // namespace
}  // namespace aecos::cli
