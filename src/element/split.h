#pragma once
// A model as a folder for each of its building elements, and a frame that keeps everything else.
//
//   AECOS_TRY_ASSIGN(auto split, element::Split::of(model_text));
//   for (std::size_t k = 0; k < split.size(); ++k) save(split.element(k, memory));
//   save(split.frame({&memory, 1}));

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "element/folder.h"

namespace aecos::element {

struct SplitParts;

class Split {
 public:
  // What one thread needs to make elements, and remembers of those it made.
  struct Memory {
    std::vector<std::uint32_t> seen;
    std::vector<bool> covered;  // By instance of the model: it stands in some element's file.
    std::uint32_t round = 0;
  };

  // The text must outlive the result. invalid_input: it cannot be read ("12:3: …"), or its schema is not known.
  static Result<Split> of(std::string_view model);
  Split(Split&&) noexcept;
  Split& operator=(Split&&) noexcept;
  ~Split();

  std::size_t size() const;  // Elements, in the order of the model.
  std::string global_id(std::size_t element) const;
  Description description(std::size_t element) const;
  // element.ifc: the element, what is its own (openings, ports, shape, property sets), its part in relations, and
  // copies of what it shares with others or refers to. Ids and bytes are those of the model. Several threads may make
  // elements at once, each with its own memory. Cost: that of the file.
  std::string element(std::size_t element, Memory& memory) const;
  // Everything that stands in no element's file, when all were made. Elements that are named there are references.
  std::string frame(std::span<const Memory> memories) const;

 private:
  explicit Split(std::unique_ptr<SplitParts> parts);
  std::unique_ptr<SplitParts> parts_;
};

}  // namespace aecos::element
