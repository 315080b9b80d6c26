#include "cli/element_view.h"

#include <algorithm>
#include <array>

#include "cli/moment.h"
#include "cli/project.h"
#include "diff/ifc_value.h"
#include "diff/words.h"
#include "element/folder.h"
#include "ifc/model.h"
#include "revision/message.h"
#include "sync/history.h"
#include "text/json_writer.h"

namespace aecos::cli {
namespace {

using ifc::Index;

struct Related {
  std::string how, what, global_id;
};

// The materials that a usage, a list or a set of layers is made of, each once.
std::string material_names(const ifc::Model& model, Index from) {
  std::vector<Index> pending{from}, seen;
  std::string names;
  while (!pending.empty()) {
    const Index i = pending.back();
    pending.pop_back();
    if (i == ifc::no_instance || std::find(seen.begin(), seen.end(), i) != seen.end()) continue;
    seen.push_back(i);
    if (model.file.keyword(i) == "IFCMATERIAL") names += (names.empty() ? "" : ", ") + model.text_attribute(i, 0);
    if (model.file.keyword(i).starts_with("IFCMATERIAL"))
      for (const Index to : model.file.refs_of(i)) pending.push_back(to);
  }
  return names;
}

std::string title_of(const ifc::Model& model, Index i) {
  const diff::ElementRef ref = diff::element_ref(model, i);
  return ref.name.empty() ? diff::class_name(model, i) + " " + ref.global_id : ref.name;
}

std::vector<Related> related_to(const ifc::Model& model, Index element) {
  std::vector<Related> all;
  for (Index i = 0; i < model.size(); ++i) {
    const ifc::ClassTraits& traits = model.traits(i);
    if (traits.role != ifc::Role::relation || traits.defines_by_properties) continue;
    const auto refs = model.file.refs_of(i);
    if (std::find(refs.begin(), refs.end(), element) == refs.end()) continue;
    for (const Index other : refs) {
      if (other == ifc::no_instance || other == element) continue;
      const ifc::Role role = model.traits(other).role;
      const std::string material =
          role == ifc::Role::object || role == ifc::Role::owner_history ? "" : material_names(model, other);
      if (!material.empty())
        all.push_back({"Material", material, ""});
      else if (role == ifc::Role::object)
        all.push_back({diff::relation_place(model, i), title_of(model, other), model.global_id(other)});
    }
  }
  return all;
}

struct LastChange {
  std::string author, commit, subject;
  std::int64_t time_s = 0;
};

LastChange last_change(Context& context, const ElementEntry& entry) {
  LastChange last;
  auto workspace = open_workspace(context);
  if (!workspace) return last;
  const auto head = workspace->repository.resolve_commit("HEAD");
  if (!head) return last;
  static_cast<void>(sync::walk_element(*workspace, *head, entry.global_id, [&](const sync::ElementEdit& edit) {
    last = {edit.commit.author.name, short_id(edit.commit.id), revision::subject_of(edit.commit.message),
            edit.commit.author.time_s};
    return false;
  }));
  return last;
}

void write_json(Context& context, const ElementEntry& entry, const element::Description& told,
                const std::vector<Related>& related, const LastChange& last) {
  text::JsonWriter json(2);
  json.begin_object().member("folder", "elements/" + entry.slug).member("globalId", told.global_id);
  json.member("class", told.ifc_class).member("name", told.name).member("storey", told.storey);
  json.key("statements").begin_array();
  for (const element::Statement& one : told.statements) {
    json.begin_object().member("set", one.set).member("name", one.name).key("value").raw(one.value);
    if (!one.unit.empty()) json.member("unit", one.unit);
    json.member("quantity", one.quantity).end_object();
  }
  json.end_array().key("relations").begin_array();
  for (const Related& one : related)
    json.begin_object().member("how", one.how).member("what", one.what).member("globalId", one.global_id).end_object();
  json.end_array();
  if (!last.commit.empty())
    json.key("lastChange")
        .begin_object()
        .member("author", last.author)
        .member("time", os::to_utc_text(last.time_s * 1'000'000))
        .member("commit", last.commit)
        .member("subject", last.subject)
        .end_object();
  json.end_object();
  context.terminal.raw(std::move(json).take());
}

}  // namespace

Result<int> show_element(Context& context, const ElementEntry& entry, const std::string& ifc, bool as_json) {
  const std::string path = element_path(entry.slug, element::ifc_file);
  auto model = ifc::read_model(ifc);
  if (!model) return Error{model.error().code, at_file(path, model.error().message)};
  auto told = element::describe(ifc, entry.global_id);
  if (!told) return Error{told.error().code, at_file(path, told.error().message)};
  std::array<ifc::Model*, 1> models{&*model};
  ifc::identify(models);
  Index element = ifc::no_instance;
  for (Index i = 0; i < model->size(); ++i)
    if (model->traits(i).role == ifc::Role::object && model->global_id(i) == told->global_id) element = i;
  const std::vector<Related> related = related_to(*model, element);
  const LastChange last = last_change(context, entry);
  if (as_json) return write_json(context, entry, *told, related, last), exit_ok;
  Table table;
  const auto row = [&](std::string_view what, std::string_view place, const std::string& value) {
    if (!value.empty())
      table.add({{std::string(what), Paint::dim}, {printable(place)}, {printable(value), Paint::bold}});
  };
  row("name", "", told->name);
  row("class", "", told->ifc_class);
  row("GlobalId", "", told->global_id);
  row("storey", "", told->storey);
  for (const element::Statement& one : told->statements)
    row(one.quantity ? "quantity" : "property", one.set + "." + one.name,
        diff::show(one.value) + (one.unit.empty() ? "" : " " + one.unit));
  for (const Related& one : related) row("relation", one.how, one.what);
  row("folder", "", "elements/" + entry.slug);
  if (!last.commit.empty())
    row("last change", "",
        last.author + ", " + moment_text(context, last.time_s) + ", " + last.commit + ": " + last.subject);
  table.print(context.terminal);
  return exit_ok;
}

}  // namespace aecos::cli
