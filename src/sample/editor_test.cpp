#include "sample/editor.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "ifc/model.h"
#include "sample/house.h"
#include "sample/random_edits.h"

namespace aecos::sample {
namespace {

Editor open_house() { return *Editor::open(house(), "ana"); }

// As it reads after saving.
Editor saved(const Editor& editor) { return *Editor::open(editor.text(), "reader"); }

TEST(Editor, WithoutEditsTheFileKeepsItsBytes) { EXPECT_EQ(open_house().text(), house()); }

TEST(Editor, SetsAPropertyInTheSetThatIsThere) {
  Editor editor = open_house();
  const std::string wall = house_id("W-01");
  const std::size_t before = editor.properties(wall).size();
  ASSERT_TRUE(editor.set_property(wall, "Pset_WallCommon", "FireRating", "IFCLABEL('REI 120')"));
  ASSERT_TRUE(editor.set_property(wall, "Pset_WallCommon", "AcousticRating", "IFCLABEL('53 dB')"));
  const Editor after = saved(editor);
  EXPECT_EQ(after.property(wall, "Pset_WallCommon", "FireRating"), "IFCLABEL('REI 120')");
  EXPECT_EQ(after.property(wall, "Pset_WallCommon", "AcousticRating"), "IFCLABEL('53 dB')");
  EXPECT_EQ(after.properties(wall).size(), before + 1);
}

TEST(Editor, MakesASetThatIsMissing) {
  Editor editor = open_house();
  ASSERT_TRUE(editor.set_property(house_id("S-01"), "Own", "Note", "IFCTEXT('x')"));
  EXPECT_EQ(saved(editor).property(house_id("S-01"), "Own", "Note"), "IFCTEXT('x')");
}

TEST(Editor, EditsOneOfTheSharersOfASetOnly) {
  Editor editor = open_house();
  ASSERT_TRUE(editor.set_property(house_id("F-01"), "Pset_WindowCommon", "ThermalTransmittance",
                                  "IFCTHERMALTRANSMITTANCEMEASURE(0.7)"));
  const Editor after = saved(editor);
  EXPECT_EQ(after.property(house_id("F-01"), "Pset_WindowCommon", "ThermalTransmittance"),
            "IFCTHERMALTRANSMITTANCEMEASURE(0.7)");
  EXPECT_EQ(after.property(house_id("F-02"), "Pset_WindowCommon", "ThermalTransmittance"),
            "IFCTHERMALTRANSMITTANCEMEASURE(0.9)");
  EXPECT_EQ(after.properties(house_id("F-01")).size(), after.properties(house_id("F-02")).size());
}

TEST(Editor, RemovesAProperty) {
  Editor editor = open_house();
  ASSERT_TRUE(editor.remove_property(house_id("W-02"), "Pset_WallCommon", "FireRating"));
  EXPECT_FALSE(saved(editor).property(house_id("W-02"), "Pset_WallCommon", "FireRating"));
  EXPECT_TRUE(saved(editor).property(house_id("W-02"), "Pset_WallCommon", "LoadBearing"));
}

TEST(Editor, ASetWithoutPropertiesGoes) {
  Editor editor = open_house();
  const std::string slab = house_id("S-01");
  ASSERT_TRUE(editor.remove_property(slab, "Pset_SlabCommon", "LoadBearing"));
  ASSERT_TRUE(editor.remove_property(slab, "Pset_SlabCommon", "FireRating"));
  EXPECT_TRUE(saved(editor).properties(slab).empty());
  const std::string text = editor.text();
  EXPECT_TRUE(ifc::read_model(text)->file.missing.empty());
  EXPECT_NE(text.find("Qto_SlabBaseQuantities"), std::string::npos);
}

TEST(Editor, MovesOneElementOnly) {
  Editor editor = open_house();
  const auto other = editor.location(house_id("W-02"));
  ASSERT_TRUE(editor.move(house_id("W-03"), 100, -50, 2));
  const Editor after = saved(editor);
  EXPECT_EQ(after.location(house_id("W-03")), (std::vector<double>{-50, 7950, 2}));
  EXPECT_EQ(after.location(house_id("W-02")), other);
}

TEST(Editor, AddsAWallWithAWindowInAStorey) {
  Editor editor = open_house();
  const std::string wall = *editor.add_wall({.name = "Garden wall", .storey = house_id("Storey 0")});
  const std::string window = *editor.add_window(wall, "Peephole", 500, 1000);
  const Editor after = saved(editor);
  EXPECT_EQ(after.name(wall), "Garden wall");
  EXPECT_EQ(after.name(window), "Peephole");
  const auto elements = after.elements();
  EXPECT_EQ(std::count(elements.begin(), elements.end(), wall), 1);
  EXPECT_EQ(std::count(elements.begin(), elements.end(), window), 1);
}

TEST(Editor, PutsAnElementIntoOneStoreyOnly) {
  Editor editor = open_house();
  ASSERT_TRUE(editor.put_into(house_id("W-01"), house_id("Storey 1")));
  const auto elements = saved(editor).elements();
  EXPECT_EQ(std::count(elements.begin(), elements.end(), house_id("W-01")), 1);
  EXPECT_EQ(elements.size(), open_house().elements().size());
}

TEST(Editor, RemovingAWallTakesItsOpeningsAndLeavesNothingDangling) {
  Editor editor = open_house();
  ASSERT_TRUE(editor.remove(house_id("W-01")));
  const std::string text = editor.text();
  const ifc::Model before = *ifc::read_model(house()), after = *ifc::read_model(text);
  EXPECT_TRUE(after.file.missing.empty());
  const Editor reader = saved(editor);
  EXPECT_FALSE(reader.has(house_id("W-01")));
  EXPECT_FALSE(reader.has(house_id("Opening 1")));
  EXPECT_TRUE(reader.has(house_id("F-01")));
  EXPECT_EQ(text.find("Pset_WallCommon',$,()"), std::string::npos);
  EXPECT_LT(after.size(), before.size() - 60);
}

TEST(Editor, WhatIsNotThereIsAnError) {
  Editor editor = open_house();
  const auto result = editor.rename("nobody", "x");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::not_found);
  EXPECT_EQ(editor.set_attribute(house_id("W-01"), "Colour", "$").error().code, ErrorCode::invalid_input);
  EXPECT_EQ(editor.text(), house());
}

TEST(RandomEdits, LeaveASoundModel) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Editor editor = open_house();
    Dice dice(seed);
    EXPECT_EQ(edit_at_random(editor, dice, 12).size(), 12U);
    const std::string text = editor.text();
    const auto model = ifc::read_model(text);
    ASSERT_TRUE(model) << model.error().message;
    EXPECT_TRUE(model->file.missing.empty()) << "seed " << seed;
    for (ifc::Index i = 0; i < model->size(); ++i)
      EXPECT_TRUE(model->file.args(i).find("()") == std::string::npos ||
                  model->file.keyword(i) == "IFCRELCONNECTSPATHELEMENTS")
          << "seed " << seed << " " << model->file.source(i);
  }
}

}  // namespace
}  // namespace aecos::sample
