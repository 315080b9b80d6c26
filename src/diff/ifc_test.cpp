#include "diff/ifc.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <regex>
#include <sstream>

#include "text/json.h"

namespace aecos::diff {
namespace {

// One building, two storeys, walls, a door in its opening, a type, materials, property sets: one instance a line.
constexpr std::string_view house = R"(#1=IFCPROJECT('000000000000000000proj',#90,'House',$,$,$,$,(#4),#2);
#2=IFCUNITASSIGNMENT((#3));
#3=IFCSIUNIT(*,.LENGTHUNIT.,.MILLI.,.METRE.);
#4=IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-5,#8,$);
#5=IFCCARTESIANPOINT((0.,0.,0.));
#8=IFCAXIS2PLACEMENT3D(#5,$,$);
#10=IFCBUILDING('000000000000000000bldg',#90,'Main',$,$,#11,$,$,.ELEMENT.,$,$,$);
#11=IFCLOCALPLACEMENT($,#8);
#12=IFCRELAGGREGATES('0000000000000000000r12',#90,$,$,#1,(#10));
#13=IFCBUILDINGSTOREY('00000000000000000level1',#90,'Level 1',$,$,#14,$,$,.ELEMENT.,0.);
#14=IFCLOCALPLACEMENT(#11,#8);
#15=IFCBUILDINGSTOREY('00000000000000000level2',#90,'Level 2',$,$,#16,$,$,.ELEMENT.,3000.);
#16=IFCLOCALPLACEMENT(#11,#17);
#17=IFCAXIS2PLACEMENT3D(#18,$,$);
#18=IFCCARTESIANPOINT((0.,0.,3000.));
#19=IFCRELAGGREGATES('0000000000000000000r19',#90,$,$,#10,(#13,#15));
#20=IFCWALL('0000000000000000000W-1',#90,'W-1',$,$,#21,#30,'tag-1',.SOLIDWALL.);
#21=IFCLOCALPLACEMENT(#14,#22);
#22=IFCAXIS2PLACEMENT3D(#23,$,$);
#23=IFCCARTESIANPOINT((1000.,2000.,0.));
#24=IFCWALL('0000000000000000000W-2',#90,'W-2',$,$,#25,#32,$,$);
#25=IFCLOCALPLACEMENT(#14,#8);
#26=IFCWALL('0000000000000000000W-3',#90,'W-3',$,$,#27,#34,$,$);
#27=IFCLOCALPLACEMENT(#16,#8);
#30=IFCPRODUCTDEFINITIONSHAPE($,$,(#31));
#31=IFCSHAPEREPRESENTATION(#4,'Body','CSG',(#36));
#32=IFCPRODUCTDEFINITIONSHAPE($,$,(#33));
#33=IFCSHAPEREPRESENTATION(#4,'Body','CSG',(#37));
#34=IFCPRODUCTDEFINITIONSHAPE($,$,(#35));
#35=IFCSHAPEREPRESENTATION(#4,'Body','CSG',(#38));
#36=IFCBLOCK(#8,5000.,200.,3000.);
#37=IFCBLOCK(#8,4000.,200.,3000.);
#38=IFCBLOCK(#8,3000.,200.,3000.);
#39=IFCSTYLEDITEM(#36,(#40),$);
#40=IFCSURFACESTYLE('Grey',.BOTH.,(#41));
#41=IFCSURFACESTYLESHADING(#42,$);
#42=IFCCOLOURRGB($,0.5,0.5,0.5);
#43=IFCSURFACESTYLE('Red',.BOTH.,(#44));
#44=IFCSURFACESTYLESHADING(#45,$);
#45=IFCCOLOURRGB($,1.,0.,0.);
#46=IFCRELCONTAINEDINSPATIALSTRUCTURE('0000000000000000000r46',#90,$,$,(#20,#24,#50),#13);
#47=IFCRELCONTAINEDINSPATIALSTRUCTURE('0000000000000000000r47',#90,$,$,(#26),#15);
#50=IFCDOOR('0000000000000000000D-1',#90,'D-1',$,$,#51,$,$,2100.,900.,$,$,$);
#51=IFCLOCALPLACEMENT(#53,#8);
#52=IFCOPENINGELEMENT('0000000000000000000O-1',#90,'Opening',$,$,#53,$,$,$);
#53=IFCLOCALPLACEMENT(#21,#17);
#54=IFCRELVOIDSELEMENT('0000000000000000000r54',#90,$,$,#20,#52);
#55=IFCRELFILLSELEMENT('0000000000000000000r55',#90,$,$,#52,#50);
#60=IFCPROPERTYSET('0000000000000000000p60',#90,'Pset_WallCommon',$,(#61,#62));
#61=IFCPROPERTYSINGLEVALUE('FireRating',$,IFCLABEL('REI 60'),$);
#62=IFCPROPERTYSINGLEVALUE('LoadBearing',$,IFCBOOLEAN(.T.),$);
#63=IFCRELDEFINESBYPROPERTIES('0000000000000000000r63',#90,$,$,(#20,#24),#60);
#64=IFCELEMENTQUANTITY('0000000000000000000q64',#90,'Qto_WallBaseQuantities',$,$,(#65));
#65=IFCQUANTITYLENGTH('Length',$,$,5000.,$);
#66=IFCRELDEFINESBYPROPERTIES('0000000000000000000r66',#90,$,$,(#20),#64);
#70=IFCWALLTYPE('0000000000000000000T-1',#90,'Brick 200',$,$,$,$,$,$,.SOLIDWALL.);
#71=IFCWALLTYPE('0000000000000000000T-2',#90,'Brick 300',$,$,$,$,$,$,.SOLIDWALL.);
#72=IFCRELDEFINESBYTYPE('0000000000000000000r72',#90,$,$,(#20,#24),#70);
#73=IFCRELDEFINESBYTYPE('0000000000000000000r73',#90,$,$,(#26),#71);
#74=IFCMATERIAL('Brick',$,$);
#75=IFCMATERIAL('Concrete',$,$);
#76=IFCRELASSOCIATESMATERIAL('0000000000000000000r76',#90,$,$,(#20,#24),#74);
#77=IFCRELASSOCIATESMATERIAL('0000000000000000000r77',#90,$,$,(#26),#75);
#78=IFCGROUP('0000000000000000000G-1',#90,'Phase 1',$,$);
#79=IFCRELASSIGNSTOGROUP('0000000000000000000r79',#90,$,$,(#20),$,#78);
#80=IFCCLASSIFICATIONREFERENCE($,'21.1','Walls',$,$,$);
#81=IFCRELASSOCIATESCLASSIFICATION('0000000000000000000r81',#90,$,$,(#20),#80);
#82=IFCRELCONNECTSPATHELEMENTS('0000000000000000000r82',#90,$,$,$,#20,#24,(),(),.ATEND.,.ATSTART.);
#90=IFCOWNERHISTORY(#91,#92,$,.ADDED.,$,$,$,1);
#91=IFCPERSONANDORGANIZATION(#93,#94,$);
#92=IFCAPPLICATION(#94,'1','aecos','aecos');
#93=IFCPERSON('ana',$,$,$,$,$,$,$);
#94=IFCORGANIZATION($,'Acme',$,$,$);
)";

std::string file_of(std::string_view data, std::string_view schema = "IFC4") {
  return "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n"
         "FILE_SCHEMA(('" +
         std::string(schema) + "'));\nENDSEC;\nDATA;\n" + std::string(data) + "ENDSEC;\nEND-ISO-10303-21;\n";
}

using Edit = std::pair<std::string, std::string>;

// The house with texts replaced; each must be there once.
std::string edited(const std::vector<Edit>& edits) {
  std::string data(house);
  for (const auto& [from, to] : edits) {
    const std::size_t at = data.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    EXPECT_EQ(data.find(from, at + 1), std::string::npos) << from;
    if (at != std::string::npos) data.replace(at, from.size(), to);
  }
  return data;
}

// The same with lines (by id) left out.
std::string without(const std::vector<int>& ids, std::string data) {
  for (const int id : ids) {
    const std::size_t at = data.find("#" + std::to_string(id) + "=");
    EXPECT_NE(at, std::string::npos) << id;
    data.erase(at, data.find('\n', at) + 1 - at);
  }
  return data;
}

std::vector<Change> changes(const std::string& before, const std::string& after) {
  auto found = diff_ifc(file_of(before), file_of(after));
  EXPECT_TRUE(found) << found.error().message;
  if (!found) return {};
  for (const Change& change : *found)
    for (const Value& value : {change.before, change.after}) EXPECT_TRUE(!value || text::parse_json(*value)) << *value;
  return *std::move(found);
}

// "renamed W-1 Name: "a" -> "b"", long values cut.
std::string line(const Change& change) {
  const auto cut = [](const Value& value) {
    constexpr std::size_t length_max = 120;
    return !value ? "-" : value->size() > length_max ? value->substr(0, length_max) + "..." : *value;
  };
  const std::string who = change.element.name.empty() ? change.element.ifc_class : change.element.name;
  return std::string(to_string(change.kind)) + " " + who + " " + change.at + ": " + cut(change.before) + " -> " +
         cut(change.after);
}

std::vector<std::string> lines(const std::string& after) {
  std::vector<std::string> all;
  for (const Change& change : changes(std::string(house), after)) all.push_back(line(change));
  return all;
}

using Lines = std::vector<std::string>;

TEST(DiffIfc, NothingChangedIsNothing) { EXPECT_EQ(lines(std::string(house)), Lines()); }

TEST(DiffIfc, OwnerHistoryIsNoChange) {
  EXPECT_EQ(lines(edited({{"IFCOWNERHISTORY(#91,#92,$,.ADDED.,$,$,$,1)", "IFCOWNERHISTORY(#91,#92,$,$,$,$,$,999)"}})),
            Lines());
}

TEST(DiffIfc, NamesAndOtherAttributes) {
  EXPECT_EQ(lines(edited({{"'W-1',$,$,#21", "'W-12','north',$,#21"}})),
            Lines({R"(renamed W-12 Name: "W-1" -> "W-12")", R"(attribute W-12 Description: - -> "north")"}));
}

TEST(DiffIfc, MovedSaysHowFarInMetres) {
  EXPECT_EQ(lines(edited({{"(1000.,2000.,0.)", "(1300.,2400.,0.)"}})),
            Lines({R"(moved W-1 Placement: {"relativeTo":{"globalId":"00000000000000000level1","class":)"
                   R"("IfcBuildingStorey","name":"Level 1"},"location":[1000.0,200... -> )"
                   R"({"relativeTo":{"globalId":"00000000000000000level1","class":"IfcBuildingStorey",)"
                   R"("name":"Level 1"},"location":[1300.0,240...)"}));
  const auto found = changes(std::string(house), edited({{"(1000.,2000.,0.)", "(1300.,2400.,0.)"}}));
  EXPECT_NE(found.at(0).after->find("\"distance_m\":0.5}"), std::string::npos) << *found[0].after;
}

TEST(DiffIfc, MovedToAnotherStoreyIsMeasuredInTheWorld) {
  const auto found = changes(std::string(house), edited({{"#21=IFCLOCALPLACEMENT(#14", "#21=IFCLOCALPLACEMENT(#16"}}));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NE(found[0].after->find("\"distance_m\":3}"), std::string::npos) << *found[0].after;
}

TEST(DiffIfc, MovingAStoreyMovesNothingElse) {
  const auto found =
      changes(std::string(house), edited({{"#16=IFCLOCALPLACEMENT(#11,#17)", "#16=IFCLOCALPLACEMENT(#11,#8)"}}));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].element.name, "Level 2");
  EXPECT_EQ(found[0].kind, ChangeKind::moved);
}

