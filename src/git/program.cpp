#include "git/program.h"

#include <algorithm>
#include <array>

#include "os/file_system.h"
#include "os/path.h"

namespace aecos::git {
namespace {

// git's last word: its last "fatal:" or "error:" line, else its last line.
// What git said at last, without the full stop, as more may follow.
std::string last_words(const os::Finished& finished) {
  std::string last, fatal;
  std::string_view rest = finished.error;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find_first_of("\r\n"), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(rest.size(), end + 1));
    if (line.find_first_not_of(' ') == std::string_view::npos || line.starts_with("hint:")) continue;
    last = line;
    if (line.starts_with("fatal: ") || line.starts_with("error: ")) fatal = line.substr(7);
  }
  if (!fatal.empty()) last = fatal;
  if (last.ends_with('.') && !last.ends_with("..")) last.pop_back();
  return last.empty() ? "it ended with status " + std::to_string(finished.status) : last;
}

std::string joined(const std::vector<std::string>& items, char separator) {
  std::string text;
  for (const std::string& item : items) {
    text += item;
    text += separator;
  }
  return text;
}

// The parts of a NUL-terminated list.
std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return parts;
}

// "100644 <id> <stage>\t<path>"
std::optional<IndexEntry> parse_index_line(std::string_view line) {
  const std::size_t tab = line.find('\t');
  if (tab == std::string_view::npos || tab < 6 + 1 + 40 + 1 + 1) return std::nullopt;
  IndexEntry entry;
  std::uint32_t mode = 0;
  for (const char digit : line.substr(0, 6)) mode = mode * 8 + static_cast<std::uint32_t>(digit - '0');
  entry.mode = FileMode{mode};
  const auto id = BlobId::from_hex(line.substr(7, 40));
  if (!id) return std::nullopt;
  entry.id = *id;
  entry.stage = line[48] - '0';
  entry.path = line.substr(tab + 1);
  return entry;
}

bool contains_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

// Why a remote could not be used, by what git and ssh say.
Error transport_error(const std::string& remote, const os::Finished& finished) {
  if (finished.timed_out) return {ErrorCode::unavailable, remote + ": no answer in time"};
  const std::string_view said = finished.error;
  ErrorCode code = ErrorCode::unavailable;
  if (contains_any(said, {"Authentication failed", "could not read Username", "could not read Password",
                          "Permission denied", "error: 401", "error: 403", "access denied", "Host key verification"}))
    code = ErrorCode::denied;
  else if (contains_any(said, {"does not appear to be a git repository", "repository not found", "Repository not found",
                               "error: 404", "couldn't find remote ref", "No such remote"}) ||
           (contains_any(said, {"repository '"}) && contains_any(said, {"' not found", "' does not exist"})))
    code = ErrorCode::not_found;
  else if (contains_any(said, {"cannot lock ref", "unable to update local ref"}))
    code = ErrorCode::changed_meanwhile;
  return {code, remote + ": " + last_words(finished)};
}

}  // namespace

bool RefUpdate::is_behind() const {
  return kind == Kind::rejected &&
         contains_any(reason, {"fetch first", "non-fast-forward", "stale info", "failed to lock", "cannot lock ref",
                               "failed to update ref", "reference already exists", "atomic push failed"});
}

Program::Program(os::ProcessRunner& runner, std::string folder) : runner_(runner), folder_(std::move(folder)) {}

Result<os::Finished> Program::start(os::Command command) {
  // Answers come in the words this file knows.
  std::vector<std::string> argv{
      "git", "-c", "core.quotePath=false", "-c", "core.fsync=committed", "-c", "core.fsyncMethod=batch"};
  std::move(command.argv.begin(), command.argv.end(), std::back_inserter(argv));
  command.argv = std::move(argv);
  command.directory = folder_;
  command.environment["LC_ALL"] = "C";
  command.environment["LANGUAGE"] = std::nullopt;
  if (!command.may_ask) {
    command.environment["GIT_TERMINAL_PROMPT"] = "0";
    command.environment["GIT_ASKPASS"] = "true";  // Answers with nothing.
    command.environment["SSH_ASKPASS"] = "true";
  }
  // Where git hooks or another git started us, theirs is not the repository meant here.
  for (const char* name : {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR",
                           "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE"})
    command.environment.try_emplace(name, std::nullopt);
  auto finished = runner_.run(command);
  if (!finished && finished.error().code == ErrorCode::not_found)
    return Error{ErrorCode::unavailable, "git cannot be started: " + finished.error().message};
  return finished;
}

