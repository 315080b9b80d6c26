#include "check/report_bcf.h"

#include <map>

#include "diff/words.h"

namespace aecos::check {
namespace {

constexpr std::size_t title_max = 250;

std::string title_of(const Finding& finding) {
  std::string who = finding.ifc_class;
  if (!finding.name.empty()) who += (who.empty() ? "" : " ") + finding.name;
  if (who.empty()) who = finding.path;
  return diff::shorten(diff::one_line(who + ": " + finding.message), title_max);
}

std::string description_of(const Finding& finding, const bcf::Origin& origin) {
  std::string text = finding.message;
  if (!finding.mend.empty()) text += "\nTo mend it: " + finding.mend;
  if (!finding.group.empty()) text += "\nRequirement: " + finding.group;
  text += "\nFile: " + finding.path + (finding.line > 0 ? ":" + std::to_string(finding.line) : "");
  if (!finding.global_id.empty()) text += "\nElement: " + finding.ifc_class + " " + finding.global_id;
  if (!origin.commit.empty()) text += "\nCommit: " + origin.commit;
  return text;
}

}  // namespace

bcf::Archive report_bcf(const Report& report, const bcf::Origin& origin, const FindPlace& find_place) {
  bcf::Archive archive;
  archive.project_id = origin.project_id;
  archive.project_name = origin.project_name;
  std::map<std::string, int> known;  // What says the same of two things without a GlobalId is told apart by number.
  for (const Finding& finding : report.findings) {
    if (!finding.waiver.empty()) continue;
    std::string identity = "finding\n" + origin.project_id + "\n" + finding.rule + "\n" + finding.group + "\n" +
                           finding.path + "\n" + finding.global_id + "\n" + finding.message;
    const int number = known[identity]++;
    if (number > 0) identity += "\n" + std::to_string(number);
    bcf::Topic topic =
        bcf::make_topic(origin, identity, finding.path, finding.global_id, find_place(finding.path, finding.global_id));
    topic.type = "Issue";
    topic.status = "Open";
    topic.priority = finding.severity == Severity::error ? "High" : "Normal";
    topic.labels = {finding.rule};
    topic.title = title_of(finding);
    topic.description = description_of(finding, origin);
    archive.topics.push_back(std::move(topic));
  }
  archive.extensions.types = {"Issue"};
  archive.extensions.statuses = bcf::usual_statuses();
  archive.extensions.priorities = {"High", "Normal"};
  bcf::list_used(archive);
  return archive;
}

}  // namespace aecos::check
