#include "hub/view_objects.h"

#include <algorithm>
#include <charconv>
#include <mutex>

#include "base/ascii.h"
#include "os/path.h"
#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::hub {
namespace {

using speckle::Object;
using speckle::ObjectId;

constexpr const char* versions_name = "versions.json";
constexpr std::size_t packs_max = 24;
constexpr std::uint64_t large_pack = 32ULL << 20U;
constexpr os::WriteOptions may_be_lost{{}, {}, true};

Error broken() { return {ErrorCode::unavailable, "what was made for viewing cannot be read"}; }

template <class Number>
bool take_number(std::string_view& text, Number& number) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with(' ')) text.remove_prefix(1);
  return true;
}

// The ids that a note names; 32 hex digits each.
std::vector<ObjectId> ids_in(std::string_view note) {
  std::vector<ObjectId> ids;
  constexpr std::size_t size = ObjectId{}.digits.size();
  for (std::size_t at = 0; at < note.size();) {
    std::size_t end = at;
    while (end < note.size() && is_hex(note[end])) ++end;
    if (end - at == size)
      if (const auto id = speckle::to_object_id(note.substr(at, size))) ids.push_back(*id);
    at = end + 1;
  }
  return ids;
}

}  // namespace

std::string ViewObjects::path(std::uint32_t number, const char* suffix) const {
  return os::join(folder_, std::to_string(number) + suffix);
}

Result<std::unique_ptr<ViewObjects>> ViewObjects::open(os::FileSystem& files, std::string folder) {
  AECOS_TRY(files.create_directories(folder));
  std::unique_ptr<ViewObjects> objects(new ViewObjects(files, folder));
  if (objects->load()) return objects;
  AECOS_TRY(os::remove_all(files, folder));
  AECOS_TRY(files.create_directories(folder));
  return std::unique_ptr<ViewObjects>(new ViewObjects(files, std::move(folder)));
}

Result<> ViewObjects::load() {
  AECOS_TRY_ASSIGN(const auto entries, files_.list(folder_));
  for (const os::DirectoryEntry& entry : entries) {
    if (os::is_temporary_name(entry.name)) static_cast<void>(files_.remove(os::join(folder_, entry.name)));
    if (!entry.name.ends_with(".index")) continue;
    std::string_view name = entry.name;
    std::uint32_t number = 0;
    if (!take_number(name, number)) return broken();
    AECOS_TRY_ASSIGN(const std::string index, files_.read(os::join(folder_, entry.name)));
    AECOS_TRY(load_pack(number, index));
  }
  const auto text = files_.read(os::join(folder_, versions_name));
  if (!text) return text.error().code == ErrorCode::not_found ? Result<>() : text.error();
  AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(*text));
  const auto word = [](text::JsonNode node) { return std::string(node.as_string().value_or("")); };
  const auto count = [](text::JsonNode node) { return static_cast<std::size_t>(node.as_int().value_or(0)); };
  for (const text::JsonNode node : document.root()) {
    versions_.push_back({word(node["commit"]), word(node["object"]), word(node["message"]), word(node["author"]),
                         node["time"].as_int().value_or(0), count(node["elements"]), count(node["withoutShape"])});
    const auto id = speckle::to_object_id(versions_.back().object);
    if (!id || !places_.contains(*id)) return broken();
  }
  return {};
}

// "o ID OFFSET LENGTH", "n KEY\tVALUE" and, so that a cut index is seen, "end" at the end.
Result<> ViewObjects::load_pack(std::uint32_t number, std::string_view index) {
  Pack pack;
  AECOS_TRY_ASSIGN(pack.bytes, files_.map(path(number, ".pack")));
  bool whole = false;
  while (!index.empty()) {
    const std::size_t end = std::min(index.find('\n'), index.size());
    std::string_view row = index.substr(0, end);
    index.remove_prefix(std::min(index.size(), end + 1));
    whole = row == "end";
    if (row.starts_with("n ")) {
      const std::size_t tab = std::min(row.find('\t'), row.size() - 1);
      pack.notes.emplace(row.substr(2, tab - 2), row.substr(tab + 1));
    } else if (row.starts_with("o ")) {
      constexpr std::size_t id_at = 2, id_size = ObjectId{}.digits.size();
      const auto id = speckle::to_object_id(row.substr(id_at, id_size));
      row.remove_prefix(std::min(row.size(), id_at + id_size + 1));
      Place place{number};
      if (!id || !take_number(row, place.offset) || !take_number(row, place.length)) return broken();
      if (place.offset + place.length > pack.bytes.bytes().size()) return broken();
      places_[*id] = place;
    }
  }
  if (!whole) return broken();
  notes_.insert(pack.notes.begin(), pack.notes.end());
  packs_[number] = std::move(pack);
  return {};
}

bool ViewObjects::has(const ObjectId& id) const {
  const std::shared_lock lock(mutex_);
  return places_.contains(id);
}

Result<std::string> ViewObjects::line(const ObjectId& id) const {
  const std::shared_lock lock(mutex_);
  const auto found = places_.find(id);
  if (found == places_.end()) return Error{ErrorCode::not_found, "there is no object " + std::string(id.text())};
  return std::string(packs_.at(found->second.pack).bytes.bytes().substr(found->second.offset, found->second.length));
}

Result<std::string> ViewObjects::json(const ObjectId& id) const {
  AECOS_TRY_ASSIGN(std::string text, line(id));
  constexpr std::size_t json_at = ObjectId{}.digits.size() + 1;
  return text.substr(json_at, text.size() - json_at - 1);
}

