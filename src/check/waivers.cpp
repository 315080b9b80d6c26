#include "check/waivers.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/calendar.h"
#include "base/sha256.h"
#include "check/finding.h"
#include "ifc/global_id.h"
#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::check {
namespace {

using text::JsonNode;

constexpr std::size_t size_max = 4U << 20U, waivers_max = 10'000, text_max = 1000;
constexpr int longest_days = 366;

Error fault(JsonNode node, const std::string& what) {
  return {ErrorCode::invalid_input, text::to_string(node.where()) + ": " + what};
}

// Of the Gregorian calendar, from the first of January in the year 0.
std::int64_t days_before_year(std::int64_t year) {
  const std::int64_t leaps = year == 0 ? 0 : (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 + 1;
  return year * 365 + leaps;
}

// "2026-11-29" and nothing else, as days since the year 0.
std::optional<std::int64_t> parse_day(std::string_view text) {
  constexpr std::size_t size = 10;
  if (text.size() != size || text[4] != '-' || text[7] != '-') return std::nullopt;
  std::array<std::int64_t, 3> parts{};
  std::size_t part = 0;
  for (const char c : text) {
    if (c == '-') {
      if (++part == parts.size()) return std::nullopt;
      continue;
    }
    if (c < '0' || c > '9') return std::nullopt;
    parts[part] = parts[part] * 10 + (c - '0');
  }
  const auto [year, month, day] = parts;
  if (month < 1 || month > 12 || day < 1 || day > days_in(year, month)) return std::nullopt;
  std::int64_t days = days_before_year(year) + day - 1;
  for (std::int64_t before = 1; before < month; ++before) days += days_in(year, before);
  return days;
}

std::string to_text(std::int64_t days) {
  std::int64_t year = days / 366, month = 1;
  while (days_before_year(year + 1) <= days) ++year;
  std::int64_t day = days - days_before_year(year);
  for (; day >= days_in(year, month); ++month) day -= days_in(year, month);
  const auto digits = [](std::int64_t number, std::size_t width) {
    std::string text = std::to_string(number);
    return std::string(width - std::min(width, text.size()), '0') + text;
  };
  return digits(year, 4) + "-" + digits(month, 2) + "-" + digits(day + 1, 2);
}

// '*' within a segment, '**' across them, '?' one character. In time proportional to pattern times text.
bool glob(std::string_view pattern, std::string_view text) {
  std::vector<bool> reached(text.size() + 1), next;
  reached[0] = true;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    next.assign(text.size() + 1, false);
    const bool star = pattern[at] == '*', twice = star && at + 1 < pattern.size() && pattern[at + 1] == '*';
    if (twice) ++at;
    // "a/**/b" is also "a/b".
    const bool folder = twice && at + 1 < pattern.size() && pattern[at + 1] == '/';
    for (std::size_t k = 0; k <= text.size(); ++k) {
      if (star) {
        next[k] = reached[k] || (k > 0 && next[k - 1] && (twice || text[k - 1] != '/'));
      } else {
        next[k] = k > 0 && reached[k - 1] && (pattern[at] == text[k - 1] || (pattern[at] == '?' && text[k - 1] != '/'));
      }
    }
    if (folder) {
      std::vector<bool> behind(text.size() + 1);
      for (std::size_t k = 0; k <= text.size(); ++k)
        behind[k] = reached[k] || (k > 0 && next[k - 1] && text[k - 1] == '/');
      next = std::move(behind);
      ++at;
    }
    reached = next;
  }
  return reached[text.size()];
}

bool is_rule(std::string_view id) {
  const std::vector<Rule> all = rules();
  return std::any_of(all.begin(), all.end(), [&](const Rule& rule) { return rule.id == id; });
}

bool is_line(std::string_view text) {
  return text.size() <= text_max &&
         std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; });
}

std::string end_fault(const Waiver& waiver) {
  const auto until = parse_day(waiver.until);
  if (!until) return "until is the last day on which it holds, as \"2027-03-01\"";
  const auto at = parse_day(std::string_view(waiver.at).substr(0, 10));
  if (!at) return "at is the day on which it was given, as \"2026-11-29\"";
  if (*until < *at) return "until is a day before the one on which it was given";
  if (*until - *at > longest_days) return "until is more than a year after it was given";
  return "";
}

constexpr std::string_view known_members[] = {"rule",   "specification", "element", "path",
                                              "reason", "until",         "by",      "at"};

Result<Waiver> read_waiver(JsonNode node) {
  if (!node.is_object()) return fault(node, "a waiver is an object");
  Waiver waiver;
  waiver.id = node.key();
  std::string* const texts[] = {&waiver.rule,   &waiver.specification, &waiver.element, &waiver.path,
                                &waiver.reason, &waiver.until,         &waiver.by,      &waiver.at};
  for (const JsonNode member : node) {
    const auto* const at = std::find(std::begin(known_members), std::end(known_members), member.key());
    if (at == std::end(known_members))
      return fault(member, "\"" + std::string(member.key()) + "\" is nothing a waiver can have");
    if (!member.as_string()) return fault(member, std::string(member.key()) + " is a text");
    *texts[at - std::begin(known_members)] = *member.as_string();
  }
  if (const std::string why = waiver_fault(waiver); !why.empty()) return fault(node, why);
  return waiver;
}

