#pragma once
// Five people, five work trees, one bare repository; everything they do goes through the real program.

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/demo_script.h"
#include "revision/record.h"
#include "sync/workspace.h"

namespace aecos::cli {

inline constexpr const char* demo_model = "models/house.ifc";

// What a person finds in the work tree.
struct DemoView {
  std::string model;  // The text of the file.
  std::vector<revision::Record> records;
};

// The edit's value stands in that record, whichever of the two was chosen.
bool is_recorded(const DemoEdit& edit, const std::vector<revision::Record>& records);

class DemoTeam {
 public:
  // `root`: an empty folder, or a path where one can be made.
  DemoTeam(Context& context, std::string root);

  // Makes the repository, the first model and the work trees, one `aecos init` each.
  Result<> set_up();
  // All at the same time, round by round: each saves their edits, then syncs until the whole round has reached them.
  Result<> play(std::vector<DemoEdit>& edits);
  // Everybody syncs until nobody has anything new.
  Result<> settle();

  // Runs the program in that person's work tree; 0 and 1 are fine, any other status is an Error.
  Result<os::Finished> aecos(std::size_t person, std::vector<std::string> arguments);
  Result<DemoView> look(std::size_t person);
  Result<sync::Workspace> workspace(std::size_t person);
  std::string folder(std::size_t person) const;
  std::string repository() const;

  struct Counts {
    std::size_t syncs = 0;
    std::size_t beaten = 0;  // How often a push came second and was done again.
  };
  Counts counts() const { return counts_; }
  std::int64_t started_us() const { return started_us_; }

 private:
  Result<> join(std::size_t person);
  Result<> run_sync(std::size_t person);
  Result<> save(std::size_t person, const std::vector<DemoEdit*>& edits);
  Result<> play_person(std::size_t person, const std::vector<DemoEdit*>& round);
  Result<> wait_for_others(const git::Repository& shared, const std::optional<CommitId>& before);
  Result<> play_round(const std::vector<DemoEdit*>& round);
  Result<bool> note_arrivals(std::size_t person, const std::vector<DemoEdit*>& round);
  std::string home(std::size_t person) const;

  Context& context_;
  std::string root_;
  std::string program_;
  std::int64_t started_us_ = 0;
  std::mutex counts_mutex_;
  Counts counts_;
};

// A place of its own for somebody's git, and nothing of the machine's or the caller's configuration.
std::map<std::string, std::optional<std::string>> demo_environment(const std::string& home);

// As the person's own tool opens it in that round; decides the ids of what is added.
Result<sample::Editor> open_demo_model(const std::string& text, std::size_t person, int round);

}  // namespace aecos::cli
