// Each of these is a way somebody might think of to get round the rules.

#include "diff/diff.h"
#include "policy/fold_internal.h"
#include "policy/policy_test_internal.h"

namespace aecos::policy {
namespace {

constexpr const char* loadbearing = "/properties/Pset_WallCommon/LoadBearing";

// Refused for whoever tries, and allowed for whoever may, where there is somebody.
void expect_refused(const char* what, const Attempt& attempt, const char* who_may = nullptr) {
  const Decision decision = judge(attempt);
  EXPECT_FALSE(decision.allowed) << what;
  for (const Reason& reason : decision.reasons) {
    EXPECT_EQ(reason.what.find('\n'), std::string::npos) << what;
    EXPECT_FALSE(reason.what.empty()) << what;
  }
  if (who_may == nullptr) return;
  Attempt other = attempt;
  other.login = who_may;
  const Decision allowed = judge(other);
  EXPECT_TRUE(allowed.allowed) << what << ": " << (allowed.reasons.empty() ? "" : allowed.reasons[0].what);
}

FileChange with(FileChange file, bool FileChange::*what, bool value = true) {
  file.*what = value;
  return file;
}
FileChange renamed(FileChange file, const std::string& from) {
  file.from = from;
  return file;
}
FileChange of_kind(FileChange file, Kind kind) {
  file.kind = kind;
  return file;
}
FileChange unreadable(const std::string& path) { return with(file(path), &FileChange::readable, false); }
FileChange spec(const std::string& path) { return model({{ChangeKind::text, {}, "Fire", "\"a\"", "\"b\""}}, path); }

// Rules that keep something from ana alone, who may write everything else, as ben may.
std::string owned(const std::string& rule) {
  return R"({"members":{"ana":{"roles":["free"]}},"roles":{"free":{"may":[{"write":"**"}]},"s":{"owns":[)" + rule +
         "]}}}";
}
std::string forbidden(const std::string& rule) {
  return R"({"members":{"ana":{"roles":["a"]},"ben":{"roles":["free"]}},"roles":{"free":{"may":[{"write":"**"}]},
    "a":{"may":[{"write":"**"}],"not":[)" +
         rule + "]}}}";
}
Attempt by_ana(std::vector<FileChange> files, const std::string& rules) {
  Attempt attempt{"ana", std::move(files)};
  attempt.rules = rules;
  return attempt;
}

TEST(WaysRound, AnOwnedPropertyInMetadata) {
  const std::string set = R"({"LoadBearing":true,"FireRating":"REI 60"})";
  const diff::Value none;
  expect_refused("the value itself", {"ana", {metadata(loadbearing, "true", "false")}}, "eva");
  expect_refused("the value is taken away", {"ana", {metadata(loadbearing, "true", none)}}, "eva");
  expect_refused("the set is taken away", {"ana", {metadata("/properties/Pset_WallCommon", set, none)}}, "eva");
  expect_refused("the set is added", {"ana", {metadata("/properties/Pset_WallCommon", none, set)}}, "eva");
  expect_refused("all sets at once", {"ana", {metadata("/properties", "{\"A\":" + set + "}", "{}")}}, "eva");
  expect_refused("all sets become a text", {"ana", {metadata("/properties", "{\"A\":{}}", "\"none\"")}});
  expect_refused("the set becomes a text", {"ana", {metadata("/properties/Pset_WallCommon", set, "\"gone\"")}});
  expect_refused("the whole file is new", {"ana", {metadata("", none, "{\"properties\":{\"A\":" + set + "}}")}});
  expect_refused("the whole file goes", {"ana", {metadata("", "{\"properties\":{\"A\":" + set + "}}", none)}});
  expect_refused("part of a value", {"ana", {metadata(std::string(loadbearing) + "/value", "true", "false")}}, "eva");
  expect_refused("another case", {"ana", {metadata("/properties/Pset_WallCommon/loadbearing", none, "false")}}, "eva");
  expect_refused("another set", {"ana", {metadata("/properties/Other/LoadBearing", none, "false")}}, "eva");
  expect_refused("other case of \"properties\"", {"ana", {metadata("/Properties/Other/LoadBearing", none, "false")}});
  expect_refused("a blank", {"ana", {metadata("/properties/Pset_WallCommon/LoadBearing ", none, "false")}}, "eva");
  expect_refused("a Cyrillic letter", {"ana", {metadata("/properties/Pset_WallCommon/Lo\u0430dBearing", none, "1")}});
  expect_refused("full-width", {"ana", {metadata("/properties/Pset_WallCommon/\uff2coadBearing", none, "1")}});
  expect_refused("zero width", {"ana", {metadata("/properties/Pset_WallCommon/Load\u200bBearing", none, "1")}});
  expect_refused("escaped slashes", {"ana", {metadata("/properties/A~1B/LoadBearing", none, "1")}}, "eva");
  expect_refused("a set with a dot", {"ana", {metadata("/properties/A.B/LoadBearing", none, "1")}}, "eva");
  FileChange other_name = metadata(loadbearing, "true", "false");
  other_name.path = "elements/wall-w12/more.json";
  expect_refused("another file about the element", {"ana", {other_name}}, "eva");
  other_name.about.clear();
  expect_refused("of which only the file itself tells", {"ana", {other_name}}, "eva");
  expect_refused("beside what is allowed",
                 {"ana", {metadata("/name", "\"a\"", "\"b\""), metadata(loadbearing, "true", "false")}}, "eva");
  expect_refused("a coordinator is no owner", {"cleo", {metadata(loadbearing, "true", "false")}}, "eva");
}

TEST(WaysRound, AnOwnedPropertyInAModel) {
  const auto changed = [](const Change& change) { return Attempt{"ana", {model({change})}}; };
  expect_refused("the value itself", changed(property("Pset_WallCommon.LoadBearing")), "eva");
  expect_refused("a second one of its name", changed(property("Pset_WallCommon.LoadBearing (2)")), "eva");
  expect_refused("in a set with a dot", changed(property("A.B.LoadBearing")), "eva");
  expect_refused("in many dots", changed(property(std::string(40, '.') + "LoadBearing")));
  expect_refused("the set gets another name",
                 changed({ChangeKind::property, wall, "Pset_WallCommon", "\"Pset_WallCommon\"", "\"Old\""}));
  expect_refused("the set with a dot gets another name",
                 changed({ChangeKind::property, wall, "My.Set", "\"My.Set\"", "\"Old\""}));
  expect_refused("the set is told by a number only",
                 changed({ChangeKind::property, wall, "Pset.Wall", "{\"content\":\"1\"}", "{\"content\":\"2\"}"}));
  expect_refused("at the wall's type",
                 changed(property("Pset_WallCommon.LoadBearing", {"4cUkl32yn9qRSPvBJVyWYp", "IfcWallType", "T-1"})),
                 "eva");
  const std::string whole = R"({"globalId":"3cUkl32yn9qRSPvBJVyWYp","class":"IfcWall","name":"W-12",
      "properties":{"Pset_WallCommon":{"LoadBearing":true,"FireRating":"REI 60"}}})";
  const std::string changed_whole = R"({"globalId":"9cUkl32yn9qRSPvBJVyWYp","class":"IfcWall","name":"W-12",
      "properties":{"Pset_WallCommon":{"LoadBearing":false,"FireRating":"REI 60"}}})";
  const std::string part =
      R"({"globalId":"8cUkl32yn9qRSPvBJVyWYp","class":"IfcSlab","name":"L","parts":[)" + whole + "]}";
  expect_refused("the element is removed", changed({ChangeKind::removed, wall, "Level 1", whole, std::nullopt}));
  expect_refused("the element is drawn", changed({ChangeKind::added, wall, "Level 1", std::nullopt, whole}));
  expect_refused("as a part of another", changed({ChangeKind::added, wall, "Level 1", std::nullopt, part}));
  expect_refused("as an opening's", changed({ChangeKind::relation, wall, "Openings", std::nullopt, whole}));
  expect_refused("drawn again with another value",
                 changed({ChangeKind::redrawn, wall, "9cUkl32yn9qRSPvBJVyWYp", whole, changed_whole}));
  expect_refused("too large to be told", changed({ChangeKind::added, wall, "", std::nullopt, "{\"content\":\"1\"}"}));
  std::string same = whole;
  same.replace(same.find("3cUkl"), 5, "9cUkl");
  EXPECT_TRUE(allowed(changed({ChangeKind::redrawn, wall, "9cUkl32yn9qRSPvBJVyWYp", same, whole})));
  std::string unstated = whole;
  unstated.replace(unstated.find("true"), 4, "null");
  EXPECT_TRUE(allowed(changed({ChangeKind::added, wall, "Level 1", std::nullopt, unstated})));
}

