#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <exception>
#include <stdexcept>
#include <utility>

#include "http/connection_internal.h"

namespace aecos::http {
namespace {

constexpr std::uint64_t drain_max = 256U << 10U;  // Bytes of a body that nobody read.
constexpr std::uint64_t linger_max = 8U << 20U;   // Bytes that come after the last answer.
constexpr std::int64_t linger_timeout_ms = 2000;
constexpr std::size_t joined_max = 16U << 10U;  // A body so short goes out together with its head.

std::int64_t us_since(TimePoint start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Connection::Connection(ServerState& state, IoThread& io, Socket socket, std::string remote)
    : state_(state), io_(io), socket_(std::move(socket)), remote_(std::move(remote)), sleeper_(io.context, never) {
  wire_.socket = socket_.native_handle();
  wire_.transport = state.tls ? state.tls->accept(wire_.socket) : plain_transport(wire_.socket);
}

void Connection::start() {
  io_.connections.insert(this);
  asio::co_spawn(io_.context, run(),
                 [self = shared_from_this()](const std::exception_ptr& thrown) { self->end(thrown); });
}

Task<> Connection::run() {
  if (state_.is_stopping) co_return;
  bool goes_on = co_await greet();
  while (goes_on) {
    goes_on = co_await serve_one();
    co_await asio::post(io_.context, as_awaited);  // Whoever never pauses must not keep the others waiting.
  }
  if (has_unread_) co_await linger();
}

// TLS gets as long as the headers of a request.
Task<bool> Connection::greet() {
  set_deadline(state_.options.header_timeout_ms);
  while (true) {
    const Transport::Step step = wire_.transport->greet();
    if (step.state == Transport::State::done) co_return true;
    const bool is_ready = co_await ready(step.state);
    if (!is_ready) co_return false;
  }
}

void Connection::end(const std::exception_ptr& thrown) {
  if (thrown) state_.routes.guard("connection", [&] { std::rethrow_exception(thrown); });
  if (queue_) {
    queue_->end();
    --state_.streams;
    tell_done(exchange_->response.status);
    if (stream_end_->is_last()) state_.quick.add_always([end = stream_end_] { end->tell(); });
  }
  if (wire_.transport) wire_.transport->finish();
  boost::system::error_code ignored;
  socket_.close(ignored);
  io_.connections.erase(this);
  const std::lock_guard lock(state_.mutex);
  --state_.connections;
  state_.ended.notify_all();
}

void Connection::tick(TimePoint now) {
  if (now >= deadline_) {
    deadline_ = never;
    has_timed_out_ = true;
    boost::system::error_code ignored;
    socket_.cancel(ignored);
    wake();
  }
  if (now >= heartbeat_at_) {
    heartbeat_at_ = never;
    is_heartbeat_due_ = true;
    wake();
  }
}

void Connection::begin_stop() {
  if (queue_) queue_->close();
  if (!is_idle_) return;
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

void Connection::cut_off() {
  wire_.is_cut = true;
  ::shutdown(wire_.socket, SHUT_RDWR);  // Also for a worker that waits there.
  wake();
}

void Connection::set_deadline(std::int64_t timeout_ms) {
  has_timed_out_ = false;
  deadline_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
}

void Connection::wake() {
  is_woken_ = true;
  sleeper_.cancel();
}

Task<> Connection::sleep() {
  while (!is_woken_) co_await sleeper_.async_wait(as_awaited);
  is_woken_ = false;
}

// False: the connection is over, its deadline has passed, or it was told to stop.
Task<bool> Connection::ready(Transport::State state) {
  if (state == Transport::State::over || has_timed_out_) co_return false;
  const auto what = state == Transport::State::wants_read ? Socket::wait_read : Socket::wait_write;
  bytes_without_pause_ = 0;
  const auto [error] = co_await socket_.async_wait(what, as_awaited);
  co_return !error && !has_timed_out_;
}

// After many bytes that came or went without waiting, lets the other connections have their turn.
Task<> Connection::pause_after(std::size_t bytes) {
  constexpr std::size_t bytes_max = 1U << 20U;
  bytes_without_pause_ += bytes;
  if (bytes_without_pause_ < bytes_max) co_return;
  bytes_without_pause_ = 0;
  co_await asio::post(io_.context, as_awaited);
}

// Some bytes more in wire_.ahead.
Task<bool> Connection::receive() {
  while (true) {
    const Transport::Step step = wire_.transport->read(io_.scratch);
    if (step.state == Transport::State::done) {
      wire_.ahead.append(io_.scratch.data(), step.bytes);
      co_await pause_after(step.bytes);
      co_return true;
    }
    const bool is_ready = co_await ready(step.state);
    if (!is_ready) co_return false;
  }
}

Task<bool> Connection::send(std::string_view bytes) {
  set_deadline(state_.options.body_timeout_ms);
  while (!bytes.empty()) {
    const Transport::Step step = wire_.transport->write(bytes);
    if (step.state == Transport::State::done) {
      wire_.sent += step.bytes;
      bytes.remove_prefix(step.bytes);
      set_deadline(state_.options.body_timeout_ms);
      co_await pause_after(step.bytes);
    } else {
      const bool is_ready = co_await ready(step.state);
      if (!is_ready) co_return false;
    }
  }
  deadline_ = never;
  co_return true;
}

Task<bool> Connection::serve_one() {
  const bool has_head = co_await read_head();
  if (!has_head) co_return false;
  Exchange& exchange = *exchange_;
  const RequestHead& head = exchange.head;
  exchange.match = state_.routes.find(head.method, head.path);
  exchange.body = BodyDecoder(head);
  const Route* route = exchange.match.route;
  if (route) exchange.done.pattern = route->pattern;
  if (!state_.routes.knows_method(head.method)) co_return co_await refuse(501, "no such method");
  if (!route && exchange.match.allow.empty()) co_return co_await answer_error(404, "nothing is at this address");
  if (!route) {
    const bool asks = head.method == "OPTIONS";
    exchange.response = asks ? Response{204} : state_.routes.error(405, "not a method for this address");
    exchange.response.headers.set("Allow", exchange.match.allow);
    co_return co_await answer();
  }
  if (const auto* whole = std::get_if<Handler>(&route->handler)) co_return co_await serve_whole(*whole);
  if (const auto* events = std::get_if<EventHandler>(&route->handler)) co_return co_await serve_events(*events);
  co_return co_await serve_conversation(std::get<StreamHandler>(route->handler));
}

Task<bool> Connection::read_head() {
  exchange_.reset();
  wire_.received = wire_.sent = 0;
  if (wire_.ahead.empty()) wire_.ahead = {};
  is_idle_ = true;
  set_deadline(state_.options.idle_timeout_ms);
  HeadScanner scanner(state_.options.header_max);
  while (true) {
    if (wire_.ahead.empty()) {
      if (state_.is_stopping) co_return false;
    } else if (is_idle_) {
      is_idle_ = false;
      exchange_ = std::make_unique<Exchange>();
      set_deadline(state_.options.header_timeout_ms);
    }
    auto found = scanner.scan(wire_.ahead);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
      co_return co_await refuse(refusal->status, refusal->detail);
    }
    if (const auto* size = std::get_if<std::size_t>(&found)) {
      auto parsed = parse_head(std::string_view(wire_.ahead).substr(0, *size));
      wire_.ahead.erase(0, *size);
      wire_.received = *size;
      if (const auto* refusal = std::get_if<Refusal>(&parsed)) {
        co_return co_await refuse(refusal->status, refusal->detail);
      }
      exchange_->head = std::get<RequestHead>(std::move(parsed));
      exchange_->keeps_open = exchange_->head.keeps_open;
      exchange_->done.method = exchange_->head.method;
      exchange_->done.target = exchange_->head.target;
      deadline_ = never;
      co_return true;
    }
    const bool has_more = co_await receive();
    if (has_more) continue;
    if (has_timed_out_ && !is_idle_) co_await refuse(408, "the headers took too long");
    co_return false;
  }
}

// Into exchange_->request.body. False: the connection ends, and the client knows.
Task<bool> Connection::read_body(std::uint64_t size_max) {
  Exchange& exchange = *exchange_;
  BodyDecoder& body = exchange.body;
  if (!body.is_chunked() && body.left() > size_max) co_return co_await refuse(413, "a body too long");
  if (exchange.head.expects_continue && wire_.ahead.empty()) {
    const bool is_sent = co_await send(continue_line);
    if (!is_sent) co_return false;
  }
  exchange.head.expects_continue = false;
  set_deadline(state_.options.body_timeout_ms);
  while (!body.is_complete()) {
    std::string_view rest = wire_.ahead;
    while (!rest.empty() && !body.is_complete() && !body.is_broken()) {
      const std::string_view piece = body.next(rest);
      if (exchange.request.body.size() + piece.size() > size_max) co_return co_await refuse(413, "a body too long");
      exchange.request.body.append(piece);
      wire_.received += piece.size();
    }
    wire_.ahead.erase(0, wire_.ahead.size() - rest.size());
    if (body.is_broken()) co_return co_await refuse(400, "a broken body");
    if (body.is_complete()) break;
    const bool has_more = co_await receive();
    if (has_more) {
      set_deadline(state_.options.body_timeout_ms);
      continue;
    }
    if (has_timed_out_) co_await refuse(408, "the body took too long");
    co_return false;
  }
  deadline_ = never;
  co_return true;
}

void Connection::prepare_request() {
  RequestHead& head = exchange_->head;
  Request& request = exchange_->request;
  request.method = head.method;
  request.target = std::move(head.target);
  request.path = std::move(head.path);
  request.query = std::move(head.query);
  request.headers = std::move(head.headers);
  request.parameters = std::move(exchange_->match.parameters);
  request.remote = remote_;
}

// The connection sleeps meanwhile, so that a job may use it.
Task<bool> Connection::run_job(Lane lane, const Job& job) {
  is_job_done_ = false;
  auto work = [self = shared_from_this(), todo = job] {
    const std::function<void()> after = todo();
    asio::post(self->io_.context, [self] {
      self->is_job_done_ = true;
      self->wake();
    });
    if (after) after();
  };
  if (!(lane == Lane::quick ? state_.quick : state_.slow).try_add(std::move(work))) co_return false;
  while (!is_job_done_) co_await sleep();
  co_return true;
}

Task<bool> Connection::serve_whole(const Handler& handler) {
  const Route& route = *exchange_->match.route;
  const bool has_body = co_await read_body(route.options.body_max);
  if (!has_body) co_return false;
  prepare_request();
  const Job job = [this, &handler, &route]() -> std::function<void()> {
    if (wire_.is_cut) return {};
    const auto call = [&] {
      exchange_->response = handler(exchange_->request);
      check_response(exchange_->response.status, exchange_->response.headers);
    };
    exchange_->has_thrown = !state_.routes.guard(route.pattern, call);
    return {};
  };
  const bool has_run = co_await run_job(route.options.lane, job);
  if (!has_run) co_return co_await answer_error(503, "too many requests wait");
  if (exchange_->has_thrown) co_return co_await answer_error(500, "an error of the server's");
  co_return co_await answer();
}

void Connection::call_conversation(const StreamHandler& handler) {
  Exchange& exchange = *exchange_;
  if (wire_.is_cut) return;
  const auto call = [&] {
    handler(exchange.request, *exchange.conversation);
    exchange.outcome = exchange.conversation->finish();
    if (exchange.outcome.status == 0 && !exchange.outcome.response) throw std::logic_error("no answer");
    if (exchange.outcome.is_short) throw std::logic_error("fewer bytes than Content-Length said");
  };
  exchange.has_thrown = !state_.routes.guard(exchange.done.pattern, call);
  exchange.outcome = exchange.has_thrown ? exchange.conversation->finish() : std::move(exchange.outcome);
}

Task<bool> Connection::serve_conversation(const StreamHandler& handler) {
  Exchange& exchange = *exchange_;
  const Lane lane = exchange.match.route->options.lane;
  WireConversation::Terms terms;
  terms.is_1_0 = exchange.head.is_1_0;
  terms.expects_continue = exchange.head.expects_continue;
  terms.keeps_open = exchange.keeps_open && !state_.is_stopping;
  terms.is_head = exchange.head.method == "HEAD";
  terms.timeout_ms = state_.options.body_timeout_ms;
  prepare_request();
  exchange.conversation.emplace(wire_, exchange.body, terms);
  const Job job = [this, &handler]() -> std::function<void()> {
    call_conversation(handler);
    return {};
  };
  const bool has_run = co_await run_job(lane, job);
  if (!has_run) co_return co_await answer_error(503, "too many requests wait");
  const bool has_begun = exchange.outcome.status != 0;
  exchange.head.expects_continue = !exchange.outcome.asked_for_body;
  exchange.keeps_open = exchange.outcome.keeps_open;
  if (!has_begun) {
    if (exchange.has_thrown || !exchange.outcome.response)
      co_return co_await answer_error(500, "an error of the server's");
    exchange.response = *std::move(exchange.outcome.response);
    co_return co_await answer();
  }
  bool is_sent = !exchange.has_thrown;  // What was begun and not ended well must not look as if it were.
  if (is_sent) is_sent = co_await send(exchange.outcome.last_bytes);
  tell_done(exchange.outcome.status);
  has_unread_ = !exchange.body.is_complete();
  if (!is_sent || !exchange.keeps_open || state_.is_stopping) co_return false;
  co_return co_await drain();
}

Task<bool> Connection::refuse(int status, std::string_view detail) {
  exchange_->keeps_open = false;
  has_unread_ = true;
  co_return co_await answer_error(status, detail);
}

Task<bool> Connection::answer_error(int status, std::string_view detail) {
  exchange_->response = state_.routes.error(status, std::string(detail));
  if (status == 503) exchange_->response.headers.set("Retry-After", "1");
  co_return co_await answer();
}

// Not where more of a body is to come than is worth waiting for, or where it may come or not.
void Connection::decide_keeping_open() {
  Exchange& exchange = *exchange_;
  if (exchange.body.is_complete()) return;
  if (exchange.head.expects_continue || exchange.body.is_broken() || exchange.body.left() > drain_max)
    exchange.keeps_open = false;
}

Task<bool> Connection::answer() {
  Exchange& exchange = *exchange_;
  const Response& response = exchange.response;
  decide_keeping_open();
  Framing framing;
  framing.keeps_open = exchange.keeps_open && !state_.is_stopping;
  if (!is_without_body(response.status)) framing.content_length = response.body.size();
  std::string head = response_head(response.status, response.headers, framing, std::time(nullptr));
  std::string_view body = response.body;
  if (exchange.head.method == "HEAD" || is_without_body(response.status)) body = {};
  if (body.size() <= joined_max) {
    head += body;
    body = {};
  }
  bool is_sent = co_await send(head);
  if (is_sent) is_sent = co_await send(body);
  tell_done(response.status);
  has_unread_ = !framing.keeps_open && (has_unread_ || !exchange.body.is_complete() || !wire_.ahead.empty());
  if (!is_sent || !framing.keeps_open) co_return false;
  co_return co_await drain();
}

// Reads what is left of a body, so that the next request can be found. False: too much.
Task<bool> Connection::drain() {
  BodyDecoder& body = exchange_->body;
  std::uint64_t drained = 0;
  set_deadline(state_.options.body_timeout_ms);
  while (!body.is_complete()) {
    std::string_view rest = wire_.ahead;
    while (!rest.empty() && !body.is_complete() && !body.is_broken()) drained += body.next(rest).size();
    wire_.ahead.erase(0, wire_.ahead.size() - rest.size());
    if (body.is_complete()) break;
    has_unread_ = true;
    if (body.is_broken() || drained > drain_max) co_return false;
    const bool has_more = co_await receive();
    if (!has_more) co_return false;
    has_unread_ = false;
  }
  co_return true;
}

// Closing at once would make the system throw away the answer on its way to a client that is still sending.
Task<> Connection::linger() {
  wire_.transport->finish();
  set_deadline(linger_timeout_ms);
  std::uint64_t discarded = 0;
  while (discarded < linger_max) {
    const Transport::Step step = wire_.transport->read(io_.scratch);
    discarded += step.bytes;
    if (step.state == Transport::State::done) continue;
    const bool is_ready = co_await ready(step.state);
    if (!is_ready) co_return;
  }
}

void Connection::tell_done(int status) {
  if (!state_.routes.on_done) return;
  Router::Done& done = exchange_->done;
  done.remote = remote_;
  done.status = status;
  done.received_bytes = wire_.received;
  done.sent_bytes = wire_.sent;
  done.duration_us = us_since(exchange_->started);
  state_.routes.guard("on_done", [&] { state_.routes.on_done(done); });
}

}  // namespace aecos::http
