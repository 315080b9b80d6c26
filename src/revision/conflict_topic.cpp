#include "revision/conflict_topic.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "revision/words.h"

namespace aecos::revision {
namespace {

using merge::Side;

constexpr std::size_t title_max = 250, value_max = 2000;
constexpr std::string_view id_line = "Conflict: ";

std::string value_line(const Record& record, Side side) {
  const RecordSide& known = side_of(record, side);
  std::string line = std::string(merge::to_string(side)) + ": ";
  line += known.large_value.empty() ? show(value_of(record, side), value_max) : "(a large value)";
  std::string who = known.author;
  if (!known.commit.empty()) who += (who.empty() ? "" : ", ") + std::string("commit ") + known.commit;
  return line + (who.empty() ? "" : "   (" + who + ")");
}

std::string description_of(const Record& record, const bcf::Origin& origin) {
  const merge::Conflict& conflict = record.conflict;
  std::string text = "Two people changed the same thing, differently. Which value stands?\n\n";
  for (const Side side : {Side::base, Side::ours, Side::theirs}) text += value_line(record, side) + "\n";
  text +=
      "\nbase is what it was before both, ours what the shared branch had, theirs what came later. In the file now: " +
      std::string(merge::to_string(conflict.chosen)) + ".\n";
  text += "To settle it, write a comment that says nothing but one of these, and close the topic:\n";
  text += "  ours\n  theirs\n  base\n  as-is\n  value: …\n\n";
  text += std::string(id_line) + conflict.id + "\nFile: " + record.path;
  if (!conflict.element.global_id.empty())
    text += "\nElement: " + conflict.element.ifc_class + " " + conflict.element.global_id;
  if (!conflict.at.empty()) text += "\nPlace: " + conflict.at;
  if (!record.branch.empty()) text += "\nBranch: " + record.branch;
  if (!origin.commit.empty()) text += "\nCommit: " + origin.commit;
  return text;
}

constexpr std::string_view blanks = " \t\r\n";

// Takes a word off the front where it is one of these; what follows is trimmed.
bool take(std::string_view& text, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) {
    if (lower(text.substr(0, word.size())) != word) continue;
    text = trimmed(text.substr(word.size()), blanks);
    return true;
  }
  return false;
}

// Whoever writes by hand ends a sentence, or puts it in quotes.
std::string_view bare(std::string_view text) { return trimmed(text, " \t\"'`*.!,;"); }

struct Found {
  TopicDecision decision;
  std::optional<bcf::TimeUs> date;
};

// Of the lines of a comment the last one that decides counts.
std::optional<TopicDecision> decision_in_text(std::string_view text) {
  std::optional<TopicDecision> last;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (auto found = decision_in(text.substr(at, end - at))) last = std::move(found);
    at = end + 1;
  }
  return last;
}

Error undecided(const std::string& what) { return {ErrorCode::invalid_input, what}; }

Result<TopicDecision> last_of(const std::vector<Found>& all) {
  const bool undated = std::any_of(all.begin(), all.end(), [](const Found& each) { return !each.date; });
  const auto latest = std::max_element(
      all.begin(), all.end(), [](const Found& a, const Found& b) { return a.date.value_or(0) < b.date.value_or(0); });
  for (const Found& each : all)
    if ((undated || each.date == latest->date) && !each.decision.same(latest->decision))
      return undecided("it has several decisions (\"" + each.decision.said + "\", \"" + latest->decision.said +
                       "\"), and no dates that say which is the last");
  return latest->decision;
}

}  // namespace

std::string topic_guid(std::string_view conflict_id) { return bcf::guid_of("conflict\n" + std::string(conflict_id)); }

