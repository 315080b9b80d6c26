#include "schema/schema.h"

#include <algorithm>
#include <cstring>

#include "base/ascii.h"
#include "schema/tables_internal.h"

namespace aecos::schema {

namespace {

constexpr std::uint64_t fold = 0xDFDFDFDFDFDFDFDF;  // Clears the bit that tells lower from upper case.

std::uint64_t load(const char* from, std::size_t size) {
  std::uint64_t word = 0;
  std::memcpy(&word, from, size);
  return word & fold;
}

bool same_keyword(std::string_view stored, std::string_view given) {
  if (stored.size() != given.size()) return false;
  if (std::memcmp(stored.data(), given.data(), stored.size()) == 0) return true;
  return std::equal(stored.begin(), stored.end(), given.begin(), [](char a, char b) { return a == upper(b); });
}

// "IFC4X3" for itself and for "IFC4X3_ADD2".
std::string_view release(std::string_view name) { return name.substr(0, name.find('_')); }

}  // namespace

// Names begin alike ("IFCREL...") but seldom both continue and end alike, so two words and the length tell them apart.
std::size_t hash_keyword(std::string_view keyword) {
  const std::size_t size = keyword.size();
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  if (size >= 8) {
    first = load(keyword.data() + std::min<std::size_t>(size - 8, 6), 8);
    last = load(keyword.data() + size - 8, 8);
  } else {
    last = load(keyword.data(), size);
  }
  const std::uint64_t mixed = (first * 0x9E3779B97F4A7C15 ^ last ^ size) * 0xD6E8FEB86659FD93;
  return static_cast<std::size_t>(mixed >> 32);
}

std::string_view Schema::keyword_of(std::size_t number) const {
  return number < entities_.size() ? entities_[number].keyword : types_[number - entities_.size()].keyword;
}

int Schema::find_name(std::string_view keyword) const {
  if (keyword.empty()) return -1;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash_keyword(keyword) & mask; slots_[at] != 0; at = (at + 1) & mask) {
    const int number = slots_[at] - 1;
    if (same_keyword(keyword_of(static_cast<std::size_t>(number)), keyword)) return number;
  }
  return -1;
}

const Entity* Schema::entity(std::string_view keyword) const {
  const int number = find_name(keyword);
  return number >= 0 && static_cast<std::size_t>(number) < entities_.size() ? entities_.data() + number : nullptr;
}

const Type* Schema::type(std::string_view keyword) const {
  const int number = find_name(keyword) - static_cast<int>(entities_.size());
  return number >= 0 ? types_.data() + number : nullptr;
}

bool Schema::accepts(const Type& select, const Entity& entity) const {
  return accepted_entities_[select.index * entities_.size() + entity.index];
}

bool Schema::accepts(const Type& select, const Type& type) const {
  return accepted_types_[select.index * types_.size() + type.index];
}

const Schema& get(Version version) {
  switch (version) {
    case Version::ifc2x3: {
      static const Schema schema(version, table(version));
      return schema;
    }
    case Version::ifc4: {
      static const Schema schema(version, table(version));
      return schema;
    }
    case Version::ifc4x3:
      break;
  }
  static const Schema schema(Version::ifc4x3, table(Version::ifc4x3));
  return schema;
}

const Schema* find(std::string_view file_schema_name) {
  // An object identifier may follow the name: "IFC2X3 { 1 0 10303 ... }".
  const std::string_view given = file_schema_name.substr(0, file_schema_name.find_first_of(" {"));
  std::string name(release(given));
  name = upper(name);
  if (name == "IFC2X3") return &get(Version::ifc2x3);
  if (name == "IFC4" || name == "IFC4X1") return &get(Version::ifc4);
  if (name == "IFC4X2" || name == "IFC4X3") return &get(Version::ifc4x3);
  return nullptr;
}

int attribute_index(const Entity& entity, std::string_view name) {
  const auto& all = entity.attributes;
  const auto found = std::find_if(all.begin(), all.end(), [&](const Attribute& each) { return each.name == name; });
  return found == all.end() ? -1 : static_cast<int>(found - all.begin());
}

bool has_item(const Type& enumeration, std::string_view item) {
  return std::find(enumeration.items.begin(), enumeration.items.end(), item) != enumeration.items.end();
}

}  // namespace aecos::schema
