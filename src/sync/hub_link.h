#pragma once
// The hub that a work tree's remote belongs to, asked through its API.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "http/client.h"
#include "sync/workspace.h"
#include "text/json.h"

namespace aecos::sync {

// Of a remote such as https://ana:SECRET@hub.example.org/house.git.
struct HubAddress {
  std::string base;     // "https://hub.example.org", without who asks.
  std::string project;  // "house"
  std::string user, secret;
};
// Absent: no address a hub could have.
std::optional<HubAddress> hub_address(const std::string& url);

// The address without the secret in it, for showing.
std::string without_secret(const std::string& url);

// Whether a hub answers there.
bool is_hub(http::Client& client, const HubAddress& address);

class HubLink {
 public:
  // Absent: the remote is no hub. `client` is what it is asked with.
  static Result<std::optional<HubLink>> open(Workspace& workspace, std::unique_ptr<http::Client> client);

  // The JSON of an answer; `path` below the project's: "/locks". Errors: those of the API, by its status; unavailable:
  // it cannot be reached.
  Result<text::JsonDocument> ask(const std::string& method, const std::string& path, const std::string& body = "");
  // Follows what happens, from that event on (absent: from now), until `each` returns false. Returns when the
  // connection ends for whatever reason.
  Result<> follow(std::optional<std::uint64_t> after, const std::function<bool(const http::ServerEvent&)>& each);
  // What leads from that commit to where the shared branch is, for git::take_objects. Absent: git is the better way.
  Result<std::optional<std::string>> objects_since(CommitId commit);
  // How long an answer may take; 0: as long as it takes.
  void set_patience(std::int64_t timeout_ms) { timeout_ms_ = timeout_ms; }
  void cancel() { client_->cancel(); }

  [[nodiscard]] const HubAddress& address() const { return address_; }

 private:
  HubLink(HubAddress address, std::unique_ptr<http::Client> client)
      : address_(std::move(address)), client_(std::move(client)) {}
  http::Call call_of(const std::string& method, const std::string& path) const;

  HubAddress address_;
  std::unique_ptr<http::Client> client_;
  std::int64_t timeout_ms_ = 30'000;
};

// The login that an address with its secret belongs to; empty: it lets nobody in.
std::string login_at(http::Client& client, const HubAddress& address);

// Who somebody is to a hub: from the address, or as git's credential helpers know it; an empty secret: not known.
HubAddress with_credentials(git::Program& program, HubAddress address);

}  // namespace aecos::sync
