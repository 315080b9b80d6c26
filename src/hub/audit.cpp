#include "hub/audit.h"

#include <algorithm>
#include <map>

namespace aecos::hub {
namespace {

constexpr std::uint64_t events_a_file = 500;
constexpr std::size_t batch = 1000;

std::string path_of(std::uint64_t sequence) {
  std::string number = std::to_string((sequence - 1) / events_a_file + 1);
  return "events/" + std::string(6 - std::min<std::size_t>(6, number.size()), '0') + number + ".jsonl";
}

Result<std::vector<store::Event>> events_after(store::Store& store, const std::string& project, std::uint64_t after) {
  std::vector<store::Event> events;
  const Result<> done = store.read([&](store::Tables& tables) -> Result<> {
    store::EventQuery query;
    query.project = project;
    query.after = after;
    query.limit = batch;
    AECOS_TRY_ASSIGN(events, tables.events(query));
    return {};
  });
  AECOS_TRY(done);
  return events;
}

}  // namespace

Result<std::vector<std::string>> read_audit(const git::Repository& repository, CommitId commit) {
  std::vector<std::string> lines;
  AECOS_TRY_ASSIGN(const git::Commit read, repository.read_commit(commit));
  AECOS_TRY_ASSIGN(const auto folder, repository.find_entry(read.tree, "events"));
  if (!folder || !folder->is_folder()) return lines;
  AECOS_TRY_ASSIGN(const std::vector<TreeEntry> entries, repository.read_tree(folder->tree_id()));
  for (const TreeEntry& entry : entries) {
    AECOS_TRY_ASSIGN(const std::string bytes, repository.read_blob(entry.id));
    std::string_view rest = bytes;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      lines.emplace_back(rest.substr(0, end));
      rest.remove_prefix(std::min(rest.size(), end + 1));
    }
  }
  return lines;
}

Result<std::size_t> Audit::write(const std::string& project) {
  const std::lock_guard lock(mutex_);
  std::optional<store::Project> row;
  const Result<> looked = parts_.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(row, tables.project(project));
    return {};
  });
  AECOS_TRY(looked);
  if (!row) return Error{ErrorCode::not_found, "there is no project " + project};
  if (row->audit_sequence >= row->last_sequence) return std::size_t{0};
  AECOS_TRY_ASSIGN(OpenProject opened, projects_.open(project));
  AECOS_TRY_ASSIGN(const auto before, opened.repository.read_ref(audit_ref));
  TreeId tree;
  if (before) {
    AECOS_TRY_ASSIGN(tree, opened.library().tree_of(*before));
    // What was written before a crash, and not noted.
    AECOS_TRY_ASSIGN(const std::vector<std::string> lines, read_audit(opened.repository, *before));
    row->audit_sequence = std::max<std::uint64_t>(row->audit_sequence, lines.size());
  }
  std::map<std::string, std::string> files;
  std::uint64_t last = row->audit_sequence;
  while (true) {
    AECOS_TRY_ASSIGN(const std::vector<store::Event> events, events_after(parts_.store, project, last));
    for (const store::Event& event : events) {
      const std::string path = path_of(event.sequence);
      if (!files.contains(path)) {
        AECOS_TRY_ASSIGN(const auto entry, opened.repository.find_entry(tree, path));
        if (entry) {
          AECOS_TRY_ASSIGN(files[path], opened.repository.read_blob(entry->id));
        }
      }
      files[path] += event.json + "\n";
      last = event.sequence;
    }
    if (events.size() < batch) break;
  }
  const std::size_t count = last - row->audit_sequence;
  if (count != 0) {
    std::vector<TreeEdit> edits;
    for (const auto& [path, bytes] : files) {
      AECOS_TRY_ASSIGN(const BlobId blob, opened.repository.write_blob(bytes));
      edits.push_back({path, false, FileMode::file, blob});
    }
    const git::Signature hub{"aecos hub", "hub@localhost", parts_.clock.now_us() / 1'000'000, 0};
    git::NewCommit commit{
        {}, {}, hub, hub, "Events " + std::to_string(row->audit_sequence + 1) + " to " + std::to_string(last) + "\n"};
    AECOS_TRY_ASSIGN(commit.tree, opened.repository.write_tree(tree, edits));
    if (before) commit.parents.push_back(*before);
    AECOS_TRY_ASSIGN(const CommitId made, opened.repository.write_commit(commit));
    AECOS_TRY(opened.repository.update_ref(audit_ref, before, made, "audit"));
  }
  const Result<> noted = parts_.store.write([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(auto now, tables.project(project));
    if (!now) return {};
    now->audit_sequence = last;
    return tables.update_project(*now);
  });
  AECOS_TRY(noted);
  return count;
}

Result<std::vector<event::Fault>> Audit::verify(const std::string& project) {
  event::Verifier verifier;
  for (std::uint64_t after = 0;;) {
    AECOS_TRY_ASSIGN(const std::vector<store::Event> events, events_after(parts_.store, project, after));
    for (const store::Event& event : events) verifier.add(event.json);
    if (events.size() < batch) break;
    after = events.back().sequence;
  }
  AECOS_TRY_ASSIGN(OpenProject opened, projects_.open(project));
  AECOS_TRY_ASSIGN(const auto commit, opened.repository.read_ref(audit_ref));
  if (commit) {
    AECOS_TRY_ASSIGN(const std::vector<std::string> lines, read_audit(opened.repository, *commit));
    for (const std::string& line : lines) {
      if (const auto entry = event::read(line)) verifier.expect(entry->sequence, entry->hash);
    }
  }
  return verifier.finish();
}

}  // namespace aecos::hub
