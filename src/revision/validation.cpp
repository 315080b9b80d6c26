#include "revision/validation.h"

#include <map>

#include "check/outcome.h"
#include "check/waivers.h"
#include "cost/rates.h"
#include "element/agree.h"
#include "os/path.h"
#include "policy/policy.h"
#include "revision/content.h"
#include "revision/project.h"
#include "revision/record.h"

namespace aecos::revision {
namespace {

constexpr std::string_view ids_folder = ".aecos/ids/", metadata_ending = "/metadata.json",
                           model_ending = "/element.ifc";
constexpr std::uint64_t chunk_max = 64U << 20U;  // Bytes in memory at once, or one file.

bool is_metadata(std::string_view path) {
  return path.ends_with(metadata_ending) && !check::element_folder(path).empty();
}

class Run {
 public:
  explicit Run(const Validation& validation) : validation_(validation) {}

  Result<Validated> run() {
    AECOS_TRY(read_requirements());
    for (const Looked& file : validation_.files) {
      if (file.path.ends_with(model_ending)) models_[std::string(check::element_folder(file.path))] = &file;
    }
    each_.resize(validation_.files.size());
    AECOS_TRY(look());
    std::vector<std::string> paths;
    for (const Looked& file : validation_.files) paths.push_back(file.path);
    combine(paths, std::move(each_), read_->all, validation_.options, done_.report);
    AECOS_TRY(apply_waivers());
    if (!validation_.each_copy) check::join_copies(done_.report);
    if (validation_.outcomes != nullptr) validation_.outcomes->save();
    return std::move(done_);
  }

 private:
  Result<> read_requirements() {
    AECOS_TRY_ASSIGN(read_, requirements());
    done_.report = read_->report;
    const check::ValidateOptions& options = validation_.options;
    const std::string text = read_->key + std::to_string(check::rules_version) + ' ' +
                             std::to_string(options.findings) + ' ' + std::to_string(int{options.rules_of_ifc}) +
                             std::to_string(int{options.iso19650_names}) +
                             std::to_string(int{options.disagreements != nullptr});
    key_ = git::hash_blob(text).hex();
    return {};
  }

  Result<std::shared_ptr<const ReadRequirements>> requirements() const {
    std::string key;
    bool has_key = validation_.outcomes != nullptr;
    for (const Looked& file : validation_.requirements) {
      has_key = has_key && file.id;
      key += file.path + '\n' + file.id.hex() + '\n';
    }
    auto known = has_key ? validation_.outcomes->requirements(key) : nullptr;
    if (known) return known;
    std::vector<check::InputFile> files;
    std::vector<Content> contents;
    for (const Looked& file : validation_.requirements) {
      AECOS_TRY_ASSIGN(Content content, file.read());
      files.push_back({file.path, content.bytes});
      contents.push_back(std::move(content));
    }
    auto read = std::make_shared<ReadRequirements>();
    read->all = check::read_requirements(files, read->report);
    if (!has_key) {
      key.clear();
      for (const check::InputFile& file : files) key += file.path + '\n' + git::hash_blob(file.bytes).hex() + '\n';
    }
    read->key = std::move(key);
    if (has_key) validation_.outcomes->keep(read);
    return std::shared_ptr<const ReadRequirements>(std::move(read));
  }

  const Looked* beside(const Looked& file) const {
    if (!is_metadata(file.path)) return nullptr;
    const auto found = models_.find(check::element_folder(file.path));
    return found == models_.end() ? nullptr : found->second;
  }

  // Zero: what is found is not kept. The project's own files are small, and what parses them is not known here.
  BlobId key_of(const Looked& file) const {
    const bool kept = check::is_model(file.path) || is_metadata(file.path);
    if (!file.id || !kept || validation_.outcomes == nullptr) return {};
    std::string text = key_ + '\n' + file.path + '\n' + file.id.hex() + '\n';
    if (const Looked* const other = beside(file)) {
      if (!other->id) return {};
      text += other->id.hex();
    }
    if (file.earlier) text += "since " + file.before.hex();
    return git::hash_blob(text);
  }

  Result<> look() {
    std::vector<std::size_t> unknown;
    for (std::size_t k = 0; k < each_.size(); ++k) {
      const BlobId key = key_of(validation_.files[k]);
      keys_.push_back(key);
      if (!key || !known(k, key)) unknown.push_back(k);
    }
    AECOS_TRY(check_size(unknown));
    for (std::size_t at = 0; at < unknown.size();) {
      AECOS_TRY(look_at_some(unknown, at));
    }
    return {};
  }

  bool known(std::size_t k, const BlobId& key) {
    const auto bytes = validation_.outcomes->find(key);
    if (!bytes) return false;
    auto outcome = check::read_outcome(*bytes, validation_.files[k].path, read_->all);
    if (!outcome) return false;
    each_[k] = *std::move(outcome);
    return true;
  }

  Result<> check_size(const std::vector<std::size_t>& unknown) const {
    std::uint64_t bytes = 0;
    for (const std::size_t k : unknown) {
      const Looked& file = validation_.files[k];
      if (!file.size || validation_.bytes_max == ~std::uint64_t{0}) continue;
      AECOS_TRY_ASSIGN(const std::uint64_t size, file.size());
      bytes += size;
      if (bytes > validation_.bytes_max)
        return Error{ErrorCode::denied,
                     "more than " + std::to_string(validation_.bytes_max >> 20U) + " MB would have to be looked at"};
    }
    return {};
  }

