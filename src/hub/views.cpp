#include "hub/views.h"

#include <algorithm>
#include <chrono>

#include "base/sha256.h"
#include "os/path.h"
#include "revision/content.h"
#include "revision/message.h"
#include "revision/tree_difference.h"
#include "speckle/building.h"
#include "speckle/shape_source.h"
#include "step/ifczip.h"
#include "text/json.h"

namespace aecos::hub {
namespace {

using Kind = ViewState::Kind;

constexpr std::uint64_t file_max = 1ULL << 30U;  // Bytes of one model.
constexpr std::size_t versions_max = 50;
constexpr std::uint64_t batch_max = 64ULL << 20U;
constexpr std::size_t ends_max = 30;  // Of the kernel, with one file; whatever is left is not tried any more.
constexpr std::string_view no_shape = "!";
constexpr std::string_view elements_folder = "elements/";
// Go up when the same shape, or file, would be shown in another way.
constexpr std::string_view way = "1/", file_way = "2/";
constexpr std::size_t digest_digits = 16;

bool is_model(std::string_view path) {
  const std::string type = os::extension_of(path);
  return type == ".ifc" || type == ".ifczip";
}

// Objects on their way to the disk.
class Batch {
 public:
  explicit Batch(ViewObjects& kept) : kept_(kept) {}
  speckle::Sink sink() {
    return [this](speckle::Object&& object) {
      if (kept_.has(object.id) || !ids_.insert(object.id).second) return;
      bytes_ += object.json.size();
      objects_.push_back(std::move(object));
    };
  }
  void note(const std::string& key, std::string value) { notes_[key] = std::move(value); }
  // Writes what there is; unless it is told to, only when it is much.
  Result<> flush(bool now) {
    if ((!now && bytes_ < batch_max) || (objects_.empty() && notes_.empty())) return {};
    AECOS_TRY(kept_.add(objects_, notes_));
    objects_.clear();
    notes_.clear();
    ids_.clear();
    bytes_ = 0;
    return {};
  }

 private:
  ViewObjects& kept_;
  std::vector<speckle::Object> objects_;
  std::set<speckle::ObjectId> ids_;
  std::map<std::string, std::string> notes_;
  std::uint64_t bytes_ = 0;
};

std::string shape_note(std::uint64_t key) { return "shape/" + std::string(way) + std::to_string(key); }

std::string version_of(const std::string& path, BlobId blob) {
  return std::string(file_way) + blob.hex() + "/" + sha256_hex(path).substr(0, digest_digits);
}

std::string ids_note(const std::string& version) { return "ids/" + version; }

// The same file is another one to be shown where others show some of its elements.
std::string file_note(const std::string& version, const speckle::GlobalIds& left_out) {
  std::string all;
  for (const std::string& id : left_out) all += id + " ";
  return "file/" + version + (all.empty() ? "" : "/" + sha256_hex(all).substr(0, digest_digits));
}

std::string words_of(const speckle::GlobalIds& ids) {
  std::string words;
  for (const std::string& id : ids) words += (words.empty() ? "" : " ") + id;
  return words;
}

speckle::GlobalIds ids_in(std::string_view words) {
  speckle::GlobalIds ids;
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    ids.emplace(word);
    words.remove_prefix(std::min(words.size(), word.size() + 1));
  }
  return ids;
}

speckle::GlobalIds common(const speckle::GlobalIds& a, const speckle::GlobalIds& b) {
  speckle::GlobalIds both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::inserter(both, both.end()));
  return both;
}

}  // namespace

struct Views::Found {
  std::string path;
  std::string fault = {};  // Not empty: it cannot be shown.
  speckle::ObjectId object = {};
  std::vector<ViewPart> parts = {};
  std::size_t elements = 0, without_shape = 0;
  speckle::GlobalIds ids = {};  // Of what it is about.
};

