#include <algorithm>
#include <memory>

#include "cli/element_files.h"
#include "cli/project.h"
#include "element/folder.h"
#include "os/path.h"
#include "revision/content.h"
#include "text/json_writer.h"

namespace aecos::cli {
namespace {

struct Arguments {
  std::string revision, out, model, from;
  bool json = false;
};

class Commit final : public ElementStore {
 public:
  Commit(sync::Workspace& workspace, TreeId tree) : workspace_(workspace), tree_(tree) {}

  Result<std::vector<std::string>> folders(const std::string& path) override {
    return names_in(path, [](const TreeEntry& entry) { return entry.is_folder(); });
  }
  Result<std::vector<std::string>> files(const std::string& path) override {
    return names_in(path, [](const TreeEntry& entry) { return entry.is_regular(); });
  }

  Result<std::optional<std::string>> read(const std::string& path) override {
    AECOS_TRY_ASSIGN(const auto entry, workspace_.repository.find_entry(tree_, path));
    if (!entry || !entry->is_regular()) return std::optional<std::string>();
    AECOS_TRY_ASSIGN(std::string bytes, revision::GitTreeSource(workspace_.library()).content(entry->id, path));
    return std::optional(std::move(bytes));
  }

 private:
  template <class Wanted>
  Result<std::vector<std::string>> names_in(const std::string& path, const Wanted& is_wanted) {
    std::vector<std::string> names;
    AECOS_TRY_ASSIGN(const auto entry, workspace_.repository.find_entry(tree_, path));
    if (!entry || !entry->is_folder()) return names;
    AECOS_TRY_ASSIGN(const auto entries, revision::GitTreeSource(workspace_.library()).entries(entry->tree_id()));
    for (const TreeEntry& one : entries)
      if (is_wanted(one)) names.push_back(one.name);
    return names;
  }

  sync::Workspace& workspace_;
  TreeId tree_;
};

Result<std::string> choose_model(ElementStore& store, const Arguments& arguments,
                                 const std::vector<ElementEntry>& entries) {
  AECOS_TRY_ASSIGN(std::vector<std::string> names, frame_names(store));
  // One that is kept as a file, for elements that stand in it and have folders.
  AECOS_TRY_ASSIGN(const std::vector<std::string> kept, kept_model_names(store));
  if (std::find(kept.begin(), kept.end(), arguments.model) != kept.end()) return arguments.model;
  if (names.empty() && !entries.empty()) names = kept;
  std::string all;
  for (const std::string& name : names) {
    if (name == arguments.model) return name;
    all += (all.empty() ? "" : ", ") + name;
  }
  if (!arguments.model.empty())
    return Error{ErrorCode::not_found, "no model is called " + arguments.model +
                                           (all.empty() ? "; none was imported" : "; there are " + all)};
  if (names.size() == 1) return names[0];
  if (names.empty() && !entries.empty()) return std::string("model");
  if (names.empty())
    return Error{ErrorCode::not_found, "there are no elements; start with aecos import or element new"};
  return Error{ErrorCode::invalid_input, "there are several models; name one with --model: " + all};
}

Result<int> save(Context& context, ElementStore& store, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(const std::vector<ElementEntry> entries, element_entries(context, store));
  AECOS_TRY_ASSIGN(const std::string model, choose_model(store, arguments, entries));
  AECOS_TRY_ASSIGN(const element::Joined joined, join_model(context, store, model, entries));
  const std::string out = arguments.out.empty() ? model + ".ifc" : arguments.out;
  AECOS_TRY(context.files.write(context.path(out), joined.model));
  if (arguments.json) {
    text::JsonWriter json(2);
    json.begin_object().member("model", model).member("file", out).member("elements", joined.elements);
    json.key("notes").begin_array();
    for (const std::string& note : joined.notes) json.value(note);
    json.end_array().end_object();
    context.terminal.raw(std::move(json).take());
    return exit_ok;
  }
  for (const std::string& note : joined.notes) context.terminal.warn(printable(note));
  context.terminal.say(out + ": " + model + ", " + std::to_string(joined.elements) + " elements");
  return exit_ok;
}

Result<int> run(Context& context, const Arguments& arguments) {
  if (arguments.revision.empty()) {
    const std::string root = arguments.from.empty() ? elements_root(context) : context.path(arguments.from);
    return save(context, *element_files(context, root), arguments);
  }
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  AECOS_TRY_ASSIGN(const TreeId tree, workspace.repository.resolve_tree(arguments.revision));
  Commit commit(workspace, tree);
  return save(context, commit, arguments);
}

}  // namespace

void add_export(Command& app, Context& context) {
  auto arguments = std::make_shared<Arguments>();
  Command* command = app.add_subcommand("export", "Put the elements together to a model");
  command->add_option("REV", arguments->revision, "As a revision has them (default: as they are saved)");
  command->add_option("--out,-o", arguments->out, "The IFC file to write (default: the model's name)")
      ->type_name("FILE");
  command->add_option("--model", arguments->model, "Which model, where there are several")->type_name("NAME");
  command->add_option("--from", arguments->from, "Where elements/ and models/ are (default: the project)")
      ->type_name("FOLDER");
  command->add_flag("--json", arguments->json, "Answer in JSON");
  on_run(*command, context, [&context, arguments] { return run(context, *arguments); });
}

}  // namespace aecos::cli
