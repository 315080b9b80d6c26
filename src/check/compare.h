#pragma once
// What is wrong in a version that was not wrong in the one before it.

#include <string>
#include <vector>

#include "check/finding.h"

namespace aecos::check {

// The same for the same fault in another version: of an element wherever it lies, whatever its lines and ids are.
std::string identity(const Finding& finding);

struct Compared {
  std::vector<Finding> fresh;  // Errors that nobody waived, in the order of the later report.
  std::size_t fresh_untold = 0;
  std::size_t mended = 0;
};

// What the earlier report has counts as known, waived or not; each as often as it is there. Where reports do not tell
// all of their findings, the numbers decide.
Compared compare(const Report& earlier, const Report& later);

// "IfcWall W-12 (elements/w-12/element.ifc:7): Fire rating: Pset_WallCommon has no FireRating"
std::string in_one_line(const Finding& finding);

}  // namespace aecos::check
