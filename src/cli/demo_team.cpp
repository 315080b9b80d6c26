#include "cli/demo_team.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <thread>

#include "base/ascii.h"
#include "os/path.h"
#include "sample/house.h"
#include "sample/re_export.h"
#include "text/json.h"

namespace aecos::cli {
namespace {

constexpr std::int64_t patience_us = 120'000'000;  // Of one person in one round.
constexpr std::int64_t look_us = 2'000;            // Between two looks at whether somebody has shared anything.
constexpr std::int64_t look_at_least_us = 1'000'000;
constexpr int settle_max = 20;
constexpr const char* shared_branch = "refs/heads/develop";

std::string key_of(std::size_t person) { return lower(demo_people[person].name); }

// Calls `act` for everybody at the same time; the first error of any.
Result<> everybody(const std::function<Result<>(std::size_t person)>& act) {
  std::vector<Result<>> results(demo_people_count);
  std::vector<std::thread> threads;
  for (std::size_t person = 0; person < demo_people_count; ++person)
    threads.emplace_back([&, person] { results[person] = act(person); });
  for (std::thread& thread : threads) thread.join();
  for (Result<>& result : results) AECOS_TRY(std::move(result));
  return {};
}

std::string last_line(const std::string& text) {
  const std::size_t end = text.find_last_not_of('\n');
  if (end == std::string::npos) return "no word";
  const std::size_t begin = text.rfind('\n', end);
  return text.substr(begin == std::string::npos ? 0 : begin + 1,
                     end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

}  // namespace

std::map<std::string, std::optional<std::string>> demo_environment(const std::string& home) {
  std::map<std::string, std::optional<std::string>> values{{"HOME", home}, {"GIT_CONFIG_NOSYSTEM", "1"}};
  for (const char* name :
       {"XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_AUTHOR_NAME",
        "GIT_AUTHOR_EMAIL", "GIT_AUTHOR_DATE", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_COMMITTER_DATE"})
    values[name] = std::nullopt;
  return values;
}

bool is_recorded(const DemoEdit& edit, const std::vector<revision::Record>& records) {
  return std::any_of(records.begin(), records.end(), [&](const revision::Record& record) {
    const merge::Conflict& conflict = record.conflict;
    return !edit.value.empty() && conflict.element.global_id == edit.element && conflict.at == edit.at &&
           (conflict.ours == edit.value || conflict.theirs == edit.value);
  });
}

Result<sample::Editor> open_demo_model(const std::string& text, std::size_t person, int round) {
  return sample::Editor::open(text, key_of(person) + " in round " + std::to_string(round));
}

DemoTeam::DemoTeam(Context& context, std::string root)
    : context_(context), root_(std::move(root)), program_(context.environment.program()) {}

std::string DemoTeam::folder(std::size_t person) const { return os::join(root_, key_of(person)); }
std::string DemoTeam::home(std::size_t person) const { return os::join(root_, "homes/" + key_of(person)); }
std::string DemoTeam::repository() const { return os::join(root_, "team.git"); }

Result<os::Finished> DemoTeam::aecos(std::size_t person, std::vector<std::string> arguments) {
  os::Command command;
  command.argv = {program_, "-C", folder(person)};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.environment = demo_environment(home(person));
  AECOS_TRY_ASSIGN(os::Finished finished, context_.processes.run(command));
  if (finished.status == exit_ok || finished.status == exit_findings) return finished;
  return Error{ErrorCode::unavailable, key_of(person) + ": aecos " + arguments.front() + " ended with status " +
                                           std::to_string(finished.status) + ": " + last_line(finished.error)};
}

Result<> DemoTeam::join(std::size_t person) {
  AECOS_TRY(context_.files.create_directories(home(person)));
  const std::string user = demo_people[person].name;
  AECOS_TRY(context_.files.write(os::join(home(person), ".gitconfig"),
                                 "[user]\n\tname = " + user + "\n\temail = " + key_of(person) + "@example.org\n"));
  AECOS_TRY(context_.files.create_directories(folder(person)));
  AECOS_TRY(aecos(person, {"init", "--remote", repository(), "--name", "House on the hill"}));
  return {};
}

Result<> DemoTeam::set_up() {
  AECOS_TRY(context_.files.create_directories(root_));
  os::Command command;
  command.argv = {"git", "init", "--quiet", "--bare", "--initial-branch=develop", repository()};
  command.environment = demo_environment(root_);
  AECOS_TRY_ASSIGN(const os::Finished made, context_.processes.run(command));
  if (!made.ok()) return Error{ErrorCode::unavailable, "git init: " + last_line(made.error)};
  AECOS_TRY(join(0));
  AECOS_TRY(context_.files.create_directories(os::join(folder(0), os::parent_of(demo_model))));
  AECOS_TRY(context_.files.write(os::join(folder(0), demo_model), sample::house()));
  AECOS_TRY(run_sync(0));
  return everybody([&](std::size_t person) -> Result<> {
    if (person != 0) AECOS_TRY(join(person));
    return run_sync(person);
  });
}

Result<> DemoTeam::run_sync(std::size_t person) {
  AECOS_TRY_ASSIGN(const os::Finished finished, aecos(person, {"sync", "--json"}));
  AECOS_TRY_ASSIGN(const text::JsonDocument report, text::parse_json(finished.output));
  const std::int64_t attempts = report.root()["attempts"].as_int().value_or(0);
  const std::lock_guard guard(counts_mutex_);
  ++counts_.syncs;
  counts_.beaten += static_cast<std::size_t>(std::max<std::int64_t>(attempts, 1) - 1);
  return {};
}

Result<DemoView> DemoTeam::look(std::size_t person) {
  DemoView view;
  AECOS_TRY_ASSIGN(view.model, context_.files.read(os::join(folder(person), demo_model)));
  const std::string records = os::join(folder(person), revision::records_folder);
  const auto entries = context_.files.list(records);
  if (!entries) return view;  // No conflict, no folder.
  for (const os::DirectoryEntry& entry : *entries) {
    if (entry.type != os::FileType::file || os::extension_of(entry.name) != ".json") continue;
    AECOS_TRY_ASSIGN(const std::string text, context_.files.read(os::join(records, entry.name)));
    AECOS_TRY_ASSIGN(revision::Record record, revision::parse_record(text));
    view.records.push_back(std::move(record));
  }
  return view;
}

Result<sync::Workspace> DemoTeam::workspace(std::size_t person) {
  return sync::Workspace::open({context_.files, context_.clock, context_.random, context_.processes}, folder(person));
}

// As an authoring tool does it: reads the file, edits, writes it whole.
Result<> DemoTeam::save(std::size_t person, const std::vector<DemoEdit*>& edits) {
  const std::string path = os::join(folder(person), demo_model);
  AECOS_TRY_ASSIGN(const std::string before, context_.files.read(path));
  const int round = edits.front()->round;
  AECOS_TRY_ASSIGN(sample::Editor editor, open_demo_model(before, person, round));
  for (const DemoEdit* edit : edits) AECOS_TRY(edit->make(editor));
  std::string after = editor.text();
  if (demo_people[person].re_exports) {
    AECOS_TRY_ASSIGN(after, sample::re_export(after, static_cast<std::uint64_t>(round)));
  }
  AECOS_TRY(context_.files.write(path, after));
  for (DemoEdit* edit : edits) edit->reached_us[person] = edit->saved_us = context_.clock.monotonic_us();
  return {};
}

// True when the whole round is there.
Result<bool> DemoTeam::note_arrivals(std::size_t person, const std::vector<DemoEdit*>& round) {
  AECOS_TRY_ASSIGN(const DemoView view, look(person));
  AECOS_TRY_ASSIGN(const sample::Editor model, sample::Editor::open(view.model, ""));
  bool all = true;
  for (DemoEdit* edit : round) {
    if (edit->reached_us[person]) continue;
    if (edit->is_in(model) || is_recorded(*edit, view.records)) {
      edit->reached_us[person] = context_.clock.monotonic_us();
    } else {
      all = false;
    }
  }
  return all;
}

Result<> DemoTeam::play_person(std::size_t person, const std::vector<DemoEdit*>& round) {
  std::vector<DemoEdit*> own;
  std::copy_if(round.begin(), round.end(), std::back_inserter(own), [&](auto* edit) { return edit->person == person; });
  if (!own.empty()) AECOS_TRY(save(person, own));
  AECOS_TRY_ASSIGN(const git::Repository shared, git::Repository::open(repository()));
  const std::int64_t until_us = context_.clock.monotonic_us() + patience_us;
  while (true) {
    AECOS_TRY_ASSIGN(const std::optional<CommitId> before, shared.read_ref(shared_branch));
    AECOS_TRY(run_sync(person));
    AECOS_TRY_ASSIGN(const bool all, note_arrivals(person, round));
    if (all) return {};
    if (context_.clock.monotonic_us() > until_us)
      return Error{ErrorCode::unavailable, "an edit of this round did not reach " + key_of(person)};
    AECOS_TRY(wait_for_others(shared, before));
  }
}

// Until the shared branch is not where it was, as a hub's message would tell.
Result<> DemoTeam::wait_for_others(const git::Repository& shared, const std::optional<CommitId>& before) {
  const std::int64_t until_us = context_.clock.monotonic_us() + look_at_least_us;
  while (context_.clock.monotonic_us() < until_us) {
    AECOS_TRY_ASSIGN(const std::optional<CommitId> now, shared.read_ref(shared_branch));
    if (now != before) return {};
    context_.clock.sleep_us(look_us);
  }
  return {};
}

Result<> DemoTeam::play_round(const std::vector<DemoEdit*>& round) {
  return everybody([&](std::size_t person) { return play_person(person, round); });
}

Result<> DemoTeam::play(std::vector<DemoEdit>& edits) {
  started_us_ = context_.clock.monotonic_us();
  const int rounds = edits.back().round;
  for (int number = 1; number <= rounds; ++number) {
    context_.terminal.progress("round " + std::to_string(number) + " of " + std::to_string(rounds));
    std::vector<DemoEdit*> round;
    for (DemoEdit& edit : edits)
      if (edit.round == number) round.push_back(&edit);
    AECOS_TRY(play_round(round));
  }
  return settle();
}

Result<> DemoTeam::settle() {
  for (int times = 0; times < settle_max; ++times) {
    AECOS_TRY(everybody([&](std::size_t person) { return run_sync(person); }));
    std::vector<CommitId> heads;
    for (std::size_t person = 0; person < demo_people_count; ++person) {
      AECOS_TRY_ASSIGN(const sync::Workspace at, workspace(person));
      AECOS_TRY_ASSIGN(const sync::Workspace::Head head, at.head());
      heads.push_back(head.commit);
    }
    if (std::equal(heads.begin() + 1, heads.end(), heads.begin())) return {};
  }
  return Error{ErrorCode::unavailable, "the work trees do not come to the same version"};
}

}  // namespace aecos::cli
