#pragma once
// Element folders and the frame of their model, put together again.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace aecos::element {

// Folders, asked for twice each, in order. Sorted by slug.
struct JoinSource {
  std::size_t count = 0;
  std::function<std::string(std::size_t)> slug;
  std::function<Result<std::string>(std::size_t)> element_ifc;
};

struct Joined {
  std::string model;
  std::size_t elements = 0;
  // One line each: what could not be kept as it stood in two files that contradict each other.
  std::vector<std::string> notes;
};

// The model that was split, where nothing was edited since: ids, bytes and all, in the order of ids. Else:
// - what stands in an element's file is its own, but for what it shares with others (types, materials, project ...):
//   that stands in the frame; where it was edited in an element's file, the edit holds for all;
// - relations with many members get those whose files say so; what an absent element was named in is left out;
// - things without identity are one where id and content are equal.
// An empty frame is none. Errors: invalid_input, "elements/SLUG/element.ifc:12:3: …".
Result<Joined> join(std::string_view frame, const JoinSource& source);

}  // namespace aecos::element