TEST(DiffIfc, ReshapedAndRestyledAreToldApart) {
  auto found = changes(std::string(house), edited({{"#36=IFCBLOCK(#8,5000.", "#36=IFCBLOCK(#8,6000."}}));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, ChangeKind::reshaped);
  EXPECT_EQ(found[0].at, "Representation");
  found = changes(std::string(house), edited({{"#39=IFCSTYLEDITEM(#36,(#40)", "#39=IFCSTYLEDITEM(#36,(#43)"}}));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, ChangeKind::restyled);
  EXPECT_EQ(found[0].before->substr(0, 19), R"({"styles":["Grey"],)");
  EXPECT_EQ(found[0].after->substr(0, 18), R"({"styles":["Red"],)");
}

TEST(DiffIfc, LayersAreLooks) {
  const std::string layered = std::string(house) + "#99=IFCPRESENTATIONLAYERASSIGNMENT('A-WALL',$,(#31,#33),$);\n";
  const auto found = changes(std::string(house), layered);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(line(found[0]).substr(0, 12), "restyled W-1");
  EXPECT_EQ(line(found[1]).substr(0, 12), "restyled W-2");
  EXPECT_NE(found[0].after->find(R"("layers":["A-WALL"])"), std::string::npos);
  EXPECT_EQ(line(found[2]).substr(0, 39), "resource A-WALL IfcPresentationLayerAss");
}

