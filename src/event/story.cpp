#include "event/story.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/count.h"
#include "base/decimal.h"
#include "base/percent.h"
#include "base/sha256.h"
#include "diff/words.h"
#include "text/json.h"

namespace aecos::event {
namespace {

constexpr std::size_t lines_max = 20;
constexpr std::size_t id_digits = 24;

std::string text_of(text::JsonNode node) { return std::string(node.as_string().value_or(std::string_view())); }

bool is_named(std::string_view type, std::string_view start) { return type.starts_with(start); }

bool is_commit(const Entry& entry) { return is_named(entry.type, "commit."); }

// What sentence something comes from that a commit brought.
bool is_sentence(const Entry& entry) { return entry.type == "element.generated"; }

StoryLine line_of(const diff::Change& change, const std::string& path, const std::string& storey) {
  StoryLine line;
  line.element = diff::title(change.element);
  if (line.element.empty()) line.element = path.substr(path.rfind('/') + 1);
  line.global_id = change.element.global_id;
  line.storey = storey;
  const bool has_both = change.before || change.after;
  const bool is_value = change.kind == diff::ChangeKind::property || change.kind == diff::ChangeKind::quantity ||
                        change.kind == diff::ChangeKind::attribute || change.kind == diff::ChangeKind::renamed ||
                        change.kind == diff::ChangeKind::material || change.kind == diff::ChangeKind::text;
  if (is_value && has_both) {
    const diff::Shown shown = diff::show_both(change);
    line.what = change.kind == diff::ChangeKind::renamed ? "name" : diff::place_in_words(change);
    line.before = shown.before;
    line.after = shown.after;
  } else {
    line.what = diff::in_words(change);
  }
  return line;
}

// What one event says of elements, and how much of it there is.
class Lines {
 public:
  void add(const Entry& entry) {
    const auto draft = draft_of(entry.json);
    const auto document = text::parse_json(entry.json);
    if (!draft || !document) return;
    const bool is_conflict = entry.type == "conflict.opened";
    std::size_t changes = 0;
    for (const ElementChange& element : draft->elements) {
      elements_.insert(element.element.global_id.empty() ? element.path : element.element.global_id);
      if (!element.storey.empty()) storeys_.insert(element.storey);
      changes += element.changes.size();
      for (const diff::Change& change : element.changes) {
        StoryLine line = line_of(change, element.path, element.storey);
        if (is_conflict) line = wanted_two_ways(std::move(line));
        add(std::move(line));
      }
    }
    const text::JsonNode data = document->root()["data"];
    const auto elements_in_all = static_cast<std::size_t>(data["elementsInAll"].as_int().value_or(0));
    const std::size_t left_out = elements_in_all - std::min(elements_in_all, draft->elements.size());
    in_all_ += std::max(changes + left_out, static_cast<std::size_t>(data["changesInAll"].as_int().value_or(0)));
    more_elements_ += left_out;
    add_facts(data);
  }

  std::size_t elements() const { return elements_.size() + more_elements_; }
  const std::set<std::string>& storeys() const { return storeys_; }
  std::vector<std::pair<std::string, std::string>> facts() const {
    auto facts = facts_;
    if (const std::string cost = cost_in_words(); !cost.empty()) facts.emplace_back("Cost", cost);
    return facts;
  }
  std::size_t in_all() const { return in_all_; }

  // What happened to many alike is one line: "W-1, W-2, W-3 and 297 more".
  std::vector<StoryLine> take() {
    std::vector<StoryLine> lines;
    for (Alike& alike : alike_) {
      if (lines.size() == lines_max) break;
      if (alike.names.size() > alone_max) {
        alike.line.element = alike.names[0] + ", " + alike.names[1] + ", " + alike.names[2];
        alike.line.element += " and " + std::to_string(alike.count - 3) + " more";
        alike.line.global_id.clear();
        told_ += alike.count;
        lines.push_back(std::move(alike.line));
        continue;
      }
      for (std::size_t k = 0; k < alike.names.size() && lines.size() < lines_max; ++k, ++told_) {
        lines.push_back(alike.line);
        lines.back().element = alike.names[k];
        lines.back().global_id = alike.ids[k];
      }
    }
    return lines;
  }
  std::size_t told() const { return told_; }  // By the lines that were taken.

