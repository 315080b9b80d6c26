#include "merge/tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <set>

namespace aecos::merge {
namespace {

// Path -> "bytes", "@target" of a link, "!bytes" of an executable, "=x" of a submodule.
using Files = std::map<std::string, std::string>;

// Trees and blobs in memory, numbered.
class MemorySource final : public TreeSource {
 public:
  Result<std::vector<TreeEntry>> entries(TreeId id) override {
    ++folders_read;
    return trees_.at(id);
  }
  Result<std::string> content(BlobId id, std::string_view) override {
    ++files_read;
    return bytes_.at(id);
  }
  Result<BlobId> store(std::string_view, std::string_view bytes, BlobId) override { return blob(std::string(bytes)); }

  BlobId blob(const std::string& bytes) {
    if (bytes.empty()) return keep(*BlobId::from_hex("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"), bytes);
    auto [known, added] = ids_.emplace(bytes, number(ids_.size() + 1));
    return keep(known->second, bytes);
  }

  TreeId tree(const Files& files, const std::string& prefix = "") {
    std::vector<TreeEntry> entries;
    for (auto file = files.lower_bound(prefix); file != files.end() && file->first.starts_with(prefix);) {
      const std::string rest = file->first.substr(prefix.size());
      const std::size_t slash = rest.find('/');
      if (slash == std::string::npos) {
        entries.push_back(leaf(rest, file->second));
        ++file;
        continue;
      }
      const std::string below = prefix + rest.substr(0, slash + 1);
      entries.push_back({rest.substr(0, slash), FileMode::folder, BlobId{tree(files, below).bytes}});
      while (file != files.end() && file->first.starts_with(below)) ++file;
    }
    if (entries.empty()) return {};
    std::sort(entries.begin(), entries.end(), [](const TreeEntry& a, const TreeEntry& b) {
      return (a.is_folder() ? a.name + "/" : a.name) < (b.is_folder() ? b.name + "/" : b.name);
    });
    std::string key;
    for (const TreeEntry& entry : entries)
      key += entry.name + '\0' + (entry.is_folder() ? "/" : "-") + entry.id.hex() +
             std::to_string(static_cast<int>(entry.mode));
    const BlobId id = blob("tree" + key);
    trees_[TreeId{id.bytes}] = std::move(entries);
    return TreeId{id.bytes};
  }

  Files apply(Files files, const std::vector<TreeEdit>& edits) {
    for (const TreeEdit& edit : edits) {
      if (edit.remove) {
        EXPECT_EQ(files.erase(edit.path), 1U) << edit.path;
        continue;
      }
      const std::string& bytes = bytes_.at(edit.id);
      files[edit.path] = edit.mode == FileMode::symlink      ? "@" + bytes
                         : edit.mode == FileMode::executable ? "!" + bytes
                         : edit.mode == FileMode::submodule  ? "=" + bytes
                                                             : bytes;
    }
    return files;
  }

  int folders_read = 0;
  int files_read = 0;

 private:
  static BlobId number(std::size_t count) {
    BlobId id;
    for (std::size_t i = 0; i < 8; ++i) id.bytes[i] = static_cast<std::uint8_t>(count >> (8 * i));
    id.bytes[19] = 1;
    return id;
  }
  BlobId keep(BlobId id, const std::string& bytes) {
    bytes_[id] = bytes;
    return id;
  }
  TreeEntry leaf(const std::string& name, const std::string& bytes) {
    if (bytes.starts_with('@')) return {name, FileMode::symlink, blob(bytes.substr(1))};
    if (bytes.starts_with('!')) return {name, FileMode::executable, blob(bytes.substr(1))};
    if (bytes.starts_with('=')) return {name, FileMode::submodule, blob(bytes.substr(1))};
    return {name, FileMode::file, blob(bytes)};
  }

