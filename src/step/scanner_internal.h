#pragma once
// The one pass over the text that finds sections, instances and references.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "step/file.h"

namespace aecos::step {

bool equals_keyword(std::string_view word, std::string_view upper);

class Scanner {
 public:
  // `base` may be absent.
  Scanner(std::string_view text, const File* base);
  // False: fault and fault_at say what was wrong where.
  bool scan();
  // The same in two halves: the first scanner goes up to `end`, where the second one, of the same text, begins. True
  // from the first without having arrived there: it met `end` inside an instance, and has scanned all by itself.
  bool scan_until(const char* end);
  bool arrived() const { return arrived_; }
  bool scan_from(const char* begin);
  // What the second one found, behind what this one did.
  void append(Scanner&& second);

  File file;  // Without schemas, index by id and resolved references.
  std::vector<std::uint64_t> ref_ids;
  std::string fault;
  std::uint64_t fault_at = 0;

 private:
  bool fail(const char* at, const char* what);
  void skip_space();
  bool skip_comment();
  std::string_view word();
  bool expect(const char* token);
  bool scan_header();
  bool scan_sections(bool has_data);
  bool scan_data();
  bool scan_instances(std::uint64_t begin);
  void finish();
  bool skip_section();
  bool is_like_base();
  bool follow_base();
  void take_over(Index from, Index to);
  bool scan_instance();
  bool scan_arguments();
  bool skip_string();
  bool scan_reference();
  bool scan_number(std::uint64_t& value);
  std::uint32_t keyword_number(std::string_view word);

  std::string_view text_;
  const File* base_;
  std::uint32_t misses_ = 0;  // Instances in a row that were not found in base.
  const char* at_;
  const char* end_;
  const char* stop_ = nullptr;  // Where to stop if an instance begins there.
  bool arrived_ = false;
  std::uint64_t open_begin_ = 0;              // Of the DATA section in which it stopped.
  std::vector<std::uint32_t> keyword_table_;  // Open addressing; number + 1, or 0.
};

}  // namespace aecos::step
