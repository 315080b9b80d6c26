#pragma once
// What `aecos generate` reads from a work tree and puts into it.

#include <optional>
#include <string>

#include "cli/command.h"
#include "generate/build.h"
#include "sync/workspace.h"

namespace aecos::cli {

// What all IFC files of the work tree say together. Those that cannot be read are left out with a warning.
Result<generate::Context> project_context(Context& context, const sync::Workspace& workspace);

// Into the work tree: new folders, and files with openings cut into them. All of it, or nothing.
Result<> place_built(Context& context, const sync::Workspace& workspace, const generate::Built& built);

// A model that puts words into a specification, as the project names it in .aecos/generate.json.
struct GenerateEndpoint {
  std::string url, model;
  std::int64_t timeout_s = 60;
};
Result<GenerateEndpoint> read_endpoint(Context& context, const sync::Workspace& workspace);
// What it answers, held to the schema. Its values are as much said as those of a person: complete() checks them.
Result<generate::Specification> ask_endpoint(Context& context, const GenerateEndpoint& endpoint,
                                             const std::string& words, const generate::Context& project);

}  // namespace aecos::cli
