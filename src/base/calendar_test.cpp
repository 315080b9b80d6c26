#include "base/calendar.h"

#include <gtest/gtest.h>

namespace aecos {
namespace {

TEST(Calendar, FebruaryHasADayMoreEachFourthYearButForMostCenturies) {
  EXPECT_EQ(days_in(2028, 2), 29);
  EXPECT_EQ(days_in(2026, 2), 28);
  EXPECT_EQ(days_in(1900, 2), 28);
  EXPECT_EQ(days_in(2000, 2), 29);
}

TEST(Calendar, AYearHasItsDays) {
  for (const std::int64_t year : {2026, 2028}) {
    std::int64_t days = 0;
    for (std::int64_t month = 1; month <= 12; ++month) days += days_in(year, month);
    EXPECT_EQ(days, is_leap(year) ? 366 : 365);
  }
}

}  // namespace
}  // namespace aecos
