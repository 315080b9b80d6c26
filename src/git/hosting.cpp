#include "git/hosting.h"

#include <algorithm>
#include <array>

#include "os/path.h"

namespace aecos::git {
namespace {

constexpr std::size_t pack_header_size = 12;
constexpr std::uint32_t loose_max = 100;  // Packs of fewer objects are stored object by object.
constexpr std::string_view quarantine_prefix = "tmp_objdir-incoming-";

constexpr std::string_view bare_settings =
    "[core]\n"
    "\trepositoryformatversion = 0\n"
    "\tfilemode = true\n"
    "\tbare = true\n"
    "\tlogAllRefUpdates = true\n"
    "\tfsync = committed,loose-object\n"
    "\tfsyncMethod = batch\n"
    "\tprotectHFS = true\n"
    "\tprotectNTFS = true\n"
    "\tbigFileThreshold = 64m\n"
    "[receive]\n"
    "\tfsckObjects = true\n"
    "\tautogc = false\n"
    "[transfer]\n"
    "\tfsckObjects = true\n"
    "\thideRefs = refs/aecos\n"
    "\thideRefs = !refs/aecos/audit\n"
    "[gc]\n"
    "\tauto = 0\n"
    "[uploadpack]\n"
    "\tallowFilter = true\n"
    "\tallowAnySHA1InWant = true\n"  // A partial clone fetches what it lacks by id.
    "[uploadpackfilter]\n"
    "\tallow = false\n"
    "[uploadpackfilter \"blob:none\"]\n"
    "\tallow = true\n"
    "[uploadpackfilter \"blob:limit\"]\n"
    "\tallow = true\n"
    "[uploadpackfilter \"tree\"]\n"
    "\tallow = true\n"
    "\tmaxDepth = 16\n";

std::uint32_t object_count(std::string_view header) {
  std::uint32_t count = 0;
  for (std::size_t i = 8; i < pack_header_size; ++i) count = count << 8U | static_cast<unsigned char>(header[i]);
  return count;
}

// What git said last, without where it lies on this machine.
std::string last_words(const os::Finished& finished) {
  std::string_view text = finished.error;
  while (text.ends_with('\n')) text.remove_suffix(1);
  const std::size_t line = text.rfind('\n');
  if (line != std::string_view::npos) text.remove_prefix(line + 1);
  for (const std::string_view prefix : {"fatal: ", "error: "}) {
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  }
  return std::string(text.substr(0, 300));
}

class Mover {
 public:
  Mover(os::FileSystem& files, std::string from, std::string to)
      : files_(files), from_(std::move(from)), to_(std::move(to)) {}

  Result<> run() {
    AECOS_TRY_ASSIGN(const std::vector<os::DirectoryEntry> folders, files_.list(from_));
    for (const os::DirectoryEntry& folder : folders) {
      if (folder.type == os::FileType::directory) AECOS_TRY(move_folder(folder.name));
    }
    return {};
  }

 private:
  // A pack is there when its index is.
  static int rank(const std::string& name) { return os::extension_of(name) == ".idx" ? 1 : 0; }

  Result<> move_folder(const std::string& folder) {
    const std::string from = os::join(from_, folder), to = os::join(to_, folder);
    AECOS_TRY_ASSIGN(std::vector<os::DirectoryEntry> entries, files_.list(from));
    std::stable_sort(entries.begin(), entries.end(),
                     [](const auto& a, const auto& b) { return rank(a.name) < rank(b.name); });
    if (!entries.empty()) AECOS_TRY(files_.create_directories(to));
    for (const os::DirectoryEntry& entry : entries) {
      if (entry.type != os::FileType::file || entry.name.starts_with("tmp_")) continue;
      AECOS_TRY(files_.rename(os::join(from, entry.name), os::join(to, entry.name)));
    }
    return {};
  }