  std::map<std::string, BlobId> ids_;
  std::map<BlobId, std::string> bytes_;
  std::map<TreeId, std::vector<TreeEntry>> trees_;
};

struct Merged {
  Files files;
  TreeOutcome outcome;
  // "kind path at" of each conflict, in order.
  [[nodiscard]] std::vector<std::string> conflicts() const {
    std::vector<std::string> lines;
    for (const PathConflict& conflict : outcome.conflicts) {
      std::string line = std::string(to_string(conflict.conflict.kind)) + " " + conflict.path;
      if (!conflict.conflict.at.empty()) line += " " + conflict.conflict.at;
      lines.push_back(line);
    }
    return lines;
  }
};

class MergeTrees : public testing::Test {
 protected:
  Merged merge(const Files& base, const Files& ours, const Files& theirs, const TreeOptions& options = {}) {
    const auto outcome = merge_trees(source, source.tree(base), source.tree(ours), source.tree(theirs), options);
    if (!outcome) throw std::runtime_error(outcome.error().message);
    return {source.apply(ours, outcome->edits), *outcome};
  }
  MemorySource source;
};

using Lines = std::vector<std::string>;
const std::string metadata = R"({"globalId":"3cUkl32yn9qRSPvBJVyWYp","class":"IfcWall","name":"W-12"})";
const std::string other_metadata = R"({"globalId":"0aaaa32yn9qRSPvBJVyWYp","class":"IfcDoor","name":"D-1"})";

TEST_F(MergeTrees, EditsOfDifferentFilesComeTogether) {
  const Merged merged = merge({{"a", "1"}, {"b", "1"}, {"c", "1"}}, {{"a", "2"}, {"b", "1"}, {"c", "1"}},
                              {{"a", "1"}, {"b", "2"}, {"d/e", "5"}});
  EXPECT_EQ(merged.files, (Files{{"a", "2"}, {"b", "2"}, {"d/e", "5"}}));
  EXPECT_EQ(merged.conflicts(), Lines{});
  ASSERT_EQ(merged.outcome.changes.size(), 3U);
  EXPECT_EQ(merged.outcome.changes[0].path, "b");
  EXPECT_TRUE(merged.outcome.changes[1].removed);
}

TEST_F(MergeTrees, AFileBothChangedIsMergedByItsType) {
  const Merged merged =
      merge({{"a.json", R"({"x":1,"y":1})"}}, {{"a.json", R"({"x":2,"y":1})"}}, {{"a.json", R"({"x":1,"y":2})"}});
  EXPECT_EQ(merged.files, (Files{{"a.json", R"({"x":2,"y":2})"}}));
  EXPECT_EQ(merged.conflicts(), Lines{});
  ASSERT_EQ(merged.outcome.changes.size(), 1U);
  EXPECT_EQ(merged.outcome.changes[0].side, Side::base);
  EXPECT_FALSE(merged.outcome.changes[0].taken.empty());
}

TEST_F(MergeTrees, TwoNewFilesOfOnePathAreMerged) {
  const Merged merged = merge({}, {{"a.json", R"({"x":1})"}}, {{"a.json", R"({"y":2})"}});
  EXPECT_EQ(merged.conflicts(), Lines{});
  EXPECT_NE(merged.files.at("a.json").find("\"x\""), std::string::npos);
  EXPECT_NE(merged.files.at("a.json").find("\"y\""), std::string::npos);
}

TEST_F(MergeTrees, AConflictInAFileNamesTheWholeFiles) {
  const Merged merged = merge({{"a.json", R"({"x":1})"}}, {{"a.json", R"({"x":2})"}}, {{"a.json", R"({"x":3})"}});
  EXPECT_EQ(merged.files, (Files{{"a.json", R"({"x":2})"}}));
  EXPECT_EQ(merged.conflicts(), (Lines{"both-changed a.json /x"}));
  EXPECT_EQ(merged.outcome.conflicts[0].theirs, source.blob(R"({"x":3})"));
  EXPECT_EQ(merged.outcome.conflicts[0].base, source.blob(R"({"x":1})"));
}

TEST_F(MergeTrees, AChangeOutlivesADeletion) {
  const Files base{{"a", "1"}, {"k", "1"}};
  for (const bool ours_deletes : {true, false}) {
    const Files deleted{{"k", "1"}}, changed{{"a", "2"}, {"k", "1"}};
    const Merged merged = merge(base, ours_deletes ? deleted : changed, ours_deletes ? changed : deleted);
    EXPECT_EQ(merged.files, changed);
    EXPECT_EQ(merged.conflicts(), (Lines{"deleted-changed a"}));
    EXPECT_EQ(merged.outcome.conflicts[0].conflict.chosen, ours_deletes ? Side::theirs : Side::ours);
  }
}

TEST_F(MergeTrees, APersonsDecisionComesFirst) {
  const Files base{{"a", "1"}}, changed{{"a", "2"}};
  TreeOptions options;
  options.file.choices[merge(base, {}, changed).outcome.conflicts[0].conflict.id] = Side::ours;
  EXPECT_EQ(merge(base, {}, changed, options).files, Files{});
}

TEST_F(MergeTrees, ModesAreMergedBesideContents) {
  const Merged merged = merge({{"run", "1"}}, {{"run", "!1"}}, {{"run", "2"}});
  EXPECT_EQ(merged.files, (Files{{"run", "!2"}}));
  EXPECT_EQ(merged.conflicts(), Lines{});
}

TEST_F(MergeTrees, LinksAndSubmodulesAreOpaque) {
  const Merged merged = merge({{"l", "@a"}, {"s", "=1"}}, {{"l", "@b"}, {"s", "=2"}}, {{"l", "@c"}, {"s", "=3"}});
  EXPECT_EQ(merged.files, (Files{{"l", "@b"}, {"s", "=2"}}));
  EXPECT_EQ(merged.conflicts(), (Lines{"both-changed l", "both-changed s"}));
  EXPECT_EQ(merged.outcome.conflicts[0].conflict.theirs, R"({"link":"c"})");
  EXPECT_EQ(merge({{"s", "=1"}}, {{"s", "=1"}}, {{"s", "=2"}}).files, (Files{{"s", "=2"}}));
}

TEST_F(MergeTrees, AFileAndALinkOfOneNameBothStay) {
  const Merged merged = merge({}, {{"x.txt", "1"}}, {{"x.txt", "@a"}});
  EXPECT_EQ(merged.files, (Files{{"x.txt", "1"}, {"x~theirs.txt", "@a"}}));
  EXPECT_EQ(merged.conflicts(), (Lines{"path x.txt"}));
}

TEST_F(MergeTrees, AFileAndAFolderOfOneNameBothStay) {
  Merged merged = merge({}, {{"x", "1"}}, {{"x/y", "2"}});
  EXPECT_EQ(merged.files, (Files{{"x~ours", "1"}, {"x/y", "2"}}));
  EXPECT_EQ(merged.conflicts(), (Lines{"path x~ours"}));
  merged = merge({{"x/y", "1"}}, {{"x/y", "2"}}, {{"x", "3"}});
  EXPECT_EQ(merged.files, (Files{{"x/y", "2"}, {"x~theirs", "3"}}));
  EXPECT_EQ(merged.conflicts(), (Lines{"deleted-changed x/y", "path x~theirs"}));
}

TEST_F(MergeTrees, ARenamedFileTakesTheOtherSidesEdit) {
  const Files base{{"models/a.txt", "one\ntwo\n"}, {"k", "1"}};
  const Files moved{{"arch/b.txt", "one\ntwo\n"}, {"k", "1"}}, edited{{"models/a.txt", "one\nTWO\n"}, {"k", "1"}};
  const Files wanted{{"arch/b.txt", "one\nTWO\n"}, {"k", "1"}};
  Merged merged = merge(base, moved, edited);
  EXPECT_EQ(merged.files, wanted);
  EXPECT_EQ(merged.conflicts(), Lines{});
  merged = merge(base, edited, moved);
  EXPECT_EQ(merged.files, wanted);
  ASSERT_EQ(merged.outcome.changes.size(), 1U);
  EXPECT_EQ(merged.outcome.changes[0].from, "models/a.txt");
}

TEST_F(MergeTrees, ARenamedAndEditedFileIsKnownByItsContent) {
  std::string text, ours, theirs;
  for (int i = 0; i < 40; ++i) {
    const std::string line = "a line about subject" + std::to_string(i) + "x\n";
    text += line;
    ours += i == 3 ? "something else entirely\n" : line;
    theirs += i == 30 ? "their own words here\n" : line;
  }
  const Merged merged =
      merge({{"a.txt", text}}, {{"b.txt", ours}, {"c.txt", "unrelated words\n"}}, {{"a.txt", theirs}});
  EXPECT_EQ(merged.conflicts(), Lines{});
  ASSERT_TRUE(merged.files.contains("b.txt"));
  EXPECT_FALSE(merged.files.contains("a.txt"));
  EXPECT_NE(merged.files.at("b.txt").find("something else"), std::string::npos);
  EXPECT_NE(merged.files.at("b.txt").find("their own words"), std::string::npos);
}

TEST_F(MergeTrees, OneFileRenamedTwiceStaysOneFile) {
  const Merged merged = merge({{"a", "text"}}, {{"b", "text"}}, {{"c", "text"}});
  EXPECT_EQ(merged.files, (Files{{"b", "text"}}));
  EXPECT_EQ(merged.conflicts(), (Lines{"path b"}));
  EXPECT_EQ(merged.outcome.conflicts[0].conflict.theirs, "\"c\"");
}

TEST_F(MergeTrees, TwoFilesRenamedToOnePathBothStay) {
  const Merged merged = merge({{"a.txt", "text a"}, {"b.txt", "text b"}}, {{"c.txt", "text a"}, {"b.txt", "text b"}},
                              {{"a.txt", "text a"}, {"c.txt", "text b"}});
  EXPECT_EQ(merged.files, (Files{{"c.txt", "text a"}, {"c~theirs.txt", "text b"}}));
  EXPECT_EQ(merged.conflicts(), (Lines{"path c.txt"}));
}

TEST_F(MergeTrees, RenamedHereDeletedThereStays) {
  const Merged merged = merge({{"a", "text"}}, {{"b", "text"}}, {});
  EXPECT_EQ(merged.files, (Files{{"b", "text"}}));
  EXPECT_EQ(merged.conflicts(), (Lines{"deleted-changed b"}));
}

TEST_F(MergeTrees, ANewFileFollowsItsRenamedFolder) {
  const Files base{{"old/a", "text a"}, {"old/b", "text b"}};
  const Files moved{{"new/a", "text a"}, {"new/b", "text b"}};
  Files added = base;
  added["old/c"] = "text c";
  added["old/sub/d"] = "text d";
  const Merged merged = merge(base, moved, added);
  EXPECT_EQ(merged.files,
            (Files{{"new/a", "text a"}, {"new/b", "text b"}, {"new/c", "text c"}, {"new/sub/d", "text d"}}));
  EXPECT_EQ(merged.conflicts(), Lines{});
  EXPECT_EQ(merge(base, added, moved).files, merged.files);
}

TEST_F(MergeTrees, EmptyFilesAreNoRenames) {
  const Merged merged = merge({{"a/x", ""}}, {{"b/x", ""}}, {{"a/x", "text"}});
  EXPECT_EQ(merged.conflicts(), (Lines{"deleted-changed a/x"}));
  EXPECT_EQ(merged.files, (Files{{"a/x", "text"}, {"b/x", ""}}));
}

TEST_F(MergeTrees, AnElementFolderIsKnownByItsGlobalId) {
  const Files base{{"elements/w1/metadata.json", metadata}, {"elements/w1/spec.md", "same\n"}};
  const std::string renamed = R"({"globalId":"3cUkl32yn9qRSPvBJVyWYp","class":"IfcWall","name":"W-99","storey":"2"})";
  Files theirs = base;
  theirs["elements/w1/spec.md"] = "edited\n";
  // Ours renamed the wall and drew a door whose spec is the same text.
  const Merged merged = merge(base,
                              {{"elements/a/metadata.json", other_metadata},
                               {"elements/a/spec.md", "same\n"},
                               {"elements/w99/metadata.json", renamed},
                               {"elements/w99/spec.md", "same\n"}},
                              theirs);
  EXPECT_EQ(merged.conflicts(), Lines{});
  EXPECT_EQ(merged.files.at("elements/w99/spec.md"), "edited\n");
  EXPECT_EQ(merged.files.at("elements/a/spec.md"), "same\n");
  EXPECT_EQ(merged.files.size(), 4U);
}

TEST_F(MergeTrees, ADeletedElementThatTheOtherSideChangesStaysWhole) {
  const Files base{
      {"elements/w1/element.ifc", "I"}, {"elements/w1/metadata.json", metadata}, {"elements/w1/spec.md", "s\n"}};
  Files theirs = base;
  theirs["elements/w1/spec.md"] = "edited\n";
  for (const bool swap : {false, true}) {
    const Merged merged = swap ? merge(base, theirs, {}) : merge(base, {}, theirs);
    EXPECT_EQ(merged.files, theirs);
    EXPECT_EQ(merged.conflicts(), (Lines{"deleted-changed elements/w1"}));
    EXPECT_EQ(merged.outcome.conflicts[0].conflict.element.name, "W-12");
  }
  EXPECT_EQ(merge(base, {}, base).files, Files{});
}

TEST_F(MergeTrees, ADeletedElementThatTheOtherSideNewlyRefersToStays) {
  const Files base{{"elements/d1/metadata.json", other_metadata},
                   {"elements/w1/metadata.json", metadata},
                   {"elements/w1/spec.md", "s\n"}};
  Files ours = base;
  ours.erase("elements/w1/metadata.json");
  ours.erase("elements/w1/spec.md");
  Files theirs = base;
  theirs["elements/d1/metadata.json"] =
      R"({"globalId":"0aaaa32yn9qRSPvBJVyWYp","class":"IfcDoor","name":"D-1","host":"3cUkl32yn9qRSPvBJVyWYp"})";
  const Merged merged = merge(base, ours, theirs);
  EXPECT_EQ(merged.files, theirs);
  EXPECT_EQ(merged.conflicts(), (Lines{"deleted-referenced elements/w1 elements/d1/metadata.json"}));
  // What referred to it all along does not bring it back.
  Files old = base;
  old["elements/d1/metadata.json"] = theirs["elements/d1/metadata.json"];
  Files deleted = old, edited = old;
  deleted.erase("elements/w1/metadata.json");
  deleted.erase("elements/w1/spec.md");
  edited["elements/d1/metadata.json"].insert(1, R"("x":1,)");
  EXPECT_EQ(merge(old, deleted, edited).conflicts(), Lines{});
}

TEST_F(MergeTrees, ConflictRecordsNeverConflict) {
  const std::string record = ".aecos/conflicts/c-1.json";
  EXPECT_EQ(merge({}, {{record, "1"}}, {{record, "2"}}).conflicts(), Lines{});
  EXPECT_EQ(merge({{record, "0"}}, {{record, "1"}}, {{record, "2"}}).conflicts(), Lines{});
  const Merged merged = merge({{record, "0"}}, {}, {{record, "2"}});
  EXPECT_EQ(merged.conflicts(), Lines{});
  EXPECT_EQ(merged.files, (Files{{record, "2"}}));
  EXPECT_EQ(merge({{record, "0"}}, {}, {{record, "0"}}).files, Files{});
  EXPECT_EQ(merge({}, {{record, "1"}}, {{".aecos/conflicts/c-2.json", "2"}}).files.size(), 2U);
}

TEST_F(MergeTrees, NamesThatDifferInCaseAreNoted) {
  const Merged merged = merge({}, {{"Models/a.txt", "1"}}, {{"models/A.txt", "2"}});
  EXPECT_EQ(merged.files.size(), 2U);
  EXPECT_EQ(merged.conflicts(), (Lines{"path models", "path models/A.txt"}));
  EXPECT_EQ(merge({}, {{"a", "1"}, {"A", "1"}}, {{"b", "1"}}).conflicts(), Lines{});
}

TEST_F(MergeTrees, UnrelatedHistoriesUnite) {
  const Merged merged = merge({}, {{"a", "1"}, {"same", "x"}}, {{"b", "2"}, {"same", "x"}});
  EXPECT_EQ(merged.files, (Files{{"a", "1"}, {"b", "2"}, {"same", "x"}}));
  EXPECT_EQ(merged.conflicts(), Lines{});
}

TEST_F(MergeTrees, EqualFoldersAreNotVisited) {
  Files base;
  for (int i = 0; i < 300; ++i)
    for (const char* name : {"element.ifc", "metadata.json"})
      base["elements/" + std::to_string(i) + "/" + name] = name + std::to_string(i);
  Files ours = base, theirs = base;
  ours["elements/7/element.ifc"] = "x";
  theirs["elements/8/element.ifc"] = "y";
  const Merged merged = merge(base, ours, theirs);
  EXPECT_EQ(merged.outcome.edits.size(), 1U);
  EXPECT_EQ(source.folders_read, 3 + 3 + 4);  // Three roots, three lists of elements, two folders before and after.
  EXPECT_EQ(source.files_read, 0);
}

TEST_F(MergeTrees, DeepFoldersAreAnErrorNotACrash) {
  std::string path;
  for (int i = 0; i < 1500; ++i) path += "abc/";
  EXPECT_FALSE(
      merge_trees(source, source.tree({}), source.tree({{path + "x", "1"}}), source.tree({{path + "x", "2"}}), {}));
}

// All that a version can be, over a file and a name that is a file or a folder.
std::vector<Files> small_trees() {
  std::vector<Files> all;
  for (const char* a : {"", "1\n", "2\n", "3\n"}) {
    for (const char* d : {"", "1\n", "4\n", "/1\n", "/5\n"}) {
      Files files;
      if (*a) files["a"] = a;
      if (*d == '/') files["d/x"] = d + 1;
      if (*d && *d != '/') files["d"] = d;
      all.push_back(files);
    }
  }
  return all;
}

std::set<std::string> texts_of(const Files& files) {
  std::set<std::string> texts;
  for (const auto& [path, text] : files) texts.insert(text);
  return texts;
}

class SmallTrees : public MergeTrees {
 protected:
  // What the merged tree or a record still holds.
  void expect_nothing_lost(const Files& base, const Files& side, const Merged& merged) {
    std::set<std::string> kept = texts_of(merged.files);
    std::set<BlobId> recorded;
    std::string values;
    for (const PathConflict& conflict : merged.outcome.conflicts) {
      recorded.insert({conflict.base, conflict.ours, conflict.theirs});
      values += conflict.conflict.ours.value_or("") + conflict.conflict.theirs.value_or("");
    }
    for (const auto& [path, text] : side) {
      if (texts_of(base).contains(text)) continue;  // Not new, or moved.
      const bool found = kept.contains(text) || recorded.contains(source.blob(text)) ||
                         values.find(text.substr(0, 1)) != std::string::npos ||
                         std::any_of(kept.begin(), kept.end(), [&](const auto& k) { return k.find(text) != k.npos; });
      EXPECT_TRUE(found) << path << " " << text;
    }
  }
};

TEST_F(SmallTrees, TheLawsHoldForAllOfThem) {
  const std::vector<Files> all = small_trees();
  for (const Files& base : all) {
    for (const Files& ours : all) {
      EXPECT_EQ(merge(base, ours, base).files, ours);
      EXPECT_EQ(merge(base, base, ours).files, ours);
      EXPECT_EQ(merge(base, ours, ours).files, ours);
      EXPECT_TRUE(merge(base, ours, base).conflicts().empty() && merge(base, ours, ours).conflicts().empty());
      for (const Files& theirs : all) {
        TreeOptions options;
        const Merged merged = merge(base, ours, theirs);
        options.file.integrated = Side::theirs;
        const Merged mirrored = merge(base, theirs, ours, options);
        EXPECT_EQ(texts_of(merged.files), texts_of(mirrored.files));
        EXPECT_EQ(merged.conflicts().size(), mirrored.conflicts().size());
        expect_nothing_lost(base, ours, merged);
        expect_nothing_lost(base, theirs, merged);
        if (HasFailure())
          FAIL() << testing::PrintToString(base) << testing::PrintToString(ours) << testing::PrintToString(theirs)
                 << testing::PrintToString(merged.files) << testing::PrintToString(mirrored.files);
      }
    }
  }
}

// Random edits of a tree: files changed, added, removed, moved, folders moved. Each writes a word nobody else writes.
class RandomTrees : public MergeTrees {
 protected:
  std::size_t pick(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random); }
  std::string word() { return "word" + std::to_string(next_word++) + "x"; }

