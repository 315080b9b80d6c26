#include "diff/ifc.h"

#include <algorithm>
#include <optional>

#include "base/parallel.h"
#include "merge/ifc_plan_internal.h"
#include "merge/ifczip_internal.h"
#include "merge/merge.h"
#include "merge/normalise.h"
#include "step/ifczip.h"
#include "step/token.h"

namespace aecos::merge {
namespace {

Error named(const char* which, Error error) {
  error.message = std::string(which) + ":" + error.message;
  return error;
}

struct Versions {
  Model base;
  std::optional<Model> own;  // Absent where ours is base.
  Model theirs;
  const Model& ours() const { return own ? *own : base; }
};

std::string schema_name(const Model& model) {
  if (model.schema != nullptr) return std::string(model.schema->name());
  return model.file.schemas.empty() ? "no schema" : model.file.schemas.front();
}

Result<> same_schema(const Model& base, const Model& side, const char* which) {
  if (base.schema == side.schema && (base.schema != nullptr || schema_name(base) == schema_name(side))) return {};
  return Error{ErrorCode::invalid_input, std::string(which) + ": its schema is " + schema_name(side) +
                                             ", that of base is " + schema_name(base) + "; convert one of them first"};
}

// Both at once.
template <class First, class Second>
void together(const First& first, const Second& second) {
  in_parallel(2, [&](std::size_t k) { k == 0 ? first() : second(); });
}

// Without `ours_text`, ours is base.
Result<Versions> read_versions(std::string_view base_text, std::optional<std::string_view> ours_text,
                               std::string_view theirs_text) {
  auto base = ifc::read_model(base_text);
  if (!base) return named("base", std::move(base).error());
  Result<Model> ours = Error{}, theirs = Error{};
  const auto read_ours = [&] {
    if (ours_text) ours = ifc::read_model(*ours_text, &base->file);
  };
  together(read_ours, [&] { theirs = ifc::read_model(theirs_text, &base->file); });
  if (ours_text && !ours) return named("ours", std::move(ours).error());
  if (!theirs) return named("theirs", std::move(theirs).error());
  Versions versions{*std::move(base), std::nullopt, *std::move(theirs)};
  if (ours_text) versions.own = *std::move(ours);
  AECOS_TRY(same_schema(versions.base, versions.ours(), "ours"));
  AECOS_TRY(same_schema(versions.base, versions.theirs, "theirs"));
  std::vector<Model*> models{&versions.base, &versions.theirs};
  if (versions.own) models.push_back(&*versions.own);
  ifc::identify(models);
  if (auto done = ifc::compute_values(versions.base, nullptr); !done) return named("base", std::move(done).error());
  Result<> by_ours, by_theirs;
  const auto compute_ours = [&] {
    if (versions.own) by_ours = ifc::compute_values(*versions.own, &versions.base);
  };
  together(compute_ours, [&] { by_theirs = ifc::compute_values(versions.theirs, &versions.base); });
  if (!by_ours) return named("ours", std::move(by_ours).error());
  if (!by_theirs) return named("theirs", std::move(by_theirs).error());
  return versions;
}

// FILE_NAME's time stamp: ISO 8601, so that texts compare as times do.
std::string time_stamp(std::string_view header) {
  step::Tokens tokens(header);
  for (step::Token token = tokens.next(); token.kind != step::TokenKind::end; token = tokens.next()) {
    if (token.kind != step::TokenKind::keyword || token.text.size() != 9 || token.text.substr(5) != "NAME") continue;
    std::vector<std::string_view> strings;
    for (int depth = 0; token.kind != step::TokenKind::end;) {
      token = tokens.next();
      if (token.kind == step::TokenKind::open) ++depth;
      if (token.kind == step::TokenKind::close && --depth == 0) break;
      if (token.kind == step::TokenKind::string) strings.push_back(token.text);
    }
    return strings.size() > 1 ? step::decode_string(strings[1]) : std::string();
  }
  return {};
}

// The header is bookkeeping: of the sides that changed something, the newer one's stands.
std::string_view header_of(const Versions& versions, bool ours_changed, bool theirs_changed) {
  const std::string_view ours = versions.ours().file.header, theirs = versions.theirs.file.header;
  if (ours_changed && theirs_changed) return time_stamp(theirs) > time_stamp(ours) ? theirs : ours;
  return ours_changed ? ours : theirs_changed ? theirs : versions.base.file.header;
}

// Everything a side changed but for what a conflict decided against it, and for changes of what is gone now.
void add_taken(Outcome& outcome, const Versions& versions, const Plan& plan, Side side, const Delta& delta) {
  const Model& model = side == Side::ours ? versions.ours() : versions.theirs;
  const auto place = [](const diff::ElementRef& element, const std::string& at) {
    return element.global_id + '\n' + at;
  };
  std::unordered_set<std::string> lost;
  for (const Conflict& conflict : outcome.conflicts)
    if (conflict.chosen != side) lost.insert(place(conflict.element, conflict.at));
  std::unordered_set<std::string> gone;
  for (const Index b : plan.delta(other_side(side)).removed)
    if (plan.draft.is_dropped(b)) gone.insert(versions.base.global_id(b));
  for (diff::Change& change : diff::describe(versions.base, model, delta)) {
    if (lost.contains(place(change.element, change.at))) continue;
    if (change.kind != diff::ChangeKind::removed && gone.contains(change.element.global_id)) continue;
    outcome.taken.push_back({side, false, std::move(change)});
  }
}

// Two sides that made the same change are told once.
void mark_both(std::vector<Taken>& taken) {
  std::map<std::string, std::size_t> by_ours;
  const auto key = [](const diff::Change& change) {
    return std::string(to_string(change.kind)) + '\n' + change.element.global_id + '\n' + change.at + '\n' +
           change.after.value_or("");
  };
  for (std::size_t k = 0; k < taken.size(); ++k)
    if (taken[k].side == Side::ours) by_ours.emplace(key(taken[k].change), k);
  std::erase_if(taken, [&](const Taken& one) {
    if (one.side != Side::theirs) return false;
    const auto same = by_ours.find(key(one.change));
    if (same == by_ours.end()) return false;
    taken[same->second].both = true;
    return true;
  });
}

// What was merged must read again, with every id once and no reference that leads nowhere more than before.
void verify(const Versions& versions, std::string_view merged) {
  const auto file = step::read_like(merged, versions.base.file);
  if (!file) throw std::logic_error("the merged file does not read: " + file.error().message);
  for (const std::uint64_t id : file->missing) {
    const auto knows = [&](const Model& model) {
      return std::binary_search(model.file.missing.begin(), model.file.missing.end(), id);
    };
    if (!knows(versions.base) && !knows(versions.ours()) && !knows(versions.theirs))
      throw std::logic_error("the merged file refers to #" + std::to_string(id) + ", which it does not have");
  }
}

Outcome merge_models(const Versions& versions, const Options& options, bool describe) {
  Delta ours, theirs;
  const auto compare_ours = [&] {
    if (versions.own) ours = diff::compare(versions.base, *versions.own);
  };
  together(compare_ours, [&] { theirs = diff::compare(versions.base, versions.theirs); });
  Plan plan(versions.base, versions.ours(), versions.theirs, ours, theirs, options);
  plan_removals(plan);
  plan_objects(plan);
  plan_sets(plan);
  plan_links(plan);
  plan_members(plan);
  plan_loose(plan);
  Outcome outcome;
  outcome.merged = plan.draft.finish(header_of(versions, !ours.empty(), !theirs.empty()));
  outcome.conflicts = std::move(plan.conflicts);
  std::unordered_set<std::string> seen;  // An element may have one set by two relations.
  std::erase_if(outcome.conflicts, [&](const Conflict& conflict) { return !seen.insert(conflict.id).second; });
  verify(versions, outcome.merged);
  if (describe) {
    add_taken(outcome, versions, plan, Side::ours, ours);
    add_taken(outcome, versions, plan, Side::theirs, theirs);
    mark_both(outcome.taken);
  }
  return outcome;
}

// A model with the same header and nothing in it, for files that are new on both sides.
std::string empty_model(std::string_view like) {
  const auto file = step::read(like);
  return "ISO-10303-21;\nHEADER;" + std::string(file ? file->header : "\nENDSEC;") +
         "\nDATA;\nENDSEC;\nEND-ISO-10303-21;\n";
}

}  // namespace

Result<Outcome> merge_ifc(std::string_view base, std::string_view ours, std::string_view theirs,
                          const Options& options) {
  if (step::is_zip(base) || step::is_zip(ours) || step::is_zip(theirs))
    return merge_ifczip(base, ours, theirs, options);
  const std::string empty = base.empty() ? empty_model(ours) : std::string();
  if (base.empty()) base = empty;
  AECOS_TRY_ASSIGN(const Versions versions, read_versions(base, ours, theirs));
  Outcome outcome = merge_models(versions, options, true);
  if (theirs == base)
    outcome.merged = ours;
  else if (ours == base || ours == theirs)
    outcome.merged = theirs;
  return outcome;
}

Result<std::string> normalise_ifc(std::string_view base, std::string_view file) {
  if (base == file) return std::string(file);
  if (step::is_zip(base) || step::is_zip(file)) return normalise_ifczip(base, file);
  AECOS_TRY_ASSIGN(const Versions versions, read_versions(base, std::nullopt, file));
  return merge_models(versions, {}, false).merged;
}

}  // namespace aecos::merge
