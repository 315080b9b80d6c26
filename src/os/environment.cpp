#include "os/environment.h"

namespace aecos::os {

std::optional<std::string> FixedEnvironment::variable(const std::string& name) {
  auto found = values_.variables.find(name);
  if (found == values_.variables.end()) return std::nullopt;
  return found->second;
}

}  // namespace aecos::os
