#pragma once
// From the syntax of XML Schema to that of RE2.

#include <string>
#include <string_view>

#include "base/result.h"

namespace aecos::check {

// The pattern for RE2, to be matched against a whole text.
Result<std::string> to_re2(std::string_view xsd);

// The inside of a bracket expression for one of the blocks that XML Schema names: "BasicLatin". Empty: there is none.
std::string_view block_range(std::string_view name);

}  // namespace aecos::check
