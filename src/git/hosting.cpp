#include "git/hosting.h"

#include <algorithm>
#include <array>
#include <chrono>

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

// What git said of the first thing that it found wrong, without where it lies on this machine.
std::string first_words(const os::Finished& finished, const std::string& folder) {
  std::string text = finished.error.substr(0, std::min<std::size_t>(finished.error.find('\n'), 300));
  for (const std::string_view prefix : {"fatal: ", "error: "}) {
    if (text.starts_with(prefix)) text.erase(0, prefix.size());
  }
  for (std::size_t at = text.find(folder); at != std::string::npos; at = text.find(folder))
    text.replace(at, folder.size(), "the repository");
  return text;
}

// Whether git could not do its work, whatever the pack is.
bool is_own_trouble(const os::Finished& finished) {
  constexpr std::array<std::string_view, 7> words{
      "No space left", "Read-only file system",     "Permission denied", "Input/output error", "Too many open files",
      "Disk quota",    "unable to create temporary"};
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return finished.error.find(word) != std::string::npos; });
}

// A small pack may unpack to very much, or take for ever: what it has become is looked at while git works.
class Watch {
 public:
  Watch(os::FileSystem& files, std::string folder, const Quarantine::Limits& limits)
      : files_(files), folder_(std::move(folder)), limits_(limits) {}

  void received(std::size_t bytes) { received_ += bytes; }
  void all_received() { end_ = std::chrono::steady_clock::now(); }
  const std::string& fault() const { return fault_; }

  bool is_over() {
    if (limits_.is_cancelled && limits_.is_cancelled()) return true;
    const auto now = std::chrono::steady_clock::now();
    if (now < next_look_) return false;
    next_look_ = now + std::chrono::milliseconds(200);
    const auto most = std::chrono::seconds(limits_.work_max_s + static_cast<std::int64_t>(received_ >> 20U));
    if (end_ && now - *end_ > most) fault_ = "it takes too long to unpack";
    if (size_of(folder_) > limits_.unpacked_max + 8 * received_) fault_ = "it unpacks to too much";
    return !fault_.empty();
  }

 private:
  std::uint64_t size_of(const std::string& folder) {
    std::uint64_t size = 0;
    const auto entries = files_.list(folder);
    if (!entries) return size;
    for (const os::DirectoryEntry& entry : *entries) {
      const std::string path = os::join(folder, entry.name);
      if (entry.type == os::FileType::directory) {
        size += size_of(path);
      } else if (const auto status = files_.status(path)) {
        size += status->size;
      }
    }
    return size;
  }

