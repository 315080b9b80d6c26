#include "http/server.h"

#include <netinet/tcp.h>

#include <algorithm>
#include <chrono>
#include <exception>

#include "http/connection_internal.h"

namespace aecos::http {
namespace {

using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
using boost::system::error_code;

std::string text_of(const asio::ip::tcp::endpoint& endpoint) {
  asio::ip::address address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  const std::string text = address.to_string();
  return (address.is_v6() ? "[" + text + "]" : text) + ":" + std::to_string(endpoint.port());
}

// How often connections are looked at: often enough for the shortest of the times.
std::chrono::milliseconds sweep_interval(const ServerOptions& options) {
  const std::int64_t shortest =
      std::min({options.header_timeout_ms, options.idle_timeout_ms, options.body_timeout_ms, options.heartbeat_ms});
  return std::chrono::milliseconds(std::clamp<std::int64_t>(shortest / 4, 5, 250));
}

}  // namespace

class ServerImplementation final : public Server {
 public:
  ServerImplementation(Router router, const ServerOptions& options)
      : state_(std::move(router.table_->routes), options) {
    for (std::size_t k = 0; k < std::max<std::size_t>(options.io_threads, 1); ++k)
      io_.push_back(std::make_unique<IoThread>());
    acceptor_.emplace(io_[0]->context);
    pause_.emplace(io_[0]->context);
  }
  ~ServerImplementation() override {
    stop(0);
    for (const auto& io : io_) io->context.stop();
    for (const auto& io : io_) {
      if (io->thread.joinable()) io->thread.join();
    }
  }

  Result<> start();
  std::uint16_t port() const override { return port_; }
  void stop(std::int64_t grace_ms) override;
  Counts counts() const override;

 private:
  Result<> listen();
  void accept();
  void accepted(IoThread& io, Socket socket);
  void sweep(IoThread& io);
  template <class Call>
  void for_each_connection(const Call& call);

  ServerState state_;
  std::vector<std::unique_ptr<IoThread>> io_;
  std::optional<Acceptor> acceptor_;
  std::optional<Timer> pause_;
  std::size_t next_io_ = 0;
  std::uint16_t port_ = 0;
  std::mutex stop_mutex_;
  bool is_stopped_ = false;
};

Result<> ServerImplementation::listen() {
  const ServerOptions& options = state_.options;
  std::string address = options.address;
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  error_code error;
  asio::ip::tcp::endpoint endpoint(asio::ip::make_address(address, error), options.port);
  if (error) {
    asio::ip::tcp::resolver resolver(io_[0]->context);
    const auto found = resolver.resolve(address, std::to_string(options.port), asio::ip::tcp::resolver::passive, error);
    if (!error) endpoint = found.begin()->endpoint();
  }
  if (!error) acceptor_->open(endpoint.protocol(), error);
  if (!error) acceptor_->set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor_->bind(endpoint, error);
  if (!error) acceptor_->listen(asio::socket_base::max_listen_connections, error);
  if (!error) port_ = acceptor_->local_endpoint(error).port();
  if (!error) return {};
  return Error{ErrorCode::unavailable, options.address + ":" + std::to_string(options.port) + ": " + error.message()};
}

Result<> ServerImplementation::start() {
  const ServerOptions& options = state_.options;
  if (options.certificate_file.empty() != options.key_file.empty())
    return Error{ErrorCode::invalid_input, "TLS needs both a certificate and a key"};
  if (!options.certificate_file.empty()) {
    AECOS_TRY_ASSIGN(state_.tls, load_tls(options.certificate_file, options.key_file));
  }
  AECOS_TRY(listen());
  accept();
  for (const auto& io : io_) {
    sweep(*io);
    io->thread = std::jthread([&context = io->context] { context.run(); });
  }
  return {};
}

void ServerImplementation::accept() {
  IoThread& io = *io_[next_io_++ % io_.size()];
  acceptor_->async_accept(io.context, [this, &io](const error_code& error, Socket socket) {
    if (!acceptor_->is_open()) return;
    if (!error) {
      accepted(io, std::move(socket));
      return accept();
    }
    // Out of descriptors, most likely.
    pause_->expires_after(std::chrono::milliseconds(100));
    pause_->async_wait([this](const error_code&) {
      if (acceptor_->is_open()) accept();
    });
  });
}

void ServerImplementation::accepted(IoThread& io, Socket socket) {
  error_code error;
  const auto remote = socket.remote_endpoint(error);
  if (error) return;
  {
    const std::lock_guard lock(state_.mutex);
    if (state_.connections >= state_.options.connections_max || state_.is_stopping) return;
    ++state_.connections;
  }
  try {
    socket.set_option(asio::ip::tcp::no_delay(true), error);
    // Who has vanished takes nothing in and says nothing either; the system would try for a quarter of an hour.
    const auto patience_ms =
        static_cast<int>(std::clamp<std::int64_t>(state_.options.body_timeout_ms, 30'000, 600'000));
    socket.set_option(asio::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>(patience_ms), error);
    auto connection = std::make_shared<Connection>(state_, io, std::move(socket), text_of(remote));
    asio::post(io.context, [connection] { connection->start(); });
  } catch (const std::exception& thrown) {
    state_.routes.tell_bug(std::string("a new connection: ") + thrown.what());
    const std::lock_guard lock(state_.mutex);
    --state_.connections;
    state_.ended.notify_all();
  }
}

void ServerImplementation::sweep(IoThread& io) {
  io.sweep.expires_after(sweep_interval(state_.options));
  io.sweep.async_wait([this, &io](const error_code& error) {
    if (error) return;
    const TimePoint now = std::chrono::steady_clock::now();
    for (Connection* connection : io.connections) connection->tick(now);
    sweep(io);
  });
}

template <class Call>
void ServerImplementation::for_each_connection(const Call& call) {
  for (const auto& io : io_) {
    asio::post(io->context, [&connections = io->connections, call] {
      for (Connection* connection : connections) call(*connection);
    });
  }
}

void ServerImplementation::stop(std::int64_t grace_ms) {
  const std::lock_guard stop_lock(stop_mutex_);
  if (std::exchange(is_stopped_, true)) return;
  if (io_[0]->thread.joinable()) {
    {
      const std::lock_guard lock(state_.mutex);
      state_.is_stopping = true;
    }
    asio::post(io_[0]->context, [this] {
      error_code ignored;
      acceptor_->close(ignored);
      pause_->cancel();
    });
    for_each_connection([](Connection& connection) { connection.begin_stop(); });
    const auto none_left = [this] { return state_.connections == 0; };
    std::unique_lock lock(state_.mutex);
    if (!state_.ended.wait_for(lock, std::chrono::milliseconds(grace_ms), none_left)) {
      for_each_connection([](Connection& connection) { connection.cut_off(); });
      state_.ended.wait(lock, none_left);
    }
  }
  state_.quick.stop();
  state_.slow.stop();
}

Server::Counts ServerImplementation::counts() const {
  Counts counts;
  counts.streams = state_.streams;
  counts.requests_waiting = state_.quick.waiting() + state_.slow.waiting();
  const std::lock_guard lock(state_.mutex);
  counts.connections = state_.connections;
  return counts;
}

Result<std::unique_ptr<Server>> serve(Router router, const ServerOptions& options) {
  auto server = std::make_unique<ServerImplementation>(std::move(router), options);
  AECOS_TRY(server->start());
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace aecos::http
