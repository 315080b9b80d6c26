#pragma once
// What events say to people: who, what changed in building terms, where it is, and where to look at it. In no service's
// format: each channel makes its own of it.

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "event/event.h"

namespace aecos::event {

enum class Weight : std::uint8_t { note, warning, problem };

// One change, in plain text.
struct StoryLine {
  std::string element;        // "W-12", "wall 2O2Fr$t4"; a path where it is no element's.
  std::string global_id;      // May be empty.
  std::string what;           // "FireRating", "moved 1.20 m", "added on Level 1"
  std::string before, after;  // As people write them: "REI 60", "REI 120"; both empty: `what` says it all.
  std::string storey;         // "Level 1"; may be empty.
  bool operator==(const StoryLine&) const = default;
};

struct StoryLink {
  std::string text, url;
  bool operator==(const StoryLink&) const = default;
};

// Everything is plain text of users, not escaped for anything, without line breaks, and as long as they made it.
struct Story {
  std::string id;               // Of what is told: the same events give the same. Letters, digits, '-', '_'.
  std::string type;             // Of the event, or of the gravest of several.
  std::string project, branch;  // Name; short name, may be empty.
  std::string actor;            // Login, or "ana, ben and 2 others"; empty: the hub.
  std::string time;             // Of the last, RFC 3339.
  Weight weight = Weight::note;
  std::string title;             // "ana changed 3 elements on develop"
  std::string summary;           // "W-12: FireRating REI 60 → REI 120; 2 doors added on Level 1"; may be empty.
  std::vector<StoryLine> lines;  // At most 20.
  std::size_t lines_in_all = 0;  // With those that were left out.
  std::vector<std::pair<std::string, std::string>> facts;  // {"Branch", "develop"}, {"Cost", "+1 200 EUR"} ...
  std::vector<StoryLink> links;  // {"Open in the dashboard", "https://…"} ...; the first is the main one.
  std::string thread;            // What belongs together: "conflict/c-5f0c", "element/2O2F…", "change-request/7".
  bool operator==(const Story&) const = default;
};

// Of one event, or of several of one project that are told together, in their order; not of none. `hub_url`: how people
// reach the hub, "https://hub.example.org"; empty: no links.
Story story_of(std::span<const Entry> events, const std::string& hub_url);

}  // namespace aecos::event
