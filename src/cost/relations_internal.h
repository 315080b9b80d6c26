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
  Index whole_of(Index element) const { return found(whole_, element); }  // That it is aggregated to.
  // That it stands in, or its whole does; no_instance: none.
  Index storey_of(Index element) const;
  // Its own, and those of the elements that it is a part of.
  std::vector<Index> openings_of(Index element) const;
  // Whether something is added to it, or to an element that it is a part of (IfcRelProjectsElement).
  bool has_projections(Index element) const;
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
  // It and the elements that it is a part of, the nearest first.
  std::vector<Index> with_wholes(Index element) const;
  void add_material_names(Index material, int depth, std::vector<std::string>& names) const;
  Index layer_set(Index material) const;

  const Source& source_;
  One type_, whole_, host_, container_;  // Host: that it is nested in.
  Many openings_, projections_, materials_, classifications_;
};

}  // namespace aecos::cost
