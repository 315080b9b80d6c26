#include "step/ifczip.h"

#include <algorithm>

#include "archive/zip.h"

namespace aecos::step {
namespace {

constexpr std::uint64_t entries_max = 10'000;

Error unusable(const std::string& what) { return {ErrorCode::invalid_input, "the ZIP archive " + what}; }

bool is_ifc(std::string_view name) {
  if (name.size() < 4) return false;
  std::string end(name.substr(name.size() - 4));
  std::ranges::transform(end, end.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return end == ".ifc";
}

// The one file that is no folder.
Result<const archive::Entry*> only_file(const std::vector<archive::Entry>& entries) {
  const archive::Entry* found = nullptr;
  for (const archive::Entry& entry : entries) {
    if (entry.name.ends_with('/')) continue;
    if (found != nullptr) return unusable("holds more than one file; it must be exactly one .ifc");
    if (!is_ifc(entry.name)) return unusable("does not hold a file that ends in .ifc");
    found = &entry;
  }
  if (found == nullptr) return unusable("is empty; it must hold exactly one .ifc");
  return found;
}

}  // namespace

bool is_zip(std::string_view bytes) { return archive::is_zip(bytes); }

Result<Packed> unpack(std::string_view bytes) {
  AECOS_TRY_ASSIGN(const archive::ZipReader reader, archive::ZipReader::open(bytes, entries_max));
  AECOS_TRY_ASSIGN(const archive::Entry* const file, only_file(reader.entries()));
  const std::uint64_t size_max =
      std::min(unpacked_max, std::max<std::uint64_t>(any_ratio_max, bytes.size() * ratio_max));
  Packed packed{file->name, {}};
  AECOS_TRY_ASSIGN(packed.text, reader.read(*file, size_max));
  return packed;
}

Result<std::string> pack(const Packed& packed) { return archive::write_zip({{packed.name, packed.text}}); }

}  // namespace aecos::step
