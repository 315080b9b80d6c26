#include "speckle/building.h"

#include "speckle/properties.h"
#include "speckle/shape_source.h"

namespace aecos::speckle {
namespace {

using ifc::Index;
using ifc::no_instance;

constexpr std::size_t depth_max = 500;  // Of spaces in spaces, and parts of parts.

bool is_a(const ifc::Model& model, Index i, std::string_view keyword) {
  const schema::Entity* entity = model.traits(i).entity;
  const schema::Entity* wanted = model.schema == nullptr ? nullptr : model.schema->entity(keyword);
  return entity != nullptr && wanted != nullptr && entity->is_a(*wanted);
}

std::string class_of(const ifc::Model& model, Index i) {
  const schema::Entity* entity = model.traits(i).entity;
  return entity != nullptr ? std::string(entity->name) : model.file.keyword(i);
}

class Writer {
 public:
  Writer(const ifc::Model& model, std::string file, const Shapes& shapes, const Sink& sink, const GlobalIds& left_out)
      : model_(model),
        relations_(relations_of(model)),
        file_(std::move(file)),
        shapes_(shapes),
        sink_(sink),
        left_out_(left_out),
        seen_(model.size(), false) {}

  Building run() {
    std::vector<Reference> children;
    for (Index i = 0; i < model_.size(); ++i) {
      if (model_.traits(i).is("IFCPROJECT") && !seen_[i])
        if (auto project = space(i, "", 0)) children.push_back(*std::move(project));
    }
    if (auto rest = what_stands_nowhere()) children.push_back(*std::move(rest));
    building_.object = collection(file_, file_, "", "", children);
    return std::move(building_);
  }

 private:
  Reference collection(const std::string& name, const std::string& application_id, const std::string& ifc_class,
                       const std::string& long_name, std::span<const Reference> children) {
    ObjectWriter writer("Speckle.Core.Models.Collections.Collection");
    writer.json().member("name", name).member("applicationId", application_id);
    if (!ifc_class.empty()) writer.json().member("ifcType", ifc_class);
    if (!long_name.empty()) writer.json().member("longName", long_name);
    writer.children("elements", children);
    return std::move(writer).finish(sink_);
  }

  std::string title(Index i) const {
    const std::string name = model_.name(i);
    return name.empty() ? class_of(model_, i) : name;
  }

  // A project, site, building, storey … with what is in it; absent: nothing is.
  std::optional<Reference> space(Index i, const std::string& storey, std::size_t depth) {
    if (seen_[i] || depth > depth_max) return std::nullopt;
    seen_[i] = true;
    const std::string here = is_a(model_, i, "IFCBUILDINGSTOREY") ? title(i) : storey;
    std::vector<Reference> spaces, elements;
    std::size_t count = building_.elements;
    if (auto own = shape_of_space(i, here)) elements.push_back(*std::move(own));
    for (const Index element : relations_.contained[i]) add_element(element, here, elements);
    const std::size_t own_count = building_.elements - count;
    for (const Index part : relations_.parts[i]) {
      if (is_element(part)) {
        add_element(part, here, elements);
      } else if (auto inner = space(part, here, depth + 1)) {
        spaces.push_back(*std::move(inner));
      }
    }
    if (spaces.empty() && elements.empty()) return std::nullopt;
    const std::string id = model_.global_id(i);
    if (!spaces.empty() && !elements.empty()) {
      spaces.push_back(collection("In " + title(i), id + ":elements", "", "", elements));
      add_part(id, title(i), spaces.back(), own_count);
    }
    const Reference whole = collection(title(i), id, class_of(model_, i), "", spaces.empty() ? elements : spaces);
    if (spaces.empty()) add_part(id, title(i), whole, building_.elements - count);
    return whole;
  }

  void add_part(const std::string& id, const std::string& name, const Reference& object, std::size_t elements) {
    building_.parts.push_back({file_ + "#" + id, name, object, elements});
  }

