#include "sync/journal.h"

#include "base/utf8.h"
#include "os/path.h"
#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::sync {
namespace {

void write(text::JsonWriter& json, std::string_view name, const std::optional<Placing>& placing) {
  if (!placing) return;
  json.key(name).begin_object().member("branch", placing->branch);
  json.member("from", placing->from.hex()).member("to", placing->to.hex()).end_object();
}

// Paths are bytes to git; the rare one that is no UTF-8 is kept as hex digits.
std::string hex(std::string_view bytes) {
  std::string digits;
  for (char c : bytes) {
    auto byte = static_cast<unsigned char>(c);
    digits += "0123456789abcdef"[byte >> 4];
    digits += "0123456789abcdef"[byte & 15];
  }
  return digits;
}

std::optional<std::string> path_of(text::JsonNode file) {
  if (auto path = file["path"].as_string()) return std::string(*path);
  auto digits = file["pathBytes"].as_string();
  if (!digits || digits->size() % 2 != 0) return std::nullopt;
  std::string path;
  for (std::size_t i = 0; i < digits->size(); i += 2) {
    std::size_t high = std::string_view("0123456789abcdef").find((*digits)[i]);
    std::size_t low = std::string_view("0123456789abcdef").find((*digits)[i + 1]);
    if (high > 15 || low > 15) return std::nullopt;
    path += static_cast<char>(high << 4 | low);
  }
  return path;
}

std::optional<CommitId> id_of(text::JsonNode node) { return CommitId::from_hex(node.as_string().value_or("")); }

std::optional<Placing> placing_of(text::JsonNode node) {
  auto from = id_of(node["from"]), to = id_of(node["to"]);
  if (!from || !to) return std::nullopt;
  return Placing{std::string(node["branch"].as_string().value_or("")), *from, *to};
}

std::optional<Journal> journal_of(text::JsonNode root) {
  Journal journal{placing_of(root["placing"]), {}, placing_of(root["last"])};
  for (text::JsonNode file : root["waiting"]) {
    auto id = id_of(file["commit"]);
    auto name = path_of(file);
    if (!id || !name) return std::nullopt;
    journal.waiting.emplace(*std::move(name), *id);
  }
  return journal;
}

std::string line_of(const Journal& journal) {
  text::JsonWriter json;
  json.begin_object();
  write(json, "placing", journal.placing);
  write(json, "last", journal.last);
  json.key("waiting").begin_array();
  for (const auto& [file, commit] : journal.waiting) {
    json.begin_object();
    is_utf8(file) ? json.member("path", file) : json.member("pathBytes", hex(file));
    json.member("commit", commit.hex()).end_object();
  }
  json.end_array().end_object();
  return std::move(json).take() + "\n";
}

// The bytes of its whole lines; what is behind the last one was being added when something failed.
std::size_t whole_lines(std::string_view bytes) { return bytes.rfind('\n') + 1; }

}  // namespace

Result<Journal> read_journal(os::FileSystem& files, const std::string& path) {
  auto bytes = files.read(path);
  if (!bytes && bytes.error().code == ErrorCode::not_found) return Journal{};
  if (!bytes) return bytes.error();
  std::string_view lines = std::string_view(*bytes).substr(0, whole_lines(*bytes));
  if (!lines.empty()) lines.remove_suffix(1);
  auto document = text::parse_json(lines.substr(whole_lines(lines)));
  if (!document) document = text::parse_json(*bytes);  // As it was written when it had one state, on several lines.
  if (!document) return Error{ErrorCode::invalid_input, path + ":" + document.error().message};
  auto journal = journal_of(document->root());
  if (!journal) return Error{ErrorCode::invalid_input, path + ": not a sync journal"};
  return *std::move(journal);
}

Result<> write_journal(os::FileSystem& files, const std::string& path, const Journal& journal) {
  constexpr std::uint64_t bytes_max = 64U << 10U;
  const std::string line = line_of(journal);
  auto there = files.map(path);
  const bool is_whole = there && !there->bytes().empty() && there->bytes().back() == '\n';
  if (is_whole && there->bytes().size() + line.size() <= bytes_max) return files.append(path, line);
  AECOS_TRY(files.create_directories(std::string(os::parent_of(path))));
  return files.write(path, line);
}

}  // namespace aecos::sync
