#include "sync/history.h"

#include <algorithm>
#include <set>

#include "diff/diff.h"
#include "git/program.h"
#include "os/path.h"

namespace aecos::sync {
namespace {

std::vector<std::string> lines_of(std::string_view text, char end) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    std::size_t stop = std::min(text.find(end), text.size());
    if (stop > 0) lines.emplace_back(text.substr(0, stop));
    text.remove_prefix(std::min(text.size(), stop + 1));
  }
  return lines;
}

class Finder {
 public:
  Finder(Workspace& workspace, CommitId commit, const std::string& global_id)
      : workspace_(workspace), commit_(commit), global_id_(global_id) {}

  Result<std::vector<std::string>> run() {
    AECOS_TRY_ASSIGN(TreeId tree, workspace_.tree_of(commit_));
    AECOS_TRY_ASSIGN(std::vector<TreeEntry> top, workspace_.repository.read_tree(tree));
    std::vector<std::string> folders, others;
    for (const TreeEntry& entry : top) {
      if (entry.name == "elements" && entry.is_folder()) {
        AECOS_TRY_ASSIGN(folders, element_folders(entry.tree_id()));
      } else if (entry.name != ".aecos") {
        others.push_back(entry.name);
      }
    }
    folders.insert(folders.end(), others.begin(), others.end());
    AECOS_TRY_ASSIGN(std::vector<std::string> found, grep(folders));
    if (found.empty()) {
      AECOS_TRY_ASSIGN(found, grep({"elements"}));
    }
    if (found.empty()) return once();
    return found;
  }

 private:
  // elements/NAME-3cUkl32y for 3cUkl32yn9qRSPvBJVyWYp.
  Result<std::vector<std::string>> element_folders(TreeId elements) {
    std::vector<std::string> folders;
    std::string ending = "-" + global_id_.substr(0, 8);
    AECOS_TRY_ASSIGN(std::vector<TreeEntry> entries, workspace_.repository.read_tree(elements));
    for (const TreeEntry& entry : entries) {
      if (entry.name.ends_with(ending)) folders.push_back("elements/" + entry.name);
    }
    return folders;
  }

  Result<std::vector<std::string>> grep(const std::vector<std::string>& paths) {
    std::vector<std::string> found;
    if (paths.empty()) return found;
    std::vector<std::string> arguments{"grep", "-l", "-z", "-F", "-a", "-e", global_id_, commit_.hex(), "--"};
    arguments.insert(arguments.end(), paths.begin(), paths.end());
    AECOS_TRY_ASSIGN(os::Finished finished, workspace_.program.try_run(arguments));
    if (finished.status > 1) return Error{ErrorCode::unavailable, "git grep: " + finished.error};
    for (const std::string& line : lines_of(finished.output, '\0')) found.push_back(line.substr(line.find(':') + 1));
    return found;
  }

  // Files that spoke of it and do not any more.
  Result<std::vector<std::string>> once() {
    AECOS_TRY_ASSIGN(std::string listed, workspace_.program.run({"log", "--format=", "--name-only", "-z",
                                                                 "-S" + global_id_, commit_.hex()}));
    std::set<std::string> paths;
    for (std::string& path : lines_of(listed, '\0')) {
      while (path.starts_with('\n')) path.erase(0, 1);
      if (!path.empty() && !path.starts_with(".aecos/")) paths.insert(path);
    }
    return std::vector<std::string>(paths.begin(), paths.end());
  }

  Workspace& workspace_;
  CommitId commit_;
  const std::string& global_id_;
};

// An element's folder of JSON and text has no GlobalId at each change: all that happens to those files is about it.
bool is_about(const diff::Change& change, const std::string& path, const std::string& global_id) {
  if (change.element.global_id == global_id) return true;
  if (change.kind == diff::ChangeKind::redrawn && change.at == global_id) return true;
  bool own_folder = path.find("-" + global_id.substr(0, 8) + "/") != std::string::npos;
  return change.element.global_id.empty() && own_folder;
}

bool is_place(const diff::Change& change, const std::string& place) {
  if (place.empty() || change.at == place) return true;
  return change.at.size() > place.size() && change.at.ends_with(place) &&
         std::string_view("./").find(change.at[change.at.size() - place.size() - 1]) != std::string_view::npos;
}

// Which places are looked for on one line of history: these, or all but these.
struct Wanted {
  bool all_but = true;
  std::set<std::string> places;
  bool has(const std::string& at) const { return places.contains(at) != all_but; }
  bool nothing() const { return !all_but && places.empty(); }
};

