#include "sim/run.h"

#include <algorithm>
#include <array>
#include <deque>

#include "sim/hub_remote.h"
#include "sim/judge.h"
#include "sim/person.h"
#include "sim/plain_remote.h"
#include "sim/violation.h"

namespace aecos::sim {
namespace {

constexpr std::size_t last_steps = 40;
constexpr int rounds_max = 12;  // In which a team that is at rest must have come together.
constexpr std::int64_t second_us = 1'000'000;

class Run {
 public:
  explicit Run(const Setting& setting) : setting_(setting), dice_(setting.seed) {}

  Outcome go() {
    try {
      begin();
      while (outcome_.steps < steps_) step();
      come_to_rest();
      judge();
    } catch (const Violation& violation) {
      outcome_.violation = violation.what();
    } catch (const os::PowerLoss&) {
      outcome_.violation = "a power failure where nobody works";
    } catch (const std::exception& bug) {
      outcome_.violation = std::string("a bug: ") + bug.what();
    }
    outcome_.last.assign(last_.begin(), last_.end());
    if (setting_.trace && !outcome_.violation.empty()) tell_history();
    return outcome_;
  }

 private:
  using Doing = std::string (Run::*)();
  struct Choice {
    std::size_t weight;
    Doing doing;
  };

  // --- the beginning

  void begin() {
    const bool has_hub = !dice_.one_in(3);
    choose_team(has_hub);
    steps_ = setting_.steps != 0 ? setting_.steps : 20 + dice_.below(120);
    trouble_ = dice_.below(4);
    if (has_hub) {
      hub_ = std::make_unique<HubRemote>(time_, dice_.next(), team_, setting_.made);
      hub_->announce = [this](CommitId commit) { announce(commit); };
    } else {
      plain_ = std::make_unique<PlainRemote>(time_, dice_.next(), team_, setting_.made);
    }
    network_ = std::make_unique<Network>(remote(), dice_);
    make_people(has_hub);
    if (trouble_ != 0) network_->set_faults(6 + dice_.below(30));
    say("seed " + std::to_string(setting_.seed) + ": " + std::to_string(people_.size()) + " people, " +
        (has_hub ? "a hub" : "a plain remote") + (team_.has_roles ? ", roles" : "") +
        (team_.locks_forbid ? ", locks that forbid" : "") + ", trouble " + std::to_string(trouble_));
    make_menu();
  }

  void choose_team(bool has_hub) {
    const std::size_t users = setting_.users != 0 ? setting_.users : 2 + dice_.below(4);
    team_.has_roles = has_hub && dice_.one_in(2);
    team_.locks_forbid = team_.has_roles && dice_.one_in(2);
    constexpr std::array others{Role::builder, Role::builder, Role::structural, Role::coordinator, Role::reader};
    for (std::size_t i = 0; i < users; ++i) {
      Role role = i == 0 ? Role::coordinator : Role::builder;
      if (i != 0 && team_.has_roles) role = others.at(dice_.below(others.size()));
      if (i > 1 && !team_.has_roles && has_hub && dice_.one_in(6)) role = Role::reader;
      team_.members.push_back({"u" + std::to_string(i), role});
    }
  }

  void make_people(bool has_hub) {
    const Person::Surroundings around{time_,   *network_,    ledger_,
                                      dice_,   team_,        [this](const std::string& told) { say(told); },
                                      has_hub, setting_.made};
    // Everybody on the shared branch, or on one of their own.
    const bool own_branches = dice_.one_in(2);
    for (const Member& member : team_.members)
      people_.push_back(
          std::make_unique<Person>(around, member.login, own_branches ? "desk-" + member.login : "develop"));
    auto files = first_files(dice_.one_in(2), [this] { return ledger_.new_mark(); });
    if (team_.has_roles) files[".aecos/roles.json"] = team_.roles_json();
    people_[0]->begin_project(files);
    sync_to_the_end(*people_[0]);
    for (std::size_t i = 1; i < people_.size(); ++i) people_[i]->clone();
    outcome_.users = people_.size();
  }

  void make_menu() {
    menu_ = {
        {16, &Run::edit},          {3, &Run::add},      {2, &Run::remove_or_rename},
        {4, &Run::begin_saving},   {3, &Run::open},     {6, &Run::go_on_saving},
        {16, &Run::sync},          {30, &Run::deliver}, {26, &Run::go_on},
        {3, &Run::resolve},        {1, &Run::undo},     {2, &Run::commit_with_git},
        {3, &Run::push},           {3, &Run::revert},   {4, &Run::restart_somebody},
        {8, &Run::restart_remote}, {3, &Run::mend},     {1, &Run::set_mode},
    };
    const std::vector<Choice> with_hub{{4, &Run::lock}, {2, &Run::use_lock}, {1, &Run::break_lock}, {5, &Run::keep_up}};
    if (hub_) menu_.insert(menu_.end(), with_hub.begin(), with_hub.end());
    const std::vector<Choice> faults{
        {2, &Run::fail_somebody}, {1, &Run::kill_somebody}, {3, &Run::fail_remote},
        {1, &Run::crash_remote},  {1, &Run::go_offline},    {1, &Run::give_up},
        {1, &Run::fill_disk},     {1, &Run::jump_clock},    {1, &Run::hold_file},
    };
    for (Choice fault : faults) {
      fault.weight *= trouble_;
      if (fault.weight != 0) menu_.push_back(fault);
    }
    for (const Choice& choice : menu_) weights_ += choice.weight;
  }

