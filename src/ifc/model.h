#pragma once
// An IFC file as a model: roles of its instances, what hangs on what, and for each instance a hash of what it says.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "ifc/traits.h"
#include "step/file.h"

namespace aecos::ifc {

using step::Index;
using step::no_instance;

// Stands for one thing with an identity, the same in every version of a model: an element by its GlobalId, a material
// by its name. 0: no identity.
using Token = std::uint64_t;

struct Model {
  step::File file;
  const schema::Schema* schema = nullptr;  // Absent: the schema is not known, everything merges by structure.
  std::vector<ClassTraits> classes;        // By File::Instance::keyword.

  // Per instance, filled by identify():
  std::vector<Token> token;  // Of rooted instances but property sets, and of resources; 0 for all others.
  std::unordered_map<Token, Index> by_token;
  std::unordered_map<Index, Token> placed;  // Placement -> the product that stands on it.

  // Per instance, filled by compute_values(): equal numbers, equal content, whatever the ids, order and spelling.
  // GlobalIds of property sets and relations, and owner histories, are no content.
  std::vector<std::uint64_t> value;

  // Annotations and layers that hang on an instance.
  std::span<const Index> hung_on(Index i) const;
  std::unordered_map<Index, std::vector<Index>> hung;
  // How many references from other instances lead here, but for those of annotations and layers to what they hang on,
  // of placements to the placements of other products, and to owner histories.
  std::vector<std::uint32_t> uses;

  Index size() const { return file.size(); }
  const ClassTraits& traits(Index i) const { return classes[file.instances[i].keyword]; }
  // The attributes as they stand in the file.
  std::vector<std::string_view> attributes(Index i) const;
  // The instance that an attribute refers to; no_instance if it is no reference or leads nowhere.
  Index reference(std::string_view attribute) const;
  // All instances that are referred to in a text, in its order; what leads nowhere is left out.
  std::vector<Index> references(std::string_view text) const;
  // Decoded; empty if it is no string.
  std::string text_attribute(Index i, std::size_t attribute) const;
  std::string name(Index i) const { return text_attribute(i, 2); }
  std::string global_id(Index i) const { return text_attribute(i, 0); }
};

// Reads the text; it must outlive the model. Errors as step::read, and for malformed arguments.
Result<Model> read_model(std::string_view text);

// Gives every model its tokens, in step with the others: base first, then versions of it.
void identify(std::span<Model* const> models);

// Fills `value`. With `base` (already computed), instances with the same id and bytes are not read again.
Result<> compute_values(Model& model, const Model* base);

// The hash of each attribute, as compute_values() folds them into one; ignored ones are 0.
std::vector<std::uint64_t> attribute_values(const Model& model, Index i);
// The hash of one attribute's text, which belongs to instance `owner`.
std::uint64_t attribute_value(const Model& model, Index owner, std::size_t attribute, std::string_view text);
// What a reference to i stands for in the hash of the instance `from`: its token, or else its value.
std::uint64_t reference_value(const Model& model, Index from, Index i);

}  // namespace aecos::ifc
