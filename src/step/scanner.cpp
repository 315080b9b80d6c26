#include <algorithm>
#include <cstring>

#include "base/ascii.h"
#include "step/scanner_internal.h"
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace aecos::step {
namespace {

bool is_space(char c) { return static_cast<unsigned char>(c) <= ' '; }
bool is_word(char c) {
  const char u = upper(c);
  return (u >= 'A' && u <= 'Z') || is_digit(c) || c == '_' || c == '-' || c == '!';
}

// The next of ' " # / ; at or behind p.
bool is_special(char c) { return c == '\'' || c == '"' || c == '#' || c == '/' || c == ';'; }

const char* next_special(const char* p, const char* end) {
#if defined(__SSE2__)
  const __m128i quote = _mm_set1_epi8('\''), binary = _mm_set1_epi8('"'), hash = _mm_set1_epi8('#'),
                slash = _mm_set1_epi8('/'), semicolon = _mm_set1_epi8(';');
  for (; end - p >= 16; p += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const __m128i hit =
        _mm_or_si128(_mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(block, quote), _mm_cmpeq_epi8(block, binary)),
                                  _mm_or_si128(_mm_cmpeq_epi8(block, hash), _mm_cmpeq_epi8(block, slash))),
                     _mm_cmpeq_epi8(block, semicolon));
    const int mask = _mm_movemask_epi8(hit);
    if (mask != 0) return p + __builtin_ctz(static_cast<unsigned>(mask));
  }
#endif
  while (p != end && !is_special(*p)) ++p;
  return p;
}

// Of both ends of the word, in either case.
std::uint64_t hash_word(std::string_view word) {
  const auto load = [](const char* at, std::size_t length) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, at, length);
    return bytes & 0xdfdfdfdfdfdfdfdfULL;  // Upper case.
  };
  const std::size_t length = std::min<std::size_t>(word.size(), 8);
  std::uint64_t hash = load(word.data(), length) * 0x9e3779b97f4a7c15ULL;
  hash ^= (load(word.data() + word.size() - length, length) + word.size()) * 0xd6e8feb86659fd93ULL;
  return hash ^ (hash >> 29);
}

}  // namespace

bool equals_keyword(std::string_view word, std::string_view upper_word) {
  if (word.size() != upper_word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i)
    if (upper(word[i]) != upper_word[i]) return false;
  return true;
}

Scanner::Scanner(std::string_view text, const File* base)
    : text_(text), base_(base), at_(text.data()), end_(text.data() + text.size()), keyword_table_(1024, 0) {
  file.text = text;
  if (base == nullptr) return;
  for (const std::string& keyword : base->keywords) keyword_number(keyword);  // The same numbers as there.
  file.same.reserve(base->instances.size());
}

bool Scanner::fail(const char* at, const char* what) {
  fault = what;
  fault_at = static_cast<std::uint64_t>(at - text_.data());
  return false;
}

void Scanner::skip_space() {
  for (;;) {
    while (at_ != end_ && is_space(*at_)) ++at_;
    if (at_ == end_ || *at_ != '/' || !skip_comment()) return;
  }
}

// At '/': true and behind the comment if one begins here.
bool Scanner::skip_comment() {
  if (end_ - at_ < 2 || at_[1] != '*') return false;
  const std::size_t close = text_.find("*/", static_cast<std::size_t>(at_ - text_.data()) + 2);
  at_ = close == std::string_view::npos ? end_ : text_.data() + close + 2;
  return true;
}

std::string_view Scanner::word() {
  const char* const begin = at_;
  while (at_ != end_ && is_word(*at_)) ++at_;
  return {begin, static_cast<std::size_t>(at_ - begin)};
}

// A keyword or a punctuation mark, with white space before it.
bool Scanner::expect(const char* token) {
  skip_space();
  const std::size_t length = std::strlen(token);
  if (static_cast<std::size_t>(end_ - at_) < length || !equals_keyword({at_, length}, token)) return false;
  at_ += length;
  return true;
}

