#include "sim/ledger.h"

#include <algorithm>
#include <iterator>

#include "sim/marks.h"
#include "sim/violation.h"

namespace aecos::sim {
namespace {

std::set<std::string> without(const std::set<std::string>& all, const std::set<std::string>& those) {
  std::set<std::string> rest;
  std::set_difference(all.begin(), all.end(), those.begin(), those.end(), std::inserter(rest, rest.end()));
  return rest;
}

}  // namespace

void Ledger::edited(const std::string& who, std::string_view before, std::string_view after) {
  const auto had = mark_set(before), has = mark_set(after);
  add(who, without(had, has), without(has, had));
  edits_.back().made_nothing = has.empty();
}

void Ledger::add(const std::string& who, const std::set<std::string>& gone, const std::set<std::string>& come) {
  const std::size_t edit = edits_.size();
  edits_.push_back({who, gone});
  for (const std::string& mark : gone) taken_out_[mark].push_back(edit);
  for (const std::string& mark : come) made_by_.emplace(mark, edit);
}

void Ledger::withdrawn(const std::string& who, const std::set<std::string>& marks, const std::set<std::string>& kept) {
  std::vector<std::string> left(marks.begin(), marks.end());
  while (!left.empty()) {
    const std::string mark = left.back();
    left.pop_back();
    const auto made = made_by_.find(mark);
    if (kept.contains(mark) || made == made_by_.end()) continue;
    Edit& edit = edits_[made->second];
    if (edit.who != who || edit.is_withdrawn) continue;
    edit.is_withdrawn = true;
    left.insert(left.end(), edit.gone.begin(), edit.gone.end());
  }
}

void Ledger::removal_withdrawn(const std::string& who, const std::set<std::string>& marks) {
  for (const std::string& mark : marks) {
    for (const std::size_t edit : taken_out_[mark]) {
      if (edits_[edit].who != who || !edits_[edit].made_nothing) continue;
      edits_[edit].is_withdrawn = true;
      withdrawn(who, edits_[edit].gone, marks);
    }
  }
}

void Ledger::check(const std::set<std::string>& in_files, const std::set<std::string>& in_records) const {
  for (const auto& [mark, made_by] : made_by_) {
    if (edits_[made_by].is_withdrawn || in_files.contains(mark) || in_records.contains(mark)) continue;
    const auto taken = taken_out_.find(mark);
    const bool was_decided =
        taken != taken_out_.end() && std::any_of(taken->second.begin(), taken->second.end(),
                                                 [&](std::size_t edit) { return !edits_[edit].is_withdrawn; });
    require(was_decided, mark + ", written by " + edits_[made_by].who + ", is lost");
  }
}

}  // namespace aecos::sim
