#include "http/client.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>

#include "http/raw_client_test_internal.h"

namespace aecos::http {
namespace {

Call call_to(const Server& server, const std::string& target = "/") {
  return {.url = "http://127.0.0.1:" + std::to_string(server.port()) + target};
}

// Answers with all it was sent.
Router mirror() {
  Router router;
  const Handler handler = [](const Request& request) {
    std::string body = request.method + " " + request.target + "\n";
    for (const auto& [name, value] : request.headers) body += name + ": " + value + "\n";
    return Response{200, {{"X-Remote", request.remote}, {"X-Twice", "a"}, {"x-twice", ""}}, body + request.body};
  };
  for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE", "SEARCH"}) router.add(method, "/{*}", handler);
  router.add("GET", "/", handler);
  return router;
}

TEST(Client, WhatIsSentArrives) {
  const auto server = start(mirror());
  const auto client = make_client();
  for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE", "SEARCH"}) {
    for (const std::string& body : {std::string(), std::string("a\0b", 3), std::string(200'000, 'x')}) {
      Call call = call_to(*server, "/a%20b?c=d");
      call.method = method;
      call.body = body;
      call.headers = {{"X-One", "a b"}, {"X-Empty", ""}, {"Authorization", "Bearer x"}};
      const auto answer = client->send(call);
      ASSERT_TRUE(answer) << answer.error().message;
      EXPECT_EQ(answer->status, 200);
      EXPECT_TRUE(answer->body.starts_with(std::string(method) + " /a%20b?c=d\n"));
      EXPECT_NE(answer->body.find("\nX-One: a b\n"), std::string::npos);
      EXPECT_NE(answer->body.find("\nX-Empty: \n"), std::string::npos);
      EXPECT_EQ(answer->body.find("\nContent-Type"), std::string::npos);
      EXPECT_TRUE(answer->body.ends_with("\n" + body));
      EXPECT_TRUE(answer->headers.has("X-Twice"));
    }
  }
}

TEST(Client, HeadHasNoBody) {
  const auto server = start(mirror());
  Call call = call_to(*server);
  call.method = "HEAD";
  const auto answer = make_client()->send(call);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "");
  EXPECT_NE(answer->headers.get("content-length"), "");
}

TEST(Client, AConnectionIsUsedAgain) {
  const auto server = start(mirror());
  const auto client = make_client();
  const std::string first(client->send(call_to(*server))->headers.get("X-Remote"));
  EXPECT_EQ(client->send(call_to(*server, "/b"))->headers.get("X-Remote"), first);
  const auto take = [](std::string_view) { return true; };
  EXPECT_EQ(client->stream(call_to(*server, "/c"), take)->headers.get("X-Remote"), first);
}

TEST(Client, AnyStatusIsAnAnswerAndNoRedirectIsFollowed) {
  Router router;
  router.add("GET", "/{}", [](const Request& request) {
    return Response{std::stoi(request.parameters[0]), {{"Location", "/200"}}, "body"};
  });
  const auto server = start(std::move(router));
  const auto client = make_client();
  for (const int status : {200, 201, 204, 301, 302, 304, 401, 404, 500, 503}) {
    const auto answer = client->send(call_to(*server, "/" + std::to_string(status)));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->status, status);
  }
}

TEST(Client, ProvisionalAnswersAndTrailersAreNotSeen) {
  Router router;
  router.add_stream("POST", "/", [](const Request&, Conversation& conversation) {
    std::vector<char> piece(100'000);
    while (*conversation.read(piece) > 0) {
    }
    ASSERT_TRUE(conversation.respond({200, {{"X", "y"}}, "done"}));
  });
  const auto server = start(std::move(router));
  Call call = call_to(*server);
  call.method = "POST";
  call.headers.set("Expect", "100-continue");
  call.body = std::string(2'000'000, 'x');
  const auto answer = make_client()->send(call);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(std::distance(answer->headers.begin(), answer->headers.end()), 3);  // Date, X, Content-Length.
}

TEST(Client, AnAnswerThatIsTooLongIsAnError) {
  Router router;
  router.add("GET", "/", [](const Request&) { return Response{200, {}, std::string(1000, 'x')}; });
  const auto server = start(std::move(router));
  const auto client = make_client();
  Call call = call_to(*server);
  call.response_max = 1000;
  EXPECT_TRUE(client->send(call));
  call.response_max = 999;
  const auto answer = client->send(call);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  call.response_max = 1000;
  EXPECT_TRUE(client->send(call));
}

TEST(Client, AnAnswerMayBeCut) {
  Router router;
  router.add("GET", "/", [](const Request&) { return Response{202, {}, std::string(1'000'000, 'x')}; });
  const auto server = start(std::move(router));
  const auto client = make_client();
  Call call = call_to(*server);
  call.response_max = 999;
  call.may_cut_answer = true;
  for (int i = 0; i < 2; ++i) {
    const auto answer = client->send(call);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->status, 202);
    EXPECT_EQ(answer->body, std::string(999, 'x'));
  }
}

TEST(Client, NobodyThereIsAnErrorThatNamesTheHost) {
  std::uint16_t port = 0;
  {
    const auto server = start(mirror());
    port = server->port();
  }
  const auto answer = make_client()->send({.url = "http://127.0.0.1:" + std::to_string(port)});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  EXPECT_NE(answer.error().message.find("127.0.0.1:" + std::to_string(port)), std::string::npos);
}

TEST(Client, WhatIsNoCallIsRefused) {
  const auto client = make_client();
  for (const char* url : {"", "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "/a", "http://",
                          "http://127.0.0.1/\r\nX: y", "http://127.0.0.1/a b", "127.0.0.1:80"}) {
    const auto answer = client->send({.url = url});
    ASSERT_FALSE(answer) << url;
    EXPECT_EQ(answer.error().code, ErrorCode::invalid_input) << url;
  }
  const std::string url = "http://127.0.0.1:1/";
  const std::vector<Call> calls = {{.method = "G T", .url = url},
                                   {.method = "GET\r\nX: y", .url = url},
                                   {.url = url, .headers = {{"X", "a\r\nY: b"}}},
                                   {.url = url, .headers = {{"X\r\nY", "a"}}},
                                   {.url = url, .headers = {{"", "a"}}}};
  for (const Call& call : calls) EXPECT_EQ(client->send(call).error().code, ErrorCode::invalid_input);
}

// A server that says nothing until the end of the test.
class Silent {
 public:
  Silent() {
    Router router;
    router.add_stream("GET", "/", [this](const Request&, Conversation& conversation) {
      ASSERT_TRUE(conversation.begin(200, {}));
      (void)conversation.write("one piece");
      entered.set_value();
      go.get_future().wait();
    });
    server = start(std::move(router));
  }
  ~Silent() { go.set_value(); }
  std::promise<void> entered, go;
  std::unique_ptr<Server> server;
};

TEST(Client, TimeoutsEndACall) {
  for (const bool is_silence : {false, true}) {
    Silent silent;
    Call call = call_to(*silent.server);
    (is_silence ? call.silence_timeout_ms : call.timeout_ms) = 100;
    const auto answer = make_client()->send(call);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  }
}

TEST(Client, ACallIsCancelledFromAnotherThread) {
  Silent silent;
  const auto client = make_client();
  auto answer = std::async(std::launch::async, [&] {
    Call call = call_to(*silent.server);
    call.timeout_ms = 0;
    return client->send(call);
  });
  silent.entered.get_future().wait();
  client->cancel();
  const auto cancelled = answer.get();
  ASSERT_FALSE(cancelled);
  EXPECT_EQ(cancelled.error().code, ErrorCode::unavailable);
  EXPECT_EQ(cancelled.error().message, "cancelled");
}

TEST(Client, ACancelBeforeACallEndsThatCallOnly) {
  const auto server = start(mirror());
  const auto client = make_client();
  client->cancel();
  EXPECT_FALSE(client->send(call_to(*server)));
  EXPECT_TRUE(client->send(call_to(*server)));
}

TEST(Client, AStreamComesPieceByPieceAndCanBeEnded) {
  Silent silent;
  const auto client = make_client();
  int status = 0;
  std::string taken;
  const auto take = [&](std::string_view bytes) {
    EXPECT_EQ(status, 200);
    taken += bytes;
    return taken != "one piece";
  };
  const auto answer =
      client->stream(call_to(*silent.server), take, [&](const Response& head) { status = head.status; });
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(taken, "one piece");
  EXPECT_EQ(answer->body, "");
}

TEST(Client, TheBodyOfAnErrorIsNotStreamed) {
  Router router;
  router.add("GET", "/", [](const Request&) { return Response{403, {}, "not you"}; });
  router.add("GET", "/empty", [](const Request&) { return Response{200}; });
  const auto server = start(std::move(router));
  const auto client = make_client();
  int heads = 0;
  const auto take = [](std::string_view) -> bool { throw std::logic_error("nothing was to come"); };
  const auto head = [&](const Response&) { ++heads; };
  const auto answer = client->stream(call_to(*server), take, head);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 403);
  EXPECT_EQ(answer->body, "not you");
  EXPECT_TRUE(client->stream(call_to(*server, "/empty"), take, head));
  EXPECT_EQ(heads, 2);
}

