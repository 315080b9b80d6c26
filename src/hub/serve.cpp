#include "hub/serve.h"

#include "git/hosting.h"
#include "hub/answer.h"
#include "hub/password.h"
#include "hub/routes.h"
#include "os/memory.h"
#include "os/path.h"

namespace aecos::hub {
namespace {

constexpr std::chrono::milliseconds audit_every(500), tidy_every(5000);
constexpr int rounds_between_chores = 20;  // Chores every ten seconds.
// What large files took is given back before the next ones come.
constexpr int rounds_between_trims = 4;
std::string control_path(const std::string& data) { return os::join(data, "control.json"); }

constexpr std::int64_t answers_for_us = 24LL * 3600 * 1'000'000;

}  // namespace

Result<> recover(Hub& hub) {
  std::vector<store::Project> projects;
  const Result<> done = hub.parts.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(projects, tables.projects("", 100'000));
    return {};
  });
  AECOS_TRY(done);
  for (const store::Project& project : projects) {
    const auto swept = git::sweep_leftovers(hub.parts.files, hub.projects.folder(project.name));
    if (project.audit_sequence < project.last_sequence) hub.events.note_changed(project.name);
    if (!swept)
      hub.parts.log.write(Level::error, "a repository cannot be read",
                          {{"project", project.name}, {"why", swept.error().message}});
  }
  return hub.integrator.recover();
}

Result<std::unique_ptr<Opened>> Opened::open(const World& world, Config config) {
  std::unique_ptr<Opened> opened(new Opened(world, std::move(config)));
  const Config& settings = opened->config;
  for (const std::string& folder : {settings.repositories(), settings.large_objects(), settings.git_home()}) {
    AECOS_TRY(world.files.create_directories(folder));
  }
  auto lock = world.files.try_lock(os::join(settings.data, "lock"), "a hub");
  if (!lock && lock.error().code == ErrorCode::denied)
    return Error{ErrorCode::unavailable, settings.data + ": another hub runs on this folder"};
  if (!lock) return std::move(lock).error();
  opened->lock = *std::move(lock);
  AECOS_TRY_ASSIGN(opened->log, open_log(settings.log_file, settings.log_level));
  const std::string database =
      settings.database.empty() ? "sqlite:" + os::join(settings.data, "hub.db") : settings.database;
  AECOS_TRY_ASSIGN(opened->store, store::open(database));
  return opened;
}

Result<std::unique_ptr<Service>> Service::start(Opened& opened) {
  std::unique_ptr<Service> service(new Service(opened));
  AECOS_TRY(recover(service->hub_));
  AECOS_TRY_ASSIGN(service->first_secret_, service->hub_.accounts.first_secret());
  http::ServerOptions options;
  options.address = opened.config.address;
  options.port = opened.config.port;
  options.connections_max = opened.config.connections_max;
  options.slow_threads = opened.config.slow_threads;
  options.certificate_file = opened.config.certificate;
  options.key_file = opened.config.key;
  Service* self = service.get();
  AECOS_TRY_ASSIGN(
      service->server_,
      http::serve(make_router(service->hub_,
                              [self] { return self->server_ ? self->server_->counts() : http::Server::Counts{}; }),
                  options));
  AECOS_TRY(service->hub_.notifier.start(service->url()));
  AECOS_TRY(service->hub_.forges.start(service->url()));
  service->hub_.views.start(service->url());
  AECOS_TRY(service->write_control_file());
  service->keeper_ = std::thread([self] { self->keep_up(); });
  service->tidier_ = std::thread([self] { self->tidy_up(); });
  opened.log->write(Level::info, "ready",
                    {{"address", opened.config.address}, {"port", std::to_string(service->port())}});
  return service;
}

Result<> Service::write_control_file() {
  constexpr std::uint32_t owner_only = 0600;
  const std::string secret = new_secret(opened_.random);
  hub_.accounts.set_control_secret(secret);
  text::JsonWriter json(2);
  const bool tls = !opened_.config.certificate.empty();
  const std::string address = opened_.config.address == "0.0.0.0" ? "127.0.0.1"
                              : opened_.config.address == "::"    ? "::1"
                                                                  : opened_.config.address;
  const std::string host = address.find(':') == std::string::npos ? address : "[" + address + "]";
  json.begin_object().member("url", (tls ? "https://" : "http://") + host + ":" + std::to_string(port()));
  json.member("secret", secret).end_object();
  os::WriteOptions options;
  options.mode = owner_only;
  return opened_.world.files.write(control_path(opened_.config.data), std::move(json).take(), options);
}

Result<Control> read_control_file(os::FileSystem& files, const std::string& data) {
  AECOS_TRY_ASSIGN(const std::string bytes, files.read(control_path(data)));
  AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(bytes));
  const text::JsonNode root = document.root();
  return Control{std::string(root["url"].as_string().value_or(std::string_view())),
                 std::string(root["secret"].as_string().value_or(std::string_view()))};
}

