#include "sync/place.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "os/faulty_file_system.h"
#include "os/memory_file_system.h"
#include "os/path.h"

namespace aecos::sync {
namespace {

struct File {
  std::string bytes;
  FileMode mode = FileMode::file;
};
using Tree = std::map<std::string, File>;

CommitId commit_id(std::uint8_t number) {
  CommitId id;
  id.bytes[0] = number;
  return id;
}

// Commits in memory; the branch is a file of the work tree's disk, so that it too can be caught by a power failure.
class MemoryVersions final : public Versions {
 public:
  explicit MemoryVersions(os::FileSystem& files) : files_(files) {}

  void add(CommitId id, Tree tree) { commits_[id] = std::move(tree); }

  Result<std::vector<FileDifference>> difference(CommitId from, CommitId to) override {
    std::map<std::string, FileDifference> found;
    for (const auto& [path, file] : commits_[from]) found[path].before = version(file);
    for (const auto& [path, file] : commits_[to]) found[path].after = version(file);
    std::vector<FileDifference> list;
    for (auto& [path, file] : found) {
      file.path = path;
      if (file.before != file.after) list.push_back(file);
    }
    return list;
  }

  Result<std::vector<std::string>> contents(const std::vector<FileAt>& files) override {
    std::vector<std::string> all;
    for (const FileAt& file : files) all.push_back(blobs_[file.version.id]);
    return all;
  }

  Result<std::vector<bool>> are_as(const std::vector<FileAt>& files) override {
    std::vector<bool> same;
    for (const FileAt& file : files) {
      auto bytes = files_.read(os::join("/tree", file.path));
      same.push_back(bytes && *bytes == blobs_[file.version.id]);
    }
    return same;
  }

  Result<> set_index(const std::vector<TreeEdit>& edits) override {
    return files_.write("/git/index", std::to_string(edits.size()));
  }

  Result<> move_branch(const Placing& move, const std::string&) override {
    if (branch() != move.from) return Error{ErrorCode::changed_meanwhile, "the branch moved"};
    return files_.write("/git/branch", move.to.hex());
  }

  CommitId branch() const { return *CommitId::from_hex(*files_.read("/git/branch")); }

 private:
  FileVersion version(const File& file) {
    BlobId id;
    std::uint64_t hash = hash_bytes(file.bytes);
    for (std::size_t i = 0; i < 8; ++i) id.bytes[i] = static_cast<std::uint8_t>(hash >> 8 * i);
    blobs_[id] = file.bytes;
    return {file.mode, id};
  }

  os::FileSystem& files_;
  std::map<CommitId, Tree> commits_;
  std::map<BlobId, std::string> blobs_;
};

const CommitId one = commit_id(1), two = commit_id(2);

class Place : public testing::Test {
 protected:
  Place() {
    EXPECT_TRUE(disk.create_directories("/tree"));
    EXPECT_TRUE(disk.create_directories("/git"));
    EXPECT_TRUE(disk.write("/git/branch", one.hex()));
    versions.add(one, {{"keep.txt", {"keep"}},
                       {"change.txt", {"old"}},
                       {"gone/deep/x.txt", {"x"}},
                       {"was_file", {"file"}},
                       {"was_folder/a", {"a"}},
                       {"run.sh", {"echo"}}});
    versions.add(two, {{"keep.txt", {"keep"}},
                       {"change.txt", {"new"}},
                       {"new/ä ö/file.txt", {"n"}},
                       {"was_file/inside", {"i"}},
                       {"was_folder", {"f"}},
                       {"run.sh", {"echo", FileMode::executable}},
                       {"link", {"change.txt", FileMode::symlink}}});
    write_tree(one);
  }

  void write_tree(CommitId commit) {
    auto files = versions.difference({}, commit);
    for (const FileDifference& file : *files) {
      std::string path = os::join("/tree", file.path);
      EXPECT_TRUE(disk.create_directories(std::string(os::parent_of(path))));
      EXPECT_TRUE(disk.write(path, (*versions.contents({{file.path, *file.after}}))[0]));
    }
  }

