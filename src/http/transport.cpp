#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "http/transport_internal.h"

namespace aecos::http {
namespace {

class PlainTransport final : public Transport {
 public:
  explicit PlainTransport(int socket) : socket_(socket) {}

  Step greet() override { return {State::done, 0}; }

  Step read(std::span<char> into) override {
    return step(::recv(socket_, into.data(), into.size(), MSG_DONTWAIT), State::wants_read);
  }

  Step write(std::string_view bytes) override {
    return step(::send(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL), State::wants_write);
  }

  void finish() override { ::shutdown(socket_, SHUT_WR); }

 private:
  static Step step(ssize_t count, State wait) {
    if (count > 0) return {State::done, static_cast<std::size_t>(count)};
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return {wait, 0};
    return {State::over, 0};
  }

  int socket_;
};

}  // namespace

std::unique_ptr<Transport> plain_transport(int socket) { return std::make_unique<PlainTransport>(socket); }

bool is_closed_by_peer(int socket) {
  pollfd watched{socket, POLLRDHUP, 0};
  return ::poll(&watched, 1, 0) > 0 && (watched.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0;
}

bool wait_until_ready(int socket, Wait wait, std::int64_t timeout_ms) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::milliseconds(timeout_ms);
  pollfd watched{socket, static_cast<short>(wait == Wait::read ? POLLIN : POLLOUT), 0};
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
    const int ready = ::poll(&watched, 1, static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return true;  // Reading or writing will say what is wrong.
    if (ready == 0 && Clock::now() >= end) return false;
  }
}

}  // namespace aecos::http