  os::FileSystem& files_;
  std::string folder_;
  const Quarantine::Limits& limits_;
  std::uint64_t received_ = 0;
  std::optional<std::chrono::steady_clock::time_point> end_;
  std::chrono::steady_clock::time_point next_look_;
  std::string fault_;
};

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
      AECOS_TRY(move_file(os::join(from, entry.name), to, entry.name));
    }
    return {};
  }

  Result<> move_file(const std::string& from, const std::string& folder, const std::string& name) {
    Result<> moved = files_.rename(from, os::join(folder, name));
    for (int attempt = 1; !moved && moved.error().code == ErrorCode::not_found && attempt < object_attempts_max;
         ++attempt) {
      AECOS_TRY(files_.create_directories(folder));
      moved = files_.rename(from, os::join(folder, name));
    }
    return moved;
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

Quarantine::Quarantine(const Place& place) : place_(place) {}

Result<std::unique_ptr<Quarantine>> Quarantine::unpack(const Place& place, ByteReader& pack, const Limits& limits) {
  AECOS_TRY_ASSIGN(std::string begin, pack.exactly(pack_header_size));
  if (!begin.starts_with("PACK")) return Error{ErrorCode::invalid_input, "what was sent is no pack"};
  std::unique_ptr<Quarantine> made(new Quarantine(place));
  bool all = object_count(begin) >= loose_max;
  while (!all && begin.size() <= small_pack_max) {
    AECOS_TRY_ASSIGN(const std::string piece, pack.some());
    all = piece.empty();
    begin += piece;
  }
  if (object_count(begin) < loose_max && begin.size() <= limits.bytes_max) {
    if (auto few = unpack_small_pack(place.repository, begin))
      made->few_ = std::make_shared<const std::vector<UnpackedObject>>(*std::move(few));
  }
  if (made->few_) return made;
  Result<> unpacked = made->unpack_by_git(begin, pack, limits);
  if (unpacked) return made;
  made->drop();
  return std::move(unpacked).error();
}

Result<> Quarantine::unpack_by_git(std::string_view begin, ByteReader& rest, const Limits& limits) {
  const std::string objects = os::join(place_.folder, "objects");
  folder_ = os::join(objects, std::string(quarantine_prefix) + place_.name);
  AECOS_TRY(place_.files.create_directories(os::join(folder_, "pack")));
  os::Command command;
  const std::string limit = "--max-input-size=" + std::to_string(limits.bytes_max);
  command.argv = {"git", "-c", "pack.threads=1"};
  if (object_count(begin) < loose_max) {
    command.argv.insert(command.argv.end(), {"unpack-objects", "-q", "--strict", limit});
  } else {
    command.argv.insert(command.argv.end(), {"index-pack", "--stdin", "--fix-thin", "--strict", limit});
  }
  // It works where it writes: should it outlive us, it cannot make anew what the next start has swept away.
  command.directory = folder_;
  command.clean_environment = true;
  command.environment = server_environment(place_.home);
  command.environment["GIT_DIR"] = place_.folder;
  command.environment["GIT_OBJECT_DIRECTORY"] = ".";
  command.environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = objects;
  command.environment["GIT_QUARANTINE_PATH"] = folder_;
  command.environment["GIT_ALLOC_LIMIT"] = std::to_string(limits.object_max);
  Watch watch(place_.files, folder_, limits);
  command.is_cancelled = [&] { return watch.is_over(); };
  Result<> trouble;
  command.next_input = [&]() -> std::string {
    if (!begin.empty()) {
      watch.received(begin.size());
      return std::string(std::exchange(begin, {}));
    }
    auto piece = rest.some();
    if (!piece) trouble = std::move(piece).error();
    if (!piece || piece->empty()) {
      watch.all_received();
      return "";
    }
    watch.received(piece->size());
    return *std::move(piece);
  };
  AECOS_TRY_ASSIGN(const os::Finished finished, place_.processes.run(command));
  AECOS_TRY(trouble);
  if (!watch.fault().empty()) return Error{ErrorCode::invalid_input, "the pack was refused: " + watch.fault()};
  if (finished.cancelled) return Error{ErrorCode::unavailable, "the push was broken off"};
  if (is_own_trouble(finished))
    return Error{ErrorCode::unavailable, "the pack cannot be stored: " + first_words(finished, place_.folder)};
  if (!finished.ok())
    return Error{ErrorCode::invalid_input, "the pack was refused: " + first_words(finished, place_.folder)};
  return {};
}

Quarantine::~Quarantine() { drop(); }

void Quarantine::drop() {
  if (!folder_.empty()) static_cast<void>(os::remove_all(place_.files, folder_));
  folder_.clear();
}

Result<> Quarantine::show_to(Repository& repository) const {
  return few_ ? repository.add_objects(few_) : repository.add_objects(folder_);
}

Result<> Quarantine::take_over() {
  const std::string objects = os::join(place_.folder, "objects");
  return few_ ? store_objects(place_.files, objects, *few_) : Mover(place_.files, folder_, objects).run();
}

namespace {

class Sweeper {
 public:
  explicit Sweeper(os::FileSystem& files) : files_(files) {}

  // Removes what lies in a folder and is called so, with all in it. A folder that is not there is no error.
  using IsLeft = bool (*)(std::string_view name);
  Result<> sweep(const std::string& folder, IsLeft is_left, std::size_t depth) {
    auto entries = files_.list(folder);
    if (!entries && entries.error().code == ErrorCode::not_found) return {};
    if (!entries) return std::move(entries).error();
    for (const os::DirectoryEntry& entry : *entries) {
      const std::string path = os::join(folder, entry.name);
      if (is_left(entry.name)) {
        AECOS_TRY(remove(path));
      } else if (depth > 0 && entry.type == os::FileType::directory) {
        AECOS_TRY(sweep(path, is_left, depth - 1));
      }
    }
    return {};
  }

 private:
  // A git that outlived its server may be writing there still.
  Result<> remove(const std::string& path) {
    constexpr int attempts_max = 20;
    Result<> removed = os::remove_all(files_, path);
    for (int attempt = 1; !removed && attempt < attempts_max; ++attempt) removed = os::remove_all(files_, path);
    return removed;
  }

  os::FileSystem& files_;
};

bool is_lock(std::string_view name) { return name.ends_with(".lock") || os::is_temporary_name(name); }

// Of git ("tmp_obj_Xy12Zw", "tmp_pack_...", ".tmp-123-pack-...", "tmp_objdir-incoming-..."), of libgit2
// ("tmp_object_git2_...") and of ours.
bool is_unfinished(std::string_view name) {
  return name.starts_with("tmp_") || name.starts_with(".tmp-") || is_lock(name);
}

}  // namespace

Result<> sweep_leftovers(os::FileSystem& files, const std::string& folder) {
  constexpr std::size_t refs_depth = 100;
  Sweeper sweeper(files);
  AECOS_TRY(sweeper.sweep(os::join(folder, "objects"), is_unfinished, 1));
  AECOS_TRY(sweeper.sweep(folder, is_lock, 0));
  return sweeper.sweep(os::join(folder, "refs"), is_lock, refs_depth);
}

}  // namespace aecos::git
