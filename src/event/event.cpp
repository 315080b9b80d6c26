#include "event/event.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <stdexcept>

#include "base/percent.h"
#include "base/sha256.h"
#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::event {
namespace {

constexpr std::size_t value_max = 400;
constexpr std::size_t elements_max = 200;
constexpr std::size_t changes_max = 1000;
constexpr std::string_view hash_start = "\"hash\":\"";
constexpr std::string_view ending = "\"}}";
constexpr std::size_t hash_size = 64;

void write(text::JsonWriter& json, const diff::ElementRef& element) {
  if (!element.global_id.empty()) json.member("globalId", element.global_id);
  if (!element.ifc_class.empty()) json.member("class", element.ifc_class);
  if (!element.name.empty()) json.member("name", element.name);
}

// JSON text without line breaks, which would end an event where it is sent or kept line by line; absent: it is no JSON.
std::optional<std::string> one_line(std::string_view json) {
  const auto document = text::parse_json(json);
  if (!document) return std::nullopt;
  return compact(document->root());
}

// What is too long is told by its size: the file has it.
void write_value(text::JsonWriter& json, std::string_view name, const diff::Value& value) {
  json.key(name);
  if (value && value->size() > value_max) {
    json.begin_object().member("leftOut", value->size()).end_object();
  } else if (value) {
    json.raw(one_line(*value).value_or(text::json_quote(*value)));
  } else {
    json.null();
  }
}

void write_elements(text::JsonWriter& json, const std::vector<ElementChange>& elements) {
  std::size_t changes_left = changes_max, changes_in_all = 0;
  json.key("elements").begin_array();
  for (std::size_t i = 0; i < std::min(elements.size(), elements_max); ++i) {
    const ElementChange& element = elements[i];
    json.begin_object();
    write(json, element.element);
    if (!element.path.empty()) json.member("path", element.path);
    if (!element.storey.empty()) json.member("storey", element.storey);
    json.key("changes").begin_array();
    for (const diff::Change& change : element.changes) {
      if (changes_left == 0) break;
      --changes_left;
      json.begin_object().member("kind", diff::to_string(change.kind)).member("at", change.at);
      write_value(json, "before", change.before);
      write_value(json, "after", change.after);
      json.end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
  if (elements.size() > elements_max) json.member("elementsInAll", elements.size());
  for (const ElementChange& element : elements) changes_in_all += element.changes.size();
  if (changes_left == 0 && changes_in_all > changes_max) json.member("changesInAll", changes_in_all);
}

// Whatever CloudEvents wants of a source, a URI reference, whoever names a project.
std::string source_of(std::string_view project) { return "/projects/" + percent_encode(project); }

void check(const Draft& draft) {
  constexpr std::array taken{"project", "seq",      "actor",         "branch",       "commit",      "summary",
                             "hash",    "elements", "elementsInAll", "changesInAll", "previousHash"};
  if (draft.id.empty() || draft.project.empty() || draft.type.empty())
    throw std::logic_error("an event without id, project or type");
  std::set<std::string_view> names(taken.begin(), taken.end());
  for (const auto& [name, value] : draft.more) {
    if (!names.insert(name).second || !text::parse_json(value))
      throw std::logic_error("an event's \"" + name + "\" is there already, or is no JSON");
  }
}

// Proleptic Gregorian days since 1970 (Howard Hinnant's algorithm), so that no clock or locale takes part.
std::string to_time(std::int64_t time_us) {
  constexpr std::int64_t year_10000 = 253'402'300'800'000'000;  // RFC 3339 has four digits for the year.
  time_us = std::clamp<std::int64_t>(time_us, 0, year_10000 - 1);
  const std::int64_t seconds = time_us / 1'000'000, micros = time_us % 1'000'000;
  std::int64_t days = seconds / 86400, rest = seconds % 86400;
  days += 719468;
  const std::int64_t era = days / 146097, day_of_era = days - era * 146097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted = (5 * day_of_year + 2) / 153, day = day_of_year - (153 * shifted + 2) / 5 + 1;
  const std::int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  const auto padded = [](std::int64_t number, std::size_t width) {
    std::string digits = std::to_string(number);
    return std::string(width - std::min(width, digits.size()), '0') + digits;
  };
  return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2) + "T" + padded(rest / 3600, 2) + ":" +
         padded(rest / 60 % 60, 2) + ":" + padded(rest % 60, 2) + "." + padded(micros, 6) + "Z";
}

// A text with its hash taken out, as it was when the hash was made; absent: it does not end as an event does.
std::optional<std::string> without_hash(std::string_view json) {
  const std::size_t tail = hash_start.size() + hash_size + ending.size();
  if (json.size() < tail || !json.ends_with(ending)) return std::nullopt;
  const std::size_t start = json.size() - tail;
  if (json.substr(start, hash_start.size()) != hash_start) return std::nullopt;
  return std::string(json.substr(0, start + hash_start.size())) + std::string(ending);
}

std::string text_of(text::JsonNode node) { return std::string(node.as_string().value_or(std::string_view())); }

std::string seq(std::uint64_t sequence) { return "seq " + std::to_string(sequence); }

}  // namespace

Sealed seal(const Draft& draft, std::uint64_t sequence, const std::string& previous_hash) {
  check(draft);
  text::JsonWriter json;
  json.begin_object().member("specversion", "1.0").member("id", draft.id);
  json.member("source", source_of(draft.project)).member("type", draft.type);
  if (!draft.subject.empty()) json.member("subject", draft.subject);
  json.member("time", to_time(draft.time_us)).member("datacontenttype", "application/json");
  json.key("data").begin_object().member("project", draft.project).member("seq", sequence);
  json.member("actor", draft.actor);
  if (!draft.branch.empty()) json.member("branch", draft.branch);
  if (!draft.commit.empty()) json.member("commit", draft.commit);
  if (!draft.summary.empty()) json.member("summary", draft.summary);
  if (!draft.elements.empty()) write_elements(json, draft.elements);
  for (const auto& [name, value] : draft.more) json.key(name).raw(one_line(value).value_or("null"));
  json.member("previousHash", previous_hash).member("hash", "").end_object().end_object();
  Sealed sealed;
  sealed.json = std::move(json).take();
  sealed.hash = sha256_hex(sealed.json);
  sealed.json.insert(sealed.json.size() - ending.size(), sealed.hash);
  std::set<std::string> known;
  for (const ElementChange& element : draft.elements) {
    const std::string& id = element.element.global_id;
    if (!id.empty() && known.insert(id).second) sealed.elements.push_back(id);
  }
  return sealed;
}

Result<Entry> read(std::string_view json) {
  AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(json));
  const text::JsonNode root = document.root(), data = root["data"];
  const auto sequence = data["seq"].as_int();
  const auto missing = [](const std::string& what) {
    return Error{ErrorCode::invalid_input, "not an event of a project: " + what};
  };
  if (text_of(root["specversion"]) != "1.0") return missing("no specversion 1.0");
  for (const char* name : {"id", "source", "type", "time"}) {
    if (text_of(root[name]).empty()) return missing("no " + std::string(name));
  }
  if (!sequence || *sequence < 1) return missing("no seq from 1 on");
  Entry entry;
  entry.sequence = static_cast<std::uint64_t>(*sequence);
  entry.id = text_of(root["id"]);
  entry.type = text_of(root["type"]);
  entry.subject = text_of(root["subject"]);
  entry.time = text_of(root["time"]);
  entry.project = text_of(data["project"]);
  entry.actor = text_of(data["actor"]);
  entry.branch = text_of(data["branch"]);
  entry.commit = text_of(data["commit"]);
  entry.summary = text_of(data["summary"]);
  entry.previous_hash = text_of(data["previousHash"]);
  entry.hash = text_of(data["hash"]);
  if (text_of(root["source"]) != source_of(entry.project)) return missing("its source is another project");
  for (const text::JsonNode element : data["elements"]) {
    entry.elements.push_back({text_of(element["globalId"]), text_of(element["class"]), text_of(element["name"])});
  }
  entry.json = json;
  return entry;
}

