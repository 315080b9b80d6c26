#include "sync/settle_topics.h"

#include <algorithm>

#include "revision/conflict_topic.h"

namespace aecos::sync {
namespace {

using revision::TopicDecision;
using What = TopicOutcome::What;

Decision decision_for(const TopicDecision& decision) {
  switch (decision.what) {
    case TopicDecision::What::base:
      return merge::Side::base;
    case TopicDecision::What::ours:
      return merge::Side::ours;
    case TopicDecision::What::theirs:
      return merge::Side::theirs;
    case TopicDecision::What::as_is:
      return AsItIs{};
    case TopicDecision::What::value:
      break;
  }
  return NewValue{json_of(decision.value)};
}

std::string in_words(const TopicDecision& decision) {
  switch (decision.what) {
    case TopicDecision::What::base:
      return "base";
    case TopicDecision::What::ours:
      return "ours";
    case TopicDecision::What::theirs:
      return "theirs";
    case TopicDecision::What::as_is:
      return "as-is";
    case TopicDecision::What::value:
      break;
  }
  return "value: " + decision.value;
}

class Settler {
 public:
  Settler(Workspace& workspace, bool trial) : workspace_(workspace), trial_(trial) {}

  Result<TopicsReport> run(const bcf::Archive& archive) {
    AECOS_TRY(look());
    for (const bcf::Topic& topic : archive.topics) {
      TopicOutcome& outcome = report_.topics.emplace_back();
      outcome.guid = topic.guid;
      outcome.title = topic.title;
      AECOS_TRY(take(topic, outcome));
    }
    return std::move(report_);
  }

 private:
  Result<> look() {
    AECOS_TRY_ASSIGN(const Workspace::Head head, workspace_.head());
    AECOS_TRY_ASSIGN(open_, open_conflicts(workspace_, head.commit));
    return {};
  }

  const OpenConflict* open_for(const bcf::Topic& topic) const {
    const auto found = std::find_if(open_.begin(), open_.end(), [&](const OpenConflict& each) {
      return revision::topic_guid(each.record.conflict.id) == topic.guid;
    });
    return found == open_.end() ? nullptr : &*found;
  }

  Result<> take(const bcf::Topic& topic, TopicOutcome& outcome) {
    const OpenConflict* const conflict = open_for(topic);
    if (conflict == nullptr) return tell_other(topic, outcome);
    outcome.conflict = conflict->record.conflict.id;
    const auto decision = revision::decision_of(topic);
    if (decision) {
      outcome.decision = in_words(*decision);
      outcome.author = decision->author;
    }
    if (!bcf::is_settled(topic.status)) {
      outcome.what = What::open;
      outcome.note = "its status is " + (topic.status.empty() ? "not given" : "\"" + topic.status + "\"") +
                     (decision ? ", although it is decided; close it to settle it" : "");
      return {};
    }
    outcome.what = decision ? What::settled : What::undecided;
    if (!decision) outcome.note = decision.error().message;
    if (!decision) return {};
    if (!trial_) return settle(*decision, outcome);
    if (const auto possible = can_resolve(workspace_, *conflict, decision_for(*decision)); !possible) {
      outcome.what = What::undecided;
      outcome.note = possible.error().message;
    }
    return {};
  }

  Result<> settle(const TopicDecision& decision, TopicOutcome& outcome) {
    std::vector<std::string> lines{
        "Decided in BCF" + (decision.author.empty() ? "" : " by " + decision.author) + ": \"" + decision.said + "\"",
        "Topic " + outcome.guid};
    auto settled = resolve(workspace_, outcome.conflict, decision_for(decision), std::move(lines));
    if (!settled) {
      outcome.what = What::undecided;
      outcome.note = settled.error().message;
      return {};
    }
    outcome.commit = settled->commit;
    std::move(settled->commits.begin(), settled->commits.end(), std::back_inserter(report_.commits));
    std::move(settled->waiting.begin(), settled->waiting.end(), std::back_inserter(report_.waiting));
    return look();  // The element's other file may have been settled with it.
  }

  Result<> tell_other(const bcf::Topic& topic, TopicOutcome& outcome) {
    outcome.conflict = revision::conflict_id_of(topic);
    if (outcome.conflict.empty()) {
      outcome.note = "it stands for no open conflict of this project";
      return {};
    }
    if (revision::record_id(revision::record_path(outcome.conflict)).empty()) return {};
    const auto known =
        workspace_.program.try_run({"log", "-1", "--format=%h", "HEAD", "--", revision::record_path(outcome.conflict)});
    if (known && known->ok() && !known->output.empty()) {
      outcome.what = What::done;
      outcome.note = "the conflict is settled already";
    } else {
      outcome.note = "its conflict is not known here; is it another project, or is aecos sync needed first?";
    }
    return {};
  }

  Workspace& workspace_;
  bool trial_;
  std::vector<OpenConflict> open_;
  TopicsReport report_;
};

}  // namespace

std::string_view to_string(What what) {
  switch (what) {
    case What::settled:
      return "settled";
    case What::open:
      return "open";
    case What::done:
      return "done";
    case What::unknown:
      return "unknown";
    case What::undecided:
      break;
  }
  return "undecided";
}

std::size_t TopicsReport::count(What what) const {
  return static_cast<std::size_t>(
      std::count_if(topics.begin(), topics.end(), [&](const TopicOutcome& topic) { return topic.what == what; }));
}

Result<TopicsReport> settle_topics(Workspace& workspace, const bcf::Archive& archive, bool trial) {
  return Settler(workspace, trial).run(archive);
}

}  // namespace aecos::sync
