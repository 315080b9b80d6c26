#include "merge/merge.h"

namespace aecos::merge {
namespace {

// FNV-1a over fields that cannot run into each other; the same on every machine.
class Hash {
 public:
  void field(std::string_view bytes) {
    number(bytes.size());
    for (char c : bytes) byte(static_cast<unsigned char>(c));
  }
  void value(const Value& text) {
    byte(text ? 1 : 0);
    if (text) field(*text);
  }
  std::string hex12() const {
    std::uint64_t mixed = (state_ ^ state_ >> 33) * 0xFF51AFD7ED558CCDU;
    mixed = (mixed ^ mixed >> 33) * 0xC4CEB9FE1A85EC53U;
    mixed ^= mixed >> 33;
    std::string hex;
    for (int shift = 60; shift > 12; shift -= 4) hex += "0123456789abcdef"[mixed >> shift & 15];
    return hex;
  }

 private:
  void number(std::uint64_t count) {
    for (int shift = 0; shift < 64; shift += 8) byte(count >> shift & 0xFF);
  }
  void byte(std::uint64_t octet) { state_ = (state_ ^ octet) * 0x100000001B3U; }
  std::uint64_t state_ = 0xCBF29CE484222325U;
};

Side side_of(const Options& options) {
  switch (options.policy) {
    case Policy::integrated:
      return options.integrated;
    case Policy::ours:
      return Side::ours;
    case Policy::theirs:
      return Side::theirs;
    case Policy::latest:
      return options.latest;
    case Policy::base:
      return Side::base;
  }
  return Side::base;
}

}  // namespace

std::string_view to_string(ConflictKind kind) {
  switch (kind) {
    case ConflictKind::both_changed:
      return "both-changed";
    case ConflictKind::deleted_changed:
      return "deleted-changed";
    case ConflictKind::deleted_referenced:
      return "deleted-referenced";
    case ConflictKind::both_added:
      return "both-added";
    case ConflictKind::cardinality:
      return "cardinality";
    case ConflictKind::list_order:
      return "list-order";
    case ConflictKind::unreadable:
      return "unreadable";
    case ConflictKind::binary:
      return "binary";
    case ConflictKind::path:
      return "path";
  }
  return "";
}

std::string_view to_string(Side side) {
  switch (side) {
    case Side::base:
      return "base";
    case Side::ours:
      return "ours";
    case Side::theirs:
      return "theirs";
  }
  return "";
}

std::string_view to_string(Policy policy) {
  switch (policy) {
    case Policy::integrated:
      return "integrated";
    case Policy::ours:
      return "ours";
    case Policy::theirs:
      return "theirs";
    case Policy::latest:
      return "latest";
    case Policy::base:
      return "base";
  }
  return "";
}

// The two sides go in without order: the same conflict met from the other side is the same conflict. An element's
// class and name count only where it has no GlobalId: the sides may see them differently.
void set_id(Conflict& conflict, std::string_view path) {
  Hash hash;
  hash.field(path);
  hash.field(conflict.element.global_id);
  if (conflict.element.global_id.empty()) {
    hash.field(conflict.element.ifc_class);
    hash.field(conflict.element.name);
  }
  hash.field(conflict.at);
  hash.field(to_string(conflict.kind));
  hash.value(conflict.base);
  bool in_order = conflict.ours <= conflict.theirs;
  hash.value(in_order ? conflict.ours : conflict.theirs);
  hash.value(in_order ? conflict.theirs : conflict.ours);
  conflict.id = "c-" + hash.hex12();
}

Side choose(const Conflict& conflict, const Options& options) {
  auto decided = options.choices.find(conflict.id);
  return decided != options.choices.end() ? decided->second : side_of(options);
}

std::string reason(const Conflict& conflict, const Options& options) {
  if (options.choices.contains(conflict.id)) return "decided";
  return "policy " + std::string(to_string(options.policy));
}

}  // namespace aecos::merge
