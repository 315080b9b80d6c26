// Anything as a BCF archive, and as the texts in one: it is read or refused; what is read and can be written says the
// same ever after.

#include <cstdint>
#include <string>
#include <string_view>

#include "archive/zip.h"
#include "bcf/bcf.h"
#include "parts.h"

namespace {

using aecos::bcf::Version;

void look_at(std::string_view zip) {
  auto archive = aecos::bcf::read(zip);
  if (!archive) return;
  aecos::bcf::list_used(*archive);
  for (const Version version : {Version::v2_1, Version::v3_0}) {
    archive->version = version;
    const auto written = aecos::bcf::write(*archive);
    if (!written) continue;
    auto again = aecos::bcf::read(*written);
    aecos::fuzz::require(again && again->faults.empty(), "what is written can be read");
    aecos::fuzz::require(again->topics.size() == archive->topics.size(), "no topic is lost");
    const auto same = aecos::bcf::write(*again);
    aecos::fuzz::require(same && *same == *written, "what was written once is written the same again");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = aecos::fuzz::text_of(data, size);
  look_at(text);
  const auto parts = aecos::fuzz::parts_of(text, 4);
  const auto zip = aecos::archive::write_zip(
      {{"bcf.version", parts[0]}, {"project.bcfp", parts[1]}, {"a/markup.bcf", parts[2]}, {"a/view.bcfv", parts[3]}});
  if (zip) look_at(*zip);
  return 0;
}
