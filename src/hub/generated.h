#pragma once
// Elements that came into being as words.

#include <string>
#include <vector>

#include "event/event.h"
#include "git/repository.h"
#include "revision/tree_difference.h"

namespace aecos::hub {

// What one sentence brought.
struct Generated {
  std::string sentence, author;                // As metadata.json has them; shortened.
  std::vector<event::ElementChange> elements;  // Named only: that they were added is told of the commit.
};

// Of element folders that are new and whose metadata.json says that they come from text, by sentence and author. Looks
// into no more than `generated_files_max` files and tells of no more than `generated_max` sentences; a file that cannot
// be read is none.
inline constexpr std::size_t generated_max = 20, generated_files_max = 500;
std::vector<Generated> generated_in(const git::Repository& repository,
                                    const std::vector<revision::FileDifference>& files);

}  // namespace aecos::hub
