#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <stdexcept>

#include "http/raw_client_test_internal.h"

namespace aecos::http {
namespace {

constexpr std::int64_t long_ms = 60'000;

TEST(ServerStop, IdleConnectionsAreClosedAndNewOnesRefused) {
  const auto server = start(simple_router());
  RawClient fresh(server->port()), used(server->port());
  EXPECT_EQ(used.get("/").status, 200);
  server->stop(long_ms);
  EXPECT_TRUE(fresh.is_closed());
  EXPECT_TRUE(used.is_closed());
  EXPECT_THROW(RawClient(server->port()), std::runtime_error);
  server->stop(0);
}

TEST(ServerStop, RequestsUnderWayFinish) {
  Router router;
  std::promise<void> entered, go;
  router.add("GET", "/", [&](const Request&) {
    entered.set_value();
    go.get_future().wait();
    return Response{200, {}, "done"};
  });
  const auto server = start(std::move(router));
  RawClient client(server->port()), waiting(server->port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  waiting.send("GET / HTTP/1.1\r\n");  // Has begun, but goes no further; a deadline ends it.
  entered.get_future().wait();
  EXPECT_TRUE(eventually([&] { return server->counts().connections == 2; }));
  auto stopped = std::async(std::launch::async, [&] { server->stop(long_ms); });
  waiting.send("Host: a\r\n");
  waiting.finish_sending();
  go.set_value();
  const auto answer = client.read_answer();
  EXPECT_EQ(answer.body, "done");
  EXPECT_TRUE(client.is_closed());
  stopped.get();
}

TEST(ServerStop, ConversationsUnderWayAreCutOffAfterTheGrace) {
  Router router;
  std::promise<void> reading, writing;
  std::atomic<int> ended = 0;
  router.add_stream("POST", "/", [&](const Request&, Conversation& conversation) {
    reading.set_value();
    std::array<char, 10> piece{};
    EXPECT_FALSE(conversation.read(piece));
    EXPECT_TRUE(conversation.is_gone());
    ++ended;
  });
  router.add_stream("GET", "/", [&](const Request&, Conversation& conversation) {
    ASSERT_TRUE(conversation.begin(200, {}));
    writing.set_value();
    while (conversation.write(std::string(100'000, 'x'))) {
    }
    ++ended;
  });
  const auto server = start(std::move(router));
  RawClient sender(server->port()), receiver(server->port());
  sender.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
  receiver.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  reading.get_future().wait();
  writing.get_future().wait();
  server->stop(10);
  EXPECT_EQ(ended, 2);
  EXPECT_EQ(server->counts().connections, 0U);
}

TEST(ServerStop, StreamsEndAfterWhatWaits) {
  Router router;
  std::promise<std::shared_ptr<EventStream>> opened;
  std::atomic<int> closed = 0;
  router.add_events("/", [&](const Request&) {
    EventAnswer answer;
    answer.opened = [&](const std::shared_ptr<EventStream>& stream) { opened.set_value(stream); };
    answer.closed = [&] { ++closed; };
    return answer;
  });
  const auto server = start(std::move(router));
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto stream = opened.get_future().get();
  EXPECT_TRUE(stream->send(std::make_shared<const std::string>("data: last\n\n")));
  server->stop(long_ms);
  EXPECT_EQ(closed, 1);
  client.read_until("\r\n\r\n");
  EXPECT_EQ(client.read_rest(), "data: last\n\n");
}

TEST(ServerStop, AStreamWhoseClientDoesNotReadIsCutOff) {
  Router router;
  std::promise<std::shared_ptr<EventStream>> opened;
  std::atomic<int> closed = 0;
  router.add_events("/", [&](const Request&) {
    EventAnswer answer;
    answer.opened = [&](const std::shared_ptr<EventStream>& stream) { opened.set_value(stream); };
    answer.closed = [&] { ++closed; };
    return answer;
  });
  ServerOptions options;
  options.stream_queue_max = 100U << 20U;
  const auto server = start(std::move(router), options);
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto stream = opened.get_future().get();
  EXPECT_TRUE(stream->send(std::make_shared<const std::string>(50U << 20U, 'x')));
  server->stop(10);
  EXPECT_EQ(closed, 1);
}

TEST(ServerStop, WhatWaitsForAThreadIsNotBegunAfterTheGrace) {
  Router router;
  std::latch entered(1);
  std::atomic<int> calls = 0;
  std::promise<void> go;
  router.add("GET", "/", [&](const Request&) {
    if (++calls == 1) {
      entered.count_down();
      go.get_future().wait();
    }
    return Response{};
  });
  ServerOptions options;
  options.quick_threads = 1;
  const auto server = start(std::move(router), options);
  RawClient first(server->port()), second(server->port());
  first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  entered.wait();
  second.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(eventually([&] { return server->counts().requests_waiting == 1; }));
  auto stopped = std::async(std::launch::async, [&] { server->stop(0); });
  EXPECT_TRUE(first.is_closed());
  EXPECT_TRUE(second.is_closed());
  go.set_value();
  stopped.get();
  EXPECT_EQ(calls, 1);
}

TEST(ServerStop, StoppingAmidManyRequestsIsClean) {
  for (int round = 0; round < 10; ++round) {
    const auto server = start(simple_router());
    std::vector<std::future<void>> clients;
    std::latch running(5);
    for (int k = 0; k < 4; ++k) {
      clients.push_back(std::async(std::launch::async, [&] {
        RawClient client(server->port());
        EXPECT_EQ(client.get("/").status, 200);
        running.count_down();
        while (client.get("/").status == 200) {
        }
      }));
    }
    running.arrive_and_wait();
    server->stop(long_ms);
    for (auto& client : clients) client.get();
  }
}

}  // namespace
}  // namespace aecos::http