void Verifier::add(std::string_view json) {
  ++count_;
  const auto entry = read(json);
  if (!entry) {
    faults_.push_back({last_ + 1, (last_ == 0 ? "at the beginning" : "after " + seq(last_)) + ": what lies there is " +
                                      entry.error().message});
    return;
  }
  const auto sealed = without_hash(json);
  const std::string hash = sealed ? sha256_hex(*sealed) : "";
  const bool whole = !hash.empty() && hash == entry->hash;
  if (!whole) faults_.push_back({entry->sequence, seq(entry->sequence) + " was changed"});
  if (project_.empty()) project_ = entry->project;
  if (whole && entry->project != project_)
    faults_.push_back({entry->sequence, seq(entry->sequence) + " is of another project, " + entry->project});
  const auto there = seen_.find(entry->sequence);
  if (there != seen_.end() && there->second == hash) {
    faults_.push_back({entry->sequence, seq(entry->sequence) + " is there twice"});
  } else if (there != seen_.end()) {
    faults_.push_back({entry->sequence, "there are two of " + seq(entry->sequence)});
  } else if (entry->sequence <= last_) {
    faults_.push_back({entry->sequence, seq(entry->sequence) + " stands behind " + seq(last_)});
  } else {
    follow(*entry);
  }
  seen_.try_emplace(entry->sequence, hash);
}

