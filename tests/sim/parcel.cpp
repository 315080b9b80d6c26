#include "sim/parcel.h"

#include <algorithm>

#include "os/path.h"

namespace aecos::sim {
namespace {

constexpr std::string_view header{"PACK\0\0\0\2\0\0\0\1", 12};
constexpr std::size_t hex_size = 40;

std::string path_of(const std::string& objects, const std::string& hex) {
  return objects + "/" + hex.substr(0, 2) + "/" + hex.substr(2);
}

class Collector {
 public:
  explicit Collector(const git::Repository& repository) : repository_(repository) {}

  Result<> leave_out(CommitId have) {
    if (!repository_.has_object(have)) return {};
    AECOS_TRY_ASSIGN(const git::Commit commit, repository_.read_commit(have));
    haves_.push_back(have);
    std::vector<std::string> ignored;
    return add(commit.tree, ignored);
  }

  Result<std::vector<std::string>> run(const std::vector<CommitId>& wants) {
    std::vector<std::string> commits, rest;
    std::vector<TreeId> trees;
    AECOS_TRY(repository_.walk({wants, haves_}, [&](const git::Commit& commit) {
      commits.push_back(commit.id.hex());
      trees.push_back(commit.tree);
      return true;
    }));
    for (const TreeId tree : trees) AECOS_TRY(add(tree, rest));
    commits.insert(commits.end(), rest.begin(), rest.end());
    std::reverse(commits.begin(), commits.end());
    return commits;
  }

 private:
  Result<> add(TreeId tree, std::vector<std::string>& found) {
    if (!seen_.insert(tree.hex()).second) return {};
    found.push_back(tree.hex());
    AECOS_TRY_ASSIGN(const std::vector<TreeEntry> entries, repository_.read_tree(tree));
    for (const TreeEntry& entry : entries) {
      if (entry.is_folder()) {
        AECOS_TRY(add(entry.tree_id(), found));
      } else if (seen_.insert(entry.id.hex()).second) {
        found.push_back(entry.id.hex());
      }
    }
    return {};
  }

  const git::Repository& repository_;
  std::vector<CommitId> haves_;
  std::set<std::string> seen_;
};

// Whether all that the objects refer to is there.
Result<> check_whole(const git::Repository& repository, const std::vector<Unpacked>& objects) {
  const auto is_there = [&](const auto& id) {
    return repository.has_object(CommitId{id.bytes}) ? Result<>()
                                                     : Error{ErrorCode::invalid_input, id.hex() + " is missing"};
  };
  for (const Unpacked& object : objects) {
    if (object.is_blob) continue;
    const auto id = CommitId::from_hex(object.id);
    if (const auto commit = repository.read_commit(*id)) {
      AECOS_TRY(is_there(commit->tree));
      for (const CommitId parent : commit->parents) AECOS_TRY(is_there(parent));
    } else if (const auto entries = repository.read_tree(TreeId{id->bytes})) {
      for (const TreeEntry& entry : *entries) AECOS_TRY(is_there(entry.id));
    }
  }
  return {};
}

}  // namespace

Result<std::string> make_parcel(os::FileSystem& files, const std::string& git_folder, const git::Repository& repository,
                                const std::vector<CommitId>& wants, const std::vector<CommitId>& haves) {
  Collector collector(repository);
  for (const CommitId have : haves) AECOS_TRY(collector.leave_out(have));
  AECOS_TRY_ASSIGN(const std::vector<std::string> ids, collector.run(wants));
  std::string parcel(header);
  for (const std::string& hex : ids) {
    AECOS_TRY_ASSIGN(const std::string bytes, files.read(path_of(git_folder + "/objects", hex)));
    parcel += hex + " " + std::to_string(bytes.size()) + "\n" + bytes;
  }
  return parcel;
}

Result<std::vector<Unpacked>> unpack_parcel(os::FileSystem& files, const std::string& objects,
                                            std::string_view parcel) {
  std::vector<Unpacked> unpacked;
  parcel.remove_prefix(std::min(parcel.size(), header.size()));
  while (!parcel.empty()) {
    const std::size_t end = parcel.find('\n');
    if (end == std::string_view::npos || end < hex_size + 2)
      return Error{ErrorCode::invalid_input, "a parcel that is torn"};
    const std::string hex(parcel.substr(0, hex_size));
    const std::size_t size = std::stoul(std::string(parcel.substr(hex_size + 1, end - hex_size - 1)));
    const std::string_view bytes = parcel.substr(end + 1, size);
    parcel.remove_prefix(end + 1 + size);
    unpacked.push_back({hex, bytes.starts_with("blob")});
    const std::string path = path_of(objects, hex), folder(os::parent_of(path));
    if (os::exists(files, path)) continue;
    if (!os::exists(files, folder)) AECOS_TRY(files.create_directories(folder));
    AECOS_TRY(files.write(path, bytes));
  }
  return unpacked;
}

Result<os::Finished> UnpackingGit::run(const os::Command& command) {
  if (!command.next_input || !command.environment.contains("GIT_OBJECT_DIRECTORY"))
    return Error{ErrorCode::not_found, "this git can only unpack"};
  std::string parcel;
  for (std::string piece = command.next_input(); !piece.empty(); piece = command.next_input()) parcel += piece;
  const std::string quarantine = os::join(command.directory, *command.environment.at("GIT_OBJECT_DIRECTORY"));
  const std::string folder = *command.environment.at("GIT_DIR");
  AECOS_TRY_ASSIGN(const std::vector<Unpacked> objects, unpack_parcel(files_, quarantine, parcel));
  AECOS_TRY_ASSIGN(git::Repository repository, git::Repository::open_in(files_, {folder}));
  AECOS_TRY(repository.add_objects(quarantine));
  os::Finished finished;
  constexpr std::size_t careless_one_in = 4;
  if (careless_ && ++runs_ % careless_one_in == 0 && !earlier_.empty())
    static_cast<void>(files_.remove(path_of(os::join(folder, "objects"), earlier_)));
  if (!objects.empty()) earlier_ = objects.front().id;
  if (const auto whole = check_whole(repository, objects); !whole) {
    finished.status = 1;
    finished.error = "fatal: " + whole.error().message;
  }
  return finished;
}

}  // namespace aecos::sim
