#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "http/ascii_internal.h"
#include "http/response_head_internal.h"

namespace aecos::http {
namespace {

constexpr std::array<std::pair<int, std::string_view>, 42> reasons = {{
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {203, "Non-Authoritative Information"},
    {204, "No Content"},
    {205, "Reset Content"},
    {206, "Partial Content"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {423, "Locked"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
}};

bool is_of_server(std::string_view name) {
  return is_same_word(name, "Content-Length") || is_same_word(name, "Transfer-Encoding") ||
         is_same_word(name, "Connection") || is_same_word(name, "Date");
}

void add_line(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::string_view reason_of(int status) {
  const auto* found = std::find_if(reasons.begin(), reasons.end(), [&](const auto& r) { return r.first == status; });
  return found == reasons.end() ? "Status" : found->second;
}

bool is_without_body(int status) { return status == 204 || status == 304; }

std::string http_date(std::time_t time) {
  constexpr std::array<const char*, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm utc{};
  ::gmtime_r(&time, &utc);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                days.at(static_cast<std::size_t>(utc.tm_wday)), utc.tm_mday,
                months.at(static_cast<std::size_t>(utc.tm_mon)), utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
                utc.tm_sec);
  return text.data();
}

void check_response(int status, const Headers& headers) {
  if (status < 200 || status > 599) throw std::invalid_argument("an answer of status " + std::to_string(status));
  for (const auto& [name, value] : headers) {
    if (name.empty() || !std::all_of(name.begin(), name.end(), is_token_letter) ||
        std::any_of(value.begin(), value.end(), [](char c) { return is_control(c) && c != '\t'; }))
      throw std::invalid_argument("an answer with a broken header " + name.substr(0, name.find_first_of("\r\n")));
  }
}

std::string response_head(int status, const Headers& headers, const Framing& framing, std::time_t now) {
  check_response(status, headers);
  std::string out = "HTTP/1.1 " + std::to_string(status) + " ";
  out.append(reason_of(status)).append("\r\n");
  add_line(out, "Date", http_date(now));
  for (const auto& [name, value] : headers) {
    if (!is_of_server(name)) add_line(out, name, value);
  }
  if (framing.content_length) add_line(out, "Content-Length", std::to_string(*framing.content_length));
  if (framing.is_chunked) add_line(out, "Transfer-Encoding", "chunked");
  if (!framing.keeps_open) add_line(out, "Connection", "close");
  return out += "\r\n";
}

}  // namespace aecos::http
