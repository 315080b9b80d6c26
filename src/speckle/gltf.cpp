#include "speckle/gltf.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>

#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::speckle {
namespace {

constexpr std::size_t depth_max = 500;
constexpr std::uint64_t bytes_max = std::numeric_limits<std::uint32_t>::max() - 4096ULL;
constexpr int array_buffer = 34962, element_array_buffer = 34963, floats = 5126, unsigned_ints = 5125;

using Point = std::array<double, 3>;

double linear(double srgb) { return srgb <= 0.04045 ? srgb / 12.92 : std::pow((srgb + 0.055) / 1.055, 2.4); }

template <class Number>
void append(std::string& bytes, Number number) {
  std::array<char, sizeof(Number)> raw{};
  std::memcpy(raw.data(), &number, sizeof(Number));
  bytes.append(raw.data(), raw.size());
}

struct Node {
  std::string name, global_id, ifc_class;
  Point at{};
  int mesh = -1;
  std::vector<std::size_t> children;
};

class Writer {
 public:
  explicit Writer(const Lookup& lookup) : lookup_(lookup) {}

  Result<std::string> run(const ObjectId& root) {
    std::optional<std::size_t> top;
    AECOS_TRY(add(root, top, 0));
    if (!top) return Error{ErrorCode::invalid_input, "there is nothing in it to be drawn"};
    if (bytes_.size() > bytes_max) return Error{ErrorCode::invalid_input, "it is more than a glTF file can hold"};
    return file(*top);
  }

 private:
  // A node for the object, if there is anything to be seen below it.
  Result<> add(const ObjectId& id, std::optional<std::size_t>& made, std::size_t depth) {
    if (depth > depth_max || bytes_.size() > bytes_max) return {};
    AECOS_TRY_ASSIGN(const std::string json, lookup_(id));
    AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(json));
    const text::JsonNode object = document.root();
    Node node;
    const auto word = [&](const char* name) { return std::string(object[name].as_string().value_or("")); };
    node.name = word("name");
    node.ifc_class = word("ifcType");
    node.global_id = word("applicationId");
    AECOS_TRY(add_shape(object["displayValue"], node));
    for (const char* name : {"elements", "@elements"}) {
      for (const text::JsonNode child : object[name]) {
        const auto child_id = to_object_id(child["referencedId"].as_string().value_or(""));
        std::optional<std::size_t> below;
        if (child_id) AECOS_TRY(add(*child_id, below, depth + 1));
        if (below) node.children.push_back(*below);
      }
    }
    if (node.mesh < 0 && node.children.empty()) return {};
    // A node is moved to where its own shape is; what lies below it is not.
    if (node.mesh >= 0 && !node.children.empty()) {
      Node shape{node.name, "", "", node.at, node.mesh, {}};
      nodes_.push_back(std::move(shape));
      node.children.insert(node.children.begin(), nodes_.size() - 1);
      node.mesh = -1;
      node.at = {};
    }
    nodes_.push_back(std::move(node));
    made = nodes_.size() - 1;
    return {};
  }

