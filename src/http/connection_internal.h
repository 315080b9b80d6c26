#pragma once
// One client's connection, from its first byte to its last.

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "http/asio_internal.h"
#include "http/conversation_internal.h"
#include "http/event_queue_internal.h"
#include "http/response_head_internal.h"
#include "http/router_internal.h"
#include "http/worker_pool_internal.h"

namespace aecos::http {

class Connection;

// What all connections of a server share. It outlives them.
struct ServerState {
  ServerState(RouteTable table, const ServerOptions& given)
      : options(given),
        routes(std::move(table)),
        quick(given.quick_threads, given.waiting_max),
        slow(given.slow_threads, given.waiting_max) {}

  const ServerOptions options;
  const RouteTable routes;
  std::unique_ptr<TlsContext> tls = {};
  std::atomic<bool> is_stopping = false;
  std::atomic<std::size_t> streams = 0;
  mutable std::mutex mutex = {};
  std::condition_variable ended = {};
  std::size_t connections = 0;  // Under the mutex; `ended` tells of each that ends.
  WorkerPool quick, slow;
};

// A thread and the connections that live in it: everything about a connection happens in its thread, except what a
// worker does for it while it waits for that worker.
struct IoThread {
  asio::io_context context = asio::io_context(1);
  asio::executor_work_guard<Executor> work = asio::make_work_guard(context);
  Timer sweep = Timer(context);
  std::unordered_set<Connection*> connections = {};
  std::vector<char> scratch = std::vector<char>(piece_max);  // For bytes that do not outlast a moment.
  std::jthread thread = {};
};

// The `closed` of an event stream: called once, when both `opened` has returned and the connection is over.
class StreamEnd {
 public:
  StreamEnd(const RouteTable& routes, std::function<void()> closed) : routes_(routes), closed_(std::move(closed)) {}
  bool is_last() { return --parts_ == 0; }
  void tell() const;

 private:
  const RouteTable& routes_;
  std::function<void()> closed_;
  std::atomic<int> parts_ = 2;
};

class Connection final : public std::enable_shared_from_this<Connection> {
 public:
  Connection(ServerState& state, IoThread& io, Socket socket, std::string remote);

  // All in its thread.
  void start();
  void tick(TimePoint now);
  void begin_stop();
  void cut_off();

 private:
  // A request and its answer under way.
  struct Exchange {
    TimePoint started = std::chrono::steady_clock::now();
    RequestHead head = {};
    RouteMatch match = {};
    BodyDecoder body = {};
    bool keeps_open = false;
    Request request = {};
    Response response = {};
    Router::Done done = {};
    std::optional<WireConversation> conversation = {};
    WireConversation::Outcome outcome = {};
    bool has_thrown = false;
    std::shared_ptr<EventQueue> queue = {};
    std::shared_ptr<StreamEnd> stream_end = {};
  };
  // Done in a worker; what it returns is done there too, when the connection goes on already.
  using Job = std::function<std::function<void()>()>;

  // GCC 12 makes broken code of a co_await inside a condition, and of parameters that have destructors: each stands in
  // a statement of its own, and what is passed outlives the call.
  Task<> run();
  Task<bool> greet();
  Task<bool> serve_one();  // False: the connection ends.
  Task<bool> read_head();
  Task<bool> read_body(std::uint64_t size_max);
  Task<bool> serve_whole(const Handler& handler);
  Task<bool> serve_conversation(const StreamHandler& handler);
  Task<bool> serve_events(const EventHandler& handler);
  Task<bool> run_job(Lane lane, const Job& job);  // False: too many wait.
  Task<bool> refuse(int status, std::string_view detail);
  Task<bool> answer_error(int status, std::string_view detail);
  Task<bool> answer();  // With exchange_->response. False: the connection ends.
  Task<bool> drain();
  Task<> run_stream();
  Task<> linger();
  Task<bool> ready(Transport::State state);
  Task<> pause_after(std::size_t bytes);
  Task<bool> receive();
  Task<bool> send(std::string_view bytes);
  Task<> sleep();

  void wake();
  void arm(Transport::State state);
  enum class Written { all, blocked, over };
  Written write_events();
  Transport::Step write_batch();
  bool discard_input();
  void prepare_request();
  void decide_keeping_open();
  void call_conversation(const StreamHandler& handler);
  std::function<void()> call_events(const EventHandler& handler);
  void tell_done(int status);
  void set_deadline(std::int64_t timeout_ms);
  void end(const std::exception_ptr& thrown);

  ServerState& state_;
  IoThread& io_;
  Socket socket_;
  const std::string remote_;
  Wire wire_;
  Timer sleeper_;
  TimePoint deadline_ = never, heartbeat_at_ = never;
  bool is_idle_ = true;  // Nothing of a request is here yet.
  bool has_timed_out_ = false;
  bool is_woken_ = false, is_job_done_ = false;
  bool has_unread_ = false;  // The client may still be sending when the connection ends.
  std::size_t bytes_without_pause_ = 0;
  std::unique_ptr<Exchange> exchange_;

  // Of an event stream.
  std::shared_ptr<EventQueue> queue_;
  std::shared_ptr<StreamEnd> stream_end_;
  EventQueue::Batch batch_ = {};
  std::size_t batch_at_ = 0, byte_at_ = 0, discarded_ = 0;
  bool is_heartbeat_due_ = false, is_read_armed_ = false, is_write_armed_ = false;
};

}  // namespace aecos::http
