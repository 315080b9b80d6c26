#include "http/client.h"

#include <curl/curl.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <exception>
#include <stdexcept>

#include "http/ascii_internal.h"

namespace aecos::http {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t headers_max = 256U << 10U;  // Bytes of an answer's.
constexpr std::string_view cancelled = "cancelled";

struct Release {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  void operator()(char* text) const { curl_free(text); }
};
struct ReleaseEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct ReleaseMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
using Easy = std::unique_ptr<CURL, ReleaseEasy>;
using Multi = std::unique_ptr<CURLM, ReleaseMulti>;
using HeaderList = std::unique_ptr<curl_slist, Release>;

bool is_token(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_token_letter); }

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

// "hub.example.org:8443" of an address, which also says whether it is one.
Result<std::string> host_of(const std::string& url) {
  const std::unique_ptr<CURLU, Release> parsed(curl_url());
  const auto part = [&](CURLUPart which) {
    char* text = nullptr;
    if (curl_url_get(parsed.get(), which, &text, 0) != CURLUE_OK) return std::string();
    const std::unique_ptr<char, Release> owner(text);
    return std::string(text);
  };
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
    return Error{ErrorCode::invalid_input, "not an address"};
  const std::string scheme = part(CURLUPART_SCHEME), host = part(CURLUPART_HOST), port = part(CURLUPART_PORT);
  if (scheme != "http" && scheme != "https")
    return Error{ErrorCode::invalid_input, "not an http or https address, but " + scheme};
  return port.empty() ? host : host + ":" + port;
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
  if (!is_taken && response_.body.size() + bytes.size() > call_.response_max) {
    is_too_long_ = true;
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
CURLcode trust(CURL*, void* context, void* file) {
  const bool is_read =
      SSL_CTX_load_verify_locations(static_cast<SSL_CTX*>(context), static_cast<const char*>(file), nullptr) == 1;
  return is_read ? CURLE_OK : CURLE_SSL_CACERT_BADFILE;
}

long clamped(std::int64_t value) { return static_cast<long>(std::clamp<std::int64_t>(value, 0, 1'000'000'000)); }

class CurlClient final : public Client {
 public:
  explicit CurlClient(std::string ca_file) : ca_file_(std::move(ca_file)) {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    multi_.reset(curl_multi_init());
    easy_.reset(curl_easy_init());
    if (ready != CURLE_OK || !multi_ || !easy_) throw std::runtime_error("libcurl cannot be started");
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
  HeaderList header_list(const Call& call) const;
  std::string wait(const Call& call, const Transfer& transfer);

  template <class Value>
  void set(CURLoption option, Value value) {
    const CURLcode code = curl_easy_setopt(easy_.get(), option, value);
    if (code != CURLE_OK) throw std::runtime_error(std::string("libcurl: ") + curl_easy_strerror(code));
  }

  const std::string ca_file_;
  Multi multi_;
  Easy easy_;
  std::array<char, CURL_ERROR_SIZE> error_{};
  std::atomic<bool> is_cancelled_ = false;
};

HeaderList CurlClient::header_list(const Call& call) const {
  HeaderList list;
  const auto add = [&](const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (!longer) throw std::bad_alloc();
    (void)list.release();
    list.reset(longer);
  };
  for (const auto& [name, value] : call.headers) add(value.empty() ? name + ";" : name + ": " + value);
  // libcurl would say it is a form.
  if (!call.headers.has("Content-Type")) add("Content-Type:");
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
  if (!ca_file_.empty()) {
    set(CURLOPT_SSL_CTX_FUNCTION, trust);
    set(CURLOPT_SSL_CTX_DATA, const_cast<char*>(ca_file_.c_str()));
  }
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
  AECOS_TRY_ASSIGN(const std::string host, host_of(call.url));
  Transfer transfer(call, take, head);
  set_up(call, host, transfer);
  const HeaderList headers = header_list(call);
  set(CURLOPT_HTTPHEADER, headers.get());
  if (curl_multi_add_handle(multi_.get(), easy_.get()) != CURLM_OK) throw std::runtime_error("libcurl is busy");
  std::string trouble = wait(call, transfer);
  curl_multi_remove_handle(multi_.get(), easy_.get());
  if (trouble.empty()) transfer.begin();
  transfer.rethrow();
  if (transfer.is_too_long())
    trouble = "an answer of more than " + std::to_string(call.response_max) + " bytes";
  else if (transfer.is_ended_by_taker())
    trouble.clear();
  if (trouble == cancelled) return Error{ErrorCode::unavailable, trouble};
  if (!trouble.empty()) return Error{ErrorCode::unavailable, host + ": " + trouble};
  return std::move(transfer.response());
}

}  // namespace

std::unique_ptr<Client> make_client(const std::string& ca_file) { return std::make_unique<CurlClient>(ca_file); }

}  // namespace aecos::http
