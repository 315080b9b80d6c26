#include "hub/integrator.h"

#include <algorithm>

#include "hub/checks.h"
#include "hub/locks.h"
#include "hub/told.h"
#include "hub/told_checks.h"
#include "revision/judged.h"
#include "revision/message.h"

namespace aecos::hub {
namespace {

constexpr std::string_view heads = "refs/heads/";
constexpr int attempts_max = 100;

Error refusal(const policy::Decision& decision) {
  std::string text;
  for (const policy::Reason& reason : decision.reasons) text += (text.empty() ? "" : "\n") + reason.what;
  return {ErrorCode::denied, text};
}

// Records of conflicts that the merge itself made are nobody's edits, unlike those that were in what was offered.
Result<> leave_out_records(const revision::Library& library, TreeId offered, const revision::Integration& merged,
                           std::vector<policy::FileChange>& files) {
  std::vector<policy::FileChange> edits;
  for (policy::FileChange& file : files) {
    bool made = false;
    if (!merged.opened.empty() && file.added && revision::is_in_records(file.path)) {
      AECOS_TRY_ASSIGN(const auto entry, library.repository.find_entry(offered, file.path));
      made = !entry.has_value();
    }
    if (!made) edits.push_back(std::move(file));
  }
  files = std::move(edits);
  return {};
}

}  // namespace

// Some offers for one branch, done one after the other in memory; then the branch moves once.
class Integrator::Batch {
 public:
  Batch(const Parts& parts, Projects& projects, Events& events, const std::vector<Waiting*>& offers)
      : parts_(parts),
        projects_(projects),
        events_(events),
        offers_(offers),
        ref_(std::string(heads) + first().branch) {}

  // changed_meanwhile: the branch was moved by something else; nothing was done, and it may be tried again.
  Result<> run() {
    AECOS_TRY_ASSIGN(OpenProject project, projects_.open(first().project));
    AECOS_TRY_ASSIGN(const auto head, project.repository.read_ref(ref_));
    start_ = head_ = head.value_or(CommitId{});
    AECOS_TRY(read_rules(project));
    for (Waiting* waiting : offers_) waiting->result = add(project, *waiting->offer);
    const Result<> finished = head_ == start_ ? Result<>() : finish(project);
    AECOS_TRY(finished);
    // That somebody was refused hangs on nothing, and nothing on that.
    if (!refused_.empty()) static_cast<void>(events_.commit(refused_));
    return {};
  }

 private:
  const Offer& first() const { return *offers_[0]->offer; }

  Result<> read_rules(OpenProject& project) {
    AECOS_TRY_ASSIGN(standing_, projects_.standing(project));
    roles_ = standing_->roles;
    AECOS_TRY_ASSIGN(locks_, held_locks(parts_.store, first().project, parts_.clock.now_us()));
    return {};
  }

  Result<Integrated> add(OpenProject& project, const Offer& offer) {
    Integrated done;
    AECOS_TRY_ASSIGN(const revision::Integration merged, merge(project, offer));
    done.commit = merged.commit;
    done.conflicts = merged.opened.size();
    done.was_there = merged.commit == head_;
    if (done.was_there) return done;
    AECOS_TRY(judge(project, offer, merged, done));
    steps_.push_back({ref_, head_, merged.commit, offer.commit, offer.actor.login, true, offer.change_request,
                      offer.allowed_secrets, done.checks,
                      skipped_checks(project.repository, head_, offer.commit, merged.bases)});
    head_ = merged.commit;
    return done;
  }

  Result<revision::Integration> merge(OpenProject& project, const Offer& offer) {
    revision::Maker maker;
    maker.signature = {offer.name, offer.email, parts_.clock.now_us() / 1'000'000, 0};
    maker.branch = offer.branch;
    maker.policy = standing_->settings.policy;
    maker.always_merge = offer.change_request != 0;
    if (offer.change_request != 0)
      maker.trailers.push_back("Aecos-Change-Request: " + std::to_string(offer.change_request));
    return revision::integrate(project.library(), head_, offer.commit,
                               "Merge work of " + offer.actor.login + " into " + offer.branch, maker);
  }