TEST(DiffIfc, PropertiesChangePerElement) {
  EXPECT_EQ(lines(edited({{"REI 60", "REI 120"}})),
            Lines({R"(property W-1 Pset_WallCommon.FireRating: "REI 60" -> "REI 120")",
                   R"(property W-2 Pset_WallCommon.FireRating: "REI 60" -> "REI 120")"}));
  EXPECT_EQ(
      lines(edited({{"#65=IFCQUANTITYLENGTH('Length',$,$,5000.,$)", "#65=IFCQUANTITYLENGTH('Length',$,$,5100.,$)"}})),
      Lines({"quantity W-1 Qto_WallBaseQuantities.Length: 5000.0 -> 5100.0"}));
}

TEST(DiffIfc, SplittingASharedSetForOneWallChangesThatWall) {
  const std::string split = edited({{"(#20,#24),#60)", "(#24),#60)"}}) +
                            "#95=IFCPROPERTYSET('0000000000000000000p95',$,'Pset_WallCommon',$,(#96,#62));\n"
                            "#96=IFCPROPERTYSINGLEVALUE('FireRating',$,IFCLABEL('REI 90'),$);\n"
                            "#97=IFCRELDEFINESBYPROPERTIES('0000000000000000000r97',$,$,$,(#20),#95);\n";
  EXPECT_EQ(lines(split), Lines({R"(property W-1 Pset_WallCommon.FireRating: "REI 60" -> "REI 90")"}));
}

