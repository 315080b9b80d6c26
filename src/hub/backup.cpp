#include "hub/backup.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "base/sha256.h"
#include "git/hosting.h"
#include "os/path.h"

namespace aecos::hub {
namespace {

// Files as they are, piece by piece; what is temporary is left out.
class Copier {
 public:
  Copier(os::FileSystem& files, BackedUp& done) : files_(files), done_(done) {}

  Result<> copy(const std::string& from, const std::string& to) {
    auto entries = files_.list(from);
    if (!entries && entries.error().code == ErrorCode::not_found) return {};
    if (!entries) return std::move(entries).error();
    AECOS_TRY(files_.create_directories(to));
    for (const os::DirectoryEntry& entry : *entries) {
      const std::string source = os::join(from, entry.name), target = os::join(to, entry.name);
      const bool left_over =
          entry.name.starts_with("tmp_") || entry.name.ends_with(".lock") || os::is_temporary_name(entry.name);
      if (left_over) continue;
      if (entry.type == os::FileType::directory) AECOS_TRY(copy(source, target));
      if (entry.type == os::FileType::file) AECOS_TRY(copy_file(source, target));
    }
    return {};
  }

 private:
  Result<> copy_file(const std::string& from, const std::string& to) {
    const auto file = files_.map(from);
    if (!file && file.error().code == ErrorCode::not_found) return {};  // Gone meanwhile: a ref that was packed.
    if (!file) return file.error();
    std::string_view rest = file->bytes();
    ++done_.files;
    done_.bytes += rest.size();
    return files_.write_pieces(to, [&]() -> Result<std::string> {
      const std::string piece(rest.substr(0, 1U << 20U));
      rest.remove_prefix(piece.size());
      return piece;
    });
  }

  os::FileSystem& files_;
  BackedUp& done_;
};

Result<std::vector<store::Project>> all_projects(store::Store& store) {
  std::vector<store::Project> projects;
  const Result<> done = store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(projects, tables.projects("", 100'000));
    return {};
  });
  AECOS_TRY(done);
  return projects;
}

class Checker {
 public:
  explicit Checker(Hub& hub) : hub_(hub) {}

  Result<std::vector<std::string>> run() {
    AECOS_TRY_ASSIGN(faults_, hub_.parts.store.check());
    AECOS_TRY_ASSIGN(const std::vector<store::Project> projects, all_projects(hub_.parts.store));
    for (const store::Project& project : projects) {
      check_chain(project.name);
      check_repository(project.name);
      check_large(project.name, os::join(hub_.parts.config.large_objects(), project.name));
    }
    return std::move(faults_);
  }

 private:
  void check_chain(const std::string& project) {
    const auto faults = hub_.audit.verify(project);
    if (!faults) return faults_.push_back(project + ": audit trail: " + faults.error().message);
    for (const event::Fault& fault : *faults) faults_.push_back(project + ": audit trail: " + fault.what);
  }

  // While others push, git may see what refers to an object and not the object itself: what is missing is missing the
  // next time, too.
  void check_repository(const std::string& project) {
    std::set<std::string> before;
    for (int tries = 3; tries > 0; --tries) {
      std::set<std::string> now = fsck(project);
      if (now.empty()) return;
      if (tries < 3) {
        std::set<std::string> stayed;
        std::set_intersection(before.begin(), before.end(), now.begin(), now.end(),
                              std::inserter(stayed, stayed.end()));
        if (!stayed.empty()) return faults_.push_back(project + ": git fsck: " + *stayed.begin());
      }
      before = std::move(now);
    }
  }

  // What git finds wrong, a line each.
  std::set<std::string> fsck(const std::string& project) {
    os::Command command;
    command.argv = {"git",          "--git-dir=" + hub_.projects.folder(project), "fsck", "--full", "--no-progress",
                    "--no-dangling"};
    command.clean_environment = true;
    command.environment = git::server_environment(hub_.parts.config.git_home());
    const auto finished = hub_.parts.processes.run(command);
    if (!finished) return {finished.error().message};
    if (finished->ok()) return {};
    std::set<std::string> lines;
    const std::string said = finished->error + finished->output;
    for (std::size_t at = 0; at < said.size();) {
      const std::size_t end = std::min(said.find('\n', at), said.size());
      lines.insert(said.substr(at, end - at));
      at = end + 1;
    }
    if (lines.empty()) lines.insert("git ended with status " + std::to_string(finished->status));
    return lines;
  }

  void check_large(const std::string& project, const std::string& folder) {
    const auto entries = hub_.parts.files.list(folder);
    if (!entries) return;
    for (const os::DirectoryEntry& entry : *entries) {
      const std::string path = os::join(folder, entry.name);
      if (entry.type == os::FileType::directory) check_large(project, path);
      if (entry.type != os::FileType::file || entry.name.size() != 64) continue;
      const auto file = hub_.parts.files.map(path);
      if (!file || sha256_hex(file->bytes()) != entry.name)
        faults_.push_back(project + ": large object " + entry.name + " is damaged");
    }
  }

  Hub& hub_;
  std::vector<std::string> faults_;
};

}  // namespace

Result<BackedUp> back_up_hub(Hub& hub, const std::string& folder) {
  os::FileSystem& files = hub.parts.files;
  if (os::exists(files, folder))
    return Error{ErrorCode::invalid_input, folder + ": is there already; name a new folder"};
  AECOS_TRY(files.create_directories(folder));
  AECOS_TRY(hub.parts.store.back_up(os::join(folder, "hub.db")));
  AECOS_TRY_ASSIGN(const std::vector<store::Project> projects, all_projects(hub.parts.store));
  BackedUp done;
  done.projects = projects.size();
  Copier copier(files, done);
  for (const store::Project& project : projects) {
    const std::string name = project.name + ".git";
    AECOS_TRY(copier.copy(hub.projects.folder(project.name), os::join(folder, "repositories/" + name)));
  }
  AECOS_TRY(copier.copy(hub.parts.config.large_objects(), os::join(folder, "large-objects")));
  return done;
}

Result<> restore_hub(const Places& places) {
  if (os::exists(places.files, os::join(places.data, "repositories")) ||
      os::exists(places.files, os::join(places.data, "hub.db")))
    return Error{ErrorCode::invalid_input, places.data + ": has a hub already; restore into an empty folder"};
  if (!os::exists(places.files, os::join(places.backup, "hub.db")))
    return Error{ErrorCode::invalid_input, places.backup + ": is no backup of a hub"};
  AECOS_TRY(places.files.create_directories(places.data));
  BackedUp done;
  Copier copier(places.files, done);
  AECOS_TRY(copier.copy(os::join(places.backup, "repositories"), os::join(places.data, "repositories")));
  AECOS_TRY(copier.copy(os::join(places.backup, "large-objects"), os::join(places.data, "large-objects")));
  const std::string database = places.database.empty() ? "sqlite:" + os::join(places.data, "hub.db") : places.database;
  return store::restore(os::join(places.backup, "hub.db"), database);
}

Result<std::vector<std::string>> check_hub(Hub& hub) { return Checker(hub).run(); }

}  // namespace aecos::hub
