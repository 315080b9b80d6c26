#include "generate/build.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "generate/document_internal.h"
#include "generate/host_edit_internal.h"
#include "generate/ifc_writer_internal.h"
#include "generate/step_reader_internal.h"
#include "ifc/global_id.h"

namespace aecos::generate {
namespace {

// One opening, wherever it is cut.
struct Opening {
  std::string id, relation_id, name;
  OpeningPlan plan;
};

class Builder {
 public:
  Builder(const Specification& specification, const Context& context, const BuildOptions& options,
          const std::function<Result<std::string>(const std::string&)>& read_file)
      : specification_(specification),
        context_(context),
        options_(options),
        read_file_(read_file),
        singles_(singles_of(specification, context)) {}

  Result<Built> run() {
    for (const Single& single : singles_) {
      const Kind& kind = kind_of(single);
      if (!kind.takes.contains("host")) add_free(single);
      if (kind.takes.contains("host")) AECOS_TRY(add_hosted(single));
    }
    for (const auto& [path, sheet] : sheets_) {
      built_.edited.push_back({path, sheet.text()});
      follow(path, built_.edited.back().text);
    }
    return std::move(built_);
  }

 private:
  const Element& element_of(const Single& single) const { return specification_.elements[single.group]; }
  const Kind& kind_of(const Single& single) const { return *vocabulary().kind(element_of(single).kind); }
  static std::string key_of(const Single& single) {
    return std::to_string(single.group) + "." + std::to_string(single.number);
  }
  IfcWriter writer_of(const Single& single) const { return {context_, options_, key_of(single)}; }

  Opening opening_of(const Single& single, double host_length_m) const {
    const IfcWriter writer = writer_of(single);
    const auto plans = opening_plans(element_of(single), host_length_m);
    const bool bare = element_of(single).kind == "opening";
    return {writer.id_of("opening"), writer.id_of("voids"), bare ? single.name : "Opening of " + single.name,
            plans[single.number]};
  }

  // Those of the same specification that are in this wall.
  std::vector<Opening> openings_in(const Single& wall) const {
    std::vector<Opening> all;
    for (const Single& each : singles_)
      if (host_in_sentence(element_of(each)) == wall.group + 1)
        all.push_back(opening_of(each, element_of(wall).number("length")));
    return all;
  }

  Ref standing(IfcWriter& writer, const Single& single) const {
    const Element& element = element_of(single);
    const double angle = element.number("direction") * std::numbers::pi / 180;
    const std::array<double, 3> at{single.x_m, single.y_m, element.number("elevation")};
    return writer.placement(writer.storey_placement(),
                            writer.axes(at, {0, 0, 1}, {std::cos(angle), std::sin(angle), 0}));
  }

  Attributes attributes_of(const Single& single, Ref placement, Ref shape) const {
    const Element& element = element_of(single);
    Attributes all{{"Name", quoted(single.name)},
                   {"ObjectPlacement", placement},
                   {"PredefinedType", "." + predefined_of(element) + "."}};
    if (shape.id) all.emplace_back("Representation", shape);
    if (element.kind == "space") all.emplace_back("CompositionType", ".ELEMENT.");
    if (const std::string use = element.text("use"); !use.empty())
      all.emplace_back(element.kind == "space" ? "LongName" : "ObjectType", quoted(use));
    if (element.kind == "door" || element.kind == "window") {
      all.emplace_back("OverallHeight", writer_of(single).scaled(element.number("height")));
      all.emplace_back("OverallWidth", writer_of(single).scaled(element.number("width")));
    }
    return all;
  }

  // Its type says what kind it is of: with a type the element itself need not.
  void add_data(IfcWriter& writer, const Single& single, Ref ref, const Body& body, double holes_m2, double holes_m3) {
    const Element& element = element_of(single);
    const Kind& kind = kind_of(single);
    writer.add_type(element, kind, ref, ifc_class_of(element), predefined_of(element));
    writer.add_material(element, kind, body, ref);
    writer.add_properties(element, kind, ref);
    writer.add_quantities(kind.quantities, quantities_of(element, body, holes_m2, holes_m3), ref);
  }

  void add_free(const Single& single) {
    const Element& element = element_of(single);
    IfcWriter writer = writer_of(single);
    writer.add_frame(element.text("storey"));
    const Ref placement = standing(writer, single);
    const Body body = writer.body_of(element);
    const bool curtain = element.kind == "curtainWall", line = element.kind == "wall";
    const Ref shape = curtain ? Ref{} : writer.shape(body, line ? &element : nullptr);
    const std::string id = writer.id_of("element");
    const Ref ref = writer.rooted(ifc_class_of(element), id, attributes_of(single, placement, shape));
    writer.contain(ref, element.kind == "space");
    if (curtain) add_panel(writer, placement, body, ref);
    double holes_m2 = 0;
    for (const Opening& each : line ? openings_in(single) : std::vector<Opening>{}) {
      add_opening(writer, element, placement, ref, each);
      holes_m2 += each.plan.width_m * each.plan.height_m;
    }
    add_data(writer, single, ref, body, holes_m2, holes_m2 * element.number("thickness"));
    add_folder(single, writer, id, element.text("storey"));
  }

