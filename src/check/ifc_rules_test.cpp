#include "check/ifc_rules.h"

#include <gtest/gtest.h>

#include "check/ids_test_internal.h"

namespace aecos::check {
namespace {

// "rule: message" a line.
std::string faults(const std::string& more, const std::string& schema = "IFC4") {
  const std::string bytes = model_text(more, schema);
  const auto model = ifc::read_model(bytes);
  if (!model) return model.error().message;
  Report report;
  check_ifc_rules(*model, "house.ifc", report);
  std::string text;
  for (const Finding& finding : report.findings) text += finding.rule + ": " + finding.message + "\n";
  return text;
}

const std::string wall_begin = "#10=IFCWALL('0wall00000000000000000',$,'W'";

TEST(IfcRules, SoundModelHasNoFinding) { EXPECT_EQ(faults(wall_begin + ",$,$,$,$,$,.SHEAR.);\n"), ""); }

TEST(IfcRules, ReferencesLeadSomewhere) {
  EXPECT_EQ(faults(wall_begin + ",$,$,#99,$,$,$);\n"), "ifc-reference: refers to #99, which is not there\n");
  EXPECT_EQ(faults(wall_begin + ",$,$,#3,$,$,$);\n"),
            "ifc-value: ObjectPlacement refers to #3, an IfcSIUnit, where an IfcObjectPlacement is wanted\n");
}

TEST(IfcRules, ValuesAreOfTheirType) {
  EXPECT_EQ(faults(wall_begin + ",$,$,$,$,$,.FOO.);\n"),
            "ifc-value: PredefinedType is .FOO., not an item of IfcWallTypeEnum\n");
  EXPECT_EQ(faults("#10=IFCWALL('0wall00000000000000000',$,12,$,$,$,$,$,$);\n"), "ifc-value: Name is 12, not a text\n");
  EXPECT_EQ(faults("#10=IFCCARTESIANPOINT((0.,'a'));\n"), "ifc-value: Coordinates is 'a', not a number\n");
  EXPECT_EQ(faults("#10=IFCCARTESIANPOINT(0.);\n"), "ifc-value: Coordinates is one value, not a list\n");
  EXPECT_EQ(faults("#10=IFCCARTESIANPOINT((0.,0.,0.,0.));\n"),
            "ifc-value: Coordinates has 4 members, at most 3 are wanted\n");
  EXPECT_EQ(faults("#10=IFCPROPERTYSINGLEVALUE('a',$,IFCLABEL(1.),$);\n"),
            "ifc-value: NominalValue (IfcLabel) is 1., not a text\n");
  EXPECT_EQ(faults("#10=IFCPROPERTYSINGLEVALUE('a',$,IFCFOO(1.),$);\n"),
            "ifc-value: NominalValue is an IFCFOO, which the schema does not have\n");
  EXPECT_EQ(faults("#10=IFCPROPERTYSINGLEVALUE('a',$,'x',$);\n"), "ifc-value: NominalValue is 'x', not a reference\n");
}

TEST(IfcRules, WhatMustBeThereIs) {
  EXPECT_EQ(faults("#10=IFCMATERIAL($,$,$);\n"), "ifc-missing: has no Name\n");
  EXPECT_EQ(faults("#10=IFCWALL('0wall00000000000000000',$,$);\n"),
            "ifc-attribute-count: has 3 attributes, IfcWall has 9\n");
  EXPECT_EQ(faults("#10=IFCELEMENT('0wall00000000000000000',$,$,$,$,$,$,$);\n"),
            "ifc-abstract: IfcElement is abstract: it has no instances of its own\n");
  EXPECT_EQ(faults("#10=IFCRABBIT('a');\n#11=IFCRABBIT('b');\n"), "ifc-class: the schema has no class IFCRABBIT\n");
}

TEST(IfcRules, GlobalIdsAreSoundAndThereOnce) {
  EXPECT_EQ(faults("#10=IFCWALL('too short',$,$,$,$,$,$,$,$);\n"),
            "ifc-global-id: its GlobalId is \"too short\", which is not 22 characters of the alphabet of IFC\n");
  EXPECT_EQ(faults(wall_begin + ",$,$,$,$,$,$);\n#11=IFCDOOR('0wall00000000000000000',$,$,$,$,$,$,$,$,$,$,$,$);\n"),
            "ifc-global-id-twice: has the GlobalId of #10\n");
}

TEST(IfcRules, RelationsAreAsManyAsAllowed) {
  EXPECT_EQ(faults(wall_begin + ",$,$,$,$,$,$);\n#11=IFCBUILDINGSTOREY('0storey000000000000000',$,$,$,$,$,$,$,$,$);\n"
                                "#12=IFCRELCONTAINEDINSPATIALSTRUCTURE('0rel000000000000000000',$,$,$,(#10),#11);\n#13="
                                "IFCRELCONTAINEDINSPATIALSTRUCTURE('1rel000000000000000000',$,$,$,(#10),#11);\n"),
            "ifc-inverse: has 2 ContainedInStructure (IfcRelContainedInSpatialStructure), at most 1 is allowed\n");
}

TEST(IfcRules, FindingsKnowTheirPlace) {
  const std::string bytes = model_text("\n  #10=IFCWALL('0wall00000000000000000',$,'W-12',$,$,$,$,$,.FOO.);\n");
  const auto model = ifc::read_model(bytes);
  ASSERT_TRUE(model);
  Report report;
  check_ifc_rules(*model, "house.ifc", report);
  ASSERT_EQ(report.findings.size(), 1U);
  const Finding& finding = report.findings.front();
  EXPECT_EQ(finding.line, 12U);
  EXPECT_EQ(finding.column, 3U);
  EXPECT_EQ(finding.global_id, "0wall00000000000000000");
  EXPECT_EQ(finding.ifc_class, "IfcWall");
  EXPECT_EQ(finding.name, "W-12");
  EXPECT_EQ(finding.step_id, 10U);
}

TEST(IfcRules, AllAreCountedAndSomeTold) {
  std::string walls;
  for (int k = 100; k < 150; ++k) walls += "#" + std::to_string(k) + "=IFCMATERIAL($,$,$);\n";
  const std::string bytes = model_text(walls);
  const auto model = ifc::read_model(bytes);
  ASSERT_TRUE(model);
  Report report;
  check_ifc_rules(*model, "house.ifc", report, {10});
  EXPECT_EQ(report.findings.size(), 10U);
  EXPECT_EQ(report.errors(), 50U);
}

TEST(LineIndex, CountsAcrossBlocks) {
  std::string text(70'000, 'x');
  text += "\n\nab";
  const LineIndex lines(text);
  EXPECT_EQ(lines.of(0), (std::pair<std::size_t, std::size_t>{1, 1}));
  EXPECT_EQ(lines.of(69'999), (std::pair<std::size_t, std::size_t>{1, 70'000}));
  EXPECT_EQ(lines.of(text.size() - 1), (std::pair<std::size_t, std::size_t>{3, 2}));
}

}  // namespace
}  // namespace aecos::check
