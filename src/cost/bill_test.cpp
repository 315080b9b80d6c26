#include "cost/bill.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>

#include "cost/report.h"
#include "ifc/draft.h"
#include "ifc/global_id.h"

namespace aecos::cost {
namespace {

using ifc::Argument, ifc::Draft, ifc::Ref;

// A model in millimetres with one storey, to which elements are added.
class Building {
 public:
  Building() {
    origin_ = point(0, 0, 0);
    const Ref length = draft_.add("IFCSIUNIT", {"*", ".LENGTHUNIT.", ".MILLI.", ".METRE."});
    const Ref area = draft_.add("IFCSIUNIT", {"*", ".AREAUNIT.", "$", ".SQUARE_METRE."});
    const Ref volume = draft_.add("IFCSIUNIT", {"*", ".VOLUMEUNIT.", "$", ".CUBIC_METRE."});
    const Ref mass = draft_.add("IFCSIUNIT", {"*", ".MASSUNIT.", ".KILO.", ".GRAM."});
    const Ref radian = draft_.add("IFCSIUNIT", {"*", ".PLANEANGLEUNIT.", "$", ".RADIAN."});
    units_ = draft_.add("IFCUNITASSIGNMENT", {std::vector<Ref>{length, area, volume, mass, radian}});
    draft_.add("IFCPROJECT", {id("project"), "$", "'P'", "$", "$", "$", "$", "$", units_});
    storey_ = draft_.add("IFCBUILDINGSTOREY", {id("storey"), "$", "'Level 1'", "$", "$", "$", "$", "$", "$", "0."});
    placement_ = draft_.add("IFCLOCALPLACEMENT", {"$", axes(origin_)});
  }

  Draft& draft() { return draft_; }
  Argument id(const std::string& key) { return ifc::quoted(ifc::global_id(key)); }
  Ref point(double x, double y, double z) { return draft_.add("IFCCARTESIANPOINT", {ifc::list_text({x, y, z})}); }
  Ref flat(double x, double y) { return draft_.add("IFCCARTESIANPOINT", {ifc::list_text({x, y})}); }
  Ref direction(double x, double y, double z) { return draft_.add("IFCDIRECTION", {ifc::list_text({x, y, z})}); }
  Ref axes(Ref at) { return draft_.add("IFCAXIS2PLACEMENT3D", {at, "$", "$"}); }

