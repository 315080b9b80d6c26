#include "routing/settings.h"

#include <gtest/gtest.h>

namespace aecos::routing {
namespace {

using Names = std::vector<std::string>;

// A place whose clocks go from an hour to two at noon of the third day.
std::optional<int> zones(const std::string& zone, std::int64_t at_us) {
  if (zone != "Test/Place") return std::nullopt;
  return at_us < std::int64_t{(2 * 24 + 12) * 60} * 60'000'000 ? 60 : 120;
}

constexpr std::string_view house = R"({
  "channels": {
    "structural": {"kind": "slack", "secret": "SLACK_STRUCTURAL"},
    "site":       {"kind": "teams", "secret": "TEAMS_SITE", "form": "card"},
    "bim":        {"kind": "discord", "secret": "DISCORD_BIM", "thread": "123456789012345678"},
    "erp":        {"kind": "webhook", "url": "https://erp.example.org/aecos", "signing": "ERP"},
    "letters":    {"kind": "mail", "to": ["ana@example.org", "role:structural"],
                   "digest": {"daily": "07:30", "zone": "+01:00"}},
    "people":     {"kind": "inbox", "to": "everybody"}
  },
  "routes": [
    {"to": "structural", "properties": ["*.LoadBearing"]},
    {"to": "structural", "classes": ["IfcBeam"]},
    {"to": ["site"], "events": ["conflict.*"], "branches": "develop"},
    {"to": ["erp"]},
    {"to": "bim", "roles": "architect", "paths": "models/**", "storeys": "Level *"},
    {"to": "letters", "elements": "2O2Fr$t4X7Zf8NOew3FLOH", "events": "commit.*"},
    {"to": "people", "members": "ana"}
  ],
  "quiet": {"from": "20:00", "to": "06:30", "zone": "+01:00", "except": ["conflict.opened"]}
})";

Settings settings_of(std::string_view json) {
  auto settings = parse_settings(json, zones);
  EXPECT_TRUE(settings) << (settings ? "" : settings.error().message);
  return settings ? *std::move(settings) : Settings{};
}

event::Draft change(const std::string& ifc_class, const std::string& at, const std::string& actor = "ben") {
  event::Draft draft;
  draft.type = "commit.integrated";
  draft.project = "house";
  draft.branch = "develop";
  draft.actor = actor;
  const diff::ElementRef element{"0000000000000000000001", ifc_class, "W-12"};
  draft.elements = {{element, "models/house.ifc", {{diff::ChangeKind::property, element, at, "1", "2"}}, "Level 1"}};
  return draft;
}

TEST(Routing, TellsWhoeverARouteFits) {
  const Settings settings = settings_of(house);
  EXPECT_EQ(channels_for(settings, {}, change("IfcWall", "Pset_WallCommon.FireRating")), Names{"erp"});
  EXPECT_EQ(channels_for(settings, {}, change("IfcWall", "Pset_WallCommon.LoadBearing")), (Names{"structural", "erp"}));
  EXPECT_EQ(channels_for(settings, {}, change("IfcBeam", "Name")), (Names{"structural", "erp"}));
  EXPECT_EQ(channels_for(settings, {}, change("IfcBeamStandardCase", "Pset_BeamCommon.LoadBearing")),
            (Names{"structural", "erp"}));
  EXPECT_EQ(channels_for(settings, {}, change("IfcWall", "Name", "ana")), (Names{"erp", "people"}));
}

TEST(Routing, ThatTheViewIsNewIsToldWhereItIsAskedForAlone) {
  event::Draft draft;
  draft.type = "visualisation.updated";
  draft.project = "house";
  const char* asked = R"({"channels":{"a":{"kind":"inbox","to":"everybody"},"b":{"kind":"inbox","to":"everybody"}},
    "routes":[{"to":"a"},{"to":"b","events":"visualisation.*"}]})";
  EXPECT_EQ(channels_for(settings_of(asked), {}, draft), Names{"b"});
}

TEST(Routing, WhatSentenceAnElementComesFromIsToldWhereItIsAskedForAlone) {
  event::Draft draft = change("IfcWall", "Name");
  draft.type = "element.generated";
  const char* asked = R"({"channels":{"a":{"kind":"inbox","to":"everybody"},"b":{"kind":"inbox","to":"everybody"}},
    "routes":[{"to":"a","classes":"IfcWall"},{"to":"b","events":"element.generated","classes":"IfcWall"}]})";
  EXPECT_EQ(channels_for(settings_of(asked), {}, draft), Names{"b"});
  EXPECT_FALSE(is_about(draft, {"0000000000000000000001", ""}));  // Whoever watches it hears of the commit.
}

