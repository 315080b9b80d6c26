#pragma once
// What an IDS can ask of a model, looked up once for all specifications: types, property sets, materials,
// classifications, wholes. Read only afterwards, so that many threads may ask.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "check/ids.h"
#include "ifc/model.h"
#include "ifc/units.h"

namespace aecos::check {

// Lists by instance, one after the other in memory.
template <class T>
class Rows {
 public:
  struct Pair {
    ifc::Index key;
    T item;
  };
  Rows() = default;
  Rows(std::size_t size, const std::vector<Pair>& pairs) {
    if (pairs.empty()) return;
    first_.assign(size + 1, 0);
    for (const Pair& pair : pairs) ++first_[pair.key + 1];
    for (std::size_t i = 0; i < size; ++i) first_[i + 1] += first_[i];
    items_.resize(pairs.size());
    std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
    for (const Pair& pair : pairs) items_[next[pair.key]++] = pair.item;
  }
  std::span<const T> of(ifc::Index key) const {
    if (first_.empty()) return {};
    return std::span(items_).subspan(first_[key], first_[key + 1] - first_[key]);
  }
  bool empty() const { return items_.empty(); }

 private:
  std::vector<std::uint32_t> first_;
  std::vector<T> items_;
};

// Each text once, by its number. 0 is no name.
class NamePool {
 public:
  std::uint32_t add(std::string_view token);  // A string token as it stands in the file.
  std::optional<std::uint32_t> find(const std::string& text) const;
  const std::vector<std::string>& texts() const { return texts_; }

 private:
  std::unordered_map<std::string_view, std::uint32_t> by_token_;
  std::unordered_map<std::string, std::uint32_t> by_text_;
  std::vector<std::string> texts_ = {""};
};

// A classification of something: the codes of the reference and of all above it, and their system.
struct Classified {
  std::optional<std::string> system;
  std::vector<std::string> codes;
};

struct Part {
  ifc::Index part;
  std::uint8_t relation;  // PartRelation
};

// A property or a quantity, with what belongs to it in the file.
struct PropertySet {
  ifc::Index instance;
  bool predefined = false;  // Its properties are its own attributes.
  std::int8_t properties = -1;
};

struct Facts {
  // Of what some specification asks for; the rest is left empty.
  Facts(const ifc::Model& model, const Ids& ids);

  const ifc::Model& model;
  std::vector<std::vector<ifc::Index>> by_keyword;  // Instances of each class of the file.
  std::vector<ifc::Index> type_of;                  // By instance; no_instance: it has no type.
  ifc::ProjectUnits units;

  NamePool names;
  std::vector<std::uint32_t> name_of;  // By instance, of property sets and properties.
  Rows<ifc::Index> extended_sets;      // Of materials and profiles.

  Rows<ifc::Index> materials;        // By instance: materials, sets of them, usages.
  Rows<ifc::Index> classifications;  // By instance: references and systems.
  std::unordered_map<ifc::Index, std::vector<std::string>> material_names;  // By material or set: names and categories.
  std::unordered_map<ifc::Index, Classified> classified;

  Rows<Part> parts;  // By whole.

  ifc::Index type(ifc::Index i) const { return type_of.empty() ? ifc::no_instance : type_of[i]; }
  // How the set holds its properties.
  PropertySet property_set(ifc::Index set) const;
  // The position of an attribute in the class of an instance; -1: it has none.
  int position(ifc::Index i, std::string_view attribute) const;
  std::string_view attribute(ifc::Index i, std::string_view name) const;  // "$" where there is none.

 private:
  void add_types();
  void add_names();
  void add_materials();
  void add_classifications();
  void add_parts();
  void add_material_names(ifc::Index material, int depth, std::vector<std::string>& found) const;
  Classified classification_of(ifc::Index reference) const;
  bool is(ifc::Index i, std::string_view keyword) const;
  std::vector<ifc::Index> instances_of(std::string_view keyword) const;  // And of its subtypes.
};

}  // namespace aecos::check