  Ref rectangle(double x, double y) { return draft_.add("IFCRECTANGLEPROFILEDEF", {".AREA.", "$", "$", x, y}); }
  Ref extrude(Ref profile, double depth, double z = 0) {
    return draft_.add("IFCEXTRUDEDAREASOLID", {profile, axes(point(0, 0, z)), direction(0, 0, 1), depth});
  }
  Ref shape(Ref item) {
    const Ref body = draft_.add("IFCSHAPEREPRESENTATION", {"$", "'Body'", "'SweptSolid'", std::vector<Ref>{item}});
    return draft_.add("IFCPRODUCTDEFINITIONSHAPE", {"$", "$", std::vector<Ref>{body}});
  }
  Ref element(const std::string& keyword, const std::string& name, Argument body = "$",
              std::vector<Argument> more = {"$"}) {
    std::vector<Argument> all{id(name), "$", ifc::quoted(name), "$", "$", placement_, std::move(body), "$"};
    all.insert(all.end(), more.begin(), more.end());
    const Ref made = draft_.add(keyword, all);
    contained_.push_back(made);
    return made;
  }
  void void_with(Ref element, const std::string& name, Ref item, double x, double y, double z) {
    const Ref at = draft_.add("IFCLOCALPLACEMENT", {placement_, axes(point(x, y, z))});
    const Ref opening =
        draft_.add("IFCOPENINGELEMENT", {id(name), "$", ifc::quoted(name), "$", "$", at, shape(item), "$", "$"});
    draft_.add("IFCRELVOIDSELEMENT", {id("voids " + name), "$", "$", "$", element, opening});
  }
  void quantities(Ref element, const std::string& set, const std::vector<Ref>& all) {
    const Ref made =
        draft_.add("IFCELEMENTQUANTITY", {id("set " + std::to_string(++sets_)), "$", ifc::quoted(set), "$", "$", all});
    draft_.add("IFCRELDEFINESBYPROPERTIES",
               {id("defines " + std::to_string(sets_)), "$", "$", "$", std::vector<Ref>{element}, made});
  }
  Ref quantity(const std::string& kind, const std::string& name, double value, Argument unit = "$") {
    return draft_.add("IFCQUANTITY" + kind, {ifc::quoted(name), "$", std::move(unit), value, "$"});
  }
  void nest(Ref host, const std::vector<Ref>& parts) {
    draft_.add("IFCRELNESTS", {id("nests " + std::to_string(++sets_)), "$", "$", "$", host, parts});
  }
  void project_from(Ref element, const std::string& name, Ref item) {
    const Ref added =
        draft_.add("IFCPROJECTIONELEMENT", {id(name), "$", "$", "$", "$", placement_, shape(item), "$", "$"});
    draft_.add("IFCRELPROJECTSELEMENT", {id("projects " + name), "$", "$", "$", element, added});
  }
  void aggregate(Ref whole, const std::vector<Ref>& parts) {
    draft_.add("IFCRELAGGREGATES", {id("aggregates " + std::to_string(++sets_)), "$", "$", "$", whole, parts});
  }
  void classify(Ref element, const std::string& code) {
    const Ref reference = draft_.add("IFCCLASSIFICATIONREFERENCE", {"$", ifc::quoted(code), "$", "$", "$", "$"});
    draft_.add("IFCRELASSOCIATESCLASSIFICATION",
               {id("classifies " + std::to_string(++sets_)), "$", "$", "$", std::vector<Ref>{element}, reference});
  }

  std::string text() {
    draft_.add("IFCRELCONTAINEDINSPATIALSTRUCTURE", {id("contains"), "$", "$", "$", contained_, storey_});
    return draft_.file("IFC4", "b.ifc", "2026-01-01T00:00:00");
  }