Result<speckle::Reference> ViewObjects::reference(const ObjectId& id) const {
  AECOS_TRY_ASSIGN(const std::string text, json(id));
  AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(text));
  speckle::Reference reference{id, {}};
  for (const text::JsonNode node : document.root()["__closure"]) {
    if (const auto below = speckle::to_object_id(node.key()))
      reference.closure.emplace_back(*below, static_cast<std::uint32_t>(node.as_int().value_or(1)));
  }
  return reference;
}

std::optional<std::string> ViewObjects::note(const std::string& key) const {
  const std::shared_lock lock(mutex_);
  const auto found = notes_.find(key);
  return found == notes_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<ViewVersion> ViewObjects::versions() const {
  const std::shared_lock lock(mutex_);
  return versions_;
}

std::uint64_t ViewObjects::bytes() const {
  const std::shared_lock lock(mutex_);
  std::uint64_t sum = 0;
  for (const auto& [number, pack] : packs_) sum += pack.bytes.bytes().size();
  return sum;
}

Result<> ViewObjects::add(const std::vector<Object>& objects, const std::map<std::string, std::string>& notes) {
  std::string bytes, index;
  for (const Object& object : objects) {
    const std::string id(object.id.text());
    index += "o " + id + " " + std::to_string(bytes.size()) + " " + std::to_string(id.size() + object.json.size() + 2) +
             "\n";
    bytes += id + "\t" + object.json + "\n";
  }
  for (const auto& [key, value] : notes) index += "n " + key + "\t" + value + "\n";
  index += "end\n";
  const std::uint32_t number = packs_.empty() ? 1 : packs_.rbegin()->first + 1;
  AECOS_TRY(files_.write(path(number, ".pack"), bytes, may_be_lost));
  AECOS_TRY(files_.write(path(number, ".index"), index, may_be_lost));
  const std::unique_lock lock(mutex_);
  for (const auto& [key, value] : notes) notes_.erase(key);  // What is new stands.
  return load_pack(number, index);
}

Result<> ViewObjects::write_versions(const std::vector<ViewVersion>& versions) {
  text::JsonWriter json(1);
  json.begin_array();
  for (const ViewVersion& each : versions) {
    json.begin_object().member("commit", each.commit).member("object", each.object).member("message", each.message);
    json.member("author", each.author).member("time", each.time_us).member("elements", each.elements);
    json.member("withoutShape", each.without_shape).end_object();
  }
  json.end_array();
  AECOS_TRY(files_.write(os::join(folder_, versions_name), std::move(json).take(), may_be_lost));
  const std::unique_lock lock(mutex_);
  versions_ = versions;
  return {};
}

Result<> ViewObjects::add_version(ViewVersion version) {
  std::vector<ViewVersion> versions = versions_;
  if (!versions.empty() && versions.front().commit == version.commit) versions.erase(versions.begin());
  versions.insert(versions.begin(), std::move(version));
  return write_versions(versions);
}

Result<> ViewObjects::tidy(std::size_t versions_max, std::uint64_t bytes_max) {
  std::vector<ViewVersion> versions = versions_;
  if (versions.size() > versions_max) versions.resize(versions_max);
  if (bytes() > bytes_max && versions.size() > 1) versions.resize((versions.size() + 1) / 2);
  const bool fewer = versions.size() < versions_.size();
  if (!fewer && packs_.size() <= packs_max) return {};
  if (fewer) AECOS_TRY(write_versions(versions));
  if (packs_.size() <= packs_max && bytes() <= bytes_max) return {};
  std::unordered_map<ObjectId, bool, Hash> live;
  for (const ViewVersion& each : versions) {
    const auto id = speckle::to_object_id(each.object);
    if (!id) return broken();
    AECOS_TRY_ASSIGN(const speckle::Reference root, reference(*id));
    live[*id] = true;
    for (const auto& [below, depth] : root.closure) live[below] = true;
  }
  std::map<std::uint32_t, std::uint64_t> live_bytes;
  for (const auto& [id, place] : places_)
    if (live.contains(id)) live_bytes[place.pack] += place.length;
  std::vector<std::uint32_t> packs;  // Those worth writing anew.
  for (const auto& [number, pack] : packs_) {
    const std::uint64_t size = pack.bytes.bytes().size();
    if (size < large_pack || live_bytes[number] * 2 < size) packs.push_back(number);
  }
  return rewrite(packs, live);
}

// One pack of what is still needed of several.
Result<> ViewObjects::rewrite(const std::vector<std::uint32_t>& packs,
                              const std::unordered_map<ObjectId, bool, Hash>& live) {
  std::vector<Object> objects;
  std::map<std::string, std::string> notes;
  const auto is_among = [&](std::uint32_t pack) { return std::find(packs.begin(), packs.end(), pack) != packs.end(); };
  for (const auto& [id, place] : places_) {
    if (!live.contains(id) || !is_among(place.pack)) continue;
    AECOS_TRY_ASSIGN(std::string text, json(id));
    objects.push_back({id, std::move(text)});
  }
  const auto stands = [&](const ObjectId& id) { return live.contains(id); };
  for (const std::uint32_t number : packs) {
    for (const auto& [key, value] : packs_.at(number).notes) {
      const std::vector<ObjectId> ids = ids_in(value);
      if (std::all_of(ids.begin(), ids.end(), stands)) notes[key] = value;
    }
  }
  AECOS_TRY(add(objects, notes));
  const std::unique_lock lock(mutex_);
  for (auto at = places_.begin(); at != places_.end();)
    at = is_among(at->second.pack) ? places_.erase(at) : std::next(at);
  for (const std::uint32_t number : packs) {
    for (const auto& [key, value] : packs_.at(number).notes)
      if (!notes.contains(key)) notes_.erase(key);
    packs_.erase(number);
    static_cast<void>(files_.remove(path(number, ".index")));
    static_cast<void>(files_.remove(path(number, ".pack")));
  }
  return {};
}

}  // namespace aecos::hub