class Blamer {
 public:
  Blamer(Workspace& workspace, const std::string& global_id, const std::string& place)
      : workspace_(workspace), global_id_(global_id), place_(place) {}

  Result<> run(CommitId from, const std::string& path) {
    open_.push_back({from, path, {}});
    while (!open_.empty()) {
      Line line = std::move(open_.back());
      open_.pop_back();
      AECOS_TRY(follow(std::move(line)));
    }
    return {};
  }

  std::vector<Blame> take() { return std::move(found_); }

 private:
  struct Line {
    CommitId commit;
    std::string path;
    Wanted wanted;
  };
  using Changes = std::vector<diff::Change>;

  Result<> follow(Line line) {
    while (line.commit && !line.wanted.nothing()) {
      AECOS_TRY_ASSIGN(git::Commit commit, workspace_.repository.read_commit(line.commit));
      AECOS_TRY_ASSIGN(BlobId blob, blob_at(commit.tree, line.path));
      if (commit.parents.size() > 1) {
        AECOS_TRY_ASSIGN(bool same, same_parent(commit, blob, line));
        if (same) continue;
        return split(commit, line);
      }
      AECOS_TRY_ASSIGN(bool more, attribute(commit, line));
      if (!more) return {};
    }
    return {};
  }

  Result<BlobId> blob_at(TreeId tree, const std::string& path) {
    AECOS_TRY_ASSIGN(std::optional<TreeEntry> entry, workspace_.repository.find_entry(tree, path));
    return entry ? entry->id : BlobId{};
  }

  Result<bool> same_parent(const git::Commit& commit, BlobId blob, Line& line) {
    for (CommitId parent : commit.parents) {
      AECOS_TRY_ASSIGN(TreeId tree, workspace_.tree_of(parent));
      AECOS_TRY_ASSIGN(BlobId theirs, blob_at(tree, line.path));
      if (theirs != blob) continue;
      line.commit = parent;
      return true;
    }
    return false;
  }

  // Each place goes on with the parent that has it as the merge has it; the merge's own are attributed to it.
  Result<> split(const git::Commit& merge, const Line& line) {
    std::vector<Changes> changes;
    for (CommitId parent : merge.parents) {
      AECOS_TRY_ASSIGN(Changes against, changes_since(parent, merge, line.path));
      changes.push_back(std::move(against));
    }
    Line first{merge.parents[0], line.path, line.wanted};
    bool came = false;  // The element is not in the first parent at all.
    for (const diff::Change& change : changes[0]) {
      if (!line.wanted.has(change.at)) continue;
      take_out(first.wanted, change.at);
      AECOS_TRY(pass_on(merge, line, change, changes));
      came = came || change.kind == diff::ChangeKind::added;
    }
    if (!came) open_.push_back(std::move(first));
    return {};
  }

  Result<> pass_on(const git::Commit& merge, const Line& line, const diff::Change& change,
                   const std::vector<Changes>& changes) {
    for (std::size_t i = 1; i < changes.size(); ++i) {
      bool differs = std::any_of(changes[i].begin(), changes[i].end(),
                                 [&](const diff::Change& other) { return other.at == change.at; });
      if (differs) continue;
      // An element that came from there came with all its places.
      bool whole = change.kind == diff::ChangeKind::added;
      open_.push_back({merge.parents[i], line.path, whole ? line.wanted : Wanted{false, {change.at}}});
      return {};
    }
    report(merge, line.path, change);
    return {};
  }

  static void take_out(Wanted& wanted, const std::string& at) {
    wanted.all_but ? static_cast<void>(wanted.places.insert(at)) : static_cast<void>(wanted.places.erase(at));
  }

  // False: the element was not there before.
  Result<bool> attribute(const git::Commit& commit, Line& line) {
    CommitId parent = commit.parents.empty() ? CommitId{} : commit.parents[0];
    AECOS_TRY_ASSIGN(TreeId before_tree, workspace_.tree_of(parent));
    AECOS_TRY_ASSIGN(BlobId before, blob_at(before_tree, line.path));
    AECOS_TRY_ASSIGN(BlobId after, blob_at(commit.tree, line.path));
    line.commit = parent;
    if (before == after) return true;
    if (!before) {
      AECOS_TRY_ASSIGN(std::string old_path, renamed_from(before_tree, commit.tree, line.path, after));
      if (!old_path.empty()) {
        line.path = old_path;
        return true;
      }
    }
    AECOS_TRY_ASSIGN(Changes changes, compare(line.path, before, after));
    bool came = false;
    for (const diff::Change& change : changes) {
      came = came || change.kind == diff::ChangeKind::added || change.kind == diff::ChangeKind::redrawn;
      if (!line.wanted.has(change.at)) continue;
      report(commit, line.path, change);
      take_out(line.wanted, change.at);
    }
    return !came && parent;
  }

