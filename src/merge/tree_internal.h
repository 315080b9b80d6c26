#pragma once
// The steps of merging trees: what differs, what was renamed, what refers to what.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "merge/tree.h"

namespace aecos::merge {

struct Leaf {
  FileMode mode = FileMode::file;
  BlobId id;
  bool operator==(const Leaf&) const = default;
  [[nodiscard]] bool is_regular() const { return mode == FileMode::file || mode == FileMode::executable; }
};

struct Triple {
  std::optional<Leaf> base, ours, theirs;
  [[nodiscard]] const std::optional<Leaf>& of(Side side) const {
    return side == Side::base ? base : side == Side::ours ? ours : theirs;
  }
};

constexpr Side other(Side side) { return side == Side::ours ? Side::theirs : Side::ours; }

// The files, links and submodules that are not the same in all three trees, by path.
using Differences = std::map<std::string, Triple, std::less<>>;

// Reads folders, each once.
class TreeReader {
 public:
  using Folder = std::shared_ptr<const std::vector<TreeEntry>>;
  TreeReader(TreeSource& source, TreeId base, TreeId ours, TreeId theirs)
      : source_(source), base_(base), ours_(ours), theirs_(theirs) {}

  [[nodiscard]] TreeId root(Side side) const {
    return side == Side::base ? base_ : side == Side::ours ? ours_ : theirs_;
  }
  Result<Folder> folder(TreeId id);
  // What lies at `path` in that side's tree.
  Result<std::optional<TreeEntry>> find(Side side, std::string_view path);
  Result<std::string> content(BlobId id, std::string_view path) { return source_.content(id, path); }
  TreeSource& source() { return source_; }

 private:
  TreeSource& source_;
  TreeId base_, ours_, theirs_;
  std::unordered_map<TreeId, Folder> folders_;
};

Result<Differences> collect_differences(TreeReader& reader);

// What one side moved, by the path in base.
struct Renames {
  std::map<std::string, std::string, std::less<>> files;
  std::map<std::string, std::string, std::less<>> folders;  // Only folders that are gone on that side.
};

Result<Renames> find_renames(TreeReader& reader, const Differences& differences, Side side, const TreeOptions& options);

// How alike two files are, 0 to 1, for many at once. Order and numbering of lines do not matter.
class Similarity {
 public:
  // The candidates, numbered in the order they are added.
  void add(std::string_view bytes);
  // The candidate most like `bytes`, if at least half alike; the first of equals.
  [[nodiscard]] std::optional<std::size_t> best(std::string_view bytes) const;

 private:
  struct Word {
    std::uint64_t hash;
    std::size_t weight;
  };
  static std::vector<Word> words_of(std::string_view bytes);
  std::vector<std::size_t> weights_;
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> files_by_word_;
};

// The folder of an element is one whole: "elements/w12" for "elements/w12/metadata.json" and the like.
bool is_element_file(std::string_view name);

// What metadata.json says of its element; an empty GlobalId: nothing.
ElementRef read_element(std::string_view metadata);

// Which of the GlobalIds occur in the text.
std::set<std::string> find_global_ids(std::string_view text, const std::set<std::string, std::less<>>& wanted);

std::string_view folder_of(std::string_view path);  // "a/b/c" -> "a/b", "a" -> "".
std::string_view name_of(std::string_view path);
std::string join(std::string_view folder, std::string_view name);
bool is_below(std::string_view folder, std::string_view path);  // Every path is below "".

}  // namespace aecos::merge
