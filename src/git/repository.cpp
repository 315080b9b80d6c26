#include "git/repository.h"

#include <algorithm>
#include <array>
#include <mutex>

#include "git/handle_internal.h"

namespace aecos::git {
namespace {

// Once for the process, which keeps the library until its end: its settings are lost whenever nobody uses it.
void start_library() {
  static std::once_flag once;
  std::call_once(once, [] {
    git_libgit2_init();
    // Extensions that change nothing for who only reads and writes objects and refs.
    std::array<const char*, 4> harmless{"partialclone", "preciousobjects", "relativeworktrees", "worktreeconfig"};
    git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, harmless.data(), harmless.size());
    git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
    // A folder of many elements is read several times while one thing is done.
    constexpr std::size_t large_folder = 32U << 20U;
    git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE, large_folder);
    // As git itself: checksums of the compressed bytes suffice; hashing each object anew doubles the cost of large
    // ones.
    git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
  });
}

ErrorCode code_of(int code) {
  switch (code) {
    case GIT_ENOTFOUND:
    case GIT_EUNBORNBRANCH:
      return ErrorCode::not_found;
    case GIT_EOWNER:
    case GIT_EAUTH:
      return ErrorCode::denied;
    case GIT_EEXISTS:
    case GIT_EMODIFIED:
    case GIT_ELOCKED:
      return ErrorCode::changed_meanwhile;
    case GIT_EAMBIGUOUS:
    case GIT_EINVALID:
    case GIT_EINVALIDSPEC:
    case GIT_EPEEL:
      return ErrorCode::invalid_input;
    default:
      return ErrorCode::unavailable;
  }
}

Error open_failure(int code, const std::string& folder) {
  const git_error* last = git_error_last();
  const std::string message = last != nullptr ? last->message : "";
  if (code == GIT_ENOTFOUND) return {ErrorCode::not_found, folder + ": not in a git repository"};
  if (code == GIT_EOWNER)
    return {ErrorCode::denied, folder +
                                   ": the repository belongs to another user; if you trust it: git config --global "
                                   "--add safe.directory " +
                                   folder};
  if (const auto at = message.find("extensions."); at != std::string::npos) {
    const std::string name = message.substr(at + 11);
    if (name.starts_with("objectformat"))
      return {ErrorCode::invalid_input,
              folder + ": the repository uses SHA-256 ids; only SHA-1 repositories can be used"};
    if (name.starts_with("refstorage"))
      return {ErrorCode::invalid_input, folder +
                                            ": the repository keeps its refs in a format (reftable) that cannot be "
                                            "used; convert it with: git refs migrate --ref-format=files"};
    return {ErrorCode::invalid_input,
            folder + ": the repository uses an extension of git that is not known here: " + name};
  }
  return failure(code, folder);
}

