#include <algorithm>

#include "base/hash.h"
#include "merge/tree_internal.h"
#include "text/json.h"

namespace aecos::merge {
namespace {

constexpr std::size_t short_word = 4;
constexpr std::size_t common_word = 64;  // A word in more files than these tells them not apart.

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
         c == '.' || c == '-' || static_cast<unsigned char>(c) >= 0x80;
}

// Calls `found(word)` for each maximal run of word characters.
template <class Found>
void each_word(std::string_view bytes, Found found) {
  for (std::size_t i = 0; i < bytes.size();) {
    while (i < bytes.size() && !is_word(bytes[i])) ++i;
    std::size_t end = i;
    while (end < bytes.size() && is_word(bytes[end])) ++end;
    if (end > i) found(bytes.substr(i, end - i));
    i = end;
  }
}

}  // namespace

// Words that say something: not the short ones, not STEP ids.
std::vector<Similarity::Word> Similarity::words_of(std::string_view bytes) {
  std::vector<Word> words;
  each_word(bytes, [&](std::string_view word) {
    if (word.size() < short_word || word.find_first_not_of("0123456789") == std::string_view::npos) return;
    words.push_back({hash_bytes(word), word.size()});
  });
  std::sort(words.begin(), words.end(), [](const Word& a, const Word& b) { return a.hash < b.hash; });
  words.erase(std::unique(words.begin(), words.end(), [](const Word& a, const Word& b) { return a.hash == b.hash; }),
              words.end());
  return words;
}

void Similarity::add(std::string_view bytes) {
  const std::size_t number = weights_.size();
  std::size_t weight = 0;
  for (const Word& word : words_of(bytes)) {
    weight += word.weight;
    files_by_word_[word.hash].push_back(number);
  }
  weights_.push_back(weight);
}

std::optional<std::size_t> Similarity::best(std::string_view bytes) const {
  std::size_t own = 0;
  std::map<std::size_t, std::size_t> shared;
  std::size_t in_all = 0;  // What so many files have that it is not counted one by one.
  for (const Word& word : words_of(bytes)) {
    own += word.weight;
    const auto files = files_by_word_.find(word.hash);
    if (files == files_by_word_.end()) continue;
    if (files->second.size() > common_word) {
      in_all += word.weight;
      continue;
    }
    for (const std::size_t file : files->second) shared[file] += word.weight;
  }
  std::optional<std::size_t> best;
  double best_likeness = 0;
  for (const auto& [file, weight] : shared) {
    const double likeness = 2.0 * static_cast<double>(weight + std::min(in_all, weights_[file] - weight)) /
                            static_cast<double>(own + weights_[file]);
    if (likeness >= 0.5 && likeness > best_likeness) {
      best = file;
      best_likeness = likeness;
    }
  }
  return best;
}

bool is_element_file(std::string_view name) { return name == "metadata.json" || name == "element.ifc"; }

ElementRef read_element(std::string_view metadata) {
  const auto document = text::parse_json(metadata);
  if (!document) return {};
  const auto member = [&](const char* key) { return std::string(document->root()[key].as_string().value_or("")); };
  return {member("globalId"), member("class"), member("name")};
}

std::set<std::string> find_global_ids(std::string_view text, const std::set<std::string, std::less<>>& wanted) {
  std::set<std::string> found;
  each_word(text, [&](std::string_view word) {
    if (const auto hit = wanted.find(word); hit != wanted.end()) found.insert(*hit);
  });
  return found;
}

}  // namespace aecos::merge