  os::FileSystem& files_;
  std::string from_, to_;
};

}  // namespace

Result<> create_bare(os::FileSystem& files, const std::string& folder, const std::string& branch) {
  for (const char* part : {"objects/info", "objects/pack", "refs/heads", "refs/tags", "info"}) {
    AECOS_TRY(files.create_directories(os::join(folder, part)));
  }
  AECOS_TRY(files.write(os::join(folder, "config"), bare_settings));
  return files.write(os::join(folder, "HEAD"), "ref: refs/heads/" + branch + "\n");
}

std::map<std::string, std::optional<std::string>> server_environment(const std::string& home) {
  return {{"HOME", home},
          {"GIT_CONFIG_NOSYSTEM", "1"},
          {"GIT_CONFIG_GLOBAL", "/dev/null"},
          {"GIT_TERMINAL_PROMPT", "0"},
          {"GIT_NO_REPLACE_OBJECTS", "1"},
          {"GIT_OPTIONAL_LOCKS", "0"},
          {"LC_ALL", "C"}};
}

std::string upload_advertisement_v2() {
  return "000eversion 2\n0012agent=aecos/1\n0013ls-refs=unborn\n0027fetch=shallow wait-for-done filter\n"
         "0012server-option\n0017object-format=sha1\n0000";
}

bool is_protocol_header(std::string_view value) {
  const auto known = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '=' || c == ':';
  };
  return !value.empty() && value.size() < 200 && std::all_of(value.begin(), value.end(), known);
}

Result<std::unique_ptr<Quarantine>> Quarantine::unpack(const Place& place, ByteReader& pack, const Limits& limits) {
  AECOS_TRY_ASSIGN(const std::string header, pack.exactly(pack_header_size));
  if (!header.starts_with("PACK")) return Error{ErrorCode::invalid_input, "what was sent is no pack"};
  const std::string objects = os::join(place.folder, "objects");
  std::unique_ptr<Quarantine> made(
      new Quarantine(place, os::join(objects, std::string(quarantine_prefix) + place.name)));
  AECOS_TRY(place.files.create_directories(os::join(made->objects_, "pack")));
  os::Command command;
  const std::string limit = "--max-input-size=" + std::to_string(limits.bytes_max);
  command.argv = {"git", "--git-dir=" + place.folder};
  if (object_count(header) < loose_max) {
    command.argv.insert(command.argv.end(), {"unpack-objects", "-q", "--strict", limit});
  } else {
    command.argv.insert(command.argv.end(), {"index-pack", "--stdin", "--fix-thin", "--strict", limit});
  }
  command.directory = place.folder;
  command.clean_environment = true;
  command.environment = server_environment(place.home);
  command.environment["GIT_OBJECT_DIRECTORY"] = made->objects_;
  command.environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = objects;
  command.environment["GIT_QUARANTINE_PATH"] = made->objects_;
  command.is_cancelled = limits.is_cancelled;
  Result<> trouble;
  bool first = true;
  command.next_input = [&]() -> std::string {
    if (std::exchange(first, false)) return header;
    auto piece = pack.some();
    if (piece) return *std::move(piece);
    trouble = std::move(piece).error();
    return "";
  };
  AECOS_TRY_ASSIGN(const os::Finished finished, place.processes.run(command));
  AECOS_TRY(trouble);
  if (!finished.ok()) return Error{ErrorCode::invalid_input, "the pack was refused: " + last_words(finished)};
  return made;
}

Quarantine::~Quarantine() { static_cast<void>(os::remove_all(place_.files, objects_)); }

Result<> Quarantine::take_over() { return Mover(place_.files, objects_, os::join(place_.folder, "objects")).run(); }

Result<> sweep_quarantines(os::FileSystem& files, const std::string& folder) {
  const std::string objects = os::join(folder, "objects");
  AECOS_TRY_ASSIGN(const std::vector<os::DirectoryEntry> entries, files.list(objects));
  for (const os::DirectoryEntry& entry : entries) {
    if (entry.name.starts_with(quarantine_prefix)) AECOS_TRY(os::remove_all(files, os::join(objects, entry.name)));
  }
  return {};
}

}  // namespace aecos::git
