// Edits that place things: moving, adding walls and windows, changing the storey.

#include <algorithm>

#include "element/editor.h"
#include "ifc/draft.h"
#include "step/token.h"

namespace aecos::element {

using ifc::Argument, ifc::list_text, ifc::quoted, ifc::real_text, ifc::reference_list;
namespace {

constexpr std::size_t at_placement = 5, at_members = 4, at_relating = 5;
constexpr std::string_view contains = "IFCRELCONTAINEDINSPATIALSTRUCTURE";

std::vector<double> numbers(std::string_view list) {
  std::vector<double> all;
  for (const std::string_view part : step::split(list)) {
    double number = 0;
    if (!step::number_value(part, number)) return {};
    all.push_back(number);
  }
  return all;
}

// The axes a product stands on, its location as numbers; no_row where the placement is of another kind.
struct Standing {
  Row placement = no_row, axes = no_row;
  std::vector<double> location = {};
};

Standing standing_of(const Sheet& sheet, Row element) {
  Standing standing;
  if (!sheet.traits(element).product) return {};
  standing.placement = sheet.target(sheet.attribute(element, at_placement));
  if (standing.placement == no_row || sheet.keyword(standing.placement) != "IFCLOCALPLACEMENT") return {};
  standing.axes = sheet.target(sheet.attribute(standing.placement, 1));
  if (standing.axes == no_row || sheet.keyword(standing.axes) != "IFCAXIS2PLACEMENT3D") return {};
  const Row point = sheet.target(sheet.attribute(standing.axes, 0));
  if (point != no_row) standing.location = numbers(sheet.attribute(point, 0));
  return standing.location.size() == 3 ? standing : Standing{};
}

std::string with_parentheses(const std::string& text) { return "(" + text + ")"; }

}  // namespace

std::optional<std::vector<double>> Editor::location(const std::string& element) const {
  const auto row = find(element);
  if (!row) return std::nullopt;
  const Standing standing = standing_of(sheet_, *row);
  if (standing.axes == no_row) return std::nullopt;
  return standing.location;
}

Row Editor::add_point(double x, double y, double z) { return sheet_.add("IFCCARTESIANPOINT", {list_text({x, y, z})}); }

Row Editor::add_placement(Row relative_to, double x, double y, double z) {
  const Row axes = sheet_.add("IFCAXIS2PLACEMENT3D", {sheet_.reference(add_point(x, y, z)), "$", "$"});
  return sheet_.add("IFCLOCALPLACEMENT", {sheet_.reference(relative_to), sheet_.reference(axes)});
}

Result<> Editor::move(const std::string& element, double by_x, double by_y, double by_z) {
  AECOS_TRY_ASSIGN(const Row row, find(element));
  const Standing standing = standing_of(sheet_, row);
  if (standing.axes == no_row) return Error{ErrorCode::invalid_input, element + " has no placement that can be moved"};
  const std::vector<double>& from = standing.location;
  const Row point = add_point(from[0] + by_x, from[1] + by_y, from[2] + by_z);
  Row axes = standing.axes;
  if (sheet_.users(axes).size() > 1) {
    axes = sheet_.add("IFCAXIS2PLACEMENT3D", sheet_.attributes(axes));
    sheet_.set_attribute(standing.placement, 1, sheet_.reference(axes));
  }
  const Row old = sheet_.target(sheet_.attribute(axes, 0));
  sheet_.set_attribute(axes, 0, sheet_.reference(point));
  if (sheet_.users(old).empty()) sheet_.remove(old);
  return {};
}

void Editor::enter_storey(Row element, Row storey) {
  const Row relation = relation_to(contains, at_relating, storey);
  if (relation == no_row) {
    sheet_.add(contains, {new_id("contains"), sheet_.attribute(element, 1), "$", "$",
                          with_parentheses(sheet_.reference(element)), sheet_.reference(storey)});
    return;
  }
  std::vector<Row> members = sheet_.targets(sheet_.attribute(relation, at_members));
  members.push_back(element);
  sheet_.set_attribute(relation, at_members, reference_list(sheet_, members));
}

Result<> Editor::put_into(const std::string& element, const std::string& storey) {
  AECOS_TRY_ASSIGN(const Row row, find(element));
  AECOS_TRY_ASSIGN(const Row target, find(storey));
  if (const Row old = relation_to(contains, at_members, row); old != no_row) leave(old, at_members, row);
  enter_storey(row, target);
  return {};
}

// The context for bodies, else any for models.
Row Editor::body_context() const {
  Row any = no_row;
  for (Row row = 0; row < sheet_.size(); ++row) {
    if (sheet_.is_removed(row)) continue;
    if (sheet_.keyword(row) == "IFCGEOMETRICREPRESENTATIONCONTEXT" && any == no_row) any = row;
    if (sheet_.keyword(row) == "IFCGEOMETRICREPRESENTATIONSUBCONTEXT" && sheet_.text_attribute(row, 0) == "Body")
      return row;
  }
  return any;
}

// An upright box whose foot is centred on (x, 0).
Row Editor::add_box_shape(Row context, double width, double depth, double height, double x) {
  const auto one = [&](Row row) { return sheet_.reference(row); };
  const Row middle = sheet_.add("IFCCARTESIANPOINT", {list_text({x, 0.})});
  const Row position = sheet_.add("IFCAXIS2PLACEMENT2D", {one(middle), "$"});
  const Row profile =
      sheet_.add("IFCRECTANGLEPROFILEDEF", {".AREA.", "$", one(position), real_text(width), real_text(depth)});
  const Row axes = sheet_.add("IFCAXIS2PLACEMENT3D", {one(add_point(0, 0, 0)), "$", "$"});
  const Row up = sheet_.add("IFCDIRECTION", {"(0.,0.,1.)"});
  const Row solid = sheet_.add("IFCEXTRUDEDAREASOLID", {one(profile), one(axes), one(up), real_text(height)});
  const Row body =
      sheet_.add("IFCSHAPEREPRESENTATION", {one(context), "'Body'", "'SweptSolid'", with_parentheses(one(solid))});
  return sheet_.add("IFCPRODUCTDEFINITIONSHAPE", {"$", "$", with_parentheses(one(body))});
}

// Gives its GlobalId. Attributes that this schema has beyond `more` are left out of the model.
std::string Editor::product(std::string_view keyword, std::string_view name, Row placement, Row shape,
                            std::vector<std::string> more) {
  const std::string id = new_id(name);
  std::vector<std::string> attributes{id,
                                      history(),
                                      quoted(name),
                                      "$",
                                      "$",
                                      sheet_.reference(placement),
                                      shape == no_row ? "$" : sheet_.reference(shape),
                                      "$"};
  attributes.insert(attributes.end(), more.begin(), more.end());
  const schema::Entity* entity = sheet_.schema() == nullptr ? nullptr : sheet_.schema()->entity(keyword);
  if (entity != nullptr) attributes.resize(entity->attributes.size(), "$");
  const std::string global_id = step::decode_string(id);
  by_global_id_[global_id] = sheet_.add(keyword, attributes);
  return global_id;
}

Result<std::string> Editor::add_element(std::string_view keyword, std::string_view name, const std::string& storey) {
  AECOS_TRY_ASSIGN(const Row row, find(storey));
  const Row below = sheet_.traits(row).product ? sheet_.target(sheet_.attribute(row, at_placement)) : no_row;
  if (below == no_row) return Error{ErrorCode::invalid_input, storey + " has no placement"};
  const std::string id = product(keyword, name, add_placement(below, 0, 0, 0), no_row, {});
  enter_storey(by_global_id_.at(id), row);
  return id;
}

Result<std::string> Editor::add_wall(const NewWall& wall) {
  AECOS_TRY_ASSIGN(const Row storey, find(wall.storey));
  const Row below = sheet_.target(sheet_.attribute(storey, at_placement)), context = body_context();
  if (below == no_row || context == no_row)
    return Error{ErrorCode::invalid_input, "the storey has no placement or the model no context"};
  const Row shape = add_box_shape(context, wall.length, wall.thickness, wall.height, wall.length / 2);
  const std::string id = product("IFCWALL", wall.name, add_placement(below, wall.x, wall.y, 0), shape, {});
  enter_storey(by_global_id_.at(id), storey);
  return id;
}

Result<std::string> Editor::add_window(const std::string& wall, std::string_view name, double x, double sill) {
  AECOS_TRY_ASSIGN(const Row host, find(wall));
  if (!sheet_.keyword(host).starts_with("IFCWALL")) return Error{ErrorCode::invalid_input, wall + " is no wall"};
  const Standing standing = standing_of(sheet_, host);
  const Row storey_relation = relation_to(contains, at_members, host), context = body_context();
  if (standing.axes == no_row || storey_relation == no_row || context == no_row)
    return Error{ErrorCode::invalid_input, wall + " has no placement or lies in no storey"};
  constexpr double width = 900, depth = 400, height = 1200;
  const Row place = add_placement(standing.placement, x, 0, sill);
  const std::string opening = product("IFCOPENINGELEMENT", "Opening of " + std::string(name), place,
                                      add_box_shape(context, width, depth, height, 0), {});
  const std::string window =
      product("IFCWINDOW", name, add_placement(place, 0, 0, 0), add_box_shape(context, width, 60, height, 0),
              {real_text(height), real_text(width)});
  const Row hole = by_global_id_.at(opening), filling = by_global_id_.at(window);
  const auto relate = [&](std::string_view keyword, Row one, Row other) {
    sheet_.add(keyword, {new_id(keyword), history(), "$", "$", sheet_.reference(one), sheet_.reference(other)});
  };
  relate("IFCRELVOIDSELEMENT", host, hole);
  relate("IFCRELFILLSELEMENT", hole, filling);
  enter_storey(filling, sheet_.targets(sheet_.attribute(storey_relation, at_relating)).front());
  return window;
}

}  // namespace aecos::element
