#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <thread>

#include "http/body_decoder_internal.h"
#include "http/raw_client_test_internal.h"
#include "http/request_head_internal.h"

namespace aecos::http {
namespace {

constexpr int patience_ms = 30'000;

}  // namespace

struct RawClient::File {
  explicit File(int given) : number(given), file(::fdopen(given, "r+")) {}
  ~File() { std::fclose(file); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int number;
  std::FILE* file;
};

RawClient::RawClient(std::uint16_t port, const std::string& address) {
  const bool is_6 = address.find(':') != std::string::npos;
  sockaddr_in to_4{};
  sockaddr_in6 to_6{};
  to_4.sin_family = AF_INET;
  to_6.sin6_family = AF_INET6;
  to_4.sin_port = to_6.sin6_port = htons(port);
  ::inet_pton(AF_INET, address.c_str(), &to_4.sin_addr);
  ::inet_pton(AF_INET6, address.c_str(), &to_6.sin6_addr);
  file_ = std::make_unique<File>(::socket(is_6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto* to = is_6 ? reinterpret_cast<const sockaddr*>(&to_6) : reinterpret_cast<const sockaddr*>(&to_4);
  if (::connect(file_->number, to, is_6 ? sizeof to_6 : sizeof to_4) != 0) throw std::runtime_error("no connection");
}

RawClient::RawClient(RawClient&&) noexcept = default;
RawClient::~RawClient() = default;

void RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::send(file_->number, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void RawClient::finish_sending() { ::shutdown(file_->number, SHUT_WR); }

void RawClient::set_receive_buffer(int bytes) {
  ::setsockopt(file_->number, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

bool RawClient::receive() {
  pollfd watched{file_->number, POLLIN, 0};
  if (::poll(&watched, 1, patience_ms) <= 0) throw std::runtime_error("the server keeps silent");
  std::array<char, 65536> piece{};
  const auto count = ::recv(file_->number, piece.data(), piece.size(), 0);
  if (count <= 0) return false;
  read_.append(piece.data(), static_cast<std::size_t>(count));
  return true;
}

std::string RawClient::read_until(std::string_view mark) {
  std::size_t at = 0;
  while ((at = read_.find(mark)) == std::string::npos) {
    if (!receive()) return std::exchange(read_, "");
  }
  std::string text = read_.substr(0, at + mark.size());
  read_.erase(0, text.size());
  return text;
}

std::string RawClient::read_rest() {
  while (receive()) {
  }
  return std::exchange(read_, "");
}

bool RawClient::is_closed() { return read_.empty() && !receive(); }

RawClient::Answer RawClient::read_answer(bool is_head) {
  Answer answer;
  const std::string head = read_until("\r\n\r\n");
  if (!head.starts_with("HTTP/1.1 ")) return answer;
  std::from_chars(head.data() + 9, head.data() + head.size(), answer.status);
  for (std::size_t at = head.find("\r\n") + 2; at + 2 < head.size();) {
    const std::size_t end = head.find("\r\n", at), colon = head.find(": ", at);
    answer.headers.add(head.substr(at, colon - at), head.substr(colon + 2, end - colon - 2));
    at = end + 2;
  }
  if (answer.status == 100 || answer.status == 204 || answer.status == 304 || is_head) return answer;
  RequestHead framing;
  framing.is_chunked = answer.headers.get("Transfer-Encoding") == "chunked";
  const std::string_view length = answer.headers.get("Content-Length");
  std::from_chars(length.data(), length.data() + length.size(), framing.content_length);
  if (!framing.is_chunked && length.empty()) {
    answer.body = read_rest();
    return answer;
  }
  BodyDecoder decoder(framing);
  while (!decoder.is_complete()) {
    std::string_view rest = read_;
    answer.body += decoder.next(rest);
    read_.erase(0, read_.size() - rest.size());
    if (decoder.is_broken() || (read_.empty() && !decoder.is_complete() && !receive())) {
      answer.status = -1;
      return answer;
    }
  }
  return answer;
}

std::unique_ptr<Server> start(Router router, ServerOptions options) {
  auto server = serve(std::move(router), options);
  if (!server) throw std::runtime_error(server.error().message);
  return *std::move(server);
}

Router simple_router() {
  Router router;
  const Handler handler = [](const Request& request) {
    return Response{200, {{"Content-Type", "text/plain"}}, request.method + std::to_string(request.body.size())};
  };
  router.add("GET", "/", handler);
  router.add("POST", "/", handler);
  return router;
}

bool eventually(const std::function<bool()>& is_so) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace aecos::http
