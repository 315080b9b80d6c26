#include "schema/schema.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <stdexcept>

namespace aecos::schema {
namespace {

constexpr Version versions[] = {Version::ifc2x3, Version::ifc4, Version::ifc4x3};

std::vector<std::string_view> names(const Entity& entity) {
  std::vector<std::string_view> result;
  for (const Attribute& attribute : entity.attributes) result.push_back(attribute.name);
  return result;
}

const Entity& entity(Version version, std::string_view keyword) {
  const Entity* found = get(version).entity(keyword);
  if (found == nullptr) throw std::out_of_range(std::string(keyword));
  return *found;
}

const Type& type(Version version, std::string_view keyword) {
  const Type* found = get(version).type(keyword);
  if (found == nullptr) throw std::out_of_range(std::string(keyword));
  return *found;
}

const Attribute& attribute(Version version, std::string_view keyword, std::string_view name) {
  const Entity& owner = entity(version, keyword);
  const int at = attribute_index(owner, name);
  if (at < 0) throw std::out_of_range(std::string(name));
  return owner.attributes[static_cast<std::size_t>(at)];
}

const Inverse* inverse(const Entity& entity, std::string_view name) {
  for (const Inverse& each : entity.inverses) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

using Words = std::vector<std::string_view>;

TEST(Schema, HasAsManyDeclarationsAsTheStandard) {
  EXPECT_EQ(get(Version::ifc2x3).entities().size(), 653U);
  EXPECT_EQ(get(Version::ifc2x3).types().size(), 117U + 164U + 46U);
  EXPECT_EQ(get(Version::ifc4).entities().size(), 776U);
  EXPECT_EQ(get(Version::ifc4).types().size(), 130U + 207U + 60U);
  EXPECT_EQ(get(Version::ifc4x3).entities().size(), 876U);
  EXPECT_EQ(get(Version::ifc4x3).types().size(), 132U + 243U + 61U);
}

TEST(Schema, IsFoundByTheNamesOfFileSchema) {
  for (const auto name : {"IFC2X3", "ifc2x3", "IFC2X3_TC1", "IFC2X3 { 1 0 10303 }"}) {
    EXPECT_EQ(find(name), &get(Version::ifc2x3)) << name;
  }
  for (const auto name : {"IFC4", "Ifc4", "IFC4_ADD1", "IFC4_ADD2", "IFC4_ADD2_TC1", "IFC4X1"}) {
    EXPECT_EQ(find(name), &get(Version::ifc4)) << name;
  }
  for (const auto name : {"IFC4X3", "IFC4X3_ADD2", "IFC4X3_ADD1", "IFC4X3_TC1", "IFC4x3_RC4", "IFC4X2"}) {
    EXPECT_EQ(find(name), &get(Version::ifc4x3)) << name;
  }
  for (const auto name :
       {"", "_", "{", "IFC", "IFC2X2_FINAL", "IFC2X_FINAL", "IFC2X4_RC2", "IFC5", "IFC4X33", "AP214"}) {
    EXPECT_EQ(find(name), nullptr) << name;
  }
}

TEST(Schema, KnowsItsOwnName) {
  EXPECT_EQ(get(Version::ifc2x3).name(), "IFC2X3");
  EXPECT_EQ(get(Version::ifc4).name(), "IFC4");
  EXPECT_EQ(get(Version::ifc4x3).name(), "IFC4X3_ADD2");
  EXPECT_EQ(get(Version::ifc4x3).version(), Version::ifc4x3);
}

TEST(Schema, FindsEveryNameInAnyCase) {
  for (const Version version : versions) {
    const Schema& schema = get(version);
    for (const Entity& each : schema.entities()) {
      EXPECT_EQ(schema.entity(each.keyword), &each);
      EXPECT_EQ(schema.entity(each.name), &each);
      EXPECT_EQ(schema.type(each.keyword), nullptr);
    }
    for (const Type& each : schema.types()) {
      EXPECT_EQ(schema.type(each.keyword), &each);
      EXPECT_EQ(schema.type(each.name), &each);
      EXPECT_EQ(schema.entity(each.keyword), nullptr);
    }
  }
}

TEST(Schema, UnknownNamesAreAbsent) {
  const std::string_view unknown[] = {
      "", "I", "IFC", "IFCWAL", "IFCWALLS", "IFCWA\xCC", "IFCMADEUPBYAVENDORWITHALONGNAME"};
  for (const Version version : versions) {
    for (const std::string_view name : unknown) {
      EXPECT_EQ(get(version).entity(name), nullptr) << name;
      EXPECT_EQ(get(version).type(name), nullptr) << name;
    }
    // These differ from "IFCWALL" and "IFC2DCOMPOSITECURVE" only in the bit that tells lower from upper case.
    EXPECT_EQ(get(version).entity(std::string_view("IFCWALL\0", 8)), nullptr);
    EXPECT_EQ(get(version).entity("IFC\x12"
                                  "DCOMPOSITECURVE"),
              nullptr);
  }
  EXPECT_EQ(get(Version::ifc2x3).entity("IFCBUILTELEMENT"), nullptr);
  EXPECT_EQ(get(Version::ifc4x3).entity("IFCWALLELEMENTEDCASE"), nullptr);
}

TEST(Schema, AttributesAreThoseOfTheFileInItsOrder) {
  const Words old = {"GlobalId",   "OwnerHistory",    "Name",           "Description",
                     "ObjectType", "ObjectPlacement", "Representation", "Tag"};
  Words with_type = old;
  with_type.push_back("PredefinedType");
  EXPECT_EQ(names(entity(Version::ifc2x3, "IFCWALL")), old);
  EXPECT_EQ(names(entity(Version::ifc4, "IFCWALL")), with_type);
  EXPECT_EQ(names(entity(Version::ifc4x3, "IFCWALL")), with_type);
  EXPECT_EQ(entity(Version::ifc4, "IFCWALL").inherited, 8);
  EXPECT_EQ(entity(Version::ifc4, "IFCWALLSTANDARDCASE").inherited, 9);
  EXPECT_EQ(names(entity(Version::ifc2x3, "IFCPROPERTYSINGLEVALUE")),
            (Words{"Name", "Description", "NominalValue", "Unit"}));
  EXPECT_EQ(names(entity(Version::ifc4x3, "IFCPROPERTYSINGLEVALUE")),
            (Words{"Name", "Specification", "NominalValue", "Unit"}));
  EXPECT_EQ(attribute_index(entity(Version::ifc4, "IFCWALL"), "Tag"), 7);
  EXPECT_EQ(attribute_index(entity(Version::ifc4, "IFCWALL"), "TAG"), -1);
}

TEST(Schema, OptionalIsAsDeclared) {
  EXPECT_FALSE(attribute(Version::ifc2x3, "IFCWALL", "OwnerHistory").optional);
  EXPECT_TRUE(attribute(Version::ifc4, "IFCWALL", "OwnerHistory").optional);
  EXPECT_TRUE(attribute(Version::ifc2x3, "IFCWALL", "Name").optional);
  EXPECT_FALSE(attribute(Version::ifc4, "IFCWALL", "GlobalId").optional);
}

TEST(Schema, DerivedHoldsFromTheEntityThatDerivesDownwards) {
  EXPECT_TRUE(attribute(Version::ifc4, "IFCSIUNIT", "Dimensions").derived);
  EXPECT_FALSE(attribute(Version::ifc4, "IFCNAMEDUNIT", "Dimensions").derived);
  EXPECT_FALSE(attribute(Version::ifc4, "IFCCONVERSIONBASEDUNIT", "Dimensions").derived);
  EXPECT_TRUE(attribute(Version::ifc2x3, "IFCGEOMETRICREPRESENTATIONSUBCONTEXT", "Precision").derived);
  EXPECT_FALSE(attribute(Version::ifc2x3, "IFCGEOMETRICREPRESENTATIONSUBCONTEXT", "ContextType").derived);
  EXPECT_TRUE(attribute(Version::ifc4x3, "IFCORIENTEDEDGE", "EdgeStart").derived);
}

TEST(Schema, InheritanceReachesEveryLevel) {
  for (const Version version : versions) {
    const Entity& wall = entity(version, "IFCWALLSTANDARDCASE");
    for (const auto above : {"IFCWALLSTANDARDCASE", "IFCWALL", "IFCELEMENT", "IFCPRODUCT", "IFCOBJECT", "IFCROOT"}) {
      EXPECT_TRUE(wall.is_a(entity(version, above))) << above;
    }
    for (const auto other : {"IFCSLAB", "IFCBUILDING", "IFCRELATIONSHIP", "IFCCARTESIANPOINT"}) {
      EXPECT_FALSE(wall.is_a(entity(version, other))) << other;
      EXPECT_FALSE(entity(version, other).is_a(wall)) << other;
    }
    EXPECT_FALSE(entity(version, "IFCROOT").is_a(wall));
    EXPECT_TRUE(entity(version, "IFCROOT").abstract);
    EXPECT_FALSE(wall.abstract);
  }
  EXPECT_EQ(entity(Version::ifc2x3, "IFCWALL").supertype->name, "IfcBuildingElement");
  EXPECT_EQ(entity(Version::ifc4x3, "IFCWALL").supertype->name, "IfcBuiltElement");
}

TEST(Schema, AggregatesAreAsDeclared) {
  const Attribute& parts = attribute(Version::ifc4, "IFCRELAGGREGATES", "RelatedObjects");
  EXPECT_EQ(parts.shape.depth, 1);
  EXPECT_EQ(parts.shape.outer.kind, AggregateKind::set);
  EXPECT_EQ(parts.shape.outer.lower, 1);
  EXPECT_EQ(parts.shape.outer.upper, -1);
  EXPECT_EQ(parts.shape.kind, ValueKind::entity);
  EXPECT_EQ(parts.shape.entity->name, "IfcObjectDefinition");
  EXPECT_EQ(parts.shape.type, nullptr);
  EXPECT_EQ(attribute(Version::ifc2x3, "IFCRELNESTS", "RelatedObjects").shape.outer.kind, AggregateKind::set);
  EXPECT_EQ(attribute(Version::ifc4, "IFCRELNESTS", "RelatedObjects").shape.outer.kind, AggregateKind::list);
  EXPECT_EQ(attribute(Version::ifc4, "IFCROOT", "Name").shape.outer.kind, AggregateKind::none);
  EXPECT_EQ(attribute(Version::ifc4, "IFCCARTESIANPOINT", "Coordinates").shape.outer.upper, 3);
}

TEST(Schema, NestedAggregatesKeepBothLevels) {
  const Shape& points = attribute(Version::ifc4, "IFCCARTESIANPOINTLIST3D", "CoordList").shape;
  EXPECT_EQ(points.depth, 2);
  EXPECT_EQ(points.outer.kind, AggregateKind::list);
  EXPECT_EQ(points.outer.lower, 1);
  EXPECT_EQ(points.outer.upper, -1);
  EXPECT_EQ(points.inner.lower, 3);
  EXPECT_EQ(points.inner.upper, 3);
  EXPECT_EQ(points.kind, ValueKind::real);
  EXPECT_EQ(points.type->name, "IfcLengthMeasure");
}

TEST(Schema, UniqueAggregatesAreMarkedAtTheirLevel) {
  EXPECT_TRUE(attribute(Version::ifc4, "IFCGRID", "UAxes").shape.outer.unique);
  EXPECT_TRUE(attribute(Version::ifc2x3, "IFCPOLYLOOP", "Polygon").shape.outer.unique);
  EXPECT_FALSE(attribute(Version::ifc4, "IFCPOLYLINE", "Points").shape.outer.unique);
  const Shape& voids = attribute(Version::ifc4, "IFCINDEXEDPOLYGONALFACEWITHVOIDS", "InnerCoordIndices").shape;
  EXPECT_FALSE(voids.outer.unique);
  EXPECT_TRUE(voids.inner.unique);
}

TEST(Schema, DefinedTypesAreUnwrapped) {
  EXPECT_EQ(type(Version::ifc4, "IFCLABEL").shape.kind, ValueKind::string);
  EXPECT_EQ(type(Version::ifc4, "IFCPOSITIVELENGTHMEASURE").shape.kind, ValueKind::real);
  EXPECT_EQ(type(Version::ifc4, "IFCPOSITIVELENGTHMEASURE").shape.type, &type(Version::ifc4, "IFCLENGTHMEASURE"));
  const Shape& latitude = attribute(Version::ifc4, "IFCSITE", "RefLatitude").shape;
  EXPECT_EQ(latitude.outer.kind, AggregateKind::list);
  EXPECT_EQ(latitude.outer.lower, 3);
  EXPECT_EQ(latitude.outer.upper, 4);
  EXPECT_EQ(latitude.kind, ValueKind::integer);
  EXPECT_EQ(latitude.type->name, "IfcCompoundPlaneAngleMeasure");
  EXPECT_EQ(type(Version::ifc4, "IFCPROPERTYSETDEFINITIONSET").shape.entity->name, "IfcPropertySetDefinition");
  EXPECT_EQ(type(Version::ifc2x3, "IFCCOMPLEXNUMBER").shape.outer.kind, AggregateKind::array);
}

TEST(Schema, EveryKindOfValueIsTold) {
  EXPECT_EQ(attribute(Version::ifc4, "IFCWALL", "PredefinedType").shape.kind, ValueKind::enumeration);
  EXPECT_EQ(attribute(Version::ifc4, "IFCPROPERTYSINGLEVALUE", "NominalValue").shape.kind, ValueKind::select);
  EXPECT_EQ(attribute(Version::ifc4, "IFCBSPLINECURVE", "ClosedCurve").shape.kind, ValueKind::logical);
  EXPECT_EQ(attribute(Version::ifc4, "IFCSHAPEASPECT", "ProductDefinitional").shape.kind, ValueKind::logical);
  EXPECT_EQ(attribute(Version::ifc4, "IFCRELCONNECTSSTRUCTURALMEMBER", "SupportedLength").shape.kind, ValueKind::real);
  EXPECT_EQ(attribute(Version::ifc4, "IFCINDEXEDTRIANGLETEXTUREMAP", "TexCoordIndex").shape.kind, ValueKind::integer);
  EXPECT_EQ(attribute(Version::ifc4, "IFCPIXELTEXTURE", "Pixel").shape.kind, ValueKind::binary);
  EXPECT_EQ(attribute(Version::ifc4, "IFCEDGECURVE", "SameSense").shape.kind, ValueKind::boolean);
  EXPECT_EQ(type(Version::ifc2x3, "IFCNUMERICMEASURE").shape.kind, ValueKind::number);
  EXPECT_EQ(attribute(Version::ifc2x3, "IFCGEOMETRICREPRESENTATIONCONTEXT", "Precision").shape.type, nullptr);
}

TEST(Schema, EnumerationsHaveTheirItems) {
  const Type& kinds = *attribute(Version::ifc4, "IFCWALL", "PredefinedType").shape.type;
  EXPECT_EQ(kinds.name, "IfcWallTypeEnum");
  EXPECT_EQ(Words(kinds.items.begin(), kinds.items.end()),
            (Words{"MOVABLE", "PARAPET", "PARTITIONING", "PLUMBINGWALL", "SHEAR", "SOLIDWALL", "STANDARD", "POLYGONAL",
                   "ELEMENTEDWALL", "USERDEFINED", "NOTDEFINED"}));
  EXPECT_TRUE(has_item(kinds, "NOTDEFINED"));
  EXPECT_FALSE(has_item(kinds, "FLYING"));
  EXPECT_FALSE(has_item(type(Version::ifc2x3, "IFCWALLTYPEENUM"), "MOVABLE"));
}

TEST(Schema, SelectsAcceptMembersOfMembersAndSubtypes) {
  const Schema& schema = get(Version::ifc4);
  const Type& value = type(Version::ifc4, "IFCVALUE");
  EXPECT_EQ(value.member_types.size(), 3U);
  EXPECT_TRUE(schema.accepts(value, type(Version::ifc4, "IFCLABEL")));
  EXPECT_TRUE(schema.accepts(value, type(Version::ifc4, "IFCTHERMALTRANSMITTANCEMEASURE")));
  EXPECT_FALSE(schema.accepts(value, type(Version::ifc4, "IFCFONTSTYLE")));
  EXPECT_FALSE(schema.accepts(value, type(Version::ifc4, "IFCVALUE")));
  EXPECT_FALSE(schema.accepts(value, entity(Version::ifc4, "IFCMEASUREWITHUNIT")));
  const Type& applied = type(Version::ifc4, "IFCAPPLIEDVALUESELECT");
  EXPECT_TRUE(schema.accepts(applied, type(Version::ifc4, "IFCMONETARYMEASURE")));
  EXPECT_TRUE(schema.accepts(applied, entity(Version::ifc4, "IFCMEASUREWITHUNIT")));
  const Type& unit = type(Version::ifc4, "IFCUNIT");
  EXPECT_TRUE(schema.accepts(unit, entity(Version::ifc4, "IFCSIUNIT")));
  EXPECT_TRUE(schema.accepts(unit, entity(Version::ifc4, "IFCCONVERSIONBASEDUNITWITHOFFSET")));
  EXPECT_FALSE(schema.accepts(unit, entity(Version::ifc4, "IFCWALL")));
  EXPECT_TRUE(schema.accepts(type(Version::ifc4, "IFCPROPERTYSETDEFINITIONSELECT"),
                             type(Version::ifc4, "IFCPROPERTYSETDEFINITIONSET")));
}

TEST(Schema, InversesNameWhatPointsHereAndHowOften) {
  for (const Version version : versions) {
    const Inverse* container = inverse(entity(version, "IFCWALL"), "ContainedInStructure");
    ASSERT_NE(container, nullptr);
    EXPECT_EQ(container->from->name, "IfcRelContainedInSpatialStructure");
    EXPECT_EQ(container->from->attributes[container->attribute].name, "RelatedElements");
    EXPECT_EQ(container->lower, 0);
    EXPECT_EQ(container->upper, 1);
    const Inverse* openings = inverse(entity(version, "IFCWALL"), "HasOpenings");
    ASSERT_NE(openings, nullptr);
    EXPECT_EQ(openings->upper, -1);
    const Inverse* voided = inverse(entity(version, "IFCOPENINGELEMENT"), "VoidsElements");
    ASSERT_NE(voided, nullptr);
    EXPECT_EQ(voided->lower, 1);
    EXPECT_EQ(voided->upper, 1);
    EXPECT_EQ(inverse(entity(version, "IFCROOT"), "ContainedInStructure"), nullptr);
  }
  EXPECT_EQ(inverse(entity(Version::ifc2x3, "IFCWALL"), "Decomposes")->from->name, "IfcRelDecomposes");
  EXPECT_EQ(inverse(entity(Version::ifc4, "IFCWALL"), "Decomposes")->from->name, "IfcRelAggregates");
}

TEST(Schema, UniqueRulesAreInherited) {
  for (const Version version : versions) {
    const Entity& wall = entity(version, "IFCWALL");
    ASSERT_EQ(wall.unique_rules.size(), 1U);
    EXPECT_EQ(wall.unique_rules[0].name, "UR1");
    EXPECT_EQ(wall.unique_rules[0].attributes, std::vector<std::uint16_t>{0});
    const Entity& application = entity(version, "IFCAPPLICATION");
    ASSERT_EQ(application.unique_rules.size(), 2U);
    EXPECT_EQ(application.unique_rules[1].attributes, (std::vector<std::uint16_t>{2, 1}));
    EXPECT_TRUE(entity(version, "IFCCARTESIANPOINT").unique_rules.empty());
  }
  EXPECT_EQ(entity(Version::ifc2x3, "IFCPERMIT").unique_rules.size(), 2U);
  EXPECT_EQ(entity(Version::ifc4, "IFCPERMIT").unique_rules.size(), 1U);
}

void expect_whole(const Schema& schema, const Shape& shape) {
  EXPECT_EQ(shape.entity != nullptr, shape.kind == ValueKind::entity);
  if (shape.entity != nullptr) {
    EXPECT_EQ(shape.entity, &schema.entities()[shape.entity->index]);
  }
  if (shape.type != nullptr) {
    EXPECT_EQ(shape.type, &schema.types()[shape.type->index]);
  }
  EXPECT_EQ(shape.depth > 0, shape.outer.kind != AggregateKind::none);
  EXPECT_EQ(shape.depth > 1, shape.inner.kind != AggregateKind::none);
  EXPECT_TRUE(shape.outer.upper == -1 || shape.outer.lower <= shape.outer.upper);
}

void expect_whole(const Schema& schema, const Entity& each) {
  std::set<std::string_view> seen;
  for (const Attribute& attribute : each.attributes) {
    EXPECT_TRUE(seen.insert(attribute.name).second) << each.name << '.' << attribute.name;
    expect_whole(schema, attribute.shape);
  }
  for (const Inverse& back : each.inverses) {
    EXPECT_TRUE(seen.insert(back.name).second) << each.name << '.' << back.name;
    ASSERT_LT(back.attribute, back.from->attributes.size());
    const Shape& shape = back.from->attributes[back.attribute].shape;
    const bool reaches = shape.kind == ValueKind::entity ? each.is_a(*shape.entity) || shape.entity->is_a(each)
                                                         : shape.kind == ValueKind::select;
    EXPECT_TRUE(reaches) << each.name << '.' << back.name;
    EXPECT_TRUE(back.upper == -1 || (back.lower <= back.upper && back.upper >= 1)) << each.name << '.' << back.name;
  }
}

TEST(Schema, EverythingReferredToExists) {
  for (const Version version : versions) {
    const Schema& schema = get(version);
    for (const Entity& each : schema.entities()) expect_whole(schema, each);
    for (const Type& each : schema.types()) {
      expect_whole(schema, each.shape);
      const bool select = each.shape.kind == ValueKind::select && each.shape.type == nullptr;
      EXPECT_EQ(select, !each.member_entities.empty() || !each.member_types.empty()) << each.name;
      EXPECT_EQ(each.shape.kind == ValueKind::enumeration, !each.items.empty()) << each.name;
    }
  }
}

TEST(Schema, IntervalsAgreeWithTheChainOfSupertypes) {
  for (const Version version : versions) {
    const auto all = get(version).entities();
    for (const Entity& lower : all) {
      std::set<const Entity*> chain;
      for (const Entity* at = &lower; at != nullptr; at = at->supertype) chain.insert(at);
      for (const Entity& upper : all) ASSERT_EQ(lower.is_a(upper), chain.contains(&upper)) << lower.name << upper.name;
    }
  }
}

TEST(Schema, SubtypesContinueTheAttributesOfTheirSupertype) {
  for (const Version version : versions) {
    for (const Entity& each : get(version).entities()) {
      const Words all = names(each);
      const Words above = each.supertype != nullptr ? names(*each.supertype) : Words();
      ASSERT_EQ(each.inherited, above.size());
      EXPECT_TRUE(std::equal(above.begin(), above.end(), all.begin())) << each.name;
    }
  }
}

TEST(Schema, AWrongTableThrows) {
  const auto build = [](std::string_view table) { return Schema(Version::ifc4, table).entities().size(); };
  EXPECT_EQ(build("schema X\nentity IfcA -\n Name STRING\nentity IfcB IfcA\n"), 2U);
  EXPECT_THROW(build("entity IfcB IfcA\n"), std::logic_error);
  EXPECT_THROW(build("entity IfcA -\n Name IfcLabel\n"), std::logic_error);
  EXPECT_THROW(build("entity IfcA -\n Name LOST[1:?] STRING\n"), std::logic_error);
  EXPECT_THROW(build("entity IfcA -\n Name LIST[x:?] STRING\n"), std::logic_error);
  EXPECT_THROW(build("entity IfcA -\n inverse Back 0:1 IfcA.Name\n"), std::logic_error);
  EXPECT_THROW(build("entity IfcA -\n derive Name\n"), std::logic_error);
}

}  // namespace
}  // namespace aecos::schema
