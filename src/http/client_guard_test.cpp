#include <gtest/gtest.h>

#include <cstdlib>

#include "http/client.h"
#include "http/raw_client_test_internal.h"

namespace aecos::http {
namespace {

Router remote_router() {
  Router router;
  router.add("GET", "/", [](const Request& request) { return Response{200, {{"X-Remote", request.remote}}, "here"}; });
  router.add("GET", "/away", [](const Request&) { return Response{302, {{"Location", "/"}}, ""}; });
  router.add("GET", "/long", [](const Request&) {
    return Response{200, {}, std::string(guarded_response_max + 1, 'x')};
  });
  return router;
}

// Asks for the address alone, as if http were allowed.
std::string by_address(const Peer& peer) { return peer.ip.empty() ? "" : why_not_public(peer.ip); }

class GuardedClient : public ::testing::Test {
 protected:
  Call call(const std::string& host, Guard guard, const std::string& path = "/") const {
    return {.url = "http://" + host + ":" + port_ + path, .guard = std::move(guard)};
  }
  Guard allowing(const std::string& host) const { return guard_by({{host + ":" + port_}}); }

  std::unique_ptr<Server> server_ = start(remote_router());
  std::string port_ = std::to_string(server_->port());
  std::unique_ptr<Client> client_ = make_client();
};

TEST_F(GuardedClient, NoSpellingLeadsToThisMachine) {
  for (const char* host : {"127.0.0.1", "localhost", "LOCALHOST", "2130706433", "0x7f000001", "0x7f.1", "017700000001",
                           "127.1", "0", "0.0.0.0", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::1]", "[::]",
                           "[0:0:0:0:0:ffff:127.0.0.1]", "%31%32%37.0.0.1", "127.0.0.1."}) {
    const auto answer = client_->send(call(host, by_address));
    ASSERT_FALSE(answer) << host;
  }
  EXPECT_EQ(server_->counts().connections, 0U);
}

TEST_F(GuardedClient, TheErrorSaysWhoAndWhy) {
  const auto answer = client_->send(call("localhost", by_address));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::denied);
  EXPECT_EQ(answer.error().message, "localhost:" + port_ + ": an address of this machine");
  const auto plain = client_->send(call("127.0.0.1", guard_by({})));
  EXPECT_EQ(plain.error().code, ErrorCode::denied);
  EXPECT_EQ(plain.error().message, "127.0.0.1: an https address is needed");
}

TEST_F(GuardedClient, AnHttpsAddressOfThisMachineIsRefusedToo) {
  Call secure = call("127.0.0.1", guard_by({}));
  secure.url.replace(0, 4, "https");
  const auto answer = client_->send(secure);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::denied);
  EXPECT_EQ(server_->counts().connections, 0U);
}

TEST_F(GuardedClient, WhatAnAdministratorAllowsWorks) {
  for (const char* host : {"127.0.0.1", "localhost"}) {
    const auto answer = client_->send(call(host, allowing(host)));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, "here");
  }
  EXPECT_EQ(client_->send(call("localhost", allowing("127.0.0.1"))).error().code, ErrorCode::denied);
}

TEST_F(GuardedClient, AConnectionThatIsOpenIsNotUsed) {
  const Guard allowed = allowing("127.0.0.1");
  const std::string first(client_->send(call("127.0.0.1", {}))->headers.get("X-Remote"));
  EXPECT_EQ(client_->send(call("127.0.0.1", by_address)).error().code, ErrorCode::denied);
  const std::string second(client_->send(call("127.0.0.1", allowed))->headers.get("X-Remote"));
  const std::string third(client_->send(call("127.0.0.1", allowed))->headers.get("X-Remote"));
  EXPECT_NE(first, second);
  EXPECT_NE(second, third);
  EXPECT_EQ(client_->send(call("127.0.0.1", by_address)).error().code, ErrorCode::denied);
}

TEST_F(GuardedClient, ANameThatLeadsElsewhereTheSecondTimeIsAskedForAgain) {
  std::vector<std::string> asked;
  const Guard once = [&](const Peer& peer) {
    asked.push_back(peer.ip);
    return asked.size() > 2 ? "no more" : "";
  };
  EXPECT_TRUE(client_->send(call("127.0.0.1", once)));
  EXPECT_EQ(asked, (std::vector<std::string>{"", "127.0.0.1"}));
  EXPECT_EQ(client_->send(call("127.0.0.1", once)).error().message, "127.0.0.1: no more");
}

TEST_F(GuardedClient, NoRedirectNoCredentialsNoLongAnswer) {
  const Guard allowed = allowing("127.0.0.1");
  const auto away = client_->send(call("127.0.0.1", allowed, "/away"));
  ASSERT_TRUE(away);
  EXPECT_EQ(away->status, 302);
  EXPECT_EQ(client_->send(call("ana:secret@127.0.0.1", allowed)).error().code, ErrorCode::invalid_input);
  EXPECT_EQ(client_->send(call("example.org@127.0.0.1", allowed)).error().code, ErrorCode::invalid_input);
  const auto too_long = client_->send(call("127.0.0.1", allowed, "/long"));
  ASSERT_FALSE(too_long);
  EXPECT_EQ(too_long.error().code, ErrorCode::unavailable);
  EXPECT_TRUE(client_->send(call("127.0.0.1", {}, "/long")));
}

TEST_F(GuardedClient, NoProxyIsUsed) {
  // A spelling that is not taken for this machine, to which no proxy is ever used.
  const std::string mapped = "[::ffff:127.0.0.1]";
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  EXPECT_FALSE(client_->send(call(mapped, {})));
  const auto answer = client_->send(call(mapped, allowing(mapped)));
  ::unsetenv("http_proxy");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 200);
}

TEST_F(GuardedClient, WhatTheGuardThrowsIsNoCrash) {
  const Guard thrower = [](const Peer& peer) -> std::string {
    if (!peer.ip.empty()) throw std::runtime_error("oh");
    return "";
  };
  EXPECT_FALSE(client_->send(call("127.0.0.1", thrower)));
}

}  // namespace
}  // namespace aecos::http
