#pragma once
// The steps of reading an IDS: from XML to values, then what could never be satisfied.

#include <string>

#include "check/ids.h"

namespace aecos::check {

// Sizes beyond which a file is refused; the largest ones in use have some hundred specifications.
inline constexpr std::size_t most_bytes = 16 << 20;
inline constexpr std::size_t most_specifications = 10'000;
inline constexpr std::size_t most_facets = 20'000;
inline constexpr std::size_t most_literals = 200'000;
inline constexpr std::size_t most_patterns = 1'000;

// By the XML Schema of IDS 1.0: elements, their order, attributes, and what is in them.
Result<Ids> read_ids_structure(std::string_view xml);

// By the schemas of IFC: classes, attributes, types and values that exist and fit each other. Errors say where.
Result<> audit(Ids& ids, std::string_view xml);

// An error with the line and column of what is wrong.
Error ids_fault(std::string_view xml, std::size_t offset, const std::string& what);

}  // namespace aecos::check
