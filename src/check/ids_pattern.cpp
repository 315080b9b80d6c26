#include "check/ids_pattern.h"

#include <re2/re2.h>

#include <vector>

#include "base/utf8.h"
#include "check/ids_pattern_internal.h"

namespace aecos::check {
namespace {

// Of all that one pattern may become. RE2 refuses what needs more.
constexpr std::int64_t memory_of_a_pattern = 1 << 20;
constexpr std::size_t longest_pattern = 4096;
constexpr char32_t last_code = 0x10FFFF;

// What a name of XML begins with, and what it goes on with.
constexpr std::string_view name_start =
    R"(:A-Z_a-z\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{2FF}\x{370}-\x{37D}\x{37F}-\x{1FFF}\x{200C}-\x{200D})"
    R"(\x{2070}-\x{218F})"
    R"(\x{2C00}-\x{2FEF}\x{3001}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFFD}\x{10000}-\x{EFFFF})";
constexpr std::string_view name_more = R"(\-.0-9\x{B7}\x{300}-\x{36F}\x{203F}-\x{2040})";

RE2::Options options() {
  RE2::Options all(RE2::Quiet);
  all.set_max_mem(memory_of_a_pattern);
  all.set_dot_nl(true);
  return all;
}

std::string hex(char32_t code) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (int shift = 20; shift >= 0; shift -= 4) out += digits[(code >> shift) & 15];
  return "\\x{" + out + "}";
}

// A set of characters as RE2 says it: [members], or what is in none of them.
struct Set {
  std::string members;  // The inside of a bracket expression.
  bool negated = false;
  bool plain() const { return !negated; }
  std::string bracket() const {
    return members.empty() ? "[^\\x{0}-\\x{10FFFF}]" : (negated ? "[^" : "[") + members + "]";
  }
};

class Translation {
 public:
  explicit Translation(std::string_view source) : source_(source) {}

  Result<std::string> run() {
    if (source_.size() > longest_pattern) return fault("is longer than 4096 bytes");
    while (at_ < source_.size()) AECOS_TRY(step());
    return std::move(out_);
  }

 private:
  Error fault(const std::string& what) const {
    return {ErrorCode::invalid_input, "the pattern \"" + std::string(source_.substr(0, 80)) + "\" " + what};
  }
  bool done() const { return at_ >= source_.size(); }

  Result<> step() {
    const char c = source_[at_];
    if (c == '(' || c == '|') return structure(false);
    if (c == ')') return structure(true);
    if (c == '?' || c == '*' || c == '+' || c == '{') return repetition();
    AECOS_TRY(atom());
    repeatable_ = true;
    return {};
  }

  Result<> structure(bool repeatable) {
    if (source_.substr(at_).starts_with("(?"))
      return fault("has \"(?\", which XML Schema does not know; write plain groups");
    out_ += source_[at_++];
    repeatable_ = repeatable;
    return {};
  }

  // ?, *, +, {2}, {2,}, {2,3}
  Result<> repetition() {
    if (!repeatable_) return fault("repeats what is not there, or what is repeated already");
    repeatable_ = false;
    if (source_[at_] != '{') {
      out_ += source_[at_++];
      return {};
    }
    const std::size_t end = source_.find('}', at_);
    const std::string_view inner = end == std::string_view::npos ? "" : source_.substr(at_ + 1, end - at_ - 1);
    const std::size_t comma = inner.find(',');
    const auto digits = [](std::string_view text) { return text.find_first_not_of("0123456789") == text.npos; };
    const std::string_view least = inner.substr(0, comma), most = comma == inner.npos ? "" : inner.substr(comma + 1);
    if (least.empty() || !digits(least) || !digits(most)) return fault("has a \"{\" that is no repetition; write \\{");
    out_ += source_.substr(at_, end - at_ + 1);
    at_ = end + 1;
    return {};
  }

