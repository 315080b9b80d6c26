#include <gtest/gtest.h>

#include "speckle/mesh.h"
#include "speckle/speckle_test_internal.h"

namespace aecos::speckle {
namespace {

Reference leaf(Kept& kept, const std::string& name) {
  ObjectWriter writer("Base");
  writer.json().member("name", name);
  return std::move(writer).finish(kept.sink());
}

Reference above(Kept& kept, std::vector<Reference> children) {
  ObjectWriter writer("Base");
  writer.children("elements", children);
  return std::move(writer).finish(kept.sink());
}

TEST(Object, ItsIdFollowsFromWhatItSays) {
  Kept kept;
  EXPECT_EQ(leaf(kept, "a").id, leaf(kept, "a").id);
  EXPECT_NE(leaf(kept, "a").id, leaf(kept, "b").id);
  EXPECT_NE(above(kept, {leaf(kept, "a")}).id, above(kept, {leaf(kept, "b")}).id);
  for (const auto& [id, json] : kept.objects) {
    EXPECT_EQ(kept.read(id).root()["id"].as_string(), id.text());
    EXPECT_TRUE(to_object_id(id.text()));
  }
}

TEST(Object, ItNamesAllBelowItAtTheirLeastDepth) {
  Kept kept;
  const Reference a = leaf(kept, "a"), b = leaf(kept, "b");
  const Reference middle = above(kept, {a, b});
  const Reference top = above(kept, {middle, a});
  const text::JsonDocument document = kept.read(top.id);
  const text::JsonNode closure = document.root()["__closure"];
  EXPECT_EQ(closure.size(), 3U);
  EXPECT_EQ(closure[middle.id.text()].as_int(), 1);
  EXPECT_EQ(closure[a.id.text()].as_int(), 1);
  EXPECT_EQ(closure[b.id.text()].as_int(), 2);
  EXPECT_EQ(document.root()["totalChildrenCount"].as_int(), 3);
  EXPECT_FALSE(kept.read(a.id).root()["__closure"]);
}

TEST(Object, ALongListOfNumbersIsCutIntoPieces) {
  Kept kept;
  const std::vector<double> numbers{1, 2, 3, 4, 5};
  ObjectWriter longer("Base"), shorter("Base");
  longer.numbers("vertices", numbers, 2, kept.sink());
  shorter.numbers("vertices", numbers, 5, kept.sink());
  const Reference cut = std::move(longer).finish(kept.sink()), whole = std::move(shorter).finish(kept.sink());
  EXPECT_TRUE(whole.closure.empty());
  EXPECT_EQ(text::compact(kept.read(whole.id).root()["vertices"]), "[1,2,3,4,5]");
  std::string all;
  const text::JsonDocument document = kept.read(cut.id);
  for (const text::JsonNode reference : document.root()["vertices"]) {
    EXPECT_EQ(reference["speckle_type"].as_string(), "reference");
    const text::JsonDocument piece = kept.read(*to_object_id(*reference["referencedId"].as_string()));
    EXPECT_EQ(piece.root()["speckle_type"].as_string(), "Speckle.Core.Models.DataChunk");
    all += text::compact(piece.root()["data"]);
  }
  EXPECT_EQ(all, "[1,2][3,4][5]");
  EXPECT_EQ(cut.closure.size(), 3U);
}

TEST(Object, OnlyHexDigitsAreAnId) {
  EXPECT_TRUE(to_object_id("0123456789abcdef0123456789abcdef"));
  for (const char* text :
       {"", "0123456789ABCDEF0123456789abcdef", "0123456789abcdef0123456789abcde", "g123456789abcdef0123456789abcdef"})
    EXPECT_FALSE(to_object_id(text)) << text;
}

Result<Mesh> mesh_of(const std::string& vertices, const std::string& indices) {
  const auto document =
      text::parse_json(R"({"colour":[1,0,0,1],"vertices":")" + vertices + R"(","indices":")" + indices + "\"}");
  return read_mesh(document->root());
}

// Three points of zeros, and 0, 1, 2.
const std::string points = std::string(96, 'A'), triangle = "AAAAAAEAAAACAAAA";

TEST(Mesh, WhatIsNoTriangleOfPointsThatAreThereIsRefused) {
  EXPECT_TRUE(mesh_of(points, triangle));
  EXPECT_FALSE(mesh_of(points, "AAAAAAEAAAADAAAA"));      // A fourth point.
  EXPECT_FALSE(mesh_of(points, "AAAAAAEAAAA="));          // Two corners.
  EXPECT_FALSE(mesh_of(std::string(88, 'A'), triangle));  // Not whole numbers of bytes.
  EXPECT_FALSE(mesh_of("*", triangle));
  EXPECT_FALSE(mesh_of(std::string(84, 'A') + "AAAAAAAPh/", triangle));
}

TEST(Mesh, NumbersThatAreNoneAreRefused) {
  Mesh mesh{{1, 1, 1, 1}, {0, 0, 0, 1, 0, 0, 0, 1, 0}, {0, 1, 2}};
  EXPECT_TRUE(check(mesh));
  mesh.vertices[4] = std::numeric_limits<double>::infinity();
  EXPECT_FALSE(check(mesh));
}

TEST(Mesh, ItIsWrittenAsSpeckleHasIt) {
  Kept kept;
  const Mesh mesh{{1, 0.5, 0, 0.25}, {0, 0, 0, 1, 0, 0, 0, 1, 0}, {0, 1, 2}};
  const text::JsonDocument document = kept.read(write_mesh(mesh, "m", kept.sink()).id);
  const text::JsonNode root = document.root();
  EXPECT_EQ(root["speckle_type"].as_string(), "Objects.Geometry.Mesh");
  EXPECT_EQ(text::compact(root["faces"]), "[3,0,1,2]");
  EXPECT_EQ(text::compact(root["vertices"]), "[0,0,0,1,0,0,0,1,0]");
  EXPECT_EQ(root["renderMaterial"]["diffuse"].as_int(), static_cast<std::int32_t>(0xFFFF8000));
  EXPECT_EQ(root["renderMaterial"]["opacity"].as_double(), 0.25);
}

}  // namespace
}  // namespace aecos::speckle
