#pragma once
// Projects whose repository lives at GitHub, GitLab or Gitea: what the forge tells, and what it is told.
// docs/FORGES.md.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "forge/delivery.h"
#include "forge/forge.h"
#include "forge/github_app.h"
#include "hub/projects.h"
#include "hub/secrets.h"

namespace aecos::hub {

class Forges {
 public:
  Forges(const Parts& parts, Projects& projects, Events& events, Secrets& secrets)
      : parts_(parts), projects_(projects), events_(events), secrets_(secrets) {}
  ~Forges() { stop(); }
  Forges(const Forges&) = delete;
  Forges& operator=(const Forges&) = delete;

  // Reports on pull requests until stop(). `hub_url`: how people reach the hub, for links.
  Result<> start(const std::string& hub_url);
  void stop();

  // As the shared branch has them. not_found: the project has none; invalid_input: they cannot be read.
  Result<forge::Settings> settings(const std::string& project);

  // A delivery of the forge's webhook: who sends it is shown by the signature alone. What is told twice, or after what
  // is newer, changes nothing and says so. denied: it is not the forge's (an event tells of it, at most one a minute).
  struct Received {
    bool is_new = false;
    std::string note;            // One line: what became of it.
    std::uint64_t sequence = 0;  // Of the event; 0: there is none.
  };
  Result<Received> receive(const std::string& project, const http::Headers& headers, std::string_view body);

  // Open pull requests; asked of the forge at most twice a minute.
  struct Listed {
    std::int64_t asked_us = 0;
    std::vector<forge::PullRequest> requests;
    std::string fault;  // Why they are not known, or not as of now; empty: they are.
  };
  Result<Listed> pull_requests(const std::string& project, const forge::Settings& settings);
  // Logins at the forge of those in a team ("acme/structural").
  Result<std::vector<std::string>> members(const std::string& project, const forge::Settings& settings,
                                           const std::string& team);

 private:
  struct Job {
    std::string project;
    forge::Delivery delivery;
    std::int64_t due_us = 0;
    int attempts = 0;
  };
  struct Refusals {
    std::int64_t told_us = 0;
    std::uint64_t untold = 0;
  };

  Result<> refuse(const std::string& project, const forge::Settings& settings, const std::string& why);
  Result<Received> keep(const std::string& project, const forge::Settings& settings, const forge::Delivery& delivery,
                        std::string_view body);
  event::Draft draft_of(const std::string& project, const forge::Settings& settings, const forge::Delivery& delivery);
  Result<forge::Access> access(http::Client& client, const std::string& project, const forge::Settings& settings);
  Result<std::string> app_token(http::Client& client, const std::string& project, const forge::Settings& settings,
                                forge::Access access);
  // Open pull requests of all projects are reported on again: deliveries are missed while the hub is away.
  void catch_up(http::Client& client);
  static bool is_same(const Job& a, const Job& b) {
    return a.project == b.project && a.delivery.number == b.delivery.number;
  }
  void enqueue(Job job);
  void add_missed(Job job);
  void run();
  // How long to wait before it is tried again, in seconds; 0: it is done, or never will be.
  std::int64_t work(http::Client& client, const Job& job);
  Result<> report(http::Client& client, const Job& job, std::int64_t& wait_s);

  Parts parts_;
  Projects& projects_;
  Events& events_;
  Secrets& secrets_;
  std::string hub_url_;

  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_ending_ = false;
  http::Client* at_work_ = nullptr;  // The worker's, to be cancelled.
  std::deque<Job> jobs_;
  std::map<std::string, Refusals> refusals_;  // By project.
  std::map<std::string, Listed> listed_;      // By project.
  struct KeptToken {
    forge::Settings settings;
    forge::AppToken made;
  };
  std::map<std::string, KeptToken> tokens_;  // By project.
  std::thread worker_;
};

}  // namespace aecos::hub
