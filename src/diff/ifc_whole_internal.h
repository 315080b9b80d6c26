#pragma once
// Objects that are in one version only, told as a whole: with their property sets, relations and parts.

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "diff/change.h"
#include "diff/ifc_delta.h"
#include "diff/ifc_value.h"
#include "diff/unique_names_internal.h"

namespace aecos::diff {

struct Whole {
  std::string properties = {};    // Members of a JSON object.
  std::string relations = {};     // Elements of a JSON array.
  std::string parts = {};         // The same: openings, ports.
  UniqueNames set_names = {};     // In `properties`.
  std::string container = {};     // Name of what it stands in or is part of.
  Token type = 0;                 // Of its type object.
  Index host = ifc::no_instance;  // Openings and ports: what they are told with.
  std::string place = {};         // There: "Openings".
  bool told = false;              // Redrawn, or part of another whole.
};

// One of the two versions, and what is in it alone.
struct Version {
  const Model& model;
  std::unordered_map<Index, Whole> alone = {};

  explicit Version(const Model& version) : model(version) {}
  Whole* find(Index i) {
    const auto found = alone.find(i);
    return found == alone.end() ? nullptr : &found->second;
  }

  // "Parent", ChangeKind::container; worked out once per class.
  struct Meaning {
    ChangeKind kind;
    std::string place;
  };
  const Meaning& meaning(Index relation);

  // What a relation with members relates them to; worked out once per relation.
  const std::string& relating_json(Index relation);
  // All that a relation says but its GlobalId, name, description and what `left_out` refers to; -1: nothing.
  std::string relation_json(Index relation, int left_out) const;

  // {"globalId","class","name", attributes, "properties":{…}, "relations":[…], "parts":[…]}
  std::string whole_json(Index i, const Whole& whole);
  void add_set(Whole& whole, Index set);

 private:
  std::unordered_map<std::uint32_t, Meaning> meanings_ = {};
  std::unordered_map<Index, std::string> relating_ = {};
  std::unordered_map<Index, std::string> sets_ = {};
};

// Openings, projections, ports: told with what they are made in or belong to.
bool belongs_to_host(const Model& model, Index i);

// The objects at the ends of a relation, each once, in the order of its attributes.
std::vector<Index> ends_of(const Model& model, Index relation);

// Appends to the members of an array or object.
void append_json(std::string& list, std::string_view json);
void append_json(std::string& members, std::string_view name, std::string_view json);

}  // namespace aecos::diff
