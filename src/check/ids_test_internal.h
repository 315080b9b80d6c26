#pragma once
// Small requirements and models for tests.

#include <string>

#include "check/ids_check.h"
#include "ifc/model.h"

namespace aecos::check {

inline std::string simple(const std::string& text) { return "<simpleValue>" + text + "</simpleValue>"; }
inline std::string restriction(const std::string& base, const std::string& inner) {
  return "<xs:restriction base=\"xs:" + base + "\">" + inner + "</xs:restriction>";
}
inline std::string like(const std::string& pattern) {
  return restriction("string", "<xs:pattern value=\"" + pattern + "\"/>");
}
inline std::string entity(const std::string& name, const std::string& predefined = "") {
  return "<entity><name>" + name + "</name>" +
         (predefined.empty() ? "" : "<predefinedType>" + predefined + "</predefinedType>") + "</entity>";
}
inline std::string wall() { return entity(simple("IFCWALL")); }
inline std::string attribute(const std::string& name, const std::string& value = "", const std::string& more = "") {
  return "<attribute" + more + "><name>" + name + "</name>" + (value.empty() ? "" : "<value>" + value + "</value>") +
         "</attribute>";
}
inline std::string property(const std::string& set, const std::string& name, const std::string& type = "",
                            const std::string& value = "", const std::string& more = "") {
  return "<property" + (type.empty() ? "" : " dataType=\"" + type + "\"") + more + "><propertySet>" + set +
         "</propertySet><baseName>" + name + "</baseName>" + (value.empty() ? "" : "<value>" + value + "</value>") +
         "</property>";
}
inline std::string specification(const std::string& applicability, const std::string& requirements,
                                 const std::string& occurs = "minOccurs=\"0\" maxOccurs=\"unbounded\"",
                                 const std::string& versions = "IFC4") {
  return "<specification name=\"S\" ifcVersion=\"" + versions + "\"><applicability " + occurs + ">" + applicability +
         "</applicability>" + (requirements.empty() ? "" : "<requirements>" + requirements + "</requirements>") +
         "</specification>";
}
inline std::string ids_text(const std::string& specifications) {
  return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<ids xmlns=\"http://standards.buildingsmart.org/IDS\" "
         "xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">"
         "<info><title>Test</title></info><specifications>" +
         specifications + "</specifications></ids>";
}

// A wall W-12 on Level 1, and more.
inline std::string model_text(const std::string& more, const std::string& schema = "IFC4") {
  return "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\nFILE_SCHEMA(('" +
         schema +
         "'));\nENDSEC;\nDATA;\n"
         "#1=IFCPROJECT('0project00000000000000',$,'House',$,$,$,$,$,#2);\n"
         "#2=IFCUNITASSIGNMENT((#3));\n"
         "#3=IFCSIUNIT(*,.LENGTHUNIT.,.MILLI.,.METRE.);\n" +
         more + "ENDSEC;\nEND-ISO-10303-21;\n";
}
inline std::string one_wall(const std::string& more = "", const std::string& name = "'W-12'") {
  return model_text("#10=IFCWALL('0wall00000000000000000',$," + name + ",$,$,$,$,$,.SHEAR.);\n" + more);
}

// "pass", the reasons of failures joined by "; ", or "refused: …".
inline std::string outcome(const std::string& model_bytes, const std::string& specifications) {
  const auto ids = read_ids(ids_text(specifications));
  if (!ids) return "refused: " + ids.error().message;
  const auto model = ifc::read_model(model_bytes);
  if (!model) return "no model: " + model.error().message;
  const auto results = check_ids(*model, *ids);
  if (!results) return "error: " + results.error().message;
  std::string text;
  for (const SpecificationResult& result : *results) {
    const auto add = [&](const std::string& more) { text += (text.empty() ? "" : "; ") + more; };
    if (!result.reason.empty()) add(result.reason);
    for (const IdsFailure& failure : result.failures) add(failure.reason);
  }
  return text.empty() ? "pass" : text;
}

}  // namespace aecos::check
