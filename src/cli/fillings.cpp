#include "cli/fillings.h"

#include <algorithm>

#include "element/folder.h"
#include "ifc/model.h"

namespace aecos::cli {
namespace {

constexpr std::size_t from_at = 4, to_at = 5;  // Of IfcRelVoidsElement and IfcRelFillsElement.

// The GlobalIds at the far end of relations of this class from that object.
std::vector<std::string> led_to(const std::string& bytes, std::string_view relation, const std::string& from) {
  std::vector<std::string> found;
  const auto model = ifc::read_model(bytes);
  if (!model) return found;
  for (ifc::Index i = 0; i < model->size(); ++i) {
    if (model->file.keyword(i) != relation) continue;
    const ifc::Index one = model->reference(model->attribute(i, from_at));
    const ifc::Index other = model->reference(model->attribute(i, to_at));
    if (one == ifc::no_instance || other == ifc::no_instance || model->global_id(one) != from) continue;
    found.push_back(model->global_id(other));
  }
  return found;
}

std::string ifc_of(ElementStore& store, const ElementEntry& entry) {
  auto read = store.read(element_path(entry.slug, element::ifc_file));
  return read && *read ? **std::move(read) : std::string();
}

bool fills(const std::string& bytes, const std::string& opening, const std::string& global_id) {
  if (bytes.find("'" + opening + "'") == std::string::npos) return false;  // Cheaper than reading it.
  const std::vector<std::string> filling = led_to(bytes, "IFCRELFILLSELEMENT", opening);
  return std::find(filling.begin(), filling.end(), global_id) != filling.end();
}

}  // namespace

std::vector<ElementEntry> fillings_of(ElementStore& store, const std::vector<ElementEntry>& entries,
                                      const ElementEntry& host) {
  std::vector<ElementEntry> found;
  const std::vector<std::string> openings = led_to(ifc_of(store, host), "IFCRELVOIDSELEMENT", host.global_id);
  if (openings.empty()) return found;
  for (const ElementEntry& entry : entries) {
    if (entry.slug == host.slug) continue;
    const std::string bytes = ifc_of(store, entry);
    if (std::any_of(openings.begin(), openings.end(),
                    [&](const std::string& opening) { return fills(bytes, opening, entry.global_id); }))
      found.push_back(entry);
  }
  return found;
}

}  // namespace aecos::cli
