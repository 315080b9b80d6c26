#include <algorithm>
#include <charconv>

#include "base/utf8.h"
#include "http/ascii_internal.h"
#include "http/request_head_internal.h"

namespace aecos::http {
namespace {

constexpr std::size_t request_line_max = 8192;
constexpr std::size_t header_count_max = 100;
constexpr std::uint64_t content_length_max = 1ULL << 62U;

Refusal bad(std::string detail) { return {400, std::move(detail)}; }

bool is_token(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_token_letter); }

// A line, without its end, off the front of `rest`.
std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find("\r\n");
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(line.size() + 2);
  return line;
}

bool is_host_name(std::string_view text) {
  constexpr std::string_view others = "-._~!$&'()*+,;=%";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_alphanumeric(c) || others.find(c) != std::string_view::npos;
  });
}

bool is_host(std::string_view text) {
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos || end < 3) return false;
    const std::string_view address = text.substr(1, end - 1);
    if (!std::all_of(address.begin(), address.end(), [](char c) { return hex_value(c) >= 0 || c == ':' || c == '.'; }))
      return false;
    port = text.substr(end + 1);
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    if (!is_host_name(text.substr(0, colon))) return false;
    port = text.substr(colon);
  }
  return port.empty() || (port[0] == ':' && port.size() <= 6 && std::all_of(port.begin() + 1, port.end(), is_digit));
}

std::optional<Refusal> decode_query(std::string_view text, std::vector<std::pair<std::string, std::string>>& query) {
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), item.size() + 1));
    if (item.empty()) continue;
    const std::size_t equals = std::min(item.find('='), item.size());
    std::string name, value;
    if (!percent_decode(item.substr(0, equals), true, name) ||
        !percent_decode(item.substr(std::min(item.size(), equals + 1)), true, value))
      return bad("a query that is not well-formed");
    if (!is_utf8(name) || !is_utf8(value) || (name + value).find('\0') != std::string::npos)
      return bad("a query that is not UTF-8 text");
    query.emplace_back(std::move(name), std::move(value));
  }
  return std::nullopt;
}

std::optional<Refusal> decode_path(std::string_view text, std::string& path) {
  if (!percent_decode(text, false, path)) return bad("a path that is not well-formed");
  // Otherwise one segment could turn into two.
  if (std::count(path.begin(), path.end(), '/') != std::count(text.begin(), text.end(), '/'))
    return bad("a path with an encoded slash");
  if (!is_utf8(path)) return bad("a path that is not UTF-8");
  if (std::any_of(path.begin(), path.end(), is_control)) return bad("a path with control characters");
  if (path == "/") return std::nullopt;
  std::string_view rest = path;
  while (!rest.empty()) {
    const std::string_view segment = rest.substr(1, rest.find('/', 1) - 1);
    rest.remove_prefix(segment.size() + 1);
    if (segment.empty() && rest.empty()) break;  // One that ends with a slash is a path of its own.
    if (segment.empty() || segment == "." || segment == "..") return bad("a path with an empty, '.' or '..' segment");
  }
  return std::nullopt;
}

// "http://HOST/PATH" -> HOST; `target` becomes "/PATH".
std::optional<Refusal> take_authority(std::string_view& target, std::string_view& host) {
  const std::size_t colon = target.find("://");
  const std::string_view scheme = target.substr(0, colon);
  if (colon == std::string_view::npos || !(is_same_word(scheme, "http") || is_same_word(scheme, "https")))
    return bad("a request target that is neither a path nor an http address");
  target.remove_prefix(colon + 3);
  host = target.substr(0, target.find_first_of("/?"));
  target.remove_prefix(host.size());
  if (!target.starts_with('/')) return bad("a request target without a path");
  if (!is_host(host)) return bad("a request target with a bad host");
  return std::nullopt;
}

std::optional<Refusal> parse_request_line(std::string_view line, RequestHead& head, std::string_view& host) {
  const std::size_t first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return bad("no request line");
  const std::string_view method = line.substr(0, first), version = line.substr(last + 1);
  std::string_view target = line.substr(first + 1, last - first - 1);
  if (!is_token(method)) return bad("no request line");
  if (version.size() != 8 || !version.starts_with("HTTP/") || !is_digit(version[5]) || version[6] != '.' ||
      !is_digit(version[7]))
    return bad("no request line");
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return Refusal{505, "only HTTP/1.1 and HTTP/1.0 are spoken here"};
  if (target.empty() || std::any_of(target.begin(), target.end(), [](char c) { return c < 0x21 || c > 0x7E; }) ||
      target.find('#') != std::string_view::npos)
    return bad("a request target with characters that must be encoded");
  head.method = method;
  head.target = target;
  head.is_1_0 = version == "HTTP/1.0";
  if (!target.starts_with('/')) {
    if (auto refusal = take_authority(target, host)) return refusal;
  }
  const std::size_t query = std::min(target.find('?'), target.size());
  if (auto refusal = decode_path(target.substr(0, query), head.path)) return refusal;
  return decode_query(target.substr(std::min(target.size(), query + 1)), head.query);
}

