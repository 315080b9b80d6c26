#pragma once
// Everything that is held against the files of a project, in one call: requirements, rules of IFC, files, names.

#include <array>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "check/finding.h"

namespace aecos::check {

struct InputFile {
  std::string path;
  std::string_view bytes;
  // Of requirements, only what concerns these elements is told, by GlobalId; absent: all.
  std::optional<std::set<std::string>> only = {};
  // An earlier version: what was against the rules of IFC there already is not told. Empty: none.
  std::string_view before = {};
  // Of metadata.json: element.ifc of its folder, where they are to be compared.
  std::string_view beside = {};
};

struct Requirements {
  std::string path;
  Ids ids;
};

struct ValidateOptions {
  std::size_t findings = 1000;  // Told of one specification or one file; all are counted.
  bool rules_of_ifc = true;
  bool iso19650_names = false;
  bool whole_project = false;  // All files are given: what is missing is missing.
  // For files of .aecos/ by path: why the program could not use them; null: they are not looked at.
  std::function<Result<>(std::string_view path, std::string_view bytes)> parse = nullptr;
  // What metadata.json and element.ifc of one element state differently, a line each; null: not compared. An error
  // (one of them cannot be read) is told elsewhere.
  std::function<Result<std::vector<std::string>>(std::string_view metadata, std::string_view ifc)> disagreements =
      nullptr;
};

// Reads the requirements; those that are no sound IDS become findings.
std::vector<Requirements> read_requirements(const std::vector<InputFile>& files, Report& report);

// What each of the files says by itself: the same for the same path, bytes, requirements and options, whatever the
// other files are. Models (.ifc, .ifczip), metadata.json and .aecos/ are looked at, other files left alone.
std::vector<Report> look_at(const std::vector<InputFile>& files, const std::vector<Requirements>& requirements,
                            const ValidateOptions& options);

// What they say together, in their order: `each` belongs to the path of the same position. Of an element folder's model
// nothing is required to be there, but of all of them together.
void combine(const std::vector<std::string>& paths, std::vector<Report>&& each,
             const std::vector<Requirements>& requirements, const ValidateOptions& options, Report& report);

// What many element folders have copies of (types, the project) may be found in each of them: the same key, as it is
// the same fault. Waivers tell copies apart, by their paths.
using CopyKey = std::array<std::string, 4>;
bool may_have_copies(const Finding& finding);
CopyKey copy_key(const Finding& finding);
// Leaves one of those that nobody lets pass, and one of those that the same waiver does. After apply_waivers().
void join_copies(Report& report);

// All of it, with the two files of each element folder compared.
void validate(const std::vector<InputFile>& files, const std::vector<Requirements>& requirements,
              const ValidateOptions& options, Report& report);

// "ACME-ARC-XX-L01-M3-A-0012": seven fields between hyphens. Empty: it is one; else what is not.
std::string iso19650_fault(std::string_view name);

// "elements/wall-w12-3cUkl32y/element.ifc" -> "elements/wall-w12-3cUkl32y"; empty: in no element folder.
std::string_view element_folder(std::string_view path);
// .ifc, .ifczip
bool is_model(std::string_view path);
// A file that holds a part of a model: one element, or the frame of all of them.
bool is_part(std::string_view path);

// Why metadata.json of an element cannot be used: "3:14: globalId is no GlobalId". docs/schemas/metadata.schema.json
// says the same.
Result<> check_metadata(std::string_view json);

}  // namespace aecos::check
