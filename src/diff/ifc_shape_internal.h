#pragma once
// Shapes as people tell them apart: what is drawn, and how it looks.

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "ifc/model.h"

namespace aecos::diff {

// Content of instances without what only changes their looks: styled items, layers, colour maps. Computed where asked
// for; each instance once. The model must outlive it.
class ShapeValues {
 public:
  explicit ShapeValues(const ifc::Model& model) : model_(model) {}
  std::uint64_t attribute(ifc::Index owner, std::size_t position);

 private:
  std::uint64_t of(ifc::Index root);
  bool push_missing(ifc::Index i);
  std::uint64_t own(ifc::Index i) const;
  std::uint64_t text(ifc::Index owner, std::size_t position, std::string_view text) const;
  std::uint64_t sequence(std::string_view text) const;
  std::uint64_t known(ifc::Index i) const;

  const ifc::Model& model_;
  std::unordered_map<ifc::Index, std::uint64_t> values_;
  std::unordered_map<ifc::Index, bool> entered_;
  std::vector<ifc::Index> stack_;
};

// {"representations":[{"identifier":"Body","type":"SweptSolid","items":2}],"content":"…"}: not the geometry itself but
// what a person says of it, and a number that differs where it differs.
std::string shape_json(const ifc::Model& model, ifc::Index owner, std::size_t position);

// {"styles":["Brick","#ff0000"],"layers":["A-WALL"],"content":"…"} of everything below an attribute; `visits` is how
// many instances may still be looked at, and is counted down.
std::string looks_json(const ifc::Model& model, ifc::Index owner, std::size_t position, std::size_t& visits);

}  // namespace aecos::diff