std::string written(const std::vector<Waiver>& waivers) {
  text::JsonWriter json(2);
  json.begin_object().member("version", 1).key("waivers").begin_object();
  for (const Waiver& waiver : waivers) {
    json.key(waiver.id).begin_object();
    const std::string* const texts[] = {&waiver.rule,   &waiver.specification, &waiver.element, &waiver.path,
                                        &waiver.reason, &waiver.until,         &waiver.by,      &waiver.at};
    for (std::size_t k = 0; k < std::size(known_members); ++k)
      if (!texts[k]->empty()) json.member(known_members[k], *texts[k]);
    json.end_object();
  }
  json.end_object().end_object();
  return std::move(json).take();
}

}  // namespace

std::string waiver_fault(const Waiver& waiver) {
  if (!waiver.rule.empty() && !is_rule(waiver.rule)) return "\"" + waiver.rule + "\" is no rule of aecos validate";
  if (waiver.rule.empty() && waiver.specification.empty()) return "it names no rule and no specification";
  if (waiver.element.empty() && waiver.path.empty()) return "it names no element and no path";
  if (!waiver.element.empty() && !ifc::looks_like_global_id(waiver.element))
    return "element is a GlobalId (22 characters)";
  if (waiver.reason.find_first_not_of(' ') == std::string::npos) return "it has no reason";
  if (waiver.by.empty()) return "by says who gave it";
  for (const std::string* const text :
       {&waiver.id, &waiver.specification, &waiver.path, &waiver.reason, &waiver.by, &waiver.at})
    if (!is_line(*text)) return "a text of it is no line of at most 1000 bytes";
  return end_fault(waiver);
}

Result<std::vector<Waiver>> parse_waivers(std::string_view json) {
  if (json.size() > size_max) return Error{ErrorCode::invalid_input, "1:1: larger than 4 MiB"};
  AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(json));
  const JsonNode root = document.root();
  if (!root.is_object()) return fault(root, "waivers.json is an object");
  for (const JsonNode member : root) {
    const bool known = member.key() == "version" || member.key() == "waivers" || member.key() == "$schema";
    if (!known) return fault(member, "\"" + std::string(member.key()) + "\" is nothing waivers.json can have");
  }
  if (root["version"] && root["version"].as_int() != 1) return fault(root["version"], "only version 1 is known");
  std::vector<Waiver> waivers;
  const JsonNode all = root["waivers"];
  if (!all) return waivers;
  if (!all.is_object()) return fault(all, "waivers is an object, by id");
  if (all.size() > waivers_max) return fault(all, "more than " + std::to_string(waivers_max) + " waivers");
  for (const JsonNode node : all) {
    AECOS_TRY_ASSIGN(Waiver waiver, read_waiver(node));
    waivers.push_back(std::move(waiver));
  }
  return waivers;
}

Result<std::string> add_waiver(std::string_view json, const Waiver& waiver) {
  if (const std::string why = waiver_fault(waiver); !why.empty()) return Error{ErrorCode::invalid_input, why};
  std::vector<Waiver> waivers;
  if (!json.empty()) {
    AECOS_TRY_ASSIGN(waivers, parse_waivers(json));
  }
  for (const Waiver& one : waivers)
    if (one.id == waiver.id)
      return Error{ErrorCode::changed_meanwhile, "there is " + waiver.id + " already, until " + one.until};
  waivers.push_back(waiver);
  return written(waivers);
}

Result<std::string> remove_waiver(std::string_view json, std::string_view id) {
  std::vector<Waiver> waivers;
  if (!json.empty()) {
    AECOS_TRY_ASSIGN(waivers, parse_waivers(json));
  }
  if (std::erase_if(waivers, [&](const Waiver& one) { return one.id == id; }) == 0)
    return Error{ErrorCode::not_found, "there is no waiver " + std::string(id)};
  return written(waivers);
}

std::string waiver_id(const Waiver& waiver) {
  std::string all;
  for (const std::string* const text : {&waiver.rule, &waiver.specification, &waiver.element, &waiver.path})
    all += *text + '\n';
  return "w-" + sha256_hex(all).substr(0, 12);
}

bool covers(const Waiver& waiver, const Finding& finding) {
  return (waiver.rule.empty() || waiver.rule == finding.rule) &&
         (waiver.specification.empty() || waiver.specification == finding.group) &&
         (waiver.element.empty() || waiver.element == finding.global_id) &&
         (waiver.path.empty() || glob(waiver.path, finding.path));
}

void apply_waivers(const std::vector<Waiver>& waivers, std::string_view today, Report& report) {
  report.waivers.clear();
  // Whose clock goes before ours gives one tomorrow.
  const auto day = parse_day(today);
  const std::string tomorrow = day ? to_text(*day + 1) : std::string();
  for (const Waiver& waiver : waivers)
    report.waivers.push_back({waiver, waiver.until<today, waiver.at.substr(0, 10)> tomorrow, 0});
  for (Finding& finding : report.findings) {
    for (WaiverUse& use : report.waivers) {
      const bool told = use.expired ? !finding.expired.empty() : !finding.waiver.empty();
      if (told || use.early || !covers(use.waiver, finding)) continue;
      (use.expired ? finding.expired : finding.waiver) = use.waiver.id;
      ++use.findings;
    }
    if (!finding.waiver.empty()) finding.expired.clear();
  }
}

std::string day_of(std::int64_t time_us) {
  constexpr std::int64_t day_us = 86'400'000'000, first_year = 1970;
  return to_text(days_before_year(first_year) + time_us / day_us);
}

std::string days_later(std::string_view day, int days) {
  const auto known = parse_day(day);
  return known ? to_text(*known + days) : std::string(day);
}

}  // namespace aecos::check
