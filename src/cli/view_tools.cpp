#include "cli/view_tools.h"

#include <algorithm>

#include "os/path.h"

namespace aecos::cli {

std::string view_tools_beside(Context& context) {
  const std::string program = context.environment.program();
  const std::string folder = program.substr(0, std::min(program.rfind('/'), program.size()));
  for (const char* place : {"../share/aecos/web", "web/dist"}) {
    const std::string path = os::join(folder, place);
    if (!program.empty() && os::exists(context.files, os::join(path, "mesh_worker.mjs"))) return path;
  }
  return "";
}

}  // namespace aecos::cli