std::string without_slash(const char* path) {
  std::string text = path != nullptr ? path : "";
  if (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

using Config = Owned<git_config, git_config_free>;

Result<Config> open_config(git_repository* repository, bool local) {
  git_config* all = nullptr;
  if (const int code = git_repository_config(&all, repository); code < 0) return failure(code, "configuration");
  Config config(all);
  if (!local) return config;
  git_config* own = nullptr;
  if (const int code = git_config_open_level(&own, all, GIT_CONFIG_LEVEL_LOCAL); code < 0)
    return failure(code, "configuration");
  return Config(own);
}

}  // namespace

Error failure(int code, const std::string& what) {
  const git_error* last = git_error_last();
  return {code_of(code), what + ": " + (last != nullptr ? last->message : "failed")};
}

Repository::Handle::Handle() { start_library(); }
Repository::Handle::~Handle() { git_repository_free(repository); }

Repository::Repository(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
Repository::Repository(Repository&&) noexcept = default;
Repository& Repository::operator=(Repository&&) noexcept = default;
Repository::~Repository() = default;

namespace {

// Whether the user says that all folders are safe, which git knows and libgit2 does not.
bool trusts_all() {
  git_config* raw = nullptr;
  if (git_config_open_default(&raw) < 0) return false;
  const Owned<git_config, git_config_free> config(raw);
  bool all = false;
  const auto note = [](const git_config_entry* entry, void* found) {
    const std::string_view value = entry->value;
    if (value.empty() || value == "*") *static_cast<bool*>(found) = !value.empty();  // An empty one takes all back.
    return 0;
  };
  git_config_get_multivar_foreach(raw, "safe.directory", nullptr, note, &all);
  return all;
}

int open_at(const std::string& folder, git_repository*& repository) {
  const auto open = [&] { return git_repository_open_ext(&repository, folder.c_str(), 0, nullptr); };
  int code = open();
  git_buf found = GIT_BUF_INIT;
  // Where no configuration has safe.directory, libgit2 calls what is somebody else's not found.
  if (code == GIT_ENOTFOUND && git_repository_discover(&found, folder.c_str(), 0, nullptr) == 0) code = GIT_EOWNER;
  git_buf_dispose(&found);
  if (code != GIT_EOWNER || !trusts_all()) return code;
  git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
  return open();
}

}  // namespace

Result<Repository> Repository::open(const std::string& folder) {
  auto handle = std::make_unique<Handle>();
  if (const int code = open_at(folder, handle->repository); code < 0) return open_failure(code, folder);
  git_odb* odb = nullptr;
  if (const int code = git_repository_odb(&odb, handle->repository); code < 0) return failure(code, folder);
  const Owned<git_odb, git_odb_free> objects(odb);
  const std::string common = git_repository_commondir(handle->repository);
  // Asked first, of what both could read.
  if (const int code = git_odb_add_backend(odb, loose_objects_in(common + "objects"), 3); code < 0)
    return failure(code, folder);
  return Repository(std::move(handle));
}

std::string Repository::work_tree() const {
  if (handle_->elsewhere) return handle_->elsewhere->work_tree;
  return without_slash(git_repository_workdir(handle_->repository));
}

std::string Repository::git_folder() const {
  if (handle_->elsewhere) return handle_->elsewhere->git_folder;
  return without_slash(git_repository_path(handle_->repository));
}

std::string Repository::common_folder() const {
  if (handle_->elsewhere) return handle_->elsewhere->git_folder;
  return without_slash(git_repository_commondir(handle_->repository));
}

bool Repository::has_everything() const {
  if (handle_->elsewhere) return true;
  const auto partial = config("extensions.partialclone");
  return git_repository_is_shallow(handle_->repository) == 0 && partial && !*partial;
}

bool Repository::is_placed_as_it_is(const std::string& path) const {
  if (handle_->elsewhere) return false;
  const auto line_ends = config("core.autocrlf");
  if (!line_ends || (*line_ends && **line_ends != "false")) return false;
  std::array names{"filter", "text", "crlf", "eol", "ident", "working-tree-encoding"};
  std::array<const char*, names.size()> values{};
  if (git_attr_get_many(values.data(), handle_->repository, GIT_ATTR_CHECK_FILE_THEN_INDEX, path.c_str(), names.size(),
                        names.data()) < 0)
    return false;
  return std::all_of(values.begin(), values.end(), [](const char* value) {
    const git_attr_value_t kind = git_attr_value(value);
    return kind == GIT_ATTR_VALUE_UNSPECIFIED || kind == GIT_ATTR_VALUE_FALSE;
  });
}

Activity Repository::activity() const {
  if (handle_->elsewhere) return Activity::none;
  switch (git_repository_state(handle_->repository)) {
    case GIT_REPOSITORY_STATE_NONE:
      return Activity::none;
    case GIT_REPOSITORY_STATE_MERGE:
      return Activity::merge;
    case GIT_REPOSITORY_STATE_REVERT:
    case GIT_REPOSITORY_STATE_REVERT_SEQUENCE:
      return Activity::revert;
    case GIT_REPOSITORY_STATE_CHERRYPICK:
    case GIT_REPOSITORY_STATE_CHERRYPICK_SEQUENCE:
      return Activity::cherry_pick;
    case GIT_REPOSITORY_STATE_BISECT:
      return Activity::bisect;
    case GIT_REPOSITORY_STATE_APPLY_MAILBOX:
      return Activity::apply_mailbox;
    default:
      return Activity::rebase;
  }
}

Result<std::optional<std::string>> Repository::config(const std::string& key) const {
  if (handle_->elsewhere) {
    const auto found = handle_->elsewhere->settings.find(key);
    return found == handle_->elsewhere->settings.end() ? std::nullopt : std::optional(found->second);
  }
  AECOS_TRY_ASSIGN(const Config config, open_config(handle_->repository, false));
  git_buf value{};
  const int code = git_config_get_string_buf(&value, config.get(), key.c_str());
  if (code == GIT_ENOTFOUND) return std::optional<std::string>();
  if (code < 0) return failure(code, key);
  std::optional<std::string> text(std::in_place, value.ptr, value.size);
  git_buf_dispose(&value);
  return text;
}

Result<std::vector<std::string>> Repository::config_all(const std::string& key) const {
  AECOS_TRY_ASSIGN(const Config config, open_config(handle_->repository, false));
  std::vector<std::string> values;
  const auto collect = [](const git_config_entry* entry, void* out) {
    static_cast<std::vector<std::string>*>(out)->emplace_back(entry->value != nullptr ? entry->value : "");
    return 0;
  };
  const int code = git_config_get_multivar_foreach(config.get(), key.c_str(), nullptr, collect, &values);
  if (code < 0 && code != GIT_ENOTFOUND) return failure(code, key);
  return values;
}

Result<> Repository::set_config(const std::string& key, const std::string& value) {
  AECOS_TRY_ASSIGN(const Config config, open_config(handle_->repository, true));
  if (const int code = git_config_set_string(config.get(), key.c_str(), value.c_str()); code < 0)
    return failure(code, key);
  return {};
}

Result<> Repository::unset_config(const std::string& key) {
  AECOS_TRY_ASSIGN(const Config config, open_config(handle_->repository, true));
  const int code = git_config_delete_multivar(config.get(), key.c_str(), ".*");
  if (code < 0 && code != GIT_ENOTFOUND) return failure(code, key);
  return {};
}

Result<Signature> Repository::user(std::int64_t time_s, int offset_minutes) const {
  AECOS_TRY_ASSIGN(const auto name, config("user.name"));
  AECOS_TRY_ASSIGN(const auto email, config("user.email"));
  if (!name || name->empty())
    return Error{ErrorCode::invalid_input,
                 "git does not know who you are; say so once with: git config --global "
                 "user.name \"Your Name\""};
  if (!email || email->empty())
    return Error{ErrorCode::invalid_input,
                 "git does not know your address; say so once with: git config --global "
                 "user.email \"you@example.org\""};
  return Signature{*name, *email, time_s, offset_minutes};
}

}  // namespace aecos::git
