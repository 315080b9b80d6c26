#include "cli/cost_files.h"

#include <algorithm>
#include <optional>

#include "base/parallel.h"
#include "cli/file_walk.h"
#include "cli/project.h"
#include "os/path.h"
#include "revision/cost.h"

namespace aecos::cli {
namespace {

using SharedRates = std::shared_ptr<const cost::Rates>;

struct Version {
  cost::Bill bill;
  SharedRates rates;
};

class Collector {
 public:
  explicit Collector(Context& context) : context_(context), cache_(SIZE_MAX) {}

  Result<CostInput> run(const CostSources& sources) {
    AECOS_TRY_ASSIGN(std::optional<sync::Workspace> opened, find_workspace(context_));
    if (opened) workspace_ = &*opened;
    if (!sources.rates.empty()) {
      AECOS_TRY_ASSIGN(const os::MappedFile file, open_input(context_, sources.rates));
      AECOS_TRY_ASSIGN(rates_, parse(sources.rates, file.bytes()));
    }
    std::vector<std::string> paths = sources.what;
    std::string revision;
    if (!paths.empty() && !context_.files.status(context_.path(paths.front()))) {
      revision = paths.front();
      paths.erase(paths.begin());
    }
    if (revision.empty()) return of_work_tree(paths);
    if (workspace_ == nullptr)
      return Error{ErrorCode::not_found,
                   revision + ": no such file or folder, and there is no project here whose revision it could be"};
    return of_revisions(revision, paths);
  }

 private:
  static Result<SharedRates> parse(const std::string& name, std::string_view csv) {
    auto rates = cost::parse_rates(csv);
    if (!rates) return Error{rates.error().code, at_file(name, rates.error().message)};
    return std::make_shared<const cost::Rates>(*std::move(rates));
  }

  static Error no_rates(const std::string& where) {
    return {ErrorCode::not_found, "there are no rates" + where + ": write " + std::string(cost::rates_path) +
                                      " (docs/COST.md shows one), or name a file with --rates"};
  }

  static Error no_model(const std::string& path) {
    return {ErrorCode::invalid_input, path + ": neither a model (.ifc, .ifczip) nor an element's metadata.json"};
  }

  // --- the work tree

  Result<CostInput> of_work_tree(const std::vector<std::string>& paths) {
    CostInput input;
    AECOS_TRY_ASSIGN(Version version, read_work_tree(paths, input.unread));
    if (!version.rates) return no_rates("");
    input.after = std::move(version.bill);
    return input;
  }

  Result<SharedRates> work_tree_rates() {
    if (rates_) return rates_;
    const std::string path = workspace_ == nullptr ? "" : workspace_->full(std::string(cost::rates_path));
    if (path.empty() || !os::exists(context_.files, path)) return SharedRates();
    AECOS_TRY_ASSIGN(const os::MappedFile file, context_.files.map(path));
    return parse(std::string(cost::rates_path), file.bytes());
  }

  // `other`: the rates where there are none. `before`: what was there then may be gone.
  Result<Version> read_work_tree(const std::vector<std::string>& paths, std::vector<std::string>& unread,
                                 const SharedRates& other = nullptr, TreeId before = {}) {
    Version version;
    AECOS_TRY_ASSIGN(version.rates, work_tree_rates());
    if (!version.rates) version.rates = other;
    if (!version.rates) return version;
    const std::string root = workspace_ == nullptr ? context_.directory : workspace_->root;
    if (paths.empty()) AECOS_TRY(add_folder(root, ""));
    for (const std::string& path : paths) AECOS_TRY(add_argument(path, root, before));
    version.bill = cost::make_bill(take_off(unread), version.rates);
    return version;
  }

  Result<> add_argument(const std::string& argument, const std::string& root, TreeId before) {
    const std::string full = context_.path(argument);
    const auto status = context_.files.status(full);
    if (!status && before && check({argument}, {before}, "")) return {};
    if (!status) return Error{ErrorCode::not_found, argument + ": no such file or folder; check the path"};
    const std::string name = path_in_project(root, full, argument);
    if (status->type == os::FileType::directory) return add_folder(full, name.empty() ? "" : name + "/");
    if (!cost::is_taken_off(name)) return no_model(argument);
    found_[name] = full;
    return {};
  }

  Result<> add_folder(const std::string& folder, const std::string& prefix) {
    AECOS_TRY_ASSIGN(const auto paths,
                     workspace_ ? files_below(*workspace_, folder) : files_below(context_.files, folder));
    for (const std::string& path : paths)
      if (cost::is_taken_off(prefix + path)) found_[prefix + path] = os::join(folder, path);
    return {};
  }

  std::vector<cost::BillFile> take_off(std::vector<std::string>& unread) {
    std::vector<std::string> all;
    for (const auto& [path, full] : found_) all.push_back(path);
    const std::vector<std::string> paths = revision::counted_paths(all);
    std::vector<std::optional<Result<cost::SharedTakeoff>>> taken(paths.size());
    in_parallel(paths.size(), [&](std::size_t k) {
      auto file = context_.files.map(found_.at(paths[k]));
      taken[k] = file ? cost::take_off(paths[k], file->bytes()) : Result<cost::SharedTakeoff>(file.error());
    });
    std::vector<cost::BillFile> files;
    for (std::size_t k = 0; k < paths.size(); ++k) {
      if (*taken[k])
        files.push_back({paths[k], **taken[k]});
      else
        unread.push_back(at_file(paths[k], taken[k]->error().message));
    }
    return files;
  }

