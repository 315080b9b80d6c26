#include "http/gzip.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace aecos::http