TEST(WaysRound, AnOwnedPropertyInWhatCannotBeRead) {
  expect_refused("a model", {"ana", {unreadable("models/arch/house.ifc")}});
  expect_refused("for the owner too, who does not own the rest", {"ben", {unreadable("models/arch/house.ifc")}});
  expect_refused("a model in capitals", {"ana", {unreadable("models/arch/HOUSE.IFC")}});
  expect_refused("packed", {"ana", {unreadable("models/arch/house.ifczip")}});
  expect_refused("as XML", {"ana", {model({{ChangeKind::text, {}, "lines 1-2", "1", "2"}}, "models/arch/a.ifcxml")}});
  expect_refused("as IFC 5", {"ana", {model({{ChangeKind::text, {}, "/data", "1", "2"}}, "models/arch/a.ifcx")}});
  expect_refused("metadata", {"ana", {unreadable("elements/wall-w12/metadata.json")}});
  expect_refused("a link", {"ana", {of_kind(file("models/arch/house.ifc"), Kind::symlink)}});
  expect_refused("a link of a folder", {"ana", {of_kind(file("models/arch/wing"), Kind::symlink)}});
  expect_refused("another repository", {"ana", {of_kind(file("models/arch/wing"), Kind::submodule)}});
  expect_refused("a model becomes something else", {"ana", {renamed(file("models/arch/a.txt"), "models/arch/a.ifc")}});
  expect_refused("something else becomes a model", {"ana", {renamed(file("models/arch/a.ifc"), "models/arch/a.bin")}});
  expect_refused("metadata under another name",
                 {"ana", {renamed(file("elements/w/old.json"), "elements/w/metadata.json")}});
  expect_refused("where one owned property is all there is",
                 by_ana({unreadable("a.ifc")}, owned(R"({"property":"*.X"})")));
  expect_refused("where one forbidden one is", by_ana({unreadable("a.ifc")}, forbidden(R"({"property":"*.X"})")),
                 "ben");
  expect_refused(
      "by who may write some classes",
      by_ana({unreadable("a.ifc")},
             R"({"members":{"ana":{"roles":["a"]}},"roles":{"a":{"may":[{"write":"**","class":"IfcWall"}]}}})"));
  FileChange more = unreadable("elements/w/more.json");
  more.about = {wall};
  expect_refused("another file about an element", {"ana", {more}});
  EXPECT_TRUE(allowed({"ana", {unreadable("models/arch/house.rvt"), unreadable("elements/w/photo.jpg")}}));
  EXPECT_TRUE(allowed({"ana", {renamed(file("models/arch/b.ifc"), "models/arch/a.ifc")}}));
  const std::string free = R"({"members":{"ana":{"roles":["a"]}},"roles":{"a":{"may":[{"write":"**"}]}}})";
  EXPECT_TRUE(allowed(by_ana({unreadable("models/house.ifc"), of_kind(file("wing"), Kind::symlink)}, free)));
}

