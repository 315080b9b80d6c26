#include "http/client.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <exception>
#include <stdexcept>

#include "http/ascii_internal.h"
#include "http/curl_internal.h"

namespace aecos::http {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t headers_max = 256U << 10U;  // Bytes of an answer's.
constexpr std::string_view cancelled = "cancelled";

struct ReleaseMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
using Multi = std::unique_ptr<CURLM, ReleaseMulti>;

bool is_token(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_token_letter); }

std::uint64_t response_max_of(const Call& call) {
  return call.guard ? std::min(call.response_max, guarded_response_max) : call.response_max;
}

Result<> check(const Call& call) {
  const auto refused = [](const std::string& what) { return Error{ErrorCode::invalid_input, what}; };
  if (!is_token(call.method)) return refused("no HTTP method: " + call.method);
  if (std::any_of(call.url.begin(), call.url.end(), [](char c) { return is_control(c) || c == ' '; }))
    return refused("an address with characters that must be encoded");
  for (const auto& [name, value] : call.headers) {
    if (!is_token(name) || std::any_of(value.begin(), value.end(), [](char c) { return is_control(c) && c != '\t'; }))
      return refused("a header that cannot be sent: " + name);
  }
  return {};
}

bool is_this_machine(std::string_view host) {
  return host.starts_with("127.") || host.starts_with("localhost:") || host == "localhost" || host.starts_with("[::1]");
}

// One call under way; libcurl calls back into it.
class Transfer {
 public:
  Transfer(const Call& call, const std::function<bool(std::string_view)>& take,
           const std::function<void(const Response&)>& head)
      : call_(call), take_(take), head_(head) {}

  std::size_t on_header(std::string_view line);
  std::size_t on_body(std::string_view bytes);
  // Also where there was no body.
  void begin();
  void rethrow() const {
    if (thrown_) std::rethrow_exception(thrown_);
  }
  bool is_ended_by_taker() const { return is_ended_by_taker_; }
  bool is_too_long() const { return is_too_long_; }
  bool has_begun() const { return has_begun_; }
  steady_clock::time_point last_sign() const { return last_sign_; }
  Response& response() { return response_; }

 private:
  template <class Work>
  bool guarded(const Work& work) {
    try {
      work();
    } catch (...) {
      thrown_ = std::current_exception();
    }
    return !thrown_;
  }

  const Call& call_;
  const std::function<bool(std::string_view)>& take_;
  const std::function<void(const Response&)>& head_;
  Response response_ = {0};
  std::size_t header_bytes_ = 0;
  bool has_begun_ = false, is_ended_by_taker_ = false, is_too_long_ = false;
  steady_clock::time_point last_sign_ = steady_clock::now();
  std::exception_ptr thrown_;
};

std::size_t Transfer::on_header(std::string_view line) {
  last_sign_ = steady_clock::now();
  if (has_begun_) return line.size();  // A trailer.
  header_bytes_ += line.size();
  if (header_bytes_ > headers_max) {
    is_too_long_ = true;
    return 0;
  }
  const std::size_t whole = line.size();
  const auto work = [&] {
    if (line.starts_with("HTTP/")) {
      response_ = {0};  // What came before was provisional.
      const std::size_t blank = std::min(line.find(' '), line.size());
      line.remove_prefix(std::min(line.size(), blank + 1));
      std::from_chars(line.data(), line.data() + line.size(), response_.status);
    } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
      const std::string_view value = line.substr(colon + 1, line.find_last_not_of("\r\n") - colon);
      response_.headers.add(std::string(line.substr(0, colon)), std::string(trimmed(value)));
    }
  };
  return guarded(work) ? whole : 0;
}

void Transfer::begin() {
  if (std::exchange(has_begun_, true) || !head_) return;
  guarded([&] { head_(response_); });
}

std::size_t Transfer::on_body(std::string_view bytes) {
  last_sign_ = steady_clock::now();
  begin();
  if (thrown_) return 0;
  const bool is_taken = take_ && response_.status / 100 == 2;
  if (!is_taken && response_.body.size() + bytes.size() > response_max_of(call_)) {
    is_too_long_ = true;
    guarded([&] { response_.body.append(bytes.substr(0, response_max_of(call_) - response_.body.size())); });
    return 0;
  }
  const auto work = [&] {
    if (is_taken)
      is_ended_by_taker_ = !take_(bytes);
    else
      response_.body.append(bytes);
  };
  return guarded(work) && !is_ended_by_taker_ ? bytes.size() : 0;
}

std::size_t header_callback(char* bytes, std::size_t, std::size_t count, void* transfer) {
  return static_cast<Transfer*>(transfer)->on_header({bytes, count});
}
std::size_t body_callback(char* bytes, std::size_t, std::size_t count, void* transfer) {
  return static_cast<Transfer*>(transfer)->on_body({bytes, count});
}

class CurlClient final : public Client {
 public:
  explicit CurlClient(std::string ca_file) : ca_file_(std::move(ca_file)) {
    multi_.reset(curl_multi_init());
    if (!multi_) throw std::runtime_error("libcurl cannot be started");
  }

  Result<Response> send(const Call& call) override { return perform(call, {}, {}); }
  Result<Response> stream(const Call& call, const std::function<bool(std::string_view)>& take,
                          const std::function<void(const Response&)>& head) override {
    return perform(call, take, head);
  }
  void cancel() override {
    is_cancelled_ = true;
    curl_multi_wakeup(multi_.get());
  }

