#include "diff/sequence.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace aecos::diff {
namespace {

std::vector<Symbol> symbols(std::string_view letters) { return {letters.begin(), letters.end()}; }

std::size_t total(const std::vector<CommonRun>& runs) {
  std::size_t sum = 0;
  for (const CommonRun& run : runs) sum += run.length;
  return sum;
}

// Ascending, maximal and equal on both sides.
void expect_valid(const std::vector<Symbol>& a, const std::vector<Symbol>& b, const std::vector<CommonRun>& runs) {
  std::size_t a_end = 0, b_end = 0;
  for (const CommonRun& run : runs) {
    ASSERT_GT(run.length, 0U);
    ASSERT_GE(run.a, a_end);
    ASSERT_GE(run.b, b_end);
    ASSERT_TRUE(&run == runs.data() || run.a > a_end || run.b > b_end);
    a_end = run.a + run.length, b_end = run.b + run.length;
    ASSERT_LE(a_end, a.size());
    ASSERT_LE(b_end, b.size());
    for (std::size_t i = 0; i < run.length; ++i) ASSERT_EQ(a[run.a + i], b[run.b + i]);
  }
}

std::size_t longest_common(const std::vector<Symbol>& a, const std::vector<Symbol>& b) {
  std::vector<std::vector<std::size_t>> table(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < b.size(); ++j) {
      table[i + 1][j + 1] = a[i] == b[j] ? table[i][j] + 1 : std::max(table[i][j + 1], table[i + 1][j]);
    }
  }
  return table[a.size()][b.size()];
}

TEST(Sequence, FindsWhatIsCommon) {
  EXPECT_EQ(common_runs(symbols("abcd"), symbols("abxd")), (std::vector<CommonRun>{{0, 0, 2}, {3, 3, 1}}));
  EXPECT_EQ(common_runs(symbols("abc"), symbols("abc")), (std::vector<CommonRun>{{0, 0, 3}}));
  EXPECT_TRUE(common_runs(symbols(""), symbols("abc")).empty());
  EXPECT_TRUE(common_runs(symbols("abc"), symbols("xyz")).empty());
}

TEST(Sequence, IsLongestWhereNothingIsUnique) {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    std::vector<Symbol> a = {7}, b = {8};  // Ends differ and every other symbol occurs twice: the search alone decides.
    for (auto* side : {&a, &b}) {
      for (std::size_t size = random() % 8; size > 0; --size) side->push_back(static_cast<Symbol>(random() % 3));
      for (Symbol symbol : {0U, 0U, 1U, 1U, 2U, 2U}) side->push_back(symbol);
      std::shuffle(side->begin() + 1, side->end(), random);
      side->push_back(side == &a ? 7 : 8);
    }
    auto runs = common_runs(a, b);
    expect_valid(a, b, runs);
    ASSERT_EQ(total(runs), longest_common(a, b));
  }
}

TEST(Sequence, IsValidForAnyInput) {
  std::mt19937 random(2);
  for (int round = 0; round < 5000; ++round) {
    std::vector<Symbol> a, b;
    std::size_t kinds = 1 + random() % 20;
    for (auto* side : {&a, &b}) {
      for (std::size_t size = random() % 40; size > 0; --size) side->push_back(static_cast<Symbol>(random() % kinds));
    }
    expect_valid(a, b, common_runs(a, b));
  }
}

TEST(Sequence, LongHostileInputTakesAboutLinearTime) {
  std::mt19937 random(3);
  std::vector<Symbol> a, b;
  for (int i = 0; i < 300000; ++i) {
    a.push_back(static_cast<Symbol>(random() % 2)), b.push_back(static_cast<Symbol>(random() % 3));
  }
  auto runs = common_runs(a, b);
  expect_valid(a, b, runs);
  EXPECT_GT(total(runs), 100000U);
}

TEST(Sequence, ReversedInputTakesAboutLinearTime) {
  std::vector<Symbol> a, b;
  for (Symbol i = 0; i < 200000; ++i) a.push_back(i);
  b.assign(a.rbegin(), a.rend());
  expect_valid(a, b, common_runs(a, b));
}

}  // namespace
}  // namespace aecos::diff
