#include "check/ids_check.h"

#include <algorithm>

#include "base/parallel.h"
#include "check/ids_facet_internal.h"
#include "ifc/reference_mark.h"

namespace aecos::check {
namespace {

using ifc::Index;
using ifc::no_instance;

// Below this many instances one processor is done before a second one has begun.
constexpr std::size_t instances_worth_a_thread = 2000;

// Failures of all specifications, at a few hundred bytes each.
constexpr std::size_t most_told = 200'000;
// Some minutes.
constexpr std::uint64_t most_work = 10'000'000'000;

struct Test {
  std::unique_ptr<FacetTest> facet;
  Cardinality cardinality;
};

Test make(const Facts& facts, const Facet& facet) {
  return {std::visit([&](const auto& what) { return make_test(facts, what); }, facet.what), facet.cardinality};
}

bool meets(const Test& test, Index i, std::string* why) {
  switch (test.cardinality) {
    case Cardinality::required:
      return test.facet->fulfilled(i, why);
    case Cardinality::optional:
      return test.facet->absent(i) || test.facet->fulfilled(i, why);
    case Cardinality::prohibited:
      break;
  }
  return !test.facet->present(i, why);
}

class SpecificationCheck {
 public:
  SpecificationCheck(const Facts& facts, const Specification& specification, const IdsOptions& options)
      : facts_(facts), specification_(specification), options_(options) {
    for (const Facet& facet : specification.applicability) applicability_.push_back(make(facts, facet));
    for (const Facet& facet : specification.requirements) requirements_.push_back(make(facts, facet));
  }

  SpecificationResult run() {
    const auto& versions = specification_.versions;
    result_.other_version =
        std::find(versions.begin(), versions.end(), facts_.model.schema->version()) == versions.end();
    const std::vector<bool> keywords = possible_keywords();
    std::vector<Index> candidates;
    for (std::size_t k = 0; k < keywords.size(); ++k)
      if (keywords[k]) candidates.insert(candidates.end(), facts_.by_keyword[k].begin(), facts_.by_keyword[k].end());
    std::sort(candidates.begin(), candidates.end());
    for (const Index i : candidates) look_at(i);
    if (specification_.cardinality == Cardinality::required && result_.applicable == 0 && !options_.part_of_model)
      result_.reason = "the model has nothing that this is about, and something is required";
    result_.pass = result_.failed == 0 && result_.reason.empty();
    return std::move(result_);
  }

 private:
  // The classes of which any instance can be meant.
  std::vector<bool> possible_keywords() const {
    std::vector<bool> possible(facts_.by_keyword.size(), true);
    for (const Facet& facet : specification_.applicability) {
      const auto* const entity = std::get_if<EntityFacet>(&facet.what);
      if (entity == nullptr) continue;
      KeywordSet found = keywords_named(facts_, entity->name);
      if (!found.any_typed) possible = std::move(found.of);
    }
    return possible;
  }

  void look_at(Index i) {
    if (!std::all_of(applicability_.begin(), applicability_.end(),
                     [&](const Test& test) { return test.facet->fulfilled(i, nullptr); }))
      return;
    if (is_reference(i)) return;
    ++result_.applicable;
    bool good = true;
    if (specification_.cardinality == Cardinality::prohibited) {
      good = false;
      tell(i, requirements_.size(), [] { return std::string("must not be in the model"); });
    }
    for (std::size_t k = 0; k < requirements_.size(); ++k) {
      if (meets(requirements_[k], i, nullptr)) continue;
      good = false;
      tell(i, k, [&] {
        std::string why;
        meets(requirements_[k], i, &why);
        return why;
      });
    }
    result_.failed += good ? 0 : 1;
  }

  // In an element's file, others are named and not described (docs/FORMATS.md); what they are stands in their own.
  bool is_reference(Index i) const {
    return facts_.model.traits(i).role == ifc::Role::object &&
           facts_.model.attribute(i, 3) == ifc::quoted_reference_mark;
  }

  template <class Reason>
  void tell(Index i, std::size_t requirement, const Reason& reason) {
    if (result_.failures.size() < options_.failures) result_.failures.push_back({i, requirement, reason()});
  }

  const Facts& facts_;
  const Specification& specification_;
  const IdsOptions& options_;
  std::vector<Test> applicability_, requirements_;
  SpecificationResult result_;
};

// About how much is to be looked at: instances and names, once for each facet.
std::uint64_t work_of(const Facts& facts, const Specification& specification) {
  std::uint64_t candidates = facts.model.size();
  for (const Facet& facet : specification.applicability) {
    const auto* const entity = std::get_if<EntityFacet>(&facet.what);
    if (entity == nullptr) continue;
    const KeywordSet keywords = keywords_named(facts, entity->name);
    if (keywords.any_typed) continue;
    candidates = 0;
    for (std::size_t k = 0; k < keywords.of.size(); ++k)
      if (keywords.of[k]) candidates += facts.by_keyword[k].size();
  }
  std::uint64_t work = candidates;
  for (const auto* const facets : {&specification.applicability, &specification.requirements}) {
    work += candidates * facets->size();
    for (const Facet& facet : *facets) {
      if (std::holds_alternative<PartOfFacet>(facet.what)) work += facts.model.size() / 8;
      if (std::holds_alternative<PropertyFacet>(facet.what)) work += facts.names.texts().size();
    }
  }
  return work;
}

}  // namespace

Result<std::vector<SpecificationResult>> check_ids(const ifc::Model& model, const Ids& ids, IdsOptions options) {
  if (model.schema == nullptr)
    return Error{ErrorCode::invalid_input, "the schema of this model is none of IFC2X3, IFC4 and IFC4X3"};
  const Facts facts(model, ids);
  std::uint64_t work = 0;
  for (const Specification& specification : ids.specifications) work += work_of(facts, specification);
  if (work > most_work)
    return Error{ErrorCode::invalid_input,
                 "these requirements are too many for a model of this size; split them, or name classes in each"};
  std::vector<SpecificationResult> results(ids.specifications.size());
  options.failures = std::min(options.failures, most_told / std::max<std::size_t>(1, results.size()));
  const auto check = [&](std::size_t k) {
    results[k] = SpecificationCheck(facts, ids.specifications[k], options).run();
  };
  if (model.size() < instances_worth_a_thread) {
    for (std::size_t k = 0; k < results.size(); ++k) check(k);
  } else {
    in_parallel(results.size(), check);
  }
  return results;
}

}  // namespace aecos::check
