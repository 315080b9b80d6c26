#pragma once
// A hub with all of its logic, on a machine whose power can fail, without the sockets in front of it.

#include <memory>

#include "hub/hub.h"
#include "sim/breaks.h"
#include "sim/desk_files.h"
#include "sim/fallible_store.h"
#include "sim/messages.h"
#include "sim/parcel.h"
#include "sim/ref_watch.h"

namespace aecos::sim {

class HubRemote final : public Remote {
 public:
  static constexpr const char* project = "house";

  HubRemote(Time& time, std::uint64_t seed, const Team& team, Break made);

  std::optional<Answer> serve(const Request& request) override;
  bool is_up() override { return hub_ != nullptr; }

  // The next moment at which it is killed: in its files, or before or after a transaction.
  void fail_in_files(std::uint64_t moment) { machine_.files.fail_power_at(moment); }
  void fail_in_store(std::uint64_t moment) { store_.fail_power_at(moment); }
  void fill_disk(bool full);
  void crash();
  // No power failure is to come any more.
  void calm();
  // Starts and recovers; it may be killed in that too, at a moment of its files or its database.
  struct Failing {
    std::uint64_t in_files = ~std::uint64_t{0}, in_store = ~std::uint64_t{0};
  };
  void restart() { restart({}); }
  void restart(const Failing& failing);
  // What it does by itself every now and then.
  void keep_up();

  [[nodiscard]] hub::Hub& hub() { return *hub_; }
  [[nodiscard]] const RefWatch& refs() const { return watch_; }
  // Ids of events, as somebody heard them who listens all the time and comes back after each start.
  [[nodiscard]] const std::vector<std::string>& heard() const { return heard_; }
  std::function<void(CommitId)> announce = {};  // Called with each that the shared branch went to.
  std::vector<store::Lock> locks();
  // As whoever looks at its disk sees it.
  [[nodiscard]] git::Repository repository();
  Machine& machine() { return machine_; }

 private:
  void set_up(const Team& team);
  void listen();
  void hear(const std::string& frame);
  void note_locked();
  Result<Answer> answer(const Request& request);
  Result<Answer> answer(const hub::Caller& caller, const ListRefs& wish);
  Result<Answer> answer(const hub::Caller& caller, const Push& push);
  Result<Answer> answer(const hub::Caller& caller, const Fetch& fetch);
  Result<Answer> answer(const hub::Caller& caller, const AcquireLock& wish);
  Result<Answer> answer(const hub::Caller& caller, const ReleaseLock& wish);
  Result<Answer> answer(const hub::Caller& caller, const ProlongLock& wish);
  std::string folder() const { return config_.repositories() + "/" + project + ".git"; }
  void look(const std::string& login);
  void judge_locks();
  void integrate_again(const Push& push);

  Break made_;
  const Team& team_;
  Machine machine_;
  DeskFiles files_{machine_};
  hub::Config config_;
  FallibleStore store_;
  hub::SilentLog log_;
  UnpackingGit git_;
  std::map<std::string, std::string> secrets_;
  RefWatch watch_;
  std::unique_ptr<hub::Hub> hub_;
  std::vector<std::string> heard_;
  std::string heard_wrong_;  // For look() to tell: it is heard where nothing may be thrown.
  std::uint64_t last_heard_ = 0, missed_ = 0;
};

}  // namespace aecos::sim
