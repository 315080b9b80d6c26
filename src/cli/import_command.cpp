#include <array>
#include <atomic>
#include <deque>
#include <memory>
#include <set>

#include "base/parallel.h"
#include "cli/element_files.h"
#include "cli/project.h"
#include "element/agree.h"
#include "element/folder.h"
#include "element/split.h"
#include "merge/normalise.h"
#include "os/path.h"
#include "os/together.h"
#include "revision/content.h"
#include "step/ifczip.h"
#include "text/json_writer.h"

namespace aecos::cli {
namespace {

struct Arguments {
  std::string model, to, name;
  bool json = false, force = false;
};

struct Counts {
  std::size_t added = 0, changed = 0, unchanged = 0, removed = 0;
  bool frame_changed = false;
};

constexpr std::size_t batch_files = 2000;

std::string safe_name(std::string_view path) {
  std::string name(os::name_of(path));
  if (const std::size_t dot = name.rfind('.'); dot != std::string::npos && dot > 0) name.resize(dot);
  for (char& c : name)
    if (std::string_view("<>:\"/\\|?*").find(c) != std::string_view::npos || static_cast<unsigned char>(c) < ' ')
      c = '-';
  while (!name.empty() && (name.back() == '.' || name.back() == ' ')) name.pop_back();
  return name.empty() ? "model" : name;
}

// Letters of one case: names that differ in nothing else are one folder on some systems.
std::string folded(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

// A file that is to be written, and what stands there now.
struct Write {
  std::string path, bytes;
  std::optional<std::string> before;
};

class Import {
 public:
  Import(Context& context, const Arguments& arguments)
      : context_(context),
        arguments_(arguments),
        root_(arguments.to.empty() ? elements_root(context) : context.path(arguments.to)),
        store_(element_files(context, root_)),
        name_(arguments.name.empty() ? safe_name(arguments.model) : safe_name(arguments.name + ".")) {}

  Result<int> run() {
    AECOS_TRY(read_model());
    AECOS_TRY(begin());
    AECOS_TRY_ASSIGN(entries_, element_entries(context_, *store_));
    AECOS_TRY(keep_known_spelling());
    auto split = element::Split::of(model_);
    if (!split) return Error{split.error().code, at_file(arguments_.model, split.error().message)};
    name_folders(*split);
    Result<> done = place(*split);
    if (!done) {
      // As it was; where even that fails, the next run or sync does it.
      static_cast<void>(os::take_back(context_.files, notes_, root_of_notes_));
      return std::move(done).error();
    }
    report(split->size());
    return exit_ok;
  }

 private:
  // The work tree is nobody else's meanwhile: a sync would share half a model.
  Result<> begin() {
    AECOS_TRY_ASSIGN(std::optional<sync::Workspace> opened, find_workspace(context_));
    if (opened && os::is_inside(opened->root, root_)) {
      workspace_.emplace(*std::move(opened));
      AECOS_TRY(lock());
      if (!workspace_->left_over.empty()) context_.terminal.warn(workspace_->left_over);
      AECOS_TRY_ASSIGN(const auto head, workspace_->head());
      AECOS_TRY_ASSIGN(tree_, workspace_->tree_of(head.commit));
    }
    notes_ = workspace_ ? workspace_->import_notes() : os::join(root_, ".aecos-import");
    root_of_notes_ = workspace_ ? workspace_->root : root_;
    AECOS_TRY_ASSIGN(const os::TakenBack taken, os::take_back(context_.files, notes_, root_of_notes_));
    if (taken.files > 0) context_.terminal.warn("an import was broken off; what it had written was taken back");
    return {};
  }

  // Syncs are short, and a watching one comes by often.
  Result<> lock() {
    constexpr std::int64_t patience_us = 30'000'000, pause_us = 50'000;
    const std::int64_t until = context_.clock.monotonic_us() + patience_us;
    while (true) {
      auto held = sync::lock(*workspace_);
      if (held) {
        lock_ = *std::move(held);
        return {};
      }
      if (held.error().code != ErrorCode::changed_meanwhile || context_.clock.monotonic_us() > until)
        return std::move(held).error();
      context_.clock.sleep_us(pause_us);
    }
  }

  Result<> place(const element::Split& split) {
    AECOS_TRY_ASSIGN(auto together, os::Together::begin(context_.files, notes_, root_of_notes_));
    std::array<element::Split::Memory, 2> memories;
    AECOS_TRY(add_elements(split, memories, together));
    AECOS_TRY(add_frame(split, memories));
    AECOS_TRY(flush(together));
    AECOS_TRY(remove_gone(together));
    return together.finish();
  }

  Result<> read_model() {
    context_.terminal.progress("reading " + arguments_.model);
    AECOS_TRY_ASSIGN(const os::MappedFile file, open_input(context_, arguments_.model));
    if (!step::is_zip(file.bytes())) {
      model_ = std::string(file.bytes());
      return {};
    }
    auto packed = step::unpack(file.bytes());
    if (!packed) return Error{packed.error().code, at_file(arguments_.model, packed.error().message)};
    model_ = std::move(packed->text);
    return {};
  }

  // A model that was imported before gets the ids, order and spelling that its folders have, so that only those change
  // whose meaning did.
  Result<> keep_known_spelling() {
    AECOS_TRY_ASSIGN(const auto frame, store_->read(frame_path(name_)));
    if (!frame) return {};
    AECOS_TRY_ASSIGN(const element::Joined known, join_model(context_, *store_, name_, of_model()));
    context_.terminal.progress("comparing with what was imported before");
    if (known.model == model_) return {};
    auto normalised = merge::normalise_ifc(known.model, model_);
    if (normalised) model_ = *std::move(normalised);
    return {};
  }

  std::vector<ElementEntry> of_model() const {
    std::vector<ElementEntry> own;
    for (const ElementEntry& entry : entries_)
      if (entry.model == name_) own.push_back(entry);
    return own;
  }

  // Elements keep the folders they have; new ones get a name that no other one has in any case.
  void name_folders(const element::Split& split) {
    std::map<std::string, std::string> by_id;
    std::set<std::string> taken;
    for (const ElementEntry& entry : entries_) {
      taken.insert(folded(entry.slug));
      if (entry.model == name_) by_id[entry.global_id] = entry.slug;
    }
    for (std::size_t k = 0; k < split.size(); ++k) {
      const auto known = by_id.find(split.global_id(k));
      if (known != by_id.end()) {
        slugs_.push_back(known->second);
        continue;
      }
      const element::Description told = split.description(k);
      std::string slug = element::slug_of(told.name, told.ifc_class, told.global_id);
      if (taken.contains(folded(slug))) slug = element::long_slug_of(told.name, told.ifc_class, told.global_id);
      if (taken.contains(folded(slug))) slug += "-" + folded(name_);
      taken.insert(folded(slug));
      slugs_.push_back(std::move(slug));
    }
    for (const ElementEntry& entry : entries_)
      if (entry.model == name_) known_.insert(entry.slug);
  }

  Result<> add_elements(const element::Split& split, std::array<element::Split::Memory, 2>& memories,
                        os::Together& together) {
    constexpr std::size_t batch = 500;
    for (std::size_t from = 0; from < split.size(); from += batch) {
      const std::size_t count = std::min(batch, split.size() - from);
      std::vector<Result<std::vector<Write>>> made(count, std::vector<Write>{});
      in_parallel(memories.size(), [&](std::size_t half) {
        for (std::size_t k = half; k < count; k += memories.size())
          made[k] = element_files_of(split, from + k, memories[half]);
      });
      for (Result<std::vector<Write>>& one : made) {
        if (!one) return std::move(one).error();
        if (one->empty()) ++counts_.unchanged;
        for (Write& write : *one) {
          const bool is_ifc = write.path.ends_with(element::ifc_file);
          if (is_ifc) ++(write.before ? counts_.changed : counts_.added);
          waiting_.push_back(std::move(write));
        }
      }
      context_.terminal.progress(std::to_string(from + count) + " of " + std::to_string(split.size()) + " elements");
      if (waiting_.size() >= batch_files) AECOS_TRY(flush(together));
    }
    return {};
  }

  Result<std::vector<Write>> element_files_of(const element::Split& split, std::size_t k,
                                              element::Split::Memory& memory) {
    std::vector<Write> writes;
    std::string ifc = split.element(k, memory);
    const std::string ifc_path = element_path(slugs_[k], element::ifc_file);
    const std::string metadata_path = element_path(slugs_[k], element::metadata_file);
    std::optional<std::string> old_ifc, old_metadata;
    if (known_.contains(slugs_[k])) {
      AECOS_TRY_ASSIGN(old_ifc, store_->read(ifc_path));
      AECOS_TRY_ASSIGN(old_metadata, store_->read(metadata_path));
    }
    if (old_ifc && *old_ifc != ifc)
      if (auto same = merge::normalise_ifc(*old_ifc, ifc); same) ifc = *std::move(same);
    if (old_ifc == ifc && old_metadata) return writes;
    std::string metadata;
    if (old_metadata) {
      auto agreed = element::agree(*old_metadata, old_ifc.value_or(""), *old_metadata, ifc);
      if (!agreed) return Error{agreed.error().code, at_file(metadata_path, agreed.error().message)};
      metadata = std::move(agreed->metadata);
    } else {
      metadata = element::metadata_text(split.description(k), {.model = name_});
    }
    if (old_metadata != metadata) writes.push_back({metadata_path, std::move(metadata), std::move(old_metadata)});
    if (old_ifc != ifc) writes.push_back({ifc_path, std::move(ifc), std::move(old_ifc)});
    return writes;
  }

  Result<> add_frame(const element::Split& split, std::span<const element::Split::Memory> memories) {
    std::string frame = split.frame(memories);
    AECOS_TRY_ASSIGN(auto before, store_->read(frame_path(name_)));
    counts_.frame_changed = before != frame;
    if (counts_.frame_changed) waiting_.push_back({frame_path(name_), std::move(frame), std::move(before)});
    return {};
  }

  // What nobody shared yet would be gone.
  Result<> check_shared(const std::string& path, const std::string& bytes) {
    if (arguments_.force || !workspace_) return {};  // No project: nothing is shared, and nothing can be.
    const std::string inside = noted(path);
    AECOS_TRY_ASSIGN(const auto entry, workspace_->repository.find_entry(tree_, inside));
    if (entry && entry->is_regular()) {
      AECOS_TRY_ASSIGN(const std::string shared,
                       revision::GitTreeSource(workspace_->library()).content(entry->id, inside));
      if (shared == bytes) return {};
    }
    return Error{ErrorCode::changed_meanwhile,
                 path +
                     " has edits that are not shared yet and the model does not have; share them with aecos sync, "
                     "or overwrite them with --force"};
  }

  // As the notes of the change name a path.
  std::string noted(const std::string& path) const {
    const std::string full = os::join(root_, path);
    return full.substr(std::min(full.size(), root_of_notes_.size() + 1));
  }

  Result<> flush(os::Together& together) {
    std::vector<os::FileToWrite> files;
    std::set<std::string> folders;
    for (const Write& write : waiting_) {
      if (write.before) AECOS_TRY(check_shared(write.path, *write.before));
      files.push_back({noted(write.path), write.bytes, {}});
      for (std::string_view folder = os::parent_of(files.back().path); !folder.empty(); folder = os::parent_of(folder))
        folders.emplace(folder);
    }
    AECOS_TRY(together.create_directories({folders.begin(), folders.end()}));
    AECOS_TRY(together.write(files));
    waiting_.clear();
    return {};
  }

  Result<> remove_gone(os::Together& together) {
    const std::set<std::string> still(slugs_.begin(), slugs_.end());
    for (const ElementEntry& entry : entries_) {
      if (entry.model != name_ || still.contains(entry.slug)) continue;
      for (const std::string_view file : {element::ifc_file, element::metadata_file, element::spec_file}) {
        const std::string path = element_path(entry.slug, file);
        AECOS_TRY_ASSIGN(const auto bytes, store_->read(path));
        if (!bytes) continue;
        AECOS_TRY(check_shared(path, *bytes));
        AECOS_TRY(together.remove({noted(path)}));
      }
      // The team's own files in it, if there are any, stay.
      static_cast<void>(context_.files.remove(os::join(root_, "elements/" + entry.slug)));
      ++counts_.removed;
    }
    return {};
  }

  void report(std::size_t elements) {
    if (arguments_.json) {
      text::JsonWriter json(2);
      json.begin_object().member("model", name_).member("frame", frame_path(name_)).member("elements", elements);
      json.member("added", counts_.added).member("changed", counts_.changed).member("unchanged", counts_.unchanged);
      json.member("removed", counts_.removed).member("frameChanged", counts_.frame_changed).end_object();
      context_.terminal.raw(std::move(json).take());
      return;
    }
    context_.terminal.say(name_ + ": " + std::to_string(elements) + " elements (" + std::to_string(counts_.added) +
                          " added, " + std::to_string(counts_.changed) + " changed, " +
                          std::to_string(counts_.unchanged) + " as they were, " + std::to_string(counts_.removed) +
                          " removed); everything else is in " + frame_path(name_));
  }

  Context& context_;
  const Arguments& arguments_;
  const std::string root_;
  std::unique_ptr<ElementStore> store_;
  const std::string name_;
  std::string model_;
  std::vector<ElementEntry> entries_;
  std::vector<std::string> slugs_;
  std::set<std::string> known_;
  std::vector<Write> waiting_;
  std::optional<sync::Workspace> workspace_;  // The project that the elements lie in; absent: none.
  std::unique_ptr<os::FileLock> lock_;
  std::string notes_, root_of_notes_;  // See os::Together.
  TreeId tree_;                        // Of what is shared.
  Counts counts_;
};

}  // namespace

void add_import(Command& app, Context& context) {
  auto arguments = std::make_shared<Arguments>();
  Command* command = app.add_subcommand("import", "Split a model into a folder for each element");
  command->add_option("MODEL", arguments->model, "The IFC file, or an .ifczip")->required();
  command->add_option("--to", arguments->to, "Where elements/ and models/ are (default: the project)")
      ->type_name("FOLDER");
  command->add_option("--name", arguments->name, "What the model is called (default: as the file)");
  command->add_flag("--force", arguments->force, "Overwrite edits that are not shared yet");
  command->add_flag("--json", arguments->json, "Answer in JSON");
  command->footer(
      "A model that was imported before is compared with its folders: what says the same keeps its bytes. Elements\n"
      "that the model does not have any more are removed. aecos export puts a model together again.");
  on_run(*command, context, [&context, arguments] { return Import(context, *arguments).run(); });
}

}  // namespace aecos::cli