  Result<> atom() {
    const char c = source_[at_];
    if (c == '\\') {
      AECOS_TRY_ASSIGN(const Set set, escape());
      out_ += set.bracket();
      return {};
    }
    if (c == '[') {
      AECOS_TRY_ASSIGN(const std::string text, bracket(0));
      out_ += text;
      return {};
    }
    if (c == ']' || c == '}') return fault(std::string("has a \"") + c + "\" that closes nothing; write \\" + c);
    if (c == '.') {
      ++at_;
      out_ += "[^\\n\\r]";
      return {};
    }
    out_ += hex(next_utf8(source_, at_));
    return {};
  }

  // \d and its like, at the backslash.
  Result<Set> escape() {
    ++at_;
    if (done()) return fault("ends with a backslash");
    const char32_t code = next_utf8(source_, at_);
    switch (code) {
      case 'n':
        return Set{"\\n"};
      case 'r':
        return Set{"\\r"};
      case 't':
        return Set{"\\t"};
      case 's':
        return Set{" \\t\\n\\r"};
      case 'S':
        return Set{" \\t\\n\\r", true};
      case 'd':
        return Set{"\\p{Nd}"};
      case 'D':
        return Set{"\\p{Nd}", true};
      case 'w':
        return Set{"\\p{P}\\p{Z}\\p{C}", true};
      case 'W':
        return Set{"\\p{P}\\p{Z}\\p{C}"};
      case 'i':
        return Set{std::string(name_start)};
      case 'I':
        return Set{std::string(name_start), true};
      case 'c':
        return Set{std::string(name_start) + std::string(name_more)};
      case 'C':
        return Set{std::string(name_start) + std::string(name_more), true};
      case 'p':
      case 'P':
        return category(code == 'P');
      default:
        break;
    }
    const bool letter = (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || (code >= '0' && code <= '9');
    if (letter)
      return fault("has the escape \"\\" + std::string(1, static_cast<char>(code)) +
                   "\", which XML Schema does not know");
    return Set{hex(code)};
  }

  Result<Set> category(bool negated) {
    const std::size_t end = source_.find('}', at_);
    if (done() || source_[at_] != '{' || end == std::string_view::npos)
      return fault("has \\p without a category in braces");
    const std::string_view name = source_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    if (name.starts_with("Is")) {
      const std::string_view range = block_range(name.substr(2));
      if (range.empty()) return fault("names the block \"" + std::string(name) + "\", which XML Schema does not know");
      return Set{std::string(range), negated};
    }
    static constexpr std::string_view known =
        " L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po Z Zs Zl Zp S Sm Sc Sk So C Cc Cf Co ";
    if (name.empty() || known.find(" " + std::string(name) + " ") == std::string_view::npos)
      return fault("names the category \"" + std::string(name) + "\", which is not supported");
    return Set{"\\p{" + std::string(name) + "}", negated};
  }

  // "[…]" at its bracket, with all that is subtracted. Members that are themselves negated, and subtraction, are
  // beyond RE2's syntax: then every code point is tried.
  Result<std::string> bracket(int depth) {
    if (depth > 4) return fault("subtracts classes from each other more than four deep");
    ++at_;
    const bool negated = !done() && source_[at_] == '^';
    if (negated) ++at_;
    std::string members;
    std::vector<std::string> parts;  // Each a whole bracket expression.
    std::string subtracted;
    for (bool first = true;; first = false) {
      if (done()) return fault("has a \"[\" without its \"]\"");
      if (source_[at_] == ']' && !first) break;
      if (source_[at_] == ']') return fault("has an empty class \"[]\"");
      if (source_.substr(at_).starts_with("-[") && !first) {
        ++at_;
        AECOS_TRY_ASSIGN(subtracted, bracket(depth + 1));
        if (done() || source_[at_] != ']') return fault("goes on after the class that is subtracted");
        break;
      }
      AECOS_TRY(member(members, parts));
    }
    ++at_;
    if (parts.empty() && subtracted.empty()) return Set{members, negated}.bracket();
    if (!members.empty()) parts.push_back("[" + members + "]");
    return enumerated(parts, negated, subtracted);
  }

  // One character, a range, or an escape inside of brackets.
  Result<> member(std::string& members, std::vector<std::string>& parts) {
    const bool escaped = source_[at_] == '\\';
    Set set;
    if (escaped) {
      AECOS_TRY_ASSIGN(set, escape());
    } else if (source_[at_] == '[') {
      return fault("has a \"[\" inside of a class; write \\[");
    } else {
      set.members = hex(next_utf8(source_, at_));
    }
    const bool one = set.members.starts_with("\\x{") && set.members.size() == 10 && set.plain();
    const bool range =
        one && at_ + 1 < source_.size() && source_[at_] == '-' && source_[at_ + 1] != ']' && source_[at_ + 1] != '[';
    if (range) {
      ++at_;
      Set last;
      if (source_[at_] == '\\') {
        AECOS_TRY_ASSIGN(last, escape());
      } else {
        last.members = hex(next_utf8(source_, at_));
      }
      if (last.members.size() != 10 || !last.plain() || last.members < set.members)
        return fault("has a range whose end is before its begin");
      members += set.members + "-" + last.members;
      return {};
    }
    if (set.plain()) {
      members += set.members;
    } else {
      parts.push_back(set.bracket());
    }
    return {};
  }

  Result<std::string> enumerated(const std::vector<std::string>& parts, bool negated, const std::string& subtracted) {
    if (++enumerations_ > 4) return fault("subtracts classes more than four times");
    std::string any;
    for (const std::string& part : parts) any += (any.empty() ? "" : "|") + part;
    const RE2 in(any, options()), out(subtracted.empty() ? "[^\\x{0}-\\x{10FFFF}]" : subtracted, options());
    if (!in.ok() || !out.ok()) return fault("has a class that is too large");
    std::string members;
    char32_t begin = last_code + 1;
    for (char32_t code = 0; code <= last_code + 1; ++code) {
      bool is_in = false;
      if (code <= last_code && !(code >= 0xD800 && code < 0xE000)) {
        std::string text;
        append_utf8(text, code);
        is_in = RE2::FullMatch(text, in) != negated && !RE2::FullMatch(text, out);
      }
      if (is_in && begin > last_code) begin = code;
      if (is_in || begin > last_code) continue;
      members += hex(begin) + "-" + hex(code - 1);
      begin = last_code + 1;
    }
    return Set{members}.bracket();
  }

  std::string_view source_;
  std::size_t at_ = 0;
  std::string out_;
  bool repeatable_ = false;  // Something stands before that can be repeated.
  int enumerations_ = 0;
};

}  // namespace

Result<std::string> to_re2(std::string_view xsd) { return Translation(xsd).run(); }

Result<Pattern> Pattern::compile(std::string_view xsd) {
  AECOS_TRY_ASSIGN(const std::string translated, to_re2(xsd));
  Pattern pattern;
  pattern.source_ = xsd;
  const auto compiled = std::make_shared<RE2>(translated, options());
  if (!compiled->ok()) {
    const bool size =
        compiled->error_code() == RE2::ErrorPatternTooLarge || compiled->error_code() == RE2::ErrorRepeatSize;
    return Error{ErrorCode::invalid_input, "the pattern \"" + std::string(xsd.substr(0, 80)) + "\" " +
                                               (size ? "is too large: it repeats too often"
                                                     : "is not sound: its groups or repetitions do not fit")};
  }
  pattern.compiled_ = compiled;
  return pattern;
}

bool Pattern::matches(std::string_view utf8) const {
  return RE2::FullMatch(re2::StringPiece(utf8.data(), utf8.size()), *compiled_);
}

}  // namespace aecos::check
