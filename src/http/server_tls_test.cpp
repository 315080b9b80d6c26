#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <memory>
#include <stdexcept>

#include "http/client.h"
#include "http/raw_client_test_internal.h"

namespace aecos::http {
namespace {

// A folder with a certificate for 127.0.0.1 that is its own authority, and its key.
class Certificate {
 public:
  Certificate() {
    std::string folder = std::filesystem::temp_directory_path() / "aecos_http_test_XXXXXX";
    if (!::mkdtemp(folder.data())) throw std::runtime_error("no folder for a certificate");
    folder_ = folder;
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    const auto* text = reinterpret_cast<const unsigned char*>("aecos test");
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC, text, -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    X509_EXTENSION* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
    X509_add_ext(certificate, names, -1);
    X509_EXTENSION_free(names);
    X509_sign(certificate, key, EVP_sha256());
    std::FILE* file = std::fopen(certificate_file().c_str(), "w");
    PEM_write_X509(file, certificate);
    std::fclose(file);
    file = std::fopen(key_file().c_str(), "w");
    PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  ~Certificate() { std::filesystem::remove_all(folder_); }
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;
  std::string certificate_file() const { return folder_ / "certificate.pem"; }
  std::string key_file() const { return folder_ / "key.pem"; }

 private:
  std::filesystem::path folder_;
};

ServerOptions options_with(const Certificate& certificate) {
  ServerOptions options;
  options.certificate_file = certificate.certificate_file();
  options.key_file = certificate.key_file();
  return options;
}

Call secure_call_to(const Server& server, const std::string& target) {
  return {.url = "https://127.0.0.1:" + std::to_string(server.port()) + target};
}

TEST(ServerTls, RequestsAndStreamsPassThrough) {
  const Certificate certificate;
  Router router = simple_router();
  const std::string large(900'000, 'x');
  router.add("GET", "/large", [&](const Request&) { return Response{200, {}, large}; });
  router.add_stream("POST", "/echo", [](const Request&, Conversation& conversation) {
    ASSERT_TRUE(conversation.begin(200, {}));
    std::vector<char> piece(10'000);
    while (true) {
      const auto count = conversation.read(piece);
      ASSERT_TRUE(count);
      if (*count == 0) return;
      ASSERT_TRUE(conversation.write({piece.data(), *count}));
    }
  });
  router.add_events("/events", [&](const Request&) {
    EventAnswer answer;
    answer.opened = [&](const std::shared_ptr<EventStream>& stream) {
      for (int k = 0; k < 100; ++k) stream->send(std::make_shared<const std::string>("data: a\n\n"));
      stream->send(std::make_shared<const std::string>(large.substr(0, 500'000)));
      stream->close();
    };
    return answer;
  });
  const auto server = start(std::move(router), options_with(certificate));
  const auto client = make_client(certificate.certificate_file());
  for (int k = 0; k < 3; ++k) {
    const auto answer = client->send(secure_call_to(*server, "/"));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, "GET0");
  }
  EXPECT_TRUE(client->send(secure_call_to(*server, "/large"))->body == large);
  Call call = secure_call_to(*server, "/echo");
  call.method = "POST";
  call.body = large;
  EXPECT_TRUE(client->send(call)->body == large);
  EXPECT_EQ(client->send(secure_call_to(*server, "/events"))->body.size(), 900U + 500'000U);
}

TEST(ServerTls, ACertificateOfAnUnknownAuthorityIsNotTrusted) {
  const Certificate certificate;
  const auto server = start(simple_router(), options_with(certificate));
  const auto answer = make_client()->send(secure_call_to(*server, "/"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  EXPECT_NE(answer.error().message.find("127.0.0.1"), std::string::npos);
}

TEST(ServerTls, WhoDoesNotSpeakItIsClosed) {
  const Certificate certificate;
  const auto server = start(simple_router(), options_with(certificate));
  RawClient plain(server->port());
  plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  plain.read_rest();
  RawClient idle(server->port());
  server->stop(60'000);
  EXPECT_TRUE(idle.is_closed());
}

TEST(ServerTls, AStreamWhoseClientLeavesIsClosed) {
  const Certificate certificate;
  Router router;
  std::promise<void> closed;
  router.add_events("/", [&](const Request&) {
    EventAnswer answer;
    answer.opened = [](const std::shared_ptr<EventStream>& stream) {
      stream->send(std::make_shared<const std::string>("data: a\n\n"));
    };
    answer.closed = [&] { closed.set_value(); };
    return answer;
  });
  const auto server = start(std::move(router), options_with(certificate));
  const auto client = make_client(certificate.certificate_file());
  const auto take_one = [](std::string_view) { return false; };
  EXPECT_TRUE(client->stream(secure_call_to(*server, "/"), take_one));
  closed.get_future().wait();
}

TEST(ServerTls, ABadCertificateOrKeyIsAnError) {
  const Certificate certificate, other;
  ServerOptions options = options_with(certificate);
  options.key_file = other.key_file();
  const auto mixed = serve(simple_router(), options);
  ASSERT_FALSE(mixed);
  EXPECT_EQ(mixed.error().code, ErrorCode::invalid_input);
  options.key_file = "";
  EXPECT_FALSE(serve(simple_router(), options));
  options = options_with(certificate);
  options.certificate_file += ".none";
  EXPECT_FALSE(serve(simple_router(), options));
}

}  // namespace
}  // namespace aecos::http
