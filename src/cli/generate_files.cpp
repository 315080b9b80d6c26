#include "cli/generate_files.h"

#include <algorithm>
#include <set>

#include "cli/file_walk.h"
#include "os/path.h"

namespace aecos::cli {
namespace {

bool is_element_file(const std::string& path) { return path.starts_with(std::string(element::folders_path) + "/"); }

struct ToWrite {
  std::vector<std::string> paths, texts;
  std::vector<os::WriteOptions> options;
  void add(std::string path, std::string text, os::WriteOptions with = {}) {
    paths.push_back(std::move(path));
    texts.push_back(std::move(text));
    options.push_back(with);
  }
};

Result<> write_together(os::FileSystem& files, const ToWrite& all) {
  std::vector<os::FileToWrite> written;
  for (std::size_t i = 0; i < all.paths.size(); ++i) written.push_back({all.paths[i], all.texts[i], all.options[i]});
  for (Result<>& each : files.write_all(written)) AECOS_TRY(std::move(each));
  return {};
}

// As it was before; the first error is what counts, so that others are not told.
void take_back(os::FileSystem& files, const std::vector<std::string>& folders, const ToWrite& before) {
  for (const std::string& folder : folders) {
    if (const auto removed = os::remove_all(files, folder); !removed) continue;
  }
  for (std::size_t i = 0; i < before.paths.size(); ++i) {
    const auto now = files.read(before.paths[i]);
    if (now && *now == before.texts[i]) continue;
    if (const auto written = files.write(before.paths[i], before.texts[i]); !written) continue;
  }
}

}  // namespace

Result<generate::Context> project_context(Context& context, const sync::Workspace& workspace) {
  std::vector<std::string> paths = models_below(context.files, workspace.root);
  std::stable_partition(paths.begin(), paths.end(), [](const std::string& path) { return !is_element_file(path); });
  generate::Context project;
  for (const std::string& path : paths) {
    AECOS_TRY_ASSIGN(const os::MappedFile file, context.files.map(workspace.full(path)));
    if (const auto added = generate::add_file(project, path, file.bytes()); !added)
      context.terminal.warn(at_file(path, added.error().message) + "; it is not looked at");
  }
  return project;
}

Result<> place_built(Context& context, const sync::Workspace& workspace, const generate::Built& built) {
  std::vector<std::string> folders;
  ToWrite all, before;
  for (const element::ElementFolder& folder : built.folders) {
    const std::string path = workspace.full(os::join(element::folders_path, folder.slug));
    if (os::exists(context.files, path))
      return Error{ErrorCode::changed_meanwhile, path + " is there already; run it again for other GlobalIds"};
    folders.push_back(path);
    all.add(os::join(path, element::ifc_file), folder.element_ifc);
    all.add(os::join(path, element::metadata_file), folder.metadata_json);
    all.add(os::join(path, element::spec_file), folder.spec_md);
  }
  for (const generate::EditedFile& edited : built.edited) {
    const std::string path = workspace.full(edited.path);
    AECOS_TRY_ASSIGN(const os::Seen seen, os::look(context.files, path));
    AECOS_TRY_ASSIGN(std::string old, context.files.read(path));
    before.add(path, std::move(old));
    os::WriteOptions options;
    options.only_over = seen;
    all.add(path, edited.text, options);
  }
  Result<> done;
  for (const std::string& folder : folders)
    if (done) done = context.files.create_directories(folder);
  if (done) done = write_together(context.files, all);
  if (!done) take_back(context.files, folders, before);
  return done;
}

}  // namespace aecos::cli
