#include "diff/summary.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "base/utf8.h"
#include "diff/brief.h"

namespace aecos::diff {
namespace {

// From so many elements and different values on, they are not told one by one.
constexpr std::size_t alike_min = 4;

struct Phrase {
  std::string text;
  std::size_t changes = 1;
};

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string counted(const Change& change, std::size_t count) {
  return std::to_string(count) + " " + class_word(change.element.ifc_class, count);
}

bool is_whole(ChangeKind kind) {
  return kind == ChangeKind::added || kind == ChangeKind::removed || kind == ChangeKind::redrawn;
}

// What happened in the words in which it may have happened to others too.
std::string deed(const Change& change) {
  if (change.kind == ChangeKind::moved && !stays_in_place(change))
    return how_far(change) == "turned" ? "turned" : "moved";
  if (change.kind == ChangeKind::restyled || change.kind == ChangeKind::reshaped)
    return std::string(to_string(change.kind));
  if (change.kind == ChangeKind::renamed) return in_words(change) + " to " + show(change.after);
  return in_words(change);
}

// The same without the values.
std::string rough_deed(const Change& change) {
  if (change.kind == ChangeKind::renamed) return "renamed";
  if (is_whole(change.kind)) return std::string(to_string(change.kind));
  return std::string(to_string(change.kind)) + " " + change.at;
}

// "2 doors added on Level 1", "FireRating REI 60 → REI 120 on 2 walls".
std::string alike(const Change& change, std::size_t count) {
  const std::string what = deed(change);
  const bool verb = is_whole(change.kind) || change.kind == ChangeKind::moved || change.kind == ChangeKind::restyled ||
                    change.kind == ChangeKind::reshaped;
  return verb ? counted(change, count) + " " + what : what + " on " + counted(change, count);
}

// "12 walls renamed", "FireRating changed on 12 walls".
std::string roughly_alike(const Change& change, std::size_t count) {
  if (change.kind == ChangeKind::renamed) return counted(change, count) + " renamed";
  if (is_whole(change.kind)) return counted(change, count) + " " + std::string(to_string(change.kind));
  std::string place = change.at.substr(std::min(change.at.size(), change.at.find('.') + 1));
  if (place.empty()) place = to_string(change.kind);
  return place + " changed on " + counted(change, count);
}

class Phrases {
 public:
  void add(const FileChanges& file) {
    if (!file.note.empty() || file.changes.empty()) {
      out_.push_back({std::string(file_name(file.path)) + " " + (file.note.empty() ? "changed" : file.note)});
      return;
    }
    groups_.clear();
    rough_groups_.clear();
    phrase_of_.clear();
    const bool all_stay = std::all_of(file.changes.begin(), file.changes.end(), stays_in_place);
    for (const Change& change : file.changes)
      if (all_stay || !stays_in_place(change)) collect(change);
    for (const Change& change : file.changes)
      if (all_stay || !stays_in_place(change)) tell(file, change);
  }

  // "3 elements added"
  void add_folders(const std::string& note, std::size_t count) {
    out_.push_back({std::to_string(count) + (count == 1 ? " element " : " elements ") + note, count});
  }

  std::vector<Phrase> take() { return std::move(out_); }

 private:
  using Key = std::pair<std::string, std::string>;  // Class, deed.
  struct Group {
    std::set<std::string> elements;
    std::set<std::string> deeds;  // Of a rough group.
    std::size_t changes = 0;
    bool told = false;
  };

  static std::string identity(const Change& change) {
    const ElementRef& element = change.element;
    return element.global_id.empty() ? element.ifc_class + " " + element.name : element.global_id;
  }
  static Key key(const Change& change) { return {class_word(change.element.ifc_class, 1), deed(change)}; }
  static Key rough_key(const Change& change) { return {class_word(change.element.ifc_class, 1), rough_deed(change)}; }
  static bool groups(const Change& change) {
    return !change.element.ifc_class.empty() && change.kind != ChangeKind::text && change.kind != ChangeKind::resource;
  }

  void collect(const Change& change) {
    if (!groups(change)) return;
    Group& rough = rough_groups_[rough_key(change)];
    rough.deeds.insert(deed(change));
    for (Group* const group : {&groups_[key(change)], &rough}) {
      group->elements.insert(identity(change));
      ++group->changes;
    }
  }

  void tell(const FileChanges& file, const Change& change) {
    if (groups(change)) {
      Group& group = groups_[key(change)];
      Group& rough = rough_groups_[rough_key(change)];
      if (rough.elements.size() >= alike_min && rough.deeds.size() >= alike_min)
        return say_once(rough, roughly_alike(change, rough.elements.size()));
      if (group.elements.size() > 1) return say_once(group, alike(change, group.elements.size()));
    }
    tell_alone(file, change);
  }

  void say_once(Group& group, std::string text) {
    if (!group.told) out_.push_back({std::move(text), group.changes});
    group.told = true;
  }

