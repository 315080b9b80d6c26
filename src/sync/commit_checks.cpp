#include "sync/commit_checks.h"

#include <algorithm>
#include <array>
#include <set>

#include "check/soundness.h"
#include "check/waivers.h"
#include "element/agree.h"
#include "revision/agreement.h"
#include "revision/gate.h"
#include "sync/cost_check.h"
#include "sync/outcomes.h"
#include "sync/secrets.h"

namespace aecos::sync {
namespace {

// As it is in the project: of a file that Git LFS keeps, not the pointer.
Result<std::string> content_of(Workspace& workspace, const std::string& path, BlobId blob) {
  AECOS_TRY_ASSIGN(std::string bytes, workspace.repository.read_blob(blob));
  if (!git::parse_lfs_pointer(bytes)) return bytes;
  return workspace.library().large.read_lfs(bytes, path);
}

// Empty: there is no file.
Result<std::string> content_at(Workspace& workspace, TreeId tree, const std::string& path) {
  if (!tree) return std::string();
  AECOS_TRY_ASSIGN(const auto entry, workspace.repository.find_entry(tree, path));
  if (!entry || !entry->is_regular()) return std::string();
  return content_of(workspace, path, entry->id);
}

// What is out of reach is no fault, and holds up nobody who has something else to commit.
bool is_out_of_reach(const Error& error, std::vector<std::string>& unread) {
  const bool is_so = error.code == ErrorCode::unavailable || error.code == ErrorCode::not_found;
  if (is_so) unread.push_back(error.message);
  return is_so;
}

Result<std::vector<std::string>> check_soundness(Workspace& workspace, const std::vector<StagedFile>& files,
                                                 std::vector<std::string>& unread) {
  std::vector<std::string> lines;
  for (const StagedFile& file : files) {
    if (!file.after || !check::is_checked(file.path)) continue;
    const auto bytes = content_of(workspace, file.path, file.after);
    if (!bytes && is_out_of_reach(bytes.error(), unread)) continue;
    if (!bytes) return bytes.error();
    std::vector<check::SoundnessFault> faults = check::find_faults(file.path, *bytes);
    for (const BlobId before : file.before) {
      if (faults.empty()) break;
      const auto old = content_of(workspace, file.path, before);
      if (old) check::leave_out(faults, check::find_faults(file.path, *old));
    }
    for (const check::SoundnessFault& fault : faults)
      lines.push_back(file.path + ":" + fault.where + ": " + fault.what);
  }
  return lines;
}

// What the commit would have there; empty: nothing.
Result<std::string> committed(Workspace& workspace, TreeId head, const std::vector<StagedFile>& files,
                              const std::string& path) {
  for (const StagedFile& file : files) {
    if (file.path == path) return file.after ? content_of(workspace, path, file.after) : std::string();
  }
  return content_at(workspace, head, path);
}

// What only one of the files states is none.
bool is_contradiction(const element::Disagreement& each) { return !each.metadata.empty() && !each.ifc.empty(); }

bool contradicts(const std::vector<element::Disagreement>& found, const std::string& at) {
  return std::any_of(found.begin(), found.end(),
                     [&](const auto& each) { return each.at == at && is_contradiction(each); });
}

// The two files of an element's folder, before and after.
Result<std::vector<std::string>> check_folder(Workspace& workspace, TreeId head, const std::vector<StagedFile>& files,
                                              const std::string& folder) {
  const std::string metadata_path = folder + "/metadata.json", ifc_path = folder + "/element.ifc";
  AECOS_TRY_ASSIGN(const std::string metadata, committed(workspace, head, files, metadata_path));
  AECOS_TRY_ASSIGN(const std::string ifc, committed(workspace, head, files, ifc_path));
  if (metadata.empty() || ifc.empty()) return std::vector<std::string>();
  const auto found = element::disagreements(metadata, ifc);
  if (!found) return std::vector<std::string>();  // What cannot be read is the other check's.
  AECOS_TRY_ASSIGN(const std::string old_metadata, content_at(workspace, head, metadata_path));
  AECOS_TRY_ASSIGN(const std::string old_ifc, content_at(workspace, head, ifc_path));
  const auto old = element::disagreements(old_metadata, old_ifc);
  std::vector<std::string> lines;
  for (const element::Disagreement& each : *found) {
    if (!is_contradiction(each) || (old && contradicts(*old, each.at))) continue;
    lines.push_back(metadata_path + ": " + each.at + " is " + each.metadata + " here, and " + each.ifc +
                    " in element.ifc; aecos sync writes a change of one through to the other");
  }
  return lines;
}

Result<std::vector<std::string>> check_agreement(Workspace& workspace, const std::vector<StagedFile>& files,
                                                 std::vector<std::string>& unread) {
  std::set<std::string> folders;
  for (const StagedFile& file : files) folders.insert(revision::element_folder(file.path));
  folders.erase("");
  AECOS_TRY_ASSIGN(const auto commit, workspace.repository.read_ref("HEAD"));
  AECOS_TRY_ASSIGN(const TreeId head, workspace.tree_of(commit.value_or(CommitId{})));
  std::vector<std::string> lines;
  for (const std::string& folder : folders) {
    const auto found = check_folder(workspace, head, files, folder);
    if (!found && is_out_of_reach(found.error(), unread)) continue;
    if (!found) return found.error();
    lines.insert(lines.end(), found->begin(), found->end());
  }
  return lines;
}

bool is_required(const StagedFile& file) {
  return revision::is_looked_at(file.path) || file.path == check::waivers_path;
}

// What the project asks for; the rules of IFC and the agreement of files are the other checks'.
Result<std::vector<std::string>> check_requirements(Workspace& workspace, const std::vector<StagedFile>& files,
                                                    std::vector<std::string>& unread) {
  if (std::none_of(files.begin(), files.end(), is_required)) return std::vector<std::string>();
  AECOS_TRY_ASSIGN(const auto commit, workspace.repository.read_ref("HEAD"));
  AECOS_TRY_ASSIGN(const TreeId head, workspace.tree_of(commit.value_or(CommitId{})));
  std::vector<TreeEdit> edits;
  for (const StagedFile& file : files) edits.push_back({file.path, !file.after, FileMode::file, file.after});
  AECOS_TRY_ASSIGN(const TreeId after, workspace.repository.write_tree(head, edits));
  AECOS_TRY_ASSIGN(const std::vector<TreeId> others, merged_trees(workspace));
  revision::OutcomeStore outcomes(workspace.world.files, outcomes_folder(workspace));
  revision::GateWith with{revision::project_options(), check::day_of(workspace.world.clock.now_us()), &outcomes};
  with.options.rules_of_ifc = false;
  with.options.disagreements = nullptr;
  const revision::Library library = workspace.library();
  const auto gate = revision::pass_gate(library, head, after, with, others);
  std::vector<std::string> lines;
  if (!gate && is_out_of_reach(gate.error(), unread)) return lines;
  if (!gate) return gate.error();
  for (const check::Finding& finding : gate->compared.fresh) {
    // A folder that is not whole yet may be committed; that a model or metadata can be read at all is soundness'.
    if (finding.rule == "project-missing" || finding.rule == "ifc-unreadable") continue;
    if (finding.path.ends_with("/metadata.json")) continue;
    if (finding.rule == "project-file") {  // So is whether it is JSON.
      const auto bytes = committed(workspace, head, files, finding.path);
      if (bytes && !check::find_faults(finding.path, *bytes).empty()) continue;
    }
    std::string line = check::in_one_line(finding);
    if (!finding.mend.empty()) line += " (to mend it: " + finding.mend + ")";
    if (!finding.expired.empty()) line += " (the waiver " + finding.expired + " is over)";
    lines.push_back(std::move(line));
  }
  return lines;
}

Result<std::vector<std::string>> check_secrets(Workspace& workspace, const std::vector<StagedFile>& files,
                                               std::vector<std::string>&) {
  AECOS_TRY_ASSIGN(const std::vector<SecretAt> secrets, secrets_in(workspace, files));
  std::vector<std::string> lines;
  for (const SecretAt& secret : secrets) lines.push_back(revision::in_words(secret));
  return lines;
}

}  // namespace

std::span<const CommitCheck> commit_checks() {
  static constexpr std::array<CommitCheck, 5> checks{{{"soundness", check_soundness},
                                                      {"agreement", check_agreement},
                                                      {"validate", check_requirements},
                                                      {"secrets", check_secrets},
                                                      {"cost", tell_cost, true}}};
  return checks;
}

}  // namespace aecos::sync
