#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "cost/csv.h"
#include "cost/match_internal.h"

namespace aecos::cost {

// How particular a rate is; the first that differs decides.
using Rank = std::array<std::size_t, 6>;

struct Matcher::Best {
  Matched matched;
  Rank rank{};
};

namespace {

constexpr std::size_t exact = 1U << 20U;  // More than any pattern.
constexpr std::size_t step_bytes = 16;    // That are compared at once.
constexpr std::uint64_t rate_work = 10;   // Of looking at a rate.
constexpr std::string_view code_ends = "_.-/ :";

bool is_pattern(std::string_view text) { return text.find('*') != std::string_view::npos; }

// Where it begins; npos: it is not there.
std::size_t find(std::string_view text, std::string_view wanted, std::uint64_t& work) {
  if (wanted.empty()) return 0;
  if (text.size() < wanted.size()) return std::string_view::npos;
  const std::string_view begins = text.substr(0, text.size() - wanted.size() + 1);
  for (std::size_t at = 0; at < begins.size(); ++at) {
    const std::size_t next = begins.find(wanted.front(), at);
    work += 2 + (std::min(next, begins.size()) - at + wanted.size()) / step_bytes;
    if (next == std::string_view::npos || text.substr(next, wanted.size()) == wanted) return next;
    at = next;
  }
  return std::string_view::npos;
}

// How particular it is; 0: it covers none of it.
std::size_t rank_of(std::string_view pattern, std::string_view text, std::uint64_t& work) {
  if (!covers(pattern, text, work)) return 0;
  const auto stars = static_cast<std::size_t>(std::count(pattern.begin(), pattern.end(), '*'));
  return stars == 0 ? exact : pattern.size() - stars + 1;
}

std::size_t best_rank(std::string_view pattern, const std::vector<std::string>& texts, std::uint64_t& work) {
  std::size_t best = 0;
  for (const std::string& text : texts) best = std::max(best, rank_of(pattern, text, work));
  return best;
}

// "EF_25" covers "EF_25_10" and not "EF_251".
std::size_t classification_rank(std::string_view wanted, const std::vector<std::string_view>& codes,
                                std::uint64_t& work) {
  work += codes.size() * wanted.size();
  const auto is_under = [&](std::string_view code) {
    if (code.size() < wanted.size() || !is_same_word(code.substr(0, wanted.size()), wanted)) return false;
    return code.size() == wanted.size() || code_ends.find(code[wanted.size()]) != std::string_view::npos;
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

// The deeper the class, the more particular; 0: the entity is none of it.
std::size_t class_rank(std::string_view wanted, const schema::Entity& entity) {
  for (const schema::Entity* at = &entity; at != nullptr; at = at->supertype)
    if (at->name == wanted || other_name(at->name) == wanted) return depth_of(*at);
  return 0;
}

// False: it is not for it.
bool rank(const Row& row, const Item& item, const Words& words, Rank& out, std::uint64_t& work) {
  const Rate& rate = *row.rate;
  work += rate_work;
  if (!item.wants_rate && rate.ifc_class.empty()) return false;
  out.fill(0);
  const auto is_for = [&](std::size_t place, std::string_view wanted, const auto& found) {
    if (wanted.empty()) return true;
    out[place] = found();
    return out[place] > 0;
  };
  return is_for(5, rate.ifc_class, [&] { return class_rank(rate.ifc_class, *item.entity); }) &&
         is_for(4, rate.predefined_type,
                [&] { return is_same_word(rate.predefined_type, item.predefined_type) ? 1U : 0U; }) &&
         is_for(0, row.name, [&] { return rank_of(row.name, words.name, work); }) &&
         is_for(1, row.type, [&] { return rank_of(row.type, words.type, work); }) &&
         is_for(2, row.material, [&] { return best_rank(row.material, words.materials, work); }) &&
         is_for(3, rate.classification,
                [&] { return classification_rank(rate.classification, item.classifications, work); });
}

std::string key(std::string_view kind, std::string_view text) { return std::string(kind) + lower(text); }
std::string class_key(std::string_view name, std::string_view predefined_type) {
  return "class " + std::string(name) + " " + lower(predefined_type);
}

// Empty: any element may be what it is for.
std::string key_of(const Rate& rate) {
  if (!rate.name.empty() && !is_pattern(rate.name)) return key("name ", rate.name);
  if (!rate.type.empty() && !is_pattern(rate.type)) return key("type ", rate.type);
  if (!rate.material.empty() && !is_pattern(rate.material)) return key("material ", rate.material);
  if (!rate.classification.empty()) return key("code ", rate.classification);
  return rate.ifc_class.empty() ? "" : class_key(rate.ifc_class, rate.predefined_type);
}

// Those of all rates that may be for it, as long as `use` wants more.
template <typename Use>
void each_key(const Item& item, Use use) {
  use(key("name ", item.name));
  use(key("type ", item.type_name));
  for (const std::string_view material : item.materials) use(key("material ", material));
  for (const std::string_view code : item.classifications) {
    const std::size_t longest = std::min(code.size(), CsvLimits{}.cell);
    bool more = use(key("code ", code.substr(0, longest)));
    for (std::size_t end = code.find_first_of(code_ends); more && end < longest;
         end = code.find_first_of(code_ends, end + 1))
      more = use(key("code ", code.substr(0, end)));
  }
  for (const schema::Entity* at = item.entity; at != nullptr; at = at->supertype)
    for (const std::string_view name : {at->name, other_name(at->name)})
      for (const std::string_view type : {std::string_view(), item.predefined_type})
        if (!name.empty()) use(class_key(name, type));
}

}  // namespace

bool covers(std::string_view pattern, std::string_view text, std::uint64_t& work) {
  const std::size_t star = pattern.find('*'), last_star = pattern.rfind('*');
  work += 1 + std::min(pattern.size(), text.size()) / step_bytes;
  if (star == std::string_view::npos) return pattern == text;
  const std::string_view begin = pattern.substr(0, star), end = pattern.substr(last_star + 1);
  if (text.size() < begin.size() + end.size() || !text.starts_with(begin) || !text.ends_with(end)) return false;
  text = text.substr(begin.size(), text.size() - begin.size() - end.size());
  std::string_view middle = pattern.substr(star, last_star - star);
  while (!middle.empty()) {
    middle.remove_prefix(1);
    const std::string_view wanted = middle.substr(0, middle.find('*'));
    const std::size_t found = find(text, wanted, work);
    if (found == std::string_view::npos) return false;
    text.remove_prefix(found + wanted.size());
    middle.remove_prefix(wanted.size());
  }
  return true;
}

Matcher::Matcher(const Rates& rates) {
  for (const Rate& rate : rates.rates) {
    const std::string key = key_of(rate);
    (key.empty() ? others_ : by_key_[key]).push_back({&rate, lower(rate.name), lower(rate.type), lower(rate.material)});
  }
}

void Matcher::spend(std::uint64_t work) { work_left_ -= std::min(work, work_left_); }

void Matcher::look(const std::vector<Row>& rows, const Item& item, const Words& words, Best& best) {
  for (const Row& row : rows) {
    if (work_left_ == 0) return;
    Rank found{};
    std::uint64_t work = 0;
    const bool is_for = rank(row, item, words, found, work);
    spend(work);
    if (!is_for || (best.matched.rate != nullptr && found < best.rank)) continue;
    const bool equal_rank = best.matched.rate != nullptr && found == best.rank;
    if (equal_rank)
      best.matched.other = row.rate;
    else
      best = {{row.rate, nullptr, false}, found};
  }
}

Matched Matcher::match(const Item& item) {
  std::vector<const std::vector<Row>*> found;
  if (!others_.empty()) found.push_back(&others_);
  each_key(item, [&](const std::string& key) {
    spend(key.size());
    if (work_left_ == 0) return false;
    if (const auto known = by_key_.find(key); known != by_key_.end()) found.push_back(&known->second);
    return true;
  });
  std::sort(found.begin(), found.end(), [](auto* one, auto* other) { return one->front().rate < other->front().rate; });
  found.erase(std::unique(found.begin(), found.end()), found.end());
  Words words{lower(item.name), lower(item.type_name), {}};
  for (const std::string_view material : item.materials) words.materials.push_back(lower(material));
  Best best;
  for (const std::vector<Row>* const rows : found) look(*rows, item, words, best);
  if (work_left_ == 0) return {nullptr, nullptr, true};
  return best.matched;
}

}  // namespace aecos::cost
