#include "sample/rates.h"

namespace aecos::sample {

std::string rates() {
  return "classification,class,predefinedType,type,unit,rate,currency,description\n"
         "EF_25_10,,,,m2,312.50,EUR,\"External wall: brick, insulated, rendered and plastered\"\n"
         ",IfcWall,,Partition 115,m2,84.90,EUR,Partition of gypsum board on studs\n"
         ",IfcWall,,,m2,240.00,EUR,Any other wall\n"
         ",IfcSlab,,,m3,415.00,EUR,Reinforced concrete with formwork\n"
         ",IfcSlab,ROOF,,m2,178.35,EUR,Roof: tiles on timber\n"
         ",IfcDoor,,Door 1010x2110,pcs,1890.00,EUR,Entrance door\n"
         ",IfcDoor,,,pcs,465.00,EUR,Inner door\n"
         ",IfcWindow,,,m2,729.00,EUR,\"Window, timber frame, fitted\"\n";
}

}  // namespace aecos::sample
