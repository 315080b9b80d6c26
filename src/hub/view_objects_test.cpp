#include "hub/view_objects.h"

#include <gtest/gtest.h>

#include "os/memory_file_system.h"

namespace aecos::hub {
namespace {

using speckle::Object;
using speckle::ObjectId;

ObjectId id_of(char digit) { return *speckle::to_object_id(std::string(32, digit)); }

Object object(char digit, const std::string& below = "") {
  std::string closure;
  for (const char c : below) closure += (closure.empty() ? "" : ",") + ("\"" + std::string(32, c)) + "\":1";
  return {id_of(digit), "{\"id\":\"" + std::string(32, digit) + "\",\"__closure\":{" + closure + "}}"};
}

ViewVersion version(const std::string& commit, char root) { return {commit, std::string(32, root), "m", "a", 1, 1, 0}; }

class ViewObjectsTest : public testing::Test {
 protected:
  std::unique_ptr<ViewObjects> open() { return *ViewObjects::open(files_, "/views/house"); }
  os::MemoryFileSystem files_;
};

TEST_F(ViewObjectsTest, WhatWasAddedIsThereAgainAfterAStart) {
  {
    const auto objects = open();
    ASSERT_TRUE(objects->add({object('a'), object('b', "a")}, {{"shape/1", "x y"}}));
    ASSERT_TRUE(objects->add_version(version("c1", 'b')));
  }
  const auto objects = open();
  EXPECT_TRUE(objects->has(id_of('a')));
  EXPECT_EQ(*objects->line(id_of('a')), std::string(32, 'a') + "\t" + object('a').json + "\n");
  EXPECT_EQ(*objects->json(id_of('b')), object('b', "a").json);
  EXPECT_EQ(objects->reference(id_of('b'))->closure.size(), 1U);
  EXPECT_EQ(objects->note("shape/1"), "x y");
  ASSERT_EQ(objects->versions().size(), 1U);
  EXPECT_EQ(objects->versions()[0].commit, "c1");
  EXPECT_EQ(objects->line(id_of('c')).error().code, ErrorCode::not_found);
}

TEST_F(ViewObjectsTest, ANewNoteStandsForAnOldOne) {
  const auto objects = open();
  ASSERT_TRUE(objects->add({object('a')}, {{"n", "1"}}));
  ASSERT_TRUE(objects->add({}, {{"n", "2"}}));
  EXPECT_EQ(objects->note("n"), "2");
}

TEST_F(ViewObjectsTest, WhatIsDamagedIsLeftToBeMadeAgain) {
  for (const char* damaged : {"1.pack", "1.index", "versions.json"}) {
    {
      const auto objects = open();
      ASSERT_TRUE(objects->add({object('a')}, {}));
      ASSERT_TRUE(objects->add_version(version("c1", 'a')));
      ASSERT_TRUE(files_.write(std::string("/views/house/") + damaged, "["));
    }
    const auto objects = open();
    EXPECT_FALSE(objects->has(id_of('a'))) << damaged;
    EXPECT_TRUE(objects->versions().empty()) << damaged;
    EXPECT_TRUE(objects->add({object('a')}, {})) << damaged;
    ASSERT_TRUE(os::remove_all(files_, "/views/house"));
  }
}

TEST_F(ViewObjectsTest, TheNewestVersionsStayWithAllThatTheyHave) {
  const auto objects = open();
  ASSERT_TRUE(objects->add({object('0')}, {{"old", std::string(32, '0')}, {"kept", std::string(32, 'a')}}));
  ASSERT_TRUE(objects->add({object('1', "0")}, {}));
  ASSERT_TRUE(objects->add_version(version("c1", '1')));
  ASSERT_TRUE(objects->add({object('a')}, {}));
  ASSERT_TRUE(objects->add({object('b', "a")}, {}));
  ASSERT_TRUE(objects->add_version(version("c2", 'b')));
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(objects->add({}, {{"filler", std::to_string(i)}}));
  ASSERT_TRUE(objects->tidy(1, 1U << 30U));
  const auto again = open();
  for (const ViewObjects* kept : {objects.get(), again.get()}) {
    EXPECT_EQ(kept->versions().size(), 1U);
    EXPECT_TRUE(kept->has(id_of('a')) && kept->has(id_of('b')));
    EXPECT_FALSE(kept->has(id_of('0')) || kept->has(id_of('1')));
    EXPECT_EQ(kept->note("kept"), std::string(32, 'a'));
    EXPECT_FALSE(kept->note("old"));
  }
  EXPECT_EQ(files_.list("/views/house")->size(), 3U);  // A pack, its index, the versions.
}

TEST_F(ViewObjectsTest, OldVersionsGoWhereThereIsTooMuch) {
  const auto objects = open();
  for (const char root : {'0', '1', '2', '3'}) {
    ASSERT_TRUE(objects->add({object(root)}, {}));
    ASSERT_TRUE(objects->add_version(version(std::string(1, root), root)));
  }
  ASSERT_TRUE(objects->tidy(50, 100));
  ASSERT_TRUE(objects->tidy(50, 100));
  EXPECT_EQ(objects->versions().size(), 1U);
  EXPECT_TRUE(objects->has(id_of('3')));
  EXPECT_FALSE(objects->has(id_of('0')));
}

TEST_F(ViewObjectsTest, TheSameCommitShownAgainIsOneVersion) {
  const auto objects = open();
  ASSERT_TRUE(objects->add({object('a'), object('b')}, {}));
  ASSERT_TRUE(objects->add_version(version("c1", 'a')));
  ASSERT_TRUE(objects->add_version(version("c1", 'b')));
  ASSERT_EQ(objects->versions().size(), 1U);
  EXPECT_EQ(objects->versions()[0].object, std::string(32, 'b'));
}

}  // namespace
}  // namespace aecos::hub
