#pragma once
// A model of Speckle's objects as glTF 2.0, for everything else that shows shapes.

#include <functional>
#include <string>

#include "base/result.h"
#include "speckle/object.h"

namespace aecos::speckle {

// The JSON of an object. not_found: there is none.
using Lookup = std::function<Result<std::string>(const ObjectId& id)>;

// A binary glTF file (.glb): a node for each collection and data object, named as these, with GlobalId and class in its
// extras; metres, the y axis up. invalid_input: there is nothing to be drawn, or more than the format can hold (4 GiB).
Result<std::string> write_glb(const ObjectId& root, const Lookup& lookup);

}  // namespace aecos::speckle
