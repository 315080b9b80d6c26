#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>

#include "cost/building_test_internal.h"

namespace aecos::cost {
namespace {

// A building of one element with that shape, and its volume; below zero: not known.
double volume_of(const std::function<Ref(Building&)>& make) {
  Building building;
  building.element("IFCBEAM", "B", building.shape(make(building)));
  const Amount amount = taken(building.text())->items.at(0).amount(Dimension::volume);
  return amount.origin == Origin::shape ? amount.value : -1;
}

TEST(Shape, ProfilesHaveTheirExactArea) {
  const double pi = std::numbers::pi;
  const auto profile = [](const char* keyword, std::vector<Argument> sizes) {
    return volume_of([&](Building& b) {
      std::vector<Argument> all{".AREA.", "$", "$"};
      all.insert(all.end(), sizes.begin(), sizes.end());
      return b.extrude(b.draft().add(keyword, all), 1000);
    });
  };
  EXPECT_NEAR(profile("IFCRECTANGLEPROFILEDEF", {200., 300.}), 0.06, 1e-12);
  EXPECT_NEAR(profile("IFCROUNDEDRECTANGLEPROFILEDEF", {200., 300., 50.}), 0.06 - (4 - pi) * 0.0025, 1e-12);
  EXPECT_NEAR(profile("IFCRECTANGLEHOLLOWPROFILEDEF", {200., 300., 10., "$", "$"}), 0.06 - 0.18 * 0.28, 1e-12);
  EXPECT_NEAR(profile("IFCCIRCLEPROFILEDEF", {100.}), pi * 0.01, 1e-12);
  EXPECT_NEAR(profile("IFCCIRCLEHOLLOWPROFILEDEF", {100., 10.}), pi * (0.01 - 0.0081), 1e-12);
  EXPECT_NEAR(profile("IFCELLIPSEPROFILEDEF", {100., 50.}), pi * 0.005, 1e-12);
  // HEB 200 by the tables of its makers: 78.1 cm2.
  EXPECT_NEAR(profile("IFCISHAPEPROFILEDEF", {200., 200., 9., 15., 18., "$", "$"}), 78.1e-4, 0.05e-4);
  // L 100 x 100 x 10: 19.2 cm2; U 200 with parallel flanges (UPE 200): 29.0 cm2.
  EXPECT_NEAR(profile("IFCLSHAPEPROFILEDEF", {100., 100., 10., 12., 6., "$"}), 19.2e-4, 0.05e-4);
  EXPECT_NEAR(profile("IFCUSHAPEPROFILEDEF", {200., 80., 6., 11., 13., "$", "$"}), 29.0e-4, 0.05e-4);
  EXPECT_NEAR(profile("IFCTSHAPEPROFILEDEF", {100., 100., 10., 12., "$", "$", "$", "$", "$"}),
              0.1 * 0.012 + 0.088 * 0.01, 1e-12);
  EXPECT_NEAR(profile("IFCZSHAPEPROFILEDEF", {200., 80., 8., 10., "$", "$"}), 0.2 * 0.008 + 2 * 0.072 * 0.01, 1e-12);
  EXPECT_NEAR(profile("IFCTRAPEZIUMPROFILEDEF", {200., 100., 300., 50.}), 0.045, 1e-12);
}

TEST(Shape, WhatHasNoSoundSizesIsNotKnown) {
  const auto profile = [](const char* keyword, std::vector<Argument> sizes) {
    return volume_of([&](Building& b) {
      std::vector<Argument> all{".AREA.", "$", "$"};
      all.insert(all.end(), sizes.begin(), sizes.end());
      return b.extrude(b.draft().add(keyword, all), 1000);
    });
  };
  EXPECT_EQ(profile("IFCRECTANGLEPROFILEDEF", {-200., 300.}), -1);
  EXPECT_EQ(profile("IFCRECTANGLEPROFILEDEF", {"$", 300.}), -1);
  EXPECT_EQ(profile("IFCCIRCLEHOLLOWPROFILEDEF", {100., 200.}), -1);
  EXPECT_EQ(profile("IFCISHAPEPROFILEDEF", {200., 200., 9., 150., "$", "$", "$"}), -1);
  EXPECT_EQ(profile("IFCISHAPEPROFILEDEF", {200., 200., 9., 15., "$", "$", 0.14}), -1);
  EXPECT_EQ(profile("IFCCRANERAILASHAPEPROFILEDEF", {200., 200., 9.}), -1);
}

Ref polyline(Building& b, const std::vector<std::pair<double, double>>& corners) {
  std::vector<Ref> points;
  for (const auto& [x, y] : corners) points.push_back(b.flat(x, y));
  points.push_back(points.front());
  return b.draft().add("IFCPOLYLINE", {points});
}

TEST(Shape, OutlinesMayBeAnythingThatClosesAndDoesNotCross) {
  const auto outline = [](std::vector<std::pair<double, double>> corners) {
    return volume_of([&](Building& b) {
      return b.extrude(b.draft().add("IFCARBITRARYCLOSEDPROFILEDEF", {".AREA.", "$", polyline(b, corners)}), 1000);
    });
  };
  EXPECT_NEAR(outline({{0, 0}, {2000, 0}, {2000, 1000}, {1000, 1000}, {1000, 2000}, {0, 2000}}), 3, 1e-9);
  EXPECT_NEAR(outline({{0, 0}, {0, 1000}, {1000, 1000}, {1000, 0}}), 1, 1e-9);  // Clockwise.
  EXPECT_EQ(outline({{0, 0}, {1000, 0}}), -1);
}

TEST(Shape, ArcsAreExact) {
  const double volume = volume_of([](Building& b) {
    // A square of two metres with half a circle on its right side.
    const Ref points =
        b.draft().add("IFCCARTESIANPOINTLIST2D", {"((0.,0.),(2000.,0.),(3000.,1000.),(2000.,2000.),(0.,2000.))"});
    const Ref curve = b.draft().add("IFCINDEXEDPOLYCURVE",
                                    {points, "(IFCLINEINDEX((1,2)),IFCARCINDEX((2,3,4)),IFCLINEINDEX((4,5,1)))", "$"});
    return b.extrude(b.draft().add("IFCARBITRARYCLOSEDPROFILEDEF", {".AREA.", "$", curve}), 1000);
  });
  EXPECT_NEAR(volume, 4 + std::numbers::pi / 2, 1e-9);
}

TEST(Shape, HolesOfAProfileAreNoMaterial) {
  const double volume = volume_of([](Building& b) {
    const Ref outer = polyline(b, {{0, 0}, {2000, 0}, {2000, 2000}, {0, 2000}});
    const Ref hole = polyline(b, {{500, 500}, {1000, 500}, {1000, 1000}, {500, 1000}});
    return b.extrude(b.draft().add("IFCARBITRARYPROFILEDEFWITHVOIDS", {".AREA.", "$", outer, std::vector<Ref>{hole}}),
                     1000);
  });
  EXPECT_NEAR(volume, 3.75, 1e-9);
}

Ref half_space(Building& b, double z, const char* agrees) {
  const Ref plane = b.draft().add("IFCPLANE", {b.axes(b.point(0, 0, z))});
  return b.draft().add("IFCHALFSPACESOLID", {plane, agrees});
}

TEST(Shape, ClippingTakesAwayTheSideThatIsSaid) {
  const auto clipped = [](const char* agrees) {
    return volume_of([&](Building& b) {
      return b.draft().add("IFCBOOLEANCLIPPINGRESULT",
                           {".DIFFERENCE.", b.extrude(b.rectangle(1000, 1000), 1000), half_space(b, 250, agrees)});
    });
  };
  EXPECT_NEAR(clipped(".T."), 0.75, 1e-9);  // The normal points up, away from what is taken.
  EXPECT_NEAR(clipped(".F."), 0.25, 1e-9);
}

TEST(Shape, AGableIsCutTwice) {
  const double volume = volume_of([](Building& b) {
    // Eight metres wide and three high; two planes at 45 degrees meet at its middle, one metre below the top.
    Ref solid = b.extrude(b.rectangle(8000, 300), 3000);
    for (const double side : {1., -1.}) {
      const Ref axes =
          b.draft().add("IFCAXIS2PLACEMENT3D", {b.point(0, 0, 3000), b.direction(side, 0, 1), b.direction(0, 1, 0)});
      const Ref plane = b.draft().add("IFCPLANE", {axes});
      solid = b.draft().add("IFCBOOLEANCLIPPINGRESULT",
                            {".DIFFERENCE.", solid, b.draft().add("IFCHALFSPACESOLID", {plane, ".F."})});
    }
    return solid;
  });
  // What is left is a triangle of three metres' height: 3 * 3 * 0.3.
  EXPECT_NEAR(volume, 2.7, 1e-9);
}

TEST(Shape, ABoundedCutEndsAtItsBoundary) {
  const double volume = volume_of([](Building& b) {
    const Ref plane = b.draft().add("IFCPLANE", {b.axes(b.point(0, 0, 500))});
    const Ref boundary = polyline(b, {{-500, -500}, {0, -500}, {0, 500}, {-500, 500}});
    const Ref cutter =
        b.draft().add("IFCPOLYGONALBOUNDEDHALFSPACE", {plane, ".F.", b.axes(b.point(0, 0, 0)), boundary});
    return b.draft().add("IFCBOOLEANCLIPPINGRESULT",
                         {".DIFFERENCE.", b.extrude(b.rectangle(1000, 1000), 1000), cutter});
  });
  EXPECT_NEAR(volume, 0.75, 1e-9);
}

TEST(Shape, OpeningsAreTakenAwayWhereTheyAreInside) {
  Building b;
  const Ref wall = b.element("IFCWALL", "W", b.shape(b.extrude(b.rectangle(4000, 200), 2500)));
  b.void_with(wall, "inside", b.extrude(b.rectangle(1000, 400), 1000), 0, 0, 500);
  b.void_with(wall, "half out", b.extrude(b.rectangle(1000, 400), 1000), 2000, 0, 500);
  b.void_with(wall, "over the first", b.extrude(b.rectangle(1000, 400), 1000), 0, 0, 1000);
  b.void_with(wall, "far away", b.extrude(b.rectangle(1000, 400), 1000), 9000, 0, 500);
  const auto items = taken(b.text());
  EXPECT_NEAR(items->items[0].amount(Dimension::volume).value, 2.0 - 0.2 - 0.1 - 0.1, 1e-9);
  EXPECT_NEAR(items->items[0].amount(Dimension::area).value, 1.6 / 0.2, 1e-9);
  EXPECT_NEAR(items->items[0].amount(Dimension::length).value, 4, 1e-9);
}

TEST(Shape, WhatIsNoExtrusionIsNotKnown) {
  Building b;
  b.element("IFCBEAM", "B", b.shape(b.draft().add("IFCFACETEDBREP", {"$"})));
  const auto items = taken(b.text());
  const Amount amount = items->items[0].amount(Dimension::volume);
  EXPECT_EQ(amount.origin, Origin::unknown);
  EXPECT_EQ(amount.note, "its shape is IFCFACETEDBREP");
}

TEST(Shape, AnOpeningThatIsNotKnownMakesTheWallNotKnown) {
  Building b;
  const Ref wall = b.element("IFCWALL", "W", b.shape(b.extrude(b.rectangle(4000, 200), 2500)));
  b.void_with(wall, "round", b.draft().add("IFCFACETEDBREP", {"$"}), 0, 0, 500);
  const auto items = taken(b.text());
  const Amount amount = items->items[0].amount(Dimension::volume);
  EXPECT_EQ(amount.origin, Origin::unknown);
  EXPECT_EQ(amount.note, "opening round: its shape is IFCFACETEDBREP");
}

// One element that is mapped by the operator; its length, area and volume.
std::array<double, 3> mapped(const char* keyword, double x, double y, double height,
                             const std::function<Ref(Building&)>& target) {
  Building b;
  const Ref body = b.draft().add("IFCSHAPEREPRESENTATION", {"$", "'Body'", "'SweptSolid'",
                                                            std::vector<Ref>{b.extrude(b.rectangle(x, y), height)}});
  const Ref map = b.draft().add("IFCREPRESENTATIONMAP", {b.axes(b.point(0, 0, 0)), body});
  b.element(keyword, "E", b.shape(b.draft().add("IFCMAPPEDITEM", {map, target(b)})));
  const auto items = taken(b.text());
  std::array<double, 3> found{};
  for (const Dimension each : {Dimension::length, Dimension::area, Dimension::volume}) {
    const Amount amount = items->items[0].amount(each);
    found[static_cast<std::size_t>(each) - 1] = amount.origin == Origin::shape ? amount.value : -1;
  }
  return found;
}

TEST(Shape, AMappingScalesLengthsAndAreasToo) {
  const auto twice = [](Building& b) {
    return b.draft().add("IFCCARTESIANTRANSFORMATIONOPERATOR3D", {"$", "$", b.point(0, 0, 0), 2., "$"});
  };
  const auto wall = mapped("IFCWALL", 5000, 300, 3000, twice);
  EXPECT_NEAR(wall[0], 10, 1e-9);
  EXPECT_NEAR(wall[1], 60, 1e-9);
  EXPECT_NEAR(wall[2], 36, 1e-9);
  const auto slab = mapped("IFCSLAB", 5000, 4000, 200, twice);
  EXPECT_NEAR(slab[1], 80, 1e-9);
  EXPECT_NEAR(slab[2], 32, 1e-9);
  EXPECT_NEAR(mapped("IFCBEAM", 200, 300, 4000, twice)[0], 8, 1e-9);
}

TEST(Shape, ATurnedMappingLosesNothing) {
  const auto turned = [](Building& b) {
    const double angle = 10 * std::numbers::pi / 180;
    return b.draft().add("IFCCARTESIANTRANSFORMATIONOPERATOR3D", {b.direction(std::cos(angle), std::sin(angle), 0),
                                                                  b.direction(-std::sin(angle), std::cos(angle), 0),
                                                                  b.point(0, 0, 0), 1., b.direction(0, 0, 1)});
  };
  EXPECT_NEAR(mapped("IFCSLAB", 5000, 4000, 200, turned)[1], 20, 1e-9);
  const auto wall = mapped("IFCWALL", 5000, 300, 3000, turned);
  EXPECT_NEAR(wall[0], 5, 1e-9);
  EXPECT_NEAR(wall[1], 15, 1e-9);
}

TEST(Shape, AMappingThatStretchesOneWayLeavesASlabItsArea) {
  const auto stretched = [](Building& b) {
    return b.draft().add("IFCCARTESIANTRANSFORMATIONOPERATOR3DNONUNIFORM",
                         {"$", "$", b.point(0, 0, 0), 2., "$", 1., 3.});
  };
  const auto slab = mapped("IFCSLAB", 5000, 4000, 200, stretched);
  EXPECT_NEAR(slab[1], 40, 1e-9);
  EXPECT_NEAR(slab[2], 24, 1e-9);
  const auto wall = mapped("IFCWALL", 5000, 300, 3000, stretched);
  EXPECT_EQ(wall[0], -1);
  EXPECT_EQ(wall[1], -1);
}

TEST(Shape, AnOpeningOfAWholeIsOneOfItsParts) {
  Building b;
  const Ref house = b.element("IFCELEMENTASSEMBLY", "H", "$", {"$", "$", "$"});
  const Ref wall = b.element("IFCWALL", "W");
  const Ref part =
      b.element("IFCBUILDINGELEMENTPART", "P", b.shape(b.extrude(b.rectangle(5000, 300), 3000)), {"$", "$"});
  b.aggregate(house, {wall});
  b.aggregate(wall, {part});
  b.void_with(wall, "O", b.extrude(b.rectangle(1000, 500), 2000), 0, 0, 0);
  b.void_with(house, "far", b.extrude(b.rectangle(1000, 500), 1000), 2000, 0, 2000);
  Building copy = b;
  EXPECT_NEAR(taken(b.text())->items[2].amount(Dimension::volume).value, 4.5 - 0.6 - 0.3, 1e-9);
  EXPECT_EQ(total(bill_of(copy, ",IfcWall,,,,m3,100,EUR\n")), "360.00");
}

TEST(Shape, WhatSomethingIsAddedToIsNotKnown) {
  Building b;
  const Ref wall = b.element("IFCWALL", "W", b.shape(b.extrude(b.rectangle(5000, 300), 3000)));
  b.project_from(wall, "cornice", b.extrude(b.rectangle(1000, 1000), 2000));
  const auto items = taken(b.text());
  const Amount amount = items->items.at(0).amount(Dimension::volume);
  EXPECT_EQ(amount.origin, Origin::unknown);
  EXPECT_EQ(amount.note, "something is added to it (IfcRelProjectsElement)");
}

TEST(Shape, AModelThatIsMadeToTakeLongEnds) {
  Building b;
  // A grid of holes in a plate, which many elements share.
  Ref solid = b.extrude(b.rectangle(100'000, 100'000), 100);
  const Ref small = b.rectangle(100, 100);
  for (int k = 0; k < 45; ++k) {
    const Ref at = b.axes(b.point(900. * k - 20'000, 700. * (k % 7), -50));
    const Ref hole = b.draft().add("IFCEXTRUDEDAREASOLID", {small, at, b.direction(0, 0, 1), 300.});
    solid = b.draft().add("IFCBOOLEANRESULT", {".DIFFERENCE.", solid, hole});
  }
  for (int k = 0; k < 20'000; ++k) b.element("IFCPLATE", "P" + std::to_string(k), b.shape(solid));
  const auto items = taken(b.text());
  EXPECT_NEAR(items->items.front().amount(Dimension::volume).value, 1000 - 45 * 0.001, 1e-6);
  EXPECT_EQ(items->items.back().amount(Dimension::volume).note, "the shapes of this model take too long to work out");
}

TEST(Shape, AModelThatPointsToItselfEnds) {
  std::string text =
      "ISO-10303-21;HEADER;FILE_SCHEMA(('IFC4'));ENDSEC;DATA;"
      "#1=IFCBEAM('" +
      ifc::global_id("b") +
      "',$,'B',$,$,#2,#3,$,$);"
      "#2=IFCLOCALPLACEMENT(#2,#9);#3=IFCPRODUCTDEFINITIONSHAPE($,$,(#4));"
      "#4=IFCSHAPEREPRESENTATION($,'Body','Clipping',(#5));"
      "#5=IFCBOOLEANCLIPPINGRESULT(.DIFFERENCE.,#5,#5);#9=IFCAXIS2PLACEMENT3D(#9,$,$);"
      "#10=IFCRELAGGREGATES('" +
      ifc::global_id("r") + "',$,$,$,#1,(#1));ENDSEC;END-ISO-10303-21;";
  const auto items = taken(text);
  EXPECT_EQ(items->items.at(0).amount(Dimension::volume).origin, Origin::unknown);
  EXPECT_EQ(make_bill({{"a.ifc", items}}, rates(",IfcBeam,,,,m3,5,EUR\n")).missing_quantities, 1U);
}

}  // namespace
}  // namespace aecos::cost
