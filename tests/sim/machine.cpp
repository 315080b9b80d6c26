#include "sim/machine.h"

namespace aecos::sim {

void Machine::cut_power() {
  files.fail_power_at(0);
  try {
    static_cast<void>(files.create_directories("/"));
  } catch (const os::PowerLoss&) {
  }
}

}  // namespace aecos::sim