std::optional<Refusal> parse_header(std::string_view line, Headers& headers) {
  if (line.starts_with(' ') || line.starts_with('\t')) return bad("a header that is folded");
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return bad("a header without a proper name");
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (std::any_of(value.begin(), value.end(), [](char c) { return is_control(c) && c != '\t'; }))
    return bad("a header with control characters");
  headers.add(std::string(line.substr(0, colon)), std::string(value));
  return std::nullopt;
}

std::ptrdiff_t count_of(const Headers& headers, std::string_view name) {
  return std::count_if(headers.begin(), headers.end(), [&](const auto& h) { return is_same_word(h.first, name); });
}

// How long the body is. Whatever two programs might understand in two ways is refused (RFC 9112, section 11.2).
std::optional<Refusal> parse_framing(RequestHead& head) {
  const auto lengths = count_of(head.headers, "Content-Length"), codings = count_of(head.headers, "Transfer-Encoding");
  if (codings > 0) {
    if (lengths > 0) return bad("both Content-Length and Transfer-Encoding");
    if (head.is_1_0) return bad("Transfer-Encoding in HTTP/1.0");
    if (codings > 1 || !is_same_word(head.headers.get("Transfer-Encoding"), "chunked"))
      return bad("a Transfer-Encoding other than chunked");
    head.is_chunked = true;
  }
  if (lengths > 1) return bad("more than one Content-Length");
  if (lengths == 0) return std::nullopt;
  const std::string_view text = head.headers.get("Content-Length");
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), head.content_length);
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit) || failed != std::errc() ||
      end != text.data() + text.size() || head.content_length > content_length_max)
    return bad("a Content-Length that is no number");
  return std::nullopt;
}

std::optional<Refusal> parse_host(const RequestHead& head, std::string_view host_of_target) {
  const auto hosts = count_of(head.headers, "Host");
  if (hosts > 1) return bad("more than one Host");
  if (hosts == 0) return head.is_1_0 ? std::nullopt : std::optional(bad("no Host"));
  const std::string_view host = head.headers.get("Host");
  if (!is_host(host)) return bad("a bad Host");
  if (!host_of_target.empty() && !is_same_word(host, host_of_target)) return bad("a Host that is not the target's");
  return std::nullopt;
}

std::optional<Refusal> parse_wishes(RequestHead& head) {
  head.keeps_open = !head.is_1_0;
  for (const auto& [name, value] : head.headers) {
    if (is_same_word(name, "Connection")) {
      for (std::string_view rest = value; !rest.empty();) {
        const std::string_view word = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(rest.size(), word.size() + 1));
        if (is_same_word(trimmed(word), "close")) head.keeps_open = false;
      }
    } else if (is_same_word(name, "Expect") && !head.is_1_0) {
      if (!is_same_word(value, "100-continue")) return Refusal{417, "an expectation that cannot be met"};
      head.expects_continue = head.is_chunked || head.content_length > 0;
    }
  }
  return std::nullopt;
}

}  // namespace

std::variant<std::monostate, std::size_t, Refusal> HeadScanner::scan(std::string_view bytes) {
  for (; at_ < bytes.size(); ++at_) {
    if (at_ >= size_max_) return has_first_line_ ? Refusal{431, "headers too long"} : Refusal{414, "a target too long"};
    if (!has_first_line_ && at_ >= request_line_max) return Refusal{414, "a target too long"};
    if (bytes[at_] != '\n') {
      // At once, so that who speaks TLS, say, need not wait for the end of the headers.
      if (is_control(bytes[at_]) && bytes[at_] != '\r' && bytes[at_] != '\t') return bad("control characters");
      continue;
    }
    if (at_ == 0 || bytes[at_ - 1] != '\r') return bad("a line that does not end with CR LF");
    if (line_ + 1 == at_ && has_first_line_) return at_ + 1;
    // One empty line before a request is allowed: some clients end a body with one.
    if (line_ + 1 == at_ && line_ > 0) return bad("no request line");
    has_first_line_ = has_first_line_ || line_ + 1 != at_;
    line_ = at_ + 1;
  }
  return std::monostate();
}

std::variant<RequestHead, Refusal> parse_head(std::string_view head) {
  RequestHead parsed;
  std::string_view host_of_target;
  if (head.starts_with("\r\n")) head.remove_prefix(2);
  if (!head.ends_with("\r\n\r\n")) return bad("no request");
  head.remove_suffix(2);
  if (auto refusal = parse_request_line(take_line(head), parsed, host_of_target)) return *std::move(refusal);
  for (std::size_t count = 0; !head.empty(); ++count) {
    if (count == header_count_max) return Refusal{431, "too many headers"};
    if (auto refusal = parse_header(take_line(head), parsed.headers)) return *std::move(refusal);
  }
  if (auto refusal = parse_host(parsed, host_of_target)) return *std::move(refusal);
  if (auto refusal = parse_framing(parsed)) return *std::move(refusal);
  if (auto refusal = parse_wishes(parsed)) return *std::move(refusal);
  return parsed;
}

}  // namespace aecos::http
