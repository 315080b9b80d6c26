#pragma once
// Sending a mail by SMTP (RFC 5321).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/public_address.h"

namespace aecos::http {

struct MailServer {
  std::string url;  // "smtp://mail.example.org:587" (STARTTLS), "smtps://mail.example.org" (TLS from the beginning)
  std::string user = {}, password = {};  // Empty user: no AUTH.
  bool may_be_plain = false;             // smtp: go on where the server has no STARTTLS; else that is an error.
  std::string ca_file = {};              // PEM of authorities to trust besides the system's; may be empty.
  std::string own_name = {};             // As the hub calls itself (EHLO); empty: this machine's name.
  std::int64_t timeout_ms = 60'000, connect_timeout_ms = 15'000;
  Guard guard = {};  // Empty: any server.
};

// "ana@example.org": ASCII, one '@', no quoted names, no IP in brackets.
bool is_mail_address(std::string_view text);

struct Mail {
  std::string from = {};             // Envelope: an address alone, "aecos@example.org".
  std::vector<std::string> to = {};  // Likewise; at least one.
  std::string message = {};          // RFC 5322: headers, an empty line, body; lines end with CRLF.
};

// What the server said.
struct MailAnswer {
  enum class Verdict : std::uint8_t {
    accepted,  // For at least one recipient.
    again,     // 4yz: later it may be taken.
    never,     // 5yz: it will not be taken.
  };
  Verdict verdict = Verdict::accepted;
  int status = 250;
  std::string line = {};  // The server's: "550 5.1.1 no such user"; printable, at most 200 characters.
  struct Refusal {
    std::string to;
    int status = 0;
    std::string line;
  };
  std::vector<Refusal> refused = {};  // Recipients it does not take, in their order; all of them, if not accepted.
  // It is the server that refuses all mail (the greeting, TLS, who we are, our password), not this mail.
  bool is_about_us = false;
};

// One connection, one mail. unavailable: no connection, a timeout, no STARTTLS, a broken answer; denied: the guard's
// no; invalid_input: an address or a message that cannot be sent. The message says which server and why, and no
// password. From any thread; blocks.
Result<MailAnswer> send_mail(const MailServer& server, const Mail& mail);

}  // namespace aecos::http
