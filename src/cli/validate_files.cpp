#include "cli/validate_files.h"

#include <algorithm>
#include <memory>

#include "cli/project.h"
#include "diff/diff.h"
#include "os/path.h"
#include "revision/content.h"

namespace aecos::cli {
namespace {

constexpr std::string_view ids_folder = ".aecos/ids/";

bool is_requirements(std::string_view path) { return path.starts_with(ids_folder) && os::extension_of(path) == ".ids"; }

bool is_looked_at(std::string_view path) {
  const std::string type = os::extension_of(path);
  if (type == ".ifc" || type == ".ifczip" || is_requirements(path)) return true;
  return type == ".json" && (path.starts_with(".aecos/") || os::name_of(path) == "metadata.json");
}

class Collector {
 public:
  explicit Collector(Context& context) : context_(context) {}

  Result<ValidateInput> run(const ValidateSources& sources) {
    auto opened = sync::Workspace::open({context_.files, context_.clock, context_.random, context_.processes},
                                        context_.directory);
    if (opened) workspace_ = &*opened;
    AECOS_TRY(collect(sources));
    for (const std::string& path : sources.ids) {
      AECOS_TRY_ASSIGN(const std::string_view bytes, map(context_.path(path), path));
      input_.ids.push_back({path, bytes});
    }
    return std::move(input_);
  }

 private:
  Result<> collect(const ValidateSources& sources) {
    if (sources.changed) return add_changed();
    if (sources.what.empty()) return add_project();
    if (sources.what.size() == 1 && !context_.files.status(context_.path(sources.what[0])))
      return add_revision(sources.what[0]);
    for (const std::string& argument : sources.what) AECOS_TRY(add_argument(argument));
    return add_project_ids();
  }

  Result<std::string_view> map(const std::string& full, const std::string& shown) {
    auto file = context_.files.map(full);
    if (!file && file.error().code == ErrorCode::not_found)
      return Error{ErrorCode::not_found, shown + ": no such file; check the path"};
    AECOS_TRY_ASSIGN(os::MappedFile mapped, std::move(file));
    input_.mapped.push_back(mapped);
    return mapped.bytes();
  }

  std::string_view keep(std::string text) {
    input_.texts.push_back(std::make_unique<std::string>(std::move(text)));
    return *input_.texts.back();
  }

  void add(std::string path, std::string_view bytes, std::optional<std::set<std::string>> only = {}) {
    auto& files = is_requirements(path) ? input_.ids : input_.files;
    const auto is_same = [&](const check::InputFile& file) { return file.path == path; };
    if (&files == &input_.ids && std::any_of(files.begin(), files.end(), is_same)) return;
    files.push_back({std::move(path), bytes, std::move(only)});
  }

  Result<> add_project() {
    if (workspace_ == nullptr) return add_folder(context_.directory, "");
    input_.whole_project = true;
    return add_folder(workspace_->root, "");
  }

  Result<> add_project_ids() {
    if (workspace_ == nullptr) return {};
    const std::string folder = os::join(workspace_->root, ids_folder);
    return exists(context_.files, folder) ? add_folder(folder, std::string(ids_folder)) : Result<>();
  }

  Result<> add_argument(const std::string& argument) {
    const std::string full = context_.path(argument);
    AECOS_TRY_ASSIGN(const os::FileStatus status, context_.files.status(full));
    if (status.type == os::FileType::directory)
      return add_folder(full, argument == "." ? "" : argument + (argument.ends_with('/') ? "" : "/"));
    AECOS_TRY_ASSIGN(const std::string_view bytes, map(full, argument));
    input_.files.push_back({argument, bytes});
    return {};
  }

  // `prefix`: what the paths of its files begin with, when they are told.
  Result<> add_folder(const std::string& folder, const std::string& prefix) {
    AECOS_TRY_ASSIGN(const auto entries, context_.files.list(folder));
    for (const os::DirectoryEntry& entry : entries) {
      const std::string full = os::join(folder, entry.name), path = prefix + entry.name;
      if (entry.type == os::FileType::directory && entry.name != ".git") AECOS_TRY(add_folder(full, path + "/"));
      if (entry.type != os::FileType::file || !is_looked_at(path)) continue;
      AECOS_TRY_ASSIGN(const std::string_view bytes, map(full, path));
      add(path, bytes);
    }
    return {};
  }

  Result<> add_revision(const std::string& revision) {
    if (workspace_ == nullptr)
      return Error{ErrorCode::not_found,
                   revision + ": no such file or folder, and there is no project here whose revision it could be"};
    const auto tree = workspace_->repository.resolve_tree(revision);
    if (!tree)
      return Error{tree.error().code, revision + ": neither a file nor a revision (" + tree.error().message + ")"};
    AECOS_TRY_ASSIGN(const auto files, revision::difference(workspace_->repository, TreeId{}, *tree));
    input_.whole_project = true;
    for (const revision::FileDifference& file : files) {
      const bool regular =
          file.after && (file.after->mode == FileMode::file || file.after->mode == FileMode::executable);
      if (!regular || !is_looked_at(file.path)) continue;
      AECOS_TRY_ASSIGN(std::string bytes, content(file.after->id, file.path));
      add(file.path, keep(std::move(bytes)));
    }
    return {};
  }

  Result<std::string> content(BlobId id, const std::string& path) {
    return revision::GitTreeSource(workspace_->library()).content(id, path);
  }

  Result<> add_changed() {
    AECOS_TRY_ASSIGN(sync::Workspace here, open_workspace(context_));
    if (workspace_ == nullptr) workspace_ = &here;
    AECOS_TRY_ASSIGN(const auto changes, here.checkout().changes());
    AECOS_TRY_ASSIGN(const auto head, here.head());
    AECOS_TRY_ASSIGN(const TreeId tree, here.tree_of(head.commit));
    for (const git::WorkTreeChange& change : changes) {
      const std::string full = here.full(change.path);
      const auto status = context_.files.status(full);
      if (!status || status->type != os::FileType::file || !is_looked_at(change.path) || is_requirements(change.path))
        continue;
      AECOS_TRY_ASSIGN(const std::string_view bytes, map(full, change.path));
      const std::string_view before = earlier(tree, change.path);
      add(change.path, bytes, changed_elements(change.path, before, bytes));
      if (!before.empty()) input_.files.back().before = before;
    }
    return add_project_ids();
  }

  // The model as it was committed last; empty: it is new, or no model.
  std::string_view earlier(TreeId tree, const std::string& path) {
    if (os::extension_of(path) != ".ifc" || tree == TreeId{}) return {};
    const auto entry = workspace_->repository.find_entry(tree, path);
    if (!entry || !*entry || !(*entry)->is_regular()) return {};
    auto bytes = content((*entry)->id, path);
    return bytes ? keep(*std::move(bytes)) : std::string_view();
  }

  // By GlobalId; absent: the file is new, or cannot be compared.
  static std::optional<std::set<std::string>> changed_elements(const std::string& path, std::string_view before,
                                                               std::string_view bytes) {
    if (before.empty()) return std::nullopt;
    const auto found = diff::diff_file(path, before, bytes);
    if (!found) return std::nullopt;
    std::set<std::string> elements;
    for (const diff::Change& change : *found) elements.insert(change.element.global_id);
    return elements;
  }

  Context& context_;
  sync::Workspace* workspace_ = nullptr;
  ValidateInput input_;
};

}  // namespace

Result<ValidateInput> collect_input(Context& context, const ValidateSources& sources) {
  return Collector(context).run(sources);
}

}  // namespace aecos::cli
