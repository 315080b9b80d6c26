// What the hub's own address and the links in messages lead to. There is nothing of the project in these pages, so
// anybody may see them: they say how to go on in the terminal.

#include "hub/answer.h"
#include "hub/routes.h"

namespace aecos::hub {
namespace {

std::string escaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
    if (c == '&')
      html += "&amp;";
    else if (c == '<')
      html += "&lt;";
    else if (c == '>')
      html += "&gt;";
    else if (c == '"')
      html += "&quot;";
    else
      html += c;
  }
  return html;
}

struct Page {
  std::string title, text;
  std::vector<std::string> commands;
  std::string more = {};
};

http::Response show(const Page& page) {
  std::string html =
      "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
      "<title>" +
      escaped(page.title) +
      "</title><style>body{font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:4em auto;padding:0 1em;color:#222}"
      "code{display:block;background:#f3f3f3;padding:.4em .8em;border-radius:4px;margin:.3em 0}</style><h1>" +
      escaped(page.title) + "</h1><p>" + escaped(page.text) + "</p>";
  for (const std::string& command : page.commands) html += "<code>" + escaped(command) + "</code>";
  if (!page.more.empty()) html += "<p>" + escaped(page.more) + "</p>";
  return {200,
          {{"Content-Type", "text/html; charset=utf-8"},
           {"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"}},
          html + "</html>\n"};
}

}  // namespace

void add_pages(http::Router& router, Hub& hub) {
  using http::Request;
  router.add("GET", "/", [&hub](const Request& r) {
    const std::string address = address_of(hub, r);
    return show({"aecos hub",
                 "Building models, kept together. To join a project by its name, for example house:",
                 {"aecos login " + address + " --login NAME", "git clone " + address + "/house.git && cd house",
                  "aecos init", "aecos sync --watch"},
                 "Its building is shown at " + address + "/projects/house/view."});
  });
  const auto project = [](const Request& r) { return "In your work tree of " + r.parameters.at(0) + ":"; };
  router.add("GET", "/projects/{}/events/{}", [project](const Request& r) {
    return show({"Event " + r.parameters.at(1), project(r), {"aecos audit", "aecos sync", "aecos log"}});
  });
  router.add("GET", "/projects/{}/conflicts/{}", [project](const Request& r) {
    const std::string& id = r.parameters.at(1);
    return show({"Conflict " + id,
                 project(r),
                 {"aecos sync", "aecos conflicts", "aecos resolve " + id + " --ours",
                  "aecos resolve " + id + " --theirs", "aecos sync"}});
  });
  router.add("GET", "/projects/{}/change-requests/{}", [project](const Request& r) {
    return show({"Change request " + r.parameters.at(1), project(r), {"aecos sync status"}});
  });
  router.add("GET", "/projects/{}/pull-requests/{}", [project](const Request& r) {
    return show({"Pull request " + r.parameters.at(1), project(r), {"aecos sync status", "aecos audit"}});
  });
}

}  // namespace aecos::hub
