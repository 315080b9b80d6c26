#include "http/mail.h"

#include <gtest/gtest.h>

#include <boost/asio.hpp>
#include <future>
#include <map>

namespace aecos::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// Plays an SMTP server for one connection. `answers`: what it says to a command that begins so, in place of 250; empty:
// it hangs up. "" is the greeting, "." the end of the content.
class Post {
 public:
  using Answers = std::map<std::string, std::string>;
  explicit Post(Answers answers = {}) : answers_(std::move(answers)) {
    thread_ = std::async(std::launch::async, [this] { serve(); });
  }
  ~Post() {
    boost::system::error_code ignored;
    if (!is_met_) tcp::socket(context_).connect(acceptor_.local_endpoint(), ignored);
    thread_.wait();
  }
  MailServer server() const {
    return {.url = "smtp://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()), .may_be_plain = true};
  }
  void wait() { thread_.wait(); }

  std::vector<std::string> heard;  // Commands, after wait().
  std::string content;             // Likewise, as it came.

 private:
  void serve() {
    boost::system::error_code code;
    tcp::socket socket = acceptor_.accept(code);
    is_met_ = true;
    if (code || !say(socket, "", "220 post")) return;
    std::string buffer, line;
    bool is_content = false;
    while (read(socket, buffer, line)) {
      if (is_content && line != ".") {
        content += line + "\r\n";
        continue;
      }
      if (!is_content) heard.push_back(line);
      const bool is_data = !is_content && line == "DATA";
      if (!say(socket, line, is_data ? "354 go on" : "250 fine")) return;
      is_content = is_data && last_.starts_with("354");
      if (line == "QUIT") return;
    }
  }
  bool read(tcp::socket& socket, std::string& buffer, std::string& line) {
    boost::system::error_code code;
    const std::size_t size = asio::read_until(socket, asio::dynamic_buffer(buffer), "\r\n", code);
    if (code) return false;
    line = buffer.substr(0, size - 2);
    buffer.erase(0, size);
    return true;
  }
  bool say(tcp::socket& socket, const std::string& command, const std::string& usual) {
    last_ = usual;
    for (const auto& [start, answer] : answers_) {
      if (start.empty() ? command.empty() : command.starts_with(start)) last_ = answer;
    }
    boost::system::error_code code;
    if (!last_.empty()) asio::write(socket, asio::buffer(last_ + "\r\n"), code);
    return !last_.empty() && !code;
  }

  const Answers answers_;
  std::string last_;
  std::atomic<bool> is_met_ = false;
  asio::io_context context_;
  tcp::acceptor acceptor_{context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  std::future<void> thread_;
};

Mail mail_to(std::vector<std::string> to = {"ana@example.org"}) {
  return {"aecos@example.org", std::move(to), "Subject: hello\r\n\r\none\r\n.\r\n..two\r\n"};
}
using Verdict = MailAnswer::Verdict;

TEST(Mail, ArrivesAsItWasWritten) {
  Post post;
  MailServer server = post.server();
  server.own_name = "hub.example.org";
  const Mail mail = mail_to({"ana@example.org", "ben@example.org"});
  const auto answer = send_mail(server, mail);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->verdict, Verdict::accepted);
  EXPECT_EQ(answer->line, "250 fine");
  post.wait();
  const std::vector<std::string> expected = {"EHLO hub.example.org",
                                             "MAIL FROM:<aecos@example.org>",
                                             "RCPT TO:<ana@example.org>",
                                             "RCPT TO:<ben@example.org>",
                                             "DATA",
                                             "QUIT"};
  EXPECT_EQ(post.heard, expected);
  EXPECT_EQ(post.content, "Subject: hello\r\n\r\none\r\n..\r\n...two\r\n");  // With the dots that SMTP wants.
}

TEST(Mail, WithoutTlsNothingIsSent) {
  Post post;
  MailServer server = post.server();
  server.may_be_plain = false;
  server.user = "hub";
  server.password = "secret";
  const auto answer = send_mail(server, mail_to());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  EXPECT_EQ(answer.error().message.find("secret"), std::string::npos);
  EXPECT_NE(answer.error().message.find("127.0.0.1"), std::string::npos);
  post.wait();
  for (const std::string& line : post.heard) EXPECT_TRUE(line == "QUIT" || line.starts_with("EHLO")) << line;
}

TEST(Mail, ARefusalSaysWhatTheServerSaid) {
  struct Case {
    std::string command, answer;
    Verdict verdict;
    bool is_about_us;
    std::string line;
  };
  const std::vector<Case> cases = {
      {"", "554 5.7.1 not you", Verdict::never, true, "554 5.7.1 not you"},
      {"", "421 busy", Verdict::again, true, "421 busy"},
      {"MAIL", "530 5.7.0 sign in first", Verdict::never, true, "530 5.7.0 sign in first"},
      {"MAIL", "451 later", Verdict::again, true, "451 later"},
      {"MAIL", "552 5.3.4 too large", Verdict::never, false, "552 5.3.4 too large"},
      {"RCPT", "550 5.1.1 no such user", Verdict::never, false, "550 5.1.1 no such user"},
      {"RCPT", "450 4.2.0 greylisted", Verdict::again, false, "450 4.2.0 greylisted"},
      {"DATA", "451 later", Verdict::again, false, "451 later"},
      {".", "554 5.7.1 spam", Verdict::never, false, "554 5.7.1 spam"},
      {".", "550-5.7.1 a\r\n550 5.7.1 b\x01\xc3", Verdict::never, false, "550-5.7.1 a 5.7.1 b??"},
      {".", "452 full", Verdict::again, false, "452 full"},
      {".", "421 closing", Verdict::again, true, "421 closing"}};
  for (const Case& one : cases) {
    Post post(Post::Answers{{one.command, one.answer}});
    const auto answer = send_mail(post.server(), mail_to());
    ASSERT_TRUE(answer) << one.answer << ": " << answer.error().message;
    EXPECT_EQ(answer->verdict, one.verdict) << one.answer;
    EXPECT_EQ(answer->is_about_us, one.is_about_us) << one.answer;
    EXPECT_EQ(answer->line, one.line);
    EXPECT_EQ(answer->refused.size(), one.command == "RCPT" ? 1U : 0U) << one.answer;
  }
}

TEST(Mail, OneRecipientWhoIsRefusedDoesNotStopTheOthers) {
  Post post(Post::Answers{{"RCPT TO:<ben@", "550 5.1.1 no ben"}});
  const auto answer = send_mail(post.server(), mail_to({"ana@example.org", "ben@example.org", "cleo@example.org"}));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->verdict, Verdict::accepted);
  ASSERT_EQ(answer->refused.size(), 1U);
  EXPECT_EQ(answer->refused[0].to, "ben@example.org");
  EXPECT_EQ(answer->refused[0].line, "550 5.1.1 no ben");
  post.wait();
  EXPECT_FALSE(post.content.empty());
}

