#include "cli/validate_files.h"

#include <algorithm>

#include "check/waivers.h"
#include "cli/file_walk.h"
#include "cli/project.h"
#include "diff/diff.h"
#include "hub/project_file.h"
#include "os/path.h"
#include "revision/content.h"
#include "sync/outcomes.h"

namespace aecos::cli {
namespace {

using revision::Content;
using revision::Looked;

constexpr std::string_view ids_folder = ".aecos/ids/";

Content content_of(os::MappedFile file) {
  auto owner = std::make_shared<const os::MappedFile>(std::move(file));
  return {owner->bytes(), owner};
}

// The elements that differ from the version before, by GlobalId; absent: the file is new, or cannot be compared.
std::optional<std::set<std::string>> changed_elements(const std::string& path, std::string_view before,
                                                      std::string_view bytes) {
  if (before.empty()) return std::nullopt;
  const auto found = diff::diff_file(path, before, bytes);
  if (!found) return std::nullopt;
  std::set<std::string> elements;
  for (const diff::Change& change : *found) elements.insert(change.element.global_id);
  return elements;
}

class Collector {
 public:
  explicit Collector(Context& context) : context_(context) {}

  Result<ValidateInput> run(const ValidateSources& sources) {
    AECOS_TRY_ASSIGN(std::optional<sync::Workspace> opened, find_workspace(context_));
    if (opened) input_.workspace = std::make_unique<sync::Workspace>(*std::move(opened));
    if (input_.workspace)
      input_.outcomes =
          std::make_unique<revision::OutcomeStore>(context_.files, sync::outcomes_folder(*input_.workspace));
    validation().options = revision::project_options();
    validation().options.parse = hub::parse_project_file;
    validation().outcomes = input_.outcomes.get();
    validation().today = check::day_of(context_.clock.now_us());
    AECOS_TRY(collect(sources));
    for (const std::string& path : sources.ids) {
      AECOS_TRY_ASSIGN(Looked file, of_file(path, context_.path(path), path));
      validation().requirements.push_back(std::move(file));
    }
    if (input_.workspace && !validation().waivers) AECOS_TRY(add_waivers());
    return std::move(input_);
  }

 private:
  revision::Validation& validation() { return input_.validation; }
  const sync::Workspace* workspace() const { return input_.workspace.get(); }

  Result<> collect(const ValidateSources& sources) {
    if (sources.changed) return add_changed();
    if (sources.what.empty()) return add_project();
    if (sources.what.size() == 1 && !context_.files.status(context_.path(sources.what[0])))
      return add_revision(sources.what[0]);
    for (const std::string& argument : sources.what) AECOS_TRY(add_argument(argument));
    return add_project_ids();
  }

  Result<Looked> of_file(std::string path, const std::string& full, const std::string& shown) const {
    auto mapped = context_.files.map(full);
    if (!mapped && mapped.error().code == ErrorCode::not_found)
      return Error{ErrorCode::not_found, shown + ": no such file; check the path"};
    AECOS_TRY_ASSIGN(os::MappedFile file, std::move(mapped));
    const Content content = content_of(std::move(file));
    Looked looked;
    looked.path = std::move(path);
    if (input_.outcomes) looked.id = git::hash_blob(content.bytes);
    looked.read = [content]() -> Result<Content> { return content; };
    return looked;
  }

  void add(Looked file) {
    auto& files = revision::is_requirements(file.path) ? validation().requirements : validation().files;
    const auto is_same = [&](const Looked& one) { return one.path == file.path; };
    if (&files == &validation().requirements && std::any_of(files.begin(), files.end(), is_same)) return;
    files.push_back(std::move(file));
  }

  Result<> add_project() {
    if (!input_.workspace) return add_folder(context_.directory, "");
    validation().options.whole_project = true;
    return add_folder(workspace()->root, "");
  }

  Result<> add_project_ids() {
    if (!input_.workspace) return {};
    const std::string folder = os::join(workspace()->root, ids_folder);
    return exists(context_.files, folder) ? add_folder(folder, std::string(ids_folder)) : Result<>();
  }

