#pragma once
// Bytes in and out of a connected socket that never blocks, bare or within TLS. Nothing is kept for a connection that
// waits: it is asked again when the socket is ready. For one thread at a time.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace aecos::http {

class Transport {
 public:
  enum class State : std::uint8_t {
    done,         // So many bytes moved, at least one.
    wants_read,   // Nothing moved; try again, with the same bytes at the front, once the socket can be read.
    wants_write,  // The same, once it can be written.
    over,         // The peer sends no more, or the connection is broken.
  };
  struct Step {
    State state = State::over;
    std::size_t bytes = 0;
  };
  virtual ~Transport() = default;
  virtual Step greet() = 0;  // What comes before the first byte.
  virtual Step read(std::span<char> into) = 0;
  virtual Step write(std::string_view bytes) = 0;
  virtual void finish() = 0;  // Says that nothing more is written.
};

// The socket is not owned.
std::unique_ptr<Transport> plain_transport(int socket);

// What all TLS connections of a server share.
class TlsContext {
 public:
  virtual ~TlsContext() = default;
  virtual std::unique_ptr<Transport> accept(int socket) = 0;
};
// PEM files. invalid_input: not a certificate with its key.
Result<std::unique_ptr<TlsContext>> load_tls(const std::string& certificate_file, const std::string& key_file);

// Whether the peer has closed its side, or the connection is broken.
bool is_closed_by_peer(int socket);
enum class Wait : std::uint8_t { read, write };
// Blocks. False: so many milliseconds went by.
bool wait_until_ready(int socket, Wait wait, std::int64_t timeout_ms);

}  // namespace aecos::http
