#include "cost/bill.h"

#include <gtest/gtest.h>

#include "cost/building_test_internal.h"
#include "cost/report.h"

namespace aecos::cost {
namespace {

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
