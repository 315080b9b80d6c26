#include "sync/watch.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "git/repository.h"
#include "os/path.h"
#include "text/json_writer.h"

namespace aecos::sync {
namespace {

constexpr std::int64_t look_around_us = 100'000;
constexpr std::int64_t settle_max_us = 1'000'000;
constexpr std::int64_t presence_every_us = 30'000'000;
constexpr std::size_t few_paths = 64;
constexpr std::uint64_t small_file = std::uint64_t{4} << 20U;
constexpr std::int64_t first_pause_us = 200'000, longest_pause_us = 5'000'000;
// Where many work at once on few processors, who rests takes in at once what came meanwhile, and lets others work.
constexpr std::int64_t longest_rest_us = 400'000;

// What the threads tell each other.
struct Signals {
  std::mutex mutex;
  std::condition_variable changed;
  bool is_dirty = true;         // Something may have been saved: so at the start.
  bool may_be_anything = true;  // Then: not just `paths`.
  std::set<std::string> paths;
  std::int64_t dirty_since_us = 0, dirty_last_us = 0;
  bool is_behind = true;  // Others' work may be waiting.
  CommitId announced;     // Where the hub said the shared branch is.
  Link link = Link::none;
  std::string link_fault;
  bool is_link_news = false;
  std::string watch_fault;  // Why what is saved is noticed late; told once.
};

class Watch {
 public:
  Watch(const World& world, std::string folder, os::Watcher& watcher, const WatchOptions& options)
      : world_(world), folder_(std::move(folder)), watcher_(watcher), options_(options) {}

  Result<> run() {
    AECOS_TRY_ASSIGN(Workspace workspace, Workspace::open(world_, folder_));
    shared_branch_ = workspace.project.shared_branch;
    AECOS_TRY_ASSIGN(auto link, HubLink::open(workspace, options_.connect()));
    has_hub_ = link.has_value();
    std::jthread listening([this] { listen_to_files(); });
    std::jthread following;
    if (has_hub_) {
      AECOS_TRY_ASSIGN(stream_, HubLink::open(workspace, options_.connect()));
      following = std::jthread([this] { follow(); });
      asking_ = std::move(link);
    }
    branch_ = short_branch(workspace);
    loop();
    is_over_ = true;
    watcher_.wake();
    if (stream_) stream_->cancel();
    if (asking_) static_cast<void>(tell_presence("gone"));
    return {};
  }

 private:
  static std::string short_branch(const Workspace& workspace) {
    const auto head = workspace.head();
    if (!head) return "";
    constexpr std::string_view heads = "refs/heads/";
    return head->branch.starts_with(heads) ? head->branch.substr(heads.size()) : head->branch;
  }

  std::int64_t now_us() const { return world_.clock.monotonic_us(); }
  bool is_ending() const { return is_over_ || (options_.is_ending && options_.is_ending()); }

  void pause(std::int64_t for_us) const {
    for (const std::int64_t until = now_us() + for_us; now_us() < until && !is_ending();)
      world_.clock.sleep_us(std::min<std::int64_t>(look_around_us, until - now_us()));
  }

  // --- what is saved

  void listen_to_files() {
    while (!is_ending()) {
      const auto changed = watcher_.wait(look_around_us * 5);
      if (!changed) {
        // The next wait() starts anew; until it can, everything is looked at every now and then.
        {
          const std::lock_guard lock(signals_.mutex);
          signals_.is_dirty = signals_.may_be_anything = true;
          signals_.watch_fault = changed.error().message;
        }
        pause(first_pause_us * 5);
        continue;
      }
      if (changed->paths.empty() && !changed->everything) continue;
      const std::lock_guard lock(signals_.mutex);
      const std::int64_t now = now_us();
      if (!signals_.is_dirty) signals_.dirty_since_us = now;
      signals_.is_dirty = true;
      signals_.dirty_last_us = now;
      signals_.paths.insert(changed->paths.begin(), changed->paths.end());
      signals_.may_be_anything |= changed->everything || signals_.paths.size() > few_paths;
      signals_.changed.notify_all();
    }
  }

  // --- what others do

