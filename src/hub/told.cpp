#include "hub/told.h"

#include "diff/brief.h"
#include "diff/words.h"
#include "hub/generated.h"
#include "hub/told_checks.h"
#include "revision/content.h"
#include "revision/cost.h"
#include "revision/record.h"
#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::hub {
namespace {

constexpr std::string_view heads = "refs/heads/";
constexpr std::size_t summary_max = 200;

std::string short_name(const std::string& ref) { return ref.starts_with(heads) ? ref.substr(heads.size()) : ref; }

std::string quoted(const std::string& text) { return text::json_quote(text); }

class Teller {
 public:
  Teller(OpenProject& project, Events& events, const Step& step) : project_(project), events_(events), step_(step) {}

  Result<std::vector<event::Draft>> run() {
    if (!step_.after) return std::vector<event::Draft>{main({})};
    AECOS_TRY_ASSIGN(known_, known_before());
    AECOS_TRY_ASSIGN(const TreeId before, project_.library().tree_of(known_));
    AECOS_TRY_ASSIGN(const TreeId after, project_.library().tree_of(step_.after));
    AECOS_TRY_ASSIGN(const auto files, revision::difference(project_.repository, before, after));
    std::vector<event::Draft> drafts{main(files)};
    AECOS_TRY(add_generated(files, drafts));
    for (const revision::FileDifference& file : files) AECOS_TRY(add_conflict(file, drafts));
    for (event::Draft& check :
         told_checks(events_, project_.name, short_name(step_.ref), step_.after, step_.login, step_.checks))
      drafts.push_back(std::move(check));
    for (event::Draft& waiver : told_waivers(project_, events_, files, draft("waiver")))
      drafts.push_back(std::move(waiver));
    return drafts;
  }

 private:
  // What was new to nobody: where the ref was, or for a new one what it has of the shared branch.
  Result<CommitId> known_before() const {
    if (step_.before) return step_.before;
    AECOS_TRY_ASSIGN(const auto shared, project_.repository.head_branch());
    if (!shared || *shared == step_.ref) return CommitId{};
    AECOS_TRY_ASSIGN(const auto head, project_.repository.read_ref(*shared));
    if (!head) return CommitId{};
    AECOS_TRY_ASSIGN(const std::vector<CommitId> bases, project_.repository.merge_bases(*head, step_.after));
    return bases.empty() ? CommitId{} : bases[0];
  }

  event::Draft draft(const std::string& type) const {
    event::Draft draft = events_.draft(project_.name, type, step_.login);
    draft.branch = short_name(step_.ref);
    draft.subject = draft.branch;
    draft.commit = step_.after ? step_.after.hex() : "";
    return draft;
  }

  event::Draft main(const std::vector<revision::FileDifference>& files) const {
    event::Draft told = draft(step_.integrated ? "commit.integrated" : "commit.pushed");
    const auto changes = diff::brief(revision::changes_of(project_.library(), files, {64U << 20U, 100}));
    told.elements = event::by_element(changes);
    told.summary = diff::summarise(changes, summary_max);
    if (!step_.after) told.summary = "The branch " + told.branch + " was removed";
    told.more = {{"before", quoted(step_.before ? step_.before.hex() : "")},
                 {"pushed", quoted(step_.pushed ? step_.pushed.hex() : "")}};
    if (step_.change_request != 0) told.more.emplace_back("changeRequest", std::to_string(step_.change_request));
    if (!step_.allowed_secrets.empty()) told.more.emplace_back("allowedSecrets", step_.allowed_secrets);
    if (std::string checks = skipped(); !checks.empty()) told.more.emplace_back("skippedChecks", std::move(checks));
    if (const std::string checks = brief_checks(step_.checks); !checks.empty())
      told.more.emplace_back("checks", checks);
    if (const std::string cost = cost_change(); !cost.empty()) told.more.emplace_back("cost", cost);
    return told;
  }

  std::string skipped() const {
    if (step_.integrated || !step_.after) return step_.skipped;
    const auto bases = known_ ? project_.repository.merge_bases(known_, step_.after) : std::vector<CommitId>();
    return bases ? skipped_checks(project_.repository, known_, step_.after, *bases) : "";
  }

