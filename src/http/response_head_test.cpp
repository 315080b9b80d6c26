#include <gtest/gtest.h>

#include <stdexcept>

#include "http/response_head_internal.h"

namespace aecos::http {
namespace {

TEST(ResponseHead, IsAsTheStandardSays) {
  EXPECT_EQ(response_head(404, {{"X", "a b"}}, {5, false, true}, 784111777),
            "HTTP/1.1 404 Not Found\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nX: a b\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(response_head(299, {}, {{}, true, false}, 0),
            "HTTP/1.1 299 Status\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nTransfer-Encoding: chunked\r\n"
            "Connection: close\r\n\r\n");
}

TEST(ResponseHead, HowTheBodyTravelsIsNotTheHandlers) {
  const std::string head = response_head(
      200, {{"content-length", "9"}, {"Transfer-encoding", "x"}, {"connection", "x"}, {"date", "x"}}, {1}, 0);
  EXPECT_EQ(head, "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Length: 1\r\n\r\n");
}

TEST(ResponseHead, WhatWouldBeTwoAnswersIsABug) {
  for (const int status : {-1, 0, 99, 100, 101, 199, 600, 1000})
    EXPECT_THROW(check_response(status, {}), std::invalid_argument) << status;
  using std::string_literals::operator""s;
  for (const std::string& value : {"a\r\nB: c"s, "a\nb"s, "a\rb"s, "a\0b"s})
    EXPECT_THROW(check_response(200, {{"X", value}}), std::invalid_argument);
  for (const std::string& name : {""s, "a b"s, "a:"s, "a\r\nb"s, "\xC3\xA4"s})
    EXPECT_THROW(check_response(200, {{name, "x"}}), std::invalid_argument);
  EXPECT_NO_THROW(check_response(200, {{"X-a", "\tb \xC3\xA4"}}));
}

}  // namespace
}  // namespace aecos::http