TEST(DiffIfc, PropertiesComeAndGo) {
  EXPECT_EQ(lines(edited({{"(#61,#62)", "(#62,#98)"}}) + "#98=IFCPROPERTYSINGLEVALUE('Status',$,$,$);\n"),
            Lines({R"(property W-1 Pset_WallCommon.FireRating: "REI 60" -> -)",
                   R"(property W-1 Pset_WallCommon.Status: - -> null)",
                   R"(property W-2 Pset_WallCommon.FireRating: "REI 60" -> -)",
                   R"(property W-2 Pset_WallCommon.Status: - -> null)"}));
  EXPECT_EQ(lines(without({63}, std::string(house))).size(), 4U);
}

TEST(DiffIfc, TypeAndUnitOfAPropertyAreContent) {
  const auto found = lines(edited({{"IFCLABEL('REI 60')", "IFCTEXT('REI 60')"}}));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0], R"(property W-1 Pset_WallCommon.FireRating: )"
                      R"("#1=IFCPROPERTYSINGLEVALUE('FireRating',$,IFCLABEL('REI 60'),$);" -> )"
                      R"("#1=IFCPROPERTYSINGLEVALUE('FireRating',$,IFCTEXT('REI 60'),$);")");
}

TEST(DiffIfc, ARenamedSetIsOneChange) {
  EXPECT_EQ(lines(edited({{"'Pset_WallCommon',$,", "'Pset_Walls',$,"}})),
            Lines({R"(property W-1 Pset_WallCommon: "Pset_WallCommon" -> "Pset_Walls")",
                   R"(property W-2 Pset_WallCommon: "Pset_WallCommon" -> "Pset_Walls")"}));
}

TEST(DiffIfc, TheDescriptionOfASetIsContent) {
  EXPECT_EQ(lines(edited({{"'Pset_WallCommon',$,", "'Pset_WallCommon','common',"}})),
            Lines({R"(property W-1 Pset_WallCommon (Description): - -> "common")",
                   R"(property W-2 Pset_WallCommon (Description): - -> "common")"}));
}

