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

TEST(Calendar, ATimeIsATimeOrItIsNot) {
  EXPECT_EQ(seconds_of("2026-11-25T09:00:00.000000Z"), 1795597200);
  EXPECT_EQ(seconds_of("1970-01-01T00:00:01Z"), 1);
  for (const char* text :
       {"", "2026-11-25", "2026-11-25T09:00:00", "2026-13-25T09:00:00Z", "2026-02-30T09:00:00Z", "2026-11-25T24:00:00Z",
        "2026x11-25T09:00:00Z", "2026-11-25T09:00:00.Z", "2026-11-25T09:00:00+01:00Z"})
    EXPECT_FALSE(seconds_of(text)) << text;
}

}  // namespace
}  // namespace aecos
