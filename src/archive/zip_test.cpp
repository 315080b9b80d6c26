#include "archive/zip.h"

#include <gtest/gtest.h>

namespace aecos::archive {
namespace {

std::string zip_of(const std::vector<File>& files) {
  auto bytes = write_zip(files);
  EXPECT_TRUE(bytes) << bytes.error().message;
  return bytes ? *bytes : std::string();
}

TEST(Zip, WhatIsWrittenReadsBackInItsOrder) {
  const std::string zip = zip_of({{"b/ä.txt", "one"}, {"a", ""}, {"c/", ""}});
  EXPECT_TRUE(is_zip(zip));
  const auto reader = ZipReader::open(zip, 3);
  ASSERT_TRUE(reader) << reader.error().message;
  ASSERT_EQ(reader->entries().size(), 3U);
  EXPECT_EQ(reader->entries()[0].name, "b/ä.txt");
  EXPECT_EQ(*reader->read(reader->entries()[0], 3), "one");
  EXPECT_EQ(*reader->read(reader->entries()[1], 0), "");
  EXPECT_TRUE(reader->entries()[2].is_folder());
  EXPECT_FALSE(reader->entries()[0].symbolic_link);
}

TEST(Zip, TheSameFilesAreTheSameBytes) { EXPECT_EQ(zip_of({{"a", "x"}}), zip_of({{"a", "x"}})); }

TEST(Zip, NothingLargerThanAskedForIsUnpacked) {
  std::string zip = zip_of({{"a", std::string(1 << 20, 'a')}});
  const std::string refused = " bytes would grow to more than 1000 bytes; it is not unpacked";
  const auto message = [&] {
    const auto reader = ZipReader::open(zip, 1);
    return reader->read(reader->entries()[0], 1000).error().message;
  };
  EXPECT_NE(message().find(refused), std::string::npos);
  // It says that it is small, and is not.
  for (const char* mark : {"PK\x01\x02", "PK\x03\x04"}) {
    const std::size_t at = zip.find(mark) + (mark[2] == 1 ? 24 : 22);
    zip[at] = 1, zip[at + 1] = zip[at + 2] = zip[at + 3] = 0;
  }
  EXPECT_NE(message().find("the ZIP archive "), std::string::npos);
}

TEST(Zip, MoreEntriesThanAskedForAreRefused) {
  const std::string zip = zip_of({{"a", ""}, {"b", ""}});
  const auto reader = ZipReader::open(zip, 1);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().message, "the ZIP archive has more than 1 entries");
}

TEST(Zip, DamageIsAnError) {
  const std::string zip = zip_of({{"a", std::string(1000, 'x')}});
  for (std::size_t length = 1; length < zip.size(); ++length) {
    const std::string cut = zip.substr(0, length);
    EXPECT_FALSE(ZipReader::open(cut, 9)) << length;
  }
}

}  // namespace
}  // namespace aecos::archive