TEST(Client, WhatTheTakerThrowsComesThrough) {
  const auto server = start(mirror());
  const auto client = make_client();
  const auto take = [](std::string_view) -> bool { throw std::runtime_error("oh"); };
  EXPECT_THROW((void)client->stream(call_to(*server), take), std::runtime_error);
  const auto head = [](const Response&) { throw std::runtime_error("oh"); };
  EXPECT_THROW((void)client->stream(call_to(*server), take, head), std::runtime_error);
  EXPECT_TRUE(client->send(call_to(*server)));
}

TEST(Client, EventsOfAServerAreReadAsTheyCome) {
  Router router;
  std::promise<void> first_seen;
  router.add_events("/", [&](const Request&) {
    EventAnswer answer;
    answer.opened = [&](const std::shared_ptr<EventStream>& stream) {
      stream->send(std::make_shared<const std::string>("id: 1\ndata: a\n\n"));
      first_seen.get_future().wait();
      stream->send(std::make_shared<const std::string>("id: 2\ndata: b\n\n"));
      stream->close();
    };
    return answer;
  });
  const auto server = start(std::move(router));
  ServerEventReader reader;
  std::vector<std::string> seen;
  const auto each = [&](const ServerEvent& event) {
    seen.push_back(event.id + event.data);
    if (seen.size() == 1) first_seen.set_value();
  };
  const auto take = [&](std::string_view bytes) {
    reader.add(bytes, each);
    return true;
  };
  EXPECT_TRUE(make_client()->stream(call_to(*server), take));
  EXPECT_EQ(seen, (std::vector<std::string>{"1a", "2b"}));
}

}  // namespace
}  // namespace aecos::http
