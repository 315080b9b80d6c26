#pragma once
// An HTTP client that keeps its connections open. Not for two threads at once.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"
#include "http/public_address.h"

namespace aecos::http {

struct Call {
  std::string method = "GET";
  std::string url;  // http or https.
  Headers headers = {};
  std::string body = {};
  std::int64_t timeout_ms = 30'000;  // For the whole; 0: none.
  std::int64_t connect_timeout_ms = 10'000;
  std::int64_t silence_timeout_ms = 0;      // Ends it when nothing came for so long; 0: never.
  std::uint64_t response_max = 64U << 20U;  // Bytes.
  bool may_cut_answer = false;              // A longer one ends there, and is no error: the status is what counts.
  // For an address that a user named: asked before the call and for each socket, which is a new one. No proxy is used
  // (what it would connect to cannot be seen), no name or password may be in the URL, and at most guarded_response_max
  // bytes of an answer are taken.
  Guard guard = {};
};
inline constexpr std::uint64_t guarded_response_max = 256U << 10U;

class Client {
 public:
  virtual ~Client() = default;
  // Any status is an answer. unavailable: no connection, a timeout, a broken answer; denied: the guard's no; the
  // message says which host and why. Redirects are not followed.
  virtual Result<Response> send(const Call& call) = 0;
  // The same, but the body goes to `take` piece by piece as it comes (of a status 2xx; of others it is in the
  // response). `take` returns false to end it, which is no error; `head` is called before. response_max does not count
  // what was taken.
  virtual Result<Response> stream(const Call& call, const std::function<bool(std::string_view bytes)>& take,
                                  const std::function<void(const Response& head)>& head = {}) = 0;
  // From another thread: the call under way ends with `unavailable`, "cancelled"; if none is, the next one does.
  virtual void cancel() = 0;
};

// Speaks HTTP/1.1, through the proxy that https_proxy and the like name, if any; never to this machine.
// `ca_file`: PEM of authorities to trust besides the system's; empty: none.
std::unique_ptr<Client> make_client(const std::string& ca_file = "");

// Server-sent events out of bytes as they come (WHATWG HTML, section 9.2).
struct ServerEvent {
  std::string id, type, data;  // type "message" where none was given; id: the last one seen.
};
class ServerEventReader {
 public:
  void add(std::string_view bytes, const std::function<void(const ServerEvent&)>& each);
  std::optional<std::int64_t> retry_ms;  // As the server asked.

 private:
  void line(std::string_view text, const std::function<void(const ServerEvent&)>& each);
  std::string rest_, id_, type_, data_;
  bool has_data_ = false, last_was_cr_ = false, at_start_ = true;
};

}  // namespace aecos::http
