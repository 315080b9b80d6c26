#include "speckle/gltf.h"

#include <gtest/gtest.h>

#include <cstring>

#include "speckle/mesh.h"
#include "speckle/speckle_test_internal.h"

namespace aecos::speckle {
namespace {

Reference element(Kept& kept, const std::vector<Reference>& shapes) {
  ObjectWriter writer("Objects.Data.DataObject");
  writer.json().member("name", "W-1").member("applicationId", "guid").member("ifcType", "IfcWall");
  writer.children("displayValue", shapes);
  return std::move(writer).finish(kept.sink());
}

Result<std::string> glb_of(const Kept& kept, const ObjectId& root) {
  return write_glb(root, [&](const ObjectId& id) -> Result<std::string> {
    const auto found = kept.objects.find(id);
    if (found == kept.objects.end()) return Error{ErrorCode::not_found, "none"};
    return found->second;
  });
}

std::uint32_t number_at(const std::string& bytes, std::size_t at) {
  std::uint32_t number = 0;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

TEST(Gltf, ShapesAreWhereTheyWereWithShortNumbers) {
  Kept kept;
  const Mesh mesh{{1, 0, 0, 1}, {1000, 2000, 3, 1001, 2000, 3, 1000, 2001, 3}, {0, 1, 2}};
  const Reference wall = element(kept, {write_mesh(mesh, "m", kept.sink())});
  const auto glb = glb_of(kept, wall.id);
  ASSERT_TRUE(glb) << glb.error().message;
  EXPECT_EQ(glb->substr(0, 4), "glTF");
  EXPECT_EQ(number_at(*glb, 8), glb->size());
  const std::string json = glb->substr(20, number_at(*glb, 12));
  const auto document = text::parse_json(json);
  ASSERT_TRUE(document) << json;
  const text::JsonNode node = document->root()["nodes"][0];
  EXPECT_EQ(text::compact(node["translation"]), "[1000,2000,3]");
  EXPECT_EQ(node["extras"]["globalId"].as_string(), "guid");
  EXPECT_EQ(text::compact(document->root()["accessors"][0]["max"]), "[1,1,0]");
  EXPECT_EQ(document->root()["buffers"][0]["byteLength"].as_int(), 9 * 4 + 3 * 4);
}

TEST(Gltf, FacesOfAnyNumberOfCornersBecomeTriangles) {
  Kept kept;
  ObjectWriter quad("Objects.Geometry.Mesh");
  quad.json().key("vertices").raw("[0,0,0,1,0,0,1,1,0,0,1,0]").key("faces").raw("[1,0,1,2,3]");
  const Reference wall = element(kept, {std::move(quad).finish(kept.sink())});
  const auto glb = glb_of(kept, wall.id);
  ASSERT_TRUE(glb);
  const auto document = text::parse_json(glb->substr(20, number_at(*glb, 12)));
  EXPECT_EQ(document->root()["accessors"][1]["count"].as_int(), 6);
}

TEST(Gltf, NothingToBeSeenIsAnError) {
  Kept kept;
  EXPECT_FALSE(glb_of(kept, element(kept, {}).id));
  EXPECT_FALSE(glb_of(kept, ObjectId{}));
}

}  // namespace
}  // namespace aecos::speckle
