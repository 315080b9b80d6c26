#include "sync/words.h"

#include <algorithm>
#include <cctype>
#include <map>

#include "base/utf8.h"
#include "text/json.h"

namespace aecos::sync {
namespace {

using diff::Change;
using diff::ChangeKind;

std::string shorten(std::string_view text, std::size_t length_max) {
  std::size_t at = 0, count = 0, cut = 0;
  while (at < text.size()) {
    if (count + 1 == length_max) cut = at;
    if (++count > length_max) return std::string(text.substr(0, cut)) + "…";
    next_utf8(text, at);
  }
  return std::string(text);
}

std::string one_line(std::string_view text) {
  std::string line;
  for (char c : text) {
    bool blank = c == '\n' || c == '\r' || c == '\t' || c == ' ';
    if (!blank) line += c;
    if (blank && !line.empty() && line.back() != ' ') line += ' ';
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

std::string_view last_part(std::string_view at) {
  std::size_t dot = at.find('.');
  return dot == std::string_view::npos || dot + 1 == at.size() ? at : at.substr(dot + 1);
}

std::string from_to(const Change& change) { return show(change.before) + " → " + show(change.after); }

std::string with_value(std::string_view what, const Change& change) {
  if (!change.before && !change.after) return std::string(what) + " changed";
  if (!change.before) return std::string(what) + " " + show(change.after) + " added";
  if (!change.after) return std::string(what) + " " + show(change.before) + " removed";
  return std::string(what) + " " + from_to(change);
}

bool is_whole_element(ChangeKind kind) {
  return kind == ChangeKind::added || kind == ChangeKind::removed || kind == ChangeKind::redrawn;
}

// Elements that met with the same fate and are not worth a name each: "2 doors added".
std::string counted_kind(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::added:
    case ChangeKind::removed:
    case ChangeKind::redrawn:
    case ChangeKind::moved:
    case ChangeKind::reshaped:
    case ChangeKind::restyled:
      return std::string(to_string(kind));
    default:
      return "";
  }
}

struct Phrase {
  std::string text;
  std::size_t changes = 1;
};

// "W-12: FireRating REI 60 → REI 120, moved" for each element; equal fates of several elements in one phrase.
class Phrases {
 public:
  void add(const FileChanges& file) {
    if (!file.note.empty() || file.changes.empty()) {
      std::string name = file.path.substr(file.path.rfind('/') + 1);
      out_.push_back({name + " " + (file.note.empty() ? "changed" : file.note)});
      return;
    }
    std::map<std::pair<std::string, std::string>, std::vector<const Change*>> fates;
    for (const Change& change : file.changes) {
      if (std::string fate = counted_kind(change.kind); !fate.empty()) {
        fates[{class_word(change.element.ifc_class, 1), fate}].push_back(&change);
      }
    }
    std::map<std::string, std::size_t> phrase_of;
    for (const Change& change : file.changes) add(file, change, fates, phrase_of);
  }

  std::vector<Phrase> take() { return std::move(out_); }

 private:
  static std::string key(const Change& change) {
    return change.element.global_id.empty() ? change.element.name : change.element.global_id;
  }

  void add(const FileChanges& file, const Change& change,
           std::map<std::pair<std::string, std::string>, std::vector<const Change*>>& fates,
           std::map<std::string, std::size_t>& phrase_of) {
    std::string fate = counted_kind(change.kind);
    if (!fate.empty()) {
      auto& same = fates[{class_word(change.element.ifc_class, 1), fate}];
      if (same.size() > 1) {
        if (same.front() == &change) {
          out_.push_back(
              {std::to_string(same.size()) + " " + class_word(change.element.ifc_class, same.size()) + " " + fate,
               same.size()});
        }
        return;
      }
      if (is_whole_element(change.kind)) {
        out_.push_back({title(change.element) + " " + describe(change)});
        return;
      }
    }
    std::string owner = title(change.element);
    if (owner.empty()) owner = file.path.substr(file.path.rfind('/') + 1);
    auto [found, is_new] = phrase_of.emplace(key(change), out_.size());
    if (is_new) {
      out_.push_back({owner + ": " + describe(change)});
    } else {
      out_[found->second].text += ", " + describe(change);
      ++out_[found->second].changes;
    }
  }

  std::vector<Phrase> out_;
};

std::size_t character_count(std::string_view text) {
  std::size_t at = 0, count = 0;
  for (; at < text.size(); ++count) next_utf8(text, at);
  return count;
}

}  // namespace

std::string show(const diff::Value& value, std::size_t length_max) {
  if (!value) return "–";
  if (value->size() > 1'000'000) return std::to_string(value->size()) + " bytes";
  auto document = text::parse_json(*value);
  if (!document) return shorten(one_line(*value), length_max);
  if (auto string = document->root().as_string()) {
    return string->empty() ? "\"\"" : shorten(one_line(*string), length_max);
  }
  return shorten(text::compact(document->root()), length_max);
}

std::string class_word(std::string_view ifc_class, std::size_t count) {
  std::string_view name = ifc_class.starts_with("Ifc") ? ifc_class.substr(3) : ifc_class;
  for (std::string_view suffix : {"StandardCase", "ElementedCase"}) {
    if (name.size() > suffix.size() && name.ends_with(suffix)) name.remove_suffix(suffix.size());
  }
  std::string word;
  for (std::size_t i = 0; i < name.size(); ++i) {
    auto c = static_cast<unsigned char>(name[i]);
    if (i > 0 && std::isupper(c) && std::islower(static_cast<unsigned char>(name[i - 1]))) word += ' ';
    word += static_cast<char>(std::tolower(c));
  }
  if (word.empty()) word = "element";
  if (count == 1) return word;
  if (word.ends_with("s") || word.ends_with("sh") || word.ends_with("ch")) return word + "es";
  if (word.ends_with("y") && !word.ends_with("ay")) return word.substr(0, word.size() - 1) + "ies";
  return word + "s";
}

std::string title(const diff::ElementRef& element) {
  if (!element.name.empty()) return shorten(one_line(element.name), 60);
  if (element.global_id.empty()) return element.ifc_class;
  return class_word(element.ifc_class, 1) + " " + element.global_id.substr(0, 8);
}

std::string describe(const Change& change, bool full_place) {
  std::string place(full_place ? std::string_view(change.at) : last_part(change.at));
  switch (change.kind) {
    case ChangeKind::added:
    case ChangeKind::removed:
    case ChangeKind::redrawn:
    case ChangeKind::moved:
    case ChangeKind::reshaped:
    case ChangeKind::restyled:
      return std::string(to_string(change.kind));
    case ChangeKind::renamed:
      return "renamed " + from_to(change);
    case ChangeKind::retyped:
      return "type " + from_to(change);
    case ChangeKind::reclassified:
      return with_value(place.empty() ? "class" : place, change);
    case ChangeKind::material:
    case ChangeKind::container:
    case ChangeKind::group:
      return with_value(to_string(change.kind), change);
    case ChangeKind::property:
    case ChangeKind::quantity:
    case ChangeKind::attribute:
    case ChangeKind::relation:
    case ChangeKind::resource:
      return with_value(place, change);
    case ChangeKind::text:
      return with_value(change.at.empty() ? "content" : change.at, change);
  }
  return "";
}

std::string summarise(const std::vector<FileChanges>& files, std::size_t length_max) {
  Phrases phrases;
  for (const FileChanges& file : files) phrases.add(file);
  std::vector<Phrase> all = phrases.take();
  std::size_t rest = 0;
  for (const Phrase& phrase : all) rest += phrase.changes;
  std::string line;
  for (const Phrase& phrase : all) {
    std::string next = (line.empty() ? "" : "; ") + phrase.text;
    std::size_t tail = rest > phrase.changes ? 24 : 0;  // Room for "; and 123456 more changes".
    if (!line.empty() && character_count(line) + character_count(next) + tail > length_max) {
      return line + "; and " + std::to_string(rest) + " more " + (rest == 1 ? "change" : "changes");
    }
    line += line.empty() ? shorten(next, std::max<std::size_t>(length_max, 40) - tail) : next;
    rest -= phrase.changes;
  }
  return line;
}

}  // namespace aecos::sync
