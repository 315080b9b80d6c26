#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "cost/match_internal.h"

namespace aecos::cost {

// How particular a rate is; the first that differs decides.
using Rank = std::array<std::size_t, 6>;

struct Best {
  Matched matched;
  Rank rank{};
};

namespace {

constexpr std::size_t exact = 1U << 20U;  // More than any pattern.

// How particular it is; 0: it covers none of it.
std::size_t rank_of(std::string_view pattern, std::string_view text) {
  if (!covers(pattern, text)) return 0;
  const auto stars = static_cast<std::size_t>(std::count(pattern.begin(), pattern.end(), '*'));
  return stars == 0 ? exact : pattern.size() - stars + 1;
}

std::size_t best_rank(std::string_view pattern, const std::vector<std::string_view>& texts) {
  std::size_t best = 0;
  for (const std::string_view text : texts) best = std::max(best, rank_of(pattern, text));
  return best;
}

// "EF_25" covers "EF_25_10" and not "EF_251".
std::size_t classification_rank(std::string_view wanted, const std::vector<std::string_view>& codes) {
  const auto is_under = [&](std::string_view code) {
    if (code.size() < wanted.size() || !is_same_word(code.substr(0, wanted.size()), wanted)) return false;
    return code.size() == wanted.size() ||
           std::string_view("_.-/ :").find(code[wanted.size()]) != std::string_view::npos;
  };
  return std::any_of(codes.begin(), codes.end(), is_under) ? wanted.size() : 0;
}

std::size_t depth_of(const schema::Entity& entity) {
  std::size_t depth = 0;
  for (const schema::Entity* at = &entity; at != nullptr; at = at->supertype) ++depth;
  return depth;
}

// What IFC4X3 calls otherwise.
std::string_view other_name(std::string_view name) {
  if (name == "IfcBuiltElement") return "IfcBuildingElement";
  return name == "IfcBuildingElement" ? "IfcBuiltElement" : "";
}

const schema::Entity* class_in(const schema::Schema& schema, std::string_view name) {
  const schema::Entity* const found = schema.entity(name);
  return found != nullptr || other_name(name).empty() ? found : schema.entity(other_name(name));
}

// False: it is not for it.
bool rank(const Rate& rate, const Item& item, Rank& out) {
  const auto take = [&](std::size_t place, std::string_view wanted, std::size_t found) {
    out[place] = found;
    return wanted.empty() || found > 0;
  };
  if (!item.wants_rate && rate.ifc_class.empty()) return false;
  if (!take(0, rate.name, rate.name.empty() ? 0 : rank_of(rate.name, item.name))) return false;
  if (!take(1, rate.type, rate.type.empty() ? 0 : rank_of(rate.type, item.type_name))) return false;
  if (!take(2, rate.material, rate.material.empty() ? 0 : best_rank(rate.material, item.materials))) return false;
  if (!take(3, rate.classification,
            rate.classification.empty() ? 0 : classification_rank(rate.classification, item.classifications)))
    return false;
  if (!take(4, rate.predefined_type, is_same_word(rate.predefined_type, item.predefined_type) ? 1 : 0)) return false;
  if (rate.predefined_type.empty()) out[4] = 0;
  out[5] = 0;
  if (rate.ifc_class.empty()) return true;
  const schema::Entity* const wanted = class_in(*item.schema, rate.ifc_class);
  if (wanted == nullptr || !item.entity->is_a(*wanted)) return false;
  out[5] = depth_of(*wanted);
  return true;
}

}  // namespace

bool covers(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, from = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      from = t;
    } else if (p < pattern.size() && lower(pattern[p]) == lower(text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++from;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

Matcher::Matcher(const Rates& rates) {
  for (const Rate& rate : rates.rates) {
    if (!rate.name.empty() && rate.name.find('*') == std::string::npos)
      by_name_[lower(rate.name)].push_back(&rate);
    else if (!rate.ifc_class.empty())
      by_class_[rate.ifc_class].push_back(&rate);
    else
      others_.push_back(&rate);
  }
}

void Matcher::look(const std::vector<const Rate*>& rates, const Item& item, Best& best) const {
  for (const Rate* const rate : rates) {
    Rank found{};
    if (!rank(*rate, item, found)) continue;
    if (best.matched.rate != nullptr && found < best.rank) continue;
    const bool equal_rank = best.matched.rate != nullptr && found == best.rank;
    if (equal_rank)
      best.matched.other = rate;
    else
      best = {{rate, nullptr}, found};
  }
}

Matched Matcher::match(const Item& item) const {
  Best best;
  if (!by_name_.empty())
    if (const auto found = by_name_.find(lower(item.name)); found != by_name_.end()) look(found->second, item, best);
  for (const schema::Entity* at = item.entity; at != nullptr; at = at->supertype)
    for (const std::string_view name : {at->name, other_name(at->name)})
      if (const auto found = by_class_.find(name); found != by_class_.end()) look(found->second, item, best);
  look(others_, item, best);
  return best.matched;
}

}  // namespace aecos::cost
