#include "http/mail.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "http/ascii_internal.h"
#include "http/curl_internal.h"

namespace aecos::http {
namespace {

constexpr std::size_t line_max = 200;

// What the server is answering to.
enum class Stage : std::uint8_t { greeting, hello, security, login, sender, recipient, content };

// What was sent before the answer came; the others do not matter.
Stage stage_of(std::string_view command, Stage now) {
  constexpr std::array<std::pair<std::string_view, Stage>, 7> commands = {{{"EHLO", Stage::hello},
                                                                           {"HELO", Stage::hello},
                                                                           {"STARTTLS", Stage::security},
                                                                           {"AUTH", Stage::login},
                                                                           {"MAIL", Stage::sender},
                                                                           {"RCPT", Stage::recipient},
                                                                           {"DATA", Stage::content}}};
  const auto found = std::find_if(commands.begin(), commands.end(),
                                  [&](const auto& known) { return command.starts_with(known.first); });
  return found == commands.end() ? now : found->second;
}

void add_printable(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (out.size() < line_max) out += is_control(c) || (static_cast<unsigned char>(c) & 0x80U) != 0 ? '?' : c;
  }
}

// Follows a conversation. libcurl tells how it went as a whole; which recipient was refused, and how, is only in what
// was said.
class Listener {
 public:
  explicit Listener(const std::vector<std::string>& recipients) : recipients_(recipients) {}
  void sent(std::string_view command);
  void came(std::string_view line);

  // The last answer that said no.
  struct No {
    Stage stage = Stage::greeting;
    int status = 0;
    std::string line;
  };
  const std::optional<No>& no() const { return no_; }
  const std::vector<MailAnswer::Refusal>& refused() const { return refused_; }
  int status() const { return status_; }
  const std::string& line() const { return line_; }

 private:
  void ended();

  const std::vector<std::string>& recipients_;
  Stage stage_ = Stage::greeting;
  std::size_t asked_ = 0;  // Recipients.
  bool is_continued_ = false;
  int status_ = 0;
  std::string line_;
  std::optional<No> no_;
  std::vector<MailAnswer::Refusal> refused_;
};

void Listener::sent(std::string_view command) {
  if (command.starts_with("QUIT")) return;
  stage_ = stage_of(command, stage_);
  if (command.starts_with("RCPT")) ++asked_;
}

void Listener::came(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  int status = 0;
  const auto [stop, code] = std::from_chars(line.data(), line.data() + line.size(), status);
  if (code != std::errc() || stop != line.data() + 3) return;
  if (is_continued_) {
    add_printable(line_, " ");
    add_printable(line_, line.substr(std::min<std::size_t>(4, line.size())));
  } else {
    line_.clear();
    add_printable(line_, line);
  }
  status_ = status;
  is_continued_ = line.size() > 3 && line[3] == '-';
  if (!is_continued_) ended();
}

void Listener::ended() {
  if (status_ < 400) return;
  no_ = No{stage_, status_, line_};
  if (stage_ == Stage::recipient && asked_ > 0 && asked_ <= recipients_.size())
    refused_.push_back({recipients_[asked_ - 1], status_, line_});
}

int debug_callback(CURL*, curl_infotype type, char* bytes, std::size_t count, void* listener) {
  try {
    if (type == CURLINFO_HEADER_OUT) static_cast<Listener*>(listener)->sent({bytes, count});
    if (type == CURLINFO_HEADER_IN) static_cast<Listener*>(listener)->came({bytes, count});
  } catch (const std::bad_alloc&) {
    return 1;  // Not heeded by libcurl; the answer is then without what was not heard.
  }
  return 0;
}

struct Source {
  std::string_view rest;
};
std::size_t read_callback(char* into, std::size_t, std::size_t room, void* source) {
  std::string_view& rest = static_cast<Source*>(source)->rest;
  const std::size_t count = std::min(room, rest.size());
  std::memcpy(into, rest.data(), count);
  rest.remove_prefix(count);
  return count;
}
std::size_t ignore_callback(char*, std::size_t, std::size_t count, void*) { return count; }

bool is_mailbox_letter(char c) {
  return is_alphanumeric(c) || std::string_view(".!#$%&'*+/=?^_`{|}~-").find(c) != std::string_view::npos;
}
bool is_host_name(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_alphanumeric(c) || c == '-' || c == '.'; });
}

// Without an empty line, all would be headers; a line break alone is understood by some servers as one and by others
// not, with which a text could end a mail and begin another.
bool has_only_crlf(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\0') return false;
    if (text[at] == '\n' && (at == 0 || text[at - 1] != '\r')) return false;
    if (text[at] == '\r' && (at + 1 == text.size() || text[at + 1] != '\n')) return false;
  }
  return true;
}

Result<> check(const MailServer& server, const Mail& mail) {
  const auto refused = [](const std::string& what) { return Error{ErrorCode::invalid_input, what}; };
  if (!is_mail_address(mail.from)) return refused("not a mail address: '" + mail.from + "'");
  if (mail.to.empty()) return refused("a mail to nobody");
  for (const std::string& to : mail.to) {
    if (!is_mail_address(to)) return refused("not a mail address: '" + to + "'");
  }
  if (!has_only_crlf(mail.message) || mail.message.find("\r\n\r\n") == std::string::npos)
    return refused("not a mail: headers, an empty line and a body, in lines that end with CRLF");
  if (!server.own_name.empty() && !is_host_name(server.own_name))
    return refused("not a host name: '" + server.own_name + "'");
  return {};
}

