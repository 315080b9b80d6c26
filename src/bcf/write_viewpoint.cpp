#include <algorithm>
#include <charconv>

#include "bcf/write_internal.h"

namespace aecos::bcf {
namespace {

using xml::XmlWriter;

std::string number(double value) {
  char text[64];
  const auto end = std::to_chars(text, text + sizeof text, value);
  return {text, end.ptr};
}

class ViewpointWriter {
 public:
  ViewpointWriter(const Viewpoint& viewpoint, bool is_3) : viewpoint_(viewpoint), is_3_(is_3) {}

  std::string run() {
    xml_.begin("VisualizationInfo", {{"Guid", viewpoint_.guid}}).begin("Components");
    if (!is_3_) write_hints();
    write_components("Selection", viewpoint_.selection);
    xml_.begin("Visibility", {{"DefaultVisibility", yes(viewpoint_.default_visibility)}});
    if (is_3_) write_hints();
    write_components("Exceptions", viewpoint_.exceptions);
    xml_.end().end();
    if (viewpoint_.camera) write_camera(*viewpoint_.camera);
    return std::move(xml_.end()).take();
  }

 private:
  void write_hints() {
    xml_.empty("ViewSetupHints", {{"SpacesVisible", yes(viewpoint_.spaces_visible)},
                                  {"SpaceBoundariesVisible", yes(viewpoint_.space_boundaries_visible)},
                                  {"OpeningsVisible", yes(viewpoint_.openings_visible)}});
  }

  // What neither IFC nor a program could find is left out.
  static bool is_named(const Component& component) {
    return is_ifc_guid(component.ifc_guid) || !word(component.authoring_tool_id).empty();
  }

  void write_components(std::string_view list, const std::vector<Component>& components) {
    if (std::none_of(components.begin(), components.end(), is_named)) return;
    xml_.begin(list);
    for (const Component& component : components) {
      if (!is_named(component)) continue;
      xml_.begin("Component", {{"IfcGuid", ifc_guid(component.ifc_guid)}});
      xml_.element_if_any("OriginatingSystem", word(component.originating_system));
      xml_.element_if_any("AuthoringToolId", word(component.authoring_tool_id)).end();
    }
    xml_.end();
  }

  void write_vector(std::string_view name, const Vector& vector) {
    xml_.begin(name).element("X", number(vector[0])).element("Y", number(vector[1])).element("Z", number(vector[2]));
    xml_.end();
  }

  void write_camera(const Camera& camera) {
    xml_.begin(camera.perspective ? "PerspectiveCamera" : "OrthogonalCamera");
    write_vector("CameraViewPoint", camera.position);
    write_vector("CameraDirection", camera.direction);
    write_vector("CameraUpVector", camera.up);
    constexpr double narrowest = 45, widest = 60;  // That 2.1 allows.
    const double degrees = camera.field_of_view_degrees;
    camera.perspective ? xml_.element("FieldOfView", number(is_3_ ? degrees : std::clamp(degrees, narrowest, widest)))
                       : xml_.element("ViewToWorldScale", number(camera.view_height_m));
    if (is_3_) xml_.element("AspectRatio", number(camera.aspect_ratio));
    xml_.end();
  }

  const Viewpoint& viewpoint_;
  bool is_3_;
  XmlWriter xml_;
};

}  // namespace

std::string viewpoint_text(const Viewpoint& viewpoint, bool is_3) { return ViewpointWriter(viewpoint, is_3).run(); }

}  // namespace aecos::bcf