namespace {

std::string to_note(const std::string& object, const std::vector<ViewPart>& parts, std::size_t elements,
                    std::size_t without_shape) {
  text::JsonWriter json;
  json.begin_object().member("object", object).member("elements", elements).member("withoutShape", without_shape);
  json.key("parts").begin_array();
  for (const ViewPart& part : parts) {
    json.begin_object().member("key", part.key).member("name", part.name).member("object", part.object);
    json.member("elements", part.elements).end_object();
  }
  json.end_array().end_object();
  return std::move(json).take();
}

std::string fault_note(const std::string& fault) {
  text::JsonWriter json;
  json.begin_object().member("fault", fault).end_object();
  return std::move(json).take();
}

}  // namespace

std::string Views::folder(const std::string& project) const { return os::join(parts_.config.views(), project); }

void Views::start(const std::string& hub_url) {
  hub_url_ = hub_url;
  // Those that somebody has looked at; what was integrated while the hub was down is caught up with.
  if (const auto entries = parts_.files.list(parts_.config.views())) {
    const std::lock_guard lock(mutex_);
    for (const os::DirectoryEntry& entry : *entries) {
      if (entry.type != os::FileType::directory || !is_project_name(entry.name)) continue;
      views_[entry.name] = std::make_shared<View>();
      views_[entry.name]->asked = 1;
      waiting_.push_back(entry.name);
    }
  }
  thread_ = std::thread([this] { run(); });
}

void Views::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_all();
  worker_.stop();
  if (thread_.joinable()) thread_.join();
}

void Views::wake(const std::vector<store::Event>& events) {
  const std::lock_guard lock(mutex_);
  for (const store::Event& event : events) {
    const auto found = views_.find(event.project);
    if (found == views_.end() || !event.type.starts_with("commit.")) continue;
    ++found->second->asked;
    if (std::find(waiting_.begin(), waiting_.end(), event.project) == waiting_.end()) waiting_.push_back(event.project);
    changed_.notify_all();
  }
}

std::shared_ptr<Views::View> Views::view(const std::string& project) {
  const auto found = views_.find(project);
  return found == views_.end() ? nullptr : found->second;
}

ViewState Views::want(const std::string& project, std::int64_t wait_ms) {
  std::unique_lock lock(mutex_);
  std::shared_ptr<View> view = this->view(project);
  const bool is_new = view == nullptr;
  if (is_new) view = views_[project] = std::make_shared<View>();
  if (is_new || view->state.kind == Kind::failed) {
    view->state.kind = Kind::working;
    ++view->asked;
    if (std::find(waiting_.begin(), waiting_.end(), project) == waiting_.end()) waiting_.push_back(project);
    changed_.notify_all();
  }
  const std::uint64_t wish = view->asked;
  changed_.wait_for(lock, std::chrono::milliseconds(wait_ms), [&] { return is_ending_ || view->answered >= wish; });
  return view->state;
}

ViewState Views::state(const std::string& project) {
  const std::lock_guard lock(mutex_);
  const auto view = this->view(project);
  return view ? view->state : ViewState{};
}

std::shared_ptr<const ViewObjects> Views::objects(const std::string& project) {
  const std::lock_guard lock(mutex_);
  const auto view = this->view(project);
  return view ? view->objects : nullptr;
}

void Views::run() {
  while (true) {
    std::string project;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return is_ending_ || !waiting_.empty(); });
      if (is_ending_) return;
      project = waiting_.front();
      waiting_.pop_front();
    }
    convert(project);
  }
}

void Views::convert(const std::string& project) {
  std::shared_ptr<View> view;
  std::uint64_t wish = 0;
  {
    const std::lock_guard lock(mutex_);
    view = this->view(project);
    if (!view) return;
    wish = view->asked;
    view->state.kind = Kind::working;
  }
  Result<> done = worker_.look();
  if (done) {
    worker_.start_ahead();
    done = convert_now(project, *view);
  }
  const std::lock_guard lock(mutex_);
  view->state.kind = done ? Kind::ready : Kind::failed;
  view->state.why = done ? "" : done.error().message;
  view->answered = wish;
  changed_.notify_all();
  if (!done && !is_ending_)
    parts_.log.write(Level::warn, "a project cannot be shown", {{"project", project}, {"why", done.error().message}});
}

