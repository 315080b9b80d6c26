#pragma once
// One facet made ready for one model: what can be decided per class or per name is decided once.

#include <memory>
#include <string>

#include "check/ids_facts.h"

namespace aecos::check {

class FacetTest {
 public:
  virtual ~FacetTest() = default;
  // Whether the instance fulfils it, cardinality left aside. `why` is filled if it does not and somebody wants to know.
  virtual bool fulfilled(ifc::Index i, std::string* why) const = 0;
  // For optional facets: there is nothing that could be wrong.
  virtual bool absent(ifc::Index i) const = 0;
  // For prohibited facets: whether anything of it is there. `what` as `why`.
  virtual bool present(ifc::Index i, std::string* what) const = 0;
};

std::unique_ptr<FacetTest> make_test(const Facts& facts, const EntityFacet& facet);
std::unique_ptr<FacetTest> make_test(const Facts& facts, const AttributeFacet& facet);
std::unique_ptr<FacetTest> make_test(const Facts& facts, const PropertyFacet& facet);
std::unique_ptr<FacetTest> make_test(const Facts& facts, const ClassificationFacet& facet);
std::unique_ptr<FacetTest> make_test(const Facts& facts, const MaterialFacet& facet);
std::unique_ptr<FacetTest> make_test(const Facts& facts, const PartOfFacet& facet);

// The classes of the file that an entity facet means, by keyword; and of what is told apart by its type, of the types.
struct KeywordSet {
  std::vector<bool> of, typed_by;
  bool any_typed = false;
};
KeywordSet keywords_named(const Facts& facts, const IdsValue& name);

// Whether an instance is of one of the classes and has the predefined type.
bool is_entity(const Facts& facts, const KeywordSet& keywords, const EntityFacet& facet, ifc::Index i,
               std::string* why);

}  // namespace aecos::check
