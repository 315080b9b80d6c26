#pragma once
// What everybody wrote and what they were told, kept apart from all that is tested.

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/object_id.h"

namespace aecos::sim {

class Ledger {
 public:
  std::string new_mark() { return "k" + std::to_string(next_mark_++) + "k"; }

  // Somebody made one text of another, and saw what they took out of it.
  void edited(const std::string& who, std::string_view before, std::string_view after);
  // Of these, what they wrote themselves and now take back, with all that went with it and that it was made of; what is
  // among the kept ones stays.
  void withdrawn(const std::string& who, const std::set<std::string>& marks, const std::set<std::string>& kept);
  // They removed the file with these, and put it back.
  void removal_withdrawn(const std::string& who, const std::set<std::string>& marks);
  // Somebody decided that these go.
  void removed(const std::string& who, const std::set<std::string>& marks) { add(who, marks, {}); }

  // Somebody was told that their commit is in a branch.
  struct Confirmed {
    std::string who, branch;
    CommitId commit;
  };
  void confirmed(Confirmed push) { confirmed_.push_back(std::move(push)); }
  [[nodiscard]] const std::vector<Confirmed>& confirmed() const { return confirmed_; }

  // Throws a Violation where something that somebody wrote is in neither of the texts, though nobody who saw it took it
  // out.
  void check(const std::set<std::string>& in_files, const std::set<std::string>& in_records) const;

 private:
  struct Edit {
    std::string who;
    std::set<std::string> gone;
    bool made_nothing = false;
    bool is_withdrawn = false;
  };
  void add(const std::string& who, const std::set<std::string>& gone, const std::set<std::string>& come);

  std::uint64_t next_mark_ = 1;
  std::vector<Edit> edits_;
  std::map<std::string, std::size_t> made_by_;                 // Mark to edit.
  std::map<std::string, std::vector<std::size_t>> taken_out_;  // Mark to edits.
  std::vector<Confirmed> confirmed_;
};

}  // namespace aecos::sim
