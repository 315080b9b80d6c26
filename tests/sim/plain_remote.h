#pragma once
// A bare repository somewhere, as any git server keeps it: refs move by compare and swap and forward only.

#include "sim/breaks.h"
#include "sim/machine.h"
#include "sim/messages.h"
#include "sim/ref_watch.h"

namespace aecos::sim {

class PlainRemote final : public Remote {
 public:
  PlainRemote(Time& time, std::uint64_t seed, const Team& team, Break made);

  std::optional<Answer> serve(const Request& request) override;
  bool is_up() override { return up_; }

  Machine& machine() { return machine_; }
  void crash();
  void restart();
  [[nodiscard]] const RefWatch& refs() const { return watch_; }
  [[nodiscard]] git::Repository repository();

 private:
  Result<Answer> answer(const Request& request);
  Result<Answer> take(const Push& push);
  Result<std::string> move(git::Repository& repository, const git::RefCommand& command) const;

  Break made_;
  Machine machine_;
  RefWatch watch_;
  bool up_ = true;
};

}  // namespace aecos::sim
