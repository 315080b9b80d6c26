#include <gtest/gtest.h>

#include "http/request_head_internal.h"

namespace aecos::http {
namespace {

// The status of the refusal; 0: none.
int refused(const std::string& head) {
  const auto parsed = parse_head(head);
  const auto* refusal = std::get_if<Refusal>(&parsed);
  return refusal ? refusal->status : 0;
}
int refused_headers(const std::string& headers) { return refused("POST / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n"); }
int refused_target(const std::string& target) { return refused("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n"); }
RequestHead parsed_target(const std::string& target) {
  return std::get<RequestHead>(parse_head("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n"));
}

TEST(RequestHead, RequestLineIsMethodTargetVersion) {
  EXPECT_EQ(refused_headers(""), 0);
  for (const char* line : {"GET /",
                           "GET  / HTTP/1.1",
                           "GET /\tHTTP/1.1",
                           " GET / HTTP/1.1",
                           "GET / HTTP/1.1 ",
                           "GET / http/1.1",
                           "GET / HTTP/1",
                           "GET / HTTP/1.1x",
                           "G(T / HTTP/1.1",
                           "/ HTTP/1.1",
                           "GET HTTP/1.1",
                           "",
                           "GET /a b HTTP/1.1",
                           "GET /\x01 HTTP/1.1",
                           "GET /\xC3\xA4 HTTP/1.1",
                           "GET /a#b HTTP/1.1",
                           "GET * HTTP/1.1",
                           "GET a:80 HTTP/1.1",
                           "GET ftp://a/ HTTP/1.1",
                           "GET http:/a HTTP/1.1",
                           "GET http://a HTTP/1.1",
                           "GET http://u@a/ HTTP/1.1",
                           "GET http:///a HTTP/1.1",
                           "GET http://b/ HTTP/1.1"})
    EXPECT_EQ(refused(std::string(line) + "\r\nHost: a\r\n\r\n"), 400) << line;
  for (const char* version : {"HTTP/2.0", "HTTP/0.9", "HTTP/1.2", "HTTP/3.0"})
    EXPECT_EQ(refused(std::string("GET / ") + version + "\r\nHost: a\r\n\r\n"), 505) << version;
}

TEST(RequestHead, AnAbsoluteTargetIsItsPath) {
  const RequestHead head = parsed_target("HTTP://A/b?c=d");
  EXPECT_EQ(head.path, "/b");
  EXPECT_EQ(head.query.at(0), (std::pair<std::string, std::string>("c", "d")));
  EXPECT_EQ(head.target, "HTTP://A/b?c=d");
}

TEST(RequestHead, APathIsDecodedOnceAndHasNoWayOut) {
  EXPECT_EQ(parsed_target("/a%20b/%E2%82%AC/...%25").path, "/a b/\xE2\x82\xAC/...%");
  EXPECT_EQ(parsed_target("/").path, "/");
  EXPECT_EQ(parsed_target("/?a").path, "/");
  for (const char* target :
       {"//",   "//a",  "/a//b", "/./a",  "/a/.", "/../a", "/a/..", "/%2e%2E/a", "/a/%2e", "/a%2fb",          "/a%2Fb",
        "/%2f", "/%00", "/%0a",  "/a%7F", "/%ff", "/%C3",  "/%",    "/%1",       "/%zz",   "/%c0%ae%c0%ae/a", "/a//"})
    EXPECT_EQ(refused_target(target), 400) << target;
  EXPECT_EQ(parsed_target("/a/").path, "/a/");
}

TEST(RequestHead, AQueryIsDecodedInOrder) {
  const RequestHead head = parsed_target("/?b=1&a=%26+%3D&&c&=d&b=x=y?/");
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"b", "1"}, {"a", "& ="}, {"c", ""}, {"", "d"}, {"b", "x=y?/"}};
  EXPECT_EQ(head.query, expected);
  for (const char* target : {"/?%", "/?a=%f", "/?a=%00", "/?%ff=1"}) EXPECT_EQ(refused_target(target), 400) << target;
}

