#pragma once
// Checks of a commit that somebody skipped, and why: asked for as "soundness,agreement:the exporter writes it so", kept
// in the commit's message, a trailer for each: "Aecos-Skipped: soundness: the exporter writes it so".

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace aecos::revision {

inline constexpr std::string_view skipped_trailer = "Aecos-Skipped";

struct SkippedCheck {
  std::string check, reason;
  bool operator==(const SkippedCheck&) const = default;
};

// invalid_input: a check that is not in `known`, or no reason of one line and at most 300 bytes.
Result<std::vector<SkippedCheck>> read_skips(const std::vector<std::string>& wishes,
                                             const std::vector<std::string_view>& known);

// "Aecos-Skipped: soundness: the exporter writes it so"
std::string trailer_of(const SkippedCheck& skipped);

// In the order of the message; what is no such trailer is passed over.
std::vector<SkippedCheck> skipped_in(const std::string& message);

}  // namespace aecos::revision
