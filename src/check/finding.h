#pragma once
// What a check has to say, in one form for people, machines and forges.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "check/ids.h"
#include "check/ids_check.h"
#include "check/waivers.h"
#include "ifc/model.h"

namespace aecos::check {

enum class Severity : std::uint8_t { error, warning };

struct Finding {
  std::string rule = {};  // One of rules(): "ids-property", "ifc-reference" …
  Severity severity = Severity::error;
  std::string path = {};             // From the root of the project, or as it was named.
  std::size_t line = 0, column = 0;  // From 1; 0: of the file as a whole.
  std::string group = {};            // What was asked for: the specification's name. Empty: the rule says it.
  std::string global_id = {}, ifc_class = {}, name = {};  // Of the element, where it is about one.
  std::uint64_t step_id = 0;
  std::string message = {};  // What is wrong, in one line.
  std::string mend = {};     // What to do about it; empty: the message says it.
  std::string waiver = {};   // The id of the one that lets it pass (waivers.h); empty: none does.
  std::string expired = {};  // The id of one that did, until its day was over.
};

// How one specification came out for one model.
struct SpecificationSummary {
  std::string ids_path, path, name, identifier;
  bool pass = true;
  bool other_version = false;
  std::size_t applicable = 0, failed = 0;
};

struct Report {
  std::vector<Finding> findings;
  std::vector<SpecificationSummary> specifications;
  std::vector<std::string> notes;  // What was not looked at, and why.
  std::size_t files = 0;
  std::size_t untold = 0;          // Findings beyond what is told.
  std::vector<WaiverUse> waivers;  // Where the project has some, in their order.
  std::size_t errors() const;      // That nobody waived.
  std::size_t waived() const;
};

struct Rule {
  std::string_view id, what;
};
// All there are, sorted by id.
std::vector<Rule> rules();

// Where lines begin, found once for many findings of one file.
class LineIndex {
 public:
  explicit LineIndex(std::string_view text);
  // Line and column from 1; the column counts bytes.
  std::pair<std::size_t, std::size_t> of(std::size_t offset) const;

 private:
  std::string_view text_;
  std::vector<std::size_t> lines_before_;  // Of each block.
};

// Of the element or instance: line, GlobalId, class and name.
void locate(const ifc::Model& model, const LineIndex& lines, ifc::Index i, Finding& finding);

// What check_ids() found for a model, told as findings.
void add_results(const ifc::Model& model, const std::string& path, const Ids& ids, const std::string& ids_path,
                 const std::vector<SpecificationResult>& results, Report& report);

// "refers to #12" and "refers to #7" are the same in two versions of a file.
std::string without_step_ids(const std::string& message);

// --- reports; all valid UTF-8, whatever stands in the files
std::string report_json(const Report& report);
std::string report_sarif(const Report& report);  // SARIF 2.1.0
// One page with nothing outside of it, to be read or printed.
std::string report_html(const Report& report, std::string_view title);

}  // namespace aecos::check
