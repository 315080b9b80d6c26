#pragma once
// Which rate is for an element.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cost/rates.h"
#include "cost/takeoff.h"

namespace aecos::cost {

struct Matched {
  const Rate* rate = nullptr;   // Absent: none is for it.
  const Rate* other = nullptr;  // As good as that one: it is not clear which.
  bool is_unfinished = false;   // It is not known: looking took too long.
};

// A rate, with what may have '*' in lower case.
struct Row {
  const Rate* rate = nullptr;
  std::string name, type, material;
};

// An element's texts in lower case.
struct Words {
  std::string name, type;
  std::vector<std::string> materials;
};

// The rates must live longer.
class Matcher {
 public:
  explicit Matcher(const Rates& rates);
  Matched match(const Item& item);

 private:
  struct Best;
  void look(const std::vector<Row>& rows, const Item& item, const Words& words, Best& best);
  void spend(std::uint64_t work);

  // By what an element must have, word by word, to be looked at: of a rate for one name alone the name.
  std::unordered_map<std::string, std::vector<Row>> by_key_;
  std::vector<Row> others_;
  // Comparing, in steps of a nanosecond or two, that is left for all elements: rates that are made to take long end
  // here.
  std::uint64_t work_left_ = 2'000'000'000;
};

// Whether the pattern, in which '*' stands for any text, covers it; both in lower case. Adds the steps that it
// took.
bool covers(std::string_view pattern, std::string_view text, std::uint64_t& work);

}  // namespace aecos::cost
