#pragma once
// What aecos says below a pull request: which changes it brings in building terms, and what merging it would leave to
// decide.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aecos::forge {

// One change, or one conflict; users' texts as they are.
struct ReportLine {
  std::string element;        // "W-12", or a path.
  std::string what;           // "FireRating", "moved 1.20 m"
  std::string before, after;  // Of a conflict: as the target has it, and as the pull request has it. May be empty.
  bool operator==(const ReportLine&) const = default;
};

struct Report {
  std::string project;         // As the hub calls it.
  std::string source, target;  // Branches.
  std::string commit;          // The source's, hex digits.
  std::string summary;         // One line: "W-12: FireRating REI 60 → REI 120; 2 doors added"
  std::vector<ReportLine> changes = {};
  std::size_t changes_in_all = 0;  // With those that are not in the list.
  std::vector<ReportLine> conflicts = {};
  std::size_t conflicts_in_all = 0;
  std::string url = {};  // Where to see more; may be empty.
};

// What the comment of that project begins with; people do not see it.
std::string marker_of(std::string_view project);

inline constexpr std::size_t comment_max = 60'000;  // Bytes; GitHub takes 65,536 characters.

// Markdown. Whatever users wrote stands in code, where it is no markup, mentions nobody and refers to nothing. What has
// no place is counted.
std::string comment_of(const Report& report, std::size_t size_max = comment_max);

// "no conflicts: W-12: FireRating REI 60 → REI 120", for a status.
std::string status_line_of(const Report& report);

}  // namespace aecos::forge
