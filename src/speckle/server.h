#pragma once
// What a server of Speckle's kind tells of itself, its projects, models and versions: the part of its GraphQL schema
// that readers ask for. It is not written to that way.

#include <string>
#include <vector>

#include "base/result.h"
#include "speckle/graphql.h"

namespace aecos::speckle {

struct Person {
  std::string id, name, email;
  bool is_administrator = false;
};

struct Version {
  std::string id;      // 10 lower-case hex digits.
  std::string object;  // Of the root.
  std::string message, author;
  std::string created;  // RFC 3339.
};

// Each has one model: its shared branch.
struct Project {
  std::string id, model_id;  // 10 lower-case hex digits.
  std::string name, description, model_name;
  std::string role;  // "stream:reviewer", "stream:contributor", "stream:owner"
  std::string created, updated;
};

// As whoever asks may see it.
class Library {
 public:
  virtual ~Library() = default;
  virtual Person person() = 0;
  virtual Result<std::vector<Project>> projects() = 0;
  // not_found: there is none, or they may not know of it.
  virtual Result<Project> project(const std::string& id) = 0;
  // Newest first.
  virtual Result<std::vector<Version>> versions(const Project& project) = 0;
};

// `library` must live as long as the node.
graphql::NodePtr query_root(Library& library, const std::string& url, const std::string& program_version);

// A name as an id of Speckle's: never taken for one of something else by its servers and viewers.
std::string short_id(std::string_view name);

}  // namespace aecos::speckle
