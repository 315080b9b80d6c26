#include "notify/channel.h"

#include <algorithm>
#include <array>
#include <utility>

#include "notify/channels_internal.h"
#include "notify/text_internal.h"

namespace aecos::notify {
namespace {

constexpr std::array<std::pair<Kind, std::string_view>, 5> names = {{{Kind::slack, "slack"},
                                                                     {Kind::teams, "teams"},
                                                                     {Kind::discord, "discord"},
                                                                     {Kind::webhook, "webhook"},
                                                                     {Kind::mail, "mail"}}};
constexpr std::array<std::string_view, 5> titles = {"Slack", "Teams", "Discord", "webhook", "mail"};
constexpr std::size_t url_max = 2000;         // Teams' are long: 400 and more.
constexpr std::uint64_t answer_max = 65'536;  // What is said in more is not read.

Error refused(const Target& target, const std::string& what) {
  return {ErrorCode::invalid_input, std::string(to_string(target.kind)) + ": " + what};
}

// "https://hooks.slack.com" of an address.
std::string origin_of(const std::string& url) {
  const std::size_t scheme = url.find("://");
  return scheme == std::string::npos ? "" : url.substr(0, url.find_first_of("/?#", scheme + 3));
}

Result<> check_url(const Target& target) {
  if (!is_link(target.url, url_max))
    return refused(target, "the address must begin with https:// and have no blanks or brackets in it");
  if (origin_of(target.url).find('@') != std::string::npos)
    return refused(target, "no name or password may be in the address");
  return {};
}

bool is_digits(const std::string& text) {
  return text.size() <= 20 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string_view to_string(Kind kind) { return names[static_cast<std::size_t>(kind)].second; }

Result<Kind> kind_of(std::string_view name) {
  const auto found = std::find_if(names.begin(), names.end(), [&](const auto& known) { return known.second == name; });
  if (found == names.end())
    return Error{ErrorCode::invalid_input,
                 "no kind of channel: '" + std::string(name) + "'; there are slack, teams, discord, webhook and mail"};
  return found->first;
}

Result<> check(const Target& target) {
  if (target.kind == Kind::mail) return check_mail(target);
  AECOS_TRY(check_url(target));
  if (!is_digits(target.thread_id)) return refused(target, "a thread's id is a number, not '" + target.thread_id + "'");
  for (const std::string& secret : target.secrets) AECOS_TRY(webhook_key(secret));
  return {};
}

std::string shown(const Target& target) {
  const std::string title(titles[static_cast<std::size_t>(target.kind)]);
  if (target.kind != Kind::mail) return title + ": " + origin_of(target.url) + "/…";
  std::string out = title + " to ";
  for (const std::string& to : target.mail_to) out += (&to == &target.mail_to.front() ? "" : ", ") + to;
  return out;
}

http::Call json_call(const std::string& url, std::string body) {
  http::Call call;
  call.method = "POST";
  call.url = url;
  call.headers = {{"Content-Type", "application/json"}, {"User-Agent", "aecos"}};
  call.body = std::move(body);
  call.timeout_ms = 20'000;
  call.response_max = answer_max;
  call.may_cut_answer = true;
  return call;
}

Result<http::Call> render(const Target& target, const event::Story& story, const Sending& sending) {
  AECOS_TRY(check(target));
  if (!is_ascii_name(sending.id, 200)) return refused(target, "no id of a message: '" + sending.id + "'");
  switch (target.kind) {
    case Kind::slack:
      return render_slack(target, story);
    case Kind::teams:
      return render_teams(target, story);
    case Kind::discord:
      return render_discord(target, story);
    case Kind::webhook:
      return render_webhook(target, sending);
    case Kind::mail:
      break;
  }
  return refused(target, "a mail is no request; see render_mail");
}

Outcome judge(const Target& target, const http::Response& response) {
  switch (target.kind) {
    case Kind::slack:
      return judge_slack(target, response);
    case Kind::teams:
      return judge_teams(target, response);
    case Kind::discord:
      return judge_discord(target, response);
    default:
      return judge_webhook(target, response);
  }
}

Outcome judge_failure(const Target& target, const Error& error) {
  // The guard's no may be a name that leads somewhere else for a while; what can be no call stays none.
  Outcome outcome{error.code == ErrorCode::invalid_input ? Outcome::Verdict::gone : Outcome::Verdict::again};
  outcome.is_for_service = target.kind == Kind::mail && outcome.verdict == Outcome::Verdict::again;
  outcome.why = error.message;
  return outcome;
}

}  // namespace aecos::notify
