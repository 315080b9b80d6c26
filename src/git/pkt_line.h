#pragma once
// git's pkt-line framing, as the long-running filter protocol uses it.

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace aecos::git {

// Reads from a program that may stop at any byte. Errors are invalid_input: broken framing, or the end in its middle.
class PacketReader {
 public:
  explicit PacketReader(std::istream& input) : input_(input) {}
  // The lines up to the next flush, without their line breaks. Absent: the input ended before the first.
  Result<std::optional<std::vector<std::string>>> lines();
  // All bytes up to the next flush.
  Result<std::string> content();

 private:
  enum class Kind { data, flush, end };
  Result<Kind> next(std::string& payload);
  std::istream& input_;
};

class PacketWriter {
 public:
  explicit PacketWriter(std::ostream& output) : output_(output) {}
  void line(std::string_view text);  // With a line break.
  void content(std::string_view bytes);
  void flush();  // Marks the end of a list or content, and sends everything.

 private:
  void packet(std::string_view payload);
  std::ostream& output_;
};

}  // namespace aecos::git
