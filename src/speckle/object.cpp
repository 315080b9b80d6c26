#include "speckle/object.h"

#include <algorithm>

#include "base/sha256.h"

namespace aecos::speckle {
namespace {

ObjectId id_of(std::string_view json) {
  ObjectId id;
  const std::string digest = sha256_hex(json);
  std::copy_n(digest.begin(), id.digits.size(), id.digits.begin());
  return id;
}

// Of the same id, the least depth stays.
void normalise(Closure& closure) {
  std::sort(closure.begin(), closure.end());
  const auto last =
      std::unique(closure.begin(), closure.end(), [](const auto& a, const auto& b) { return a.first == b.first; });
  closure.erase(last, closure.end());
}

void write_reference(text::JsonWriter& json, const ObjectId& id) {
  json.begin_object().member("speckle_type", "reference").member("referencedId", id.text()).end_object();
}

}  // namespace

std::optional<ObjectId> to_object_id(std::string_view text) {
  ObjectId id;
  const bool is_hex =
      std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (text.size() != id.digits.size() || !is_hex) return std::nullopt;
  std::copy(text.begin(), text.end(), id.digits.begin());
  return id;
}

ObjectWriter::ObjectWriter(std::string_view speckle_type) { json_.begin_object().member("speckle_type", speckle_type); }

void ObjectWriter::refer(const Reference& child) {
  below_.emplace_back(child.id, 1);
  for (const auto& [id, depth] : child.closure) below_.emplace_back(id, depth + 1);
}

void ObjectWriter::child(std::string_view name, const Reference& child) {
  refer(child);
  json_.key(name);
  write_reference(json_, child.id);
}

void ObjectWriter::children(std::string_view name, std::span<const Reference> children) {
  json_.key(name).begin_array();
  for (const Reference& child : children) {
    refer(child);
    write_reference(json_, child.id);
  }
  json_.end_array();
}

template <class Number>
void ObjectWriter::write_numbers(std::string_view name, std::span<const Number> numbers, std::size_t chunk_max,
                                 const Sink& sink) {
  const auto list = [](text::JsonWriter& json, std::span<const Number> some) {
    json.begin_array();
    for (const Number number : some) json.value(number);
    json.end_array();
  };
  if (numbers.size() <= chunk_max) {
    json_.key(name);
    return list(json_, numbers);
  }
  std::vector<Reference> chunks;
  for (std::size_t at = 0; at < numbers.size(); at += chunk_max) {
    ObjectWriter chunk("Speckle.Core.Models.DataChunk");
    chunk.json().key("data");
    list(chunk.json(), numbers.subspan(at, std::min(chunk_max, numbers.size() - at)));
    chunks.push_back(std::move(chunk).finish(sink));
  }
  children(name, chunks);
}

void ObjectWriter::numbers(std::string_view name, std::span<const double> numbers, std::size_t chunk_max,
                           const Sink& sink) {
  write_numbers(name, numbers, chunk_max, sink);
}

void ObjectWriter::numbers(std::string_view name, std::span<const std::int64_t> numbers, std::size_t chunk_max,
                           const Sink& sink) {
  write_numbers(name, numbers, chunk_max, sink);
}

Reference ObjectWriter::finish(const Sink& sink) && {
  normalise(below_);
  json_.member("totalChildrenCount", below_.size());
  if (!below_.empty()) {
    json_.key("__closure").begin_object();
    for (const auto& [id, depth] : below_) json_.member(id.text(), depth);
    json_.end_object();
  }
  const std::string json = std::move(json_.end_object()).take();
  const ObjectId id = id_of(json);
  sink({id, "{\"id\":\"" + std::string(id.text()) + "\"," + json.substr(1)});
  return {id, std::move(below_)};
}

}  // namespace aecos::speckle