Result<> Views::convert_now(const std::string& project, View& view) {
  if (!view.objects) {
    AECOS_TRY_ASSIGN(std::shared_ptr<ViewObjects> objects, ViewObjects::open(parts_.files, folder(project)));
    const std::lock_guard lock(mutex_);
    view.objects = std::move(objects);
  }
  AECOS_TRY_ASSIGN(OpenProject opened, projects_.open(project));
  AECOS_TRY_ASSIGN(const auto standing, projects_.standing(opened));
  if (!standing->head) return Error{ErrorCode::not_found, "nothing was pushed yet to " + standing->shared_branch};
  if (standing->head == view.converted) return {};
  AECOS_TRY_ASSIGN(const git::Commit commit, opened.repository.read_commit(standing->head));
  AECOS_TRY(find_files(opened, commit.tree, view));
  std::vector<Found> found;
  // An element that has a folder is shown from there, though a model that is kept beside has it too.
  speckle::GlobalIds in_folders;
  for (const bool is_folder : {true, false}) {
    for (const auto& [path, blob] : view.files) {
      if (path.starts_with(elements_folder) != is_folder) continue;
      AECOS_TRY_ASSIGN(Found file, read_file(opened, view, path, blob, is_folder ? speckle::GlobalIds() : in_folders));
      if (is_folder && file.fault.empty()) in_folders.merge(speckle::GlobalIds(file.ids));
      found.push_back(std::move(file));
    }
  }
  AECOS_TRY(publish(project, view, commit, found));
  view.converted = commit.id;
  return {};
}

Result<> Views::find_files(OpenProject& opened, TreeId tree, View& view) {
  AECOS_TRY_ASSIGN(const auto changed, revision::difference(opened.repository, view.tree, tree));
  for (const revision::FileDifference& file : changed) {
    if (!is_model(file.path)) continue;
    view.files.erase(file.path);
    const bool is_file = file.after && (file.after->mode == FileMode::file || file.after->mode == FileMode::executable);
    if (is_file) view.files[file.path] = file.after->id;
  }
  view.tree = tree;
  return {};
}

Result<Views::Found> Views::read_file(OpenProject& opened, View& view, const std::string& path, BlobId blob,
                                      const speckle::GlobalIds& elsewhere) {
  const std::string version = version_of(path, blob);
  const auto words = view.objects->note(ids_note(version));
  const speckle::GlobalIds ids = ids_in(words.value_or(""));
  const std::string note = file_note(version, common(ids, elsewhere));
  auto known = words ? view.objects->note(note) : std::nullopt;
  if (!known) {
    AECOS_TRY_ASSIGN(const std::uint64_t size, opened.repository.blob_size(blob));
    auto bytes = size > file_max ? Result<std::string>(Error{ErrorCode::invalid_input, "it is too large to be shown"})
                                 : revision::GitTreeSource(opened.library()).content(blob, path);
    // Content that is not there yet may come.
    if (!bytes && bytes.error().code != ErrorCode::invalid_input)
      return Found{path, path + ": " + bytes.error().message};
    auto made = bytes ? convert_file(view, path, *bytes, version, elsewhere) : Result<Found>(bytes.error());
    if (made) return made;
    if (made.error().code != ErrorCode::invalid_input) return made.error();
    known = fault_note(made.error().message);
    AECOS_TRY(view.objects->add({}, {{file_note(version, {}), *known}, {ids_note(version), ""}}));
  }
  AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(*known));
  const text::JsonNode root = document.root();
  const auto word = [](text::JsonNode node) { return std::string(node.as_string().value_or("")); };
  const auto count = [](text::JsonNode node) { return static_cast<std::size_t>(node.as_int().value_or(0)); };
  Found found{path};
  found.ids = ids;
  if (root["fault"]) found.fault = path + ": " + word(root["fault"]);
  found.object = speckle::to_object_id(word(root["object"])).value_or(speckle::ObjectId{});
  found.elements = count(root["elements"]);
  found.without_shape = count(root["withoutShape"]);
  for (const text::JsonNode part : root["parts"])
    found.parts.push_back({word(part["key"]), word(part["name"]), word(part["object"]), count(part["elements"])});
  return found;
}

