#include <map>

#include "event/event.h"

namespace aecos::event {

std::vector<ElementChange> by_element(const std::vector<diff::FileChanges>& files) {
  std::vector<ElementChange> elements;
  std::map<std::pair<std::string, std::string>, std::size_t> places;
  diff::Repeats repeats;
  for (const diff::FileChanges& file : files) {
    if (file.changes.empty()) elements.push_back({{}, file.path, {}});
    for (const diff::Change& change : file.changes) {
      if (!repeats.is_new(change)) continue;
      const auto key = std::make_pair(file.path, change.element.global_id);
      const auto [found, is_new] = places.emplace(key, elements.size());
      if (is_new) elements.push_back({change.element, file.path, {}});
      elements[found->second].changes.push_back(change);
      if (elements[found->second].storey.empty()) elements[found->second].storey = change.storey;
    }
  }
  return elements;
}

}  // namespace aecos::event
