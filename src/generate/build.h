#pragma once
// A completed specification as files: a folder for each element, and the files of walls that openings are cut into.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "element/folder.h"
#include "generate/context.h"
#include "generate/specification.h"

namespace aecos::generate {

struct BuildOptions {
  std::string seed;         // Random text; all GlobalIds follow from it.
  std::string project_key;  // What the project's GlobalId follows from where it has none yet.
  std::string time;         // "2026-03-02T08:00:00", for the files' headers.
  std::string author;       // Of the words.
  std::string text;         // The words.
  std::string provenance_from = "text";
};

struct EditedFile {
  std::string path, text;
};

struct BuiltElement {
  std::string global_id, ifc_class, name, path;  // Path of its folder in the project; of an opening: the file it is in.
};

struct Built {
  std::vector<element::ElementFolder> folders;
  std::vector<EditedFile> edited;
  std::vector<BuiltElement> elements;
};

// `read_file` gives the bytes of a file of the project that openings are cut into.
Result<Built> build(const Specification& specification, const Context& context, const BuildOptions& options,
                    const std::function<Result<std::string>(const std::string& path)>& read_file);

// The elements of a specification one by one: each with its name and position.
struct Single {
  std::size_t group = 0;  // Position in Specification::elements.
  std::string name;
  double x_m = 0, y_m = 0;  // In the storey; of hosted ones: nothing.
  std::size_t number = 0;   // In its group.
};
std::vector<Single> singles_of(const Specification& specification, const Context& context);

}  // namespace aecos::generate
