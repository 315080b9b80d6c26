#pragma once
// What files were found to say, kept in a folder from one check to the next. All of it can be made again: it may be
// deleted at any time, and what is damaged counts as not there.
//
// Outcomes lie in packs, each written once; when there are many, they become one of what was used last.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/object_id.h"
#include "check/validate.h"
#include "os/file_system.h"

namespace aecos::revision {

// Requirements as they were read last, and what was wrong with them.
struct ReadRequirements {
  std::string key;  // Their paths and ids.
  std::vector<check::Requirements> all;
  check::Report report;
};

class OutcomeStore {
 public:
  struct Limits {
    std::uint64_t bytes = 64U << 20U;  // Of all packs; about half of it is kept when they are more.
    std::size_t packs = 12;
    std::size_t unsaved = 0;  // So many new ones are not worth a file yet.
  };
  // A folder that is not there is made when something is saved. `files` must live longer. For any thread.
  OutcomeStore(os::FileSystem& files, std::string folder, Limits limits);
  OutcomeStore(os::FileSystem& files, std::string folder) : OutcomeStore(files, std::move(folder), Limits()) {}

  std::optional<std::string> find(const BlobId& key);
  // In memory only, the last ones: reading them takes longer than what is asked of a few files. Null: others.
  std::shared_ptr<const ReadRequirements> requirements(const std::string& key);
  void keep(std::shared_ptr<const ReadRequirements> requirements);
  void add(const BlobId& key, std::string outcome);
  // Whether it worked or not: what is not kept is looked at once more.
  void save();
  void save_all();  // However few they are.

 private:
  struct Place {
    std::uint64_t pack = 0;  // 0: not saved yet.
    std::size_t offset = 0, size = 0;
  };
  void load();
  void load_pack(std::uint64_t number, os::MappedFile bytes);
  std::optional<std::string> read(const Place& place, const BlobId& key) const;
  bool write(const std::string& bytes);
  void tidy();
  std::string path(std::uint64_t number) const;
  void save_more_than(std::size_t count);

  os::FileSystem& files_;
  std::string folder_;
  Limits limits_;
  std::mutex mutex_;
  std::unordered_map<BlobId, Place> places_;
  std::map<std::uint64_t, os::MappedFile> packs_;
  std::map<BlobId, std::string> fresh_;
  std::unordered_set<BlobId> used_;
  std::uint64_t bytes_ = 0;
  std::shared_ptr<const ReadRequirements> requirements_;
};

}  // namespace aecos::revision
