#include <algorithm>
#include <cmath>

#include "generate/host_edit_internal.h"
#include "ifc/draft.h"
#include "step/token.h"

namespace aecos::generate {
namespace {

using ifc::no_row;
using ifc::Row;
using ifc::Sheet;

class Cutter {
 public:
  Cutter(Sheet& sheet, double unit_m) : sheet_(sheet), unit_m_(unit_m) {}

  Row point(const std::array<double, 3>& at) {
    return add("IFCCARTESIANPOINT", {"(" + real(at[0]) + "," + real(at[1]) + "," + real(at[2]) + ")"});
  }
  Row axes(const std::array<double, 3>& at) { return add("IFCAXIS2PLACEMENT3D", {ref(point(at)), "$", "$"}); }

  // Its foot is in the middle of the box's foot along y, at its start along x.
  Row solid(const CutBox& box) {
    const Row middle = add("IFCCARTESIANPOINT", {"(" + real(box.size[0] / 2) + "," + real(0) + ")"});
    const Row position = add("IFCAXIS2PLACEMENT2D", {ref(middle), "$"});
    const Row profile =
        add("IFCRECTANGLEPROFILEDEF", {".AREA.", "$", ref(position), real(box.size[0]), real(box.size[1])});
    const Row up = add("IFCDIRECTION", {"(0.,0.,1.)"});
    return add("IFCEXTRUDEDAREASOLID", {ref(profile), ref(axes({0, 0, 0})), ref(up), real(box.size[2])});
  }

  Row shape(Row solid, const std::string& context) {
    const Row body = add("IFCSHAPEREPRESENTATION", {context, "'Body'", "'SweptSolid'", "(" + ref(solid) + ")"});
    return add("IFCPRODUCTDEFINITIONSHAPE", {"$", "$", "(" + ref(body) + ")"});
  }

  Row add(std::string_view keyword, const std::vector<std::string>& attributes) {
    return sheet_.add(keyword, attributes);
  }
  std::string ref(Row row) const { return sheet_.reference(row); }
  std::string real(double metres) const { return ifc::real_text(std::round(metres / unit_m_ * 1e9) / 1e9); }

 private:
  Sheet& sheet_;
  double unit_m_;
};

Row find_host(const Sheet& sheet, const std::string& global_id) {
  for (Row row = 0; row < sheet.size(); ++row)
    if (!sheet.is_removed(row) && sheet.traits(row).product && sheet.text_attribute(row, 0) == global_id) return row;
  return no_row;
}

// The context of its body.
std::string body_context(const Sheet& sheet, Row host) {
  const Row shape = sheet.target(sheet.attribute(host, 6));
  if (shape == no_row) return {};
  for (const Row representation : sheet.targets(sheet.attribute(shape, 2)))
    if (sheet.text_attribute(representation, 1) == "Body") return sheet.attribute(representation, 0);
  return {};
}

// Where areas and volumes are in square and cubic metres; elsewhere quantities are left as they are.
bool has_plain_units(const Sheet& sheet) {
  for (Row row = 0; row < sheet.size(); ++row) {
    const std::string kind = sheet.keyword(row).starts_with("IFCSIUNIT") ? sheet.attribute(row, 1) : "";
    if ((kind == ".AREAUNIT." || kind == ".VOLUMEUNIT.") && sheet.attribute(row, 2) != "$") return false;
    if (sheet.keyword(row) == "IFCCONVERSIONBASEDUNIT" &&
        (sheet.attribute(row, 1) == ".AREAUNIT." || sheet.attribute(row, 1) == ".VOLUMEUNIT."))
      return false;
  }
  return true;
}

void make_smaller(Sheet& sheet, Row quantity, double area_m2, double volume_m3) {
  const std::string name = sheet.text_attribute(quantity, 0);
  const bool area = sheet.keyword(quantity) == "IFCQUANTITYAREA" && (name == "NetSideArea" || name == "NetArea");
  const bool volume = sheet.keyword(quantity) == "IFCQUANTITYVOLUME" && name == "NetVolume";
  double value = 0;
  if ((!area && !volume) || !step::number_value(sheet.attribute(quantity, 3), value)) return;
  const double left = std::round((value - (area ? area_m2 : volume_m3)) * 1e9) / 1e9;
  if (left > 0) sheet.set_attribute(quantity, 3, ifc::real_text(left));
}

void make_quantities_smaller(Sheet& sheet, Row host, double area_m2, double volume_m3) {
  if (!has_plain_units(sheet)) return;
  for (const Row relation : sheet.users(host)) {
    if (sheet.keyword(relation) != "IFCRELDEFINESBYPROPERTIES") continue;
    if (sheet.targets(sheet.attribute(relation, 4)).size() != 1) continue;  // Others share them.
    const Row set = sheet.target(sheet.attribute(relation, 5));
    if (set == no_row || sheet.keyword(set) != "IFCELEMENTQUANTITY") continue;
    for (const Row quantity : sheet.targets(sheet.attribute(set, 5))) make_smaller(sheet, quantity, area_m2, volume_m3);
  }
}

}  // namespace

Result<> cut(Sheet& sheet, double unit_m, const Host& host, const CutBox& box, const CutIds& ids,
             const std::string& name) {
  const Row row = find_host(sheet, host.global_id);
  if (row == no_row) return Error{ErrorCode::invalid_input, host.path + ": " + host.name + " is not in it any more"};
  const std::string context = body_context(sheet, row), placement = sheet.attribute(row, 5);
  if (context.empty() || !placement.starts_with('#'))
    return Error{ErrorCode::invalid_input, host.path + ": " + host.name + " has no body to cut an opening into"};
  Cutter cutter(sheet, unit_m);
  const std::array<double, 3> at{box.from[0], box.from[1] + box.size[1] / 2, box.from[2]};
  const Row standing = cutter.add("IFCLOCALPLACEMENT", {placement, cutter.ref(cutter.axes(at))});
  const Row shape = cutter.shape(cutter.solid(box), context);
  const std::string history = sheet.attribute(row, 1);
  std::vector<std::string> attributes{
      ifc::quoted(ids.opening), history, ifc::quoted(name), "$", "$", cutter.ref(standing), cutter.ref(shape), "$"};
  const schema::Entity* opening_class = sheet.schema() ? sheet.schema()->entity("IFCOPENINGELEMENT") : nullptr;
  if (opening_class && opening_class->attributes.size() > attributes.size()) attributes.emplace_back(".OPENING.");
  const Row opening = sheet.add("IFCOPENINGELEMENT", attributes);
  sheet.add("IFCRELVOIDSELEMENT", {ifc::quoted(ids.relation), history, "$", "$", cutter.ref(row), cutter.ref(opening)});
  const double area = box.size[0] * (host.is_upright() ? box.size[2] : box.size[1]);
  make_quantities_smaller(sheet, row, area, box.size[0] * box.size[1] * box.size[2]);
  return {};
}

}  // namespace aecos::generate
