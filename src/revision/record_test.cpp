#include "revision/record.h"

#include <gtest/gtest.h>

#include <map>

namespace aecos::revision {
namespace {

Record example() {
  Record record;
  record.conflict = {"c-5f0c9a1b77e2",
                     {"3cUkl32yn9qRSPvBJVyWYp", "IfcWall", "W-12 \"süd\""},
                     "Pset_WallCommon.FireRating",
                     merge::ConflictKind::both_changed,
                     "\"REI 60\"",
                     "\"REI 90\"",
                     std::nullopt,
                     merge::Side::ours,
                     "policy integrated"};
  record.path = "models/arch/haus ü.ifc";
  record.branch = "develop";
  record.opened = "2026-11-22T10:15:30Z";
  record.base = {"b1", "", "f1", ""};
  record.ours = {"o1", "ana", "f2", ""};
  record.theirs = {"t1", "ben", "", ""};
  return record;
}

struct Kept {
  std::map<std::string, std::string> values;
  KeepValue keep = [this](std::string_view bytes) -> Result<std::string> {
    std::string hash = "h" + std::to_string(values.size());
    values[hash] = bytes;
    return hash;
  };
};

TEST(Record, WhatIsWrittenReadsBack) {
  Kept kept;
  std::string json = *to_json(example(), kept.keep);
  Record back = *parse_record(json);
  EXPECT_EQ(*to_json(back, kept.keep), json);
  EXPECT_EQ(back.conflict.element, example().conflict.element);
  EXPECT_EQ(back.conflict.ours, "\"REI 90\"");
  EXPECT_EQ(back.conflict.theirs, std::nullopt);
  EXPECT_EQ(back.ours.author, "ana");
  EXPECT_TRUE(kept.values.empty());
}

TEST(Record, ALargeValueIsKeptOutsideOnce) {
  Kept kept;
  Record record = example();
  record.conflict.theirs = "\"" + std::string(100'000, 'x') + "\"";
  std::string json = *to_json(record, kept.keep);
  EXPECT_LT(json.size(), 2000U);
  ASSERT_EQ(kept.values.size(), 1U);
  EXPECT_EQ(kept.values["h0"], *record.conflict.theirs);
  Record back = *parse_record(json);
  EXPECT_EQ(back.theirs.large_value, "h0");
  EXPECT_EQ(*to_json(back, kept.keep), json);
  EXPECT_EQ(kept.values.size(), 1U);
}

TEST(Record, ANullIsAValue) {
  Record record = example();
  record.conflict.theirs = "null";
  EXPECT_EQ(parse_record(*to_json(record, {}))->conflict.theirs, "null");
}

TEST(Record, WhatIsNoRecordIsRefused) {
  EXPECT_FALSE(parse_record("[]"));
  EXPECT_FALSE(parse_record("{\"id\": \"c-1\", \"path\": \"a\", \"kind\": \"odd\", \"chosen\": \"ours\"}"));
  EXPECT_EQ(parse_record("{\n x").error().message.substr(0, 2), "2:");
}

TEST(Record, PathsOfRecordsAreKnown) {
  EXPECT_EQ(record_path("c-1"), ".aecos/conflicts/c-1.json");
  EXPECT_EQ(record_id(".aecos/conflicts/c-1.json"), "c-1");
  EXPECT_EQ(record_id(".aecos/conflicts/values/c-1.json"), "");
  EXPECT_EQ(record_id("a/.aecos/conflicts/c-1.json"), "");
  EXPECT_TRUE(is_in_records(".aecos/conflicts/values/12"));
  EXPECT_FALSE(is_in_records(".aecos/conflictsx/1"));
}

}  // namespace
}  // namespace aecos::revision
