#pragma once
// What becomes of each thing when two versions of a model meet. The parts share one plan and run in this order.

#include <array>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "diff/ifc_delta.h"
#include "merge/ifc_draft_internal.h"

namespace aecos::merge {

using diff::Delta;

constexpr Side other_side(Side side) { return side == Side::ours ? Side::theirs : Side::ours; }

struct Plan {
  Plan(const Model& base, const Model& ours, const Model& theirs, const Delta& ours_delta, const Delta& theirs_delta,
       const Options& merge_options)
      : draft(base, ours, theirs), deltas{nullptr, &ours_delta, &theirs_delta}, options(merge_options) {}

  const Model& model(Side side) const { return draft.model(side); }
  const Model& base() const { return draft.base(); }
  const Delta& delta(Side side) const { return *deltas[static_cast<std::size_t>(side)]; }
  // Things that the side removed although they stay.
  std::unordered_set<Token>& kept_from(Side side) { return kept[static_cast<std::size_t>(side)]; }
  // Where an element is best described for a record: in base, else in the side that added it.
  diff::ElementRef element(Token token) const;

  // Records the conflict and says which side's value goes into the file.
  Side decide(Conflict conflict);
  // As decide(), where a rule of the model says which side stands unless a person decided.
  Side decide(Conflict conflict, Side rule, std::string_view because);
  // What decide() would say, without recording.
  Side preview(Conflict conflict) const;

  // Members that a relation of base loses and gains.
  struct MemberEdit {
    std::set<Index> removed;  // Instances of base.
    std::vector<Ref> added;
  };
  // The property sets that a type of base loses and gains.
  struct TypeEdit {
    std::set<Index> removed;
    std::vector<Piece> added;
  };

  Draft draft;
  std::array<const Delta*, 3> deltas;
  const Options& options;
  std::vector<Conflict> conflicts;
  std::array<std::unordered_set<Token>, 3> kept;
  std::map<Index, MemberEdit> member_edits;
  std::map<Index, TypeEdit> type_edits;
  std::unordered_set<std::uint64_t>
      used_global_ids;  // Hashes: of base's property sets, and those that new instances took.
};

// A GlobalId that follows from the seed: 22 characters of the IFC alphabet, in quotes.
std::string made_global_id(std::uint64_t seed);
// The first attribute of a rooted instance for its copy: its own where no instance of base has it, else one made from
// it.
Pieces global_id_for_copy(Plan& plan, Ref ref, std::uint64_t seed);

void plan_removals(Plan& plan);  // ifc_removals.cpp
void plan_objects(Plan& plan);   // ifc_objects.cpp
void plan_sets(Plan& plan);      // ifc_sets.cpp
void plan_links(Plan& plan);     // ifc_links.cpp
void plan_loose(Plan& plan);     // ifc_objects.cpp
void plan_members(Plan& plan);   // ifc_links.cpp: carries member_edits and type_edits out.

// ifc_attributes.cpp: one attribute that both sides changed. True: the two changes were combined in the draft.
bool combine_attribute(Plan& plan, Index base, std::size_t at, Ref ours, Ref theirs);

}  // namespace aecos::merge
