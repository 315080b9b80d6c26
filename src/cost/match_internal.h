#pragma once
// Which rate is for an element.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cost/rates.h"
#include "cost/takeoff.h"

namespace aecos::cost {

struct Matched {
  const Rate* rate = nullptr;   // Absent: none is for it.
  const Rate* other = nullptr;  // As good as that one: it is not clear which.
};

// The rates must live longer.
class Matcher {
 public:
  explicit Matcher(const Rates& rates);
  Matched match(const Item& item) const;

 private:
  void look(const std::vector<const Rate*>& rates, const Item& item, struct Best& best) const;

  std::map<std::string_view, std::vector<const Rate*>> by_class_;
  std::map<std::string, std::vector<const Rate*>> by_name_;  // Those for one name alone, in lower case.
  std::vector<const Rate*> others_;
};

// Whether the pattern, in which '*' stands for any text, covers it; case does not count.
bool covers(std::string_view pattern, std::string_view text);

}  // namespace aecos::cost
