#pragma once
// The table behind Router.

#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "http/server.h"

namespace aecos::http {

struct Route {
  std::string pattern;
  std::variant<Handler, StreamHandler, EventHandler> handler;
  RouteOptions options = {};
};

struct RouteMatch {
  const Route* route = nullptr;  // None: see `allow`.
  std::vector<std::string> parameters = {};
  std::string allow = {};  // The methods of all patterns that match: "GET, HEAD, OPTIONS"; empty: no pattern does.
};

class RouteTable {
 public:
  // Throws std::invalid_argument for a pattern that is none, or is there already.
  void add(const std::string& method, Route route);
  RouteMatch find(std::string_view method, std::string_view path) const;
  bool knows_method(std::string_view method) const { return methods_.contains(method); }

  Response error(int status, const std::string& detail) const;
  void tell_bug(const std::string& what) const;
  // Calls what is a handler's. False: it threw, which is a bug of `name`.
  template <class Call>
  bool guard(const std::string& name, const Call& call) const {
    try {
      call();
      return true;
    } catch (const std::exception& thrown) {
      tell_bug(name + ": " + thrown.what());
    } catch (...) {
      tell_bug(name + ": something that is no exception");
    }
    return false;
  }

  std::function<Response(int, const std::string&)> on_error;
  std::function<void(const Router::Done&)> on_done;
  std::function<void(const std::string&)> on_bug;

 private:
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::unique_ptr<Node> any;                                          // "{}"
    std::unique_ptr<Node> rest;                                         // "{*}"
    std::map<std::string, std::unique_ptr<Route>, std::less<>> routes;  // By method.
  };
  struct Search {
    std::string_view method;
    std::vector<std::string> parameters = {};
    std::set<std::string> allowed = {};
  };
  static const Route* find_in(const Node& node, std::string_view rest, Search& search);
  static const Route* find_method(const Node& node, Search& search);

  Node root_;
  std::set<std::string, std::less<>> methods_ = {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"};
};

struct Router::Table {
  RouteTable routes;
};

}  // namespace aecos::http
