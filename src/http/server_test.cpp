#include "http/server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>

#include "http/raw_client_test_internal.h"

namespace aecos::http {
namespace {

// What the router was told of requests.
class Log {
 public:
  void attach(Router& router) {
    router.on_done([this](const Router::Done& done) {
      const std::lock_guard lock(mutex_);
      done_.push_back(done);
    });
    router.on_bug([this](const std::string& what) {
      const std::lock_guard lock(mutex_);
      bugs_.push_back(what);
    });
  }
  Router::Done first() {
    eventually([&] { return !all().empty(); });
    return all().at(0);
  }
  std::vector<Router::Done> all() {
    const std::lock_guard lock(mutex_);
    return done_;
  }
  std::vector<std::string> bugs() {
    const std::lock_guard lock(mutex_);
    return bugs_;
  }

 private:
  std::mutex mutex_;
  std::vector<Router::Done> done_;
  std::vector<std::string> bugs_;
};

TEST(Server, AnswersOneRequestAfterTheOtherOnAConnection) {
  const auto server = start(simple_router());
  RawClient client(server->port());
  for (int k = 0; k < 3; ++k) {
    const auto answer = client.get("/");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "GET0");
    EXPECT_EQ(answer.headers.get("content-type"), "text/plain");
    EXPECT_FALSE(answer.headers.get("Date").empty());
  }
  EXPECT_EQ(client.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc").body, "POST3");
}

TEST(Server, HandlerSeesTheRequest) {
  Router router;
  std::promise<Request> seen;
  router.add("PUT", "/a/{}/b/{*}", [&](const Request& request) {
    seen.set_value(request);
    return Response{201};
  });
  const auto server = start(std::move(router));
  RawClient client(server->port());
  const auto answer = client.ask(
      "PUT /a/%C3%A4%20x/b/c/d?q=1+2&q=3&e HTTP/1.1\r\nhost: hub\r\nX-One:  a b \r\nx-one: c\r\n"
      "Content-Length: 4\r\n\r\nbody");
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.headers.get("Content-Length"), "0");
  const Request request = seen.get_future().get();
  EXPECT_EQ(request.method, "PUT");
  EXPECT_EQ(request.target, "/a/%C3%A4%20x/b/c/d?q=1+2&q=3&e");
  EXPECT_EQ(request.path, "/a/\xC3\xA4 x/b/c/d");
  EXPECT_EQ(request.parameters, (std::vector<std::string>{"\xC3\xA4 x", "c/d"}));
  EXPECT_EQ(request.query_value("q"), "1 2");
  EXPECT_EQ(request.query_value("e"), "");
  EXPECT_EQ(request.query_value("none"), std::nullopt);
  EXPECT_EQ(request.query.size(), 3U);
  EXPECT_EQ(request.headers.get("X-ONE"), "a b");
  EXPECT_EQ(request.body, "body");
  EXPECT_TRUE(request.remote.starts_with("127.0.0.1:"));
}

TEST(Server, PipelinedRequestsAreAnsweredInOrder) {
  Router router;
  router.add("GET", "/{}", [](const Request& request) { return Response{200, {}, request.parameters[0]}; });
  const auto server = start(std::move(router));
  RawClient client(server->port());
  std::string requests;
  for (int k = 0; k < 50; ++k) requests += "GET /" + std::to_string(k) + " HTTP/1.1\r\nHost: a\r\n\r\n";
  client.send(requests);
  for (int k = 0; k < 50; ++k) EXPECT_EQ(client.read_answer().body, std::to_string(k));
}

TEST(Server, ABodyInChunksIsOneBody) {
  const auto server = start(simple_router());
  RawClient client(server->port());
  const std::string request = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(client.ask(request + "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n").body, "POST13");
  EXPECT_EQ(client.ask(request + "0\r\nX-Trailer: a\r\n\r\n").body, "POST0");
  EXPECT_EQ(client.ask(request + "0\r\n\r\n").body, "POST0");
}

TEST(Server, ATrailerIsNeverAHeader) {
  Router router;
  router.add("POST", "/", [](const Request& request) {
    return Response{200, {}, std::string(request.headers.get("Authorization"))};
  });
  const auto server = start(std::move(router));
  RawClient client(server->port());
  const auto answer = client.ask(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nAuthorization: Bearer evil\r\n\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "");
}

TEST(Server, ARequestMayComeByteByByte) {
  const auto server = start(simple_router());
  RawClient client(server->port());
  const std::string_view request =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nabcde\r\n0\r\nT: r\r\n\r\n";
  for (const char c : request) client.send({&c, 1});
  EXPECT_EQ(client.read_answer().body, "POST5");
}

TEST(Server, ABodyThatIsNotTakenIsAskedFor) {
  const auto server = start(simple_router());
  RawClient client(server->port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 100);
  client.send("ab");
  EXPECT_EQ(client.read_answer().body, "POST2");
}

TEST(Server, HeadIsGetWithoutTheBody) {
  const auto server = start(simple_router());
  RawClient client(server->port());
  client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto answer = client.read_answer(true);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.get("Content-Length"), "5");  // HEAD0
  EXPECT_EQ(client.get("/").body, "GET0");
}

