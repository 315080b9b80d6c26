#include "cli/demo_proof.h"

#include <algorithm>

#include "diff/ifc.h"
#include "os/path.h"
#include "revision/words.h"
#include "sample/house.h"

namespace aecos::cli {
namespace {

// What one person has: twice the model, in the repository and in the folder.
struct Holding {
  std::string committed, saved;
  bool has_records = false;  // The conflicts as recorded then are in this repository's history.
};

Result<bool> has_records(const sync::Workspace& at, CommitId head, const DemoRecords& conflicts) {
  AECOS_TRY_ASSIGN(const bool later, at.repository.is_ancestor(conflicts.commit, head));
  for (const revision::Record& record : conflicts.records) {
    const std::string path = revision::record_path(record.conflict.id);
    AECOS_TRY_ASSIGN(const BlobId id, at.repository.resolve_blob(conflicts.commit.hex() + ":" + path));
    AECOS_TRY_ASSIGN(const std::string text, at.repository.read_blob(id));
    AECOS_TRY_ASSIGN(const revision::Record there, revision::parse_record(text));
    if (there.conflict.ours != record.conflict.ours || there.conflict.theirs != record.conflict.theirs) return false;
  }
  return later;
}

Result<Holding> look_at(DemoTeam& team, std::size_t person, const DemoRecords& conflicts, DemoProof& proof) {
  AECOS_TRY_ASSIGN(sync::Workspace at, team.workspace(person));
  AECOS_TRY_ASSIGN(const sync::Workspace::Head head, at.head());
  AECOS_TRY_ASSIGN(const TreeId tree, at.tree_of(head.commit));
  proof.trees.push_back(tree);
  AECOS_TRY_ASSIGN(const auto changes, at.program.changes());
  if (changes.empty()) ++proof.clean;
  Holding holding;
  AECOS_TRY_ASSIGN(const BlobId id, at.repository.resolve_blob(head.commit.hex() + ":" + demo_model));
  AECOS_TRY_ASSIGN(holding.committed, at.repository.read_blob(id));
  AECOS_TRY_ASSIGN(const DemoView view, team.look(person));
  holding.saved = view.model;
  AECOS_TRY_ASSIGN(holding.has_records, has_records(at, head.commit, conflicts));
  return holding;
}

// The model as it is when all edits are made one after the other, without any merge. Of edits that contradict each
// other only those that stand.
Result<std::string> expected_model(const std::vector<DemoEdit>& edits, const sample::Editor& merged) {
  std::string text = sample::house();
  for (const DemoEdit& edit : edits) {
    const auto contradicts = [&](const DemoEdit& other) {
      return &other != &edit && !edit.at.empty() && other.at == edit.at && other.element == edit.element;
    };
    if (std::any_of(edits.begin(), edits.end(), contradicts) && !edit.is_in(merged)) continue;
    AECOS_TRY_ASSIGN(sample::Editor editor, open_demo_model(text, edit.person, edit.round));
    AECOS_TRY(edit.make(editor));
    text = editor.text();
  }
  return text;
}

Result<> compare(const std::vector<DemoEdit>& edits, const sample::Editor& merged, const std::string& text,
                 DemoProof& proof) {
  AECOS_TRY_ASSIGN(const std::string expected, expected_model(edits, merged));
  AECOS_TRY_ASSIGN(const std::vector<diff::Change> differences, diff::diff_ifc(expected, text));
  for (const diff::Change& change : differences)
    proof.invented.push_back(revision::title(change.element) + ": " + revision::describe(change, true));
  return {};
}

}  // namespace

bool DemoProof::identical() const {
  return !trees.empty() && std::equal(trees.begin() + 1, trees.end(), trees.begin());
}

bool DemoProof::holds() const {
  return trees.size() == demo_people_count && identical() && clean == demo_people_count && lost.empty() &&
         invented.empty();
}

Result<DemoProof> prove(DemoTeam& team, const std::vector<DemoEdit>& edits, const DemoRecords& conflicts) {
  DemoProof proof;
  std::vector<sample::Editor> models;
  std::string text;
  bool all_have_records = true;
  for (std::size_t person = 0; person < demo_people_count; ++person) {
    AECOS_TRY_ASSIGN(Holding holding, look_at(team, person, conflicts, proof));
    all_have_records = all_have_records && holding.has_records;
    for (const std::string* version : {&holding.committed, &holding.saved}) {
      AECOS_TRY_ASSIGN(sample::Editor model, sample::Editor::open(*version, ""));
      models.push_back(std::move(model));
    }
    text = std::move(holding.committed);
  }
  for (const DemoEdit& edit : edits) {
    if (std::all_of(models.begin(), models.end(), [&](const sample::Editor& model) { return edit.is_in(model); })) {
      ++proof.in_model;
    } else if (all_have_records && is_recorded(edit, conflicts.records)) {
      ++proof.recorded;
    } else {
      proof.lost.push_back(std::string(demo_people[edit.person].name) + ": " + edit.what);
    }
  }
  AECOS_TRY(compare(edits, models.front(), text, proof));
  return proof;
}

}  // namespace aecos::cli
