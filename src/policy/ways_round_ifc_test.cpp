// Ways round the rules in models, from their bytes to the decision.

#include "diff/diff.h"
#include "policy/policy_test_internal.h"

namespace aecos::policy {
namespace {

// Two walls of one type, which share a property set; the type has a property of its own.
constexpr std::string_view house = R"(#1=IFCPROJECT('000000000000000000proj',$,'House',$,$,$,$,(#4),#2);
#2=IFCUNITASSIGNMENT((#3));
#3=IFCSIUNIT(*,.LENGTHUNIT.,.MILLI.,.METRE.);
#4=IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-5,#8,$);
#5=IFCCARTESIANPOINT((0.,0.,0.));
#8=IFCAXIS2PLACEMENT3D(#5,$,$);
#20=IFCWALL('0000000000000000000W-1',$,'W-1',$,$,#21,#30,$,$);
#21=IFCLOCALPLACEMENT($,#8);
#24=IFCWALL('0000000000000000000W-2',$,'W-2',$,$,#25,$,$,$);
#25=IFCLOCALPLACEMENT($,#8);
#30=IFCPRODUCTDEFINITIONSHAPE($,$,(#31));
#31=IFCSHAPEREPRESENTATION(#4,'Body','CSG',(#36));
#36=IFCBLOCK(#8,5000.,200.,3000.);
#60=IFCPROPERTYSET('0000000000000000000p60',$,'Pset_WallCommon',$,(#61,#62));
#61=IFCPROPERTYSINGLEVALUE('FireRating',$,IFCLABEL('REI 60'),$);
#62=IFCPROPERTYSINGLEVALUE('LoadBearing',$,IFCBOOLEAN(.T.),$);
#63=IFCRELDEFINESBYPROPERTIES('0000000000000000000r63',$,$,$,(#20,#24),#60);
#70=IFCWALLTYPE('0000000000000000000T-1',$,'Brick 200',$,$,(#80),$,$,$,.SOLIDWALL.);
#72=IFCRELDEFINESBYTYPE('0000000000000000000r72',$,$,$,(#20,#24),#70);
#80=IFCPROPERTYSET('0000000000000000000p80',$,'Pset_WallCommon',$,(#81));
#81=IFCPROPERTYSINGLEVALUE('LoadBearing',$,IFCBOOLEAN(.T.),$);
)";

std::string in_file(std::string_view data) {
  return "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n"
         "FILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n" +
         std::string(data) + "ENDSEC;\nEND-ISO-10303-21;\n";
}

struct Edit {
  std::string from, to;  // In all places.
};

std::string edited(const std::vector<Edit>& edits) {
  std::string text(house);
  for (const Edit& edit : edits) {
    EXPECT_NE(text.find(edit.from), std::string::npos) << edit.from;
    for (std::size_t at = text.find(edit.from); at != std::string::npos; at = text.find(edit.from, at + edit.to.size()))
      text.replace(at, edit.from.size(), edit.to);
  }
  return text;
}

FileChange change(std::string_view before, std::string_view after) {
  FileChange file;
  file.path = "models/arch/house.ifc";
  const auto changes =
      diff::diff_file(file.path, before.empty() ? "" : in_file(before), after.empty() ? "" : in_file(after));
  EXPECT_TRUE(changes) << (changes ? "" : changes.error().message);
  file.added = before.empty();
  file.removed = after.empty();
  if (changes) file.changes = *changes;
  return file;
}

std::string list_of(const FileChange& file) {
  std::string list;
  for (const Change& one : file.changes)
    list += std::string(to_string(one.kind)) + " " + one.element.ifc_class + " " + one.element.name + " " + one.at +
            " " + one.before.value_or("-") + " -> " + one.after.value_or("-") + "\n";
  return list;
}

void expect_owned(const char* what, const std::vector<Edit>& edits) {
  const FileChange file = change(house, edited(edits));
  EXPECT_FALSE(allowed({"ana", {file}})) << what << "\n" << list_of(file);
  EXPECT_TRUE(allowed({"eva", {file}})) << what << "\n" << list_of(file);
}

void expect_free(const char* what, const std::vector<Edit>& edits) {
  const FileChange file = change(house, edited(edits));
  const Decision decision = judge({"ana", {file}});
  EXPECT_TRUE(decision.allowed) << what << ": " << decision.reasons[0].what << "\n" << list_of(file);
}

const std::string p61 = "#61=IFCPROPERTYSINGLEVALUE('FireRating',$,IFCLABEL('REI 60'),$);\n";
const std::string p62 = "#62=IFCPROPERTYSINGLEVALUE('LoadBearing',$,IFCBOOLEAN(.T.),$);\n";
const std::string r63 = "#63=IFCRELDEFINESBYPROPERTIES('0000000000000000000r63',$,$,$,(#20,#24),#60);\n";
const std::string wall_1 = "#20=IFCWALL('0000000000000000000W-1',$,'W-1',$,$,#21,#30,$,$);\n";

TEST(WaysRoundInModels, WhatIsFree) {
  expect_free("nothing", {});
  expect_free("another property", {{"REI 60", "REI 90"}});
  expect_free("another name", {{"'W-1',$", "'W-9',$"}});
  expect_free("another shape", {{"5000.,200.", "6000.,200."}});
  expect_free("other numbers of instances", {{"#62", "#162"}});
  expect_free("a wall that states nothing",
              {{wall_1, wall_1 + "#90=IFCWALL('0000000000000000000W-3',$,'W-3',$,$,#21,$,$,$);\n"}});
  expect_free("another GlobalId of the set", {{"p60'", "p61'"}});
}

TEST(WaysRoundInModels, AnOwnedProperty) {
  expect_owned("its value", {{p62, "#62=IFCPROPERTYSINGLEVALUE('LoadBearing',$,IFCBOOLEAN(.F.),$);\n"}});
  expect_owned("its kind of value", {{p62, "#62=IFCPROPERTYSINGLEVALUE('LoadBearing',$,IFCLABEL('yes'),$);\n"}});
  expect_owned("its value is gone", {{p62, "#62=IFCPROPERTYSINGLEVALUE('LoadBearing',$,$,$);\n"}});
  expect_owned("it is gone", {{"(#61,#62)", "(#61)"}, {p62, ""}});
  expect_owned("its name", {{p62, "#62=IFCPROPERTYSINGLEVALUE('Loadbearing_',$,IFCBOOLEAN(.T.),$);\n"}});
  expect_owned("the set's name", {{"p60',$,'Pset_WallCommon'", "p60',$,'Pset_Old'"}});
  expect_owned("the set is gone",
               {{p61, ""},
                {p62, ""},
                {r63, ""},
                {"#60=IFCPROPERTYSET('0000000000000000000p60',$,'Pset_WallCommon',$,(#61,#62));\n", ""}});
  expect_owned("the set hangs nowhere", {{r63, ""}});
  expect_owned("the set is taken off one wall", {{"(#20,#24),#60", "(#24),#60"}});
  expect_owned("a second of its name",
               {{"(#61,#62)", "(#61,#62,#92)"},
                {p62, p62 + "#92=IFCPROPERTYSINGLEVALUE('LoadBearing',$,IFCBOOLEAN(.F.),$);\n"}});
  expect_owned("a second set of its name",
               {{r63, r63 + "#92=IFCPROPERTYSINGLEVALUE('LoadBearing',$,IFCBOOLEAN(.F.),$);\n"
                            "#93=IFCPROPERTYSET('0000000000000000000p93',$,'Pset_WallCommon',$,(#92));\n"
                            "#94=IFCRELDEFINESBYPROPERTIES('0000000000000000000r94',$,$,$,(#20),#93);\n"}});
  expect_owned("of the type", {{"#81=IFCPROPERTYSINGLEVALUE('LoadBearing',$,IFCBOOLEAN(.T.),$)",
                                "#81=IFCPROPERTYSINGLEVALUE('LoadBearing',$,IFCBOOLEAN(.F.),$)"}});
  expect_owned("the type's set is gone", {{"(#80)", "$"}});
  expect_owned("the wall is gone", {{wall_1, ""}, {"(#20,#24),#60", "(#24),#60"}, {"(#20,#24),#70", "(#24),#70"}});
  expect_owned("another GlobalId, another shape", {{"0W-1'", "0W-7'"},
                                                   {"5000.,200.", "6000.,200."},
                                                   {"#21=IFCLOCALPLACEMENT($,#8)", "#21=IFCLOCALPLACEMENT(#25,#8)"}});
  expect_owned("a wall with it", {{wall_1, wall_1 + "#90=IFCWALL('0000000000000000000W-3',$,'W-3',$,$,#21,$,$,$);\n"},
                                  {"(#20,#24),#60", "(#20,#24,#90),#60"}});
}

TEST(WaysRoundInModels, AWholeFile) {
  EXPECT_FALSE(allowed({"ana", {change(house, "")}}));
  EXPECT_FALSE(allowed({"ana", {change("", house)}}));
  EXPECT_TRUE(allowed({"eva", {change("", house)}}));
  const std::string bare = edited({{r63, ""}, {"(#61,#62)", "(#61)"}, {p62, ""}, {"(#80)", "$"}});
  EXPECT_FALSE(allowed({"ana", {change("", house)}}));
  const Decision decision = judge({"ana", {change("", bare)}});
  EXPECT_TRUE(decision.allowed) << decision.reasons[0].what;
}

TEST(WaysRoundInModels, DrawnAgainWithTheSameValueIsFree) {
  const FileChange file = change(house, edited({{"0W-1'", "0W-7'"}}));
  ASSERT_EQ(file.changes.size(), 1U) << list_of(file);
  EXPECT_EQ(file.changes[0].kind, ChangeKind::redrawn);
  EXPECT_TRUE(allowed({"ana", {file}}));
}

}  // namespace
}  // namespace aecos::policy
