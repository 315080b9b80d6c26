#pragma once
// A client that sends whatever it is told to, for tests. Waits that last too long fail the test.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "http/server.h"

namespace aecos::http {

class RawClient {
 public:
  explicit RawClient(std::uint16_t port, const std::string& address = "127.0.0.1");
  RawClient(RawClient&&) noexcept;
  ~RawClient();

  void send(std::string_view bytes);  // As far as the server takes it.
  void finish_sending();
  void set_receive_buffer(int bytes);
  // Up to and with `mark`; what there was, if the server closed before.
  std::string read_until(std::string_view mark);
  std::string read_rest();  // Until the server closes.
  bool is_closed();         // Waits for something to come, and that it is the end.

  struct Answer {
    int status = 0;  // 0: closed before.
    Headers headers = {};
    std::string body = {};
  };
  Answer read_answer(bool is_head = false);
  Answer ask(std::string_view request) {
    send(request);
    return read_answer();
  }
  Answer get(const std::string& target) { return ask("GET " + target + " HTTP/1.1\r\nHost: hub\r\n\r\n"); }

 private:
  bool receive();  // False: closed.
  struct File;
  std::unique_ptr<File> file_;
  std::string read_;
};

std::unique_ptr<Server> start(Router router, ServerOptions options = {});
// Answers GET and POST of "/" with the length of the body.
Router simple_router();
// Waits until it is so.
bool eventually(const std::function<bool()>& is_so);

}  // namespace aecos::http
