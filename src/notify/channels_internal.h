#pragma once
// Each channel's own part of channel.h.

#include <string>

#include "notify/channel.h"

namespace aecos::notify {

http::Call render_slack(const Target& target, const event::Story& story);
Outcome judge_slack(const Target& target, const http::Response& response);

http::Call render_teams(const Target& target, const event::Story& story);
Outcome judge_teams(const Target& target, const http::Response& response);

http::Call render_discord(const Target& target, const event::Story& story);
Outcome judge_discord(const Target& target, const http::Response& response);

Result<http::Call> render_webhook(const Target& target, const Sending& sending);
Outcome judge_webhook(const Target& target, const http::Response& response);
// The key that a secret stands for. invalid_input: "whsec_" and no base64 of 16 bytes or more; or nothing.
Result<std::string> webhook_key(const std::string& secret);

Result<> check_mail(const Target& target);

// A POST of JSON.
http::Call json_call(const std::string& url, std::string body);

}  // namespace aecos::notify
