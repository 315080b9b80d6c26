// Which measure is what: sides, lengths that say nothing but themselves, layers, profiles.

#include <algorithm>
#include <cmath>

#include "generate/complete_internal.h"

namespace aecos::generate {
namespace {

void give(const Work& work, const std::string& field, double number, Basis basis, const std::string& because) {
  Element& element = work.element();
  const Field* before = element.find(field);
  if (before && std::abs(before->number - number) > 1e-9) {
    work.refuse("conflict: " + field,
                field + " is said twice: " + number_text(before->number) + " and " + number_text(number));
    return;
  }
  if (!before) element.set(field, number_field(number, basis, because));
}

// Of a wall's three sides the smallest is the thickness, wherever it stands.
std::vector<std::string> names_of_sides(const Work& work, const std::vector<double>& sides) {
  const auto& all = work.kind().sides;
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& names) { return names.size() == sides.size(); });
  if (found == all.end()) return {};
  std::vector<std::string> names = *found;
  if (work.element().kind != "wall" || names.size() != 3) return names;
  const auto least = std::min_element(sides.begin(), sides.end()) - sides.begin();
  names = {"length", "height"};
  names.insert(names.begin() + least, "thickness");
  return names;
}

void settle_sides(Work& work) {
  const Element& element = work.element();
  if (const Field* square = element.find(raw_square)) {
    const Field side = *square;
    for (const char* field : {"width", "depth"}) give(work, field, side.number, side.basis, side.because);
  }
  const Field* given = element.find(raw_sides);
  if (!given) return;
  const Field sides = *given;
  const std::vector<std::string> names = names_of_sides(work, sides.point);
  if (names.empty())
    return work.refuse("impossible: sides", work.called() + ": " + std::to_string(sides.point.size()) +
                                                " sides say nothing of it; say which length is which");
  for (std::size_t i = 0; i < names.size(); ++i) give(work, names[i], sides.point[i], sides.basis, sides.because);
}

bool fits(const BareRule& rule, double metres) {
  if (rule.limit_m <= 0) return true;
  return rule.at_most ? metres <= rule.limit_m : metres > rule.limit_m;
}

void settle_bare(Work& work) {
  Element& element = work.element();
  const Field* given = element.find(raw_bare);
  if (!given) return;
  const std::vector<double> all = given->point;
  const bool round = element.has(raw_round);
  for (const double metres : all) {
    std::string field;
    for (const BareRule& rule : work.kind().bare)
      if (field.empty() && fits(rule, metres) && !element.has(rule.field)) field = rule.field;
    if (round && metres <= 2 && !element.has("diameter")) field = "diameter";
    if (field.empty()) {
      const std::string words = number_text(metres) + " m";
      work.reading.problems.push_back({ProblemKind::not_understood, words, work.index,
                                       work.called() + ": it is not clear what " + words + " is the measure of"});
      continue;
    }
    const std::string because = "a length of that size alone is taken for the " + field;
    element.set(field, number_field(metres, Basis::reading, because));
    if (element.kind == "column" && field == "width" && !element.has("depth"))
      element.set("depth", number_field(metres, Basis::reading, because));
  }
}

void settle_layers(Work& work) {
  Element& element = work.element();
  if (element.layers.empty()) return;
  double sum = 0;
  for (const Layer& layer : element.layers) sum += layer.thickness_m;
  const Field* said = element.find("thickness");
  if (said && std::abs(said->number - sum) > 1e-6)
    work.refuse("conflict: thickness",
                "the layers are " + number_text(sum) + " m thick together, not " + number_text(said->number));
  if (!said) element.set("thickness", number_field(sum));
  const std::string material = element.text("material");
  if (material.empty()) return;
  const bool one_of_them = std::any_of(element.layers.begin(), element.layers.end(),
                                       [&](const Layer& layer) { return layer.material == material; });
  if (!one_of_them) return work.refuse("conflict: material", "none of the layers is of " + material);
  element.fields.erase("material");
}

void settle_profile(Work& work) {
  const Element& element = work.element();
  const std::string name = element.text("profile");
  if (name.empty()) return;
  if (!vocabulary().profile(name))
    return work.refuse("unknown: profile", name + " is not in the table of steel sections");
  for (const char* other : {"width", "depth", "diameter"})
    if (element.has(other))
      return work.refuse("conflict: profile", name + " has its own measures; leave out the " + other);
}

}  // namespace

void settle_sizes(Work& work) {
  settle_sides(work);
  settle_bare(work);
  settle_layers(work);
  settle_profile(work);
  const Element& element = work.element();
  if (element.has("diameter") && (element.has("width") || element.has("depth")))
    work.refuse("conflict: diameter", work.called() + " is round and has sides");
}

}  // namespace aecos::generate