TEST(Server, UnknownPathsAndMethodsAreToldApart) {
  const auto server = start(simple_router());
  RawClient client(server->port());
  EXPECT_EQ(client.get("/none").status, 404);
  const auto wrong = client.ask("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers.get("Allow"), "GET, HEAD, OPTIONS, POST");
  const auto options = client.ask("OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.headers.get("Allow"), "GET, HEAD, OPTIONS, POST");
  EXPECT_FALSE(options.headers.has("Content-Length"));
  EXPECT_EQ(client.get("/").status, 200);
  const auto unknown = client.ask("BREW / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(unknown.status, 501);
  EXPECT_TRUE(client.is_closed());
}

TEST(Server, ErrorsLookAsTheRouterSays) {
  Router router = simple_router();
  router.on_error([](int status, const std::string& detail) {
    return Response{200, {{"Content-Type", "application/json"}}, std::to_string(status) + detail};
  });
  const auto server = start(std::move(router));
  RawClient client(server->port());
  const auto missing = client.get("/none");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.headers.get("Content-Type"), "application/json");
  EXPECT_TRUE(missing.body.starts_with("404"));
  const auto bad = client.ask("nonsense\r\n\r\n");
  EXPECT_EQ(bad.status, 400);
  EXPECT_TRUE(bad.body.starts_with("400"));
}

TEST(Server, AHandlerThatThrowsIsABugAndTheConnectionGoesOn) {
  Log log;
  Router router = simple_router();
  router.add("GET", "/throws", [](const Request&) -> Response { throw std::runtime_error("oh"); });
  router.add("GET", "/header", [](const Request&) { return Response{200, {{"X", "a\r\nSet-Cookie: b"}}}; });
  router.add("GET", "/status", [](const Request&) { return Response{99}; });
  log.attach(router);
  const auto server = start(std::move(router));
  RawClient client(server->port());
  EXPECT_EQ(client.get("/throws").status, 500);
  EXPECT_EQ(client.get("/header").status, 500);
  EXPECT_EQ(client.get("/status").status, 500);
  EXPECT_EQ(client.get("/").status, 200);
  ASSERT_EQ(log.bugs().size(), 3U);
  EXPECT_EQ(log.bugs()[0], "/throws: oh");
}

TEST(Server, EachRequestIsReported) {
  Log log;
  Router router;
  router.add("POST", "/a/{}", [](const Request&) { return Response{200, {}, "answer"}; });
  log.attach(router);
  const auto server = start(std::move(router));
  RawClient client(server->port());
  const std::string head = "POST /a/b?c HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n";
  client.ask(head + "abc");
  const Router::Done done = log.first();
  EXPECT_EQ(done.method, "POST");
  EXPECT_EQ(done.pattern, "/a/{}");
  EXPECT_EQ(done.target, "/a/b?c");
  EXPECT_EQ(done.status, 200);
  EXPECT_EQ(done.received_bytes, head.size() + 3);
  EXPECT_GT(done.sent_bytes, 6U);
  EXPECT_GE(done.duration_us, 0);
}

TEST(Server, TheConnectionClosesWhenTheClientWishes) {
  const auto server = start(simple_router());
  RawClient client(server->port());
  const auto answer = client.ask("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n");
  EXPECT_EQ(answer.headers.get("Connection"), "close");
  EXPECT_TRUE(client.is_closed());
  RawClient old(server->port());
  EXPECT_EQ(old.ask("GET / HTTP/1.0\r\n\r\n").body, "GET0");
  EXPECT_TRUE(old.is_closed());
}

TEST(Server, AClientThatHasFinishedSendingStillGetsItsAnswer) {
  const auto server = start(simple_router());
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  client.finish_sending();
  EXPECT_EQ(client.read_answer().body, "GET0");
  EXPECT_TRUE(client.is_closed());
}

TEST(Server, ALargeAnswerArrivesWhole) {
  Router router;
  const std::string large(20U << 20U, 'x');
  router.add("GET", "/", [&](const Request&) { return Response{200, {}, large}; });
  const auto server = start(std::move(router));
  RawClient client(server->port());
  EXPECT_TRUE(client.get("/").body == large);
  EXPECT_TRUE(client.get("/").body == large);
}

TEST(Server, ManyClientsAtOnceGetTheirOwnAnswers) {
  Router router;
  router.add("GET", "/{}", [](const Request& request) { return Response{200, {}, request.parameters[0]}; });
  const auto server = start(std::move(router));
  std::vector<std::future<bool>> clients;
  for (int k = 0; k < 16; ++k) {
    clients.push_back(std::async(std::launch::async, [&server, k] {
      RawClient client(server->port());
      for (int n = 0; n < 50; ++n) {
        const std::string name = std::to_string(k * 1000 + n);
        if (client.get("/" + name).body != name) return false;
      }
      return true;
    }));
  }
  for (auto& client : clients) EXPECT_TRUE(client.get());
}

TEST(Server, IpVersion6Works) {
  for (const char* address : {"[::1]", "::1"}) {
    ServerOptions options;
    options.address = address;
    Router router;
    router.add("GET", "/", [](const Request& request) { return Response{200, {}, request.remote}; });
    const auto server = start(std::move(router), options);
    RawClient client(server->port(), "::1");
    EXPECT_TRUE(client.ask("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n").body.starts_with("[::1]:"));
  }
}

TEST(Server, AnAddressThatCannotBeHadIsAnError) {
  const auto first = start(simple_router());
  ServerOptions options;
  options.port = first->port();
  const auto second = serve(simple_router(), options);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::unavailable);
  EXPECT_NE(second.error().message.find("127.0.0.1:" + std::to_string(first->port())), std::string::npos);
  options.address = "192.0.2.1";
  EXPECT_FALSE(serve(simple_router(), options));
  options.address = "no address";
  EXPECT_FALSE(serve(simple_router(), options));
}

}  // namespace
}  // namespace aecos::http