  bool is_element(Index i) const {
    return model_.traits(i).product && !is_reference(model_, i) && !is_a(model_, i, "IFCSPATIALELEMENT") &&
           !is_a(model_, i, "IFCSPATIALSTRUCTUREELEMENT");
  }

  // The ground of a site; a room's shape would hide what is in it.
  std::optional<Reference> shape_of_space(Index i, const std::string& storey) {
    if (!is_a(model_, i, "IFCSITE") || shapes_(i).empty()) return std::nullopt;
    return element(i, storey, {});
  }

  void add_element(Index i, const std::string& storey, std::vector<Reference>& elements, std::size_t depth = 0) {
    if (seen_[i] || depth > depth_max) return;
    // What is shown by another file has its parts there, or here beside it.
    if (is_reference(model_, i) || (!left_out_.empty() && left_out_.contains(model_.global_id(i)))) {
      seen_[i] = true;
      for (const Index part : relations_.parts[i]) add_element(part, storey, elements, depth + 1);
    }
    if (seen_[i] || !is_element(i)) return;
    if (is_a(model_, i, "IFCFEATUREELEMENT") || is_a(model_, i, "IFCANNOTATION") || is_a(model_, i, "IFCGRID")) return;
    seen_[i] = true;
    std::vector<Reference> parts;
    for (const Index part : relations_.parts[i]) add_element(part, storey, parts, depth + 1);
    elements.push_back(element(i, storey, parts));
  }

  Reference element(Index i, const std::string& storey, std::span<const Reference> parts) {
    ++building_.elements;
    ObjectWriter writer("Objects.Data.DataObject");
    writer.json().member("name", title(i)).member("applicationId", model_.global_id(i));
    writer.json().member("ifcType", class_of(model_, i)).member("units", "m").key("properties");
    write_properties(writer.json(), model_, relations_, i, storey);
    writer.children("displayValue", shapes_(i));
    if (!parts.empty()) writer.children("@elements", parts);
    return std::move(writer).finish(sink_);
  }

  // Elements that a file puts nowhere, as one that holds a single element may.
  std::optional<Reference> what_stands_nowhere() {
    std::vector<Reference> elements;
    const std::size_t count = building_.elements;
    for (Index i = 0; i < model_.size(); ++i) {
      const Index whole = relations_.parent[i];
      if (whole == no_instance || !is_element(whole)) add_element(i, "", elements);
    }
    if (elements.empty()) return std::nullopt;
    const Reference reference = collection("Elements", file_ + "#elements", "", "", elements);
    add_part("elements", file_, reference, building_.elements - count);
    return reference;
  }

  const ifc::Model& model_;
  const Relations relations_;
  const std::string file_;
  const Shapes& shapes_;
  const Sink& sink_;
  const GlobalIds& left_out_;
  std::vector<bool> seen_;
  Building building_;
};

}  // namespace

Building write_building(const ifc::Model& model, const std::string& name, const Shapes& shapes, const Sink& sink,
                        const GlobalIds& left_out) {
  return Writer(model, name, shapes, sink, left_out).run();
}

GlobalIds elements_of(const ifc::Model& model) {
  GlobalIds ids;
  for (Index i = 0; i < model.size(); ++i)
    if (model.traits(i).product && !is_reference(model, i) && !model.global_id(i).empty())
      ids.emplace(model.global_id(i));
  return ids;
}

Reference write_collection(const std::string& name, const std::string& application_id,
                           std::span<const Reference> children, const Sink& sink) {
  ObjectWriter writer("Speckle.Core.Models.Collections.Collection");
  writer.json().member("name", name).member("applicationId", application_id);
  writer.children("elements", children);
  return std::move(writer).finish(sink);
}

Reference write_root(const std::string& name, std::span<const Reference> children, const Sink& sink) {
  ObjectWriter writer("Speckle.Core.Models.Collections.Collection");
  writer.json().member("name", name).member("applicationId", name).member("version", 3);
  writer.children("elements", children);
  return std::move(writer).finish(sink);
}

}  // namespace aecos::speckle
