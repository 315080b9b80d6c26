#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <stdexcept>

#include "http/conversation_internal.h"
#include "http/response_head_internal.h"

namespace aecos::http {

Result<> WireConversation::wait(Transport::State state) const {
  if (wire_.is_cut) return Error{ErrorCode::unavailable, "the server is being stopped"};
  if (state == Transport::State::over) return Error{ErrorCode::unavailable, "the client is gone"};
  const Wait ready = state == Transport::State::wants_read ? Wait::read : Wait::write;
  if (!wait_until_ready(wire_.socket, ready, terms_.timeout_ms))
    return Error{ErrorCode::unavailable, "the client is too slow"};
  return {};
}

Result<std::size_t> WireConversation::receive(std::span<char> into) {
  while (true) {
    const Transport::Step step = wire_.transport->read(into);
    if (step.state == Transport::State::done) return step.bytes;
    if (auto waited = wait(step.state); !waited) {
      read_failure_ = waited.error().message;
      return waited.error();
    }
  }
}

Result<> WireConversation::send(std::string_view bytes) {
  if (!write_failure_.empty()) return Error{ErrorCode::unavailable, write_failure_};
  while (!bytes.empty()) {
    const Transport::Step step = wire_.transport->write(bytes);
    if (step.state == Transport::State::done) {
      wire_.sent += step.bytes;
      bytes.remove_prefix(step.bytes);
    } else if (auto waited = wait(step.state); !waited) {
      write_failure_ = waited.error().message;
      return waited;
    }
  }
  return {};
}

Result<std::size_t> WireConversation::read(std::span<char> into) {
  if (into.empty()) throw std::invalid_argument("a read of no bytes");
  while (!body_.is_complete()) {
    if (!read_failure_.empty()) return Error{ErrorCode::unavailable, read_failure_};
    if (terms_.expects_continue && status_ == 0) {
      terms_.expects_continue = false;
      if (wire_.ahead.empty()) AECOS_TRY(send(continue_line));
    }
    if (wire_.ahead.empty() && !body_.is_chunked()) {
      AECOS_TRY_ASSIGN(const std::size_t count, receive(into.first(std::min<std::size_t>(into.size(), body_.left()))));
      std::string_view taken(into.data(), count);
      body_.next(taken);
      wire_.received += count;
      return count;
    }
    if (wire_.ahead.empty()) {
      wire_.ahead.resize(piece_max);
      auto count = receive(wire_.ahead);
      wire_.ahead.resize(count ? *count : 0);
      if (!count) return count;
    }
    // At most as much of the wire as fits: a piece is never longer than what it was taken from.
    std::string_view rest = std::string_view(wire_.ahead).substr(0, into.size());
    const std::size_t offered = rest.size();
    const std::string_view piece = body_.next(rest);
    const std::size_t count = piece.copy(into.data(), into.size());
    wire_.ahead.erase(0, offered - rest.size());
    wire_.received += count;
    if (body_.is_broken()) read_failure_ = "the client sent a broken body";
    if (count > 0) return count;
  }
  return std::size_t{0};
}

Result<> WireConversation::begin(int status, const Headers& headers) {
  if (status_ != 0 || response_) throw std::logic_error("a second answer");
  Framing framing;
  framing.keeps_open = terms_.keeps_open;
  if (is_without_body(status)) {
    left_ = 0;
  } else if (headers.has("Content-Length")) {
    const std::string_view text = headers.get("Content-Length");
    std::uint64_t length = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (failed != std::errc() || end != text.data() + text.size())
      throw std::invalid_argument("a Content-Length that is no number");
    framing.content_length = left_ = length;
  } else {
    framing.is_chunked = is_chunked_ = !terms_.is_1_0;
    framing.keeps_open = framing.keeps_open && !terms_.is_1_0;
  }
  // A body that nobody asked for may still come, or not.
  if (terms_.expects_continue) framing.keeps_open = false;
  const std::string head = response_head(status, headers, framing, std::time(nullptr));
  status_ = status;
  terms_.keeps_open = framing.keeps_open;
  return send(head);
}

Result<> WireConversation::write(std::string_view bytes) {
  if (status_ == 0) throw std::logic_error("a body before its answer has begun");
  if (left_) {
    if (bytes.size() > *left_) throw std::logic_error("more bytes than Content-Length says");
    *left_ -= bytes.size();
  }
  if (terms_.is_head) return {};
  if (!is_chunked_) return send(bytes);
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, piece_max);
    bytes.remove_prefix(piece.size());
    std::array<char, 16> size{};
    const auto end = std::to_chars(size.data(), size.data() + size.size(), piece.size(), 16).ptr;
    std::string chunk;
    chunk.reserve(piece.size() + 12);
    chunk.append(size.data(), end).append("\r\n").append(piece).append("\r\n");
    AECOS_TRY(send(chunk));
  }
  return {};
}

Result<> WireConversation::respond(const Response& response) {
  if (status_ != 0 || response_) throw std::logic_error("a second answer");
  check_response(response.status, response.headers);
  response_ = response;
  if (!write_failure_.empty()) return Error{ErrorCode::unavailable, write_failure_};
  return {};
}

bool WireConversation::is_gone() { return wire_.is_cut || is_closed_by_peer(wire_.socket); }

WireConversation::Outcome WireConversation::finish() {
  Outcome outcome;
  outcome.status = status_;
  outcome.response = std::move(response_);
  outcome.is_short = status_ != 0 && !terms_.is_head && write_failure_.empty() && left_.value_or(0) > 0;
  outcome.asked_for_body = !terms_.expects_continue;
  outcome.keeps_open = terms_.keeps_open && read_failure_.empty() && write_failure_.empty() && !outcome.is_short;
  if (is_chunked_ && !terms_.is_head && write_failure_.empty()) outcome.last_bytes = "0\r\n\r\n";
  return outcome;
}

}  // namespace aecos::http
