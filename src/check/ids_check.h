#pragma once
// Holding a model to an IDS.

#include <cstddef>
#include <string>
#include <vector>

#include "check/ids.h"
#include "ifc/model.h"

namespace aecos::check {

struct IdsFailure {
  ifc::Index instance;      // no_instance: of the model as a whole.
  std::size_t requirement;  // Position in Specification::requirements; their number if it is none of them.
  std::string reason;       // "Pset_WallCommon has no FireRating"
};

struct SpecificationResult {
  bool pass = true;
  bool other_version = false;        // The specification was written for other versions of IFC than the model's.
  std::size_t applicable = 0;        // Elements it applies to.
  std::size_t failed = 0;            // Of them.
  std::string reason;                // Where the specification as a whole fails: nothing it applies to.
  std::vector<IdsFailure> failures;  // In the order of the file; at most as many as asked for.
};

struct IdsOptions {
  std::size_t failures = 1000;  // That are told of one specification; all are counted.
  bool part_of_model = false;   // The file holds one element of many: nothing must be in it.
};

// One result a specification, in their order. Specifications are looked at on all processors; memory is bounded by the
// size of the model, whatever the IDS. Errors: invalid_input, the schema of the model is not known, or it would
// take more than some minutes.
Result<std::vector<SpecificationResult>> check_ids(const ifc::Model& model, const Ids& ids, IdsOptions options = {});

}  // namespace aecos::check
