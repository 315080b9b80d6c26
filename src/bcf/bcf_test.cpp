#include "bcf/bcf.h"

#include <gtest/gtest.h>

#include <limits>

#include "archive/zip.h"
#include "bcf/view.h"

namespace aecos::bcf {
namespace {

constexpr const char* guid_a = "3f6ac03e-de8e-4c5e-b3f0-c7bf5f87fe51";
constexpr const char* guid_b = "9c2f1d4e-0000-4000-8000-0123456789ab";
constexpr const char* version_3 = "<Version VersionId=\"3.0\"/>";

std::string packed(const std::vector<std::pair<std::string, std::string>>& texts) {
  std::vector<archive::File> files;
  for (const auto& [name, text] : texts) files.push_back({name, text});
  auto bytes = archive::write_zip(files);
  EXPECT_TRUE(bytes) << bytes.error().message;
  return bytes ? *bytes : std::string();
}

std::string markup(const std::string& topic, const std::string& guid = guid_a) {
  return "<Markup><Topic Guid=\"" + guid + "\" TopicType=\"Issue\" TopicStatus=\"Open\"><Title>T</Title>" + topic +
         "</Topic></Markup>";
}

std::string one_topic(const std::string& topic, const std::string& guid = guid_a) {
  return packed({{"bcf.version", version_3}, {guid + "/markup.bcf", markup(topic, guid)}});
}

std::string refusal(const std::string& zip, const ReadLimits& limits = {}) {
  const auto archive = read(zip, limits);
  return archive ? "read" : archive.error().message;
}

Archive full(Version version) {
  const bool is_3 = version == Version::v3_0;
  Topic topic;
  topic.guid = guid_a;
  topic.server_assigned_id = is_3 ? "c-12" : "";
  topic.type = "Issue";
  topic.status = "In Progress";
  topic.files = {
      {"0project00000000000000", "0storey000000000000000", true, "house.ifc", 1'000'000, "git:abc:house.ifc"},
      {"", "", false, "part.ifc", {}, ""}};
  topic.reference_links = {"https://example.org/a?b=1&c=2", "git:abc"};
  topic.title = "W-12 <\"fire\"> & more – ä";
  topic.priority = "High";
  topic.index = -3;
  topic.labels = {"ids-property", "Fire"};
  topic.creation_date = 1'700'000'000'500'000;
  topic.creation_author = "ana@example.org";
  topic.modified_date = 1'700'000'001'000'000;
  topic.modified_author = "bo@example.org";
  topic.due_date = -1'000'000;
  topic.assigned_to = "bo@example.org";
  topic.stage = "Tender";
  topic.description = "First line\nsecond, with ]]> and \ttab";
  topic.related_topics = {guid_b};
  topic.comments = {{guid_b, 5'000'000, "bo@example.org", "value: \"REI 90\"", guid_a, 6'000'000, "ana@example.org"},
                    {guid_a, 7'000'000, "bo@example.org", "second", "", {}, ""}};
  Viewpoint view;
  view.guid = guid_a;
  view.camera = Camera{true, {1.5, -2, 0.1}, {0, 1, 0}, {0, 0, 1}, 60, 10, is_3 ? 1.5 : 1};
  view.selection = {{"3cUkl32yn9qRSPvBJVyWYp", "Tool", "42"}};
  view.default_visibility = false;
  view.exceptions = {{"0wall00000000000000000", "", ""}};
  view.spaces_visible = true;
  view.index = 2;
  Viewpoint orthogonal;
  orthogonal.guid = guid_b;
  orthogonal.camera = Camera{false, {0, 0, 1e20}, {0, 0, -1}, {0, 1, 0}, 60, 12.25, 1};
  topic.viewpoints = {view, orthogonal};
  Topic plain;
  plain.guid = guid_b;
  plain.title = "Plain";
  plain.type = "Remark";
  plain.status = "Open";
  plain.creation_date = 0;
  plain.creation_author = "ana@example.org";
  Archive archive;
  archive.version = version;
  archive.project_id = "house";
  archive.project_name = "House on the hill";
  archive.topics = {topic, plain};
  list_used(archive);
  return archive;
}

TEST(Bcf, WhatIsWrittenReadsBackTheSame) {
  for (const Version version : {Version::v2_1, Version::v3_0}) {
    const Archive archive = full(version);
    const auto zip = write(archive);
    ASSERT_TRUE(zip) << zip.error().message;
    const auto back = read(*zip);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->faults, std::vector<std::string>());
    EXPECT_TRUE(*back == archive) << to_string(version);
    EXPECT_EQ(*write(archive), *zip);
  }
}

TEST(Bcf, ListsWhatTopicsUseOnce) {
  const Archive archive = full(Version::v3_0);
  EXPECT_EQ(archive.extensions.types, (std::vector<std::string>{"Issue", "Remark"}));
  EXPECT_EQ(archive.extensions.statuses, (std::vector<std::string>{"In Progress", "Open"}));
  EXPECT_EQ(archive.extensions.users, (std::vector<std::string>{"ana@example.org", "bo@example.org"}));
}

TEST(Bcf, WhatAVersionMustHaveIsAskedFor) {
  const auto message = [](void (*spoil)(Topic&), Version version) {
    Archive archive = full(version);
    spoil(archive.topics[0]);
    const auto zip = write(archive);
    return zip ? std::string("written") : zip.error().message;
  };
  const std::string who = "topic " + std::string(guid_a) + ": ";
  EXPECT_EQ(message([](Topic& topic) { topic.title = " \n"; }, Version::v2_1), who + "it has no title");
  EXPECT_EQ(message([](Topic& topic) { topic.status = ""; }, Version::v2_1), "written");
  EXPECT_EQ(message([](Topic& topic) { topic.status = ""; }, Version::v3_0),
            who + "it has no type or no status, which BCF 3.0 must have");
  EXPECT_EQ(message([](Topic& topic) { topic.viewpoints[0].camera = {}; }, Version::v2_1), "written");
  EXPECT_EQ(message([](Topic& topic) { topic.viewpoints[0].camera = {}; }, Version::v3_0),
            who + "a viewpoint has no camera, which BCF 3.0 must have");
  EXPECT_EQ(message([](Topic& topic) { topic.viewpoints[0].camera->up[0] = std::numeric_limits<double>::quiet_NaN(); },
                    Version::v3_0),
            who + "a camera is nowhere");
  EXPECT_EQ(message([](Topic& topic) { topic.comments[0].date = {}; }, Version::v2_1),
            who + "a comment has no guid, date or author");
  EXPECT_EQ(message([](Topic& topic) { topic.guid = guid_b; }, Version::v2_1),
            "topic " + std::string(guid_b) + ": it is there twice");
}

TEST(Bcf, ComponentsThatNobodyCouldFindAreLeftOut) {
  Archive archive = full(Version::v3_0);
  archive.topics[0].viewpoints[0].selection = {{"no GlobalId", "", ""}, {"", "Tool", "7"}};
  const auto back = read(*write(archive));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->topics[0].viewpoints[0].selection, (std::vector<Component>{{"", "Tool", "7"}}));
}

