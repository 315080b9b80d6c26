#pragma once
// Validating versions of a project: what did not change is not looked at again.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "check/validate.h"
#include "revision/library.h"
#include "revision/outcome_store.h"

namespace aecos::revision {

struct Content {
  std::string_view bytes;
  std::shared_ptr<const void> owner;  // Of the bytes.
};

// As in check::InputFile.
struct Earlier {
  std::optional<std::set<std::string>> only = {};
  Content before = {};
};

// A file that may have to be looked at.
struct Looked {
  std::string path;
  BlobId id;  // Of what `read` gives; zero: what is found in it is not kept.
  std::function<Result<Content>()> read;
  std::function<Result<std::uint64_t>()> size = nullptr;  // Bytes, before they are read; null: not known.
  // An earlier version, and what it has to do with this one; null: there is none. Called where the file is looked at.
  BlobId before = {};
  std::function<Result<Earlier>(std::string_view bytes)> earlier = nullptr;
};

struct Validation {
  std::vector<Looked> files, requirements;
  std::optional<Looked> waivers;
  check::ValidateOptions options = {};
  std::string today;                            // "2026-11-29"
  bool each_copy = false;                       // What many element folders have copies of is told of each of them.
  OutcomeStore* outcomes = nullptr;             // Null: everything is looked at.
  std::uint64_t bytes_max = ~std::uint64_t{0};  // Of the files that are looked at anew.
};

// denied: more than bytes_max would have to be looked at. Other errors: a file cannot be read. The answer is the same
// with and without outcomes.
struct Validated {
  check::Report report;
  std::size_t looked_at = 0;  // Files; of the others it was known.
};
Result<Validated> validate(const Validation& validation);

// Whether validation looks at files of that name.
bool is_looked_at(std::string_view path);
bool is_requirements(std::string_view path);  // .aecos/ids/*.ids

// What validation holds the project's own files to, as far as this layer knows them: project, roles, waivers, records
// of conflicts, and the agreement of an element's two files.
check::ValidateOptions project_options();
Result<> parse_own_file(std::string_view path, std::string_view bytes);

// A whole version; options.whole_project is set. `library` must live longer.
Result<Validation> of_tree(const Library& library, TreeId tree, check::ValidateOptions options);
Looked of_blob(const Library& library, std::string path, BlobId id);

}  // namespace aecos::revision