bool Scanner::scan() {
  if (text_.empty()) return fail(at_, "the file is empty");
  if (text_.starts_with("\xef\xbb\xbf")) at_ += 3;
  if (!expect("ISO-10303-21") || !expect(";"))
    return fail(at_, "not a STEP file: it does not begin with ISO-10303-21;");
  file.instances.reserve(text_.size() / 32);  // More than there are; what is not used takes no memory.
  ref_ids.reserve(text_.size() / 24);
  return scan_sections(false);
}

bool Scanner::scan_until(const char* end) {
  stop_ = end;
  return scan();
}

bool Scanner::scan_from(const char* begin) {
  at_ = begin;
  const auto size = static_cast<std::size_t>(end_ - begin);
  file.instances.reserve(size / 32);
  ref_ids.reserve(size / 24);
  return scan_instances(0) && scan_sections(true);
}

void Scanner::append(Scanner&& second) {
  file.instances.pop_back();
  std::vector<std::uint32_t> numbers;
  for (const std::string& keyword : second.file.keywords) numbers.push_back(keyword_number(keyword));
  const auto first_ref = static_cast<std::uint32_t>(ref_ids.size());
  for (Instance instance : second.file.instances) {
    instance.first_ref += first_ref;
    if (instance.id != 0 || instance.length != 0) instance.keyword = numbers[instance.keyword];
    file.instances.push_back(instance);
  }
  ref_ids.insert(ref_ids.end(), second.ref_ids.begin(), second.ref_ids.end());
  file.same.insert(file.same.end(), second.file.same.begin(), second.file.same.end());
  second.file.data.front().begin = open_begin_;
  file.data.insert(file.data.end(), second.file.data.begin(), second.file.data.end());
  if (second.file.header.data() != nullptr) file.header = second.file.header;
}

bool Scanner::scan_sections(bool has_data) {
  for (;;) {
    skip_space();
    const char* const begin = at_;
    const std::string_view section = word();
    if (equals_keyword(section, "END-ISO-10303-21")) {
      if (!expect(";")) return fail(at_, "';' is missing");
      if (!has_data) return fail(begin, "there is no DATA section");
      break;
    }
    if (section.empty() && at_ == end_) return fail(at_, "the file is cut off: END-ISO-10303-21; is missing");
    const bool header = equals_keyword(section, "HEADER");
    const bool data = equals_keyword(section, "DATA");
    has_data = has_data || data;
    if (header            ? !scan_header()
        : data            ? !scan_data()
        : section.empty() ? !fail(begin, "a section should begin here")
                          : !skip_section())
      return false;
    if (arrived_) break;
  }
  finish();
  return true;
}

void Scanner::finish() {
  file.instances.push_back({0, text_.size(), 0, 0, 0, static_cast<std::uint32_t>(ref_ids.size())});
  if (base_ != nullptr) file.same.resize(file.instances.size() - 1, no_instance);
}

// HEADER, ANCHOR, REFERENCE, SIGNATURE and what else may come: to behind its ENDSEC;
bool Scanner::skip_section() {
  for (;;) {
    skip_space();
    if (at_ == end_) return fail(at_, "the file is cut off: ENDSEC; is missing");
    if (is_word(*at_)) {
      if (equals_keyword(word(), "ENDSEC")) return expect(";") || fail(at_, "';' is missing");
      continue;
    }
    const char c = *at_;
    if (c == '\'' ? !skip_string() : (++at_, false)) return fail(at_, "the file is cut off inside a string");
  }
}

bool Scanner::scan_header() {
  if (!expect(";")) return fail(at_, "';' is missing");
  const char* const begin = at_;
  if (!skip_section()) return false;
  file.header = {begin, static_cast<std::size_t>(at_ - begin)};
  return true;
}

bool Scanner::scan_data() {
  skip_space();
  if (at_ != end_ && *at_ == '(') {  // DATA('name',('schema'));
    while (at_ != end_ && *at_ != ';')
      if (*at_ == '\'' ? !skip_string() : (++at_, false)) return fail(at_, "the file is cut off inside a string");
  }
  if (!expect(";")) return fail(at_, "';' is missing");
  return scan_instances(static_cast<std::uint64_t>(at_ - text_.data()));
}

