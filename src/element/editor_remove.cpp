// Removing an element with everything that only it owned.

#include <algorithm>
#include <array>

#include "element/editor.h"

namespace aecos::element {
namespace {

// Definitions that editors keep when the last who used them is gone.
bool is_kept(std::string_view keyword) {
  constexpr std::array<std::string_view, 8> prefixes{
      "IFCMATERIAL",     "IFCCLASSIFICATION", "IFCDOCUMENT",    "IFCLIBRARY",
      "IFCORGANIZATION", "IFCPERSON",         "IFCAPPLICATION", "IFCUNIT"};
  return std::any_of(prefixes.begin(), prefixes.end(), [&](auto prefix) { return keyword.starts_with(prefix); });
}

}  // namespace

// Parts go with the whole, openings with what they are in.
void Editor::queue_dependents(Row relation, Row gone, std::vector<Row>& going) const {
  constexpr std::array<std::string_view, 4> owning{"IFCRELAGGREGATES", "IFCRELNESTS", "IFCRELVOIDSELEMENT",
                                                   "IFCRELPROJECTSELEMENT"};
  const std::string& keyword = sheet_.keyword(relation);
  if (std::find(owning.begin(), owning.end(), keyword) == owning.end()) return;
  if (sheet_.target(sheet_.attribute(relation, 4)) != gone) return;
  for (const Row part : sheet_.targets(sheet_.attribute(relation, 5))) going.push_back(part);
}

void Editor::drop_from(Row user, std::size_t position, Row gone, bool needed, std::vector<Row>& going) {
  const std::string text = sheet_.attribute(user, position);
  std::vector<Row> others = sheet_.targets(text);
  if (std::find(others.begin(), others.end(), gone) == others.end()) return;
  others.erase(std::remove(others.begin(), others.end(), gone), others.end());
  const bool list = text.starts_with('(');
  if (list && !others.empty()) {
    sheet_.set_attribute(user, position, reference_list(sheet_, others));
  } else if (needed) {
    queue_dependents(user, gone, going);
    going.push_back(user);
  } else {
    sheet_.set_attribute(user, position, "$");
  }
}

void Editor::let_go(Row user, Row gone, std::vector<Row>& going) {
  const ifc::ClassTraits& traits = sheet_.traits(user);
  const std::size_t count = sheet_.attributes(user).size();
  const bool needed = traits.role == ifc::Role::relation || traits.role == ifc::Role::annotation || traits.layer;
  for (std::size_t i = 0; i < count; ++i) drop_from(user, i, gone, needed, going);
}

bool Editor::is_unused(Row row) const {
  const ifc::Role role = sheet_.traits(row).role;
  if (role != ifc::Role::value && role != ifc::Role::property_set) return false;
  if (is_kept(sheet_.keyword(row))) return false;
  for (const Row user : sheet_.users(row)) {
    const ifc::ClassTraits& traits = sheet_.traits(user);
    if (traits.hook < 0) return false;
    const std::vector<Row> hung = sheet_.targets(sheet_.attribute(user, static_cast<std::size_t>(traits.hook)));
    if (std::find(hung.begin(), hung.end(), row) == hung.end()) return false;
  }
  return true;
}

Result<> Editor::remove(const std::string& element) {
  AECOS_TRY_ASSIGN(const Row row, find(element));
  std::vector<Row> going{row};
  while (!going.empty()) {
    const Row gone = going.back();
    going.pop_back();
    if (sheet_.is_removed(gone)) continue;
    const std::vector<std::string> attributes = sheet_.attributes(gone);
    for (const Row user : sheet_.users(gone)) let_go(user, gone, going);
    sheet_.remove(gone);
    for (const std::string& attribute : attributes)
      for (const Row used : sheet_.targets(attribute))
        if (is_unused(used)) going.push_back(used);
  }
  return {};
}

}  // namespace aecos::element
