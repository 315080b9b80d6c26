#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "base/utf8.h"
#include "notify/channel.h"
#include "notify/mime_internal.h"
#include "notify/sample_story_test_internal.h"
#include "notify/text_internal.h"

namespace aecos::notify {
namespace {

const Target ana = {.kind = Kind::mail, .mail_to = {"ana@example.org"}, .mail_from = "aecos <aecos@example.org>"};
const Sending sending = {.id = "1", .time_ms = 1'795'597'200'000, .hub_name = "hub.example.org"};

std::string mail_of(std::vector<event::Story> stories, const Target& target = ana, const Sending& how = sending) {
  const auto mail = render_mail(target, stories, how);
  if (!mail) throw std::runtime_error(mail.error().message);
  return mail->message;
}

std::string head_of(const std::string& message) { return message.substr(0, message.find("\r\n\r\n") + 2); }

// The value, unfolded; empty: none.
std::string header(const std::string& message, const std::string& name) {
  const std::string head = "\r\n" + head_of(message);
  std::size_t at = head.find("\r\n" + name + ": ");
  if (at == std::string::npos) return "";
  at += name.size() + 4;
  std::string value = head.substr(at, head.find("\r\n", at) - at);
  for (at += value.size() + 2; at < head.size() && head[at] == ' '; at = head.find("\r\n", at) + 2)
    value += head.substr(at, head.find("\r\n", at) - at);
  return value;
}

TEST(NotifyMail, HasTheHeadersOfAMailByAProgram) {
  const std::string message = mail_of({sample_story()});
  EXPECT_EQ(header(message, "From"), "\"aecos\" <aecos@example.org>");
  EXPECT_EQ(header(message, "To"), "ana@example.org");
  EXPECT_EQ(header(message, "Subject"), "[house] ana changed 2 elements on develop");
  EXPECT_EQ(header(message, "Date"), "Wed, 25 Nov 2026 09:00:00 +0000");
  EXPECT_EQ(header(message, "Message-ID"), "<msg_0123456789abcdef@hub.example.org>");
  EXPECT_EQ(header(message, "Auto-Submitted"), "auto-generated");
  EXPECT_EQ(header(message, "List-Unsubscribe"), "");
  EXPECT_TRUE(header(message, "Content-Type").starts_with("multipart/alternative; boundary="));
}

TEST(NotifyMail, GoesToAllAndNamesWhoGetsTheReply) {
  Target both = ana;
  both.mail_to.emplace_back("ben@example.org");
  both.mail_reply_to = "Büro \"A\" <office@example.org>";
  Sending how = sending;
  how.unsubscribe_url = "https://hub.example.org/settings";
  const std::vector<event::Story> stories = {sample_story()};
  const auto mail = render_mail(both, stories, how);
  ASSERT_TRUE(mail) << mail.error().message;
  EXPECT_EQ(mail->from, "aecos@example.org");
  EXPECT_EQ(mail->to, both.mail_to);
  EXPECT_EQ(header(mail->message, "To"), "ana@example.org, ben@example.org");
  EXPECT_EQ(header(mail->message, "Reply-To"), "=?UTF-8?B?QsO8cm8gIkEi?= <office@example.org>");
  EXPECT_EQ(header(mail->message, "List-Unsubscribe"), "<https://hub.example.org/settings>");
}

TEST(NotifyMail, WhatBelongsTogetherIsPutTogether) {
  event::Story first = sample_story(), second = sample_story(), other = sample_story();
  second.id = "msg_2";
  other.thread = "conflict/c-1";
  const std::string thread = header(mail_of({first}), "References");
  EXPECT_TRUE(thread.starts_with("<thread.") && thread.ends_with("@hub.example.org>"));
  EXPECT_EQ(header(mail_of({first}), "In-Reply-To"), thread);
  EXPECT_EQ(header(mail_of({second}), "References"), thread);
  EXPECT_NE(header(mail_of({second}), "Message-ID"), header(mail_of({first}), "Message-ID"));
  EXPECT_NE(header(mail_of({other}), "References"), thread);
  other = first;
  other.project = "tower";
  EXPECT_NE(header(mail_of({other}), "References"), thread);
}

TEST(NotifyMail, ADigestIsOneMail) {
  event::Story grave = sample_story();
  grave.id = "msg_2";
  grave.title = "A conflict to decide";
  grave.weight = event::Weight::problem;
  const std::string message = mail_of({sample_story(), grave});
  EXPECT_EQ(header(message, "Subject"), "[house] 2 updates: A conflict to decide");
  EXPECT_TRUE(header(message, "Message-ID").starts_with("<digest."));
  EXPECT_EQ(header(message, "References"), "");
  EXPECT_EQ(header(message, "Message-ID"), header(mail_of({sample_story(), grave}), "Message-ID"));
  EXPECT_NE(message.find("ana changed 2 elements"), std::string::npos);
  const std::string long_one = mail_of(std::vector<event::Story>(500, sample_story()));
  EXPECT_NE(long_one.find("and 470 more updates"), std::string::npos);
  EXPECT_LT(long_one.size(), 200'000U);
}

TEST(NotifyMail, HtmlOfUsersIsText) {
  event::Story story = sample_story();
  story.title = "<script>alert('1')</script> & \"x\"";
  const std::string message = mail_of({story});
  const std::string html_part = message.substr(message.find("text/html"));
  EXPECT_EQ(html_part.find("<script"), std::string::npos);
  EXPECT_NE(html_part.find("&lt;script&gt;"), std::string::npos);
  EXPECT_NE(message.find("<script>"), std::string::npos);  // The plain part is plain.
}

void expect_sound(const std::string& message) {
  static const std::set<std::string> names = {"Date",         "From",           "To",
                                              "Subject",      "Message-ID",     "In-Reply-To",
                                              "References",   "Auto-Submitted", "X-Auto-Response-Suppress",
                                              "MIME-Version", "Content-Type"};
  std::set<std::string> seen;
  std::size_t from = 0;
  bool is_head = true;
  while (from < message.size()) {
    const std::size_t end = message.find("\r\n", from);
    RC_ASSERT(end != std::string::npos);
    const std::string line = message.substr(from, end - from);
    RC_ASSERT(line.size() <= (is_head ? 998U : 76U) || line.starts_with("Content-"));
    for (const char c : line) RC_ASSERT(c >= ' ' && c < 0x7f);
    if (line.empty()) is_head = false;
    if (is_head && line[0] != ' ') {
      const std::string name = line.substr(0, line.find(": "));
      RC_ASSERT(names.contains(name));
      RC_ASSERT(seen.insert(name).second);
    }
    from = end + 2;
  }
  std::size_t boundaries = 0;
  for (std::size_t at = 0; (at = message.find("\r\n--=_aecos", at)) != std::string::npos; ++at) ++boundaries;
  RC_ASSERT(boundaries == 3U);
}

RC_GTEST_PROP(NotifyMail, NothingOfUsersIsAHeaderOrAPart, ()) {
  event::Story story = hostile_story();
  if (*rc::gen::arbitrary<bool>()) story.id = *hostile_text();
  expect_sound(mail_of({story}));
}

TEST(NotifyMail, TheLongestIsNotTooLong) {
  for (const char* piece : {"<", "&", "\"", "😀", "漢", "\r\nBcc: x@example.org", "=?utf-8?q?x?="}) {
    const std::string message = mail_of({longest_story(piece)});
    expect_sound(message);
    EXPECT_LT(message.size(), 400'000U);
  }
}

TEST(NotifyMail, WhatIsNoAddressIsRefused) {
  const std::vector<event::Story> stories = {sample_story()};
  for (const char* text : {"", "ana", "ana@", "a@b\r\nBcc: c@d", "a@b, c@d", "<a@b", "x <a@b> y"}) {
    Target from = ana, to = ana, reply = ana;
    from.mail_from = text;
    to.mail_to = {"ana@example.org", text};
    reply.mail_reply_to = text;
    EXPECT_FALSE(render_mail(from, stories, sending)) << text;
    EXPECT_FALSE(render_mail(to, stories, sending)) << text;
    EXPECT_EQ(bool(render_mail(reply, stories, sending)), std::string_view(text).empty()) << text;
  }
  Target named = ana;
  named.mail_from = "a\r\nBcc: c@d.org <a@b.org>";
  EXPECT_EQ(header(mail_of(stories, named), "From"), "\"a Bcc: c@d.org\" <a@b.org>");
  for (const char* name : {"", "a b", "a>\r\nX: y"})
    EXPECT_FALSE(render_mail(ana, stories, {.id = "1", .hub_name = name})) << name;
  EXPECT_FALSE(render_mail(ana, stories, {.id = "1", .unsubscribe_url = "https://a>\r\nX: y"}));
  EXPECT_FALSE(render_mail(ana, {}, sending));
}

TEST(NotifyMail, AnAnswerMeansWhatItSays) {
  using Said = http::MailAnswer::Verdict;
  using Verdict = Outcome::Verdict;
  const auto verdict = [](Said said, bool is_about_us, std::vector<http::MailAnswer::Refusal> refused) {
    return judge(http::MailAnswer{said, 550, "550 no", std::move(refused), is_about_us}).verdict;
  };
  EXPECT_EQ(verdict(Said::accepted, false, {}), Verdict::delivered);
  EXPECT_EQ(verdict(Said::again, false, {}), Verdict::again);
  EXPECT_EQ(verdict(Said::never, false, {}), Verdict::refused);
  EXPECT_EQ(verdict(Said::never, true, {}), Verdict::again);
  EXPECT_EQ(verdict(Said::never, false, {{"a@b", 550, "550 5.1.1 no such user"}}), Verdict::gone);
  EXPECT_EQ(verdict(Said::never, false, {{"a@b", 550, "550 5.7.1 spam"}}), Verdict::refused);
  const Outcome partly = judge(http::MailAnswer{Said::accepted, 250, "250 ok", {{"a@b", 550, "550 5.1.1 no"}}, false});
  EXPECT_EQ(partly.verdict, Verdict::delivered);
  EXPECT_EQ(partly.why, "a@b: 550 5.1.1 no");
}

TEST(Mime, QuotedPrintableIsThatOfTheStandard) {
  EXPECT_EQ(quoted_printable("a=b\nä \n\t\n.\r\nend"), "a=3Db\r\n=C3=A4=20\r\n=09\r\n.\r\nend\r\n");
  EXPECT_EQ(quoted_printable(std::string(80, 'x')), std::string(75, 'x') + "=\r\nxxxxx\r\n");
}

TEST(Mime, HeaderTextIsPlainOrEncoded) {
  EXPECT_EQ(header_text("plain"), "plain");
  EXPECT_EQ(header_text("Wände"), "=?UTF-8?B?V8OkbmRl?=");
  EXPECT_EQ(header_text("=?utf-8?q?x?="), "=?UTF-8?B?PT91dGYtOD9xP3g/PQ==?=");
  const std::string folded = header_text("Wände 漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢");
  EXPECT_NE(folded.find("?=\r\n =?UTF-8?B?"), std::string::npos);
  EXPECT_EQ(display_name("a \"b\" \\c"), "\"a \\\"b\\\" \\\\c\"");
}

}  // namespace
}  // namespace aecos::notify
