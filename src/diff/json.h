#pragma once
// What changed between two JSON documents, and how the elements of their arrays are told apart.
//
// Places are pointers (RFC 6901). An element of an array that has an identity is named by it and not by its position:
// "/layers/[name=Walls]/thickness", "/tags/[=external]" (with '~' and '/' escaped as anywhere in a pointer); others by
// their position in the later version, "/points/3".

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "diff/change.h"
#include "diff/sequence.h"
#include "text/json.h"

namespace aecos::diff {

// What the kind of file says about its arrays.
struct JsonRules {
  bool path_is_key = false;  // IFC5 (.ifcx): objects are told apart by their "path" first.
  bool geometry = false;     // GeoJSON: arrays of numbers are vectors, never sets.
};
JsonRules json_rules(std::string_view path);

// What tells the elements of some versions of one array apart.
struct ListIdentity {
  enum class Kind { position, member, value } kind = Kind::position;
  std::string_view member;  // Of kind member: "id", "guid", "GlobalId", "globalId", "uuid", "name", "key" or "path".
};

// Objects that all carry one of these members with a unique text or number: by it; scalars that are all different: by
// value; everything else by position. Missing and empty arrays fit anything, but not all of them may be.
ListIdentity list_identity(std::span<const text::JsonNode> versions, const JsonRules& rules);

// The identity of one element, unique in its array: "[name=Walls]", "[=external]". Not for kind position.
std::string identity_step(text::JsonNode element, const ListIdentity& identity);

// The text or number that tells an element apart: its member or itself. Not for kind position.
text::JsonNode identity_of(text::JsonNode element, const ListIdentity& identity);

// The order of an array's elements as JSON: "[\"Walls\",\"Doors\"]". Not for kind position.
std::string list_order(text::JsonNode array, const ListIdentity& identity);

// Equal values have equal symbols; the documents must outlive it.
class JsonSymbols {
 public:
  Symbol of(text::JsonNode node);
  std::vector<Symbol> of_children(text::JsonNode array);

 private:
  struct Known {
    text::JsonNode node;
    Symbol next;  // With the same hash.
  };
  std::unordered_map<std::uint64_t, Symbol> by_hash_;
  std::vector<Known> known_;
};

// Which elements of two arrays are the same element, perhaps changed: pairs of positions, ascending in the second.
// By identity; by position those of equal value in order, and between them those that face each other when as many
// were removed as were added.
std::vector<Pair> pair_elements(text::JsonNode before, text::JsonNode after, const JsonRules& rules);

// The element that a document is about, where it says so as an element's metadata.json does; else empty.
ElementRef element_of(text::JsonNode root);

// Adds the changes from one value to another, either of which may be missing, in the order of the later document.
// What is new or gone as a whole is one change.
void json_changes(text::JsonNode before, text::JsonNode after, const std::string& at, const JsonRules& rules,
                  std::vector<Change>& changes);

// The node at a place of the form above.
text::JsonNode find_place(const text::JsonDocument& document, std::string_view at);

// Changes of kind text, of the element that the document is about; nothing for what is only written differently. An
// empty version is one that is not there.
Result<std::vector<Change>> diff_json(std::string_view before, std::string_view after, std::string_view path);

}  // namespace aecos::diff
