#pragma once
// A real repository in a folder of its own, for tests; gone with the object.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "git/program.h"
#include "git/repository.h"
#include "os/process.h"

namespace aecos::git {

class Scratch {
 public:
  explicit Scratch(const std::string& kind = "") {
    std::string pattern = (std::filesystem::temp_directory_path() / "aecos-git-XXXXXX").string();
    folder_ = std::filesystem::canonical(mkdtemp(pattern.data())).string();
    git({"init", "-q", "-b", "main", kind.empty() ? "--quiet" : kind});
    git({"config", "user.name", "Ana"});
    git({"config", "user.email", "ana@example.org"});
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::string& folder() const { return folder_; }
  os::ProcessRunner& runner() { return *runner_; }
  Program program() { return {*runner_, folder_}; }
  Repository open() {
    auto repository = Repository::open(folder_);
    if (!repository) throw std::runtime_error(repository.error().message);
    return *std::move(repository);
  }

  // Its output; a failure fails the test.
  std::string git(std::vector<std::string> arguments) {
    auto output = program().run(std::move(arguments));
    if (!output) ADD_FAILURE() << output.error().message;
    return output ? *output : "";
  }
  void write(const std::string& path, const std::string& bytes) {
    const auto file = std::filesystem::path(folder_) / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
  }
  std::string read(const std::string& path) {
    std::ifstream file(std::filesystem::path(folder_) / path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  CommitId commit(const std::string& message = "change") {
    git({"add", "-A"});
    git({"commit", "-q", "--allow-empty", "-m", message});
    return *CommitId::from_hex(git({"rev-parse", "HEAD"}).substr(0, 40));
  }

 private:
  std::unique_ptr<os::ProcessRunner> runner_ = os::real_process_runner();
  std::string folder_;
};

}  // namespace aecos::git