  // As many as may be in memory at once, from `at` on.
  Result<> look_at_some(const std::vector<std::size_t>& unknown, std::size_t& at) {
    std::vector<check::InputFile> files;
    std::vector<Content> contents;
    const std::size_t first = at;
    for (std::uint64_t bytes = 0; at < unknown.size() && (at == first || bytes < chunk_max); ++at) {
      const Looked& file = validation_.files[unknown[at]];
      AECOS_TRY_ASSIGN(Content content, file.read());
      files.push_back({file.path, content.bytes});
      bytes += content.bytes.size();
      if (file.earlier) {
        AECOS_TRY_ASSIGN(Earlier earlier, file.earlier(content.bytes));
        files.back().only = std::move(earlier.only);
        files.back().before = earlier.before.bytes;
        contents.push_back(std::move(earlier.before));
      }
      contents.push_back(std::move(content));
      if (const Looked* const other = beside(file)) {
        AECOS_TRY_ASSIGN(Content model, other->read());
        files.back().beside = model.bytes;
        contents.push_back(std::move(model));
      }
    }
    std::vector<check::Report> found = check::look_at(files, read_->all, validation_.options);
    for (std::size_t k = 0; k < found.size(); ++k) {
      const std::size_t which = unknown[first + k];
      if (keys_[which])
        validation_.outcomes->add(keys_[which], check::write_outcome(found[k], files[k].path, read_->all));
      each_[which] = std::move(found[k]);
    }
    done_.looked_at += found.size();
    return {};
  }

  // Those that cannot be read let nothing pass; that is told of the file itself.
  Result<> apply_waivers() {
    if (!validation_.waivers) return {};
    AECOS_TRY_ASSIGN(const Content content, validation_.waivers->read());
    const auto waivers = check::parse_waivers(content.bytes);
    if (waivers) check::apply_waivers(*waivers, validation_.today, done_.report);
    return {};
  }

  const Validation& validation_;
  std::shared_ptr<const ReadRequirements> read_;
  std::map<std::string, const Looked*, std::less<>> models_;  // By element folder.
  std::string key_;                                           // Of requirements and options.
  std::vector<BlobId> keys_;
  std::vector<check::Report> each_;
  Validated done_;
};

Result<std::vector<std::string>> disagreements(std::string_view metadata, std::string_view ifc) {
  AECOS_TRY_ASSIGN(const auto found, element::disagreements(metadata, ifc));
  std::vector<std::string> lines;
  const auto said = [](const std::string& value) { return value.empty() ? "nothing" : value; };
  for (const element::Disagreement& one : found) {
    const bool both_empty = (one.metadata.empty() || one.metadata == "\"\"") && (one.ifc.empty() || one.ifc == "\"\"");
    if (both_empty) continue;
    lines.push_back(one.at + " is " + said(one.metadata) + " in metadata.json and " + said(one.ifc) +
                    " in element.ifc");
  }
  return lines;
}

}  // namespace

Result<Validated> validate(const Validation& validation) { return Run(validation).run(); }

bool is_requirements(std::string_view path) { return path.starts_with(ids_folder) && os::extension_of(path) == ".ids"; }

bool is_looked_at(std::string_view path) {
  if (check::is_model(path) || is_requirements(path) || path == cost::rates_path) return true;
  return os::extension_of(path) == ".json" && (path.starts_with(".aecos/") || os::name_of(path) == "metadata.json");
}

Result<> parse_own_file(std::string_view path, std::string_view bytes) {
  const auto forget = [](const auto& parsed) { return parsed ? Result<>() : Result<>(parsed.error()); };
  if (path == project_path) return forget(parse_project(bytes));
  if (path == policy::roles_path) return forget(policy::parse_roles(bytes));
  if (path == check::waivers_path) return forget(check::parse_waivers(bytes));
  if (path == cost::rates_path) return forget(cost::parse_rates(bytes));
  if (!record_id(path).empty()) return forget(parse_record(bytes));
  return {};
}

check::ValidateOptions project_options() {
  check::ValidateOptions options;
  options.parse = parse_own_file;
  options.disagreements = disagreements;
  return options;
}

Looked of_blob(const Library& library, std::string path, BlobId id) {
  Looked file;
  file.read = [library, path, id]() -> Result<Content> {
    AECOS_TRY_ASSIGN(std::string bytes, GitTreeSource(library).content(id, path));
    auto owner = std::make_shared<const std::string>(std::move(bytes));
    return Content{*owner, owner};
  };
  file.size = [library, id]() -> Result<std::uint64_t> {
    constexpr std::uint64_t pointer_max = 1024;
    AECOS_TRY_ASSIGN(const std::uint64_t size, library.repository.blob_size(id));
    if (size > pointer_max) return size;
    AECOS_TRY_ASSIGN(const std::string bytes, library.repository.read_blob(id));
    const auto pointer = git::parse_lfs_pointer(bytes);
    return pointer ? pointer->size : size;
  };
  file.path = std::move(path);
  file.id = id;
  return file;
}

Result<Validation> of_tree(const Library& library, TreeId tree, check::ValidateOptions options) {
  Validation validation;
  options.whole_project = true;
  validation.options = std::move(options);
  AECOS_TRY_ASSIGN(const auto files, difference(library.repository, TreeId{}, tree));
  for (const FileDifference& file : files) {
    const bool regular = file.after && (file.after->mode == FileMode::file || file.after->mode == FileMode::executable);
    if (!regular || !is_looked_at(file.path)) continue;
    Looked looked = of_blob(library, file.path, file.after->id);
    if (file.path == check::waivers_path) validation.waivers = looked;
    (is_requirements(file.path) ? validation.requirements : validation.files).push_back(std::move(looked));
  }
  return validation;
}

}  // namespace aecos::revision
