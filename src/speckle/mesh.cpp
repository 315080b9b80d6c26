#include "speckle/mesh.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "base/sha256.h"
#include "http/message.h"

namespace aecos::speckle {
namespace {

static_assert(std::endian::native == std::endian::little, "the kernel's numbers are taken as they come");

template <class Number>
Result<std::vector<Number>> read_numbers(text::JsonNode node) {
  std::string bytes;
  if (!node.is_string() || !http::base64_decode(*node.as_string(), bytes) || bytes.size() % sizeof(Number) != 0)
    return Error{ErrorCode::invalid_input, "a mesh without numbers"};
  std::vector<Number> numbers(bytes.size() / sizeof(Number));
  std::memcpy(numbers.data(), bytes.data(), bytes.size());
  return numbers;
}

// A hundredth of a millimetre is enough to look at, and keeps ids the same where only the last bits differ.
double rounded(double metres) {
  constexpr double steps = 1e5;
  const double value = std::round(metres * steps) / steps;
  return value == 0 ? 0 : value;  // No -0.
}

std::int64_t channel(double value) {
  constexpr double most = 255;
  return static_cast<std::int64_t>(std::lround(std::clamp(value, 0.0, 1.0) * most));
}

void write_material(text::JsonWriter& json, const std::array<double, 4>& colour) {
  constexpr std::int64_t opaque = 0xFF000000;
  std::int64_t argb = opaque | channel(colour[0]) << 16U | channel(colour[1]) << 8U | channel(colour[2]);
  if (argb > 0x7FFFFFFF) argb -= 0x100000000;  // Speckle's colours are signed.
  text::JsonWriter inner;
  inner.begin_object().member("speckle_type", "Objects.Other.RenderMaterial").member("name", "Surface");
  inner.member("diffuse", argb).member("opacity", std::clamp(colour[3], 0.0, 1.0)).member("emissive", -16777216);
  inner.member("metalness", 0).member("roughness", 1).end_object();
  const std::string text = std::move(inner).take();
  const std::string id = sha256_hex(text).substr(0, ObjectId{}.digits.size());
  json.key("renderMaterial").raw("{\"id\":\"" + id + "\",\"applicationId\":\"" + id + "\"," + text.substr(1));
}

}  // namespace

Result<> check(const Mesh& mesh) {
  const std::size_t count = mesh.vertices.size() / 3;
  if (mesh.vertices.size() % 3 != 0 || mesh.indices.size() % 3 != 0)
    return Error{ErrorCode::invalid_input, "a mesh of parts of triangles"};
  const auto is_finite = [](double number) { return std::isfinite(number); };
  if (!std::all_of(mesh.vertices.begin(), mesh.vertices.end(), is_finite) ||
      !std::all_of(mesh.colour.begin(), mesh.colour.end(), is_finite))
    return Error{ErrorCode::invalid_input, "a mesh that is nowhere"};
  if (std::any_of(mesh.indices.begin(), mesh.indices.end(), [&](std::uint32_t at) { return at >= count; }))
    return Error{ErrorCode::invalid_input, "a mesh with a vertex that is not there"};
  return {};
}

Result<Mesh> read_mesh(text::JsonNode node) {
  Mesh mesh;
  for (std::size_t i = 0; i < mesh.colour.size(); ++i) mesh.colour[i] = node["colour"][i].as_double().value_or(1);
  AECOS_TRY_ASSIGN(mesh.vertices, read_numbers<double>(node["vertices"]));
  AECOS_TRY_ASSIGN(mesh.indices, read_numbers<std::uint32_t>(node["indices"]));
  AECOS_TRY(check(mesh));
  std::transform(mesh.vertices.begin(), mesh.vertices.end(), mesh.vertices.begin(), rounded);
  return mesh;
}

Reference write_mesh(const Mesh& mesh, const std::string& application_id, const Sink& sink) {
  ObjectWriter writer("Objects.Geometry.Mesh");
  writer.json().member("applicationId", application_id).member("units", "m");
  writer.numbers("vertices", mesh.vertices, vertices_chunk_max, sink);
  std::vector<std::int64_t> faces;
  faces.reserve(mesh.indices.size() / 3 * 4);
  for (std::size_t i = 0; i + 2 < mesh.indices.size(); i += 3)
    faces.insert(faces.end(), {3, mesh.indices[i], mesh.indices[i + 1], mesh.indices[i + 2]});
  writer.numbers("faces", faces, faces_chunk_max, sink);
  writer.json().key("colors").begin_array().end_array();
  writer.json().key("textureCoordinates").begin_array().end_array();
  write_material(writer.json(), mesh.colour);
  return std::move(writer).finish(sink);
}

}  // namespace aecos::speckle