  Result<> judge(OpenProject& project, const Offer& offer, const revision::Integration& merged, Integrated& done) {
    const revision::Library library = project.library();
    AECOS_TRY_ASSIGN(const TreeId before, library.tree_of(head_));
    AECOS_TRY_ASSIGN(const TreeId after, library.tree_of(merged.commit));
    policy::Update update;
    update.branch = offer.branch;
    update.kind = head_ ? policy::Update::Kind::advance : policy::Update::Kind::create;
    update.through = offer.through;
    AECOS_TRY_ASSIGN(update.files, look_at_changes(project, before, after));
    AECOS_TRY_ASSIGN(const TreeId offered, library.tree_of(offer.commit));
    AECOS_TRY(leave_out_records(library, offered, merged, update.files));
    auto roles = revision::roles_of(library, after);
    if (roles) {
      update.roles_after = *roles;
    } else {
      update.roles_fault = roles.error().message;
    }
    const policy::Decision decision = policy::decide(offer.actor, roles_, update, locks_);
    if (!decision.allowed) return refusal(decision);
    for (const policy::Reason& warning : decision.warnings) done.warnings.push_back(warning.what);
    const policy::BranchRule rule = policy::rule_for(roles_, offer.branch);
    AECOS_TRY_ASSIGN(done.checks,
                     check(project, offer, {offer.commit, before, after, rule.checks, rule.advisory}, done));
    if (roles && offer.branch == standing_->shared_branch) roles_ = *std::move(roles);
    return {};
  }

  // As a list for the step; denied: one failed that must pass.
  Result<std::string> check(OpenProject& project, const Offer& offer, Checked checked, Integrated& done) {
    if (checked.names.empty() && checked.advisory.empty()) return std::string();
    checked.as_a_whole = offer.change_request != 0;
    ChecksMade made = run_checks(parts_, projects_, project, checked);
    for (std::string& warning : made.warnings) done.warnings.push_back(std::move(warning));
    if (made.passed) return std::move(made.json);
    for (event::Draft& check :
         told_checks(events_, offer.project, offer.branch, offer.commit, offer.actor.login, made.json))
      refused_.push_back(std::move(check));
    return std::move(made.passed).error();
  }

  // The intent, the ref, then the events; whoever is killed in between is settled at the next start.
  Result<> finish(OpenProject& project) {
    store::Intent intent;
    intent.id = "i-" + os::random_hex(parts_.random, 10);
    intent.project = first().project;
    intent.ref = ref_;
    intent.from = start_ ? start_.hex() : "";
    intent.to = head_.hex();
    intent.json = to_json(steps_);
    intent.created_us = parts_.clock.now_us();
    const Result<> written = parts_.store.write([&](store::Tables& tables) { return tables.add_intent(intent); });
    AECOS_TRY(written);
    const auto expected = start_ ? std::optional(start_) : std::nullopt;
    const Result<> moved = project.repository.update_ref(ref_, expected, head_, "integrated");
    if (!moved) {
      static_cast<void>(parts_.store.write([&](store::Tables& tables) { return tables.remove_intent(intent.id); }));
      return moved;
    }
    std::vector<event::Draft> drafts;
    for (const Step& step : steps_) {
      AECOS_TRY_ASSIGN(std::vector<event::Draft> told, told_of(project, events_, step));
      std::move(told.begin(), told.end(), std::back_inserter(drafts));
    }
    auto told = events_.commit(drafts, [&](store::Tables& tables) { return tables.remove_intent(intent.id); });
    if (!told) return std::move(told).error();
    return {};
  }

