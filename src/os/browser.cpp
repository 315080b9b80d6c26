#include "os/browser.h"

namespace aecos::os {

Result<> open_in_browser(ProcessRunner& processes, const std::string& url) {
  constexpr std::int64_t timeout_ms = 10'000;
#ifdef __APPLE__
  const char* program = "open";
#else
  const char* program = "xdg-open";
#endif
  Command command;
  command.argv = {program, url};
  command.timeout_ms = timeout_ms;
  const auto finished = processes.run(command);
  if (finished && finished->ok()) return {};
  return Error{ErrorCode::unavailable, "no browser can be opened here; open " + url};
}

}  // namespace aecos::os
