#include <algorithm>
#include <optional>
#include <stdexcept>

#include "http/response_head_internal.h"
#include "http/router_internal.h"
#include "http/server.h"

namespace aecos::http {
namespace {

// "/a/b" -> "a", and "/b" is left.
std::string_view take_segment(std::string_view& path) {
  const std::string_view segment = path.substr(1, path.find('/', 1) - 1);
  path.remove_prefix(segment.size() + 1);
  return segment;
}

}  // namespace

std::optional<std::string> Request::query_value(std::string_view name) const {
  const auto found = std::find_if(query.begin(), query.end(), [&](const auto& item) { return item.first == name; });
  return found == query.end() ? std::nullopt : std::optional(found->second);
}

void RouteTable::add(const std::string& method, Route route) {
  const std::string name = method + " " + route.pattern;
  std::string_view rest = route.pattern;
  if (!rest.starts_with('/')) throw std::invalid_argument("no route: " + name);
  if (rest == "/") rest = "";
  Node* node = &root_;
  while (!rest.empty()) {
    const std::string_view segment = take_segment(rest);
    std::unique_ptr<Node>* next = nullptr;
    if (segment == "{*}" && rest.empty())
      next = &node->rest;
    else if (segment == "{}")
      next = &node->any;
    else if ((!segment.empty() || rest.empty()) && segment.find_first_of("{}") == std::string_view::npos)
      next = &node->literals[std::string(segment)];
    if (!next) throw std::invalid_argument("no route: " + name);
    if (!*next) *next = std::make_unique<Node>();
    node = next->get();
  }
  if (!node->routes.emplace(method, std::make_unique<Route>(std::move(route))).second)
    throw std::invalid_argument("a second route: " + name);
  methods_.insert(method);
}

const Route* RouteTable::find_method(const Node& node, Search& search) {
  for (const auto& [method, route] : node.routes) {
    search.allowed.insert(method);
    if (method == "GET" && !std::holds_alternative<EventHandler>(route->handler)) search.allowed.insert("HEAD");
  }
  auto found = node.routes.find(search.method);
  if (found == node.routes.end() && search.method == "HEAD") {
    found = node.routes.find("GET");
    if (found != node.routes.end() && std::holds_alternative<EventHandler>(found->second->handler)) return nullptr;
  }
  return found == node.routes.end() ? nullptr : found->second.get();
}

const Route* RouteTable::find_in(const Node& node, std::string_view rest, Search& search) {
  if (rest.empty()) return find_method(node, search);
  const std::string_view whole = rest.substr(1);
  const std::string_view segment = take_segment(rest);
  if (const auto literal = node.literals.find(segment); literal != node.literals.end()) {
    if (const Route* route = find_in(*literal->second, rest, search)) return route;
  }
  if (node.any && !segment.empty()) {
    search.parameters.emplace_back(segment);
    if (const Route* route = find_in(*node.any, rest, search)) return route;
    search.parameters.pop_back();
  }
  if (node.rest && !whole.empty() && !whole.ends_with('/')) {
    search.parameters.emplace_back(whole);
    if (const Route* route = find_method(*node.rest, search)) return route;
    search.parameters.pop_back();
  }
  return nullptr;
}

RouteMatch RouteTable::find(std::string_view method, std::string_view path) const {
  Search search{method};
  RouteMatch match;
  match.route = find_in(root_, path == "/" ? "" : path, search);
  match.parameters = std::move(search.parameters);
  if (!search.allowed.empty()) search.allowed.insert("OPTIONS");
  for (const std::string& allowed : search.allowed) match.allow += (match.allow.empty() ? "" : ", ") + allowed;
  return match;
}

Response RouteTable::error(int status, const std::string& detail) const {
  Response response{status, {{"Content-Type", "text/plain; charset=utf-8"}}, detail + "\n"};
  try {
    if (on_error) response = on_error(status, detail);
    check_response(response.status, response.headers);
  } catch (const std::exception& thrown) {
    tell_bug(std::string("on_error: ") + thrown.what());
    response = {status, {{"Content-Type", "text/plain; charset=utf-8"}}, detail + "\n"};
  }
  response.status = status;
  return response;
}

void RouteTable::tell_bug(const std::string& what) const {
  if (on_bug) on_bug(what);
}

Router::Router() : table_(std::make_unique<Table>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(const std::string& method, const std::string& pattern, Handler handler, RouteOptions options) {
  table_->routes.add(method, {pattern, std::move(handler), options});
}

void Router::add_stream(const std::string& method, const std::string& pattern, StreamHandler handler,
                        RouteOptions options) {
  table_->routes.add(method, {pattern, std::move(handler), options});
}

void Router::add_events(const std::string& pattern, EventHandler handler) {
  table_->routes.add("GET", {pattern, std::move(handler)});
}

void Router::on_error(std::function<Response(int status, const std::string& detail)> make) {
  table_->routes.on_error = std::move(make);
}
void Router::on_done(std::function<void(const Done&)> told) { table_->routes.on_done = std::move(told); }
void Router::on_bug(std::function<void(const std::string& what)> told) { table_->routes.on_bug = std::move(told); }

}  // namespace aecos::http
