#include "cli/element_files.h"

#include <algorithm>
#include <set>
#include <thread>

#include "cli/project.h"
#include "element/folder.h"
#include "element/split.h"
#include "os/path.h"

namespace aecos::cli {
namespace {

class WorkTree final : public ElementStore {
 public:
  WorkTree(os::FileSystem& files, std::string root) : files_(files), root_(std::move(root)) {}

  Result<std::vector<std::string>> folders(const std::string& path) override {
    return names_in(path, os::FileType::directory);
  }
  Result<std::vector<std::string>> files(const std::string& path) override {
    return names_in(path, os::FileType::file);
  }

  Result<std::optional<std::string>> read(const std::string& path) override {
    auto bytes = files_.read(os::join(root_, path));
    if (!bytes && bytes.error().code == ErrorCode::not_found) return std::optional<std::string>();
    if (!bytes) return std::move(bytes).error();
    return std::optional(*std::move(bytes));
  }

 private:
  Result<std::vector<std::string>> names_in(const std::string& path, os::FileType type) {
    std::vector<std::string> names;
    auto entries = files_.list(os::join(root_, path));
    if (!entries && entries.error().code == ErrorCode::not_found) return names;
    if (!entries) return std::move(entries).error();
    for (const os::DirectoryEntry& entry : *entries)
      if (entry.type == type) names.push_back(entry.name);
    return names;
  }

  os::FileSystem& files_;
  std::string root_;
};

std::string kept_path(const std::string& model) { return "models/" + model + ".ifc"; }

// A model that is kept as a file, as frame and element files.
class Kept {
 public:
  // `elsewhere`: GlobalIds of elements that other files have. `model` must live longer.
  static Result<Kept> of(const std::string& model, const std::set<std::string>& elsewhere) {
    auto split = element::Split::of(model);
    if (!split) return std::move(split).error();
    Kept kept;
    bool is_apart = true;
    for (std::size_t k = 0; k < split->size(); ++k) is_apart = is_apart && !elsewhere.contains(split->global_id(k));
    if (is_apart) {
      kept.frame = model;
      return kept;
    }
    element::Split::Memory memory;
    for (std::size_t k = 0; k < split->size(); ++k) {
      std::string ifc = split->element(k, memory);
      if (!elsewhere.contains(split->global_id(k))) kept.elements.push_back(std::move(ifc));
    }
    kept.frame = split->frame({&memory, 1});
    return kept;
  }

