#pragma once

#include <string_view>

namespace aecos::ifc {

// Stands as the Description of an instance that is only named in a file: what it is stands in another file of the
// project, under the same GlobalId. docs/FORMATS.md.
inline constexpr std::string_view reference_mark = "aecos:reference";
inline constexpr std::string_view quoted_reference_mark = "'aecos:reference'";

}  // namespace aecos::ifc