 private:
  Draft draft_;
  Ref origin_, units_, storey_, placement_;
  std::vector<Ref> contained_;
  int sets_ = 0;
};

SharedTakeoff taken(const std::string& text) {
  auto takeoff = take_off("a.ifc", text);
  EXPECT_TRUE(takeoff) << (takeoff ? "" : takeoff.error().message);
  return takeoff ? *takeoff : std::make_shared<const Takeoff>();
}

std::shared_ptr<const Rates> rates(const std::string& rows) {
  auto read = parse_rates("classification,class,predefinedType,name,material,unit,rate,currency\n" + rows);
  EXPECT_TRUE(read) << (read ? "" : read.error().message);
  return std::make_shared<const Rates>(read ? *read : Rates{});
}

// A building of one element with that shape, and its volume; below zero: not known.
double volume_of(const std::function<Ref(Building&)>& make) {
  Building building;
  building.element("IFCBEAM", "B", building.shape(make(building)));
  const Amount amount = taken(building.text())->items.at(0).amount(Dimension::volume);
  return amount.origin == Origin::shape ? amount.value : -1;
}

Bill bill_of(Building& building, const std::string& rows) {
  return make_bill({{"a.ifc", taken(building.text())}}, rates(rows));
}

const Position& only(const Bill& bill) {
  EXPECT_EQ(bill.positions.size(), 1U);
  return bill.positions.at(0);
}

std::string total(const Bill& bill, const char* currency = "EUR") {
  const auto found = bill.total.find(currency);
  return found == bill.total.end() ? "none" : to_text(found->second);
}

// --- shapes

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

// --- base quantities

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

// --- bills

TEST(Bill, EachPositionIsRoundedHalfUpAndSumsAreExact) {
  Building b;
  for (const char* name : {"W-1", "W-2", "W-3"}) {
    const Ref wall = b.element("IFCWALL", name);
    b.quantities(wall, "Qto_WallBaseQuantities", {b.quantity("AREA", "NetSideArea", 0.5)});
  }
  const Bill bill = bill_of(b, ",IfcWall,,,,m2,0.01,EUR\n");
  EXPECT_EQ(to_text(bill.positions[0].cost), "0.01");  // 0.005.
  EXPECT_EQ(total(bill), "0.03");
}

TEST(Bill, CurrenciesAreNeverAdded) {
  Building b;
  b.element("IFCDOOR", "D", "$", {"$", "$", "$", "$", "$", "$"});
  b.element("IFCBEAM", "B");
  const Bill bill = bill_of(b, ",IfcDoor,,,,pcs,100,EUR\n,IfcBeam,,,,pcs,7000,JPY\n");
  EXPECT_EQ(total(bill), "100.00");
  EXPECT_EQ(total(bill, "JPY"), "7000");
}

TEST(Bill, AClassCoversItsSubtypesAndTheNearerOneWins) {
  Building b;
  b.element("IFCWALLSTANDARDCASE", "W");
  b.element("IFCBEAM", "B");
  const Bill bill = bill_of(b, ",IfcElement,,,,pcs,1,EUR\n,IfcWall,,,,pcs,10,EUR\n");
  EXPECT_EQ(to_text(bill.positions[0].cost), "10.00");
  EXPECT_EQ(to_text(bill.positions[1].cost), "1.00");
}

TEST(Bill, WhatIsMoreParticularWins) {
  Building b;
  const Ref wall = b.element("IFCWALL", "W-07", "$", {".SHEAR."});
  b.classify(wall, "EF_25_10");
  const auto cost = [&](const std::string& rows) {
    Building copy = b;
    const Bill bill = bill_of(copy, rows);
    return bill.positions[0].state == State::priced ? to_text(bill.positions[0].cost) : bill.positions[0].note;
  };
  EXPECT_EQ(cost(",IfcWall,,,,pcs,1,EUR\nEF_25,,,,,pcs,2,EUR\n"), "2.00");
  EXPECT_EQ(cost("EF_25,,,,,pcs,2,EUR\nEF_25_10,,,,,pcs,3,EUR\n"), "3.00");
  EXPECT_EQ(cost(",IfcWall,,,,pcs,1,EUR\n,IfcWall,SHEAR,,,pcs,4,EUR\n"), "4.00");
  EXPECT_EQ(cost("EF_25_10,,,,,pcs,3,EUR\n,,,W-*,,pcs,5,EUR\n,,,w-07,,pcs,6,EUR\n"), "6.00");
  EXPECT_EQ(cost("EF_2,,,,,pcs,2,EUR\n"), "no rate is for it");  // No part of a code.
  EXPECT_EQ(cost(",,,W-*,,pcs,5,EUR\n,,,*-07,,pcs,6,EUR\n,,,*-7,,pcs,6,EUR\n"), "6.00");
  EXPECT_EQ(cost(",,,W-0*,,pcs,5,EUR\n,,,*-07,,pcs,6,EUR\n"),
            "lines 2 and 3 of the rates are for it equally well; make one of them more particular");
}

TEST(Bill, ARateIsFoundByWhicheverOfItsCellsIsFilledIn) {
  Building b;
  const Ref wall = b.element("IFCWALLSTANDARDCASE", "W", "$", {".SHEAR."});
  b.classify(wall, "EF_25_10.3 x");
  for (const std::string row : {"EF_25_10.3", "ef_25", "EF_25_10.3 x,IfcWall", ",IfcWall,shear", ",IfcElement,Shear",
                                ",IfcBuiltElement", ",,,w", ",IfcWall,,W", "EF_25,,,*"}) {
    Building copy = b;
    const auto commas = std::count(row.begin(), row.end(), ',');
    const std::string filled = row + std::string(static_cast<std::size_t>(5 - commas), ',');
    EXPECT_EQ(total(bill_of(copy, filled + "pcs,7,EUR\n")), "7.00") << row;
  }
  for (const std::string row : {"EF_25_10.3 x_1", "EF_2", ",IfcWall,SOLIDWALL", ",IfcSlab", ",IfcSlab,,W", ",,,W2"}) {
    Building copy = b;
    const auto commas = std::count(row.begin(), row.end(), ',');
    const std::string filled = row + std::string(static_cast<std::size_t>(5 - commas), ',');
    EXPECT_EQ(bill_of(copy, filled + "pcs,7,EUR\n").missing_rates, 1U) << row;
  }
}

TEST(Bill, RatesThatAreMadeToTakeLongEnd) {
  Building b;
  for (int k = 0; k < 2000; ++k) {
    std::vector<Argument> all{b.id("W" + std::to_string(k)), "$", ifc::quoted(std::string(2000, 'a'))};
    all.insert(all.end(), {"$", "$", "$", "$", "$", "$"});
    b.draft().add("IFCWALL", all);
  }
  std::string rows;
  for (int k = 0; k < 2000; ++k) rows += ",,,*" + std::string(900, 'a') + "b" + std::to_string(k) + "*,,pcs,1,EUR\n";
  const Bill bill = bill_of(b, rows + ",IfcWall,,,,pcs,1,EUR\n");
  EXPECT_EQ(bill.positions.front().state, State::priced);
  EXPECT_EQ(bill.positions.back().note, "looking for its rate takes too long; fewer rows with * in the rates help");
  EXPECT_GT(bill.missing_rates, 0U);
}

TEST(Bill, WhatIsMissingIsCountedAndNeverZero) {
  Building b;
  b.element("IFCRAILING", "R");
  b.element("IFCWALL", "W");
  const Bill bill = bill_of(b, ",IfcWall,,,,m2,10,EUR\n");
  EXPECT_EQ(bill.missing_rates, 1U);
  EXPECT_EQ(bill.missing_quantities, 1U);
  EXPECT_EQ(total(bill), "none");
  EXPECT_EQ(bill.positions[1].note, "its area is not known: it has no body");
}

TEST(Bill, AWholeWithARateIncludesItsParts) {
  Building b;
  const Ref stair = b.element("IFCSTAIR", "S");
  b.aggregate(stair, {b.element("IFCSTAIRFLIGHT", "F", "$", {"$", "$", "$", "$", "$"}), b.element("IFCRAILING", "R")});
  const std::string parts = ",IfcStairFlight,,,,pcs,700,EUR\n,IfcRailing,,,,pcs,300,EUR\n";
  Building copy = b;
  EXPECT_EQ(total(bill_of(copy, parts)), "1000.00");
  copy = b;
  EXPECT_EQ(bill_of(copy, parts).missing_rates, 0U);  // The stair itself is in its parts.
  copy = b;
  const Bill whole = bill_of(copy, parts + ",IfcStair,,,,pcs,5000,EUR\n");
  EXPECT_EQ(total(whole), "5000.00");
  EXPECT_EQ(whole.missing_rates, 0U);
}

TEST(Bill, WhatIsNestedIsNoPart) {
  Building b;
  const Ref sink = b.element("IFCSANITARYTERMINAL", "Sink");
  b.nest(sink, {b.element("IFCVALVE", "Faucet")});
  Building copy = b;
  const Bill one = bill_of(copy, ",IfcValve,,,,pcs,80,EUR\n");
  EXPECT_EQ(total(one), "80.00");
  EXPECT_EQ(one.missing_rates, 1U);
  EXPECT_EQ(total(bill_of(b, ",IfcValve,,,,pcs,80,EUR\n,IfcSanitaryTerminal,,,,pcs,300,EUR\n")), "380.00");
}

TEST(Bill, WhatIsAPartOfItselfIsNoPart) {
  for (const int size : {1, 2, 30}) {
    Building b;
    std::vector<Ref> ring;
    for (int k = 0; k < size; ++k) ring.push_back(b.element("IFCWALL", "W" + std::to_string(k)));
    for (std::size_t k = 0; k < ring.size(); ++k) b.aggregate(ring[k], {ring[(k + 1) % ring.size()]});
    const Ref beam = b.element("IFCBEAM", "B");  // Is a part of one of them, and stays one.
    b.aggregate(ring.front(), {beam});
    const Bill bill = bill_of(b, ",IfcElement,,,,pcs,1,EUR\n");
    EXPECT_EQ(total(bill), std::to_string(size) + ".00");
    EXPECT_EQ(bill.positions.back().state, State::in_whole);
  }
}

TEST(Bill, APartOfAPartIsInTheWholeHoweverDeepItIs) {
  Building b;
  Ref whole = b.element("IFCSTAIR", "S");
  for (int k = 0; k < 60; ++k) {
    const Ref part = b.element("IFCBEAM", "B" + std::to_string(k));
    b.aggregate(whole, {part});
    whole = part;
  }
  EXPECT_EQ(total(bill_of(b, ",IfcElement,,,,pcs,7,EUR\n")), "7.00");
}

TEST(Bill, AWholeWithoutAQuantityHasThatOfItsParts) {
  Building b;
  const Ref roof = b.element("IFCROOF", "Roof");
  std::vector<Ref> parts;
  for (const char* name : {"south", "north"}) {
    parts.push_back(b.element("IFCSLAB", name));
    b.quantities(parts.back(), "Qto_SlabBaseQuantities", {b.quantity("AREA", "NetArea", 20)});
  }
  b.aggregate(roof, parts);
  const Bill bill = bill_of(b, ",IfcRoof,,,,m2,10,EUR\n,IfcSlab,,,,m2,99,EUR\n");
  EXPECT_EQ(total(bill), "400.00");
  EXPECT_EQ(bill.positions[0].origin, Origin::parts);
}

TEST(Bill, RoomsArePaidForOnlyWhereARateNamesThem) {
  Building b;
  const Ref room = b.element("IFCSPACE", "R", "$", {"$", "$", "$"});
  b.quantities(room, "Qto_SpaceBaseQuantities", {b.quantity("AREA", "NetFloorArea", 12)});
  Building copy = b;
  EXPECT_TRUE(bill_of(copy, ",IfcElement,,,,pcs,1,EUR\n").positions.empty());
  copy = b;
  EXPECT_TRUE(bill_of(copy, ",,,*,,pcs,1,EUR\n").positions.empty());
  copy = b;
  EXPECT_EQ(total(bill_of(copy, ",IfcSpace,,,,m2,2,EUR\n")), "24.00");
}

TEST(Bill, AnElementInTwoFilesCountsOnceByItsFolder) {
  Building b;
  const Ref wall = b.element("IFCWALL", "W");
  Building other = b;
  b.quantities(wall, "Qto_WallBaseQuantities", {b.quantity("AREA", "NetSideArea", 5)});
  other.quantities(wall, "Qto_WallBaseQuantities", {other.quantity("AREA", "NetSideArea", 7)});
  const Bill bill = make_bill({{"models/a.ifc", taken(b.text())}, {"elements/w/element.ifc", taken(other.text())}},
                              rates(",IfcWall,,,,m2,10,EUR\n"));
  EXPECT_EQ(total(bill), "70.00");
  EXPECT_EQ(bill.repeated, 1U);
  EXPECT_EQ(only(bill).path, "elements/w/element.ifc");
}

TEST(Bill, AnElementWithoutAModelHasTheQuantitiesOfItsMetadata) {
  const std::string json =
      R"({"globalId":")" + ifc::global_id("w") +
      R"(","class":"IfcWall","name":"W-9","storey":"Level 2","quantities":{"NetSideArea":{"value":12.5,"unit":"m2"}}})";
  auto takeoff = take_off("elements/wall-w-9/metadata.json", json);
  ASSERT_TRUE(takeoff);
  const Bill bill = make_bill({{"elements/wall-w-9/metadata.json", *takeoff}}, rates(",IfcWall,,,,m2,10,EUR\n"));
  EXPECT_EQ(total(bill), "125.00");
  EXPECT_EQ(only(bill).storey, "Level 2");
}

