#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <functional>
#include <memory>

#include "base/ascii.h"
#include "cli/element_files.h"
#include "cli/element_view.h"
#include "cli/fillings.h"
#include "cli/project.h"
#include "element/agree.h"
#include "element/edit.h"
#include "element/folder.h"
#include "merge/normalise.h"
#include "os/path.h"
#include "text/json_writer.h"

namespace aecos::cli {
namespace {

struct Arguments {
  std::string what, name, storey, model, by;
  bool json = false;
};

class Elements {
 public:
  explicit Elements(Context& context)
      : context_(context), root_(elements_root(context)), store_(element_files(context, root_)) {}

  Result<int> add(const Arguments& arguments) {
    AECOS_TRY_ASSIGN(const std::vector<ElementEntry> entries, element_entries(context_, *store_));
    AECOS_TRY_ASSIGN(const std::string model, model_named(arguments.model));
    AECOS_TRY_ASSIGN(const std::string frame, frame_of(model));
    AECOS_TRY_ASSIGN(const element::NamedId storey, storey_named(frame, arguments.storey));
    AECOS_TRY_ASSIGN(const auto made, element::added(frame, os::random_hex(context_.random, 16),
                                                     {arguments.what, arguments.name, storey.global_id}));
    const auto& [id, ifc] = made;
    AECOS_TRY_ASSIGN(const element::Description told, element::describe(ifc, id));
    const std::string slug = free_slug(entries, told);
    AECOS_TRY(save(slug, ifc, element::metadata_text(told, {.model = model})));
    return say(arguments, "made", {slug, id, told.ifc_class, told.name, told.storey, model});
  }

  Result<int> show(const Arguments& arguments) {
    AECOS_TRY_ASSIGN(const ElementEntry entry, named(arguments.what));
    AECOS_TRY_ASSIGN(const std::string ifc, ifc_of(entry));
    return show_element(context_, entry, ifc, arguments.json);
  }

  Result<int> move(const Arguments& arguments) {
    AECOS_TRY_ASSIGN(ElementEntry entry, named(arguments.what));
    if (arguments.storey.empty() == arguments.by.empty())
      return Error{ErrorCode::invalid_input, "say where to: either --storey or --by"};
    AECOS_TRY_ASSIGN(const std::string old_ifc, ifc_of(entry));
    AECOS_TRY_ASSIGN(const std::string frame, frame_around(entry));
    std::function<Result<>(element::Editor&)> edit;
    if (!arguments.by.empty()) {
      AECOS_TRY_ASSIGN(const auto by, three_numbers(arguments.by));
      edit = [&entry, by](element::Editor& editor) { return editor.move(entry.global_id, by[0], by[1], by[2]); };
    } else {
      AECOS_TRY_ASSIGN(const element::NamedId storey, storey_named(frame.empty() ? old_ifc : frame, arguments.storey));
      edit = [&entry, storey](element::Editor& editor) { return editor.put_into(entry.global_id, storey.global_id); };
    }
    AECOS_TRY_ASSIGN(std::string ifc,
                     frame.empty() ? element::edited(old_ifc, entry.global_id, edit)
                                   : element::edited(frame, {entry.slug, old_ifc, "", ""}, entry.global_id, edit));
    if (auto same = merge::normalise_ifc(old_ifc, ifc); same) ifc = *std::move(same);
    AECOS_TRY_ASSIGN(const std::string metadata, metadata_after(entry, old_ifc, ifc));
    AECOS_TRY(save(entry.slug, ifc, metadata));
    AECOS_TRY_ASSIGN(const element::Description told, element::describe(ifc, entry.global_id));
    entry.storey = told.storey;
    return say(arguments, "moved", entry);
  }

