#pragma once
// What a version of an IFC model says otherwise than its base: complete (nothing said is left out but bookkeeping), and
// free of everything that is only a matter of ids, order, spelling, grouping or GlobalIds of relations and property
// sets.

#include <cstdint>
#include <vector>

#include "ifc/model.h"

namespace aecos::diff {

using ifc::Index;
using ifc::Model;
using ifc::Token;

// An object, a resource or a relation one to one that is in both, with other attributes.
struct ObjectChange {
  Index base;
  Index side;
  bool reclassified = false;  // Another class; attributes are compared by position up to the shorter one.
  std::vector<std::uint16_t> attributes = {};  // Positions of those that differ.
  bool annotations = false;                    // What hangs on it differs (a material's properties ...).
};

// One property set of one object. base or side is no_instance where it is not there.
struct PropertySetChange {
  Token object;
  std::uint64_t key;  // Class and name of the set.
  Index base = ifc::no_instance;
  Index side = ifc::no_instance;
};

// One member of one relation with members: "W-12 is contained in Level 1".
struct LinkChange {
  bool added;  // Else removed.
  std::uint64_t
      key;         // Class, relating end and other attributes of the relation: what the member is related to, and how.
  Token member;    // Its token, or its value where it has none.
  Index relation;  // An instance of the side (added) or of base (removed) that has this link.
  Index instance;  // The member there.
  Index relating;  // What it is related to there; no_instance where that leads nowhere.
};

struct Delta {
  std::vector<ObjectChange> changed;
  std::vector<Index> added;    // Instances of the side: objects, resources, relations one to one.
  std::vector<Index> removed;  // The same, of base.
  std::vector<PropertySetChange>
      property_sets;              // By object in the order of base, then of the side. Also of added and removed ones.
  std::vector<LinkChange> links;  // Also of added and removed objects.
  // Instances that nothing refers to and that have no identity, by content: of the side, of base.
  std::vector<Index> loose_added;
  std::vector<Index> loose_removed;

  bool empty() const {
    return changed.empty() && added.empty() && removed.empty() && property_sets.empty() && links.empty() &&
           loose_added.empty() && loose_removed.empty();
  }
};

// Both models must have gone through the same identify() and compute_values().
Delta compare(const Model& base, const Model& side);

}  // namespace aecos::diff
