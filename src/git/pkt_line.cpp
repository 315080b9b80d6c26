#include "git/pkt_line.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <istream>
#include <ostream>

namespace aecos::git {
namespace {

constexpr std::size_t head_size = 4;
constexpr std::size_t payload_max = 65516;

Error broken(const std::string& what) { return {ErrorCode::invalid_input, "pkt-line: " + what}; }

}  // namespace

Result<PacketReader::Kind> PacketReader::next(std::string& payload) {
  std::array<char, head_size> head{};
  input_.read(head.data(), head_size);
  if (input_.gcount() == 0) return Kind::end;
  std::size_t size = 0;
  const auto [end, failed] = std::from_chars(head.data(), head.data() + input_.gcount(), size, 16);
  if (input_.gcount() != head_size || failed != std::errc() || end != head.data() + head_size)
    return broken("no length");
  if (size == 0) return Kind::flush;
  if (size < head_size) return broken("a length of " + std::to_string(size));
  const std::size_t from = payload.size();
  payload.resize(from + size - head_size);
  input_.read(payload.data() + from, static_cast<std::streamsize>(size - head_size));
  if (static_cast<std::size_t>(input_.gcount()) != size - head_size) return broken("it ends inside a packet");
  return Kind::data;
}

Result<std::optional<std::vector<std::string>>> PacketReader::lines() {
  std::vector<std::string> lines;
  while (true) {
    std::string line;
    AECOS_TRY_ASSIGN(const Kind kind, next(line));
    if (kind == Kind::end) {
      if (!lines.empty()) return broken("it ends inside a list");
      return std::optional<std::vector<std::string>>();
    }
    if (kind == Kind::flush) return std::optional(std::move(lines));
    if (line.ends_with('\n')) line.pop_back();
    lines.push_back(std::move(line));
  }
}

Result<std::string> PacketReader::content() {
  std::string bytes;
  while (true) {
    AECOS_TRY_ASSIGN(const Kind kind, next(bytes));
    if (kind == Kind::end) return broken("it ends inside a file");
    if (kind == Kind::flush) return bytes;
  }
}

void PacketWriter::packet(std::string_view payload) {
  constexpr std::string_view digits = "0123456789abcdef";
  const std::size_t size = payload.size() + head_size;
  for (int shift = 12; shift >= 0; shift -= 4) output_.put(digits[size >> shift & 15U]);
  output_.write(payload.data(), static_cast<std::streamsize>(payload.size()));
}

void PacketWriter::line(std::string_view text) { packet(std::string(text) + '\n'); }

void PacketWriter::content(std::string_view bytes) {
  while (!bytes.empty()) {
    packet(bytes.substr(0, payload_max));
    bytes.remove_prefix(std::min(bytes.size(), payload_max));
  }
}

void PacketWriter::flush() {
  output_.write("0000", head_size);
  output_.flush();
}

}  // namespace aecos::git