std::string metadata(const std::string& ifc_class, const std::string& quantities) {
  return R"({"globalId":")" + ifc::global_id("w") + R"(","class":")" + ifc_class + R"(","quantities":{)" + quantities +
         "}}";
}

std::string metadata_bill(const std::string& ifc_class, const std::string& quantities, const std::string& rows) {
  auto takeoff = take_off("elements/a/metadata.json", metadata(ifc_class, quantities));
  if (!takeoff) return takeoff.error().message;
  const Bill bill = make_bill({{"elements/a/metadata.json", *takeoff}}, rates(rows));
  return bill.missing_rates + bill.missing_quantities > 0 ? "missing" : total(bill);
}

TEST(Bill, AMetadataFileIsMeasuredAsAModelIs) {
  const std::string areas =
      R"("GrossArea":{"value":40,"unit":"m2"},"NetSideArea":{"value":3,"unit":"m2"},"Area":{"value":50,"unit":"m2"})";
  EXPECT_EQ(metadata_bill("IfcSlab", areas, ",IfcSlab,,,,m2,1,EUR\n"), "40.00");
  EXPECT_EQ(metadata_bill("IfcWall", areas, ",IfcWall,,,,m2,1,EUR\n"), "3.00");
  const std::string floors = R"("NetFloorArea":{"value":12,"unit":"m2"})";
  EXPECT_EQ(metadata_bill("IfcSpace", floors, ",IfcSpace,,,,m2,2,EUR\n"), "24.00");
  EXPECT_EQ(metadata_bill("IfcSpace", floors, ",IfcElement,,,,m2,2,EUR\n"), "none");
  EXPECT_EQ(metadata_bill("IfcOpeningElement", floors, ",IfcWall,,,,m2,2,EUR\n"), "none");
  const std::string sets =
      R"("Mine.NetArea":{"value":1,"unit":"m2"},"Qto_SlabBaseQuantities.GrossArea":{"value":2,"unit":"m2"})";
  EXPECT_EQ(metadata_bill("IfcSlab", sets, ",IfcSlab,,,,m2,1,EUR\n"), "2.00");
}

