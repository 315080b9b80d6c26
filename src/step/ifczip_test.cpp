#include "step/ifczip.h"

#include <gtest/gtest.h>

#include "step/file.h"

namespace aecos::step {
namespace {

const std::string text = "ISO-10303-21;\nHEADER;\nENDSEC;\nDATA;\n#1=IFCA('x',$);\nENDSEC;\nEND-ISO-10303-21;\n";

std::string packed(const std::string& name, const std::string& content) {
  auto bytes = pack({name, content});
  EXPECT_TRUE(bytes) << bytes.error().message;
  return bytes ? *bytes : std::string();
}

std::string message(const std::string& archive) {
  const auto unpacked = unpack(archive);
  return unpacked ? "unpacked" : unpacked.error().message;
}

// Two archives of one file each become one of two: the names have the same length.
std::string with_two_files() {
  const std::string one = packed("a.ifc", text), other = packed("b.ifc", text);
  const std::size_t directory = one.find("PK\x01\x02"), end = one.find("PK\x05\x06");
  std::string both = one.substr(0, directory) + other.substr(0, directory);
  std::string second = other.substr(directory, end - directory);
  const auto put = [](std::string& bytes, std::size_t at, std::size_t value, int length) {
    for (int i = 0; i < length; ++i) bytes[at + static_cast<std::size_t>(i)] = static_cast<char>(value >> (8 * i));
  };
  put(second, 42, directory, 4);
  const std::size_t at = both.size();
  both += one.substr(directory, end - directory) + second;
  std::string last = one.substr(end);
  put(last, 8, 2, 2), put(last, 10, 2, 2), put(last, 12, both.size() - at, 4), put(last, 16, at, 4);
  return both + last;
}

TEST(IfcZip, WhatIsPackedUnpacksToTheSame) {
  const std::string archive = packed("folder/häuser.IFC", text);
  ASSERT_TRUE(is_zip(archive));
  EXPECT_FALSE(is_zip(text));
  const auto unpacked = unpack(archive);
  ASSERT_TRUE(unpacked) << unpacked.error().message;
  EXPECT_EQ(unpacked->name, "folder/häuser.IFC");
  EXPECT_EQ(unpacked->text, text);
  EXPECT_LT(packed("a.ifc", std::string(100'000, 'a')).size(), 1000U);
}

TEST(IfcZip, TheSameTextIsPackedToTheSameBytes) { EXPECT_EQ(packed("a.ifc", text), packed("a.ifc", text)); }

TEST(IfcZip, ExactlyOneIfcIsInIt) {
  EXPECT_EQ(message(packed("a.txt", text)), "the ZIP archive does not hold a file that ends in .ifc");
  EXPECT_EQ(message(with_two_files()), "the ZIP archive holds more than one file; it must be exactly one .ifc");
  EXPECT_EQ(message(std::string("PK\x05\x06", 4) + std::string(18, '\0')),
            "the ZIP archive is empty; it must hold exactly one .ifc");
}

TEST(IfcZip, DamageIsAnError) {
  std::string archive = packed("a.ifc", text);
  EXPECT_EQ(message(archive.substr(0, archive.size() / 2)).rfind("the ZIP archive cannot be opened", 0), 0U);
  archive[50] = static_cast<char>(archive[50] ^ 1);
  EXPECT_EQ(message(archive).rfind("the ZIP archive is damaged", 0), 0U);
  EXPECT_NE(message("PK\x03\x04 and nothing more"), "unpacked");
}

TEST(IfcZip, WhatWouldGrowTooLargeIsNotUnpacked) {
  std::string bomb = packed("a.ifc", std::string(any_ratio_max + 1, ' '));
  const std::string refused = " bytes would grow to more than 16777216 bytes; it is not unpacked";
  EXPECT_NE(message(bomb).find(refused), std::string::npos) << message(bomb);
  // The same with a lie about its size, in the directory and before the file.
  const std::string size("\x01\x00\x00\x01", 4), lie("\x01\x00\x00\x00", 4);
  for (std::size_t at = 0; (at = bomb.find(size, at)) != std::string::npos;) bomb.replace(at, 4, lie);
  EXPECT_NE(message(bomb).find("the ZIP archive "), std::string::npos) << message(bomb);
}

}  // namespace
}  // namespace aecos::step
