#include "hub/validation.h"

#include "check/waivers.h"
#include "hub/project_file.h"

namespace aecos::hub {
namespace {

check::ValidateOptions options() {
  constexpr std::size_t findings_max = 10'000;  // Of one specification and file: what is told can be compared.
  check::ValidateOptions options = revision::project_options();
  options.parse = parse_project_file;
  options.findings = findings_max;
  return options;
}

Error with_setting(const Error& error) {
  if (error.code != ErrorCode::denied) return error;
  return {error.code, error.message + "; whoever runs the hub can raise limits.validate-mb"};
}

}  // namespace

Result<revision::Gate> validate_whole(const Parts& parts, Projects& projects, OpenProject& project, TreeId tree) {
  const auto outcomes = projects.outcomes(project.name);
  const revision::Library library = project.library();
  AECOS_TRY_ASSIGN(revision::Validation validation, revision::of_tree(library, tree, options()));
  validation.today = check::day_of(parts.clock.now_us());
  validation.outcomes = outcomes.get();
  validation.bytes_max = parts.config.validate_max;
  auto validated = revision::validate(validation);
  if (!validated) return with_setting(validated.error());
  revision::Gate gate;
  gate.compared = check::compare({}, validated->report);
  for (const check::WaiverUse& use : validated->report.waivers)
    if (!use.expired && use.findings > 0) gate.waivers.push_back(use);
  return gate;
}

Result<revision::Gate> validate_step(const Parts& parts, Projects& projects, OpenProject& project, TreeId before,
                                     TreeId after) {
  const auto outcomes = projects.outcomes(project.name);
  const std::string today = check::day_of(parts.clock.now_us());
  auto gate = revision::pass_gate(project.library(), before, after,
                                  {options(), today, outcomes.get(), parts.config.validate_max});
  return gate ? std::move(gate) : with_setting(gate.error());
}

}  // namespace aecos::hub
