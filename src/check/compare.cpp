#include "check/compare.h"

#include <algorithm>
#include <map>

#include "check/validate.h"

namespace aecos::check {
namespace {

// Of a fault that many element folders have copies of one: one that nobody lets pass, if there is one.
std::vector<const Finding*> told_once(const Report& report) {
  std::map<CopyKey, std::size_t> known;
  std::vector<const Finding*> told;
  for (const Finding& finding : report.findings) {
    if (finding.severity != Severity::error) continue;
    const auto [at, added] =
        may_have_copies(finding) ? known.try_emplace(copy_key(finding), told.size()) : std::pair(known.end(), true);
    if (added) {
      told.push_back(&finding);
    } else if (finding.waiver.empty() && !told[at->second]->waiver.empty()) {
      told[at->second] = &finding;
    }
  }
  return told;
}

}  // namespace

std::string identity(const Finding& finding) {
  const std::string what = finding.rule + '\n' + finding.group + '\n' + without_step_ids(finding.message) + '\n';
  if (!finding.global_id.empty()) return what + finding.global_id;
  return what + finding.path + '\n' + finding.ifc_class + '\n' + finding.name;
}

Compared compare(const Report& earlier, const Report& later) {
  std::map<std::string, std::size_t> known;
  for (const Finding* const finding : told_once(earlier)) ++known[identity(*finding)];
  Compared compared;
  for (const Finding* const finding : told_once(later)) {
    const auto found = known.find(identity(*finding));
    if (found != known.end() && found->second > 0) {
      --found->second;
    } else if (finding->waiver.empty()) {
      compared.fresh.push_back(*finding);
    }
  }
  for (const auto& [what, left] : known) compared.mended += left;
  if (later.untold > earlier.untold) {
    compared.fresh_untold = later.untold - earlier.untold;
  } else {
    // As many as are no more untold may have been there: what was wrong before blocks nobody.
    const std::size_t known_untold = std::min(compared.fresh.size(), earlier.untold - later.untold);
    compared.fresh.resize(compared.fresh.size() - known_untold);
  }
  return compared;
}

std::string in_one_line(const Finding& finding) {
  std::string text = finding.ifc_class;
  if (!finding.name.empty()) text += (text.empty() ? "" : " ") + finding.name;
  const std::string where = finding.path + (finding.line > 0 ? ":" + std::to_string(finding.line) : "");
  text = text.empty() ? where : text + " (" + where + ")";
  return text + ": " + (finding.group.empty() ? "" : finding.group + ": ") + finding.message;
}

}  // namespace aecos::check
