#pragma once
// The hub's database, where the hub can be killed before and after each transaction, and whose disk can be full.

#include <cstdint>
#include <limits>

#include "sim/machine.h"
#include "store/store.h"

namespace aecos::sim {

class FallibleStore final : public store::Store {
 public:
  FallibleStore(std::unique_ptr<store::Store> inner, Machine& machine) : inner_(std::move(inner)), machine_(machine) {}

  // A fault made on purpose: moves of refs that are under way are not noted.
  bool forgets_intents = false;
  // Writes fail as on a full disk.
  bool is_full = false;

  // The power fails at the moment-th from now; two moments a transaction.
  void fail_power_at(std::uint64_t moment) { moments_left_ = moment; }
  void restart() { moments_left_ = std::numeric_limits<std::uint64_t>::max(); }

  Result<> write(const Work& work) override;
  Result<> read(const Work& work) override;
  Result<> back_up(const std::string& path) override { return inner_->back_up(path); }
  Result<std::vector<std::string>> check() override { return inner_->check(); }

 private:
  void pass_moment();

  std::unique_ptr<store::Store> inner_;
  Machine& machine_;
  std::uint64_t moments_left_ = std::numeric_limits<std::uint64_t>::max();
};

}  // namespace aecos::sim
