#include "http/gzip.h"

#include <gtest/gtest.h>

#include <vector>

namespace aecos::http {
namespace {

const std::string hello(
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00", 25);

TEST(Gzip, IsUnpacked) { EXPECT_EQ(*gunzip(hello, 100), "hello"); }

TEST(Gzip, WhatIsBrokenOrTooLargeIsRefused) {
  EXPECT_FALSE(gunzip(hello, 4));
  EXPECT_FALSE(gunzip(hello.substr(0, 20), 100));
  EXPECT_FALSE(gunzip("hello", 100));
  EXPECT_FALSE(gunzip("", 100));
}

std::string packed(const std::vector<std::string>& pieces) {
  Gzip gzip;
  std::string all;
  for (const std::string& piece : pieces) all += gzip.add(piece);
  return all + gzip.finish();
}

TEST(Gzip, WhatIsPackedComesBack) {
  EXPECT_EQ(*gunzip(packed({}), 10), "");
  EXPECT_EQ(*gunzip(packed({"a", "", "bc"}), 10), "abc");
  std::string much;
  for (int k = 0; k < 200'000; ++k) much += std::to_string(k * 7919) + ",";
  const std::string small = packed({much.substr(0, 100), much.substr(100)});
  EXPECT_LT(small.size(), much.size() / 2);
  EXPECT_EQ(*gunzip(small, much.size()), much);
}

TEST(Gzip, IsSentToWhoTakesIt) {
  const auto accepts = [](const std::string& value) { return accepts_gzip({{"Accept-Encoding", value}}); };
  EXPECT_FALSE(accepts_gzip({}));
  for (const char* yes : {"gzip", "gzip, deflate, br", "br;q=1.0, gzip;q=0.8, *;q=0.1", "*", "deflate, gzip;q=0.001"})
    EXPECT_TRUE(accepts(yes)) << yes;
  for (const char* no : {"", "identity", "gzip;q=0", "gzip; q=0.000, *", "br", "*;q=0", "gzipped"})
    EXPECT_FALSE(accepts(no)) << no;
}

}  // namespace
}  // namespace aecos::http
