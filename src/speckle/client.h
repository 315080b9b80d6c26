#pragma once
// Sending a model to a Speckle server, and receiving one.

#include <functional>
#include <map>
#include <string>

#include "base/result.h"
#include "http/client.h"
#include "speckle/object.h"

namespace aecos::speckle {

struct Server {
  std::string url;    // "https://app.speckle.systems"
  std::string token;  // Of somebody who may read and write there.
};

using Objects = std::map<ObjectId, std::string>;  // JSON by id.

// The object and all below it. Errors: those of the connection; denied, not_found as the server says; invalid_input: it
// does not speak Speckle's protocol, or does not give all it names.
Result<Objects> receive(http::Client& client, const Server& server, const std::string& project_id,
                        const ObjectId& root);

struct Sending {
  std::string project;  // Name; made where the sender has none of that name. Or the id of one: 10 hex digits.
  std::string model;    // Name; made where there is none.
  std::string message;
  ObjectId root;
};
struct Sent {
  std::string project_id, model_id, version_id;
  std::string link;
  std::size_t objects = 0;  // So many went over the wire; the others were there.
};
// Sends what is not there yet, then makes the version, so that none names an object that is missing. `told` is called
// with how many of how many are sent.
Result<Sent> send(http::Client& client, const Server& server, const Sending& sending, const Objects& objects,
                  const std::function<void(std::size_t done, std::size_t all)>& told);

}  // namespace aecos::speckle
