#pragma once
// What every part of the hub is given to work with.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "git/repository.h"
#include "hub/config.h"
#include "hub/log.h"
#include "os/clock.h"
#include "os/file_system.h"
#include "os/process.h"
#include "os/random.h"
#include "store/store.h"

namespace aecos::hub {

// Everything must live longer than the parts that are given it. `random` may be used from any thread.
struct Parts {
  const Config& config;
  os::FileSystem& files;
  os::Clock& clock;
  os::Random& random;
  os::ProcessRunner& processes;
  store::Store& store;
  Log& log;
  git::OpenRepository open_repository = git::Repository::open;  // Where simulations keep them elsewhere, theirs.
};

}  // namespace aecos::hub
