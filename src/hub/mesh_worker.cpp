#include "hub/mesh_worker.h"

#include <atomic>
#include <chrono>

#include "os/path.h"
#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::hub {
namespace {

constexpr std::chrono::minutes idle_max(10);  // Then the one that was started ahead is ended.
constexpr std::int64_t look_timeout_ms = 10'000;
constexpr std::uint64_t line_max = 512ULL << 20U;

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

std::string MeshWorker::program_path() const {
  return parts_.config.view_tools.empty() ? "" : os::join(parts_.config.view_tools, "mesh_worker.mjs");
}

Result<> MeshWorker::look() {
  const std::string path = program_path();
  if (path.empty() || !os::exists(parts_.files, path))
    return Error{ErrorCode::unavailable,
                 "the viewer's parts are not installed: ./dev web makes them; view.tools says where they lie"};
  if (has_node_) return {};
  os::Command command;
  command.argv = {parts_.config.view_node, "--version"};
  command.clean_environment = true;
  command.timeout_ms = look_timeout_ms;
  const auto finished = parts_.processes.run(command);
  if (!finished || !finished->ok())
    return Error{ErrorCode::unavailable, "Node.js cannot be started (" + parts_.config.view_node +
                                             "): install the package nodejs, or set view.node"};
  has_node_ = true;
  return {};
}

void MeshWorker::start_ahead() {
  const std::lock_guard lock(mutex_);
  is_wanted_ = true;
  if (!thread_.joinable() && !is_ending_) thread_ = std::thread([this] { run(); });
  changed_.notify_all();
}

MeshWorker::Outcome MeshWorker::convert(const std::string& file, const std::vector<std::uint64_t>& elements,
                                        const Take& take) {
  Job job{&file, &elements, &take};
  start_ahead();
  std::unique_lock lock(mutex_);
  job_ = &job;
  changed_.notify_all();
  changed_.wait(lock, [&] { return job.is_done || (is_ending_ && !job.is_taken); });
  if (job_ == &job) job_ = nullptr;
  if (!job.is_done) job.outcome.why = "the hub is being ended";
  return job.outcome;
}

void MeshWorker::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool MeshWorker::wait_for_need() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return is_ending_ || is_wanted_ || job_ != nullptr; });
  return !is_ending_;
}

void MeshWorker::run() {
  while (wait_for_need()) run_process();
}

// What the process reads: nothing until there is a job, then all of it.
std::string MeshWorker::next_input(Job*& job, bool& is_given) {
  std::unique_lock lock(mutex_);
  if (std::exchange(is_given, true)) return "";
  const bool came = changed_.wait_for(lock, idle_max, [&] { return is_ending_ || job_ != nullptr; });
  if (!came) is_wanted_ = false;
  if (is_ending_ || job_ == nullptr) return "";
  job = std::exchange(job_, nullptr);
  job->is_taken = true;
  text::JsonWriter json;
  json.begin_object().member("memoryMB", parts_.config.view_memory_mb).key("elements").begin_array();
  for (const std::uint64_t id : *job->elements) json.value(id);
  json.end_array().end_object();
  return std::move(json).take() + "\n" + *job->file;
}

bool MeshWorker::is_complete(const Job& job) {
  return job.outcome.finished == job.elements->size() && job.outcome.opened;
}

void MeshWorker::run_process() {
  Job* job = nullptr;
  bool is_given = false;
  std::string rest;
  std::int64_t heard_us = 0;
  os::Command command;
  command.argv = {parts_.config.view_node, program_path()};
  command.clean_environment = true;
  command.next_input = [&] {
    std::string input = next_input(job, is_given);
    heard_us = parts_.clock.monotonic_us();
    return input;
  };
  bool is_served = false;
  command.on_output = [&](std::string_view bytes) {
    heard_us = parts_.clock.monotonic_us();
    rest += bytes;
    std::size_t begin = 0;
    for (std::size_t end = rest.find('\n'); end != std::string::npos; end = rest.find('\n', begin)) {
      if (job != nullptr) read_line(*job, std::string_view(rest).substr(begin, end - begin));
      begin = end + 1;
    }
    if (job != nullptr && is_complete(*job)) {
      // Whoever waits does not wait for the process to end, too.
      const std::lock_guard lock(mutex_);
      std::exchange(job, nullptr)->is_done = is_served = true;
      changed_.notify_all();
    }
    rest.erase(0, begin);
    return rest.size() < line_max;
  };
  bool is_silent = false;
  command.is_cancelled = [&] {
    is_silent = heard_us != 0 && parts_.clock.monotonic_us() - heard_us > parts_.config.view_patience_s * 1'000'000;
    const std::lock_guard lock(mutex_);
    return is_ending_ || is_silent || is_served;  // Node takes its time to end by itself.
  };
  const auto finished = parts_.processes.run(command);
  const std::lock_guard lock(mutex_);
  if (is_served) {
    fruitless_starts_ = 0;
    return;
  }
  if (job == nullptr) {
    // It ended without being asked for anything: once that may be chance.
    is_wanted_ = false;
    if (job_ == nullptr || (finished && ++fruitless_starts_ < 2)) return;
    job = std::exchange(job_, nullptr);
  }
  fruitless_starts_ = 0;
  if (!is_complete(*job))
    job->outcome.why = !finished                 ? finished.error().message
                       : is_silent               ? "the kernel did not get on with it"
                       : finished->cancelled     ? "the kernel said too much, or the hub is being ended"
                       : finished->error.empty() ? "the kernel ended with status " + std::to_string(finished->status)
                                                 : first_line(finished->error);
  job->is_done = true;
  changed_.notify_all();
}

void MeshWorker::read_line(Job& job, std::string_view line) {
  const auto document = text::parse_json(line);
  if (!document) return;
  const text::JsonNode root = document->root();
  if (root["opened"]) job.outcome.opened = true;
  if (!root["meshes"] || job.outcome.finished >= job.elements->size()) return;
  std::vector<speckle::Mesh> meshes;
  for (const text::JsonNode node : root["meshes"]) {
    // One that is broken is left out; the others are shown.
    if (auto mesh = speckle::read_mesh(node)) meshes.push_back(*std::move(mesh));
  }
  (*job.take)(job.outcome.finished++, meshes);
}

}  // namespace aecos::hub
