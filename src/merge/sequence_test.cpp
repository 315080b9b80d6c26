#include "merge/sequence.h"

#include <gtest/gtest.h>

#include <string>

namespace aecos::merge {
namespace {

using diff::Symbol;
using Kind = Region::Kind;

std::vector<Symbol> symbols(std::string_view letters) { return {letters.begin(), letters.end()}; }

std::vector<Region> merge_regions(std::string_view base, std::string_view ours, std::string_view theirs,
                                  Touching touching) {
  return merge_sequences(symbols(base), symbols(ours), symbols(theirs), touching);
}

// The merge as text; a conflict as [ours|theirs].
std::string show(std::string_view base, std::string_view ours, std::string_view theirs,
                 Touching touching = Touching::merges) {
  std::string shown;
  auto piece = [](std::string_view text, Range range) { return std::string(text.substr(range.begin, range.size())); };
  for (const Region& region : merge_regions(base, ours, theirs, touching)) {
    std::string our_piece = piece(ours, region.ours), their_piece = piece(theirs, region.theirs);
    if (region.kind == Kind::conflict) {
      shown += "[" + our_piece + "|" + their_piece + "]";
    } else {
      shown += region.kind == Kind::theirs ? their_piece : our_piece;
    }
  }
  return shown;
}

TEST(SequenceMerge, TakesBothSidesChanges) {
  EXPECT_EQ(show("abcdef", "aXcdef", "abcdeY"), "aXcdeY");
  EXPECT_EQ(show("abcdef", "abcdef", "bcdefg"), "bcdefg");
  EXPECT_EQ(show("abc", "aXc", "aXc"), "aXc");
  EXPECT_EQ(show("", "ab", ""), "ab");
}

TEST(SequenceMerge, NeighboursMergeOrConflictAsAsked) {
  EXPECT_EQ(show("abcd", "aXcd", "abYd"), "aXYd");
  EXPECT_EQ(show("abcd", "aXcd", "abYd", Touching::conflicts), "a[Xc|bY]d");
  EXPECT_EQ(show("abcd", "aXcd", "aYbcd"), "aYXcd");
  EXPECT_EQ(show("abcd", "acd", "abYcd"), "aYcd");
}

TEST(SequenceMerge, OverlapsConflict) {
  EXPECT_EQ(show("abc", "aXc", "aYc"), "a[X|Y]c");
  EXPECT_EQ(show("abc", "aXbc", "aYbc"), "a[X|Y]bc");
  EXPECT_EQ(show("abcd", "ad", "abXd"), "a[|bX]d");
}

std::vector<std::string> all_words(std::size_t longest) {
  std::vector<std::string> words = {""};
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].size() == longest) continue;
    for (char c : {'a', 'b', 'c'}) words.push_back(words[i] + c);
  }
  return words;
}

TEST(SequenceMerge, LawsHoldForAllShortWords) {
  for (const std::string& base : all_words(3)) {
    for (const std::string& ours : all_words(3)) {
      EXPECT_EQ(show(base, ours, base), ours);
      EXPECT_EQ(show(base, base, ours), ours);
      EXPECT_EQ(show(base, ours, ours), ours);
      for (const std::string& theirs : all_words(3)) {
        for (Touching touching : {Touching::merges, Touching::conflicts}) {
          std::vector<Region> regions = merge_regions(base, ours, theirs, touching);
          Region end;
          for (Region& region : regions) {
            ASSERT_EQ(region.base.begin, end.base.end);
            ASSERT_EQ(region.ours.begin, end.ours.end);
            ASSERT_EQ(region.theirs.begin, end.theirs.end);
            end = region;
          }
          ASSERT_EQ(end.base.end, base.size());
          ASSERT_EQ(end.ours.end, ours.size());
          ASSERT_EQ(end.theirs.end, theirs.size());
          for (Region& region : regions) {
            std::swap(region.ours, region.theirs);
            if (region.kind == Kind::ours) {
              region.kind = Kind::theirs;
            } else if (region.kind == Kind::theirs) {
              region.kind = Kind::ours;
            }
          }
          ASSERT_EQ(regions, merge_regions(base, theirs, ours, touching)) << base << " " << ours << " " << theirs;
        }
      }
    }
  }
}

}  // namespace
}  // namespace aecos::merge