 private:
  static constexpr std::size_t alone_max = 3;
  struct Alike {
    StoryLine line;
    std::vector<std::string> names, ids;  // Of the first few.
    std::size_t count = 0;
  };

  static StoryLine wanted_two_ways(StoryLine line) {
    line.what += ": " + line.before + " or " + line.after;
    line.before = line.after = "";
    return line;
  }

  void add(StoryLine line) {
    const std::string key = line.what + "\n" + line.before + "\n" + line.after;
    const auto [found, is_new] = places_.emplace(key, alike_.size());
    if (is_new) alike_.push_back({line, {}, {}, 0});
    Alike& alike = alike_[found->second];
    if (alike.line.storey != line.storey) alike.line.storey.clear();
    ++alike.count;
    if (alike.names.size() > alone_max) return;
    alike.names.push_back(line.element);
    alike.ids.push_back(line.global_id);
  }

  // What checks and the cost of the building say, where an event has them.
  void add_facts(text::JsonNode data) {
    add_cost(data["cost"]);
    for (const text::JsonNode other : data["cost"]["others"]) add_cost(other);
    for (const text::JsonNode check : data["checks"])
      facts_.emplace_back("Check " + text_of(check["name"]), text_of(check["state"]));
  }

  // Of several events, what they do together.
  void add_cost(text::JsonNode cost) {
    const auto change = parse_decimal(text_of(cost["difference"]));
    const std::string currency = text_of(cost["currency"]);
    if (!change || currency.empty() || costs_.size() > currencies_max) return;
    costs_[currency] = costs_[currency] + *change;
    if (cost["missingRates"]) without_rate_ = static_cast<std::size_t>(cost["missingRates"].as_int().value_or(0));
  }

  // "+1,250.00 EUR, 2 elements without a rate"; empty: it is what it was.
  std::string cost_in_words() const {
    std::string words;
    for (const auto& [currency, change] : costs_) {
      if (change.units == 0) continue;
      words += (words.empty() ? "" : ", ") + std::string(change.units > 0 ? "+" : "") + to_grouped_text(change) + " " +
               currency;
    }
    if (words.empty() || without_rate_ == 0) return words;
    return words + ", " + std::to_string(without_rate_) + (without_rate_ == 1 ? " element" : " elements") +
           " without a rate";
  }

  static constexpr std::size_t currencies_max = 20;
  std::map<std::string, Decimal> costs_;
  std::size_t without_rate_ = 0;
  std::set<std::string> elements_, storeys_;
  std::size_t in_all_ = 0, more_elements_ = 0, told_ = 0;
  std::vector<Alike> alike_;
  std::map<std::string, std::size_t> places_;  // By what happened.
  std::vector<std::pair<std::string, std::string>> facts_;
};

Weight weight_of(std::string_view type) {
  constexpr std::array problems{"conflict.opened", "push.rejected", "check.failed", "notification.failed",
                                "forge.refused"};
  constexpr std::array warnings{"lock.broken", "lock.expired", "lock.asked", "changeRequest.opened", "member.changed"};
  if (std::find(problems.begin(), problems.end(), type) != problems.end()) return Weight::problem;
  if (std::find(warnings.begin(), warnings.end(), type) != warnings.end()) return Weight::warning;
  return Weight::note;
}

std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t shown = 2;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), shown); ++i)
    text += (i == 0 ? "" : names.size() == shown ? " and " : ", ") + names[i];
  if (names.size() > shown) text += " and " + counted(names.size() - shown, "other");
  return text;
}

