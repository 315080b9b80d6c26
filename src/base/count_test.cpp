#include "base/count.h"

#include <gtest/gtest.h>

namespace aecos {
namespace {

TEST(Counted, OneIsSaidOtherwise) {
  EXPECT_EQ(counted(1, "fault"), "1 fault");
  EXPECT_EQ(counted(0, "fault"), "0 faults");
  EXPECT_EQ(counted(1, "element has", "elements have"), "1 element has");
  EXPECT_EQ(counted(2, "element has", "elements have"), "2 elements have");
}

}  // namespace
}  // namespace aecos
