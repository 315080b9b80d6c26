#include "element/split.h"

#include <algorithm>
#include <map>

#include "element/split_internal.h"
#include "step/token.h"

namespace aecos::element {
namespace {

// How much of an instance stands in a file.
enum class Extent : std::uint8_t { whole, reference };

// Collects what one file needs and writes it.
class FileMaker {
 public:
  FileMaker(const SplitParts& parts, Split::Memory& memory, std::uint32_t home)
      : parts_(parts), part_(parts.part), model_(parts.part.model), memory_(memory), home_(home) {
    if (memory_.seen.size() != model_.size()) memory_.seen.assign(model_.size(), 0);
    if (memory_.covered.size() != model_.size()) memory_.covered.assign(model_.size(), false);
    ++memory_.round;
  }

  void want(Index i) {
    if (i == no_instance || seen(i)) return;
    memory_.seen[i] = memory_.round;
    pending_.push_back(i);
  }

  void want_piece(const Piece& piece) {
    if (piece.member == no_instance) return want(piece.relation);
    std::vector<Index>& members = pieces_[piece.relation];
    if (members.empty()) {
      for (const Index other : parts_.patterns.at(piece.relation).others) {
        want(other);
        // A part lies where the whole does.
        if (model_.file.keyword(piece.relation) == "IFCRELAGGREGATES" && is_elsewhere(other)) want_context(other);
      }
    }
    if (std::find(members.begin(), members.end(), piece.member) != members.end()) return;
    members.push_back(piece.member);
    want(piece.member);
    memory_.covered[piece.relation] = true;
  }

  void collect() {
    while (!pending_.empty()) {
      const Index i = pending_.back();
      pending_.pop_back();
      add(i);
    }
  }

  bool seen(Index i) const { return memory_.seen[i] == memory_.round; }

  // So that the order of a file does not depend on that of the model.
  auto by_id() const {
    return [this](Index a, Index b) { return model_.file.instances[a].id < model_.file.instances[b].id; };
  }

  std::string text(std::string_view header) {
    std::string out = "ISO-10303-21;\nHEADER;";
    out.append(header).append("ENDSEC;\nDATA;\n");
    for (const auto& [relation, members] : pieces_) found_.push_back({relation, Extent::whole});
    std::sort(found_.begin(), found_.end(),
              [less = by_id()](const auto& a, const auto& b) { return less(a.first, b.first); });
    // A relation that something refers to, as no model should, is in it once.
    const auto is_same = [](const auto& a, const auto& b) { return a.first == b.first; };
    found_.erase(std::unique(found_.begin(), found_.end(), is_same), found_.end());
    for (const auto& [i, extent] : found_) {
      const auto piece = pieces_.find(i);
      if (piece != pieces_.end())
        write_piece(out, i, piece->second);
      else if (extent == Extent::whole)
        out += model_.file.source(i);
      else
        write_reference(out, i);
      out += '\n';
    }
    return out + "ENDSEC;\nEND-ISO-10303-21;\n";
  }

  // Things of which the file has copies: what they say must agree with the frame.
  std::vector<Index> borrowed() const {
    std::vector<Index> all;
    for (const auto& [i, extent] : found_)
      if (extent == Extent::whole && is_shared(i)) all.push_back(i);
    return all;
  }

 private:
  bool is_shared(Index i) const {
    if (part_.is_object(i)) return parts_.owner[i] == no_owner;
    return part_.traits(i).role == ifc::Role::resource && !part_.traits(i).layer &&
           identity(part_, i, parts_.ambiguous) != 0;
  }

  void want_context(Index i) {
    if (home_ == no_owner || i == no_instance || parts_.owner[i] == home_) return;
    if (!has_context_.insert(i).second) return;
    for (const auto& [at, piece] : parts_.context.of(i)) want_piece(piece);
  }

