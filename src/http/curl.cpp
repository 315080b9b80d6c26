#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "http/ascii_internal.h"
#include "http/curl_internal.h"

namespace aecos::http {
namespace {

struct ReleaseUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct ReleaseText {
  void operator()(char* text) const { curl_free(text); }
};
using Url = std::unique_ptr<CURLU, ReleaseUrl>;

std::string part_of(const Url& url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, flags) != CURLUE_OK) return "";
  const std::unique_ptr<char, ReleaseText> owner(text);
  return text;
}

// The number of a port, and 0 of what is none.
std::uint16_t port_of(const std::string& text) {
  std::uint16_t port = 0;
  std::from_chars(text.data(), text.data() + text.size(), port);
  return port;
}

std::string without_brackets(std::string host) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return lower(host);
}

CURLcode trust(CURL*, void* context, void* file) {
  const bool is_read =
      SSL_CTX_load_verify_locations(static_cast<SSL_CTX*>(context), static_cast<const char*>(file), nullptr) == 1;
  return is_read ? CURLE_OK : CURLE_SSL_CACERT_BADFILE;
}

// Empty: neither IPv4 nor IPv6.
std::string ip_of(const sockaddr& address) {
  char text[INET6_ADDRSTRLEN] = {};
  const void* bytes = nullptr;
  if (address.sa_family == AF_INET) bytes = &reinterpret_cast<const sockaddr_in&>(address).sin_addr;
  if (address.sa_family == AF_INET6) bytes = &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  return bytes && inet_ntop(address.sa_family, bytes, text, sizeof text) ? text : "";
}

}  // namespace

Easy make_easy() {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  Easy easy(ready == CURLE_OK ? curl_easy_init() : nullptr);
  if (!easy) throw std::runtime_error("libcurl cannot be started");
  return easy;
}

void append(List& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (!longer) throw std::bad_alloc();
  (void)list.release();
  list.reset(longer);
}

long clamped(std::int64_t value) { return static_cast<long>(std::clamp<std::int64_t>(value, 0, 1'000'000'000)); }

Result<ParsedUrl> parse_url(const std::string& url, const std::string& scheme, const std::string& other_scheme) {
  const Url parsed(curl_url());
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
    return Error{ErrorCode::invalid_input, "not an address"};
  ParsedUrl result;
  Peer& peer = result.peer;
  peer.scheme = part_of(parsed, CURLUPART_SCHEME);
  if (peer.scheme != scheme && peer.scheme != other_scheme) {
    return Error{ErrorCode::invalid_input, "not an " + scheme + " or " + other_scheme + " address, but " + peer.scheme};
  }
  const std::string host = part_of(parsed, CURLUPART_HOST), port = part_of(parsed, CURLUPART_PORT);
  peer.host = without_brackets(host);
  peer.port = port_of(part_of(parsed, CURLUPART_PORT, CURLU_DEFAULT_PORT));
  result.shown = port.empty() ? host : host + ":" + port;
  result.has_credentials = !part_of(parsed, CURLUPART_USER).empty() || !part_of(parsed, CURLUPART_PASSWORD).empty();
  return result;
}

void trust_file(const Easy& easy, const std::string& ca_file) {
  if (ca_file.empty()) return;
  set_option(easy, CURLOPT_SSL_CTX_FUNCTION, trust);
  set_option(easy, CURLOPT_SSL_CTX_DATA, const_cast<char*>(ca_file.c_str()));
}

Result<> GuardedSockets::ask() {
  if (!guard_) return {};
  const std::string why = guard_(peer_);
  if (!why.empty()) return Error{ErrorCode::denied, peer_.host + ": " + why};
  return {};
}

void GuardedSockets::set_up(const Easy& easy) {
  if (!guard_) return;
  set_option(easy, CURLOPT_OPENSOCKETFUNCTION, &GuardedSockets::open);
  set_option(easy, CURLOPT_OPENSOCKETDATA, this);
  set_option(easy, CURLOPT_PROXY, "");
  set_option(easy, CURLOPT_NOPROXY, "*");
  // A connection that is open already was judged by nobody, or by another guard.
  set_option(easy, CURLOPT_FRESH_CONNECT, 1L);
  set_option(easy, CURLOPT_FORBID_REUSE, 1L);
}

curl_socket_t GuardedSockets::open(void* self, curlsocktype, curl_sockaddr* address) {
  try {
    return static_cast<GuardedSockets*>(self)->open_if_allowed(*address);
  } catch (...) {
    return CURL_SOCKET_BAD;  // No memory; libcurl says that it could not connect.
  }
}

curl_socket_t GuardedSockets::open_if_allowed(const curl_sockaddr& address) {
  Peer peer = peer_;
  peer.ip = ip_of(address.addr);
  const std::string why = peer.ip.empty() ? "neither IPv4 nor IPv6" : guard_(peer);
  if (!why.empty()) {
    refusal_ = why;
    return CURL_SOCKET_BAD;
  }
  ++opened_;
  return ::socket(address.family, address.socktype | SOCK_CLOEXEC, address.protocol);
}

}  // namespace aecos::http
