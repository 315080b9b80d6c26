#include "sample/re_export.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

#include "ifc/model.h"
#include "sample/house.h"

namespace aecos::sample {
namespace {

// What each instance says, whatever its id and place.
std::multiset<std::uint64_t> contents(ifc::Model& model) {
  EXPECT_TRUE(ifc::compute_values(model, nullptr));
  return {model.value.begin(), model.value.end()};
}

std::multiset<std::string> global_ids(const ifc::Model& model, bool carriers) {
  std::multiset<std::string> ids;
  for (ifc::Index i = 0; i < model.size(); ++i) {
    const ifc::Role role = model.traits(i).role;
    const bool carrier = role == ifc::Role::relation || role == ifc::Role::property_set;
    if (model.traits(i).rooted() && carrier == carriers) ids.insert(model.global_id(i));
  }
  return ids;
}

TEST(ReExport, SaysTheSameInOtherWords) {
  const std::string before = house();
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const std::string after = *re_export(before, seed);
    ifc::Model one = *ifc::read_model(before), other = *ifc::read_model(after);
    std::array<ifc::Model*, 2> both{&one, &other};
    ifc::identify(both);
    EXPECT_EQ(contents(one), contents(other));
    EXPECT_EQ(global_ids(one, false), global_ids(other, false));
    std::vector<std::string> kept;
    const auto old_ids = global_ids(one, true), new_ids = global_ids(other, true);
    std::set_intersection(old_ids.begin(), old_ids.end(), new_ids.begin(), new_ids.end(), std::back_inserter(kept));
    EXPECT_EQ(old_ids.size(), new_ids.size());
    EXPECT_TRUE(kept.empty());
  }
}

TEST(ReExport, LeavesHardlyALineAsItWas) {
  const auto lines = [](std::string_view text) {
    std::set<std::string_view> all;
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
      all.insert(text.substr(at, text.find('\n', at) - at));
    return all;
  };
  const std::string before = house(), after = *re_export(before, 1);
  std::vector<std::string_view> same;
  const auto old_lines = lines(before), new_lines = lines(after);
  std::set_intersection(old_lines.begin(), old_lines.end(), new_lines.begin(), new_lines.end(),
                        std::back_inserter(same));
  EXPECT_LT(same.size(), 20U);
  EXPECT_GT(old_lines.size(), 1000U);
}

TEST(ReExport, TheSeedDecidesEveryByte) {
  EXPECT_EQ(*re_export(house(), 7), *re_export(house(), 7));
  EXPECT_NE(*re_export(house(), 7), *re_export(house(), 8));
}

TEST(ReExport, WhatIsNoModelIsAnError) {
  const auto result = re_export("not a model", 1);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::invalid_input);
}

}  // namespace
}  // namespace aecos::sample
