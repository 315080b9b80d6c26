#pragma once
// What is on its way between the team's machines and the place where they meet. Letters are lost, come twice, late and
// in another order.

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "sim/dice.h"
#include "sim/messages.h"

namespace aecos::sim {

class Network {
 public:
  Network(Remote& remote, Dice& dice) : remote_(remote), dice_(dice) {}

  using Done = std::function<void(Answer)>;
  // `done` is called once, unless the call is forgotten; with unavailable where no answer comes.
  std::uint64_t ask(Request request, Done done);
  void forget(std::uint64_t call) { calls_.erase(call); }

  // One of the letters on their way comes to where it goes. In words what became of it; empty: there are none.
  std::string deliver();
  // Somebody waits no longer; what is on its way still comes.
  std::string give_up();
  // All on their way are lost.
  void drop_all();

  void set_offline(const std::string& login, bool offline);
  [[nodiscard]] bool is_offline(const std::string& login) const { return offline_.contains(login); }
  // One in so many is lost, or comes twice; 0: none.
  void set_faults(std::size_t one_in) { faults_one_in_ = one_in; }
  [[nodiscard]] bool is_quiet() const { return letters_.empty() && calls_.empty(); }
  // All pushes that were made, for repeating them.
  [[nodiscard]] const std::vector<Request>& pushes() const { return pushes_; }

 private:
  struct Letter {
    std::uint64_t call = 0;
    std::shared_ptr<const Request> request;
    std::optional<Answer> answer;  // Absent: it is on its way there.
  };
  void conclude(std::uint64_t call, Answer answer);
  void break_off(std::uint64_t call);
  bool is_on_its_way(std::uint64_t call) const;
  bool goes_wrong() { return faults_one_in_ != 0 && dice_.one_in(faults_one_in_); }

  Remote& remote_;
  Dice& dice_;
  std::uint64_t next_ = 1;
  std::map<std::uint64_t, Done> calls_;
  std::vector<Letter> letters_;
  std::set<std::string> offline_;
  std::size_t faults_one_in_ = 0;
  std::vector<Request> pushes_;
};

}  // namespace aecos::sim
