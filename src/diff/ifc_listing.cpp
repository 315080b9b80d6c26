#include "diff/ifc_listing.h"

#include <algorithm>
#include <tuple>
#include <vector>

#include "diff/ifc.h"
#include "text/json.h"

namespace aecos::diff {
namespace {

// Depth is bounded: deeper values stay on one line.
constexpr int depth_max = 4;

bool is_plain(text::JsonNode node) {
  return std::none_of(node.begin(), node.end(), [](text::JsonNode member) { return member.is_container(); });
}

// "  Pset_WallCommon.FireRating: \"REI 60\"", one line for each member that is no object with members of its own.
void append_lines(std::string& out, const std::string& place, text::JsonNode node, int depth) {
  const bool splits =
      depth < depth_max && node.size() > 0 && (node.is_object() || (node.is_array() && !is_plain(node)));
  if (!splits) {
    out += "  " + place + ": ";
    out += node.raw();
    out += '\n';
    return;
  }
  for (const text::JsonNode member : node) {
    std::string below = place;
    if (node.is_object()) below += (place.empty() ? "" : ".") + std::string(member.key());
    append_lines(out, below, member, depth + 1);
  }
}

std::string block(const Change& change) {
  const ElementRef& element = change.element;
  std::string out = element.ifc_class.empty() ? std::string("File") : element.ifc_class;
  if (!element.name.empty()) out += " " + element.name;
  if (!element.global_id.empty()) out += " " + element.global_id;
  if (!change.at.empty()) out += " " + change.at;
  out += '\n';
  const auto document = change.after ? text::parse_json(*change.after) : Result<text::JsonDocument>(Error{});
  if (!document) return out;
  if (!document->root().is_object()) {
    append_lines(out, "value", document->root(), 0);
    return out;
  }
  for (const text::JsonNode member : document->root())
    if (member.key() != "globalId" && member.key() != "class" && member.key() != "name")
      append_lines(out, std::string(member.key()), member, 1);
  return out;
}

}  // namespace

Result<std::string> list_ifc(std::string_view file) {
  AECOS_TRY_ASSIGN(std::vector<Change> all, diff_ifc("", file));
  std::stable_sort(all.begin(), all.end(), [](const Change& a, const Change& b) {
    const auto key = [](const Change& change) {
      return std::tie(change.element.ifc_class, change.element.name, change.element.global_id, change.at);
    };
    return key(a) < key(b);
  });
  std::string out;
  for (const Change& change : all) out += block(change);
  return out;
}

}  // namespace aecos::diff
