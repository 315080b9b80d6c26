#pragma once
// A file of a split model (or the model itself) as far as splitting and joining have to know it.

#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "element/layout_internal.h"

namespace aecos::element {

// Works out what is to be known of a class once for many files. Of one thread.
class ClassCache {
 public:
  const ifc::ClassTraits& traits(const schema::Schema* schema, const std::string& keyword);

 private:
  std::unordered_map<const schema::Schema*, std::unordered_map<std::string, ifc::ClassTraits>> known_;
};

// Names that more than one thing of a model has: those do not tell which is which.
struct Ambiguous {
  std::unordered_set<std::uint64_t> global_ids;  // hash_bytes of the quoted text.
  std::unordered_set<std::uint64_t> names;       // name_token().
};

// `model` with classes, `hung` and `placed` filled, without attachments, tokens and values.
struct Part {
  Model model;
  // By instance: what it says, whatever the ids, order and spelling; 0 until hash_content().
  std::vector<std::uint64_t> content;

  const ifc::ClassTraits& traits(Index i) const { return model.traits(i); }
  bool is_object(Index i) const { return traits(i).entity != nullptr && traits(i).role == ifc::Role::object; }
  bool is_relation(Index i) const { return traits(i).entity != nullptr && traits(i).role == ifc::Role::relation; }
  // A relation that is known by its GlobalId as a whole.
  bool is_whole_relation(Index i) const {
    return is_relation(i) && (traits(i).members < 0 || traits(i).ordered_members);
  }
  bool is_reference(Index i) const {
    return (is_object(i) || is_relation(i)) && model.attribute(i, at_description) == quoted_reference_mark;
  }
};

// The text must outlive the part. Errors as step::read.
Result<Part> read_part(std::string_view text, ClassCache& cache);
// The same of a model that is read.
void complete(Part& part);

// Who a thing is that is known by GlobalId (objects, relations as a whole) or by class and name (resources); 0: it is
// known by content only.
std::uint64_t identity(const Part& part, Index i, const Ambiguous& ambiguous);
// Class and name of a resource; 0 where it has none.
std::uint64_t name_token(const Part& part, Index i);
Ambiguous find_ambiguous(const Part& part);

// Annotations on a thing count to what it says; layers do not.
void hash_content(Part& part, const Ambiguous& ambiguous);

// Over everything in an element's file that is not the element's own: tells whether any of it was edited there.
std::uint64_t borrowed_print(const Part& part, const std::vector<Index>& borrowed);

// A relation or layer of which each member counts by itself; -1: none such. The attribute with the members.
int member_attribute(const Part& part, Index i);

// The header as it is written between "HEADER;" and "ENDSEC;".
std::string_view header_text(const Part& part);

// Definitions that are kept although nothing uses them, and of which one for all is enough.
bool is_definition(const Part& part, Index i);

}  // namespace aecos::element