TEST(WaysRound, TheOwnerMayNotDoMoreThanThat) {
  expect_refused("another property", {"ben", {model({property("Pset_WallCommon.FireRating")})}}, "ana");
  expect_refused("a whole set with it", {"ben", {model({{ChangeKind::property, wall, "Pset_WallCommon", "1", "2"}})}});
  expect_refused("a new file that states it",
                 {"ben", {with(model({property("A.LoadBearing")}, "x.ifc"), &FileChange::added)}});
  expect_refused("removing a file", {"ben", {with(model({property("A.LoadBearing")}, "x.ifc"), &FileChange::removed)}});
  EXPECT_TRUE(allowed({"ben", {model({property("Pset_WallCommon.LoadBearing")})}}));
}

TEST(WaysRound, ValuesThatAllMayDrawWith) {
  const std::string rules = owned(R"({"property":"*.LoadBearing","initial":[false]})");
  const auto whole = [](const std::string& value) {
    return R"({"globalId":"3cUkl32yn9qRSPvBJVyWYp","class":"IfcWall","properties":{"P":{"LoadBearing":)" + value +
           "}}}";
  };
  const auto drawn = [&](ChangeKind kind, diff::Value before, diff::Value after) {
    return by_ana({model({{kind, wall, "", std::move(before), std::move(after)}})}, rules);
  };
  EXPECT_TRUE(allowed(drawn(ChangeKind::added, std::nullopt, whole("false"))));
  EXPECT_TRUE(allowed(drawn(ChangeKind::removed, whole("false"), std::nullopt)));
  EXPECT_FALSE(allowed(drawn(ChangeKind::added, std::nullopt, whole("true"))));
  EXPECT_FALSE(allowed(drawn(ChangeKind::removed, whole("true"), std::nullopt)));
  EXPECT_FALSE(allowed(drawn(ChangeKind::redrawn, whole("true"), whole("false"))));
  EXPECT_FALSE(allowed(by_ana({metadata("/properties/P/LoadBearing", "false", "null")}, rules)));
  EXPECT_FALSE(allowed(by_ana({metadata("/properties/P/LoadBearing", std::nullopt, "false")}, rules)));
}

