#pragma once
// The IFC schemas as data: what an instance's attributes are called and may hold, who inherits from whom, and what
// points back at what. Everything here is immutable and lives as long as the program; pointers and views into it never
// dangle. Entities, types and attributes of different schemas must not be mixed.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aecos::schema {

// IFC2X3 TC1, IFC4 ADD2 TC1, IFC4X3 ADD2.
enum class Version : std::uint8_t { ifc2x3, ifc4, ifc4x3 };

enum class AggregateKind : std::uint8_t { none, set, bag, list, array };

// What one element of a value is, aggregates and defined types unwrapped: IfcLabel is a string.
enum class ValueKind : std::uint8_t {
  entity,
  select,
  enumeration,
  string,
  real,
  integer,
  number,
  boolean,
  logical,
  binary,
};

struct Entity;
struct Type;

struct Aggregate {
  AggregateKind kind = AggregateKind::none;
  bool unique = false;  // Declared "OF UNIQUE"; a SET never holds an element twice either way.
  int lower = 0;
  int upper = -1;  // -1: no bound.
};

// What a value must look like. A defined type that is itself an aggregate is unwrapped too, so that `outer` says what
// the parentheses in the file mean: IfcSite.RefLatitude is a LIST [3:4] of integer.
struct Shape {
  ValueKind kind = ValueKind::string;
  std::uint8_t depth = 0;  // 0: one value, 1: outer is set, 2: outer and inner are.
  Aggregate outer;
  Aggregate inner;
  const Entity* entity = nullptr;  // For ValueKind::entity: what is referred to.
  const Type* type = nullptr;      // The declared type; absent for a plain REAL or STRING and for a plain entity.
};

struct Attribute {
  std::string_view name;  // "RelatedObjects"
  Shape shape;
  bool optional = false;  // "$" is allowed.
  bool derived = false;   // Derived in this entity: the file must have "*".
};

// INVERSE: the instances of `from` whose attribute refers to an instance of the entity that has this inverse.
struct Inverse {
  std::string_view name;  // "ContainedInStructure"
  const Entity* from = nullptr;
  std::uint16_t attribute = 0;  // Position in from->attributes, and in those of its subtypes.
  int lower = 0;                // How many instances may refer here.
  int upper = -1;               // -1: no bound.
};

// UNIQUE: no two instances of the entity have the same values in these attributes.
struct UniqueRule {
  std::string_view name;                  // "UR1"
  std::vector<std::uint16_t> attributes;  // Positions in Entity::attributes.
};

struct Entity {
  std::string_view name;     // "IfcWall"
  std::string_view keyword;  // "IFCWALL"
  std::uint16_t index = 0;   // Dense, from 0, in pre-order of inheritance; position in Schema::entities().
  std::uint16_t span = 1;    // This entity and everything below it have the indexes index .. index + span - 1.
  bool abstract = false;
  std::uint16_t inherited = 0;  // So many of the attributes belong to supertypes; the others are declared here.
  const Entity* supertype = nullptr;
  // The three below include what is inherited, from the root down.
  std::span<const Attribute> attributes;  // Exactly those of the file, in its order.
  std::span<const Inverse> inverses;
  std::span<const UniqueRule> unique_rules;

  bool is_a(const Entity& other) const { return static_cast<unsigned>(index) - other.index < other.span; }
};

// A defined type (IfcLabel), an enumeration or a select.
struct Type {
  std::string_view name;     // "IfcLabel"
  std::string_view keyword;  // "IFCLABEL"
  std::uint16_t index = 0;   // Dense, from 0; position in Schema::types().
  Shape shape;               // Unwrapped to the bottom; shape.type is the type it is directly defined by, if named.
  std::span<const std::string_view> items;  // Of an enumeration, without dots: "MOVABLE".
  // Of a select, as declared: they may be selects themselves. See accepts() for all that comes out of it.
  std::span<const Entity* const> member_entities;
  std::span<const Type* const> member_types;
};

class Schema {
 public:
  Schema(Version version, std::string_view table);  // Use get(); the table is that of data/, and outlives the schema.
  Schema(const Schema&) = delete;
  Schema& operator=(const Schema&) = delete;

  Version version() const { return version_; }
  std::string_view name() const { return name_; }  // As in FILE_SCHEMA: "IFC4X3_ADD2".

  // By keyword as in a file ("IFCWALL") or in any other case; absent (null) when the schema has no such name, or when
  // it is one of the other kind. Constant time.
  const Entity* entity(std::string_view keyword) const;
  const Type* type(std::string_view keyword) const;

  std::span<const Entity> entities() const { return entities_; }
  std::span<const Type> types() const { return types_; }

  // Whether a reference to an instance of `entity` may stand where the select is asked for. Constant time.
  bool accepts(const Type& select, const Entity& entity) const;
  // Whether a typed value, IFCLABEL('x'), may stand there. Constant time.
  bool accepts(const Type& select, const Type& type) const;

 private:
  friend class Builder;
  // The name's number: first all entities, then all types; -1 when there is no such name.
  int find_name(std::string_view keyword) const;
  std::string_view keyword_of(std::size_t number) const;

  Version version_;
  std::string_view name_;
  std::string keywords_;
  std::vector<Entity> entities_;
  std::vector<Type> types_;
  std::vector<Attribute> attributes_;
  std::vector<Inverse> inverses_;
  std::vector<UniqueRule> unique_rules_;
  std::vector<std::string_view> items_;
  std::vector<const Entity*> member_entities_;
  std::vector<const Type*> member_types_;
  std::vector<std::uint16_t> slots_;     // Open addressing, a power of two: number + 1, or 0 where nothing is.
  std::vector<bool> accepted_entities_;  // [type][entity]
  std::vector<bool> accepted_types_;     // [type][type]
};

// Built at the first call, then shared by all threads.
const Schema& get(Version version);

// The schema for a name in FILE_SCHEMA, in any case: IFC2X3, IFC4, IFC4X3 and their addenda and corrigenda (IFC4_ADD2,
// IFC4X3_TC1). The versions in between get the table that differs least: IFC4X1 that of IFC4, IFC4X2 and the drafts of
// IFC4X3 that of IFC4X3. With those, and with IFC4 before its second addendum, an entity may be missing or have other
// attributes: compare the number of values. Absent (null) for all other names.
const Schema* find(std::string_view file_schema_name);

// Position of the attribute of that exact name, inherited ones included; -1 when the entity has none.
int attribute_index(const Entity& entity, std::string_view name);

// Whether the enumeration has the item (without dots, upper case).
bool has_item(const Type& enumeration, std::string_view item);

}  // namespace aecos::schema