  Result<Placed> move(CommitId from, CommitId to) {
    Journal journal = *read_journal(disk, desk.journal_path);
    return place(desk, {"refs/heads/ana", from, to}, journal, "sync");
  }

  // All files of the tree; "->" before where a link leads, "*" before the bytes of what can be run.
  std::map<std::string, std::string> tree(const std::string& folder = "") {
    std::map<std::string, std::string> all;
    auto entries = disk.list(os::join("/tree", folder));
    for (const os::DirectoryEntry& entry : *entries) {
      std::string path = os::join(folder, entry.name), full = os::join("/tree", path);
      if (os::is_temporary_name(entry.name)) continue;
      if (entry.type == os::FileType::directory) {
        all.merge(tree(path));
      } else if (entry.type == os::FileType::symlink) {
        all[path] = "->" + *disk.read_link(full);
      } else {
        all[path] = ((disk.status(full)->mode & 0100U) ? "*" : "") + *disk.read(full);
      }
    }
    return all;
  }

  const std::map<std::string, std::string> tree_one{{"keep.txt", "keep"},     {"change.txt", "old"},
                                                    {"gone/deep/x.txt", "x"}, {"was_file", "file"},
                                                    {"was_folder/a", "a"},    {"run.sh", "echo"}};
  const std::map<std::string, std::string> tree_two{
      {"keep.txt", "keep"}, {"change.txt", "new"}, {"new/ä ö/file.txt", "n"}, {"was_file/inside", "i"},
      {"was_folder", "f"},  {"run.sh", "*echo"},   {"link", "->change.txt"}};

