#include "sim/person.h"

#include <algorithm>

#include "os/path.h"
#include "sim/violation.h"

namespace aecos::sim {
namespace {

constexpr std::size_t saves_meanwhile_one_in = 80, saves_the_same_one_in = 8;
constexpr std::size_t forbidden_one_in = 12;

bool has_an_end(const std::string& path) { return path.ends_with(".json") || path.ends_with(".ifc"); }

Result<os::Finished> no_program(const os::Command& command) {
  return Error{ErrorCode::not_found, command.argv.at(0) + ": there are no programs here"};
}

}  // namespace

Person::Person(const Surroundings& around, std::string login, std::string branch)
    : around_(around),
      login_(std::move(login)),
      branch_(std::move(branch)),
      machine_(around.time, around.dice.next()),
      no_programs_(no_program) {
  files_.meanwhile = [this](const std::string& path) { save_meanwhile(path); };
  files_.overwrites = around.made == Break::drop_edit;
  files_.loses_journal = around.made == Break::lose_journal;
}

// --- the beginning

void Person::begin_project(const std::map<std::string, std::string>& files) {
  must(machine_.disk.create_directories(root_ + "/.git/objects"), "a repository");
  must(machine_.disk.write(root_ + "/.git/HEAD", "ref: refs/heads/" + branch_ + "\n"), "HEAD");
  for (const auto& [path, text] : files) save(path, "", text);
  if (!files.empty()) commit_with_git();
}

void Person::clone() {
  begin_project({});
  sync::Workspace workspace = open();
  git::Transfer transfer;
  transfer.refspecs = {"+refs/heads/develop:refs/remotes/origin/develop"};
  must(workspace.checkout().fetch(transfer), "clone");
  const CommitId tip = must(workspace.tracking(), "clone");
  must(workspace.repository.update_ref("refs/heads/" + branch_, std::nullopt, tip, "clone"), "clone");
  const auto files = must(files_of(workspace.repository, must(workspace.tree_of(tip), "clone")), "clone");
  std::vector<TreeEdit> edits;
  for (const auto& [path, entry] : files) {
    const std::string at = full(path);
    must(machine_.disk.create_directories(std::string(os::parent_of(at))), path);
    must(machine_.disk.write(at, must(workspace.repository.read_blob(entry.id), path)), path);
    edits.push_back({path, false, entry.mode, entry.id});
  }
  must(workspace.checkout().set_index(edits), "the index");
}

// --- saving

std::vector<std::string> Person::paths() {
  std::vector<std::string> paths;
  for (const auto& [path, status] : must(files_below(machine_.disk, root_), "the work tree")) {
    const std::string_view name = os::name_of(path);
    if (!path.starts_with(".aecos/") && !name.starts_with("~$") && !os::is_temporary_name(name)) paths.push_back(path);
  }
  return paths;
}

std::string Person::read(const std::string& path) { return must(machine_.disk.read(full(path)), path); }

void Person::save(const std::string& path, const std::string& before, const std::string& after) {
  must(machine_.disk.create_directories(std::string(os::parent_of(full(path)))), path);
  must(machine_.disk.write(full(path), after), path);
  around_.ledger.edited(login_, before, after);
}

bool Person::is_busy(const std::string& path) const { return saving_.contains(path) || editing_.contains(path); }

bool Person::may_write(const std::string& path) {
  return !around_.has_hub || around_.team.may_write(login_, path) || around_.dice.one_in(forbidden_one_in);
}

// Empty: there is none.
std::string Person::pick_file(bool of_a_type_with_an_end) {
  std::vector<std::string> fitting = paths();
  std::erase_if(fitting, [&](const std::string& path) {
    return is_busy(path) || (of_a_type_with_an_end && !has_an_end(path)) || path == ".gitattributes";
  });
  if (fitting.empty()) return "";
  std::string path = around_.dice.pick(fitting);
  return may_write(path) ? path : "";
}

std::string Person::edit() {
  const std::string path = pick_file();
  return path.empty() ? "" : edit(path);
}

std::string Person::edit(const std::string& path) {
  const std::string before = read(path), after = edited(path, before, around_.dice, new_mark());
  if (before == after) return "";
  save(path, before, after);
  return login_ + " saves " + path + marks_in_words(before, after);
}

std::string Person::add_element() {
  const std::size_t number = around_.dice.below(6);
  const std::string name = "N-" + std::to_string(number);
  const std::string folder = around_.team.role_of(login_) == Role::structural ? "structure/" : "elements/";
  const std::string path = folder + name + "/metadata.json";
  if (os::exists(machine_.disk, full(folder + name)) || is_busy(path)) return "";
  const std::string text = element_json(name, 200 + number, new_mark());
  save(path, "", text);
  return login_ + " adds " + path + marks_in_words("", text);
}

std::string Person::remove_or_rename() {
  const std::string path = pick_file();
  if (path.empty() || !path.ends_with("/metadata.json")) return "";
  const std::string folder(os::parent_of(path));
  const std::string to = folder + "b/metadata.json";
  if (around_.dice.one_in(2) && !os::exists(machine_.disk, full(folder + "b"))) {
    must(machine_.disk.create_directories(full(folder + "b")), to);
    must(machine_.disk.rename(full(path), full(to)), to);
    static_cast<void>(machine_.disk.remove(full(folder)));
    return login_ + " renames " + path + " to " + to;
  }
  const std::string before = read(path);
  around_.ledger.edited(login_, before, "");
  must(machine_.disk.remove(full(path)), path);
  static_cast<void>(machine_.disk.remove(full(folder)));
  return login_ + " removes " + path + marks_in_words(before, "");
}

std::string Person::set_mode() {
  const std::string path = pick_file();
  if (path.empty()) return "";
  const bool executable = !is_executable(path);
  must(machine_.disk.set_mode(full(path), executable ? 0755 : 0644), path);
  return login_ + (executable ? " makes a program of " : " makes no program of ") + path;
}

std::string Person::begin_saving() {
  const std::string path = pick_file(true);
  if (path.empty()) return "";
  const std::string before = read(path), after = edited(path, before, around_.dice, new_mark());
  if (after == before) return "";
  saving_[path] = {before, after};
  must(machine_.disk.write(full(path), after.substr(0, 1 + around_.dice.below(after.size() - 3))), path);
  return login_ + " begins to save " + path;
}

std::string Person::open_in_editor() {
  const std::string path = pick_file();
  if (path.empty()) return "";
  const std::string before = read(path);
  editing_[path] = {before, edited(path, before, around_.dice, new_mark())};
  must(machine_.disk.write(os::join(os::parent_of(full(path)), "~$" + std::string(os::name_of(path))), login_), path);
  return login_ + " opens " + path;
}

std::string Person::go_on_saving() {
  auto& from = !saving_.empty() && (editing_.empty() || around_.dice.one_in(2)) ? saving_ : editing_;
  if (from.empty()) return "";
  const auto [path, open] = *from.begin();
  const bool was_open = &from == &editing_;
  from.erase(from.begin());
  save(path, open.before, open.after);
  const std::string lock = os::join(os::parent_of(full(path)), "~$" + std::string(os::name_of(path)));
  if (was_open) must(machine_.disk.remove(lock), lock);
  return login_ + (was_open ? " saves and closes " : " has saved ") + path + marks_in_words(open.before, open.after);
}

std::string Person::finish_all() {
  files_.meanwhile = {};
  std::string told;
  for (std::string each = go_on_saving(); !each.empty(); each = go_on_saving())
    told += (told.empty() ? "" : "; ") + each;
  return told;
}

void Person::save_meanwhile(const std::string& written) {
  const bool is_git = written.starts_with(root_ + "/.git/") || written.starts_with(root_ + "/.aecos/");
  if (!is_git && around_.dice.one_in(saves_the_same_one_in)) {
    const std::string path = written.substr(root_.size() + 1);
    if (os::exists(machine_.disk, written) && !is_busy(path)) around_.say("  meanwhile " + edit(path));
  } else if (around_.dice.one_in(saves_meanwhile_one_in)) {
    if (const std::string told = edit(); !told.empty()) around_.say("  meanwhile " + told);
  }
}

void Person::put_back(const std::string& path, const std::string& text, bool executable) {
  must(machine_.disk.create_directories(std::string(os::parent_of(full(path)))), path);
  must(machine_.disk.write(full(path), text), path);
  must(machine_.disk.set_mode(full(path), executable ? 0755 : 0644), path);
}

// What nobody else will take is put back as everybody has it.
std::string Person::revert_forbidden() {
  const git::Repository repository = this->repository();
  const auto tip = must(repository.read_ref("refs/remotes/origin/develop"), "what is shared");
  if (!tip) return "";
  auto shared = must(files_of(repository, must(repository.read_commit(*tip), "shared").tree), "shared");
  std::string told;
  for (const auto& [path, text] : work_tree()) {
    const auto entry = shared.find(path);
    const bool is_shared = entry != shared.end();
    const std::string wanted = is_shared ? must(repository.read_blob(entry->second.id), path) : "";
    const bool executable = is_shared && entry->second.mode == FileMode::executable;
    if (is_shared) shared.erase(entry);
    const bool same = is_shared && text == wanted && is_executable(path) == executable;
    if (around_.team.may_write(login_, path) || same) continue;
    const auto keeps = mark_set(wanted);
    auto gone = mark_set(text);
    std::erase_if(gone, [&](const std::string& mark) { return keeps.contains(mark); });
    around_.ledger.withdrawn(login_, gone, keeps);
    if (is_shared) put_back(path, wanted, executable);
    if (!is_shared) must(machine_.disk.remove(full(path)), path);
    told += " " + path;
  }
  for (const auto& [path, entry] : shared) {
    if (around_.team.may_write(login_, path)) continue;
    const std::string text = must(repository.read_blob(entry.id), path);
    around_.ledger.removal_withdrawn(login_, mark_set(text));
    put_back(path, text, entry.mode == FileMode::executable);
    told += " " + path;
  }
  return told.empty() ? "" : login_ + " puts back" + told;
}

// --- programs

git::Repository Person::opened(os::FileSystem& files) {
  git::Repository::Elsewhere where{root_ + "/.git", root_, {}};
  where.settings = {{"user.name", login_},
                    {"user.email", login_ + "@example.org"},
                    {"remote.origin.url", "https://hub.example.org/house.git"}};
  if (around_.has_hub) where.settings["aecos.hub"] = "yes";
  return must(git::Repository::open_in(files, std::move(where)), "the repository of " + login_);
}

git::Repository Person::repository() { return opened(machine_.disk); }

sync::Workspace Person::open() {
  const sync::World world{files_, machine_.clock, machine_.random, no_programs_};
  SimCheckout::Place place{login_, root_,          machine_,
                           files_, around_.ledger, [this](Request request) { return ask(std::move(request)); }};
  return sync::Workspace::open_with(world, opened(files_),
                                    std::make_unique<SimCheckout>(std::move(place), opened(files_)));
}

Answer Person::ask(Request request) {
  if (!machine_.has_power()) throw os::PowerLoss{};
  std::optional<Answer> got;
  struct Call {
    Network& network;
    std::uint64_t id;
    ~Call() { network.forget(id); }
  };
  is_answered_ = false;
  const Call call{around_.network, around_.network.ask(std::move(request), [&](Answer answer) {
                    got = std::move(answer);
                    is_answered_ = true;
                  })};
  while (!got) {
    if (sync_) {
      sync_->pause();
    } else {
      around_.network.deliver();
    }
  }
  if (!machine_.has_power()) throw os::PowerLoss{};
  return *std::move(got);
}

std::string Person::start(const std::string& what, std::function<void()> body) {
  report_.reset();
  outcome_.clear();
  sync_ = std::make_unique<Fiber>(std::move(body));
  go_on();
  return login_ + " " + what + (is_syncing() ? "" : ": " + outcome_);
}

std::string Person::start_sync() {
  return start("syncs", [this] {
    sync::Workspace workspace = open();
    sync::SyncOptions options;
    options.announced = std::exchange(announced_, {});
    conclude(sync::sync(workspace, options));
  });
}

void Person::go_on() {
  try {
    sync_->go_on();
    if (!sync_->is_over()) return;
  } catch (const os::PowerLoss&) {
  }
  sync_.reset();
  if (machine_.has_power()) return;
  is_up_ = false;
  outcome_ = "the power failed";
}

void Person::conclude(const Result<sync::SyncReport>& done) {
  if (!done) {
    const ErrorCode code = done.error().code;
    const bool expected = code == ErrorCode::unavailable || code == ErrorCode::changed_meanwhile;
    require(expected || !machine_.has_power(), login_ + " cannot sync: " + done.error().message);
    outcome_ = done.error().message;
    return;
  }
  report_ = *done;
  conflicts_ += report_->opened.size();
  outcome_ = report_->head.hex().substr(0, 8) + (report_->shared ? " shared" : " not shared");
  if (!report_->commits.empty()) outcome_ += ", committed";
  if (report_->pushed) outcome_ += ", pushed";
  if (!report_->opened.empty()) outcome_ += ", " + std::to_string(report_->opened.size()) + " conflicts";
  if (report_->trouble) outcome_ += ", trouble: " + report_->trouble->message;
  for (const sync::Waiting& file : report_->waiting) outcome_ += ", waits: " + file.path + " (" + file.reason + ")";
  for (const sync::Held& file : report_->held) outcome_ += ", held: " + file.path + " (" + file.reason + ")";
}

std::string Person::at_once(const std::string& what, const std::function<Result<>()>& doing) {
  std::string outcome;
  try {
    if (const auto done = doing(); !done) outcome = ": " + done.error().message;
  } catch (const os::PowerLoss&) {
  }
  if (!machine_.has_power()) {
    is_up_ = false;
    outcome += ": the power failed";
  }
  return login_ + " " + what + outcome;
}

}  // namespace aecos::sim
