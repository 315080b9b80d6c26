#pragma once
// Where the hub may go when a user names an address: to the public internet, and not into the network it stands in
// (server-side request forgery). An address is judged when the connection is made, after its name was resolved: a name
// that leads somewhere else the second time, or an IP in an odd spelling, gains nothing.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace aecos::http {

// Why an IP ("192.0.2.1", "2001:db8::1", "fe80::1%eth0") is not one of the public internet: "a private address"; empty:
// it is one. An IPv6 address that carries an IPv4 one in it (mapped, compatible, 6to4, Teredo, NAT64) is not public.
std::string why_not_public(std::string_view ip);
bool is_public_address(std::string_view ip);

// Somebody the hub is about to talk to.
struct Peer {
  std::string scheme;      // "https", "http", "smtp", "smtps"
  std::string host;        // As in the URL, in lower case; an IPv6 address without brackets.
  std::uint16_t port = 0;  // Also if the URL has none.
  std::string ip;          // Of the socket; empty: nothing was resolved yet.
};

// Why not to talk to it; empty: go on. Asked before anything happens, and again for every socket that is opened.
using Guard = std::function<std::string(const Peer& peer)>;

// What an administrator allows.
struct OutgoingRule {
  // "HOST" or "HOST:PORT", as they stand in URLs ("10.0.0.5", "[fd00::1]:8443"): for these, and for them alone, http
  // and addresses that are not public are allowed. A HOST without a port: for all its ports.
  std::vector<std::string> allowed_hosts = {};
};
// invalid_input: an entry that can be no host; the message says which.
Result<> check(const OutgoingRule& rule);

// To other hosts: https on port 443 or 1024 and higher, SMTP on its ports 25, 465, 587 and 1024 and higher; and public
// addresses alone.
Guard guard_by(OutgoingRule rule);

}  // namespace aecos::http
