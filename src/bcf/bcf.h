#pragma once
// The BIM Collaboration Format: archives of topics that programs for building models hand to each other. Versions 2.1
// and 3.0 of buildingSMART's BCF-XML are written; 2.0, too, is read.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace aecos::bcf {

enum class Version : std::uint8_t { v2_0, v2_1, v3_0 };
std::string_view to_string(Version version);  // "2.1"

using Vector = std::array<double, 3>;  // Metres.
using TimeUs = std::int64_t;           // Microseconds since 1970 UTC.

struct Component {
  std::string ifc_guid, originating_system, authoring_tool_id;
  bool operator==(const Component&) const = default;
};

struct Camera {
  bool perspective = true;
  Vector position{0, 0, 0}, direction{0, 1, 0}, up{0, 0, 1};
  double field_of_view_degrees = 60;  // Of a perspective one.
  double view_height_m = 10;          // Of an orthogonal one.
  double aspect_ratio = 1;            // Width by height; 3.0 alone has it.
  bool operator==(const Camera&) const = default;
};

struct Viewpoint {
  std::string guid;
  std::optional<Camera> camera;  // 3.0 must have one.
  std::vector<Component> selection;
  bool default_visibility = true;
  std::vector<Component> exceptions;  // From that: what is hidden, or what alone is to be seen.
  bool spaces_visible = false, space_boundaries_visible = false, openings_visible = false;
  std::string snapshot;  // Name of a picture in the archive; it is not read, and not written.
  std::optional<int> index;
  bool operator==(const Viewpoint&) const = default;
};

struct Comment {
  std::string guid;
  std::optional<TimeUs> date;
  std::string author, text;
  std::string viewpoint;  // Guid; empty: none.
  std::optional<TimeUs> modified_date;
  std::string modified_author;
  bool operator==(const Comment&) const = default;
};

// A model that a topic is about.
struct File {
  std::string ifc_project, ifc_spatial_structure_element;
  bool external = true;  // Not in the archive.
  std::string filename;
  std::optional<TimeUs> date;
  std::string reference;
  bool operator==(const File&) const = default;
};

struct Topic {
  std::string guid;                // Lower case.
  std::string server_assigned_id;  // 3.0 alone has it.
  std::string type, status;
  std::vector<File> files;
  std::vector<std::string> reference_links;
  std::string title, priority;
  std::optional<int> index;
  std::vector<std::string> labels;
  std::optional<TimeUs> creation_date;
  std::string creation_author;
  std::optional<TimeUs> modified_date;
  std::string modified_author;
  std::optional<TimeUs> due_date;
  std::string assigned_to, stage, description;
  std::vector<std::string> related_topics;  // Guids.
  std::vector<Comment> comments;
  std::vector<Viewpoint> viewpoints;
  bool operator==(const Topic&) const = default;
};

// What people may choose from.
struct Extensions {
  std::vector<std::string> types, statuses, priorities, labels, users, stages;
  bool operator==(const Extensions&) const = default;
};

struct Archive {
  Version version = Version::v3_0;
  std::string project_id, project_name;
  Extensions extensions;
  std::vector<Topic> topics;
  std::vector<std::string> faults;  // Of reading: what was left out and why, a line each, with file and place.
  bool operator==(const Archive&) const = default;
};

inline constexpr std::size_t topics_max = 100'000;  // Of one archive, read or written.

// What is more than that is refused.
struct ReadLimits {
  std::uint64_t entries = 500'000;
  std::uint64_t topics = topics_max;
  std::uint64_t parts = 10'000;                       // Comments, viewpoints, files … of one topic.
  std::uint64_t components = 500'000;                 // Of one viewpoint.
  std::uint64_t file_bytes = std::uint64_t{8} << 20;  // Of one XML text.
  std::uint64_t bytes = std::uint64_t{512} << 20;     // Of all XML texts.
};

// Adds to what people may choose from what the topics use.
void list_used(Archive& archive);

// Reads what any program wrote; what is not known is passed over. A topic that cannot be read is left out and told in
// `faults`. invalid_input: no BCF, or an archive that no program for building models would write: names that lead out
// of it, links, one name twice, more than `limits`. Pictures and documents in it are not unpacked.
Result<Archive> read(std::string_view zip, const ReadLimits& limits = {});

// The same bytes for the same archive; version 2.0 is written as 2.1. invalid_input: something is missing or wrong that
// the version must have; the message says which topic.
Result<std::string> write(const Archive& archive);

// --- guids
// The same guid for the same text, and no other (RFC 9562, version 8).
std::string guid_of(std::string_view text);
bool is_guid(std::string_view text);
// "{9C2F…}" -> "9c2f…"; empty: it is none.
std::string normal_guid(std::string_view text);

// --- dates
// "2026-03-31T12:00:00.5+02:00"; without a zone it is UTC, a day alone is its first moment. Absent: no date.
std::optional<TimeUs> parse_date(std::string_view text);
std::string date_text(TimeUs time);  // "2026-03-31T10:00:00.5Z"

}  // namespace aecos::bcf
