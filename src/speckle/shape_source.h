#pragma once
// What the shape of an element follows from: told apart by a key, and as a small file for the kernel.

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "ifc/model.h"

namespace aecos::speckle {

// An element that has a body to be drawn.
struct Drawable {
  ifc::Index instance;
  std::uint64_t key;  // Of representation, placement, openings, materials, styles and units: equal keys, equal shapes.
};

// The model must live longer.
class ShapeSource {
 public:
  explicit ShapeSource(const ifc::Model& model);

  // In the order of the file.
  std::vector<Drawable> drawables();
  // A file with these elements and all that their shapes follow from, under the ids they have in the model.
  std::string file_of(std::span<const ifc::Index> elements) const;

 private:
  using Index = ifc::Index;
  std::uint64_t key_of(Index element);
  std::uint64_t shape_of(Index product);
  std::uint64_t value_of(Index instance, std::size_t depth);
  bool leads_on(Index instance) const;
  void include(Index from, std::vector<bool>& included) const;
  void include_product(Index product, std::vector<bool>& included) const;
  void write(Index instance, const std::vector<bool>& included, std::string& file) const;

  const ifc::Model& model_;
  Index project_ = ifc::no_instance;
  std::vector<std::uint64_t> values_;                        // By instance; 0: not worked out yet.
  std::unordered_map<Index, std::vector<Index>> openings_;   // Relations, by the element that has them.
  std::unordered_map<Index, std::vector<Index>> materials_;  // Relations, by the element.
  std::unordered_map<Index, Index> whole_;                   // By part: the relation that makes it one.
};

// In element folders (docs/FORMATS.md): what is in another file, and only named here.
bool is_reference(const ifc::Model& model, ifc::Index instance);

// Whether it is drawn at all: an element that is more than a hole or a thought, or a site.
bool is_drawn(const ifc::Model& model, ifc::Index instance);

}  // namespace aecos::speckle
