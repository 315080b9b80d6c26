#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <latch>
#include <mutex>
#include <stdexcept>

#include "http/event_queue_internal.h"
#include "http/raw_client_test_internal.h"

namespace aecos::http {
namespace {

std::shared_ptr<const std::string> bytes_of(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

// The streams a server has opened.
class Streams {
 public:
  Router router() {
    Router router = simple_router();
    router.add_events("/events", [this](const Request&) {
      EventAnswer answer;
      answer.opened = [this](const std::shared_ptr<EventStream>& stream) {
        const std::lock_guard lock(mutex_);
        all_.push_back(stream);
        changed_.notify_all();
      };
      answer.closed = [this] { ++closed; };
      return answer;
    });
    return router;
  }
  std::shared_ptr<EventStream> at(std::size_t index) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return all_.size() > index; });
    return all_[index];
  }
  std::atomic<int> closed = 0;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::shared_ptr<EventStream>> all_;
};

constexpr std::string_view request = "GET /events HTTP/1.1\r\nHost: a\r\n\r\n";

TEST(EventStream, WhatIsSentArrivesInOrder) {
  Streams streams;
  const auto server = start(streams.router());
  RawClient client(server->port());
  client.send(request);
  const std::string head = client.read_until("\r\n\r\n");
  EXPECT_TRUE(head.starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_NE(head.find("\r\nContent-Type: text/event-stream\r\n"), std::string::npos);
  EXPECT_NE(head.find("\r\nCache-Control: no-store\r\n"), std::string::npos);
  const auto stream = streams.at(0);
  EXPECT_TRUE(stream->is_open());
  EXPECT_EQ(server->counts().streams, 1U);
  EXPECT_TRUE(stream->send(bytes_of("data: a\n\n")));
  EXPECT_EQ(client.read_until("\n\n"), "data: a\n\n");
  std::string expected;
  for (int k = 0; k < 20'000; ++k) {
    const std::string text = "data: " + std::to_string(k) + "\n\n";
    expected += text;
    EXPECT_TRUE(stream->send(bytes_of(text)));
  }
  stream->close();
  EXPECT_FALSE(stream->is_open());
  EXPECT_FALSE(stream->send(bytes_of("late")));
  EXPECT_TRUE(client.read_rest() == expected);
  EXPECT_TRUE(eventually([&] { return streams.closed == 1; }));
  EXPECT_EQ(server->counts().streams, 0U);
}

TEST(EventStream, ManyStreamsGetTheSameBytes) {
  Streams streams;
  const auto server = start(streams.router());
  std::vector<RawClient> clients;
  for (std::size_t k = 0; k < 100; ++k) {
    clients.emplace_back(server->port());
    clients.back().send(request);
  }
  const auto bytes = bytes_of("data: " + std::string(100'000, 'x') + "\n\n");
  for (std::size_t k = 0; k < clients.size(); ++k) EXPECT_TRUE(streams.at(k)->send(bytes));
  for (RawClient& client : clients) {
    client.read_until("\r\n\r\n");
    EXPECT_TRUE(client.read_until("\n\n") == *bytes);
  }
}

TEST(EventStream, AClientThatLeavesEndsIt) {
  Streams streams;
  const auto server = start(streams.router());
  std::optional<RawClient> client(server->port());
  client->send(request);
  client->read_until("\r\n\r\n");
  const auto stream = streams.at(0);
  client.reset();
  EXPECT_TRUE(eventually([&] { return !stream->is_open(); }));
  EXPECT_FALSE(stream->send(bytes_of("a")));
  EXPECT_TRUE(eventually([&] { return streams.closed == 1; }));
  EXPECT_TRUE(eventually([&] { return server->counts().connections == 0; }));
}

TEST(EventStream, AClientThatDoesNotReadIsDroppedWhenTooMuchWaits) {
  Streams streams;
  ServerOptions options;
  options.stream_queue_max = 100'000;
  const auto server = start(streams.router(), options);
  RawClient client(server->port());
  client.send(request);
  const auto stream = streams.at(0);
  const auto bytes = bytes_of(std::string(50'000, 'x'));
  EXPECT_TRUE(eventually([&] { return !stream->send(bytes); }));
  EXPECT_FALSE(stream->is_open());
  EXPECT_TRUE(eventually([&] { return streams.closed == 1; }));
}

TEST(EventStream, ASilentStreamHasAHeartbeat) {
  Streams streams;
  ServerOptions options;
  options.heartbeat_ms = 10;
  const auto server = start(streams.router(), options);
  RawClient client(server->port());
  client.send(request);
  client.read_until("\r\n\r\n");
  for (int k = 0; k < 3; ++k) EXPECT_EQ(client.read_until("\n\n"), ":\n\n");
}

TEST(EventStream, AnOrdinaryAnswerIsPossibleInstead) {
  Router router = simple_router();
  router.add_events("/events", [](const Request&) { return EventAnswer{{403, {}, "not you"}, {}, [] { FAIL(); }}; });
  router.add_events("/throws", [](const Request&) -> EventAnswer { throw std::runtime_error("oh"); });
  const auto server = start(std::move(router));
  RawClient client(server->port());
  EXPECT_EQ(client.get("/events").body, "not you");
  EXPECT_EQ(client.get("/throws").status, 500);
  client.send("HEAD /events HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read_answer(true).status, 405);
}

TEST(EventStream, OpenedMaySendAndMayThrow) {
  std::atomic<int> closed = 0, bugs = 0;
  Router router;
  router.on_bug([&](const std::string&) { ++bugs; });
  router.add_events("/events", [&](const Request&) {
    EventAnswer answer{{200, {{"X", "y"}}}};
    answer.opened = [](const std::shared_ptr<EventStream>& stream) {
      stream->send(std::make_shared<const std::string>("data: first\n\n"));
      throw std::runtime_error("oh");
    };
    answer.closed = [&] { ++closed; };
    return answer;
  });
  {
    const auto server = start(std::move(router));
    RawClient client(server->port());
    client.send(request);
    EXPECT_NE(client.read_until("\r\n\r\n").find("X: y"), std::string::npos);
    EXPECT_EQ(client.read_rest(), "data: first\n\n");
  }
  EXPECT_EQ(closed, 1);
  EXPECT_EQ(bugs, 1);
}

TEST(EventStream, ClosedComesAfterOpenedHasReturned) {
  std::promise<void> go, opened;
  std::atomic<bool> has_returned = false, is_after = false;
  std::atomic<int> closed = 0;
  Router router;
  router.add_events("/events", [&](const Request&) {
    EventAnswer answer;
    answer.opened = [&](const std::shared_ptr<EventStream>&) {
      opened.set_value();
      go.get_future().wait();
      has_returned = true;
    };
    answer.closed = [&] {
      is_after = has_returned.load();
      ++closed;
    };
    return answer;
  });
  const auto server = start(std::move(router));
  {
    RawClient client(server->port());
    client.send(request);
    opened.get_future().wait();
  }
  EXPECT_TRUE(eventually([&] { return server->counts().connections == 0; }));
  EXPECT_EQ(closed, 0);
  go.set_value();
  EXPECT_TRUE(eventually([&] { return closed == 1; }));
  EXPECT_TRUE(is_after);
}

TEST(EventStream, AStreamOutlivesItsServer) {
  Streams streams;
  auto server = start(streams.router());
  RawClient client(server->port());
  client.send(request);
  const auto stream = streams.at(0);
  server.reset();
  EXPECT_EQ(streams.closed, 1);
  EXPECT_FALSE(stream->is_open());
  EXPECT_FALSE(stream->send(bytes_of("a")));
  stream->close();
}

TEST(EventStream, SendersAndLeaversInManyThreadsLoseNothing) {
  Streams streams;
  const auto server = start(streams.router());
  std::vector<std::future<void>> clients;
  for (int k = 0; k < 8; ++k) {
    clients.push_back(std::async(std::launch::async, [&] {
      for (int n = 0; n < 20; ++n) {
        RawClient client(server->port());
        client.send(request);
        client.read_until("\r\n\r\n");
      }
    }));
  }
  for (std::size_t k = 0; k < 160; ++k) {
    const auto stream = streams.at(k);
    for (int n = 0; n < 10; ++n) stream->send(bytes_of("data: a\n\n"));
  }
  for (auto& client : clients) client.get();
  EXPECT_TRUE(eventually([&] { return streams.closed == 160; }));
  EXPECT_EQ(server->counts().streams, 0U);
}

TEST(EventQueue, WakesOnceUntilSomebodyLooks) {
  int woken = 0;
  EventQueue queue(100, [&] { ++woken; });
  EXPECT_TRUE(queue.send(bytes_of("a")));
  EXPECT_TRUE(queue.send(bytes_of("b")));
  EXPECT_EQ(woken, 1);
  EXPECT_EQ(queue.look(), EventQueue::State::open);
  EXPECT_TRUE(queue.send(bytes_of("c")));
  EXPECT_EQ(woken, 2);
  EXPECT_EQ(queue.take().size(), 3U);
  EXPECT_TRUE(queue.take().empty());
  queue.close();
  EXPECT_EQ(woken, 2);  // Nobody has looked since.
  EXPECT_EQ(queue.look(), EventQueue::State::closing);
}

TEST(EventQueue, ACloseBetweenLookingAndTakingIsNotMissed) {
  int woken = 0;
  EventQueue queue(100, [&] { ++woken; });
  EXPECT_TRUE(queue.send(bytes_of("a")));
  EXPECT_EQ(queue.look(), EventQueue::State::open);
  queue.close();
  EXPECT_EQ(queue.take().size(), 1U);
  EXPECT_EQ(woken, 2);
}

TEST(EventQueue, NobodyIsWokenAfterTheEnd) {
  int woken = 0;
  EventQueue queue(100, [&] { ++woken; });
  queue.end();
  EXPECT_FALSE(queue.send(bytes_of("a")));
  queue.close();
  EXPECT_EQ(woken, 0);
}

TEST(EventQueue, WhatWasTakenWaitsUntilItIsWritten) {
  EventQueue queue(10, [] {});
  EXPECT_TRUE(queue.send(bytes_of("0123456789")));
  EXPECT_EQ(queue.take().size(), 1U);
  queue.was_written(5);
  EXPECT_TRUE(queue.send(bytes_of("01234")));
  EXPECT_FALSE(queue.send(bytes_of("0")));
  EXPECT_EQ(queue.look(), EventQueue::State::overflowed);
  EXPECT_FALSE(queue.is_open());
}

}  // namespace
}  // namespace aecos::http