  Files base_tree() {
    Files files;
    for (const char* folder : {"", "a/", "a/b/", "c/", "elements/w1/", "elements/w2/"})
      for (const char* name : {"x.txt", "y.json", "z.md"}) files[std::string(folder) + name] = content(name);
    files["elements/w1/metadata.json"] = metadata;
    files["elements/w2/metadata.json"] = other_metadata;
    return files;
  }

  std::string content(const std::string& name) {
    if (name.ends_with(".json")) return "{\"k\": \"" + word() + "\", \"l\": \"" + word() + "\"}\n";
    std::string text;
    for (int i = 0; i < 6; ++i) text += "a line of " + word() + "\n\n";
    return text;
  }

  // The words that were written are added to `written`.
  void edit(Files& files, std::set<std::string>& written) {
    if (files.empty()) return;
    auto file = std::next(files.begin(), static_cast<std::ptrdiff_t>(pick(files.size())));
    const std::string path = file->first, text = file->second;
    const std::string folder = path.substr(0, path.rfind('/') + 1);
    switch (pick(6)) {
      case 0:
      case 1: {
        const std::size_t at = text.find("word");
        if (at == std::string::npos) return;
        const std::string fresh = word();
        written.insert(fresh);
        file->second.replace(at, text.find('x', at) + 1 - at, fresh);
        return;
      }
      case 2: {
        const std::string fresh = content(path);
        for (std::size_t at = fresh.find("word"); at != std::string::npos; at = fresh.find("word", at + 1))
          written.insert(fresh.substr(at, fresh.find('x', at) + 1 - at));
        files.emplace(folder + "new" + std::to_string(pick(3)) + path.substr(path.rfind('.')), fresh);
        return;
      }
      case 3:
        files.erase(file);
        return;
      case 4:
        files.erase(file);
        files.emplace("moved/" + std::to_string(pick(5)) + path.substr(path.rfind('.')), text);
        return;
      default:
        if (!folder.empty()) move_folder(files, folder, "m" + std::to_string(pick(3)) + "/");
    }
  }

