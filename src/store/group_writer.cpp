#include <chrono>
#include <stdexcept>

#include "store/group_writer_internal.h"
#include "store/tables_internal.h"

namespace aecos::store {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int conflicts_max = 10;

}  // namespace

GroupWriter::GroupWriter(Database& database, std::unique_ptr<Connection> connection)
    : database_(database), connection_(std::move(connection)), thread_([this] { run(); }) {}

GroupWriter::~GroupWriter() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  arrived_.notify_one();
  thread_.join();
}

Result<> GroupWriter::write(const Store::Work& work) {
  auto job = std::make_shared<Job>();
  job->work = &work;
  return ask(job);
}

Result<> GroupWriter::alone(const std::function<Result<>(Connection&)>& task) {
  auto job = std::make_shared<Job>();
  job->task = &task;
  return ask(job);
}

Result<> GroupWriter::ask(const std::shared_ptr<Job>& job) {
  if (std::this_thread::get_id() == thread_.get_id()) {
    throw std::logic_error("a work may use the tables it is given, not the store");
  }
  auto answer = job->promise.get_future();
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(job);
  }
  arrived_.notify_one();
  return answer.get();
}

std::size_t GroupWriter::waiting() {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

void GroupWriter::run() {
  for (auto jobs = next(); !jobs.empty(); jobs = next()) serve(jobs);
}

// A task alone, or as many works as wait; none: it is over.
GroupWriter::Jobs GroupWriter::next() {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [&] { return ending_ || !waiting_.empty(); });
  Jobs jobs;
  while (!waiting_.empty() && jobs.size() < database_.works_in_a_commit_max()) {
    const bool is_task = waiting_.front()->task != nullptr;
    if (is_task && !jobs.empty()) break;
    jobs.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
    if (is_task) break;
  }
  return jobs;
}

void GroupWriter::serve(const Jobs& jobs) {
  std::optional<Failure> failure;
  try {
    if (!jobs.front()->task) {
      failure = commit(jobs);
    } else if (auto ready = have_connection(); !ready) {
      failure = Failure{Trouble::connection, ready.error()};
    } else {
      jobs.front()->result = (*jobs.front()->task)(*connection_);
    }
  } catch (...) {  // Whatever it is, those who wait are told, and the next find a connection with nothing open.
    for (const auto& job : jobs) job->bug = std::current_exception();
    roll_back();
  }
  for (const auto& job : jobs) {
    if (job->bug) {
      job->promise.set_exception(job->bug);
    } else {
      job->promise.set_value(failure ? Result<>(failure->error) : job->result);
    }
  }
}

std::optional<Failure> GroupWriter::commit(const Jobs& jobs) {
  const auto deadline = Clock::now() + milliseconds(database_.patience_ms());
  for (int conflicts = 0, losses = 0;;) {
    auto ready = have_connection();
    auto failure = ready ? attempt(jobs, conflicts) : Failure{Trouble::connection, ready.error()};
    if (!failure) return failure;
    if (failure->trouble == Trouble::conflict && ++conflicts < conflicts_max) {
      pause(2LL << conflicts);
    } else if (failure->trouble == Trouble::connection && Clock::now() < deadline) {
      pause(std::min(10LL << losses++, 500LL));
    } else {
      return failure;
    }
  }
}

// One transaction. A failure is one of all; none: each has its own result.
std::optional<Failure> GroupWriter::attempt(const Jobs& jobs, int conflicts) {
  std::optional<Failure> failure;
  bool is_anything_done = false, is_committing = false;
  try {
    connection_->drop_broken();
    database_.begin_write(*connection_, conflicts);
    for (const auto& job : jobs) {
      failure = do_work(*job, jobs.size() > 1);
      if (failure) break;
      is_anything_done = is_anything_done || (job->result && !job->bug);
    }
    is_committing = is_anything_done && !failure;
    if (is_committing) database_.commit(*connection_);
  } catch (const soci::soci_error& error) {
    failure = database_.explain(*connection_, error);
    if (is_committing && failure->trouble == Trouble::connection) {  // Doing it again could do it twice.
      failure->trouble = Trouble::database;
      failure->error.message += "; it was to commit, and may have or not: look before you do it again";
    }
  }
  roll_back();
  return failure;
}

std::optional<Failure> GroupWriter::do_work(Job& job, bool is_one_of_many) {
  job.result = {};
  job.bug = nullptr;
  if (is_one_of_many) connection_->run("SAVEPOINT work");
  SqlTables tables(database_, *connection_, Use::write);
  try {
    job.result = (*job.work)(tables);
  } catch (...) {
    job.bug = std::current_exception();
  }
  if (const auto& failure = tables.failure()) {
    if (failure->trouble != Trouble::work) return failure;
    job.result = failure->error;
  }
  if (is_one_of_many) {
    if (!job.result || job.bug) connection_->run("ROLLBACK TO SAVEPOINT work");
    connection_->run("RELEASE SAVEPOINT work");
  }
  return std::nullopt;
}

void GroupWriter::roll_back() {
  if (connection_ && !store::roll_back(database_, *connection_)) connection_.reset();
}

Result<> GroupWriter::have_connection() {
  if (connection_) return {};
  AECOS_TRY_ASSIGN(connection_, database_.connect(Use::write));
  return {};
}

// Others who met the same trouble shall not all come back at the same moment.
void GroupWriter::pause(std::int64_t about_ms) {
  std::this_thread::sleep_for(
      milliseconds(about_ms / 2 + std::uniform_int_distribution<std::int64_t>(0, about_ms)(random_)));
}

}  // namespace aecos::store
