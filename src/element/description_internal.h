#pragma once

#include <unordered_map>
#include <vector>

#include "element/folder.h"
#include "element/layout_internal.h"

namespace aecos::element {

// Describes elements of one model, each in time that does not depend on the model's size.
class Describer {
 public:
  explicit Describer(const Model& model);
  Description of(Index element) const;

 private:
  std::string place_of(Index element) const;
  void add_set(Index set, Description& description) const;
  std::string unit_of(Index quantity) const;

  const Model& model_;
  std::unordered_map<Index, Index> above_;              // What an object lies in or is a part of.
  std::unordered_map<std::string, std::string> units_;  // By kind: "LENGTHUNIT" -> "mm".
};

// The instances that may be what the file is of.
std::vector<Index> own_elements(const Model& model);

}  // namespace aecos::element