  static void add_panel(IfcWriter& writer, Ref placement, const Body& body, Ref wall) {
    const Ref plate = writer.rooted("IfcPlate", writer.id_of("panel"),
                                    {{"Name", quoted("Panel")},
                                     {"ObjectPlacement", writer.placement(placement, writer.axes({0, 0, 0}))},
                                     {"Representation", writer.shape(body, nullptr)},
                                     {"PredefinedType", ".CURTAIN_PANEL."}});
    writer.relation("IfcRelAggregates", {{"RelatingObject", wall}, {"RelatedObjects", std::vector<Ref>{plate}}});
  }

  static void add_opening(IfcWriter& writer, const Element& wall, Ref wall_placement, Ref wall_ref,
                          const Opening& each) {
    const double thickness = wall.number("thickness");
    const Ref placement = writer.placement(wall_placement, writer.axes({each.plan.offset_m, 0, each.plan.sill_m}));
    Body body;
    body.solids = {writer.box({0, -thickness / 2, 0}, {each.plan.width_m, thickness, each.plan.height_m})};
    const Ref opening = writer.rooted("IfcOpeningElement", each.id,
                                      {{"Name", quoted(each.name)},
                                       {"ObjectPlacement", placement},
                                       {"Representation", writer.shape(body, nullptr)},
                                       {"PredefinedType", ".OPENING."}});
    writer.rooted("IfcRelVoidsElement", each.relation_id,
                  {{"RelatingBuildingElement", wall_ref}, {"RelatedOpeningElement", opening}});
  }

  Result<> add_hosted(const Single& single) {
    const Element& element = element_of(single);
    if (const std::size_t number = host_in_sentence(element)) {
      const Single& wall =
          *std::find_if(singles_.begin(), singles_.end(), [&](const Single& each) { return each.group == number - 1; });
      const Element& host = element_of(wall);
      if (element.kind == "opening") return note(single, writer_of(single).id_of("opening"), folder_path(wall));
      IfcWriter writer = writer_of(single);
      writer.add_frame(host.text("storey"));
      const Opening opening = opening_of(single, host.number("length"));
      const Ref placement = standing(writer, wall);
      add_filling(
          writer, single, opening,
          {writer_of(wall).id_of("element"), "IfcWall", placement, {opening.plan.offset_m, 0, opening.plan.sill_m}},
          host.text("storey"));
      return {};
    }
    const auto found = hosts_called(context_, element.text("host"));
    if (found.size() != 1) return Error{ErrorCode::invalid_input, "there is no " + element.text("host")};
    return add_in_project(single, *found.front());
  }

  Result<> add_in_project(const Single& single, const Host& host) {
    const Element& element = element_of(single);
    const bool slab = element.kind == "slabOpening";
    const Opening opening = opening_of(single, host.length_m());
    CutBox box{{host.x[0] + opening.plan.offset_m, host.y[0], host.z[0] + opening.plan.sill_m},
               {opening.plan.width_m, host.y[1] - host.y[0], opening.plan.height_m}};
    if (slab) {
      const auto& at = element.find("at")->point;
      box = {{host.x[0] + at[0], host.y[0] + at[1], host.z[0]},
             {element.number("length"), element.number("width"), host.z[1] - host.z[0]}};
    }
    AECOS_TRY_ASSIGN(ifc::Sheet* const sheet, sheet_of(host.path));
    AECOS_TRY(cut(*sheet, units_.at(host.path), host, box, {opening.id, opening.relation_id}, opening.name));
    if (slab || element.kind == "opening") return note(single, opening.id, host.path);
    const bool known = find_storey(context_, host.storey_id) != nullptr;
    const std::string storey = known                      ? host.storey_id
                               : context_.storeys.empty() ? "Ground floor"
                                                          : context_.storeys.front().global_id;
    IfcWriter writer = writer_of(single);
    writer.add_frame(storey);
    const Ref placement = writer.placement({}, writer.axes(host.frame.origin, host.frame.z, host.frame.x));
    add_filling(writer, single, opening,
                {host.global_id, host.ifc_class, placement, {box.from[0], box.from[1] + box.size[1] / 2, box.from[2]}},
                storey);
    return {};
  }

