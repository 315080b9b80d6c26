#include "check/report_bcf.h"

#include <gtest/gtest.h>

namespace aecos::check {
namespace {

Finding finding(const std::string& message, const std::string& global_id = "3cUkl32yn9qRSPvBJVyWYp") {
  Finding made{"ids-property", Severity::error, "models/my house.ifc"};
  made.line = 12;
  made.group = "Fire";
  made.global_id = global_id;
  made.ifc_class = global_id.empty() ? "" : "IfcWall";
  made.name = global_id.empty() ? "" : "W-12";
  made.message = message;
  made.mend = "give it a FireRating";
  return made;
}

bcf::Origin origin() {
  bcf::Origin made;
  made.project_id = "house";
  made.author = "ana@example.org";
  made.commit = "abc";
  made.link = "git:abc";
  made.file_link = "git:abc:";
  return made;
}

bcf::Archive archive_of(const std::vector<Finding>& findings) {
  Report report;
  report.findings = findings;
  return report_bcf(report, origin(), [](const std::string&, const std::string&) {
    return bcf::Whereabouts{"0project00000000000000", bcf::Box{{0, 0, 0}, {4, 0.2, 3}}};
  });
}

TEST(ReportBcf, ATopicSaysWhatIsWrongWhereAndHowToMendIt) {
  const bcf::Archive archive = archive_of({finding("FireRating is missing")});
  ASSERT_EQ(archive.topics.size(), 1U);
  const bcf::Topic& topic = archive.topics[0];
  EXPECT_EQ(topic.title, "IfcWall W-12: FireRating is missing");
  EXPECT_EQ(topic.description,
            "FireRating is missing\nTo mend it: give it a FireRating\nRequirement: Fire\nFile: models/my house.ifc:12\n"
            "Element: IfcWall 3cUkl32yn9qRSPvBJVyWYp\nCommit: abc");
  EXPECT_EQ(topic.labels, std::vector<std::string>{"ids-property"});
  EXPECT_EQ(topic.priority, "High");
  ASSERT_EQ(topic.files.size(), 1U);
  EXPECT_EQ(topic.files[0].filename, "my house.ifc");
  EXPECT_EQ(topic.files[0].reference, "git:abc:models/my%20house.ifc");
  EXPECT_EQ(topic.files[0].ifc_project, "0project00000000000000");
  ASSERT_EQ(topic.viewpoints.size(), 1U);
  EXPECT_EQ(topic.viewpoints[0].selection.at(0).ifc_guid, "3cUkl32yn9qRSPvBJVyWYp");
  for (const bcf::Version version : {bcf::Version::v2_1, bcf::Version::v3_0}) {
    bcf::Archive written = archive;
    written.version = version;
    EXPECT_TRUE(bcf::write(written));
  }
}

TEST(ReportBcf, WhatIsAboutAFileSelectsNothing) {
  EXPECT_TRUE(archive_of({finding("no project", "")}).topics.at(0).viewpoints.empty());
}

TEST(ReportBcf, WhatIsWaivedIsLeftOut) {
  Finding waived = finding("FireRating is missing");
  waived.waiver = "w-1";
  EXPECT_EQ(archive_of({waived, finding("other")}).topics.size(), 1U);
}

TEST(ReportBcf, AnotherLineIsTheSameTopicAndAnotherFindingAnother) {
  Finding moved = finding("a");
  moved.line = 99;
  const std::string guid = archive_of({finding("a")}).topics.at(0).guid;
  EXPECT_EQ(archive_of({moved}).topics.at(0).guid, guid);
  EXPECT_NE(archive_of({finding("b")}).topics.at(0).guid, guid);
  const bcf::Archive both = archive_of({finding("a"), finding("a")});  // Of two things that cannot be told apart.
  EXPECT_EQ(both.topics.at(0).guid, guid);
  EXPECT_NE(both.topics.at(1).guid, guid);
}

}  // namespace
}  // namespace aecos::check
