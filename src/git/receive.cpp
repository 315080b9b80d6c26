#include "git/receive.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/utf8.h"
#include "git/handle_internal.h"

namespace aecos::git {
namespace {

constexpr std::size_t head_size = 4;
constexpr std::size_t band_payload_max = 65515;
constexpr std::size_t commands_max = 10'000;
constexpr std::size_t piece_size = 64U << 10U;
constexpr std::size_t name_max = 1000;

Error broken(const std::string& what) { return {ErrorCode::invalid_input, "not a push: " + what}; }

std::string packet(std::string_view payload) {
  constexpr std::string_view digits = "0123456789abcdef";
  const std::size_t size = payload.size() + head_size;
  std::string text;
  for (int shift = 12; shift >= 0; shift -= 4) text += digits[size >> shift & 15U];
  return text.append(payload);
}

// False: a flush.
Result<bool> read_packet(ByteReader& reader, std::string& line) {
  AECOS_TRY_ASSIGN(const std::string head, reader.exactly(head_size));
  std::size_t size = 0;
  const auto [end, failed] = std::from_chars(head.data(), head.data() + head_size, size, 16);
  if (failed != std::errc() || end != head.data() + head_size) return broken("a line without its length");
  if (size == 0) return false;
  if (size < head_size) return broken("a line of length " + std::to_string(size));
  AECOS_TRY_ASSIGN(line, reader.exactly(size - head_size));
  if (line.ends_with('\n')) line.pop_back();
  return true;
}

void read_capabilities(std::string_view words, ReceiveRequest& request) {
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    words.remove_prefix(std::min(words.size(), word.size() + 1));
    request.report_status = request.report_status || word == "report-status";
    request.side_band = request.side_band || word == "side-band-64k";
    request.atomic = request.atomic || word == "atomic";
    if (word.starts_with("agent=")) request.agent = word.substr(6);
  }
}

Result<RefCommand> read_command(std::string_view line) {
  constexpr std::size_t digits = 40;
  if (line.size() < 2 * digits + 3 || line[digits] != ' ' || line[2 * digits + 1] != ' ')
    return broken("a line that is no command");
  const auto from = CommitId::from_hex(line.substr(0, digits));
  const auto to = CommitId::from_hex(line.substr(digits + 1, digits));
  if (!from || !to) return broken("an id that is none");
  RefCommand command{std::string(line.substr(2 * digits + 2)), *from, *to};
  if (!command.ref.starts_with("refs/") || !is_well_formed_ref(command.ref)) return broken("a name no ref can have");
  return command;
}

bool has_word(std::string_view words, std::string_view word) {
  return (" " + std::string(words) + " ").find(" " + std::string(word) + " ") != std::string::npos;
}

std::string band(char number, std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, band_payload_max);
    text += packet(number + std::string(piece));
    bytes.remove_prefix(piece.size());
  }
  return text;
}

std::string one_line(std::string_view text) {
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }, ' ');
  return line;
}

}  // namespace

Result<> ByteReader::fill() {
  if (at_ < buffer_.size() || ended_) return {};
  buffer_.resize(piece_size);
  at_ = 0;
  auto count = pull_(buffer_);
  buffer_.resize(count ? *count : 0);
  if (!count) return std::move(count).error();
  ended_ = *count == 0;
  return {};
}

Result<std::string> ByteReader::exactly(std::size_t count) {
  std::string bytes;
  while (bytes.size() < count) {
    AECOS_TRY(fill());
    if (ended_) return broken("it ends too early");
    const std::size_t taken = std::min(count - bytes.size(), buffer_.size() - at_);
    bytes.append(buffer_, at_, taken);
    at_ += taken;
  }
  return bytes;
}

Result<std::string> ByteReader::some() {
  AECOS_TRY(fill());
  std::string bytes = buffer_.substr(at_);
  at_ = buffer_.size();
  return bytes;
}

Result<bool> ByteReader::at_end() {
  AECOS_TRY(fill());
  return ended_;
}

bool ReceiveRequest::has_pack() const {
  return std::any_of(commands.begin(), commands.end(), [](const RefCommand& command) { return bool(command.to); });
}

