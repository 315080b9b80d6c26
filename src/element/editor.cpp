#include "element/editor.h"

#include <algorithm>
#include <array>

#include "ifc/draft.h"
#include "ifc/global_id.h"
#include "step/token.h"

namespace aecos::element {

using ifc::Argument, ifc::global_id, ifc::quoted, ifc::real_text, ifc::reference_list;
namespace {

// Positions of attributes that are the same in all schemas.
constexpr std::size_t at_history = 1, at_name = 2, at_placement = 5;
constexpr std::size_t at_members = 4, at_relating = 5;  // Of relations from many to one.
constexpr std::size_t at_properties = 4, at_value = 2;  // Of a property set and of a single value.

constexpr std::string_view defines = "IFCRELDEFINESBYPROPERTIES", contains = "IFCRELCONTAINEDINSPATIALSTRUCTURE";

Error missing(std::string_view what, const std::string& element) {
  return {ErrorCode::not_found, "no " + std::string(what) + " " + element + " in the model"};
}

}  // namespace

Result<Editor> Editor::open(std::string_view ifc, std::string_view who) {
  AECOS_TRY_ASSIGN(Sheet sheet, Sheet::open(ifc));
  Editor editor(std::move(sheet), who);
  for (Row row = 0; row < editor.sheet_.size(); ++row)
    if (editor.sheet_.traits(row).rooted()) editor.by_global_id_.emplace(editor.sheet_.text_attribute(row, 0), row);
  return editor;
}

Result<Row> Editor::find(const std::string& element) const {
  const auto found = by_global_id_.find(element);
  if (found == by_global_id_.end() || sheet_.is_removed(found->second)) return missing("element", element);
  return found->second;
}

bool Editor::has(const std::string& element) const { return static_cast<bool>(find(element)); }

std::string Editor::new_id(std::string_view what) {
  return quoted(global_id(who_ + "/" + std::to_string(++added_) + "/" + std::string(what)));
}

// What IFC2X3 asks for and others may leave out.
std::string Editor::history() const {
  for (const auto& [id, row] : by_global_id_)
    if (sheet_.keyword(row) == "IFCPROJECT") return sheet_.attribute(row, at_history);
  return "$";
}

Row Editor::relation_to(std::string_view keyword, std::size_t position, Row row) const {
  for (const Row user : sheet_.users(row)) {
    if (sheet_.keyword(user) != keyword) continue;
    const std::vector<Row> there = sheet_.targets(sheet_.attribute(user, position));
    if (std::find(there.begin(), there.end(), row) != there.end()) return user;
  }
  return no_row;
}

std::vector<Row> Editor::sets_of(Row element) const {
  std::vector<Row> sets;
  for (const Row user : sheet_.users(element)) {
    if (sheet_.keyword(user) != defines) continue;
    for (const Row set : sheet_.targets(sheet_.attribute(user, at_relating)))
      if (sheet_.keyword(set) == "IFCPROPERTYSET") sets.push_back(set);
  }
  return sets;
}

Row Editor::find_set(Row element, std::string_view name) const {
  for (const Row set : sets_of(element))
    if (sheet_.text_attribute(set, at_name) == name) return set;
  return no_row;
}

Row Editor::find_property(Row set, std::string_view name) const {
  for (const Row property : sheet_.targets(sheet_.attribute(set, at_properties)))
    if (sheet_.text_attribute(property, 0) == name) return property;
  return no_row;
}

void Editor::add_set(Row element, std::string_view name, const std::string& properties) {
  const std::string owner = sheet_.attribute(element, at_history);
  const Row set = sheet_.add("IFCPROPERTYSET", {new_id(name), owner, quoted(name), "$", properties});
  sheet_.add(defines, {new_id(name), owner, "$", "$", "(" + sheet_.reference(element) + ")", sheet_.reference(set)});
}

void Editor::leave(Row relation, std::size_t position, Row member) {
  std::vector<Row> others = sheet_.targets(sheet_.attribute(relation, position));
  others.erase(std::remove(others.begin(), others.end(), member), others.end());
  if (others.empty()) {
    sheet_.remove(relation);
  } else {
    sheet_.set_attribute(relation, position, reference_list(sheet_, others));
  }
}

// The set as this element's alone: itself, or a copy of it.
Row Editor::own_set(Row element, Row set) {
  const std::vector<Row> users = sheet_.users(set);
  const bool alone = users.size() == 1 && sheet_.targets(sheet_.attribute(users[0], at_members)).size() == 1;
  if (alone) return set;
  for (const Row user : users)
    if (sheet_.keyword(user) == defines) {
      const std::vector<Row> members = sheet_.targets(sheet_.attribute(user, at_members));
      if (std::find(members.begin(), members.end(), element) != members.end()) leave(user, at_members, element);
    }
  add_set(element, sheet_.text_attribute(set, at_name), sheet_.attribute(set, at_properties));
  return find_set(element, sheet_.text_attribute(set, at_name));
}

Result<> Editor::set_property(const std::string& element, std::string_view set, std::string_view property,
                              std::string value) {
  AECOS_TRY_ASSIGN(const Row row, find(element));
  const auto new_property = [&] {
    return sheet_.reference(sheet_.add("IFCPROPERTYSINGLEVALUE", {quoted(property), "$", value, "$"}));
  };
  Row found = find_set(row, set);
  if (found == no_row) {
    add_set(row, set, "(" + new_property() + ")");
    return {};
  }
  const Row old = find_property(found, property);
  if (old != no_row && sheet_.keyword(old) != "IFCPROPERTYSINGLEVALUE")
    return Error{ErrorCode::invalid_input, std::string(property) + " is no property of one value"};
  found = own_set(row, found);
  if (old != no_row && sheet_.users(old).size() == 1) {
    sheet_.set_attribute(old, at_value, value);
    return {};
  }
  const std::string changed = new_property();
  std::string list = "(";
  for (const Row member : sheet_.targets(sheet_.attribute(found, at_properties)))
    list += (list.size() > 1 ? "," : "") + (member == old ? changed : sheet_.reference(member));
  sheet_.set_attribute(found, at_properties, list + (old == no_row ? "," + changed : "") + ")");
  return {};
}

Result<> Editor::remove_property(const std::string& element, std::string_view set, std::string_view property) {
  AECOS_TRY_ASSIGN(const Row row, find(element));
  const Row shared = find_set(row, set);
  const Row old = shared == no_row ? no_row : find_property(shared, property);
  if (old == no_row) return missing("property " + std::string(property) + " of", element);
  const Row found = own_set(row, shared);
  const std::vector<Row> relations = sheet_.users(found);
  leave(found, at_properties, old);
  if (sheet_.users(old).empty()) sheet_.remove(old);
  if (!sheet_.is_removed(found)) return {};
  for (const Row relation : relations) sheet_.remove(relation);
  return {};
}

Result<> Editor::set_quantity(const std::string& element, std::string_view quantity, std::string value) {
  constexpr std::size_t at_quantities = 5, at_number = 3;
  AECOS_TRY_ASSIGN(const Row row, find(element));
  for (const Row user : sheet_.users(row)) {
    if (sheet_.keyword(user) != defines) continue;
    for (const Row set : sheet_.targets(sheet_.attribute(user, at_relating))) {
      if (sheet_.keyword(set) != "IFCELEMENTQUANTITY") continue;
      for (const Row one : sheet_.targets(sheet_.attribute(set, at_quantities))) {
        if (sheet_.text_attribute(one, 0) != quantity || !sheet_.keyword(one).starts_with("IFCQUANTITY")) continue;
        sheet_.set_attribute(one, at_number, std::move(value));
        return {};
      }
    }
  }
  return missing("quantity " + std::string(quantity) + " of", element);
}

Result<> Editor::rename(const std::string& element, std::string_view name) {
  AECOS_TRY_ASSIGN(const Row row, find(element));
  sheet_.set_attribute(row, at_name, quoted(name));
  return {};
}

Result<> Editor::set_attribute(const std::string& element, std::string_view attribute, std::string value) {
  AECOS_TRY_ASSIGN(const Row row, find(element));
  const schema::Entity* entity = sheet_.traits(row).entity;
  const int position = entity == nullptr ? -1 : schema::attribute_index(*entity, attribute);
  if (position < 0) return Error{ErrorCode::invalid_input, "no attribute is called " + std::string(attribute)};
  sheet_.set_attribute(row, static_cast<std::size_t>(position), std::move(value));
  return {};
}

std::optional<std::string> Editor::property(const std::string& element, std::string_view set,
                                            std::string_view property) const {
  const auto row = find(element);
  const Row found = row ? find_set(*row, set) : no_row;
  const Row at = found == no_row ? no_row : find_property(found, property);
  if (at == no_row || sheet_.keyword(at) != "IFCPROPERTYSINGLEVALUE") return std::nullopt;
  return sheet_.attribute(at, at_value);
}

std::vector<std::pair<std::string, std::string>> Editor::properties(const std::string& element) const {
  std::vector<std::pair<std::string, std::string>> all;
  const auto row = find(element);
  if (!row) return all;
  for (const Row set : sets_of(*row))
    for (const Row property : sheet_.targets(sheet_.attribute(set, at_properties)))
      if (sheet_.keyword(property) == "IFCPROPERTYSINGLEVALUE")
        all.emplace_back(sheet_.text_attribute(set, at_name) + "." + sheet_.text_attribute(property, 0),
                         sheet_.attribute(property, at_value));
  return all;
}

std::string Editor::name(const std::string& element) const {
  const auto row = find(element);
  return row ? sheet_.text_attribute(*row, at_name) : std::string();
}

std::vector<std::string> Editor::elements() const {
  std::vector<std::string> all;
  for (Row row = 0; row < sheet_.size(); ++row) {
    if (sheet_.is_removed(row) || sheet_.keyword(row) != contains) continue;
    for (const Row member : sheet_.targets(sheet_.attribute(row, at_members)))
      all.push_back(sheet_.text_attribute(member, 0));
  }
  return all;
}

std::vector<std::string> Editor::storeys() const {
  std::vector<std::string> all;
  for (Row row = 0; row < sheet_.size(); ++row)
    if (!sheet_.is_removed(row) && sheet_.keyword(row) == "IFCBUILDINGSTOREY")
      all.push_back(sheet_.text_attribute(row, 0));
  return all;
}

}  // namespace aecos::element
