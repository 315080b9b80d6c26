#pragma once
// Conflicts as topics of the BIM Collaboration Format, and what people decided in such a topic.

#include <optional>
#include <string>
#include <string_view>

#include "bcf/view.h"
#include "revision/record.h"

namespace aecos::revision {

// The guid of a conflict's topic; the same in every project and program.
std::string topic_guid(std::string_view conflict_id);

// What a conflict is about, what the three versions say and who made them, and how to settle it.
bcf::Topic topic_of(const Record& record, const bcf::Origin& origin, const bcf::Whereabouts& whereabouts);

// An archive for such topics.
bcf::Archive conflict_archive(const bcf::Origin& origin);

// The conflict that a topic made by topic_of() stands for, whether it is open or not; empty: none.
std::string conflict_id_of(const bcf::Topic& topic);

struct TopicDecision {
  enum class What { base, ours, theirs, as_is, value };
  What what = What::base;
  std::string value;   // As it was written: JSON, or a text.
  std::string author;  // Empty: not known.
  std::string said;    // The line that decides, as it was written.
  bool same(const TopicDecision& other) const { return what == other.what && value == other.value; }
};

// A line that decides: "theirs", "Aecos: ours.", "take base", "as-is", "value: REI 90". Absent: it does not.
std::optional<TopicDecision> decision_in(std::string_view line);

// The last decision by time of the topic's comments; where none of them decides, that of its labels. invalid_input:
// there is none, or it cannot be told which one counts; the message says so for people.
Result<TopicDecision> decision_of(const bcf::Topic& topic);

}  // namespace aecos::revision