  void tell_alone(const FileChanges& file, const Change& change) {
    std::string owner = title(change.element);
    if (owner.empty()) owner = file_name(file.path);
    if (is_whole(change.kind)) {
      out_.push_back({join(owner, in_words(change))});
      return;
    }
    const auto [found, fresh] = phrase_of_.emplace(identity(change), out_.size());
    if (fresh) {
      out_.push_back({owner.empty() ? in_words(change) : owner + ": " + in_words(change)});
    } else {
      out_[found->second].text += ", " + in_words(change);
      ++out_[found->second].changes;
    }
  }

  static std::string join(const std::string& a, const std::string& b) { return a.empty() ? b : a + " " + b; }

  std::map<Key, Group> groups_;
  std::map<Key, Group> rough_groups_;
  std::map<std::string, std::size_t> phrase_of_;
  std::vector<Phrase> out_;
};

std::size_t character_count(std::string_view text) {
  std::size_t at = 0, count = 0;
  for (; at < text.size(); ++count) next_utf8(text, at);
  return count;
}

std::string in_line(const std::vector<Phrase>& phrases, std::size_t length_max) {
  constexpr std::size_t tail_length = 24;  // "; and 123456 more changes"
  constexpr std::size_t first_min = 40;
  std::size_t rest = 0;
  for (const Phrase& phrase : phrases) rest += phrase.changes;
  std::string line;
  for (const Phrase& phrase : phrases) {
    const std::string next = (line.empty() ? "" : "; ") + phrase.text;
    const std::size_t tail = rest > phrase.changes ? tail_length : 0;
    if (!line.empty() && character_count(line) + character_count(next) + tail > length_max)
      return line + "; and " + std::to_string(rest) + " more " + (rest == 1 ? "change" : "changes");
    line += line.empty() ? shorten(next, std::max(length_max, first_min) - tail) : next;
    rest -= phrase.changes;
  }
  return line;
}

bool are_of_elements(const FileChanges& file) {
  return is_in_element_folder(file.path) &&
         std::all_of(file.changes.begin(), file.changes.end(),
                     [](const Change& change) { return !change.element.global_id.empty(); }) &&
         !file.changes.empty();
}

bool says_of_elements(const FileChanges& file) {
  return is_in_element_folder(file.path) ||
         std::any_of(file.changes.begin(), file.changes.end(), [](const Change& each) {
           return !each.element.global_id.empty() || !each.element.ifc_class.empty();
         });
}

// Of a file that came or went as a whole, or of which only the content as such is known, its name says more than what
// is in it.
FileChanges without_content(FileChanges file) {
  const bool is_opaque = file.changes.size() == 1 && file.changes[0].at == "content";
  if (file.changes.empty() || says_of_elements(file) || (!file.whole && !is_opaque)) return file;
  const Change& first = file.changes.front();
  if (file.note.empty()) file.note = !first.before ? "added" : !first.after ? "removed" : "changed";
  file.changes.clear();
  return file;
}

}  // namespace

bool Repeats::is_new(const Change& change) {
  if (change.element.global_id.empty()) return true;
  const Shown shown = show_both(change);
  return seen_.insert({change.element.global_id, place_in_words(change), shown.before, shown.after}).second;
}

std::string summarise(const std::vector<FileChanges>& files, std::size_t length_max) {
  Phrases phrases;
  Repeats repeats;
  FileChanges elements;                       // Of element folders, one behind the other.
  std::map<std::string, std::size_t> untold;  // Element folders of which no more can be said, by what became of them.
  const auto tell_elements = [&] {
    if (!elements.changes.empty()) phrases.add(elements);
    elements.changes.clear();
    for (const auto& [note, count] : untold) phrases.add_folders(note, count);
    untold.clear();
  };
  std::vector<FileChanges> told = brief(files);
  std::stable_partition(told.begin(), told.end(), says_of_elements);  // The building comes first.
  for (FileChanges& each : told) {
    const FileChanges file = without_content(std::move(each));
    FileChanges once{file.path, {}, file.note};
    std::copy_if(file.changes.begin(), file.changes.end(), std::back_inserter(once.changes),
                 [&](const Change& change) { return repeats.is_new(change); });
    if (are_of_elements(once)) {
      std::move(once.changes.begin(), once.changes.end(), std::back_inserter(elements.changes));
      continue;
    }
    if (is_in_element_folder(file.path) && file.whole && file.changes.empty()) {
      ++untold[file.note];
      continue;
    }
    if (!is_in_element_folder(file.path)) tell_elements();
    if (file.changes.empty() || !once.changes.empty()) phrases.add(once);
  }
  tell_elements();
  return in_line(phrases.take(), length_max);
}

std::string summarise(const std::vector<Change>& changes, std::size_t length_max) {
  if (changes.empty()) return {};
  return summarise({FileChanges{"", changes, ""}}, length_max);
}

}  // namespace aecos::diff
