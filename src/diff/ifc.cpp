#include "diff/ifc.h"

#include <string>
#include <utility>

#include "diff/ifc_description_internal.h"
#include "diff/ifc_storey_internal.h"
#include "step/ifczip.h"
#include "step/token.h"

namespace aecos::diff {

std::vector<Change> describe(const Model& base, const Model& side, const Delta& delta) {
  std::vector<Change> changes = Description(base, side, delta).run();
  name_storeys(base, changes);  // What is gone stood there.
  name_storeys(side, changes);
  return changes;
}

namespace {

// A file without instances, of the same schema as the other version.
std::string empty_file(std::string_view other) {
  const auto model = ifc::read_model(other);
  std::string schema = "''";
  if (model && !model->file.schemas.empty()) schema = step::encode_string(model->file.schemas.front());
  return "ISO-10303-21;HEADER;FILE_SCHEMA((" + schema + "));ENDSEC;DATA;ENDSEC;END-ISO-10303-21;";
}

Error named(Error error, std::string_view version) {
  error.message.insert(0, std::string(version) + ": ");
  return error;
}

Result<std::string> unpacked(std::string_view version, const char* name) {
  if (!step::is_zip(version)) return std::string(version);
  auto packed = step::unpack(version);
  if (!packed) return named(packed.error(), name);
  return std::move(packed->text);
}

Result<std::vector<Change>> diff_ifczip(std::string_view before, std::string_view after) {
  AECOS_TRY_ASSIGN(const std::string base, unpacked(before, "before"));
  AECOS_TRY_ASSIGN(const std::string side, unpacked(after, "after"));
  return diff_ifc(base, side);
}

}  // namespace

Result<std::vector<Change>> diff_ifc(std::string_view before, std::string_view after) {
  if (step::is_zip(before) || step::is_zip(after)) return diff_ifczip(before, after);
  std::string nothing;
  if (before.empty() != after.empty()) {
    nothing = empty_file(before.empty() ? after : before);
    (before.empty() ? before : after) = nothing;
  }
  auto base = ifc::read_model(before);
  if (!base) return named(base.error(), "before");
  auto side = ifc::read_model(after);
  if (!side) return named(side.error(), "after");
  Model* const models[] = {&*base, &*side};
  ifc::identify(models);
  if (auto values = ifc::compute_values(*base, nullptr); !values) return named(values.error(), "before");
  if (auto values = ifc::compute_values(*side, &*base); !values) return named(values.error(), "after");
  return describe(*base, *side, compare(*base, *side));
}

}  // namespace aecos::diff
