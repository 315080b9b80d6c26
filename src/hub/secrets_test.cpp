#include "hub/secrets.h"

#include <gtest/gtest.h>

namespace aecos::hub {
namespace {

const std::string key(32, 'k'), nonce(12, 'n');

TEST(HubSecrets, ComeBackWithTheKeyAlone) {
  const std::string sealed = seal_secret(key, nonce, "https://example.org/T1", "house\nSLACK");
  EXPECT_EQ(sealed.find("example"), std::string::npos);
  const auto opened = open_secret(key, sealed, "house\nSLACK");
  ASSERT_TRUE(opened);
  EXPECT_EQ(*opened, "https://example.org/T1");
  EXPECT_FALSE(open_secret(std::string(32, 'x'), sealed, "house\nSLACK"));
  EXPECT_FALSE(open_secret(key, sealed, "barn\nSLACK"));  // Copied into another project's row.
  EXPECT_FALSE(open_secret(key, sealed.substr(2), "house\nSLACK"));
  EXPECT_FALSE(open_secret(key, "", "house\nSLACK"));
  EXPECT_FALSE(open_secret(key, "zz", "house\nSLACK"));
}

TEST(HubSecrets, AnyChangeIsSeen) {
  const std::string sealed = seal_secret(key, nonce, "secret", "a");
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    std::string changed = sealed;
    changed[at] = changed[at] == '0' ? '1' : '0';
    EXPECT_FALSE(open_secret(key, changed, "a")) << at;
  }
}

// Test case 14 of "The Galois/Counter Mode of Operation" (McGrew, Viega): a key and nonce of zeros.
TEST(HubSecrets, IsTheStandardsCipher) {
  const std::string zeros_16(16, '\0');
  EXPECT_EQ(seal_secret(std::string(32, '\0'), std::string(12, '\0'), zeros_16, ""),
            "000000000000000000000000"
            "cea7403d4d606b6e074ec5d3baf39d18"
            "d0d1c8a799996bf0265b98b5d48ab919");
}

}  // namespace
}  // namespace aecos::hub
