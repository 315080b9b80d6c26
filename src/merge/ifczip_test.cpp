#include "step/ifczip.h"

#include <gtest/gtest.h>

#include "diff/diff.h"
#include "merge/merge.h"
#include "merge/normalise.h"

namespace aecos::merge {
namespace {

std::string model(const std::string& name, const std::string& tag, int first_id = 1) {
  return "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','2026-01-01',(''),(''),'','','');\n"
         "FILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n#" +
         std::to_string(first_id) + "=IFCWALL('0WvctVUKr0kugbFTf53O9L',$,'" + name + "',$,$,$,$,'" + tag +
         "',$);\nENDSEC;\nEND-ISO-10303-21;\n";
}

std::string zip(const std::string& text) {
  auto bytes = step::pack({"house.ifc", text});
  EXPECT_TRUE(bytes);
  return bytes ? *bytes : std::string();
}

Options options() {
  Options made;
  made.path = "house.ifczip";
  return made;
}

std::string merged(const std::string& base, const std::string& ours, const std::string& theirs) {
  const auto outcome = merge_file(base, ours, theirs, options());
  return outcome ? outcome->merged : outcome.error().message;
}

const std::string base_zip = zip(model("W", "t")), ours_zip = zip(model("W2", "t")), theirs_zip = zip(model("W", "t2"));

TEST(MergeIfcZip, WhatIsInTheArchivesIsMergedAndPackedAgain) {
  EXPECT_EQ(merged(base_zip, ours_zip, theirs_zip), zip(model("W2", "t2")));
  EXPECT_EQ(merged("", ours_zip, ours_zip), ours_zip);
  const auto conflicting = merge_file(base_zip, ours_zip, zip(model("W3", "t")), options());
  ASSERT_TRUE(conflicting);
  EXPECT_EQ(conflicting->conflicts.size(), 1U);
  EXPECT_EQ(conflicting->merged, ours_zip);
}

TEST(MergeIfcZip, ChangesOfOneSideStandInTheirOwnBytes) {
  EXPECT_EQ(merged(base_zip, base_zip, theirs_zip), theirs_zip);
  EXPECT_EQ(merged(base_zip, ours_zip, base_zip), ours_zip);
  EXPECT_EQ(merged(base_zip, base_zip, base_zip), base_zip);
}

TEST(MergeIfcZip, PackedAndPlainVersionsMeet) {
  EXPECT_EQ(merged(base_zip, model("W2", "t"), theirs_zip), model("W2", "t2"));
  EXPECT_EQ(merged(base_zip, ours_zip, model("W", "t2")), zip(model("W2", "t2")));
}

TEST(MergeIfcZip, ABrokenArchiveIsNamedAndKeptWhole) {
  const std::string broken = theirs_zip.substr(0, theirs_zip.size() / 2);
  const std::string message = merged(base_zip, ours_zip, broken);
  EXPECT_EQ(message.rfind("theirs: the ZIP archive cannot be opened", 0), 0U) << message;
  const Outcome outcome = merge_any(base_zip, ours_zip, broken, options());
  EXPECT_EQ(outcome.merged, ours_zip);
  ASSERT_EQ(outcome.conflicts.size(), 1U);
  EXPECT_EQ(outcome.conflicts[0].kind, ConflictKind::unreadable);
}

TEST(MergeIfcZip, AReExportIsTheArchiveOfBefore) {
  auto normal = normalise_ifc(base_zip, zip(model("W", "t", 77)));
  ASSERT_TRUE(normal) << normal.error().message;
  EXPECT_EQ(*normal, base_zip);
  normal = normalise_ifc(base_zip, zip(model("W2", "t", 77)));
  ASSERT_TRUE(normal);
  EXPECT_EQ(*normal, ours_zip);
  normal = normalise_ifc(base_zip, model("W", "t", 77));
  ASSERT_TRUE(normal);
  EXPECT_EQ(*normal, model("W", "t"));
}

TEST(MergeIfcZip, ArchivesAreComparedByWhatIsInThem) {
  const auto changes = diff::diff_file("house.ifczip", base_zip, ours_zip);
  ASSERT_TRUE(changes) << changes.error().message;
  ASSERT_EQ(changes->size(), 1U);
  EXPECT_EQ((*changes)[0].kind, diff::ChangeKind::renamed);
  const auto added = diff::diff_file("house.ifczip", "", ours_zip);
  ASSERT_TRUE(added);
  EXPECT_EQ(added->size(), 1U);
  const auto broken = diff::diff_file("house.ifczip", base_zip, "PK\x03\x04");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().message.rfind("after: the ZIP archive", 0), 0U) << broken.error().message;
}

}  // namespace
}  // namespace aecos::merge
