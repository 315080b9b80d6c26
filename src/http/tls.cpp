#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>

#include "http/transport_internal.h"

namespace aecos::http {
namespace {

template <class T, void (*release)(T*)>
struct Release {
  void operator()(T* pointer) const { release(pointer); }
};
using SslContext = std::unique_ptr<SSL_CTX, Release<SSL_CTX, SSL_CTX_free>>;
using Ssl = std::unique_ptr<SSL, Release<SSL, SSL_free>>;
using BioMethod = std::unique_ptr<BIO_METHOD, Release<BIO_METHOD, BIO_meth_free>>;

int size_of(std::size_t size) { return static_cast<int>(std::min<std::size_t>(size, INT_MAX)); }

// OpenSSL's own socket BIO would raise SIGPIPE when the peer is gone.
int socket_of(BIO* bio) { return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio))); }

int bio_write(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const auto count = ::send(socket_of(bio), bytes, static_cast<std::size_t>(size), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_write(bio);
  return static_cast<int>(count);
}

int bio_read(BIO* bio, char* into, int size) {
  BIO_clear_retry_flags(bio);
  const auto count = ::recv(socket_of(bio), into, static_cast<std::size_t>(size), MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_read(bio);
  return static_cast<int>(count);
}

long bio_control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

BioMethod make_bio_method() {
  BioMethod method(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket"));
  BIO_meth_set_write(method.get(), bio_write);
  BIO_meth_set_read(method.get(), bio_read);
  BIO_meth_set_ctrl(method.get(), bio_control);
  return method;
}

class TlsTransport final : public Transport {
 public:
  explicit TlsTransport(Ssl ssl) : ssl_(std::move(ssl)) {}

  Step greet() override {
    ERR_clear_error();
    return step(SSL_accept(ssl_.get()), 0);
  }

  Step read(std::span<char> into) override {
    ERR_clear_error();
    const int count = SSL_read(ssl_.get(), into.data(), size_of(into.size()));
    return step(count, count);
  }

  Step write(std::string_view bytes) override {
    ERR_clear_error();
    const int count = SSL_write(ssl_.get(), bytes.data(), size_of(bytes.size()));
    return step(count, count);
  }

  void finish() override {
    ERR_clear_error();
    if (!is_broken_) SSL_shutdown(ssl_.get());
    ::shutdown(socket_of(SSL_get_wbio(ssl_.get())), SHUT_WR);
  }

 private:
  Step step(int result, int bytes) {
    if (result > 0) return {State::done, static_cast<std::size_t>(bytes)};
    switch (SSL_get_error(ssl_.get(), result)) {
      case SSL_ERROR_WANT_READ:
        return {State::wants_read, 0};
      case SSL_ERROR_WANT_WRITE:
        return {State::wants_write, 0};
      case SSL_ERROR_ZERO_RETURN:
        return {State::over, 0};
      default:
        is_broken_ = true;  // After which SSL_shutdown is not allowed.
        return {State::over, 0};
    }
  }

  Ssl ssl_;
  bool is_broken_ = false;
};

int choose_http_1_1(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
  static constexpr std::array<unsigned char, 9> spoken = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, size, spoken.data(), spoken.size(), offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

class RealTlsContext final : public TlsContext {
 public:
  explicit RealTlsContext(SslContext context) : context_(std::move(context)), method_(make_bio_method()) {}

  std::unique_ptr<Transport> accept(int socket) override {
    Ssl ssl(SSL_new(context_.get()));
    BIO* bio = BIO_new(method_.get());
    if (!ssl || !bio) {
      BIO_free(bio);
      throw std::bad_alloc();
    }
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(socket)));
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl.get(), bio, bio);
    return std::make_unique<TlsTransport>(std::move(ssl));
  }

 private:
  SslContext context_;
  BioMethod method_;
};

Error tls_error(const std::string& file) {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  return {ErrorCode::invalid_input, file + ": " + text.data()};
}

}  // namespace

Result<std::unique_ptr<TlsContext>> load_tls(const std::string& certificate_file, const std::string& key_file) {
  ERR_clear_error();
  SslContext context(SSL_CTX_new(TLS_server_method()));
  if (!context) return tls_error("TLS");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // Buffers go while a connection waits: 10 KB are left of 45.
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_alpn_select_cb(context.get(), choose_http_1_1, nullptr);
  // A key with a passphrase is an error; nobody is there to be asked.
  SSL_CTX_set_default_passwd_cb(context.get(), [](char*, int, int, void*) { return -1; });
  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate_file.c_str()) != 1)
    return tls_error(certificate_file);
  if (SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1)
    return tls_error(key_file);
  return std::unique_ptr<TlsContext>(std::make_unique<RealTlsContext>(std::move(context)));
}

}  // namespace aecos::http