  os::MemoryFileSystem memory;
  os::FaultyFileSystem disk{memory};
  MemoryVersions versions{disk};
  Desk desk{disk, versions, "/tree", "/git/aecos/journal.json"};
};

TEST_F(Place, MovesFilesFoldersModesAndLinks) {
  auto placed = move(one, two);
  ASSERT_TRUE(placed);
  EXPECT_EQ(tree(), tree_two);
  EXPECT_FALSE(os::exists(disk, "/tree/gone"));
  EXPECT_TRUE(placed->waiting.empty());
  EXPECT_EQ(versions.branch(), two);
  EXPECT_EQ(*read_journal(disk, desk.journal_path), Journal{});
  ASSERT_TRUE(move(two, one));
  EXPECT_EQ(tree(), tree_one);
}

TEST_F(Place, WhatWasSavedMeanwhileStaysAndWaits) {
  ASSERT_TRUE(disk.write("/tree/change.txt", "mine"));
  ASSERT_TRUE(disk.create_directories("/tree/new/ä ö"));
  ASSERT_TRUE(disk.write("/tree/new/ä ö/file.txt", "mine too"));
  ASSERT_TRUE(disk.write("/tree/gone/deep/x.txt", "still needed"));
  auto placed = move(one, two);
  ASSERT_TRUE(placed);
  EXPECT_EQ(tree()["change.txt"], "mine");
  EXPECT_EQ(tree()["new/ä ö/file.txt"], "mine too");
  EXPECT_EQ(tree()["gone/deep/x.txt"], "still needed");
  ASSERT_EQ(placed->waiting.size(), 3U);
  for (const Waiting& waiting : placed->waiting) {
    EXPECT_EQ(waiting.edited, waiting.path != "new/ä ö/file.txt") << waiting.path;
  }
  Journal journal = *read_journal(disk, desk.journal_path);
  EXPECT_EQ(journal.waiting, (std::map<std::string, CommitId>{
                                 {"change.txt", one}, {"gone/deep/x.txt", one}, {"new/ä ö/file.txt", one}}));
  EXPECT_FALSE(journal.placing);
}

TEST_F(Place, AFileOpenElsewhereIsPlacedWhenItIsFree) {
  disk.lock_by_other("/tree/change.txt");
  ASSERT_TRUE(disk.write("/tree/~$run.sh", ""));
  auto placed = move(one, two);
  ASSERT_TRUE(placed);
  ASSERT_EQ(placed->waiting.size(), 2U);
  EXPECT_EQ(placed->waiting[0].reason, "open in another program (locked)");
  EXPECT_EQ(placed->waiting[1].reason, "open in another program (~$run.sh)");
  EXPECT_EQ(tree()["change.txt"], "old");
  EXPECT_EQ(versions.branch(), two);
  disk.unlock_by_other("/tree/change.txt");
  ASSERT_TRUE(disk.remove("/tree/~$run.sh"));
  placed = move(two, two);
  ASSERT_TRUE(placed);
  EXPECT_EQ(tree(), tree_two);
  EXPECT_TRUE(placed->waiting.empty());
}

TEST_F(Place, NothingIsWrittenThroughALinkOrOutOfTheTree) {
  ASSERT_TRUE(disk.create_directories("/elsewhere"));
  ASSERT_TRUE(disk.symlink("/elsewhere", "/tree/new"));
  versions.add(two, {{"new/file.txt", {"n"}},
                     {"../up.txt", {"u"}},
                     {".git/hooks/x", {"u"}},
                     {"out", {"../../etc", FileMode::symlink}},
                     {"out2", {"/etc", FileMode::symlink}},
                     {"in", {"sub/../keep.txt", FileMode::symlink}}});
  auto placed = move(one, two);
  ASSERT_TRUE(placed);
  EXPECT_EQ(placed->waiting.size(), 5U);
  EXPECT_TRUE(disk.list("/elsewhere")->empty());
  EXPECT_FALSE(os::exists(disk, "/up.txt"));
  EXPECT_FALSE(os::exists(disk, "/tree/.git"));
  EXPECT_EQ(tree(), (std::map<std::string, std::string>{{"in", "->sub/../keep.txt"}, {"new", "->/elsewhere"}}));
}

TEST_F(Place, AFolderWithOtherFilesIsNotTornDown) {
  ASSERT_TRUE(disk.write("/tree/was_folder/mine", "mine"));
  auto placed = move(one, two);
  ASSERT_TRUE(placed);
  ASSERT_EQ(placed->waiting.size(), 1U);
  EXPECT_EQ(placed->waiting[0].path, "was_folder");
  EXPECT_EQ(tree()["was_folder/mine"], "mine");
}

TEST_F(Place, ADiskWithoutSpaceLeavesWholeFiles) {
  disk.set_space_left(600);
  static_cast<void>(move(one, two));
  for (const auto& [path, bytes] : tree()) {
    bool old = tree_one.contains(path) && tree_one.at(path) == bytes;
    bool fresh = tree_two.contains(path) && tree_two.at(path) == bytes;
    EXPECT_TRUE(old || fresh) << path;
  }
}

class PlaceCrash : public Place {
 protected:
  // Kills the move at `moment`; false: it went through before.
  bool crash(std::uint64_t moment) {
    disk.fail_power_at(moment);
    bool through = true;
    try {
      static_cast<void>(move(one, two));
    } catch (const os::PowerLoss&) {
      through = false;
    }
    disk.restart();
    return !through;
  }

  void go_on() {
    Journal journal = *read_journal(disk, desk.journal_path);
    Placing next{"refs/heads/ana", versions.branch(), versions.branch()};
    if (journal.placing) next.to = journal.placing->to;
    auto placed = place(desk, next, journal, "sync");
    ASSERT_TRUE(placed) << placed.error().message;
  }

