#include "check/validate.h"

#include <gtest/gtest.h>

#include "check/ids_test_internal.h"
#include "text/json.h"

namespace aecos::check {
namespace {

std::vector<Requirements> asking_for_names(const std::string& occurs = "maxOccurs=\"unbounded\"") {
  const std::string text = ids_text(
      specification(wall(), attribute(simple("Name"), simple("W-12"), " instructions=\"Call it W-12\""), occurs));
  return {{"ids/names.ids", *read_ids(text)}};
}

std::string rules_of(const Report& report) {
  std::string text;
  for (const Finding& finding : report.findings) text += finding.rule + " " + finding.path + "\n";
  return text;
}

std::string metadata_fault(const std::string& json) {
  const auto sound = check_metadata(json);
  return sound ? "sound" : sound.error().message;
}

TEST(Validate, RequirementsRulesAndFilesAreLookedAt) {
  const std::string bad = one_wall("", "'W-13'"), good = one_wall();
  Report report;
  validate({{"models/a.ifc", bad}, {"models/b.ifc", good}, {"c.ifc", "nothing"}, {"readme.md", "x"}},
           asking_for_names(), {}, report);
  EXPECT_EQ(rules_of(report), "ids-attribute models/a.ifc\nifc-unreadable c.ifc\n");
  EXPECT_EQ(report.findings[0].mend, "Call it W-12");
  EXPECT_EQ(report.findings[0].group, "S");
  EXPECT_EQ(report.specifications.size(), 2U);
}

TEST(Validate, OneElementsFileNeedNotHoldTheWholeModel) {
  const std::string empty = model_text(""), good = one_wall();
  const std::string metadata = R"({"globalId":"0wall00000000000000000","class":"IfcWall"})";
  ValidateOptions options;
  options.whole_project = true;
  Report report;
  validate({{"elements/a/element.ifc", empty},
            {"elements/a/metadata.json", metadata},
            {"elements/b/element.ifc", good},
            {"elements/b/metadata.json", metadata}},
           asking_for_names(), options, report);
  EXPECT_EQ(rules_of(report), "");
  Report without;
  validate({{"elements/a/element.ifc", empty}, {"elements/a/metadata.json", metadata}}, asking_for_names(), options,
           without);
  EXPECT_EQ(rules_of(without), "ids-applicability ids/names.ids\n");
}

TEST(Validate, WhatIsOnlyNamedIsNotLookedAt) {
  const std::string named = model_text("#10=IFCWALL('0wall00000000000000000',$,$,'aecos:reference',$,$,$,$,$);\n");
  Report report;
  validate({{"elements/door/element.ifc", named}}, asking_for_names(), {}, report);
  EXPECT_EQ(rules_of(report), "");
  ASSERT_EQ(report.specifications.size(), 1U);
  EXPECT_EQ(report.specifications[0].applicable, 0U);
}

TEST(Validate, WhatManyFoldersShareIsToldOnce) {
  const std::string wrong = one_wall("", "'W-13'");
  Report report;
  validate({{"elements/a/element.ifc", wrong}, {"elements/b/element.ifc", wrong}}, asking_for_names(), {}, report);
  EXPECT_EQ(rules_of(report), "ids-attribute elements/a/element.ifc\n");
  ASSERT_EQ(report.specifications.size(), 1U);
  EXPECT_EQ(report.specifications[0].path, "elements");
  EXPECT_EQ(report.specifications[0].applicable, 2U);
}

TEST(Validate, ElementFoldersAreWhole) {
  ValidateOptions options;
  options.whole_project = true;
  Report report;
  const std::string good = one_wall();
  validate({{".aecos/roles.json", "{}"}, {"elements/a/element.ifc", good}}, {}, options, report);
  EXPECT_EQ(rules_of(report), "project-missing .aecos/project.json\nproject-missing elements/a/metadata.json\n");
}

TEST(Validate, TheTwoFilesOfAnElementAgree) {
  const std::string good = one_wall(), metadata = R"({"globalId":"0wall00000000000000000","class":"IfcWall"})";
  ValidateOptions options;
  options.disagreements = [&](std::string_view json, std::string_view ifc) -> Result<std::vector<std::string>> {
    EXPECT_EQ(json, metadata);
    EXPECT_EQ(ifc, good);
    return std::vector<std::string>{"Name is 1 here and 2 there"};
  };
  Report report;
  validate({{"elements/a/element.ifc", good}, {"elements/a/metadata.json", metadata}, {"elements/b/element.ifc", good}},
           {}, options, report);
  EXPECT_EQ(rules_of(report), "element-agreement elements/a/metadata.json\n");
}

TEST(Validate, OnlyChangedElementsAreTold) {
  const std::string two = one_wall("#11=IFCWALL('1wall00000000000000000',$,'W-14',$,$,$,$,$,$);\n", "'W-13'");
  InputFile file{"a.ifc", two};
  file.only.emplace();
  file.only->insert("1wall00000000000000000");
  Report report;
  validate({file}, asking_for_names(), {}, report);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].global_id, "1wall00000000000000000");
}