Result<Views::Found> Views::convert_file(View& view, const std::string& path, const std::string& bytes,
                                         const std::string& version, const speckle::GlobalIds& elsewhere) {
  std::string text = bytes;
  if (step::is_zip(bytes)) {
    AECOS_TRY_ASSIGN(step::Packed packed, step::unpack(bytes));
    text = std::move(packed.text);
  }
  AECOS_TRY_ASSIGN(const ifc::Model model, ifc::read_model(text));
  AECOS_TRY(convert_shapes(view, model));
  const speckle::GlobalIds ids = speckle::elements_of(model), left_out = common(ids, elsewhere);
  std::size_t without_shape = 0;
  std::map<ifc::Index, std::string> notes;
  for (const speckle::Drawable& each : speckle::ShapeSource(model).drawables()) {
    const std::string known = view.objects->note(shape_note(each.key)).value_or(std::string(no_shape));
    if (known == no_shape && !left_out.contains(model.global_id(each.instance))) ++without_shape;
    notes[each.instance] = known;
  }
  const auto shapes = [&](ifc::Index element) {
    std::vector<speckle::Reference> references;
    const auto found = notes.find(element);
    std::string_view words = found == notes.end() ? std::string_view() : std::string_view(found->second);
    while (!words.empty()) {
      const std::string_view word = words.substr(0, words.find(' '));
      words.remove_prefix(std::min(words.size(), word.size() + 1));
      const auto id = speckle::to_object_id(word);
      if (!id) continue;
      if (auto reference = view.objects->reference(*id)) references.push_back(*std::move(reference));
    }
    return references;
  };
  Batch batch(*view.objects);
  const speckle::Building building = speckle::write_building(model, path, shapes, batch.sink(), left_out);
  Found found{path, "", building.object.id, {}, building.elements, without_shape, ids};
  for (const speckle::Part& part : building.parts)
    found.parts.push_back({part.key, part.name, std::string(part.object.id.text()), part.elements});
  batch.note(ids_note(version), words_of(ids));
  batch.note(file_note(version, left_out),
             to_note(std::string(found.object.text()), found.parts, found.elements, found.without_shape));
  AECOS_TRY(batch.flush(true));
  return found;
}

// Those that are not known yet. What the kernel ends with is left without a shape, and it goes on behind it.
Result<> Views::convert_shapes(View& view, const ifc::Model& model) {
  speckle::ShapeSource source(model);
  std::vector<ifc::Index> elements;
  std::vector<std::uint64_t> keys;
  std::set<std::uint64_t> seen;
  for (const speckle::Drawable& each : source.drawables()) {
    if (view.objects->note(shape_note(each.key)) || !seen.insert(each.key).second) continue;
    elements.push_back(each.instance);
    keys.push_back(each.key);
  }
  {
    const std::lock_guard lock(mutex_);
    view.state.done = 0;
    view.state.total = elements.size();
  }
  Batch batch(*view.objects);
  std::size_t at = 0, size = elements.size();
  for (std::size_t ends = 0; at < elements.size();) {
    size = std::min(size, elements.size() - at);
    const std::span<const ifc::Index> some = std::span(elements).subspan(at, size);
    std::vector<std::uint64_t> ids;
    for (const ifc::Index i : some) ids.push_back(model.file.instances[i].id);
    Result<> written;
    const MeshWorker::Outcome outcome =
        worker_.convert(source.file_of(some), ids, [&](std::size_t position, const std::vector<speckle::Mesh>& meshes) {
          const std::uint64_t key = keys[at + position];
          std::string value;
          for (std::size_t i = 0; i < meshes.size(); ++i) {
            const speckle::Reference reference =
                speckle::write_mesh(meshes[i], std::to_string(key) + "-" + std::to_string(i), batch.sink());
            value += (value.empty() ? "" : " ") + std::string(reference.id.text());
          }
          batch.note(shape_note(key), std::move(value));
          if (written) written = batch.flush(false);
          const std::lock_guard lock(mutex_);
          ++view.state.done;
        });
    AECOS_TRY(written);
    {
      const std::lock_guard lock(mutex_);
      if (is_ending_) return Error{ErrorCode::unavailable, "the hub is being ended"};
    }
    at += outcome.finished;
    if (outcome.why.empty()) continue;
    parts_.log.write(Level::warn, "a shape cannot be made", {{"why", outcome.why}});
    if (++ends > ends_max) break;
    if (outcome.opened || size == 1) {
      batch.note(shape_note(keys[at++]), std::string(no_shape));
    } else {
      size = (size + 1) / 2;  // One of them keeps the kernel from reading the file.
    }
  }
  return batch.flush(true);
}