TEST(Routing, EveryPartOfARouteMustFit) {
  const Settings settings = settings_of(house);
  event::Draft conflict = change("IfcWall", "Name");
  conflict.type = "conflict.opened";
  EXPECT_EQ(channels_for(settings, {}, conflict), (Names{"site", "erp"}));
  conflict.branch = "main";
  EXPECT_EQ(channels_for(settings, {}, conflict), Names{"erp"});
  event::Draft watched = change("IfcWall", "Name");
  watched.elements[0].element.global_id = "2O2Fr$t4X7Zf8NOew3FLOH";
  EXPECT_EQ(channels_for(settings, {}, watched), (Names{"erp", "letters"}));
}

TEST(Routing, WhatIsSaidOfElementsMustHoldForOneOfThem) {
  const Settings settings = settings_of(R"({"channels": {"a": {"kind": "slack", "secret": "S"}},
    "routes": [{"to": "a", "classes": "IfcWall", "properties": "FireRating"}]})");
  event::Draft draft = change("IfcWall", "Pset_WallCommon.Status");
  const event::Draft other = change("IfcDoor", "Pset_DoorCommon.FireRating");
  draft.elements.push_back(other.elements[0]);
  EXPECT_EQ(channels_for(settings, {}, draft), Names{});
  draft.elements[0] = change("IfcWall", "Pset_WallCommon.FireRating").elements[0];
  EXPECT_EQ(channels_for(settings, {}, draft), Names{"a"});
}

TEST(Routing, ByRoleOfWhoDidIt) {
  const auto roles = policy::parse_roles(R"({
    "members": {"ana": {"roles": ["architect"]}, "ben": {"roles": ["structural"]}},
    "roles": {"architect": {"may": [{"write": "**"}, {"manage": "roles"}]},
              "structural": {"may": [{"write": "**"}]}}})");
  ASSERT_TRUE(roles) << roles.error().message;
  const Settings settings = settings_of(house);
  EXPECT_EQ(channels_for(settings, *roles, change("IfcWall", "Name", "ana")), (Names{"bim", "erp", "people"}));
  EXPECT_EQ(channels_for(settings, *roles, change("IfcWall", "Name", "ben")), Names{"erp"});
  event::Draft elsewhere = change("IfcWall", "Name", "ana");
  elsewhere.elements[0].storey = "Roof";
  EXPECT_EQ(channels_for(settings, *roles, elsewhere), (Names{"erp", "people"}));
}

// Minutes since 1970 UTC of a moment on its second day.
constexpr std::int64_t minute_us = 60'000'000;
std::int64_t at(int hour, int minute) { return (1440 + hour * 60 + minute) * minute_us; }

TEST(Routing, QuietHoursWaitForTheMorning) {
  const Settings settings = settings_of(house);
  const Channel& structural = *settings.channel("structural");
  EXPECT_EQ(due_us(structural, "commit.integrated", at(12, 0), zones), at(12, 0));
  EXPECT_EQ(due_us(structural, "commit.integrated", at(18, 59), zones), at(18, 59));     // 19:59 there
  EXPECT_EQ(due_us(structural, "commit.integrated", at(19, 0), zones), at(24 + 5, 30));  // 20:00 there -> 06:30
  EXPECT_EQ(due_us(structural, "commit.integrated", at(3, 0), zones), at(5, 30));
  EXPECT_EQ(due_us(structural, "commit.integrated", at(5, 30), zones), at(5, 30));
  EXPECT_EQ(due_us(structural, "conflict.opened", at(3, 0), zones), at(3, 0));
  EXPECT_EQ(due_us(*settings.channel("erp"), "commit.integrated", at(3, 0), zones), at(3, 0));  // A program.
}

