#include <gtest/gtest.h>

#include "cost/building_test_internal.h"

namespace aecos::cost {
namespace {

TEST(BaseQuantities, NetIsBeforeGrossAndBothBeforeTheShape) {
  Building b;
  const Ref wall = b.element("IFCWALL", "W", b.shape(b.extrude(b.rectangle(4000, 200), 2500)));
  b.quantities(wall, "Qto_WallBaseQuantities",
               {b.quantity("AREA", "GrossSideArea", 10), b.quantity("AREA", "NetSideArea", 8),
                b.quantity("VOLUME", "GrossVolume", 2.5), b.quantity("VOLUME", "NetVolume", 0)});
  const auto items = taken(b.text());
  EXPECT_EQ(items->items[0].amount(Dimension::area).value, 8);
  EXPECT_EQ(items->items[0].amount(Dimension::area).note, "NetSideArea in Qto_WallBaseQuantities");
  EXPECT_EQ(items->items[0].amount(Dimension::volume).note,
            "GrossVolume in Qto_WallBaseQuantities");  // 0 is no answer.
  EXPECT_EQ(items->items[0].amount(Dimension::length).origin, Origin::shape);
}

TEST(BaseQuantities, AQuantitysOwnUnitCounts) {
  Building b;
  const Ref slab = b.element("IFCSLAB", "S");
  const Ref centimetre = b.draft().add("IFCSIUNIT", {"*", ".AREAUNIT.", ".CENTI.", ".SQUARE_METRE."});
  b.quantities(slab, "BaseQuantities",
               {b.quantity("AREA", "NetArea", 250000, centimetre), b.quantity("WEIGHT", "NetWeight", 12),
                b.quantity("LENGTH", "Length", 4500)});
  const auto items = taken(b.text());
  EXPECT_NEAR(items->items[0].amount(Dimension::area).value, 25, 1e-9);
  EXPECT_NEAR(items->items[0].amount(Dimension::mass).value, 12, 1e-9);
  EXPECT_NEAR(items->items[0].amount(Dimension::length).value, 4.5, 1e-9);
}

TEST(BaseQuantities, AUnitThatCannotBeReadIsNoAnswer) {
  Building b;
  const Ref slab = b.element("IFCSLAB", "S");
  const Ref none = b.draft().add("IFCDIMENSIONALEXPONENTS", {"2", "0", "0", "0", "0", "0", "0"});
  const Ref own = b.draft().add("IFCCONTEXTDEPENDENTUNIT", {none, ".AREAUNIT.", "'tatami'"});
  const Ref foot = b.draft().add("IFCCONVERSIONBASEDUNIT", {none, ".VOLUMEUNIT.", "'barrel'", "$"});
  b.quantities(slab, "BaseQuantities",
               {b.quantity("AREA", "NetArea", 25, own), b.quantity("VOLUME", "NetVolume", 3, foot),
                b.quantity("VOLUME", "GrossVolume", 4)});
  const auto items = taken(b.text());
  const Amount area = items->items[0].amount(Dimension::area), volume = items->items[0].amount(Dimension::volume);
  EXPECT_EQ(area.origin, Origin::unknown);
  EXPECT_EQ(area.note, "NetArea in BaseQuantities: its unit cannot be read (tatami)");
  EXPECT_EQ(volume.note, "GrossVolume in BaseQuantities");
}

TEST(BaseQuantities, DoorsHaveTheAreaOfTheirSizes) {
  Building b;
  b.element("IFCDOOR", "D", "$", {2000., 900., "$", "$", "$"});
  const auto items = taken(b.text());
  EXPECT_EQ(items->items[0].amount(Dimension::area).origin, Origin::sizes);
  EXPECT_NEAR(items->items[0].amount(Dimension::area).value, 1.8, 1e-12);
}

TEST(BaseQuantities, AProjectsUnitThatCannotBeReadIsNoAnswer) {
  std::string text = [] {
    Building b;
    const Ref beam = b.element("IFCBEAM", "B", b.shape(b.extrude(b.rectangle(200, 300), 4000)));
    b.quantities(beam, "BaseQuantities", {b.quantity("LENGTH", "Length", 4000)});
    return b.text();
  }();
  const std::string unit = "IFCSIUNIT(*,.LENGTHUNIT.,.MILLI.,.METRE.)";
  ASSERT_NE(text.find(unit), std::string::npos);
  text.replace(text.find(unit), unit.size(), "IFCCONVERSIONBASEDUNIT($,.LENGTHUNIT.,'ell',$)");
  const auto items = taken(text);
  EXPECT_EQ(items->items[0].amount(Dimension::length).note,
            "Length in BaseQuantities: its unit cannot be read (that of the project)");
  EXPECT_EQ(items->items[0].amount(Dimension::volume).note, "the project's unit of lengths cannot be read");
}

}  // namespace
}  // namespace aecos::cost