TEST(Bill, AMetadataFileOfAnySchemaCountsAndOthersAreTold) {
  EXPECT_EQ(metadata_bill("IfcPavement", "", ",IfcPavement,,,,pcs,5,EUR\n"), "5.00");
  EXPECT_EQ(metadata_bill("IfcElectricalElement", "", ",IfcElement,,,,pcs,5,EUR\n"), "5.00");  // Of IFC2X3.
  EXPECT_EQ(metadata_bill("IfcPavment", "", ",IfcPavement,,,,pcs,5,EUR\n"),
            "1:1: its class \"IfcPavment\" is no class of IFC; write it like IfcWall");
  EXPECT_EQ(take_off("elements/a/metadata.json", R"({"class":"IfcWall"})").error().message,
            "1:1: it has no globalId; write that of its element");
}

TEST(Bill, FilesAreKnownByTheirEndingInAnyCase) {
  for (const char* path : {"a.ifc", "D.IFC", "x/y.IfcZip", "elements/a/metadata.json"})
    EXPECT_TRUE(is_taken_off(path)) << path;
  for (const char* path : {"a.ifcx", "ifc", "elements/metadata.json", "metadata.json"})
    EXPECT_FALSE(is_taken_off(path)) << path;
}

TEST(Bill, AllUnitsOfADimensionAreTheSameQuantity) {
  Building b;
  const Ref beam = b.element("IFCBEAM", "B");
  b.quantities(beam, "Qto_BeamBaseQuantities",
               {b.quantity("WEIGHT", "NetWeight", 2500), b.quantity("LENGTH", "Length", 3048)});
  Building copy = b;
  EXPECT_EQ(total(bill_of(copy, ",IfcBeam,,,,t,1000,EUR\n")), "2500.00");
  copy = b;
  EXPECT_EQ(total(bill_of(copy, ",IfcBeam,,,,ft,1,EUR\n")), "10.00");
}

