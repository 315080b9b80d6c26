#include "step/ifczip.h"

#include "merge/ifczip_internal.h"
#include "merge/normalise.h"

namespace aecos::merge {
namespace {

struct Version {
  std::string_view bytes;  // As given.
  bool is_packed = false;
  step::Packed packed;

  std::string_view text() const { return is_packed ? std::string_view(packed.text) : bytes; }
};

Result<Version> open(const char* which, std::string_view bytes) {
  Version version{bytes, step::is_zip(bytes), {}};
  if (!version.is_packed) return version;
  auto packed = step::unpack(bytes);
  if (!packed) return Error{packed.error().code, std::string(which) + ": " + packed.error().message};
  version.packed = *std::move(packed);
  return version;
}

// The text in the archive of one of these versions, or packed as the first of them.
Result<std::string> close(std::string text, std::initializer_list<const Version*> versions) {
  for (const Version* version : versions)
    if (version->text() == text && version->is_packed == (*versions.begin())->is_packed)
      return std::string(version->bytes);
  if (!(*versions.begin())->is_packed) return text;
  return step::pack({(*versions.begin())->packed.name, std::move(text)});
}

}  // namespace

Result<Outcome> merge_ifczip(std::string_view base, std::string_view ours, std::string_view theirs,
                             const Options& options) {
  AECOS_TRY_ASSIGN(const Version base_version, open("base", base));
  AECOS_TRY_ASSIGN(const Version our_version, open("ours", ours));
  AECOS_TRY_ASSIGN(const Version their_version, open("theirs", theirs));
  AECOS_TRY_ASSIGN(Outcome outcome, merge_ifc(base_version.text(), our_version.text(), their_version.text(), options));
  if (base == ours) {  // Whatever theirs did, the archive's own form included.
    outcome.merged = theirs;
    return outcome;
  }
  AECOS_TRY_ASSIGN(outcome.merged, close(std::move(outcome.merged), {&our_version, &their_version, &base_version}));
  return outcome;
}

Result<std::string> normalise_ifczip(std::string_view base, std::string_view file) {
  AECOS_TRY_ASSIGN(const Version before, open("base", base));
  AECOS_TRY_ASSIGN(const Version after, open("theirs", file));
  AECOS_TRY_ASSIGN(std::string normal, normalise_ifc(before.text(), after.text()));
  // A packed file that says the same becomes the archive of before.
  if (normal == before.text() && before.is_packed == after.is_packed) return std::string(base);
  return close(std::move(normal), {&after, &before});
}

}  // namespace aecos::merge
