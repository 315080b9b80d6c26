#pragma once

#include <cstdint>
#include <utility>

#include "element/description_internal.h"
#include "element/part_internal.h"
#include "element/split.h"

namespace aecos::element {

// A relation in the file of one element: all of it, or what it says of one member.
struct Piece {
  Index relation;
  Index member;  // no_instance: all of it.
};

// Pieces by a number, in one block.
class Pieces {
 public:
  void add(std::uint32_t at, Piece piece) { all_.emplace_back(at, piece); }
  void close(std::size_t count);
  std::span<const std::pair<std::uint32_t, Piece>> of(std::uint32_t at) const {
    return std::span(all_).subspan(first_[at], first_[at + 1] - first_[at]);
  }

 private:
  std::vector<std::pair<std::uint32_t, Piece>> all_;
  std::vector<std::size_t> first_;
};

// A relation or layer with members that count one by one, without them.
struct Pattern {
  std::string_view before, after;  // Of the list of members, in the source.
  std::vector<Index> others;       // What it refers to beside them.
};

inline constexpr std::uint32_t no_owner = 0xffffffffU;

struct SplitParts {
  Part part;
  Ambiguous ambiguous;
  std::vector<Index> elements, projects;
  std::vector<std::uint32_t> owner;  // By instance: the element (position in elements) whose own it is, or no_owner.
  std::unordered_map<Index, std::uint32_t> told_by;  // Relations as a whole that stand in an element's file: whose.
  Pieces relations;                                  // By element: what is said of what is its own.
  Pieces context;                                    // By instance: what its copies and references may bring along.
  std::unordered_map<Index, Pattern> patterns;
  std::vector<Index> frame_relations;  // Those with something to say that is no element's.
  std::unique_ptr<Describer> describer;
};

// Owners of elements, features and ports; fills elements and owner.
void find_owners(SplitParts& parts);
// Which file each relation goes to.
void spread_relations(SplitParts& parts);

// The members that are left to the frame; those of a relation between an element and things that are no element's are
// the element's.
std::vector<Index> members_of_frame(const SplitParts& parts, Index relation);

}  // namespace aecos::element