TEST(BillDifference, SaysWhatWasAddedRemovedAndChanged) {
  const auto wall = [](Building& b, const char* name, double area) {
    b.quantities(b.element("IFCWALL", name), "Qto_WallBaseQuantities", {b.quantity("AREA", "NetSideArea", area)});
  };
  Building old, now;
  wall(old, "same", 1);
  wall(old, "changed", 2);
  wall(old, "removed", 3);
  wall(now, "same", 1);
  wall(now, "changed", 4);
  wall(now, "added", 10);
  const std::string rows = ",IfcWall,,,,m2,10.50,EUR\n";
  const Bill before = bill_of(old, rows), after = bill_of(now, rows);
  const BillDifference found = difference(before, after);
  ASSERT_EQ(found.changes.size(), 3U);
  EXPECT_EQ(found.changes[0].after->item->name, "added");
  EXPECT_EQ(found.changes[0].before, nullptr);
  EXPECT_EQ(to_text(found.changes[1].before->cost), "21.00");
  EXPECT_EQ(to_text(found.changes[1].after->cost), "42.00");
  EXPECT_EQ(found.changes[2].after, nullptr);
  EXPECT_EQ(to_text(found.change.at("EUR")), "94.50");
  EXPECT_EQ(change_json(before, after, 0),
            R"({"currency":"EUR","before":"63.00","after":"157.50","difference":"+94.50","missingRates":0,)"
            R"("missingQuantities":0,"changedElements":3})");
}

