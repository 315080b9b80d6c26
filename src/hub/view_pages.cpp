// The page that shows a project, and what it is made of. There is nothing of the project in it: it asks for that as
// whoever is signed in.

#include <map>

#include "hub/answer.h"
#include "hub/routes.h"
#include "os/path.h"

namespace aecos::hub {
namespace {

using http::Request;
using http::Response;

Response missing() {
  return {503,
          {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}},
          "The parts of the view are not installed on this hub: see docs/VISUALISE.md.\n"};
}

Response file(Hub& hub, const std::string& name, const std::string& type) {
  if (hub.parts.config.view_tools.empty()) return missing();
  auto bytes = hub.parts.files.read(os::join(hub.parts.config.view_tools, name));
  if (!bytes) return missing();
  // The viewer decodes its images, and writes its workers, itself.
  constexpr const char* policy =
      "default-src 'none'; script-src 'self' blob:; worker-src 'self' blob:; style-src 'unsafe-inline'; "
      "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' data: blob:; base-uri 'none'; "
      "frame-ancestors 'self'";
  return {200,
          {{"Content-Type", type}, {"Cache-Control", "no-cache"}, {"Content-Security-Policy", policy}},
          *std::move(bytes)};
}

}  // namespace

void add_view_pages(http::Router& router, Hub& hub) {
  http::RouteOptions slow;
  slow.lane = http::Lane::slow;
  router.add(
      "GET", "/projects/{}/view", [&hub](const Request&) { return file(hub, "view.html", "text/html; charset=utf-8"); },
      slow);
  router.add(
      "GET", "/viewer/view.js",
      [&hub](const Request&) { return file(hub, "view.js", "text/javascript; charset=utf-8"); }, slow);
}

}  // namespace aecos::hub
