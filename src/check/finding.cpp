#include "check/finding.h"

#include <algorithm>
#include <optional>
#include <tuple>

namespace aecos::check {
namespace {

constexpr std::size_t block_size = 1 << 16;

constexpr Rule all_rules[] = {
    {"element-agreement", "metadata.json and element.ifc of an element state the same."},
    {"ids-applicability", "A requirement (IDS) is about something that must be, or must not be, in the model."},
    {"ids-attribute", "An attribute is as the requirements (IDS) have it."},
    {"ids-classification", "An element is classified as the requirements (IDS) have it."},
    {"ids-entity", "An element has the class and predefined type that the requirements (IDS) have."},
    {"ids-invalid", "The file of requirements follows IDS 1.0 and can be satisfied."},
    {"ids-material", "An element has the material that the requirements (IDS) have."},
    {"ids-partOf", "An element is part of what the requirements (IDS) have."},
    {"ids-property", "A property is as the requirements (IDS) have it."},
    {"ifc-abstract", "Only classes that are not abstract have instances."},
    {"ifc-attribute-count", "An instance has the attributes of its class."},
    {"ifc-class", "The schema has the class."},
    {"ifc-derived", "What a class derives is not stated."},
    {"ifc-global-id", "A GlobalId is 22 characters of its alphabet."},
    {"ifc-global-id-twice", "Two things do not share a GlobalId."},
    {"ifc-inverse", "Something takes part in as many relations as its class allows."},
    {"ifc-missing", "An attribute that is not optional has a value."},
    {"ifc-reference", "A reference leads to an instance."},
    {"ifc-unreadable", "The file is STEP text of a known schema."},
    {"ifc-value", "A value is of the attribute's type."},
    {"name-iso19650", "A file is named as a container of ISO 19650."},
    {"project-file", "A file of the project is what it should be."},
    {"project-missing", "A file that the project needs is there."},
};

std::string mend_of(const Specification& specification, std::size_t requirement) {
  if (requirement >= specification.requirements.size()) return specification.instructions;
  const Facet& facet = specification.requirements[requirement];
  if (!facet.instructions.empty()) return facet.instructions;
  switch (facet.cardinality) {
    case Cardinality::required:
      return "give it " + in_words(facet);
    case Cardinality::optional:
      return "leave it out, or give it " + in_words(facet);
    case Cardinality::prohibited:
      break;
  }
  return "take away " + in_words(facet);
}

}  // namespace

std::vector<Rule> rules() { return {std::begin(all_rules), std::end(all_rules)}; }

std::size_t Report::errors() const {
  return static_cast<std::size_t>(std::count_if(
             findings.begin(), findings.end(),
             [](const Finding& finding) { return finding.severity == Severity::error && finding.waiver.empty(); })) +
         untold;
}

std::size_t Report::waived() const {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(), [](const Finding& finding) { return !finding.waiver.empty(); }));
}

LineIndex::LineIndex(std::string_view text) : text_(text) {
  std::size_t lines = 0;
  for (std::size_t at = 0; at < text.size(); at += block_size) {
    lines_before_.push_back(lines);
    const std::string_view block = text.substr(at, block_size);
    lines += static_cast<std::size_t>(std::count(block.begin(), block.end(), '\n'));
  }
}

std::pair<std::size_t, std::size_t> LineIndex::of(std::size_t offset) const {
  if (text_.empty()) return {1, 1};
  offset = std::min(offset, text_.size() - 1);
  const std::size_t block = offset / block_size;
  const std::string_view before = text_.substr(block * block_size, offset - block * block_size);
  const auto lines = lines_before_[block] + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t end = offset == 0 ? std::string_view::npos : text_.rfind('\n', offset - 1);
  return {lines + 1, end == std::string_view::npos ? offset + 1 : offset - end};
}

void locate(const ifc::Model& model, const LineIndex& lines, ifc::Index i, Finding& finding) {
  const step::Instance& instance = model.file.instances[i];
  finding.step_id = instance.id;
  std::tie(finding.line, finding.column) = lines.of(instance.begin);
  const schema::Entity* const entity = model.traits(i).entity;
  finding.ifc_class = entity == nullptr ? model.file.keyword(i) : std::string(entity->name);
  if (model.traits(i).rooted()) finding.global_id = model.global_id(i);
  const int name = entity == nullptr ? -1 : schema::attribute_index(*entity, "Name");
  if (name >= 0) finding.name = model.text_attribute(i, static_cast<std::size_t>(name));
}

void add_results(const ifc::Model& model, const std::string& path, const Ids& ids, const std::string& ids_path,
                 const std::vector<SpecificationResult>& results, Report& report) {
  std::optional<LineIndex> lines;
  for (std::size_t k = 0; k < results.size(); ++k) {
    const Specification& specification = ids.specifications[k];
    const SpecificationResult& result = results[k];
    report.specifications.push_back({ids_path, path, specification.name, specification.identifier, result.pass,
                                     result.other_version, result.applicable, result.failed});
    if (!result.reason.empty()) {
      Finding finding{"ids-applicability", Severity::error, path};
      finding.group = specification.name;
      finding.message = result.reason;
      finding.mend = specification.instructions;
      report.findings.push_back(std::move(finding));
    }
    std::size_t told = 0;
    for (std::size_t at = 0; at < result.failures.size(); ++at) {
      const IdsFailure& failure = result.failures[at];
      const bool whole = failure.requirement >= specification.requirements.size();
      Finding finding{
          "ids-" + std::string(whole ? "applicability" : facet_name(specification.requirements[failure.requirement])),
          Severity::error, path};
      if (!lines) lines.emplace(model.file.text);
      locate(model, *lines, failure.instance, finding);
      finding.group = specification.name;
      finding.message = failure.reason;
      finding.mend = mend_of(specification, failure.requirement);
      report.findings.push_back(std::move(finding));
      told += at == 0 || result.failures[at - 1].instance != failure.instance ? 1 : 0;
    }
    report.untold += result.failed - std::min(told, result.failed);
  }
}

std::string without_step_ids(const std::string& message) {
  std::string text;
  for (std::size_t at = 0; at < message.size(); ++at) {
    text += message[at];
    if (message[at] != '#') continue;
    while (at + 1 < message.size() && message[at + 1] >= '0' && message[at + 1] <= '9') ++at;
  }
  return text;
}

}  // namespace aecos::check