  std::string frame;
  std::vector<std::string> elements;
};

// Each waits for the disk, which takes many at once.
Result<> make_folders(os::FileSystem& files, const std::vector<std::string>& folders) {
  constexpr std::size_t at_once = 16, worthwhile = 64;
  if (folders.size() < worthwhile) {
    for (const std::string& folder : folders) AECOS_TRY(files.create_directories(folder));
    return {};
  }
  AECOS_TRY(files.create_directories(std::string(os::parent_of(folders.front()))));
  std::vector<Result<>> made(at_once);
  std::vector<std::jthread> threads;
  for (std::size_t k = 0; k < at_once; ++k)
    threads.emplace_back([&, k] {
      for (std::size_t i = k; i < folders.size() && made[k]; i += at_once)
        made[k] = files.create_directories(folders[i]);
    });
  threads.clear();  // Waits for them.
  for (Result<>& one : made) AECOS_TRY(std::move(one));
  return {};
}

std::string member(const text::JsonDocument& document, const char* name) {
  return std::string(document.root()[name].as_string().value_or(""));
}

}  // namespace

std::unique_ptr<ElementStore> element_files(Context& context, const std::string& root) {
  return std::make_unique<WorkTree>(context.files, root);
}

std::string frame_path(const std::string& model) { return "models/" + model + "/frame.ifc"; }

std::string element_path(const std::string& slug, std::string_view file) {
  return std::string(element::folders_path) + "/" + slug + "/" + std::string(file);
}

Result<std::vector<ElementEntry>> element_entries(Context& context, ElementStore& store) {
  std::vector<ElementEntry> entries;
  AECOS_TRY_ASSIGN(const std::vector<std::string> slugs, store.folders(std::string(element::folders_path)));
  for (const std::string& slug : slugs) {
    const std::string path = element_path(slug, element::metadata_file);
    AECOS_TRY_ASSIGN(const auto metadata, store.read(path));
    ElementEntry entry{slug, "", "", "", "", ""};
    if (metadata) {
      const auto document = text::parse_json(*metadata);
      if (!document) return Error{document.error().code, at_file(path, document.error().message)};
      entry = {slug,
               member(*document, "globalId"),
               member(*document, "class"),
               member(*document, "name"),
               member(*document, "storey"),
               member(*document, "model")};
    }
    entries.push_back(std::move(entry));
    if (entries.size() % 1000 == 0)
      context.terminal.progress("looking at " + std::to_string(entries.size()) + " elements");
  }
  return entries;
}

Result<std::vector<std::string>> frame_names(ElementStore& store) {
  std::vector<std::string> names;
  AECOS_TRY_ASSIGN(const std::vector<std::string> folders, store.folders("models"));
  for (const std::string& name : folders) {
    AECOS_TRY_ASSIGN(const auto frame, store.read(frame_path(name)));
    if (frame) names.push_back(name);
  }
  return names;
}

Result<std::vector<std::string>> kept_model_names(ElementStore& store) {
  constexpr std::string_view suffix = ".ifc";
  std::vector<std::string> names;
  AECOS_TRY_ASSIGN(const std::vector<std::string> files, store.files("models"));
  for (const std::string& file : files) {
    if (!file.ends_with(suffix)) continue;
    std::string name = file.substr(0, file.size() - suffix.size());
    AECOS_TRY_ASSIGN(const auto frame, store.read(frame_path(name)));
    if (!frame) names.push_back(std::move(name));
  }
  return names;
}

Result<element::Joined> join_model(Context& context, ElementStore& store, const std::string& model,
                                   const std::vector<ElementEntry>& entries) {
  std::vector<std::string> slugs;
  std::set<std::string> ids;
  for (const ElementEntry& entry : entries) {
    if (!entry.model.empty() && entry.model != model) continue;
    slugs.push_back(entry.slug);
    ids.insert(entry.global_id);
  }
  AECOS_TRY_ASSIGN(auto frame, store.read(frame_path(model)));
  std::optional<std::string> whole;
  Kept kept;
  if (!frame) {
    AECOS_TRY_ASSIGN(whole, store.read(kept_path(model)));
  }
  if (whole) {
    auto made = Kept::of(*whole, ids);
    if (!made) return Error{made.error().code, at_file(kept_path(model), made.error().message)};
    kept = *std::move(made);
    frame = std::move(kept.frame);
  }
  std::erase_if(slugs, [&](const std::string& slug) {
    const auto ifc = store.read(element_path(slug, element::ifc_file));
    return ifc && !*ifc;  // A folder with words alone.
  });
  std::size_t read = 0;
  const element::JoinSource source{
      slugs.size() + kept.elements.size(),
      [&](std::size_t k) { return k < slugs.size() ? slugs[k] : kept_path(model); },
      [&](std::size_t k) -> Result<std::string> {
        if (k >= slugs.size()) return kept.elements[k - slugs.size()];
        if (++read % 1000 == 0)
          context.terminal.progress("putting " + std::to_string(slugs.size()) + " elements together");
        AECOS_TRY_ASSIGN(auto ifc, store.read(element_path(slugs[k], element::ifc_file)));
        if (!ifc) return Error{ErrorCode::changed_meanwhile, slugs[k] + ": it was removed meanwhile; try again"};
        return *std::move(ifc);
      }};
  return element::join(frame.value_or(""), source);
}

Result<ElementEntry> find_element(const std::vector<ElementEntry>& entries, const std::string& named) {
  std::vector<const ElementEntry*> by_name;
  for (const ElementEntry& entry : entries) {
    if (entry.global_id == named || entry.slug == named) return entry;
    if (entry.name == named) by_name.push_back(&entry);
  }
  if (by_name.size() == 1) return *by_name[0];
  if (by_name.empty())
    return Error{ErrorCode::not_found, "no element is called " + named + "; name it by GlobalId, name or folder"};
  return Error{ErrorCode::invalid_input, std::to_string(by_name.size()) + " elements are called " + named +
                                             "; name it by its folder, such as " + by_name[0]->slug};
}

std::string elements_root(Context& context) {
  const auto workspace = open_workspace(context);
  return workspace ? workspace->root : context.directory;
}

Result<> write_files(Context& context, const std::vector<os::FileToWrite>& files) {
  std::set<std::string> folders;
  for (const os::FileToWrite& file : files) folders.emplace(os::parent_of(file.path));
  AECOS_TRY(make_folders(context.files, {folders.begin(), folders.end()}));
  const std::vector<Result<>> written = context.files.write_all(files);
  for (std::size_t k = 0; k < written.size(); ++k)
    if (!written[k]) return Error{written[k].error().code, written[k].error().message};
  return {};
}

}  // namespace aecos::cli
