#include "element/edit.h"

#include <algorithm>

#include "base/ascii.h"
#include "element/join.h"
#include "element/layout_internal.h"
#include "element/split.h"

namespace aecos::element {
namespace {

Result<std::string> element_of(const std::string& model, const std::string& global_id) {
  AECOS_TRY_ASSIGN(const Split split, Split::of(model));
  Split::Memory memory;
  for (std::size_t k = 0; k < split.size(); ++k)
    if (split.global_id(k) == global_id) return split.element(k, memory);
  return Error{ErrorCode::invalid_input, "no building element " + global_id + " is in it"};
}

}  // namespace

Result<std::vector<NamedId>> storeys(std::string_view frame) {
  AECOS_TRY_ASSIGN(const Editor editor, Editor::open(frame, ""));
  std::vector<NamedId> all;
  for (const std::string& id : editor.storeys()) all.push_back({id, editor.name(id)});
  return all;
}

Result<std::string> edited(std::string_view frame, const ElementFolder& folder, const std::string& global_id,
                           const std::function<Result<>(Editor&)>& edit) {
  AECOS_TRY_ASSIGN(const Joined joined,
                   join(frame, {1, [&](std::size_t) { return folder.slug; },
                                [&](std::size_t) -> Result<std::string> { return folder.element_ifc; }}));
  AECOS_TRY_ASSIGN(Editor editor, Editor::open(joined.model, global_id + "/edit"));
  AECOS_TRY(edit(editor));
  return element_of(editor.text(), global_id);
}

Result<std::string> edited(std::string_view element_ifc, const std::string& global_id,
                           const std::function<Result<>(Editor&)>& edit) {
  AECOS_TRY_ASSIGN(Editor editor, Editor::open(element_ifc, global_id + "/edit"));
  AECOS_TRY(edit(editor));
  return editor.text();
}

Result<std::pair<std::string, std::string>> added(std::string_view frame, std::string_view who,
                                                  const NewElement& element) {
  AECOS_TRY_ASSIGN(Editor editor, Editor::open(frame, who));
  const schema::Schema* const schema = editor.schema();
  const std::string keyword = upper(element.ifc_class);
  const ifc::ClassTraits traits = ifc::traits_of(schema, keyword);
  if (traits.entity == nullptr || traits.entity->abstract || !is_element_class(schema, traits))
    return Error{ErrorCode::invalid_input, element.ifc_class + " is no class of building elements, as IfcWall is"};
  AECOS_TRY_ASSIGN(std::string id, editor.add_element(keyword, element.name, element.storey));
  AECOS_TRY_ASSIGN(std::string ifc, element_of(editor.text(), id));
  return std::pair(std::move(id), std::move(ifc));
}

}  // namespace aecos::element
