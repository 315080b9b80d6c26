#pragma once

namespace aecos::os {

// Memory that is free, but was kept for what comes, goes back to the system. Takes some milliseconds at most.
void give_back_memory();

}  // namespace aecos::os