// All files in one: what was made of models as it is, element folders by storey.
struct Views::Whole {
  std::vector<speckle::Reference> children = {};
  std::vector<ViewPart> parts = {};
  std::vector<std::string> left_out = {};
  std::size_t elements = 0, without_shape = 0;
};

Result<Views::Whole> Views::put_together(const View& view, const std::vector<Found>& found, const speckle::Sink& sink) {
  Whole whole;
  std::map<std::string, std::pair<std::vector<speckle::Reference>, std::size_t>>
      storeys;  // Of element folders, by name.
  for (const Found& file : found) {
    if (!file.fault.empty()) {
      whole.left_out.push_back(file.fault);
      continue;
    }
    whole.elements += file.elements;
    whole.without_shape += file.without_shape;
    if (!file.path.starts_with(elements_folder)) {
      AECOS_TRY_ASSIGN(speckle::Reference reference, view.objects->reference(file.object));
      whole.children.push_back(std::move(reference));
      whole.parts.insert(whole.parts.end(), file.parts.begin(), file.parts.end());
      continue;
    }
    for (const ViewPart& part : file.parts) {
      const auto id = speckle::to_object_id(part.object);
      if (!id) continue;
      AECOS_TRY_ASSIGN(speckle::Reference reference, view.objects->reference(*id));
      auto& [references, count] = storeys[part.name.starts_with(elements_folder) ? "Elements" : part.name];
      references.push_back(std::move(reference));
      count += part.elements;
    }
  }
  if (storeys.empty()) return whole;
  std::vector<speckle::Reference> groups;
  for (const auto& [name, group] : storeys) {
    const std::string key = "elements#" + name;
    groups.push_back(speckle::write_collection(name, key, group.first, sink));
    whole.parts.push_back({key, name, std::string(groups.back().id.text()), group.second});
  }
  whole.children.push_back(speckle::write_collection("elements", "elements", groups, sink));
  return whole;
}

Result<> Views::publish(const std::string& project, View& view, const git::Commit& commit,
                        const std::vector<Found>& found) {
  Batch batch(*view.objects);
  AECOS_TRY_ASSIGN(const Whole whole, put_together(view, found, batch.sink()));
  const speckle::Reference root = speckle::write_root(project, whole.children, batch.sink());
  AECOS_TRY(batch.flush(true));
  const ViewVersion version{
      commit.id.hex(),    std::string(root.id.text()),         revision::subject_of(commit.message),
      commit.author.name, commit.committer.time_s * 1'000'000, whole.elements,
      whole.without_shape};
  const std::vector<ViewVersion> versions = view.objects->versions();
  const bool is_other = versions.empty() || versions.front().object != version.object;
  if (is_other) {
    AECOS_TRY(view.objects->add_version(version));
    AECOS_TRY(view.objects->tidy(versions_max, parts_.config.view_keep_bytes));
  }
  {
    const std::lock_guard lock(mutex_);
    view.state.shown = version;
    view.state.parts = whole.parts;
    view.state.left_out = whole.left_out;
  }
  return is_other ? tell(project, version) : Result<>();
}

Result<> Views::tell(const std::string& project, const ViewVersion& version) {
  event::Draft draft = events_.draft(project, "visualisation.updated", "");
  draft.subject = version.object;
  draft.commit = version.commit;
  draft.summary = "The view shows " + std::to_string(version.elements) + " elements";
  draft.more = {{"object", text::json_quote(version.object)}, {"shown", std::to_string(version.elements)}};
  auto told = events_.commit({draft});
  if (!told) return std::move(told).error();
  return {};
}

}  // namespace aecos::hub
