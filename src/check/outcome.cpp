#include "check/outcome.h"

#include "base/fields.h"

namespace aecos::check {
namespace {

constexpr std::uint64_t passed = 1, of_other_version = 2;

void put_summaries(const Report& outcome, const std::vector<Requirements>& requirements, std::string& out) {
  std::size_t next = 0;
  const auto& all = outcome.specifications;
  for (const Requirements& one : requirements) {
    const std::size_t count = one.ids.specifications.size();
    // A file of requirements that could not be held to the model has none.
    const bool there = count > 0 && next + count <= all.size() && all[next].ids_path == one.path;
    put_field(out, there ? 1 : 0);
    for (std::size_t k = 0; there && k < count; ++k, ++next) {
      const SpecificationSummary& summary = all[next];
      put_field(out, (summary.pass ? passed : 0) | (summary.other_version ? of_other_version : 0));
      put_field(out, summary.applicable);
      put_field(out, summary.failed);
    }
  }
}

void read_summaries(FieldReader& reader, const std::string& path, const std::vector<Requirements>& requirements,
                    Report& outcome) {
  for (const Requirements& one : requirements) {
    if (reader.number() == 0) continue;
    for (const Specification& specification : one.ids.specifications) {
      if (!reader.good()) return;
      SpecificationSummary summary{one.path, path, specification.name, specification.identifier};
      const std::uint64_t flags = reader.number();
      summary.pass = (flags & passed) != 0;
      summary.other_version = (flags & of_other_version) != 0;
      summary.applicable = reader.number();
      summary.failed = reader.number();
      outcome.specifications.push_back(std::move(summary));
    }
  }
}

void put_finding(const Finding& finding, const std::string& path, std::string& out) {
  put_field(out, finding.severity == Severity::error ? 0 : 1);
  put_field(out, finding.path == path ? std::string_view() : std::string_view(finding.path));
  for (const std::uint64_t number : {std::uint64_t{finding.line}, std::uint64_t{finding.column}, finding.step_id})
    put_field(out, number);
  for (const std::string* const text : {&finding.rule, &finding.group, &finding.global_id, &finding.ifc_class,
                                        &finding.name, &finding.message, &finding.mend})
    put_field(out, *text);
}

Finding read_finding(FieldReader& reader, const std::string& path) {
  Finding finding;
  finding.severity = reader.number() == 0 ? Severity::error : Severity::warning;
  finding.path = reader.text();
  if (finding.path.empty()) finding.path = path;
  finding.line = reader.number();
  finding.column = reader.number();
  finding.step_id = reader.number();
  for (std::string* const text : {&finding.rule, &finding.group, &finding.global_id, &finding.ifc_class, &finding.name,
                                  &finding.message, &finding.mend})
    *text = reader.text();
  return finding;
}

}  // namespace

std::string write_outcome(const Report& outcome, const std::string& path,
                          const std::vector<Requirements>& requirements) {
  std::string out;
  put_field(out, outcome.files);
  put_field(out, outcome.untold);
  put_summaries(outcome, requirements, out);
  put_field(out, outcome.findings.size());
  for (const Finding& finding : outcome.findings) put_finding(finding, path, out);
  return out;
}

Result<Report> read_outcome(std::string_view bytes, const std::string& path,
                            const std::vector<Requirements>& requirements) {
  FieldReader reader(bytes);
  Report outcome;
  outcome.files = reader.number();
  outcome.untold = reader.number();
  read_summaries(reader, path, requirements, outcome);
  const std::uint64_t findings = reader.number();
  for (std::uint64_t k = 0; k < findings && reader.good(); ++k) outcome.findings.push_back(read_finding(reader, path));
  if (!reader.good() || !reader.at_end()) return Error{ErrorCode::invalid_input, "a kept outcome is damaged"};
  return outcome;
}

}  // namespace aecos::check
