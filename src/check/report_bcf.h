#pragma once
// Findings as topics of the BIM Collaboration Format.

#include <functional>
#include <string>

#include "bcf/view.h"
#include "check/finding.h"

namespace aecos::check {

// Of an element by GlobalId; an empty one: of the file alone.
using FindPlace = std::function<bcf::Whereabouts(const std::string& path, const std::string& global_id)>;

// One topic for each finding that nobody waived. A finding that is still there in another version, or that other lines
// have moved, has the same guid.
bcf::Archive report_bcf(const Report& report, const bcf::Origin& origin, const FindPlace& find_place);

}  // namespace aecos::check