  Result<int> remove(const Arguments& arguments) {
    AECOS_TRY_ASSIGN(const std::vector<ElementEntry> entries, element_entries(context_, *store_));
    AECOS_TRY_ASSIGN(const ElementEntry entry, find_element(entries, arguments.what));
    const std::vector<ElementEntry> left = fillings_of(*store_, entries, entry);
    for (const std::string_view file : {element::ifc_file, element::metadata_file, element::spec_file}) {
      const auto removed = context_.files.remove(os::join(root_, element_path(entry.slug, file)));
      if (!removed && removed.error().code != ErrorCode::not_found) return removed.error();
    }
    // The team's own files in it, if there are any, stay.
    static_cast<void>(context_.files.remove(os::join(root_, "elements/" + entry.slug)));
    warn_of(left);
    return say(arguments, "deleted", entry);
  }

 private:
  void warn_of(const std::vector<ElementEntry>& left) {
    constexpr std::size_t shown_max = 20;
    if (left.empty()) return;
    std::string names;
    for (std::size_t k = 0; k < std::min(left.size(), shown_max); ++k)
      names += (k > 0 ? ", " : "") + (left[k].name.empty() ? left[k].slug : left[k].name);
    if (left.size() > shown_max) names += " and " + std::to_string(left.size() - shown_max) + " more";
    context_.terminal.warn(printable(names) +
                           " filled openings of it, which are gone; delete what is not to stay where it was");
  }

  Result<ElementEntry> named(const std::string& what) {
    AECOS_TRY_ASSIGN(const std::vector<ElementEntry> entries, element_entries(context_, *store_));
    return find_element(entries, what);
  }

  Result<std::string> ifc_of(const ElementEntry& entry) {
    const std::string path = element_path(entry.slug, element::ifc_file);
    AECOS_TRY_ASSIGN(auto ifc, store_->read(path));
    if (!ifc) return Error{ErrorCode::not_found, path + ": no such file; the element has words only"};
    return *std::move(ifc);
  }

  Result<std::string> model_named(const std::string& model) {
    if (!model.empty()) return model;
    AECOS_TRY_ASSIGN(const std::vector<std::string> names, frame_names(*store_));
    if (names.size() == 1) return names[0];
    return Error{ErrorCode::invalid_input, names.empty() ? "there is no model to put it into; aecos import one first"
                                                         : "there are several models; name one with --model"};
  }

  // Empty: no model lies in folders, so that the element's own file is all there is.
  Result<std::string> frame_around(const ElementEntry& entry) {
    AECOS_TRY_ASSIGN(const std::vector<std::string> names, frame_names(*store_));
    if (names.empty() && entry.model.empty()) return std::string();
    AECOS_TRY_ASSIGN(const std::string model, model_named(entry.model));
    return frame_of(model);
  }

  Result<std::string> frame_of(const std::string& model) {
    AECOS_TRY_ASSIGN(auto frame, store_->read(frame_path(model)));
    if (!frame) return Error{ErrorCode::not_found, "no model is called " + model + "; see the folders in models/"};
    return *std::move(frame);
  }

  Result<element::NamedId> storey_named(const std::string& frame, const std::string& named) {
    AECOS_TRY_ASSIGN(const std::vector<element::NamedId> all, element::storeys(frame));
    if (named.empty() && all.size() == 1) return all[0];
    std::string names;
    for (const element::NamedId& one : all) {
      if (one.global_id == named || one.name == named) return one;
      names += (names.empty() ? "" : ", ") + one.name;
    }
    return Error{ErrorCode::not_found,
                 (named.empty() ? "name a storey with --storey" : "no storey is called " + named) + "; there are " +
                     printable(names)};
  }

  static Result<std::array<double, 3>> three_numbers(const std::string& text) {
    std::array<double, 3> numbers{};
    const char* at = text.c_str();
    for (std::size_t k = 0; k < 3; ++k) {
      char* end = nullptr;
      numbers[k] = std::strtod(at, &end);
      const char expected = k == 2 ? '\0' : ',';
      if (end == at || *end != expected)
        return Error{ErrorCode::invalid_input, "--by " + text + ": three numbers are meant, as in 1.5,0,0"};
      at = end + 1;
    }
    return numbers;
  }

