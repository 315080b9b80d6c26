#include "generate/element_box.h"

#include <gtest/gtest.h>

namespace aecos::generate {
namespace {

constexpr const char* model =
    "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n"
    "FILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n"
    "#1=IFCPROJECT('0project00000000000000',$,'House',$,$,$,$,$,#2);\n"
    "#2=IFCUNITASSIGNMENT((#3));\n#3=IFCSIUNIT(*,.LENGTHUNIT.,.MILLI.,.METRE.);\n"
    "#4=IFCCARTESIANPOINT((1000.,2000.,3000.));\n#5=IFCAXIS2PLACEMENT3D(#4,$,$);\n#6=IFCLOCALPLACEMENT($,#5);\n"
    "#7=IFCLOCALPLACEMENT(#6,#5);\n"
    "#8=IFCRECTANGLEPROFILEDEF(.AREA.,$,$,4000.,200.);\n#9=IFCDIRECTION((0.,0.,1.));\n"
    "#10=IFCEXTRUDEDAREASOLID(#8,$,#9,2500.);\n"
    "#11=IFCSHAPEREPRESENTATION($,'Body','SweptSolid',(#10));\n#12=IFCPRODUCTDEFINITIONSHAPE($,$,(#11));\n"
    "#13=IFCWALL('0wall00000000000000000',$,'W-12',$,$,#7,#12,$,$);\n"
    "#14=IFCDOOR('0door00000000000000000',$,'D-1',$,$,#6,$,$,$,$,$,$,$);\n"
    "#15=IFCWALL('1wall00000000000000000',$,'W-13',$,$,$,$,$,$);\n"
    "ENDSEC;\nEND-ISO-10303-21;\n";

TEST(ElementBox, IsThatOfTheBodyInMetresOfTheWorld) {
  const auto found =
      find_boxes(model, {"0wall00000000000000000", "0door00000000000000000", "1wall00000000000000000", "nobody"});
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->project_id, "0project00000000000000");
  ASSERT_EQ(found->boxes.size(), 2U);  // What stands nowhere, and what is not there, have none.
  const ElementBox& wall = found->boxes.at("0wall00000000000000000");
  const std::array<double, 3> low{0, 3.9, 6}, high{4, 4.1, 8.5};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(wall.low[i], low[i], 1e-9);
    EXPECT_NEAR(wall.high[i], high[i], 1e-9);
  }
  EXPECT_NEAR(found->boxes.at("0door00000000000000000").low[2], 2, 1e-9);  // A metre around its placement.
}

TEST(ElementBox, NeedsAModel) { EXPECT_FALSE(find_boxes("no model", {})); }

}  // namespace
}  // namespace aecos::generate