TEST(WaysRound, OtherPlaces) {
  const auto refuse = [](const char* what, Change change, const char* rule) {
    expect_refused(what, by_ana({model({std::move(change)})}, forbidden(rule)), "ben");
  };
  refuse("a set gets a name", {ChangeKind::property, wall, "Other", "\"Other\"", "\"Pset_Cost\""},
         R"({"property":"Pset_Cost.*"})");
  refuse("a name without a set", property("A.LoadBearing"), R"({"property":"LoadBearing"})");
  refuse("an attribute", {ChangeKind::renamed, wall, "Name", "\"a\"", "\"b\""}, R"({"property":"Name"})");
  refuse("an attribute of an element drawn again",
         {ChangeKind::redrawn, wall, "x", R"({"name":"a"})", R"({"name":"b"})"}, R"({"property":"Name"})");
  expect_refused("a GlobalId",
                 by_ana({metadata("/globalId", "\"a\"", "\"b\"")}, forbidden(R"({"property":"GlobalId"})")), "ben");
  expect_refused("in metadata", by_ana({metadata("/name", "\"a\"", "\"b\"")}, forbidden(R"({"property":"Name"})")),
                 "ben");
  expect_refused(
      "what aecos itself keeps there",
      by_ana({metadata("/compliance/fire/status", "\"a\"", "\"b\"")}, forbidden(R"({"property":"compliance.*"})")),
      "ben");
  EXPECT_TRUE(allowed(
      by_ana({model({{ChangeKind::redrawn, wall, "x", R"({"name":"a","tag":"1"})", R"({"name":"a","tag":"2"})"}})},
             forbidden(R"({"property":"Name"})"))));
}

TEST(WaysRound, TheRulesThemselves) {
  const std::string rules = R"({"members":{"ana":{"roles":["m"]},"ben":{"roles":["m","free"]}},
      "roles":{"free":{"may":[{"write":"**"}]},"m":{"may":[{"manage":"roles"},{"write":"notes/**"}]}}})";
  Attempt attempt = by_ana({file(std::string(roles_path))}, rules);
  attempt.roles_after = rules;
  EXPECT_TRUE(allowed(attempt));
  attempt.files = {renamed(file(std::string(roles_path)), "README.md")};
  expect_refused("something else taken away for it", attempt, "ben");
  attempt.files = {renamed(file("notes/x.md"), std::string(roles_path))};
  expect_refused("taken away", attempt);
  attempt.login = "ben";
  expect_refused("taken away by who may write everything", attempt);
  attempt.files = {of_kind(file(".aecos/notes.json"), Kind::symlink)};
  expect_refused("a link beside it", attempt);
  attempt.files = {with(file(std::string(roles_path)), &FileChange::removed), file(std::string(roles_path))};
  expect_refused("away and there again", attempt);
}

TEST(WaysRound, Quantities) {
  const std::string rules = owned(R"({"property":"*.NetVolume"})");
  const auto refuse = [&](const char* what, FileChange change) {
    expect_refused(what, by_ana({std::move(change)}, rules));
  };
  refuse("in a model", model({{ChangeKind::quantity, wall, "Qto_WallBaseQuantities.NetVolume", "1", "2"}}));
  refuse("in metadata", metadata("/quantities/NetVolume/value", "1", "2"));
  refuse("its unit", metadata("/quantities/NetVolume/unit", "\"m3\"", "\"l\""));
  refuse("whole", metadata("/quantities/NetVolume", "{\"value\":1}", std::nullopt));
  refuse("in a set", metadata("/quantities/BaseQuantities/NetVolume/value", "1", "2"));
  refuse("all", metadata("/quantities", R"({"NetVolume":{"value":1}})", std::nullopt));
  EXPECT_TRUE(allowed(by_ana({metadata("/quantities/Length/value", "1", "2")}, rules)));
}

