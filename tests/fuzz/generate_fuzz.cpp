// The input is a sentence; or, where it begins with '{', a specification in JSON. The project has storeys and a wall.

#include <string>

#include "element/agree.h"
#include "generate/build.h"
#include "generate/context.h"
#include "generate/read.h"
#include "ifc/model.h"
#include "parts.h"

namespace {

using namespace aecos::generate;
using aecos::fuzz::require;
namespace element = aecos::element;

constexpr std::size_t sentence_max = 2000;  // Of bytes; nobody says more at once.

constexpr std::string_view project_file =
    "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n"
    "FILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n"
    "#1=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);\n#2=IFCUNITASSIGNMENT((#1));\n"
    "#3=IFCCARTESIANPOINT((0.,0.,0.));\n#4=IFCAXIS2PLACEMENT3D(#3,$,$);\n"
    "#5=IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-05,#4,$);\n"
    "#6=IFCPROJECT('0Project00000000000000',$,'P','',$,$,$,(#5),#2);\n#7=IFCLOCALPLACEMENT($,#4);\n"
    "#8=IFCBUILDING('0Building0000000000000',$,'B',$,$,#7,$,$,.ELEMENT.,$,$,$);\n"
    "#9=IFCRELAGGREGATES('0Rel100000000000000000',$,$,$,#6,(#8));\n#10=IFCLOCALPLACEMENT(#7,#4);\n"
    "#11=IFCBUILDINGSTOREY('0Level0000000000000000',$,'Ground floor',$,$,#10,$,$,.ELEMENT.,0.);\n"
    "#12=IFCCARTESIANPOINT((0.,0.,3.));\n#13=IFCAXIS2PLACEMENT3D(#12,$,$);\n#14=IFCLOCALPLACEMENT(#7,#13);\n"
    "#15=IFCBUILDINGSTOREY('0Level1000000000000000',$,'Level 1',$,$,#14,$,$,.ELEMENT.,3.);\n"
    "#16=IFCRELAGGREGATES('0Rel300000000000000000',$,$,$,#8,(#11,#15));\n"
    "#20=IFCCARTESIANPOINT((1.,2.,0.));\n#21=IFCAXIS2PLACEMENT3D(#20,$,$);\n#22=IFCLOCALPLACEMENT(#10,#21);\n"
    "#23=IFCCARTESIANPOINT((3.,0.));\n#24=IFCAXIS2PLACEMENT2D(#23,$);\n"
    "#25=IFCRECTANGLEPROFILEDEF(.AREA.,$,#24,6.,0.3);\n#26=IFCDIRECTION((0.,0.,1.));\n"
    "#27=IFCEXTRUDEDAREASOLID(#25,#4,#26,3.);\n#28=IFCSHAPEREPRESENTATION(#5,'Body','SweptSolid',(#27));\n"
    "#29=IFCPRODUCTDEFINITIONSHAPE($,$,(#28));\n"
    "#30=IFCWALL('0Wall12000000000000000',$,'W-12',$,$,#22,#29,$,.NOTDEFINED.);\n"
    "#31=IFCRELCONTAINEDINSPATIALSTRUCTURE('0Rel400000000000000000',$,$,$,(#30),#11);\n"
    "ENDSEC;\nEND-ISO-10303-21;\n";

const Context& project() {
  static const Context context = [] {
    Context made;
    require(bool(add_file(made, "models/house.ifc", project_file)), "the project reads");
    require(made.hosts.size() == 1 && made.hosts[0].has_shape && made.storeys.size() == 2, "the project is as meant");
    return made;
  }();
  return context;
}

void look_at(const element::ElementFolder& folder) {
  const auto told = element::describe(folder.element_ifc);
  require(bool(told), "element.ifc is of one element");
  const auto found = element::disagreements(folder.metadata_json, folder.element_ifc);
  require(found && found->empty(), "metadata.json and element.ifc say the same");
}

void make(const Specification& specification) {
  const BuildOptions options{"seed", "key", "2026-01-01T00:00:00", "Ana", "words"};
  const auto file = [](const std::string&) -> aecos::Result<std::string> { return std::string(project_file); };
  const auto built = build(specification, project(), options, file);
  if (!built) return;
  for (const element::ElementFolder& folder : built->folders) look_at(folder);
  for (const EditedFile& edited : built->edited)
    require(bool(aecos::ifc::read_model(edited.text)), "a file that an opening was cut into reads");
  const auto again = build(specification, project(), options, file);
  require(again && again->folders.size() == built->folders.size(), "the same words give the same");
  for (std::size_t k = 0; k < again->folders.size(); ++k)
    require(again->folders[k].element_ifc == built->folders[k].element_ifc, "the same words give the same bytes");
}

// What is written comes back as it was.
void write_and_read(const Specification& specification) {
  const std::string json = to_json(specification);
  const auto back = from_json(json);
  require(back && to_json(*back) == json, "a specification comes back from its JSON");
}

void finish(Reading reading) {
  reading = complete(std::move(reading), project());
  if (!reading.problems.empty()) return;
  write_and_read(reading.specification);
  make(reading.specification);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = aecos::fuzz::text_of(data, size);
  if (input.starts_with('{')) {
    auto specification = from_json(input);
    if (!specification) return 0;
    Reading reading;
    reading.specification = *std::move(specification);
    finish(std::move(reading));
    return 0;
  }
  if (input.size() <= sentence_max) finish(read(input, project()));
  return 0;
}
