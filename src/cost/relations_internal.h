#pragma once
// What a model says of an element elsewhere than in the element: type, storey, whole, materials, classification.

#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "cost/source_internal.h"

namespace aecos::cost {

class Relations {
 public:
  explicit Relations(const Source& source);

  Index type_of(Index element) const { return found(type_, element); }
  Index whole_of(Index element) const { return found(whole_, element); }
  // That it stands in, or its whole does; no_instance: none.
  Index storey_of(Index element) const;
  std::span<const Index> openings_of(Index element) const { return list(openings_, element); }
  // Names: of its own materials, else of its type's.
  std::vector<std::string> materials_of(Index element, Index type) const;
  // Codes, with those above them; its own and its type's.
  std::vector<std::string> classifications_of(Index element, Index type) const;
  // Of its layers, in metres; 0: it has none.
  double thickness_of(Index element, Index type) const;

 private:
  using One = std::unordered_map<Index, Index>;
  using Many = std::unordered_map<Index, std::vector<Index>>;
  static Index found(const One& map, Index i) {
    const auto it = map.find(i);
    return it == map.end() ? no_instance : it->second;
  }
  static std::span<const Index> list(const Many& map, Index i) {
    const auto it = map.find(i);
    return it == map.end() ? std::span<const Index>() : std::span<const Index>(it->second);
  }
  void add_material_names(Index material, int depth, std::vector<std::string>& names) const;
  Index layer_set(Index material) const;

  const Source& source_;
  One type_, whole_, container_;
  Many openings_, materials_, classifications_;
};

}  // namespace aecos::cost