TEST(Mail, IfAnyMayBeTakenLaterItIsTriedAgain) {
  Post post(Post::Answers{{"RCPT TO:<ben@", "450 later"}, {"RCPT TO:<ana@", "550 never"}});
  const auto answer = send_mail(post.server(), mail_to({"ben@example.org", "ana@example.org"}));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->verdict, Verdict::again);
  EXPECT_EQ(answer->refused.size(), 2U);
}

TEST(Mail, AConnectionThatBreaksIsNoAnswer) {
  for (const char* command : {"", "EHLO", "MAIL", "RCPT", "DATA", "."}) {
    Post post(Post::Answers{{command, ""}, {"HELO", ""}});
    const auto answer = send_mail(post.server(), mail_to());
    ASSERT_FALSE(answer) << command;
    EXPECT_EQ(answer.error().code, ErrorCode::unavailable) << command;
  }
}

TEST(Mail, TheGuardIsAsked) {
  Post post;
  MailServer server = post.server();
  server.guard = guard_by({});
  const auto answer = send_mail(server, mail_to());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::denied);
  EXPECT_NE(answer.error().message.find("an address of this machine"), std::string::npos);
  server.guard = guard_by({{"127.0.0.1"}});
  EXPECT_TRUE(send_mail(server, mail_to()));
}

TEST(Mail, WhatIsNoMailIsRefused) {
  const MailServer server = {.url = "smtp://127.0.0.1:1"};
  std::vector<Mail> mails = {{}, mail_to({}), mail_to({"ana"}), mail_to({"ana@example.org>\r\nDATA"})};
  for (const char* message :
       {"", "no headers", "a: b\r\nc", "a: b\n\nbare", "a: b\r\n\r\nbare\n", "a: b\r\n\r\nbare\rx"})
    mails.push_back({"aecos@example.org", {"ana@example.org"}, message});
  for (const char* from :
       {"", "aecos", "a@b@c", "aecos <a@b>", "a@b\r\nRCPT TO:<x@y>", "-x@y", "a b@c", "@c", "a@", "a@-b"})
    mails.push_back({from, {"ana@example.org"}, "a: b\r\n\r\n"});
  for (const Mail& mail : mails) {
    const auto answer = send_mail(server, mail);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::invalid_input) << answer.error().message;
  }
  for (const char* url : {"", "http://127.0.0.1/", "127.0.0.1", "smtp://ana:secret@127.0.0.1", "imap://127.0.0.1"})
    EXPECT_EQ(send_mail({.url = url}, mail_to()).error().code, ErrorCode::invalid_input) << url;
  EXPECT_EQ(send_mail({.url = server.url, .own_name = "a\r\nb"}, mail_to()).error().code, ErrorCode::invalid_input);
}

}  // namespace
}  // namespace aecos::http
