#include "step/file.h"

#include <gtest/gtest.h>

#include "step/token.h"

namespace aecos::step {
namespace {

std::string wrap(const std::string& data) {
  return "ISO-10303-21;\nHEADER;\nFILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n" + data + "\nENDSEC;\nEND-ISO-10303-21;\n";
}

TEST(StepFile, FindsInstancesHoweverTheyAreWritten) {
  const std::string text = wrap(
      "#1=IFCA('it''s; #9',#3);\n"
      "/* #7=IFCNO(); */ # 2 /* no */");
  EXPECT_FALSE(read(text));
  const std::string good = wrap(
      "#1=IFCA('it''s; #9',#3);\r\n"
      "/* #7=IFCNO(); */ #2 /*x*/ = /*y*/ ifcb\n(\n#1, /* #5 */ (#3,#4), \"0;#\" )\n ;#3=(A(#1)B());\n"
      "#9223372036854775807=IFCA($,*);");
  auto file = read(good);
  ASSERT_TRUE(file) << file.error().message;
  ASSERT_EQ(file->size(), 4U);
  EXPECT_EQ(file->keyword(0), "IFCA");
  EXPECT_EQ(file->keyword(1), "IFCB");
  EXPECT_EQ(file->keyword(2), "");
  EXPECT_EQ(file->args(2), "(A(#1)B())");
  EXPECT_EQ(file->refs_of(1).size(), 3U);
  EXPECT_EQ(file->refs_of(1)[2], no_instance);
  EXPECT_EQ(file->missing, std::vector<std::uint64_t>{4});
  EXPECT_EQ(file->find(9223372036854775807U), 3U);
  EXPECT_EQ(file->schemas, std::vector<std::string>{"IFC4"});
  EXPECT_EQ(file->source(0), "#1=IFCA('it''s; #9',#3);");
}

TEST(StepFile, SaysWhereTheFaultIs) {
  const auto message = [](const std::string& text) { return read(text).error().message; };
  EXPECT_EQ(message(""), "1:1: the file is empty");
  EXPECT_EQ(message(std::string(100, '\0')), "1:101: not a STEP file: it does not begin with ISO-10303-21;");
  EXPECT_EQ(message(wrap("#1=IFCA();\n#1=IFCB();")), "7:1: #1 is defined twice, first at 6:1");
  EXPECT_EQ(message(wrap("#1=IFCA('x);")), "6:8: the file is cut off inside a string");
  EXPECT_EQ(message(wrap("#1 IFCA();")), "6:4: '=' is missing");
  EXPECT_EQ(message(wrap("#99999999999999999999=IFCA();")), "6:2: the instance number is larger than 2^63-1");
  const std::string whole = wrap("#1=IFCA();");
  for (std::size_t length = 0; length < whole.size() - 2; ++length) EXPECT_FALSE(read(whole.substr(0, length)));
}

TEST(StepFile, ReadsSeveralSectionsAndOtherOnes) {
  auto file = read(
      "\xef\xbb\xbfISO-10303-21; HEADER; FILE_SCHEMA(('IFC2X3')); ENDSEC; ANCHOR; <a>=#1; ENDSEC; "
      "DATA('one',('IFC2X3')); "
      "#1=IFCA(); ENDSEC; DATA; #2=IFCB(#1); ENDSEC; END-ISO-10303-21; SIGNATURE; x ENDSEC;");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->data.size(), 2U);
  EXPECT_EQ(file->size(), 2U);
}

// Large enough to be read in two halves: `count` instances of 60 bytes, `special` in the middle.
std::string large(std::size_t count, const std::string& special = "") {
  std::string data;
  for (std::size_t i = 1; i <= count; ++i) {
    if (i == count / 2) data += special;
    const std::string id = std::to_string(i), to = std::to_string(i % count + 1);
    data += "#" + id + "=IFC" + (i < count / 3 ? "EARLY" : "LATE") + "('" + std::string(30, 'x') + "',#" + to + ");\n";
  }
  return wrap(data);
}

TEST(StepFile, ReadsLargeFilesInHalvesAsInOne) {
  constexpr std::size_t count = 40'000;
  const std::string text = large(count);
  ASSERT_GT(text.size(), 2'000'000U);
  const auto file = read(text);
  ASSERT_TRUE(file) << file.error().message;
  ASSERT_EQ(file->size(), count);
  EXPECT_EQ(file->data.size(), 1U);
  EXPECT_EQ(file->keywords, (std::vector<std::string>{"IFCEARLY", "IFCLATE"}));
  for (Index i = 0; i < count; ++i) {
    ASSERT_EQ(file->instances[i].id, i + 1);
    ASSERT_EQ(file->refs_of(i).size(), 1U);
    ASSERT_EQ(file->refs_of(i)[0], (i + 1) % count);
    ASSERT_EQ(file->keyword(i), i + 1 < count / 3 ? "IFCEARLY" : "IFCLATE");
  }
  const auto like = read_like(text, *file);
  ASSERT_TRUE(like);
  for (Index i = 0; i < count; ++i) ASSERT_EQ(like->same[i], i);
  EXPECT_EQ(like->refs, file->refs);
}

TEST(StepFile, WhatLooksLikeAnInstanceInAStringIsNone) {
  constexpr std::size_t count = 40'000;
  std::string sound;
  for (std::size_t i = 0; i < count; ++i) sound += "\n#" + std::to_string(i + 1) + "=IFCNOT(#5);";
  const std::string text = large(count, "#999999=IFCTEXT('" + sound + "');\n");
  const auto whole = read(text);
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(whole->size(), count + 1);
  EXPECT_EQ(whole->refs.size(), count);
}

TEST(StepFile, SaysWhereTheFaultIsInEitherHalf) {
  constexpr std::size_t count = 40'000;
  std::string text = large(count);
  const std::size_t late = text.rfind("#39000=");
  text.replace(late, 7, "#39000 ");
  EXPECT_EQ(read(text).error().message, "39005:8: '=' is missing");
  text.replace(text.find("#100="), 5, "#100 ");
  EXPECT_EQ(read(text).error().message, "105:6: '=' is missing");
}

TEST(StepToken, FindsOneAttribute) {
  const std::string text = "( #1 ,'a,(''#2', (#3,(#4)) , \"0,#\" /* , #9 */ ,$,, #5 /*x*/)";
  const auto parts = split(text);
  const std::size_t refs[] = {1, 0, 2, 0, 0, 0, 1};
  std::size_t before = 0;
  ASSERT_EQ(parts.size(), 7U);
  for (std::size_t k = 0; k < parts.size(); ++k) {
    const Nth found = nth(text, k);
    EXPECT_EQ(found.text, parts[k]) << k;
    EXPECT_EQ(found.first_ref, before) << k;
    EXPECT_EQ(found.refs, refs[k]) << k;
    before += refs[k];
  }
  for (const char* none : {"", "()", "(#1", "#1)", "('a", "(/*"}) EXPECT_EQ(nth(none, 1).text, "") << none;
  EXPECT_EQ(nth("(#1", 0).refs, 1U);
  EXPECT_EQ(nth("(#1)", 1).refs, 0U);
}

TEST(StepToken, SplitsAttributes) {
  const auto parts = split("( 'a,b' , (#1,(2)) /*,*/, IFCLABEL('x'),$)");
  ASSERT_EQ(parts.size(), 4U);
  EXPECT_EQ(parts[0], "'a,b'");
  EXPECT_EQ(parts[1], "(#1,(2))");
  EXPECT_EQ(parts[2], "IFCLABEL('x')");
  EXPECT_TRUE(split("()").empty());
  EXPECT_TRUE(split("x").empty());
}

TEST(StepToken, ChecksArguments) {
  for (const char* good : {"()", "((),())", "('a',$,*,.T.,-1.5E+3,#4,A(B((1,2))),\"0F\")", "(A()B(1))"})
    EXPECT_EQ(check_arguments(good).offset, std::string_view::npos) << good;
  for (const char* bad : {"(", "())", "(,)", "(1,)", "(1 2)", "('a)", "(#)", "(1", "(?)"})
    EXPECT_NE(check_arguments(bad).offset, std::string_view::npos) << bad;
}

TEST(StepString, DecodesEveryEncoding) {
  EXPECT_EQ(decode_string("'\\S\\''x'"), "\u00a7x");                     // A doubled quote is one character there too.
  EXPECT_EQ(decode_string("'\\S\\\xef\xbb\xbf'"), "\\S\\\xef\xbb\xbf");  // Nothing that \S\ can stand before.
  EXPECT_EQ(decode_string("'it''s'"), "it's");
  EXPECT_EQ(decode_string("'\\S\\D \\X\\E4 \\X2\\00E46F22\\X0\\ \\X4\\0001F3E0\\X0\\ \\\\'"), "Ä ä ä漢 🏠 \\");
  EXPECT_EQ(decode_string("'\\X2\\D83CDFE0\\X0\\'"), "🏠");
  EXPECT_EQ(decode_string("'\xe4'"), "ä");
  EXPECT_EQ(decode_string("'ä'"), "ä");
  EXPECT_EQ(decode_string("'\\X2\\00'"), "00");
  for (const char* text : {"it's", "ä漢🏠\\", "", "\n"}) EXPECT_EQ(decode_string(encode_string(text)), text);
}

}  // namespace
}  // namespace aecos::step