TEST(DiffIfc, LinksSayFromWhereToWhere) {
  EXPECT_EQ(lines(edited({{"(#20,#24),#70)", "(#20),#70)"}, {"(#26),#71)", "(#26,#24),#71)"}})),
            Lines({R"(retyped W-2 Type: {"globalId":"0000000000000000000T-1","class":"IfcWallType","name":"Brick 200"})"
                   R"( -> {"globalId":"0000000000000000000T-2","class":"IfcWallType","name":"Brick 300"})"}));
  EXPECT_EQ(lines(edited({{"(#20,#24),#74)", "(#24),#74)"}, {"(#26),#75)", "(#20,#26),#75)"}})),
            Lines({R"(material W-1 Material: "Brick" -> "Concrete")"}));
  const auto found = lines(edited({{"(#20,#24,#50),#13)", "(#20,#50),#13)"}, {"(#26),#15)", "(#26,#24),#15)"}}));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].substr(0, 23), "container W-2 Container");
  EXPECT_EQ(
      lines(edited({{"(#20),$,#78)", "(#24),$,#78)"}})),
      Lines({R"(group W-1 Group: {"globalId":"0000000000000000000G-1","class":"IfcGroup","name":"Phase 1"} -> -)",
             R"(group W-2 Group: - -> {"globalId":"0000000000000000000G-1","class":"IfcGroup","name":"Phase 1"})"}));
}

TEST(DiffIfc, ReclassifiedByClassAndByReference) {
  EXPECT_EQ(lines(edited({{"#26=IFCWALL(", "#26=IFCBUILDINGELEMENTPROXY("}})),
            Lines({R"(reclassified W-3 Class: "IfcWall" -> "IfcBuildingElementProxy")"}));
  EXPECT_EQ(lines(edited({{"'21.1','Walls'", "'21.2','Outer walls'"}})),
            Lines({R"(reclassified W-1 Classification: )"
                   R"({"class":"IfcClassificationReference","identification":"21.1","name":"Walls"} -> )"
                   R"({"class":"IfcClassificationReference","identification":"21.2","name":"Outer walls"})"}));
}

TEST(DiffIfc, AttributesOfAnotherClassStandByName) {
  EXPECT_EQ(
      lines(edited({{"#20=IFCWALL(", "#20=IFCDOOR("}, {"'tag-1',.SOLIDWALL.)", "'tag-1',2100.,900.,.DOOR.,$,$)"}})),
      Lines({R"(reclassified W-1 Class: "IfcWall" -> "IfcDoor")", "attribute W-1 OverallHeight: - -> 2100.0",
             "attribute W-1 OverallWidth: - -> 900.0", R"(attribute W-1 PredefinedType: "SOLIDWALL" -> "DOOR")"}));
}

TEST(DiffIfc, AnAddedWallIsOneLineWithAllThatBelongsToIt) {
  const std::string data =
      edited({{"(#20,#24,#50),#13)", "(#20,#24,#50,#100),#13)"},
              {"(#20,#24),#60)", "(#20,#24,#100),#60)"},
              {"(#20,#24),#70)", "(#20,#24,#100),#70)"}}) +
      "#100=IFCWALL('0000000000000000000W-4',$,'W-4',$,$,#101,#102,$,$);\n#101=IFCLOCALPLACEMENT(#14,#17);\n"
      "#102=IFCPRODUCTDEFINITIONSHAPE($,$,(#103));\n#103=IFCSHAPEREPRESENTATION(#4,'Body','CSG',(#104));\n"
      "#104=IFCBLOCK(#8,1.,1.,1.);\n#105=IFCOPENINGELEMENT('0000000000000000000O-2',$,'Hole',$,$,$,$,$,$);\n"
      "#106=IFCRELVOIDSELEMENT('000000000000000000r106',$,$,$,#100,#105);\n"
      "#107=IFCRELCONNECTSPATHELEMENTS('000000000000000000r107',$,$,$,$,#20,#100,(),(),.ATEND.,.ATSTART.);\n";
  const auto found = changes(std::string(house), data);
  ASSERT_EQ(found.size(), 1U) << line(found[1]);
  EXPECT_EQ(line(found[0]).substr(0, 25), "added W-4 Level 1: - -> {");
  const auto parsed = text::parse_json(*found[0].after);
  const text::JsonNode whole = parsed->root();
  EXPECT_EQ(whole["properties"]["Pset_WallCommon"]["FireRating"].as_string(), "REI 60");
  EXPECT_EQ(whole["relations"].size(), 4U) << *found[0].after;  // Container, type, opening, connection.
  EXPECT_EQ(whole["parts"][0]["name"].as_string(), "Hole");
  EXPECT_EQ(whole["representation"]["representations"][0]["type"].as_string(), "CSG");
}

