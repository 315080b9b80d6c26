#include <gtest/gtest.h>

#include "ifc/model.h"

namespace aecos::ifc {
namespace {

std::string file_of(const std::string& data) {
  return "ISO-10303-21;HEADER;FILE_SCHEMA(('IFC4'));ENDSEC;DATA;\n" + data + "ENDSEC;END-ISO-10303-21;\n";
}

// An instance with a GlobalId of its own last character.
std::string wall(int id, char global_id, const std::string& name, const std::string& tag = "t") {
  return "#" + std::to_string(id) + "=IFCWALL('000000000000000000000" + global_id + "',$,'" + name + "',$,$,$,$,'" +
         tag + "',$);\n";
}

class Identity : public testing::Test {
 protected:
  void read(const std::string& base, const std::string& side) {
    texts_ = {file_of(base), file_of(side)};
    auto first = read_model(texts_[0]);
    auto second = read_model(texts_[1]);
    ASSERT_TRUE(first && second);
    before = *std::move(first);
    after = *std::move(second);
    Model* const models[] = {&before, &after};
    identify(models);
  }

  // The id in base of what has the same token; 0: nothing.
  std::uint64_t partner(std::uint64_t id) const {
    const Index found = before.by_token.find(after.token[after.file.find(id)]);
    return found == no_instance ? 0 : before.file.instances[found].id;
  }

  Model before, after;

 private:
  std::array<std::string, 2> texts_;
};

TEST_F(Identity, TheGlobalIdSaysWhoIsWho) {
  read(wall(1, 'a', "W-1") + wall(2, 'b', "W-2"), wall(7, 'b', "W-1") + wall(8, 'a', "W-2"));
  EXPECT_EQ(partner(7), 2U);
  EXPECT_EQ(partner(8), 1U);
}

TEST_F(Identity, SharersOfAGlobalIdAreToldApartWhateverTheirOrder) {
  const std::string others = wall(5, 'b', "W-5") + wall(6, 'b', "W-6");
  read(wall(1, 'a', "W-1") + wall(2, 'a', "W-2") + others, others + wall(8, 'a', "W-2") + wall(9, 'a', "W-1"));
  EXPECT_EQ(partner(9), 1U);
  EXPECT_EQ(partner(8), 2U);
  EXPECT_EQ(partner(5), 5U);
}

TEST_F(Identity, OfSharersOneMayBeRenamedOrGo) {
  read(wall(1, 'a', "W-1") + wall(2, 'a', "W-2"), wall(8, 'a', "W-2") + wall(9, 'a', "new"));
  EXPECT_EQ(partner(8), 2U);
  EXPECT_EQ(partner(9), 1U);
  read(wall(1, 'a', "W-1") + wall(2, 'a', "W-2"), wall(8, 'a', "W-2"));
  EXPECT_EQ(partner(8), 2U);
}

TEST_F(Identity, ACopyWithTheSameGlobalIdIsNew) {
  read(wall(1, 'a', "W-1", "one"), wall(8, 'a', "W-1", "copy") + wall(9, 'a', "W-1", "one"));
  EXPECT_EQ(partner(9), 1U);
  EXPECT_EQ(partner(8), 0U);
}

TEST_F(Identity, OtherSharersDoNotMatter) {
  const std::string base = wall(1, 'm', "W-1") + wall(2, 'm', "W-2");
  read(base, wall(3, 'a', "X") + wall(4, 'a', "Y") + base);
  EXPECT_EQ(partner(1), 1U);
  EXPECT_EQ(partner(2), 2U);
}

// A door style with a GlobalId of its own, and the relation that gives it to an element.
std::string style(int id, char global_id, const std::string& name, int element) {
  const std::string own = std::to_string(id), relation = std::to_string(id + 1);
  return "#" + own + "=IFCDOORSTYLE('1111111111111111111111'" + ",$,'" + name + "',$,$,$,$,'tag " + global_id +
         "',.NOTDEFINED.,.NOTDEFINED.,.F.,.F.);\n#" + relation + "=IFCRELDEFINESBYTYPE('2222222222222222222" +
         std::string(1, global_id) + "22',$,$,$,(#" + std::to_string(element) + "),#" + own + ");\n";
}

TEST_F(Identity, TypesOfOneNameAreToldApartByTheElementsThatHaveThem) {
  const auto named = [](std::string text, char global_id) {
    text.replace(text.find("1111111111111111111111"), 22, std::string(21, '1') + global_id);
    return text;
  };
  const std::string walls = wall(1, 'a', "W-1") + wall(2, 'b', "W-2") + wall(3, 'c', "W-3");
  read(walls + named(style(10, 'p', "D", 1), 'p') + named(style(20, 'q', "D", 2), 'q') +
           named(style(30, 'r', "E", 3), 'r'),
       walls + named(style(40, 's', "D", 2), 's') + named(style(50, 't', "D", 1), 't') +
           named(style(60, 'u', "D", 3), 'u'));
  EXPECT_EQ(partner(40), 20U);
  EXPECT_EQ(partner(50), 10U);
  EXPECT_EQ(partner(60), 0U);  // Another name: another type.
}

TEST_F(Identity, VeryManySharersTakeNoLongerThanOthers) {
  std::string data;
  for (int k = 1; k <= 20'000; ++k) data += wall(k, 'a', "W-" + std::to_string(k));
  read(data, data);
  EXPECT_EQ(partner(17'000), 17'000U);
}

}  // namespace
}  // namespace aecos::ifc
