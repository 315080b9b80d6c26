#pragma once
// STEP text written instance by instance.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace aecos::ifc {

struct Ref {
  std::uint64_t id = 0;
};

// An attribute as STEP text.
struct Argument {
  std::string text;
  Argument(const char* step_text) : text(step_text) {}
  Argument(std::string step_text) : text(std::move(step_text)) {}
  Argument(Ref ref) : text("#" + std::to_string(ref.id)) {}
  Argument(double number);
  Argument(const std::vector<Ref>& refs);
};

// The shortest text of a REAL that gives the number back: "0.3", "12.", "1.E-05".
std::string real_text(double number);
// "(a,b)"
std::string list_text(const std::vector<Argument>& arguments);
// "'it''s'"
std::string quoted(std::string_view utf8);

class Draft {
 public:
  Ref add(std::string_view keyword, const std::vector<Argument>& arguments);
  // The whole file. `name` and `time` go into FILE_NAME.
  std::string file(std::string_view schema, std::string_view name, std::string_view time) const;
  // What was added, a line each, for a file with a header of its own.
  const std::string& data() const { return data_; }

 private:
  std::string data_;
  std::uint64_t last_ = 0;
};

}  // namespace aecos::ifc
