#include "check/validate.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/parallel.h"
#include "check/ifc_rules.h"
#include "step/ifczip.h"

namespace aecos::check {
namespace {

constexpr std::string_view elements_folder = "elements";

bool ends_with(std::string_view path, std::string_view ending) {
  if (path.size() < ending.size()) return false;
  const std::string_view end = path.substr(path.size() - ending.size());
  return std::equal(end.begin(), end.end(), ending.begin(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

// "12:3: what" in a message becomes its place.
void set_message(Finding& finding, const std::string& message) {
  finding.message = message;
  std::size_t at = 0, line = 0, column = 0;
  const auto number = [&](std::size_t& out) {
    const std::size_t begin = at;
    for (; at < message.size() && message[at] >= '0' && message[at] <= '9' && at - begin < 9; ++at)
      out = out * 10 + static_cast<std::size_t>(message[at] - '0');
    return at > begin && at < message.size() && message[at++] == ':';
  };
  if (!number(line) || !number(column) || message[at] != ' ') return;
  finding.line = line;
  finding.column = column;
  finding.message = message.substr(at + 1);
}

void add(Report& report, const char* rule, const std::string& path, const std::string& message,
         const std::string& mend) {
  Finding finding{rule, Severity::error, path};
  set_message(finding, message);
  finding.mend = mend;
  report.findings.push_back(std::move(finding));
}

std::string key_of(const Finding& finding) {
  return finding.rule + "|" + finding.ifc_class + "|" + finding.global_id + "|" + finding.name + "|" + finding.message;
}

// Each as often as the earlier version has it.
void leave_out_earlier(const InputFile& file, Report& report) {
  const auto model = ifc::read_model(file.before);
  if (!model) return;
  Report earlier;
  check_ifc_rules(*model, file.path, earlier);
  std::map<std::string, std::size_t> known;
  for (const Finding& finding : earlier.findings) ++known[key_of(finding)];
  std::erase_if(report.findings, [&](const Finding& finding) {
    const auto found = known.find(key_of(finding));
    return found != known.end() && found->second > 0 && found->second-- > 0;
  });
}

void check_text(const InputFile& file, std::string_view text, const std::vector<Requirements>& requirements,
                const ValidateOptions& options, Report& report) {
  const auto model = ifc::read_model(text);
  if (!model) return add(report, "ifc-unreadable", file.path, model.error().message, "export it again");
  if (options.rules_of_ifc) check_ifc_rules(*model, file.path, report, {options.findings});
  if (options.rules_of_ifc && !file.before.empty()) leave_out_earlier(file, report);
  if (model->schema == nullptr) return;
  IdsOptions ids_options;
  ids_options.failures = options.findings;
  ids_options.part_of_model = is_part(file.path) || file.only.has_value();
  for (const Requirements& one : requirements) {
    const auto results = check_ids(*model, one.ids, ids_options);
    results ? add_results(*model, file.path, one.ids, one.path, *results, report)
            : add(report, "ids-invalid", one.path, results.error().message, "");
  }
}

void check_model(const InputFile& file, const std::vector<Requirements>& requirements, const ValidateOptions& options,
                 Report& report) {
  if (!step::is_zip(file.bytes)) {
    check_text(file, file.bytes, requirements, options, report);
  } else if (const auto packed = step::unpack(file.bytes)) {
    check_text(file, packed->text, requirements, options, report);
  } else {
    add(report, "ifc-unreadable", file.path, packed.error().message, "pack it again");
  }
  if (!file.only) return;
  std::erase_if(report.findings, [&](const Finding& finding) {
    return finding.rule.starts_with("ids-") && finding.step_id > 0 && !file.only->contains(finding.global_id);
  });
}

// What the two files of an element folder state differently.
void check_agreement(const InputFile& file, const ValidateOptions& options, Report& report) {
  if (!options.disagreements || file.beside.empty()) return;
  const auto found = options.disagreements(file.bytes, file.beside);
  if (!found) return;
  for (const std::string& line : *found)
    add(report, "element-agreement", file.path, line,
        "say the same in both; aecos sync writes a change in one through to the other");
}

void check_name(const InputFile& file, Report& report) {
  const std::string_view path = file.path;
  if (!is_model(path) || !element_folder(path).empty()) return;
  const std::string fault = iso19650_fault(path.substr(path.rfind('/') + 1));
  if (!fault.empty())
    add(report, "name-iso19650", file.path, fault,
        "name it Project-Originator-Functional-Spatial-Form-Discipline-Number");
}

void check_file(const InputFile& file, const std::vector<Requirements>& requirements, const ValidateOptions& options,
                Report& report) {
  ++report.files;
  if (options.iso19650_names) check_name(file, report);
  if (is_model(file.path)) return check_model(file, requirements, options, report);
  if (file.path == "metadata.json" || file.path.ends_with("/metadata.json")) {
    const auto sound = check_metadata(file.bytes);
    if (!sound)
      add(report, "project-file", file.path, sound.error().message,
          "docs/schemas/metadata.schema.json describes the file");
    check_agreement(file, options, report);
  } else if (options.parse) {
    const auto sound = options.parse(file.path, file.bytes);
    if (!sound)
      add(report, "project-file", file.path, sound.error().message, "mend the file; the project cannot use it");
  }
}

void append(Report& report, Report&& more) {
  report.findings.insert(report.findings.end(), std::make_move_iterator(more.findings.begin()),
                         std::make_move_iterator(more.findings.end()));
  report.specifications.insert(report.specifications.end(), std::make_move_iterator(more.specifications.begin()),
                               std::make_move_iterator(more.specifications.end()));
  report.files += more.files;
  report.untold += more.untold;
}

// Each specification is told of all parts together.
void join_specifications(Report& report) {
  std::map<std::pair<std::string, std::string>, std::size_t> known;
  std::vector<SpecificationSummary> joined;
  for (SpecificationSummary& one : report.specifications) {
    const bool part = is_part(one.path);
    const auto [at, added] =
        part ? known.try_emplace({one.ids_path, one.name}, joined.size()) : std::pair(known.end(), true);
    if (added) {
      if (part) one.path = std::string(elements_folder);
      joined.push_back(std::move(one));
      continue;
    }
    SpecificationSummary& all = joined[at->second];
    all.pass = all.pass && one.pass;
    all.applicable += one.applicable;
    all.failed += one.failed;
  }
  report.specifications = std::move(joined);
}

// Of what let it pass, and of the first that did.
void uncount(const Finding& finding, std::vector<WaiverUse>& uses) {
  bool is_over_told = false;
  for (WaiverUse& use : uses) {
    const bool over = use.expired && !is_over_told && covers(use.waiver, finding);
    is_over_told = is_over_told || over;
    const bool counted = over || (!use.expired && use.waiver.id == finding.waiver);
    if (counted && use.findings > 0) --use.findings;
  }
}

// What every element folder holds.
void check_folders(const std::vector<std::string>& paths, const std::vector<Requirements>& requirements,
                   Report& report) {
  std::map<std::string, std::array<bool, 2>, std::less<>> folders;
  bool any_project = std::any_of(requirements.begin(), requirements.end(),
                                 [](const Requirements& one) { return one.path.starts_with(".aecos/"); });
  bool has_project = false;
  for (const std::string& path : paths) {
    any_project = any_project || path.starts_with(".aecos/");
    has_project = has_project || path == ".aecos/project.json";
    const std::string_view folder = element_folder(path);
    if (folder.empty()) continue;
    auto& has = folders[std::string(folder)];
    has[0] = has[0] || path.ends_with("/element.ifc");
    has[1] = has[1] || path.ends_with("/metadata.json");
  }
  if (any_project && !has_project)
    add(report, "project-missing", ".aecos/project.json", "the project has no .aecos/project.json",
        "make it with aecos init");
  for (const auto& [folder, has] : folders) {
    for (const std::size_t k : {std::size_t{0}, std::size_t{1}}) {
      const std::string name = folder + (k == 0 ? "/element.ifc" : "/metadata.json");
      if (!has[k])
        add(report, "project-missing", name, "the element folder has no " + name.substr(folder.size() + 1),
            "put it back, or remove the folder");
    }
  }
}

// What must be somewhere, in a project whose model lies in element folders.
void check_presence(const std::vector<Requirements>& requirements, Report& report) {
  std::map<std::pair<std::string, std::string>, std::pair<std::size_t, bool>> found;  // Applicable; only in parts.
  for (const SpecificationSummary& one : report.specifications) {
    auto& [count, parts] = found.try_emplace({one.ids_path, one.name}, 0, true).first->second;
    count += one.applicable;
    parts = parts && one.path == elements_folder;
  }
  for (const Requirements& all : requirements) {
    for (const Specification& specification : all.ids.specifications) {
      const auto at = found.find({all.path, specification.name});
      if (specification.cardinality != Cardinality::required || at == found.end() || at->second.first > 0 ||
          !at->second.second)
        continue;
      add(report, "ids-applicability", all.path,
          "no element of the project is what this is about, and something is required", specification.instructions);
      report.findings.back().group = specification.name;
    }
  }
}

}  // namespace

std::string_view element_folder(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  const std::string_view folder = path.substr(0, slash);
  const std::size_t above = folder.rfind('/');
  const std::string_view parent = above == std::string_view::npos ? std::string_view() : folder.substr(0, above);
  return parent == elements_folder || parent.ends_with("/elements") ? folder : std::string_view();
}

bool is_part(std::string_view path) {
  return !element_folder(path).empty() || path == "frame.ifc" || path.ends_with("/frame.ifc");
}

bool is_model(std::string_view path) { return ends_with(path, ".ifc") || ends_with(path, ".ifczip"); }

std::vector<Requirements> read_requirements(const std::vector<InputFile>& files, Report& report) {
  std::vector<Requirements> all;
  for (const InputFile& file : files) {
    auto ids = read_ids(file.bytes);
    if (!ids) {
      add(report, "ids-invalid", file.path, ids.error().message,
          "mend the file of requirements; nothing was held to it");
      continue;
    }
    for (const std::string& note : ids->notes) report.notes.push_back(file.path + ": " + note);
    all.push_back({file.path, *std::move(ids)});
  }
  return all;
}

std::vector<Report> look_at(const std::vector<InputFile>& files, const std::vector<Requirements>& requirements,
                            const ValidateOptions& options) {
  std::vector<Report> each(files.size());
  in_parallel(files.size(), [&](std::size_t k) { check_file(files[k], requirements, options, each[k]); });
  return each;
}

void combine(const std::vector<std::string>& paths, std::vector<Report>&& each,
             const std::vector<Requirements>& requirements, const ValidateOptions& options, Report& report) {
  for (Report& one : each) append(report, std::move(one));
  join_specifications(report);
  if (!options.whole_project) return;
  check_folders(paths, requirements, report);
  check_presence(requirements, report);
}

bool may_have_copies(const Finding& finding) { return !finding.global_id.empty() && is_part(finding.path); }

CopyKey copy_key(const Finding& finding) { return {finding.rule, finding.group, finding.global_id, finding.message}; }

void join_copies(Report& report) {
  std::set<std::pair<CopyKey, std::string>> told;
  std::erase_if(report.findings, [&](const Finding& finding) {
    if (!may_have_copies(finding) || told.insert({copy_key(finding), finding.waiver}).second) return false;
    uncount(finding, report.waivers);
    return true;
  });
}

void validate(const std::vector<InputFile>& files, const std::vector<Requirements>& requirements,
              const ValidateOptions& options, Report& report) {
  std::map<std::string, std::string_view, std::less<>> models;  // By element folder.
  std::vector<std::string> paths;
  for (const InputFile& file : files) {
    paths.push_back(file.path);
    if (file.path.ends_with("/element.ifc")) models[std::string(element_folder(file.path))] = file.bytes;
  }
  std::vector<InputFile> given = files;
  for (InputFile& file : given) {
    if (!file.path.ends_with("/metadata.json") || element_folder(file.path).empty()) continue;
    const auto model = models.find(element_folder(file.path));
    if (model != models.end()) file.beside = model->second;
  }
  combine(paths, look_at(given, requirements, options), requirements, options, report);
  join_copies(report);
}

std::string iso19650_fault(std::string_view name) {
  static constexpr std::array<std::string_view, 7> fields = {"project", "originator", "functional", "spatial",
                                                             "form",    "discipline", "number"};
  std::string_view rest = name.substr(0, name.rfind('.'));
  for (std::size_t k = 0; k < fields.size(); ++k) {
    const std::size_t end = rest.find('-');
    const std::string_view field = rest.substr(0, end);
    const bool plain = !field.empty() && std::all_of(field.begin(), field.end(), [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    });
    if (!plain)
      return "the field \"" + std::string(fields[k]) + "\" of the name " +
             (field.empty() ? "is missing" : "is \"" + std::string(field) + "\": letters and digits only");
    const bool last = end == std::string_view::npos;
    if (last && k + 1 < fields.size()) return "the name ends before the field \"" + std::string(fields[k + 1]) + "\"";
    if (!last && k + 1 == fields.size()) return "the name goes on after its seventh field";
    rest = last ? "" : rest.substr(end + 1);
  }
  return {};
}

}  // namespace aecos::check
