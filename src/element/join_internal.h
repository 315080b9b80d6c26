#pragma once

#include <cstdint>
#include <map>
#include <set>

#include "element/join.h"
#include "element/part_internal.h"

namespace aecos::element {

inline constexpr std::int64_t of_frame = -1;
inline constexpr std::uint64_t dead = 0xffffffffffffffffULL;  // Leads to what is not there any more.

// Which ids of the joined model are given away.
class Ids {
 public:
  // The same id where it is free.
  std::uint64_t take(std::uint64_t wanted);
  void see(std::uint64_t id) { next_ = std::max(next_, id + 1); }

 private:
  static constexpr std::uint64_t dense_max = std::uint64_t{1} << 28;
  std::vector<bool> dense_;
  std::set<std::uint64_t> sparse_;
  std::uint64_t next_ = 1;
};

// Instances of the joined model as text, by id.
class Lines {
 public:
  // `is_part`: something refers to it, and it means nothing without.
  void set(std::uint64_t id, std::string_view line, bool is_part = false);
  // Takes out parts that nothing refers to any more.
  void sweep();
  std::string take(std::string_view header) &&;

 private:
  struct Line {
    std::uint64_t id;
    std::size_t begin, length;
    bool is_part;
  };
  void sort();
  std::string text_;
  std::vector<Line> lines_;  // Of two of one id, the later.
};

// A thing with an identity: in which file it is told, and its id in the joined model.
struct Home {
  std::int64_t file = of_frame;
  std::uint64_t id = 0;
  std::uint64_t content = 0;
};

// A relation or layer that several files tell a part of.
struct Gathered {
  std::uint64_t id = 0;
  std::string before, after;  // Of the list of members.
  std::vector<std::uint64_t> members;
  bool several = false;  // Files.
  bool has_list = true;  // False: the instance has too few attributes; `before` is all of it.
};

class Joiner {
 public:
  Result<> open(std::string_view frame, const JoinSource& source);
  Result<> add_all(const JoinSource& source);
  Joined take() &&;

 private:
  // First pass: who lives where.
  Result<> settle(const Part& part, std::int64_t file);
  bool is_own(const Part& part, Index i) const;
  bool is_told(const Part& part, Index i, std::int64_t file) const;

  // Second pass, one file at a time.
  struct File {
    Part& part;
    std::int64_t number;
    std::string slug;
    std::vector<std::uint64_t> out = {};     // By instance: its id in the joined model; 0: none yet.
    std::vector<std::uint8_t> is_home = {};  // Things with an identity that are told here.
    std::vector<bool> told = {};             // As is_home, but for shared things that were edited here.
    std::vector<bool> is_used = {};          // Something in the file refers to it.
    std::vector<Index> pending = {};
  };
  void add(File& file);
  void give_identities(File& file);
  void add_roots(File& file);
  void visit(File& file, Index i);
  void visit_all(File& file);
  std::uint64_t known_value(const File& file, Index i) const;
  void remember_value(const File& file, Index i);
  void write(File& file, Index i);
  void drop_broken(File& file);
  void add_relation(File& file, Index relation);
  void add_members(File& file, Index relation, int members);
  void add_layer(File& file, Index layer, int items);
  Gathered& gathered(const File& file, Index i, std::string key, std::string_view list);
  bool tells(const File& file, const std::vector<Index>& ends) const;
  void adopt_edits(File& file);
  void note_differences(const File& file, const std::vector<Index>& borrowed);
  std::string rewritten(const File& file, std::string_view text) const;
  std::string own_id(const File& file, Index i, std::string line);

  ClassCache classes_;
  Ambiguous ambiguous_;
  std::string_view header_;
  std::string schema_header_;
  const schema::Schema* schema_ = nullptr;
  std::string frame_text_;
  Part frame_;
  bool has_frame_ = false;
  Ids ids_;
  Lines lines_;
  std::unordered_map<std::uint64_t, Home> homes_;                 // By identity.
  std::unordered_map<std::uint64_t, std::uint64_t> places_;       // Identity of a product -> id of its placement.
  std::unordered_map<std::uint64_t, std::uint64_t> values_;       // Id and content -> id.
  std::unordered_map<std::uint64_t, std::uint64_t> definitions_;  // Content -> id.
  std::map<std::string, Gathered> gathered_;
  std::unordered_map<std::uint64_t, std::pair<std::uint64_t, std::int64_t>> set_ids_;  // Property sets, by GlobalId.
  std::unordered_map<std::uint64_t, std::pair<std::uint64_t, std::string>> edits_;     // By identity: content, slug.
  Joined joined_;
};

}  // namespace aecos::element
