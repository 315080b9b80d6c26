#pragma once
// What is written beside the model: for people, and where it is from.

#include <string>

#include "generate/build.h"

namespace aecos::generate {

// spec.md
std::string document_of(const Element& element, const std::string& name, const element::Description& description,
                        const BuildOptions& options);

element::MoreMetadata metadata_of(const Element& element, const BuildOptions& options);

// metadata.json with the quantities that a model states now; every other byte stays, and text that is no JSON as it is.
std::string with_quantities(const std::string& metadata, const element::Description& description);

}  // namespace aecos::generate
