#pragma once
// Turns a delta into changes.

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "diff/ifc_property_internal.h"
#include "diff/ifc_shape_internal.h"
#include "diff/ifc_whole_internal.h"

namespace aecos::diff {

using ifc::ClassTraits;
using ifc::no_instance;
using ifc::Role;

class Description final {
 public:
  Description(const Model& base, const Model& side, const Delta& delta)
      : base_(base), side_(side), delta_(delta), before_(base), after_(side), old_shapes_(base), new_shapes_(side) {}

  std::vector<Change> run();

 private:
  // What is repeated for very many elements is not written out for each of them.
  static constexpr std::size_t bytes_max = 256'000'000;
  static constexpr std::size_t looks_max = 2'000'000;  // Instances looked at for the names of styles.
  static constexpr std::size_t root_attributes = 4;    // GlobalId, OwnerHistory, Name, Description.

  struct Link {
    bool added;
    Token member;
    Index relation;
    Index instance;
    Index relating;
  };
  struct Entry {
    std::size_t order;
    Change change;
  };
  struct SetOfObject {
    PropertySetChange change;
    Index base;
    Index side;
  };

  // ---- What is in one version only.

  void collect(Version& version, Index i);
  // Relations whose members have an order are units of the delta; what their members gained or lost are links.
  void collect_links();
  void collect_ordered(const ObjectChange& change);
  static std::vector<std::pair<Token, Index>> members_of(const Model& model, Index relation);
  // Whether any link came out of it.
  bool add_ordered(Index before, Index after);
  // Openings and ports that came or went are told with the object they are in.
  void find_hosts();
  static void set_host(Version& version, Index part, Index host, Index relation);

  // ---- Objects in both.

  void describe_schema();
  void describe_changed(const ObjectChange& change);
  // Attributes of one name stand side by side, wherever they are.
  void describe_other_class(const ObjectChange& change, const ElementRef& ref);
  void describe_attribute(const ObjectChange& change, const ElementRef& ref, std::uint16_t k);
  void describe_shape(const ObjectChange& change, const ElementRef& ref, std::uint16_t k, std::string place);
  void add_distance(const ObjectChange& change, std::uint16_t k, std::string& after);
  void describe_annotations(const ObjectChange& change, const ElementRef& ref);

  // ---- Property sets.

  void collect_sets(const PropertySetChange& change);
  // Those of one object follow each other.
  void describe_sets();
  // A set that lost its name and a new one with the same properties are one.
  void pair_renamed(std::size_t begin, std::size_t end);
  void describe_set(const SetOfObject& one);
  // Many elements may share one set: compared once.
  const std::vector<PropertyDifference>& differences(Index b, Index s);

  // ---- Relations.

  void describe_links();
  // Into the account of an object that is in one version only. False: there is none.
  bool absorb(Version& version, const Link& link);
  void describe_link(const Link* gone, const Link* come);
  // Relations one to one that came or went.
  void describe_relations();
  // The object that it is told of; no_instance if it is part of the account of an object that came or went. Openings
  // and ports do not take it with them: whoever is at the other end is touched.
  Index absorb_relation(Version& version, Index relation);
  // What it is about; the relation itself where that is nothing.
  static Index subject(const Model& model, Index relation);
  static int position_of(const Model& model, Index relation, Index end);
  void describe_relation(std::pair<Index, Index> gone, std::pair<Index, Index> come);

  // ---- What nothing refers to.

  void describe_loose();
  // What is in both versions, but referred to in one of them only, is no news beside the change that did it.
  void describe_left_over();
  void describe_loose_pair(const ElementRef& ref, Index b, Index s);

  // ---- Objects that came or went.

  void describe_wholes();
  void pair_redrawn();
  // Class, placement, shape and type; 0 for what is not drawn.
  std::uint64_t drawn_key(Version& version, Index i, bool with_name) const;
  // Openings and ports of an object that came or went with it are parts of its account.
  void tell_parts(Version& version, const std::vector<Index>& objects);
  Value whole(Version& version, Index i);
  void describe_whole(Version& version, Index i);
  void describe_redrawn(Index b, Index s);

  // ---- Helpers.

  bool generous() const { return bytes_ < bytes_max; }
  Value value(const Model& model, Index i, std::size_t attribute) const;
  static std::uint64_t attribute_content(const Model& model, Index i, std::size_t attribute);
  Value instance(const Model& model, Index i) const;
  // The place in base; what is not there comes behind, in the order of the side.
  std::size_t order_of(Index base, Index side) const { return base != no_instance ? base : base_.size() + side; }
  std::size_t order_of(const Version& version, Index i) const;
  std::size_t after_everything() const { return std::size_t{base_.size()} + side_.size(); }
  void add(std::size_t order, Change change);
  std::vector<Change> sorted();

  const Model& base_;
  const Model& side_;
  const Delta& delta_;
  Version before_;
  Version after_;
  ShapeValues old_shapes_;
  ShapeValues new_shapes_;
  std::vector<Link> links_;                        // Removed ones first.
  std::vector<std::pair<bool, Index>> relations_;  // One to one: added, relation.
  std::vector<std::pair<Index, Index>> redrawn_;
  std::vector<SetOfObject> sets_;
  std::unordered_set<Index> told_as_links_;  // Relations of base.
  std::unordered_map<std::uint64_t, std::pair<std::vector<PropertyDifference>, int>> compared_;
  std::vector<std::pair<bool, Index>> left_over_;  // Loose: added, instance.
  std::vector<Entry> entries_;
  std::size_t bytes_ = 0;
  double old_unit_m_ = 0;  // 0: not looked for yet.
  double new_unit_m_ = 0;
  std::size_t looks_left_ = looks_max;
};

}  // namespace aecos::diff