// To behind the ENDSEC; of the section that began at `begin`.
bool Scanner::scan_instances(std::uint64_t begin) {
  for (;;) {
    skip_space();
    if (at_ == end_) return fail(at_, "the file is cut off: ENDSEC; is missing");
    if (at_ == stop_) {
      arrived_ = true;
      open_begin_ = begin;
      return true;
    }
    if (*at_ == '#') {
      if (is_like_base() && follow_base()) continue;
      if (!scan_instance()) return false;
      continue;
    }
    const char* const end = at_;
    if (!equals_keyword(word(), "ENDSEC")) return fail(end, "an instance like #1=IFCWALL(...); should begin here");
    file.data.push_back({begin, static_cast<std::uint64_t>(end - text_.data())});
    return expect(";") || fail(at_, "';' is missing");
  }
}

bool Scanner::scan_number(std::uint64_t& value) {
  const char* const begin = at_;
  value = 0;
  while (at_ != end_ && is_digit(*at_)) {
    const auto digit = static_cast<std::uint64_t>(*at_ - '0');
    if (value > (0x7fffffffffffffffULL - digit) / 10) return fail(begin, "the instance number is larger than 2^63-1");
    value = value * 10 + digit;
    ++at_;
  }
  return at_ != begin || fail(begin, "'#' without a number");
}

// Whether it is worth a look: a file that was written anew has nothing to take over, and looking costs.
bool Scanner::is_like_base() {
  constexpr std::uint32_t patience = 256;
  if (base_ == nullptr) return false;
  return ++misses_ < patience || misses_ % 64 == 0;
}

// At '#': takes over every instance of base from the one of this id on that stands here in the same bytes. False: not
// even the first does.
bool Scanner::follow_base() {
  std::uint64_t id = 0;
  for (const char* p = at_ + 1; p != end_ && is_digit(*p) && id < (1ULL << 59); ++p)
    id = id * 10 + static_cast<std::uint64_t>(*p - '0');
  const Index first = base_->find(id);
  if (first == no_instance) return false;
  const std::uint64_t begin = base_->instances[first].begin;
  const char* const end = at_ < stop_ ? stop_ : end_;
  const std::size_t room = std::min(static_cast<std::size_t>(end - at_), base_->text.size() - begin);
  const char* const there = base_->text.data() + begin;
  std::size_t common = 0;
  constexpr std::size_t block = 4096;
  while (room - common >= block && std::memcmp(at_ + common, there + common, block) == 0) common += block;
  const std::size_t rest = std::min(room - common, block);
  common = static_cast<std::size_t>(std::mismatch(at_ + common, at_ + common + rest, there + common).first - at_);
  Index last = first;
  const auto ends = [&](Index b) { return base_->instances[b].begin + base_->instances[b].length - begin; };
  std::uint64_t section_end = base_->text.size();
  for (const Section& section : base_->data)
    if (begin >= section.begin && begin < section.end) section_end = section.end;
  while (last < base_->size() && base_->instances[last].begin < section_end && ends(last) <= common) ++last;
  if (last == first) return false;
  misses_ = 0;
  take_over(first, last);
  at_ += ends(last - 1);
  return true;
}

void Scanner::take_over(Index from, Index to) {
  const std::uint64_t shift = static_cast<std::uint64_t>(at_ - text_.data()) - base_->instances[from].begin;
  for (Index b = from; b < to; ++b) {
    Instance instance = base_->instances[b];
    instance.begin += shift;
    instance.first_ref = static_cast<std::uint32_t>(ref_ids.size());
    const auto refs = base_->refs_of(b);
    std::size_t missing = 0;
    for (const Index ref : refs) {
      ref_ids.push_back(ref == no_instance ? 0 : base_->instances[ref].id);
      missing += ref == no_instance ? 1 : 0;
    }
    if (missing > 0) {  // Their ids stand in the text alone.
      ref_ids.resize(instance.first_ref);
      at_ = text_.data() + instance.begin;
      scan_instance();
    } else {
      file.instances.push_back(instance);
    }
    file.same.resize(file.instances.size(), no_instance);
    file.same.back() = b;
  }
  at_ = text_.data() + (base_->instances[from].begin + shift);
}

