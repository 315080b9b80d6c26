#include "check/compare.h"

#include <algorithm>
#include <map>

namespace aecos::check {

std::string identity(const Finding& finding) {
  const std::string what = finding.rule + '\n' + finding.group + '\n' + without_step_ids(finding.message) + '\n';
  if (!finding.global_id.empty()) return what + finding.global_id;
  return what + finding.path + '\n' + finding.ifc_class + '\n' + finding.name;
}

Compared compare(const Report& earlier, const Report& later) {
  std::map<std::string, std::size_t> known;
  for (const Finding& finding : earlier.findings)
    if (finding.severity == Severity::error) ++known[identity(finding)];
  Compared compared;
  for (const Finding& finding : later.findings) {
    if (finding.severity != Severity::error) continue;
    const auto found = known.find(identity(finding));
    if (found != known.end() && found->second > 0) {
      --found->second;
    } else if (finding.waiver.empty()) {
      compared.fresh.push_back(finding);
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
