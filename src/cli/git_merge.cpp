#include "cli/git_merge.h"

#include <charconv>

#include "git/program.h"
#include "git/repository.h"
#include "merge/merge.h"
#include "os/path.h"
#include "revision/project.h"
#include "revision/words.h"
#include "sync/local_records.h"

namespace aecos::cli {
namespace {

struct Versions {
  std::string base, ours, theirs;
  bool is_lfs = false;
};

class FileMerge {
 public:
  FileMerge(Context& context, const GitMerge& merge, git::Repository repository)
      : context_(context),
        merge_(merge),
        repository_(std::move(repository)),
        program_(context.processes,
                 repository_.work_tree().empty() ? repository_.git_folder() : repository_.work_tree()),
        state_(os::join(repository_.git_folder(), "aecos")) {}

  Result<int> run() {
    read_project();
    AECOS_TRY_ASSIGN(const Versions versions, read_versions());
    merge::Options options;
    options.path = merge_.path;
    options.policy = project_.policy;
    options.integrated = is_theirs_integrated() ? merge::Side::theirs : merge::Side::ours;
    const bool inner = is_of_ancestors();
    if (inner) options.policy = merge::Policy::base;
    const merge::Outcome outcome = merge::merge_any(versions.base, versions.ours, versions.theirs, options);
    std::string merged = outcome.merged;
    if (versions.is_lfs) {
      AECOS_TRY_ASSIGN(merged, program_.write_lfs(outcome.merged, merge_.path));
    }
    if (!inner) AECOS_TRY(record(outcome));
    AECOS_TRY(context_.files.write(context_.path(merge_.ours), merged));
    if (inner || outcome.conflicts.empty()) return exit_ok;
    context_.terminal.warn(told(outcome));
    return exit_findings;
  }

 private:
  void read_project() {
    if (repository_.work_tree().empty()) return;
    const auto json = context_.files.read(os::join(repository_.work_tree(), std::string(revision::project_path)));
    auto project = json ? revision::parse_project(*json) : Result<revision::Project>(json.error());
    if (project) project_ = *std::move(project);
  }

  // Content that lies in Git LFS is merged, not its pointers.
  Result<Versions> read_versions() {
    Versions versions;
    AECOS_TRY_ASSIGN(versions.base, read(merge_.base, versions.is_lfs));
    AECOS_TRY_ASSIGN(versions.theirs, read(merge_.theirs, versions.is_lfs));
    versions.is_lfs = false;  // Stored as ours was.
    AECOS_TRY_ASSIGN(versions.ours, read(merge_.ours, versions.is_lfs));
    return versions;
  }

  Result<std::string> read(const std::string& file, bool& is_lfs) {
    AECOS_TRY_ASSIGN(std::string bytes, context_.files.read(context_.path(file)));
    if (!git::parse_lfs_pointer(bytes)) return bytes;
    is_lfs = true;
    return program_.read_lfs(bytes, merge_.path);
  }

  // git tells by variables which commits it merges in.
  bool is_theirs_integrated() {
    for (const std::string& name :
         {"refs/remotes/" + project_.remote + "/" + project_.shared_branch, "refs/heads/" + project_.shared_branch}) {
      const auto tip = repository_.read_ref(name);
      if (tip && *tip && context_.environment.variable("GITHEAD_" + (*tip)->hex())) return true;
    }
    return false;
  }

  // Several common ancestors are merged into one first, with longer conflict markers.
  bool is_of_ancestors() {
    constexpr int usual = 7;
    if (merge_.marker_size <= usual) return false;
    const auto told = program_.run({"check-attr", "-z", "conflict-marker-size", "--", merge_.path});
    int own = usual;
    if (told) {
      std::string_view value = *told;
      if (value.ends_with('\0')) value.remove_suffix(1);
      value.remove_prefix(value.rfind('\0') + 1);
      (void)std::from_chars(value.data(), value.data() + value.size(), own);
    }
    return merge_.marker_size > own;
  }

  Result<> record(const merge::Outcome& outcome) {
    AECOS_TRY(sync::drop_local_records(context_.files, state_, merge_.path));
    if (outcome.conflicts.empty()) return {};
    revision::Record common;
    common.path = merge_.path;
    common.opened = os::to_utc_text(context_.clock.now_us() / 1'000'000 * 1'000'000);
    AECOS_TRY_ASSIGN(common.base.file, blob_of(merge_.base));
    AECOS_TRY_ASSIGN(common.ours.file, blob_of(merge_.ours));
    AECOS_TRY_ASSIGN(common.theirs.file, blob_of(merge_.theirs));
    if (const auto head = repository_.read_ref("HEAD"); head && *head) common.ours.commit = (*head)->hex();
    if (const auto branch = repository_.head_branch(); branch && *branch)
      common.branch = (*branch)->substr(std::string_view("refs/heads/").size());
    std::vector<revision::Record> records;
    for (const merge::Conflict& conflict : outcome.conflicts) {
      records.push_back(common);
      records.back().conflict = conflict;
    }
    return sync::write_local_records(context_.files, state_, records);
  }

  Result<std::string> blob_of(const std::string& file) {
    AECOS_TRY_ASSIGN(const os::MappedFile bytes, context_.files.map(context_.path(file)));
    return bytes.bytes().empty() ? std::string() : git::hash_blob(bytes.bytes()).hex();
  }

  std::string told(const merge::Outcome& outcome) const {
    const std::size_t count = outcome.conflicts.size();
    std::string line =
        merge_.path + ": merged with " + std::to_string(count) + (count == 1 ? " conflict" : " conflicts");
    constexpr std::size_t shown_max = 3;
    for (std::size_t i = 0; i < std::min(count, shown_max); ++i) {
      const merge::Conflict& conflict = outcome.conflicts[i];
      const std::string who = revision::title(conflict.element);
      line += (i == 0 ? ": " : ", ") + (who.empty() ? "" : who + " ") +
              (conflict.at.empty() ? "the whole file" : conflict.at) + " (" + std::string(to_string(conflict.chosen)) +
              " stands)";
    }
    return line + (count > shown_max ? " …" : "") + "; see aecos conflicts, settle with aecos resolve or git add";
  }

  Context& context_;
  const GitMerge& merge_;
  git::Repository repository_;
  git::Program program_;
  std::string state_;
  revision::Project project_;
};

}  // namespace

Result<int> run_git_merge(Context& context, const GitMerge& merge) {
  AECOS_TRY_ASSIGN(git::Repository repository, git::Repository::open(context.directory));
  auto status = FileMerge(context, merge, std::move(repository)).run();
  if (status) return status;
  // A higher status would make git stop in the middle of the merge.
  context.terminal.fail({status.error().code, merge.path + ": not merged, ours stays: " + status.error().message});
  return exit_findings;
}

}  // namespace aecos::cli
