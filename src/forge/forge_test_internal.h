#pragma once
// A client that answers from a list, and keeps what it was sent.

#include <deque>
#include <utility>
#include <vector>

#include "http/client.h"

namespace aecos::forge {

class FakeClient final : public http::Client {
 public:
  Result<http::Response> send(const http::Call& call) override {
    calls.push_back(call);
    if (answers.empty()) return Error{ErrorCode::unavailable, "nobody answers " + call.url};
    http::Response next = std::move(answers.front());
    answers.pop_front();
    return next;
  }
  Result<http::Response> stream(const http::Call& call, const std::function<bool(std::string_view)>&,
                                const std::function<void(const http::Response&)>&) override {
    return send(call);
  }
  void cancel() override {}

  void answer(int status, std::string body, http::Headers headers = {}) {
    answers.push_back({status, std::move(headers), std::move(body)});
  }
  // "GET /repos/acme/house", without the host.
  std::string asked(std::size_t k) const {
    return calls.at(k).method + " " + calls.at(k).url.substr(calls.at(k).url.find('/', 8));
  }

  std::vector<http::Call> calls;
  std::deque<http::Response> answers;
};

}  // namespace aecos::forge
