#pragma once
// What all that speaks through libcurl has in common.

#include <curl/curl.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "http/public_address.h"

namespace aecos::http {

struct ReleaseEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct ReleaseList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, ReleaseEasy>;
using List = std::unique_ptr<curl_slist, ReleaseList>;

Easy make_easy();  // Throws std::runtime_error where libcurl cannot be started.
void append(List& list, const std::string& line);

template <class Value>
void set_option(const Easy& easy, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(easy.get(), option, value);
  if (code != CURLE_OK) throw std::runtime_error(std::string("libcurl: ") + curl_easy_strerror(code));
}

long clamped(std::int64_t value);

// What an address leads to, without the IP, as libcurl itself understands it.
struct ParsedUrl {
  Peer peer;
  std::string shown;  // "hub.example.org:8443"
  bool has_credentials = false;
};
// invalid_input: no address, or not of a scheme of this list ("http or https").
Result<ParsedUrl> parse_url(const std::string& url, const std::string& scheme, const std::string& other_scheme);

// Trusts the authorities of that file too; it must live as long as the transfer. Empty: nothing.
void trust_file(const Easy& easy, const std::string& ca_file);

// Opens sockets where a guard lets it, and remembers why it did not. Must live as long as the transfer.
class GuardedSockets {
 public:
  GuardedSockets(const Guard& guard, Peer peer) : guard_(guard), peer_(std::move(peer)) {}
  Result<> ask();                 // Before anything is opened. denied: the guard's no.
  void set_up(const Easy& easy);  // If there is a guard; also: no proxy, no connection from before.
  // Where no socket could be opened: the guard's no to the last one. Empty: something else was wrong.
  std::string refusal() const { return opened_ > 0 ? "" : refusal_; }

 private:
  static curl_socket_t open(void* self, curlsocktype purpose, curl_sockaddr* address);
  curl_socket_t open_if_allowed(const curl_sockaddr& address);

  const Guard& guard_;
  Peer peer_;
  std::string refusal_;
  int opened_ = 0;
};

}  // namespace aecos::http
