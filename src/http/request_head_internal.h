#pragma once
// The request line and headers of a message, held to the letter of RFC 9112. Pure. Boost's own parser (1.81) is not
// used: it takes in several forms in which two servers could see two different messages.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "http/message.h"

namespace aecos::http {

// What a request is answered with before any handler sees it.
struct Refusal {
  int status = 400;
  std::string detail = {};
};

struct RequestHead {
  std::string method, target, path;
  std::vector<std::pair<std::string, std::string>> query = {};
  Headers headers = {};
  bool is_1_0 = false;
  bool keeps_open = true;  // The client's wish.
  bool expects_continue = false;
  bool is_chunked = false;
  std::uint64_t content_length = 0;
};

// Finds the empty line at the end of a head in bytes that come piece by piece.
class HeadScanner {
 public:
  explicit HeadScanner(std::size_t size_max) : size_max_(size_max) {}
  // `bytes`: all since the request's first byte. Absent: not complete yet; a Refusal: it never will be.
  std::variant<std::monostate, std::size_t, Refusal> scan(std::string_view bytes);

 private:
  std::size_t size_max_, at_ = 0, line_ = 0;
  bool has_first_line_ = false;
};

// `head`: with the empty line at its end.
std::variant<RequestHead, Refusal> parse_head(std::string_view head);

}  // namespace aecos::http