  // Other elements and what they tell, and what stands in the frame and has a place: storeys, spaces.
  bool is_elsewhere(Index i) const {
    if (i == no_instance) return false;
    if (part_.is_whole_relation(i)) {
      const auto told = parts_.told_by.find(i);
      return (told == parts_.told_by.end() ? no_owner : told->second) != home_;
    }
    if (!part_.is_object(i) || parts_.owner[i] == home_) return false;
    return parts_.owner[i] != no_owner || part_.traits(i).product;
  }

  void add(Index i) {
    if (part_.is_object(i) && (parts_.owner[i] == no_owner || is_feature_class(model_.schema, part_.traits(i))))
      want_context(i);
    if (is_elsewhere(i)) return add_reference(i);
    found_.push_back({i, Extent::whole});
    if (!part_.is_object(i) || parts_.owner[i] == home_) memory_.covered[i] = true;
    for (const Index to : model_.file.refs_of(i)) want(to);
    if (model_.is_placed(i)) add_product_on(i);
    for (const Index annotation : model_.hung_on(i)) {
      if (part_.traits(annotation).layer)
        want_piece({annotation, i});
      else
        want(annotation);
    }
  }

  // A placement stands for its product, so that it must be told whose it is.
  void add_product_on(Index placement) { want(model_.placed[placement]); }

  void add_reference(Index i) {
    found_.push_back({i, Extent::reference});
    const std::size_t count = model_.attributes(i).size();
    for (std::size_t at = 0; at < count; ++at)
      if (is_needed(i, at))
        for (const Index to : model_.refs_in(i, at)) want(to);
  }

  // Of what stands elsewhere; where it is placed is told of storeys and the like, and of elements that others stand on.
  bool is_needed(Index i, std::size_t at) const {
    const schema::Entity& entity = *part_.traits(i).entity;
    if (at >= entity.attributes.size()) return true;
    if (at == at_placement && part_.traits(i).product && parts_.owner[i] == no_owner) return true;
    return !entity.attributes[at].optional && !entity.attributes[at].derived;
  }

  // Elements are named by their GlobalId alone, so that a new name changes one file; storeys in full.
  bool is_told(Index i, std::size_t at, std::string_view attribute) const {
    if (at == 0 || attribute == "*" || is_needed(i, at)) return true;
    if (at == at_placement && part_.traits(i).product) {
      const auto placement = model_.refs_in(i, at);
      return placement.size() == 1 && placement[0] != no_instance && seen(placement[0]) &&
             model_.placed[placement[0]] == i;
    }
    return parts_.owner[i] == no_owner && attribute.find('#') == std::string_view::npos;
  }

  void write_reference(std::string& out, Index i) const {
    const auto attributes = model_.attributes(i);
    out += "#" + std::to_string(model_.file.instances[i].id) + "=" + model_.file.keyword(i) + "(";
    for (std::size_t at = 0; at < attributes.size(); ++at) {
      if (at != 0) out += ',';
      if (at == at_description)
        out += quoted_reference_mark;
      else
        out += is_told(i, at, attributes[at]) ? attributes[at] : std::string_view("$");
    }
    out += ");";
  }

  // In the order of ids, but for one that is whole.
  void write_piece(std::string& out, Index relation, std::vector<Index> members) const {
    const Pattern& pattern = parts_.patterns.at(relation);
    const std::string_view source = model_.file.source(relation);
    const std::size_t all = model_.file.refs_of(relation).size() - pattern.others.size();
    if (members.size() == all) {
      out += source;
      return;
    }
    std::sort(members.begin(), members.end(), by_id());
    out.append(pattern.before).append("(");
    for (std::size_t k = 0; k < members.size(); ++k)
      out += (k == 0 ? "#" : ",#") + std::to_string(model_.file.instances[members[k]].id);
    out.append(")").append(pattern.after);
  }

