#pragma once
// Openings cut into a file of the project.

#include <string>
#include <string_view>

#include "generate/context.h"
#include "ifc/sheet.h"

namespace aecos::generate {

// A box in the host's own placement, in metres.
struct CutBox {
  std::array<double, 3> from{0, 0, 0}, size{0, 0, 0};
};

struct CutIds {
  std::string opening, relation;
};

// Adds the opening to the host; net quantities that the host has alone are made smaller. Everything else keeps its
// bytes. invalid_input: the host is not in the file, or has no body there.
Result<> cut(ifc::Sheet& sheet, double unit_m, const Host& host, const CutBox& box, const CutIds& ids,
             const std::string& name);

}  // namespace aecos::generate
