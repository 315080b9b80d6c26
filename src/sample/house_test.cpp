#include "sample/house.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "ifc/model.h"

namespace aecos::sample {
namespace {

std::map<std::string, int> count_classes(const ifc::Model& model) {
  std::map<std::string, int> count;
  for (ifc::Index i = 0; i < model.size(); ++i) ++count[model.file.keyword(i)];
  return count;
}

TEST(House, HasWhatARealExportHas) {
  const std::string text = house();
  const ifc::Model model = *ifc::read_model(text);
  std::map<std::string, int> count = count_classes(model);
  EXPECT_EQ(count["IFCBUILDINGSTOREY"], 2);
  EXPECT_EQ(count["IFCWALL"], 12);
  EXPECT_EQ(count["IFCDOOR"], 6);
  EXPECT_EQ(count["IFCWINDOW"], 12);
  EXPECT_EQ(count["IFCOPENINGELEMENT"], 18);
  EXPECT_EQ(count["IFCSLAB"], 4);
  EXPECT_EQ(count["IFCSPACE"], 6);
  EXPECT_TRUE(model.file.missing.empty());
}

TEST(House, EveryInstanceHasTheAttributesOfItsClass) {
  const std::string text = house();
  const ifc::Model model = *ifc::read_model(text);
  for (ifc::Index i = 0; i < model.size(); ++i) {
    ASSERT_NE(model.traits(i).entity, nullptr) << model.file.source(i);
    EXPECT_EQ(model.attributes(i).size(), model.traits(i).entity->attributes.size()) << model.file.source(i);
  }
}

TEST(House, GlobalIdsAreUniqueAndFollowTheNames) {
  const std::string text = house({.storeys = 5});
  const ifc::Model model = *ifc::read_model(text);
  std::set<std::string> ids;
  for (ifc::Index i = 0; i < model.size(); ++i)
    if (model.traits(i).rooted()) {
      EXPECT_EQ(model.global_id(i).size(), 22U);
      EXPECT_TRUE(ids.insert(model.global_id(i)).second) << model.file.source(i);
    }
  for (const char* name : {"W-01", "W-30", "D-15", "F-30", "S-05", "R-15", "Storey 4", "Roof", "Project"})
    EXPECT_EQ(ids.count(house_id(name)), 1U) << name;
}

}  // namespace
}  // namespace aecos::sample