TEST(WaysRound, Classes) {
  const ElementRef slab{"1aUkl32yn9qRSPvBJVyWYp", "IfcSlab", "S-1"}, door{"2bUkl32yn9qRSPvBJVyWYp", "IfcDoor", "D-1"};
  const ElementRef proxy{wall.global_id, "IfcBuildingElementProxy", "W-12"};
  const auto name = [](const ElementRef& element) { return metadata("/name", "\"a\"", "\"b\"", element); };
  EXPECT_TRUE(allowed({"ben", {name(slab)}}));
  expect_refused("another class", {"ben", {name(door)}}, "ana");
  FileChange away = metadata("/class", "\"IfcDoor\"", "\"IfcWall\"", door);
  expect_refused("made one of the allowed, as the file says", {"ben", {away}}, "ana");
  away.about = {door, wall};
  expect_refused("as the folder says", {"ben", {away}}, "ana");
  FileChange back = metadata("/class", "\"IfcWall\"", "\"IfcBuildingElementProxy\"", proxy);
  expect_refused("made one of those that are not", {"ben", {back}}, "ana");
  expect_refused("as the file alone says", {"ben", {metadata("/class", "\"IfcWall\"", "\"IfcDoor\"")}}, "ana");
  expect_refused("what IFC4X3 calls otherwise",
                 by_ana({name({slab.global_id, "IfcPavement", ""})}, forbidden(R"({"class":"IfcBuildingElement"})")),
                 "ben");
  expect_refused(
      "and what it has no more",
      by_ana({name({slab.global_id, "IfcWallStandardCase", ""})}, forbidden(R"({"class":"IfcBuiltElement"})")), "ben");
  EXPECT_TRUE(
      allowed(by_ana({name({slab.global_id, "IfcSpace", ""})}, forbidden(R"({"class":"IfcBuildingElement"})"))));
  EXPECT_TRUE(allowed({"ben", {name({"4cUkl32yn9qRSPvBJVyWYp", "IfcWallStandardCase", "W-1"})}}));
  EXPECT_TRUE(allowed({"ben", {name({"4cUkl32yn9qRSPvBJVyWYp", "IfcWallType", "T-1"})}}));
  const ElementRef curve{"5cUkl32yn9qRSPvBJVyWYp", "IfcStructuralCurveMember", "C-1"};
  expect_refused("a subtype", {"ana", {model({{ChangeKind::renamed, curve, "Name", "1", "2"}})}}, "cleo");
  const Change reclassified{ChangeKind::reclassified, wall, "Class", "\"IfcWall\"", "\"IfcStructuralCurveMember\""};
  expect_refused("becomes one", {"ana", {model({reclassified})}}, "cleo");
  expect_refused("no class at all", {"ben", {name({"6cUkl32yn9qRSPvBJVyWYp", "", "X"})}});
  expect_refused("no element at all", {"ben", {spec("elements/unknown/spec.md")}}, "ana");
  expect_refused(
      "the class is taken away",
      {"ana", {metadata("/class", "\"IfcStructuralMember\"", std::nullopt, {"6cUkl32yn9qRSPvBJVyWYp", "", "X"})}},
      "cleo");
  expect_refused("under its supertype", by_ana({name(slab)}, forbidden(R"({"class":"IfcElement"})")), "ben");
  expect_refused("of no known class", by_ana({name({slab.global_id, "", ""})}, forbidden(R"({"class":"IfcSlab"})")),
                 "ben");
  expect_refused("an opening's",
                 by_ana({model({{ChangeKind::relation, wall, "Openings", std::nullopt,
                                 R"({"globalId":"x","class":"IfcOpeningElement","properties":{"A":{"X":1}}})"}})},
                        forbidden(R"({"class":"IfcOpeningElement","property":"*.X"})")),
                 "ben");
  expect_refused("in capitals", by_ana({name({slab.global_id, "IFCSLAB", ""})}, forbidden(R"({"class":"IfcSlab"})")),
                 "ben");
  expect_refused(
      "what others share",
      {"ben",
       {model({{ChangeKind::resource, {"", "IfcSIUnit", ""}, "IfcSIUnit", "1", "2"}}, "elements/w/element.ifc")}},
      "ana");
  EXPECT_TRUE(allowed({"ben",
                       {model({{ChangeKind::resource, {"", "IfcMaterial", "C"}, "IfcMaterial", std::nullopt, "1"}},
                              "elements/w/element.ifc")}}));
}

