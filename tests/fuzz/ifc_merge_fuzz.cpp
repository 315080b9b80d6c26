// The input is either three versions of an IFC file with lines "%%%%" between them, or, where it does not begin as such
// a file does, edits of a small model: five characters each say which side changes what.

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "diff/diff.h"
#include "diff/ifc_delta.h"
#include "merge/merge.h"
#include "merge/normalise.h"
#include "parts.h"
#include "step/token.h"

namespace {

using namespace aecos;
using fuzz::require;
using merge::merge_ifc;

constexpr std::string_view head =
    "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n"
    "FILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n";
constexpr std::string_view tail = "ENDSEC;\nEND-ISO-10303-21;\n";

const std::vector<std::string> small_model = {
    "#1=IFCPROJECT('0YvctVUKr0kugbFTf53O9L',$,'P',$,$,$,$,(#2),#3);",
    "#2=IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-5,#6,$);",
    "#3=IFCUNITASSIGNMENT((#4));",
    "#4=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);",
    "#5=IFCCARTESIANPOINT((0.,0.,0.));",
    "#6=IFCAXIS2PLACEMENT3D(#5,$,$);",
    "#7=IFCLOCALPLACEMENT($,#6);",
    "#8=IFCBUILDINGSTOREY('1YvctVUKr0kugbFTf53O9L',$,'S1',$,$,#7,$,$,.ELEMENT.,0.);",
    "#9=IFCBUILDINGSTOREY('2YvctVUKr0kugbFTf53O9L',$,'S2',$,$,#7,$,$,.ELEMENT.,3.);",
    "#10=IFCRELAGGREGATES('3YvctVUKr0kugbFTf53O9L',$,$,$,#1,(#8,#9));",
    "#11=IFCCARTESIANPOINT((1.,2.,0.));",
    "#12=IFCAXIS2PLACEMENT3D(#11,$,$);",
    "#13=IFCLOCALPLACEMENT(#7,#12);",
    "#14=IFCCARTESIANPOINT((4.,0.,0.));",
    "#15=IFCPOLYLINE((#5,#14));",
    "#16=IFCSHAPEREPRESENTATION(#2,'Axis','Curve2D',(#15));",
    "#17=IFCPRODUCTDEFINITIONSHAPE($,$,(#16));",
    "#18=IFCWALL('0WvctVUKr0kugbFTf53O9L',$,'W1',$,$,#13,#17,'t1',.SOLIDWALL.);",
    "#19=IFCWALL('1WvctVUKr0kugbFTf53O9L',$,'W2',$,$,#13,#17,'t2',.SOLIDWALL.);",
    "#20=IFCRELCONTAINEDINSPATIALSTRUCTURE('2WvctVUKr0kugbFTf53O9L',$,$,$,(#18,#19),#8);",
    "#21=IFCPROPERTYSINGLEVALUE('FireRating',$,IFCLABEL('REI 60'),$);",
    "#22=IFCPROPERTYSINGLEVALUE('IsExternal',$,IFCBOOLEAN(.T.),$);",
    "#23=IFCPROPERTYSET('0PvctVUKr0kugbFTf53O9L',$,'Pset_WallCommon',$,(#21,#22));",
    "#24=IFCRELDEFINESBYPROPERTIES('1PvctVUKr0kugbFTf53O9L',$,$,$,(#18,#19),#23);",
    "#25=IFCMATERIAL('Concrete',$,$);",
    "#26=IFCRELASSOCIATESMATERIAL('2PvctVUKr0kugbFTf53O9L',$,$,$,(#18,#19),#25);",
    "#27=IFCOPENINGELEMENT('0OvctVUKr0kugbFTf53O9L',$,'O1',$,$,#13,#17,$,.OPENING.);",
    "#28=IFCRELVOIDSELEMENT('1OvctVUKr0kugbFTf53O9L',$,$,$,#18,#27);",
    "#29=IFCWALLTYPE('0TvctVUKr0kugbFTf53O9L',$,'T',$,$,$,$,$,$,.SOLIDWALL.);",
    "#30=IFCRELDEFINESBYTYPE('1TvctVUKr0kugbFTf53O9L',$,$,$,(#18,#19),#29);",
};

using Model = std::vector<std::string>;

std::string text_of(const Model& model) {
  std::string text(head);
  for (const std::string& line : model) text += line + '\n';
  return text.append(tail);
}

// A value of the kind that stands there, so that many edits make sense.
std::string value_like(const step::Token& token, std::uint8_t choice) {
  const std::string number = std::to_string(choice % 40);
  switch (token.kind) {
    case step::TokenKind::reference:
      return choice < 100 ? "#" + number : choice < 120 ? "$" : "(#18,#" + number + ")";
    case step::TokenKind::string:
      return token.text.size() == 24 ? "'" + number.substr(0, 1) + std::string(token.text.substr(2))
                                     : "'" + number + "'";
    case step::TokenKind::number:
      return number + ".5";
    case step::TokenKind::omitted:
      return choice < 80 ? "'" + number + "'" : "#" + number;
    default:
      return std::string(token.text);
  }
}

void change_token(std::string& line, std::size_t which, std::uint8_t choice) {
  std::vector<step::Token> found;
  step::Tokens tokens(std::string_view(line).substr(line.find('(')));
  for (step::Token token = tokens.next(); token.kind != step::TokenKind::end; token = tokens.next())
    if (token.text.size() > 1 || token.kind == step::TokenKind::omitted) found.push_back(token);
  if (found.empty()) return;
  const step::Token& token = found[which % found.size()];
  const auto at = static_cast<std::size_t>(token.text.data() - line.data());
  line.replace(at, token.text.size(), value_like(token, choice));
}

void edit(Model& model, const std::uint8_t* op) {
  if (model.empty()) return;
  const std::size_t at = op[1] % model.size();
  std::string& line = model[at];
  switch (op[0] / 2 % 5) {
    case 0:
      model.erase(model.begin() + static_cast<std::ptrdiff_t>(at));
      return;
    case 1: {  // A copy under another id, which may be taken already.
      std::string copy = "#" + std::to_string(op[2] + 20) + line.substr(line.find('='));
      change_token(copy, op[3], op[4]);
      model.push_back(std::move(copy));
      return;
    }
    case 2:
      std::swap(line, model[op[2] % model.size()]);
      return;
    default:
      change_token(line, op[2], op[3]);
  }
}

diff::Delta difference(std::string_view before, std::string_view after) {
  auto base = ifc::read_model(before), side = ifc::read_model(after);
  require(base && side, "what was merged reads");
  ifc::Model* const both[] = {&*base, &*side};
  ifc::identify(both);
  require(bool(ifc::compute_values(*base, nullptr)) && bool(ifc::compute_values(*side, nullptr)),
          "what was merged is well-formed");
  return diff::compare(*base, *side);
}

bool has_odd_lists(std::string_view arguments) {
  step::Tokens tokens(arguments);
  int depth = 0;
  for (step::Token token = tokens.next(); token.kind != step::TokenKind::end; token = tokens.next()) {
    if (token.kind == step::TokenKind::open) ++depth;
    if (token.kind == step::TokenKind::close) --depth;
    if (token.kind == step::TokenKind::reference && depth > 2) return true;
    if (token.kind == step::TokenKind::omitted && depth > 1) return true;
  }
  return false;
}

// Which class refers to which one by which attribute.
using Uses = std::set<std::tuple<std::string, std::size_t, std::string>>;

Uses uses_in(const ifc::Model& model) {
  Uses uses;
  for (ifc::Index i = 0; i < model.size(); ++i)
    for (std::size_t at = 0; !model.attribute(i, at).empty(); ++at)
      for (const ifc::Index to : model.refs_in(i, at))
        if (to != ifc::no_instance) uses.emplace(model.file.keyword(i), at, model.file.keyword(to));
  return uses;
}

// Whether the file is mended by a merge, or says what no model may say: a reference leads nowhere or to what does not
// belong there, a list or nothing stands in a list of references, or a fact (that an element has a set, or is a member
// of something) is in it twice.
bool is_mended(std::string_view text) {
  auto model = ifc::read_model(text);
  if (!model->file.missing.empty()) return true;
  const std::string sound = text_of(small_model);
  const auto sound_model = ifc::read_model(sound);
  const Uses known = uses_in(*sound_model), uses = uses_in(*model);
  if (!std::includes(known.begin(), known.end(), uses.begin(), uses.end())) return true;
  for (ifc::Index i = 0; i < model->size(); ++i)
    if (has_odd_lists(model->file.args(i))) return true;
  ifc::Model* const alone[] = {&*model};
  ifc::identify(alone);
  (void)ifc::compute_values(*model, nullptr);
  std::set<std::pair<std::uint64_t, std::uint64_t>> seen;
  for (const ifc::Link& link : model->links)
    if (!seen.insert({link.key, link.member}).second) return true;
  for (const ifc::Attachment& one : model->attachments)
    if (model->token[one.object] == 0 || !seen.insert({one.object, model->value[one.property_set]}).second) return true;
  return false;
}

void check(std::string_view base, std::string_view ours, std::string_view theirs) {
  merge::Options options;
  options.path = "a.ifc";
  const auto merged = merge_ifc(base, ours, theirs, options);
  const auto swapped = merge_ifc(base, theirs, ours, options);
  require(bool(merged) == bool(swapped), "the order of the sides does not matter for what can be merged");
  (void)diff::diff_file("a.ifc", ours, theirs);
  if (!merged) return;
  (void)difference(base, merged->merged);
  require(merge::merge_any(base, base, theirs, options).merged == theirs, "what theirs alone changed stands");
  if (base.empty()) return;
  const auto normal = merge::normalise_ifc(base, theirs);
  require(bool(normal), "what can be merged can be normalised");
  require(difference(theirs, *normal).empty() || is_mended(theirs), "normalising keeps the meaning");
  const auto same = merge::normalise_ifc(base, *normal);
  require(bool(same), "what is normalised can be normalised");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  if (input.starts_with("ISO-")) {
    const auto parts = fuzz::parts_of(input, 3);
    check(parts[0], parts[1], parts[2]);
    return 0;
  }
  Model ours = small_model, theirs = small_model;
  constexpr std::size_t edit_size = 5;
  for (std::size_t at = 0; at + edit_size <= size && at < 20 * edit_size; at += edit_size)
    edit(data[at] % 2 == 0 ? ours : theirs, data + at);
  check(text_of(small_model), text_of(ours), text_of(theirs));
  return 0;
}
