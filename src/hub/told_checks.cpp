#include "hub/told_checks.h"

#include <map>

#include "base/count.h"
#include "check/waivers.h"
#include "revision/skipped.h"
#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::hub {
namespace {

std::string text_of(text::JsonNode node) { return std::string(node.as_string().value_or(std::string_view())); }

// "Check validate of develop: 2 new faults: IfcWall W-12: …"
std::string summary_of(const event::Draft& draft, text::JsonNode check) {
  const std::int64_t fresh = check["new"].as_int().value_or(0), mended = check["mended"].as_int().value_or(0);
  std::string text = "Check " + draft.subject + " of " + draft.branch + ": ";
  if (const std::string why = text_of(check["why"]); !why.empty()) return text + "not made: " + why;
  text += fresh == 0 ? "passed" : counted(static_cast<std::size_t>(fresh), "new fault");
  if (mended > 0) text += ", " + std::to_string(mended) + " mended";
  if (const std::size_t waived = check["waivers"].size(); waived > 0)
    text += ", " + counted(waived, "waiver counted", "waivers counted");
  const text::JsonNode first = check["findings"][0];
  if (!first) return text;
  const text::JsonNode element = first["element"];
  const std::string who = text_of(element["name"]).empty() ? text_of(element["class"]) : text_of(element["name"]);
  const std::string group = text_of(first["specification"]);
  return text + ": " + (who.empty() ? text_of(first["path"]) : who) + ": " + (group.empty() ? "" : group + ": ") +
         text_of(first["message"]);
}

std::map<std::string, check::Waiver> waivers_of(const OpenProject& project,
                                                const std::optional<revision::FileVersion>& version) {
  std::map<std::string, check::Waiver> found;
  if (!version) return found;
  const auto json = project.repository.read_blob(version->id);
  const auto waivers = json ? check::parse_waivers(*json) : json.error();
  if (waivers)
    for (const check::Waiver& waiver : *waivers) found[waiver.id] = waiver;
  return found;
}

std::string about(const check::Waiver& waiver) {
  const std::string what = waiver.specification.empty() ? waiver.rule : waiver.specification;
  return what + " for " + (waiver.element.empty() ? waiver.path : waiver.element);
}

event::Draft told_waiver(Events& events, const event::Draft& like, const std::string& verb, const std::string& words,
                         const check::Waiver& waiver) {
  event::Draft told = events.draft(like.project, "waiver." + verb, like.actor);
  told.branch = like.branch;
  told.commit = like.commit;
  told.subject = waiver.id;
  told.summary = like.actor + " " + words + " " + about(waiver) + " until " + waiver.until + ": " + waiver.reason;
  text::JsonWriter json;
  json.begin_object().member("rule", waiver.rule).member("specification", waiver.specification);
  json.member("element", waiver.element).member("path", waiver.path).member("reason", waiver.reason);
  json.member("until", waiver.until).member("by", waiver.by).member("at", waiver.at).end_object();
  told.more = {{"waiver", std::move(json).take()}};
  return told;
}

}  // namespace

event::Draft told_check(Events& events, const std::string& project, const std::string& branch,
                        const std::string& commit, const std::string& login, const std::string& check) {
  event::Draft draft = events.draft(project, "check.passed", login);
  draft.branch = branch;
  draft.commit = commit;
  const auto document = text::parse_json(check);
  const text::JsonNode root = document ? document->root() : text::JsonNode();
  draft.subject = text_of(root["check"]);
  if (text_of(root["state"]) != "passed") draft.type = "check.failed";
  draft.summary = summary_of(draft, root);
  for (const text::JsonNode member : root)
    draft.more.emplace_back(std::string(member.key()), std::string(member.raw()));
  for (const text::JsonNode finding : root["findings"]) {
    const text::JsonNode element = finding["element"];
    if (!element) continue;
    event::ElementChange named;
    named.element.global_id = text_of(element["globalId"]);
    named.element.ifc_class = text_of(element["class"]);
    named.element.name = text_of(element["name"]);
    named.path = text_of(finding["path"]);
    draft.elements.push_back(std::move(named));
  }
  return draft;
}

std::string brief_checks(const std::string& checks) {
  const auto document = text::parse_json(checks);
  if (!document || document->root().size() == 0) return "";
  text::JsonWriter json;
  json.begin_array();
  for (const text::JsonNode check : document->root())
    json.begin_object().member("name", text_of(check["check"])).member("state", text_of(check["state"])).end_object();
  json.end_array();
  return std::move(json).take();
}

std::vector<event::Draft> told_checks(Events& events, const std::string& project, const std::string& branch,
                                      CommitId commit, const std::string& login, const std::string& checks) {
  std::vector<event::Draft> drafts;
  const auto list = text::parse_json(checks);
  for (const text::JsonNode check : list ? list->root() : text::JsonNode())
    drafts.push_back(told_check(events, project, branch, commit.hex(), login, std::string(check.raw())));
  return drafts;
}

std::string skipped_checks(const git::Repository& repository, CommitId from, CommitId to,
                           const std::vector<CommitId>& bases) {
  constexpr std::size_t commits_max = 1000, told_max = 20;
  text::JsonWriter json;
  json.begin_array();
  std::size_t commits = 0, skipped = 0;
  const auto walked = repository.walk_new(from, to, bases, [&](const git::Commit& commit) {
    for (const revision::SkippedCheck& each : revision::skipped_in(commit.message)) {
      if (++skipped > told_max) return false;
      json.begin_object().member("check", each.check).member("reason", each.reason);
      json.member("commit", commit.id.hex()).end_object();
    }
    return ++commits < commits_max;
  });
  json.end_array();
  return walked && skipped > 0 ? std::move(json).take() : "";
}

std::vector<event::Draft> told_waivers(const OpenProject& project, Events& events,
                                       const std::vector<revision::FileDifference>& files, const event::Draft& like) {
  std::vector<event::Draft> drafts;
  for (const revision::FileDifference& file : files) {
    if (file.path != check::waivers_path) continue;
    const auto before = waivers_of(project, file.before), after = waivers_of(project, file.after);
    for (const auto& [id, waiver] : after) {
      const auto known = before.find(id);
      if (known == before.end()) {
        drafts.push_back(told_waiver(events, like, "added", "lets pass", waiver));
      } else if (!(known->second == waiver)) {
        drafts.push_back(told_waiver(events, like, "changed", "now lets pass", waiver));
      }
    }
    for (const auto& [id, waiver] : before)
      if (!after.contains(id)) drafts.push_back(told_waiver(events, like, "removed", "no more lets pass", waiver));
  }
  return drafts;
}

}  // namespace aecos::hub
