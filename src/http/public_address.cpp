#include "http/public_address.h"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <span>
#include <utility>

#include "http/ascii_internal.h"

namespace aecos::http {
namespace {

namespace ip = boost::asio::ip;
using Bytes = std::span<const unsigned char>;

// The first `bits` bits of these bytes (and zeros) are those of what must not be talked to.
struct Range {
  std::array<unsigned char, 16> bytes;
  unsigned bits;
  const char* why;
};

constexpr const char* is_private = "a private address";
constexpr const char* is_local = "an address of this machine";
constexpr const char* is_link_local = "a link-local address (as of a cloud's metadata)";
constexpr const char* is_special = "an address for a special purpose";
constexpr const char* is_example = "an address for examples in documents";
constexpr const char* is_embedded = "an IPv6 address that stands for an IPv4 address";
constexpr const char* is_multicast = "a multicast address";

constexpr std::array<Range, 17> ranges_v4 = {{
    {{0}, 8, "no address of a machine"},
    {{10}, 8, is_private},
    {{100, 64}, 10, "an address inside a provider's network"},
    {{127}, 8, is_local},
    {{168, 63, 129, 16}, 32, "an address of a cloud's own services"},
    {{169, 254}, 16, is_link_local},
    {{172, 16}, 12, is_private},
    {{192, 0, 0}, 24, is_special},
    {{192, 0, 2}, 24, is_example},
    {{192, 88, 99}, 24, is_special},
    {{192, 168}, 16, is_private},
    {{198, 18}, 15, "an address for measurements"},
    {{198, 51, 100}, 24, is_example},
    {{203, 0, 113}, 24, is_example},
    {{224}, 4, is_multicast},
    {{255, 255, 255, 255}, 32, "the broadcast address"},
    {{240}, 4, "a reserved address"},
}};

// In this order: what is not in 2000::/3 is not in use.
constexpr std::array<Range, 16> ranges_v6 = {{
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 128, "no address of a machine"},
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, is_local},
    {{0}, 96, is_embedded},                                         // Compatible.
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, is_embedded},  // Mapped.
    {{0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0}, 96, is_embedded},  // Translated.
    {{0, 0x64, 0xff, 0x9b}, 96, is_embedded},                       // NAT64.
    {{0, 0x64, 0xff, 0x9b, 0, 1}, 48, is_embedded},                 // NAT64 of a network of one's own.
    {{0x01}, 64, is_special},                                       // Discarded.
    {{0xfc}, 7, is_private},                                        // Clouds' metadata too.
    {{0xfe, 0x80}, 10, is_link_local},
    {{0xfe, 0xc0}, 10, is_private},
    {{0xff}, 8, is_multicast},
    {{0x20, 0x01}, 23, is_special},  // Teredo, benchmarks, ORCHID.
    {{0x20, 0x01, 0x0d, 0xb8}, 32, is_example},
    {{0x20, 0x02}, 16, is_embedded},  // 6to4.
    {{0x3f, 0xfe}, 15, is_example},   // And the former 6bone: 3ffe::/16, 3fff::/20.
}};
constexpr Range global_unicast = {{0x20}, 3, "an address that is not in use"};

bool is_in(Bytes address, const Range& range) {
  for (unsigned bit = 0; bit < range.bits; ++bit) {
    const unsigned mask = 0x80U >> bit % 8;
    if ((address[bit / 8] & mask) != (range.bytes[bit / 8] & mask)) return false;
  }
  return true;
}

std::string why_in(Bytes address, std::span<const Range> ranges) {
  const auto found = std::find_if(ranges.begin(), ranges.end(), [&](const Range& r) { return is_in(address, r); });
  return found == ranges.end() ? "" : found->why;
}

// An interface id of ISATAP (RFC 5214): the last four bytes are an IPv4 address, which the packets go to.
bool is_isatap(Bytes address) {
  return (address[8] & 0xfdU) == 0 && address[9] == 0 && address[10] == 0x5e && address[11] == 0xfe;
}

