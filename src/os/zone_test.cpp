#include "os/zone.h"

#include <gtest/gtest.h>

namespace aecos::os {
namespace {

constexpr std::int64_t second_us = 1'000'000;

TEST(Zone, FollowsTheSeasons) {
  if (!zone_minutes("Europe/Berlin", 0)) GTEST_SKIP() << "no time zone database";
  EXPECT_EQ(zone_minutes("Europe/Berlin", 1'768'435'200 * second_us), 60);   // 15 January 2026
  EXPECT_EQ(zone_minutes("Europe/Berlin", 1'784'073'600 * second_us), 120);  // 15 July 2026
  EXPECT_EQ(zone_minutes("Europe/Berlin", 1'774'745'999 * second_us), 60);   // A second before 01:00 UTC, 29 March 2026
  EXPECT_EQ(zone_minutes("Europe/Berlin", 1'774'746'000 * second_us), 120);
  EXPECT_EQ(zone_minutes("Asia/Kolkata", 1'768'435'200 * second_us), 330);
  EXPECT_EQ(zone_minutes("America/New_York", 1'768'435'200 * second_us), -300);
}

TEST(Zone, WhatIsNoZoneIsAbsent) {
  for (const char* name : {"", "Nowhere/Place", "../../etc/passwd", "/etc/passwd", "+01:00", "Europe/Berlin\n"})
    EXPECT_EQ(zone_minutes(name, 0), std::nullopt) << name;
}

}  // namespace
}  // namespace aecos::os
