#include "check/waivers.h"

#include <gtest/gtest.h>

#include "check/compare.h"
#include "check/finding.h"
#include "text/json.h"

namespace aecos::check {
namespace {

constexpr const char* wall = "3cUkl32yn9qRSPvBJVyWYp";

Waiver fire_rating() {
  Waiver waiver;
  waiver.specification = "Fire rating";
  waiver.element = wall;
  waiver.reason = "rated by the manufacturer";
  waiver.until = "2027-03-01";
  waiver.by = "ana";
  waiver.at = "2026-11-29";
  waiver.id = waiver_id(waiver);
  return waiver;
}

Finding missing(const std::string& group = "Fire rating", const std::string& path = "elements/wall-w12/element.ifc") {
  Finding finding{"ids-property", Severity::error, path};
  finding.group = group;
  finding.global_id = wall;
  finding.message = "Pset_WallCommon has no FireRating";
  return finding;
}

std::string fault(void (*change)(Waiver&)) {
  Waiver waiver = fire_rating();
  change(waiver);
  return waiver_fault(waiver);
}

std::string parsed(const std::string& inner) {
  const auto waivers = parse_waivers("{\"version\":1,\"waivers\":{\"w-1\":{" + inner + "}}}");
  return waivers ? "sound" : waivers.error().message;
}

TEST(Waivers, LetPassWhatTheyNameUntilTheirDayIsOver) {
  Report report;
  report.findings = {missing(), missing("Another")};
  EXPECT_EQ(report.errors(), 2U);
  apply_waivers({fire_rating()}, "2027-03-01", report);
  EXPECT_EQ(report.errors(), 1U);
  EXPECT_EQ(report.waived(), 1U);
  EXPECT_EQ(report.findings[0].waiver, fire_rating().id);
  EXPECT_EQ(report.waivers[0].findings, 1U);
  Report later;
  later.findings = {missing()};
  apply_waivers({fire_rating()}, "2027-03-02", later);
  EXPECT_EQ(later.errors(), 1U);
  EXPECT_EQ(later.findings[0].expired, fire_rating().id);
  EXPECT_TRUE(later.waivers[0].expired);
}

TEST(Waivers, OneThatHoldsCountsMoreThanOneThatIsOver) {
  Waiver over = fire_rating();
  over.id = "w-over";
  over.until = "2026-12-01";
  Report report;
  report.findings = {missing()};
  apply_waivers({over, fire_rating()}, "2027-01-01", report);
  EXPECT_EQ(report.errors(), 0U);
  EXPECT_TRUE(report.findings[0].expired.empty());
}

TEST(Waivers, OneOfADayToComeLetsNothingPass) {
  Waiver later = fire_rating();
  later.at = "2027-01-03T10:00:00Z";
  Report report;
  report.findings = {missing()};
  apply_waivers({later}, "2027-01-01", report);
  EXPECT_EQ(report.errors(), 1U);
  EXPECT_TRUE(report.waivers[0].early);
  apply_waivers({later}, "2027-01-02", report);  // Somewhere that day has begun.
  EXPECT_EQ(report.errors(), 0U);
}

TEST(Waivers, PathsArePatterns) {
  const auto fits = [](const std::string& pattern, const std::string& path) {
    Waiver waiver = fire_rating();
    waiver.element.clear();
    waiver.path = pattern;
    return covers(waiver, missing("Fire rating", path));
  };
  EXPECT_TRUE(fits("elements/wall-*/element.ifc", "elements/wall-w12/element.ifc"));
  EXPECT_FALSE(fits("elements/*.ifc", "elements/wall-w12/element.ifc"));
  EXPECT_TRUE(fits("elements/**", "elements/wall-w12/element.ifc"));
  EXPECT_TRUE(fits("**/element.ifc", "element.ifc"));
  EXPECT_TRUE(fits("a/**/c", "a/c"));
  EXPECT_TRUE(fits("a/**/c", "a/b/b/c"));
  EXPECT_FALSE(fits("a/**/c", "ab/c"));
  EXPECT_TRUE(fits("models/h?use.ifc", "models/house.ifc"));
  EXPECT_FALSE(fits("models?house.ifc", "models/house.ifc"));
  EXPECT_FALSE(fits("", "x") && fits("x", "y"));
}

TEST(Waivers, SayWhatWhyUntilWhenAndWho) {
  EXPECT_EQ(waiver_fault(fire_rating()), "");
  EXPECT_EQ(fault([](Waiver& w) { w.reason = "  "; }), "it has no reason");
  EXPECT_EQ(fault([](Waiver& w) { w.until = ""; }), "until is the last day on which it holds, as \"2027-03-01\"");
  EXPECT_EQ(fault([](Waiver& w) { w.until = "2027-02-29"; }),
            "until is the last day on which it holds, as \"2027-03-01\"");
  EXPECT_EQ(fault([](Waiver& w) { w.until = "2027-11-30"; }), "");
  EXPECT_EQ(fault([](Waiver& w) { w.until = "2027-12-01"; }), "until is more than a year after it was given");
  EXPECT_EQ(fault([](Waiver& w) { w.until = "2026-11-28"; }), "until is a day before the one on which it was given");
  EXPECT_EQ(fault([](Waiver& w) { w.specification = ""; }), "it names no rule and no specification");
  EXPECT_EQ(fault([](Waiver& w) { w.element = ""; }), "it names no element and no path");
  EXPECT_EQ(fault([](Waiver& w) { w.rule = "ids-propety"; }), "\"ids-propety\" is no rule of aecos validate");
  EXPECT_EQ(fault([](Waiver& w) { w.element = std::string(22, '-'); }), "element is a GlobalId (22 characters)");
  EXPECT_EQ(fault([](Waiver& w) { w.by = ""; }), "by says who gave it");
  EXPECT_EQ(fault([](Waiver& w) { w.reason = "a\nb"; }), "a text of it is no line of at most 1000 bytes");
}

TEST(Waivers, AFileThatIsNoneSaysWhere) {
  const std::string good =
      R"("rule":"ids-property","path":"a/**","reason":"r","until":"2027-03-01","by":"a","at":"2026-12-01")";
  EXPECT_EQ(parsed(good), "sound");
  EXPECT_EQ(parsed(good + R"(,"forever":true)"), "1:139: \"forever\" is nothing a waiver can have");
  EXPECT_EQ(parsed(R"("rule":1)"), "1:39: rule is a text");
  EXPECT_FALSE(parse_waivers("[]"));
  EXPECT_FALSE(parse_waivers(R"({"version":2})"));
  EXPECT_FALSE(parse_waivers(R"({"waivers":[]})"));
  EXPECT_TRUE(parse_waivers(R"({"waivers":{}})"));
}

TEST(Waivers, AreAddedAndTakenBack) {
  const std::string one = *add_waiver("", fire_rating());
  EXPECT_EQ(*parse_waivers(one), std::vector{fire_rating()});
  EXPECT_EQ(add_waiver(one, fire_rating()).error().code, ErrorCode::changed_meanwhile);
  EXPECT_EQ(parse_waivers(*remove_waiver(one, fire_rating().id))->size(), 0U);
  EXPECT_EQ(remove_waiver(one, "w-none").error().code, ErrorCode::not_found);
}

TEST(Waivers, DaysAreThoseOfTheCalendar) {
  EXPECT_EQ(day_of(0), "1970-01-01");
  EXPECT_EQ(day_of(1'795'910'400'000'000 - 1), "2026-11-28");
  EXPECT_EQ(days_later("2028-02-28", 1), "2028-02-29");
  EXPECT_EQ(days_later("2027-12-31", 1), "2028-01-01");
}

TEST(Waivers, ReportsSayWhatIsWaived) {
  Report report;
  report.findings = {missing(), missing("Another")};
  apply_waivers({fire_rating()}, "2026-12-01", report);
  const auto json = text::parse_json(report_json(report));
  EXPECT_EQ(json->root()["errors"].as_int(), 1);
  EXPECT_EQ(json->root()["waived"].as_int(), 1);
  EXPECT_EQ(json->root()["findings"][0]["waived"]["by"].as_string(), "ana");
  EXPECT_FALSE(json->root()["findings"][1]["waived"]);
  const auto sarif = text::parse_json(report_sarif(report));
  const auto results = sarif->root()["runs"][0]["results"];
  EXPECT_EQ(results[0]["suppressions"].size(), 1U);
  EXPECT_EQ(results[0]["suppressions"][0]["kind"].as_string(), "external");
  EXPECT_TRUE(results[1]["suppressions"].is_array());
  EXPECT_EQ(results[1]["suppressions"].size(), 0U);
  EXPECT_NE(report_html(report, "T").find("waived by ana until 2027-03-01"), std::string::npos);
}

TEST(Compare, OnlyWhatIsNewCounts) {
  Report before, after;
  before.findings = {missing(), missing("Old")};
  after.findings = {missing("New"), missing("Fire rating", "elsewhere/element.ifc"), missing("Fire rating")};
  const Compared compared = compare(before, after);
  ASSERT_EQ(compared.fresh.size(), 2U);  // The same fault once more is one more.
  EXPECT_EQ(compared.fresh[0].group, "New");
  EXPECT_EQ(compared.mended, 1U);
}

TEST(Compare, WhatWasWrongAndUntoldIsNotNew) {
  Report before, after;
  before.findings = {missing()};
  before.untold = 2;
  Finding other = missing();
  other.global_id = "2O2Fr$t4X7Zf8NOew3FNr2";
  after.findings = {other};  // The first was mended, so that this one is told now.
  after.untold = 1;
  EXPECT_TRUE(compare(before, after).fresh.empty());
  after.untold = 2;
  EXPECT_EQ(compare(before, after).fresh.size(), 1U);
  after.untold = 4;
  EXPECT_EQ(compare(before, after).fresh_untold, 2U);
}

TEST(Compare, LinesAndIdsDoNotMakeAFaultNew) {
  Report before, after;
  Finding dangling{"ifc-reference", Severity::error, "a.ifc", 7};
  dangling.message = "refers to #99, which is not there";
  before.findings = {dangling};
  dangling.line = 9;
  dangling.message = "refers to #12, which is not there";
  after.findings = {dangling};
  EXPECT_TRUE(compare(before, after).fresh.empty());
  after.findings[0].path = "b.ifc";
  EXPECT_EQ(compare(before, after).fresh.size(), 1U);
}

TEST(Compare, AWaivedFaultIsNoneAndAWarningNever) {
  Report after;
  after.findings = {missing(), missing("B")};
  after.findings[0].waiver = "w-1";
  after.findings[1].severity = Severity::warning;
  EXPECT_TRUE(compare({}, after).fresh.empty());
}

}  // namespace
}  // namespace aecos::check
