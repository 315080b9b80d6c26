#include <gtest/gtest.h>

#include <map>
#include <random>

#include "ifc/token_table.h"

namespace aecos::ifc {
namespace {

TEST(TokenTable, IsAMap) {
  std::mt19937_64 random(5);
  std::map<Token, step::Index> expected;
  TokenTable table;
  EXPECT_EQ(table.find(7), step::no_instance);
  EXPECT_EQ(table.find(0), step::no_instance);
  for (step::Index n = 0; n < 20'000; ++n) {
    const Token token = 1 + (random() % 3000) * (random() % 2 == 0 ? 1 : 0x100000001ULL);  // Many share a place.
    switch (random() % 4) {
      case 0:
        table.set(token, n);
        expected[token] = n;
        break;
      case 1:
        EXPECT_EQ(table.insert(token, n), expected.emplace(token, n).second);
        break;
      case 2:
        table.erase(token);
        expected.erase(token);
        break;
      default:
        table.reserve(n % 5000);
    }
    ASSERT_EQ(table.size(), expected.size());
    const auto found = expected.find(token);
    ASSERT_EQ(table.find(token), found == expected.end() ? step::no_instance : found->second);
  }
  for (const auto& [token, n] : expected) ASSERT_EQ(table.find(token), n);
}

}  // namespace
}  // namespace aecos::ifc
