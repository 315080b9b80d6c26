#include "xml/document.h"

#include <gtest/gtest.h>

#include "xml/writer.h"

namespace aecos::xml {
namespace {

std::string refusal(const std::string& text, std::size_t marks_max = std::string_view::npos) {
  const auto document = Document::parse(text, marks_max);
  return document ? "read" : document.error().message;
}

TEST(Xml, WhatIsWrittenReadsBackTheSame) {
  const std::string text = " <a> & \"b\" ]]>\r\n\tä ";
  XmlWriter writer;
  writer.begin("r", {{"k", text}, {"none", ""}}).element("t", text).empty("e", {}).end();
  const std::string xml = std::move(writer).take();
  const auto document = Document::parse(xml);
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_EQ(document->root().attribute("k"), text);
  EXPECT_FALSE(document->root().has("none"));
  EXPECT_EQ(document->root().child("t").text(), text);
}

TEST(Xml, WhatXmlCannotHoldIsLeftOut) {
  EXPECT_EQ(clean(std::string("a\x01\xFF") + "b\x0B"),
            "a\xEF\xBF\xBD"
            "b");
}

TEST(Xml, WhatIsNoTextMayHaveAnyLetters) {
  for (const char* const text : {"<!-- Tom & Jerry --><a/>", "<?app a & b?><a/>", "<a><![CDATA[&x;]]><!--&y;--></a>"})
    EXPECT_TRUE(Document::parse(text)) << text;
  for (const char* const text : {"<!-- --><a>&x;</a>", "<a><!-- &x; --> &y;</a>", "<?a?><a>?> &x;</a>"})
    EXPECT_NE(refusal(text).find("entities"), std::string::npos) << text;
}

TEST(Xml, DocumentTypesAndEntitiesAreRefused) {
  EXPECT_EQ(refusal("<!DOCTYPE a>\n<a/>"),
            "1:11: a document type is not allowed: it can name other files and blow up text");
  EXPECT_EQ(refusal("<a>\n&lol;</a>"),
            "2:1: entities but those of XML itself (&amp; &lt; &gt; &quot; &apos;) are not allowed");
  EXPECT_EQ(refusal("<a><![CDATA[&lol;]]>&amp;&#65;</a>"), "read");
  EXPECT_NE(refusal("<a><![CDATA[]]>&lol;</a>").find("entities"), std::string::npos);
}

TEST(Xml, WhatIsNoXmlIsRefusedWithItsPlace) {
  EXPECT_EQ(refusal("").find("1:1: this is not XML"), 0U);
  EXPECT_EQ(refusal("<a>\n<b></a>").find("2:"), 0U);
  EXPECT_EQ(refusal(std::string("<a>\0</a>", 8)), "1:4: the file is not UTF-8 text; save it as UTF-8");
}

TEST(Xml, MoreTagsThanAllowedAreRefused) {
  EXPECT_EQ(refusal("<a><b/></a>", 3), "read");
  EXPECT_EQ(refusal("<a><b/></a>", 2), "1:8: there is more in it than 2 tags");
  EXPECT_EQ(refusal("<a b='<!--'><b/><b/></a>", 3), "1:17: there is more in it than 3 tags");
  EXPECT_EQ(refusal("<a b='<![CDATA['><b/><b/></a>", 3), "1:22: there is more in it than 3 tags");
}

TEST(Xml, ManyReferencesTakeNoMoreThanTheirLength) {
  std::string text = "<a>";
  for (int i = 0; i < 1'000'000; ++i) text += "&amp;";
  EXPECT_EQ(refusal(text + "</a>"), "read");
}

TEST(Xml, NamespacesAreThoseOfTheNextDeclaration) {
  const std::string text = "<a xmlns=\"one\" xmlns:p=\"two\"><b xmlns=\"three\"><p:c/></b><d/></a>";
  const auto document = Document::parse(text);
  ASSERT_TRUE(document);
  const Node b = document->root().first();
  EXPECT_EQ(b.space(), "three");
  EXPECT_EQ(b.first().space(), "two");
  EXPECT_EQ(b.first().local_name(), "c");
  EXPECT_EQ(b.next().space(), "one");
}

}  // namespace
}  // namespace aecos::xml
