#pragma once
// Triangles as the kernel gives them, and as Speckle keeps them.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "speckle/object.h"
#include "text/json.h"

namespace aecos::speckle {

// Of one colour; metres, the z axis up, where the model has it.
struct Mesh {
  std::array<double, 4> colour{};      // Red, green, blue, opacity: 0 to 1.
  std::vector<double> vertices;        // x, y, z, x, …
  std::vector<std::uint32_t> indices;  // Three a triangle.
};

// Sound: whole triangles of whole vertices that are there, of finite numbers. invalid_input: what is not.
Result<> check(const Mesh& mesh);

// {"colour":[r,g,b,a],"vertices":"BASE64","indices":"BASE64"}: doubles and 32-bit numbers, least byte first.
Result<Mesh> read_mesh(text::JsonNode node);

// `application_id`: what the mesh is known by outside, the same for every version of it.
Reference write_mesh(const Mesh& mesh, const std::string& application_id, const Sink& sink);

}  // namespace aecos::speckle
