#include "hub/forge_report.h"

#include <map>

#include "base/sha256.h"
#include "diff/brief.h"
#include "diff/summary.h"
#include "merge/tree.h"
#include "revision/content.h"
#include "revision/record.h"

namespace aecos::hub {
namespace {

constexpr std::size_t summary_max = 200, shown_max = 100, lines_max = 2000;
constexpr revision::DiffBudget budget{64U << 20U, 200};

// Keeps merged files for itself.
class DrySource final : public merge::TreeSource {
 public:
  explicit DrySource(const revision::Library& library) : source_(library) {}
  Result<std::vector<TreeEntry>> entries(TreeId id) override { return source_.entries(id); }
  Result<std::string> content(BlobId id, std::string_view path) override {
    const auto made = made_.find(id);
    return made == made_.end() ? source_.content(id, path) : Result<std::string>(made->second);
  }
  Result<BlobId> store(std::string_view, std::string_view bytes, BlobId) override {
    constexpr std::size_t id_digits = 40;
    const auto id = BlobId::from_hex(sha256_hex(bytes).substr(0, id_digits));
    made_[*id] = bytes;
    return *id;
  }

 private:
  revision::GitTreeSource source_;
  std::map<BlobId, std::string> made_;
};

std::string name_of(const diff::ElementRef& element, const std::string& path) {
  const std::string title = diff::title(element);
  return title.empty() ? path.substr(path.rfind('/') + 1) : title;
}

forge::ReportLine line_of(const diff::Change& change, const std::string& path) {
  forge::ReportLine line{name_of(change.element, path), diff::in_words(change), "", ""};
  const bool is_value = change.kind == diff::ChangeKind::property || change.kind == diff::ChangeKind::quantity ||
                        change.kind == diff::ChangeKind::attribute || change.kind == diff::ChangeKind::renamed ||
                        change.kind == diff::ChangeKind::material || change.kind == diff::ChangeKind::text;
  if (!is_value || (!change.before && !change.after)) return line;
  const diff::Shown shown = diff::show_both(change, shown_max);
  line.what = change.kind == diff::ChangeKind::renamed ? "name" : diff::place_in_words(change);
  line.before = shown.before;
  line.after = shown.after;
  return line;
}

void add_changes(const std::vector<diff::FileChanges>& all, forge::Report& report) {
  const std::vector<diff::FileChanges> files = diff::brief(all);
  report.summary = diff::summarise(files, summary_max);
  for (const diff::FileChanges& file : files) {
    report.changes_in_all += file.changes.empty() ? 1 : file.changes.size();
    if (file.changes.empty() && report.changes.size() < lines_max)
      report.changes.push_back({file.path, file.note, "", ""});
    for (const diff::Change& change : file.changes) {
      if (report.changes.size() < lines_max) report.changes.push_back(line_of(change, file.path));
    }
  }
}

forge::ReportLine line_of(const merge::PathConflict& found) {
  const merge::Conflict& conflict = found.conflict;
  const std::string kind(merge::to_string(conflict.kind));
  return {name_of(conflict.element, found.path), conflict.at.empty() ? kind : conflict.at + " (" + kind + ")",
          diff::show(conflict.ours, shown_max), diff::show(conflict.theirs, shown_max)};
}

Result<> add_conflicts(const revision::Library& library, TreeId base, TreeId ours, TreeId theirs,
                       forge::Report& report) {
  DrySource source(library);
  AECOS_TRY_ASSIGN(const merge::TreeOutcome outcome, merge::merge_trees(source, base, ours, theirs, {}));
  for (const merge::PathConflict& found : outcome.conflicts) {
    if (revision::is_in_records(found.path)) continue;
    ++report.conflicts_in_all;
    if (report.conflicts.size() < lines_max) report.conflicts.push_back(line_of(found));
  }
  return {};
}

}  // namespace

bool has_both(const OpenProject& project, CommitId target, CommitId source) {
  return target && source && project.repository.has_object(target) && project.repository.has_object(source);
}

Result<forge::Report> report_of(OpenProject& project, CommitId target, CommitId source) {
  const revision::Library library = project.library();
  AECOS_TRY_ASSIGN(const std::vector<CommitId> bases, project.repository.merge_bases(target, source));
  const CommitId base = bases.empty() ? CommitId{} : bases[0];
  AECOS_TRY_ASSIGN(const TreeId base_tree, library.tree_of(base));
  AECOS_TRY_ASSIGN(const TreeId ours, library.tree_of(target));
  AECOS_TRY_ASSIGN(const TreeId theirs, library.tree_of(source));
  AECOS_TRY_ASSIGN(const auto files, revision::difference(project.repository, base_tree, theirs));
  forge::Report report;
  report.project = project.name;
  report.commit = source.hex();
  add_changes(revision::changes_of(library, files, budget), report);
  if (base != target && base != source) AECOS_TRY(add_conflicts(library, base_tree, ours, theirs, report));
  return report;
}

}  // namespace aecos::hub
