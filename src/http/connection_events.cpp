// A connection that has become an event stream.

#include <chrono>
#include <ctime>
#include <utility>

#include "http/connection_internal.h"

namespace aecos::http {

std::function<void()> Connection::call_events(const EventHandler& handler) {
  Exchange& exchange = *exchange_;
  if (wire_.is_cut) return {};
  EventAnswer answer;
  const auto call = [&] {
    answer = handler(exchange.request);
    check_response(answer.response.status, answer.response.headers);
  };
  exchange.has_thrown = !state_.routes.guard(exchange.done.pattern, call);
  if (exchange.has_thrown) return {};
  exchange.response = std::move(answer.response);
  if (!answer.opened) return {};
  auto wake_up = [self = shared_from_this()] { asio::post(self->io_.context, [self] { self->wake(); }); };
  auto queue = std::make_shared<EventQueue>(state_.options.stream_queue_max, std::move(wake_up));
  auto end = std::make_shared<StreamEnd>(state_.routes, std::move(answer.closed));
  exchange.queue = queue;
  exchange.stream_end = end;
  return [queue, end, opened = std::move(answer.opened), &routes = state_.routes, pattern = exchange.done.pattern] {
    if (!routes.guard(pattern, [&] { opened(queue); })) queue->close();
    if (end->is_last()) end->tell();
  };
}

void StreamEnd::tell() const {
  if (closed_) routes_.guard("closed", closed_);
}

Task<bool> Connection::serve_events(const EventHandler& handler) {
  Exchange& exchange = *exchange_;
  const bool has_body = co_await read_body(0);
  if (!has_body) co_return false;
  prepare_request();
  const Job job = [this, &handler] { return call_events(handler); };
  const bool has_run = co_await run_job(Lane::quick, job);
  if (!has_run) co_return co_await answer_error(503, "too many requests wait");
  if (exchange.has_thrown) co_return co_await answer_error(500, "an error of the server's");
  if (!exchange.queue) co_return co_await answer();
  queue_ = std::move(exchange.queue);
  stream_end_ = std::move(exchange.stream_end);
  ++state_.streams;
  co_await run_stream();
  co_return false;
}

Task<> Connection::run_stream() {
  Exchange& exchange = *exchange_;
  Headers& headers = exchange.response.headers;
  if (!headers.has("Content-Type")) headers.add("Content-Type", "text/event-stream");
  if (!headers.has("Cache-Control")) headers.add("Cache-Control", "no-store");
  if (!headers.has("X-Accel-Buffering")) headers.add("X-Accel-Buffering", "no");  // For nginx in between.
  Framing framing;
  framing.keeps_open = false;
  const std::string head = response_head(exchange.response.status, headers, framing, std::time(nullptr));
  exchange.request = {};
  exchange.response.headers = {};
  const bool is_sent = co_await send(head);
  if (!is_sent) co_return;
  heartbeat_at_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(state_.options.heartbeat_ms);
  if (state_.is_stopping) queue_->close();
  while (!wire_.is_cut && !has_timed_out_ && discard_input()) {
    const EventQueue::State state = queue_->look();
    if (state == EventQueue::State::overflowed) break;
    const Written written = write_events();
    if (written == Written::over) break;
    if (written == Written::all && state == EventQueue::State::closing) break;
    co_await sleep();
  }
}

// A client has nothing to say on a stream; its end is what is looked for.
bool Connection::discard_input() {
  constexpr std::size_t discarded_max = 64U << 10U;
  while (!is_read_armed_) {
    const Transport::Step step = wire_.transport->read(io_.scratch);
    if (step.state == Transport::State::over) return false;
    if (step.state != Transport::State::done) {
      arm(step.state);
      return true;
    }
    discarded_ += step.bytes;
    if (discarded_ > discarded_max) return false;
  }
  return true;
}

void Connection::arm(Transport::State state) {
  const bool is_read = state == Transport::State::wants_read;
  bool& is_armed = is_read ? is_read_armed_ : is_write_armed_;
  if (std::exchange(is_armed, true)) return;
  socket_.async_wait(is_read ? Socket::wait_read : Socket::wait_write,
                     [self = shared_from_this(), &is_armed](const boost::system::error_code&) {
                       is_armed = false;
                       self->wake();
                     });
}

Connection::Written Connection::write_events() {
  if (std::exchange(is_heartbeat_due_, false)) queue_->send(std::make_shared<const std::string>(":\n\n"));
  while (true) {
    if (batch_at_ == batch_.size()) {
      batch_at_ = 0;
      batch_ = queue_->take();
      if (batch_.empty()) return Written::all;
    }
    const Transport::Step step = write_batch();
    if (step.state == Transport::State::over) return Written::over;
    if (step.state != Transport::State::done) {
      if (deadline_ == never) set_deadline(state_.options.body_timeout_ms);
      arm(step.state);
      return Written::blocked;
    }
    deadline_ = never;
    heartbeat_at_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(state_.options.heartbeat_ms);
    queue_->was_written(step.bytes);
    wire_.sent += step.bytes;
    byte_at_ += step.bytes;
    while (batch_at_ < batch_.size() && byte_at_ >= batch_[batch_at_]->size()) {
      byte_at_ -= batch_[batch_at_]->size();
      batch_[batch_at_++].reset();
    }
  }
}

// Many short ones together.
Transport::Step Connection::write_batch() {
  std::string_view bytes = std::string_view(*batch_[batch_at_]).substr(byte_at_);
  if (batch_at_ + 1 == batch_.size() || bytes.size() >= io_.scratch.size()) return wire_.transport->write(bytes);
  std::size_t filled = 0;
  for (std::size_t at = batch_at_; at < batch_.size() && filled < io_.scratch.size(); ++at) {
    if (at > batch_at_) bytes = *batch_[at];
    filled += bytes.copy(io_.scratch.data() + filled, io_.scratch.size() - filled);
  }
  return wire_.transport->write({io_.scratch.data(), filled});
}

}  // namespace aecos::http