// Who, each once, in their order.
std::string actors_of(std::span<const Entry> events) {
  std::vector<std::string> names;
  for (const Entry& entry : events) {
    const std::string name = entry.actor.empty() ? "the hub" : entry.actor;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return listed(names);
}

std::string branches_of(std::span<const Entry> events) {
  std::vector<std::string> names;
  for (const Entry& entry : events) {
    if (!entry.branch.empty() && std::find(names.begin(), names.end(), entry.branch) == names.end())
      names.push_back(entry.branch);
  }
  return listed(names);
}

std::string title_of_commits(std::span<const Entry> events, std::size_t elements) {
  const std::string what = elements == 0 ? "pushed" : "changed " + counted(elements, "element");
  const std::string branch = branches_of(events);
  const std::string times = events.size() > 1 ? " in " + std::to_string(events.size()) + " saves" : "";
  return actors_of(events) + " " + what + (branch.empty() ? "" : " on " + branch) + times;
}

std::string title_of(std::span<const Entry> all, std::size_t elements) {
  // Sentences explain what commits did; alone they are news themselves.
  std::vector<Entry> news;
  std::copy_if(all.begin(), all.end(), std::back_inserter(news),
               [](const Entry& entry) { return !is_sentence(entry); });
  const std::span<const Entry> events = news.empty() ? all : std::span<const Entry>(news);
  const Entry& first = events.front();
  if (std::all_of(events.begin(), events.end(), is_commit)) {
    const bool is_removal = events.size() == 1 && first.commit.empty() && !first.summary.empty();
    return is_removal ? first.summary : title_of_commits(events, elements);
  }
  if (events.size() == 1) return first.summary.empty() ? first.type + " in " + first.project : first.summary;
  const bool is_alike =
      std::all_of(events.begin(), events.end(), [&](const Entry& entry) { return entry.type == first.type; });
  if (is_alike && first.type == "conflict.opened")
    return counted(events.size(), "conflict") + " to decide on " + branches_of(events);
  if (is_alike && first.type == "conflict.resolved")
    return counted(events.size(), "conflict") + " settled on " + branches_of(events);
  return counted(events.size(), "thing") + " happened in " + first.project;
}

std::vector<StoryLink> links_of(std::span<const Entry> events, const std::string& hub_url) {
  if (hub_url.empty()) return {};
  const Entry& last = events.back();
  const std::string project = hub_url + "/projects/" + percent_encode(last.project);
  std::vector<StoryLink> links;
  if (events.size() == 1 && last.type == "conflict.opened")
    links.push_back({"Decide", project + "/conflicts/" + percent_encode(last.subject)});
  if (events.size() == 1 && is_named(last.type, "changeRequest."))
    links.push_back({"Look at the change request", project + "/change-requests/" + percent_encode(last.subject)});
  links.push_back({"See what changed", project + "/events/" + std::to_string(last.sequence)});
  for (const Entry& entry : events) {
    if (entry.elements.empty() || entry.elements.front().global_id.empty()) continue;
    links.push_back({"Show in 3D", project + "/view?element=" + percent_encode(entry.elements.front().global_id)});
    break;
  }
  return links;
}

std::string thread_of(std::span<const Entry> events) {
  const Entry& first = events.front();
  if (is_named(first.type, "conflict.")) return "conflict/" + first.subject;
  if (is_named(first.type, "changeRequest.")) return "change-request/" + first.subject;
  if (events.size() == 1 && first.elements.size() == 1 && !first.elements[0].global_id.empty())
    return "element/" + first.elements[0].global_id;
  return first.branch.empty() ? "project/" + first.project : "branch/" + first.branch;
}

std::string id_of(std::span<const Entry> events) {
  std::string all;
  for (const Entry& entry : events) all += entry.id + "\n";
  return "msg_" + sha256_hex(all).substr(0, id_digits);
}

}  // namespace

Story story_of(std::span<const Entry> events, const std::string& hub_url) {
  Story story;
  const Entry& last = events.back();
  const auto gravest = std::max_element(events.begin(), events.end(), [](const Entry& a, const Entry& b) {
    return weight_of(a.type) < weight_of(b.type);
  });
  Lines lines;
  for (const Entry& entry : events) lines.add(entry);
  story.id = id_of(events);
  story.type = gravest->type;
  story.project = last.project;
  story.branch = last.branch;
  story.actor = actors_of(events);
  story.time = last.time;
  story.weight = weight_of(gravest->type);
  story.title = title_of(events, lines.elements());
  for (const Entry& entry : events) {
    if (entry.summary.empty() || entry.summary == story.title) continue;
    story.summary += (story.summary.empty() ? "" : "; ") + entry.summary;
  }
  story.facts.emplace_back("Project", story.project);
  if (const std::string branch = branches_of(events); !branch.empty()) story.facts.emplace_back("Branch", branch);
  if (!lines.storeys().empty())
    story.facts.emplace_back("Where", listed({lines.storeys().begin(), lines.storeys().end()}));
  for (auto& fact : lines.facts()) story.facts.push_back(std::move(fact));
  story.lines = lines.take();
  story.lines_in_all = story.lines.size() + lines.in_all() - lines.told();
  story.links = links_of(events, hub_url);
  story.thread = thread_of(events);
  return story;
}

}  // namespace aecos::event
