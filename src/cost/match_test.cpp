#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "cost/match_internal.h"

namespace aecos::cost {
namespace {

// What a star is, said in the shortest way.
bool is_covered(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '*')
    return is_covered(pattern.substr(1), text) || (!text.empty() && is_covered(pattern, text.substr(1)));
  return !text.empty() && text.front() == pattern.front() && is_covered(pattern.substr(1), text.substr(1));
}

TEST(Match, AStarStandsForAnyText) {
  rc::check([] {
    const auto pattern = *rc::gen::resize(8, rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab*"))));
    const auto text = *rc::gen::resize(12, rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab"))));
    std::uint64_t work = 0;
    RC_CLASSIFY(is_covered(pattern, text));
    RC_ASSERT(covers(pattern, text, work) == is_covered(pattern, text));
  });
}

TEST(Match, TheStepsGrowWithTheTexts) {
  std::uint64_t few = 0, many = 0;
  EXPECT_FALSE(covers("*" + std::string(90, 'a') + "b*", std::string(200, 'a'), few));
  EXPECT_FALSE(covers("*" + std::string(900, 'a') + "b*", std::string(2000, 'a'), many));
  EXPECT_GT(many, 30 * few);
}

}  // namespace
}  // namespace aecos::cost
