#pragma once
// Speckle's objects: JSON with an id that follows from the content, and, for what holds others, the ids of all of them.
//
//   ObjectWriter mesh("Objects.Geometry.Mesh");
//   mesh.json().member("units", "m");
//   mesh.numbers("vertices", vertices, vertices_chunk_max, sink);
//   const Reference reference = mesh.finish(sink);

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text/json_writer.h"

namespace aecos::speckle {

// 32 lower-case hex digits.
struct ObjectId {
  std::array<char, 32> digits{};
  [[nodiscard]] std::string_view text() const { return {digits.data(), digits.size()}; }
  auto operator<=>(const ObjectId&) const = default;
};
std::optional<ObjectId> to_object_id(std::string_view text);

// Everything below an object: its id and the least number of steps to it; sorted by id, each once.
using Closure = std::vector<std::pair<ObjectId, std::uint32_t>>;

struct Object {
  ObjectId id;
  std::string json;
};

// An object that is kept elsewhere, as whoever refers to it needs to know it.
struct Reference {
  ObjectId id;
  Closure closure;
};

// Takes every object as it is finished; what lies below one comes before it.
using Sink = std::function<void(Object&&)>;

inline constexpr std::size_t vertices_chunk_max = 31'250, faces_chunk_max = 62'500;

class ObjectWriter {
 public:
  explicit ObjectWriter(std::string_view speckle_type);
  // For plain members; not "id", "speckle_type", "totalChildrenCount" or "__closure".
  text::JsonWriter& json() { return json_; }
  // A detached child, or a list of them.
  void child(std::string_view name, const Reference& child);
  void children(std::string_view name, std::span<const Reference> children);
  // A list of numbers; in detached pieces where it is longer than one.
  void numbers(std::string_view name, std::span<const double> numbers, std::size_t chunk_max, const Sink& sink);
  void numbers(std::string_view name, std::span<const std::int64_t> numbers, std::size_t chunk_max, const Sink& sink);
  Reference finish(const Sink& sink) &&;

 private:
  void refer(const Reference& child);
  template <class Number>
  void write_numbers(std::string_view name, std::span<const Number> numbers, std::size_t chunk_max, const Sink& sink);

  text::JsonWriter json_;
  std::vector<std::pair<ObjectId, std::uint32_t>> below_;
};

}  // namespace aecos::speckle