  static void move_folder(Files& files, const std::string& from, const std::string& to) {
    Files moved;
    for (auto file = files.lower_bound(from); file != files.end() && file->first.starts_with(from);) {
      moved.emplace(to + file->first.substr(from.size()), file->second);
      file = files.erase(file);
    }
    files.insert(moved.begin(), moved.end());
  }

  // No file lies where another one has a folder.
  static bool is_tree(const Files& files) {
    return std::none_of(files.begin(), files.end(), [&](const auto& file) {
      const auto below = files.lower_bound(file.first + "/");
      return below != files.end() && below->first.starts_with(file.first + "/");
    });
  }

  // Words of a side that its own tree still has must be in the merged one, or in a record.
  void expect_kept(const std::set<std::string>& written, const Files& side, const Merged& merged) {
    std::string all, own;
    for (const auto& [path, text] : side) own += text;
    for (const auto& [path, text] : merged.files) all += text;
    for (const PathConflict& conflict : merged.outcome.conflicts) {
      all += conflict.conflict.ours.value_or("") + conflict.conflict.theirs.value_or("");
      for (const BlobId id : {conflict.ours, conflict.theirs})
        if (id) all += *source.content(id, conflict.path);
    }
    for (const std::string& fresh : written) {
      if (own.find(fresh) == std::string::npos) continue;
      EXPECT_NE(all.find(fresh), std::string::npos) << fresh;
    }
  }