  // --- revisions

  // "A..B", and "A.." for the work tree.
  Result<CostInput> of_revisions(const std::string& revision, const std::vector<std::string>& paths) {
    CostInput input;
    input.of = revision;
    const std::size_t dots = revision.find("..");
    if (dots == std::string::npos) {
      AECOS_TRY_ASSIGN(const TreeId tree, resolve(revision));
      AECOS_TRY_ASSIGN(const SharedRates rates, rates_at(tree));
      if (!rates) return no_rates(" in " + revision);
      AECOS_TRY(check(paths, {tree}, revision));
      AECOS_TRY_ASSIGN(input.after, bill_at(tree, rates, paths, input.unread));
      return input;
    }
    input.is_range = true;
    return of_range(revision.substr(0, dots), revision.substr(dots + 2), paths, std::move(input));
  }

  // Each version by its own rates; one that has none, by those of the other.
  Result<CostInput> of_range(const std::string& from, const std::string& to, const std::vector<std::string>& paths,
                             CostInput input) {
    AECOS_TRY_ASSIGN(const TreeId before, resolve(from.empty() ? "HEAD" : from));
    AECOS_TRY_ASSIGN(SharedRates old, rates_at(before));
    SharedRates now;
    if (to.empty()) {
      AECOS_TRY_ASSIGN(Version version, read_work_tree(paths, input.unread, old, before));
      now = version.rates;
      input.after = std::move(version.bill);
      if (!now) return no_rates(" in " + input.of);
    } else {
      AECOS_TRY_ASSIGN(const TreeId after, resolve(to));
      AECOS_TRY_ASSIGN(now, rates_at(after));
      if (!now) now = old;
      if (!now) return no_rates(" in " + input.of);
      AECOS_TRY(check(paths, {before, after}, input.of));
      AECOS_TRY_ASSIGN(input.after, bill_at(after, now, paths, input.unread));
    }
    if (!old) old = now;
    std::vector<std::string> unread_before;
    AECOS_TRY_ASSIGN(input.before, bill_at(before, old, paths, unread_before));
    for (const std::string& line : unread_before)
      if (std::find(input.unread.begin(), input.unread.end(), line) == input.unread.end())
        input.unread.push_back("before, " + line);
    return input;
  }

  // As the project calls it; empty: all of it.
  std::string name_of(const std::string& path) const {
    return path_in_project(workspace_->root, context_.path(path), path);
  }

  // Each path must be in one of the trees.
  Result<> check(const std::vector<std::string>& paths, const std::vector<TreeId>& trees, const std::string& of) const {
    for (const std::string& path : paths) {
      const std::string name = name_of(path);
      bool is_there = name.empty(), is_file = false;
      for (const TreeId tree : trees) {
        if (!tree || name.empty()) continue;
        AECOS_TRY_ASSIGN(const auto entry, workspace_->repository.find_entry(tree, name));
        is_there = is_there || entry.has_value();
        is_file = is_file || (entry && entry->is_regular());
      }
      if (!is_there)
        return Error{ErrorCode::not_found, path + ": no such file or folder in " + of + "; check the path"};
      if (is_file && !cost::is_taken_off(name)) return no_model(path);
    }
    return {};
  }

  Result<TreeId> resolve(const std::string& revision) {
    const auto tree = workspace_->repository.resolve_tree(revision);
    if (tree) return *tree;
    return Error{tree.error().code, revision + ": neither a file nor a revision (" + tree.error().message + ")"};
  }

  Result<SharedRates> rates_at(TreeId tree) {
    if (rates_) return rates_;
    return revision::rates_of(workspace_->library(), tree);
  }

  Result<cost::Bill> bill_at(TreeId tree, const SharedRates& rates, const std::vector<std::string>& paths,
                             std::vector<std::string>& unread) {
    AECOS_TRY_ASSIGN(revision::CostFiles files, revision::cost_files(workspace_->repository, tree));
    if (!paths.empty()) {
      std::vector<std::string> inside;
      for (const std::string& path : paths) inside.push_back(name_of(path));
      std::erase_if(files, [&](const auto& file) {
        return std::none_of(inside.begin(), inside.end(), [&](const std::string& each) {
          return each.empty() || file.first == each || file.first.starts_with(each + "/");
        });
      });
    }
    AECOS_TRY_ASSIGN(revision::TreeBill made, revision::bill_of(workspace_->library(), files, rates, cache_));
    unread.insert(unread.end(), made.unread.begin(), made.unread.end());
    return std::move(made.bill);
  }

  Context& context_;
  sync::Workspace* workspace_ = nullptr;
  SharedRates rates_;                         // That were asked for.
  std::map<std::string, std::string> found_;  // Full paths in the work tree, by name.
  revision::TakeoffCache cache_;
};

}  // namespace

Result<CostInput> collect_cost(Context& context, const CostSources& sources) { return Collector(context).run(sources); }

}  // namespace aecos::cli
