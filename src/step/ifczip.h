#pragma once
// ".ifczip": a ZIP archive with one STEP file in it.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace aecos::step {

struct Packed {
  std::string name;  // Of the file in the archive: "house.ifc", "folder/house.ifc".
  std::string text;
};

// By its first bytes; says nothing about what is in it.
bool is_zip(std::string_view bytes);

// invalid_input: a broken or encrypted archive, none or several files in it (so that what aecos does not read is never
// lost), one that is no *.ifc, or one that would grow to more than `unpacked_max` bytes or more than `ratio_max` times
// its size. Memory: never more than these, whatever the archive says of itself.
Result<Packed> unpack(std::string_view archive);
inline constexpr std::uint64_t unpacked_max = std::uint64_t{4} << 30;
// Real models shrink to a fifth, made ones to a fiftieth. Small ones may be anything.
inline constexpr std::uint64_t ratio_max = 200;
inline constexpr std::uint64_t any_ratio_max = std::uint64_t{16} << 20;

// The same bytes for the same name and text.
Result<std::string> pack(const Packed& packed);

}  // namespace aecos::step