std::string why_not_public_v6(Bytes address) {
  if (std::string why = why_in(address, ranges_v6); !why.empty()) return why;
  if (!is_in(address, global_unicast)) return global_unicast.why;
  return is_isatap(address) ? is_embedded : "";
}

bool is_port_usual(const Peer& peer) {
  if (peer.port >= 1024) return true;
  if (peer.scheme == "https") return peer.port == 443;
  return peer.scheme.starts_with("smtp") && (peer.port == 25 || peer.port == 465 || peer.port == 587);
}

// "[fd00::1]:8443" in its parts; port 0: none was given.
struct AllowedHost {
  std::string host;
  std::uint16_t port = 0;
};

Result<AllowedHost> allowed_host_of(const std::string& entry) {
  const Error error{ErrorCode::invalid_input, "not a host, or a host and a port: '" + entry + "'"};
  const bool has_brackets = entry.starts_with('[');
  const std::size_t colon = entry.find(':', has_brackets ? std::min(entry.find(']'), entry.size()) : 0);
  // More than one: an IPv6 address, which without brackets has no port.
  const bool has_port = colon != std::string::npos && (has_brackets || entry.find(':', colon + 1) == std::string::npos);
  AllowedHost allowed = {entry.substr(0, has_port ? colon : entry.size())};
  if (has_port) {
    const char* const end = entry.data() + entry.size();
    const auto [stop, code] = std::from_chars(entry.data() + colon + 1, end, allowed.port);
    if (code != std::errc() || stop != end || allowed.port == 0) return error;
  }
  if (has_brackets) {
    if (!allowed.host.ends_with(']')) return error;
    allowed.host = allowed.host.substr(1, allowed.host.size() - 2);
  }
  allowed.host = lower(allowed.host);
  boost::system::error_code code;
  const bool is_v6 = (void(ip::make_address_v6(allowed.host, code)), !code);
  const auto is_name_letter = [](char c) { return is_alphanumeric(c) || c == '-' || c == '.' || c == '_'; };
  const bool is_name = !allowed.host.empty() && std::all_of(allowed.host.begin(), allowed.host.end(), is_name_letter);
  if (has_brackets ? !is_v6 : !is_v6 && !is_name) return error;
  return allowed;
}

bool is_same_host(const std::string& a, const std::string& b) {
  boost::system::error_code code_a, code_b;
  const ip::address_v6 ip_a = ip::make_address_v6(a, code_a), ip_b = ip::make_address_v6(b, code_b);
  return code_a || code_b ? a == b : ip_a == ip_b;
}

bool is_allowed(const OutgoingRule& rule, const Peer& peer) {
  return std::any_of(rule.allowed_hosts.begin(), rule.allowed_hosts.end(), [&](const std::string& entry) {
    const auto allowed = allowed_host_of(entry);
    return allowed && is_same_host(allowed->host, peer.host) && (allowed->port == 0 || allowed->port == peer.port);
  });
}

}  // namespace

std::string why_not_public(std::string_view text) {
  boost::system::error_code code;
  const ip::address address = ip::make_address(std::string(text), code);
  if (code) return "no IP address";
  if (address.is_v4()) return why_in(address.to_v4().to_bytes(), ranges_v4);
  return why_not_public_v6(address.to_v6().to_bytes());
}

bool is_public_address(std::string_view ip) { return why_not_public(ip).empty(); }

Result<> check(const OutgoingRule& rule) {
  for (const std::string& entry : rule.allowed_hosts) AECOS_TRY(allowed_host_of(entry));
  return {};
}

Guard guard_by(OutgoingRule rule) {
  return [rule = std::move(rule)](const Peer& peer) -> std::string {
    if (is_allowed(rule, peer)) return "";
    if (peer.scheme == "http") return "an https address is needed";
    if (!is_port_usual(peer)) return "port " + std::to_string(peer.port) + " is not for " + peer.scheme;
    if (peer.ip.empty()) return "";
    const std::string why = why_not_public(peer.ip);
    return why.empty() ? "" : peer.ip + " is " + why + "; an administrator can allow this host";
  };
}

}  // namespace aecos::http
