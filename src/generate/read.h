#pragma once
// A sentence as a specification: deterministic, by the grammar and the words in data/. Nothing is guessed in silence.
//
//   Reading reading = read("a 5 m long concrete wall, REI 120", context);
//   reading = complete(std::move(reading), context);
//   if (reading.problems.empty()) … build(reading.specification, context, …)

#include <string>
#include <string_view>
#include <vector>

#include "generate/context.h"
#include "generate/specification.h"

namespace aecos::generate {

struct Reading {
  Specification specification;
  std::vector<Problem> problems;
};

// What was said, and no more; values that are not said are absent.
Reading read(std::string_view sentence, const Context& context);

// Puts in what is usual where nothing was said, finds storeys and hosts, and holds everything to what can be. What is
// missing, unknown, contradictory or impossible is in the problems.
Reading complete(Reading reading, const Context& context);

// "5", "5 m", "12 ft 6 in": an answer to a question; as it is said within a sentence. False: it is no such value.
bool answer(Reading& reading, const Problem& question, std::string_view said, const Context& context);

// ok, ask, no, part: which kind of problem decides; refusals come first, then what is not understood.
std::string_view status_of(const std::vector<Problem>& problems);

}  // namespace aecos::generate
