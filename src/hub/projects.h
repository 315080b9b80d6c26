#pragma once
// The projects of a hub: where they lie, how they stand, and what somebody may do in them.

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "git/repository.h"
#include "hub/accounts.h"
#include "hub/events.h"
#include "hub/large_objects.h"
#include "hub/transfer.h"
#include "policy/policy.h"
#include "revision/cost.h"
#include "revision/library.h"
#include "revision/outcome_store.h"
#include "revision/project.h"
#include "routing/settings.h"

namespace aecos::hub {

// How a project stands at one commit of its shared branch.
struct Standing {
  std::string shared_branch;  // Short.
  CommitId head;              // Of it; zero: nothing was pushed yet.
  revision::Project settings;
  std::optional<policy::Roles> roles;
  std::optional<routing::Settings> notify;
  std::string notify_fault;  // Not empty: its notify.json cannot be read, and nobody is told.
  std::string roles_fault;   // Not empty: they cannot be read, and nobody but administrators may write.
};

struct Access {
  bool read = false, write = false, manage = false;
};

// A repository opened for one thread.
struct OpenProject {
  std::string name;
  std::string folder;
  git::Repository repository;
  std::unique_ptr<LargeObjects> large;
  std::shared_ptr<revision::TakeoffCache> takeoffs;  // Of all projects.
  [[nodiscard]] revision::Library library() { return {repository, *large}; }
};

class Projects {
 public:
  Projects(const Parts& parts, Events& events)
      : parts_(parts), events_(events), transfers_(static_cast<std::size_t>(parts.config.slow_threads)) {}

  // An empty repository, and its first event; the owner (none: only administrators) may manage it. invalid_input,
  // changed_meanwhile as for any name.
  Result<store::Project> create(const std::string& name, const std::string& title, const std::string& owner);
  Result<OpenProject> open(const std::string& name) const;
  std::string folder(const std::string& name) const;
  // Whether what people share can be read, as far as a look at the last commit of the shared branch tells. What is
  // wrong goes into the log, once.
  bool look(const std::string& name);

  Result<std::shared_ptr<const Standing>> standing(OpenProject& project);
  // For reading what is not in the repository: of one that is damaged, as it was last seen, or without roles.
  Result<std::shared_ptr<const Standing>> standing_or_last(const std::string& name);

  // not_found: there is no such project, or the caller may not know of it. denied: it needs more than they may.
  enum class Need { read, write, manage };
  struct Entry {
    store::Project row;
    std::shared_ptr<const Standing> standing;
    Access access;
    policy::Actor actor;
  };
  Result<Entry> enter(const Caller& caller, const std::string& name, Need need);
  Result<std::vector<store::Project>> visible(const Caller& caller);
  Transfers& transfers() { return transfers_; }  // Of all of them.
  // What its files were found to say. For any thread.
  std::shared_ptr<revision::OutcomeStore> outcomes(const std::string& name);
  void save_outcomes();  // However few they are.

 private:
  Result<std::shared_ptr<const Standing>> standing_now(const std::string& name);
  Result<Access> access(const Caller& caller, const std::string& name, const Standing& standing);

  Parts parts_;
  Events& events_;
  Transfers transfers_;
  std::shared_ptr<revision::TakeoffCache> takeoffs_ = std::make_shared<revision::TakeoffCache>(128U << 20U);
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Standing>> standings_;
  std::map<std::string, std::string> told_damage_;  // By project.
  std::map<std::string, std::shared_ptr<revision::OutcomeStore>> outcomes_;
};

bool is_project_name(std::string_view name);

}  // namespace aecos::hub