  // --- steps

  void step() {
    time_.now_us += static_cast<std::int64_t>(dice_.below(dice_.one_in(20) ? 600'000'000 : 200'000));
    std::size_t at = dice_.below(weights_);
    for (const Choice& choice : menu_) {
      if (at < choice.weight) {
        const std::string told = (this->*choice.doing)();
        if (told.empty()) return;
        say(told);
        ++outcome_.steps;
        return;
      }
      at -= choice.weight;
    }
  }

  Remote& remote() { return hub_ ? static_cast<Remote&>(*hub_) : *plain_; }
  Person& somebody() { return *people_[dice_.below(people_.size())]; }

  // Of somebody whose machine runs.
  std::string by_somebody(std::string (Person::*doing)()) {
    Person& person = somebody();
    return person.is_up() ? (person.*doing)() : "";
  }

  std::string edit() { return by_somebody(&Person::edit); }
  std::string add() { return by_somebody(&Person::add_element); }
  std::string remove_or_rename() { return by_somebody(&Person::remove_or_rename); }
  std::string set_mode() { return by_somebody(&Person::set_mode); }
  std::string begin_saving() { return by_somebody(&Person::begin_saving); }
  std::string open() { return by_somebody(&Person::open_in_editor); }
  std::string go_on_saving() { return by_somebody(&Person::go_on_saving); }
  std::string resolve() { return by_somebody(&Person::resolve_something); }
  std::string undo() { return by_somebody(&Person::undo); }
  std::string commit_with_git() { return by_somebody(&Person::commit_with_git); }
  std::string lock() { return by_somebody(&Person::lock_something); }
  std::string use_lock() { return by_somebody(&Person::use_lock); }

  std::string sync() {
    Person& person = somebody();
    if (!person.is_up() || person.is_syncing()) return "";
    ++outcome_.syncs;
    return person.start_sync();
  }

  std::string push() {
    Person& person = somebody();
    return person.is_up() && !person.is_syncing() ? person.start_push() : "";
  }

  std::string revert() {
    Person& person = somebody();
    if (!hub_ || !person.is_up() || person.is_syncing()) return "";
    const auto& report = person.report();
    return report && report->trouble && report->trouble->code == ErrorCode::denied ? person.revert_forbidden() : "";
  }

  std::string deliver() { return network_->deliver(); }

  std::string go_on() {
    std::vector<Person*> ready;
    for (const auto& person : people_) {
      if (person->can_go_on()) ready.push_back(person.get());
    }
    if (ready.empty()) return "";
    Person& person = *dice_.pick(ready);
    person.go_on();
    return person.login() + " goes on" + (person.is_syncing() ? "" : ": " + person.outcome());
  }

  std::string keep_up() {
    hub_->keep_up();
    return "";
  }

  std::string break_lock() {
    if (!hub_->is_up()) return "";
    const std::vector<store::Lock> locks = hub_->locks();
    Person& person = somebody();
    return locks.empty() || !person.is_up() ? "" : person.break_lock(dice_.pick(locks).id);
  }

  void announce(CommitId commit) {
    for (const auto& person : people_) {
      if (!network_->is_offline(person->login()) && dice_.one_in(3)) person->hear_of(commit);
    }
  }

  // --- faults

  std::string restart_somebody() {
    for (const auto& person : people_) {
      if (person->is_up()) continue;
      person->restart();
      return person->login() + " starts again";
    }
    return "";
  }

  std::string restart_remote() {
    if (remote().is_up()) return "";
    HubRemote::Failing failing;
    if (trouble_ != 0 && dice_.one_in(3)) failing.in_files = dice_.below(12);
    if (trouble_ != 0 && dice_.one_in(3)) failing.in_store = dice_.below(4);
    if (hub_) hub_->restart(failing);
    if (plain_) plain_->restart();
    return remote().is_up() ? "the remote starts again" : "the remote's power fails while it starts";
  }

  std::string fail_somebody() {
    Person& person = somebody();
    if (!person.is_up()) return "";
    ++outcome_.crashes;
    const std::string told = person.fail_at(dice_.below(dice_.one_in(2) ? 16 : 160));
    return person.is_syncing() || dice_.one_in(2) ? told : told + "; " + person.start_sync();
  }

  std::string kill_somebody() {
    Person& person = somebody();
    if (!person.is_up()) return "";
    person.kill();
    ++outcome_.crashes;
    return person.login() + "'s power fails";
  }

  std::string fail_remote() {
    if (!remote().is_up()) return "";
    const std::uint64_t moment = dice_.below(dice_.one_in(2) ? 10 : 60);
    const bool in_store = hub_ && dice_.one_in(2);
    if (in_store) {
      hub_->fail_in_store(moment / 4);
    } else if (hub_) {
      hub_->fail_in_files(moment);
    } else {
      plain_->machine().files.fail_power_at(moment);
    }
    ++outcome_.crashes;
    const std::string told = "the remote's power will fail in " + std::to_string(moment) + " moments";
    const std::string next = network_->deliver();
    return next.empty() ? told : told + "; " + next;
  }

  std::string crash_remote() {
    if (!remote().is_up()) return "";
    if (hub_) hub_->crash();
    if (plain_) plain_->crash();
    ++outcome_.crashes;
    return "the remote's power fails";
  }

  std::string go_offline() {
    Person& person = somebody();
    const bool offline = !network_->is_offline(person.login());
    network_->set_offline(person.login(), offline);
    return person.login() + (offline ? " is offline" : " is online again");
  }

  std::string give_up() {
    if (!dice_.one_in(8)) return network_->give_up();
    network_->drop_all();
    return "all letters are lost";
  }

  std::string fill_disk() {
    const std::size_t who = dice_.below(people_.size() + 1);
    if (who < people_.size()) {
      people_[who]->fill_disk(true);
      return people_[who]->login() + "'s disk is full";
    }
    if (hub_) hub_->fill_disk(true);
    if (plain_) plain_->machine().files.set_space_left(0);
    return "the remote's disk is full";
  }

  std::string jump_clock() {
    const std::int64_t by_s = static_cast<std::int64_t>(dice_.below(200'000)) - 100'000;
    const std::size_t who = dice_.below(people_.size() + 1);
    Machine& machine = who < people_.size() ? people_[who]->machine() : hub_ ? hub_->machine() : plain_->machine();
    machine.clock.jump(by_s * second_us);
    return (who < people_.size() ? people_[who]->login() : "the remote") + "'s clock jumps by " + std::to_string(by_s) +
           " s";
  }

  std::string hold_file() { return somebody().hold_a_file(dice_.one_in(2)); }

  // What does not mend by itself.
  std::string mend() {
    Person& person = somebody();
    person.fill_disk(false);
    network_->set_offline(person.login(), false);
    if (hub_) hub_->fill_disk(false);
    if (plain_) plain_->machine().files.set_space_left(~std::uint64_t{0});
    return "";
  }

  // --- rest

  void come_to_rest() {
    say("everything is mended, and everybody starts again");
    network_->set_faults(0);
    if (hub_) hub_->fill_disk(false);
    if (hub_) hub_->restart();
    if (plain_) plain_->machine().files.set_space_left(~std::uint64_t{0});
    if (plain_) plain_->restart();
    const bool kills = dice_.one_in(2);
    for (const auto& person : people_) {
      network_->set_offline(person->login(), false);
      if (kills) person->kill();
      person->restart();
      person->fill_disk(false);
      person->hold_a_file(false);
      if (const std::string told = person->finish_all(); !told.empty()) say(told);
    }
    for (const auto& person : people_) go_to_the_end(*person);
    while (!network_->is_quiet()) deliver_one();
    time_.now_us += 10'000'000 * second_us;  // No lock holds so long, however the clock was wrong.
    for (int round = 1;; ++round) {
      require(round <= rounds_max, "they do not come to rest");
      if (!sync_round()) break;
    }
    if (hub_) hub_->keep_up();
  }

  // Whether anything changed.
  bool sync_round() {
    const std::string before = state();
    bool done = true;
    if (hub_) hub_->keep_up();
    for (const auto& person : people_) {
      person->hear_of({});
      sync_to_the_end(*person);
      const auto& report = person->report();
      const bool denied = report && report->trouble && report->trouble->code == ErrorCode::denied;
      const bool is_reader = team_.role_of(person->login()) == Role::reader;  // Whose commits stay their own.
      const bool is_through = report && (!report->trouble || (denied && is_reader));
      done = done && is_through && report->waiting.empty() && report->held.empty();
      if (!hub_ || !denied) continue;
      if (const std::string told = person->revert_forbidden(); !told.empty()) {
        say(told);
        done = false;
      }
    }
    return !done || state() != before;
  }

  std::string state() {
    const git::Repository shared = repository();
    std::string text = must(shared.read_ref(shared_ref), shared_ref).value_or(CommitId{}).hex();
    for (const auto& person : people_)
      text += " " + must(person->repository().read_ref("HEAD"), "HEAD").value_or(CommitId{}).hex();
    return text;
  }

  void deliver_one() {
    time_.now_us += 1000;
    if (const std::string told = network_->deliver(); !told.empty()) say(told);
  }

  void sync_to_the_end(Person& person) {
    time_.now_us += second_us;
    ++outcome_.syncs;
    say(person.start_sync());
    go_to_the_end(person);
  }

  void go_to_the_end(Person& person) {
    while (person.is_syncing()) {
      if (person.can_go_on()) {
        person.go_on();
        if (!person.is_syncing()) say(person.login() + ": " + person.outcome());
      } else {
        require(!network_->is_quiet(), person.login() + " waits for ever");
        deliver_one();
      }
    }
  }

  git::Repository repository() { return hub_ ? hub_->repository() : plain_->repository(); }

  // --- judgement

  void judge() {
    for (const auto& person : people_) outcome_.conflicts += person->conflicts();
    say("judgement");
    const git::Repository shared = repository();
    judge_confirmed(shared, ledger_);
    judge_objects(shared);
    judge_edits(shared, ledger_);
    for (const auto& person : people_) judge_person(*person, shared);
    judge_repeats(shared);
    if (hub_) hub_->keep_up();
    if (hub_) judge_events(*hub_);
    const RefWatch& refs = hub_ ? hub_->refs() : plain_->refs();
    outcome_.moves = refs.way().size();
    for (const CommitId commit : refs.way()) note(commit.hex());
  }

  // Pushes whose work is shared change nothing when they come once more.
  void judge_repeats(const git::Repository& shared) {
    const RefWatch& watch = hub_ ? hub_->refs() : plain_->refs();
    const auto refs = [&] {
      auto all = watch.refs();
      all.erase(hub::audit_ref);
      return all;
    };
    const auto before = refs();
    const CommitId tip = before.at(shared_ref);
    for (const Request& request : network_->pushes()) {
      const git::RefCommand& command = std::get<Push>(request.what).commands.at(0);
      const bool is_user_branch = command.ref.starts_with("refs/heads/user/");
      if (is_user_branch || !shared.has_object(command.to) || !must(shared.is_ancestor(command.to, tip), "repeats"))
        continue;
      static_cast<void>(remote().serve(request));
      require(refs() == before, request.login + "'s push came once more, and changed something");
    }
  }

  // For who looks into a seed: which commits there were, and what they changed.
  void tell_history() {
    try {
      const git::Repository shared = repository();
      const auto tip = must(shared.read_ref(shared_ref), shared_ref);
      if (tip)
        must(shared.walk({{*tip}}, [&](const git::Commit& commit) { return tell_commit(shared, commit); }), "log");
    } catch (const Violation& violation) {
      setting_.trace(violation.what());
    }
  }

  bool tell_commit(const git::Repository& shared, const git::Commit& commit) const {
    std::string line = commit.id.hex().substr(0, 8) + " of";
    for (const CommitId parent : commit.parents) line += " " + parent.hex().substr(0, 8);
    setting_.trace(line + " by " + commit.committer.name + ": " + commit.message.substr(0, commit.message.find('\n')));
    TreeId before;
    if (!commit.parents.empty()) before = must(shared.read_commit(commit.parents[0]), "parent").tree;
    for (const revision::FileDifference& file : must(revision::difference(shared, before, commit.tree), "log")) {
      const std::string had = file.before ? must(shared.read_blob(file.before->id), file.path) : "";
      const std::string has = file.after ? must(shared.read_blob(file.after->id), file.path) : "";
      setting_.trace("    " + file.path + (file.after ? "" : " is gone") + marks_in_words(had, has));
    }
    return true;
  }

  void say(const std::string& told) {
    note(told);
    if (setting_.trace) setting_.trace(told);
    last_.push_back(told);
    if (last_.size() > last_steps) last_.pop_front();
  }

  void note(std::string_view told) {  // FNV-1a
    for (const char c : told) outcome_.print = (outcome_.print ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  }

  const Setting& setting_;
  Dice dice_;
  Outcome outcome_;
  std::deque<std::string> last_;
  std::size_t steps_ = 0, trouble_ = 0;  // How much goes wrong: 0 nothing, 3 much.
  std::vector<Choice> menu_;
  std::size_t weights_ = 0;
  Time time_;
  Team team_;
  Ledger ledger_;
  std::unique_ptr<HubRemote> hub_;  // One of the two.
  std::unique_ptr<PlainRemote> plain_;
  std::unique_ptr<Network> network_;
  std::vector<std::unique_ptr<Person>> people_;
};

}  // namespace

Outcome run(const Setting& setting) { return Run(setting).go(); }

}  // namespace aecos::sim
