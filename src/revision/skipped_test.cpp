#include "revision/skipped.h"

#include <gtest/gtest.h>

namespace aecos::revision {
namespace {

const std::vector<std::string_view> known{"soundness", "agreement", "secrets"};

std::string error_of(const std::string& wish) {
  const auto skips = read_skips({wish}, known);
  return skips ? "" : skips.error().message;
}

TEST(Skipped, AWishNamesChecksAndAReason) {
  const auto skips = read_skips({"soundness, agreement: the exporter: writes it so ", "secrets:made up"}, known);
  ASSERT_TRUE(skips);
  EXPECT_EQ(*skips, (std::vector<SkippedCheck>{{"soundness", "the exporter: writes it so"},
                                               {"agreement", "the exporter: writes it so"},
                                               {"secrets", "made up"}}));
  EXPECT_TRUE(read_skips({}, known)->empty());
}

TEST(Skipped, WithoutAReasonNothingIsSkipped) {
  for (const char* wish : {"soundness", "soundness:", "soundness:  ", "", ":", "soundness:a\nb", "soundness:\xff"})
    EXPECT_NE(error_of(wish).find("takes a reason"), std::string::npos) << wish;
  EXPECT_NE(error_of("soundness:" + std::string(301, 'x')), "");
  EXPECT_EQ(error_of("soundness:" + std::string(300, 'x')), "");
}

TEST(Skipped, UnknownChecksAreNamed) {
  EXPECT_EQ(error_of("sound:x"), "there is no check \"sound\" to skip; there are soundness, agreement, secrets");
  EXPECT_NE(error_of("soundness,:x"), "");
}

TEST(Skipped, TrailersSayTheSame) {
  const SkippedCheck skipped{"soundness", "the exporter: writes it so"};
  const std::string message =
      "Change\n\nText.\n\n" + trailer_of(skipped) + "\n" + std::string(skipped_trailer) + ": nothing\n";
  EXPECT_EQ(skipped_in(message), std::vector{skipped});
  EXPECT_TRUE(skipped_in("Change\n").empty());
}

}  // namespace
}  // namespace aecos::revision
