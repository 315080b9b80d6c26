#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>

#include "http/raw_client_test_internal.h"

namespace aecos::http {
namespace {

Router router_of(StreamHandler handler) {
  Router router = simple_router();
  router.add_stream("POST", "/stream", handler);
  router.add_stream("GET", "/stream", std::move(handler));
  return router;
}

std::string post(const std::string& headers, const std::string& body = "") {
  return "POST /stream HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n" + body;
}

// Sends back what it gets.
void echo(const Request&, Conversation& conversation) {
  ASSERT_TRUE(conversation.begin(200, {{"Content-Type", "x/y"}}));
  std::vector<char> piece(1000);
  while (true) {
    const auto count = conversation.read(piece);
    ASSERT_TRUE(count);
    if (*count == 0) return;
    ASSERT_TRUE(conversation.write({piece.data(), *count}));
  }
}

TEST(Conversation, BodiesStreamBothWays) {
  const auto server = start(router_of(echo));
  RawClient client(server->port());
  EXPECT_EQ(client.ask(post("Content-Length: 3\r\n", "abc")).body, "abc");
  EXPECT_EQ(client.ask(post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n2;x\r\nde\r\n0\r\nT: x\r\n\r\n")).body,
            "abcde");
  const auto empty = client.ask(post("Content-Length: 0\r\n"));
  EXPECT_EQ(empty.body, "");
  EXPECT_EQ(empty.headers.get("Transfer-Encoding"), "chunked");
  EXPECT_EQ(client.get("/").status, 200);
}

TEST(Conversation, WhatIsWrittenIsOnItsWayAtOnce) {
  const auto server = start(router_of(echo));
  RawClient client(server->port());
  client.send(post("Transfer-Encoding: chunked\r\n"));
  EXPECT_TRUE(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 200"));
  for (const char* piece : {"1\r\na\r\n", "2\r\nbc\r\n"}) {
    client.send(piece);
    const std::string size = client.read_until("\r\n");
    EXPECT_EQ(size + client.read_until("\r\n"), piece);
  }
  client.send("0\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "0\r\n\r\n");
}

TEST(Conversation, ALargeBodyPassesThrough) {
  const auto server = start(router_of(echo));
  RawClient client(server->port());
  std::string body(5'000'000, 'x');
  for (std::size_t at = 0; at < body.size(); at += 4096) body[at] = static_cast<char>('a' + at / 4096 % 26);
  auto sent = std::async(std::launch::async, [&] {
    client.send(post("Content-Length: " + std::to_string(body.size()) + "\r\n"));
    client.send(body);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  });
  EXPECT_TRUE(client.read_answer().body == body);
  EXPECT_EQ(client.read_answer().body, "GET0");
  sent.get();
}

TEST(Conversation, ContentLengthOfTheHandlerIsKept) {
  const auto server = start(router_of([](const Request&, Conversation& conversation) {
    ASSERT_TRUE(conversation.begin(206, {{"Content-Length", "5"}}));
    ASSERT_TRUE(conversation.write("ab"));
    ASSERT_TRUE(conversation.write("cde"));
  }));
  RawClient client(server->port());
  for (int k = 0; k < 2; ++k) {
    const auto answer = client.get("/stream");
    EXPECT_EQ(answer.status, 206);
    EXPECT_EQ(answer.headers.get("Content-Length"), "5");
    EXPECT_EQ(answer.body, "abcde");
  }
  client.send("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read_answer(true).headers.get("Content-Length"), "5");
  EXPECT_EQ(client.get("/").body, "GET0");
}

TEST(Conversation, AnOldClientGetsNoChunks) {
  const auto server = start(router_of(echo));
  RawClient client(server->port());
  client.send("POST /stream HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc");
  const std::string answer = client.read_rest();
  EXPECT_EQ(answer.find("chunked"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("\r\n\r\nabc"));
}

TEST(Conversation, ABodyIsAskedForWhenItIsRead) {
  const auto server = start(router_of(echo));
  RawClient client(server->port());
  // The answer has begun, so the client is told no more; it sends after a while.
  client.send(post("Expect: 100-continue\r\nContent-Length: 3\r\n", "abc"));
  EXPECT_EQ(client.read_answer().body, "abc");

  const auto reading = start(router_of([](const Request&, Conversation& conversation) {
    std::array<char, 10> piece{};
    const auto count = conversation.read(piece);
    ASSERT_TRUE(count);
    ASSERT_TRUE(conversation.respond({200, {}, std::string(piece.data(), *count)}));
  }));
  RawClient second(reading->port());
  second.send(post("Expect: 100-continue\r\nContent-Length: 3\r\n"));
  EXPECT_EQ(second.read_answer().status, 100);
  second.send("abc");
  EXPECT_EQ(second.read_answer().body, "abc");
  EXPECT_EQ(second.get("/").status, 200);
}

TEST(Conversation, AnAnswerBeforeTheBodyIsGivenAndTheRestNotMistakenForARequest) {
  const auto server = start(router_of([](const Request&, Conversation& conversation) {
    ASSERT_TRUE(conversation.respond({401, {{"WWW-Authenticate", "Basic"}}, "who are you?"}));
  }));
  RawClient client(server->port());
  EXPECT_EQ(client.ask(post("Content-Length: 4\r\n", "0000")).status, 401);
  EXPECT_EQ(client.ask(post("Transfer-Encoding: chunked\r\n", "4\r\n0000\r\n0\r\n\r\n")).status, 401);
  EXPECT_EQ(client.get("/").status, 200);
  EXPECT_EQ(client.ask(post("Expect: 100-continue\r\nContent-Length: 4\r\n")).status, 401);
  EXPECT_TRUE(client.is_closed());
  RawClient large(server->port());
  const auto answer = large.ask(post("Content-Length: 1000000\r\n", std::string(1'000'000, 'x')));
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.headers.get("Connection"), "close");
  EXPECT_TRUE(large.is_closed());
}

TEST(Conversation, AHandlerThatSaysNothingOrThrowsIsABug) {
  std::atomic<int> bugs = 0;
  Router router = simple_router();
  router.on_bug([&](const std::string&) { ++bugs; });
  router.add_stream("GET", "/nothing", [](const Request&, Conversation&) {});
  router.add_stream("GET", "/throws", [](const Request&, Conversation&) { throw std::runtime_error("oh"); });
  router.add_stream("GET", "/late", [](const Request&, Conversation& conversation) {
    ASSERT_TRUE(conversation.begin(200, {}));
    ASSERT_TRUE(conversation.write("half"));
    throw std::runtime_error("oh");
  });
  router.add_stream("GET", "/short", [](const Request&, Conversation& conversation) {
    ASSERT_TRUE(conversation.begin(200, {{"Content-Length", "5"}}));
    ASSERT_TRUE(conversation.write("half"));
  });
  router.add_stream("GET", "/twice", [](const Request&, Conversation& conversation) {
    ASSERT_TRUE(conversation.respond({}));
    EXPECT_THROW((void)conversation.begin(200, {}), std::logic_error);
    EXPECT_THROW((void)conversation.respond({}), std::logic_error);
    EXPECT_THROW((void)conversation.write("a"), std::logic_error);
  });
  const auto server = start(std::move(router));
  RawClient client(server->port());
  EXPECT_EQ(client.get("/nothing").status, 500);
  EXPECT_EQ(client.get("/throws").status, 500);
  EXPECT_EQ(client.get("/twice").status, 200);
  EXPECT_EQ(client.get("/").status, 200);
  EXPECT_EQ(client.get("/late").status, -1);
  EXPECT_EQ(RawClient(server->port()).get("/short").status, -1);
  EXPECT_TRUE(eventually([&] { return bugs == 4; }));
}

TEST(Conversation, ABrokenBodyIsAnErrorAndTheClientCanBeTold) {
  std::promise<Error> seen;
  const auto server = start(router_of([&](const Request&, Conversation& conversation) {
    std::array<char, 10> piece{};
    auto count = conversation.read(piece);
    EXPECT_TRUE(count);
    count = conversation.read(piece);
    EXPECT_FALSE(count);
    EXPECT_FALSE(conversation.read(piece));
    EXPECT_TRUE(conversation.respond({400, {}, "no"}));
    seen.set_value(count.error());
  }));
  RawClient client(server->port());
  EXPECT_EQ(client.ask(post("Transfer-Encoding: chunked\r\n", "1\r\na\r\nxyz")).status, 400);
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(seen.get_future().get().code, ErrorCode::unavailable);
}

TEST(Conversation, AClientThatLeavesIsNoticed) {
  std::promise<void> entered, noticed;
  const auto server = start(router_of([&](const Request& request, Conversation& conversation) {
    EXPECT_FALSE(conversation.is_gone());
    entered.set_value();
    if (request.method == "POST") {
      std::array<char, 10> piece{};
      EXPECT_FALSE(conversation.read(piece));
    }
    EXPECT_TRUE(eventually([&] { return conversation.is_gone(); }));
    noticed.set_value();
    ASSERT_TRUE(conversation.respond({}));
  }));
  for (const std::string& request :
       {post("Content-Length: 5\r\n"), std::string("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")}) {
    entered = {};
    noticed = {};
    std::optional<RawClient> client(server->port());
    client->send(request);
    entered.get_future().wait();
    client.reset();
    noticed.get_future().wait();
  }
}

TEST(Conversation, WritingStopsWhenTheClientDoesNotRead) {
  std::promise<std::size_t> written;
  ServerOptions options;
  options.body_timeout_ms = 50;
  const auto server = start(router_of([&](const Request&, Conversation& conversation) {
                              ASSERT_TRUE(conversation.begin(200, {}));
                              const std::string piece(100'000, 'x');
                              std::size_t count = 0;
                              while (conversation.write(piece)) ++count;
                              written.set_value(count * piece.size());
                            }),
                            options);
  RawClient client(server->port());
  client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_LT(written.get_future().get(), 100U << 20U);
  EXPECT_TRUE(eventually([&] { return server->counts().connections == 0; }));
}

TEST(Conversation, ReadingStopsWhenTheClientDoesNotSend) {
  std::promise<void> failed;
  ServerOptions options;
  options.body_timeout_ms = 50;
  const auto server = start(router_of([&](const Request&, Conversation& conversation) {
                              std::array<char, 10> piece{};
                              EXPECT_FALSE(conversation.read(piece));
                              failed.set_value();
                              ASSERT_TRUE(conversation.respond({408}));
                            }),
                            options);
  RawClient client(server->port());
  EXPECT_EQ(client.ask(post("Content-Length: 5\r\n")).status, 408);
  EXPECT_TRUE(client.is_closed());
}

}  // namespace
}  // namespace aecos::http
