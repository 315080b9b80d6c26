#include "cli/bcf_report.h"

#include <functional>
#include <map>
#include <set>

#include "base/percent.h"
#include "check/report_bcf.h"
#include "cli/forge_link.h"
#include "generate/element_box.h"
#include "os/path.h"
#include "revision/agreement.h"
#include "revision/conflict_topic.h"
#include "step/ifczip.h"
#include "sync/hub_link.h"

namespace aecos::cli {
namespace {

constexpr std::string_view element_model = "/element.ifc";

// Where elements are, by the model that says so; each is read once, for all elements that are asked for.
class Places {
 public:
  using Read = std::function<Result<std::string>(const std::string& path)>;
  explicit Places(Read read) : read_(std::move(read)) {}

  void will_ask(const std::string& path, const std::string& global_id) { wanted_[model_of(path)].insert(global_id); }

  bcf::Whereabouts find(const std::string& path, const std::string& global_id) {
    const std::string model = model_of(path);
    auto known = known_.find(model);
    if (known == known_.end()) known = known_.emplace(model, look(model)).first;
    bcf::Whereabouts found{known->second.project_id, {}};
    if (const auto box = known->second.boxes.find(global_id); box != known->second.boxes.end())
      found.box = bcf::Box{box->second.low, box->second.high};
    return found;
  }

 private:
  // What metadata.json is about is drawn in the file beside it.
  static std::string model_of(const std::string& path) {
    const std::string folder = revision::element_folder(path);
    return folder.empty() ? path : folder + std::string(element_model);
  }

  // What cannot be read has been told as a finding; there is no place to look at then.
  generate::ElementBoxes look(const std::string& model) const {
    const std::string type = os::extension_of(model);
    const auto wanted = wanted_.find(model);
    if ((type != ".ifc" && type != ".ifczip") || wanted == wanted_.end()) return {};
    auto text = read_(model);
    if (!text) return {};
    if (step::is_zip(*text)) {
      auto unpacked = step::unpack(*text);
      if (!unpacked) return {};
      *text = std::move(unpacked->text);
    }
    auto found = generate::find_boxes(*text, wanted->second);
    return found ? *std::move(found) : generate::ElementBoxes{};
  }

