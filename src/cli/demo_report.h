#pragma once
// What the demonstration shows.

#include <string>
#include <vector>

#include "cli/demo_proof.h"
#include "cli/terminal.h"

namespace aecos::cli {

void show_people(Terminal& terminal, const std::string& where);

// Who saved what when, and after how many milliseconds it was in each work tree; and how fast that was in all.
void show_time_line(Terminal& terminal, const std::vector<DemoEdit>& edits, const DemoTeam& team);

// The properties of the wall all have edited, and who set each.
Result<> show_wall(Terminal& terminal, DemoTeam& team);

// A command line and what it answered.
void show_command(Terminal& terminal, std::size_t person, const std::string& line, const std::string& output);

void show_proof(Terminal& terminal, const DemoProof& proof, std::size_t conflicts);

}  // namespace aecos::cli
