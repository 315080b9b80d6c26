#include <gtest/gtest.h>

#include "check/ids_test_internal.h"

namespace aecos::check {
namespace {

std::string refusal(const std::string& xml) {
  const auto ids = read_ids(xml);
  return ids ? "accepted" : ids.error().message;
}
std::string refused(const std::string& requirement, const std::string& versions = "IFC4") {
  return refusal(ids_text(specification(wall(), requirement, "maxOccurs=\"unbounded\"", versions)));
}

TEST(IdsRead, DocumentTypesAndEntitiesAreRefused) {
  EXPECT_NE(refusal("<!DOCTYPE ids [<!ENTITY a \"aaaaaaaaaa\">]>" + ids_text(specification(wall(), "")))
                .find("document type"),
            std::string::npos);
  EXPECT_NE(refusal("<!DOCTYPE ids SYSTEM \"file:///etc/passwd\"><ids/>").find("document type"), std::string::npos);
  EXPECT_NE(refused(attribute(simple("&name;"))).find("entities"), std::string::npos);
  EXPECT_EQ(refused(attribute(simple("Name"), simple("a &amp; b &#65;"))), "accepted");
}

TEST(IdsRead, EverythingHasABound) {
  std::string many;
  for (int k = 0; k < 10'001; ++k) many += specification(wall(), "");
  EXPECT_NE(refusal(ids_text(many)).find("more than 10000 specifications"), std::string::npos);
  EXPECT_NE(refusal(std::string((16U << 20U) + 1, ' ')).find("larger than 16 MB"), std::string::npos);
  std::string deep;
  for (int k = 0; k < 100'000; ++k) deep += "<a>";
  EXPECT_NE(refusal(deep), "accepted");
  std::string patterns;
  for (int k = 0; k < 1'001; ++k) patterns += "<xs:pattern value=\"a" + std::to_string(k) + "\"/>";
  EXPECT_NE(refused(attribute(simple("Name"), restriction("string", patterns))).find("more than 1000 patterns"),
            std::string::npos);
}

TEST(IdsRead, FaultsSayWhere) {
  EXPECT_EQ(refusal("<ids>\n</ids>"), "1:2: the root is <ids>, not <ids> of http://standards.buildingsmart.org/IDS");
  EXPECT_NE(refusal("<ids").find("this is not XML"), std::string::npos);
  EXPECT_NE(refusal("").find("this is not XML"), std::string::npos);
  EXPECT_NE(refused("<colour/>").find("there is no facet <colour>"), std::string::npos);
  EXPECT_NE(refused("<material><value/></material>").find("holds a <simpleValue>"), std::string::npos);
}

TEST(IdsRead, OccurrencesAreOfThreeKinds) {
  const auto with = [](const std::string& occurs) { return refusal(ids_text(specification(wall(), "", occurs))); };
  EXPECT_EQ(with("minOccurs=\"0\" maxOccurs=\"0\""), "accepted");
  EXPECT_EQ(with("minOccurs=\"0\" maxOccurs=\"unbounded\""), "accepted");
  EXPECT_NE(with("minOccurs=\"2\" maxOccurs=\"unbounded\"").find("means nothing in IDS"), std::string::npos);
  EXPECT_NE(with("minOccurs=\"1\" maxOccurs=\"1\"").find("means nothing in IDS"), std::string::npos);
}

TEST(IdsAudit, WhatNoModelCouldSatisfyIsRefused) {
  EXPECT_NE(refused(entity(simple("IfcWall"))).find("upper case: IFCWALL"), std::string::npos);
  EXPECT_NE(refused(entity(simple("IFCRABBIT"))).find("there is no class IFCRABBIT"), std::string::npos);
  EXPECT_NE(refused(entity(simple("IFCSLAB"))).find("nothing that this is about can be IFCSLAB"), std::string::npos);
  EXPECT_NE(refused(attribute(simple("Colour"))).find("has an attribute \"Colour\""), std::string::npos);
  EXPECT_NE(refused(attribute(simple("ObjectPlacement"), simple("x"))).find("cannot be checked"), std::string::npos);
  EXPECT_NE(refused(property(simple("P"), simple("A"), "IFCBOOLEAN", simple("TRUE"))).find("write true or false"),
            std::string::npos);
  EXPECT_NE(refused(property(simple("P"), simple("A"), "IFCREAL", simple("42,3"))).find("is no xs:double"),
            std::string::npos);
  EXPECT_NE(refused(property(simple("P"), simple("A"), "IFCRABBITMEASURE")).find("there is no dataType"),
            std::string::npos);
  EXPECT_NE(refused(property(simple("P"), simple("A"), "", simple("x"))).find("a value needs a dataType"),
            std::string::npos);
  EXPECT_NE(refused(entity(simple("IFCWALL"), simple("SHEAR")), "IFC2X3").find("has no predefined type"),
            std::string::npos);
}

TEST(IdsAudit, OnlyWhatCanBeClassifiedMustBe) {
  const std::string classified = "<classification><system>" + simple("Uniclass") + "</system></classification>";
  const auto of = [&](const std::string& name, const std::string& version) {
    return refusal(ids_text(specification(entity(simple(name)), classified, "maxOccurs=\"unbounded\"", version)));
  };
  EXPECT_EQ(of("IFCWALL", "IFC2X3"), "accepted");
  EXPECT_EQ(of("IFCMATERIAL", "IFC4"), "accepted");
  EXPECT_NE(of("IFCPOLYLINE", "IFC4").find("cannot be classified"), std::string::npos);
}

TEST(IdsAudit, RestrictionsFitTheirValues) {
  const auto length = [](const std::string& base, const std::string& inner) {
    return refused(property(simple("P"), simple("A"), "IFCLENGTHMEASURE", restriction(base, inner)));
  };
  EXPECT_EQ(length("double", "<xs:minInclusive value=\"1\"/>"), "accepted");
  EXPECT_NE(length("string", "<xs:pattern value=\".*\"/>").find("the value is an xs:double"), std::string::npos);
  EXPECT_NE(length("double", "<xs:pattern value=\".*\"/>").find("a pattern is for texts"), std::string::npos);
  EXPECT_NE(length("double", "<xs:minInclusive value=\"2\"/><xs:maxInclusive value=\"1\"/>").find("no value is both"),
            std::string::npos);
  EXPECT_NE(length("double", "").find("restricts nothing"), std::string::npos);
  EXPECT_NE(length("decimal", "<xs:minInclusive value=\"1\"/>").find("is none of"), std::string::npos);
}

TEST(IdsAudit, WhatIsOptionalCanFail) {
  EXPECT_NE(refused(attribute(simple("Name"), "", " cardinality=\"optional\"")).find("can never fail"),
            std::string::npos);
  EXPECT_NE(refused("<material cardinality=\"optional\"/>").find("can never fail"), std::string::npos);
  EXPECT_NE(refused(property(simple("P"), simple("A"), "", "", " cardinality=\"optional\"")).find("can never fail"),
            std::string::npos);
}

}  // namespace
}  // namespace aecos::check
