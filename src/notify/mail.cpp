// Mail: plain text and the same as HTML, which mail programs show as a browser of twenty years ago would: tables and
// inline styles, no images, no script.

#include <algorithm>

#include "base/sha256.h"
#include "notify/channels_internal.h"
#include "notify/mail_body_internal.h"
#include "notify/mime_internal.h"
#include "notify/text_internal.h"

namespace aecos::notify {
namespace {

using event::Story;

constexpr std::size_t recipients_max = 50, subject_max = 180;
constexpr std::string_view boundary = "=_aecos_alternative_";  // "=_" does not occur in quoted-printable.

// "aecos <aecos@example.org>" in its parts; the name may be empty.
struct Mailbox {
  std::string name, address;
};

Mailbox mailbox_of(const std::string& text) {
  const std::size_t bracket = text.rfind('<');
  if (bracket == std::string::npos || !text.ends_with('>')) return {"", text};
  std::string name = fit(text.substr(0, bracket), 100);
  if (name.size() > 1 && name.starts_with('"') && name.ends_with('"')) name = name.substr(1, name.size() - 2);
  return {name, text.substr(bracket + 1, text.size() - bracket - 2)};
}

std::string mailbox_text(const Mailbox& mailbox) {
  return mailbox.name.empty() ? mailbox.address : display_name(mailbox.name) + " <" + mailbox.address + ">";
}

std::string joined(const std::vector<std::string>& addresses) {
  std::string out;
  for (const std::string& address : addresses) out += (out.empty() ? "" : ",\r\n ") + address;
  return out;
}

// What a Message-ID is made of, whatever the text.
std::string token_of(std::string_view text) { return sha256_hex(text).substr(0, 24); }

std::string message_id(std::span<const Story> stories, const Sending& sending) {
  std::string ids;
  for (const Story& story : stories) ids += story.id + "\n";
  const std::string& id = stories.front().id;
  const std::string left = stories.size() > 1 ? "digest." + token_of(ids) : is_ascii_name(id, 120) ? id : token_of(id);
  return "<" + left + "@" + std::string(sending.hub_name) + ">";
}

// The same for all mails of a thread; no mail has it, but mail programs put together what refers to it.
std::string thread_id(const Story& story, const Sending& sending) {
  return "<thread." + token_of(story.project + "\n" + story.thread) + "@" + std::string(sending.hub_name) + ">";
}

std::string headers_of(const Target& target, std::span<const Story> stories, const Sending& sending) {
  std::string out = "Date: " + mail_date(sending.time_ms) + "\r\n";
  out += "From: " + mailbox_text(mailbox_of(target.mail_from)) + "\r\n";
  out += "To: " + joined(target.mail_to) + "\r\n";
  if (!target.mail_reply_to.empty()) out += "Reply-To: " + mailbox_text(mailbox_of(target.mail_reply_to)) + "\r\n";
  out += "Subject: " + header_text(fit(mail_subject(stories), subject_max)) + "\r\n";
  out += "Message-ID: " + message_id(stories, sending) + "\r\n";
  if (stories.size() == 1 && !stories.front().thread.empty()) {
    const std::string thread = thread_id(stories.front(), sending);
    out += "In-Reply-To: " + thread + "\r\nReferences: " + thread + "\r\n";
  }
  // Nobody's "I am on holiday" shall answer.
  out += "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n";
  if (!sending.unsubscribe_url.empty()) out += "List-Unsubscribe: <" + std::string(sending.unsubscribe_url) + ">\r\n";
  return out + "MIME-Version: 1.0\r\n";
}

std::string part_of(std::string_view type, const std::string& text) {
  return "--" + std::string(boundary) + "\r\nContent-Type: text/" + std::string(type) +
         "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + quoted_printable(text);
}

Result<> check_sending(const Sending& sending) {
  if (!is_ascii_name(sending.hub_name, 253))
    return Error{ErrorCode::invalid_input, "mail: the hub's name is no host name"};
  if (!sending.unsubscribe_url.empty() && !is_link(sending.unsubscribe_url, 900))
    return Error{ErrorCode::invalid_input, "mail: what leads to unsubscribing is no link"};
  return {};
}

Result<> check_mailbox(const std::string& text, const std::string& what) {
  if (http::is_mail_address(mailbox_of(text).address)) return {};
  return Error{ErrorCode::invalid_input, "mail: " + what + " is no mail address: '" + fit(text, 80) + "'"};
}

// A mailbox that does not exist or is closed (RFC 3463): it will not be there the next time either.
bool is_no_mailbox(const std::string& line) {
  for (const std::string_view code : {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"}) {
    if (line.find(code) == 4 && (line.size() == 4 + code.size() || line[4 + code.size()] == ' ')) return true;
  }
  return false;
}

std::string refusals_text(const http::MailAnswer& answer) {
  std::string out;
  for (const auto& refusal : answer.refused) {
    if (out.size() > 300) return out + " …";
    out += (out.empty() ? "" : "; ") + refusal.to + ": " + refusal.line;
  }
  return out;
}

}  // namespace

Result<> check_mail(const Target& target) {
  AECOS_TRY(check_mailbox(target.mail_from, "the sender"));
  if (!target.mail_reply_to.empty()) AECOS_TRY(check_mailbox(target.mail_reply_to, "the address for replies"));
  if (target.mail_to.empty() || target.mail_to.size() > recipients_max)
    return Error{ErrorCode::invalid_input, "mail: it goes to 1 address at least, and to 50 at most"};
  for (const std::string& to : target.mail_to) {
    if (!http::is_mail_address(to))
      return Error{ErrorCode::invalid_input, "mail: no mail address of a recipient: '" + fit(to, 80) + "'"};
  }
  return {};
}

Result<http::Mail> render_mail(const Target& target, std::span<const Story> stories, const Sending& sending) {
  AECOS_TRY(check_mail(target));
  AECOS_TRY(check_sending(sending));
  if (stories.empty()) return Error{ErrorCode::invalid_input, "mail: nothing to tell"};
  http::Mail mail;
  mail.from = mailbox_of(target.mail_from).address;
  mail.to = target.mail_to;
  mail.message = headers_of(target, stories, sending) + "Content-Type: multipart/alternative; boundary=\"" +
                 std::string(boundary) + "\"\r\n\r\n" + part_of("plain", mail_text(stories, sending.unsubscribe_url)) +
                 part_of("html", mail_html(stories, sending.unsubscribe_url)) + "--" + std::string(boundary) + "--\r\n";
  return mail;
}

Outcome judge(const http::MailAnswer& answer) {
  using Verdict = http::MailAnswer::Verdict;
  Outcome outcome;
  outcome.why = answer.refused.empty() ? answer.line : refusals_text(answer);
  if (answer.verdict == Verdict::accepted) {
    if (answer.refused.empty()) outcome.why.clear();
    return outcome;
  }
  const bool are_no_mailboxes =
      !answer.refused.empty() && std::all_of(answer.refused.begin(), answer.refused.end(),
                                             [](const auto& refusal) { return is_no_mailbox(refusal.line); });
  // What is wrong with the hub's own account is put right by an administrator; until then the mails wait.
  outcome.is_for_service = answer.is_about_us;
  if (answer.verdict == Verdict::again || answer.is_about_us)
    outcome.verdict = Outcome::Verdict::again;
  else
    outcome.verdict = are_no_mailboxes ? Outcome::Verdict::gone : Outcome::Verdict::refused;
  return outcome;
}

}  // namespace aecos::notify