// "smtp://mail.example.org:587/hub.example.org": the path is what libcurl says in EHLO.
std::string url_of(const MailServer& server, const ParsedUrl& url) {
  const std::string own_name = server.own_name.empty() ? "" : "/" + server.own_name;
  return url.peer.scheme + "://" + url.shown + own_name;
}

class Submission {
 public:
  Submission(const MailServer& server, const Mail& mail, const ParsedUrl& url)
      : server_(server), mail_(mail), url_(url), sockets_(server.guard, url.peer), listener_(mail.to) {}
  Result<MailAnswer> perform();

 private:
  void set_up();
  void set_up_login();
  Result<MailAnswer> answer(CURLcode code) const;
  MailAnswer refusal() const;

  const MailServer& server_;
  const Mail& mail_;
  const ParsedUrl& url_;
  GuardedSockets sockets_;
  Listener listener_;
  Source source_{mail_.message};
  List recipients_;
  std::array<char, CURL_ERROR_SIZE> error_{};
  Easy easy_ = make_easy();  // Last: it refers to the others.
};

void Submission::set_up_login() {
  if (!server_.user.empty()) {
    set_option(easy_, CURLOPT_USERNAME, server_.user.c_str());
    set_option(easy_, CURLOPT_PASSWORD, server_.password.c_str());
  }
  set_option(easy_, CURLOPT_USE_SSL, static_cast<long>(server_.may_be_plain ? CURLUSESSL_TRY : CURLUSESSL_ALL));
  trust_file(easy_, server_.ca_file);
}

void Submission::set_up() {
  set_option(easy_, CURLOPT_URL, url_of(server_, url_).c_str());
  set_option(easy_, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set_option(easy_, CURLOPT_PROXY, "");
  set_option(easy_, CURLOPT_NOSIGNAL, 1L);
  set_option(easy_, CURLOPT_ERRORBUFFER, error_.data());
  set_option(easy_, CURLOPT_TIMEOUT_MS, clamped(server_.timeout_ms));
  set_option(easy_, CURLOPT_CONNECTTIMEOUT_MS, clamped(server_.connect_timeout_ms));
  set_up_login();
  set_option(easy_, CURLOPT_MAIL_FROM, mail_.from.c_str());
  for (const std::string& to : mail_.to) append(recipients_, to);
  set_option(easy_, CURLOPT_MAIL_RCPT, recipients_.get());
  set_option(easy_, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
  set_option(easy_, CURLOPT_UPLOAD, 1L);
  set_option(easy_, CURLOPT_READFUNCTION, read_callback);
  set_option(easy_, CURLOPT_READDATA, &source_);
  set_option(easy_, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(mail_.message.size()));
  set_option(easy_, CURLOPT_WRITEFUNCTION, ignore_callback);
  set_option(easy_, CURLOPT_VERBOSE, 1L);
  set_option(easy_, CURLOPT_DEBUGFUNCTION, debug_callback);
  set_option(easy_, CURLOPT_DEBUGDATA, &listener_);
  sockets_.set_up(easy_);
}

// Of a server that said no.
MailAnswer Submission::refusal() const {
  const Listener::No& no = *listener_.no();
  MailAnswer answer;
  answer.status = no.status;
  answer.line = no.line;
  answer.refused = listener_.refused();
  // What the sender gets as an answer is about us, unless the mail is too large. 421: it closes.
  answer.is_about_us = no.status == 421 || no.stage < Stage::sender || (no.stage == Stage::sender && no.status != 552);
  const bool is_again = no.status < 500 || std::any_of(answer.refused.begin(), answer.refused.end(),
                                                       [](const MailAnswer::Refusal& one) { return one.status < 500; });
  answer.verdict = is_again ? MailAnswer::Verdict::again : MailAnswer::Verdict::never;
  return answer;
}

Result<MailAnswer> Submission::answer(CURLcode code) const {
  if (code == CURLE_OK) {
    MailAnswer accepted;
    accepted.status = listener_.status();
    accepted.line = listener_.line();
    accepted.refused = listener_.refused();
    return accepted;
  }
  if (const std::string no = sockets_.refusal(); !no.empty()) return Error{ErrorCode::denied, url_.shown + ": " + no};
  // Without an answer: a connection that broke after some recipients were refused is no refusal of the mail.
  const bool is_broken = code == CURLE_OPERATION_TIMEDOUT || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING;
  if (listener_.no() && !is_broken) return refusal();
  return Error{ErrorCode::unavailable, url_.shown + ": " + (error_[0] ? error_.data() : curl_easy_strerror(code))};
}

Result<MailAnswer> Submission::perform() {
  AECOS_TRY(sockets_.ask());
  set_up();
  return answer(curl_easy_perform(easy_.get()));
}

}  // namespace

bool is_mail_address(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == 0 || at == std::string_view::npos || at > 64 || text.size() > 254) return false;
  const std::string_view name = text.substr(0, at), host = text.substr(at + 1);
  return std::all_of(name.begin(), name.end(), is_mailbox_letter) && is_host_name(host) && !name.starts_with('-') &&
         !host.starts_with('.') && !host.ends_with('.') && !host.starts_with('-');
}

Result<MailAnswer> send_mail(const MailServer& server, const Mail& mail) {
  AECOS_TRY(check(server, mail));
  AECOS_TRY_ASSIGN(const ParsedUrl url, parse_url(server.url, "smtp", "smtps"));
  if (url.has_credentials)
    return Error{ErrorCode::invalid_input, url.shown + ": no name or password may be in the address of a mail server"};
  return Submission(server, mail, url).perform();
}

}  // namespace aecos::http
