#include "revision/cost.h"

#include <algorithm>
#include <set>

#include "cost/report.h"
#include "revision/content.h"
#include "text/json_writer.h"

namespace aecos::revision {
namespace {

constexpr std::string_view metadata_name = "/metadata.json";

bool is_model(std::string_view path) { return !path.ends_with(".json"); }

std::string model_beside(std::string_view metadata) {
  return std::string(metadata.substr(0, metadata.size() - metadata_name.size())) + "/element.ifc";
}

std::string in_megabytes(std::uint64_t bytes) { return std::to_string((bytes + 999'999) / 1'000'000) + " MB"; }

class Counter {
 public:
  Counter(const Library& library, TakeoffCache& cache, std::uint64_t bytes_max)
      : library_(library), cache_(cache), bytes_left_(bytes_max), bytes_max_(bytes_max) {}

  Result<TreeBill> run(const CostFiles& files, std::shared_ptr<const cost::Rates> rates) {
    TreeBill made;
    std::vector<cost::BillFile> taken;
    std::vector<std::string> paths;
    for (const auto& [path, blob] : files) paths.push_back(path);
    paths = counted_paths(paths);
    AECOS_TRY(look_ahead(paths, files));
    for (const std::string& path : paths) {
      auto takeoff = take_off(path, files.at(path));
      if (takeoff) {
        taken.push_back({path, *std::move(takeoff)});
      } else if (takeoff.error().code == ErrorCode::changed_meanwhile) {
        return Error{ErrorCode::unavailable, takeoff.error().message};
      } else {
        made.unread.push_back(path + ": " + takeoff.error().message);
      }
    }
    made.bill = cost::make_bill(std::move(taken), std::move(rates));
    return made;
  }

 private:
  // Nothing is read where it would not be enough.
  Result<> look_ahead(const std::vector<std::string>& paths, const CostFiles& files) const {
    std::uint64_t bytes = 0;
    for (const std::string& path : paths) {
      const BlobId blob = files.at(path);
      if (bytes_max_ == UINT64_MAX || cache_.find(blob, is_model(path))) continue;
      AECOS_TRY_ASSIGN(const std::uint64_t size, library_.repository.blob_size(blob));
      bytes += size;
      if (bytes > bytes_max_) return Error{ErrorCode::unavailable, beyond().message};
    }
    return {};
  }

  // changed_meanwhile stands for: beyond the limit.
  Result<cost::SharedTakeoff> take_off(const std::string& path, BlobId blob) {
    const bool model = is_model(path);
    if (cost::SharedTakeoff known = cache_.find(blob, model)) return known;
    AECOS_TRY_ASSIGN(const std::uint64_t size, library_.repository.blob_size(blob));
    if (size > bytes_left_) return beyond();
    AECOS_TRY_ASSIGN(std::string bytes, library_.repository.read_blob(blob));
    if (const auto pointer = git::parse_lfs_pointer(bytes)) {
      if (pointer->size > bytes_left_) return beyond();
      AECOS_TRY_ASSIGN(bytes, library_.large.read_lfs(bytes, path));
    }
    bytes_left_ -= std::min<std::uint64_t>(bytes_left_, bytes.size());
    AECOS_TRY_ASSIGN(cost::SharedTakeoff takeoff, cost::take_off(path, bytes));
    cache_.add(blob, model, takeoff);
    return takeoff;
  }

  Error beyond() const {
    return {ErrorCode::changed_meanwhile,
            "more than " + in_megabytes(bytes_max_) + " of models would have to be read; aecos cost works it out"};
  }

  Library library_;
  TakeoffCache& cache_;
  std::uint64_t bytes_left_, bytes_max_;
};

// What turns one tree into the other, to the files of the first.
void apply(const std::vector<FileDifference>& differences, CostFiles& files) {
  for (const FileDifference& file : differences) {
    if (!cost::is_taken_off(file.path)) continue;
    files.erase(file.path);
    const bool regular = file.after && (file.after->mode == FileMode::file || file.after->mode == FileMode::executable);
    if (regular) files[file.path] = file.after->id;
  }
}

using SharedFiles = std::shared_ptr<const CostFiles>;
using SharedBill = std::shared_ptr<const TreeBill>;

// Of two trees, of which the first is most likely known: only what differs is looked for.
Result<std::pair<SharedFiles, SharedFiles>> files_of(const git::Repository& repository, TreeId before, TreeId after,
                                                     TakeoffCache& cache) {
  SharedFiles old = cache.files(before);
  if (!old) {
    AECOS_TRY_ASSIGN(CostFiles found, cost_files(repository, before));
    old = std::make_shared<const CostFiles>(std::move(found));
  }
  AECOS_TRY_ASSIGN(const auto differences, difference(repository, before, after));
  auto now = std::make_shared<CostFiles>(*old);
  apply(differences, *now);
  cache.add(after, now);
  return std::pair<SharedFiles, SharedFiles>(std::move(old), std::move(now));
}

// Zero: there are none.
BlobId rates_blob(const Library& library, TreeId tree) {
  if (!tree) return {};
  const auto entry = library.repository.find_entry(tree, cost::rates_path);
  return entry && *entry ? (*entry)->id : BlobId{};
}

std::string skipped(const std::string& why) {
  text::JsonWriter json;
  json.begin_object().member("skipped", why).end_object();
  return std::move(json).take();
}

}  // namespace

cost::SharedTakeoff TakeoffCache::find(BlobId blob, bool model) {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find({blob, model});
  if (found == kept_.end()) return nullptr;
  order_.splice(order_.begin(), order_, found->second.used);
  return found->second.takeoff;
}

void TakeoffCache::add(BlobId blob, bool model, cost::SharedTakeoff takeoff) {
  const std::lock_guard lock(mutex_);
  const Key key{blob, model};
  if (takeoff->bytes > bytes_max_ || kept_.count(key) != 0) return;
  bytes_ += takeoff->bytes;
  order_.push_front(key);
  kept_[key] = {std::move(takeoff), order_.begin()};
  while (bytes_ > bytes_max_) {
    const auto last = kept_.find(order_.back());
    bytes_ -= last->second.takeoff->bytes;
    kept_.erase(last);
    order_.pop_back();
  }
}

std::shared_ptr<const CostFiles> TakeoffCache::files(TreeId tree) {
  const std::lock_guard lock(mutex_);
  for (const auto& [known, files] : trees_)
    if (known == tree) return files;
  return nullptr;
}

void TakeoffCache::add(TreeId tree, std::shared_ptr<const CostFiles> files) {
  constexpr std::size_t trees_max = 16;
  const std::lock_guard lock(mutex_);
  trees_.emplace_front(tree, std::move(files));
  if (trees_.size() > trees_max) trees_.pop_back();
}

std::shared_ptr<const TreeBill> TakeoffCache::bill(TreeId tree) {
  const std::lock_guard lock(mutex_);
  for (const auto& [known, bill] : bills_)
    if (known == tree) return bill;
  return nullptr;
}

void TakeoffCache::add(TreeId tree, std::shared_ptr<const TreeBill> bill) {
  constexpr std::size_t bills_max = 4, positions_max = 200'000;
  const std::lock_guard lock(mutex_);
  bills_.emplace_front(tree, std::move(bill));
  std::size_t positions = 0, count = 0;
  std::erase_if(bills_, [&](const auto& each) {
    positions += each.second->bill.positions.size();
    return ++count > bills_max || positions > positions_max;
  });
}

std::vector<std::string> counted_paths(const std::vector<std::string>& paths) {
  const std::set<std::string> all(paths.begin(), paths.end());
  std::vector<std::string> counted;
  for (const std::string& path : all) {
    if (!cost::is_taken_off(path)) continue;
    if (path.ends_with(metadata_name) && all.count(model_beside(path)) != 0) continue;
    counted.push_back(path);
  }
  return counted;
}

Result<CostFiles> cost_files(const git::Repository& repository, TreeId tree) {
  CostFiles files;
  AECOS_TRY_ASSIGN(const auto all, difference(repository, TreeId{}, tree));
  apply(all, files);
  return files;
}

Result<std::shared_ptr<const cost::Rates>> rates_of(const Library& library, TreeId tree) {
  std::shared_ptr<const cost::Rates> none;
  if (!tree) return none;
  AECOS_TRY_ASSIGN(const auto entry, library.repository.find_entry(tree, cost::rates_path));
  if (!entry || !entry->is_regular()) return none;
  AECOS_TRY_ASSIGN(const std::string csv, GitTreeSource(library).content(entry->id, cost::rates_path));
  auto rates = cost::parse_rates(csv);
  if (!rates) return Error{rates.error().code, std::string(cost::rates_path) + ":" + rates.error().message};
  return std::make_shared<const cost::Rates>(*std::move(rates));
}

Result<TreeBill> bill_of(const Library& library, const CostFiles& files, std::shared_ptr<const cost::Rates> rates,
                         TakeoffCache& cache, std::uint64_t bytes_max) {
  return Counter(library, cache, bytes_max).run(files, std::move(rates));
}

Result<std::string> cost_change(const Library& library, TreeId before, TreeId after, TakeoffCache& cache,
                                std::uint64_t bytes_max) {
  auto old_rates = rates_of(library, before), new_rates = rates_of(library, after);
  if (!new_rates && new_rates.error().code == ErrorCode::invalid_input) return skipped(new_rates.error().message);
  if (!new_rates) return new_rates.error();
  const auto first = old_rates && *old_rates ? *old_rates : *new_rates;
  const auto second = *new_rates ? *new_rates : first;
  if (!second) return std::string();
  AECOS_TRY_ASSIGN(const auto files, files_of(library.repository, before, after, cache));
  // What one step ended with is mostly what the next one begins with.
  const auto bill = [&](TreeId tree, const CostFiles& of, const auto& rates, bool own) -> Result<SharedBill> {
    if (SharedBill known = own ? cache.bill(tree) : nullptr) return known;
    AECOS_TRY_ASSIGN(TreeBill made, bill_of(library, of, rates, cache, bytes_max));
    auto shared = std::make_shared<const TreeBill>(std::move(made));
    if (own && shared->unread.empty()) cache.add(tree, shared);
    return SharedBill(std::move(shared));
  };
  const auto old = bill(before, *files.first, first, old_rates && *old_rates);
  const bool is_same = *files.first == *files.second && rates_blob(library, before) == rates_blob(library, after);
  const auto now = !old || is_same ? old : bill(after, *files.second, second, *new_rates != nullptr);
  if (now && is_same && (*now)->unread.empty()) cache.add(after, *now);
  if (!now && now.error().code == ErrorCode::unavailable) return skipped(now.error().message);
  if (!now) return now.error();
  return cost::change_json((*old)->bill, (*now)->bill, (*now)->unread.size());
}

}  // namespace aecos::revision