  void follow() {
    std::optional<std::uint64_t> last;
    std::int64_t pause_us = first_pause_us;
    while (!is_ending()) {
      const auto ended = stream_->follow(last, [&](const http::ServerEvent& event) {
        pause_us = first_pause_us;
        hear(event, last);
        return !is_ending();
      });
      if (is_ending()) return;
      set_link(Link::lost, ended ? "the hub closed the connection" : ended.error().message);
      pause(pause_us);
      pause_us = std::min(2 * pause_us, longest_pause_us);
    }
  }

  void hear(const http::ServerEvent& event, std::optional<std::uint64_t>& last) {
    const auto document = text::parse_json(event.data);
    if (!document) return;
    const text::JsonNode root = document->root(), data = root["data"];
    if (event.type == "hello") {
      set_link(Link::connected, "");
      if (!last) last = static_cast<std::uint64_t>(root["sequence"].as_int().value_or(0));
      return announce(std::string(root["head"].as_string().value_or(std::string_view())));
    }
    if (const auto sequence = data["seq"].as_int()) last = static_cast<std::uint64_t>(*sequence);
    const bool moved = event.type == "commit.integrated" || event.type == "commit.pushed";
    if (moved && data["branch"].as_string() == shared_branch_)
      announce(std::string(data["commit"].as_string().value_or(std::string_view())));
  }

  void announce(const std::string& commit) {
    const auto id = CommitId::from_hex(commit);
    const std::lock_guard lock(signals_.mutex);
    if (id) signals_.announced = *id;
    signals_.is_behind = true;
    signals_.changed.notify_all();
  }

  void set_link(Link link, const std::string& why) {
    const std::lock_guard lock(signals_.mutex);
    if (signals_.link == link && signals_.link_fault == why) return;
    signals_.link = link;
    signals_.link_fault = why;
    signals_.is_link_news = true;
    signals_.changed.notify_all();
  }

  // --- the cycle

  void loop() {
    std::int64_t pause_us = first_pause_us, retry_at_us = 0, presence_at_us = 0, poll_at_us = 0;
    while (!is_ending()) {
      const bool due = wait_for_work(retry_at_us, poll_at_us);
      if (is_ending()) return;
      tell_link();
      if (asking_ && now_us() >= presence_at_us) {
        presence_at_us = now_us() + presence_every_us;
        static_cast<void>(tell_presence("watching"));
      }
      if (!due) continue;
      const std::int64_t began = now_us();
      const bool done = cycle();
      rested_at_us_ = now_us() + std::min(now_us() - began, longest_rest_us);
      pause_us = done ? first_pause_us : std::min(2 * pause_us, longest_pause_us);
      retry_at_us = done ? 0 : now_us() + pause_us;
      poll_at_us = has_hub_ ? 0 : now_us() + options_.poll_us;
    }
  }

  // True: there is something to do, and the saving has paused.
  bool wait_for_work(std::int64_t retry_at_us, std::int64_t poll_at_us) {
    std::unique_lock lock(signals_.mutex);
    const auto is_due = [&] {
      const std::int64_t now = now_us();
      if (retry_at_us != 0) return now >= retry_at_us;
      const bool settled =
          now - signals_.dirty_last_us >= options_.settle_us || now - signals_.dirty_since_us >= settle_max_us;
      const bool behind = signals_.is_behind && now >= rested_at_us_;
      return (signals_.is_dirty && settled) || behind || (poll_at_us != 0 && now >= poll_at_us);
    };
    if (is_due()) return true;
    std::int64_t wait_us = look_around_us;
    if (retry_at_us != 0) {
      wait_us = std::min(wait_us, retry_at_us - now_us());
    } else {
      if (signals_.is_dirty) wait_us = std::min(wait_us, options_.settle_us);
      if (signals_.is_behind) wait_us = std::min(wait_us, rested_at_us_ - now_us());
    }
    signals_.changed.wait_for(lock, std::chrono::microseconds(std::max<std::int64_t>(wait_us, 0)));
    return is_due();
  }