  Parts parts_;
  Projects& projects_;
  Events& events_;
  const std::vector<Waiting*>& offers_;
  std::string ref_;
  CommitId start_, head_;
  std::shared_ptr<const Standing> standing_;
  std::optional<policy::Roles> roles_;
  std::vector<policy::HeldLock> locks_;
  std::vector<Step> steps_;
  std::vector<event::Draft> refused_;  // Checks that failed and had to pass.
};

std::shared_ptr<Integrator::Queue> Integrator::queue(const std::string& key) {
  const std::lock_guard lock(mutex_);
  auto& found = queues_[key];
  if (!found) found = std::make_shared<Queue>();
  return found;
}

// Whoever comes first does the work of all who come meanwhile; the others wait.
Result<Integrated> Integrator::integrate(const Offer& offer) {
  const auto line = queue(offer.project + ":" + offer.branch);
  Waiting own;
  own.offer = &offer;
  std::unique_lock lock(line->mutex);
  line->waiting.push_back(&own);
  while (!own.done) {
    if (line->busy) {
      line->changed.wait(lock);
      continue;
    }
    std::vector<Waiting*> batch = std::move(line->waiting);
    line->waiting.clear();
    line->busy = true;
    lock.unlock();
    run(batch);
    lock.lock();
    for (Waiting* waiting : batch) waiting->done = true;
    line->busy = false;
    line->changed.notify_all();
  }
  return std::move(own.result);
}

void Integrator::run(const std::vector<Waiting*>& batch) {
  for (int attempt = 1;; ++attempt) {
    Result<> done = Error{ErrorCode::unavailable, "the integration was broken off"};
    try {
      done = Batch(parts_, projects_, events_, batch).run();
    } catch (const std::exception& bug) {
      parts_.log.write(Level::error, "integration failed", {{"why", bug.what()}});
    }
    if (done) return;
    if (done.error().code == ErrorCode::changed_meanwhile && attempt < attempts_max) {
      parts_.clock.sleep_us(static_cast<std::int64_t>(os::random_number(parts_.random) % 20'000));
      continue;
    }
    for (Waiting* waiting : batch) {
      if (waiting->result) waiting->result = done.error();
    }
    return;
  }
}

Result<> Integrator::move(const Move& move) {
  AECOS_TRY_ASSIGN(OpenProject project, projects_.open(move.project));
  const Step step{move.ref, move.from, move.to, move.to, move.login, false, 0, move.allowed_secrets, move.checks};
  store::Intent intent;
  intent.id = "i-" + os::random_hex(parts_.random, 10);
  intent.project = move.project;
  intent.ref = move.ref;
  intent.from = move.from ? move.from.hex() : "";
  intent.to = move.to ? move.to.hex() : "";
  intent.json = to_json({step});
  intent.created_us = parts_.clock.now_us();
  const Result<> written = parts_.store.write([&](store::Tables& tables) { return tables.add_intent(intent); });
  AECOS_TRY(written);
  const auto expected = move.from ? std::optional(move.from) : std::nullopt;
  const Result<> moved = move.to ? project.repository.update_ref(move.ref, expected, move.to, "pushed")
                                 : project.repository.delete_ref(move.ref, move.from);
  if (!moved) {
    static_cast<void>(parts_.store.write([&](store::Tables& tables) { return tables.remove_intent(intent.id); }));
    return moved;
  }
  return settle(intent);
}

// The ref has moved: tells it, and forgets the intent.
Result<> Integrator::settle(const store::Intent& intent) {
  AECOS_TRY_ASSIGN(OpenProject project, projects_.open(intent.project));
  AECOS_TRY_ASSIGN(const std::vector<Step> steps, read_steps(intent.json));
  std::vector<event::Draft> drafts;
  for (const Step& step : steps) {
    // A tag of something that is no commit is told without what is in it.
    auto told = told_of(project, events_, step);
    if (!told) {
      event::Draft plain = events_.draft(intent.project, "commit.pushed", step.login);
      plain.subject = plain.branch = step.ref;
      told = std::vector<event::Draft>{plain};
    }
    std::move(told->begin(), told->end(), std::back_inserter(drafts));
  }
  auto told = events_.commit(drafts, [&](store::Tables& tables) { return tables.remove_intent(intent.id); });
  if (!told) return std::move(told).error();
  return {};
}

Result<> Integrator::recover() {
  std::vector<store::Intent> intents;
  const Result<> done = parts_.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(intents, tables.intents());
    return {};
  });
  AECOS_TRY(done);
  for (const store::Intent& intent : intents) {
    AECOS_TRY_ASSIGN(OpenProject project, projects_.open(intent.project));
    AECOS_TRY_ASSIGN(const auto now, project.repository.read_ref(intent.ref));
    const auto from = CommitId::from_hex(intent.from), to = CommitId::from_hex(intent.to);
    bool moved = to ? now == to : !now;
    if (to && now && !moved && now != from) {
      // Others may have gone on from there. Where it was to go back, that tells nothing.
      const auto inside = project.repository.is_ancestor(*to, *now);
      const auto back = from ? project.repository.is_ancestor(*to, *from) : Result<bool>(false);
      moved = inside && *inside && back && !*back;
    }
    parts_.log.write(Level::warn,
                     moved ? "went on with a move that was under way" : "took back a move that was under way",
                     {{"project", intent.project}, {"ref", intent.ref}});
    if (moved) {
      AECOS_TRY(settle(intent));
    } else {
      const Result<> dropped =
          parts_.store.write([&](store::Tables& tables) { return tables.remove_intent(intent.id); });
      AECOS_TRY(dropped);
    }
  }
  return {};
}

}  // namespace aecos::hub