Result<ReceiveRequest> read_receive_request(ByteReader& reader) {
  ReceiveRequest request;
  std::set<std::string> names;
  std::string bytes;
  bool push_options = false;
  while (true) {
    AECOS_TRY_ASSIGN(const bool more, read_packet(reader, bytes));
    if (!more) break;
    std::string_view line = bytes;
    if (line.starts_with("shallow ")) continue;  // What is missing from a pack is found when it is unpacked.
    if (line.starts_with("push-cert")) return broken("signed pushes are not taken here");
    const std::size_t end = line.find('\0');
    if (end != std::string_view::npos) {
      read_capabilities(line.substr(end + 1), request);
      push_options = has_word(line.substr(end + 1), "push-options");
      line = line.substr(0, end);
    }
    AECOS_TRY_ASSIGN(RefCommand command, read_command(line));
    if (!names.insert(command.ref).second) return broken(command.ref + " twice");
    request.commands.push_back(std::move(command));
    if (request.commands.size() > commands_max) return broken("more than 10000 refs at once");
  }
  if (!push_options) return request;
  while (true) {
    AECOS_TRY_ASSIGN(const bool more, read_packet(reader, bytes));
    if (!more) return request;
    request.push_options.push_back(bytes);
    if (request.push_options.size() > commands_max) return broken("too many push options");
  }
}

Result<std::string> receive_advertisement(const Repository& repository,
                                          const std::function<bool(const std::string& ref)>& hidden) {
  constexpr std::string_view abilities =
      "report-status delete-refs side-band-64k quiet atomic ofs-delta push-options object-format=sha1 agent=aecos/1";
  AECOS_TRY_ASSIGN(const std::vector<Ref> refs, repository.list_raw_refs());
  std::string text;
  const auto add = [&](const std::string& id, const std::string& name) {
    std::string line = id + " " + name;
    if (text.empty()) line.append(1, '\0').append(abilities);
    text += packet(line + "\n");
  };
  for (const Ref& ref : refs) {
    if (!hidden(ref.name)) add(ref.target.hex(), ref.name);
  }
  if (text.empty()) add(CommitId{}.hex(), "capabilities^{}");
  return text + "0000";
}

std::string receive_report(const ReceiveRequest& request, const std::string& unpack_problem,
                           const std::vector<RefReport>& refs) {
  std::string report;
  if (request.report_status) {
    report = packet("unpack " + (unpack_problem.empty() ? "ok" : one_line(unpack_problem)) + "\n");
    for (const RefReport& ref : refs) {
      report +=
          packet(ref.problem.empty() ? "ok " + ref.ref + "\n" : "ng " + ref.ref + " " + one_line(ref.problem) + "\n");
    }
    report += "0000";
  }
  if (!request.side_band) return report;
  return band('\1', report) + "0000";
}

std::string receive_progress(const ReceiveRequest& request, std::string_view text) {
  if (!request.side_band || text.empty()) return "";
  std::string lines(text);
  if (!lines.ends_with('\n')) lines += '\n';
  return band('\2', lines);
}

std::string receive_keep_alive(const ReceiveRequest& request) { return request.side_band ? packet("\1") : ""; }

bool is_well_formed_ref(std::string_view name) {
  const auto bad_character = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= ' ' || byte == 0x7f || std::string_view("~^:?*[\\\"<>|").find(c) != std::string_view::npos;
  };
  if (name.empty() || name.size() > name_max || !is_utf8(name)) return false;
  if (std::any_of(name.begin(), name.end(), bad_character)) return false;
  if (name.find("..") != std::string_view::npos || name.find("@{") != std::string_view::npos) return false;
  std::string_view rest = name;
  while (true) {
    const std::size_t end = rest.find('/');
    const std::string_view part = rest.substr(0, end);
    if (part.empty() || part.starts_with('.') || part.ends_with('.') || part.ends_with(".lock") ||
        part.starts_with('-'))
      return false;
    if (end == std::string_view::npos) return true;
    rest.remove_prefix(end + 1);
  }
}

std::string service_line(std::string_view service) {
  return packet("# service=" + std::string(service) + "\n") + "0000";
}

}  // namespace aecos::git
