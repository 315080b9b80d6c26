#include "sim/network.h"

#include <algorithm>

namespace aecos::sim {
namespace {

Answer no_answer() {
  Answer answer;
  answer.error = Error{ErrorCode::unavailable, "no answer"};
  return answer;
}

const char* word(const Request& request) {
  constexpr std::array words{"refs", "push", "fetch", "lock", "unlock", "prolong"};
  return words.at(request.what.index());
}

}  // namespace

std::uint64_t Network::ask(Request request, Done done) {
  const std::uint64_t call = next_++;
  if (is_offline(request.login)) {
    done(no_answer());
    return call;
  }
  if (std::holds_alternative<Push>(request.what)) pushes_.push_back(request);
  calls_[call] = std::move(done);
  letters_.push_back({call, std::make_shared<const Request>(std::move(request)), {}});
  return call;
}

bool Network::is_on_its_way(std::uint64_t call) const {
  return std::any_of(letters_.begin(), letters_.end(), [&](const Letter& letter) { return letter.call == call; });
}

void Network::conclude(std::uint64_t call, Answer answer) {
  const auto found = calls_.find(call);
  if (found == calls_.end()) return;
  const Done done = std::move(found->second);
  calls_.erase(found);
  done(std::move(answer));
}

void Network::break_off(std::uint64_t call) {
  if (!is_on_its_way(call)) conclude(call, no_answer());
}

std::string Network::deliver() {
  if (letters_.empty()) return "";
  const std::size_t at = dice_.below(letters_.size());
  Letter letter = letters_[at];
  const std::string what = letter.request->login + "'s " + word(*letter.request) + " " + std::to_string(letter.call) +
                           (letter.answer ? " answer" : "");
  const bool twice = goes_wrong();
  if (!twice) letters_.erase(letters_.begin() + static_cast<std::ptrdiff_t>(at));
  if (goes_wrong() || is_offline(letter.request->login)) {
    break_off(letter.call);
    return what + " is lost";
  }
  const std::string told = what + (twice ? " comes, and will once more" : " comes");
  if (letter.answer) {
    conclude(letter.call, *std::move(letter.answer));
    return told;
  }
  letter.answer = remote_.serve(*letter.request);
  if (!letter.answer) {
    break_off(letter.call);
    return told + "; nobody answers";
  }
  std::string outcome;
  if (letter.answer->error) outcome = ": " + letter.answer->error->message;
  for (const git::RefReport& ref : letter.answer->pushed.refs)
    outcome += ": " + ref.ref + " " + (ref.problem.empty() ? "done" : ref.problem);
  letters_.push_back(std::move(letter));
  return told + outcome;
}

std::string Network::give_up() {
  if (calls_.empty()) return "";
  auto call = calls_.begin();
  std::advance(call, static_cast<std::ptrdiff_t>(dice_.below(calls_.size())));
  const std::string told = "call " + std::to_string(call->first) + " is given up";
  conclude(call->first, no_answer());
  return told;
}

void Network::drop_all() {
  letters_.clear();
  while (!calls_.empty()) conclude(calls_.begin()->first, no_answer());
}

void Network::set_offline(const std::string& login, bool offline) {
  if (offline) {
    offline_.insert(login);
  } else {
    offline_.erase(login);
  }
}

}  // namespace aecos::sim
