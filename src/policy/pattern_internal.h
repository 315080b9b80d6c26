#pragma once

#include <string>
#include <string_view>

namespace aecos::policy {

// The text as file systems that take no notice of case, and readers who do not look closely, see it.
std::string folded(std::string_view text);

// What stands in `text` where the pattern has `name` ("{member}"); empty: nothing.
std::string named_part(std::string_view pattern, std::string_view text, std::string_view name);

}  // namespace aecos::policy
