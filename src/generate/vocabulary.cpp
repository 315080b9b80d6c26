#include "generate/vocabulary.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"

#ifdef __clang__
#pragma clang diagnostic ignored "-Woverlength-strings"
#endif

namespace aecos::generate {
namespace {

constexpr std::string_view kind_rows =
#include "generate/data/kinds.txt"
    ;
constexpr std::string_view noun_rows =
#include "generate/data/nouns.txt"
    ;
constexpr std::string_view material_rows =
#include "generate/data/materials.txt"
    ;
constexpr std::string_view profile_rows =
#include "generate/data/profiles.txt"
    ;
constexpr std::string_view pattern_rows =
#include "generate/data/patterns.txt"
    ;
constexpr std::string_view word_rows =
#include "generate/data/words.txt"
    ;

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] != at) continue;
    if (i > begin || at != ' ') parts.emplace_back(text.substr(begin, i - begin));
    begin = i + 1;
  }
  return parts;
}

// Each line but comments and empty ones.
template <class Each>
void for_rows(std::string_view table, const Each& each) {
  for (const std::string& row : split(table, '\n'))
    if (!row.empty() && row[0] != '#') each(std::string_view(row));
}

double number_of(const std::string& text) {
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

BareRule bare_rule(const std::string& text) {
  const std::size_t end = text.find_first_of("<>");
  BareRule rule{text.substr(0, end), true, 0};
  if (end == std::string::npos) return rule;
  rule.at_most = text[end] == '<';
  rule.limit_m = number_of(text.substr(text.find_first_of("0123456789", end)));
  return rule;
}

std::string rest_of(const std::vector<std::string>& parts, std::size_t from) {
  std::string text;
  for (std::size_t i = from; i < parts.size(); ++i) text += (text.empty() ? "" : " ") + parts[i];
  return text;
}

void read_kind_row(std::vector<std::string> parts, std::vector<Kind>& kinds) {
  const std::string what = parts[0];
  if (what == "kind") {
    kinds.emplace_back().name = parts[1];
    return;
  }
  if (what == "line") {
    kinds.back().line = true;
    return;
  }
  Kind& kind = kinds.back();
  const std::vector<std::string> rest(parts.begin() + 1, parts.end());
  if (what == "class") {
    kind.ifc_class = rest[0];
    kind.type_class = rest[1] == "-" ? "" : rest[1];
    kind.predefined = rest[2];
  } else if (what == "prefix") {
    kind.prefix = rest[0];
  } else if (what == "set") {
    kind.set = rest[0];
    kind.set_fields.assign(rest.begin() + 1, rest.end());
  } else if (what == "quantities") {
    kind.quantities = rest[0];
  } else if (what == "needs") {
    kind.needs = rest;
  } else if (what == "default") {
    kind.defaults.push_back({rest[0], rest[1], rest_of(rest, 2)});
  } else if (what == "sides") {
    kind.sides.push_back(rest);
  } else if (what == "bare") {
    for (const std::string& each : rest) kind.bare.push_back(bare_rule(each));
  } else if (what == "takes") {
    kind.takes.insert(rest.begin(), rest.end());
  }
}

void read_nouns(Vocabulary& all) {
  for_rows(noun_rows, [&](std::string_view row) {
    const auto cells = split(row, '|');
    Noun noun{split(trimmed(cells[0]), ' '), std::string(trimmed(cells[1])), {}};
    if (cells.size() > 2) {
      std::string last;
      for (const std::string& part : split(trimmed(cells[2]), ' ')) {
        const std::size_t equal = part.find('=');
        if (equal == std::string::npos) {
          noun.also.back().second += " " + part;
        } else {
          noun.also.emplace_back(part.substr(0, equal), part.substr(equal + 1));
        }
      }
    }
    all.nouns.push_back(std::move(noun));
  });
}

void read_materials(Vocabulary& all) {
  for_rows(material_rows, [&](std::string_view row) {
    const auto cells = split(row, '|');
    const std::string name(trimmed(cells[1]));
    all.materials.push_back({split(trimmed(cells[0]), ' '), name});
    if (name.find('*') == std::string::npos) all.material_categories.emplace(name, trimmed(cells[2]));
  });
}

PatternPart pattern_part(std::string_view text) {
  PatternPart part;
  if (text.starts_with('[')) {
    part.optional = true;
    text = text.substr(1, text.size() - 2);
  }
  if (text.size() == 3 && text[0] == '<') {
    part.slot = text[1];
  } else {
    part.words = split(text, '/');
  }
  return part;
}

void read_patterns(Vocabulary& all) {
  for_rows(pattern_rows, [&](std::string_view row) {
    const std::size_t arrow = row.find(" <- ");
    Pattern pattern{split(row.substr(0, arrow), ' '), {}};
    for (const std::string& part : split(row.substr(arrow + 4), ' ')) pattern.parts.push_back(pattern_part(part));
    all.patterns.push_back(std::move(pattern));
  });
}

void read_words(Vocabulary& all) {
  for_rows(word_rows, [&](std::string_view row) {
    const auto parts = split(row, ' ');
    const std::vector<std::string> rest(parts.begin() + 1, parts.end());
    const std::string& what = parts[0];
    if (what == "article") all.articles.insert(rest.begin(), rest.end());
    if (what == "separator") all.separators.insert(rest.begin(), rest.end());
    if (what == "filler") all.fillers.insert(rest.begin(), rest.end());
    if (what == "verb") all.verbs.insert(rest.begin(), rest.end());
    if (what == "unit") all.units[rest[0]] = number_of(rest[1]);
    if (what == "direction") all.directions[rest[0]] = number_of(rest[1]);
    if (what == "ordinal") all.ordinals[rest[0]] = static_cast<int>(number_of(rest[1]));
    if (what == "nominal") all.nominal[static_cast<int>(number_of(rest[0]))] = {number_of(rest[1]), number_of(rest[2])};
    if (what == "number" && rest[1][0] == '*') all.multipliers[rest[0]] = number_of(rest[1].substr(1));
    if (what == "number" && rest[1][0] != '*') all.numbers[rest[0]] = number_of(rest[1]);
  });
}

Vocabulary read_all() {
  Vocabulary all;
  for_rows(kind_rows, [&](std::string_view row) { read_kind_row(split(row, ' '), all.kinds); });
  read_nouns(all);
  read_materials(all);
  for_rows(profile_rows, [&](std::string_view row) {
    const auto p = split(row, ' ');
    all.profiles.push_back({p[0], number_of(p[1]), number_of(p[2]), number_of(p[3]), number_of(p[4]), number_of(p[5])});
  });
  read_patterns(all);
  read_words(all);
  return all;
}

template <class List>
auto find_named(const List& list, std::string_view name) -> decltype(&list.front()) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& each) { return each.name == name; });
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

const Kind* Vocabulary::kind(std::string_view name) const { return find_named(kinds, name); }
const SteelProfile* Vocabulary::profile(std::string_view name) const { return find_named(profiles, name); }

const Noun* Vocabulary::noun_of_use(std::string_view use) const {
  const auto found = std::find_if(nouns.begin(), nouns.end(), [&](const Noun& n) { return n.what_else("use") == use; });
  return found == nouns.end() ? nullptr : &*found;
}

std::string Noun::what_else(std::string_view name) const {
  for (const auto& [key, value] : also)
    if (key == name) return value;
  return {};
}

const Vocabulary& vocabulary() {
  static const Vocabulary all = read_all();
  return all;
}

std::string material_category(std::string_view material) {
  const auto& known = vocabulary().material_categories;
  std::string name(material);
  for (;;) {
    if (const auto found = known.find(name); found != known.end()) return found->second;
    const std::size_t blank = name.rfind(' ');
    if (blank == std::string::npos) return {};
    name.resize(blank);
  }
}

}  // namespace aecos::generate