 private:
  Result<Response> perform(const Call& call, const std::function<bool(std::string_view)>& take,
                           const std::function<void(const Response&)>& head);
  void set_up(const Call& call, const std::string& host, Transfer& transfer);
  void set_body(const Call& call);
  List header_list(const Call& call) const;
  std::string wait(const Call& call, const Transfer& transfer);

  template <class Value>
  void set(CURLoption option, Value value) {
    set_option(easy_, option, value);
  }

  const std::string ca_file_;
  Multi multi_;
  Easy easy_ = make_easy();
  std::array<char, CURL_ERROR_SIZE> error_{};
  std::atomic<bool> is_cancelled_ = false;
};

List CurlClient::header_list(const Call& call) const {
  List list;
  for (const auto& [name, value] : call.headers) append(list, value.empty() ? name + ";" : name + ": " + value);
  // libcurl would say it is a form.
  if (!call.headers.has("Content-Type")) append(list, "Content-Type:");
  return list;
}

void CurlClient::set_body(const Call& call) {
  const bool may_have_body = call.method == "POST" || call.method == "PUT" || call.method == "PATCH";
  if (call.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (!call.body.empty() || may_have_body) {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDS, call.body.data());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
  }
  set(CURLOPT_CUSTOMREQUEST, call.method.c_str());
}

void CurlClient::set_up(const Call& call, const std::string& host, Transfer& transfer) {
  curl_easy_reset(easy_.get());  // Connections stay.
  error_.fill(0);
  set(CURLOPT_URL, call.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_ERRORBUFFER, error_.data());
  set(CURLOPT_TIMEOUT_MS, clamped(call.timeout_ms));
  set(CURLOPT_CONNECTTIMEOUT_MS, clamped(call.connect_timeout_ms));
  set(CURLOPT_HEADERFUNCTION, header_callback);
  set(CURLOPT_HEADERDATA, &transfer);
  set(CURLOPT_WRITEFUNCTION, body_callback);
  set(CURLOPT_WRITEDATA, &transfer);
  if (is_this_machine(host)) set(CURLOPT_PROXY, "");
  trust_file(easy_, ca_file_);
  set_body(call);
}

// What went wrong; empty: nothing.
std::string CurlClient::wait(const Call& call, const Transfer& transfer) {
  constexpr int look_around_ms = 1000;
  while (true) {
    if (is_cancelled_.exchange(false)) return std::string(cancelled);
    int running = 0;
    if (const CURLMcode code = curl_multi_perform(multi_.get(), &running); code != CURLM_OK)
      return curl_multi_strerror(code);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      if (message->data.result == CURLE_OK) return "";
      return error_[0] ? error_.data() : curl_easy_strerror(message->data.result);
    }
    int timeout_ms = look_around_ms;
    if (call.silence_timeout_ms > 0) {
      const auto silent = std::chrono::floor<std::chrono::milliseconds>(steady_clock::now() - transfer.last_sign());
      if (silent.count() >= call.silence_timeout_ms) return "nothing came any more";
      timeout_ms = static_cast<int>(std::min<std::int64_t>(timeout_ms, call.silence_timeout_ms - silent.count()));
    }
    if (const CURLMcode code = curl_multi_poll(multi_.get(), nullptr, 0, timeout_ms, nullptr); code != CURLM_OK)
      return curl_multi_strerror(code);
  }
}

Result<Response> CurlClient::perform(const Call& call, const std::function<bool(std::string_view)>& take,
                                     const std::function<void(const Response&)>& head) {
  AECOS_TRY(check(call));
  AECOS_TRY_ASSIGN(const ParsedUrl url, parse_url(call.url, "http", "https"));
  if (call.guard && url.has_credentials)
    return Error{ErrorCode::invalid_input, url.shown + ": no name or password may be in the address"};
  GuardedSockets sockets(call.guard, url.peer);
  AECOS_TRY(sockets.ask());
  Transfer transfer(call, take, head);
  set_up(call, url.shown, transfer);
  sockets.set_up(easy_);
  const List headers = header_list(call);
  set(CURLOPT_HTTPHEADER, headers.get());
  if (curl_multi_add_handle(multi_.get(), easy_.get()) != CURLM_OK) throw std::runtime_error("libcurl is busy");
  std::string trouble = wait(call, transfer);
  curl_multi_remove_handle(multi_.get(), easy_.get());
  if (trouble.empty()) transfer.begin();
  transfer.rethrow();
  if (transfer.is_too_long() && transfer.has_begun() && call.may_cut_answer)
    trouble.clear();
  else if (transfer.is_too_long())
    trouble = "an answer of more than " + std::to_string(response_max_of(call)) + " bytes";
  else if (transfer.is_ended_by_taker())
    trouble.clear();
  if (trouble == cancelled) return Error{ErrorCode::unavailable, trouble};
  if (const std::string no = sockets.refusal(); !trouble.empty() && !no.empty())
    return Error{ErrorCode::denied, url.shown + ": " + no};
  if (!trouble.empty()) return Error{ErrorCode::unavailable, url.shown + ": " + trouble};
  return std::move(transfer.response());
}

}  // namespace

std::unique_ptr<Client> make_client(const std::string& ca_file) { return std::make_unique<CurlClient>(ca_file); }

}  // namespace aecos::http
