#include "hub/transfer.h"

namespace aecos::hub {
namespace {

// So many bytes within so much time spent on waiting.
constexpr std::size_t bytes_least = 16U << 10U;
constexpr std::int64_t waited_most_us = 60'000'000;

}  // namespace

Result<Transfers::Ticket> Transfers::enter(const std::string& who, std::size_t most) {
  const std::lock_guard lock(mutex_);
  std::size_t& count = under_way_[who];
  if (count >= most)
    return Error{ErrorCode::unavailable, "too many transfers at the same time; try again when one has ended"};
  ++count;
  return Ticket(*this, who);
}

void Transfers::leave(const std::string& who) {
  const std::lock_guard lock(mutex_);
  const auto found = under_way_.find(who);
  if (--found->second == 0) under_way_.erase(found);
}

Result<> PacedConversation::count(std::size_t bytes, std::int64_t since_us) {
  waited_us_ += clock_.monotonic_us() - since_us;
  bytes_ += bytes;
  if (bytes_ >= bytes_least) {
    waited_us_ = 0;
    bytes_ = 0;
  }
  if (waited_us_ > waited_most_us) return Error{ErrorCode::unavailable, "the client is too slow"};
  return {};
}

Result<std::size_t> PacedConversation::read(std::span<char> into) {
  const std::int64_t since_us = clock_.monotonic_us();
  AECOS_TRY_ASSIGN(const std::size_t bytes, conversation_.read(into));
  AECOS_TRY(count(bytes, since_us));
  return bytes;
}

Result<> PacedConversation::write(std::string_view bytes) {
  const std::int64_t since_us = clock_.monotonic_us();
  AECOS_TRY(conversation_.write(bytes));
  return count(bytes.size(), since_us);
}

}  // namespace aecos::hub
