#pragma once
// The element folders and frames of a project, as files or as a revision has them.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "element/join.h"
#include "text/json.h"

namespace aecos::cli {

// What is known of a folder before its IFC file is read.
struct ElementEntry {
  std::string slug, global_id, ifc_class, name, storey, model;
};

// Where folders are read from.
class ElementStore {
 public:
  virtual ~ElementStore() = default;
  // Names of the folders in a folder; none where it is not there.
  virtual Result<std::vector<std::string>> folders(const std::string& path) = 0;
  virtual Result<std::vector<std::string>> files(const std::string& path) = 0;  // Likewise.
  // Absent: no such file.
  virtual Result<std::optional<std::string>> read(const std::string& path) = 0;
};

std::unique_ptr<ElementStore> element_files(Context& context, const std::string& root);

// By metadata.json, in the order of the slugs.
Result<std::vector<ElementEntry>> element_entries(Context& context, ElementStore& store);
// Names of the models that have a frame.
Result<std::vector<std::string>> frame_names(ElementStore& store);
std::string frame_path(const std::string& model);
std::string element_path(const std::string& slug, std::string_view file);

// Names of the models that are kept as files, models/NAME.ifc, and have no frame.
Result<std::vector<std::string>> kept_model_names(ElementStore& store);

// The elements of a model and its frame, or what it is kept as. An element that is in a folder, too, is taken from
// there. Those that name no model belong to the only one.
Result<element::Joined> join_model(Context& context, ElementStore& store, const std::string& model,
                                   const std::vector<ElementEntry>& entries);

// By GlobalId, name or slug. not_found: there is none; invalid_input: several have that name.
Result<ElementEntry> find_element(const std::vector<ElementEntry>& entries, const std::string& named);

// The root of the project around the current folder, or else that folder.
std::string elements_root(Context& context);

// Writes files with the folders that they need, some thousands at a time.
Result<> write_files(Context& context, const std::vector<os::FileToWrite>& files);

}  // namespace aecos::cli
