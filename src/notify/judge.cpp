#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "notify/judge_internal.h"
#include "notify/text_internal.h"

namespace aecos::notify {
namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::size_t excerpt_max = 120;
constexpr std::size_t secret_min = 8;  // Shorter parts of an address ("services") say nothing.

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number number = 0;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || stop != text.data() + text.size()) return {};
  return number;
}

// "Sun, 06 Nov 1994 08:49:37 GMT" as seconds since 1970.
std::optional<std::int64_t> seconds_of_http_date(std::string_view text) {
  using namespace std::chrono;
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 29 || !text.ends_with(" GMT")) return {};
  const std::size_t month_at = months.find(text.substr(8, 3));
  const auto d = number_in<unsigned>(text.substr(5, 2));
  const auto y = number_in<int>(text.substr(12, 4));
  const auto hour = number_in<int>(text.substr(17, 2)), minute = number_in<int>(text.substr(20, 2)),
             second = number_in<int>(text.substr(23, 2));
  if (month_at == std::string_view::npos || month_at % 3 != 0 || !d || !y || !hour || !minute || !second) return {};
  const year_month_day date(year(*y), month(static_cast<unsigned>(month_at / 3 + 1)), day(*d));
  if (!date.ok()) return {};
  return (sys_days(date).time_since_epoch() + hours(*hour) + minutes(*minute) + seconds(*second)) / seconds(1);
}

// What of an address only its owner knows: long parts of path and query.
std::string without_secrets(std::string text, std::string_view url) {
  const std::size_t scheme = url.find("://");
  std::size_t at = scheme == std::string_view::npos ? 0 : std::min(url.find('/', scheme + 3), url.size());
  while (at < url.size()) {
    const std::size_t end = std::min(url.find_first_of("/?&=", at), url.size());
    const std::string_view part = url.substr(at, end - at);
    for (std::size_t found = 0; part.size() >= secret_min && (found = text.find(part, found)) != std::string::npos;)
      text.replace(found, part.size(), "…");
    at = end + 1;
  }
  return text;
}

bool is_one_of(int status, std::initializer_list<int> list) {
  return std::find(list.begin(), list.end(), status) != list.end();
}

}  // namespace

std::optional<std::int64_t> retry_after_ms(const http::Headers& headers) {
  const std::string_view text = headers.get("Retry-After");
  if (text.empty()) return {};
  if (const auto seconds = number_in<double>(text); seconds && *seconds >= 0)
    return static_cast<std::int64_t>(std::min(*seconds * 1000, static_cast<double>(day_ms)));
  const auto then = seconds_of_http_date(text), now = seconds_of_http_date(headers.get("Date"));
  if (!then || !now) return {};
  return std::clamp<std::int64_t>((*then - *now) * 1000, 0, day_ms);
}

std::string why_of(const Target& target, const http::Response& response) {
  const std::string reason(http::reason_of(response.status));
  const std::string said = fit(without_secrets(response.body, target.url), excerpt_max);
  return std::to_string(response.status) + " " + (said.empty() ? reason : said);
}

Outcome again(const Target& target, const http::Response& response) {
  Outcome outcome{Outcome::Verdict::again};
  outcome.retry_after_ms = retry_after_ms(response.headers).value_or(0);
  outcome.is_rate_limit = response.status == 429;
  outcome.why = why_of(target, response);
  return outcome;
}

Outcome judge_status(const Target& target, const http::Response& response) {
  const int status = response.status;
  if (status / 100 == 2) return {};
  if (is_one_of(status, {408, 425, 429}) || status / 100 != 4) return again(target, response);
  const bool is_gone = is_one_of(status, {401, 403, 404, 410});
  Outcome outcome{is_gone ? Outcome::Verdict::gone : Outcome::Verdict::refused};
  outcome.why = why_of(target, response);
  return outcome;
}

}  // namespace aecos::notify
