// The small parts everything is made of.

#include "sample/house_internal.h"

namespace aecos::sample {

Ref HouseDraft::rooted(std::string_view keyword, std::string_view key, const std::vector<Argument>& rest) {
  std::vector<Argument> arguments{quoted(house_id(key)), history_};
  arguments.insert(arguments.end(), rest.begin(), rest.end());
  return file_.add(keyword, arguments);
}

Ref HouseDraft::relation(std::string_view keyword, const std::vector<Argument>& rest) {
  return rooted(keyword, "relation " + std::to_string(++relations_), rest);
}

std::string HouseDraft::next_name(const char* letter, int& count) {
  const std::string number = std::to_string(++count);
  return std::string(letter) + (number.size() < 2 ? "-0" : "-") + number;
}

Ref HouseDraft::point(const Vector& at) { return file_.add("IFCCARTESIANPOINT", {list_text({at.x, at.y, at.z})}); }

Ref HouseDraft::direction(const Vector& along) {
  return file_.add("IFCDIRECTION", {list_text({along.x, along.y, along.z})});
}

Ref HouseDraft::axes(const Vector& at) { return file_.add("IFCAXIS2PLACEMENT3D", {point(at), "$", "$"}); }

Ref HouseDraft::placement(Ref relative_to, Ref axes) { return file_.add("IFCLOCALPLACEMENT", {relative_to, axes}); }

// An upright box; `middle_at` is the middle of its foot.
Ref HouseDraft::box(double width, double depth, double height, const Vector& middle_at) {
  const Ref middle = file_.add("IFCCARTESIANPOINT", {list_text({0., 0.})});
  const Ref position = file_.add("IFCAXIS2PLACEMENT2D", {middle, "$"});
  const Ref profile = file_.add("IFCRECTANGLEPROFILEDEF", {".AREA.", "$", position, width, depth});
  return file_.add("IFCEXTRUDEDAREASOLID", {profile, axes(middle_at), up_, height});
}

Ref HouseDraft::style(const char* name, double red, double green, double blue, double transparency) {
  const Ref colour = file_.add("IFCCOLOURRGB", {"$", red, green, blue});
  const Ref rendering =
      file_.add("IFCSURFACESTYLERENDERING", {colour, transparency, "$", "$", "$", "$", "$", "$", ".NOTDEFINED."});
  return file_.add("IFCSURFACESTYLE", {quoted(name), ".BOTH.", std::vector<Ref>{rendering}});
}

Ref HouseDraft::body(Ref solid) {
  return file_.add("IFCSHAPEREPRESENTATION", {body_context_, "'Body'", "'SweptSolid'", std::vector<Ref>{solid}});
}

Ref HouseDraft::shape(const std::vector<Ref>& representations) {
  return file_.add("IFCPRODUCTDEFINITIONSHAPE", {"$", "$", representations});
}

}  // namespace aecos::sample
