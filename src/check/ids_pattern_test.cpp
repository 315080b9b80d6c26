#include "check/ids_pattern.h"

#include <gtest/gtest.h>

#include "check/ids_value.h"

namespace aecos::check {
namespace {

// "yes", "no", or why it is refused.
std::string match(const std::string& pattern, const std::string& text) {
  const auto compiled = Pattern::compile(pattern);
  return !compiled ? compiled.error().message : compiled->matches(text) ? "yes" : "no";
}

TEST(IdsPattern, IsForTheWholeText) {
  EXPECT_EQ(match("W-[0-9]+", "W-12"), "yes");
  EXPECT_EQ(match("W-[0-9]+", "W-12a"), "no");
  EXPECT_EQ(match("a|b", "ab"), "no");
}

TEST(IdsPattern, AnchorsAreCharacters) {
  EXPECT_EQ(match("^a$", "a"), "no");
  EXPECT_EQ(match("^a$", "^a$"), "yes");
}

TEST(IdsPattern, ClassesAreThoseOfXmlSchema) {
  EXPECT_EQ(match("\\w+", "Größe7"), "yes");
  EXPECT_EQ(match("\\w+", "a-b"), "no");
  EXPECT_EQ(match("\\d", "٣"), "yes");
  EXPECT_EQ(match("\\i\\c*", "_a-b.7"), "yes");
  EXPECT_EQ(match("\\i\\c*", "7a"), "no");
  EXPECT_EQ(match("\\p{Lu}\\P{Lu}", "Ab"), "yes");
  EXPECT_EQ(match("\\p{IsGreek}+", "λ"), "yes");
  EXPECT_EQ(match("\\p{IsGreek}+", "l"), "no");
  EXPECT_EQ(match("a.c", "a\nc"), "no");
}

TEST(IdsPattern, ClassesCanBeSubtracted) {
  EXPECT_EQ(match("[a-z-[aeiou]]+", "xyz"), "yes");
  EXPECT_EQ(match("[a-z-[aeiou]]+", "xyza"), "no");
  EXPECT_EQ(match("[\\w-[\\d]]+", "Größe"), "yes");
  EXPECT_EQ(match("[\\w-[\\d]]+", "Größe7"), "no");
  EXPECT_EQ(match("[a\\D]", "b"), "yes");
  EXPECT_EQ(match("[^a\\D]", "7"), "yes");
}

TEST(IdsPattern, WhatIsNotUnderstoodIsRefused) {
  for (const char* const pattern :
       {"(?i)a", "\\y", "[a", "a{2", "(a", "a)", "\\p{Foo}", "\\p{IsNowhere}", "[]", "[z-a]", "a**)"})
    EXPECT_FALSE(Pattern::compile(pattern)) << pattern;
  EXPECT_FALSE(Pattern::compile("((a{1,100}){1,100}){1,100}"));
  EXPECT_FALSE(Pattern::compile(std::string(5000, 'a')));
}

TEST(IdsPattern, NoPatternHangs) {
  const std::string text = std::string(200'000, 'a') + "!";
  for (const char* const pattern : {"(a+)+", "(a|aa)+b", "(a*)*c", "(.*)(.*)(.*)(.*)x"})
    EXPECT_EQ(match(pattern, text), "no") << pattern;
}

TEST(IdsValue, NumbersAreEqualButForRounding) {
  EXPECT_TRUE(equal_number(1.0000019, 1));
  EXPECT_FALSE(equal_number(1.0000021, 1));
  EXPECT_TRUE(equal_number(0, 0.0000009));
  EXPECT_EQ(ids_number("1e3"), 1000.0);
  EXPECT_EQ(ids_number("-.5"), -0.5);
  for (const char* const text : {"", ".", "1,5", "1 000", "0x10", "e3", "1e", "--1"})
    EXPECT_FALSE(ids_number(text)) << text;
}

TEST(IdsValue, FormsAreThoseOfXmlSchema) {
  EXPECT_TRUE(has_form("date", "2026-03-31"));
  EXPECT_FALSE(has_form("date", "31.3.2026"));
  EXPECT_TRUE(has_form("dateTime", "2026-03-31T10:15:30+02:00"));
  EXPECT_TRUE(has_form("duration", "P1Y2M3DT4H5M6S"));
  EXPECT_FALSE(has_form("duration", "P"));
  EXPECT_FALSE(has_form("duration", "PT"));
  EXPECT_TRUE(has_form("integer", "-7"));
  EXPECT_FALSE(has_form("integer", "7.0"));
}

TEST(IdsValue, DurationsAreOrderedWhereThatIsCertain) {
  IdsValue value;
  value.given = value.restricted = true;
  value.base = "duration";
  value.lower = IdsValue::Bound{"P1M", {}, true};
  EXPECT_TRUE(matches(value, "P1M"));
  EXPECT_TRUE(matches(value, "P31D"));
  EXPECT_TRUE(matches(value, "P1Y"));
  EXPECT_FALSE(matches(value, "P30D"));
  EXPECT_FALSE(matches(value, "PT3H"));
  EXPECT_FALSE(matches(value, "soon"));
}

TEST(IdsValue, LengthCountsCharacters) {
  IdsValue value;
  value.given = value.restricted = true;
  value.length = 2;
  EXPECT_TRUE(matches(value, "äö"));
  EXPECT_FALSE(matches(value, "äöü"));
}

}  // namespace
}  // namespace aecos::check
