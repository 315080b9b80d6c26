#pragma once
// Simple edits of a model, as a person at an authoring tool makes them.
//
//   AECOS_TRY_ASSIGN(auto editor, element::Editor::open(text, "ana"));
//   AECOS_TRY(editor.set_property(wall, "Pset_WallCommon", "FireRating", "IFCLABEL('REI 90')"));
//   save(editor.text());
//
// Works on any IFC file. What is not edited keeps its id, its place and its bytes, as in native IFC; run the result
// through re_export() for the other kind. Shared property sets, placements and points are split where only one of the
// sharers is edited.

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "ifc/sheet.h"

namespace aecos::element {

using ifc::no_row, ifc::Row, ifc::Sheet;

struct NewWall {
  std::string name;
  std::string storey;   // GlobalId.
  double x = 0, y = 0;  // Where it begins, in the storey's axes; it runs along x.
  double length = 1000, thickness = 100, height = 2500;
};

// Lengths are in the file's unit. All edits: not_found: no such element (or storey, wall ...) in the file.
// invalid_input: the file does not have what the edit builds on. Then nothing was changed.
class Editor {
 public:
  // `who` decides the GlobalIds of what is added: the same person adding the same things gets the same ones.
  static Result<Editor> open(std::string_view ifc, std::string_view who);

  // `value` is STEP text: "IFCBOOLEAN(.T.)". The set and the property are made where they are missing.
  Result<> set_property(const std::string& element, std::string_view set, std::string_view property, std::string value);
  // A set that loses its last property goes too.
  Result<> remove_property(const std::string& element, std::string_view set, std::string_view property);
  // The number of a quantity that is there, as STEP text: "5.". not_found: no set of the element has it.
  Result<> set_quantity(const std::string& element, std::string_view quantity, std::string value);
  Result<> rename(const std::string& element, std::string_view name);
  // Any attribute of any rooted instance, by its name in the schema; `value` is STEP text.
  Result<> set_attribute(const std::string& element, std::string_view attribute, std::string value);
  Result<> move(const std::string& element, double by_x, double by_y, double by_z);
  Result<> put_into(const std::string& element, const std::string& storey);
  // Gives the new element's GlobalId.
  Result<std::string> add_wall(const NewWall& wall);
  Result<std::string> add_window(const std::string& wall, std::string_view name, double x, double sill);
  // Without a shape, at the origin of the storey; `keyword` as in a file: "IFCCOLUMN".
  Result<std::string> add_element(std::string_view keyword, std::string_view name, const std::string& storey);
  // With everything that only it owned: parts, openings, shapes, property sets. What fills its openings stays.
  Result<> remove(const std::string& element);

  bool has(const std::string& element) const;
  // As STEP text; absent where there is none.
  std::optional<std::string> property(const std::string& element, std::string_view set,
                                      std::string_view property) const;
  std::string name(const std::string& element) const;
  // Its own placement, relative to what it stands on; absent if it has none of the common kind.
  std::optional<std::vector<double>> location(const std::string& element) const;
  // GlobalIds of the elements that lie in a storey or other spatial element, in the order of the file.
  std::vector<std::string> elements() const;
  std::vector<std::string> storeys() const;
  // The properties of an element's own sets: "Pset_WallCommon.FireRating" -> STEP text, in the order of the file.
  std::vector<std::pair<std::string, std::string>> properties(const std::string& element) const;

  const schema::Schema* schema() const { return sheet_.schema(); }  // Null: it is not known.
  std::string text() const { return sheet_.text(); }

 private:
  Editor(Sheet sheet, std::string_view who) : sheet_(std::move(sheet)), who_(who) {}

  Result<Row> find(const std::string& element) const;
  Row find_set(Row element, std::string_view name) const;
  std::vector<Row> sets_of(Row element) const;
  Row find_property(Row set, std::string_view name) const;
  Row own_set(Row element, Row set);
  Row relation_to(std::string_view keyword, std::size_t position, Row row) const;
  std::string new_id(std::string_view what);
  std::string history() const;
  void add_set(Row element, std::string_view name, const std::string& properties);
  void leave(Row relation, std::size_t position, Row member);
  void enter_storey(Row element, Row storey);
  Row body_context() const;
  Row add_point(double x, double y, double z);
  Row add_placement(Row relative_to, double x, double y, double z);
  Row add_box_shape(Row context, double width, double depth, double height, double x);
  std::string product(std::string_view keyword, std::string_view name, Row placement, Row shape,
                      std::vector<std::string> more);

  // Removing: what goes is queued, so that depth costs no stack.
  void let_go(Row user, Row gone, std::vector<Row>& going);
  void drop_from(Row user, std::size_t position, Row gone, bool needed, std::vector<Row>& going);
  void queue_dependents(Row relation, Row gone, std::vector<Row>& going) const;
  bool is_unused(Row row) const;

  Sheet sheet_;
  std::string who_;
  std::unordered_map<std::string, Row> by_global_id_;
  std::size_t added_ = 0;
};

}  // namespace aecos::element
