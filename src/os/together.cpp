#include "os/together.h"

#include <algorithm>
#include <map>
#include <set>
#include <thread>

#include "base/sha256.h"
#include "os/path.h"

namespace aecos::os {
namespace {

// The list has a line for each step, in their order: "file NEW BEFORE COPY PATH", "folder - - - PATH". NEW and BEFORE
// are hashes of contents, "-" is no file; COPY is the number of the file that has what was there before. A line without
// its end was being added when something failed, before the step was taken.
constexpr std::string_view list_name = "changes", nothing = "-", file_word = "file", folder_word = "folder";
constexpr std::size_t words = 4;  // Before the path.

std::string list_of(const std::string& notes) { return join(notes, list_name); }

// A path on one line.
std::string escaped(std::string_view path) {
  std::string line;
  for (const char c : path) {
    if (c == '\n')
      line += "%0A";
    else if (c == '%')
      line += "%25";
    else
      line += c;
  }
  return line;
}

std::string unescaped(std::string_view line) {
  std::string path;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const std::string_view code = line.substr(at, 3);
    if (code == "%0A" || code == "%25") {
      path += code == "%25" ? '%' : '\n';
      at += 2;
    } else {
      path += line[at];
    }
  }
  return path;
}

struct Note {
  std::string word, after, before, copy, path;
};

std::vector<Note> notes_in(std::string_view list) {
  std::vector<Note> notes;
  while (list.find('\n') != std::string_view::npos) {
    std::string_view line = list.substr(0, list.find('\n'));
    list.remove_prefix(line.size() + 1);
    std::vector<std::string> parts;
    for (std::size_t k = 0; k < words && line.find(' ') != std::string_view::npos; ++k) {
      parts.emplace_back(line.substr(0, line.find(' ')));
      line.remove_prefix(parts.back().size() + 1);
    }
    if (parts.size() == words) notes.push_back({parts[0], parts[1], parts[2], parts[3], unescaped(line)});
  }
  return notes;
}

// "-" where there is no file.
Result<std::string> hash_at(FileSystem& files, const std::string& path) {
  const auto bytes = files.map(path);
  if (bytes) return sha256_hex(bytes->bytes());
  if (bytes.error().code == ErrorCode::not_found) return std::string(nothing);
  return bytes.error();
}

Result<> remove_if_there(FileSystem& files, const std::string& path) {
  const auto removed = files.remove(path);
  if (removed || removed.error().code == ErrorCode::not_found) return {};
  return removed;
}

// Each waits for the disk, which takes many at once; few are done one by one, in order. The first error found.
template <class Task>
Result<> many_at_once(std::size_t count, const Task& task) {
  constexpr std::size_t at_once = 16, worthwhile = 64;
  const std::size_t lanes = count < worthwhile ? 1 : at_once;
  std::vector<Result<>> done(lanes);
  const auto work = [&](std::size_t lane) {
    for (std::size_t k = lane; k < count && done[lane]; k += lanes) done[lane] = task(k);
  };
  std::vector<std::jthread> threads;
  for (std::size_t lane = 1; lane < lanes; ++lane) threads.emplace_back(work, lane);
  work(0);
  threads.clear();  // Waits for them.
  for (Result<>& one : done) AECOS_TRY(std::move(one));
  return {};
}

// Left over from writes that were under way.
void remove_temporaries(FileSystem& files, const std::string& folder) {
  const auto entries = files.list(folder);
  if (!entries) return;
  for (const DirectoryEntry& entry : *entries)
    if (is_temporary_name(entry.name)) static_cast<void>(files.remove(join(folder, entry.name)));
}

// A file that changed once or several times.
struct Changed {
  Note first;
  std::set<std::string> known;  // What it was on the way, by hash.
};

// False: somebody else changed it since.
Result<bool> restore(FileSystem& files, const std::string& notes, const std::string& root, const Changed& changed) {
  const Note& note = changed.first;
  const std::string path = join(root, note.path);
  AECOS_TRY_ASSIGN(const std::string now, hash_at(files, path));
  if (now == note.before) return true;
  if (!changed.known.contains(now)) return false;
  if (note.before == nothing) {
    AECOS_TRY(remove_if_there(files, path));
    return true;
  }
  AECOS_TRY_ASSIGN(const MappedFile before, files.map(join(notes, note.copy)));
  AECOS_TRY(files.create_directories(std::string(parent_of(path))));
  AECOS_TRY(files.write(path, before.bytes()));
  return true;
}

}  // namespace

