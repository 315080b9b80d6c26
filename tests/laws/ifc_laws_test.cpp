// The laws of the IFC merge, over made and real models with random edits. AECOS_LONG=1 runs thousands of cases.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "diff/diff.h"
#include "diff/ifc_delta.h"
#include "merge/merge.h"
#include "merge/normalise.h"
#include "sample/house.h"
#include "sample/random_edits.h"
#include "sample/re_export.h"

namespace aecos::merge {
namespace {

using sample::Dice;

int cases(int few) { return std::getenv("AECOS_LONG") != nullptr ? few * 100 : few; }

std::string slurp(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// The made house, and the real models where they are at hand.
const std::vector<std::pair<std::string, std::string>>& models() {
  static const auto all = [] {
    std::vector<std::pair<std::string, std::string>> found{{"house", sample::house()}};
    const std::filesystem::path folder = "../shared/data/ifc";
    if (std::filesystem::exists(folder))
      for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.file_size() < 500'000) found.emplace_back(entry.path().filename().string(), slurp(entry.path()));
    std::sort(found.begin() + 1, found.end());
    return found;
  }();
  return all;
}

Options options(Side integrated = Side::ours) {
  Options made;
  made.path = "house.ifc";
  made.integrated = integrated;
  return made;
}

diff::Delta difference(const std::string& base, const std::string& side) {
  auto b = ifc::read_model(base);
  auto s = ifc::read_model(side);
  ifc::Model* const both[] = {&*b, &*s};
  ifc::identify(both);
  EXPECT_TRUE(ifc::compute_values(*b, nullptr));
  EXPECT_TRUE(ifc::compute_values(*s, nullptr));
  return diff::compare(*b, *s);
}

std::string describe(const std::string& base, const std::string& side) {
  std::string text;
  const auto changes = diff::diff_file("house.ifc", base, side);
  if (!changes) return changes.error().message;
  for (const diff::Change& change : *changes)
    text += std::string(to_string(change.kind)) + " " + change.element.ifc_class + " " + change.element.global_id +
            " " + change.at + ": " + change.before.value_or("-") + " -> " + change.after.value_or("-") + "\n";
  return text;
}

void expect_same_model(const std::string& expected, const std::string& actual) {
  EXPECT_TRUE(difference(expected, actual).empty()) << describe(expected, actual);
}

struct Edited {
  std::string text;
  std::vector<std::string> what;
};

Edited edit(const std::string& base, std::uint64_t seed, std::string_view who, std::size_t count) {
  auto editor = sample::Editor::open(base, who);
  Dice dice(seed);
  Edited made;
  made.what = sample::edit_at_random(*editor, dice, count);
  made.text = editor->text();
  return made;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "  " + line + "\n";
  return text;
}

Outcome merged(const std::string& base, const std::string& ours, const std::string& theirs,
               Side integrated = Side::ours) {
  auto outcome = merge_ifc(base, ours, theirs, options(integrated));
  EXPECT_TRUE(outcome) << outcome.error().message;
  return outcome ? *std::move(outcome) : Outcome{};
}

// Calls law(name, base, seed) for every model and some seeds.
template <class Law>
void for_cases(int few, Law law) {
  for (const auto& [name, base] : models())
    for (int seed = 1; seed <= cases(few); ++seed) {
      SCOPED_TRACE(name + " seed " + std::to_string(seed));
      law(base, static_cast<std::uint64_t>(seed));
      if (testing::Test::HasFailure()) return;
    }
}

TEST(IfcLaws, NothingChangedNothingDone) {
  for (const auto& [name, base] : models()) {
    const Outcome outcome = merged(base, base, base);
    EXPECT_EQ(outcome.merged, base) << name;
    EXPECT_TRUE(outcome.conflicts.empty());
    EXPECT_TRUE(outcome.taken.empty());
  }
}

TEST(IfcLaws, OneSidedEditsStandAsTheyAre) {
  for_cases(4, [](const std::string& base, std::uint64_t seed) {
    const Edited a = edit(base, seed, "ana", 1 + seed % 7);
    EXPECT_EQ(merged(base, a.text, base).merged, a.text);
    EXPECT_EQ(merged(base, base, a.text).merged, a.text);
    EXPECT_EQ(merged(base, a.text, a.text).merged, a.text);
  });
}

// Not by taking the side's bytes: base is patched with what was found to differ, so nothing may be overlooked.
TEST(IfcLaws, AReExportWithEditsPatchesBase) {
  for_cases(4, [](const std::string& base, std::uint64_t seed) {
    const Edited a = edit(base, seed, "ana", 1 + seed % 7);
    const std::string exported = *sample::re_export(a.text, seed);
    const auto patched = normalise_ifc(base, exported);
    ASSERT_TRUE(patched) << patched.error().message;
    SCOPED_TRACE(joined(a.what));
    expect_same_model(a.text, *patched);
    expect_same_model(exported, *patched);
    EXPECT_EQ(*normalise_ifc(*patched, exported), *patched);
  });
}

TEST(IfcLaws, AReExportWithoutEditsIsBase) {
  for_cases(2, [](const std::string& base, std::uint64_t seed) {
    const auto normal = normalise_ifc(base, *sample::re_export(base, seed));
    ASSERT_TRUE(normal) << normal.error().message;
    EXPECT_EQ(*normal, base);
  });
}

TEST(IfcLaws, TheSidesAreAlike) {
  for_cases(4, [](const std::string& base, std::uint64_t seed) {
    const Edited a = edit(base, seed, "ana", 1 + seed % 9);
    const Edited b = edit(base, seed + 1'000'000, "ben", 1 + seed % 5);
    const Outcome one = merged(base, a.text, b.text, Side::ours);
    const Outcome other = merged(base, b.text, a.text, Side::theirs);
    SCOPED_TRACE(joined(a.what) + "and\n" + joined(b.what));
    EXPECT_EQ(one.conflicts.size(), other.conflicts.size());
    expect_same_model(one.merged, other.merged);
  });
}

// Renumbering, reordering, respelling and new GlobalIds of relations change nothing in what comes out.
TEST(IfcLaws, OnlyMeaningMatters) {
  for_cases(4, [](const std::string& base, std::uint64_t seed) {
    const Edited a = edit(base, seed, "ana", 1 + seed % 9);
    const Edited b = edit(base, seed + 1'000'000, "ben", 1 + seed % 5);
    const Outcome native = merged(base, a.text, b.text);
    SCOPED_TRACE(joined(a.what) + "and\n" + joined(b.what));
    const std::string exported_a = *sample::re_export(a.text, seed + 1);
    const std::string exported_b = *sample::re_export(b.text, seed + 2);
    for (const auto& [x, y] :
         {std::pair(exported_a, b.text), std::pair(a.text, exported_b), std::pair(exported_a, exported_b)}) {
      const Outcome outcome = merged(base, x, y);
      EXPECT_EQ(outcome.conflicts.size(), native.conflicts.size());
      expect_same_model(native.merged, outcome.merged);
    }
  });
}

TEST(IfcLaws, MergingAgainChangesNothing) {
  for_cases(4, [](const std::string& base, std::uint64_t seed) {
    const Edited a = edit(base, seed, "ana", 1 + seed % 9);
    const Edited b = edit(base, seed + 1'000'000, "ben", 1 + seed % 5);
    const Outcome once = merged(base, a.text, b.text);
    if (!once.conflicts.empty()) return;
    SCOPED_TRACE(joined(a.what) + "and\n" + joined(b.what));
    expect_same_model(once.merged, merged(base, once.merged, a.text).merged);
    expect_same_model(once.merged, merged(base, b.text, once.merged).merged);
  });
}

// What one side changed differs from base in the result as it does in that side, or is in a conflict.
TEST(IfcLaws, NothingIsLostAndNothingInvented) {
  for_cases(6, [](const std::string& base, std::uint64_t seed) {
    const Edited a = edit(base, seed, "ana", 1 + seed % 9);
    const Edited b = edit(base, seed + 1'000'000, "ben", 1 + seed % 5);
    const Outcome outcome = merged(base, a.text, b.text);
    SCOPED_TRACE(joined(a.what) + "and\n" + joined(b.what));
    // Where a deleted host stays after all, what was moved off it may stand on it again.
    bool host_stays = false;
    for (const Conflict& conflict : outcome.conflicts) host_stays |= conflict.at.empty();
    // Whoever a value points at may have got another name from the other side.
    static const std::regex name(R"re("name":"[^"]*")re");
    const auto lines = [&](const std::string& text) {
      std::multiset<std::string> found;
      std::istringstream in(text);
      for (std::string line; std::getline(in, line);) {
        line = std::regex_replace(line, name, "");
        // What joined two things that both went is told with one of them.
        const bool by_title = line.starts_with("removed ") || (host_stays && line.starts_with("added "));
        found.insert(by_title ? line.substr(0, line.find(": ")) : line);
      }
      return found;
    };
    const auto by_a = lines(describe(base, a.text)), by_b = lines(describe(base, b.text));
    const auto in_result = lines(describe(base, outcome.merged));
    const auto disputed = [&](const std::string& line) {
      if (host_stays && line.starts_with("moved ")) return true;
      for (const Conflict& conflict : outcome.conflicts)
        if (line.find(conflict.element.global_id) != std::string::npos) return true;
      return false;
    };
    for (const auto* side : {&by_a, &by_b})
      for (const std::string& line : *side) EXPECT_TRUE(in_result.contains(line) || disputed(line)) << "lost: " << line;
    for (const std::string& line : in_result)
      EXPECT_TRUE(by_a.contains(line) || by_b.contains(line) || disputed(line)) << "invented: " << line;
  });
}

}  // namespace
}  // namespace aecos::merge
