#include "sim/marks.h"

#include <algorithm>

#include "os/path.h"

namespace aecos::sim {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  if (const std::size_t at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

// Each '@' becomes a mark.
std::string filled(std::string_view pattern, const NewMark& new_mark) {
  std::string text;
  for (const char c : pattern) text += c == '@' ? new_mark() : std::string(1, c);
  return text;
}

std::string global_id(std::size_t number) {
  std::string digits = std::to_string(number);
  return "0" + std::string(21 - digits.size(), 'x') + digits;
}

constexpr std::string_view model_head = R"(ISO-10303-21;
HEADER;
FILE_DESCRIPTION(('ViewDefinition [CoordinationView]'),'2;1');
FILE_NAME('house.ifc','2026-01-01T00:00:00',(''),(''),'','','');
FILE_SCHEMA(('IFC4'));
ENDSEC;
DATA;
#1=IFCPROJECT('0Proj00000000000000001',$,'House',$,$,$,$,(#2),#3);
#2=IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-05,#4,$);
#3=IFCUNITASSIGNMENT((#5));
#4=IFCAXIS2PLACEMENT3D(#6,$,$);
#5=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);
#6=IFCCARTESIANPOINT((0.,0.,0.));
#10=IFCBUILDING('0Bldg00000000000000001',$,'House',$,$,#11,$,$,.ELEMENT.,$,$,$);
#11=IFCLOCALPLACEMENT($,#4);
#12=IFCRELAGGREGATES('0RelAgg000000000000001',$,$,$,#1,(#10));
)";

std::string model(const NewMark& new_mark) {
  std::string text(model_head);
  for (int wall = 0; wall < 3; ++wall) {
    const auto id = [&](int number) { return "#" + std::to_string(20 + 10 * wall + number); };
    const auto guid = [&](const char* kind) {
      return std::string("'0") + kind + "0000000000000000" + std::to_string(wall + 1) + "'";
    };
    text += id(0) + "=IFCWALL(" + guid("Wall") + ",$,'@',$,$,#11,$,'@',.SOLIDWALL.);\n";
    text += id(1) + "=IFCPROPERTYSET(" + guid("Pset") + ",$,'Pset_WallCommon',$,(" + id(2) + "," + id(3) + "));\n";
    text += id(2) + "=IFCPROPERTYSINGLEVALUE('FireRating',$,IFCLABEL('@'),$);\n";
    text += id(3) + "=IFCPROPERTYSINGLEVALUE('Status',$,IFCLABEL('@'),$);\n";
    text += id(4) + "=IFCRELDEFINESBYPROPERTIES(" + guid("RelD") + ",$,$,$,(" + id(0) + ")," + id(1) + ");\n";
  }
  return filled(text, new_mark) + "ENDSEC;\nEND-ISO-10303-21;\n";
}

std::string notes(const NewMark& new_mark) {
  std::string text = "# Notes\n";
  for (int i = 1; i <= 3; ++i) {
    text += "\n## Part " + std::to_string(i) + "\n\nWe agreed on @ here.\n\nAnd later on @ too.\n";
  }
  return filled(text, new_mark);
}

// With another member of the set "Site".
std::string with_member(const std::string& text, const std::string& member) {
  const std::size_t at = text.rfind("\"Site\": {");
  if (at == std::string::npos) return text;
  if (text.find(member.substr(0, member.find(':'))) != std::string::npos) return text;
  const std::size_t behind = at + std::string_view("\"Site\": {").size();
  return text.substr(0, behind) + " " + member + (text[text.find_first_not_of(' ', behind)] == '}' ? "" : ",") +
         text.substr(behind);
}

std::string with_lines(const std::string& text, const std::string& lines, Dice& dice) {
  std::vector<std::size_t> ends;
  for (std::size_t at = text.find("\n\n"); at != std::string::npos; at = text.find("\n\n", at + 1)) ends.push_back(at);
  const std::size_t at = ends.empty() || dice.one_in(2) ? text.size() : dice.pick(ends) + 1;
  return text.substr(0, at) + lines + text.substr(at);
}

// Without the line that has the mark.
std::string without_line(const std::string& text, const std::string& mark) {
  const std::size_t at = text.find(mark);
  const std::size_t begin = text.rfind('\n', at) + 1, end = std::min(text.find('\n', at), text.size() - 1) + 1;
  return text.substr(0, begin) + text.substr(end);
}

}  // namespace

std::vector<std::string> marks_in(std::string_view text) {
  std::vector<std::string> marks;
  for (std::size_t at = text.find('k'); at != std::string_view::npos; at = text.find('k', at + 1)) {
    std::size_t end = at + 1;
    while (end < text.size() && is_digit(text[end])) ++end;
    if (end == at + 1 || end == text.size() || text[end] != 'k') continue;
    marks.emplace_back(text.substr(at, end + 1 - at));
    at = end;
  }
  return marks;
}

std::set<std::string> mark_set(std::string_view text) {
  const auto marks = marks_in(text);
  return {marks.begin(), marks.end()};
}

std::string marks_in_words(std::string_view before, std::string_view after) {
  const auto had = mark_set(before), has = mark_set(after);
  std::string told;
  for (const std::string& mark : had) told += has.contains(mark) ? "" : " -" + mark;
  for (const std::string& mark : has) told += had.contains(mark) ? "" : " +" + mark;
  return told;
}

std::string element_json(const std::string& name, std::size_t number, const NewMark& new_mark) {
  const std::string text =
      "{\n  \"globalId\": \"" + global_id(number) + "\",\n  \"class\": \"IfcWall\",\n  \"name\": \"" + name +
      "\",\n  \"properties\": {\n    \"Pset_WallCommon\": { \"FireRating\": \"@\", \"Status\": \"@\" },\n"
      "    \"Site\": { \"Note\": \"@\" }\n  }\n}\n";
  return filled(text, new_mark);
}

std::map<std::string, std::string> first_files(bool with_model, const NewMark& new_mark) {
  std::map<std::string, std::string> files;
  for (std::size_t i = 1; i <= 3; ++i) {
    const std::string name = "W-" + std::to_string(i);
    files["elements/" + name + "/metadata.json"] = element_json(name, i, new_mark);
  }
  for (std::size_t i = 1; i <= 2; ++i) {
    const std::string name = "C-" + std::to_string(i);
    files["structure/" + name + "/metadata.json"] = element_json(name, 100 + i, new_mark);
  }
  files["docs/notes.md"] = notes(new_mark);
  for (int i = 0; i < 5; ++i) files["site/list.txt"] += "line " + new_mark() + "\n";
  if (with_model) files["models/house.ifc"] = model(new_mark);
  return files;
}

std::string edited(const std::string& path, const std::string& text, Dice& dice, const NewMark& new_mark) {
  const auto marks = marks_in(text);
  const std::string type = os::extension_of(path);
  if (marks.empty()) return type == ".md" || type == ".txt" ? text + "\nOnce more " + new_mark() + ".\n" : text;
  const std::string& mark = dice.pick(marks);
  if (type == ".json" && dice.one_in(5)) {
    const std::string key = "\"P" + std::to_string(dice.below(200)) + "\"";
    return with_member(text, key + ": \"" + new_mark() + "\"");
  }
  if (type == ".md" && dice.one_in(4)) return with_lines(text, "\nAlso " + new_mark() + ".\n", dice);
  if (type == ".txt" && dice.one_in(4)) return with_lines(text, "line " + new_mark() + "\n", dice);
  if ((type == ".md" || type == ".txt") && dice.one_in(8)) return without_line(text, mark);
  return replaced(text, mark, new_mark());
}

}  // namespace aecos::sim
