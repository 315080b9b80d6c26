#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace aecos::http {

// The content of a gzip (RFC 1952) body. invalid_input: it is broken, or more than `most` bytes.
Result<std::string> gunzip(std::string_view bytes, std::size_t most);

// Whether whoever sent these headers takes a gzip body (RFC 9110, 12.5.3).
bool accepts_gzip(const Headers& request);

// A gzip body, written piece by piece; fast rather than small.
class Gzip {
 public:
  Gzip();
  ~Gzip();
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;
  // What can be sent of it by now; may be empty.
  std::string add(std::string_view bytes);
  std::string finish();  // The rest; once.

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;
};

}  // namespace aecos::http