  Result<> add_waivers() {
    const std::string full = workspace()->full(std::string(check::waivers_path));
    const auto status = context_.files.status(full);
    if (!status || status->type != os::FileType::file) return {};
    AECOS_TRY_ASSIGN(validation().waivers, of_file(std::string(check::waivers_path), full, full));
    return {};
  }

  Result<> add_argument(const std::string& argument) {
    const std::string full = context_.path(argument);
    AECOS_TRY_ASSIGN(const os::FileStatus status, context_.files.status(full));
    const std::string name = path_in_project(input_.workspace ? workspace()->root : context_.directory, full, argument);
    if (status.type == os::FileType::directory) return add_folder(full, name.empty() ? "" : name + "/");
    AECOS_TRY_ASSIGN(Looked file, of_file(name, full, argument));
    validation().files.push_back(std::move(file));
    return {};
  }

  // `prefix`: what the paths of its files begin with, when they are told.
  Result<> add_folder(const std::string& folder, const std::string& prefix) {
    AECOS_TRY_ASSIGN(const auto paths,
                     input_.workspace ? files_below(*input_.workspace, folder) : files_below(context_.files, folder));
    for (const std::string& path : paths) {
      const std::string name = prefix + path, full = os::join(folder, path);
      if (!revision::is_looked_at(name)) continue;
      AECOS_TRY_ASSIGN(Looked file, of_file(name, full, name));
      add(std::move(file));
    }
    return {};
  }

  Result<> add_revision(const std::string& revision) {
    if (!input_.workspace)
      return Error{ErrorCode::not_found,
                   revision + ": no such file or folder, and there is no project here whose revision it could be"};
    const auto tree = workspace()->repository.resolve_tree(revision);
    if (!tree)
      return Error{tree.error().code, revision + ": neither a file nor a revision (" + tree.error().message + ")"};
    AECOS_TRY_ASSIGN(auto found, revision::of_tree(input_.workspace->library(), *tree, validation().options));
    found.outcomes = validation().outcomes;
    found.today = validation().today;
    validation() = std::move(found);
    return {};
  }

  Result<> add_changed() {
    if (!input_.workspace) return open_workspace(context_).error();
    AECOS_TRY_ASSIGN(const auto changes, input_.workspace->checkout().changes());
    AECOS_TRY_ASSIGN(const auto head, workspace()->head());
    AECOS_TRY_ASSIGN(const TreeId tree, workspace()->tree_of(head.commit));
    for (const git::WorkTreeChange& change : changes) {
      const std::string full = workspace()->full(change.path);
      const auto status = context_.files.status(full);
      if (!status || status->type != os::FileType::file || !revision::is_looked_at(change.path) ||
          revision::is_requirements(change.path))
        continue;
      AECOS_TRY_ASSIGN(Looked file, of_file(change.path, full, change.path));
      AECOS_TRY(add_earlier(tree, file));
      add(std::move(file));
    }
    return add_project_ids();
  }

  // The model as it was committed last, if it was.
  Result<> add_earlier(TreeId tree, Looked& file) {
    if (os::extension_of(file.path) != ".ifc" || tree == TreeId{}) return {};
    AECOS_TRY_ASSIGN(const auto entry, workspace()->repository.find_entry(tree, file.path));
    if (!entry || !entry->is_regular()) return {};
    file.before = entry->id;
    const Looked old = revision::of_blob(input_.workspace->library(), file.path, entry->id);
    file.earlier = [old](std::string_view bytes) -> Result<revision::Earlier> {
      const auto before = old.read();
      if (!before) return revision::Earlier{};
      return revision::Earlier{changed_elements(old.path, before->bytes, bytes), *before};
    };
    return {};
  }

  Context& context_;
  ValidateInput input_;
};

}  // namespace

Result<ValidateInput> collect_input(Context& context, const ValidateSources& sources) {
  return Collector(context).run(sources);
}

}  // namespace aecos::cli
