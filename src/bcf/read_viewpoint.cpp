#include <charconv>
#include <cmath>

#include "bcf/read_internal.h"

namespace aecos::bcf {
namespace {

using xml::Node;

bool is_true(const std::string& word) { return word == "true" || word == "1"; }

class ViewpointReader {
 public:
  ViewpointReader(std::string_view xml, const ReadLimits& limits, Viewpoint& viewpoint)
      : xml_(xml), limits_(limits), viewpoint_(viewpoint) {}

  Result<> run() {
    AECOS_TRY_ASSIGN(const xml::Document document, xml::Document::parse(xml_, marks_max));
    const Node root = document.root();
    if (root.local_name() != "VisualizationInfo")
      return fault(root, "the root is <" + std::string(root.name()) + ">, not <VisualizationInfo>");
    if (viewpoint_.guid.empty()) viewpoint_.guid = normal_guid(word_of(root, "Guid"));
    AECOS_TRY(read_components(root.child("Components")));
    Camera camera;
    if (const Node node = root.child("PerspectiveCamera")) {
      AECOS_TRY(read_camera(node, camera));
      AECOS_TRY(read_number(node, "FieldOfView", camera.field_of_view_degrees));
      viewpoint_.camera = camera;
    } else if (const Node other = root.child("OrthogonalCamera")) {
      camera.perspective = false;
      AECOS_TRY(read_camera(other, camera));
      AECOS_TRY(read_number(other, "ViewToWorldScale", camera.view_height_m));
      viewpoint_.camera = camera;
    }
    return {};
  }

 private:
  Error fault(Node node, const std::string& what) const {
    return {ErrorCode::invalid_input, xml::position(xml_, node.offset()) + ": " + what};
  }

  Result<> read_number(Node parent, std::string_view name, double& value) const {
    const Node node = parent.child(name);
    const std::string word = word_of(node);
    const char* const begin = word.data() + (word.starts_with('+') ? 1 : 0);
    double number = 0;
    const auto parsed = std::from_chars(begin, word.data() + word.size(), number);
    const bool whole = !word.empty() && parsed.ec == std::errc() && parsed.ptr == word.data() + word.size();
    if (!whole || !std::isfinite(number))
      return fault(node ? node : parent, "<" + std::string(name) + "> is \"" + word.substr(0, 40) + "\", no number");
    value = number;
    return {};
  }

  Result<> read_vector(Node parent, std::string_view name, Vector& vector) const {
    const Node node = parent.child(name);
    if (!node) return fault(parent, "<" + std::string(name) + "> is missing");
    constexpr std::array<std::string_view, 3> axes{"X", "Y", "Z"};
    for (std::size_t i = 0; i < axes.size(); ++i) AECOS_TRY(read_number(node, axes[i], vector[i]));
    return {};
  }

  Result<> read_camera(Node node, Camera& camera) const {
    AECOS_TRY(read_vector(node, "CameraViewPoint", camera.position));
    AECOS_TRY(read_vector(node, "CameraDirection", camera.direction));
    AECOS_TRY(read_vector(node, "CameraUpVector", camera.up));
    return node.child("AspectRatio") ? read_number(node, "AspectRatio", camera.aspect_ratio) : Result<>();
  }

  Result<> read_list(Node parent, std::vector<Component>& list) {
    for (Node node = parent.first(); node; node = node.next()) {
      if (node.local_name() != "Component") continue;
      AECOS_TRY_ASSIGN(Component component, read_component(node));
      list.push_back(std::move(component));
    }
    return {};
  }

  Result<Component> read_component(Node node) {
    if (++components_ > limits_.components)
      return fault(node, "there are more than " + std::to_string(limits_.components) + " components");
    return Component{word_of(node, "IfcGuid"), word_of(node.child("OriginatingSystem")),
                     word_of(node.child("AuthoringToolId"))};
  }

  void read_hints(Node hints) {
    viewpoint_.spaces_visible = is_true(word_of(hints, "SpacesVisible"));
    viewpoint_.space_boundaries_visible = is_true(word_of(hints, "SpaceBoundariesVisible"));
    viewpoint_.openings_visible = is_true(word_of(hints, "OpeningsVisible"));
  }

  Result<> read_components(Node components) {
    if (!components) return {};
    AECOS_TRY(read_list(components.child("Selection"), viewpoint_.selection));
    const Node visibility = components.child("Visibility");
    if (visibility) viewpoint_.default_visibility = is_true(word_of(visibility, "DefaultVisibility"));
    AECOS_TRY(read_list(visibility.child("Exceptions"), viewpoint_.exceptions));
    const Node inner = visibility.child("ViewSetupHints");
    read_hints(inner ? inner : components.child("ViewSetupHints"));
    return read_flags(components);
  }

  // 2.0 says it of each component.
  Result<> read_flags(Node components) {
    for (Node node = components.first(); node; node = node.next()) {
      if (node.local_name() != "Component") continue;
      AECOS_TRY_ASSIGN(const Component component, read_component(node));
      if (is_true(word_of(node, "Selected"))) viewpoint_.selection.push_back(component);
      const std::string visible = word_of(node, "Visible");
      if (visible == "false" || visible == "0") viewpoint_.exceptions.push_back(component);
    }
    return {};
  }

  std::string_view xml_;
  const ReadLimits& limits_;
  Viewpoint& viewpoint_;
  std::uint64_t components_ = 0;
};

}  // namespace

Result<> read_viewpoint(std::string_view xml, const ReadLimits& limits, Viewpoint& viewpoint) {
  Viewpoint read = viewpoint;
  AECOS_TRY(ViewpointReader(xml, limits, read).run());
  viewpoint = std::move(read);
  return {};
}

}  // namespace aecos::bcf