  struct HostRef {
    std::string id, ifc_class;
    Ref placement;
    std::array<double, 3> opening_at;
  };

  // A door or window in a file of its own, which names its opening and that one's wall.
  void add_filling(IfcWriter& writer, const Single& single, const Opening& opening, const HostRef& host,
                   const std::string& storey) {
    const Element& element = element_of(single);
    const Ref wall = writer.rooted(host.ifc_class, host.id,
                                   {{"Description", quoted(reference_mark)}, {"ObjectPlacement", host.placement}});
    const Ref place = writer.placement(host.placement, writer.axes(host.opening_at));
    const Ref hole = writer.rooted("IfcOpeningElement", opening.id,
                                   {{"Description", quoted(reference_mark)}, {"ObjectPlacement", place}});
    writer.rooted("IfcRelVoidsElement", opening.relation_id,
                  {{"RelatingBuildingElement", wall}, {"RelatedOpeningElement", hole}});
    const Body body = [&] {
      Body made;
      const double thick = element.kind == "door" ? door_leaf_m : window_m;
      made.solids = {writer.box({0, -thick / 2, 0}, {element.number("width"), thick, element.number("height")})};
      made.volume_m3 = element.number("width") * thick * element.number("height");
      return made;
    }();
    const Ref standing = writer.placement(place, writer.axes({0, 0, 0}));
    const std::string id = writer.id_of("element");
    const Ref ref =
        writer.rooted(ifc_class_of(element), id, attributes_of(single, standing, writer.shape(body, nullptr)));
    writer.relation("IfcRelFillsElement", {{"RelatingOpeningElement", hole}, {"RelatedBuildingElement", ref}});
    writer.contain(ref, false);
    add_data(writer, single, ref, body, 0, 0);
    add_folder(single, writer, id, storey);
  }

  Result<ifc::Sheet*> sheet_of(const std::string& path) {
    if (const auto found = sheets_.find(path); found != sheets_.end()) return &found->second;
    AECOS_TRY_ASSIGN(const std::string text, read_file_(path));
    const auto reader = StepReader::open(text);
    auto sheet = ifc::Sheet::open(text);
    if (!reader || !sheet)
      return Error{ErrorCode::invalid_input, path + ":" + (reader ? sheet.error() : reader.error()).message};
    units_.emplace(path, reader->unit_m());
    return &sheets_.emplace(path, *std::move(sheet)).first->second;
  }

  // The quantities that metadata.json states too.
  void follow(const std::string& path, const std::string& element_ifc) {
    if (!path.ends_with("/" + std::string(element::ifc_file))) return;
    const std::string beside =
        path.substr(0, path.size() - element::ifc_file.size()) + std::string(element::metadata_file);
    const auto metadata = read_file_(beside);
    const auto described = element::describe(element_ifc);
    if (!metadata || !described) return;
    std::string followed = with_quantities(*metadata, *described);
    if (followed != *metadata) built_.edited.push_back({beside, std::move(followed)});
  }

  std::string slug_of(const Single& single) const {
    return element::slug_of(single.name, ifc_class_of(element_of(single)), writer_of(single).id_of("element"));
  }
  std::string folder_path(const Single& single) const {
    return std::string(element::folders_path) + "/" + slug_of(single);
  }
  Result<> note(const Single& single, const std::string& id, const std::string& path) {
    built_.elements.push_back({id, ifc_class_of(element_of(single)), single.name, path});
    return {};
  }

  void add_folder(const Single& single, const IfcWriter& writer, const std::string& id, const std::string& storey) {
    const Element& element = element_of(single);
    const auto found = storeys_called(context_, storey);
    element::Description description{id, ifc_class_of(element), single.name,
                                     found.empty() ? storey : found.front()->name, writer.statements()};
    element::ElementFolder folder;
    folder.slug = slug_of(single);
    folder.element_ifc = writer.text(single.name);
    folder.metadata_json = element::metadata_text(description, metadata_of(element, options_));
    folder.spec_md = document_of(element, single.name, description, options_);
    built_.elements.push_back({id, ifc_class_of(element), single.name, folder_path(single)});
    built_.folders.push_back(std::move(folder));
  }

  const Specification& specification_;
  const Context& context_;
  const BuildOptions& options_;
  const std::function<Result<std::string>(const std::string&)>& read_file_;
  std::vector<Single> singles_;
  std::map<std::string, ifc::Sheet> sheets_;
  std::map<std::string, double> units_;
  Built built_;
};

}  // namespace

Result<Built> build(const Specification& specification, const Context& context, const BuildOptions& options,
                    const std::function<Result<std::string>(const std::string& path)>& read_file) {
  return Builder(specification, context, options, read_file).run();
}

}  // namespace aecos::generate
