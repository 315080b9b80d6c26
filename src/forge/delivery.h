#pragma once
// What a forge tells the hub: deliveries of its webhooks, verified and in one form.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "forge/settings.h"
#include "http/message.h"

namespace aecos::forge {

// Texts are users' own, on one line and of limited length; what is not known is empty.
struct Delivery {
  enum class What : std::uint8_t {
    other,  // Something true that is of no use here: a ping, a label.
    push,
    pull_request,  // A merge request in GitLab.
    review,
    team,
  };
  What what = What::other;
  std::string id = {};     // Of this delivery, as the forge says. Not under the signature in GitHub and Gitea.
  std::string event = {};  // As the forge calls it: "pull_request", "Merge Request Hook".
  // pull_request: "opened", "updated", "merged", "closed"; review: "approved", "changes-requested", "commented",
  // "dismissed"; team: "added", "removed", "changed".
  std::string action = {};
  std::string repository = {};  // "acme/house"
  std::string branch = {};      // Of a push; of a pull request the source.
  std::string target = {};      // Of a pull request.
  // Commits, hex digits. A push: what the branch was and is; empty: not there. A pull request: the target's and the
  // source's.
  std::string before = {}, after = {};
  std::uint64_t number = 0;  // Of a pull request.
  std::string title = {}, author = {}, url = {};
  std::string state = {};    // Of a pull request: "open", "merged", "closed".
  std::string team = {};     // "acme/structural"; of GitLab the group's path.
  std::string member = {};   // Who came to the team or left it; who reviewed.
  std::string actor = {};    // Who did it.
  std::int64_t time_us = 0;  // When it was so, by the forge's clock; 0: it does not say.
  bool operator==(const Delivery&) const = default;
};

// denied: the signature is missing or wrong, or there is no secret to check it with; nothing in the delivery can be
// believed, and the message says nothing of it. invalid_input: it is the forge's, and cannot be read. `now_s`: seconds
// since 1970, for signatures with a time. `secret`: as it was given to the forge.
Result<Delivery> read_delivery(Kind kind, const http::Headers& headers, std::string_view body,
                               const std::string& secret, std::int64_t now_s);

}  // namespace aecos::forge