  void set_back() {
    ASSERT_TRUE(os::remove_all(memory, "/tree"));
    ASSERT_TRUE(os::remove_all(memory, "/git/aecos"));
    ASSERT_TRUE(memory.create_directories("/tree"));
    ASSERT_TRUE(memory.write("/git/branch", one.hex()));
    write_tree(one);
  }
};

TEST_F(PlaceCrash, AtEveryMomentFilesAreWholeAndTheNextRunFinishes) {
  std::uint64_t moment = 0;
  for (; crash(moment); ++moment) {
    for (const auto& [path, bytes] : tree()) {
      bool old = tree_one.contains(path) && tree_one.at(path) == bytes;
      bool fresh = tree_two.contains(path) && tree_two.at(path) == bytes;
      ASSERT_TRUE(old || fresh) << "moment " << moment << ": " << path << " is " << bytes;
    }
    bool began = read_journal(disk, desk.journal_path)->placing.has_value();
    go_on();
    bool moved = versions.branch() == two;
    ASSERT_EQ(tree(), moved ? tree_two : tree_one) << "moment " << moment;
    ASSERT_TRUE(moved || !began) << "moment " << moment;
    ASSERT_EQ(*read_journal(disk, desk.journal_path), Journal{})
        << "moment " << moment << *disk.read(desk.journal_path);
    set_back();
  }
  EXPECT_GT(moment, 40U);
}

TEST_F(PlaceCrash, WhatIsSavedAfterACrashIsNeverOverwritten) {
  std::uint64_t moment = 0;
  for (; crash(moment); ++moment) {
    ASSERT_TRUE(disk.write("/tree/change.txt", "saved after the crash"));
    ASSERT_TRUE(disk.write("/tree/run.sh", "saved too"));
    go_on();
    ASSERT_EQ(tree()["change.txt"], "saved after the crash") << "moment " << moment;
    ASSERT_EQ(*disk.read("/tree/run.sh"), "saved too") << "moment " << moment;
    set_back();
  }
  EXPECT_GT(moment, 40U);
}

TEST(Journal, KeepsEveryPath) {
  os::MemoryFileSystem files;
  Journal journal{Placing{"refs/heads/ana", one, two}, {{"a ä \"b\".txt", one}, {"\xff\xfe", two}}, std::nullopt};
  ASSERT_TRUE(write_journal(files, "/x/journal.json", journal));
  EXPECT_EQ(*read_journal(files, "/x/journal.json"), journal);
  EXPECT_EQ(*read_journal(files, "/x/none.json"), Journal{});
  ASSERT_TRUE(files.write("/x/journal.json", "{\"waiting\": [{}]}\n"));
  EXPECT_FALSE(read_journal(files, "/x/journal.json"));
}

TEST(Journal, OneStateOnSeveralLinesIsRead) {
  os::MemoryFileSystem files;
  ASSERT_TRUE(files.create_directories("/x"));
  ASSERT_TRUE(files.write("/x/journal.json",
                          "{\n \"waiting\": [\n {\"path\": \"a\", \"commit\": \"" + one.hex() + "\"}\n ]\n}\n"));
  EXPECT_EQ(*read_journal(files, "/x/journal.json"), (Journal{{}, {{"a", one}}, {}}));
}

TEST(Journal, ALineThatWasBeingAddedDoesNotCount) {
  os::MemoryFileSystem files;
  const Journal first{Placing{"refs/heads/ana", one, two}, {}, std::nullopt}, second{{}, {{"a", one}}, {}};
  ASSERT_TRUE(write_journal(files, "/x/journal.json", first));
  const std::string before = *files.read("/x/journal.json");
  ASSERT_TRUE(write_journal(files, "/x/journal.json", second));
  const std::string after = *files.read("/x/journal.json");
  ASSERT_TRUE(after.starts_with(before));
  for (std::size_t size = before.size(); size <= after.size(); ++size) {
    ASSERT_TRUE(files.write("/x/journal.json", after.substr(0, size)));
    EXPECT_EQ(*read_journal(files, "/x/journal.json"), size < after.size() ? first : second) << size;
    ASSERT_TRUE(write_journal(files, "/x/journal.json", second));
    EXPECT_EQ(*read_journal(files, "/x/journal.json"), second) << size;
  }
}

TEST(Journal, DoesNotGrowWithoutEnd) {
  os::MemoryFileSystem files;
  for (int i = 0; i < 2000; ++i) {
    Journal journal{{}, {{std::to_string(i), one}}, {}};
    ASSERT_TRUE(write_journal(files, "/x/journal.json", journal));
    ASSERT_EQ(*read_journal(files, "/x/journal.json"), journal);
    ASSERT_LE(files.status("/x/journal.json")->size, 64U << 10U);
  }
}

}  // namespace
}  // namespace aecos::sync