bool Scanner::scan_instance() {
  Instance instance{};
  const char* const begin = at_;
  ++at_;
  instance.begin = static_cast<std::uint64_t>(begin - text_.data());
  if (!scan_number(instance.id)) return false;
  if (at_ == end_ || *at_ != '=') {
    skip_space();
    if (at_ == end_ || *at_ != '=') return fail(at_, "'=' is missing");
  }
  ++at_;
  skip_space();
  instance.keyword = keyword_number(word());
  if (at_ == end_ || *at_ != '(') {
    skip_space();
    if (at_ == end_ || *at_ != '(') return fail(at_, "'(' is missing");
  }
  const auto args = static_cast<std::uint64_t>(at_ - begin);
  instance.first_ref = static_cast<std::uint32_t>(ref_ids.size());
  if (!scan_arguments()) return false;
  const auto length = static_cast<std::uint64_t>(at_ - begin);
  if (length > 0xffffffffULL || ref_ids.size() >= 0xffffffffULL || file.instances.size() >= 0xfffffff0ULL)
    return fail(begin, "too large: an instance over 4 GB or more than 4 billion references");
  instance.args = static_cast<std::uint32_t>(args);
  instance.length = static_cast<std::uint32_t>(length);
  file.instances.push_back(instance);
  return true;
}

// To behind the ';' that ends the instance.
bool Scanner::scan_arguments() {
  const char* const begin = at_;
  for (;;) {
    at_ = next_special(at_, end_);
    if (at_ == end_) return fail(begin, "the file is cut off: this instance has no end");
    switch (*at_) {
      case ';':
        ++at_;
        return true;
      case '#': {
        ++at_;
        std::uint64_t id = 0;
        if (!scan_number(id)) return false;
        ref_ids.push_back(id);
        break;
      }
      case '\'':
        if (!skip_string()) return fail(begin, "the file is cut off inside a string");
        break;
      case '/':
        if (!skip_comment()) ++at_;
        break;
      default: {  // '"'
        const auto* close =
            static_cast<const char*>(std::memchr(at_ + 1, '"', static_cast<std::size_t>(end_ - at_ - 1)));
        if (close == nullptr) return fail(at_, "a binary value is not closed");
        at_ = close + 1;
      }
    }
  }
}

bool Scanner::skip_string() {
  for (const char* p = at_ + 1;; p += 2) {
    p = static_cast<const char*>(std::memchr(p, '\'', static_cast<std::size_t>(end_ - p)));
    if (p == nullptr) return false;
    if (p + 1 == end_ || p[1] != '\'') {
      at_ = p + 1;
      return true;
    }
    if (end_ - p < 3) return false;
  }
}

std::uint32_t Scanner::keyword_number(std::string_view word) {
  if (file.keywords.size() * 2 > keyword_table_.size()) {
    keyword_table_.assign(keyword_table_.size() * 4, 0);
    for (std::uint32_t n = 0; n < file.keywords.size(); ++n) {
      std::size_t slot = hash_word(file.keywords[n]) & (keyword_table_.size() - 1);
      while (keyword_table_[slot] != 0) slot = (slot + 1) & (keyword_table_.size() - 1);
      keyword_table_[slot] = n + 1;
    }
  }
  std::size_t slot = hash_word(word) & (keyword_table_.size() - 1);
  for (; keyword_table_[slot] != 0; slot = (slot + 1) & (keyword_table_.size() - 1))
    if (equals_keyword(word, file.keywords[keyword_table_[slot] - 1])) return keyword_table_[slot] - 1;
  std::string name(word);
  for (char& c : name) c = upper(c);
  file.keywords.push_back(std::move(name));
  keyword_table_[slot] = static_cast<std::uint32_t>(file.keywords.size());
  return keyword_table_[slot] - 1;
}

}  // namespace aecos::step