  Result<> add_shape(text::JsonNode list, Node& node) {
    std::string primitives;
    for (const text::JsonNode reference : list) {
      const auto id = to_object_id(reference["referencedId"].as_string().value_or(""));
      if (!id) continue;
      AECOS_TRY_ASSIGN(const std::string json, lookup_(*id));
      AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(json));
      AECOS_TRY(add_mesh(document.root(), node, primitives));
    }
    if (primitives.empty()) return {};
    node.mesh = static_cast<int>(meshes_.size());
    meshes_.push_back("{\"primitives\":[" + primitives + "]}");
    return {};
  }

  // The numbers of a list, or of its chunks.
  Result<std::vector<double>> numbers(text::JsonNode list) {
    std::vector<double> found;
    for (const text::JsonNode item : list) {
      if (!item.is_object()) {
        found.push_back(item.as_double().value_or(0));
        continue;
      }
      const auto id = to_object_id(item["referencedId"].as_string().value_or(""));
      if (!id) return Error{ErrorCode::invalid_input, "a mesh with a piece that is none"};
      AECOS_TRY_ASSIGN(const std::string json, lookup_(*id));
      AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(json));
      for (const text::JsonNode number : document.root()["data"]) found.push_back(number.as_double().value_or(0));
    }
    return found;
  }

  Result<> add_mesh(text::JsonNode mesh, Node& node, std::string& primitives) {
    AECOS_TRY_ASSIGN(const std::vector<double> vertices, numbers(mesh["vertices"]));
    AECOS_TRY_ASSIGN(const std::vector<double> faces, numbers(mesh["faces"]));
    std::vector<std::uint32_t> indices;
    for (std::size_t i = 0; i < faces.size();) {
      const auto given = static_cast<std::size_t>(faces[i]);
      const std::size_t corners = given < 3 ? given + 3 : given;
      for (std::size_t k = 2; k < corners && i + k + 1 <= faces.size() - 1; ++k)
        for (const std::size_t corner : {std::size_t{1}, k, k + 1})
          indices.push_back(static_cast<std::uint32_t>(faces[i + corner]));
      i += corners + 1;
    }
    const std::size_t count = vertices.size() / 3;
    if (indices.empty() || std::any_of(indices.begin(), indices.end(), [&](auto at) { return at >= count; })) return {};
    // Numbers of a glTF file are short: they count from where the element is.
    if (primitives.empty()) node.at = {vertices[0], vertices[1], vertices[2]};
    const std::size_t positions = add_positions(vertices, node.at), list = add_indices(indices);
    text::JsonWriter json;
    json.begin_object().key("attributes").begin_object().member("POSITION", positions).end_object();
    json.member("indices", list).member("material", material(mesh["renderMaterial"])).end_object();
    primitives += (primitives.empty() ? "" : ",") + std::move(json).take();
    return {};
  }

  std::size_t view(std::size_t from, int target) {
    text::JsonWriter json;
    json.begin_object().member("buffer", 0).member("byteOffset", from).member("byteLength", bytes_.size() - from);
    views_.push_back(std::move(json.member("target", target).end_object()).take());
    return views_.size() - 1;
  }

  std::size_t add_positions(const std::vector<double>& vertices, const Point& origin) {
    const std::size_t from = bytes_.size();
    std::array<float, 3> least{}, most{};
    for (std::size_t i = 0; i + 2 < vertices.size(); i += 3) {
      for (std::size_t axis = 0; axis < 3; ++axis) {
        const auto number = static_cast<float>(vertices[i + axis] - origin[axis]);
        least[axis] = i == 0 ? number : std::min(least[axis], number);
        most[axis] = i == 0 ? number : std::max(most[axis], number);
        append(bytes_, number);
      }
    }
    text::JsonWriter json;
    json.begin_object().member("bufferView", view(from, array_buffer)).member("componentType", floats);
    json.member("count", vertices.size() / 3).member("type", "VEC3");
    for (const auto& [name, corner] : {std::pair("min", least), std::pair("max", most)}) {
      json.key(name).begin_array();
      for (const float number : corner) json.value(static_cast<double>(number));
      json.end_array();
    }
    accessors_.push_back(std::move(json.end_object()).take());
    return accessors_.size() - 1;
  }

  std::size_t add_indices(const std::vector<std::uint32_t>& indices) {
    const std::size_t from = bytes_.size();
    for (const std::uint32_t index : indices) append(bytes_, index);
    text::JsonWriter json;
    json.begin_object().member("bufferView", view(from, element_array_buffer)).member("componentType", unsigned_ints);
    json.member("count", indices.size()).member("type", "SCALAR").end_object();
    accessors_.push_back(std::move(json).take());
    return accessors_.size() - 1;
  }

  std::size_t material(text::JsonNode given) {
    const auto argb = static_cast<std::uint32_t>(given["diffuse"].as_int().value_or(-4144960));
    const double opacity = given["opacity"].as_double().value_or(1);
    text::JsonWriter json;
    json.begin_object().key("pbrMetallicRoughness").begin_object().key("baseColorFactor").begin_array();
    for (const unsigned shift : {16U, 8U, 0U}) json.value(linear(static_cast<double>(argb >> shift & 0xFFU) / 255));
    json.value(opacity).end_array().member("metallicFactor", 0).member("roughnessFactor", 1).end_object();
    if (opacity < 1) json.member("alphaMode", "BLEND");
    json.member("doubleSided", true).end_object();
    const auto [found, is_new] = materials_.emplace(std::move(json).take(), materials_.size());
    if (is_new) material_list_.push_back(found->first);
    return found->second;
  }

  void write(text::JsonWriter& json, const Node& node) const {
    json.begin_object();
    if (!node.name.empty()) json.member("name", node.name);
    if (node.mesh >= 0) {
      json.member("mesh", node.mesh).key("translation").begin_array();
      for (const double number : node.at) json.value(number);
      json.end_array();
    }
    if (!node.children.empty()) {
      json.key("children").begin_array();
      for (const std::size_t child : node.children) json.value(child);
      json.end_array();
    }
    if (!node.ifc_class.empty())
      json.key("extras")
          .begin_object()
          .member("globalId", node.global_id)
          .member("ifcType", node.ifc_class)
          .end_object();
    json.end_object();
  }

  static void write(text::JsonWriter& json, const char* name, const std::vector<std::string>& list) {
    json.key(name).begin_array();
    for (const std::string& item : list) json.raw(item);
    json.end_array();
  }

  std::string file(std::size_t top) {
    text::JsonWriter json;
    json.begin_object().key("asset").begin_object().member("version", "2.0").member("generator", "aecos").end_object();
    json.member("scene", 0).key("scenes").begin_array().begin_object().key("nodes").begin_array().value(nodes_.size());
    json.end_array().end_object().end_array().key("nodes").begin_array();
    for (const Node& node : nodes_) write(json, node);
    // The z axis up becomes the y axis up.
    const double half = std::sqrt(0.5);
    json.begin_object().key("rotation").begin_array().value(-half).value(0).value(0).value(half).end_array();
    json.key("children").begin_array().value(top).end_array().end_object().end_array();
    write(json, "meshes", meshes_);
    write(json, "materials", material_list_);
    write(json, "accessors", accessors_);
    write(json, "bufferViews", views_);
    json.key("buffers").begin_array().begin_object().member("byteLength", bytes_.size()).end_object().end_array();
    return glb(std::move(json.end_object()).take());
  }

  std::string glb(std::string json) const {
    constexpr std::uint32_t magic = 0x46546C67, version = 2, json_type = 0x4E4F534A, binary_type = 0x004E4942;
    constexpr std::size_t head = 12, chunk_head = 8;
    while (json.size() % 4 != 0) json += ' ';
    std::string file;
    append(file, magic);
    append(file, version);
    append(file, static_cast<std::uint32_t>(head + chunk_head * 2 + json.size() + bytes_.size()));
    append(file, static_cast<std::uint32_t>(json.size()));
    append(file, json_type);
    file += json;
    append(file, static_cast<std::uint32_t>(bytes_.size()));
    append(file, binary_type);
    return file + bytes_;
  }

  const Lookup& lookup_;
  std::string bytes_;
  std::vector<Node> nodes_;
  std::vector<std::string> meshes_, views_, accessors_, material_list_;
  std::map<std::string, std::size_t> materials_;
};

}  // namespace

Result<std::string> write_glb(const ObjectId& root, const Lookup& lookup) { return Writer(lookup).run(root); }

}  // namespace aecos::speckle
