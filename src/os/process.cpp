#include "os/process.h"

namespace aecos::os {

Result<Finished> ScriptedProcessRunner::run(const Command& command) {
  commands_.push_back(command);
  return answer_(command);
}

}  // namespace aecos::os