bcf::Topic topic_of(const Record& record, const bcf::Origin& origin, const bcf::Whereabouts& whereabouts) {
  const merge::Conflict& conflict = record.conflict;
  bcf::Topic topic =
      bcf::make_topic(origin, "conflict\n" + conflict.id, record.path, conflict.element.global_id, whereabouts);
  if (!origin.page.empty())
    topic.reference_links.insert(topic.reference_links.begin(), origin.page + "/conflicts/" + conflict.id);
  if (const auto opened = bcf::parse_date(record.opened)) topic.creation_date = *opened;
  topic.server_assigned_id = conflict.id;
  topic.type = "Conflict";
  topic.status = "Open";
  topic.priority = "High";
  topic.labels = {"aecos"};
  std::string who = title(conflict.element);
  if (who.empty()) who = record.path;
  topic.title = diff::shorten(diff::one_line(who + ", " + (conflict.at.empty() ? "the whole file" : conflict.at) +
                                             ": " + show(conflict.ours) + " or " + show(conflict.theirs)),
                              title_max);
  topic.description = description_of(record, origin);
  return topic;
}

bcf::Archive conflict_archive(const bcf::Origin& origin) {
  bcf::Archive archive;
  archive.project_id = origin.project_id;
  archive.project_name = origin.project_name;
  archive.extensions.types = {"Conflict"};
  archive.extensions.statuses = bcf::usual_statuses();
  archive.extensions.priorities = {"High", "Normal"};
  archive.extensions.labels = {"aecos", "ours", "theirs", "base", "as-is"};
  return archive;
}

std::string conflict_id_of(const bcf::Topic& topic) {
  const auto is_this = [&](const std::string& id) { return !id.empty() && topic_guid(id) == topic.guid; };
  if (is_this(topic.server_assigned_id)) return topic.server_assigned_id;
  const std::size_t at = topic.description.find(id_line);
  if (at == std::string::npos) return "";
  const std::size_t begin = at + id_line.size();
  const std::size_t end = topic.description.find_first_of(" \t\r\n", begin);
  const std::string id = topic.description.substr(begin, end == std::string::npos ? end : end - begin);
  return is_this(id) ? id : "";
}

std::optional<TopicDecision> decision_in(std::string_view line) {
  TopicDecision decision;
  decision.said = std::string(trimmed(line, blanks));
  std::string_view rest = bare(line);
  while (take(rest, {"aecos:", "aecos resolve ", "decision:", "decided:", "--", "take ", "keep ", "use "})) {
  }
  if (take(rest, {"value"}) && (rest.starts_with(':') || rest.starts_with('='))) {
    // The quotes and stops of a value are its own.
    const std::size_t at = line.find(rest[0], lower(line).find("value"));
    decision.value = std::string(trimmed(line.substr(at + 1), blanks));
    decision.what = TopicDecision::What::value;
    return decision.value.empty() ? std::nullopt : std::optional(decision);
  }
  const std::string word = lower(bare(rest));
  if (word == "base") {
    decision.what = TopicDecision::What::base;
  } else if (word == "ours") {
    decision.what = TopicDecision::What::ours;
  } else if (word == "theirs") {
    decision.what = TopicDecision::What::theirs;
  } else if (word == "as-is" || word == "as is" || word == "as it is") {
    decision.what = TopicDecision::What::as_is;
  } else {
    return std::nullopt;
  }
  return decision;
}

Result<TopicDecision> decision_of(const bcf::Topic& topic) {
  std::vector<Found> found;
  for (const bcf::Comment& comment : topic.comments) {
    auto decision = decision_in_text(comment.text);
    if (!decision) continue;
    const bool edited = comment.modified_date && (!comment.date || *comment.modified_date > *comment.date);
    decision->author = edited && !comment.modified_author.empty() ? comment.modified_author : comment.author;
    found.push_back({*std::move(decision), edited ? comment.modified_date : comment.date});
  }
  if (!found.empty()) return last_of(found);
  for (const std::string& label : topic.labels) {
    auto decision = decision_in(label);
    if (!decision) continue;
    decision->author = topic.modified_author;
    found.push_back({*std::move(decision), {}});
  }
  if (!found.empty()) return last_of(found);
  return undecided("it is closed without a decision; write a comment that says ours, theirs, base, as-is or value: …");
}

}  // namespace aecos::revision
