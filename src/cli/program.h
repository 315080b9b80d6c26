#pragma once
// The program `aecos`, without what main alone does.

#include <string>
#include <vector>

#include "cli/command.h"

namespace aecos::cli {

inline constexpr const char* version = "0.1.0";

// Runs one command line (without the program's name) and returns the exit status. Bugs are caught here and reported on
// one line.
int run_program(const std::vector<std::string>& arguments, Context& context);

}  // namespace aecos::cli