// What an entry says of its own hash is what the next one was sealed with, whatever was changed in it since.
void Verifier::follow(const Entry& entry) {
  if (entry.sequence == last_ + 2) {
    faults_.push_back({last_ + 1, seq(last_ + 1) + " is missing"});
  } else if (entry.sequence > last_ + 1) {
    faults_.push_back({last_ + 1, seq(last_ + 1) + " to " + std::to_string(entry.sequence - 1) + " are missing"});
  } else if (entry.previous_hash != last_hash_) {
    const std::string before = last_ == 0 ? "begins no chain" : "does not follow the " + seq(last_) + " that is there";
    faults_.push_back({entry.sequence, seq(entry.sequence) + " " + before});
  }
  last_ = entry.sequence;
  last_hash_ = entry.hash;
}

void Verifier::expect(std::uint64_t sequence, const std::string& hash) { expected_.emplace_back(sequence, hash); }

std::vector<Fault> Verifier::finish() {
  std::sort(expected_.begin(), expected_.end());
  for (const auto& [sequence, hash] : expected_) {
    const auto found = seen_.find(sequence);
    if (found == seen_.end()) {
      faults_.push_back({sequence, seq(sequence) + " was there once, and is not any more"});
    } else if (found->second != hash) {
      faults_.push_back({sequence, seq(sequence) + " is not the one that was there once"});
    }
  }
  expected_.clear();
  return std::move(faults_);
}

std::string make_id(std::int64_t time_us, std::string_view ten_random_bytes) {
  constexpr std::string_view digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";  // Crockford's base 32.
  std::string id;
  if (ten_random_bytes.size() != 10) throw std::logic_error("an id is made of ten random bytes");
  const std::uint64_t milliseconds = static_cast<std::uint64_t>(std::max<std::int64_t>(time_us, 0)) / 1000;
  for (int i = 9; i >= 0; --i) id += digits[milliseconds >> (5 * static_cast<unsigned>(i)) & 31U];
  std::uint64_t bits = 0;
  unsigned held = 0;
  for (const char c : ten_random_bytes) {
    bits = bits << 8U | static_cast<unsigned char>(c);
    held += 8;
    while (held >= 5) id += digits[bits >> (held -= 5) & 31U];
  }
  return id;
}

}  // namespace aecos::event