TEST(BillDifference, ElementsOfOneNameAreGroupsOfTheirOwn) {
  const auto doors = [](double first, double second) {
    Building b;
    for (const auto& [key, area] : {std::pair("one", first), std::pair("two", second)}) {
      b.draft().add("IFCDOOR", {b.id(key), "$", "'D'", "$", "$", "$", "$", "$", area * 1000, 1000., "$", "$", "$"});
    }
    return bill_of(b, ",IfcDoor,,,,m2,1,EUR\n");
  };
  const Bill before = doors(2, 3), after = doors(2, 5);
  const auto found = group_changes(before, after, By::element);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(to_text(found[0].before.at("EUR")) + " " + to_text(found[0].after.at("EUR")), "2.00 2.00");
  EXPECT_EQ(to_text(found[1].before.at("EUR")) + " " + to_text(found[1].after.at("EUR")), "3.00 5.00");
  const std::string json = report_json(before, after, By::element, {});
  EXPECT_NE(json.find(R"("difference": {
        "EUR": "+2.00")"),
            std::string::npos)
      << json;
}

TEST(BillDifference, AGroupThatIsGoneIsInItsPlace) {
  Building old, now;
  for (const char* name : {"IFCBEAM", "IFCCOLUMN"}) old.element(name, name);
  now.element("IFCCOLUMN", "IFCCOLUMN");
  const std::string rows = ",IfcElement,,,,pcs,1,EUR\n";
  const Bill before = bill_of(old, rows), after = bill_of(now, rows);
  const auto found = group_changes(before, after, By::ifc_class);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].name, "IfcBeam");
  EXPECT_TRUE(found[0].after.empty());
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

TEST(Sums, AreByStoreyClassAndClassification) {
  Building b;
  const Ref wall = b.element("IFCWALL", "W");
  b.classify(wall, "EF_25_10");
  b.element("IFCBEAM", "B");
  const Bill bill = bill_of(b, ",IfcElement,,,,pcs,2,EUR\n");
  const auto storeys = groups_of(bill, By::storey);
  ASSERT_EQ(storeys.size(), 1U);
  EXPECT_EQ(storeys[0].name, "Level 1");
  EXPECT_EQ(to_text(storeys[0].cost.at("EUR")), "4.00");
  const auto classes = groups_of(bill, By::ifc_class);
  ASSERT_EQ(classes.size(), 2U);
  EXPECT_EQ(classes[0].name, "IfcBeam");
  const auto codes = groups_of(bill, By::classification);
  ASSERT_EQ(codes.size(), 2U);
  EXPECT_EQ(codes[0].name, "EF_25_10");
  EXPECT_EQ(codes[1].name, "(none)");
}

}  // namespace
}  // namespace aecos::cost
