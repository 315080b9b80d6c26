// What a server does with clients that are broken, slow or mean.

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>

#include "http/raw_client_test_internal.h"

namespace aecos::http {
namespace {

// The last answer before the connection is closed; 0: none.
int last_status(const Server& server, std::string_view bytes) {
  RawClient client(server.port());
  const int status = client.ask(bytes).status;
  return client.is_closed() ? status : -1;
}

TEST(ServerGuard, WhatCouldBeUnderstoodInTwoWaysIsRefusedAndTheConnectionClosed) {
  const auto server = start(simple_router());
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n", chunks = "3\r\nabc\r\n0\r\n\r\n";
  const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
  for (const std::string& bytes :
       {post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + smuggled,
        post + "Transfer-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc" + smuggled,
        post + "Transfer-Encoding: chunked, foo\r\n\r\n" + chunks + smuggled,
        post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" + chunks + smuggled,
        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + smuggled,
        post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc" + smuggled, post + "Host: b\r\n\r\n" + smuggled,
        "GET / HTTP/1.1\r\n\r\n" + smuggled, "GET / HTTP/1.1\nHost: a\n\n" + smuggled,
        post + "X: a\r\n Content-Length: 3\r\n\r\n" + smuggled, post + "Content-Length : 3\r\n\r\nabc" + smuggled,
        post + "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n" + smuggled,
        post + "Transfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n0\r\n\r\n" + smuggled,
        post + "Transfer-Encoding: chunked\r\n\r\n3;" + std::string(5000, 'x') + "\r\nabc\r\n0\r\n\r\n" + smuggled,
        std::string("GET /%2e%2e/etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n"),
        std::string("GET /a%2fb HTTP/1.1\r\nHost: a\r\n\r\n"), std::string("\x16\x03\x01\x02\r\n"),
        std::string("CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n")})
    EXPECT_EQ(last_status(*server, bytes), 400) << bytes;
}

TEST(ServerGuard, EveryRefusalHasItsStatus) {
  ServerOptions options;
  options.header_max = 1000;
  const auto server = start(simple_router(), options);
  EXPECT_EQ(last_status(*server, "GET /" + std::string(2000, 'a')), 414);
  EXPECT_EQ(last_status(*server, "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(2000, 'a')), 431);
  EXPECT_EQ(last_status(*server, "GET / HTTP/2.0\r\n\r\n"), 505);
  EXPECT_EQ(last_status(*server, "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"), 501);
  EXPECT_EQ(last_status(*server, "POST / HTTP/1.1\r\nHost: a\r\nExpect: more\r\nContent-Length: 1\r\n\r\na"), 417);
}

TEST(ServerGuard, ABodyThatIsTooLongIsRefused) {
  Router router;
  const Handler handler = [](const Request& request) { return Response{200, {}, request.body}; };
  router.add("POST", "/", handler, {.body_max = 4});
  const auto server = start(std::move(router));
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\n";
  RawClient client(server->port());
  EXPECT_EQ(client.ask(head + "Content-Length: 4\r\n\r\nabcd").body, "abcd");
  EXPECT_EQ(client.ask(head + "Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n").body, "abcd");
  EXPECT_EQ(last_status(*server, head + "Content-Length: 5\r\n\r\nabcde"), 413);
  EXPECT_EQ(last_status(*server, head + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n"), 413);
  EXPECT_EQ(last_status(*server, head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde"), 413);
}

TEST(ServerGuard, SlowHeadersAndBodiesAreTimedOut) {
  ServerOptions options;
  options.header_timeout_ms = options.body_timeout_ms = 50;
  const auto server = start(simple_router(), options);
  EXPECT_EQ(last_status(*server, "GET / HT"), 408);
  EXPECT_EQ(last_status(*server, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab"), 408);
  EXPECT_EQ(last_status(*server, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"), 408);
}

TEST(ServerGuard, DrippingDoesNotExtendTheTimeForHeaders) {
  ServerOptions options;
  options.header_timeout_ms = 50;
  options.header_max = 1U << 30U;
  const auto server = start(simple_router(), options);
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
  std::atomic<bool> is_answered = false;
  auto dripping = std::async(std::launch::async, [&] {
    while (!is_answered) client.send("a");
  });
  EXPECT_EQ(client.read_answer().status, 408);
  is_answered = true;
}

TEST(ServerGuard, ConnectionsThatSayNothingAreClosed) {
  ServerOptions options;
  options.idle_timeout_ms = 20;
  const auto server = start(simple_router(), options);
  RawClient silent(server->port());
  EXPECT_TRUE(silent.is_closed());
  RawClient client(server->port());
  EXPECT_EQ(client.get("/").status, 200);
  EXPECT_TRUE(client.is_closed());
  EXPECT_TRUE(eventually([&] { return server->counts().connections == 0; }));
}

TEST(ServerGuard, AClientThatDoesNotReadLosesItsConnection) {
  Router router;
  router.add("GET", "/", [](const Request&) { return Response{200, {}, std::string(30U << 20U, 'x')}; });
  ServerOptions options;
  options.body_timeout_ms = 50;
  const auto server = start(std::move(router), options);
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  client.read_until("\r\n");
  EXPECT_TRUE(eventually([&] { return server->counts().connections == 0; }));
}

TEST(ServerGuard, MoreConnectionsThanAllowedAreClosedAtOnce) {
  ServerOptions options;
  options.connections_max = 2;
  const auto server = start(simple_router(), options);
  std::optional<RawClient> first(server->port());
  RawClient second(server->port());
  EXPECT_EQ(first->get("/").status, 200);
  EXPECT_EQ(second.get("/").status, 200);
  EXPECT_EQ(server->counts().connections, 2U);
  EXPECT_TRUE(RawClient(server->port()).is_closed());
  first.reset();
  EXPECT_TRUE(eventually([&] { return server->counts().connections == 1; }));
  EXPECT_EQ(RawClient(server->port()).get("/").status, 200);
}

TEST(ServerGuard, MoreRequestsThanMayWaitAreTurnedAwayAndOtherLanesGoOn) {
  Router router = simple_router();
  std::latch entered(1);
  std::promise<void> go;
  const std::shared_future<void> gone = go.get_future().share();
  const Handler slow = [&, gone](const Request&) {
    entered.count_down();
    gone.wait();
    return Response{};
  };
  router.add("GET", "/slow", slow, {.lane = Lane::slow});
  ServerOptions options;
  options.quick_threads = options.slow_threads = options.waiting_max = 1;
  const auto server = start(std::move(router), options);
  const std::string request = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";
  RawClient first(server->port()), second(server->port()), third(server->port());
  first.send(request);
  entered.wait();
  second.send(request);
  EXPECT_TRUE(eventually([&] { return server->counts().requests_waiting == 1; }));
  const auto refused = third.ask(request);
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.headers.get("Retry-After"), "1");
  EXPECT_EQ(third.get("/").status, 200);
  go.set_value();
  EXPECT_EQ(first.read_answer().status, 200);
  EXPECT_EQ(second.read_answer().status, 200);
}

TEST(ServerGuard, AClientThatStillSendsGetsItsRefusal) {
  const auto server = start(simple_router());
  RawClient client(server->port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n" + std::string(4U << 20U, 'x'));
  EXPECT_EQ(client.read_answer().status, 413);
  EXPECT_TRUE(client.is_closed());
}

TEST(ServerGuard, ABodyNobodyWantedIsReadOrTheConnectionClosed) {
  const auto server = start(simple_router());
  RawClient client(server->port());
  const std::string head = "POST /none HTTP/1.1\r\nHost: a\r\n";
  EXPECT_EQ(client.ask(head + "Content-Length: 100000\r\n\r\n" + std::string(100'000, 'x')).status, 404);
  EXPECT_EQ(client.ask(head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\n").status, 404);
  EXPECT_EQ(client.get("/").status, 200);
  EXPECT_EQ(last_status(*server, head + "Content-Length: 10000000\r\n\r\n"), 404);
  EXPECT_EQ(last_status(*server, head + "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n"), 404);
  EXPECT_EQ(last_status(*server, head + "Transfer-Encoding: chunked\r\n\r\nx"), 404);
}

}  // namespace
}  // namespace aecos::http
