#include "revision/gate.h"

#include <algorithm>
#include <map>
#include <set>

#include "check/waivers.h"
#include "os/path.h"
#include "revision/project.h"
#include "revision/tree_difference.h"
#include "text/json_writer.h"

namespace aecos::revision {
namespace {

constexpr std::size_t told_max = 10, worded_max = 5;
// Compared, of one specification or file: first, and where that is not all.
constexpr std::size_t findings_usual = 10'000, findings_max = 200'000;

struct Sides {
  Validation before, after;
  std::set<std::string> folders;  // Of elements, that differ.
  bool is_whole = false;          // What differs does not tell.
};

bool is_regular(const std::optional<FileVersion>& version) {
  return version && (version->mode == FileMode::file || version->mode == FileMode::executable);
}

// The two files of an element folder stand beside each other, also where only one of them differs.
Result<> add_beside(const Library& library, TreeId tree, const std::set<std::string>& folders, Validation& side,
                    std::set<std::string>& missing) {
  if (!tree) return {};
  std::set<std::string> there;
  for (const Looked& file : side.files) there.insert(file.path);
  for (const std::string& folder : folders) {
    AECOS_TRY_ASSIGN(const auto any, library.repository.find_entry(tree, folder));
    for (const char* const name : {"/element.ifc", "/metadata.json"}) {
      const std::string path = folder + name;
      AECOS_TRY_ASSIGN(const auto entry, library.repository.find_entry(tree, path));
      const bool is_there = entry && entry->is_regular();
      if (any && !is_there) missing.insert(path);
      if (is_there && !there.contains(path)) side.files.push_back(of_blob(library, path, entry->id));
    }
  }
  return {};
}

Result<> add_requirements(const Library& library, TreeId tree, Validation& side) {
  if (!tree) return {};
  AECOS_TRY_ASSIGN(const auto waivers, library.repository.find_entry(tree, check::waivers_path));
  if (waivers && waivers->is_regular()) side.waivers = of_blob(library, std::string(check::waivers_path), waivers->id);
  AECOS_TRY_ASSIGN(const auto folder, library.repository.find_entry(tree, ".aecos/ids"));
  if (!folder || !folder->is_folder()) return {};
  AECOS_TRY_ASSIGN(const auto files, difference(library.repository, TreeId{}, folder->tree_id()));
  for (const FileDifference& file : files) {
    const std::string path = ".aecos/ids/" + file.path;
    if (is_regular(file.after) && is_requirements(path))
      side.requirements.push_back(of_blob(library, path, file.after->id));
  }
  return {};
}

class Passing {
 public:
  Passing(const Library& library, GateWith with) : library_(library), with_(std::move(with)) {
    with_.options.findings = std::max(with_.options.findings, findings_usual);
  }

  Result<Gate> run(TreeId before, TreeId after, const std::vector<TreeId>& others) {
    AECOS_TRY_ASSIGN(Sides sides, changed(before, after));
    Gate gate;
    if (!sides.is_whole) {
      AECOS_TRY_ASSIGN(gate, compare(sides.before, sides.after));
      if (gate.compared.fresh.empty() && gate.compared.fresh_untold == 0 && !is_less_) return gate;
      if (gate.compared.fresh_untold == 0 && !is_less_ && others.empty())
        return with_copies(before, sides, std::move(gate));
    }
    AECOS_TRY_ASSIGN(const Validation whole_before, whole(before));
    AECOS_TRY_ASSIGN(const Validation whole_after, whole(after));
    AECOS_TRY_ASSIGN(gate, compare(whole_before, whole_after));
    for (const TreeId other : others) {
      if (gate.compared.fresh.empty()) break;
      AECOS_TRY(leave_out(other, gate));
    }
    return gate;
  }

 private:
  Result<Sides> changed(TreeId before, TreeId after) {
    Sides sides;
    AECOS_TRY_ASSIGN(const auto files, difference(library_.repository, before, after));
    for (const FileDifference& file : files) {
      const bool decides =
          is_requirements(file.path) || file.path == check::waivers_path || (file.path == project_path && !file.after);
      sides.is_whole = sides.is_whole || decides || !before;
      if (!is_looked_at(file.path) || is_requirements(file.path)) continue;
      const std::string folder(check::element_folder(file.path));
      if (!folder.empty()) sides.folders.insert(folder);
      if (is_regular(file.before)) sides.before.files.push_back(of_blob(library_, file.path, file.before->id));
      if (is_regular(file.after)) sides.after.files.push_back(of_blob(library_, file.path, file.after->id));
    }
    std::set<std::string> missing_before, missing_after;
    AECOS_TRY(add_beside(library_, before, sides.folders, sides.before, missing_before));
    AECOS_TRY(add_beside(library_, after, sides.folders, sides.after, missing_after));
    sides.is_whole = sides.is_whole || !std::includes(missing_before.begin(), missing_before.end(),
                                                      missing_after.begin(), missing_after.end());
    for (Validation* const side : {&sides.before, &sides.after}) {
      AECOS_TRY(add_requirements(library_, side == &sides.before ? before : after, *side));
      side->options = with_.options;
    }
    return sides;
  }

