#include <limits>
#include <map>
#include <memory>

#include "cli/change_list.h"
#include "cli/command.h"
#include "cli/project.h"
#include "diff/diff.h"
#include "os/path.h"
#include "revision/content.h"
#include "revision/to_json.h"
#include "revision/words.h"
#include "sync/status.h"

namespace aecos::cli {
namespace {

struct Arguments {
  std::vector<std::string> what;
  bool json = false;
  bool summary = false;
  bool each = false;
};

constexpr std::size_t summary_length_max = 200;

// A file, or a file as a commit has it: REV:PATH.
struct Version {
  std::string name;  // As on the command line.
  std::string path;  // What the file is called; decides its type.
  std::string bytes;
  os::MappedFile file;
  std::string_view content() const { return bytes.empty() ? file.bytes() : std::string_view(bytes); }
};

bool is_file(Context& context, const std::string& argument) {
  const auto status = context.files.status(context.path(argument));
  return status && status->type != os::FileType::directory;
}

// Where it lies in the project; absent: outside.
std::optional<std::string> path_in(const sync::Workspace& workspace, const std::string& full) {
  if (full == workspace.root) return "";
  if (!full.starts_with(workspace.root + "/")) return std::nullopt;
  return full.substr(workspace.root.size() + 1);
}

Result<Version> read_file(Context& context, const std::string& argument) {
  Version version{argument, argument, {}, {}};
  AECOS_TRY_ASSIGN(version.file, open_input(context, argument));
  return version;
}

Result<Version> read_blob(Context& context, const std::string& revision, const std::string& path) {
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  AECOS_TRY_ASSIGN(const TreeId tree, workspace.repository.resolve_tree(revision));
  AECOS_TRY_ASSIGN(const auto entry, workspace.repository.find_entry(tree, path));
  if (!entry || !entry->is_regular())
    return Error{ErrorCode::not_found, path + ": no such file in " + revision + "; check path and revision"};
  Version version{revision + ":" + path, path, {}, {}};
  AECOS_TRY_ASSIGN(version.bytes, revision::GitTreeSource(workspace.library()).content(entry->id, path));
  return version;
}

// Absent: the argument is neither a file nor REV:PATH.
Result<std::optional<Version>> read_version(Context& context, const std::string& argument) {
  if (is_file(context, argument)) {
    AECOS_TRY_ASSIGN(Version version, read_file(context, argument));
    return std::optional(std::move(version));
  }
  const std::size_t colon = argument.find(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == argument.size()) return std::optional<Version>();
  AECOS_TRY_ASSIGN(Version version, read_blob(context, argument.substr(0, colon), argument.substr(colon + 1)));
  return std::optional(std::move(version));
}

// "before: 12:3: …" -> "house.ifc:12:3: …"
Error name_version(const Error& error, const Version& before, const Version& after) {
  for (const auto& [word, name] : {std::pair("before: ", &before.name), std::pair("after: ", &after.name)})
    if (error.message.starts_with(word))
      return {error.code, at_file(*name, error.message.substr(std::string_view(word).size()))};
  return error;
}

Result<std::vector<revision::FileChanges>> compare(const Version& before, const Version& after) {
  auto changes = diff::diff_file(after.path, before.content(), after.content());
  if (!changes) return name_version(changes.error(), before, after);
  std::vector<revision::FileChanges> files;
  if (!changes->empty()) files.push_back({after.path, *std::move(changes), ""});
  return files;
}

Result<std::vector<revision::FileChanges>> compare_revisions(Context& context, const std::string& from,
                                                             const std::string& to, const std::string& path) {
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  const auto resolve = [&](const std::string& revision) -> Result<TreeId> {
    auto tree = workspace.repository.resolve_tree(revision);
    if (tree) return tree;
    return Error{tree.error().code, revision + ": neither a file nor a revision (" + tree.error().message + ")"};
  };
  AECOS_TRY_ASSIGN(const TreeId before, resolve(from));
  AECOS_TRY_ASSIGN(const TreeId after, resolve(to));
  AECOS_TRY_ASSIGN(auto differences, revision::difference(workspace.repository, before, after));
  if (!path.empty()) {
    const auto inside = path_in(workspace, context.path(path));
    if (!inside) return Error{ErrorCode::invalid_input, path + ": outside of the project in " + workspace.root};
    std::erase_if(differences, [&](const revision::FileDifference& file) {
      return !inside->empty() && file.path != *inside && !file.path.starts_with(*inside + "/");
    });
  }
  return revision::changes_of(workspace.library(), differences);
}

Result<> refuse_one_revision(Context& context, const std::string& argument) {
  const auto workspace = open_workspace(context);
  if (!workspace || !workspace->repository.resolve_tree(argument)) return {};
  return Error{ErrorCode::invalid_input, argument + ": one revision alone; name two (" + argument +
                                             "..HEAD), or none for what was saved since the last commit"};
}

// A file as it was committed last, and as it is.
Result<std::vector<revision::FileChanges>> compare_with_commit(Context& context, const std::string& argument) {
  if (!is_file(context, argument)) AECOS_TRY(refuse_one_revision(context, argument));
  AECOS_TRY_ASSIGN(const Version after, read_file(context, argument));
  AECOS_TRY_ASSIGN(const sync::Workspace workspace, open_workspace(context));
  const auto path = path_in(workspace, context.path(argument));
  if (!path) return Error{ErrorCode::invalid_input, argument + ": outside of the project in " + workspace.root};
  AECOS_TRY_ASSIGN(const Version before, read_blob(context, "HEAD", *path));
  return compare(before, after);
}

// All that was saved since the last commit.
Result<std::vector<revision::FileChanges>> saved_changes(Context& context) {
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  constexpr sync::StatusLimits all{.files = std::numeric_limits<std::size_t>::max(),
                                   .bytes = std::numeric_limits<std::uint64_t>::max(),
                                   .may_fetch = true};
  AECOS_TRY_ASSIGN(sync::StatusReport report, sync::status(workspace, all));
  for (const std::string& path : report.unmerged) context.terminal.warn(path + ": plain git could not merge it");
  for (const sync::Held& held : report.held) context.terminal.warn(held.path + ": " + held.reason);
  return std::move(report.changes);
}

// "develop..HEAD"
std::optional<std::pair<std::string, std::string>> range_in(Context& context, const std::string& argument) {
  const std::size_t dots = argument.find("..");
  if (dots == 0 || dots == std::string::npos || dots + 2 >= argument.size() || is_file(context, argument)) return {};
  return std::pair(argument.substr(0, dots), argument.substr(dots + 2));
}

Result<std::vector<revision::FileChanges>> find_changes(Context& context, const std::vector<std::string>& what) {
  if (what.empty()) return saved_changes(context);
  if (const auto range = range_in(context, what[0]); range && what.size() < 3)
    return compare_revisions(context, range->first, range->second, what.size() == 2 ? what[1] : "");
  if (what.size() == 1) return compare_with_commit(context, what[0]);
  if (what.size() == 3) return compare_revisions(context, what[0], what[1], what[2]);
  AECOS_TRY_ASSIGN(const auto before, read_version(context, what[0]));
  AECOS_TRY_ASSIGN(const auto after, read_version(context, what[1]));
  if (before && after) return compare(*before, *after);
  if (before || after) return Error{ErrorCode::not_found, what[before ? 1 : 0] + ": no such file; check the path"};
  return compare_revisions(context, what[0], what[1], "");
}

std::string as_json(const std::vector<revision::FileChanges>& files) {
  std::map<std::string_view, std::size_t> counts;
  text::JsonWriter json(2);
  json.begin_object().key("files").begin_array();
  for (const revision::FileChanges& file : files) {
    json.begin_object().member("path", file.path);
    if (!file.note.empty()) json.member("note", file.note);
    json.key("changes").begin_array();
    for (const diff::Change& change : file.changes) {
      revision::write(json, change);
      ++counts[diff::to_string(change.kind)];
    }
    json.end_array().end_object();
  }
  json.end_array().key("counts").begin_object();
  for (const auto& [kind, count] : counts) json.member(kind, count);
  json.end_object().end_object();
  return std::move(json).take();
}

void print(Context& context, const std::vector<revision::FileChanges>& files, const Arguments& arguments) {
  Terminal& terminal = context.terminal;
  const bool named = files.size() > 1 || arguments.what.size() != 2 || (files.size() == 1 && !files[0].note.empty());
  std::vector<diff::Change> all;
  for (const revision::FileChanges& file : files) {
    if (named) {
      const std::string note = file.note.empty() ? "" : "  " + printable(file.note);
      terminal.say(terminal.paint(Paint::bold, printable(file.path)) + note);
    }
    print_changes(terminal, file.changes, named ? 2 : 0, arguments.each);
    all.insert(all.end(), file.changes.begin(), file.changes.end());
  }
  if (files.empty())
    terminal.say("nothing changed");
  else if (!all.empty())
    terminal.say(terminal.paint(Paint::dim, count_changes(all)));
}

Result<int> run(Context& context, const Arguments& arguments) {
  context.terminal.progress("comparing");
  AECOS_TRY_ASSIGN(const std::vector<revision::FileChanges> files, find_changes(context, arguments.what));
  if (arguments.json)
    context.terminal.raw(as_json(files));
  else if (arguments.summary)
    context.terminal.say(printable(files.empty() ? "nothing changed" : revision::summarise(files, summary_length_max)));
  else
    print(context, files, arguments);
  return files.empty() ? exit_ok : exit_findings;
}

}  // namespace

void add_diff(Command& app, Context& context) {
  auto arguments = std::make_shared<Arguments>();
  Command* command = app.add_subcommand("diff", "Tell what changed, in building terms");
  command
      ->add_option("WHAT", arguments->what,
                   "Two files, or REV:PATH for a file as a commit has it; or two revisions (also A..B) and\n"
                   "perhaps a path; or one file, to compare it with its last commit. Nothing: all that was\n"
                   "saved since the last commit")
      ->expected(0, 3);
  command->add_flag("--json", arguments->json, "Tell everything as JSON");
  command->add_flag("--summary", arguments->summary, "Tell it in one line");
  command->add_flag("--each", arguments->each, "Name every element, also where many met with the same");
  command->footer(
      "Not told, as nobody decides it: STEP ids, order, spelling, owner histories, GlobalIds of relationships\n"
      "and property sets. Exit status: 0 nothing changed, 1 something did, 2 an input cannot be used.");
  on_run(*command, context, [&context, arguments] { return run(context, *arguments); });
}

}  // namespace aecos::cli
