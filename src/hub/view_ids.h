#pragma once
// What projects and their versions are called among Speckle's clients.

#include <string>

#include "hub/view_objects.h"
#include "speckle/server.h"

namespace aecos::hub {

inline std::string project_id(const std::string& name) { return speckle::short_id("project/" + name); }
inline std::string model_id(const std::string& name) { return speckle::short_id("model/" + name); }
inline std::string version_id(const ViewVersion& version) {
  constexpr std::size_t length = 10;
  return version.commit.substr(0, length);
}

}  // namespace aecos::hub
