#pragma once
// Bills for programs and spreadsheets. Amounts are texts, so that nothing rounds them again.

#include <string>
#include <string_view>

#include "cost/bill.h"

namespace aecos::cost {

inline constexpr std::string_view rounding =
    "each element's cost is rounded to the currency's smallest coin, halves up; sums are exact";

// "storey", "class", "classification", "element".
std::string_view name_of(By by);
// "priced", "in-whole", …
std::string_view name_of(State state);
// "base quantities", "shape", …
std::string_view name_of(Origin origin);

// What was looked at: a revision, a range; empty: the work tree. `unread`: files that could not be counted, a line
// each.
struct ReportHead {
  std::string of;
  std::vector<std::string> unread;
};

// docs/COST.md describes both. With By::element, every element is listed.
std::string report_json(const Bill& bill, By by, const ReportHead& head);
std::string report_json(const Bill& before, const Bill& after, By by, const ReportHead& head);

// An element a row.
std::string report_csv(const Bill& bill);
std::string report_csv(const Bill& before, const Bill& after);

// What an event says of a change, and what `aecos.sync` hands on: {"currency", "before", "after", "difference",
// "missingRates", "missingQuantities", "changedElements", "unreadFiles"}, and "others" for further currencies; the one
// that the rates begin with comes first.
std::string change_json(const Bill& before, const Bill& after, std::size_t unread_files);

}  // namespace aecos::cost
