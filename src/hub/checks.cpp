#include "hub/checks.h"

#include <algorithm>
#include <map>
#include <utility>

#include "diff/diff.h"
#include "hub/validation.h"
#include "os/path.h"
#include "revision/content.h"
#include "revision/judged.h"
#include "text/json_writer.h"

namespace aecos::hub {
namespace {

constexpr std::uint64_t pointer_max = 1024;  // Bytes; what is larger is no pointer to a large object.
constexpr std::uint64_t link_max = 4096;

// Counts what differs without visiting a pair of folders twice, however often they stand somewhere.
class Extent {
 public:
  explicit Extent(const git::Repository& repository) : repository_(repository) {}

  struct Size {
    std::uint64_t files = 0, path_bytes = 0;
  };
  Result<Size> of(TreeId before, TreeId after, std::size_t depth) {
    if (before == after) return Size{};
    if (depth > depth_max) return too_much("more than " + std::to_string(depth_max) + " folders lie in each other");
    const auto [known, is_new] = sizes_.try_emplace({before, after});
    if (!is_new) return known->second;
    AECOS_TRY_ASSIGN(const std::vector<TreeEntry> old_entries, repository_.read_tree(before));
    AECOS_TRY_ASSIGN(const std::vector<TreeEntry> new_entries, repository_.read_tree(after));
    std::map<std::string_view, std::pair<const TreeEntry*, const TreeEntry*>> names;
    for (const TreeEntry& entry : old_entries) names[entry.name].first = &entry;
    for (const TreeEntry& entry : new_entries) names[entry.name].second = &entry;
    Size size;
    for (const auto& [name, pair] : names) {
      const auto folder = [](const TreeEntry* entry) {
        return entry && entry->is_folder() ? entry->tree_id() : TreeId{};
      };
      const auto file = [](const TreeEntry* entry) { return entry && !entry->is_folder() ? entry->id : BlobId{}; };
      AECOS_TRY_ASSIGN(Size inside, of(folder(pair.first), folder(pair.second), depth + 1));
      inside.files += file(pair.first) != file(pair.second);
      size.files += inside.files;
      size.path_bytes += inside.path_bytes + inside.files * (name.size() + 1);
      if (size.files > files_max) return too_much("more than " + std::to_string(files_max) + " files change at once");
      if (size.path_bytes > path_bytes_max) return too_much("the names of the files that change are too long");
    }
    sizes_[{before, after}] = size;
    return size;
  }

 private:
  static constexpr std::size_t depth_max = 100;
  static constexpr std::uint64_t files_max = 1'000'000, path_bytes_max = 256U << 20U;
  static Error too_much(const std::string& what) { return {ErrorCode::denied, what}; }

  const git::Repository& repository_;
  std::map<std::pair<TreeId, TreeId>, Size> sizes_;
};

// Whether a link at that path leads out of the project, or to what no path may name. A ".." behind a name is not
// followed: the name may be a link itself.
bool leads_out(std::string_view path, std::string_view target) {
  std::string_view folder = os::parent_of(path);
  while (target == ".." || target.starts_with("../")) {
    if (folder.empty()) return true;
    folder = os::parent_of(folder);
    target.remove_prefix(std::min<std::size_t>(3, target.size()));
  }
  if (target.ends_with('/')) target.remove_suffix(1);
  return !target.empty() && !policy::path_fault(target).empty();
}

Result<> check_entry(OpenProject& project, const std::string& path, const revision::FileVersion& version) {
  if (version.mode == FileMode::submodule) return {};
  AECOS_TRY_ASSIGN(const std::uint64_t size, project.repository.blob_size(version.id));
  const bool link = version.mode == FileMode::symlink;
  if (!link && size > pointer_max) return {};
  if (size > link_max) return Error{ErrorCode::denied, path + ": a link leads nowhere"};
  AECOS_TRY_ASSIGN(const std::string bytes, project.repository.read_blob(version.id));
  if (link) {
    if (!leads_out(path, bytes)) return {};
    return Error{ErrorCode::denied, path + ": a link that leads out of the project"};
  }
  const auto pointer = git::parse_lfs_pointer(bytes);
  if (!pointer || project.large->has(pointer->oid, pointer->size)) return {};
  return Error{ErrorCode::denied, path + ": its content was not uploaded (git lfs push --all origin)"};
}

Result<> check_readable(const revision::Library& library, const Checked& checked) {
  AECOS_TRY_ASSIGN(const auto files, revision::difference(library.repository, checked.before, checked.after));
  for (const revision::FileDifference& file : files) {
    if (!file.after || (file.after->mode != FileMode::file && file.after->mode != FileMode::executable)) continue;
    const std::string type = os::extension_of(file.path);
    if (type != ".ifc" && type != ".json") continue;
    AECOS_TRY_ASSIGN(const std::string bytes, library.repository.read_blob(file.after->id));
    if (git::parse_lfs_pointer(bytes)) continue;
    const auto read = diff::diff_file(file.path, "", bytes);
    if (!read) return Error{ErrorCode::denied, "check readable: " + file.path + ": " + read.error().message};
  }
  return {};
}

class Running {
 public:
  Running(const Parts& parts, Projects& projects, OpenProject& project, const Checked& checked)
      : parts_(parts), projects_(projects), project_(project), checked_(checked) {}

