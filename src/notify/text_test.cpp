#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/utf8.h"
#include "notify/sample_story_test_internal.h"
#include "notify/text_internal.h"

namespace aecos::notify {
namespace {

std::string doubled(char32_t before, char32_t letter, char32_t after) {
  return plain(before, letter, after) + plain(before, letter, after);
}

TEST(Text, WhatFitsIsWhole) {
  EXPECT_EQ(fit("REI 120", 7), "REI 120");
  EXPECT_EQ(fit("REI 120", 6), "REI 1…");
  EXPECT_EQ(fit("REI 120", 1), "…");
  EXPECT_EQ(fit("REI 120", 0), "");
  EXPECT_EQ(fit("", 0), "");
}

TEST(Text, NoCharacterIsCut) {
  EXPECT_EQ(fit("a😀😀", 5), "a😀😀");
  EXPECT_EQ(fit("a😀😀", 4), "a😀…");
  EXPECT_EQ(fit("a😀😀", 3), "a…");
  EXPECT_EQ(fit("Wände", 3), "Wä…");
  EXPECT_EQ(fit("aaae\u0301bb", 5), "aaa…");  // Nor a letter from its accent.
  EXPECT_EQ(fit("a👩\u200d👩 b", 5), "a…");
  EXPECT_EQ(fit("abc", 4, doubled), "aa…");
  EXPECT_EQ(fit("abc def", 3), "ab…");
  EXPECT_EQ(fit("abc   ", 3), "abc");  // Nor what an escape is made of.
}

TEST(Text, WhatWouldChangeOtherTextIsGone) {
  EXPECT_EQ(fit(" a \r\n\t b\u2028c ", 100), "a b c");
  EXPECT_EQ(fit("a\u202eb\u2066c\u200fd\u200be\ufefff\u00adg", 100), "abcdefg");
  EXPECT_EQ(fit(std::string("a\0b\x1b[31m\x7f", 9), 100), "ab[31m");
  EXPECT_EQ(fit("a\xff\xed\xa0\x80z", 100), "a\ufffd\ufffd\ufffd\ufffdz");
  EXPECT_EQ(fit("e\u0301\u0301\u0301\u0301\u0301\u0301z", 100), "e\u0301\u0301\u0301\u0301z");
  EXPECT_EQ(fit("می\u200cخواهم 👩\u200d👧", 100), "می\u200cخواهم 👩\u200d👧");
}

RC_GTEST_PROP(Text, NeverTooLongAlwaysUtf8AlwaysOneLine, ()) {
  const std::string text = *hostile_text();
  const auto max = *rc::gen::inRange<std::size_t>(0, 200);
  for (const Escape escape : {plain, doubled}) {
    const std::string fitted = fit(text, max, escape);
    RC_ASSERT(utf16_length(fitted) <= max);
    RC_ASSERT(is_utf8(fitted));
    RC_ASSERT(fitted.find_first_of(std::string("\r\n\t\0\x1b", 5)) == std::string::npos);
    if (max > 0 && utf16_length(fitted) < max / 2 && utf16_length(fit(text, 10'000, escape)) > max)
      RC_ASSERT(fitted.ends_with("…"));
  }
}

TEST(Text, AChangeIsSaidAsPeopleWriteIt) {
  EXPECT_EQ(change_text({"W-12", "", "FireRating", "REI 60", "REI 120", ""}), "FireRating: REI 60 → REI 120");
  EXPECT_EQ(change_text({"W-12", "", "FireRating", "", "REI 120", ""}), "FireRating: – → REI 120");
  EXPECT_EQ(change_text({"W-12", "", "moved 1.20 m", "", "", ""}), "moved 1.20 m");
  event::Story story = sample_story();
  EXPECT_EQ(rest_text(story, 2), "and 3 more");
  EXPECT_EQ(rest_text(story, 5), "");
  EXPECT_EQ(place_text(story), "house · develop · 2026-11-25 09:00 UTC");
}

TEST(Text, ASummaryThatTheOnlyLineSaysIsNeedless) {
  event::Story story = sample_story();
  EXPECT_FALSE(summary_text(story, 100).empty());
  story.lines.resize(1);
  story.lines_in_all = 1;
  story.summary = "W-12: FireRating REI 60 → REI 120";
  EXPECT_TRUE(summary_text(story, 100).empty());
  story.summary += "; and ana says that the client wants it";
  EXPECT_FALSE(summary_text(story, 100).empty());
  story.summary = " \r\n\u200b";
  EXPECT_TRUE(summary_text(story, 100).empty());
}

TEST(Text, ATitleIsNeverEmpty) {
  event::Story story = sample_story();
  EXPECT_EQ(title_text(story, 7), "ana ch…");
  story.title = " \n";
  EXPECT_EQ(title_text(story, 100), "commit.integrated");
  story.type = "\u202e";
  EXPECT_EQ(title_text(story, 100), "aecos");
}

TEST(Text, ANameIsAscii) {
  EXPECT_TRUE(is_ascii_name("msg_A-1.b", 10));
  for (const char* text : {"", "a b", "a\r\n", "ä", "\xff\xfe", "a@b", "<a", "too_long_for_it"})
    EXPECT_FALSE(is_ascii_name(text, 10)) << text;
}

TEST(Text, OnlyWhatIsSafeEverywhereIsALink) {
  EXPECT_TRUE(is_link("https://hub.example.org/a?b=%24c#d", 100));
  EXPECT_TRUE(is_link("http://localhost:8080/", 100));
  for (const char* url : {"", "https://", "ftp://a", "javascript:alert(1)", "https://a b", "https://a\r\nb",
                          "https://a)b", "https://a|b", "https://a>b", "https://a\"b", "https://ä", "HTTPS://a"})
    EXPECT_FALSE(is_link(url, 100)) << url;
  EXPECT_FALSE(is_link("https://hub.example.org/", 10));
}

}  // namespace
}  // namespace aecos::notify
