#pragma once

#include <string>

#include "os/process.h"

namespace aecos::os {

// Shows a web page to whoever sits at this machine. unavailable: there is nothing here to show it with.
Result<> open_in_browser(ProcessRunner& processes, const std::string& url);

}  // namespace aecos::os
