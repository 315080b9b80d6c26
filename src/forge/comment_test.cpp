#include "forge/comment.h"

#include <gtest/gtest.h>

namespace aecos::forge {
namespace {

Report report() {
  Report report;
  report.project = "house";
  report.source = "fire";
  report.target = "develop";
  report.commit = std::string(40, 'a');
  report.summary = "W-12: FireRating REI 60 → REI 120";
  report.changes = {{"W-12", "FireRating", "REI 60", "REI 120"}};
  report.changes_in_all = 1;
  return report;
}

TEST(Comment, SaysWhatChanges) {
  EXPECT_EQ(comment_of(report()),
            "<!-- aecos:house -->\n**1 change**, **no conflicts** if `fire` is merged into `develop` now.\n\n"
            "`W-12: FireRating REI 60 → REI 120`\n\n"
            "| Element | What | Before | After |\n| --- | --- | --- | --- |\n"
            "| `W-12` | `FireRating` | `REI 60` | `REI 120` |\n\nCompared by aecos at `aaaaaaaaaa`.");
  EXPECT_EQ(status_line_of(report()), "no conflicts: W-12: FireRating REI 60 → REI 120");
}

TEST(Comment, ConflictsStandFirst) {
  Report with = report();
  with.conflicts = {{"W-12", "FireRating", "REI 90", "REI 120"}};
  with.conflicts_in_all = 1;
  with.url = "https://hub.example.org/x";
  const std::string text = comment_of(with);
  EXPECT_LT(text.find("| Conflict at |"), text.find("| Element |"));
  EXPECT_NE(text.find("[more in the hub](https://hub.example.org/x)"), std::string::npos);
  EXPECT_EQ(status_line_of(with).substr(0, 12), "1 conflict: ");
}

TEST(Comment, UsersTextIsCodeAndEndsNowhere) {
  Report odd = report();
  odd.changes = {{"@everyone | **b** \\", "`x`", "``", "<img src=x>\n| a | b |"}, {"", " ", "#1", "\xe2\x80\xae!2"}};
  const std::string text = comment_of(odd);
  EXPECT_NE(text.find("| `@everyone │ **b** \\` | `` `x` `` | ``` `` ``` | `<img src=x> │ a │ b │` |\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("| – | – | `#1` | `!2` |\n"), std::string::npos) << text;
}

TEST(Comment, WhatHasNoPlaceIsCounted) {
  Report large = report();
  large.changes.assign(5000, {std::string(200, 'e'), "what", "before", "after"});
  large.changes_in_all = 9000;
  large.conflicts.assign(5000, {std::string(200, 'c'), "what", "ours", "theirs"});
  large.conflicts_in_all = 5000;
  const std::string text = comment_of(large);
  EXPECT_LE(text.size(), comment_max);
  EXPECT_GT(text.size(), comment_max / 2);
  EXPECT_NE(text.find(" more changes.\n"), std::string::npos);
  EXPECT_NE(text.find(" more conflicts.\n"), std::string::npos);
  EXPECT_NE(text.find("Compared by aecos"), std::string::npos);
}

TEST(Comment, NothingToSayIsSaidToo) {
  Report none;
  none.project = "house";
  none.source = "a";
  none.target = "b";
  EXPECT_NE(comment_of(none).find("**no changes**, **no conflicts**"), std::string::npos);
  EXPECT_EQ(status_line_of(none), "no conflicts, nothing changes");
}

}  // namespace
}  // namespace aecos::forge
