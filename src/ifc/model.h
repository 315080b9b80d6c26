#pragma once
// An IFC file as a model: roles of its instances, what hangs on what, and for each instance a hash of what it says.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ifc/shared_number.h"
#include "ifc/token_table.h"
#include "ifc/traits.h"
#include "step/file.h"

namespace aecos::ifc {

using step::Index;
using step::no_instance;

// A property set where it hangs: on an element through a relation, on a type directly.
struct Attachment {
  Index object;
  Index property_set;
  Index relation;     // no_instance: in the HasPropertySets of a type.
  std::uint64_t key;  // Class and name of the set.
};

// One member of one relation with members: "W-12 is contained in Level 1".
struct Link {
  std::uint64_t
      key;       // Class, relating end and other attributes of the relation: what the member is related to, and how.
  Token member;  // Its token, or its value where it has none.
  Index relation;
  Index instance;  // The member.
  Index relating;  // What it is related to; no_instance where that leads nowhere.
};

struct Model {
  step::File file;
  const schema::Schema* schema = nullptr;  // Absent: the schema is not known, everything merges by structure.
  std::vector<ClassTraits> classes;        // By File::Instance::keyword.
  std::vector<Attachment> attachments;     // Sorted by object.

  // Per instance, filled by identify():
  std::vector<Token> token;  // Of rooted instances but property sets, and of resources; 0 for all others.
  TokenTable by_token;
  std::vector<Index> placed;  // Of placements: the product that stands on it, or no_instance.

  // Per instance, filled by compute_values(): equal numbers, equal content, whatever the ids, order and spelling.
  // GlobalIds of property sets and relations, and owner histories, are no content.
  std::vector<SharedNumber> value;
  // Of all relations with members but property sets and ordered ones, in the order of the file. Also by
  // compute_values().
  std::vector<Link> links;

  // Property sets of an object.
  std::span<const Attachment> attachments_of(Index object) const {
    const Index begin = attached_first[object];
    return std::span(attachments).subspan(begin, attached_first[object + 1] - begin);
  }
  std::vector<Index> attached_first;  // By instance, where its own begin in attachments.

  // Annotations and layers that hang on an instance.
  std::span<const Index> hung_on(Index i) const {
    if (hung_first.empty()) return {};
    return std::span(hung_list).subspan(hung_first[i], hung_first[i + 1] - hung_first[i]);
  }
  std::vector<Index>
      hung_first;  // By instance, where its annotations begin in hung_list; empty if there are none at all.
  std::vector<Index> hung_list;
  // How many references from other instances lead here, but for those of annotations and layers to what they hang on,
  // of placements to the placements of other products, and to owner histories.
  std::vector<std::uint32_t> uses;

  Index size() const { return file.size(); }
  bool is_placed(Index i) const { return i < placed.size() && placed[i] != no_instance; }
  // The token of the product that stands on a placement; 0 if there is none.
  Token product_on(Index i) const { return placed[i] == no_instance ? 0 : token[placed[i]]; }
  const ClassTraits& traits(Index i) const { return classes[file.instances[i].keyword]; }
  // The attributes as they stand in the file.
  std::vector<std::string_view> attributes(Index i) const;
  // One of them, without white space around it; empty if there are fewer.
  std::string_view attribute(Index i, std::size_t at) const;
  // What one of them refers to, in its order; no_instance for what leads nowhere. Costs no memory.
  std::span<const Index> refs_in(Index i, std::size_t at) const;
  // The instance that an attribute refers to; no_instance if it is no reference or leads nowhere.
  Index reference(std::string_view attribute) const;
  // All instances that are referred to in a text, in its order; what leads nowhere is left out.
  std::vector<Index> references(std::string_view text) const;
  // Decoded; empty if it is no string.
  std::string text_attribute(Index i, std::size_t attribute) const;
  std::string name(Index i) const { return text_attribute(i, 2); }
  std::string global_id(Index i) const { return text_attribute(i, 0); }
};

// What the members of a relation are related to; no_instance if it has no members or that leads nowhere.
Index relating_of(const Model& model, Index relation);
// One of the attributes of an instance; "$" where it has fewer than its class: broken files do.
inline std::string_view attribute_at(std::span<const std::string_view> attributes, std::int8_t at) {
  return at >= 0 && static_cast<std::size_t>(at) < attributes.size() ? attributes[static_cast<std::size_t>(at)] : "$";
}

// Reads the text; it must outlive the model. Errors as step::read, and for malformed arguments.
// With `base`, what stands there in the same bytes is not scanned again.
Result<Model> read_model(std::string_view text, const step::File* base = nullptr);

// Gives every model its tokens, in step with the others: base first, then versions of it.
void identify(std::span<Model* const> models);

// Whether an object or a relation has it, quotes and all; property sets are not looked at.
bool has_global_id(const Model& model, std::string_view quoted);

// Fills `value` and `links`. With `base` (already computed, and what read_model() was given), what is the same there is
// taken over.
Result<> compute_values(Model& model, const Model* base);

// The hash of each attribute, as compute_values() folds them into one; ignored ones are 0.
std::vector<std::uint64_t> attribute_values(const Model& model, Index i);
// The hash of one attribute's text, which belongs to instance `owner`.
std::uint64_t attribute_value(const Model& model, Index owner, std::size_t attribute, std::string_view text);
// The key of a relation with members: everything it says but its members, GlobalId, name and description.
std::uint64_t relation_key(const Model& model, Index relation);
// What a reference to i stands for in the hash of the instance `from`: its token, or else its value.
std::uint64_t reference_value(const Model& model, Index from, Index i);

}  // namespace aecos::ifc
