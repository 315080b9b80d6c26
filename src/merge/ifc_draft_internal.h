#pragma once
// The merged model while it is made: base, what is changed in it, and what comes from either side. Values are placed so
// that base's instances are changed in place where everything that uses them agrees, and copied otherwise.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "ifc/model.h"
#include "merge/merge.h"

namespace aecos::merge {

using ifc::Index;
using ifc::Model;
using ifc::no_instance;
using ifc::Token;

// An instance of one of the three versions.
struct Ref {
  Side side;
  Index index;
  bool operator==(const Ref&) const = default;
};

// An instance of the merged model: one of base, or a new one.
struct Node {
  bool fresh = false;
  Index index = no_instance;
  bool operator==(const Node&) const = default;
  explicit operator bool() const { return index != no_instance; }
};

// Attribute text in which references stand for themselves: literal text, then a reference, and so on.
struct Piece {
  std::string text;
  std::optional<Ref> ref = std::nullopt;
  Node node = {};         // Instead of ref, where the instance is already placed.
  Token relative_to = 0;  // Not that instance, but the placement of this product, whichever it is in the end.
  bool counted = false;   // As a use of base's instance, already.
};
using Pieces = std::vector<Piece>;
// New texts by position.
using Attributes = std::map<std::size_t, Pieces>;

class Draft {
 public:
  Draft(const Model& base, const Model& ours, const Model& theirs);

  static std::size_t slot(Side side) { return static_cast<std::size_t>(side); }
  const Model& model(Side side) const { return *models_[slot(side)]; }
  const Model& base() const { return *models_[0]; }

  // Where a thing with identity is in base or, if new, among the additions so far; invalid: nowhere.
  Node find(Token token) const;
  bool is_dropped(Index base) const { return dropped_[base]; }

  // Takes an instance of base out, with what hangs on it. What it alone used goes at the end.
  void drop(Index base);
  // At the end, if nothing uses it then.
  void drop_if_unused(Index base);
  // Puts an instance of a side in as a new one, with these attributes instead of its own.
  Node add(Ref ref, Attributes attributes = {});
  // Makes sure that the content of an instance of a side stays, though nothing may use it.
  void keep(Ref ref) { kept_.push_back(ref); }

  // Attribute `at` of an instance of base becomes what the side says (position `from` there).
  void take_attribute(Index base, std::size_t at, Ref from, std::size_t from_at);
  // The whole instance becomes what the side's says, class included.
  void take_instance(Index base, Ref from);
  void set_attribute(Index base, std::size_t at, Pieces pieces);
  void set_attribute(Node node, std::size_t at, Pieces pieces);
  // What hangs on the instance (annotations, layers) becomes what hangs on the side's.
  void take_annotations(Index base, Ref from);
  // The side's instance is base's, whatever their content.
  void assign(Ref from, Index base) { assigned_[slot(from.side)].emplace(from.index, base); }
  // A slot that held `base` now wants the side's content: changed in place once every slot agrees.
  void demand(Index base, Ref want);

  // True where only one slot uses the instance.
  bool is_exclusive(Index base) const { return uses_[base] == 1; }
  bool is_changed(Index base) const { return rewrites_.contains(base); }
  bool is_rewritten(Index base, std::size_t at) const {
    const auto found = rewrites_.find(base);
    return found != rewrites_.end() && (found->second.whole || found->second.attributes.contains(at));
  }

  // The text of an attribute of instance `owner`.
  Pieces pieces(Ref owner, std::string_view text) const;
  static Pieces list(const std::vector<Piece>& members);

  // Places everything that is wanted, takes out what nothing uses any more, and writes the file.
  std::string finish(std::string_view header);

 private:
  struct Rewrite {
    Attributes attributes;
    std::optional<Ref> whole;  // Class and all other attributes come from there.
  };
  struct Demand {
    std::uint32_t count = 0;
    std::uint64_t value = 0;
    bool split = false;
    std::vector<Ref> wants;
  };
  struct Fresh {
    Ref ref;
    Attributes attributes;  // After settling: all of them.
    std::uint64_t id = 0;
    bool skip = false;
  };
  struct LayerEdit {
    Ref layer;
    std::vector<Index> removed;  // Items of base.
    std::vector<Ref> added;
  };

  // ifc_draft.cpp: changing base.
  void run_ready();
  void overwrite(Index base, const std::vector<Ref>& wants);
  void pair_references(std::string_view before, Side side, std::string_view after);
  void release_reference(Index owner, Index to);
  LayerEdit& layer_edit(Ref layer);

  // ifc_place.cpp: finding or making the instance for what a side refers to.
  Node resolve(Ref ref);
  Node placement_of(Token product);
  Node reusable(Ref ref);
  Node left_behind(Ref ref);
  Node by_value(Ref ref);
  std::size_t value_slot(std::uint64_t value) const;
  bool is_loose(Index base) const;
  bool can_reuse(Index base, Ref ref) const;
  void use(Node node, bool relative);
  void settle();
  void settle_added();
  void settle_kept();
  bool is_spared(Index base);
  void settle_pieces(Pieces& pieces);
  void settle_rewrites();
  void settle_fresh(Index n);
  void settle_hung(Ref ref);
  void settle_layers();
  void release_replaced();
  void redirect_placements();
  void collect_unused();

  // ifc_write.cpp: text.
  void number();
  std::uint64_t id_of(Node node) const;
  void append(std::string& out, const Pieces& pieces) const;
  void append_rewritten(std::string& out, Index base, const Rewrite& rewrite) const;
  void append_fresh(std::string& out, const Fresh& fresh, std::string_view gap) const;
  std::string write(std::string_view header) const;

  const Model* models_[3];
  std::vector<std::uint32_t> uses_;
  std::unordered_map<Index, std::uint32_t> relative_uses_;  // Placements of other products that stand on this one.
  std::vector<bool> dropped_;
  std::vector<Index> candidates_;  // For collect_unused().
  std::vector<bool> drop_if_unused_;
  std::vector<Ref> kept_;
  std::unordered_map<std::uint64_t, std::vector<Ref>> spare_;  // By content: what is kept and has no instance yet.
  std::unordered_set<Index> spared_;                           // Of base: what stays unused for a side's sake.
  std::unordered_map<Index, Rewrite> rewrites_;
  std::unordered_map<Index, Demand> demands_;
  std::vector<Index> ready_;  // Every slot agrees; to be overwritten.
  bool running_ = false;
  std::unordered_map<Index, Index> assigned_[3];
  std::unordered_map<Index, Index> grafted_[3];
  std::unordered_map<Token, Index> fresh_by_token_;
  std::vector<Fresh> fresh_;
  Index settled_ = 0;  // So many of them are complete.
  std::map<std::uint64_t, LayerEdit> layers_;
  std::vector<Index> base_by_value_;  // Open addressing by content; made at first use.
};

}  // namespace aecos::merge