  std::mt19937 random{7};
  int next_word = 0;
};

TEST_F(RandomTrees, TheLawsHold) {
  const int rounds = std::getenv("AECOS_LONG") != nullptr ? 5000 : 400;
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    const Files base = base_tree();
    Files ours = base, theirs = base;
    std::set<std::string> by_ours, by_theirs;
    for (std::size_t i = pick(6); i > 0; --i) edit(ours, by_ours);
    for (std::size_t i = pick(6); i > 0; --i) edit(theirs, by_theirs);
    if (!is_tree(ours) || !is_tree(theirs)) continue;
    EXPECT_EQ(merge(base, ours, base).files, ours);
    EXPECT_EQ(merge(base, base, theirs).files, theirs);
    EXPECT_EQ(merge(base, ours, ours).files, ours);
    const Merged merged = merge(base, ours, theirs);
    EXPECT_TRUE(is_tree(merged.files));
    expect_kept(by_ours, ours, merged);
    expect_kept(by_theirs, theirs, merged);
    TreeOptions options;
    options.file.integrated = Side::theirs;
    const Merged mirrored = merge(base, theirs, ours, options);
    EXPECT_EQ(texts_of(mirrored.files), texts_of(merged.files));
    if (HasFailure())
      FAIL() << round << testing::PrintToString(base) << "\n\nours" << testing::PrintToString(ours) << "\n\ntheirs"
             << testing::PrintToString(theirs) << "\n\nmerged" << testing::PrintToString(merged.files) << "\n\nmirrored"
             << testing::PrintToString(mirrored.files) << testing::PrintToString(merged.conflicts());
  }
}

}  // namespace
}  // namespace aecos::merge
