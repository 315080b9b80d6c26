#pragma once
// What a model says of places and simple bodies, in metres.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generate/context.h"
#include "schema/schema.h"
#include "step/file.h"

namespace aecos::generate {

class StepReader {
 public:
  // The text must outlive the reader.
  static Result<StepReader> open(std::string_view text);

  const step::File& file() const { return file_; }
  std::vector<step::Index> of(std::string_view keyword) const;
  bool is_product(step::Index i) const;  // Of a class of things that stand somewhere.

  std::string_view attribute(step::Index i, std::size_t at) const;  // Empty: there are fewer.
  std::string text(step::Index i, std::size_t at) const;
  std::optional<double> number(step::Index i, std::size_t at) const;
  step::Index target(step::Index i, std::size_t at) const;
  std::vector<step::Index> targets(step::Index i, std::size_t at) const;

  double unit_m() const { return unit_m_; }
  // Of an IfcLocalPlacement, in the world.
  Frame frame(step::Index placement, int depth = 0) const;
  // The ranges that the body of a product fills in its own placement. False: it is not one upright or straight
  // extrusion along an axis.
  bool body_box(step::Index product, std::array<double, 2>& x, std::array<double, 2>& y,
                std::array<double, 2>& z) const;

 private:
  double read_unit() const;
  Frame axes(step::Index placement) const;
  std::array<double, 3> vector(step::Index i, double scale) const;
  step::Index body_item(step::Index product) const;
  std::vector<std::array<double, 3>> profile_points(step::Index profile) const;
  std::vector<std::array<double, 3>> curve_points(step::Index curve) const;

  step::File file_;
  const schema::Schema* schema_ = nullptr;
  std::vector<bool> products_;  // By keyword.
  double unit_m_ = 1;
};

}  // namespace aecos::generate