TEST(RequestHead, WhatTwoServersCouldSeeDifferentlyIsRefused) {
  EXPECT_EQ(refused_headers("Content-Length: 3\r\n"), 0);
  EXPECT_EQ(refused_headers("Transfer-Encoding: chunked\r\n"), 0);
  EXPECT_EQ(refused_headers("Transfer-Encoding: Chunked \r\n"), 0);
  for (const char* headers : {"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
                              "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
                              "Transfer-Encoding: gzip\r\n",
                              "Transfer-Encoding: gzip, chunked\r\n",
                              "Transfer-Encoding: chunked, foo\r\n",
                              "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                              "Transfer-Encoding:\r\n",
                              "Transfer-Encoding: identity\r\n",
                              "Transfer-Encoding: \x0b"
                              "chunked\r\n",
                              "Transfer-Encoding: chunked;a\r\n",
                              "Content-Length: 3\r\nContent-Length: 3\r\n",
                              "Content-Length: 3, 3\r\n",
                              "Content-Length: +3\r\n",
                              "Content-Length: -3\r\n",
                              "Content-Length: 0x3\r\n",
                              "Content-Length: 3 3\r\n",
                              "Content-Length:\r\n",
                              "Content-Length: 99999999999999999999\r\n",
                              "Content-Length: 9223372036854775807\r\n",
                              "Content-Length: 18446744073709551616\r\n",
                              "Content-Length: 3\r\ncontent-length: 4\r\n",
                              "Host: a\r\n",
                              "Host: b\r\n"})
    EXPECT_EQ(refused_headers(headers), 400) << headers;
  EXPECT_EQ(refused("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
  EXPECT_EQ(refused("POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\n"), 0);
}

TEST(RequestHead, HeadersAreNameColonValue) {
  for (const char* headers :
       {"X : a\r\n", " X: a\r\n", "X: a\r\n b\r\n", "X: a\r\n\tb\r\n", "X\r\n", ": a\r\n", "X Y: a\r\n", "X\t: a\r\n",
        "X: a\rb\r\n", "X: a\x01\r\n", "X: a\x7f\r\n", "X(: a\r\n", "\xC3\xA4: a\r\n"})
    EXPECT_EQ(refused_headers(headers), 400) << headers;
  using std::string_literals::operator""s;
  EXPECT_EQ(refused_headers("X: a\0b\r\n"s), 400);
  EXPECT_EQ(refused_headers("X\0: a\r\n"s), 400);
  EXPECT_EQ(refused_headers("X:\r\nY: a\tb\xC3\xA4\r\n"), 0);
}

TEST(RequestHead, HostIsThereOnceAndIsOne) {
  const auto with_host = [](const std::string& host) { return refused("GET / HTTP/1.1\r\n" + host + "\r\n"); };
  for (const char* host :
       {"Host: a.b-c:80\r\n", "Host: [::1]:8080\r\n", "Host: 127.0.0.1\r\n", "Host: A_b\r\n", "Host: a:\r\n"})
    EXPECT_EQ(with_host(host), 0) << host;
  for (const char* host :
       {"", "Host:\r\n", "Host: a/b\r\n", "Host: a b\r\n", "Host: u@a\r\n", "Host: a:b\r\n", "Host: a:123456\r\n",
        "Host: [::1\r\n", "Host: []\r\n", "Host: [g::]\r\n", "Host: a,b\r\nHost: a\r\n", "Host: a:1:2\r\n",
        "Host: [::1]a\r\n", "Host: a\\b\r\n", "Host: \"a\"\r\n"})
    EXPECT_EQ(with_host(host), 400) << host;
  EXPECT_EQ(refused("GET / HTTP/1.0\r\n\r\n"), 0);
}

TEST(RequestHead, WishesAreRead) {
  const auto head = [](const std::string& line, const std::string& headers) {
    return std::get<RequestHead>(parse_head(line + "\r\nHost: a\r\n" + headers + "\r\n"));
  };
  EXPECT_TRUE(head("GET / HTTP/1.1", "").keeps_open);
  EXPECT_FALSE(head("GET / HTTP/1.1", "Connection: keep-alive, CLOSE\r\n").keeps_open);
  EXPECT_FALSE(head("GET / HTTP/1.0", "Connection: keep-alive\r\n").keeps_open);
  const std::string expect = "Expect: 100-Continue\r\n", length = "Content-Length: 5\r\n";
  EXPECT_TRUE(head("PUT / HTTP/1.1", expect + length).expects_continue);
  EXPECT_FALSE(head("PUT / HTTP/1.1", expect).expects_continue);
  EXPECT_FALSE(head("PUT / HTTP/1.0", expect + length).expects_continue);
  EXPECT_EQ(refused_headers("Expect: a-wonder\r\n"), 417);
  EXPECT_EQ(head("PUT / HTTP/1.1", length).content_length, 5U);
}

TEST(RequestHead, TooManyHeadersAreRefused) {
  std::string headers;
  for (int k = 0; k < 99; ++k) headers += "X: a\r\n";
  EXPECT_EQ(refused_headers(headers), 0);
  EXPECT_EQ(refused_headers(headers + "X: a\r\n"), 431);
}

// What the scanner says of bytes that come one after the other: the size of the head, or less than 0: the status.
long scanned(std::string_view bytes, std::size_t size_max = 100) {
  HeadScanner scanner(size_max);
  for (std::size_t size = 1; size <= bytes.size(); ++size) {
    const auto found = scanner.scan(bytes.substr(0, size));
    if (const auto* end = std::get_if<std::size_t>(&found)) return static_cast<long>(*end);
    if (const auto* refusal = std::get_if<Refusal>(&found)) return -refusal->status;
  }
  return 0;
}

TEST(HeadScanner, FindsTheEmptyLine) {
  EXPECT_EQ(scanned("GET / HTTP/1.1\r\nHost: a\r\n\r\nrest\r\n\r\n"), 27);
  EXPECT_EQ(scanned("\r\nGET / HTTP/1.1\r\n\r\n"), 20);
  EXPECT_EQ(scanned("GET / HTTP/1.1\r\nHost: a\r\n"), 0);
}

TEST(HeadScanner, RefusesAtOnceWhatNeverBecomesAHead) {
  EXPECT_EQ(scanned("GET / HTTP/1.1\n"), -400);
  EXPECT_EQ(scanned("GET / HTTP/1.1\r\n\n"), -400);
  EXPECT_EQ(scanned("\n"), -400);
  EXPECT_EQ(scanned("\x16\x03\x01"), -400);
  EXPECT_EQ(scanned("\r\n\r\n"), -400);
  EXPECT_EQ(scanned("GET /" + std::string(100, 'a')), -414);
  EXPECT_EQ(scanned("GET /" + std::string(10000, 'a'), 100000), -414);
  EXPECT_EQ(scanned("GET / HTTP/1.1\r\n" + std::string(100, 'a')), -431);
}

}  // namespace
}  // namespace aecos::http
