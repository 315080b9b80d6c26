// What git calls to store an IFC file: a re-export is given the numbering, order and formatting of the version before
// it, so that git keeps and shows only what changed. The user's own file stays as it is.

#include <future>
#include <iostream>
#include <memory>

#include "cli/command.h"
#include "git/pkt_line.h"
#include "git/program.h"
#include "git/repository.h"
#include "git/staged_files.h"
#include "merge/normalise.h"
#include "os/path.h"

namespace aecos::cli {
namespace {

class CleanFilter {
 public:
  CleanFilter(git::Repository repository, os::FileSystem& files, const std::string& index)
      : repository_(std::move(repository)), staged_(files, index) {}

  // The version before, as text; absent: the file is new, or its content lies in Git LFS. Reading it takes a while for
  // a large model, so it is begun while git still sends the new version. One at a time.
  std::future<std::optional<std::string>> before(const std::string& path) {
    return std::async(std::launch::async, [this, path]() -> std::optional<std::string> {
      const auto id = staged_.find(path);
      if (!id) return std::nullopt;
      auto bytes = repository_.read_blob(*id);
      if (!bytes || git::parse_lfs_pointer(*bytes)) return std::nullopt;
      return *std::move(bytes);
    });
  }

 private:
  git::Repository repository_;
  git::StagedFiles staged_;
};

// What cannot be read as IFC, and what is new, passes unchanged.
std::string clean(const std::optional<std::string>& before, std::string bytes) {
  if (!before || *before == bytes || git::parse_lfs_pointer(bytes)) return bytes;
  auto normal = merge::normalise_ifc(*before, bytes);
  return normal ? *std::move(normal) : std::move(bytes);
}

Result<std::unique_ptr<CleanFilter>> open_filter(Context& context) {
  AECOS_TRY_ASSIGN(git::Repository repository, git::Repository::open(context.directory));
  const auto given = context.environment.variable("GIT_INDEX_FILE");
  const std::string index =
      given && !given->empty() ? context.path(*given) : os::join(repository.git_folder(), "index");
  return std::make_unique<CleanFilter>(std::move(repository), context.files, index);
}

// "key=value" of a list of lines.
std::string value_of(const std::vector<std::string>& lines, const std::string& key) {
  for (const std::string& line : lines)
    if (line.starts_with(key + "=")) return line.substr(key.size() + 1);
  return "";
}

Result<> greet(git::PacketReader& reader, git::PacketWriter& writer) {
  AECOS_TRY_ASSIGN(const auto hello, reader.lines());
  if (!hello || hello->empty() || hello->front() != "git-filter-client" || value_of(*hello, "version") != "2")
    return Error{ErrorCode::invalid_input, "this is called by git as a filter (filter.aecos-ifc.process), not by hand"};
  writer.line("git-filter-server");
  writer.line("version=2");
  writer.flush();
  AECOS_TRY(reader.lines());
  writer.line("capability=clean");
  writer.flush();
  return {};
}

Result<int> serve(Context& context) {
  git::PacketReader reader(*context.input);
  git::PacketWriter writer(*context.output);
  AECOS_TRY(greet(reader, writer));
  AECOS_TRY_ASSIGN(const auto filter, open_filter(context));
  while (true) {
    AECOS_TRY_ASSIGN(const auto command, reader.lines());
    if (!command) return exit_ok;
    auto before = filter->before(value_of(*command, "pathname"));
    AECOS_TRY_ASSIGN(std::string bytes, reader.content());
    if (value_of(*command, "command") != "clean") {
      writer.line("status=error");
      writer.flush();
      continue;
    }
    const std::string cleaned = clean(before.get(), std::move(bytes));
    writer.line("status=success");
    writer.flush();
    writer.content(cleaned);
    writer.flush();
    writer.flush();
  }
}

Result<int> clean_once(Context& context, const std::string& path) {
  std::string bytes(std::istreambuf_iterator<char>(*context.input), {});
  auto filter = open_filter(context);
  const std::string cleaned = clean(filter ? (*filter)->before(path).get() : std::nullopt, std::move(bytes));
  context.output->write(cleaned.data(), static_cast<std::streamsize>(cleaned.size()));
  context.output->flush();
  return exit_ok;
}

}  // namespace

void add_git_filters(Command& app, Context& context) {
  Command* process = app.add_subcommand("filter-process", "Called by git: clean IFC files, one after the other");
  process->group("");
  on_run(*process, context, [&context] { return serve(context); });

  auto path = std::make_shared<std::string>();
  Command* clean = app.add_subcommand("clean", "Called by git: clean one IFC file, from standard input to output");
  clean->group("");
  clean->add_option("PATH", *path, "What the file is called in the repository")->required();
  on_run(*clean, context, [&context, path] { return clean_once(context, *path); });
}

}  // namespace aecos::cli
