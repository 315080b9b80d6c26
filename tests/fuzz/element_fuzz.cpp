// The input is a model, that is split and joined; or, behind a line "%%%%" each, a frame and element files to be
// joined.

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "diff/ifc.h"
#include "element/agree.h"
#include "element/join.h"
#include "element/split.h"
#include "ifc/model.h"
#include "parts.h"
#include "step/token.h"

namespace {

using namespace aecos;
using fuzz::require;

constexpr std::size_t parts_max = 6;

Result<element::Joined> join(const std::string& frame, const std::vector<std::string>& files) {
  return element::join(frame, {files.size(), [](std::size_t k) { return "e" + std::to_string(k); },
                               [&](std::size_t k) -> Result<std::string> { return files[k]; }});
}

struct Files {
  std::string frame;
  std::vector<std::string> elements;
};

Files files_of(const element::Split& split) {
  Files files;
  element::Split::Memory memory;
  for (std::size_t k = 0; k < split.size(); ++k) files.elements.push_back(split.element(k, memory));
  files.frame = split.frame({&memory, 1});
  return files;
}

bool is_global_id(std::string_view id) {
  return id.size() == 22 && std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '$';
         });
}

// Whether every instance is one of the schema's, with arguments that can be read and references that lead somewhere,
// and every GlobalId is one, and its own.
bool is_sound(const std::string& text) {
  const auto model = ifc::read_model(text);
  if (!model || !model->file.missing.empty()) return false;
  std::set<std::string> ids;
  for (ifc::Index i = 0; i < model->size(); ++i) {
    const ifc::ClassTraits& traits = model->traits(i);
    if (traits.entity == nullptr || step::check_arguments(model->file.args(i)).offset != std::string_view::npos)
      return false;
    if (model->attributes(i).size() != traits.entity->attributes.size()) return false;
    const bool is_rooted = !traits.entity->attributes.empty() && traits.entity->attributes[0].name == "GlobalId";
    if (is_rooted && (!is_global_id(model->global_id(i)) || !ids.insert(model->global_id(i)).second)) return false;
  }
  return true;
}

void split_and_join(const std::string& model) {
  const auto split = element::Split::of(model);
  if (!split) return;
  const Files files = files_of(*split);
  for (std::size_t k = 0; k < split->size(); ++k) {
    (void)split->description(k);
    require(bool(ifc::read_model(files.elements[k])), "an element's file reads");
    const auto told = element::describe(files.elements[k], split->global_id(k));
    require(told && told->global_id == split->global_id(k), "an element's file is of that element");
    const std::string metadata = element::metadata_text(*told);
    const auto found = element::disagreements(metadata, files.elements[k]);
    require(found && found->empty(), "metadata says what the element's file says");
  }
  const auto joined = join(files.frame, files.elements);
  require(bool(joined), "what was split can be joined");
  const auto again = element::Split::of(joined->model);
  require(bool(again), "what was joined can be split");
  require(again->size() == split->size(), "no element is lost or made");
  const Files same = files_of(*again);
  const auto rejoined = join(same.frame, same.elements);
  require(bool(rejoined), "what was split again can be joined");
  if (is_sound(model)) require(rejoined->model == joined->model, "what was joined once comes back byte for byte");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  if (input.find("%%%%\n") == std::string_view::npos) {
    split_and_join(std::string(input));
    return 0;
  }
  const auto parts = fuzz::parts_of(input, parts_max);
  std::vector<std::string> files;
  for (std::size_t k = 1; k < parts.size(); ++k)
    if (!parts[k].empty()) files.emplace_back(parts[k]);
  const auto joined = join(std::string(parts[0]), files);
  if (joined) require(bool(ifc::read_model(joined->model)), "what was joined reads");
  return 0;
}
