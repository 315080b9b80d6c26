#pragma once
// Values of a model in the words of a record: JSON text, names of places, elements, kinds of change.

#include <cstddef>
#include <string>

#include "diff/change.h"
#include "ifc/model.h"

namespace aecos::diff {

// As IFC spells it; of a class that the schema does not know, as the file does, in upper case.
std::string class_name(const ifc::Model& model, ifc::Index i);

// GlobalId, class as IFC spells it ("IfcWall"), decoded name. For a resource: its class and name, no GlobalId. For a
// relation: the element it is about (the related one, else the relating one), so that a person finds it.
ElementRef element_ref(const ifc::Model& model, ifc::Index i);

// The object that a relation is about: the related one, where it is one, else the relating one, else any; no_instance:
// it is about none.
ifc::Index subject_of(const ifc::Model& model, ifc::Index relation);

// "Name", "Placement", "Representation", else the attribute's name in the schema, else "attribute 7" (from 1).
std::string attribute_place(const ifc::Model& model, ifc::Index i, std::size_t attribute);

// What it means when that attribute changes: renamed, moved, reshaped, resource (of a resource, and units and contexts
// of the project), relation (of a relation), else attribute.
ChangeKind attribute_kind(const ifc::Model& model, ifc::Index i, std::size_t attribute);

// What a relation says of its member or related end: container, material, retyped, reclassified, group or relation; and
// the place: "Container", "Parent", "Material", "Type", "Classification", "Group", "Openings", "Fills", "Connections",
// "Ports", "Boundaries", else the name of its class.
ChangeKind relation_kind(const ifc::Model& model, ifc::Index relation);
std::string relation_place(const ifc::Model& model, ifc::Index relation);

// The attribute as JSON: strings decoded, numbers by value (reals with a point or exponent), booleans, enumerations as
// strings, typed values unwrapped, lists as arrays, sets in an order of their own; a reference to a rooted instance as
// {"globalId","class","name"}; a placement as {"relativeTo","location","axis","refDirection"}; a material by its name,
// its layers and the like by their attributes; any other instance as {"class","step"} with its whole sub-tree as STEP
// text under ids of its own, from 1, so that nothing is lost. The same content gives the same text, whatever its ids,
// order and spelling. Absent for "$", "*", "()" and what is not there.
Value attribute_value_json(const ifc::Model& model, ifc::Index i, std::size_t attribute);

// The instance itself as the last kinds above say.
Value instance_json(const ifc::Model& model, ifc::Index i);

// What a property or quantity says: the nominal value of a single one, an array for lists and enumerations, else as
// above.
Value property_json(const ifc::Model& model, ifc::Index property);

// A property set as {"name": value, ...}.
Value property_set_json(const ifc::Model& model, ifc::Index set);

}  // namespace aecos::diff
