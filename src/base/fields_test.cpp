#include "base/fields.h"

#include <gtest/gtest.h>

#include <limits>

namespace aecos {
namespace {

TEST(Fields, ComeBackAsTheyWerePut) {
  constexpr std::uint64_t numbers[] = {0, 1, 127, 128, 300, 1ULL << 63U, std::numeric_limits<std::uint64_t>::max()};
  std::string bytes;
  for (const std::uint64_t number : numbers) put_field(bytes, number);
  put_field(bytes, std::string_view("a\0b", 3));
  put_field(bytes, std::string_view());
  FieldReader reader(bytes);
  for (const std::uint64_t number : numbers) EXPECT_EQ(reader.number(), number);
  EXPECT_EQ(reader.text(), std::string_view("a\0b", 3));
  EXPECT_EQ(reader.text(), "");
  EXPECT_TRUE(reader.good() && reader.at_end());
}

TEST(Fields, WhatIsCutOffIsAFault) {
  std::string bytes;
  put_field(bytes, 300);
  put_field(bytes, std::string_view("wall"));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    FieldReader reader(std::string_view(bytes).substr(0, size));
    reader.number();
    EXPECT_EQ(reader.text(), "");
    EXPECT_FALSE(reader.good()) << size;
  }
  FieldReader endless(std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
  EXPECT_EQ(endless.number(), 0U);
  EXPECT_FALSE(endless.good());
}

}  // namespace
}  // namespace aecos
