#include "http/message.h"

#include <gtest/gtest.h>

#include "base/percent.h"

namespace aecos::http {
namespace {

TEST(Message, HeaderNamesHaveNoCase) {
  Headers headers = {{"Content-Type", "a"}, {"X", "1"}, {"x", "2"}};
  EXPECT_EQ(headers.get("content-TYPE"), "a");
  EXPECT_EQ(headers.get("X"), "1");
  EXPECT_TRUE(headers.has("x"));
  headers.set("x", "3");
  EXPECT_EQ(std::distance(headers.begin(), headers.end()), 2);
  EXPECT_EQ(headers.get("X"), "3");
  headers.remove("X");
  EXPECT_FALSE(headers.has("x"));
  EXPECT_EQ(headers.get("x"), "");
}

TEST(Message, MediaTypeIsWithoutParametersAndCase) {
  EXPECT_EQ(media_type("Application/JSON; charset=utf-8"), "application/json");
  EXPECT_EQ(media_type(" text/plain "), "text/plain");
  EXPECT_EQ(media_type(""), "");
}

TEST(Message, WhatIsPercentEncodedIsDecoded) {
  std::string every, decoded;
  for (int c = 0; c < 256; ++c) every += static_cast<char>(c);
  ASSERT_TRUE(percent_decode(percent_encode(every), false, decoded));
  EXPECT_EQ(decoded, every);
  ASSERT_TRUE(percent_decode(percent_encode(every), true, decoded));
  EXPECT_EQ(decoded, every);
  EXPECT_EQ(percent_encode("a b/\xC3\xA4~"), "a%20b%2F%C3%A4~");
  ASSERT_TRUE(percent_decode("a+b%2b", true, decoded));
  EXPECT_EQ(decoded, "a b+");
  ASSERT_TRUE(percent_decode("a+b", false, decoded));
  EXPECT_EQ(decoded, "a+b");
}

TEST(Message, BrokenPercentEncodingIsRefused) {
  std::string decoded;
  for (const char* text : {"%", "%4", "a%", "%zz", "%4g", "%%41"})
    EXPECT_FALSE(percent_decode(text, false, decoded)) << text;
}

TEST(Message, Base64IsThatOfTheStandard) {
  const std::pair<std::string_view, std::string_view> pairs[] = {{"", ""},
                                                                 {"f", "Zg=="},
                                                                 {"fo", "Zm8="},
                                                                 {"foo", "Zm9v"},
                                                                 {"foob", "Zm9vYg=="},
                                                                 {"fooba", "Zm9vYmE="},
                                                                 {"foobar", "Zm9vYmFy"},
                                                                 {"\xFB\xFF", "+/8="}};
  std::string decoded;
  for (const auto& [bytes, text] : pairs) {
    EXPECT_EQ(base64_encode(bytes), text);
    ASSERT_TRUE(base64_decode(text, decoded));
    EXPECT_EQ(decoded, bytes);
  }
  for (const char* text : {"Zg", "Zg=", "Zg===", "Z===", "====", "Zm9v\n", "Zh==", "Zm9=", "Z=9v", "Zg==Zg==", "a-b_"})
    EXPECT_FALSE(base64_decode(text, decoded)) << text;
}

}  // namespace
}  // namespace aecos::http