TEST(Bcf, ReadsWhatOtherProgramsWrite) {
  const std::string upper = "{9C2F1D4E-0000-4000-8000-0123456789AB}";
  const std::string text =
      "\xEF\xBB\xBF<?xml version=\"1.0\"?><Markup "
      "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><Header><File "
      "IfcProject=\"0project00000000000000\" isExternal=\"false\"><Filename>a.ifc</Filename></File></Header><Topic "
      "Guid=\"" +
      upper +
      "\" TopicStatus=\"Closed\" New=\"x\"><Title>A</Title><Labels>one</Labels><Labels>two</Labels>"
      "<CreationDate>2026-03-31T12:00:00</CreationDate><ModifiedDate></ModifiedDate><Unknown><Deep/></Unknown>"
      "<RelatedTopic Guid=\"" +
      std::string(guid_a) + "\"/></Topic><Comment Guid=\"" + guid_a +
      "\"><VerbalStatus>Open</VerbalStatus><Date>2026-03-31T14:00:00+02:00</Date><Author>Bo</Author>"
      "<Comment>theirs</Comment></Comment><Viewpoints Guid=\"" +
      guid_b + "\"><Viewpoint>View.BCFV</Viewpoint><Snapshot>snapshot.png</Snapshot></Viewpoints></Markup>";
  const std::string view =
      "<VisualizationInfo><Components><ViewSetupHints OpeningsVisible=\"true\"/><Component "
      "IfcGuid=\"0wall00000000000000000\" Selected=\"true\" Visible=\"false\"/></Components></VisualizationInfo>";
  const auto archive = read(packed({{"bcf.version", "<Version VersionId=\"2.0\"/>"},
                                    {"9C2F1D4E\\", ""},
                                    {"9C2F1D4E\\markup.bcf", text},
                                    {"9C2F1D4E\\view.bcfv", view},
                                    {"9C2F1D4E\\snapshot.png", "\x89PNG"}}));
  ASSERT_TRUE(archive) << archive.error().message;
  EXPECT_EQ(archive->faults, std::vector<std::string>());
  ASSERT_EQ(archive->topics.size(), 1U);
  const Topic& topic = archive->topics[0];
  EXPECT_EQ(topic.guid, guid_b);
  EXPECT_EQ(topic.labels, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(topic.related_topics, std::vector<std::string>{guid_a});
  EXPECT_EQ(topic.creation_date, topic.comments.at(0).date);
  EXPECT_FALSE(topic.modified_date);
  EXPECT_FALSE(topic.files.at(0).external);
  EXPECT_EQ(topic.viewpoints.at(0).selection.at(0).ifc_guid, "0wall00000000000000000");
  EXPECT_EQ(topic.viewpoints.at(0).exceptions.size(), 1U);
  EXPECT_TRUE(topic.viewpoints.at(0).openings_visible);
  EXPECT_EQ(topic.viewpoints.at(0).snapshot, "snapshot.png");
}

TEST(Bcf, ATopicThatCannotBeReadIsToldAndTheOthersAreRead) {
  const std::string date = "<CreationDate>yesterday</CreationDate>";
  const auto archive = read(packed({{"bcf.version", version_3},
                                    {"a/markup.bcf", markup(date)},
                                    {"b/markup.bcf", markup("", "no guid")},
                                    {"c/markup.bcf", "<Markup>"},
                                    {"d/markup.bcf", markup("", guid_b)},
                                    {"e/markup.bcf", markup("", guid_b)},
                                    {"f/markup.bcf", "<!DOCTYPE x [<!ENTITY a \"b\">]><Markup/>"},
                                    {"g/markup.bcf", "<Markup>&lol;</Markup>"}}));
  ASSERT_TRUE(archive) << archive.error().message;
  ASSERT_EQ(archive->topics.size(), 1U);
  EXPECT_EQ(archive->topics[0].guid, guid_b);
  ASSERT_EQ(archive->faults.size(), 6U);
  EXPECT_EQ(archive->faults[0],
            "a/markup.bcf:1:114: <CreationDate> is \"yesterday\", no date like 2026-03-31T12:00:00Z");
  EXPECT_EQ(archive->faults[1], "b/markup.bcf:1:10: the topic's Guid is \"no guid\", which is none");
  EXPECT_NE(archive->faults[2].find("c/markup.bcf:1:"), std::string::npos);
  EXPECT_EQ(archive->faults[3], "e/markup.bcf: the topic " + std::string(guid_b) + " is there twice");
  EXPECT_NE(archive->faults[4].find("a document type is not allowed"), std::string::npos);
  EXPECT_NE(archive->faults[5].find("entities"), std::string::npos);
}

TEST(Bcf, AViewpointThatCannotBeReadCostsOnlyItself) {
  const std::string views = "<Viewpoints><ViewPoint Guid=\"" + std::string(guid_b) +
                            "\"><Viewpoint>v.bcfv</Viewpoint></ViewPoint><ViewPoint Guid=\"" + guid_a +
                            "\"><Viewpoint>../../secret</Viewpoint></ViewPoint></Viewpoints>";
  const auto archive =
      read(packed({{"bcf.version", version_3},
                   {"a/markup.bcf", markup(views)},
                   {"a/v.bcfv",
                    "<VisualizationInfo><PerspectiveCamera><CameraViewPoint><X>nan</X></CameraViewPoint>"
                    "</PerspectiveCamera></VisualizationInfo>"}}));
  ASSERT_TRUE(archive);
  ASSERT_EQ(archive->topics.size(), 1U);
  EXPECT_FALSE(archive->topics[0].viewpoints.at(0).camera);
  ASSERT_EQ(archive->faults.size(), 2U);
  EXPECT_EQ(archive->faults[0], "a/v.bcfv:1:57: <X> is \"nan\", no number");
  EXPECT_EQ(archive->faults[1], "a/../../secret: there is no such viewpoint");
}

TEST(Bcf, NamesThatLeadOutOfTheArchiveAreRefused) {
  for (const std::string name : {"../a", "a/../../b", "/etc/passwd", "C:\\a", "..\\a", "a\\..\\..\\b"})
    EXPECT_EQ(refusal(packed({{"bcf.version", version_3}, {name, "x"}})),
              "the BCF archive has an entry \"" + name + "\", which leads out of it; it is not read");
}

TEST(Bcf, TwoFilesOfOneNameAreRefused) {
  EXPECT_EQ(refusal(packed({{"bcf.version", version_3}, {"a/markup.bcf", ""}, {"A\\Markup.BCF", ""}})),
            "the BCF archive has two files called \"A\\Markup.BCF\"; it is not read");
}

TEST(Bcf, LinksAreRefused) {
  std::string zip = packed({{"bcf.version", version_3}, {"a/link", "bcf.version"}});
  const std::size_t at = zip.rfind("PK\x01\x02");
  zip[at + 5] = 3;                                       // Made on Unix.
  zip[at + 38] = 0, zip[at + 39] = 0, zip[at + 40] = 0;  // A link.
  zip[at + 41] = static_cast<char>(0xA0);
  EXPECT_EQ(refusal(zip), "the BCF archive has a link, \"a/link\"; it is not read");
}

TEST(Bcf, BombsAreRefused) {
  const std::string bomb = one_topic("<Description>" + std::string(20 << 20, 'a') + "</Description>");
  ASSERT_LT(bomb.size(), 100'000U);
  EXPECT_NE(refusal(bomb).find("would grow to more than 8388608 bytes"), std::string::npos) << refusal(bomb);
  ReadLimits limits;
  limits.bytes = 1000;
  const std::string blown = "<Description>" + std::string(700, 'a') + "</Description>";
  EXPECT_NE(refusal(packed({{"bcf.version", version_3},
                            {"a/markup.bcf", markup(blown)},
                            {"b/markup.bcf", markup(blown, guid_b)}}),
                    limits)
                .find("would grow to more than"),
            std::string::npos);
}

TEST(Bcf, TooManyOfAnythingAreRefused) {
  ReadLimits limits;
  limits.topics = 1;
  const std::string two = packed({{"bcf.version", version_3}, {"a/markup.bcf", ""}, {"b/markup.bcf", ""}});
  EXPECT_EQ(refusal(two, limits), "the BCF archive has more than 1 topics; it is not read");
  limits.entries = 2;
  EXPECT_EQ(refusal(two, limits), "the ZIP archive has more than 2 entries");
  ReadLimits parts;
  parts.parts = 2;
  const auto archive = read(one_topic("<ReferenceLinks><ReferenceLink>a</ReferenceLink><ReferenceLink>b</ReferenceLink>"
                                      "<ReferenceLink>c</ReferenceLink></ReferenceLinks>"),
                            parts);
  ASSERT_TRUE(archive);
  ASSERT_EQ(archive->faults.size(), 1U);
  EXPECT_NE(archive->faults[0].find("the topic has more than 2 parts"), std::string::npos);
}

TEST(Bcf, WhatIsNoBcfIsSaidToBeNone) {
  EXPECT_NE(refusal("no zip").find("the ZIP archive cannot be opened"), std::string::npos);
  EXPECT_EQ(refusal(packed({{"a.txt", ""}})), "the BCF archive has no bcf.version; is it one?");
  EXPECT_EQ(refusal(packed({{"bcf.version", "<Version VersionId=\"1.0\"/>"}})),
            "the BCF archive is of version \"1.0\"; 2.0, 2.1 and 3.0 are read");
}

TEST(BcfDate, MeansTheSameMomentInEveryZone) {
  EXPECT_EQ(parse_date("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(parse_date("2026-03-31T12:00:00"), parse_date("2026-03-31T14:00:00+02:00"));
  EXPECT_EQ(parse_date("2026-03-31T12:00:00.5"), parse_date("2026-03-31T06:30:00.500000000-05:30"));
  EXPECT_EQ(parse_date("2026-03-31"), parse_date("2026-03-30T24:00:00Z"));
  EXPECT_EQ(parse_date("2026-03-31Z"), parse_date("2026-03-31"));
  EXPECT_EQ(parse_date("2026-03-31T12:00:00+0200"), parse_date("2026-03-31T12:00:00+02:00"));
  for (const char* wrong :
       {"", "2026-02-29", "2026-13-01", "2026-3-1", "31.03.2026", "2026-03-31T25:00:00", "2026-03-31T12:00",
        "2026-03-31T12:00:00X", "2026-03-31T12:00:00+99:00", "0000-01-01", "2026-03-31T12:00:00.", "99999-01-01"})
    EXPECT_FALSE(parse_date(wrong)) << wrong;
}

TEST(BcfDate, IsWrittenAsItIsRead) {
  for (const char* text :
       {"0001-01-01T00:00:00Z", "1900-02-28T23:59:59Z", "1969-12-31T23:59:59.999999Z", "1972-02-29T00:00:00Z",
        "2000-02-29T12:34:56.5Z", "2026-11-29T15:35:24Z", "9999-12-31T00:00:00Z"}) {
    const auto time = parse_date(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(date_text(*time), text);
  }
}

TEST(BcfDate, EveryDayOfFourHundredYearsIsItself) {
  std::int64_t day = *parse_date("1970-01-01");
  constexpr std::int64_t day_us = std::int64_t{86'400} * 1'000'000;
  for (int i = 0; i < 146'097; ++i, day += day_us) ASSERT_EQ(parse_date(date_text(day)), day) << date_text(day);
}

TEST(BcfGuid, FollowsFromItsText) {
  EXPECT_EQ(guid_of("a"), guid_of("a"));
  EXPECT_NE(guid_of("a"), guid_of("b"));
  EXPECT_TRUE(is_guid(guid_of("a")));
  EXPECT_EQ(guid_of("a")[14], '8');
  EXPECT_NE(std::string("89ab").find(guid_of("a")[19]), std::string::npos);
  EXPECT_EQ(normal_guid("{9C2F1D4E-0000-4000-8000-0123456789AB}"), guid_b);
  EXPECT_EQ(normal_guid("9c2f1d4e-0000-4000-8000-0123456789abc"), "");
  EXPECT_EQ(normal_guid("9c2f1d4e00004000800001234567 89ab"), "");
}

TEST(BcfView, ShowsTheWholeBox) {
  const Box box{{10, 20, 0}, {14, 21, 3}};
  const Camera camera = camera_at(box);
  // Every corner is within half the angle of view from the camera's direction.
  for (int corner = 0; corner < 8; ++corner) {
    Vector to{};
    double along = 0, length = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      to[i] = ((corner >> i) & 1 ? box.high[i] : box.low[i]) - camera.position[i];
      along += to[i] * camera.direction[i];
      length += to[i] * to[i];
    }
    EXPECT_GT(along * along / length, 0.75) << corner;  // cos² 30°
    EXPECT_GT(along, 0);
  }
}

}  // namespace
}  // namespace aecos::bcf