  Result<std::string> renamed_from(TreeId before, TreeId after, const std::string& path, BlobId blob) {
    AECOS_TRY_ASSIGN(std::vector<FileDifference> files, difference(workspace_.repository, before, after));
    std::string same_name;
    for (const FileDifference& file : files) {
      if (file.after || !file.before) continue;
      if (file.before->id == blob) return file.path;
      if (os::name_of(file.path) == os::name_of(path)) same_name = file.path;
    }
    return same_name;
  }

  Result<Changes> changes_since(CommitId parent, const git::Commit& commit, const std::string& path) {
    AECOS_TRY_ASSIGN(TreeId tree, workspace_.tree_of(parent));
    AECOS_TRY_ASSIGN(BlobId before, blob_at(tree, path));
    AECOS_TRY_ASSIGN(BlobId after, blob_at(commit.tree, path));
    return compare(path, before, after);
  }

  Result<Changes> compare(const std::string& path, BlobId before, BlobId after) {
    AECOS_TRY_ASSIGN(std::string old_bytes, read(before));
    AECOS_TRY_ASSIGN(std::string new_bytes, read(after));
    auto changes = diff::diff_file(path, old_bytes, new_bytes);
    if (!changes) return Changes{};  // A version that cannot be read says nothing of anybody.
    std::erase_if(*changes, [&](const diff::Change& change) { return !is_about(change, path, global_id_); });
    return *std::move(changes);
  }

  Result<std::string> read(BlobId id) {
    if (!id) return std::string();
    return workspace_.repository.read_blob(id);
  }

  void report(const git::Commit& commit, const std::string& path, const diff::Change& change) {
    bool whole = change.kind == diff::ChangeKind::added || change.kind == diff::ChangeKind::removed ||
                 change.kind == diff::ChangeKind::redrawn;
    if (whole || is_place(change, place_)) found_.push_back({path, change, commit});
  }

  Workspace& workspace_;
  const std::string& global_id_;
  const std::string& place_;
  std::vector<Line> open_;
  std::vector<Blame> found_;
};

Error unknown(const std::string& global_id) {
  return {ErrorCode::not_found, global_id + ": no file of the project speaks of this GlobalId"};
}

}  // namespace

Result<std::vector<std::string>> files_with(Workspace& workspace, CommitId commit, const std::string& global_id) {
  return Finder(workspace, commit, global_id).run();
}

Result<> walk_element(Workspace& workspace, CommitId from, const std::string& global_id,
                      const std::function<bool(const ElementEdit&)>& visit) {
  AECOS_TRY_ASSIGN(std::vector<std::string> paths, files_with(workspace, from, global_id));
  if (paths.empty()) return unknown(global_id);
  std::vector<ElementEdit> edits;
  for (const std::string& path : paths) {
    AECOS_TRY(revision::walk_edits(workspace.library(), {from, {}, path}, [&](const revision::FileEdit& edit) {
      ElementEdit about{edit.commit, path, edit.changes};
      std::erase_if(about.changes, [&](const diff::Change& change) { return !is_about(change, path, global_id); });
      if (!about.changes.empty()) edits.push_back(std::move(about));
      return true;
    }));
  }
  if (paths.size() > 1) {
    std::stable_sort(edits.begin(), edits.end(), [](const ElementEdit& a, const ElementEdit& b) {
      return a.commit.committer.time_s > b.commit.committer.time_s;
    });
  }
  for (const ElementEdit& edit : edits) {
    if (!visit(edit)) break;
  }
  return {};
}

Result<std::vector<Blame>> blame(Workspace& workspace, CommitId from, const std::string& global_id,
                                 const std::string& place) {
  AECOS_TRY_ASSIGN(std::vector<std::string> paths, files_with(workspace, from, global_id));
  if (paths.empty()) return unknown(global_id);
  Blamer blamer(workspace, global_id, place);
  for (const std::string& path : paths) AECOS_TRY(blamer.run(from, path));
  return blamer.take();
}

}  // namespace aecos::sync