  // What an integration does to the cost, as JSON; empty: there are no rates, or it is no integration.
  std::string cost_change() const {
    constexpr std::uint64_t read_max = 128U << 20U;  // Of models that were not read before: about a second.
    if (!step_.integrated || !step_.after) return "";
    const auto before = project_.library().tree_of(known_);
    const auto after = project_.library().tree_of(step_.after);
    if (!before || !after) return "";
    auto cost = revision::cost_change(project_.library(), *before, *after, *project_.takeoffs, read_max);
    return cost ? *std::move(cost) : "";  // What it costs is no reason not to tell what happened.
  }

  // Once, where the work comes together: what goes on from the shared branch was told there.
  Result<> add_generated(const std::vector<revision::FileDifference>& files, std::vector<event::Draft>& drafts) const {
    if (!step_.integrated) return {};
    AECOS_TRY_ASSIGN(const auto shared, project_.repository.head_branch());
    if (shared && *shared != step_.ref) return {};
    for (Generated& one : generated_in(project_.repository, files)) {
      event::Draft told = draft("element.generated");
      told.subject = one.elements.front().element.global_id;
      const std::string title = diff::title(one.elements.front().element);
      const std::size_t more = one.elements.size() - 1;
      told.summary = title + (more == 0 ? "" : " and " + std::to_string(more) + " more") +
                     " from the sentence: " + diff::shorten(one.sentence, summary_max);
      told.elements = std::move(one.elements);
      told.more = {{"sentence", quoted(one.sentence)}, {"author", quoted(one.author)}};
      drafts.push_back(std::move(told));
    }
    return {};
  }

  Result<> add_conflict(const revision::FileDifference& file, std::vector<event::Draft>& drafts) const {
    const std::string id(revision::record_id(file.path));
    if (id.empty() || (file.before && file.after)) return {};
    const bool opened = file.after.has_value();
    event::Draft told = draft(opened ? "conflict.opened" : "conflict.resolved");
    told.subject = id;
    const auto json = project_.repository.read_blob(opened ? file.after->id : file.before->id);
    if (!json) return json.error();
    if (const auto record = revision::parse_record(*json)) {
      const merge::Conflict& conflict = record->conflict;
      const diff::Change change{diff::ChangeKind::text, conflict.element, conflict.at, conflict.ours, conflict.theirs};
      told.elements = {{conflict.element, record->path, {change}}};
      const std::string title = diff::title(conflict.element);
      told.summary = (title.empty() ? record->path : title) + ": " + conflict.at +
                     (opened ? " is wanted two ways" : " is settled");
    }
    drafts.push_back(std::move(told));
    return {};
  }

  OpenProject& project_;
  Events& events_;
  const Step& step_;
  CommitId known_;
};

}  // namespace

Result<std::vector<event::Draft>> told_of(OpenProject& project, Events& events, const Step& step) {
  return Teller(project, events, step).run();
}

std::string to_json(const std::vector<Step>& steps) {
  text::JsonWriter json;
  json.begin_array();
  for (const Step& step : steps) {
    json.begin_object().member("ref", step.ref).member("before", step.before.hex()).member("after", step.after.hex());
    json.member("pushed", step.pushed.hex()).member("login", step.login).member("integrated", step.integrated);
    json.member("changeRequest", step.change_request).member("allowedSecrets", step.allowed_secrets);
    json.member("checks", step.checks).member("skipped", step.skipped).end_object();
  }
  json.end_array();
  return std::move(json).take();
}

Result<std::vector<Step>> read_steps(const std::string& json) {
  AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(json));
  std::vector<Step> steps;
  for (const text::JsonNode node : document.root()) {
    const auto text = [&](const char* name) {
      return std::string(node[name].as_string().value_or(std::string_view()));
    };
    const auto id = [&](const char* name) { return CommitId::from_hex(text(name)).value_or(CommitId{}); };
    Step step{text("ref"), id("before"), id("after"), id("pushed"), text("login"), false, 0};
    step.integrated = node["integrated"].as_bool().value_or(false);
    step.change_request = static_cast<std::uint64_t>(node["changeRequest"].as_int().value_or(0));
    step.allowed_secrets = text("allowedSecrets");
    step.checks = text("checks");
    step.skipped = text("skipped");
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace aecos::hub
