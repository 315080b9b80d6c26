#pragma once
// Streams of compressed bytes as git has them (RFC 1950), taken apart from their start.

#include <zlib.h>

#include <cstddef>
#include <string_view>

namespace aecos::git {

class Inflating {
 public:
  // `input` may go on behind the stream.
  explicit Inflating(std::string_view input);
  ~Inflating();
  Inflating(const Inflating&) = delete;
  Inflating& operator=(const Inflating&) = delete;

  // Fills `into` as far as there are bytes; how many there were.
  std::size_t some(char* into, std::size_t size);
  // Whether that was all, and sound to the end.
  bool is_at_end();
  // What is behind the stream, once it is at its end.
  [[nodiscard]] std::string_view rest() const { return input_; }

 private:
  std::string_view input_;
  z_stream stream_{};
  bool good_ = false, ended_ = false;
};

}  // namespace aecos::git