TEST(Validate, WhatWasWrongBeforeIsNotToldAgain) {
  const std::string old_fault = "#20=IFCMATERIAL($,$,$);\n";
  const std::string before = one_wall(old_fault), after = one_wall(old_fault + "#21=IFCMATERIAL($,$,$);\n");
  InputFile file{"a.ifc", after};
  file.before = before;
  Report report;
  validate({file}, {}, {}, report);
  EXPECT_EQ(rules_of(report), "ifc-missing a.ifc\n");
}

TEST(Validate, UnsoundRequirementsAreAFinding) {
  Report report;
  EXPECT_TRUE(read_requirements({{"a.ids", "<ids/>"}}, report).empty());
  EXPECT_EQ(rules_of(report), "ids-invalid a.ids\n");
  EXPECT_EQ(report.findings[0].line, 1U);
}

TEST(Metadata, IsWhatTheSchemaSays) {
  const std::string id = R"("globalId":"0wall00000000000000000")";
  EXPECT_EQ(metadata_fault("{" + id + R"(,"class":"IfcWall","name":"W","more":1})"), "sound");
  EXPECT_EQ(metadata_fault("{" + id + R"(,"class":"IfcWall","properties":{"P":{"A":true,"B":[1,2],"C":null}})" +
                           R"(,"quantities":{"L":{"value":5,"unit":"m"},"N":2}})"),
            "sound");
  EXPECT_EQ(metadata_fault("[]"), "1:1: metadata.json is an object");
  EXPECT_EQ(metadata_fault(R"({"class":"IfcWall"})"), "1:1: \"globalId\" is missing");
  EXPECT_EQ(metadata_fault(R"({"globalId":"x","class":"IfcWall"})"), "1:13: globalId is no GlobalId of IFC");
  EXPECT_EQ(metadata_fault("{" + id + R"(,"class":"IFCWALL"})"),
            "1:46: class is \"IFCWALL\", which is no class of IFC");
  EXPECT_NE(
      metadata_fault("{" + id + R"(,"class":"IfcWall","properties":{"P":1}})").find("a property set is an object"),
      std::string::npos);
  EXPECT_NE(metadata_fault("{" + id + R"(,"class":"IfcWall","quantities":{"L":"5 m"}})").find("a quantity is a number"),
            std::string::npos);
}

TEST(Iso19650, NamesHaveSevenFields) {
  EXPECT_EQ(iso19650_fault("ACME-ARC-XX-L01-M3-A-0012.ifc"), "");
  EXPECT_EQ(iso19650_fault("ACME-ARC-XX-L01-M3-A.ifc"), "the name ends before the field \"number\"");
  EXPECT_EQ(iso19650_fault("ACME-ARC-XX-L01-M3-A-0012-P01.ifc"), "the name goes on after its seventh field");
  EXPECT_EQ(iso19650_fault("ACME--XX-L01-M3-A-0012.ifc"), "the field \"originator\" of the name is missing");
  EXPECT_EQ(iso19650_fault("ACME-A RC-XX-L01-M3-A-0012.ifc"),
            "the field \"originator\" of the name is \"A RC\": letters and digits only");
}

Report hostile_report() {
  Report report;
  report.files = 1;
  Finding finding;
  finding.rule = "ids-property";
  finding.path = "a b/ü<script>.ifc";
  finding.line = 3;
  finding.column = 1;
  finding.group = "Walls & <b>";
  finding.global_id = "0wall00000000000000000";
  finding.ifc_class = "IfcWall";
  finding.name = "W-12\"><script>alert(1)</script>\xFF";
  finding.step_id = 10;
  finding.message = "has no FireRating";
  finding.mend = "give it one";
  report.findings.push_back(finding);
  report.specifications.push_back({"a.ids", "a.ifc", "Walls", "", false, false, 2, 1});
  return report;
}

TEST(Report, IsJsonWhateverStandsInTheFiles) {
  const auto document = text::parse_json(report_json(hostile_report()));
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root()["findings"][0]["element"]["globalId"].as_string(), "0wall00000000000000000");
  EXPECT_EQ(document->root()["specifications"][0]["failed"].as_int(), 1);
}

TEST(Report, SarifNamesRuleAndPlace) {
  const auto document = text::parse_json(report_sarif(hostile_report()));
  ASSERT_TRUE(document);
  const text::JsonNode run = document->root()["runs"][0], result = run["results"][0];
  EXPECT_EQ(result["ruleId"].as_string(), "ids-property");
  const auto index = static_cast<std::size_t>(result["ruleIndex"].as_int().value_or(-1));
  EXPECT_EQ(run["tool"]["driver"]["rules"][index]["id"].as_string(), "ids-property");
  EXPECT_EQ(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_string(),
            "a%20b/%C3%BC%3Cscript%3E.ifc");
  EXPECT_EQ(result["locations"][0]["physicalLocation"]["region"]["startLine"].as_int(), 3);
}

TEST(Report, PageRunsNothing) {
  const std::string page = report_html(hostile_report(), "Validation");
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
  EXPECT_NE(page.find("Walls &amp; &lt;b&gt;"), std::string::npos);
}

}  // namespace
}  // namespace aecos::check