  // False: it is to be tried again.
  bool cycle() {
    SyncOptions options = options_.sync;
    bool was_behind = false, may_be_anything = false;
    std::set<std::string> paths;
    {
      const std::lock_guard lock(signals_.mutex);
      was_behind = signals_.is_behind;
      may_be_anything = std::exchange(signals_.may_be_anything, false);
      paths = std::exchange(signals_.paths, {});
      signals_.is_dirty = signals_.is_behind = false;
      options.announced = signals_.announced;
      options.hub = asking_ ? &*asking_ : nullptr;
    }
    // What was placed comes back as if it had been saved.
    if (has_hub_ && !was_behind && !may_be_anything && !paths.empty() && is_as_shared(paths)) return true;
    auto report = run_cycle(options);
    if (!report) {
      if (options_.failed) options_.failed(report.error());
      again(was_behind);
      return false;
    }
    const bool anything = !report->commits.empty() || !report->placed.empty() || report->pushed ||
                          !report->opened.empty() || report->trouble || report->held != held_;
    held_ = report->held;  // Told once.
    if (anything && options_.synced) options_.synced(*report);
    const bool lost = report->trouble && report->trouble->code != ErrorCode::denied;
    if (lost) again(true);
    return !lost;
  }

  // Whether HEAD is what is known of the shared branch, so that no commit made with plain git waits, and each of these
  // files is to the byte what HEAD has there, or there is none in either. Where that cannot be told at once, it is not.
  bool is_as_shared(const std::set<std::string>& paths) const {
    const auto workspace = Workspace::open(world_, folder_);
    if (!workspace) return false;
    const git::Repository& repository = workspace->repository;
    const auto head = repository.read_ref("HEAD"), shared = repository.read_ref(workspace->tracking_ref());
    if (!head || !*head || !shared || *shared != *head) return false;
    const auto commit = repository.read_commit(**head);
    return commit && std::all_of(paths.begin(), paths.end(), [&](const std::string& path) {
             const auto entry = repository.find_entry(commit->tree, path);
             return entry && is_as(path, *entry);
           });
  }

  bool is_as(const std::string& path, const std::optional<TreeEntry>& entry) const {
    const std::string whole = os::join(folder_, path);
    const auto status = world_.files.status(whole);
    if (!status) return status.error().code == ErrorCode::not_found && !entry;
    if (status->type == os::FileType::directory) return !entry || entry->is_folder();  // What is in it is named too.
    if (status->type != os::FileType::file || !entry || !entry->is_regular() || status->size > small_file) return false;
    if (((status->mode & 0100U) != 0) != (entry->mode == FileMode::executable)) return false;
    const auto bytes = world_.files.read(whole);
    return bytes && git::hash_blob(*bytes) == entry->id;
  }

  void again(bool is_behind) {
    const std::lock_guard lock(signals_.mutex);
    signals_.is_dirty = signals_.may_be_anything = true;
    signals_.is_behind = signals_.is_behind || is_behind;
  }

  Result<SyncReport> run_cycle(const SyncOptions& options) {
    AECOS_TRY_ASSIGN(Workspace workspace, Workspace::open(world_, folder_));
    branch_ = short_branch(workspace);
    return sync(workspace, options);
  }

  void tell_link() {
    Link link = Link::none;
    std::string why;
    {
      const std::lock_guard lock(signals_.mutex);
      if (!signals_.watch_fault.empty() && signals_.watch_fault != told_fault_) {
        told_fault_ = signals_.watch_fault;
        if (options_.failed) options_.failed({ErrorCode::unavailable, told_fault_});
      }
      if (!std::exchange(signals_.is_link_news, false)) return;
      link = signals_.link;
      why = signals_.link_fault;
    }
    if (options_.linked) options_.linked(link, why);
  }

  Result<text::JsonDocument> tell_presence(const char* state) {
    text::JsonWriter json;
    json.begin_object().member("client", folder_.substr(0, 500)).member("branch", branch_).member("state", state);
    json.end_object();
    return asking_->ask("PUT", "/presence", std::move(json).take());
  }

  const World& world_;
  std::string folder_;
  os::Watcher& watcher_;
  const WatchOptions& options_;
  std::string shared_branch_, branch_;
  bool has_hub_ = false;
  std::optional<HubLink> stream_, asking_;
  std::atomic<bool> is_over_ = false;
  Signals signals_;
  std::string told_fault_;
  std::int64_t rested_at_us_ = 0;  // Others' work is waited for at least until then.
  std::vector<Held> held_;         // By the last cycle.
};

}  // namespace

bool is_left_out(std::string_view relative_folder) {
  return os::name_of(relative_folder) == ".git" || relative_folder.starts_with(".git/");
}

Result<> watch(const World& world, const std::string& folder, os::Watcher& watcher, const WatchOptions& options) {
  return Watch(world, folder, watcher, options).run();
}

}  // namespace aecos::sync