TEST(DiffIfc, AnOpeningIsToldWithItsWall) {
  const auto found = lines(std::string(house) +
                           "#105=IFCOPENINGELEMENT('0000000000000000000O-2',$,'Hole',$,$,$,$,$,$);\n"
                           "#106=IFCRELVOIDSELEMENT('000000000000000000r106',$,$,$,#24,#105);\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].substr(0, 29), "relation W-2 Openings: - -> {");
}

TEST(DiffIfc, ARemovedElementShowsWhatItTouched) {
  // The wall with its opening: the door loses what it filled; the other wall's connection goes with the wall.
  const std::string data = edited({{"(#20,#24,#50),#13)", "(#24,#50),#13)"},
                                   {"(#20,#24),#60)", "(#24),#60)"},
                                   {"(#20,#24),#70)", "(#24),#70)"},
                                   {"(#20,#24),#74)", "(#24),#74)"},
                                   {"#51=IFCLOCALPLACEMENT(#53,#8)", "#51=IFCLOCALPLACEMENT(#14,#8)"}});
  const auto found = lines(without({20, 21, 22, 23, 30, 31, 36, 39, 52, 53, 54, 55, 64, 65, 66, 79, 81, 82}, data));
  ASSERT_EQ(found.size(), 3U) << testing::PrintToString(found);
  EXPECT_EQ(found[0].substr(0, 20), "removed W-1 Level 1:");
  EXPECT_EQ(found[1].substr(0, 20), "moved D-1 Placement:");
  EXPECT_EQ(found[2].substr(0, 20), "relation D-1 Fills: ");
}

TEST(DiffIfc, DrawnAgainIsOneLine) {
  auto found = changes(std::string(house), edited({{"0000000000000000000W-3", "0000000000000000000W-9"}}));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, ChangeKind::redrawn);
  EXPECT_EQ(found[0].at, "0000000000000000000W-3");
  EXPECT_EQ(found[0].element.global_id, "0000000000000000000W-9");
  found =
      changes(std::string(house), edited({{"'0000000000000000000W-3',#90,'W-3'", "'0000000000000000000W-9',#90,'X'"}}));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, ChangeKind::redrawn);
  // Of another type it is another wall.
  found = changes(std::string(house),
                  edited({{"0000000000000000000W-3", "0000000000000000000W-9"}, {"(#26),#71)", "(#26),#70)"}}));
  EXPECT_EQ(found.size(), 2U);
}

TEST(DiffIfc, ResourcesAreToldOnce) {
  EXPECT_EQ(lines(edited({{"IFCMATERIAL('Brick',$,$)", "IFCMATERIAL('Brick','fired clay',$)"}})),
            Lines({R"(resource Brick Description: - -> "fired clay")"}));
  EXPECT_EQ(lines(edited({{"#42=IFCCOLOURRGB($,0.5", "#42=IFCCOLOURRGB($,0.75"}})).size(), 1U);
  EXPECT_EQ(lines(edited({{".MILLI.", "$"}})).at(0).substr(0, 29), "resource House UnitsInContext");
  const auto found = lines(std::string(house) + "#99=IFCMATERIAL('Glass',$,$);\n");
  EXPECT_EQ(found, Lines({R"(resource Glass IfcMaterial: - -> "Glass")"}));
}

TEST(DiffIfc, PropertiesOfAMaterialAreChangesOfTheMaterial) {
  const std::string more =
      "#99=IFCMATERIALPROPERTIES('Thermal',$,(#98),#74);\n"
      "#98=IFCPROPERTYSINGLEVALUE('Conductivity',$,IFCREAL(0.8),$);\n";
  auto found = lines(std::string(house) + more);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].substr(0, 36), "resource Brick IfcMaterialProperties");
  // Beside another change too.
  found = lines(edited({{"IFCMATERIAL('Brick',$,$)", "IFCMATERIAL('Brick','fired clay',$)"}}) + more);
  EXPECT_EQ(found.size(), 2U);
}

