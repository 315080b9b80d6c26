#pragma once
// Somebody with a machine and a clone of the project, who edits, saves and syncs.

#include <memory>
#include <optional>

#include "sim/breaks.h"
#include "sim/fiber.h"
#include "sim/marks.h"
#include "sim/network.h"
#include "sim/sim_checkout.h"
#include "sim/team.h"
#include "sync/sync.h"

namespace aecos::sim {

class Person {
 public:
  struct Surroundings {
    Time& time;
    Network& network;
    Ledger& ledger;
    Dice& dice;
    const Team& team;
    std::function<void(const std::string&)> say;
    bool has_hub = true;
    Break made = Break::none;
  };
  Person(const Surroundings& around, std::string login, std::string branch);

  [[nodiscard]] const std::string& login() const { return login_; }
  Machine& machine() { return machine_; }

  // --- the beginning, without faults
  void begin_project(const std::map<std::string, std::string>& files);
  void clone();

  // --- what the person does; each in words, for the trace, or empty: there was nothing to do
  std::string edit();
  std::string add_element();
  std::string remove_or_rename();
  std::string set_mode();      // A file becomes a program, or is none any more.
  std::string begin_saving();  // In place, and not to the end.
  std::string open_in_editor();
  std::string go_on_saving();  // What was begun is saved, what is open is saved and closed.
  std::string finish_all();    // And begins nothing any more.
  std::string revert_forbidden();

  // --- programs
  std::string start_sync();
  std::string start_push();  // With plain git, of the branch as it is.
  std::string resolve_something();
  std::string undo();
  std::string commit_with_git();
  [[nodiscard]] bool is_syncing() const { return sync_ != nullptr; }
  [[nodiscard]] bool can_go_on() const { return is_syncing() && is_answered_; }
  void go_on();
  [[nodiscard]] bool is_up() const { return is_up_; }
  // Of the last sync that ended; absent: it was killed, or failed.
  [[nodiscard]] const std::optional<sync::SyncReport>& report() const { return report_; }
  [[nodiscard]] const std::string& outcome() const { return outcome_; }
  [[nodiscard]] std::size_t conflicts() const { return conflicts_; }  // That their syncs recorded.
  // Where the shared branch is now; the next sync need not ask.
  void hear_of(CommitId announced) { announced_ = announced; }

  // --- locks; the answer comes when it comes
  std::string lock_something();
  std::string use_lock();  // Released, prolonged.
  std::string break_lock(const std::string& id);

  // --- faults
  std::string fail_at(std::uint64_t moment);
  void kill();
  void restart();
  void fill_disk(bool full) { machine_.files.set_space_left(full ? 0 : ~std::uint64_t{0}); }
  std::string hold_a_file(bool hold);

  // --- for the judge
  std::map<std::string, std::string> work_tree();
  bool is_executable(const std::string& path);
  [[nodiscard]] git::Repository repository();  // As it lies on the disk.
  std::map<std::string, std::string> index();
  // Of a sync that was killed or could not place a file; empty: nothing.
  std::string left_behind();

 private:
  struct Open {
    std::string before, after;
  };
  std::string edit(const std::string& path);
  std::string full(const std::string& path) const { return root_ + "/" + path; }
  std::vector<std::string> paths();
  std::string read(const std::string& path);
  void save(const std::string& path, const std::string& before, const std::string& after);
  NewMark new_mark() {
    return [this] { return around_.ledger.new_mark(); };
  }
  void put_back(const std::string& path, const std::string& text, bool executable);
  bool is_busy(const std::string& path) const;
  bool may_write(const std::string& path);
  std::string pick_file(bool of_a_type_with_an_end = false);
  std::set<std::string> marks_of(CommitId commit, const std::set<std::string>& paths = {});
  std::set<std::string> marks_of_head(const std::set<std::string>& paths = {});  // None: all.
  void save_meanwhile(const std::string& written);
  std::string start(const std::string& what, std::function<void()> body);
  Answer ask(Request request);
  sync::Workspace open();
  git::Repository opened(os::FileSystem& files);
  void conclude(const Result<sync::SyncReport>& done);
  void write_index(const std::map<std::string, TreeEntry>& files);
  std::string at_once(const std::string& what, const std::function<Result<>()>& doing);

  Surroundings around_;
  std::string login_, branch_, root_ = "/home/house";
  Machine machine_;
  DeskFiles files_{machine_};
  os::ScriptedProcessRunner no_programs_;
  std::unique_ptr<Fiber> sync_;
  std::optional<sync::SyncReport> report_;
  std::string outcome_;
  std::size_t conflicts_ = 0;
  CommitId announced_;
  std::map<std::string, Open> saving_, editing_;  // By path.
  std::optional<std::string> held_;
  std::set<std::string> locks_;  // Ids, of those that are known to be held.
  bool is_up_ = true, is_answered_ = false;
};

}  // namespace aecos::sim
