#pragma once
// What one file was found to say, as bytes that can be kept: whoever has them need not look at the file again.

#include <string>
#include <string_view>
#include <vector>

#include "check/validate.h"

namespace aecos::check {

// To be raised with every change after which a file may be judged differently.
inline constexpr int rules_version = 1;

// `outcome`: what look_at() gave for the file of that path.
std::string write_outcome(const Report& outcome, const std::string& path,
                          const std::vector<Requirements>& requirements);

// With the same path and requirements. invalid_input: it is damaged, or of others.
Result<Report> read_outcome(std::string_view bytes, const std::string& path,
                            const std::vector<Requirements>& requirements);

}  // namespace aecos::check
