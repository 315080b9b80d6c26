#pragma once

#include <string_view>

#include "schema/schema.h"

namespace aecos::schema {

// The text that tools/generate_schema.py wrote, which describes its own format.
std::string_view table(Version version);

// Of an upper-case keyword, the same for one in another case.
std::size_t hash_keyword(std::string_view keyword);

}  // namespace aecos::schema