Result<TakenBack> take_back(FileSystem& files, const std::string& notes, const std::string& root) {
  TakenBack taken;
  const auto list = files.read(list_of(notes));
  if (!list && list.error().code != ErrorCode::not_found) return list.error();
  if (!list) {
    // It was done, but for removing the copies.
    if (exists(files, notes)) AECOS_TRY(remove_all(files, notes));
    return taken;
  }
  std::map<std::string, Changed> changed;
  std::vector<std::string> folders;
  for (const Note& note : notes_in(*list)) {
    if (note.word == folder_word) folders.push_back(note.path);
    if (note.word != file_word) continue;
    Changed& one = changed.try_emplace(note.path, Changed{note, {}}).first->second;
    one.known.insert({note.before, note.after});
  }
  taken.files = changed.size();
  std::vector<const Changed*> each;
  for (const auto& [path, one] : changed) each.push_back(&one);
  std::vector<char> restored(each.size());
  AECOS_TRY(many_at_once(each.size(), [&](std::size_t k) -> Result<> {
    AECOS_TRY_ASSIGN(const bool done, restore(files, notes, root, *each[k]));
    restored[k] = done ? 1 : 0;
    return {};
  }));
  for (std::size_t k = 0; k < each.size(); ++k)
    if (restored[k] == 0) taken.edited.push_back(each[k]->first.path);
  std::set<std::string> touched(folders.begin(), folders.end());
  for (const auto& [path, one] : changed) touched.emplace(parent_of(path));
  for (const std::string& folder : touched) remove_temporaries(files, join(root, folder));
  // Those inside come behind those around them; what somebody else put into one keeps it.
  std::sort(folders.rbegin(), folders.rend());
  for (const std::string& folder : folders) static_cast<void>(files.remove(join(root, folder)));
  AECOS_TRY(files.remove(list_of(notes)));
  AECOS_TRY(remove_all(files, notes));
  return taken;
}

Result<Together> Together::begin(FileSystem& files, std::string notes, std::string root) {
  auto taken = take_back(files, notes, root);
  if (!taken) return std::move(taken).error();
  AECOS_TRY(files.create_directories(notes));
  AECOS_TRY(files.write(list_of(notes), ""));
  return Together(files, std::move(notes), std::move(root));
}

// What is there is kept first.
Result<std::string> Together::note_of(const std::string& path, const std::string& new_hash) {
  const auto before = files_->map(join(root_, path));
  if (!before && before.error().code != ErrorCode::not_found) return before.error();
  std::string hash(nothing), copy(nothing);
  if (before) {
    hash = sha256_hex(before->bytes());
    copy = std::to_string(++kept_);
    AECOS_TRY(files_->write(join(notes_, copy), before->bytes()));
  }
  return std::string(file_word) + " " + new_hash + " " + hash + " " + copy + " " + escaped(path) + "\n";
}

Result<> Together::write(std::span<const FileToWrite> written) {
  std::string lines;
  std::vector<FileToWrite> there(written.begin(), written.end());
  for (FileToWrite& file : there) {
    AECOS_TRY_ASSIGN(const std::string line, note_of(file.path, sha256_hex(file.bytes)));
    lines += line;
    file.path = join(root_, file.path);
  }
  AECOS_TRY(files_->append(list_of(notes_), lines));
  for (Result<>& one : files_->write_all(there)) AECOS_TRY(std::move(one));
  return {};
}

Result<> Together::remove(const std::vector<std::string>& paths) {
  std::string lines;
  for (const std::string& path : paths) {
    AECOS_TRY_ASSIGN(const std::string line, note_of(path, std::string(nothing)));
    lines += line;
  }
  AECOS_TRY(files_->append(list_of(notes_), lines));
  for (const std::string& path : paths) AECOS_TRY(remove_if_there(*files_, join(root_, path)));
  return {};
}

Result<> Together::create_directories(const std::vector<std::string>& paths) {
  std::string lines;
  for (const std::string& path : paths)
    if (!exists(*files_, join(root_, path))) lines += std::string(folder_word) + " - - - " + escaped(path) + "\n";
  if (lines.empty()) return {};
  AECOS_TRY(files_->append(list_of(notes_), lines));
  AECOS_TRY(files_->create_directories(std::string(parent_of(join(root_, paths.front())))));
  return many_at_once(paths.size(), [&](std::size_t k) { return files_->create_directories(join(root_, paths[k])); });
}

Result<> Together::finish() {
  AECOS_TRY(files_->remove(list_of(notes_)));
  return remove_all(*files_, notes_);
}

}  // namespace aecos::os