Result<os::Finished> Program::try_run(std::vector<std::string> arguments, std::string input) {
  os::Command command;
  command.argv = std::move(arguments);
  command.input = std::move(input);
  return start(std::move(command));
}

Result<std::string> Program::run(std::vector<std::string> arguments, std::string input) {
  const auto command = std::find_if(arguments.begin(), arguments.end(), [](const auto& a) { return a[0] != '-'; });
  const std::string name = command == arguments.end() ? "" : *command;
  AECOS_TRY_ASSIGN(os::Finished finished, try_run(std::move(arguments), std::move(input)));
  if (!finished.ok()) return Error{ErrorCode::unavailable, "git " + name + ": " + last_words(finished)};
  return std::move(finished.output);
}

Result<> Program::add(const std::vector<std::string>& paths) {
  if (paths.empty()) return {};
  const std::vector<std::string> arguments{"update-index", "--add", "--remove", "--replace", "-z", "--stdin"};
  AECOS_TRY_ASSIGN(const os::Finished finished, try_run(arguments, joined(paths, '\0')));
  if (finished.ok()) return {};
  if (!contains_any(finished.error, {"is beyond a symbolic link"}))
    return Error{ErrorCode::unavailable, "git update-index: " + last_words(finished)};
  // git does not take out files of a folder that became a link to another one, so that is done first.
  std::vector<TreeEdit> gone;
  std::vector<std::string> rest;
  for (const std::string& path : paths) {
    if (is_behind_link(path))
      gone.push_back({path, true, FileMode::file, {}});
    else
      rest.push_back(path);
  }
  AECOS_TRY(set_index(gone));
  AECOS_TRY(run(arguments, joined(rest, '\0')));
  return {};
}

bool Program::is_behind_link(const std::string& path) const {
  const auto files = os::real_file_system();
  for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const auto status = files->status(os::join(folder_, path.substr(0, slash)));
    if (status && status->type == os::FileType::symlink) return true;
  }
  return false;
}

Result<std::vector<IndexEntry>> Program::index_entries(const std::vector<std::string>& paths) {
  std::vector<IndexEntry> entries;
  constexpr std::size_t batch = 2000;  // Paths on one command line.
  for (std::size_t from = 0; from == 0 || from < paths.size(); from += batch) {
    std::vector<std::string> arguments{"--literal-pathspecs", "ls-files", "-s", "-z", "--"};
    for (std::size_t i = from; i < std::min(paths.size(), from + batch); ++i) arguments.push_back(paths[i]);
    AECOS_TRY_ASSIGN(const std::string listed, run(std::move(arguments)));
    for (const std::string_view line : split(listed, '\0'))
      if (auto entry = parse_index_line(line)) entries.push_back(*std::move(entry));
  }
  return entries;
}

Result<> Program::refresh_index(const std::vector<std::string>& paths) {
  if (paths.empty()) return {};
  constexpr std::size_t many = 1000;  // git compares each path that is named with each file that it knows.
  if (paths.size() > many) {
    AECOS_TRY(try_run({"update-index", "-q", "--refresh"}));
    return {};
  }
  AECOS_TRY(try_run(
      {"--literal-pathspecs", "add", "--refresh", "--ignore-errors", "--pathspec-from-file=-", "--pathspec-file-nul"},
      joined(paths, '\0')));
  return {};
}

Result<std::string> Program::staged_since(CommitId commit, const std::string& index_file) {
  constexpr std::string_view empty_tree =
      "4b825dc642cb6eb9a060e54bf8d69288fbee4904";  // Known to git without an object.
  os::Command command;
  command.argv = {"diff-index", "--cached", "--raw", "-z", "--no-renames", "--abbrev=40"};
  command.argv.push_back(commit ? commit.hex() : std::string(empty_tree));
  if (!index_file.empty()) command.environment["GIT_INDEX_FILE"] = index_file;
  AECOS_TRY_ASSIGN(os::Finished finished, start(std::move(command)));
  if (!finished.ok()) return Error{ErrorCode::unavailable, "git diff-index: " + last_words(finished)};
  return std::move(finished.output);
}

Result<TreeId> Program::write_index_tree() {
  AECOS_TRY_ASSIGN(const os::Finished finished, try_run({"write-tree"}));
  if (!finished.ok()) {
    if (contains_any(finished.error, {"unmerged"}))
      return Error{ErrorCode::invalid_input, "there are unmerged paths: " + last_words(finished)};
    return Error{ErrorCode::unavailable, "git write-tree: " + last_words(finished)};
  }
  const auto id = TreeId::from_hex(std::string_view(finished.output).substr(0, 40));
  if (!id) return Error{ErrorCode::unavailable, "git write-tree: no id in its answer"};
  return *id;
}

