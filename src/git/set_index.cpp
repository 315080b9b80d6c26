#include <algorithm>
#include <cstdio>
#include <memory>

#include "git/index_patch_internal.h"
#include "git/program.h"
#include "git/repository.h"
#include "os/path.h"

namespace aecos::git {
namespace {

constexpr std::size_t worth_patching = 1000;  // So many entries of the index; more are as well done by git.

std::string octal(FileMode mode) {
  switch (mode) {
    case FileMode::executable:
      return "100755";
    case FileMode::symlink:
      return "120000";
    case FileMode::submodule:
      return "160000";
    default:
      return "100644";
  }
}

bool is_regular(FileMode mode) { return mode == FileMode::file || mode == FileMode::executable; }

// git's lock of a file: FILE.lock, made by whoever writes FILE and renamed to it.
class LockFile {
 public:
  LockFile(os::FileSystem& files, std::string path) : files_(files), path_(std::move(path)), lock_(path_ + ".lock") {
    file_ = std::fopen(lock_.c_str(), "wbx");
  }
  ~LockFile() {
    if (file_ == nullptr) return;
    std::fclose(file_);
    (void)static_cast<bool>(files_.remove(lock_));
  }
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;

  [[nodiscard]] bool held() const { return file_ != nullptr; }
  Result<> commit(std::string_view bytes) {
    const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file_) == bytes.size() && std::fflush(file_) == 0;
    if (!written) return Error{ErrorCode::unavailable, lock_ + ": cannot be written; is the disk full?"};
    AECOS_TRY(files_.rename(lock_, path_));
    std::fclose(file_);
    file_ = nullptr;
    return {};
  }

 private:
  os::FileSystem& files_;
  std::string path_, lock_;
  std::FILE* file_ = nullptr;
};

}  // namespace

Result<> Program::set_index(const std::vector<TreeEdit>& edits) {
  if (edits.empty()) return {};
  AECOS_TRY_ASSIGN(const bool done, patch_index_file(edits));
  if (done) return {};
  std::string lines;
  // Taken out first, so that unmerged stages and a file where a folder is meant go too.
  for (const TreeEdit& edit : edits) lines += "0 " + BlobId{}.hex() + "\t" + edit.path + '\0';
  std::vector<std::string> placed;
  for (const TreeEdit& edit : edits) {
    if (edit.remove) continue;
    lines += octal(edit.mode) + " " + edit.id.hex() + "\t" + edit.path + '\0';
    placed.push_back(edit.path);
  }
  AECOS_TRY(run({"update-index", "-z", "--index-info"}, std::move(lines)));
  AECOS_TRY(refresh_index(placed));
  // Makes git note the trees in the index, without which finding what differs from HEAD means reading them all.
  if (edits.size() > worth_patching) AECOS_TRY(try_run({"write-tree", "--missing-ok"}));
  return {};
}

Result<bool> Program::patch_index_file(const std::vector<TreeEdit>& edits) {
  const bool only_files = std::all_of(edits.begin(), edits.end(), [](const TreeEdit& edit) {
    return !edit.remove && is_regular(edit.mode) && edit.id;
  });
  if (edits.size() > worth_patching || !only_files) return false;
  AECOS_TRY_ASSIGN(const Repository repository, Repository::open(folder_));
  const auto files = os::real_file_system();
  const std::string path = os::join(repository.git_folder(), "index");
  const auto statuses = placed_files(repository.work_tree(), edits);
  std::vector<IndexPatch> patches;
  for (std::size_t i = 0; i < edits.size(); ++i)
    patches.push_back({edits[i].path, edits[i].mode, edits[i].id, statuses[i]});
  LockFile lock(*files, path);
  if (!lock.held()) return false;  // git says who holds it.
  const auto bytes = files->map(path);
  const auto patched = bytes ? patch_index(bytes->bytes(), patches) : std::nullopt;
  if (!patched) return false;
  AECOS_TRY(lock.commit(*patched));
  return true;
}

// A file's status where its content is what the edit says: by its bytes, or by what git made of them before.
std::vector<os::BulkStatus> Program::placed_files(const std::string& root, const std::vector<TreeEdit>& edits) const {
  const auto files = os::real_file_system();
  std::vector<std::string_view> paths;
  for (const TreeEdit& edit : edits) paths.push_back(edit.path);
  auto statuses = os::status_of_all(root, paths);
  std::vector<bool> same(edits.size());
  for (std::size_t i = 0; i < edits.size(); ++i) {
    if (!statuses[i].found || statuses[i].type != os::FileType::file || is_behind_link(edits[i].path)) continue;
    const auto seen = seen_.find(edits[i].path);
    same[i] = seen != seen_.end() && seen->second.id == edits[i].id && seen->second.status == statuses[i];
    if (same[i]) continue;
    const auto bytes = files->map(os::join(root, edits[i].path));
    same[i] = bytes && hash_blob(bytes->bytes()) == edits[i].id;
  }
  const auto after = os::status_of_all(root, paths);
  for (std::size_t i = 0; i < edits.size(); ++i)
    if (!same[i] || statuses[i] != after[i]) statuses[i] = {};
  return statuses;
}

}  // namespace aecos::git
