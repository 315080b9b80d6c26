#include "diff/diff.h"

#include <gtest/gtest.h>

#include "diff/file_type.h"

namespace aecos::diff {
namespace {

constexpr std::string_view model =
    "ISO-10303-21;HEADER;FILE_SCHEMA(('IFC4'));ENDSEC;DATA;"
    "#1=IFCWALL('0000000000000000000001',$,'W-1',$,$,$,$,$,$);ENDSEC;END-ISO-10303-21;";

TEST(DiffFile, TheEndingDecidesThenTheContent) {
  const auto type = [](std::string_view path, std::string_view bytes) {
    const std::string_view versions[] = {"", bytes};
    return file_type(path, versions);
  };
  EXPECT_EQ(type("a/House.IFC", ""), FileType::ifc);
  EXPECT_EQ(type("a.geojson", ""), FileType::json);
  EXPECT_EQ(type("a.md", "text"), FileType::markdown);
  EXPECT_EQ(type("a.md", std::string_view("\0", 1)), FileType::binary);
  EXPECT_EQ(type("a.rvt", "text"), FileType::binary);
  EXPECT_EQ(type("model", model), FileType::ifc);
  EXPECT_EQ(type("ISO-10303-21", "text"), FileType::text);
}

TEST(DiffFile, AModelThatComesOrGoesIsItsElements) {
  auto found = diff_file("a.ifc", "", model);
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ((*found)[0].kind, ChangeKind::added);
  found = diff_file("a.ifc", model, "");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ((*found)[0].kind, ChangeKind::removed);
}

TEST(DiffFile, EachTypeItsOwnWords) {
  auto found = diff_file("a.json", R"({"a":1})", R"({"a":2})");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ((*found)[0].at, "/a");
  found = diff_file("a.txt", "one\n", "two\n");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->size(), 1U);
  found = diff_file("a.png", "", std::string_view("\0x", 2));
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ((*found)[0].before, std::nullopt);
  EXPECT_EQ(found->front().after->substr(0, 10), "{\"size\":2,");
  found = diff_file("a.png", "x", "x");
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->empty());
}

TEST(DiffFile, ErrorsNameVersionAndPlace) {
  const auto found = diff_file("a.ifc", model, "ISO-10303-21;HEADER;ENDSEC;DATA;#1=IFCWALL(;ENDSEC;END-ISO-10303-21;");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message.substr(0, 9), "after: 1:") << found.error().message;
}

}  // namespace
}  // namespace aecos::diff
