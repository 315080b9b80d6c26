#include "sync/cost_check.h"

#include <algorithm>
#include <set>

#include "cost/bill.h"
#include "revision/agreement.h"
#include "revision/cost.h"

namespace aecos::sync {
namespace {

constexpr std::uint64_t read_max = 16U << 20U;  // About a tenth of a second.
constexpr std::size_t classes_max = 3;

// Of the version that the commit would make.
Result<std::shared_ptr<const cost::Rates>> rates_of_commit(Workspace& workspace, TreeId head,
                                                           const std::vector<StagedFile>& files) {
  const auto staged =
      std::find_if(files.begin(), files.end(), [](const StagedFile& file) { return file.path == cost::rates_path; });
  if (staged == files.end()) return revision::rates_of(workspace.library(), head);
  if (!staged->after) return std::shared_ptr<const cost::Rates>();
  AECOS_TRY_ASSIGN(const std::string csv, workspace.repository.read_blob(staged->after));
  auto rates = cost::parse_rates(csv);
  if (!rates) return Error{rates.error().code, std::string(cost::rates_path) + ":" + rates.error().message};
  return std::make_shared<const cost::Rates>(*std::move(rates));
}

struct Sides {
  revision::CostFiles before, after;
};

// An element's metadata.json counts where it has no element.ifc: which it has, may be in what is not staged.
Result<> complete(Workspace& workspace, TreeId head, const std::vector<StagedFile>& files, Sides& sides) {
  std::set<std::string> folders, staged;
  for (const StagedFile& file : files) {
    staged.insert(file.path);
    if (cost::is_taken_off(file.path)) folders.insert(revision::element_folder(file.path));
  }
  folders.erase("");
  for (const std::string& folder : folders) {
    for (const char* const name : {"/element.ifc", "/metadata.json"}) {
      const std::string path = folder + name;
      if (!head || staged.contains(path)) continue;
      AECOS_TRY_ASSIGN(const auto entry, workspace.repository.find_entry(head, path));
      if (entry && entry->is_regular()) sides.before[path] = sides.after[path] = entry->id;
    }
    // Where the model stays, the cost does.
    const auto before = sides.before.find(folder + "/element.ifc"), after = sides.after.find(folder + "/element.ifc");
    const bool stays = before != sides.before.end() && after != sides.after.end() && before->second == after->second;
    if (!stays) continue;
    for (const char* const name : {"/element.ifc", "/metadata.json"}) {
      sides.before.erase(folder + name);
      sides.after.erase(folder + name);
    }
  }
  return {};
}

std::string without_rates(const cost::Bill& before, const cost::Bill& after) {
  std::set<std::string> known;
  for (const cost::Position& position : before.positions)
    if (position.state == cost::State::no_rate) known.insert(position.key);
  std::set<std::string> classes;
  std::size_t count = 0;
  for (const cost::Position& position : after.positions) {
    if (position.state != cost::State::no_rate || known.count(position.key) != 0) continue;
    ++count;
    if (classes.size() < classes_max) classes.insert(std::string(position.item->entity->name));
  }
  if (count == 0) return "";
  std::string text;
  for (const std::string& name : classes) text += (text.empty() ? "" : ", ") + name;
  return std::to_string(count) + " new without a rate (" + text + ")";
}

}  // namespace

Result<std::vector<std::string>> tell_cost(Workspace& workspace, const std::vector<StagedFile>& files,
                                           std::vector<std::string>&) {
  AECOS_TRY_ASSIGN(const auto commit, workspace.repository.read_ref("HEAD"));
  AECOS_TRY_ASSIGN(const TreeId head, workspace.tree_of(commit.value_or(CommitId{})));
  const auto rates = rates_of_commit(workspace, head, files);
  if (!rates) return std::vector<std::string>{rates.error().message + "; what the commit costs is not told"};
  if (!*rates) return std::vector<std::string>();
  Sides sides;
  for (const StagedFile& file : files) {
    if (!cost::is_taken_off(file.path)) continue;
    if (!file.before.empty()) sides.before[file.path] = file.before.front();
    if (file.after) sides.after[file.path] = file.after;
  }
  AECOS_TRY(complete(workspace, head, files, sides));
  if (sides.before.empty() && sides.after.empty()) return std::vector<std::string>();
  revision::TakeoffCache cache(read_max);
  const auto old = revision::bill_of(workspace.library(), sides.before, *rates, cache, read_max);
  const auto now = revision::bill_of(workspace.library(), sides.after, *rates, cache, read_max);
  if (!old || !now) return std::vector<std::string>{"cost is not told: " + (old ? now : old).error().message};
  const std::vector<std::string>& unread = now->unread.empty() ? old->unread : now->unread;
  if (!unread.empty()) return std::vector<std::string>{"cost is not told: " + unread.front()};
  std::string line;
  for (const auto& [currency, change] : cost::less(now->bill.total, old->bill.total)) {
    if (change.units == 0) continue;
    const Decimal shown = rounded(change, cost::currency_places(currency));
    line += (line.empty() ? "cost " : ", ") + std::string(shown.units > 0 ? "+" : "") + to_grouped_text(shown) + " " +
            currency;
  }
  const std::string missing = without_rates(old->bill, now->bill);
  if (!missing.empty()) line += (line.empty() ? "cost: " : ", ") + missing;
  return line.empty() ? std::vector<std::string>() : std::vector<std::string>{line};
}

}  // namespace aecos::sync
