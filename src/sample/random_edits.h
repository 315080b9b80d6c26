#pragma once

#include <string>
#include <vector>

#include "sample/dice.h"
#include "sample/editor.h"

namespace aecos::sample {

// Up to `count` edits of any kind at places that the dice choose; gives what was done, in words. Fewer only where the
// model has no elements.
std::vector<std::string> edit_at_random(Editor& editor, Dice& dice, std::size_t count);

}  // namespace aecos::sample
