#include "check/soundness.h"

#include <algorithm>
#include <map>

#include "check/ifc_rules.h"
#include "check/validate.h"
#include "text/json.h"

namespace aecos::check {
namespace {

bool ends_with(std::string_view path, std::string_view ending) {
  if (path.size() < ending.size()) return false;
  const std::string_view end = path.substr(path.size() - ending.size());
  return std::equal(end.begin(), end.end(), ending.begin(), [](char a, char b) {
    const char lower = a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a;
    return lower == b;
  });
}

// "12:3: what was seen" -> its two parts.
SoundnessFault placed(const std::string& message) {
  const std::size_t colon = message.find(':');
  const std::size_t end = colon == std::string::npos ? colon : message.find(": ", colon + 1);
  const bool has_place = end != std::string::npos && message.find_first_not_of("0123456789:") >= end;
  if (!has_place) return {"1:1", message, message};
  return {message.substr(0, end), message.substr(end + 2), message.substr(end + 2)};
}

// What merges and reads all the same: vendors' own classes, GlobalIds in other letters, values that could be worked
// out.
bool is_harmless(const Finding& finding) {
  return finding.severity != Severity::error || finding.rule == "ifc-class" || finding.rule == "ifc-global-id" ||
         finding.rule == "ifc-derived";
}

std::vector<SoundnessFault> find_in_model(const ifc::Model& model) {
  constexpr std::size_t most = 100'000;
  Report report;
  check_ifc_rules(model, "", report, {most});
  std::vector<SoundnessFault> faults;
  for (const Finding& finding : report.findings) {
    if (is_harmless(finding)) continue;
    std::string what = "#" + std::to_string(finding.step_id) + " " + finding.ifc_class;
    if (!finding.name.empty()) what += " " + finding.name;
    faults.push_back({std::to_string(finding.line) + ":" + std::to_string(finding.column), what + " " + finding.message,
                      finding.rule + " " + finding.ifc_class + " " + without_step_ids(finding.message)});
  }
  return faults;
}

std::vector<SoundnessFault> find_in_json(std::string_view path, std::string_view bytes) {
  const auto document = text::parse_json(bytes);
  if (!document) return {placed(document.error().message)};
  if (!(path.starts_with("elements/") && path.ends_with("/metadata.json"))) return {};
  const auto metadata = check_metadata(bytes);
  return metadata ? std::vector<SoundnessFault>() : std::vector{placed(metadata.error().message)};
}

}  // namespace

bool is_checked(std::string_view path) {
  return ends_with(path, ".ifc") || ends_with(path, ".json") || ends_with(path, ".geojson") || ends_with(path, ".ifcx");
}

std::vector<SoundnessFault> find_faults(std::string_view path, std::string_view bytes) {
  if (!is_checked(path)) return {};
  if (!ends_with(path, ".ifc")) return find_in_json(path, bytes);
  const auto model = ifc::read_model(bytes);
  return model ? find_in_model(*model) : std::vector{placed(model.error().message)};
}

void leave_out(std::vector<SoundnessFault>& faults, const std::vector<SoundnessFault>& before) {
  std::map<std::string_view, std::size_t> known;
  for (const SoundnessFault& fault : before) ++known[fault.key];
  std::erase_if(faults, [&](const SoundnessFault& fault) {
    const auto found = known.find(fault.key);
    return found != known.end() && found->second > 0 && found->second-- > 0;
  });
}

}  // namespace aecos::check
