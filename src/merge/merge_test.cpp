#include "merge/merge.h"

#include <gtest/gtest.h>

namespace aecos::merge {
namespace {

Conflict any_conflict() {
  Conflict conflict;
  conflict.element = {"3cUkl32yn9qRSPvBJVyWYp", "IfcWall", "W-12"};
  conflict.at = "Pset_WallCommon.FireRating";
  conflict.base = "\"REI 60\"", conflict.ours = "\"REI 90\"", conflict.theirs = "\"REI 120\"";
  return conflict;
}

std::string id_of(Conflict conflict, std::string_view path = "a.ifc") {
  set_id(conflict, path);
  return conflict.id;
}

TEST(Conflict, IdIsTheSameOnEveryMachineAndFromEitherSide) {
  Conflict conflict = any_conflict(), other = conflict;
  std::swap(other.ours, other.theirs);
  other.element.name = "renamed";
  other.chosen = Side::theirs;
  EXPECT_EQ(id_of(conflict), id_of(other));
  EXPECT_EQ(id_of(conflict).size(), 14U);
  EXPECT_EQ(id_of(conflict), "c-7c6e6a2add75");
}

TEST(Conflict, IdTellsConflictsApart) {
  std::string id = id_of(any_conflict());
  EXPECT_NE(id_of(any_conflict(), "b.ifc"), id);
  for (auto change :
       {+[](Conflict& c) { c.at = "Name"; }, +[](Conflict& c) { c.base = std::nullopt; },
        +[](Conflict& c) { c.ours = std::nullopt; }, +[](Conflict& c) { c.ours = ""; },
        +[](Conflict& c) { c.kind = ConflictKind::both_added; }, +[](Conflict& c) { c.element.global_id = ""; }}) {
    Conflict other = any_conflict();
    change(other);
    EXPECT_NE(id_of(other), id);
  }
}

TEST(Conflict, PolicyChoosesAndADecisionComesFirst) {
  Conflict conflict = any_conflict();
  set_id(conflict, "a.ifc");
  Options options;
  options.integrated = Side::theirs, options.latest = Side::ours;
  for (auto [policy, side] : {std::pair(Policy::integrated, Side::theirs),
                              {Policy::latest, Side::ours},
                              {Policy::ours, Side::ours},
                              {Policy::theirs, Side::theirs},
                              {Policy::base, Side::base}}) {
    options.policy = policy;
    EXPECT_EQ(choose(conflict, options), side);
    EXPECT_EQ(reason(conflict, options), "policy " + std::string(to_string(policy)));
  }
  options.choices[conflict.id] = Side::ours;
  EXPECT_EQ(choose(conflict, options), Side::ours);
  EXPECT_EQ(reason(conflict, options), "decided");
}

}  // namespace
}  // namespace aecos::merge
