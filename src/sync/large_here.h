#pragma once
// What Git LFS has here already, for those who only look and exchange nothing.

#include <set>
#include <string>

#include "sync/workspace.h"

namespace aecos::sync {

class LargeHere final : public git::LargeContent {
 public:
  explicit LargeHere(Workspace& workspace) : workspace_(workspace) {}

  // unavailable also where it would have to be fetched.
  Result<std::string> read_lfs(std::string_view pointer, const std::string& path) override;
  Result<std::string> write_lfs(std::string_view content, const std::string& path) override {
    return workspace_.program.write_lfs(content, path);
  }
  // What was asked for and is not here.
  const std::set<std::string>& missed() const { return missed_; }

 private:
  Workspace& workspace_;
  std::set<std::string> missed_;
};

}  // namespace aecos::sync
