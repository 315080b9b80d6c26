#pragma once
// The body of a request out of the bytes on the wire. Pure.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aecos::http {

struct RequestHead;

class BodyDecoder {
 public:
  BodyDecoder() = default;  // No body.
  explicit BodyDecoder(const RequestHead& head);

  // Takes bytes off the front of `wire`, as far as they belong to the body, and returns a piece of the body, which lies
  // in them. Empty: more bytes are needed, or the body is complete or broken.
  std::string_view next(std::string_view& wire);
  bool is_complete() const { return state_ == State::complete; }
  // The bytes are no body: nothing after them can be understood either.
  bool is_broken() const { return state_ == State::broken; }
  // Of a body whose length was announced: the bytes still to come. Of a chunked one: at least so many.
  std::uint64_t left() const { return left_; }
  bool is_chunked() const { return is_chunked_; }

 private:
  enum class State : std::uint8_t { data, size, extension, size_end, data_cr, data_lf, trailer, complete, broken };
  std::string_view take_data(std::string_view& wire);
  void take_frame(char c);
  void take_size(char c);
  void take_trailer(char c);
  void end_size();

  State state_ = State::complete;
  bool is_chunked_ = false;
  bool line_is_empty_ = true, after_cr_ = false;
  std::uint64_t left_ = 0;  // Of the body, or of the chunk.
  std::size_t size_digits_ = 0, extension_bytes_ = 0, trailer_bytes_ = 0;
};

}  // namespace aecos::http
