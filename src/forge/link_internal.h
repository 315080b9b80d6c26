#pragma once
// One forge's API over HTTP: what all three have in common.

#include <functional>
#include <string>

#include "forge/forge.h"
#include "forge/text_internal.h"
#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::forge {

class Link {
 public:
  // `authorization`: a header's value with the token in it, empty: none; `more`: headers of every call.
  Link(Access access, http::Client& client, std::string authorization, http::Headers more)
      : access_(std::move(access)), client_(client), authorization_(std::move(authorization)), more_(std::move(more)) {}

  // `path` below the API: "/repos/acme/house". Errors as Forge has them.
  Result<text::JsonDocument> get(const std::string& path);
  Result<text::JsonDocument> send(const std::string& method, const std::string& path, std::string body);
  // Every element of a list that comes in pages, until `each` returns false. The list is the answer, or its member of
  // that name.
  using Each = std::function<bool(text::JsonNode)>;
  Result<> for_each(const std::string& path, const Each& each, const char* member = "");

  const Access& access() const { return access_; }
  std::int64_t wait_s() const { return wait_s_; }

 private:
  Result<http::Response> ask(const std::string& method, const std::string& path, std::string body);
  Error error_of(const std::string& what, const http::Response& response);
  void note_limits(const http::Response& response);
  std::string without_token(std::string text) const;

  Access access_;
  http::Client& client_;
  std::string authorization_;
  http::Headers more_;
  std::int64_t wait_s_ = 0;
};

inline constexpr std::size_t page_size = 50;  // What every one of them gives.

// What Retry-After, or a limit that is used up, asks to wait; 0: nothing. At most an hour.
std::int64_t wait_of(const http::Response& response, std::int64_t now_s);

// "passed", "failed" or "pending" of many: the worst counts. Empty words are none.
void take_worse(std::string& so_far, const std::string& state);

std::string part(std::string_view text);  // Percent-encoded, for a path.

std::unique_ptr<Forge> connect_github(Access access, http::Client& client);
std::unique_ptr<Forge> connect_gitlab(Access access, http::Client& client);
std::unique_ptr<Forge> connect_gitea(Access access, http::Client& client);

}  // namespace aecos::forge
