// Anything as an IDS: it is read or refused, and what is read can be held against a model without harm.

#include <cstdint>
#include <string>
#include <string_view>

#include "check/ids_check.h"
#include "ifc/model.h"
#include "parts.h"

namespace {

constexpr std::string_view small_model =
    "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n"
    "FILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n"
    "#1=IFCPROJECT('0project00000000000000',$,'House',$,$,$,$,$,#2);\n"
    "#2=IFCUNITASSIGNMENT((#3));\n"
    "#3=IFCSIUNIT(*,.LENGTHUNIT.,.MILLI.,.METRE.);\n"
    "#4=IFCBUILDINGSTOREY('0storey000000000000000',$,'Level 1',$,$,$,$,$,.ELEMENT.,0.);\n"
    "#5=IFCWALL('0wall00000000000000000',$,'W-12',$,$,$,$,'12',.SHEAR.);\n"
    "#6=IFCRELCONTAINEDINSPATIALSTRUCTURE('0rel000000000000000000',$,$,$,(#5),#4);\n"
    "#7=IFCPROPERTYSINGLEVALUE('FireRating',$,IFCLABEL('REI 60'),$);\n"
    "#8=IFCPROPERTYSINGLEVALUE('Length',$,IFCLENGTHMEASURE(5000.),$);\n"
    "#9=IFCPROPERTYSET('0pset00000000000000000',$,'Pset_WallCommon',$,(#7,#8));\n"
    "#10=IFCRELDEFINESBYPROPERTIES('1rel000000000000000000',$,$,$,(#5),#9);\n"
    "#11=IFCMATERIAL('Brick',$,'brick');\n"
    "#12=IFCRELASSOCIATESMATERIAL('2rel000000000000000000',$,$,$,(#5),#11);\n"
    "#13=IFCCLASSIFICATION($,$,$,'Uniclass 2015',$,$,$);\n"
    "#14=IFCCLASSIFICATIONREFERENCE($,'EF_25_10',$,#13,$,$);\n"
    "#15=IFCRELASSOCIATESCLASSIFICATION('3rel000000000000000000',$,$,$,(#5),#14);\n"
    "ENDSEC;\nEND-ISO-10303-21;\n";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto model = aecos::ifc::read_model(small_model);
  const auto ids = aecos::check::read_ids({reinterpret_cast<const char*>(data), size});
  if (!ids || !model) return 0;
  const auto results = aecos::check::check_ids(*model, *ids);
  aecos::fuzz::require(results && results->size() == ids->specifications.size(), "every specification has a result");
  for (const auto& result : *results)
    aecos::fuzz::require(result.failed <= result.applicable, "only what is meant fails");
  return 0;
}
