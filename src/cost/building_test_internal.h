#pragma once
// Models for tests, put together piece by piece, and what they cost.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cost/bill.h"
#include "ifc/draft.h"
#include "ifc/global_id.h"

namespace aecos::cost {

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

inline SharedTakeoff taken(const std::string& text) {
  auto takeoff = take_off("a.ifc", text);
  EXPECT_TRUE(takeoff) << (takeoff ? "" : takeoff.error().message);
  return takeoff ? *takeoff : std::make_shared<const Takeoff>();
}

inline std::shared_ptr<const Rates> rates(const std::string& rows) {
  auto read = parse_rates("classification,class,predefinedType,name,material,unit,rate,currency\n" + rows);
  EXPECT_TRUE(read) << (read ? "" : read.error().message);
  return std::make_shared<const Rates>(read ? *read : Rates{});
}

inline Bill bill_of(Building& building, const std::string& rows) {
  return make_bill({{"a.ifc", taken(building.text())}}, rates(rows));
}

inline const Position& only(const Bill& bill) {
  EXPECT_EQ(bill.positions.size(), 1U);
  return bill.positions.at(0);
}

inline std::string total(const Bill& bill, const char* currency = "EUR") {
  const auto found = bill.total.find(currency);
  return found == bill.total.end() ? "none" : to_text(found->second);
}

}  // namespace aecos::cost
