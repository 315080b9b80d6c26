#pragma once
// What an instance says, as text that does not depend on the file it came from.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ifc/model.h"

namespace aecos::diff {

// The instance and everything below it as STEP text, one instance a line, under ids of its own: the instance is #1, the
// others follow in the order in which they are referred to. The same content gives the same text: numbers and strings
// are spelled anew, members of sets are ordered by what they say. What has a GlobalId is cut down to its first three
// attributes, owner histories to "$"; annotations stand behind what they hang on. Linear; copes with cycles.
std::string step_text(const ifc::Model& model, ifc::Index i);

// As JSON, whatever the spelling: "12", "12.5", "12.0" where the file has a decimal point or exponent. Absent: it is no
// number, or too large for a double.
std::optional<std::string> plain_number(std::string_view token);

// {"content":"1f0c…"}: stands for what is too much to say; other content, other digits.
std::string content_json(std::uint64_t hash);

}  // namespace aecos::diff
