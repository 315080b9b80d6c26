#include "revision/agreement.h"

#include "element/agree.h"
#include "element/folder.h"
#include "merge/normalise.h"
#include "os/clock.h"
#include "revision/content.h"
#include "text/json.h"

namespace aecos::revision {
namespace {

using element::ifc_file, element::metadata_file;

class Agreer {
 public:
  Agreer(const Library& library, TreeId base, TreeId tree, const Maker& maker)
      : library_(library), source_(library), base_(base), tree_(tree), maker_(maker) {}

  Result<> add(const std::string& folder) {
    const std::string metadata_path = folder + "/" + std::string(metadata_file);
    const std::string ifc_path = folder + "/" + std::string(ifc_file);
    AECOS_TRY_ASSIGN(const auto metadata_entry, regular(tree_, metadata_path));
    AECOS_TRY_ASSIGN(const auto ifc_entry, regular(tree_, ifc_path));
    if (!metadata_entry || !ifc_entry) return {};
    AECOS_TRY_ASSIGN(const std::string old_metadata, content(base_, metadata_path));
    AECOS_TRY_ASSIGN(const std::string old_ifc, content(base_, ifc_path));
    AECOS_TRY_ASSIGN(const std::string metadata, source_.content(metadata_entry->id, metadata_path));
    AECOS_TRY_ASSIGN(const std::string ifc, source_.content(ifc_entry->id, ifc_path));
    auto agreed = element::agree(old_metadata, old_ifc, metadata, ifc, [&] { return frame_of(metadata); });
    if (!agreed) return {};  // A file that cannot be read states nothing.
    if (agreed->ifc != ifc)
      if (auto same = merge::normalise_ifc(ifc, agreed->ifc)) agreed->ifc = *std::move(same);
    if (agreed->metadata != metadata) AECOS_TRY(put(metadata_path, *metadata_entry, agreed->metadata));
    if (agreed->ifc != ifc) AECOS_TRY(put(ifc_path, *ifc_entry, agreed->ifc));
    if (!agreed->disagreements.empty()) AECOS_TRY(record(metadata_path, old_metadata, agreed->metadata, metadata));
    return {};
  }

  Agreed take() && { return std::move(agreed_); }

 private:
  // Of the model that metadata.json names, or of the only one; empty: there is none.
  Result<std::string> frame_of(const std::string& metadata) {
    AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(metadata));
    std::string model(document.root()["model"].as_string().value_or(""));
    if (model.empty()) {
      AECOS_TRY_ASSIGN(const auto folder, library_.repository.find_entry(tree_, "models"));
      if (!folder || !folder->is_folder()) return std::string();
      AECOS_TRY_ASSIGN(const auto entries, library_.repository.read_tree(folder->tree_id()));
      std::vector<std::string> names;
      for (const TreeEntry& entry : entries) {
        AECOS_TRY_ASSIGN(const auto frame, regular(tree_, "models/" + entry.name + "/frame.ifc"));
        if (frame) names.push_back(entry.name);
      }
      if (names.size() != 1) return std::string();
      model = names.front();
    }
    return content(tree_, "models/" + model + "/frame.ifc");
  }

  Result<std::optional<TreeEntry>> regular(TreeId tree, const std::string& path) {
    if (!tree) return std::optional<TreeEntry>();
    AECOS_TRY_ASSIGN(auto found, library_.repository.find_entry(tree, path));
    if (found && !found->is_regular()) return std::optional<TreeEntry>();
    return found;
  }

  Result<std::string> content(TreeId tree, const std::string& path) {
    AECOS_TRY_ASSIGN(const auto entry, regular(tree, path));
    if (!entry) return std::string();
    return source_.content(entry->id, path);
  }

  Result<> put(const std::string& path, const TreeEntry& entry, const std::string& bytes) {
    AECOS_TRY_ASSIGN(const BlobId id, source_.store(path, bytes, entry.id));
    agreed_.edits.push_back({path, false, entry.mode, id});
    return {};
  }

  // The two files met like two sides of a merge: the model's word, and the other one that did not stand.
  Result<> record(const std::string& path, const std::string& base, const std::string& ours,
                  const std::string& theirs) {
    merge::Options options;
    options.path = path;
    options.policy = merge::Policy::ours;
    merge::Outcome met = merge::merge_any(base, ours, theirs, options);
    // What element.ifc has no place for is as it was: in a merge, theirs would stand.
    if (met.conflicts.empty()) met = merge::merge_any("{}", ours, theirs, options);
    for (const merge::Conflict& conflict : met.conflicts) {
      const std::string at = record_path(conflict.id);
      AECOS_TRY_ASSIGN(const auto known, regular(tree_, at));
      if (known) continue;
      Record record{conflict, path, maker_.branch, os::to_utc_text(maker_.signature.time_s * 1'000'000), {}, {}, {}};
      record.conflict.because = "element.ifc says so";
      AECOS_TRY_ASSIGN(record.base.file, kept(base));
      AECOS_TRY_ASSIGN(record.ours.file, kept(ours));
      AECOS_TRY_ASSIGN(record.theirs.file, kept(theirs));
      record.ours.author = record.theirs.author = maker_.signature.name;
      AECOS_TRY_ASSIGN(const std::string json, to_json(record, [&](std::string_view bytes) { return keep(bytes); }));
      AECOS_TRY_ASSIGN(const BlobId blob, library_.repository.write_blob(json));
      agreed_.edits.push_back({at, false, FileMode::file, blob});
      agreed_.opened.push_back(std::move(record));
    }
    return {};
  }

  // By the hash under which a commit holds it, so that whoever resolves has it.
  Result<std::string> keep(std::string_view bytes) {
    AECOS_TRY_ASSIGN(const BlobId blob, library_.repository.write_blob(bytes));
    const std::string path = large_value_path(blob.hex());
    for (const TreeEdit& edit : agreed_.edits)
      if (edit.path == path) return blob.hex();
    agreed_.edits.push_back({path, false, FileMode::file, blob});
    return blob.hex();
  }

  // As commits hold it; where they do not, the value alone is left of it.
  Result<std::string> kept(const std::string& bytes) {
    if (bytes.empty()) return std::string();
    AECOS_TRY_ASSIGN(const BlobId blob, library_.repository.write_blob(bytes));
    return blob.hex();
  }

  Library library_;
  GitTreeSource source_;
  TreeId base_, tree_;
  const Maker& maker_;
  Agreed agreed_;
};

}  // namespace

std::string element_folder(std::string_view path) {
  const std::string start = std::string(element::folders_path) + "/";
  if (!path.starts_with(start)) return {};
  for (const std::string_view file : {metadata_file, ifc_file}) {
    const std::size_t end = path.size() - std::min(path.size(), file.size() + 1);
    if (!path.ends_with(file) || end <= start.size() || path[end] != '/') continue;
    const std::string_view folder = path.substr(0, end);
    if (folder.find('/', start.size()) == std::string_view::npos) return std::string(folder);
  }
  return {};
}

Result<Agreed> agree(const Library& library, TreeId base, TreeId tree, const std::set<std::string>& folders,
                     const Maker& maker) {
  Agreer agreer(library, base, tree, maker);
  for (const std::string& folder : folders) AECOS_TRY(agreer.add(folder));
  return std::move(agreer).take();
}

}  // namespace aecos::revision
