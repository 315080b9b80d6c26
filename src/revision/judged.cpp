#include "revision/judged.h"

#include <map>

#include "diff/diff.h"
#include "text/json.h"

namespace aecos::revision {
namespace {

constexpr std::string_view elements_folder = "elements/";

policy::FileChange::Kind kind_of(const FileDifference& file) {
  using Kind = policy::FileChange::Kind;
  Kind kind = Kind::file;
  for (const auto* version : {&file.before, &file.after}) {
    if (!*version) continue;
    if ((*version)->mode == FileMode::symlink) kind = Kind::symlink;
    if ((*version)->mode == FileMode::submodule) kind = Kind::submodule;
  }
  return kind;
}

class Judge {
 public:
  Judge(const Library& library, TreeId from, TreeId to, DiffBudget budget)
      : library_(library), from_(from), to_(to), budget_(budget) {}

  // `before`: what the file was, here or where it was renamed from.
  policy::FileChange look(const FileDifference& file, const std::optional<FileVersion>& before) {
    policy::FileChange change;
    change.path = file.path;
    change.added = !file.before;
    change.removed = !file.after;
    change.kind = kind_of(file);
    add_elements(file.path, change.about);
    if (change.kind != policy::FileChange::Kind::file) return change;
    if (before && file.after && before->id == file.after->id) return change;
    const auto old_bytes = read(before, file.path), new_bytes = read(file.after, file.path);
    change.readable = old_bytes && new_bytes;
    if (!change.readable) return change;
    auto changes = diff::diff_file(file.path, *old_bytes, *new_bytes);
    change.readable = bool(changes);
    if (changes) change.changes = *std::move(changes);
    return change;
  }

 private:
  // What lies in an element's folder is about that element, as its metadata.json had and has it.
  void add_elements(const std::string& path, std::vector<diff::ElementRef>& about) {
    const bool inside = path.starts_with(elements_folder);
    const std::size_t end = inside ? path.find('/', elements_folder.size()) : path.rfind('/');
    if (!inside && !path.ends_with("/metadata.json")) return;
    if (end == std::string::npos) return;
    const std::string metadata = path.substr(0, end) + "/metadata.json";
    for (const TreeId tree : {from_, to_}) {
      const auto entry = library_.repository.find_entry(tree, metadata);
      if (!entry || !*entry || !(*entry)->is_regular()) continue;
      const auto bytes = library_.repository.read_blob((*entry)->id);
      if (bytes) add_element(*bytes, about);
    }
  }

  static void add_element(const std::string& bytes, std::vector<diff::ElementRef>& about) {
    const auto document = text::parse_json(bytes);
    if (!document) return;
    const auto text = [&](const char* name) {
      return std::string(document->root()[name].as_string().value_or(std::string_view()));
    };
    diff::ElementRef element{text("globalId"), text("class"), text("name")};
    if (about.empty() || about.back() != element) about.push_back(std::move(element));
  }

  // Absent: it cannot be read, or is more than may be looked at.
  std::optional<std::string> read(const std::optional<FileVersion>& version, const std::string& path) {
    if (!version) return "";
    const auto size = library_.repository.blob_size(version->id);
    if (!size || !spend(*size)) return std::nullopt;
    auto bytes = library_.repository.read_blob(version->id);
    if (!bytes) return std::nullopt;
    const auto pointer = git::parse_lfs_pointer(*bytes);
    if (!pointer) return *std::move(bytes);
    if (!spend(pointer->size)) return std::nullopt;
    auto content = library_.large.read_lfs(*bytes, path);
    return content ? std::optional(*std::move(content)) : std::nullopt;
  }

  bool spend(std::uint64_t bytes) {
    if (bytes > budget_.bytes || budget_.files == 0) return false;
    budget_.bytes -= bytes;
    --budget_.files;
    return true;
  }

  Library library_;
  TreeId from_, to_;
  DiffBudget budget_;
};

}  // namespace

Result<std::vector<policy::FileChange>> judged(const Library& library, TreeId from, TreeId to, DiffBudget budget) {
  AECOS_TRY_ASSIGN(const std::vector<FileDifference> files, difference(library.repository, from, to));
  std::multimap<BlobId, const FileDifference*> gone;
  for (const FileDifference& file : files) {
    if (file.before && !file.after) gone.emplace(file.before->id, &file);
  }
  std::map<std::string, const FileDifference*> renamed;  // By the new path.
  for (const FileDifference& file : files) {
    if (file.before || !file.after) continue;
    const auto found = gone.find(file.after->id);
    if (found == gone.end()) continue;
    renamed[file.path] = found->second;
    gone.erase(found);
  }
  Judge judge(library, from, to, budget);
  std::vector<policy::FileChange> changes;
  for (const FileDifference& file : files) {
    const auto old = renamed.find(file.path);
    changes.push_back(judge.look(file, old == renamed.end() ? file.before : old->second->before));
    if (old != renamed.end()) changes.back().from = old->second->path;
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