  const SplitParts& parts_;
  const Part& part_;
  const Model& model_;
  Split::Memory& memory_;
  const std::uint32_t home_;
  std::vector<Index> pending_;
  std::vector<std::pair<Index, Extent>> found_;
  std::map<Index, std::vector<Index>> pieces_;
  std::unordered_set<Index> has_context_;
};

std::string hexadecimal(std::uint64_t number) {
  std::string out;
  for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[(number >> shift) & 15U];
  return out;
}

// What is the same in all files of a model.
std::string header_of(const Part& part, std::string_view global_id, std::uint64_t print) {
  std::string schemas;
  for (const std::string& schema : part.model.file.schemas)
    schemas += (schemas.empty() ? "" : ",") + step::encode_string(schema);
  return "\nFILE_DESCRIPTION(('aecos element " + std::string(global_id) + "','aecos borrowed " + hexadecimal(print) +
         "'),'2;1');\nFILE_NAME('element.ifc','2000-01-01T00:00:00',(''),(''),'','','');\nFILE_SCHEMA((" + schemas +
         "));\n";
}

bool is_frame_root(const SplitParts& parts, Index i) {
  if (parts.part.is_object(i)) return parts.owner[i] == no_owner;
  return is_definition(parts.part, i);
}

}  // namespace

Split::Split(std::unique_ptr<SplitParts> parts) : parts_(std::move(parts)) {}
Split::Split(Split&&) noexcept = default;
Split& Split::operator=(Split&&) noexcept = default;
Split::~Split() = default;

Result<Split> Split::of(std::string_view model) {
  auto parts = std::make_unique<SplitParts>();
  AECOS_TRY_ASSIGN(parts->part.model, ifc::read_model(model));
  const Model& read = parts->part.model;
  if (read.schema == nullptr) {
    const std::string name = read.file.schemas.empty() ? "no schema" : read.file.schemas.front();
    return Error{ErrorCode::invalid_input, name + " is not known; IFC2X3, IFC4 and IFC4X3 are"};
  }
  complete(parts->part);
  parts->ambiguous = find_ambiguous(parts->part);
  hash_content(parts->part, parts->ambiguous);
  for (Index i = 0; i < read.size(); ++i)
    if (parts->part.traits(i).is("IFCPROJECT")) parts->projects.push_back(i);
  find_owners(*parts);
  spread_relations(*parts);
  parts->describer = std::make_unique<Describer>(parts->part.model);
  return Split(std::move(parts));
}

std::size_t Split::size() const { return parts_->elements.size(); }

std::string Split::global_id(std::size_t element) const {
  return parts_->part.model.global_id(parts_->elements[element]);
}

Description Split::description(std::size_t element) const { return parts_->describer->of(parts_->elements[element]); }

std::string Split::element(std::size_t element, Memory& memory) const {
  const auto home = static_cast<std::uint32_t>(element);
  FileMaker maker(*parts_, memory, home);
  for (const Index project : parts_->projects) maker.want(project);
  maker.want(parts_->elements[element]);
  for (const auto& [at, piece] : parts_->relations.of(home)) maker.want_piece(piece);
  maker.collect();
  const std::uint64_t print = borrowed_print(parts_->part, maker.borrowed());
  return maker.text(header_of(parts_->part, global_id(element), print));
}

std::string Split::frame(std::span<const Memory> memories) const {
  Memory memory;
  FileMaker maker(*parts_, memory, no_owner);
  const Model& model = parts_->part.model;
  for (Index i = 0; i < model.size(); ++i)
    if (is_frame_root(*parts_, i)) maker.want(i);
  for (const Index relation : parts_->frame_relations) {
    if (!parts_->patterns.contains(relation)) {
      maker.want(relation);
      continue;
    }
    const std::vector<Index> members = members_of_frame(*parts_, relation);
    for (const Index member : members) maker.want_piece({relation, member});
    if (members.empty()) maker.want(relation);
  }
  maker.collect();
  const auto is_covered = [&](Index i) {
    return memory.covered[i] || std::any_of(memories.begin(), memories.end(), [&](const Memory& one) {
             return i < one.covered.size() && one.covered[i];
           });  // Some made none.
  };
  for (Index i = 0; i < model.size(); ++i) {
    if (maker.seen(i) || is_covered(i) || parts_->owner[i] != no_owner || parts_->part.is_relation(i)) continue;
    maker.want(i);
    maker.collect();
  }
  return maker.text(header_text(parts_->part));
}

}  // namespace aecos::element