  Read read_;
  std::map<std::string, std::set<std::string>> wanted_;
  std::map<std::string, generate::ElementBoxes> known_;
};

// What people see of a forge, by its API: "https://api.github.com" -> "https://github.com".
std::string forge_page(const forge::Settings& settings) {
  std::string base = settings.api;
  for (const std::string_view end : {"/api/v3", "/api/v4", "/api/v1"})
    if (base.ends_with(end)) base.resize(base.size() - end.size());
  if (base == "https://api.github.com") base = "https://github.com";
  return base + "/" + settings.repository;
}

void link_to_forge(const forge::Settings& settings, bcf::Origin& origin) {
  const std::string page = forge_page(settings) + (settings.kind == forge::Kind::gitlab ? "/-" : "");
  origin.link = page + "/commit/" + origin.commit;
  origin.file_link = page + (settings.kind == forge::Kind::gitea ? "/src/commit/" : "/blob/") + origin.commit + "/";
}

// A remote that means the same on another machine.
bool is_shared_address(const std::string& url) {
  for (const std::string_view scheme : {"https://", "http://", "ssh://", "git://"})
    if (url.starts_with(scheme)) return true;
  return false;
}

Result<> add_links(Context& context, sync::Workspace& workspace, bcf::Origin& origin) {
  AECOS_TRY_ASSIGN(const auto url, workspace.repository.config("remote." + workspace.project.remote + ".url"));
  AECOS_TRY_ASSIGN(const auto hub, workspace.repository.config("aecos.hub"));
  const auto address = url && hub && !hub->empty() ? sync::hub_address(*url) : std::nullopt;
  if (address) origin.page = address->base + "/projects/" + percent_encode(address->project);
  if (origin.commit.empty()) return {};
  const auto settings = read_forge(context, workspace);
  if (settings && *settings) {
    link_to_forge(**settings, origin);
  } else if (address) {
    origin.link =
        address->base + "/api/v1/projects/" + percent_encode(address->project) + "/commits?from=" + origin.commit;
    origin.file_link = "git+" + sync::without_secret(*url) + "#" + origin.commit + ":";
  } else {
    const std::string place = url && is_shared_address(*url) ? "git+" + sync::without_secret(*url) + "#" : "git:";
    origin.link = place + origin.commit;
    origin.file_link = origin.link + ":";
  }
  return {};
}

Result<bcf::Origin> origin_of(Context& context, sync::Workspace& workspace, CommitId commit) {
  bcf::Origin origin;
  origin.project_id = workspace.project.id.empty() ? workspace.project.name : workspace.project.id;
  origin.project_name = workspace.project.name;
  origin.date = context.clock.now_us();
  if (const auto who = workspace.signature()) origin.author = who->email.empty() ? who->name : who->email;
  if (commit) {
    AECOS_TRY_ASSIGN(const git::Commit found, workspace.repository.read_commit(commit));
    origin.commit = commit.hex();
    origin.date = found.committer.time_s * 1'000'000;
  }
  AECOS_TRY(add_links(context, workspace, origin));
  return origin;
}

// The revision that was looked at, else the last commit.
Result<CommitId> commit_of(Context& context, const ValidateSources& sources, sync::Workspace& workspace) {
  if (sources.what.size() == 1 && !context.files.status(context.path(sources.what[0])))
    return workspace.repository.resolve_commit(sources.what[0]);
  const auto head = workspace.head();
  return head ? head->commit : CommitId{};
}

Result<> write_archive(Context& context, const BcfOptions& options, bcf::Archive archive) {
  archive.version = options.version == "2.1" ? bcf::Version::v2_1 : bcf::Version::v3_0;
  AECOS_TRY_ASSIGN(const std::string zip, bcf::write(archive));
  return context.files.write(context.path(options.file), zip);
}

}  // namespace

void add_bcf_options(Command& command, BcfOptions& options) {
  command.add_option("--bcf", options.file, "Also write an archive of topics for programs for building models")
      ->type_name("FILE");
  command.add_option("--bcf-version", options.version, "Of that archive (default: 3.0)")->one_of({"2.1", "3.0"});
}

Result<> write_bcf(Context& context, const BcfOptions& options, const ValidateSources& sources,
                   const ValidateInput& input, const check::Report& report) {
  if (options.file.empty()) return {};
  bcf::Origin origin;
  origin.date = context.clock.now_us();
  if (input.workspace) {
    AECOS_TRY_ASSIGN(const CommitId commit, commit_of(context, sources, *input.workspace));
    AECOS_TRY_ASSIGN(origin, origin_of(context, *input.workspace, commit));
  }
  std::map<std::string, const revision::Looked*> files;
  for (const revision::Looked& file : input.validation.files) files.emplace(file.path, &file);
  Places places([&](const std::string& path) -> Result<std::string> {
    const auto file = files.find(path);
    if (file == files.end()) return Error{ErrorCode::not_found, path};
    AECOS_TRY_ASSIGN(const revision::Content content, file->second->read());
    return std::string(content.bytes);
  });
  for (const check::Finding& finding : report.findings) places.will_ask(finding.path, finding.global_id);
  return write_archive(context, options,
                       check::report_bcf(report, origin, [&](const std::string& path, const std::string& global_id) {
                         return places.find(path, global_id);
                       }));
}

Result<> write_bcf(Context& context, const BcfOptions& options, sync::Workspace& workspace, CommitId head,
                   const std::vector<sync::OpenConflict>& conflicts) {
  if (options.file.empty()) return {};
  AECOS_TRY_ASSIGN(const bcf::Origin origin, origin_of(context, workspace, head));
  AECOS_TRY_ASSIGN(const TreeId tree, workspace.tree_of(head));
  Places places([&](const std::string& path) -> Result<std::string> {
    AECOS_TRY_ASSIGN(const auto entry, workspace.repository.find_entry(tree, path));
    if (!entry || !entry->is_regular()) return Error{ErrorCode::not_found, path};
    return revision::GitTreeSource(workspace.library()).content(entry->id, path);
  });
  for (const sync::OpenConflict& each : conflicts)
    places.will_ask(each.record.path, each.record.conflict.element.global_id);
  bcf::Archive archive = revision::conflict_archive(origin);
  for (const sync::OpenConflict& each : conflicts)
    archive.topics.push_back(
        revision::topic_of(each.record, origin, places.find(each.record.path, each.record.conflict.element.global_id)));
  bcf::list_used(archive);
  return write_archive(context, options, std::move(archive));
}

}  // namespace aecos::cli