Result<std::vector<BlobId>> Program::store(const std::vector<std::string>& paths) {
  return hash_files({"hash-object", "-w", "--stdin-paths"}, paths);
}

Result<std::vector<BlobId>> Program::hash(const std::vector<std::string>& paths) {
  return hash_files({"hash-object", "--stdin-paths"}, paths);
}

Result<std::vector<BlobId>> Program::hash_files(std::vector<std::string> arguments,
                                                const std::vector<std::string>& paths) {
  std::vector<BlobId> ids;
  if (paths.empty()) return ids;
  std::string lines;
  for (const std::string& path : paths) lines += c_quoted(path) + '\n';
  const std::vector<std::string_view> views(paths.begin(), paths.end());
  const auto before = os::status_of_all(folder_, views);
  AECOS_TRY_ASSIGN(const std::string answer, run(std::move(arguments), std::move(lines)));
  for (const std::string_view line : split(answer, '\n'))
    if (const auto id = BlobId::from_hex(line)) ids.push_back(*id);
  if (ids.size() != paths.size()) return Error{ErrorCode::changed_meanwhile, "files changed while they were read"};
  const auto after = os::status_of_all(folder_, views);
  for (std::size_t i = 0; i < paths.size(); ++i)
    if (before[i] == after[i]) seen_.insert_or_assign(paths[i], Seen{after[i], ids[i]});
  return ids;
}

Result<BlobId> Program::store_bytes(const std::string& path, std::string bytes) {
  AECOS_TRY_ASSIGN(const std::string answer, run({"hash-object", "-w", "--stdin", "--path=" + path}, std::move(bytes)));
  const auto id = BlobId::from_hex(std::string_view(answer).substr(0, 40));
  if (!id) return Error{ErrorCode::unavailable, "git hash-object: no id in its answer"};
  return *id;
}

Result<std::vector<std::string>> Program::smudge(const std::vector<Placement>& placements) {
  std::vector<std::string> files;
  if (placements.empty()) return files;
  // The sizes in this answer are those before the filters, so a name that no object has marks each end.
  std::string end = "end";
  for (const Placement& placement : placements) end += placement.id.hex().substr(0, 4);
  end = end.substr(0, 64) + "-of-file";
  std::string input;
  for (const Placement& placement : placements) input += placement.id.hex() + " " + placement.path + '\0' + end + '\0';
  AECOS_TRY_ASSIGN(const std::string answer,
                   run({"cat-file", "-z", "--batch=%(objectname)", "--filters"}, std::move(input)));
  const std::string mark = "\n" + end + " missing\n";
  std::string_view rest = answer;
  for (const Placement& placement : placements) {
    const std::string head = placement.id.hex() + "\n";
    const std::size_t stop = rest.find(mark);
    if (!rest.starts_with(head) || stop == std::string_view::npos || stop + 1 < head.size())
      return Error{ErrorCode::not_found, placement.path + ": " + placement.id.hex() + " cannot be read"};
    files.emplace_back(rest.substr(head.size(), stop - head.size()));
    rest.remove_prefix(stop + mark.size());
  }
  return files;
}

Result<std::vector<std::string>> Program::ignored(const std::vector<std::string>& paths) {
  if (paths.empty()) return std::vector<std::string>();
  AECOS_TRY_ASSIGN(const os::Finished finished, try_run({"check-ignore", "-z", "--stdin"}, joined(paths, '\0')));
  if (finished.status > 1) return Error{ErrorCode::unavailable, "git check-ignore: " + last_words(finished)};
  const auto named = split(finished.output, '\0');
  return std::vector<std::string>(named.begin(), named.end());
}

// git refuses paths that are behind a link by now; they are named by no rule then.
Result<std::vector<std::string>> Program::ignorable(const std::vector<std::string>& paths) {
  if (paths.empty()) return std::vector<std::string>();
  AECOS_TRY_ASSIGN(const os::Finished finished,
                   try_run({"check-ignore", "--no-index", "-z", "--stdin"}, joined(paths, '\0')));
  const auto named = split(finished.output, '\0');
  return std::vector<std::string>(named.begin(), named.end());
}