std::string Service::url() const {
  if (!opened_.config.url.empty()) return opened_.config.url;
  const bool tls = !opened_.config.certificate.empty(), is_v6 = opened_.config.address.find(':') != std::string::npos;
  return std::string(tls ? "https://" : "http://") +
         (is_v6 ? "[" + opened_.config.address + "]" : opened_.config.address) + ":" + std::to_string(port());
}

// Writes the audit trail, ends leases, forgets who is silent.
void Service::keep_up() {
  for (int round = 0;; ++round) {
    const std::vector<std::string> changed = hub_.events.take_changed();
    {
      const std::lock_guard lock(mutex_);
      to_tidy_.insert(changed.begin(), changed.end());
    }
    for (const std::string& project : changed) {
      if (auto written = hub_.audit.write(project); !written) {
        if (written.error().code != ErrorCode::not_found) hub_.events.note_changed(project);  // It is tried again.
        if (std::exchange(told_trouble_[project], written.error().message) != written.error().message)
          opened_.log->write(Level::error, "the audit trail cannot be written",
                             {{"project", project}, {"why", written.error().message}});
      } else {
        told_trouble_.erase(project);
      }
    }
    if (round % rounds_between_trims == 0) os::give_back_memory();
    if (round % rounds_between_chores == 0) {
      if (auto expired = hub_.locks.expire(); !expired)
        opened_.log->write(Level::error, "leases cannot be ended", {{"why", expired.error().message}});
      static_cast<void>(hub_.accounts.note_uses());  // Again in ten seconds, if it cannot be.
      hub_.presence.forget_silent();
      const std::int64_t before_us = opened_.world.clock.now_us() - answers_for_us;
      static_cast<void>(opened_.store->write([&](store::Tables& tables) { return tables.forget_answers(before_us); }));
    }
    std::unique_lock lock(mutex_);
    if (ending_.wait_for(lock, audit_every, [&] { return is_ending_; })) break;
  }
  static_cast<void>(hub_.accounts.note_uses());
  hub_.projects.save_outcomes();
  for (const std::string& project : hub_.events.take_changed()) static_cast<void>(hub_.audit.write(project));
}

// Packs what has gathered in the repositories. One after the other, and beside all else: it may take long.
void Service::tidy_up() {
  while (true) {
    std::set<std::string> projects;
    {
      std::unique_lock lock(mutex_);
      if (ending_.wait_for(lock, tidy_every, [&] { return is_ending_; })) return;
      projects = std::exchange(to_tidy_, {});
    }
    const auto is_ending = [&] {
      const std::lock_guard lock(mutex_);
      return is_ending_;
    };
    for (const std::string& project : projects) {
      if (is_ending()) return;
      const auto tidied = hub_.maintenance.tidy(hub_.projects.folder(project), is_ending);
      if (!tidied)
        opened_.log->write(Level::error, "a repository cannot be packed",
                           {{"project", project}, {"why", tidied.error().message}});
      else if (*tidied)
        opened_.log->write(Level::info, "packed a repository", {{"project", project}});
    }
  }
}

void Service::stop(std::int64_t grace_ms) {
  if (server_) server_->stop(grace_ms);
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  ending_.notify_all();
  hub_.views.stop();
  hub_.notifier.stop();
  hub_.forges.stop();
  if (tidier_.joinable()) tidier_.join();
  if (keeper_.joinable()) {
    keeper_.join();
    static_cast<void>(opened_.world.files.remove(control_path(opened_.config.data)));
  }
}

Service::~Service() {
  stop(0);
  server_.reset();
}

http::Router make_router(Hub& hub, const std::function<http::Server::Counts()>& counts) {
  http::Router router;
  add_operation_routes(router, hub, counts);
  add_account_routes(router, hub);
  add_project_routes(router, hub);
  add_lock_routes(router, hub);
  add_change_request_routes(router, hub);
  add_event_routes(router, hub);
  add_notify_routes(router, hub);
  add_pages(router, hub);
  add_view_routes(router, hub);
  add_view_pages(router, hub);
  add_speckle_routes(router, hub);
  add_forge_routes(router, hub);
  add_git_routes(router, hub);
  add_large_object_routes(router, hub);
  router.on_error([](int status, const std::string& detail) { return problem(status, detail); });
  router.on_bug([&hub](const std::string& what) {
    hub.parts.log.write(Level::error, "a request failed", {{"why", what}});
  });
  router.on_done([&hub](const http::Router::Done& done) {
    ++hub.metrics.requests;
    if (done.status >= 500) ++hub.metrics.failed_requests;
    hub.metrics.received_bytes += done.received_bytes;
    hub.metrics.sent_bytes += done.sent_bytes;
    hub.metrics.request_us += static_cast<std::uint64_t>(done.duration_us);
    // The pattern, not what was asked: addresses may hold secrets.
    hub.parts.log.write(Level::debug, "request",
                        {{"method", done.method},
                         {"route", done.pattern},
                         {"status", std::to_string(done.status)},
                         {"remote", done.remote},
                         {"us", std::to_string(done.duration_us)}});
  });
  return router;
}

}  // namespace aecos::hub
