#pragma once
// The patterns of XML Schema (XSD part 2, appendix F), which are not those of other programs: always the whole text,
// `^` and `$` are plain characters, classes can be subtracted. Matching takes time in proportion to the text, whatever
// the pattern.

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace re2 {
class RE2;
}

namespace aecos::check {

class Pattern {
 public:
  // Errors: invalid_input, what in the pattern is not understood, or that it would take too much memory.
  static Result<Pattern> compile(std::string_view xsd);

  bool matches(std::string_view utf8) const;
  const std::string& source() const { return source_; }

 private:
  std::string source_;
  std::shared_ptr<const re2::RE2> compiled_;
};

}  // namespace aecos::check