Result<> Program::fetch(const Transfer& transfer) {
  os::Command command;
  command.argv = {"fetch", "--no-write-fetch-head", "--no-auto-maintenance", "--no-recurse-submodules", "--progress"};
  if (transfer.prune) command.argv.emplace_back("--prune");
  command.argv.insert(command.argv.end(), {"--", transfer.remote});
  command.argv.insert(command.argv.end(), transfer.refspecs.begin(), transfer.refspecs.end());
  command.on_error_line = transfer.progress;
  command.timeout_ms = transfer.timeout_ms;
  command.may_ask = transfer.may_ask;
  AECOS_TRY_ASSIGN(const os::Finished finished, start(std::move(command)));
  if (!finished.ok()) return transport_error(transfer.remote, finished);
  return {};
}

namespace {

// "<flag>\t<from>:<to>\t<summary>[ (<reason>)]"
std::optional<RefUpdate> parse_push_line(std::string_view line) {
  const auto fields = split(line, '\t');
  if (fields.size() < 3 || fields[0].size() != 1) return std::nullopt;
  RefUpdate update;
  const std::size_t colon = fields[1].find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  update.local = fields[1].substr(0, colon);
  update.remote = fields[1].substr(colon + 1);
  using Kind = RefUpdate::Kind;
  constexpr std::string_view flags = "= *-+!";
  constexpr std::array kinds{Kind::up_to_date, Kind::updated, Kind::created,
                             Kind::deleted,    Kind::forced,  Kind::rejected};
  const std::size_t kind = flags.find(fields[0][0]);
  if (kind == std::string_view::npos) return std::nullopt;
  update.kind = kinds[kind];
  if (const std::size_t open = fields[2].find('('); open != std::string_view::npos && fields[2].ends_with(')'))
    update.reason = fields[2].substr(open + 1, fields[2].size() - open - 2);
  return update;
}

}  // namespace

Result<std::vector<RefUpdate>> Program::push(const Transfer& transfer) {
  os::Command command;
  command.argv = {"push", "--porcelain", "--progress", "--no-follow-tags", "--recurse-submodules=no"};
  if (transfer.atomic) command.argv.emplace_back("--atomic");
  for (const std::string& lease : transfer.lease) command.argv.push_back("--force-with-lease=" + lease);
  for (const std::string& option : transfer.push_options) command.argv.push_back("--push-option=" + option);
  command.argv.insert(command.argv.end(), {"--", transfer.remote});
  command.argv.insert(command.argv.end(), transfer.refspecs.begin(), transfer.refspecs.end());
  command.on_error_line = transfer.progress;
  command.timeout_ms = transfer.timeout_ms;
  command.may_ask = transfer.may_ask;
  AECOS_TRY_ASSIGN(const os::Finished finished, start(std::move(command)));
  std::vector<RefUpdate> updates;
  for (const std::string_view line : split(finished.output, '\n'))
    if (auto update = parse_push_line(line)) updates.push_back(*std::move(update));
  const bool rejected = std::any_of(updates.begin(), updates.end(),
                                    [](const RefUpdate& update) { return update.kind == RefUpdate::Kind::rejected; });
  if (!finished.ok() && !rejected) return transport_error(transfer.remote, finished);
  return updates;
}

Result<std::vector<Program::RemoteRef>> Program::list_remote(const std::string& remote,
                                                             const std::vector<std::string>& patterns) {
  std::vector<std::string> arguments{"ls-remote", "--refs", "--", remote};
  arguments.insert(arguments.end(), patterns.begin(), patterns.end());
  AECOS_TRY_ASSIGN(const os::Finished finished, try_run(std::move(arguments)));
  if (!finished.ok()) return transport_error(remote, finished);
  std::vector<RemoteRef> refs;
  for (const std::string_view line : split(finished.output, '\n')) {
    const auto fields = split(line, '\t');
    const auto id = fields.size() == 2 ? CommitId::from_hex(fields[0]) : std::nullopt;
    if (id) refs.push_back({std::string(fields[1]), *id});
  }
  return refs;
}

std::string shell_quoted(std::string_view word) {
  constexpr std::string_view plain = "+-./:=@_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  if (!word.empty() && word.find_first_not_of(plain) == std::string_view::npos) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'')
      quoted += "'\\''";
    else
      quoted += c;
  }
  return quoted + "'";
}

std::string c_quoted(std::string_view word) {
  std::string quoted = "\"";
  for (const char c : word) {
    if (c == '\n')
      quoted += "\\n";
    else if (c == '"' || c == '\\')
      quoted += std::string("\\") + c;
    else
      quoted += c;
  }
  return quoted + "\"";
}

}  // namespace aecos::git
