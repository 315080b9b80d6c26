#include "revision/cost.h"

#include <gtest/gtest.h>

namespace aecos::revision {
namespace {

BlobId blob(const char* digit) { return BlobId::from_hex(std::string(40, *digit)).value_or(BlobId{}); }

cost::SharedTakeoff of_bytes(std::size_t bytes) {
  cost::Takeoff takeoff;
  takeoff.bytes = bytes;
  return std::make_shared<const cost::Takeoff>(std::move(takeoff));
}

TEST(TakeoffCache, KeepsWhatWasAskedForLast) {
  TakeoffCache cache(100);
  cache.add(blob("1"), true, of_bytes(40));
  cache.add(blob("2"), true, of_bytes(40));
  EXPECT_TRUE(cache.find(blob("1"), true));
  cache.add(blob("3"), true, of_bytes(40));
  EXPECT_TRUE(cache.find(blob("1"), true));
  EXPECT_FALSE(cache.find(blob("2"), true));
  EXPECT_TRUE(cache.find(blob("3"), true));
}

TEST(TakeoffCache, WhatIsLargerThanAllOfItIsNotKept) {
  TakeoffCache cache(100);
  cache.add(blob("1"), true, of_bytes(40));
  cache.add(blob("2"), true, of_bytes(101));
  EXPECT_FALSE(cache.find(blob("2"), true));
  EXPECT_TRUE(cache.find(blob("1"), true));
}

TEST(TakeoffCache, TheSameBytesAsAModelAndAsMetadataAreTwoThings) {
  TakeoffCache cache(100);
  cache.add(blob("1"), true, of_bytes(10));
  EXPECT_FALSE(cache.find(blob("1"), false));
}

TEST(CountedPaths, AMetadataFileBesideAModelIsNotCountedAgain) {
  const std::vector<std::string> paths{
      "elements/a/element.ifc", "elements/a/metadata.json", "elements/b/metadata.json",   "models/house.ifc",
      "models/house.ifczip",    "notes/metadata.json",      "elements/b/c/metadata.json", "README.md"};
  EXPECT_EQ(counted_paths(paths), (std::vector<std::string>{"elements/a/element.ifc", "elements/b/metadata.json",
                                                            "models/house.ifc", "models/house.ifczip"}));
}

}  // namespace
}  // namespace aecos::revision
