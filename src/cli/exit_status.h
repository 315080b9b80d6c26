#pragma once
// What the exit status of `aecos` means. One table; scripts rely on it.

#include "base/result.h"

namespace aecos::cli {

inline constexpr int exit_ok = 0;
inline constexpr int exit_findings = 1;     // Done, and there is something to look at: conflicts, differences, faults.
inline constexpr int exit_unusable = 2;     // Input or command line cannot be used; nothing was changed.
inline constexpr int exit_meanwhile = 3;    // Somebody else changed it, or is at work on it: try again.
inline constexpr int exit_denied = 4;       // Not allowed.
inline constexpr int exit_unavailable = 5;  // A remote or a program cannot be reached; local work is safe.
inline constexpr int exit_bug = 70;         // A fault of aecos itself.

constexpr int exit_status(ErrorCode code) {
  switch (code) {
    case ErrorCode::not_found:
    case ErrorCode::invalid_input:
      return exit_unusable;
    case ErrorCode::changed_meanwhile:
      return exit_meanwhile;
    case ErrorCode::denied:
      return exit_denied;
    case ErrorCode::unavailable:
      return exit_unavailable;
  }
  return exit_bug;
}

}  // namespace aecos::cli
