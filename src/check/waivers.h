#pragma once
// Findings that somebody lets pass, with a reason and until a day. .aecos/waivers.json:
//
//   { "version": 1,
//     "waivers": { "w-5f0c9a1b77e2": { "specification": "Fire rating", "element": "3cUkl32yn9qRSPvBJVyWYp",
//       "reason": "rated by the manufacturer, sheet 12", "until": "2027-03-01", "by": "ana", "at": "2026-11-29" } } }
//
// They are members of an object, so that two people's additions merge.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace aecos::check {

struct Finding;
struct Report;

inline constexpr std::string_view waivers_path = ".aecos/waivers.json";

// What is empty of rule, specification, element and path says nothing; one of the first two and one of the last two is
// said.
struct Waiver {
  std::string id;
  std::string rule;           // "ids-property"; one of rules().
  std::string specification;  // Its name.
  std::string element;        // GlobalId.
  std::string path;           // "elements/wall-*/**": '*' within a segment, '**' any number of them, '?' one character.
  std::string reason;
  std::string until;  // The last day on which it holds, "2027-03-01".
  std::string by;     // Who let it pass.
  std::string at;     // When: a day, and perhaps a time behind it.
  bool operator==(const Waiver&) const = default;
};

struct WaiverUse {
  Waiver waiver;
  bool expired = false;
  bool early = false;        // Given on a day that is to come: it does not hold yet.
  std::size_t findings = 0;  // That it lets pass; if it is over, that it did.
};

// In the order of the file. invalid_input: they cannot be used; the message has line and column. It is refused what
// has no reason, no end, or an end more than a year after its beginning.
Result<std::vector<Waiver>> parse_waivers(std::string_view json);

// Why it can be none, in words; empty: it can.
std::string waiver_fault(const Waiver& waiver);

// The file with one more, or without one; `json` may be empty: there is none yet. invalid_input: it cannot be read;
// not_found: there is none of that id; changed_meanwhile: there is one already.
Result<std::string> add_waiver(std::string_view json, const Waiver& waiver);
Result<std::string> remove_waiver(std::string_view json, std::string_view id);

// The same for the same thing that is let pass, but for who did and until when: "w-" and 12 digits.
std::string waiver_id(const Waiver& waiver);

bool covers(const Waiver& waiver, const Finding& finding);

// Marks the findings that one lets pass on that day ("2026-11-29"), and those that one did until its day was over.
void apply_waivers(const std::vector<Waiver>& waivers, std::string_view today, Report& report);

// "2026-11-29" of a time, UTC; and so many days later.
std::string day_of(std::int64_t time_us);
std::string days_later(std::string_view day, int days);

}  // namespace aecos::check
