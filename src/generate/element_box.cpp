#include "generate/element_box.h"

#include <algorithm>

#include "generate/step_reader_internal.h"

namespace aecos::generate {
namespace {

using Vector = std::array<double, 3>;

constexpr std::size_t at_placement = 5;

ElementBox box_of(const StepReader& reader, step::Index product, const Frame& frame) {
  constexpr double around_m = 1;
  std::array<double, 2> x{-around_m, around_m}, y = x, z = x;
  if (!reader.body_box(product, x, y, z)) x = y = z = {-around_m, around_m};
  ElementBox box{frame.out({x[0], y[0], z[0]}), frame.out({x[0], y[0], z[0]})};
  for (const double each_x : x)
    for (const double each_y : y)
      for (const double each_z : z) {
        const Vector corner = frame.out({each_x, each_y, each_z});
        for (std::size_t i = 0; i < 3; ++i) {
          box.low[i] = std::min(box.low[i], corner[i]);
          box.high[i] = std::max(box.high[i], corner[i]);
        }
      }
  return box;
}

}  // namespace

Result<ElementBoxes> find_boxes(std::string_view text, const std::set<std::string>& global_ids) {
  AECOS_TRY_ASSIGN(const StepReader reader, StepReader::open(text));
  ElementBoxes found;
  for (step::Index i = 0; i < reader.file().size(); ++i) {
    const bool is_project = reader.file().keyword(i) == "IFCPROJECT";
    if (!is_project && !reader.is_product(i)) continue;
    const std::string global_id = reader.text(i, 0);
    if (is_project && found.project_id.empty()) found.project_id = global_id;
    if (is_project || !global_ids.contains(global_id)) continue;
    const step::Index placement = reader.target(i, at_placement);
    if (placement != step::no_instance) found.boxes.try_emplace(global_id, box_of(reader, i, reader.frame(placement)));
  }
  return found;
}

}  // namespace aecos::generate
