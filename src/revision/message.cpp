#include "revision/message.h"

#include <algorithm>
#include <set>

#include "diff/brief.h"
#include "text/json_writer.h"

namespace aecos::revision {
namespace {

constexpr std::size_t subject_max = 100;
constexpr std::size_t lines_max = 60;
constexpr std::size_t trailers_max = 200;
constexpr std::size_t value_max = 400;  // Bytes of a value in a trailer; larger ones are in the file.

std::string actor_trailer(const git::Signature& actor) {
  return "Aecos-Actor: " + actor.name + " <" + actor.email + ">";
}

// One line: what is in a name must not look like a trailer or end the message.
std::string flat(std::string_view text) {
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return line;
}

std::string assemble(const std::string& subject, const std::vector<std::string>& lines,
                     const std::vector<std::string>& trailers) {
  std::string message = flat(subject) + "\n";
  if (!lines.empty()) message += "\n";
  for (const std::string& line : lines) message += flat(line) + "\n";
  message += "\n";
  for (const std::string& trailer : trailers) message += flat(trailer) + "\n";
  return message;
}

void add_value(text::JsonWriter& json, std::string_view name, const diff::Value& value) {
  if (value && value->size() <= value_max) json.key(name).raw(*value);
}

std::string change_trailer(const diff::Change& change) {
  text::JsonWriter json;
  json.begin_object().member("kind", diff::to_string(change.kind));
  if (!change.element.global_id.empty()) json.member("element", change.element.global_id);
  json.member("at", change.at);
  add_value(json, "before", change.before);
  add_value(json, "after", change.after);
  json.end_object();
  return "Aecos-Change: " + std::move(json).take();
}

std::string line_of(const diff::Change& change) {
  std::string owner = title(change.element);
  return "  " + (owner.empty() ? "" : owner + ": ") + describe(change, true);
}

std::vector<std::string> body(const std::vector<FileChanges>& files) {
  std::vector<std::string> lines;
  std::size_t left_out = 0;
  for (const FileChanges& file : files) {
    if (lines.size() >= lines_max) {
      left_out += std::max<std::size_t>(1, file.changes.size());
      continue;
    }
    lines.push_back(file.path + (file.note.empty() ? "" : ": " + file.note));
    for (const diff::Change& change : file.changes) {
      lines.size() < lines_max ? lines.push_back(line_of(change)) : static_cast<void>(++left_out);
    }
  }
  if (left_out) lines.push_back("and " + std::to_string(left_out) + " more");
  return lines;
}

}  // namespace

std::string work_message(const std::vector<FileChanges>& all, const git::Signature& actor) {
  const std::vector<FileChanges> files = diff::brief(all);
  std::vector<std::string> elements, changes;
  std::set<std::string> known;
  std::size_t total = 0;
  for (const FileChanges& file : files) {
    total += file.changes.size();
    for (const diff::Change& change : file.changes) {
      const std::string& id = change.element.global_id;
      if (!id.empty() && known.size() < trailers_max && known.insert(id).second)
        elements.push_back("Aecos-Element: " + id);
      if (changes.size() < trailers_max) changes.push_back(change_trailer(change));
    }
  }
  std::vector<std::string> trailers = std::move(elements);
  trailers.insert(trailers.end(), changes.begin(), changes.end());
  if (total > changes.size()) trailers.push_back("Aecos-Changes-In-All: " + std::to_string(total));
  trailers.push_back(actor_trailer(actor));
  std::string subject = summarise(files, subject_max);
  return assemble(subject.empty() ? "Nothing but bookkeeping changed" : subject, body(files), trailers);
}

std::string merge_message(const std::string& subject, const std::vector<Record>& opened,
                          std::vector<std::string> trailers, const git::Signature& actor) {
  std::vector<std::string> lines;
  for (const Record& record : opened) {
    const merge::Conflict& conflict = record.conflict;
    if (lines.size() < lines_max) {
      std::string owner = title(conflict.element);
      lines.push_back("Conflict in " + record.path + ": " + (owner.empty() ? "" : owner + " ") + conflict.at + ": " +
                      show(conflict.ours) + " or " + show(conflict.theirs) + "; " +
                      std::string(merge::to_string(conflict.chosen)) + " stands, " + conflict.because);
    }
    if (trailers.size() < trailers_max) trailers.push_back("Aecos-Conflict: " + conflict.id);
  }
  if (opened.size() > lines_max)
    lines.push_back("and " + std::to_string(opened.size() - lines_max) + " more conflicts");
  trailers.push_back(actor_trailer(actor));
  return assemble(subject, lines, trailers);
}

std::string plain_message(const std::string& subject, const std::vector<std::string>& lines,
                          std::vector<std::string> trailers, const git::Signature& actor) {
  trailers.push_back(actor_trailer(actor));
  return assemble(subject, lines, trailers);
}

std::string subject_of(const std::string& message) { return message.substr(0, message.find('\n')); }

std::vector<std::string> trailers_of(const std::string& message, std::string_view name) {
  std::vector<std::string> values;
  std::string_view rest = message;
  while (!rest.empty() && rest.back() == '\n') rest.remove_suffix(1);
  std::size_t block = rest.rfind("\n\n");
  if (block == std::string_view::npos) return values;
  rest.remove_prefix(block + 2);
  while (!rest.empty()) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    bool named = line.starts_with(name) && line.substr(name.size()).starts_with(": ");
    if (named) values.emplace_back(line.substr(name.size() + 2));
  }
  return values;
}

}  // namespace aecos::revision
