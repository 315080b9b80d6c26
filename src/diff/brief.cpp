#include "diff/brief.h"

#include <algorithm>
#include <array>
#include <map>

#include "ifc/reference_mark.h"
#include "schema/schema.h"
#include "text/json.h"

namespace aecos::diff {
namespace {

constexpr std::string_view elements_folder = "elements/", element_file = "element.ifc", metadata_file = "metadata.json";

bool is_a(std::string_view ifc_class, std::string_view wanted) {
  constexpr std::array versions{schema::Version::ifc4x3, schema::Version::ifc4, schema::Version::ifc2x3};
  return std::any_of(versions.begin(), versions.end(), [&](schema::Version version) {
    const schema::Schema& schema = schema::get(version);
    const schema::Entity* const one = schema.entity(ifc_class);
    const schema::Entity* const other = schema.entity(wanted);
    return one != nullptr && other != nullptr && one->is_a(*other);
  });
}

bool is_spatial(std::string_view ifc_class) {
  return is_a(ifc_class, "IfcSpatialElement") || is_a(ifc_class, "IfcSpatialStructureElement");
}

// Only named in the file: what it is stands in another one.
bool is_reference(const Change& change) {
  const Value& content = change.after ? change.after : change.before;
  if (!content || content->find(ifc::reference_mark) == std::string::npos) return false;
  const auto document = text::parse_json(*content);
  return document && document->root()["description"].as_string() == ifc::reference_mark;
}

// The order in which it is told; what is not told at all has none.
enum class Rank { built, feature, place, other, none };

Rank rank_of(const Change& change, bool only_built) {
  const std::string& ifc_class = change.element.ifc_class;
  if (change.kind != ChangeKind::added && change.kind != ChangeKind::removed)
    return change.kind == ChangeKind::resource ? Rank::none : Rank::other;
  if (is_a(ifc_class, "IfcProject") || is_reference(change)) return Rank::none;
  if (is_a(ifc_class, "IfcFeatureElement") || is_a(ifc_class, "IfcPort")) return Rank::feature;
  if (!is_a(ifc_class, "IfcProduct")) return only_built ? Rank::none : Rank::other;
  return is_spatial(ifc_class) ? Rank::place : Rank::built;
}

void order(FileChanges& file) {
  const bool only_built = is_in_element_folder(file.path);
  std::vector<std::pair<Rank, std::size_t>> places;
  for (std::size_t k = 0; k < file.changes.size(); ++k) {
    const Rank rank = rank_of(file.changes[k], only_built);
    if (rank != Rank::none) places.emplace_back(rank, k);
  }
  if (places.empty()) return;
  std::sort(places.begin(), places.end());
  std::vector<Change> changes;
  for (const auto& [rank, k] : places) changes.push_back(std::move(file.changes[k]));
  file.changes = std::move(changes);
}

std::string_view folder_of(std::string_view path) { return path.substr(0, path.rfind('/') + 1); }
std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// Of the files of an element's folder, the one that tells most.
std::size_t worth(const FileChanges& file) {
  const std::string_view name = name_of(file.path);
  const std::size_t kind = name == element_file ? 2 : name == metadata_file ? 1 : 0;
  return kind + (file.changes.empty() ? 0 : 3);
}

}  // namespace

bool is_in_element_folder(std::string_view path) {
  return path.starts_with(elements_folder) && std::count(path.begin(), path.end(), '/') == 2;
}

std::vector<FileChanges> brief(std::vector<FileChanges> files) {
  // A folder whose element stayed is told file by file.
  std::map<std::string, std::size_t, std::less<>> tellers;
  for (std::size_t k = 0; k < files.size(); ++k) {
    if (!files[k].whole || !is_in_element_folder(files[k].path)) continue;
    const auto [found, is_new] = tellers.emplace(folder_of(files[k].path), k);
    if (!is_new && worth(files[k]) > worth(files[found->second])) found->second = k;
  }
  std::vector<bool> told(files.size(), true);
  for (std::size_t k = 0; k < files.size(); ++k) {
    const auto teller = tellers.find(folder_of(files[k].path));
    if (!files[k].whole || teller == tellers.end() || teller->second == k) continue;
    const std::string_view name = name_of(files[teller->second].path);
    told[k] = name != element_file && name != metadata_file;
  }
  std::vector<FileChanges> some;
  for (std::size_t k = 0; k < files.size(); ++k) {
    if (!told[k]) continue;
    if (files[k].whole) order(files[k]);
    some.push_back(std::move(files[k]));
  }
  return some;
}

}  // namespace aecos::diff
