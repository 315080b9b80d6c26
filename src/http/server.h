#pragma once
// An HTTP/1.1 server. Connections are handled asynchronously, so that thousands may be open; handlers run on worker
// threads, one request each, and may block. Messages that could be understood in two ways (request smuggling) are
// refused with 400 and the connection is closed; every part of a message has a limit in size and time.
//
// Methods: those of the routes and the usual ones, else 501. HTTP/1.1 and 1.0, else 505. The server says itself how a
// body travels: Content-Length, Transfer-Encoding, Connection and Date of a handler's headers are dropped.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace aecos::http {

struct Request {
  std::string method;
  std::string target;  // As sent.
  // Decoded: UTF-8, begins with '/', no empty, "." or ".." segment, no control characters. A '/' in it was one in the
  // target: an encoded one (%2F) is refused with 400. One at the end is there only for patterns that end with it.
  std::string path;
  std::vector<std::pair<std::string, std::string>> query;  // Decoded, in order.
  std::vector<std::string> parameters;                     // What the placeholders of the route's pattern matched.
  Headers headers;                                         // Never trailers.
  std::string remote;                                      // "127.0.0.1:50123"
  std::string body;                                        // Of routes that take it whole.

  // The first value of that name; absent: not given.
  [[nodiscard]] std::optional<std::string> query_value(std::string_view name) const;
};

// A request whose body is read, and whose answer is written, piece by piece. For one worker thread.
class Conversation {
 public:
  virtual ~Conversation() = default;
  // The next bytes of the request's body, at least one; 0: its end. Blocks. unavailable: the client is gone, too slow,
  // or sent nonsense. The first time, a client that expects "100 Continue" gets it.
  virtual Result<std::size_t> read(std::span<char> into) = 0;
  // Sends the status and headers; the body follows in chunks (or as Content-Length says, if set). Once. A handler that
  // throws afterwards, or writes less than it said, cuts the connection: a client must not take half for the whole.
  virtual Result<> begin(int status, const Headers& headers) = 0;
  // Blocks while the client takes it in slower than it comes. unavailable: the client is gone.
  virtual Result<> write(std::string_view bytes) = 0;
  // The whole answer at once; instead of begin. It is sent when the handler has returned.
  virtual Result<> respond(const Response& response) = 0;
  // The client has closed the connection, or said that it sends no more, or the server is being stopped and its grace
  // is over. Asks the system; cheap enough for once a piece.
  virtual bool is_gone() = 0;
};

// A response that stays open and is written to from any thread: server-sent events.
class EventStream {
 public:
  virtual ~EventStream() = default;
  // Puts bytes in the queue; shared, so that many streams can be sent the same. False: closed. A stream whose client
  // does not read is closed when more than the server's limit waits.
  virtual bool send(std::shared_ptr<const std::string> bytes) = 0;
  virtual void close() = 0;  // After what waits was written.
  virtual bool is_open() const = 0;
};

// Where slow work must not keep quick work waiting, it has threads of its own.
enum class Lane : std::uint8_t { quick, slow };

using Handler = std::function<Response(const Request&)>;
using StreamHandler = std::function<void(const Request&, Conversation&)>;
// Answers itself (an error) or accepts: then the response's status and headers are sent, and `opened` is called with
// the stream, from some thread, before anything else can be sent. `closed` is called once when it ends for any reason,
// after `opened` has returned. Both may block: they run in worker threads. If not set, Content-Type is
// text/event-stream and Cache-Control no-store.
struct EventAnswer {
  Response response;  // Of an error, if `opened` is not set.
  std::function<void(std::shared_ptr<EventStream>)> opened = {};
  std::function<void()> closed = {};
};
using EventHandler = std::function<EventAnswer(const Request&)>;

struct RouteOptions {
  std::uint64_t body_max = 1U << 20U;  // Bytes; a longer body is 413. Not for streamed routes: their handler counts.
  Lane lane = Lane::quick;
};

// Which handler answers what. Patterns: "/api/v1/projects/{}/locks/{}" matches one segment each; a last "{*}" matches
// the rest, slashes included, and at least one segment; neither matches a path that ends with a slash, as a pattern
// may. A literal segment goes before a placeholder. Nothing matches: 404; another method would: 405 with Allow. HEAD is
// answered as GET without the body (not of event streams), OPTIONS with Allow. A pattern that is none, or is there
// already, throws std::invalid_argument.
class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;
  void add(const std::string& method, const std::string& pattern, Handler handler, RouteOptions options = {});
  void add_stream(const std::string& method, const std::string& pattern, StreamHandler handler,
                  RouteOptions options = {});
  void add_events(const std::string& pattern, EventHandler handler);  // GET
  // Every error that is not made by a handler (404, 405, 413, 400, 500 ...): its body. Default: plain text. Like
  // on_done it is called in the threads that serve all connections: it must not block.
  void on_error(std::function<Response(int status, const std::string& detail)> make);
  // Told after each request, for logs and metrics; of an event stream when it has ended. Empty: what could not be read.
  struct Done {
    std::string method, pattern, target, remote;
    int status = 0;
    std::uint64_t received_bytes = 0, sent_bytes = 0;
    std::int64_t duration_us = 0;
  };
  void on_done(std::function<void(const Done&)> told);
  // What a handler threw (a bug): the text for the log. The client gets 500.
  void on_bug(std::function<void(const std::string& what)> told);

 private:
  friend class ServerImplementation;
  struct Table;
  std::unique_ptr<Table> table_;
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any that is free.
  std::size_t io_threads = 2;
  std::size_t quick_threads = 8;
  std::size_t slow_threads = 64;
  std::size_t waiting_max = 2000;            // Requests that wait in a lane; more are 503 with Retry-After.
  std::size_t connections_max = 20'000;      // More are closed at once.
  std::uint32_t header_max = 32U << 10U;     // Bytes, all headers and the request line.
  std::int64_t header_timeout_ms = 15'000;   // From the first byte to the last of the headers.
  std::int64_t idle_timeout_ms = 75'000;     // Between requests.
  std::int64_t body_timeout_ms = 60'000;     // Without any byte of a body coming or being taken.
  std::size_t stream_queue_max = 1U << 20U;  // Bytes that wait for a slow reader of an event stream.
  std::int64_t heartbeat_ms = 15'000;        // A comment line on event streams that were silent so long.
  std::string certificate_file, key_file;    // PEM; both: TLS 1.2 or later.
};

class Server {
 public:
  virtual ~Server() = default;  // Stops.
  virtual std::uint16_t port() const = 0;
  // Takes no new connections, lets requests under way finish for so long, then cuts them off. Event streams end. Waits
  // for all handlers; not to be called by one. Afterwards nothing is called any more.
  virtual void stop(std::int64_t grace_ms) = 0;
  struct Counts {
    std::size_t connections = 0, streams = 0, requests_waiting = 0;
  };
  virtual Counts counts() const = 0;
};

// Listens and serves until it is destroyed. unavailable: the address is taken or cannot be had; the message says which.
Result<std::unique_ptr<Server>> serve(Router router, const ServerOptions& options);

}  // namespace aecos::http