  ChecksMade run() {
    made_.passed = run_all();
    if (!told_.empty()) made_.json = "[" + told_ + "]";
    return std::move(made_);
  }

 private:
  Result<> run_all() {
    for (const std::string& name : checked_.names) AECOS_TRY(require(name));
    for (const std::string& name : checked_.advisory) AECOS_TRY(advise(name));
    return {};
  }

  Result<> require(const std::string& name) {
    if (name == "readable") return check_readable(project_.library(), checked_);
    return name == validate_check ? validate(true) : reported(name);
  }

  // A check that somebody reports is told when it is reported.
  Result<> advise(const std::string& name) {
    Result<> done;
    if (name == "readable") done = check_readable(project_.library(), checked_);
    if (name == validate_check) done = validate(false);
    if (!done) made_.warnings.push_back(done.error().message);
    return {};
  }

  void tell(const std::string& json) { told_ += (told_.empty() ? "" : ",") + json; }

  Result<> validate(bool required) {
    const auto gate = checked_.as_a_whole ? validate_whole(parts_, projects_, project_, checked_.after)
                                          : validate_step(parts_, projects_, project_, checked_.before, checked_.after);
    if (!gate) return not_made(gate.error(), required);
    tell(revision::to_json(*gate, required));
    if (gate->compared.fresh.empty() && gate->compared.fresh_untold == 0) return {};
    return Error{ErrorCode::denied, "check validate: " + revision::in_words(gate->compared, !checked_.as_a_whole)};
  }

  // Nobody takes for passed what was not looked at.
  Result<> not_made(const Error& error, bool required) {
    text::JsonWriter json;
    json.begin_object().member("check", validate_check).member("state", "notChecked").member("required", required);
    tell(std::move(json.member("why", error.message).end_object()).take());
    return Error{ErrorCode::denied, "check validate: not made: " + error.message};
  }

  Result<> reported(const std::string& name) {
    std::vector<store::Check> all;
    const Result<> done = parts_.store.read([&](store::Tables& tables) -> Result<> {
      AECOS_TRY_ASSIGN(all, tables.checks(project_.name, checked_.commit.hex()));
      return {};
    });
    AECOS_TRY(done);
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
    if (found == all.end())
      return Error{ErrorCode::denied,
                   "check " + name + ": nothing was reported for " + checked_.commit.hex().substr(0, 10)};
    if (found->state == "passed") return {};
    return Error{ErrorCode::denied,
                 "check " + name + ": " + found->state + (found->summary.empty() ? "" : ": " + found->summary)};
  }

  const Parts& parts_;
  Projects& projects_;
  OpenProject& project_;
  const Checked& checked_;
  ChecksMade made_;
  std::string told_;
};

}  // namespace

Result<> check_extent(const git::Repository& repository, TreeId before, TreeId after) {
  AECOS_TRY(Extent(repository).of(before, after, 0));
  return {};
}

Result<std::vector<policy::FileChange>> look_at_changes(OpenProject& project, TreeId before, TreeId after) {
  AECOS_TRY(check_extent(project.repository, before, after));
  AECOS_TRY_ASSIGN(const auto files, revision::difference(project.repository, before, after));
  for (const revision::FileDifference& file : files) {
    if (file.after) AECOS_TRY(check_entry(project, file.path, *file.after));
  }
  return revision::judged(project.library(), before, after);
}

bool is_own_check(const std::string& name) { return name == "readable" || name == validate_check; }

ChecksMade run_checks(const Parts& parts, Projects& projects, OpenProject& project, const Checked& checked) {
  return Running(parts, projects, project, checked).run();
}

}  // namespace aecos::hub
