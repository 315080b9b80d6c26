#pragma once
// The outside of notifications: what a message looks like in Slack, Teams, Discord, a mail program or a program's
// webhook, and what an answer of such a service means. Everything here is a pure function: who sends, waits and tries
// again decides with what is said here. docs/NOTIFICATIONS.md tells how channels are set up.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/story.h"
#include "http/client.h"
#include "http/mail.h"
#include "http/message.h"

namespace aecos::notify {

enum class Kind : std::uint8_t { slack, teams, discord, webhook, mail };
std::string_view to_string(Kind kind);  // "slack" ...
Result<Kind> kind_of(std::string_view name);

// What a Teams workflow was made to take: a message with a card in it ("When a Teams webhook request is received"), or
// the card alone (some templates that post a card).
enum class TeamsForm : std::uint8_t { message, card };

// One address that messages go to.
struct Target {
  Kind kind = Kind::webhook;
  std::string url = {};  // Whoever knows it may post: a secret. Not of mail.
  // Of a webhook: signs with each, so that one can be replaced while the receiver knows either. "whsec_" and base64, or
  // any text, whose bytes are then the key. None: not signed.
  std::vector<std::string> secrets = {};
  TeamsForm teams_form = TeamsForm::message;
  std::string thread_id = {};  // Discord: digits; a thread or forum post to write in. May be empty.
  // Mail: addresses as "ana@example.org". `from` may have a name: "aecos <aecos@example.org>".
  std::vector<std::string> mail_to = {};
  std::string mail_from = {}, mail_reply_to = {};  // The latter may be empty.
};

// invalid_input: what is wrong with it, without the secret parts.
Result<> check(const Target& target);
// For people and logs: "Slack: https://hooks.slack.com/…", "mail to ana@example.org". No secret parts.
std::string shown(const Target& target);

// What a message has besides its story.
struct Sending {
  std::string id = {};               // The same in each attempt, so that a receiver can know it again. [A-Za-z0-9_.-]
  std::int64_t time_ms = 0;          // Now, since 1970.
  std::string_view event_json = {};  // Of a webhook: the sealed event, which is sent byte for byte.
  std::string_view hub_name = "aecos.invalid";  // Mail: right of the @ in Message-IDs; a host name.
  std::string_view unsubscribe_url = {};        // Mail: where one goes to get no more; https. May be empty.
};

// The request that posts it, without a guard: set Call::guard. Within every limit of the service, whatever the story
// holds. Not for mail. invalid_input: as check(); or no event for a webhook.
Result<http::Call> render(const Target& target, const event::Story& story, const Sending& sending);

// The mail of one story, or of several (at least one) as a digest, in their order.
Result<http::Mail> render_mail(const Target& target, std::span<const event::Story> stories, const Sending& sending);

struct Outcome {
  enum class Verdict : std::uint8_t {
    delivered,
    again,    // Not now; later it may go.
    refused,  // This message will never be taken; others may.
    gone,     // The channel is dead: stop using it and tell those who look after it.
  };
  Verdict verdict = Verdict::delivered;
  std::int64_t retry_after_ms = 0;  // `again`: not before; 0: as the sender's own plan says.
  std::int64_t pause_ms = 0;        // To keep before the next message to this target, whatever became of this one.
  bool is_rate_limit = false;       // `again`: there was too much, nothing is broken.
  bool is_for_service = false;      // The wait is for all targets of this kind, not for this one alone.
  std::string why = {};             // One line, without secrets; empty: delivered to all.
};

// What an answer means.
Outcome judge(const Target& target, const http::Response& response);
Outcome judge(const http::MailAnswer& answer);
// What it means that there was none (an error of Client::send or send_mail).
Outcome judge_failure(const Target& target, const Error& error);

}  // namespace aecos::notify
