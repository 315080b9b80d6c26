#pragma once
// A small model for tests: two walls on a storey, one with an opening, and objects by id.

#include <map>
#include <string>

#include "speckle/object.h"
#include "text/json.h"

namespace aecos::speckle {

struct SmallModel {
  std::string wall_name = "W-1", other_name = "W-2", depth = "3.", opening_depth = "2.", place = "0.", red = "0.5";
  std::string owner = "#1", level = "0.";
};

inline std::string text_of(const SmallModel& given) {
  return "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n"
         "FILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n"
         "#1=IFCOWNERHISTORY(#2,#3,$,.ADDED.,$,$,$,0);\n#2=IFCPERSONANDORGANIZATION(#4,#5,$);\n"
         "#3=IFCAPPLICATION(#5,'1','aecos','aecos');\n#4=IFCPERSON($,'A',$,$,$,$,$,$);\n#5=IFCORGANIZATION($,'B',$,$,$)"
         ";\n"
         "#6=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);\n#7=IFCUNITASSIGNMENT((#6));\n"
         "#8=IFCCARTESIANPOINT((0.,0.,0.));\n#9=IFCAXIS2PLACEMENT3D(#8,$,$);\n"
         "#10=IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-05,#9,$);\n"
         "#11=IFCPROJECT('0000000000000000000001'," +
         given.owner +
         ",'House',$,$,$,$,(#10),#7);\n"
         "#12=IFCBUILDINGSTOREY('0000000000000000000002',#1,'Level 1',$,$,#20,$,$,.ELEMENT.,0.);\n"
         "#13=IFCRELAGGREGATES('0000000000000000000003',#1,$,$,#11,(#12));\n"
         "#14=IFCRELCONTAINEDINSPATIALSTRUCTURE('0000000000000000000004',#1,$,$,(#30,#40),#12);\n"
         "#18=IFCCARTESIANPOINT((0.,0.," +
         given.level +
         "));\n#19=IFCAXIS2PLACEMENT3D(#18,$,$);\n"
         "#20=IFCLOCALPLACEMENT($,#19);\n#21=IFCCARTESIANPOINT((" +
         given.place +
         ",0.,0.));\n"
         "#22=IFCAXIS2PLACEMENT3D(#21,$,$);\n#23=IFCLOCALPLACEMENT(#20,#22);\n"
         "#24=IFCRECTANGLEPROFILEDEF(.AREA.,$,$,5.,0.2);\n#25=IFCDIRECTION((0.,0.,1.));\n"
         "#26=IFCEXTRUDEDAREASOLID(#24,$,#25," +
         given.depth +
         ");\n"
         "#27=IFCSHAPEREPRESENTATION(#10,'Body','SweptSolid',(#26));\n#28=IFCPRODUCTDEFINITIONSHAPE($,$,(#27));\n"
         "#30=IFCWALL('0000000000000000000005',#1,'" +
         given.wall_name +
         "',$,$,#23,#28,'T',$);\n"
         "#31=IFCCOLOURRGB($," +
         given.red +
         ",0.5,0.5);\n#32=IFCSURFACESTYLESHADING(#31,$);\n"
         "#33=IFCSURFACESTYLE('Plaster',.BOTH.,(#32));\n#34=IFCSTYLEDITEM(#26,(#33),$);\n"
         "#40=IFCWALL('0000000000000000000006',#1,'" +
         given.other_name +
         "',$,$,#43,#48,$,$);\n"
         "#43=IFCLOCALPLACEMENT(#20,#9);\n#46=IFCEXTRUDEDAREASOLID(#24,$,#25,4.);\n"
         "#47=IFCSHAPEREPRESENTATION(#10,'Body','SweptSolid',(#46));\n#48=IFCPRODUCTDEFINITIONSHAPE($,$,(#47));\n"
         "#50=IFCOPENINGELEMENT('0000000000000000000007',#1,'O-1',$,$,#53,#58,$,$);\n#53=IFCLOCALPLACEMENT(#23,#9);\n"
         "#56=IFCEXTRUDEDAREASOLID(#24,$,#25," +
         given.opening_depth +
         ");\n"
         "#57=IFCSHAPEREPRESENTATION(#10,'Body','SweptSolid',(#56));\n#58=IFCPRODUCTDEFINITIONSHAPE($,$,(#57));\n"
         "#59=IFCRELVOIDSELEMENT('0000000000000000000008',#1,$,$,#30,#50);\n"
         "#60=IFCPROPERTYSINGLEVALUE('FireRating',$,IFCLABEL('REI 60'),$);\n"
         "#61=IFCPROPERTYSET('0000000000000000000009',#1,'Pset_WallCommon',$,(#60));\n"
         "#62=IFCRELDEFINESBYPROPERTIES('000000000000000000000A',#1,$,$,(#30),#61);\n"
         "#70=IFCPRESENTATIONLAYERASSIGNMENT('Walls',$,(#26,#46),$);\n"
         "ENDSEC;\nEND-ISO-10303-21;\n";
}

class Kept {
 public:
  Sink sink() {
    return [this](Object&& object) { objects[object.id] = std::move(object.json); };
  }
  text::JsonDocument read(const ObjectId& id) const { return *text::parse_json(objects.at(id)); }
  std::map<ObjectId, std::string> objects;
};

}  // namespace aecos::speckle
