#include "diff/ifc_value.h"

#include <gtest/gtest.h>

#include "text/json.h"

namespace aecos::diff {
namespace {

using ifc::Index;
using ifc::Model;

class IfcValue : public testing::Test {
 protected:
  // The instance with that id, in a model of these instances.
  Index at(std::uint64_t id, const std::string& data) {
    text_ = "ISO-10303-21;HEADER;FILE_SCHEMA(('IFC4'));ENDSEC;DATA;\n" + data + "ENDSEC;END-ISO-10303-21;\n";
    auto read = ifc::read_model(text_);
    EXPECT_TRUE(read) << read.error().message;
    model = *std::move(read);
    Model* const models[] = {&model};
    ifc::identify(models);
    EXPECT_TRUE(ifc::compute_values(model, nullptr));
    return model.file.find(id);
  }

  std::string attribute(std::uint64_t id, std::size_t position, const std::string& data) {
    const Value value = attribute_value_json(model, at(id, data), position);
    if (!value) return "absent";
    const auto parsed = text::parse_json(*value);
    EXPECT_TRUE(parsed) << *value;
    return *value;
  }

  Model model;

 private:
  std::string text_;
};

TEST_F(IfcValue, ScalarsAreJsonWhateverTheirSpelling) {
  const std::string data =
      "#1=IFCFOO('it''s \\X2\\00E9\\X0\\',1.,1.E0,-.5,007,$,*,.T.,.F.,.U.,.MOVABLE.,\"0F\",1.E400,());\n";
  const std::vector<std::string> expected = {"\"it's é\"",  "1.0",    "1.0",        "-0.5",   "7",
                                             "absent",      "absent", "true",       "false",  "\"U\"",
                                             "\"MOVABLE\"", "\"0F\"", "\"1.E400\"", "absent", "absent"};
  for (std::size_t k = 0; k < expected.size(); ++k) EXPECT_EQ(attribute(1, k, data), expected[k]) << k;
}

TEST_F(IfcValue, TypedValuesAndListsAreUnwrapped) {
  const std::string data = "#1=IFCFOO(IFCLABEL('a'),(IFCLABEL('a'),IFCREAL(2.)),((1,2),(3)),IFCFOO((1.,2.)));\n";
  EXPECT_EQ(attribute(1, 0, data), "\"a\"");
  EXPECT_EQ(attribute(1, 1, data), "[\"a\",2.0]");
  EXPECT_EQ(attribute(1, 2, data), "[[1,2],[3]]");
  EXPECT_EQ(attribute(1, 3, data), "[1.0,2.0]");
}

TEST_F(IfcValue, PlacementsSayWhereTheyStand) {
  const std::string data =
      "#1=IFCWALL('0000000000000000000001',$,'W',$,$,#2,$,$,$);\n#2=IFCLOCALPLACEMENT(#3,#4);\n"
      "#3=IFCLOCALPLACEMENT($,#4);\n#4=IFCAXIS2PLACEMENT3D(#5,$,#6);\n#5=IFCCARTESIANPOINT((1.,2.,0.));\n"
      "#6=IFCDIRECTION((0.,1.,0.));\n#7=IFCBUILDINGSTOREY('0000000000000000000002',$,'Level 1',$,$,#3,$,$,$,0.);\n";
  EXPECT_EQ(attribute(1, 5, data),
            R"({"relativeTo":{"globalId":"0000000000000000000002","class":"IfcBuildingStorey","name":"Level 1"},)"
            R"("location":[1.0,2.0,0.0],"refDirection":[0.0,1.0,0.0]})");
  EXPECT_EQ(attribute_place(model, model.file.find(1), 5), "Placement");
  EXPECT_EQ(attribute_place(model, model.file.find(1), 6), "Representation");
  EXPECT_EQ(attribute_place(model, model.file.find(1), 11), "attribute 12");
}

TEST_F(IfcValue, MaterialsAreNamesAndLayers) {
  const std::string data =
      "#1=IFCRELASSOCIATESMATERIAL('0000000000000000000001',$,$,$,(),#2);\n"
      "#2=IFCMATERIALLAYERSETUSAGE(#3,.AXIS2.,.POSITIVE.,0.,$);\n#3=IFCMATERIALLAYERSET((#4),'Outer',$);\n"
      "#4=IFCMATERIALLAYER(#5,0.2,.F.,$,$,$,$);\n#5=IFCMATERIAL('Brick',$,$);\n";
  EXPECT_EQ(attribute(1, 5, data),
            R"({"class":"IfcMaterialLayerSetUsage","forLayerSet":{"class":"IfcMaterialLayerSet","materialLayers":[)"
            R"({"class":"IfcMaterialLayer","material":"Brick","layerThickness":0.2,"isVentilated":false}],)"
            R"("layerSetName":"Outer"},"layerSetDirection":"AXIS2","directionSense":"POSITIVE",)"
            R"("offsetFromReferenceLine":0.0})");
}

TEST_F(IfcValue, OtherTreesAreStepTextThatDoesNotDependOnIdsAndOrder) {
  const std::string wall = "#1=IFCWALL('0000000000000000000001',$,'W',$,$,$,#2,$,$);\n";
  const std::string one = wall +
                          "#2=IFCPRODUCTDEFINITIONSHAPE($,$,(#3));\n"
                          "#3=IFCSHAPEREPRESENTATION($,'Body','X',(#4,#5));\n#4=IFCBLOCK($,1.,1.,1.);\n"
                          "#5=IFCSPHERE($,2.);\n#6=IFCSTYLEDITEM(#5,(),'red');\n";
  const std::string other = wall +
                            "#90=IFCSTYLEDITEM(#50,(),'red');\n#2=IFCPRODUCTDEFINITIONSHAPE($,$,(#30));\n"
                            "#30=IFCSHAPEREPRESENTATION($,'Body','X',(#50,#40));\n#40=IFCBLOCK($,1.,1.0,1.E0);\n"
                            "#50=IFCSPHERE($,2.0);\n";
  const std::string text = attribute(1, 6, one);
  EXPECT_EQ(text, attribute(1, 6, other));
  EXPECT_NE(text.find("IFCSTYLEDITEM(#"), std::string::npos) << text;
  EXPECT_NE(text.find("#2=IFCSHAPEREPRESENTATION($,'Body','X',(#"), std::string::npos) << text;
}

TEST_F(IfcValue, CyclesAndDepthEnd) {
  EXPECT_NE(attribute(1, 0, "#1=IFCCARTESIANPOINT((#1,#1));\n"), "absent");
  std::string deep = "#1=IFCFOO(" + std::string(100'000, '(') + "1" + std::string(100'000, ')') + ");\n";
  EXPECT_NE(attribute(1, 0, deep), "absent");
  deep = "#1=IFCFOO(#2);\n";
  for (int k = 2; k < 50'000; ++k)
    deep += "#" + std::to_string(k) + "=IFCLOCALPLACEMENT(#" + std::to_string(k + 1) + ",#60000);\n";
  deep += "#60000=IFCAXIS2PLACEMENT3D($,$,$);\n";
  EXPECT_NE(attribute(1, 0, deep), "absent");
}

TEST_F(IfcValue, RepeatedTreesDoNotMultiply) {
  std::string data = "#1=IFCFOO((#2";
  for (int k = 0; k < 20'000; ++k) data += ",#2";
  data += "));\n#2=IFCBAR('" + std::string(20'000, 'x') + "');\n";
  EXPECT_LT(attribute(1, 0, data).size(), 5'000'000U);
}

TEST_F(IfcValue, PropertiesOfEveryKind) {
  const std::string data =
      "#1=IFCPROPERTYSET('0000000000000000000001',$,'P',$,(#2,#3,#4,#5,#6,#8));\n"
      "#2=IFCPROPERTYSINGLEVALUE('A',$,IFCLABEL('x'),$);\n"
      "#3=IFCPROPERTYENUMERATEDVALUE('B',$,(IFCLABEL('x'),IFCLABEL('y')),$);\n"
      "#4=IFCPROPERTYBOUNDEDVALUE('C',$,IFCREAL(2.),IFCREAL(1.),$,$);\n"
      "#5=IFCPROPERTYSINGLEVALUE('D',$,$,$);\n"
      "#6=IFCCOMPLEXPROPERTY('E',$,'use',(#7));\n#7=IFCPROPERTYSINGLEVALUE('A',$,IFCBOOLEAN(.T.),$);\n"
      "#8=IFCPROPERTYSINGLEVALUE('A',$,IFCLABEL('again'),$);\n"
      "#9=IFCELEMENTQUANTITY('0000000000000000000002',$,'Q',$,$,(#10));\n#10=IFCQUANTITYLENGTH('Length',$,$,5.,$);\n";
  EXPECT_EQ(property_set_json(model, at(1, data)),
            R"x({"A":"x","B":["x","y"],"C":{"lower":1.0,"upper":2.0},"D":null,"E":{"A":true},"A (2)":"again"})x");
  EXPECT_EQ(property_set_json(model, at(9, data)), R"({"Length":5.0})");
  EXPECT_EQ(property_json(model, at(5, data)), std::nullopt);
}

TEST_F(IfcValue, ElementsAreFoundThroughRelations) {
  const std::string data =
      "#1=IFCWALL('0000000000000000000001',$,'W-12',$,$,$,$,$,$);\n"
      "#2=IFCOPENINGELEMENT('0000000000000000000002',$,'O',$,$,$,$,$,$);\n"
      "#3=IFCRELVOIDSELEMENT('0000000000000000000003',$,$,$,#1,#2);\n#4=IFCMATERIAL('Brick',$,$);\n";
  EXPECT_EQ(element_ref(model, at(1, data)), (ElementRef{"0000000000000000000001", "IfcWall", "W-12"}));
  EXPECT_EQ(element_ref(model, at(3, data)), (ElementRef{"0000000000000000000002", "IfcOpeningElement", "O"}));
  EXPECT_EQ(element_ref(model, at(4, data)), (ElementRef{"", "IfcMaterial", "Brick"}));
}

}  // namespace
}  // namespace aecos::diff
