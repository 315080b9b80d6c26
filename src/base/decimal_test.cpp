#include "base/decimal.h"

#include <gtest/gtest.h>

namespace aecos {
namespace {

Decimal of(std::string_view text) {
  const auto number = parse_decimal(text);
  EXPECT_TRUE(number) << text;
  return number.value_or(Decimal{});
}

TEST(Decimal, ATextComesBackAsItWas) {
  for (const char* text : {"0", "0.00", "12.50", "-0.05", "999999999999.999999", "-1000000000000000000000.25"})
    EXPECT_EQ(to_text(of(text)), text);
}

TEST(Decimal, WhatIsNoPlainNumberIsNone) {
  for (const char* text : {"", "-", "+", ".", ".5", "5.", "1.2.3", "1e5", "1E308", "NaN", "inf", "0x10", " 1", "1 ",
                           "1,5", "--1", "1234567890123456789012345", "0.1234567890123"})
    EXPECT_FALSE(parse_decimal(text)) << text;
}

TEST(Decimal, ATenthTenTimesIsOne) {
  Decimal sum;
  for (int k = 0; k < 10; ++k) sum = sum + of("0.1");
  EXPECT_EQ(to_text(sum), "1.0");
  EXPECT_EQ(to_text(of("1.005") - of("1")), "0.005");
}

TEST(Decimal, HalvesAreRoundedAwayFromZero) {
  EXPECT_EQ(to_text(rounded(of("1.005"), 2)), "1.01");
  EXPECT_EQ(to_text(rounded(of("-1.005"), 2)), "-1.01");
  EXPECT_EQ(to_text(rounded(of("1.00499999"), 2)), "1.00");
  EXPECT_EQ(to_text(rounded(of("2.5"), 0)), "3");
  EXPECT_EQ(to_text(rounded(of("7"), 2)), "7.00");
}

TEST(Decimal, AProductIsExact) {
  EXPECT_EQ(to_text(product(of("999999999999.999999"), of("999999999999.999999"))),
            "999999999999999998000000.000000000001");
}

TEST(Decimal, GroupsAndSignsAreForPeople) {
  EXPECT_EQ(to_grouped_text(of("1234567.50")), "1,234,567.50");
  EXPECT_EQ(to_grouped_text(of("-123.5")), "-123.5");
  EXPECT_EQ(to_signed_text(of("12.5")), "+12.5");
  EXPECT_EQ(to_signed_text(of("-12.5")), "-12.5");
  EXPECT_EQ(to_signed_text(of("0.00")), "0.00");
}

}  // namespace
}  // namespace aecos
