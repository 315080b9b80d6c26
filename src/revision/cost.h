#pragma once
// What a project's versions cost.

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "cost/bill.h"
#include "revision/library.h"
#include "revision/tree_difference.h"

namespace aecos::revision {

// The files of a tree of which something may be taken off, by path.
using CostFiles = std::map<std::string, BlobId>;

struct TreeBill {
  cost::Bill bill;
  std::vector<std::string> unread;  // Files that could not be counted: "models/a.ifc: 12:3: …".
};

// What was taken off from files, by their content, as long as there is room; which files the last trees had, and what
// they cost. For any thread.
class TakeoffCache {
 public:
  explicit TakeoffCache(std::size_t bytes_max) : bytes_max_(bytes_max) {}
  cost::SharedTakeoff find(BlobId blob, bool model);  // Null: it is not there.
  void add(BlobId blob, bool model, cost::SharedTakeoff takeoff);
  std::shared_ptr<const CostFiles> files(TreeId tree);  // Null: not known.
  void add(TreeId tree, std::shared_ptr<const CostFiles> files);
  std::shared_ptr<const TreeBill> bill(TreeId tree);  // By its own rates. Null: not known.
  void add(TreeId tree, std::shared_ptr<const TreeBill> bill);

 private:
  using Key = std::pair<BlobId, bool>;
  struct Kept {
    cost::SharedTakeoff takeoff;
    std::list<Key>::iterator used;
  };
  std::size_t bytes_max_, bytes_ = 0;
  std::mutex mutex_;
  std::list<Key> order_;  // The one that was asked for last in front.
  std::map<Key, Kept> kept_;
  std::list<std::pair<TreeId, std::shared_ptr<const CostFiles>>> trees_;
  std::list<std::pair<TreeId, std::shared_ptr<const TreeBill>>> bills_;
};

Result<CostFiles> cost_files(const git::Repository& repository, TreeId tree);
// Those that count: the metadata.json of an element that has an element.ifc does not.
std::vector<std::string> counted_paths(const std::vector<std::string>& paths);

// Of the version itself; null: it has none. invalid_input: ".aecos/rates.csv:LINE:COLUMN: …".
Result<std::shared_ptr<const cost::Rates>> rates_of(const Library& library, TreeId tree);

// `bytes_max`: of what must be read because it is not in the cache; beyond it unavailable, which says so.
Result<TreeBill> bill_of(const Library& library, const CostFiles& files, std::shared_ptr<const cost::Rates> rates,
                         TakeoffCache& cache, std::uint64_t bytes_max = UINT64_MAX);

// What a step from one version to the next does to the cost; empty: neither has rates. One that has none is counted by
// those of the other. JSON as an event tells it (cost::change_json), or {"skipped": WHY}.
Result<std::string> cost_change(const Library& library, TreeId before, TreeId after, TakeoffCache& cache,
                                std::uint64_t bytes_max);

}  // namespace aecos::revision