TEST(DiffIfc, RelationsOneToOneHaveAPlaceAndAnElement) {
  EXPECT_EQ(lines(edited({{".ATEND.,.ATSTART.", ".ATEND.,.ATPATH."}})),
            Lines({R"(relation W-2 Connections (RelatingConnectionType): "ATSTART" -> "ATPATH")"}));
  EXPECT_EQ(lines(without({82}, std::string(house))).at(0).substr(0, 26), "relation W-2 Connections: ");
  // With a new GlobalId it is still the same relation.
  EXPECT_EQ(lines(edited({{"0000000000000000000r82", "0000000000000000000rXX"}})), Lines());
}

TEST(DiffIfc, MembersOfOrderedRelationsAreLinks) {
  const std::string nests =
      "#98=IFCDISTRIBUTIONPORT('0000000000000000000P-1',$,'P-1',$,$,$,$,$,$,$);\n"
      "#99=IFCRELNESTS('0000000000000000000r99',$,$,$,#20,(#98));\n";
  const auto found = lines(std::string(house) + nests);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].substr(0, 19), "relation W-1 Ports:");
  std::string moved = std::string(house) + nests;
  moved.replace(moved.find("#20,(#98)"), 3, "#24");
  const auto links = changes(std::string(house) + nests, moved);
  ASSERT_EQ(links.size(), 1U);
  EXPECT_EQ(line(links[0]).substr(0, 22), "container P-1 Parent: ");
}

TEST(DiffIfc, TheSchemaIsContent) {
  const auto found = diff_ifc(file_of(house), file_of(house, "IFC4X3"));
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(line((*found)[0]), R"(resource  FILE_SCHEMA: "IFC4" -> "IFC4X3")");
}

TEST(DiffIfc, LeftOversAreNoNewsBesideWhatLeftThem) {
  const auto found = lines(without({39}, std::string(house)));  // The style hangs on nothing now.
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].substr(0, 12), "restyled W-1");
}

TEST(DiffIfc, ErrorsNameTheVersion) {
  const auto first = diff_ifc("nothing", file_of(house));
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().message.substr(0, 8), "before: ");
  const auto second = diff_ifc(file_of(house), "nothing");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message.substr(0, 7), "after: ");
}

// ---- What is no change: another order, other ids, other GlobalIds of relations and property sets.

struct Line {
  std::string id, keyword, args;
};

// Instances of a file that has one a line, between DATA and ENDSEC.
std::string reexported(const std::string& text, unsigned seed) {
  const std::size_t begin = text.find("DATA;") + 5;
  const std::size_t end = text.find("ENDSEC;", begin);
  std::vector<std::string> instances;
  std::string one;
  bool quoted = false;
  for (const char c : text.substr(begin, end - begin)) {
    if (c == '\'') quoted = !quoted;
    if (c == '\n' || c == '\r') continue;
    one += c;
    if (c == ';' && !quoted) instances.push_back(std::move(one)), one.clear();
  }
  std::mt19937 random(seed);
  std::vector<std::size_t> ids(instances.size());
  std::unordered_map<std::string, std::size_t> number;
  for (std::size_t k = 0; k < ids.size(); ++k) ids[k] = 2 * k + 7;
  std::shuffle(ids.begin(), ids.end(), random);
  for (std::size_t k = 0; k < instances.size(); ++k)
    number[instances[k].substr(1, instances[k].find_first_of("= ") - 1)] = ids[k];
  std::shuffle(instances.begin(), instances.end(), random);
  std::string data = "\n";
  const std::regex owned("=\\s*(IFCREL|IFCPROPERTYSET|IFCELEMENTQUANTITY)");
  for (const std::string& instance : instances) {
    std::string renumbered;
    bool inside = false;
    for (std::size_t k = 0; k < instance.size(); ++k) {
      if (instance[k] == '\'') inside = !inside;
      if (inside || instance[k] != '#') {
        renumbered += instance[k];
        continue;
      }
      std::size_t stop = k + 1;
      while (stop < instance.size() && instance[stop] >= '0' && instance[stop] <= '9') ++stop;
      const auto target = number.find(instance.substr(k + 1, stop - k - 1));
      renumbered += '#' + std::to_string(target == number.end() ? 999'999'999 : target->second);
      k = stop - 1;
    }
    if (std::regex_search(instance, owned)) {
      const std::size_t id = renumbered.find('\'') + 1;
      for (std::size_t k = id + 6; k < id + 22; ++k) renumbered[k] = static_cast<char>('A' + random() % 26);
    }
    data += renumbered + "\n";
  }
  return text.substr(0, begin) + data + text.substr(end);
}

