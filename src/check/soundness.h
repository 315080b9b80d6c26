#pragma once
// Whether a file may go into a commit: it can be read as what it is, a model keeps the rules of its schema
// (check_ifc_rules), the metadata of an element can be used (check_metadata).

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace aecos::check {

struct SoundnessFault {
  std::string where;  // "12:3"
  std::string what;   // "#12 IFCWALL refers to #99, which is not there"
  std::string key;    // The same for the same fault in another version of the file, whatever its ids and lines.
};

// Whether files of this name are looked at.
bool is_checked(std::string_view path);

// By what the path's ending says the file is, in the order of the file. Of files of other types, none. A model of an
// unknown schema is only read; what merges and reads all the same is let be: classes that a schema does not have,
// GlobalIds in other letters, values that are derived.
std::vector<SoundnessFault> find_faults(std::string_view path, std::string_view bytes);

// Leaves out as many of each key as another version had before.
void leave_out(std::vector<SoundnessFault>& faults, const std::vector<SoundnessFault>& before);

}  // namespace aecos::check
