#include <algorithm>

#include "http/ascii_internal.h"
#include "http/body_decoder_internal.h"
#include "http/request_head_internal.h"

namespace aecos::http {
namespace {

constexpr std::size_t extension_max = 1024;  // Bytes, of all chunks together: nobody uses them.
constexpr std::size_t trailer_max = 8192;
constexpr std::size_t size_digits_max = 15;  // So that a size fits 64 bits.

}  // namespace

BodyDecoder::BodyDecoder(const RequestHead& head) : is_chunked_(head.is_chunked), left_(head.content_length) {
  if (is_chunked_)
    state_ = State::size;
  else if (left_ > 0)
    state_ = State::data;
}

std::string_view BodyDecoder::next(std::string_view& wire) {
  while (!wire.empty() && state_ != State::data && !is_complete() && !is_broken()) {
    take_frame(wire.front());
    wire.remove_prefix(1);
  }
  return state_ == State::data ? take_data(wire) : std::string_view();
}

std::string_view BodyDecoder::take_data(std::string_view& wire) {
  const std::string_view piece = wire.substr(0, left_);
  wire.remove_prefix(piece.size());
  left_ -= piece.size();
  if (left_ == 0) state_ = is_chunked_ ? State::data_cr : State::complete;
  return piece;
}

void BodyDecoder::take_frame(char c) {
  switch (state_) {
    case State::size:
      return take_size(c);
    case State::extension:
      if (c == '\r')
        state_ = State::size_end;
      else if (++extension_bytes_ > extension_max || (is_control(c) && c != '\t'))
        state_ = State::broken;
      return;
    case State::size_end:
      return c == '\n' ? end_size() : void(state_ = State::broken);
    case State::data_cr:
      state_ = c == '\r' ? State::data_lf : State::broken;
      return;
    case State::data_lf:
      state_ = c == '\n' ? State::size : State::broken;
      size_digits_ = 0;
      return;
    case State::trailer:
      return take_trailer(c);
    default:
      return;
  }
}

void BodyDecoder::take_size(char c) {
  const int digit = hex_value(c);
  if (digit >= 0 && size_digits_ < size_digits_max) {
    left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
    ++size_digits_;
  } else if (size_digits_ > 0 && c == '\r') {
    state_ = State::size_end;
  } else if (size_digits_ > 0 && c == ';') {
    state_ = State::extension;
  } else {
    state_ = State::broken;
  }
}

void BodyDecoder::end_size() { state_ = left_ > 0 ? State::data : State::trailer; }

// Lines up to an empty one. They are not looked at: who believed a trailer would let it overrule a header.
void BodyDecoder::take_trailer(char c) {
  if (++trailer_bytes_ > trailer_max) {
    state_ = State::broken;
  } else if (after_cr_) {
    after_cr_ = false;
    if (c != '\n')
      state_ = State::broken;
    else if (line_is_empty_)
      state_ = State::complete;
    line_is_empty_ = true;
  } else if (c == '\r') {
    after_cr_ = true;
  } else if (is_control(c) && c != '\t') {
    state_ = State::broken;
  } else {
    line_is_empty_ = false;
  }
}

}  // namespace aecos::http
