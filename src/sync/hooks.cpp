#include "sync/hooks.h"

#include <array>
#include <optional>

#include "git/program.h"
#include "os/path.h"

namespace aecos::sync {
namespace {

constexpr std::array<const char*, 3> names{"pre-commit", "commit-msg", "post-merge"};
constexpr std::string_view mark = "# Of aecos init.", suffix = ".yours";
constexpr std::uint32_t executable = 0755, any_execute_bit = 0111;

// Git runs hooks by a shell of its own on all systems; all it does is hand over.
std::string text_of(const std::string& name, const std::string& program) {
  return "#!/bin/sh\n" + std::string(mark) + " A hook of one's own goes beside it, as " + name + std::string(suffix) +
         ", and is run first.\n[ ! -x \"$0" + std::string(suffix) + "\" ] || \"$0" + std::string(suffix) +
         "\" \"$@\" || exit\nexec " + git::shell_quoted(program) + " hook " + name + " \"$@\"\n";
}

// Where git looks for hooks, if that is not in the repository; several may share it, or it may be part of the project.
std::optional<std::string> folder_elsewhere(const git::Repository& repository) {
  const auto setting = repository.config("core.hooksPath");
  if (!setting || !*setting || (*setting)->empty()) return std::nullopt;
  const std::string folder = os::normal(os::join(repository.work_tree(), **setting));
  if (folder == os::normal(os::join(repository.common_folder(), "hooks"))) return std::nullopt;
  return folder;
}

std::string line_for(const std::string& name) { return "aecos hook " + name + " \"$@\""; }

bool calls_aecos(const std::string& text, const std::string& name) {
  return text.find("aecos") != std::string::npos && text.find("hook " + name) != std::string::npos;
}

enum class Kind { none, ours, link, calling, theirs };

// `text` is what a file there says.
Kind kind_of(os::FileSystem& files, const std::string& path, const std::string& name, const std::string& program,
             std::string& text) {
  if (const auto link = files.read_link(path)) {
    return os::name_of(*link) == os::name_of(program) ? Kind::link : Kind::theirs;
  }
  const auto there = files.read(path);
  if (!there) return os::exists(files, path) ? Kind::theirs : Kind::none;
  text = *there;
  if (text.find(mark) != std::string::npos) return Kind::ours;
  return calls_aecos(text, name) ? Kind::calling : Kind::theirs;
}

bool is_executable(os::FileSystem& files, const std::string& path) {
  const auto status = files.status(path);
  return status && (status->mode & any_execute_bit) != 0;
}

Result<> put(os::FileSystem& files, const std::string& path, const std::string& text) {
  os::WriteOptions options;
  options.mode = executable;
  return files.write(path, text, options);
}

// What the user is to know; empty: nothing.
std::string install(os::FileSystem& files, const std::string& folder, const std::string& name,
                    const std::string& program) {
  const std::string path = os::join(folder, name), beside = path + std::string(suffix);
  const std::string wanted = text_of(name, program);
  std::string there, told;
  const Kind kind = kind_of(files, path, name, program, there);
  if (kind == Kind::calling || (kind == Kind::ours && there == wanted && is_executable(files, path))) return "";
  if (kind == Kind::theirs) {
    if (os::exists(files, beside))
      return "git has a hook " + name + " and a hook " + name + std::string(suffix) +
             "; they are left as they are: let one of them call: " + line_for(name);
    if (const auto moved = files.rename(path, beside); !moved)
      return "the hook " + name + " of yours cannot be kept beside: " + moved.error().message;
    told = "your hook " + name + " is " + beside + " now; it is run first";
  }
  if (const auto written = put(files, path, wanted); !written) {
    if (kind == Kind::theirs) static_cast<void>(files.rename(beside, path));
    return "the hook " + name + " cannot be written: " + written.error().message;
  }
  return told;
}

}  // namespace

std::vector<std::string> install_hooks(os::FileSystem& files, const git::Repository& repository,
                                       const std::string& program) {
  std::vector<std::string> told;
  if (program.empty()) return told;
  if (const auto elsewhere = folder_elsewhere(repository)) {
    for (const std::string name : names) {
      std::string text;
      const Kind kind = kind_of(files, os::join(*elsewhere, name), name, program, text);
      if (kind != Kind::calling && kind != Kind::ours)
        told.push_back("git has hooks of yours in " + *elsewhere + "; let its " + name + " call: " + line_for(name));
    }
    return told;
  }
  const std::string folder = os::join(repository.common_folder(), "hooks");
  if (const auto made = files.create_directories(folder); !made)
    return {"no hooks can be put into " + folder + ": " + made.error().message};
  for (const std::string name : names) {
    std::string line = install(files, folder, name, program);
    if (!line.empty()) told.push_back(std::move(line));
  }
  return told;
}

std::vector<Finding> check_hooks(Workspace& workspace, const std::string& program) {
  const auto elsewhere = folder_elsewhere(workspace.repository);
  const std::string folder = elsewhere ? *elsewhere : os::join(workspace.repository.common_folder(), "hooks");
  std::vector<Finding> findings;
  for (const std::string name : names) {
    std::string text;
    const std::string path = os::join(folder, name);
    const Kind kind = kind_of(workspace.world.files, path, name, program, text);
    const bool calls =
        kind == Kind::calling || (kind == Kind::ours && (program.empty() || text == text_of(name, program)));
    if (calls && is_executable(workspace.world.files, path)) continue;
    findings.push_back({"git's hook " + name + " does not call this aecos", false,
                        elsewhere ? "let " + path + " call: " + line_for(name) : "run aecos init once more"});
  }
  if (findings.empty()) findings.push_back({"git's hooks call aecos", true, ""});
  return findings;
}

}  // namespace aecos::sync
