#pragma once

namespace aecos::os {

// For programs that take and give back hundreds of megabytes within a second: what was given back stays at hand for the
// next large block, instead of going to the system and coming back as pages to be cleared.
void keep_freed_memory();

}  // namespace aecos::os
