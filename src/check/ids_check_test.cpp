#include "check/ids_check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "check/ids_test_internal.h"

namespace aecos::check {
namespace {

const std::string pset =
    "#20=IFCPROPERTYSINGLEVALUE('FireRating',$,IFCLABEL('REI 60'),$);\n"
    "#21=IFCPROPERTYSINGLEVALUE('Width',$,IFCLENGTHMEASURE(300.),$);\n"
    "#22=IFCPROPERTYSINGLEVALUE('Note',$,$,$);\n"
    "#23=IFCPROPERTYSET('0pset00000000000000000',$,'Our_Wall',$,(#20,#21,#22));\n"
    "#24=IFCRELDEFINESBYPROPERTIES('0rel000000000000000000',$,$,$,(#10),#23);\n";

std::string wall_must(const std::string& requirement, const std::string& model = one_wall(pset)) {
  return outcome(model, specification(wall(), requirement));
}

TEST(IdsEntity, SubclassesDoNotCount) {
  const std::string model = model_text("#10=IFCWALLSTANDARDCASE('0wall00000000000000000',$,$,$,$,$,$,$,$);\n");
  EXPECT_EQ(outcome(model, specification(wall(), "", "minOccurs=\"1\" maxOccurs=\"unbounded\"")),
            "the model has nothing that this is about, and something is required");
  EXPECT_EQ(outcome(model, specification(entity(like("IFCWALL.*")), attribute(simple("Name")))), "has no Name");
}

TEST(IdsEntity, PredefinedTypeOfTheTypeStandsForItsOccurrences) {
  const std::string requirement = entity(simple("IFCWALL"), simple("PARAPET"));
  const std::string type =
      "#30=IFCWALLTYPE('0type00000000000000000',$,'T',$,$,$,$,$,$,.PARAPET.);\n#31=IFCRELDEFINESBYTYPE('"
      "1rel000000000000000000',$,$,$,(#10),#30);\n";
  EXPECT_EQ(wall_must(requirement), "has the predefined type SHEAR, not PARAPET");
  EXPECT_EQ(wall_must(requirement, one_wall(type)), "pass");
}

TEST(IdsEntity, UserDefinedTypeIsItsText) {
  const std::string model =
      model_text("#10=IFCWALL('0wall00000000000000000',$,'W',$,'Garden wall',$,$,$,.USERDEFINED.);\n");
  EXPECT_EQ(wall_must(entity(simple("IFCWALL"), simple("Garden wall")), model), "pass");
  EXPECT_EQ(wall_must(entity(simple("IFCWALL"), simple("USERDEFINED")), model), "pass");
  EXPECT_EQ(wall_must(entity(simple("IFCWALL"), simple("GARDEN WALL")), model),
            "has the predefined type Garden wall, not GARDEN WALL");
}

TEST(IdsEntity, DevicesOfIfc2x3AreKnownByTheirType) {
  const std::string model = model_text(
      "#10=IFCFLOWTERMINAL('0term00000000000000000',$,'T1',$,$,$,$,$);\n#11=IFCFLOWTERMINAL('1term00000000000000000',$,"
      "$,$,$,$,$,$);\n"
      "#12=IFCAIRTERMINALTYPE('0type00000000000000000',$,$,$,$,$,$,$,$,.GRILLE.);\n#13=IFCRELDEFINESBYTYPE('"
      "0rel000000000000000000',$,$,$,(#10),#12);\n",
      "IFC2X3");
  const std::string terminal = entity(simple("IFCAIRTERMINAL"));
  EXPECT_EQ(
      outcome(model, specification(terminal, attribute(simple("Name")), "maxOccurs=\"unbounded\"", "IFC2X3 IFC4")),
      "pass");
  EXPECT_EQ(outcome(model, specification(terminal, entity(simple("IFCAIRTERMINAL"), simple("GRILLE")),
                                         "maxOccurs=\"unbounded\"", "IFC2X3")),
            "pass");
  EXPECT_EQ(outcome(model, specification(entity(simple("IFCFLOWTERMINAL")), attribute(simple("Name")),
                                         "maxOccurs=\"unbounded\"", "IFC2X3")),
            "has no Name");
}

TEST(IdsAttribute, EmptyIsNotThere) {
  EXPECT_EQ(wall_must(attribute(simple("Name"))), "pass");
  EXPECT_EQ(wall_must(attribute(simple("Name")), one_wall("", "''")), "has no Name");
  EXPECT_EQ(wall_must(attribute(simple("Name")), one_wall("", "$")), "has no Name");
  EXPECT_EQ(wall_must(attribute(simple("Name"), simple("W-13"))), "Name is \"W-12\", not W-13");
  EXPECT_EQ(wall_must(attribute(simple("Name"), like("W-[0-9]+"))), "pass");
}

TEST(IdsAttribute, OptionalMayBeAbsentButNotEmpty) {
  const std::string optional = attribute(simple("Name"), simple("W-12"), " cardinality=\"optional\"");
  EXPECT_EQ(wall_must(optional, one_wall("", "$")), "pass");
  EXPECT_EQ(wall_must(optional), "pass");
  EXPECT_EQ(wall_must(optional, one_wall("", "''")), "has no Name");
}

TEST(IdsAttribute, ProhibitedMayHaveOtherValues) {
  const std::string prohibited = attribute(simple("Name"), simple("W-12"), " cardinality=\"prohibited\"");
  EXPECT_EQ(wall_must(prohibited), "has Name = \"W-12\"");
  EXPECT_EQ(wall_must(prohibited, one_wall("", "'W-13'")), "pass");
  EXPECT_EQ(wall_must(prohibited, one_wall("", "$")), "pass");
}

TEST(IdsProperty, TypeAndValueAreHeldTo) {
  const auto rated = [](const std::string& type, const std::string& value) {
    return property(simple("Our_Wall"), simple("FireRating"), type, value);
  };
  EXPECT_EQ(wall_must(rated("IFCLABEL", simple("REI 60"))), "pass");
  EXPECT_EQ(wall_must(rated("IFCLABEL", simple("REI 90"))), "Our_Wall.FireRating is \"REI 60\", not REI 90");
  EXPECT_EQ(wall_must(rated("IFCTEXT", "")), "Our_Wall.FireRating is an IFCLABEL, not an IFCTEXT");
  EXPECT_EQ(wall_must(property(simple("Our_Wall"), simple("Note"))), "Our_Wall has no value for Note");
  EXPECT_EQ(wall_must(property(simple("Our_Wall"), simple("Colour"))), "Our_Wall has no Colour");
  EXPECT_EQ(wall_must(property(simple("Their_Wall"), simple("Colour"))), "has no property set Their_Wall");
}

TEST(IdsProperty, MeasuresAreComparedInSi) {
  const auto width = [](const std::string& value) {
    return property(simple("Our_Wall"), simple("Width"), "IFCLENGTHMEASURE", value);
  };
  EXPECT_EQ(wall_must(width(simple("0.3"))), "pass");
  EXPECT_EQ(wall_must(width(simple("300"))), "Our_Wall.Width is 0.3, not 300");
  EXPECT_EQ(wall_must(width(restriction("double", "<xs:minInclusive value=\"0.3\"/><xs:maxExclusive value=\"0.4\"/>"))),
            "pass");
  const std::string inch =
      "#20=IFCDIMENSIONALEXPONENTS(1,0,0,0,0,0,0);\n#21=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);\n#22=IFCMEASUREWITHUNIT("
      "IFCLENGTHMEASURE(0.0254),#21);\n"
      "#23=IFCCONVERSIONBASEDUNIT(#20,.LENGTHUNIT.,'inch',#22);\n#24=IFCPROPERTYSINGLEVALUE('Width',$,"
      "IFCPOSITIVELENGTHMEASURE(10.),#23);\n"
      "#25=IFCPROPERTYSET('0pset00000000000000000',$,'Our_Wall',$,(#24));\n#26=IFCRELDEFINESBYPROPERTIES('"
      "0rel000000000000000000',$,$,$,(#10),#25);\n";
  EXPECT_EQ(wall_must(property(simple("Our_Wall"), simple("Width"), "IFCPOSITIVELENGTHMEASURE", simple("0.254")),
                      one_wall(inch)),
            "pass");
}

TEST(IdsProperty, OccurrenceOverridesItsType) {
  const std::string typed = pset +
                            "#30=IFCPROPERTYSINGLEVALUE('FireRating',$,IFCLABEL('REI "
                            "30'),$);\n#31=IFCPROPERTYSINGLEVALUE('Colour',$,IFCLABEL('red'),$);\n"
                            "#32=IFCPROPERTYSET('1pset00000000000000000',$,'Our_Wall',$,(#30,#31));\n#33=IFCWALLTYPE('"
                            "0type00000000000000000',$,$,$,$,(#32),$,$,$,.SHEAR.);\n"
                            "#34=IFCRELDEFINESBYTYPE('1rel000000000000000000',$,$,$,(#10),#33);\n";
  EXPECT_EQ(
      wall_must(property(simple("Our_Wall"), simple("FireRating"), "IFCLABEL", simple("REI 60")), one_wall(typed)),
      "pass");
  EXPECT_EQ(wall_must(property(simple("Our_Wall"), simple("Colour"), "IFCLABEL", simple("red")), one_wall(typed)),
            "pass");
}

TEST(IdsProperty, ProhibitedIsAnyThatMatches) {
  const std::string prohibited = property(like("Our_.*"), like(".*Rating"), "", "", " cardinality=\"prohibited\"");
  EXPECT_EQ(wall_must(prohibited), "has Our_Wall.FireRating");
  EXPECT_EQ(wall_must(property(like("Our_.*"), simple("Colour"), "", "", " cardinality=\"prohibited\"")), "pass");
}

TEST(IdsClassification, ReferenceIsAlsoAllThatItIsBelowOf) {
  const std::string classified =
      "#20=IFCCLASSIFICATION($,$,$,'Uniclass',$,$,$);\n#21=IFCCLASSIFICATIONREFERENCE($,'EF_25',$,#20,$,$);\n#22="
      "IFCCLASSIFICATIONREFERENCE($,'EF_25_10',$,#21,$,$);\n"
      "#23=IFCRELASSOCIATESCLASSIFICATION('0rel000000000000000000',$,$,$,(#10),#22);\n";
  const auto by = [](const std::string& code, const std::string& system) {
    return "<classification><value>" + simple(code) + "</value><system>" + simple(system) +
           "</system></classification>";
  };
  EXPECT_EQ(wall_must(by("EF_25_10", "Uniclass"), one_wall(classified)), "pass");
  EXPECT_EQ(wall_must(by("EF_25", "Uniclass"), one_wall(classified)), "pass");
  EXPECT_EQ(wall_must(by("EF_30", "Uniclass"), one_wall(classified)),
            "its classification is Uniclass EF_25_10, not Uniclass EF_30");
  EXPECT_EQ(wall_must(by("EF_25", "Uniclass"), one_wall()), "has no classification by Uniclass");
}

TEST(IdsMaterial, NamesAndCategoriesOfLayersCount) {
  const std::string layered =
      "#20=IFCMATERIAL('Clay',$,'brick');\n#21=IFCMATERIALLAYER(#20,300.,$,'Core',$,'LoadBearing',$);\n#22="
      "IFCMATERIALLAYERSET((#21),'EW-300',$);\n"
      "#23=IFCMATERIALLAYERSETUSAGE(#22,.AXIS2.,.POSITIVE.,0.,$);\n#24=IFCRELASSOCIATESMATERIAL('"
      "0rel000000000000000000',$,$,$,(#10),#23);\n";
  for (const char* const name : {"Clay", "brick", "Core", "LoadBearing", "EW-300"})
    EXPECT_EQ(wall_must("<material><value>" + simple(name) + "</value></material>", one_wall(layered)), "pass") << name;
  EXPECT_EQ(wall_must("<material><value>" + simple("wood") + "</value></material>", one_wall(layered)),
            "its material is EW-300, Core, LoadBearing, Clay, brick, not wood");
  EXPECT_EQ(wall_must("<material/>"), "has no material");
  EXPECT_EQ(wall_must("<material cardinality=\"prohibited\"/>"), "pass");
}

TEST(IdsPartOf, PartsOfPartsAreParts) {
  const std::string nested =
      "#20=IFCBUILDINGSTOREY('0storey000000000000000',$,'L1',$,$,$,$,$,$,$);\n#21=IFCBUILDING('0building0000000000000',"
      "$,'B',$,$,$,$,$,$,$,$,$);\n"
      "#22=IFCRELCONTAINEDINSPATIALSTRUCTURE('0rel000000000000000000',$,$,$,(#10),#20);\n#23=IFCRELAGGREGATES('"
      "1rel000000000000000000',$,$,$,#21,(#20));\n";
  const auto part = [](const std::string& whole, const std::string& relation) {
    return "<partOf" + relation + ">" + entity(simple(whole)) + "</partOf>";
  };
  EXPECT_EQ(wall_must(part("IFCBUILDING", ""), one_wall(nested)), "pass");
  EXPECT_EQ(wall_must(part("IFCBUILDINGSTOREY", " relation=\"IFCRELCONTAINEDINSPATIALSTRUCTURE\""), one_wall(nested)),
            "pass");
  EXPECT_EQ(wall_must(part("IFCBUILDING", " relation=\"IFCRELCONTAINEDINSPATIALSTRUCTURE\""), one_wall(nested)),
            "is not part of IFCBUILDING");
  EXPECT_EQ(wall_must(part("IFCBUILDING", " relation=\"IFCRELAGGREGATES\""), one_wall(nested)),
            "is not part of IFCBUILDING");
}

TEST(IdsPartOf, CirclesEnd) {
  const std::string circle =
      "#20=IFCRELAGGREGATES('0rel000000000000000000',$,$,$,#10,(#21));\n#21=IFCWALL('1wall00000000000000000',$,$,$,$,$,"
      "$,$,$);\n#22=IFCRELAGGREGATES('1rel000000000000000000',$,$,$,#21,(#10));\n";
  EXPECT_EQ(wall_must("<partOf>" + entity(simple("IFCWALL")) + "</partOf>", one_wall(circle)), "pass");
}

TEST(IdsSpecification, ProhibitedFailsForWhatIsThere) {
  EXPECT_EQ(outcome(one_wall(), specification(wall(), "", "minOccurs=\"0\" maxOccurs=\"0\"")),
            "must not be in the model");
  EXPECT_EQ(outcome(model_text(""), specification(wall(), "", "minOccurs=\"0\" maxOccurs=\"0\"")), "pass");
}

TEST(IdsSpecification, AllFailuresAreCountedAndSomeTold) {
  std::string walls;
  for (int k = 0; k < 50; ++k)
    walls += "#" + std::to_string(100 + k) + "=IFCWALL('0wall0000000000000000" +
             std::string(1, static_cast<char>('A' + k % 26)) + "',$,$,$,$,$,$,$,$);\n";
  const std::string bytes = model_text(walls);
  const auto model = ifc::read_model(bytes);
  const auto ids = read_ids(ids_text(specification(wall(), attribute(simple("Name")))));
  ASSERT_TRUE(model && ids);
  IdsOptions options;
  options.failures = 7;
  const auto results = check_ids(*model, *ids, options);
  ASSERT_TRUE(results);
  EXPECT_EQ(results->front().applicable, 50U);
  EXPECT_EQ(results->front().failed, 50U);
  EXPECT_EQ(results->front().failures.size(), 7U);
}

std::string slurp(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// The cases that buildingSMART publishes: what their names begin with is what comes out.
TEST(IdsOfficial, EveryCaseIsAsLabelled) {
  const std::filesystem::path folder = "../shared/data/ids";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "the official cases are not here";
  std::size_t cases = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.path().extension() != ".ids") continue;
    ++cases;
    const std::string name = file.path().filename().string(), label = name.substr(0, name.find('-'));
    const std::string xml = slurp(file.path()),
                      bytes = slurp(std::filesystem::path(file.path()).replace_extension(".ifc"));
    const auto ids = read_ids(xml);
    if (!ids) {
      EXPECT_EQ(label, "invalid") << name << ": " << ids.error().message;
      continue;
    }
    const auto model = ifc::read_model(bytes);
    ASSERT_TRUE(model) << name;
    const auto results = check_ids(*model, *ids);
    ASSERT_TRUE(results) << name;
    const bool pass =
        std::all_of(results->begin(), results->end(), [](const SpecificationResult& result) { return result.pass; });
    EXPECT_EQ(label, pass ? "pass" : "fail") << name;
  }
  EXPECT_GE(cases, 314U);
}

}  // namespace
}  // namespace aecos::check
