#include "check/outcome.h"

#include <gtest/gtest.h>

#include "check/ids_test_internal.h"

namespace aecos::check {
namespace {

std::vector<Requirements> requirements() {
  const std::string names = ids_text(specification(wall(), attribute(simple("Name"), simple("W-12"))) +
                                     specification(entity(simple("IFCDOOR")), attribute(simple("Name"))));
  return {{".aecos/ids/names.ids", *read_ids(names)}, {"b.ids", *read_ids(names)}};
}

Report outcome_of(const std::string& path, const std::string& bytes) {
  return look_at({{path, bytes}}, requirements(), {})[0];
}

std::string all_of(Report outcome, const std::string& path) {
  Report report;
  std::vector<Report> each;
  each.push_back(std::move(outcome));
  combine({path}, std::move(each), requirements(), {}, report);
  return report_json(report);
}

TEST(Outcome, SaysTheSameWhenItIsReadAgain) {
  for (const std::string& bytes :
       {one_wall(), one_wall("#20=IFCMATERIAL($,$,$);\n", "'W-13'"), std::string("nothing")}) {
    for (const std::string path : {"models/a.ifc", "elements/w/element.ifc"}) {
      const Report outcome = outcome_of(path, bytes);
      const auto again = read_outcome(write_outcome(outcome, path, requirements()), path, requirements());
      ASSERT_TRUE(again);
      EXPECT_EQ(all_of(*again, path), all_of(outcome, path));
    }
  }
}

TEST(Outcome, APieceOfItIsNone) {
  const std::string path = "a.ifc",
                    bytes = write_outcome(outcome_of(path, one_wall("", "'W-13'")), path, requirements());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(read_outcome(std::string_view(bytes).substr(0, size), path, requirements())) << size;
  EXPECT_FALSE(read_outcome(bytes + "x", path, requirements()));
  EXPECT_FALSE(read_outcome(std::string(9, '\xff'), path, requirements()));
}

}  // namespace
}  // namespace aecos::check
