#include "check/soundness.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace aecos::check {
namespace {

std::string model(const std::string& more, const std::string& schema = "IFC4") {
  return "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\nFILE_SCHEMA(('" +
         schema +
         "'));\nENDSEC;\nDATA;\n"
         "#1=IFCPROJECT('0project00000000000000',$,'House',$,$,$,$,$,#2);\n"
         "#2=IFCUNITASSIGNMENT((#3));\n"
         "#3=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);\n"
         "#4=IFCBUILDINGSTOREY('0storey000000000000000',$,'Level 1',$,$,$,$,$,$,$);\n"
         "#5=IFCWALL('0wall00000000000000000',$,'W-12',$,$,$,$,$,$);\n" +
         more + "ENDSEC;\nEND-ISO-10303-21;\n";
}

std::string faults_of(const std::string& more, const std::string& schema = "IFC4") {
  std::string text;
  for (const SoundnessFault& fault : find_faults("a/house.IFC", model(more, schema)))
    text += fault.where + ": " + fault.what + "\n";
  return text;
}

TEST(Soundness, SoundModelHasNoFault) { EXPECT_EQ(faults_of(""), ""); }

TEST(Soundness, ModelIsHeldToItsSchema) {
  EXPECT_EQ(faults_of("#6=IFCRELCONTAINEDINSPATIALSTRUCTURE('0rel000000000000000000',$,$,$,(#5,#99),#4);\n"),
            "13:1: #6 IfcRelContainedInSpatialStructure refers to #99, which is not there\n");
  EXPECT_NE(faults_of("#6=IFCRELCONTAINEDINSPATIALSTRUCTURE('0rel000000000000000000',$,$,$,(#5),#5);\n"), "");
  EXPECT_NE(faults_of("#6=IFCRELAGGREGATES('0rel000000000000000000',$,$,$,#1,());\n"), "");
  EXPECT_NE(faults_of("#6=IFCWALL('0wall00000000000000000',$,'W-13',$,$,$,$,$,$);\n"), "");
  EXPECT_NE(faults_of("#6=IFCWALL($,$,'W-13',$,$,$,$,$,$);\n"), "");
  const std::string relation = "=IFCRELCONTAINEDINSPATIALSTRUCTURE('0rel00000000000000000";
  EXPECT_NE(faults_of("#6" + relation + "A',$,$,$,(#5),#4);\n#7" + relation + "B',$,$,$,(#5),#4);\n"), "");
}

TEST(Soundness, UnknownClassesAndSchemasAreRead) {
  EXPECT_EQ(faults_of("#6=VENDORTHING($,(),#5);\n"), "");
  EXPECT_EQ(faults_of("#6=IFCWALL('0wall00000000000000000');\n", "SOMETHING"), "");
}

TEST(Soundness, BrokenFileIsNamedWithLineAndColumn) {
  const auto faults = find_faults("house.ifc", model("#6=IFCWALL('\n"));
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].where.substr(0, faults[0].where.find(':')), "13");
  const auto json = find_faults("elements/w/metadata.json", "{\n  \"a\": 1,\n  \"b\": \n}\n");
  ASSERT_EQ(json.size(), 1U);
  EXPECT_EQ(json[0].where, "4:1");
}

TEST(Soundness, MetadataNamesAGlobalId) {
  EXPECT_TRUE(find_faults("notes/metadata.json", R"({"globalId": "none"})").empty());
  const auto faults = find_faults("elements/w/metadata.json", "{\n \"globalId\": \"none\"}");
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].where, "2:14");
  EXPECT_EQ(find_faults("elements/w/metadata.json", "[]").size(), 1U);
}

TEST(Soundness, OtherFilesAreNotLookedAt) { EXPECT_TRUE(find_faults("notes.md", "{").empty()); }

TEST(Soundness, OldFaultsAreLeftOutWhateverTheirIds) {
  const std::string old = "#6=IFCWALL($,$,'W-13',$,$,$,$,$,$);\n";
  auto faults = find_faults("h.ifc", model("#16=IFCWALL($,$,'W-13',$,$,$,$,$,$);\n#17=IFCWALL($,$,$,$,$,$,$,$,$);\n"));
  ASSERT_EQ(faults.size(), 2U);
  leave_out(faults, find_faults("h.ifc", model(old)));
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].what.substr(0, 11), "#17 IfcWall");
  leave_out(faults, find_faults("h.ifc", model("")));
  EXPECT_EQ(faults.size(), 1U);
}

// What merges give keeps the rules by which this looks.
TEST(Soundness, MergedModelsOfTheCasesHaveNoFault) {
  std::size_t count = 0;
  for (const auto& each : std::filesystem::recursive_directory_iterator("tests/merge_cases")) {
    if (each.path().filename() != "merged.ifc") continue;
    std::ostringstream text;
    text << std::ifstream(each.path()).rdbuf();
    auto faults = find_faults("merged.ifc", text.str());
    for (const char* side : {"base.ifc", "ours.ifc", "theirs.ifc"}) {
      std::ostringstream before;
      before << std::ifstream(each.path().parent_path() / side).rdbuf();
      leave_out(faults, find_faults("merged.ifc", before.str()));
    }
    for (const SoundnessFault& fault : faults) ADD_FAILURE() << each.path() << ":" << fault.where << ": " << fault.what;
    ++count;
  }
  EXPECT_GT(count, 10U);
}

}  // namespace
}  // namespace aecos::check