  // What many parts of a model have copies of is one fault: parts that stay as they are may have it already.
  Result<Gate> with_copies(TreeId before, Sides& sides, Gate gate) {
    std::set<std::string> shared;
    for (const check::Finding& finding : gate.compared.fresh)
      if (check::is_part(finding.path) && !finding.global_id.empty()) shared.insert(finding.global_id);
    if (shared.empty()) return gate;
    std::set<std::string> differ;
    for (const Validation* const side : {&sides.before, &sides.after})
      for (const Looked& file : side->files) differ.insert(file.path);
    AECOS_TRY_ASSIGN(Validation all, whole(before));
    std::size_t added = 0;
    for (Looked& file : all.files) {
      if (!check::is_part(file.path) || !check::is_model(file.path) || differ.contains(file.path)) continue;
      AECOS_TRY_ASSIGN(const Content content, file.read());
      const bool names = std::any_of(shared.begin(), shared.end(), [&](const std::string& id) {
        return content.bytes.find(id) != std::string_view::npos;
      });
      if (!names) continue;
      ++added;
      sides.before.files.push_back(file);
      sides.after.files.push_back(std::move(file));
    }
    return added == 0 ? Result<Gate>(std::move(gate)) : compare(sides.before, sides.after);
  }

  Result<Validation> whole(TreeId tree) const { return of_tree(library_, tree, with_.options); }

  Result<Validated> look(Validation side) const {
    std::sort(side.files.begin(), side.files.end(), [](const Looked& a, const Looked& b) { return a.path < b.path; });
    side.today = with_.today;
    side.outcomes = with_.outcomes;
    side.bytes_max = with_.bytes_max;
    return validate(side);
  }

  // Where not all is told, it is looked at once more, so that what is new can be told from what is not.
  Result<Gate> compare(Validation before, Validation after) {
    AECOS_TRY_ASSIGN(Validated later, look(after));
    AECOS_TRY_ASSIGN(Validated earlier, look(before));
    if (later.report.untold + earlier.report.untold > 0) {
      before.options.findings = after.options.findings = findings_max;
      AECOS_TRY_ASSIGN(later, look(std::move(after)));
      AECOS_TRY_ASSIGN(earlier, look(std::move(before)));
    }
    Gate gate;
    gate.compared = check::compare(earlier.report, later.report);
    for (const check::WaiverUse& use : later.report.waivers)
      if (!use.expired && use.findings > 0) gate.waivers.push_back(use);
    is_less_ = is_less(earlier.report, later.report);
    return gate;
  }

  // Of what a specification is about there were some in the files that differ, and are none any more: perhaps there are
  // no others.
  static bool is_less(const check::Report& earlier, const check::Report& later) {
    std::map<std::pair<std::string, std::string>, std::size_t> now;
    for (const check::SpecificationSummary& one : later.specifications) now[{one.ids_path, one.name}] += one.applicable;
    return std::any_of(earlier.specifications.begin(), earlier.specifications.end(), [&](const auto& one) {
      return one.applicable > 0 && now[{one.ids_path, one.name}] == 0;
    });
  }

  // What another version that comes in has already.
  Result<> leave_out(TreeId other, Gate& gate) {
    AECOS_TRY_ASSIGN(const Validation side, whole(other));
    AECOS_TRY_ASSIGN(const Validated known, look(side));
    check::Report fresh;
    fresh.findings = std::move(gate.compared.fresh);
    gate.compared.fresh = check::compare(known.report, fresh).fresh;
    return {};
  }

  const Library& library_;
  GateWith with_;
  bool is_less_ = false;
};

void write_finding(text::JsonWriter& json, const check::Finding& finding) {
  json.begin_object().member("rule", finding.rule).member("path", finding.path);
  if (finding.line > 0) json.member("line", finding.line);
  if (!finding.group.empty()) json.member("specification", finding.group);
  if (!finding.ifc_class.empty()) {
    json.key("element").begin_object().member("globalId", finding.global_id);
    json.member("class", finding.ifc_class).member("name", finding.name).end_object();
  }
  json.member("message", finding.message);
  if (!finding.mend.empty()) json.member("mend", finding.mend);
  json.end_object();
}

}  // namespace

Result<Gate> pass_gate(const Library& library, TreeId before, TreeId after, const GateWith& with,
                       const std::vector<TreeId>& others) {
  return Passing(library, with).run(before, after, others);
}

std::string in_words(const check::Compared& compared, bool is_new) {
  const std::size_t count = compared.fresh.size() + compared.fresh_untold;
  std::string text = std::to_string(count) + (is_new ? " new" : "") + (count == 1 ? " fault" : " faults") +
                     "; mend them (aecos validate shows all), or who may manage waivers lets them pass (aecos waive)";
  const std::size_t told = std::min(compared.fresh.size(), worded_max);
  for (std::size_t k = 0; k < told; ++k) {
    const check::Finding& finding = compared.fresh[k];
    text += "\n" + check::in_one_line(finding);
    if (!finding.mend.empty()) text += " (to mend it: " + finding.mend + ")";
    if (!finding.expired.empty()) text += " (the waiver " + finding.expired + " is over)";
  }
  if (count > told) text += "\nand " + std::to_string(count - told) + " more";
  return text;
}

std::string to_json(const Gate& gate, bool required) {
  const check::Compared& compared = gate.compared;
  const std::size_t count = compared.fresh.size() + compared.fresh_untold;
  text::JsonWriter json;
  json.begin_object().member("check", "validate").member("state", count == 0 ? "passed" : "failed");
  json.member("required", required).member("new", count).member("mended", compared.mended);
  json.key("findings").begin_array();
  for (std::size_t k = 0; k < std::min(compared.fresh.size(), told_max); ++k) write_finding(json, compared.fresh[k]);
  json.end_array().key("waivers").begin_array();
  for (const check::WaiverUse& use : gate.waivers) {
    json.begin_object().member("id", use.waiver.id).member("findings", use.findings);
    json.member("reason", use.waiver.reason).member("until", use.waiver.until).end_object();
  }
  json.end_array().end_object();
  return std::move(json).take();
}

}  // namespace aecos::revision