TEST(Routing, DigestsGoOutAtTheirTime) {
  const Settings settings = settings_of(house);
  const Channel& letters = *settings.channel("letters");
  EXPECT_EQ(due_us(letters, "commit.integrated", at(6, 29), zones), at(6, 30));  // 07:30 there.
  EXPECT_EQ(due_us(letters, "commit.integrated", at(6, 30), zones), at(24 + 6, 30));
  EXPECT_EQ(due_us(letters, "commit.integrated", at(12, 0), zones), at(24 + 6, 30));
  const Settings hourly =
      settings_of(R"({"channels": {"m": {"kind": "mail", "to": "ana", "digest": {"hourly": 15}}}})");
  EXPECT_EQ(due_us(*hourly.channel("m"), "lock.asked", at(9, 14), zones), at(9, 15));
  EXPECT_EQ(due_us(*hourly.channel("m"), "lock.asked", at(9, 15), zones), at(10, 15));
}

TEST(Routing, AZoneFollowsItsClocks) {
  const Settings settings = settings_of(R"({"channels": {
    "m": {"kind": "mail", "to": "ana", "digest": {"daily": "07:30", "zone": "Test/Place"}},
    "s": {"kind": "slack", "secret": "S", "quiet": {"from": "20:00", "to": "06:30", "zone": "Test/Place"}}}})");
  const Channel &letters = *settings.channel("m"), &slack = *settings.channel("s");
  EXPECT_EQ(due_us(letters, "x", at(6, 29), zones), at(6, 30));
  EXPECT_EQ(due_us(letters, "x", at(6, 31), zones), at(24 + 6, 30));
  EXPECT_EQ(due_us(letters, "x", at(24 + 11, 0), zones), at(48 + 5, 30));  // The clocks go forward in between.
  EXPECT_EQ(due_us(slack, "x", at(19, 30), zones), at(24 + 5, 30));
  EXPECT_EQ(due_us(slack, "x", at(24 + 18, 30), zones), at(48 + 4, 30));
}

TEST(Routing, WatchedElementsAndProperties) {
  const event::Draft draft = change("IfcWall", "Pset_WallCommon.LoadBearing");
  EXPECT_TRUE(is_about(draft, {"0000000000000000000001", ""}));
  EXPECT_FALSE(is_about(draft, {"0000000000000000000002", ""}));
  EXPECT_TRUE(is_about(draft, {"", "*.LoadBearing"}));
  EXPECT_TRUE(is_about(draft, {"", "LoadBearing"}));
  EXPECT_FALSE(is_about(draft, {"", "*.FireRating"}));
}

std::string fault_of(std::string_view json) {
  const auto settings = parse_settings(json, zones);
  return settings ? "" : settings.error().message;
}

TEST(Routing, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(fault_of(R"({"chanels": {}})"),
            "1:13: \"chanels\" is nothing notify.json can have (channels, routes, quiet)");
  const auto has = [](const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  };
  EXPECT_TRUE(has(fault_of(R"({"channels": {"a": {"kind": "slak", "secret": "S"}}})"), "not slak"));
  EXPECT_TRUE(has(fault_of(R"({"channels": {"a": {"kind": "slack"}}})"), "secret: a text is wanted"));
  // The address itself has no place in a repository.
  EXPECT_TRUE(has(fault_of(R"({"channels": {"a": {"kind": "slack", "secret": "https://example.org/x"}}})"),
                  "never the secret itself"));
  EXPECT_TRUE(has(fault_of(R"({"channels": {"a": {"kind": "webhook"}}})"), "either url, or secret"));
  EXPECT_TRUE(has(fault_of(R"({"routes": [{"to": "nobody"}]})"), "there is no channel \"nobody\""));
  EXPECT_TRUE(has(
      fault_of(R"({"channels": {"a": {"kind": "inbox", "to": "ana"}}, "routes": [{"to": "a", "classes": "IfcWal"}]})"),
      "is no class"));
  EXPECT_TRUE(has(fault_of(R"({"quiet": {"from": "7:30", "to": "08:00"}})"), "a time as"));
  EXPECT_TRUE(
      has(fault_of(R"({"quiet": {"from": "07:30", "to": "08:00", "zone": "Nowhere/X"}})"), "a difference to UTC"));
  EXPECT_TRUE(
      has(fault_of(R"({"channels": {"a": {"kind": "mail", "to": "ana", "digest": {"hourly": 60}}}})"), "0 to 59"));
  EXPECT_FALSE(fault_of("[]").empty());
  EXPECT_FALSE(fault_of("{").empty());
}

}  // namespace
}  // namespace aecos::routing