TEST(WaysRound, OutOfARuleAndBackAgain) {
  const ElementRef proxy{wall.global_id, "IfcBuildingElementProxy", "W-12"};
  const std::string by_class = forbidden(R"({"property":"*.LoadBearing","class":"IfcWall"})");
  const Change away{ChangeKind::reclassified, proxy, "Class", "\"IfcWall\"", "\"IfcBuildingElementProxy\""};
  expect_refused("another class first", by_ana({model({away})}, by_class), "ben");
  expect_refused("in one go", by_ana({model({property("A.LoadBearing", proxy), away})}, by_class), "ben");
  expect_refused("in metadata", by_ana({metadata("/class", "\"IfcWall\"", "\"IfcSlab\"", proxy)}, by_class), "ben");
  EXPECT_TRUE(
      allowed(by_ana({model({property("A.LoadBearing", {"7cUkl32yn9qRSPvBJVyWYp", "IfcSlab", ""})})}, by_class)));
  const std::string by_id = forbidden(R"({"property":"*.LoadBearing","element":"3cUkl32yn9qRSPvBJVyWYp"})");
  expect_refused("another GlobalId",
                 by_ana({metadata("/globalId", "\"3cUkl32yn9qRSPvBJVyWYp\"", "\"x\"", {"x", "IfcWall", ""})}, by_id),
                 "ben");
  expect_refused("drawn again",
                 by_ana({model({{ChangeKind::redrawn, {"x", "IfcWall", ""}, wall.global_id, "{}", "{}"}})}, by_id),
                 "ben");
  const std::string by_path = forbidden(R"({"property":"*.LoadBearing","write":"models/**"})");
  expect_refused("another folder", by_ana({renamed(file("old/a.ifc"), "models/a.ifc")}, by_path), "ben");
  expect_refused("and back", by_ana({renamed(file("models/a.ifc"), "old/a.ifc")}, by_path), "ben");
  EXPECT_TRUE(allowed(by_ana({renamed(file("models/b.ifc"), "models/a.ifc")}, by_path)));
  FileChange element = renamed(file("models/w/metadata.json"), "old/w/metadata.json");
  element.about = {wall};
  expect_refused("of an element", by_ana({element}, by_path), "ben");
  const std::string by_both = forbidden(R"({"class":"IfcWall","write":"models/**"})");
  expect_refused("with a class", by_ana({renamed(file("old/a.ifc"), "models/a.ifc")}, by_both), "ben");
  const ElementRef slab{"1aUkl32yn9qRSPvBJVyWYp", "IfcSlab", "S-1"};
  expect_refused(
      "with a change of another class",
      by_ana({renamed(model({{ChangeKind::renamed, slab, "Name", "1", "2"}}, "models/a.ifc"), "old/a.ifc")}, by_both),
      "ben");
  EXPECT_TRUE(allowed(by_ana({renamed(file("b.md"), "a.md")}, by_both)));
}

TEST(WaysRound, Renaming) {
  expect_refused("out of what one may write", {"ana", {renamed(file("models/mep/a.ifc"), "models/arch/a.ifc")}},
                 "cleo");
  expect_refused("into it", {"ana", {renamed(file("models/arch/a.ifc"), "models/mep/a.ifc")}}, "cleo");
  expect_refused("over the rules", {"ana", {renamed(file(std::string(roles_path)), "elements/x.json")}});
  expect_refused("something else away, as the rules", {"ben", {renamed(file(std::string(roles_path)), "README.md")}});
  expect_refused("something into the records", {"ana", {renamed(file(".aecos/conflicts/c.json"), "models/mep/a.json")}},
                 "cleo");
  expect_refused("a record out of the records",
                 {"ana", {renamed(file("elements/x.json"), ".aecos/conflicts/c-1.json")}}, "cleo");
  FileChange moved = renamed(file("models/arch/b.ifc"), "models/arch/a.ifc");
  FileChange gone = with(model({property("A.LoadBearing")}, "models/arch/a.ifc"), &FileChange::removed);
  EXPECT_TRUE(allowed({"ana", {moved, gone}}));
  expect_refused("with a change in it", {"ana", {renamed(model({property("A.LoadBearing")}), "models/arch/a.ifc")}},
                 "eva");
}

TEST(WaysRound, OnlyOtherBytes) {
  EXPECT_TRUE(allowed({"ben", {model({}, "elements/w/element.ifc")}}));
  EXPECT_TRUE(allowed({"ben", {model({}, "models/arch/house.ifc")}}));
  expect_refused("where one may write nothing", {"ben", {file("README.md")}}, "cleo");
  expect_refused("a new file is more than that", {"ben", {with(file("elements/w/x.md"), &FileChange::added)}}, "ana");
}

TEST(WaysRound, PathsThatCanBeTakenForOthers) {
  for (const char* path : {".AECOS/roles.json",
                           ".aecos/ROLES.JSON",
                           ".aecos/roles.json.",
                           ".aecos/roles.json ",
                           ".aecos\\roles.json",
                           ".ae\u200ccos/roles.json",
                           "\uff0eaecos/roles.json",
                           ".\u0430ecos/roles.json",
                           "elements/../.aecos/roles.json",
                           "elements//x",
                           ".aecos\u2215roles.json",
                           "./.aecos/roles.json",
                           "AECOS~1/roles.json",
                           ".GIT/config",
                           ".git/config",
                           "sub/.Git/config",
                           "elements/x\u202e.md",
                           "elements/a\x01.md",
                           "elements/\xff.md",
                           ".GitAttributes",
                           "sub/.gitAttributes",
                           ".LFSconfig",
                           ".aecos/role\u017f.json",
                           "elements/x./y",
                           ".aecos/roles.json::$DATA",
                           ".aecos/roles.json/x",
                           ".aecos",
                           ".aecos/ROLES~1.JSO",
                           "models/ARCHIT~1/x.ifc",
                           ".aecos/Conflicts/c.json",
                           ".aecos/\u212aonflicts/../roles.json",
                           ".ａecos/x",
                           "\U0001d41ddd/..",
                           "models/con",
                           "aux.ifc",
                           "elements/w/Metadata.JSON",
                           "elements/tu\u0308r.md",
                           "x/\u1100\u1161.md",
                           ".aecos/conflicts",
                           "elements/a\u3164b.md",
                           "/elements/x",
                           "elements/"}) {
    EXPECT_FALSE(path_fault(path).empty()) << path;
    expect_refused(path, {"cleo", {file(path)}});
  }
  for (const char* path : {"elements/tür-größe/spécification.md", "图纸/一层.md", "평면/도면.ifc", "がぎ/ぐ.md",
                           ".gitignore", ".aecos/ids/fire.ids", ".aecos/project.json", "models/a~b.ifc", "x~/y.md",
                           "~$plan.docx", "models/console.ifc", "models/House of Ana.ifc", "a.b.c/...d"}) {
    EXPECT_EQ(path_fault(path), "") << path;
    EXPECT_TRUE(allowed({"cleo", {file(path)}})) << path;
  }
  EXPECT_TRUE(allowed({"cleo", {with(file("bad /name."), &FileChange::removed)}}));
  EXPECT_TRUE(allowed({"cleo", {renamed(file("good.md"), "bad .")}}));
}

TEST(WaysRound, PathsThatCanBeTakenForThoseOfARule) {
  for (const char* path :
       {"Elements/x.md", "elements\u200b/x.md", "models/Arch/a.ifc", "MODELS/ARCH/a.ifc", "models/\u0430rch/a.ifc"}) {
    expect_refused(path, {"cleo", {file(path)}});
    expect_refused(path, {"ana", {file(path)}});
  }
  const std::string rules = forbidden(R"({"write":"models/T\u00fcr/**"},{"write":"**/secret.md"})");
  expect_refused("in parts", by_ana({file("models/Tu\u0308r/a.ifc")}, rules));
  expect_refused("in another case", by_ana({file("models/T\u00dcR/a.ifc")}, rules));
  expect_refused("deep down", by_ana({file("a/b/SECRET.md")}, rules));
  expect_refused("removed under another name", by_ana({with(file("a/SECRET.md"), &FileChange::removed)}, rules), "ben");
  EXPECT_TRUE(allowed(by_ana({file("models/Tor/a.md")}, rules)));
  const std::string stars = forbidden(R"({"write":"models/*.dwg"})");
  expect_refused("what stands for a star", by_ana({file("models/A.DWG")}, stars), "ben");
}

TEST(WaysRound, NamesInRules) {
  const std::string rules = R"({"members":{"ana":{"roles":["a"]},"ben":{"roles":["b"]}},
      "roles":{"a":{"may":[{"write":"notes/{member}/**"},{"write":"area/{role}/**"}]},"b":{"may":[{"write":"**"}]}}})";
  EXPECT_TRUE(allowed(by_ana({spec("notes/ana/x.md"), spec("area/a/x.md")}, rules)));
  expect_refused("another member's", by_ana({spec("notes/ben/x.md")}, rules), "ben");
  expect_refused("another role's", by_ana({spec("area/b/x.md")}, rules), "ben");
  expect_refused("nobody's", by_ana({spec("notes/{member}/x.md")}, rules), "ben");
}

TEST(WaysRound, Roles) {
  expect_refused("two roles, one of which may not", {"eva", {metadata("/properties/Pset_Cost/Rate", "1", "2")}},
                 "cleo");
  const std::string rules =
      R"({"members":{"ana":{"roles":["walls"]},"ben":{"roles":["fire"]},"eva":{"roles":["walls","fire"]}},
      "roles":{"walls":{"may":[{"write":"**"}],"owns":[{"class":"IfcWall"}]},
               "fire":{"may":[{"write":"**"}],"owns":[{"property":"*.FireRating"}]}}})";
  Attempt attempt{"ana", {metadata("/properties/P/FireRating", "1", "2")}};
  attempt.rules = rules;
  expect_refused("who owns the wall does not own what others own of it", attempt, "ben");
  attempt.files = {metadata("/name", "\"a\"", "\"b\"")};
  attempt.login = "ben";
  expect_refused("and the other way round", attempt, "ana");
  attempt.files = {metadata("/properties/P", R"({"FireRating":1,"X":2})", std::nullopt)};
  expect_refused("a set with one's own and others'", attempt, "eva");
}

TEST(WaysRound, Records) {
  const std::string record = ".aecos/conflicts/c-5f0c.json", value = ".aecos/conflicts/values/5f0c";
  EXPECT_TRUE(
      allowed({"ana", {with(file(record), &FileChange::removed), with(unreadable(value), &FileChange::added)}}));
  expect_refused("who may write nothing", {"dan", {file(record)}}, "cleo");
  expect_refused("in a folder", {"ana", {file(".aecos/conflicts/x/c.json")}}, "cleo");
  expect_refused("no record", {"ana", {file(".aecos/conflicts/c.md")}}, "cleo");
  expect_refused("a link", {"cleo", {of_kind(file(record), Kind::symlink)}});
  expect_refused("other settings", {"ana", {file(".aecos/project.json")}}, "cleo");
  expect_refused("where records are forbidden", by_ana({file(record)}, forbidden(R"({"write":".aecos/**"})")), "ben");
}

TEST(WaysRound, Branches) {
  const std::vector<FileChange> some = {spec("elements/x/spec.md")};
  const auto to = [&](const char* login, const char* branch, Update::Kind kind = Update::Kind::advance) {
    return Attempt{login, some, branch, Through::push, kind};
  };
  for (const char* branch : {"Develop", "MAIN", "User/ben/x", "USER/ana/x", "Discipline/architect/x", "dev\u200belop",
                             "d\u0435velop", "HEAD", "refs/heads/develop", "\uff4dain"}) {
    expect_refused(branch, to("cleo", branch, Update::Kind::create));
    expect_refused(branch, to("ana", branch));
  }
  for (const char* branch : {"user", "user/ana", "discipline", "discipline/architect", "develop/x", "main/x/y",
                             "user/ana/con", "user/ana/x.", "user/ana/a\u0308", "user/ana/a\\b"}) {
    expect_refused(branch, to("ana", branch, Update::Kind::create));
    expect_refused(branch, to("cleo", branch, Update::Kind::create));
  }
  expect_refused("a long name", to("ana", ("user/ana/" + std::string(251, 'n')).c_str(), Update::Kind::create));
  EXPECT_TRUE(allowed(to("ana", "users", Update::Kind::create)));
  EXPECT_TRUE(allowed(to("ana", "develop2", Update::Kind::create)));
  expect_refused("another member's", to("ana", "user/ben/x"));
  expect_refused("another member's, by case", to("ana", "user/Ana/x"));
  expect_refused("whoever manages roles", to("cleo", "user/ben/x"));
  Attempt grid = to("ana", "discipline/structural/grid", Update::Kind::create);
  grid.files.clear();
  expect_refused("another role's", grid, "ben");
  for (const auto kind : {Update::Kind::force, Update::Kind::remove}) {
    expect_refused("the shared branch", to("cleo", "develop", kind));
    expect_refused("the released one", to("cleo", "main", kind));
    expect_refused("another member's", to("ana", "user/ben/x", kind));
    EXPECT_TRUE(allowed(to("ana", "user/ana/x", kind)));
  }
  expect_refused("begun by whoever comes first", to("ana", "main", Update::Kind::create), "cleo");
  Attempt unprotected = to("ana", "release/1");
  unprotected.rules.replace(unprotected.rules.find("\"main\":"), 6,
                            R"("release/*": {"through": "change-request"}, "main")");
  expect_refused("\"through\" holds without \"protected\"", unprotected);
  // A member with the name of a role is not that role.
  const std::string rules = R"({"members":{"structural":{"roles":["a"]},"ben":{"roles":["structural"]}},
      "roles":{"a":{"may":[{"write":"**"}]},"structural":{"may":[{"write":"**"}]}},
      "branches":{"discipline/{role}/**":{"push":["{role}"]},"s":{"push":["structural"]}}})";
  Attempt as_role = to("structural", "discipline/structural/x");
  as_role.rules = rules;
  expect_refused("a login like a role", as_role, "ben");
  as_role.branch = "s";
  expect_refused("a login like a role in a list", as_role, "ben");
}

TEST(WaysRound, RulesOfABranch) {
  const std::string rules = forbidden(R"({"write":"**","branch":"frozen"})");
  Attempt attempt = by_ana({spec("x.md")}, rules);
  EXPECT_TRUE(allowed(attempt));
  attempt.branch = "frozen";
  expect_refused("there", attempt, "ben");
  attempt.branch = "Frozen";
  expect_refused("under another name", attempt);
}

TEST(WaysRound, ReasonsAreOneLineWhateverNamesSay) {
  const ElementRef evil{"3cUkl32yn9qRSPvBJVyWYp", "IfcWall", "W\n\x1b[31m\u202e" + std::string(500, 'x')};
  const Decision decision = judge({"ana", {model({property("Pset_WallCommon.LoadBearing", evil)})}});
  ASSERT_FALSE(decision.allowed);
  EXPECT_LT(decision.reasons[0].what.size(), 400U);
  EXPECT_EQ(decision.reasons[0].what.find_first_of("\n\x1b"), std::string::npos);
  EXPECT_EQ(decision.reasons[0].what.find("\u202e"), std::string::npos);
}

}  // namespace
}  // namespace aecos::policy
