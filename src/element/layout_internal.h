#pragma once
// How the files of a split model refer to each other.

#include <string>
#include <string_view>

#include "ifc/model.h"
#include "ifc/reference_mark.h"

namespace aecos::element {

using ifc::Index;
using ifc::Model;
using ifc::no_instance;
using ifc::quoted_reference_mark;
using ifc::reference_mark;

// Positions of attributes that are the same in all schemas.
inline constexpr std::size_t at_description = 3, at_placement = 5, at_representation = 6;

// What has a folder of its own: IfcElement but for openings and other features, which belong to their host.
bool is_element_class(const schema::Schema* schema, const ifc::ClassTraits& traits);
// Openings, projections and the like.
bool is_feature_class(const schema::Schema* schema, const ifc::ClassTraits& traits);
bool is_port_class(const schema::Schema* schema, const ifc::ClassTraits& traits);

// A GlobalId as it must be: 22 characters of its alphabet.
bool is_sound_id(std::string_view global_id);

}  // namespace aecos::element
