// One group of elements as its members: names and positions.

#include <cmath>
#include <numbers>

#include "generate/build.h"
#include "generate/vocabulary.h"

namespace aecos::generate {
namespace {

class Names {
 public:
  explicit Names(const Context& context) : taken_(context.names) {}

  void take(const std::string& name) { taken_.insert(name); }
  bool is_free(const std::string& name) const { return !taken_.contains(name); }

  // "W-01", "W-02", …: the first that is free.
  std::string next(const std::string& prefix) {
    for (int number = 1;; ++number) {
      std::string name = prefix + (number < 10 ? "-0" : "-") + std::to_string(number);
      if (taken_.insert(name).second) return name;
    }
  }

 private:
  std::set<std::string> taken_;
};

std::string name_of(const Element& element, std::size_t number, std::size_t count, Names& names) {
  const std::string said = element.text("name");
  if (said.empty()) return names.next(vocabulary().kind(element.kind)->prefix);
  std::string name = said;
  for (std::size_t k = number + 1; count > 1; ++k) {
    name = said + "-" + std::to_string(k);
    if (names.is_free(name)) break;
  }
  names.take(name);
  return name;
}

std::pair<double, double> step_of(double distance, double degrees) {
  const double angle = degrees * std::numbers::pi / 180;
  const auto clean = [](double each) { return std::round(each * 1e9) / 1e9; };
  return {clean(distance * std::cos(angle)), clean(distance * std::sin(angle))};
}

}  // namespace

std::vector<Single> singles_of(const Specification& specification, const Context& context) {
  Names names(context);
  for (const Element& element : specification.elements)
    if (element.has("name") && element.number("count", 1) <= 1) names.take(element.text("name"));
  std::vector<Single> all;
  for (std::size_t group = 0; group < specification.elements.size(); ++group) {
    const Element& element = specification.elements[group];
    const auto count = static_cast<std::size_t>(element.number("count", 1));
    const auto rows = static_cast<std::size_t>(element.number("rows", 1));
    const Field* at = element.find("at");
    const auto along = step_of(element.number("spacing"), element.number("arrayDirection"));
    const auto across = step_of(element.number("rowSpacing"), element.number("arrayDirection") + 90);
    for (std::size_t k = 0; k < count * rows; ++k) {
      const auto column = static_cast<double>(k % count), row = static_cast<double>(k / count);
      Single single{group, name_of(element, k, count * rows, names), at ? at->point[0] : 0, at ? at->point[1] : 0, k};
      single.x_m += column * along.first + row * across.first;
      single.y_m += column * along.second + row * across.second;
      all.push_back(std::move(single));
    }
  }
  return all;
}

}  // namespace aecos::generate
