#include "sync/local_records.h"

#include <gtest/gtest.h>

#include "os/memory_file_system.h"

namespace aecos::sync {
namespace {

Record record_of(const std::string& path, const std::string& ours) {
  Record record;
  record.path = path;
  record.conflict.at = "/x";
  record.conflict.ours = ours;
  record.conflict.theirs = "2";
  merge::set_id(record.conflict, path);
  return record;
}

class LocalRecords : public testing::Test {
 protected:
  std::vector<std::string> paths() {
    std::vector<std::string> paths;
    const auto records = read_local_records(files, state);
    EXPECT_TRUE(records);
    for (const Record& record : *records) paths.push_back(record.path);
    std::sort(paths.begin(), paths.end());
    return paths;
  }
  os::MemoryFileSystem files;
  const std::string state = "/r/.git/aecos";
};

TEST_F(LocalRecords, NoneAtFirst) { EXPECT_TRUE(paths().empty()); }

TEST_F(LocalRecords, AreKeptUntilTheirPathIsDropped) {
  ASSERT_TRUE(write_local_records(files, state, {record_of("a.json", "1"), record_of("b.json", "1")}));
  ASSERT_TRUE(write_local_records(files, state, {record_of("a.json", "1")}));
  EXPECT_EQ(paths(), (std::vector<std::string>{"a.json", "b.json"}));
  ASSERT_TRUE(drop_local_records(files, state, "a.json"));
  EXPECT_EQ(paths(), std::vector<std::string>{"b.json"});
  ASSERT_TRUE(drop_local_records(files, state, "a.json"));
}

TEST_F(LocalRecords, LargeValuesLieBeside) {
  const std::string large = "\"" + std::string(revision::inline_value_max, 'x') + "\"";
  ASSERT_TRUE(write_local_records(files, state, {record_of("a.json", large)}));
  const auto records = read_local_records(files, state);
  ASSERT_EQ(records->size(), 1U);
  EXPECT_EQ(*read_local_value(files, state, records->at(0).ours.large_value), large);
}

TEST_F(LocalRecords, WhatIsNoRecordIsLeftOut) {
  ASSERT_TRUE(write_local_records(files, state, {record_of("a.json", "1")}));
  ASSERT_TRUE(files.write(state + "/conflicts/x.json", "{"));
  ASSERT_TRUE(files.write(state + "/conflicts/notes.txt", "{"));
  EXPECT_EQ(paths(), std::vector<std::string>{"a.json"});
}

}  // namespace
}  // namespace aecos::sync