TEST(DiffIfc, ReExportIsNoChange) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const auto found = diff_ifc(file_of(house), reexported(file_of(house), seed));
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_TRUE(found->empty()) << line(found->front());
  }
}

TEST(DiffIfc, ReExportOfAnEditIsTheEdit) {
  const std::string changed = edited({{"REI 60", "REI 120"}, {"(1000.,2000.,0.)", "(1300.,2400.,0.)"}});
  const auto direct = changes(std::string(house), changed);
  const auto exported = diff_ifc(file_of(house), reexported(file_of(changed), 5));
  ASSERT_TRUE(exported);
  ASSERT_EQ(exported->size(), direct.size());
  for (std::size_t k = 0; k < direct.size(); ++k) EXPECT_EQ(line((*exported)[k]), line(direct[k]));
}

TEST(DiffIfc, ReExportOfRealModelsIsNoChange) {
  const std::filesystem::path folder = "../shared/data/ifc";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "no models in ../shared/data/ifc";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(entry.path(), std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    const auto found = diff_ifc(text.str(), reexported(text.str(), 1));
    ASSERT_TRUE(found) << entry.path() << found.error().message;
    EXPECT_TRUE(found->empty()) << entry.path() << " " << line(found->front());
  }
}

// Every single edit of any attribute of any instance is told, and so is every instance that goes.
TEST(DiffIfc, EveryEditShows) {
  std::istringstream in{std::string(house)};
  for (std::string text; std::getline(in, text);) {
    if (text.find("IFCOWNERHISTORY") != std::string::npos) break;  // And what only it refers to.
    const std::size_t comma = text.find(',');
    const bool relation = text.find("=IFCREL") != std::string::npos ||
                          text.find("=IFCPROPERTYSET") != std::string::npos ||
                          text.find("=IFCELEMENTQUANTITY") != std::string::npos;
    std::string changed = text;
    for (std::size_t k = relation && comma != std::string::npos ? comma : text.find('('); k < text.size(); ++k) {
      const bool number = k > 0 && (text[k - 1] == ',' || text[k - 1] == '(') && text[k] >= '1' && text[k] <= '9';
      const bool string = text[k] == '\'' && k > 0 && text[k - 1] == ',' && text[k + 1] != '\'';
      if (!number && !string) continue;
      changed = text;
      changed.insert(number ? k : k + 1, number ? "1" : "x");
      EXPECT_FALSE(changes(std::string(house), edited({{text, changed}})).empty()) << changed;
    }
  }
}

TEST(DiffIfc, HostileFilesEnd) {
  // Very many elements that share one very large property set.
  std::string sets, names, walls;
  for (int k = 0; k < 2'000; ++k) {
    const std::string id = std::to_string(1000 + k);
    sets += "#" + id + "=IFCPROPERTYSINGLEVALUE('P" + id + "',$,IFCLABEL('@'),$);\n";
    names += (k == 0 ? "#" : ",#") + id;
  }
  std::string members;
  for (int k = 0; k < 2'000; ++k) {
    const std::string id = std::to_string(10000 + k);
    walls += "#" + id + "=IFCWALL('00000000000000000" + id + "',$,'W',$,$,$,$,$,$);\n";
    members += (k == 0 ? "#" : ",#") + id;
  }
  const std::string before = walls + sets + "#1=IFCPROPERTYSET('0000000000000000000set',$,'S',$,(" + names +
                             "));\n#2=IFCRELDEFINESBYPROPERTIES('0000000000000000000rel',$,$,$,(" + members +
                             "),#1);\n";
  std::string after = before;
  std::replace(after.begin(), after.end(), '@', '!');
  const auto found = diff_ifc(file_of(before), file_of(after));
  ASSERT_TRUE(found);
  EXPECT_GE(found->size(), 2'000U);
}

}  // namespace
}  // namespace aecos::diff
