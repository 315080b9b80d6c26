#include "cli/find_element.h"

#include <set>

#include "cli/element_files.h"
#include "cli/file_walk.h"
#include "element/folder.h"
#include "ifc/global_id.h"
#include "ifc/model.h"
#include "ifc/reference_mark.h"
#include "os/path.h"

namespace aecos::cli {
namespace {

constexpr std::size_t description_at = 3;  // Of every IfcRoot.

// Of products that are no references. What cannot be read has none.
void add_named(std::string_view bytes, const std::string& name, std::set<std::string>& found) {
  const auto model = ifc::read_model(bytes);
  if (!model) return;
  for (ifc::Index i = 0; i < model->size(); ++i) {
    if (!model->traits(i).product || model->name(i) != name) continue;
    if (model->attribute(i, description_at) != ifc::quoted_reference_mark) found.insert(model->global_id(i));
  }
}

}  // namespace

Result<std::string> find_in_project(Context& context, const sync::Workspace& workspace, const std::string& named) {
  const auto store = element_files(context, workspace.root);
  AECOS_TRY_ASSIGN(const std::vector<ElementEntry> entries, element_entries(context, *store));
  auto entry = find_element(entries, named);
  if (entry && !entry->global_id.empty()) return std::move(entry->global_id);
  if (!entry && entry.error().code != ErrorCode::not_found) return std::move(entry).error();
  std::set<std::string> found;
  for (const std::string& path : models_below(context.files, workspace.root, element::folders_path))
    if (const auto file = context.files.map(workspace.full(path))) add_named(file->bytes(), named, found);
  if (found.size() == 1) return *found.begin();
  if (found.empty())
    return Error{ErrorCode::not_found, "no element is called " + named + "; name it by GlobalId, name or folder"};
  return Error{ErrorCode::invalid_input, std::to_string(found.size()) + " elements are called " + named +
                                             "; name it by its GlobalId, such as " + *found.begin()};
}

Result<std::string> global_id_of(Context& context, const sync::Workspace& workspace, const std::string& named) {
  return ifc::looks_like_global_id(named) ? named : find_in_project(context, workspace, named);
}

Result<ElementOrPath> find_element_or_path(Context& context, const sync::Workspace& workspace,
                                           const std::string& named) {
  if (ifc::looks_like_global_id(named)) return ElementOrPath{named, ""};
  if (os::exists(context.files, workspace.full(named))) return ElementOrPath{"", named};
  auto found = find_in_project(context, workspace, named);
  if (found) return ElementOrPath{*std::move(found), ""};
  if (found.error().code != ErrorCode::not_found) return std::move(found).error();
  if (named.find_first_of("/*") != std::string::npos) return ElementOrPath{"", named};
  return Error{ErrorCode::not_found, named + " is neither an element of this project nor a path in it; name an " +
                                         "element by GlobalId, name or folder, or a path from the project's root"};
}

}  // namespace aecos::cli
