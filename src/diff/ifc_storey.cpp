// Where the elements are that changed.

#include <unordered_map>

#include "diff/ifc_storey_internal.h"

namespace aecos::diff {

void name_storeys(const ifc::Model& model, std::vector<Change>& changes) {
  std::unordered_map<std::string, std::string> storeys;  // By GlobalId.
  for (const Change& change : changes) {
    if (!change.element.global_id.empty()) storeys.emplace(change.element.global_id, "");
  }
  if (storeys.empty()) return;
  for (const ifc::Link& link : model.links) {
    if (link.relating == ifc::no_instance) continue;
    if (model.file.keyword(link.relation) != "IFCRELCONTAINEDINSPATIALSTRUCTURE") continue;
    const auto found = storeys.find(model.global_id(link.instance));
    if (found != storeys.end()) found->second = model.name(link.relating);
  }
  for (Change& change : changes) {
    const auto found = storeys.find(change.element.global_id);
    if (found != storeys.end() && !found->second.empty()) change.storey = found->second;
  }
}

}  // namespace aecos::diff
