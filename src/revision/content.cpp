#include "revision/content.h"

#include <map>

#include "diff/diff.h"
#include "revision/record.h"

namespace aecos::revision {
namespace {

bool is_file(const std::optional<FileVersion>& version) {
  return version && (version->mode == FileMode::file || version->mode == FileMode::executable);
}

std::string fate(const FileDifference& file) {
  if (!file.before) return "added";
  if (!file.after) return "deleted";
  if (file.before->id == file.after->id) {
    return file.after->mode == FileMode::executable ? "made executable" : "made not executable";
  }
  return "changed";
}

class Teller {
 public:
  Teller(const Library& library, DiffBudget budget) : library_(library), budget_(budget) {}

  FileChanges tell(const FileDifference& file) {
    FileChanges told{file.path, {}, fate(file), !file.before || !file.after};
    bool same = file.before && file.after && file.before->id == file.after->id;
    if (same || !(is_file(file.before) || is_file(file.after)) || budget_.files == 0) return told;
    auto before = read(file.before), after = read(file.after);
    if (!before || !after) return told;
    --budget_.files;
    auto changes = diff::diff_file(file.path, *before, *after);
    if (!changes || changes->empty()) return told;
    told.changes = *std::move(changes);
    told.note.clear();
    return told;
  }

 private:
  // Absent: it cannot be told more about it. LFS content is not fetched for a message.
  std::optional<std::string> read(const std::optional<FileVersion>& version) {
    if (!version) return "";
    if (!is_file(version)) return std::nullopt;
    auto size = library_.repository.blob_size(version->id);
    if (!size || *size > budget_.bytes) return std::nullopt;
    budget_.bytes -= *size;
    auto bytes = library_.repository.read_blob(version->id);
    if (!bytes || git::parse_lfs_pointer(*bytes)) return std::nullopt;
    return *std::move(bytes);
  }

  Library library_;
  DiffBudget budget_;
};

}  // namespace

Result<std::vector<TreeEntry>> GitTreeSource::entries(TreeId id) {
  if (!id) return std::vector<TreeEntry>{};
  return library_.repository.read_tree(id);
}

Result<std::string> GitTreeSource::content(BlobId id, std::string_view path) {
  AECOS_TRY_ASSIGN(std::string bytes, library_.repository.read_blob(id));
  if (!git::parse_lfs_pointer(bytes)) return bytes;
  return library_.large.read_lfs(bytes, std::string(path));
}

Result<BlobId> GitTreeSource::store(std::string_view path, std::string_view bytes, BlobId like) {
  AECOS_TRY_ASSIGN(std::string stored_like, library_.repository.read_blob(like));
  if (!git::parse_lfs_pointer(stored_like)) return library_.repository.write_blob(bytes);
  AECOS_TRY_ASSIGN(std::string pointer, library_.large.write_lfs(bytes, std::string(path)));
  return library_.repository.write_blob(pointer);
}

std::vector<FileChanges> changes_of(const Library& library, const std::vector<FileDifference>& differences,
                                    DiffBudget budget) {
  // A file that went here and came there with the same content was renamed.
  std::map<BlobId, const FileDifference*> gone, came;
  for (const FileDifference& file : differences) {
    if (is_file(file.before) && !file.after) gone.emplace(file.before->id, &file);
  }
  for (const FileDifference& file : differences) {
    if (is_file(file.after) && !file.before && gone.contains(file.after->id)) came.emplace(file.after->id, &file);
  }
  Teller teller(library, budget);
  std::vector<FileChanges> all;
  for (const FileDifference& file : differences) {
    if (is_in_records(file.path)) continue;
    auto moved_here = file.after ? came.find(file.after->id) : came.end();
    auto moved_away = file.before && !file.after ? came.find(file.before->id) : came.end();
    if (moved_away != came.end() && gone.at(file.before->id) == &file) continue;
    if (moved_here != came.end() && moved_here->second == &file) {
      all.push_back({file.path, {}, "renamed from " + gone.at(file.after->id)->path});
    } else {
      all.push_back(teller.tell(file));
    }
  }
  return all;
}

}  // namespace aecos::revision