  static std::string free_slug(const std::vector<ElementEntry>& entries, const element::Description& told) {
    std::string slug = element::slug_of(told.name, told.ifc_class, told.global_id);
    for (const ElementEntry& entry : entries)
      if (is_same_word(entry.slug, slug)) return element::long_slug_of(told.name, told.ifc_class, told.global_id);
    return slug;
  }

  Result<std::string> metadata_after(const ElementEntry& entry, const std::string& old_ifc, const std::string& ifc) {
    const std::string path = element_path(entry.slug, element::metadata_file);
    AECOS_TRY_ASSIGN(const auto old, store_->read(path));
    if (!old) {
      AECOS_TRY_ASSIGN(const element::Description told, element::describe(ifc, entry.global_id));
      return element::metadata_text(told, {.model = entry.model});
    }
    auto agreed = element::agree(*old, old_ifc, *old, ifc);
    if (!agreed) return Error{agreed.error().code, at_file(path, agreed.error().message)};
    return std::move(agreed->metadata);
  }

  Result<> save(const std::string& slug, const std::string& ifc, const std::string& metadata) {
    return write_files(context_, {{os::join(root_, element_path(slug, element::ifc_file)), ifc, {}},
                                  {os::join(root_, element_path(slug, element::metadata_file)), metadata, {}}});
  }

  Result<int> say(const Arguments& arguments, std::string_view done, const ElementEntry& entry) {
    if (arguments.json) {
      text::JsonWriter json(2);
      json.begin_object().member("done", done).member("folder", "elements/" + entry.slug);
      json.member("globalId", entry.global_id).member("class", entry.ifc_class).member("name", entry.name);
      json.member("storey", entry.storey).end_object();
      context_.terminal.raw(std::move(json).take());
      return exit_ok;
    }
    const std::string where = done == "deleted" || entry.storey.empty() ? "" : " in " + entry.storey;
    context_.terminal.say(printable(entry.name.empty() ? entry.slug : entry.name) + " (" + printable(entry.ifc_class) +
                          ") " + std::string(done) + printable(where) + ": elements/" + entry.slug);
    return exit_ok;
  }

  Context& context_;
  const std::string root_;
  std::unique_ptr<ElementStore> store_;
};

Command* add(Command& app, Context& context, const std::shared_ptr<Arguments>& arguments, const char* name,
             const char* what, Result<int> (Elements::*run)(const Arguments&)) {
  Command* command = app.add_subcommand(name, what);
  command->add_flag("--json", arguments->json, "Answer in JSON");
  on_run(*command, context, [&context, arguments, run] { return (Elements(context).*run)(*arguments); });
  return command;
}

}  // namespace

void add_element(Command& app, Context& context) {
  Command* element = app.add_subcommand("element", "Building elements of the project, one folder each");
  element->require_subcommand(1, 1);
  const auto made = std::make_shared<Arguments>();
  Command* command = add(*element, context, made, "new", "Make an element without a shape", &Elements::add);
  command->add_option("CLASS", made->what, "Its class: IfcColumn")->required();
  command->add_option("--name", made->name, "What it is called")->required();
  command->add_option("--storey", made->storey, "Name or GlobalId (default: the only one)");
  command->add_option("--model", made->model, "Which model it belongs to, where there are several");
  const char* const who = "GlobalId, name or folder of the element";
  const auto shown = std::make_shared<Arguments>();
  add(*element, context, shown, "show", "What is known of an element", &Elements::show)
      ->add_option("WHAT", shown->what, who)
      ->required();
  const auto moved = std::make_shared<Arguments>();
  command = add(*element, context, moved, "move", "Move an element", &Elements::move);
  command->add_option("WHAT", moved->what, who)->required();
  command->add_option("--storey", moved->storey, "Into this storey; it stays where it stands");
  command->add_option("--by", moved->by, "So far, in the model's unit of length")->type_name("X,Y,Z");
  const auto deleted = std::make_shared<Arguments>();
  add(*element, context, deleted, "delete", "Delete an element with its openings and properties", &Elements::remove)
      ->add_option("WHAT", deleted->what, who)
      ->required();
}

}  // namespace aecos::cli
