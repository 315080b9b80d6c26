#pragma once
// A Conversation on a socket. While it lasts, the worker thread alone reads and writes there.

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "http/body_decoder_internal.h"
#include "http/request_head_internal.h"
#include "http/server.h"
#include "http/transport_internal.h"

namespace aecos::http {

// A connection's bytes, for whoever reads and writes at the moment: its coroutine or a worker.
struct Wire {
  int socket = -1;
  std::unique_ptr<Transport> transport = {};
  std::string ahead = {};                // Read but not looked at yet.
  std::atomic<bool> is_cut = false;      // The server is being stopped, and waits no longer.
  std::uint64_t received = 0, sent = 0;  // Bytes of the request under way and its answer.
};

inline constexpr std::size_t piece_max = 64U << 10U;
inline constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

class WireConversation final : public Conversation {
 public:
  struct Terms {
    bool is_1_0 = false, expects_continue = false, keeps_open = true;
    bool is_head = false;  // The body is not sent.
    std::int64_t timeout_ms = 0;
  };
  WireConversation(Wire& wire, BodyDecoder& body, Terms terms) : wire_(wire), body_(body), terms_(terms) {}

  Result<std::size_t> read(std::span<char> into) override;
  Result<> begin(int status, const Headers& headers) override;
  Result<> write(std::string_view bytes) override;
  Result<> respond(const Response& response) override;
  bool is_gone() override;

  // For the connection, afterwards.
  struct Outcome {
    int status = 0;                         // Of what was begun.
    std::optional<Response> response = {};  // Still to be sent.
    std::string last_bytes = {};            // To be sent after what was written.
    bool keeps_open = false;
    bool is_short = false;       // Less was written than Content-Length said.
    bool asked_for_body = true;  // An "Expect: 100-continue" was answered, or there was none.
  };
  Outcome finish();

 private:
  Result<std::size_t> receive(std::span<char> into);
  Result<> send(std::string_view bytes);
  Result<> wait(Transport::State state) const;

  Wire& wire_;
  BodyDecoder& body_;
  Terms terms_;
  std::string read_failure_, write_failure_;  // A client that sends nonsense can still be told so.
  int status_ = 0;
  std::optional<Response> response_;
  bool is_chunked_ = false;
  std::optional<std::uint64_t> left_;  // Of a body of known length.
};

}  // namespace aecos::http
