#include "revision/judged.h"

#include <map>

#include "diff/diff.h"
#include "text/json.h"

namespace aecos::revision {
namespace {

class Judge {
 public:
  Judge(const Library& library, DiffBudget budget) : library_(library), budget_(budget) {}

  policy::FileChange look(const FileDifference& file, const std::optional<FileVersion>& before) {
    policy::FileChange change;
    change.path = file.path;
    change.added = !file.before;
    change.removed = !file.after;
    if (before && file.after && before->id == file.after->id) return change;
    const auto old_bytes = read(before), new_bytes = read(file.after);
    if (!old_bytes || !new_bytes) {
      change.readable = false;
      return change;
    }
    auto changes = diff::diff_file(file.path, *old_bytes, *new_bytes);
    change.readable = bool(changes);
    if (changes) change.changes = *std::move(changes);
    if (is_metadata(file.path)) {
      add_element(*old_bytes, change.about);
      add_element(*new_bytes, change.about);
    }
    return change;
  }

 private:
  static bool is_metadata(std::string_view path) { return path == "metadata.json" || path.ends_with("/metadata.json"); }

  static void add_element(const std::string& bytes, std::vector<diff::ElementRef>& about) {
    if (bytes.empty()) return;
    const auto document = text::parse_json(bytes);
    if (!document) return;
    const auto text = [&](const char* name) {
      return std::string(document->root()[name].as_string().value_or(std::string_view()));
    };
    diff::ElementRef element{text("globalId"), text("class"), text("name")};
    if (about.empty() || about.back() != element) about.push_back(std::move(element));
  }

  std::optional<std::string> read(const std::optional<FileVersion>& version) {
    if (!version) return "";
    if (version->mode != FileMode::file && version->mode != FileMode::executable) return std::nullopt;
    const auto size = library_.repository.blob_size(version->id);
    if (!size || *size > budget_.bytes || budget_.files == 0) return std::nullopt;
    budget_.bytes -= *size;
    auto bytes = library_.repository.read_blob(version->id);
    if (!bytes || git::parse_lfs_pointer(*bytes)) return std::nullopt;
    return *std::move(bytes);
  }

  Library library_;
  DiffBudget budget_;
};

}  // namespace

Result<std::vector<policy::FileChange>> judged(const Library& library, TreeId from, TreeId to, DiffBudget budget) {
  AECOS_TRY_ASSIGN(const std::vector<FileDifference> files, difference(library.repository, from, to));
  std::multimap<BlobId, const FileDifference*> gone;
  for (const FileDifference& file : files) {
    if (file.before && !file.after) gone.emplace(file.before->id, &file);
  }
  std::map<std::string, std::string> renamed;  // New path -> old path.
  for (const FileDifference& file : files) {
    if (file.before || !file.after) continue;
    const auto found = gone.find(file.after->id);
    if (found == gone.end()) continue;
    renamed[file.path] = found->second->path;
    gone.erase(found);
  }
  Judge judge(library, budget);
  std::vector<policy::FileChange> changes;
  for (const FileDifference& file : files) {
    changes.push_back(judge.look(file, file.before));
    const auto from_path = renamed.find(file.path);
    if (from_path != renamed.end()) changes.back().from = from_path->second;
  }
  return changes;
}

Result<std::optional<policy::Roles>> roles_of(const Library& library, TreeId tree) {
  if (!tree) return std::optional<policy::Roles>();
  AECOS_TRY_ASSIGN(const auto entry, library.repository.find_entry(tree, policy::roles_path));
  if (!entry) return std::optional<policy::Roles>();
  if (!entry->is_regular()) {
    return Error{ErrorCode::invalid_input, std::string(policy::roles_path) + ": is no regular file"};
  }
  AECOS_TRY_ASSIGN(const std::string bytes, library.repository.read_blob(entry->id));
  auto roles = policy::parse_roles(bytes);
  if (!roles) return Error{ErrorCode::invalid_input, std::string(policy::roles_path) + ":" + roles.error().message};
  return std::optional(*std::move(roles));
}

}  // namespace aecos::revision
