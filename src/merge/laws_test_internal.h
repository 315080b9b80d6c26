#pragma once
// For the laws that hold for random documents with random edits on both sides.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "merge/merge.h"

namespace aecos::merge::laws {

// Runs a property: some hundred cases, many thousand with AECOS_LONG. The same cases every time, so that a failure of
// one machine is one of every machine; RC_PARAMS="seed=..." tries others.
template <class Property>
void check(const Property& property, int cases = 300) {
  rc::detail::TestParams params = rc::detail::configuration().testParams;
  if (!std::getenv("RC_PARAMS")) params.seed = 20240229;
  params.maxSuccess = std::getenv("AECOS_LONG") ? cases * 40 : cases;
  auto result = rc::detail::checkProperty(rc::detail::toProperty(property), {}, params);
  std::ostringstream message;
  rc::detail::printResultMessage(result, message);
  EXPECT_TRUE(result.template is<rc::detail::SuccessResult>()) << message.str();
}

// A number from 0 to below `end`.
inline std::size_t pick(std::size_t end) {
  return end <= 1 ? 0 : *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::size_t>(0, end));
}
inline bool chance(std::size_t percent) { return pick(100) >= 100 - percent; }

// The same merge seen from the other side.
inline Options swapped(Options options) {
  auto swap = [](Side side) { return side == Side::ours ? Side::theirs : side == Side::theirs ? Side::ours : side; };
  options.integrated = swap(options.integrated), options.latest = swap(options.latest);
  if (options.policy == Policy::ours) {
    options.policy = Policy::theirs;
  } else if (options.policy == Policy::theirs) {
    options.policy = Policy::ours;
  }
  return options;
}

inline std::vector<std::string> conflict_ids(const Outcome& outcome) {
  std::vector<std::string> ids;
  for (const Conflict& conflict : outcome.conflicts) ids.push_back(conflict.id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

inline std::string show(const Outcome& outcome) {
  std::string shown = outcome.merged + "\n";
  for (const Conflict& c : outcome.conflicts) {
    shown += std::string(to_string(c.kind)) + " at " + c.at + ": " + c.base.value_or("-") + " | " +
             c.ours.value_or("-") + " | " + c.theirs.value_or("-") + " -> " + std::string(to_string(c.chosen)) + "\n";
  }
  return shown;
}

using Merge = Result<Outcome> (*)(std::string_view, std::string_view, std::string_view, const Options&);

// What holds for every merge of every file type.
inline void check_general_laws(Merge merge, const std::string& base, const std::string& ours, const std::string& theirs,
                               const Options& options) {
  for (const std::string& side : {ours, theirs}) {
    RC_ASSERT(merge(base, side, base, options)->merged == side);
    RC_ASSERT(merge(base, base, side, options)->merged == side);
    auto same = merge(base, side, side, options);
    RC_ASSERT(same->merged == side);
    RC_ASSERT(same->conflicts.empty());
  }
  auto one = merge(base, ours, theirs, options), other = merge(base, theirs, ours, swapped(options));
  RC_LOG() << show(*one) << "\n---- swapped\n" << show(*other);
  RC_ASSERT(one->merged == other->merged);
  RC_ASSERT(conflict_ids(*one) == conflict_ids(*other));
  std::vector<std::string> ids = conflict_ids(*one);
  RC_ASSERT(std::set<std::string>(ids.begin(), ids.end()).size() == ids.size());
  for (const Conflict& conflict : one->conflicts) RC_ASSERT(conflict.ours != conflict.theirs);
}

// Documents are made of marks: words that occur once. An edit adds marks or takes some away, which makes its fate
// visible: every mark that a side added is in the merged file or in a conflict, every mark that a side took away is
// gone or in a conflict, marks that nobody touched are there once, and there are no others.
using Marks = std::multiset<std::string>;

struct MarkedMerge {
  Marks base, ours, theirs, merged, conflicts;
};

inline void check_nothing_lost(const MarkedMerge& marks) {
  std::set<std::string> all(marks.base.begin(), marks.base.end());
  all.insert(marks.ours.begin(), marks.ours.end());
  all.insert(marks.theirs.begin(), marks.theirs.end());
  for (const std::string& mark : marks.merged) RC_ASSERT(all.contains(mark));
  for (const std::string& mark : all) {
    RC_LOG() << "mark " << mark << "\n";
    bool base = marks.base.contains(mark), ours = marks.ours.contains(mark), theirs = marks.theirs.contains(mark);
    std::size_t count = marks.merged.count(mark);
    bool wanted = base ? ours && theirs : true;
    bool recorded = marks.conflicts.contains(mark);
    if (recorded) continue;
    // Without a base nobody can tell one thing with two names from two things.
    RC_ASSERT((marks.base.empty() ? count >= 1U : count == (wanted ? 1U : 0U)));
  }
}

}  // namespace aecos::merge::laws
