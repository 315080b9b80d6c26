#pragma once
// What can be shown of one project, on the disk: Speckle objects by their ids, what is known of files and shapes that
// were converted, and the versions that were shown. All of it can be made again.
//
// Objects lie in packs, as the lines "ID\tJSON\n" that are sent to whoever asks for them; beside each pack lies its
// index. Nothing in a pack is changed.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "os/file_system.h"
#include "speckle/object.h"

namespace aecos::hub {

// A commit of the shared branch as it was shown.
struct ViewVersion {
  std::string commit;  // 40 hex digits.
  std::string object;  // The root's id.
  std::string message, author;
  std::int64_t time_us = 0;
  std::size_t elements = 0, without_shape = 0;
};

class ViewObjects {
 public:
  // What cannot be read there is removed, to be made again.
  static Result<std::unique_ptr<ViewObjects>> open(os::FileSystem& files, std::string folder);

  [[nodiscard]] bool has(const speckle::ObjectId& id) const;
  // "ID\tJSON\n"; not_found.
  [[nodiscard]] Result<std::string> line(const speckle::ObjectId& id) const;
  [[nodiscard]] Result<std::string> json(const speckle::ObjectId& id) const;
  // The object with the ids of all below it, as its own text has them.
  [[nodiscard]] Result<speckle::Reference> reference(const speckle::ObjectId& id) const;
  [[nodiscard]] std::optional<std::string> note(const std::string& key) const;
  // Newest first.
  [[nodiscard]] std::vector<ViewVersion> versions() const;
  [[nodiscard]] std::uint64_t bytes() const;

  // One pack: for one thread at a time, as all that follow. Nothing of it is there if it fails.
  Result<> add(const std::vector<speckle::Object>& objects, const std::map<std::string, std::string>& notes);
  // Of the same commit as the newest: replaces it.
  Result<> add_version(ViewVersion version);
  // Forgets versions beyond so many, older ones as long as there are more bytes, and objects that only they have.
  Result<> tidy(std::size_t versions_max, std::uint64_t bytes_max);

 private:
  struct Hash {
    std::size_t operator()(const speckle::ObjectId& id) const { return std::hash<std::string_view>()(id.text()); }
  };
  struct Place {
    std::uint32_t pack = 0;
    std::uint32_t length = 0;
    std::uint64_t offset = 0;
  };
  struct Pack {
    os::MappedFile bytes;
    std::map<std::string, std::string> notes;
  };
  ViewObjects(os::FileSystem& files, std::string folder) : files_(files), folder_(std::move(folder)) {}
  Result<> load();
  Result<> load_pack(std::uint32_t number, std::string_view index);
  Result<> write_versions(const std::vector<ViewVersion>& versions);
  Result<> rewrite(const std::vector<std::uint32_t>& packs,
                   const std::unordered_map<speckle::ObjectId, bool, Hash>& live);
  [[nodiscard]] std::string path(std::uint32_t number, const char* suffix) const;

  os::FileSystem& files_;
  std::string folder_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<speckle::ObjectId, Place, Hash> places_;
  std::map<std::uint32_t, Pack> packs_;
  std::unordered_map<std::string, std::string> notes_;
  std::vector<ViewVersion> versions_;
};

}  // namespace aecos::hub
